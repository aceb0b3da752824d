"""The gRPC server of a service: every call passes one gate.

The gate, in this order: ids, who calls, whether the directory agrees, whether the role may, time enough, a place; only
then the request, by its size and its form; then the handler; then its error becomes a status that tells a reason and
never a person; then one line in the log and one count. Who may not call holds no place, and nothing of his is read.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio  # type: ignore[attr-defined,unused-ignore]
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status
from psycopg.errors import DiskFull
from structlog.contextvars import bound_contextvars

from homeward.type.v1 import options_pb2
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
from services.chassis.calls.policy import PolicyTable, authorise, full_name, policies_of
from services.chassis.calls.security import (
    CallContext,
    TokenVerifier,
    actor_of,
    current_call,
    current_call_or_none,
    set_call,
)
from services.chassis.calls.service_tokens import ServiceTokens, is_of_a_service
from services.chassis.calls.well_formed import RequestTooLarge, RequestUnreadable, require_well_formed
from services.chassis.calls.windows import MovingWindow
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
from services.chassis.kernel.roles import Caller, Role
from services.chassis.kernel.texts import Language
from services.chassis.storage.database import failure_level, is_unavailable
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
MAX_CONCURRENT_STREAMS: Final = 2_000
"""Answers that stay open: they wait most of the time, and take no place of a call."""
SHARE: Final = 2
"""One account has at most half of the places, and a hundredth part of those for streams."""
STREAMS_OF_ACCOUNT_MAX: Final = 20
BODY_S: Final = 10.0
"""For a request to come whole, once its headers are there."""
RIGHT_LOOKED_AT_S: Final = 10.0
"""How often an open answer is looked at anew: whether its caller's token still counts."""
REQUEST_BYTES_MAX: Final = 32 * 1024
"""Where a contract says nothing else."""
MESSAGE_BYTES_MAX: Final = 1024 * 1024
"""Beyond it the library refuses, before anything is read; above all that a contract takes."""
METADATA_BYTES_MAX: Final = 16 * 1024
STREAMS_OF_CONNECTION_MAX: Final = 100
"""Calls at once on one connection; a front that has more to ask waits for its own."""
HEALTH_BYTES_MAX: Final = 1024
HEALTH_STREAMS_MAX: Final = 10
CONNECTION_IDLE_MS: Final = 60_000
CONNECTION_AGE_MS: Final = 300_000
CONNECTION_GRACE_MS: Final = 30_000
REFUSED_MAX: Final = 600
REFUSED_WINDOW_S: Final = 60.0
"""So many refusals of one account a minute: an officer has a few, a program that tries things out has no more."""
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
Listed = Callable[[Caller, str, Any], Awaitable[None]]
"""Is told of an answer before it is given, to whom and by which method; what it raises, the caller gets instead."""
NumbersTried = Callable[[Caller], Awaitable[None]]
"""Tells that an account asked for as many cases in vain as it may."""


class TooManyRefusals(HomewardError):
    """This account was refused {limit} times within a minute; try again in {retry_after_seconds} seconds."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


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
    `health_port`: health alone is told there as well, to this machine, so that a watcher on it finds out how a service
    is while the world is at its door. `open_reflection` is for development. Raises ValueError when the combination is
    unsafe.
    """

    host: str = LOOPBACK
    port: int = 0
    health_port: int | None = None
    tls: ServerTls | None = None
    plaintext_network: bool = False
    open_reflection: bool = False
    max_concurrent_calls: int = MAX_CONCURRENT_CALLS
    max_concurrent_streams: int = MAX_CONCURRENT_STREAMS
    commit_budget_ms: int = COMMIT_BUDGET_MS
    max_call_s: float = MAX_CALL_S
    max_stream_s: float = MAX_STREAM_S
    body_s: float = BODY_S
    right_looked_at_s: float = RIGHT_LOOKED_AT_S

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


def _handler(method: MethodDescriptor, behaviour: Callable[..., Any]) -> grpc.RpcMethodHandler[Any, Any]:
    return _HANDLERS[method.client_streaming, method.server_streaming](
        behaviour,
        request_deserializer=GetMessageClass(method.input_type).FromString,
        response_serializer=GetMessageClass(method.output_type).SerializeToString,
    )


