"""The gRPC server of a service: every call passes one gate.

The gate, in this order: ids, room, who calls, whether the directory agrees, whether the role may, time enough; then the
handler; then its error becomes a status that tells a reason and never a person; then one line in
the log and one count.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio  # type: ignore[attr-defined,unused-ignore]
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status
from psycopg.errors import DiskFull
from structlog.contextvars import bound_contextvars

from services.chassis.calls.common import (
    ACCEPT_LANGUAGE,
    AUTHORIZATION,
    BEARER,
    COMMON_OPTIONS,
    CORRELATION_ID,
    MIN_PING_INTERVAL_MS,
    TRACEPARENT,
    Violation,
    choose_language,
    encode_status,
    is_loopback,
    valid_correlation_id,
    valid_traceparent,
)
from services.chassis.calls.i18n import SERVER_REASONS, RefusalTexts
from services.chassis.calls.lookups import Lookups
from services.chassis.calls.policy import PolicyTable, authorise, policies_of
from services.chassis.calls.security import (
    CallContext,
    TokenVerifier,
    actor_of,
    current_call,
    current_call_or_none,
    set_call,
)
from services.chassis.calls.service_tokens import ServiceTokens, is_of_a_service
from services.chassis.kernel.errors import (
    DeadlineTooShort,
    ErrorKind,
    HomewardError,
    InvalidInput,
    PermissionDenied,
    StorageUnavailable,
    TooManyRequests,
    TooManyUnknownCases,
    Unauthenticated,
)
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.texts import Language
from services.chassis.storage.database import is_unavailable
from services.chassis.telemetry.log import get_logger
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import Trace, set_trace

__all__ = [
    "CallContext",
    "GrpcServer",
    "GrpcServerSettings",
    "Served",
    "ServerTls",
    "StorageFull",
    "current_call",
    "current_call_or_none",
]

LOOPBACK: Final = "127.0.0.1"
COMMIT_BUDGET_MS: Final = 50
"""With less time left a call would commit and the caller never learn it; so it isn't begun."""
MAX_CALL_S: Final = 30.0
"""For calls with a later deadline, or none."""
MAX_STREAM_S: Final = 900.0
"""The same for calls that are answered by a stream; who wants to hear on calls again."""
MAX_CONCURRENT_CALLS: Final = 200
"""Far above the database pool; beyond it waiting calls would only time out together."""
HEADROOM_CALLS: Final = 50
"""The library's own limit lies so much higher: health checks must be answered under load, and
a call too many gets an answer with a reason."""
RETRY_AFTER_S: Final = 1
PEER_CHARS_MAX: Final = 200
STOP_GRACE_S: Final = 2.0

OVERALL: Final = ""
"""The name under which health tells about the whole server."""

_HEALTH_PREFIX: Final = "/grpc.health.v1.Health/"
_REFLECTION_PREFIX: Final = f"/{reflection.SERVICE_NAME}/"

log = get_logger(__name__)

Context = grpc.aio.ServicerContext[Any, Any]

Admit = Callable[[Caller], None]
"""Raises the HomewardError that keeps out a caller whose token is good: the directory has the last word."""


class StorageFull(HomewardError):
    """The storage of the service is full; nothing was saved. Please tell the administrators."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


@dataclass(frozen=True, slots=True)
class ServerTls:
    """PEM files. With `client_ca`, only clients with a certificate of it may connect (mTLS)."""

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """Raises OSError when a file cannot be read."""
        return grpc.ssl_server_credentials(
            [(self.key.read_bytes(), self.certificate.read_bytes())],
            root_certificates=self.client_ca.read_bytes() if self.client_ca else None,
            require_client_auth=self.client_ca is not None,
        )


@dataclass(frozen=True, slots=True)
class GrpcServerSettings:
    """Where and how to serve.

    `port` 0 takes any free one. Without `tls` only loopback is served, unless
    `plaintext_network` says that something else encrypts the way (tokens travel on it).
    `open_reflection` is for development. Raises ValueError when the combination is unsafe.
    """

    host: str = LOOPBACK
    port: int = 0
    tls: ServerTls | None = None
    plaintext_network: bool = False
    open_reflection: bool = False
    max_concurrent_calls: int = MAX_CONCURRENT_CALLS
    commit_budget_ms: int = COMMIT_BUDGET_MS
    max_call_s: float = MAX_CALL_S
    max_stream_s: float = MAX_STREAM_S

    def __post_init__(self) -> None:
        if self.tls is None and not self.plaintext_network and not is_loopback(self.host):
            raise ValueError("without TLS the server listens on loopback only")

    @property
    def address(self) -> str:
        """Host and port, as gRPC wants them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


_HANDLERS: Final[Mapping[tuple[bool, bool], Callable[..., grpc.RpcMethodHandler[Any, Any]]]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}
"""By whether the client streams, and whether the server does."""


