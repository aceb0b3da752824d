"""Calling the services: for the command line, the demonstration, the benches and the tests.

Every call has a deadline, and is repeated while the service is away: each of our mutations
carries a request id that the caller keeps, so a repetition takes effect once.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, Self

import grpc
from grpc_status import rpc_status
from tenacity import (
    AsyncRetrying,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from services.chassis.calls.common import (
    ACCEPT_LANGUAGE,
    AUTHORIZATION,
    BEARER,
    COMMON_OPTIONS,
    CORRELATION_ID,
    MAX_METADATA_BYTES,
    TRACEPARENT,
    Violation,
    decode_status,
    is_loopback,
)
from services.chassis.kernel.texts import Language
from services.chassis.telemetry.trace import current_trace

__all__ = ["OPTIONS", "Client", "ClientTls", "RpcFailure", "Violation"]

DEADLINE_S: Final = 10.0
"""For a call and all its repetitions together."""
MAX_ATTEMPTS: Final = 8
RETRY_FIRST_S: Final = 0.1
RETRY_MAX_S: Final = 2.0
RECONNECT_FIRST_MS: Final = 100
RECONNECT_MAX_MS: Final = 1_000
"""Below the library's two minutes: a service is back in seconds."""

Token = str | Callable[[], str]
Metadata = tuple[tuple[str, str | bytes], ...]


class RpcFailure(Exception):
    """A call was refused, or did not reach its service.

    Attributes:
        method: full name of the method.
        code: gRPC status.
        reason: stable code such as REQUEST_ID_REUSED; the name of the status when none came.
        message: for the user, in the language asked for where the service could tell it.
        violations: what is wrong with which field, when code is INVALID_ARGUMENT.
        metadata: the details behind the message, by name.
        correlation_id: by which the service's log knows the call; empty when it was not reached.
    """

    def __init__(
        self,
        method: str,
        code: grpc.StatusCode,
        reason: str,
        message: str,
        violations: tuple[Violation, ...] = (),
        metadata: Mapping[str, str] | None = None,
        correlation_id: str = "",
    ) -> None:
        super().__init__(f"{method}: {code.name} {reason}: {message}")
        self.method = method
        self.code = code
        self.reason = reason
        self.message = message
        self.violations = violations
        self.metadata: Mapping[str, str] = metadata or {}
        self.correlation_id = correlation_id

    @classmethod
    def of(cls, method: str, error: Any) -> Self:
        """From an error of the library, synchronous or not."""
        code: grpc.StatusCode = error.code()
        correlation_id = dict(error.trailing_metadata() or ()).get(CORRELATION_ID, "")
        try:
            status = rpc_status.from_call(error)
        except ValueError:
            # Something between us and the service has altered the status.
            status = None
        if status is None:
            return cls(method, code, code.name, error.details() or "", correlation_id=correlation_id)
        reason, message, metadata, violations = decode_status(status)
        return cls(method, code, reason or code.name, message, violations, metadata, correlation_id)


@dataclass(frozen=True, slots=True)
class ClientTls:
    """PEM files: the authority that servers are checked by, and our own certificate for mTLS."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        """Raises OSError when a file cannot be read."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.ca.read_bytes() if self.ca else None,
            private_key=self.key.read_bytes() if self.key else None,
            certificate_chain=self.certificate.read_bytes() if self.certificate else None,
        )


@dataclass(frozen=True, slots=True)
class Client:
    """How to call one service; gives channels for the generated stubs.

    `token` may be a function, asked at each attempt, so that a new token is used once there is
    one. Calls raise RpcFailure. Raises ValueError when a token would travel unencrypted over a
    network, unless `plaintext_network` says that something else encrypts the way.
    """

    address: str
    token: Token | None = field(default=None, repr=False)
    language: Language = "en"
    deadline_s: float = DEADLINE_S
    tls: ClientTls | None = None
    plaintext_network: bool = False
    max_attempts: int = MAX_ATTEMPTS

    def __post_init__(self) -> None:
        host = self.address if self.address.startswith("unix:") else self.address.rpartition(":")[0].strip("[]")
        exposed = self.token is not None and self.tls is None and not is_loopback(host)
        if exposed and not self.plaintext_network:
            raise ValueError("a token travels over TLS, or within this machine")

    def channel(self) -> grpc.Channel:
        """A synchronous channel, for programs without an event loop; use it in a `with`."""
        channel = (
            grpc.insecure_channel(self.address, options=OPTIONS)
            if self.tls is None
            else grpc.secure_channel(self.address, self.tls.credentials(), options=OPTIONS)
        )
        return grpc.intercept_channel(channel, _Interceptor(self))

    def aio_channel(self) -> grpc.aio.Channel:
        """A channel for the running event loop; use it in an `async with`."""
        # Any: the stubs name a class for interceptors that does not exist.
        interceptors: list[Any] = [_AioInterceptor(self)]
        if self.tls is None:
            return grpc.aio.insecure_channel(self.address, options=OPTIONS, interceptors=interceptors)
        return grpc.aio.secure_channel(self.address, self.tls.credentials(), options=OPTIONS, interceptors=interceptors)