def _sizes_of(services: Iterable[ServiceDescriptor]) -> Mapping[str, int]:
    """How large a request of a method may be, by its full name, as the contracts say."""
    limit = options_pb2.request_bytes_max
    return {
        full_name(method): method.GetOptions().Extensions[limit] or REQUEST_BYTES_MAX
        for service in services
        for method in service.methods
    }


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
        tried: NumbersTried | None = None,
        news_are_late: Callable[[], bool] = lambda: False,
        listed: Listed | None = None,
    ) -> None:
        """`actor_key`: by which log lines tell persons apart without naming them; the service's digest key.

        `peers` checks the tokens of other services; without it none may call. `tried`: tells that an account came to
        the limit of cases asked for in vain, which is another one while `news_are_late` of other services. `listed`:
        counts lists before they are given.
        """
        self._settings = settings or GrpcServerSettings()
        services = [one.service for one in served]
        texts = RefusalTexts() if locale is None else RefusalTexts(locale)
        contracts = _Contracts(policies_of(services), _sizes_of(services))
        self._gate = _Gate(
            verifier, admit, metrics, self._settings, contracts, texts, actor_key, peers, tried, news_are_late, listed
        )
        self._health = _Health()
        self._handlers = [one.handler() for one in served]
        self._services = [service.full_name for service in services]
        self._server: grpc.aio.Server | None = None
        self._health_server: grpc.aio.Server | None = None

    async def start(self, *, serving: bool = True) -> int:
        """Listen, and tell health that everything is served unless `serving` says not yet.

        Returns the port. Raises RuntimeError when the address is taken.
        """
        settings = self._settings
        server = grpc.aio.server(
            # The library's own limit counts calls of which nothing but headers came, whoever sent them: with one, a
            # stranger shuts everybody out. The gate gives a place to whoever may call.
            interceptors=[self._gate],
            options=(
                *COMMON_OPTIONS,
                ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
                ("grpc.max_concurrent_streams", STREAMS_OF_CONNECTION_MAX),
                ("grpc.max_connection_idle_ms", CONNECTION_IDLE_MS),
                ("grpc.max_connection_age_ms", CONNECTION_AGE_MS),
                ("grpc.max_connection_age_grace_ms", CONNECTION_GRACE_MS),
                ("grpc.max_metadata_size", METADATA_BYTES_MAX),
                ("grpc.absolute_max_metadata_size", METADATA_BYTES_MAX),
                # Two processes on one port would answer in turns.
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", MIN_PING_INTERVAL_MS),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", MIN_PING_INTERVAL_MS),
            ),
        )
        server.add_generic_rpc_handlers(self._handlers)
        server.add_generic_rpc_handlers([self._health.handler()])
        reflection.enable_server_reflection((*self._services, reflection.SERVICE_NAME, "grpc.health.v1.Health"), server)
        if settings.tls is None:
            port = server.add_insecure_port(settings.address)
        else:
            port = server.add_secure_port(settings.address, settings.tls.credentials())
        for name in (OVERALL, *self._services):
            await self.set_serving(name, serving)
        await server.start()
        self._server = server
        if settings.health_port is not None:
            self._health_server = await self._health.served_alone(settings.health_port)
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
        if self._health_server is not None:
            await self._health_server.stop(0)
            self._health_server = None


class _Health(health_aio.HealthServicer):  # type: ignore[misc]
    """Tells how a service is, to whoever asks; nobody may stay and watch, for that needs no token."""

    async def served_alone(self, port: int) -> grpc.aio.Server:
        """A server of its own, for this machine. Raises RuntimeError when the port is taken."""
        server = grpc.aio.server(
            options=(
                *COMMON_OPTIONS,
                ("grpc.max_receive_message_length", HEALTH_BYTES_MAX),
                ("grpc.max_concurrent_streams", HEALTH_STREAMS_MAX),
                ("grpc.so_reuseport", 0),
            )
        )
        server.add_generic_rpc_handlers([self.handler()])
        bound = server.add_insecure_port(f"{LOOPBACK}:{port}")
        await server.start()
        log.info("health_started", port=bound)
        return server

    def handler(self) -> grpc.GenericRpcHandler:
        """Check alone; the request is read by itself, so that one that never comes is let go."""
        check = health_pb2.DESCRIPTOR.services_by_name["Health"].methods_by_name["Check"]

        async def answer(requests: AsyncIterator[health_pb2.HealthCheckRequest], context: Context) -> Any:
            async with asyncio.timeout(BODY_S):
                request = await anext(requests, health_pb2.HealthCheckRequest())
            return await self.Check(request, context)

        served = grpc.stream_unary_rpc_method_handler(
            answer,
            request_deserializer=health_pb2.HealthCheckRequest.FromString,
            response_serializer=health_pb2.HealthCheckResponse.SerializeToString,
        )
        return grpc.method_handlers_generic_handler(check.containing_service.full_name, {check.name: served})


