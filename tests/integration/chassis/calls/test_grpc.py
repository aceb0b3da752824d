"""The gate in front of every call, from the other side of a real connection."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import jwt
import psycopg
import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from google.protobuf.wrappers_pb2 import Int32Value
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from sqlalchemy.exc import DataError, OperationalError

from homeward.notify.v1 import inbox_pb2, inbox_pb2_grpc
from services.chassis.calls.client import Client, ClientTls, RpcFailure
from services.chassis.calls.common import CORRELATION_ID
from services.chassis.calls.lookups import UNKNOWN_MAX
from services.chassis.calls.policy import full_name
from services.chassis.calls.security import AUDIENCE, CallContext, TokenIssuer, TokenVerifier, actor_of
from services.chassis.calls.server import (
    GrpcServer,
    GrpcServerSettings,
    NumbersTried,
    Served,
    ServerTls,
    current_call,
)
from services.chassis.country.revocations import SessionRevoked
from services.chassis.kernel.errors import (
    MAX_VIOLATIONS,
    CaseNotFound,
    FieldViolation,
    InvalidInput,
    OfficeNotFound,
    RequestIdReused,
    StorageUnavailable,
)
from services.chassis.kernel.roles import Caller, Role
from services.chassis.telemetry.log import configure_logging
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import current_trace
from services.local.embedded.ports import free_port
from tests.support.clocks import eventually
from tests.support.contract import COUNTING, COUNTING_SERVICE, counting
from tests.support.waiting import patient

ISSUER = "test-issuer"
ACTOR_KEY = b"k" * 32
SERVICE = inbox_pb2.DESCRIPTOR.services_by_name["InboxService"]
LIST = f"/{SERVICE.full_name}/ListMessages"
SECRET = "Nguyễn Thị Bí Mật"
WAIT_S = patient(10)

Behaviour = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """Answer at once."""


def _everybody(_: Caller) -> None:
    """Let everybody in whose token is good."""


@dataclass
class Notify(inbox_pb2_grpc.InboxServiceServicer):
    """Does what a test tells it to, and keeps what it saw of the calls."""

    behave: Behaviour = _nothing
    seen: list[CallContext] = field(default_factory=list)

    async def ListMessages(  # noqa: N802
        self, request: inbox_pb2.ListMessagesRequest, context: Any
    ) -> inbox_pb2.ListMessagesResponse:
        self.seen.append(current_call())
        await self.behave()
        return inbox_pb2.ListMessagesResponse(unread_count=7)

    async def MarkMessagesRead(  # noqa: N802
        self, request: inbox_pb2.MarkMessagesReadRequest, context: Any
    ) -> inbox_pb2.MarkMessagesReadResponse:
        self.seen.append(current_call())
        await self.behave()
        return inbox_pb2.MarkMessagesReadResponse(marked_count=len(request.message_ids))


@dataclass
class Counting:
    """Counts: a servicer of the contract of the tests, whose streams end as a test tells them to."""

    behave: Behaviour = _nothing
    seen: list[CallContext] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def Double(self, request: Int32Value, context: Any) -> Int32Value:  # noqa: N802
        self.seen.append(current_call())
        return Int32Value(value=2 * request.value)

    Forgotten = Nobody = Double

    async def CountTo(self, request: Int32Value, context: Any) -> AsyncIterator[Int32Value]:  # noqa: N802
        self.seen.append(current_call())
        try:
            for number in range(1, request.value + 1):
                yield Int32Value(value=number)
            await self.behave()
        finally:
            self.left.set()

    async def Sum(self, requests: AsyncIterator[Int32Value], context: Any) -> Int32Value:  # noqa: N802
        self.seen.append(current_call())
        return Int32Value(value=sum([request.value async for request in requests]))

    async def Running(self, requests: AsyncIterator[Int32Value], context: Any) -> AsyncIterator[Int32Value]:  # noqa: N802
        self.seen.append(current_call())
        total = 0
        async for request in requests:
            total += request.value
            yield Int32Value(value=total)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def issuer() -> TokenIssuer:
    return TokenIssuer(private_pem(Ed25519PrivateKey.generate()), ISSUER)


@pytest.fixture(scope="module")
def verifier(issuer: TokenIssuer) -> TokenVerifier:
    return TokenVerifier({issuer._headers["kid"]: issuer.public_key}, ISSUER)


@pytest.fixture(scope="module")
def token(issuer: TokenIssuer) -> str:
    return issuer.issue("officer-1", "sa-22", Role.SUPPORT_AGENCY)


@pytest.fixture
def notify() -> Notify:
    return Notify()


@pytest.fixture
def counter() -> Counting:
    return Counting()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("notify")


Serve = Callable[..., Awaitable[tuple[GrpcServer, str]]]


@pytest.fixture
async def serve(verifier: TokenVerifier, metrics: Metrics, notify: Notify, counter: Counting) -> AsyncIterator[Serve]:
    servers: list[GrpcServer] = []

    async def start(
        settings: GrpcServerSettings | None = None,
        admit: Callable[[Caller], None] = _everybody,
        tried: NumbersTried | None = None,
    ) -> tuple[GrpcServer, str]:
        served = [Served(inbox_pb2.DESCRIPTOR, notify), Served(COUNTING, counter)]
        server = GrpcServer(verifier, metrics, served, settings, admit=admit, actor_key=ACTOR_KEY, tried=tried)
        port = await server.start()
        servers.append(server)
        return server, f"127.0.0.1:{port}"

    yield start
    for server in servers:
        await server.stop(0)


@pytest.fixture
async def address(serve: Serve) -> str:
    return (await serve())[1]


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Real logs, in a file; everything that configuring them changes is put back."""
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    path = tmp_path / "service.log"
    configure_logging("notify", file=path)
    yield path
    root.handlers[0].close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def text(path: Path) -> str:
    return path.read_text()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text(path).splitlines()]