OPTIONS: Final = (
    *COMMON_OPTIONS,
    ("grpc.max_metadata_size", MAX_METADATA_BYTES),
    ("grpc.initial_reconnect_backoff_ms", RECONNECT_FIRST_MS),
    ("grpc.min_reconnect_backoff_ms", RECONNECT_MAX_MS),
    ("grpc.max_reconnect_backoff_ms", RECONNECT_MAX_MS),
)


class _Plan:
    """One call of a user: its deadline and its ids, the same for every attempt."""

    def __init__(self, client: Client, details: Any) -> None:
        self.method = details.method.decode() if isinstance(details.method, bytes) else details.method
        self._client = client
        self._ends_at = time.monotonic() + (client.deadline_s if details.timeout is None else details.timeout)
        given: Metadata = tuple(details.metadata or ())
        names = {name for name, _ in given}
        trace = current_trace()
        ids = {
            CORRELATION_ID: trace.correlation_id if trace else str(uuid.uuid4()),
            ACCEPT_LANGUAGE: client.language,
        }
        if trace and trace.traceparent:
            ids[TRACEPARENT] = trace.traceparent
        self._metadata = (*given, *((name, value) for name, value in ids.items() if name not in names))
        self._authorized = AUTHORIZATION in names

    def remaining_s(self) -> float:
        return max(0.0, self._ends_at - time.monotonic())

    def metadata(self) -> Metadata:
        token = self._client.token
        if token is None or self._authorized:
            return self._metadata
        bearer = token() if callable(token) else token
        return (*self._metadata, (AUTHORIZATION, BEARER + bearer))

    def limits(self) -> dict[str, Any]:
        """What both kinds of tenacity's loops take."""
        return {
            "retry": retry_if_exception(_is_away),
            "wait": wait_exponential_jitter(multiplier=RETRY_FIRST_S, max=RETRY_MAX_S, jitter=RETRY_FIRST_S),
            "stop": stop_after_attempt(self._client.max_attempts) | stop_before_delay(self.remaining_s()),
            "reraise": True,
        }


def _is_away(error: BaseException) -> bool:
    return isinstance(error, RpcFailure) and error.code is grpc.StatusCode.UNAVAILABLE


def _unreachable() -> NoReturn:
    raise AssertionError("a loop of attempts ends by returning or raising")


@dataclass(frozen=True, slots=True)
class _Details(grpc.ClientCallDetails):
    method: str
    timeout: float | None
    metadata: Any
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


# Generic in some stubs, and never at run time; so is the next one.
class _Interceptor(grpc.UnaryUnaryClientInterceptor):  # type: ignore[type-arg,unused-ignore]
    def __init__(self, client: Client) -> None:
        self._client = client

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], client_call_details: Any, request: Any
    ) -> Any:
        plan = _Plan(self._client, client_call_details)
        for attempt in Retrying(**plan.limits()):
            with attempt:
                details = _Details(
                    method=client_call_details.method,
                    timeout=plan.remaining_s(),
                    metadata=plan.metadata(),
                    credentials=client_call_details.credentials,
                    wait_for_ready=client_call_details.wait_for_ready,
                    compression=client_call_details.compression,
                )
                call = continuation(details, request)
                error = call.exception()
                if error is not None:
                    raise RpcFailure.of(plan.method, error) from None
                return call
        _unreachable()


class _AioInterceptor(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg,unused-ignore]
    def __init__(self, client: Client) -> None:
        self._client = client

    async def intercept_unary_unary(
        self,
        continuation: Callable[[grpc.aio.ClientCallDetails, Any], Awaitable[Any]],
        client_call_details: grpc.aio.ClientCallDetails,
        request: Any,
    ) -> Any:
        plan = _Plan(self._client, client_call_details)
        async for attempt in AsyncRetrying(**plan.limits()):
            with attempt:
                details = grpc.aio.ClientCallDetails(
                    method=client_call_details.method,
                    timeout=plan.remaining_s(),
                    metadata=grpc.aio.Metadata(*plan.metadata()),
                    credentials=client_call_details.credentials,
                    wait_for_ready=client_call_details.wait_for_ready,
                )
                call = await continuation(details, request)
                try:
                    await call
                except grpc.aio.AioRpcError as error:
                    raise RpcFailure.of(plan.method, error) from None
                return call
        _unreachable()