@dataclass(frozen=True, slots=True)
class Served:
    """A contract of one gRPC service, and what answers its methods.

    `file` is the descriptor of the contract, e.g. `inbox_pb2.DESCRIPTOR`. The methods of the servicer are coroutines;
    one that answers by a stream is an asynchronous generator.
    """

    file: FileDescriptor
    servicer: Any

    @property
    def service(self) -> ServiceDescriptor:
        """The service; raises ValueError when the file has none, or several."""
        (service,) = self.file.services_by_name.values()
        return service

    def handler(self) -> grpc.GenericRpcHandler:
        """What the library calls; raises AttributeError when the servicer lacks a method."""
        methods = {
            method.name: _handler(method, getattr(self.servicer, method.name)) for method in self.service.methods
        }
        return grpc.method_handlers_generic_handler(self.service.full_name, methods)


class RequestUnreadable(HomewardError):
    """This request cannot be read: it is not written as the contract of this method says."""

    kind = ErrorKind.INVALID_ARGUMENT


class _Unreadable:
    """Stands for a request that could not be read, until it can be refused like any other."""


def _read_by(message: Any) -> Callable[[bytes], Any]:
    def read(data: bytes) -> Any:
        try:
            return message.FromString(data)
        except DecodeError:
            # What the library would answer has no reason, and a text of its own.
            return _Unreadable()

    return read


def _handler(method: MethodDescriptor, behaviour: Callable[..., Any]) -> grpc.RpcMethodHandler[Any, Any]:
    return _HANDLERS[method.client_streaming, method.server_streaming](
        behaviour,
        request_deserializer=_read_by(GetMessageClass(method.input_type)),
        response_serializer=GetMessageClass(method.output_type).SerializeToString,
    )


def _require_read(request: Any) -> None:
    if isinstance(request, _Unreadable):
        raise RequestUnreadable


class GrpcServer:
    """Serves the methods of some services, with health and reflection.

    Who may call a method says its contract. Start, stop; both from the same running event loop.
    """

    def __init__(
        self,
        verifier: TokenVerifier,
        metrics: Metrics,
        served: Sequence[Served],
        settings: GrpcServerSettings | None = None,
        *,
        admit: Admit,
        actor_key: bytes,
        locale: Path | None = None,
        peers: ServiceTokens | None = None,
    ) -> None:
        """`actor_key`: by which log lines tell persons apart without naming them; the service's digest key.

        `peers` checks the tokens of other services; without it none may call.
        """
        self._settings = settings or GrpcServerSettings()
        services = [one.service for one in served]
        texts = RefusalTexts() if locale is None else RefusalTexts(locale)
        self._gate = _Gate(verifier, admit, metrics, self._settings, policies_of(services), texts, actor_key, peers)
        self._health = health_aio.HealthServicer()
        self._handlers = [one.handler() for one in served]
        self._services = [service.full_name for service in services]
        self._server: grpc.aio.Server | None = None

    async def start(self, *, serving: bool = True) -> int:
        """Listen, and tell health that everything is served unless `serving` says not yet.

        Returns the port. Raises RuntimeError when the address is taken.
        """
        settings = self._settings
        server = grpc.aio.server(
            interceptors=[self._gate],
            maximum_concurrent_rpcs=settings.max_concurrent_calls + HEADROOM_CALLS,
            options=(
                *COMMON_OPTIONS,
                # Two processes on one port would answer in turns.
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", MIN_PING_INTERVAL_MS),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", MIN_PING_INTERVAL_MS),
            ),
        )
        server.add_generic_rpc_handlers(self._handlers)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection((*self._services, reflection.SERVICE_NAME, "grpc.health.v1.Health"), server)
        if settings.tls is None:
            port = server.add_insecure_port(settings.address)
        else:
            port = server.add_secure_port(settings.address, settings.tls.credentials())
        for name in (OVERALL, *self._services):
            await self.set_serving(name, serving)
        await server.start()
        self._server = server
        log.info("grpc_started", host=settings.host, port=port, tls=settings.tls is not None)
        return port

    async def set_serving(self, service: str, serving: bool) -> None:
        """Tell health about one service by its full name, or about OVERALL."""
        status = health_pb2.HealthCheckResponse
        await self._health.set(service, status.SERVING if serving else status.NOT_SERVING)

    async def stop(self, grace_s: float = STOP_GRACE_S) -> None:
        """Tell health first, refuse new calls, give running ones so many seconds. Idempotent."""
        await self._health.enter_graceful_shutdown()
        if self._server is not None:
            await self._server.stop(grace_s)
            self._server = None
            log.info("grpc_stopped")