@dataclass(frozen=True, slots=True)
class _Contracts:
    """What contracts say to the gate: who may call a method, and how large its request may be."""

    policies: PolicyTable
    sizes: Mapping[str, int]


class _Room:
    """Places for calls that run at once: so many for all, and a part of them for one account."""

    def __init__(self, places: int, of_account: int) -> None:
        self._free = places
        self._of_account = max(1, of_account)
        self._taken: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def place(self, account: tuple[str, str]) -> Iterator[None]:
        """Hold a place while something runs; raises TooManyRequests when there is none."""
        if self._free <= 0 or self._taken[account] >= self._of_account:
            raise TooManyRequests(retry_after_seconds=str(RETRY_AFTER_S))
        self._free -= 1
        self._taken[account] += 1
        try:
            yield
        finally:
            self._free += 1
            self._taken[account] -= 1
            if not self._taken[account]:
                del self._taken[account]


@dataclass(slots=True)
class _Call:
    """A call in the gate: who calls by which token, how long it may last, and what was asked once that is known.

    `caller` is None when another service calls.
    """

    caller: Caller | None
    token: str
    limit: asyncio.Timeout
    request: Any = None


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
        contracts: _Contracts,
        texts: RefusalTexts,
        actor_key: bytes,
        peers: ServiceTokens | None,
        tried: NumbersTried | None,
        news_are_late: Callable[[], bool],
        listed: Listed | None,
    ) -> None:
        self._listed = listed
        self._verifier = verifier
        self._tried = tried
        self._peers = peers
        self._actor_key = actor_key
        self._admit = admit
        self._texts = texts
        self._metrics = metrics
        self._contracts = contracts
        self._calls = _Room(settings.max_concurrent_calls, settings.max_concurrent_calls // SHARE)
        self._streams = _Room(settings.max_concurrent_streams, STREAMS_OF_ACCOUNT_MAX)
        self._settings = settings
        self._open = [_HEALTH_PREFIX]
        if settings.open_reflection:
            self._open.append(_REFLECTION_PREFIX)
        self._gated: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}
        self._lookups = Lookups(news_are_late=news_are_late)
        self._refused = MovingWindow(REFUSED_MAX, REFUSED_WINDOW_S)
        self._numbers = count()

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
        """The same method behind the gate. On the wire one request is a stream of one, and read so it is read by us:
        only of whoever may call, within its size and a time."""
        # Any: the stubs know the behaviours of synchronous servers only.
        behaviour: Any = handler.unary_unary or handler.stream_unary
        if behaviour is not None:

            async def respond(requests: Any, context: Context) -> Any:
                async with self._answering(method, context, self._calls, self._settings.max_call_s) as call:
                    answer = await behaviour(await self._asked(method, handler, requests, call), context)
                    if call.caller is not None:
                        self._lookups.found(call.caller, method, call.request)
                        if self._listed is not None:
                            await self._listed(call.caller, method, answer)
                    return answer

            return grpc.stream_unary_rpc_method_handler(respond, None, handler.response_serializer)
        behaviour = handler.unary_stream or handler.stream_stream

        # Not a generator itself: the library lets go of one that is not read to its end, wherever that may be.
        async def respond_stream(requests: Any, context: Context) -> None:
            async with self._answering(method, context, self._streams, self._settings.max_stream_s) as call:
                asked = await self._asked(method, handler, requests, call)
                async with aclosing(behaviour(asked, context)) as responses, self._while_it_counts(call):
                    async for response in responses:
                        await context.write(response)

        return grpc.stream_stream_rpc_method_handler(respond_stream, None, handler.response_serializer)

    async def _asked(self, method: str, handler: Any, requests: AsyncIterator[bytes], call: _Call) -> Any:
        """The request of a method that takes one; the stream of them where it takes several."""
        if handler.request_streaming:
            return (self._read(method, handler, data) async for data in requests)
        data: bytes | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.body_s):
                data = await anext(requests, None)
        if data is None:
            raise RequestUnreadable
        call.request = self._read(method, handler, data)
        if call.caller is not None:
            self._require_room_to_look_up(call.caller, call.request)
        return call.request

    def _read(self, method: str, handler: Any, data: bytes) -> Any:
        limit = self._contracts.sizes.get(method, REQUEST_BYTES_MAX)
        if len(data) > limit:
            raise RequestTooLarge(limit=str(limit))
        try:
            request = handler.request_deserializer(data)
        except DecodeError:
            # What the library would answer has no reason, and a text of its own.
            raise RequestUnreadable from None
        require_well_formed(request)
        return request

    @asynccontextmanager
    async def _while_it_counts(self, call: _Call) -> AsyncIterator[None]:
        """End an answer that stays open once its caller's token counts no more."""

        async def look() -> None:
            while True:
                await asyncio.sleep(self._settings.right_looked_at_s)
                try:
                    self._admit(self._verifier.verify(call.token))
                except HomewardError:
                    call.limit.reschedule(asyncio.get_running_loop().time())
                    return

        looking = asyncio.ensure_future(look())
        try:
            yield
        finally:
            looking.cancel()

    @asynccontextmanager
    async def _answering(self, method: str, context: Context, room: _Room, longest_s: float) -> AsyncIterator[_Call]:
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
        call: _Call | None = None
        refusal: _Refusal | None = None
        code, reason = grpc.StatusCode.OK.name, ""
        with bound_contextvars(correlation_id=correlation_id), self._metrics.grpc_running():
            try:
                token = _bearer(headers)
                if services := self._services_that_call(method):
                    account = (self._require_service(services, token), "")
                else:
                    caller = self._verifier.verify(token)
                    self._require_patience(caller)
                    self._admit(caller)
                    if not method.startswith(_REFLECTION_PREFIX):
                        authorise(self._contracts.policies, method, caller, time.time())
                    elif caller.role is not Role.ADMIN:
                        raise PermissionDenied
                    account = caller.subject, caller.office_id
                    set_call(CallContext(caller, correlation_id, traceparent, method, language, peer))
                limit = asyncio.timeout(self._allowed_s(context, longest_s))
                call = _Call(caller, token, limit)
                set_trace(Trace(correlation_id=correlation_id, traceparent=traceparent))
                with room.place(account):
                    async with limit:
                        yield call
            except grpc.aio.AbortError:
                code = _code_name(context)
                raise
            except asyncio.CancelledError:
                code = grpc.StatusCode.CANCELLED.name
                raise
            except Exception as error:
                expired = isinstance(error, TimeoutError) and call is not None and call.limit.expired()
                refusal = _refusal_of(error, self._texts, language, expired=expired)
                if caller is not None:
                    await self._count_refusal(caller, call, error)
                code, reason = refusal.code.name, refusal.reason
            finally:
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

    async def _count_refusal(self, caller: Caller, call: _Call | None, error: Exception) -> None:
        if not isinstance(error, HomewardError) or error.kind not in _TRIED:
            return
        self._refused.add(caller, [next(self._numbers)])
        if call is not None and (missed := self._lookups.missed(caller, call.request, error)):
            self._metrics.cases_not_found(missed)
            if self._tried is not None and self._lookups.is_to_be_told(caller):
                try:
                    await self._tried(caller)
                except Exception as failure:
                    # The caller is refused all the same.
                    log.log(failure_level(failure), "numbers_tried_untold", error=type(failure).__name__)

    def _require_patience(self, caller: Caller) -> None:
        if full_for_s := self._refused.full_for_s(caller):
            raise TooManyRefusals(limit=str(REFUSED_MAX), retry_after_seconds=str(max(1, round(full_for_s))))

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

    def _services_that_call(self, method: str) -> frozenset[str]:
        policy = self._contracts.policies.get(method)
        return policy.services if policy is not None else frozenset()

    def _require_service(self, services: frozenset[str], token: str) -> str:
        """The service that calls, one of these; raises Unauthenticated, PermissionDenied."""
        if self._peers is None or not is_of_a_service(token):
            # An officer, who may know that this is for none.
            self._verifier.verify(token)
            raise PermissionDenied
        service = self._peers.verify(token)
        if service not in services:
            raise PermissionDenied
        return service

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


_TRIED: Final = frozenset({ErrorKind.INVALID_ARGUMENT, ErrorKind.NOT_FOUND, ErrorKind.PERMISSION_DENIED})
"""What whoever tries things out is told; an officer's slips are such, too, and few."""


def _bearer(headers: Mapping[str, str]) -> str:
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