def client(address: str, token: str | None, **settings: Any) -> Client:
    return Client(address, token, **{"max_attempts": 1, **settings})


async def list_messages(client: Client, **call: Any) -> inbox_pb2.ListMessagesResponse:
    async with client.aio_channel() as channel:
        stub = inbox_pb2_grpc.InboxServiceStub(channel)
        return await stub.ListMessages(inbox_pb2.ListMessagesRequest(), **call)


async def failure_of(client: Client, **call: Any) -> RpcFailure:
    with pytest.raises(RpcFailure) as caught:
        await list_messages(client, **call)
    return caught.value


def calling(make: Callable[..., Any], name: str, token: str, **call: Any) -> Callable[..., Any]:
    """A method of the contract of the tests, by a channel's `unary_stream` and the like."""
    method = make(
        full_name(counting(name)),
        request_serializer=Int32Value.SerializeToString,
        response_deserializer=Int32Value.FromString,
    )
    return partial(method, metadata=(("authorization", f"Bearer {token}"),), timeout=WAIT_S, **call)


async def refused(answer: Awaitable[Any]) -> RpcFailure:
    """How a call was refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await answer
    return RpcFailure.of("", caught.value)


async def heard(answers: AsyncIterator[Int32Value], into: list[int]) -> None:
    """Listen to the end of a stream."""
    async for answer in answers:
        into.append(answer.value)


async def test_a_good_call_reaches_the_handler_with_its_context(
    address: str, token: str, notify: Notify, metrics: Metrics
) -> None:
    traces: list[Any] = []

    async def look() -> None:
        traces.append(current_trace())

    notify.behave = look
    ids = (
        (CORRELATION_ID, "0123abcd-1"),
        ("traceparent", "00-" + "a" * 32 + "-" + "b" * 16 + "-01"),
    )
    response = await list_messages(client(address, token, language="vi"), metadata=ids)

    assert response.unread_count == 7
    call = notify.seen[0]
    assert (call.caller.subject, call.caller.office_id) == ("officer-1", "sa-22")
    assert call.caller.role is Role.SUPPORT_AGENCY
    assert (call.method, call.language, call.correlation_id) == (LIST, "vi", "0123abcd-1")
    assert traces[0].correlation_id == "0123abcd-1"
    assert traces[0].traceparent == call.traceparent == ids[1][1]
    labels = {"service": SERVICE.full_name, "method": "ListMessages", "code": "OK"}
    assert metrics.registry.get_sample_value("homeward_grpc_calls_total", labels) == 1


@pytest.mark.parametrize("given", ["nguyen-thi-bi-mat", "a" * 65, "abc", "0123abcd 1"])
@pytest.mark.attack(42, "correlation id carrying a name")
async def test_a_correlation_id_that_could_hold_a_name_is_replaced(
    address: str, token: str, notify: Notify, given: str
) -> None:
    await list_messages(client(address, token), metadata=((CORRELATION_ID, given),))
    assert notify.seen[0].correlation_id != given
    assert len(notify.seen[0].correlation_id) == 36


def none_token(issuer: TokenIssuer) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60,
        "sub": "x", "office": "x", "role": "ADMIN",
    }  # fmt: skip
    return jwt.encode(claims, "", algorithm="none", headers=issuer._headers)


def expired_token(issuer: TokenIssuer) -> str:
    past = TokenIssuer(private_pem(issuer._key), ISSUER, now=lambda: time.time() - 3600)
    return past.issue("x", "sa-22", Role.SUPPORT_AGENCY, lifetime_s=60)


def stolen_name_token(issuer: TokenIssuer) -> str:
    other = TokenIssuer(private_pem(Ed25519PrivateKey.generate()), ISSUER)
    other._headers = issuer._headers
    return other.issue("x", "sa-22", Role.SUPPORT_AGENCY)


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda issuer: None, "missing"),
        (expired_token, "expired"),
        (stolen_name_token, "invalid"),
        (none_token, "invalid"),
        (lambda issuer: "not.a.token", "invalid"),
    ],
    ids=["none given", "expired", "wrong key", "alg none", "garbage"],
)
async def test_without_a_valid_token_nothing_is_reached(
    address: str, issuer: TokenIssuer, notify: Notify, make: Any, cause: str
) -> None:
    failure = await failure_of(client(address, make(issuer)))
    assert failure.code is grpc.StatusCode.UNAUTHENTICATED
    assert failure.reason == "UNAUTHENTICATED"
    assert failure.metadata == {"cause": cause}
    assert notify.seen == []


async def test_a_refused_token_is_logged_with_where_it_came_from(address: str, token: str, log_file: Path) -> None:
    await failure_of(client(address, "not.a.token"))
    await list_messages(client(address, token))
    refused, _answered = (line for line in lines(log_file) if line["event"] == "grpc_call")
    assert refused["peer"].startswith("ipv4:127.0.0.1:")
    assert "not.a.token" not in text(log_file)


async def test_whom_the_directory_does_not_know_is_kept_out(
    serve: Serve, token: str, notify: Notify, issuer: TokenIssuer
) -> None:
    def admit(caller: Caller) -> None:
        if caller.office_id == "sa-22":
            raise OfficeNotFound(office_id=caller.office_id)

    _, address = await serve(admit=admit)
    failure = await failure_of(client(address, token))
    assert (failure.code, failure.reason) == (grpc.StatusCode.NOT_FOUND, "OFFICE_NOT_FOUND")
    assert notify.seen == []
    await list_messages(client(address, issuer.issue("officer-1", "sa-24", Role.SUPPORT_AGENCY)))


async def test_a_role_that_the_table_does_not_name_is_denied(address: str, issuer: TokenIssuer, notify: Notify) -> None:
    failure = await failure_of(client(address, issuer.issue("x", "audit", Role.AUDITOR), language="vi"))
    assert failure.code is grpc.StatusCode.PERMISSION_DENIED
    assert failure.message == "Đơn vị không có thẩm quyền thực hiện việc này."
    assert notify.seen == []


@pytest.mark.parametrize("name", ["Forgotten", "Nobody"])
@pytest.mark.parametrize("role", list(Role))
async def test_a_method_whose_contract_names_no_callers_is_denied(
    address: str, issuer: TokenIssuer, counter: Counting, name: str, role: Role
) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        call = calling(channel.unary_unary, name, issuer.issue("x", "sa-22", role))
        assert (await refused(call(Int32Value(value=1)))).reason == "PERMISSION_DENIED"
    assert counter.seen == []


@pytest.mark.attack(44, "unknown method")
async def test_an_unknown_method_is_unimplemented(address: str, token: str) -> None:
    async with client(address, token).aio_channel() as channel:
        call: Any = channel.unary_unary(f"/{SERVICE.full_name}/Nothing", None, None)
        with pytest.raises(RpcFailure) as caught:
            await call(b"")
    assert caught.value.code is grpc.StatusCode.UNIMPLEMENTED


async def test_a_call_with_too_little_time_is_not_begun(serve: Serve, token: str, notify: Notify) -> None:
    _, address = await serve(GrpcServerSettings(commit_budget_ms=60_000))
    # Less than the longest time of a call, to which a longer one is cut.
    failure = await failure_of(client(address, token, deadline_s=10))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "DEADLINE_TOO_SHORT")
    assert failure.metadata["needed_milliseconds"] == "60000"
    assert notify.seen == []


async def test_a_call_is_stopped_after_the_longest_time(serve: Serve, token: str, notify: Notify) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    notify.behave = for_ever
    _, address = await serve(GrpcServerSettings(max_call_s=0.1))
    failure = await failure_of(client(address, token))
    assert failure.code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert failure.reason == "DEADLINE_EXCEEDED"


async def test_a_time_out_inside_the_handler_is_no_deadline(address: str, token: str, notify: Notify) -> None:
    async def impatient() -> None:
        raise TimeoutError

    notify.behave = impatient
    assert (await failure_of(client(address, token))).reason == "STORAGE_UNAVAILABLE"


@pytest.mark.parametrize(
    ("language", "message", "first", "second"),
    [
        (
            "vi",
            "Số mục cần chỉnh sửa trước khi được tiếp nhận: 2.",
            "Không được là thời điểm trong tương lai.",
            "Không được quá 30 mục.",
        ),
        (
            "en",
            "Some fields need correction before this can be accepted: 2.",
            "This may not be in the future.",
            "At most 30 are allowed.",
        ),
    ],
)
async def test_a_refusal_tells_every_violation_in_the_callers_language(
    address: str, token: str, notify: Notify, language: str, message: str, first: str, second: str
) -> None:
    async def refuse() -> None:
        raise InvalidInput(
            [
                FieldViolation(3, "birth.date", "IN_THE_FUTURE"),
                FieldViolation(None, "people", "TOO_MANY", {"limit": "30"}),
            ]
        )

    notify.behave = refuse
    failure = await failure_of(client(address, token, language=language))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT")
    assert failure.message == message
    assert failure.metadata == {"violation_count": "2"}
    assert [(v.row, v.field, v.code, v.message) for v in failure.violations] == [
        (3, "birth.date", "IN_THE_FUTURE", first),
        (None, "people", "TOO_MANY", second),
    ]


async def test_a_whole_batch_of_violations_arrives(address: str, token: str, notify: Notify) -> None:
    async def refuse() -> None:
        raise InvalidInput(
            FieldViolation(row % 30 + 1, "verification.certificate_of_return", "REQUIRED_WITH", {"other": "x" * 40})
            for row in range(MAX_VIOLATIONS)
        )

    notify.behave = refuse
    failure = await failure_of(client(address, token, language="vi"))
    assert failure.reason == "INVALID_INPUT"
    assert len(failure.violations) == MAX_VIOLATIONS


async def test_violations_that_do_not_fit_are_left_out_and_still_counted(
    address: str, token: str, notify: Notify
) -> None:
    async def refuse() -> None:
        raise InvalidInput(
            FieldViolation(row, "field", "CONFLICTS_WITH", {"other": "x" * 2_000})
            for row in range(1, MAX_VIOLATIONS + 1)
        )

    notify.behave = refuse
    failure = await failure_of(client(address, token, language="vi"))
    assert failure.reason == "INVALID_INPUT"
    assert failure.metadata == {"violation_count": str(MAX_VIOLATIONS)}
    assert 0 < len(failure.violations) < MAX_VIOLATIONS
    assert [v.row for v in failure.violations] == list(range(1, len(failure.violations) + 1))


async def test_a_domain_error_keeps_its_reason_and_details(address: str, token: str, notify: Notify) -> None:
    async def refuse() -> None:
        raise RequestIdReused(request_id="r-1")

    notify.behave = refuse
    failure = await failure_of(client(address, token), metadata=((CORRELATION_ID, "cafe-0001"),))
    assert (failure.code, failure.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert failure.metadata == {"request_id": "r-1"}
    assert failure.correlation_id == "cafe-0001"
    assert failure.message == "The request number r-1 was already used for a different request."


def database_error() -> Exception:
    return DataError("INSERT", {"name": SECRET}, psycopg.DataError(SECRET))


@pytest.mark.parametrize("make", [lambda: ValueError(SECRET), database_error, lambda: KeyError(SECRET)])
async def test_an_unexpected_error_reveals_nothing(
    log_file: Path, address: str, token: str, notify: Notify, make: Callable[[], Exception]
) -> None:
    async def break_down() -> None:
        try:
            raise make()
        except Exception as error:
            raise RuntimeError(SECRET) from error

    notify.behave = break_down
    async with client(address, token).aio_channel() as channel:
        with pytest.raises(RpcFailure) as caught:
            await inbox_pb2_grpc.InboxServiceStub(channel).ListMessages(
                inbox_pb2.ListMessagesRequest(page_token=SECRET)
            )
    failure = caught.value
    assert (failure.code, failure.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert failure.message.startswith("Something went wrong on our side.")
    logged = text(log_file)
    assert SECRET not in f"{failure}{failure.metadata}{logged}"
    assert json.dumps(SECRET) not in logged
    assert token not in logged
    unexpected = next(line for line in lines(log_file) if line["event"] == "unexpected_error")
    assert [link["class"].rpartition(".")[2] for link in unexpected["exception"]] == [
        "RuntimeError",
        type(make()).__name__,
    ]
    assert any("break_down" in place for place in unexpected["exception"][0]["at"])


async def test_a_missing_file_is_a_defect_and_no_outage(address: str, token: str, notify: Notify) -> None:
    async def broken() -> None:
        raise FileNotFoundError(2, SECRET)

    notify.behave = broken
    assert (await failure_of(client(address, token))).reason == "INTERNAL"


async def test_each_call_has_one_line_that_tells_nothing_of_the_request(
    log_file: Path, address: str, token: str
) -> None:
    await list_messages(client(address, token), metadata=((CORRELATION_ID, "cafe-0002"),))
    (line,) = [line for line in lines(log_file) if line["event"] == "grpc_call"]
    duration_ms = line.pop("duration_ms")
    assert duration_ms >= 0
    line.pop("timestamp")
    assert line.pop("peer").startswith("ipv4:127.0.0.1:")
    assert line == {
        "event": "grpc_call",
        "service": "notify",
        "logger": "services.chassis.calls.server",
        "level": "info",
        "method": LIST,
        "code": "OK",
        "reason": "",
        "office_id": "sa-22",
        "role": "SUPPORT_AGENCY",
        "actor": actor_of("officer-1", ACTOR_KEY),
        "correlation_id": "cafe-0002",
    }


@pytest.mark.parametrize(
    "error",
    [
        StorageUnavailable(),
        OperationalError("SELECT", {}, psycopg.errors.AdminShutdown()),
        psycopg.OperationalError("no route"),
        ConnectionRefusedError(),
    ],
)
async def test_the_client_repeats_while_the_storage_is_away(
    address: str, token: str, notify: Notify, error: Exception
) -> None:
    async def twice_away() -> None:
        if len(notify.seen) <= 2:
            raise error

    notify.behave = twice_away
    response = await list_messages(client(address, token, max_attempts=5))
    assert response.unread_count == 7
    assert len(notify.seen) == 3
    assert len({call.correlation_id for call in notify.seen}) == 1


async def test_the_client_gives_up_with_the_services_own_words(address: str, token: str, notify: Notify) -> None:
    async def away() -> None:
        raise StorageUnavailable

    notify.behave = away
    failure = await failure_of(client(address, token, max_attempts=2))
    assert failure.reason == "STORAGE_UNAVAILABLE"
    assert len(notify.seen) == 2


async def test_other_refusals_are_not_repeated(address: str, token: str, notify: Notify) -> None:
    async def refuse() -> None:
        raise RequestIdReused(request_id="r-1")

    notify.behave = refuse
    await failure_of(client(address, token, max_attempts=5))
    assert len(notify.seen) == 1


@pytest.mark.parametrize("is_heard", [True, False])
async def test_whoever_tries_numbers_out_is_told_of_once(
    serve: Serve, token: str, notify: Notify, is_heard: bool
) -> None:
    told: list[tuple[str, str]] = []

    async def refuse() -> None:
        raise CaseNotFound

    async def tried(caller: Caller) -> None:
        told.append((caller.subject, caller.office_id))
        if not is_heard:
            raise OperationalError("INSERT", {}, psycopg.errors.ConnectionFailure())

    notify.behave = refuse
    _server, address = await serve(tried=tried)

    async def asks(number: int) -> str:
        stub = inbox_pb2_grpc.InboxServiceStub(channel)
        asking = stub.ListMessages(
            inbox_pb2.ListMessagesRequest(case=f"HW-{number}"),
            metadata=(("authorization", f"Bearer {token}"),),
            timeout=WAIT_S,
        )
        return (await refused(asking)).reason

    async with grpc.aio.insecure_channel(address) as channel:
        reasons = [await asks(number) for number in range(UNKNOWN_MAX + 3)]
    assert reasons == ["CASE_NOT_FOUND"] * UNKNOWN_MAX + ["TOO_MANY_UNKNOWN_CASES"] * 3
    assert told == [("officer-1", "sa-22")], "also where nobody could be told the answer is the same"


async def test_a_full_disk_says_so(address: str, token: str, notify: Notify) -> None:
    async def full() -> None:
        raise OperationalError("INSERT", {}, psycopg.errors.DiskFull())

    notify.behave = full
    failure = await failure_of(client(address, token))
    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "STORAGE_FULL")


async def test_nobody_there_is_unavailable(token: str, unused_tcp_port: int) -> None:
    failure = await failure_of(client(f"127.0.0.1:{unused_tcp_port}", token, deadline_s=1))
    assert failure.code is grpc.StatusCode.UNAVAILABLE
    assert failure.reason == "UNAVAILABLE"


async def test_the_synchronous_client_does_the_same(address: str, token: str, notify: Notify) -> None:
    async def away_then_refuse() -> None:
        if len(notify.seen) == 1:
            raise StorageUnavailable
        if len(notify.seen) == 3:
            raise RequestIdReused(request_id="r-1")

    notify.behave = away_then_refuse
    request = inbox_pb2.MarkMessagesReadRequest(message_ids=["a", "b"])

    def work() -> tuple[int, RpcFailure]:
        with client(address, token, language="vi", max_attempts=5).channel() as channel:
            stub = inbox_pb2_grpc.InboxServiceStub(channel)
            marked = stub.MarkMessagesRead(request).marked_count
            with pytest.raises(RpcFailure) as caught:
                stub.MarkMessagesRead(request)
            return marked, caught.value

    marked, failure = await asyncio.to_thread(work)
    assert marked == 2
    assert failure.message == "Mã yêu cầu r-1 đã được dùng cho một yêu cầu khác."
    assert {call.language for call in notify.seen} == {"vi"}


# Streams ----------------------------------------------------------------------------------------


async def test_a_stream_passes_the_gate_once(
    log_file: Path, address: str, token: str, counter: Counting, metrics: Metrics
) -> None:
    numbers: list[int] = []
    async with grpc.aio.insecure_channel(address) as channel:
        await heard(calling(channel.unary_stream, "CountTo", token)(Int32Value(value=3)), numbers)
    assert numbers == [1, 2, 3]
    (call,) = counter.seen
    assert (call.caller.office_id, call.method) == ("sa-22", full_name(counting("CountTo")))
    labels = {"service": COUNTING_SERVICE.full_name, "method": "CountTo", "code": "OK"}
    assert metrics.registry.get_sample_value("homeward_grpc_calls_total", labels) == 1
    (line,) = [line for line in lines(log_file) if line["event"] == "grpc_call"]
    assert (line["code"], line["office_id"]) == ("OK", "sa-22")


@pytest.mark.parametrize(("name", "make"), [("CountTo", "unary_stream"), ("Running", "stream_stream")])
async def test_a_stream_is_denied_to_whoever_may_not_call(
    address: str, issuer: TokenIssuer, counter: Counting, name: str, make: str
) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        for bearer, reason in (
            (issuer.issue("x", "audit", Role.AUDITOR), "PERMISSION_DENIED"),
            ("not.a.token", "UNAUTHENTICATED"),
        ):
            call = calling(getattr(channel, make), name, bearer)
            answers = call(Int32Value(value=3)) if make == "unary_stream" else call(iter([Int32Value(value=3)]))
            assert (await refused(heard(answers, []))).reason == reason
    assert counter.seen == []


async def test_a_stream_may_fail_after_some_messages(
    log_file: Path, address: str, token: str, counter: Counting
) -> None:
    async def refuse() -> None:
        raise RequestIdReused(request_id="r-1")

    counter.behave = refuse
    numbers: list[int] = []
    async with grpc.aio.insecure_channel(address) as channel:
        failure = await refused(heard(calling(channel.unary_stream, "CountTo", token)(Int32Value(value=3)), numbers))
    assert numbers == [1, 2, 3]
    assert (failure.code, failure.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert failure.metadata == {"request_id": "r-1"}
    (line,) = [line for line in lines(log_file) if line["event"] == "grpc_call"]
    assert (line["code"], line["reason"]) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


async def test_an_unexpected_error_in_a_stream_reveals_nothing(address: str, token: str, counter: Counting) -> None:
    async def break_down() -> None:
        raise RuntimeError(SECRET)

    counter.behave = break_down
    async with grpc.aio.insecure_channel(address) as channel:
        failure = await refused(heard(calling(channel.unary_stream, "CountTo", token)(Int32Value(value=1)), []))
    assert failure.reason == "INTERNAL"
    assert SECRET not in f"{failure}{failure.metadata}"


async def test_a_client_that_hangs_up_ends_its_stream(
    address: str, token: str, counter: Counting, metrics: Metrics
) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    counter.behave = for_ever
    async with grpc.aio.insecure_channel(address) as channel:
        answers = calling(channel.unary_stream, "CountTo", token)(Int32Value(value=1))
        assert (await answers.read()).value == 1
        answers.cancel()
        await asyncio.wait_for(counter.left.wait(), WAIT_S)
        # The gate has let go of the place: its count is the last thing that it does.
        labels = {"service": COUNTING_SERVICE.full_name, "method": "CountTo", "code": "CANCELLED"}

        async def counted() -> bool:
            return metrics.registry.get_sample_value("homeward_grpc_calls_total", labels) == 1

        await eventually(counted)


async def test_a_client_that_does_not_listen_is_let_go(address: str, token: str, counter: Counting) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        answers = calling(channel.unary_stream, "CountTo", token)(Int32Value(value=10_000_000))
        assert (await answers.read()).value == 1
        answers.cancel()
        await asyncio.wait_for(counter.left.wait(), WAIT_S)


async def test_a_stream_ends_after_the_longest_time(serve: Serve, token: str, counter: Counting) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    counter.behave = for_ever
    _, address = await serve(GrpcServerSettings(max_call_s=0.001, max_stream_s=0.5))
    numbers: list[int] = []
    async with grpc.aio.insecure_channel(address) as channel:
        failure = await refused(heard(calling(channel.unary_stream, "CountTo", token)(Int32Value(value=2)), numbers))
    assert (failure.code, failure.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
    assert numbers == [1, 2]
    assert counter.left.is_set()


async def test_a_client_may_stream(address: str, issuer: TokenIssuer, token: str, counter: Counting) -> None:
    numbers = [Int32Value(value=number) for number in (1, 2, 3)]
    async with grpc.aio.insecure_channel(address) as channel:
        assert (await calling(channel.stream_unary, "Sum", token)(iter(numbers))).value == 6
        running: list[int] = []
        await heard(calling(channel.stream_stream, "Running", token)(iter(numbers)), running)
        assert running == [1, 3, 6]
        seen = len(counter.seen)
        stranger = issuer.issue("x", "audit", Role.AUDITOR)
        failure = await refused(calling(channel.stream_unary, "Sum", stranger)(iter(numbers)))
    assert failure.reason == "PERMISSION_DENIED"
    assert len(counter.seen) == seen


async def test_one_call_too_many_is_refused_with_a_reason_and_health_still_answers(
    serve: Serve, token: str, notify: Notify
) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        entered.set()
        await release.wait()

    notify.behave = hold
    _, address = await serve(GrpcServerSettings(max_concurrent_calls=1))
    held = asyncio.ensure_future(list_messages(client(address, token)))
    await asyncio.wait_for(entered.wait(), WAIT_S)
    failure = await failure_of(client(address, token))
    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS")
    assert await health(address) == health_pb2.HealthCheckResponse.SERVING
    release.set()
    assert (await held).unread_count == 7
    for _ in range(3):
        assert (await list_messages(client(address, token))).unread_count == 7


# Strangers, and callers with too much ---------------------------------------------------------


async def never() -> AsyncIterator[Any]:
    """A request that never comes."""
    await asyncio.Event().wait()
    yield inbox_pb2.ListMessagesRequest()


def half_open(channel: grpc.aio.Channel, *metadata: tuple[str, str]) -> Any:
    """A call of which the headers come and the request never does; on the wire a stream of one is a request."""
    method = channel.stream_unary(
        LIST,
        request_serializer=inbox_pb2.ListMessagesRequest.SerializeToString,
        response_deserializer=inbox_pb2.ListMessagesResponse.FromString,
    )
    return method(never(), metadata=metadata, timeout=WAIT_S)


@pytest.mark.attack(45, "260 health watches, no token")
async def test_nobody_watches_health_and_an_honest_call_is_answered_meanwhile(address: str, token: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        watches = [stub.Watch(health_pb2.HealthCheckRequest(), timeout=WAIT_S) for _ in range(260)]
        assert (await list_messages(client(address, token))).unread_count == 7
        for watch in watches:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await watch.read()
            # Those beyond what one connection may open are not even looked at.
            assert refused.value.code() in (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAVAILABLE)
        assert await health(address) == health_pb2.HealthCheckResponse.SERVING


async def test_health_is_told_at_an_address_of_its_own_and_nothing_else_is(serve: Serve, token: str) -> None:
    port = free_port()
    server, _ = await serve(GrpcServerSettings(health_port=port))
    alone = f"127.0.0.1:{port}"
    status = health_pb2.HealthCheckResponse
    assert await health(alone) == await health(alone, SERVICE.full_name) == status.SERVING
    await server.set_serving(SERVICE.full_name, False)
    assert await health(alone, SERVICE.full_name) == status.NOT_SERVING
    async with grpc.aio.insecure_channel(alone) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as watched:
            await health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=WAIT_S).read()
    assert watched.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert (await failure_of(client(alone, token))).code is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.attack(46, "260 half-open calls, no token")
async def test_calls_without_a_token_are_refused_before_their_request_comes(address: str, token: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        calls = [half_open(channel) for _ in range(260)]
        assert (await list_messages(client(address, token))).unread_count == 7
        reasons = {(await refused(call)).reason for call in calls}
    assert "UNAUTHENTICATED" in reasons
    assert reasons <= {"UNAUTHENTICATED", "UNAVAILABLE"}


@pytest.mark.attack(46, "half-open calls of somebody with a token")
async def test_half_open_calls_of_one_account_leave_room_and_are_cut_off(
    serve: Serve, token: str, issuer: TokenIssuer
) -> None:
    _, address = await serve(GrpcServerSettings(max_concurrent_calls=8, body_s=0.5))
    bearer = ("authorization", f"Bearer {token}")
    async with grpc.aio.insecure_channel(address) as channel:
        calls = [half_open(channel, bearer) for _ in range(30)]
        other = issuer.issue("officer-2", "sa-24", Role.SUPPORT_AGENCY)
        assert (await list_messages(client(address, other))).unread_count == 7
        reasons = [(await refused(call)).reason for call in calls]
    assert set(reasons) == {"TOO_MANY_REQUESTS", "REQUEST_UNREADABLE"}
    assert (await list_messages(client(address, token))).unread_count == 7


async def test_a_request_larger_than_its_contract_says_is_refused_unread(
    address: str, token: str, notify: Notify
) -> None:
    async with client(address, token).aio_channel() as channel:
        stub = inbox_pb2_grpc.InboxServiceStub(channel)
        with pytest.raises(RpcFailure) as caught:
            await stub.ListMessages(inbox_pb2.ListMessagesRequest(page_token="x" * 40_000))
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_TOO_LARGE")
    assert caught.value.metadata == {"limit": "32768"}
    assert notify.seen == []


async def test_a_character_that_no_database_takes_is_told_at_its_field(address: str, token: str) -> None:
    async with client(address, token).aio_channel() as channel:
        stub = inbox_pb2_grpc.InboxServiceStub(channel)
        with pytest.raises(RpcFailure) as caught:
            await stub.ListMessages(inbox_pb2.ListMessagesRequest(page_token="a\0b"))
    [violation] = caught.value.violations
    assert (violation.field, violation.code) == ("page_token", "BAD_CHARACTERS")


async def test_who_is_refused_again_and_again_waits(
    serve: Serve, token: str, notify: Notify, issuer: TokenIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.calls.server.REFUSED_MAX", 3)
    _, address = await serve()
    stranger = client(address, issuer.issue("x", "audit", Role.AUDITOR))
    reasons = [(await failure_of(stranger)).reason for _ in range(5)]
    assert reasons == ["PERMISSION_DENIED"] * 3 + ["TOO_MANY_REFUSALS"] * 2

    # A service that is away is nobody's attempt at anything.
    async def away() -> None:
        raise StorageUnavailable

    notify.behave = away
    assert {(await failure_of(client(address, token))).reason for _ in range(5)} == {"STORAGE_UNAVAILABLE"}


async def test_an_open_answer_takes_no_place_of_a_call_and_ends_with_its_token(
    serve: Serve, token: str, counter: Counting
) -> None:
    ended = asyncio.Event()

    def admit(_: Caller) -> None:
        if ended.is_set():
            raise SessionRevoked

    async def for_ever() -> None:
        await asyncio.Event().wait()

    counter.behave = for_ever
    settings = GrpcServerSettings(max_concurrent_calls=1, right_looked_at_s=0.1)
    _, address = await serve(settings, admit)
    numbers: list[int] = []
    async with grpc.aio.insecure_channel(address) as channel:
        answers = calling(channel.unary_stream, "CountTo", token)(Int32Value(value=2))
        listening = asyncio.ensure_future(heard(answers, numbers))
        await eventually(lambda: _is(numbers, [1, 2]))
        assert (await list_messages(client(address, token))).unread_count == 7
        ended.set()
        assert (await refused(listening)).code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert counter.left.is_set()


async def _is(found: list[int], wanted: list[int]) -> bool:
    return found == wanted


async def health(address: str, service: str = "") -> int:
    async with grpc.aio.insecure_channel(address) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        response = await health_pb2_grpc.HealthStub(channel).Check(request, timeout=WAIT_S)
        return int(response.status)


async def test_health_is_open_and_told_per_service(serve: Serve) -> None:
    server, address = await serve()
    status = health_pb2.HealthCheckResponse
    assert await health(address) == await health(address, SERVICE.full_name) == status.SERVING
    await server.set_serving(SERVICE.full_name, False)
    assert await health(address, SERVICE.full_name) == status.NOT_SERVING
    assert await health(address) == status.SERVING


async def reflected(address: str, metadata: Any = ()) -> list[str]:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        requests = [reflection_pb2.ServerReflectionRequest(list_services="")]
        call = stub.ServerReflectionInfo(iter(requests), metadata=metadata, timeout=WAIT_S)
        return [s.name async for response in call for s in response.list_services_response.service]


@pytest.mark.attack(44, "reflection")
async def test_reflection_is_an_administrators_unless_settings_open_it(
    serve: Serve, token: str, issuer: TokenIssuer
) -> None:
    _, address = await serve()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reflected(address)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reflected(address, (("authorization", f"Bearer {token}"),))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    administrator = issuer.issue("x", "admin", Role.ADMIN)
    assert SERVICE.full_name in await reflected(address, (("authorization", f"Bearer {administrator}"),))
    _, open_address = await serve(GrpcServerSettings(open_reflection=True))
    assert SERVICE.full_name in await reflected(open_address)


async def test_stopping_tells_health_first_and_lets_a_running_call_end(
    serve: Serve, token: str, notify: Notify
) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        entered.set()
        await release.wait()

    notify.behave = hold
    server, address = await serve()
    held = asyncio.ensure_future(list_messages(client(address, token)))
    await asyncio.wait_for(entered.wait(), WAIT_S)
    async with grpc.aio.insecure_channel(address) as channel:
        # A connection made before is still heard until the last call has ended.
        stub = health_pb2_grpc.HealthStub(channel)
        assert (await stub.Check(health_pb2.HealthCheckRequest())).status == health_pb2.HealthCheckResponse.SERVING
        stopping = asyncio.ensure_future(server.stop(WAIT_S))
    release.set()
    assert (await held).unread_count == 7
    await stopping
    await server.stop()
    failure = await failure_of(client(address, token, deadline_s=1))
    assert failure.code is grpc.StatusCode.UNAVAILABLE


async def test_a_client_that_hangs_up_cannot_cut_shielded_work(address: str, token: str, notify: Notify) -> None:
    entered, release, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def commit() -> None:
        entered.set()
        await release.wait()
        done.set()

    async def shielded() -> None:
        await asyncio.shield(asyncio.ensure_future(commit()))

    notify.behave = shielded
    call = asyncio.ensure_future(list_messages(client(address, token)))
    await asyncio.wait_for(entered.wait(), WAIT_S)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    release.set()
    await asyncio.wait_for(done.wait(), WAIT_S)


async def test_two_servers_cannot_share_a_port(serve: Serve) -> None:
    _, address = await serve()
    with pytest.raises(RuntimeError):
        await serve(GrpcServerSettings(port=int(address.rpartition(":")[2])))


def test_plaintext_stays_on_this_machine() -> None:
    with pytest.raises(ValueError, match="loopback"):
        GrpcServerSettings(host="0.0.0.0")
    with pytest.raises(ValueError, match="TLS"):
        Client("intake.example:443", "token")
    assert GrpcServerSettings(host="0.0.0.0", plaintext_network=True).address == "0.0.0.0:0"
    assert Client("[::1]:443", "token").tls is None
    assert Client("intake.example:443").token is None


def test_a_client_does_not_show_its_token() -> None:
    assert "geheim" not in repr(Client("127.0.0.1:1", "geheim"))


class Authority:
    """A certificate authority that lives for one test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate("ca", self._key.public_key(), ca=True)
        (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))

    def certify(self, name: str) -> tuple[Path, Path, Path]:
        """Paths of the authority's certificate, a new one for this name, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(name, key.public_key(), ca=False)
        paths = self._folder / "ca.pem", self._folder / f"{name}.pem", self._folder / f"{name}.key"
        paths[1].write_bytes(certificate.public_bytes(Encoding.PEM))
        paths[2].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return paths

    def _certificate(self, name: str, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(minutes=5))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
            .sign(self._key, SHA256())
        )


async def test_with_mutual_tls_only_known_machines_connect(serve: Serve, token: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    ca, certificate, key = authority.certify("server")
    _, address = await serve(GrpcServerSettings(tls=ServerTls(certificate, key, client_ca=ca)))
    known = ClientTls(*authority.certify("client"))
    assert (await list_messages(client(address, token, tls=known))).unread_count == 7
    failure = await failure_of(client(address, token, tls=ClientTls(ca=ca), deadline_s=2))
    assert failure.code is grpc.StatusCode.UNAVAILABLE