@dataclass(slots=True)
class _Refusal:
    code: grpc.StatusCode
    reason: str
    description: str
    message: str
    details: dict[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()


# Generic in some stubs, and never at run time.
class _Gate(grpc.aio.ServerInterceptor):  # type: ignore[type-arg,unused-ignore]
    """The one interceptor."""

    def __init__(
        self,
        verifier: TokenVerifier,
        admit: Admit,
        metrics: Metrics,
        settings: GrpcServerSettings,
        policies: PolicyTable,
        texts: RefusalTexts,
        actor_key: bytes,
        peers: ServiceTokens | None,
    ) -> None:
        self._verifier = verifier
        self._peers = peers
        self._actor_key = actor_key
        self._admit = admit
        self._texts = texts
        self._metrics = metrics
        self._policies = policies
        self._room = settings.max_concurrent_calls
        self._settings = settings
        self._open = [_HEALTH_PREFIX]
        if settings.open_reflection:
            self._open.append(_REFLECTION_PREFIX)
        self._gated: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}
        self._lookups = Lookups()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        method = handler_call_details.method
        gated = self._gated.get(method)
        if gated is not None:
            return gated
        handler: grpc.RpcMethodHandler[Any, Any] | None = await continuation(handler_call_details)
        if handler is None:
            # The library answers UNIMPLEMENTED; nothing is kept, for the name is the caller's.
            return None
        if not method.startswith(tuple(self._open)):
            handler = self._gated[method] = self._wrap(method, handler)
        return handler

    def _wrap(self, method: str, handler: grpc.RpcMethodHandler[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
        codec = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        # Any: the stubs know the behaviours of synchronous servers only.
        behaviour: Any = handler.unary_unary or handler.stream_unary
        if behaviour is not None:

            async def respond(request: Any, context: Context) -> Any:
                async with self._answering(method, context, self._settings.max_call_s, request):
                    _require_read(request)
                    return await behaviour(request, context)

            return _HANDLERS[handler.stream_unary is not None, False](respond, **codec)
        behaviour = handler.unary_stream or handler.stream_stream

        # Not a generator itself: the library lets go of one that is not read to its end, wherever that may be.
        async def respond_stream(request: Any, context: Context) -> None:
            async with self._answering(method, context, self._settings.max_stream_s):
                _require_read(request)
                async with aclosing(behaviour(request, context)) as responses:
                    async for response in responses:
                        await context.write(response)

        return _HANDLERS[handler.stream_stream is not None, True](respond_stream, **codec)

    @asynccontextmanager
    async def _answering(
        self, method: str, context: Context, longest_s: float, request: Any = None
    ) -> AsyncIterator[None]:
        started = time.perf_counter()
        headers = _headers(context)
        correlation_id = headers.get(CORRELATION_ID, "")
        if not valid_correlation_id(correlation_id):
            correlation_id = str(uuid.uuid4())
        traceparent = headers.get(TRACEPARENT, "")
        if not valid_traceparent(traceparent):
            traceparent = ""
        language = choose_language(headers.get(ACCEPT_LANGUAGE, ""))
        echo = ((CORRELATION_ID, correlation_id),)
        context.set_trailing_metadata(echo)

        peer = _peer(context)
        caller: Caller | None = None
        limit: asyncio.Timeout | None = None
        refusal: _Refusal | None = None
        code, reason = grpc.StatusCode.OK.name, ""
        with bound_contextvars(correlation_id=correlation_id), self._metrics.grpc_running():
            self._room -= 1
            try:
                if self._room < 0:
                    raise TooManyRequests(retry_after_seconds=str(RETRY_AFTER_S))
                if services := self._services_that_call(method):
                    self._require_service(services, headers)
                else:
                    caller = self._authenticate(headers)
                    self._admit(caller)
                    if not method.startswith(_REFLECTION_PREFIX):
                        authorise(self._policies, method, caller)
                    self._require_room_to_look_up(caller, request)
                    set_call(CallContext(caller, correlation_id, traceparent, method, language, peer))
                limit = asyncio.timeout(self._allowed_s(context, longest_s))
                set_trace(Trace(correlation_id=correlation_id, traceparent=traceparent))
                async with limit:
                    yield
            except grpc.aio.AbortError:
                code = _code_name(context)
                raise
            except asyncio.CancelledError:
                code = grpc.StatusCode.CANCELLED.name
                raise
            except Exception as error:
                expired = isinstance(error, TimeoutError) and limit is not None and limit.expired()
                refusal = _refusal_of(error, self._texts, language, expired=expired)
                if caller is not None and (missed := self._lookups.missed(caller, request, error)):
                    self._metrics.cases_not_found(missed)
                code, reason = refusal.code.name, refusal.reason
            finally:
                self._room += 1
                self._tell(method, code, reason, time.perf_counter() - started, caller, peer)
        if refusal is not None:
            status = rpc_status.to_status(
                encode_status(
                    refusal.code,
                    refusal.reason,
                    refusal.description,
                    refusal.message,
                    language,
                    refusal.details,
                    refusal.violations,
                )
            )
            await context.abort(status.code, status.details, (*echo, *tuple(status.trailing_metadata)))

    def _require_room_to_look_up(self, caller: Caller, request: Any) -> None:
        try:
            self._lookups.require_room(caller, request)
        except TooManyUnknownCases:
            self._metrics.lookup_refused()
            raise

    def _allowed_s(self, context: Context, longest_s: float) -> float:
        remaining: float | None = context.time_remaining()
        if remaining is None or remaining > longest_s:
            return longest_s
        if remaining * 1000 < self._settings.commit_budget_ms:
            raise DeadlineTooShort(
                given_milliseconds=str(max(0, round(remaining * 1000))),
                needed_milliseconds=str(self._settings.commit_budget_ms),
            )
        return remaining

    def _authenticate(self, headers: dict[str, str]) -> Caller:
        return self._verifier.verify(_token(headers))

    def _services_that_call(self, method: str) -> frozenset[str]:
        policy = self._policies.get(method)
        return policy.services if policy is not None else frozenset()

    def _require_service(self, services: frozenset[str], headers: dict[str, str]) -> None:
        token = _token(headers)
        if self._peers is None or not is_of_a_service(token):
            self._verifier.verify(token)
            # An officer, who may know that this is for none.
            raise PermissionDenied
        if self._peers.verify(token) not in services:
            raise PermissionDenied

    def _tell(self, method: str, code: str, reason: str, seconds: float, caller: Caller | None, peer: str) -> None:
        service, _, name = method.removeprefix("/").partition("/")
        self._metrics.grpc_call(service, name, code, seconds)
        tell = log.error if code == grpc.StatusCode.INTERNAL.name else log.info
        tell(
            "grpc_call",
            method=method,
            code=code,
            reason=reason,
            duration_ms=round(seconds * 1000, 1),
            office_id=caller.office_id if caller else "",
            role=caller.role.value if caller else "",
            actor=actor_of(caller.subject, self._actor_key) if caller else "",
            peer=peer,
        )


def _token(headers: dict[str, str]) -> str:
    value = headers.get(AUTHORIZATION, "")
    if not value[: len(BEARER)].lower() == BEARER.lower():
        raise Unauthenticated(cause="missing")
    return value[len(BEARER) :].strip()


def _headers(context: Context) -> dict[str, str]:
    # The first of a repeated header counts: a proxy appends, and may not replace what it was sent.
    headers: dict[str, str] = {}
    for key, value in context.invocation_metadata() or ():
        if isinstance(value, str):
            headers.setdefault(key, value)
    return headers


def _peer(context: Context) -> str:
    # Who a certificate names stands first: behind a proxy all addresses are the proxy's.
    names = context.auth_context().get("x509_common_name", ())
    said = [name.decode("utf-8", "replace") for name in names] + [str(context.peer())]
    return "".join(filter(str.isprintable, " ".join(said)))[:PEER_CHARS_MAX]


def _code_name(context: Context) -> str:
    # The library keeps a number or a member, depending on who set it.
    code: object = context.code()
    for member in grpc.StatusCode:
        if code in (member, member.value[0]):
            return member.name
    return grpc.StatusCode.UNKNOWN.name


def _refusal_of(error: Exception, texts: RefusalTexts, language: Language, *, expired: bool) -> _Refusal:
    if expired:
        return _server_refusal(grpc.StatusCode.DEADLINE_EXCEEDED, texts, language)
    if not isinstance(error, HomewardError):
        if _is_disk_full(error):
            log.error("storage_full", exc_info=error)
            error = StorageFull()
        elif _is_storage_away(error):
            log.warning("storage_unavailable", exc_info=error)
            error = StorageUnavailable()
        else:
            log.error("unexpected_error", exc_info=error)
            return _server_refusal(grpc.StatusCode.INTERNAL, texts, language)
    violations = error.violations if isinstance(error, InvalidInput) else ()
    return _Refusal(
        code=grpc.StatusCode[error.kind.value],
        reason=error.reason,
        description=error.message,
        message=texts.of_error(error, language),
        details=dict(error.details),
        violations=tuple(
            Violation(
                violation.row,
                violation.field,
                violation.code,
                violation.description,
                texts.of_violation(violation, language),
            )
            for violation in violations
        ),
    )


def _server_refusal(code: grpc.StatusCode, texts: RefusalTexts, language: Language) -> _Refusal:
    message = texts.of_server(code.name, language)
    return _Refusal(code, code.name, SERVER_REASONS[code.name], message)


def _is_disk_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or isinstance(getattr(error, "orig", None), DiskFull)


def _is_storage_away(error: Exception) -> bool:
    # Of the errors of the operating system only those of a connection: a missing file is a defect.
    if isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError):
        return False
    return is_unavailable(error)
