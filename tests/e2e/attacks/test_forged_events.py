"""Whoever can write to Kafka, or to a database, speaks for no service: nobody is moved, lost or read by that.

The forger has what no outsider has: the operator's login in the embedded Kafka, who may write anywhere there, and where
it says so the login and the key of a compromised service.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, office_pb2, transfer_pb2
from homeward.handover.v1 import accountable_pb2
from homeward.intake.v1 import reading_pb2, submissions_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls import service_tokens
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import built_in_directory
from services.chassis.events.envelope import Envelope, Headers, read
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.signing import EventSigner, signature_text
from services.chassis.events.streams import FOLLOWUP, HANDOVER, OFFICE, OFFICE_SUBJECT, TRANSFER
from services.chassis.telemetry.trace import Trace
from services.client.services import SERVICES
from services.client.tokens import TOKEN_ISSUER, OfficeTokens
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import POST, agency, homeward
from tests.robustness.history import read_topics
from tests.support.whole import Whole, until

THIEF = "RC-OPEN-HOUSE"
HOME = "04"
REFUSED = "SELECT count(*) FROM inbox WHERE state = 'QUARANTINED' AND subject IS NULL AND error = %s"
PURPOSE = "Invented purpose"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def whole(rough: Whole) -> Iterator[Whole]:
    """A running system; what was refused in it is skipped afterwards, so that others find it well."""
    rough.ensure_runs()
    yield rough
    for service in SERVICES:
        rough.rows(service, "UPDATE inbox SET state = 'SKIPPED' WHERE state = 'QUARANTINED' AND subject IS NULL")


@pytest.fixture(scope="module")
def desks(whole: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with whole.desks() as stubs:
        yield stubs


@pytest.fixture
def case(desks: OfficeCalls) -> str:
    """Somebody whom a border post has registered."""
    (found,) = work.submit(desks, [work.person(home=HOME)])
    work.wait_custody(desks, POST, found)
    return found


def identity(desks: OfficeCalls, office_id: str, case: str) -> str:
    """The name, as this office reads it; why not, where it does not."""
    request = reading_pb2.GetCaseRequest(case=case, include_identity=True, purpose=PURPOSE)
    try:
        return str(desks.at(office_id).reading.GetCase(request).case.person.full_name) or "NO_NAME"
    except RpcFailure as refused:
        return refused.reason


def event(message: Message, source: str, *, subject: str = "", version: int = 1) -> Envelope:
    """An event that somebody makes up."""
    named = subject or getattr(message, "case_id", "") or str(OFFICE_SUBJECT)
    name = message.DESCRIPTOR.full_name
    trace = Trace(str(uuid.uuid4()))
    payload = message.SerializeToString()
    return Envelope(uuid.uuid4(), name, source, uuid.UUID(named), version, work.real_now(), trace, payload, "")


def signed_by(whole: Whole, service: str, said: Envelope) -> Envelope:
    """With the key of a service."""
    signer = EventSigner.from_file(service, whole.home.event_keys.private(service))
    return replace(said, signature=signature_text(signer.kid, signer.sign(said.said())))


def stolen(case: str) -> transfer_pb2.CustodyChanged:
    """Handover is made to say that the thief is accountable."""
    return transfer_pb2.CustodyChanged(
        case_id=case,
        segment=9,
        phase=types_pb2.CASE_PHASE_ADMITTED,
        accountable_office_id=THIEF,
        previous_office_id=POST,
        cause=types_pb2.CUSTODY_CAUSE_REASSIGNED,
    )


@contextmanager
def producing(kafka: KafkaSettings) -> Iterator[Callable[[str, bytes | None, bytes | None, Headers], None]]:
    """A producer of the forger's own."""
    from kafka import KafkaProducer

    # A broker that lost everything gives a new producer the number of one that goes on.
    with closing(KafkaProducer(enable_idempotence=False, acks="all", **kafka.kafka_python_arguments())) as producer:

        def send(topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
            producer.send(topic, key=key, value=value, headers=headers).get(timeout=60)

        yield send


def publish(whole: Whole, topic: str, *forged: Envelope) -> None:
    """Write to a stream, as whoever owns the broker can."""
    with producing(whole.kafka()) as send:
        for one in forged:
            send(topic, one.key(), one.payload, one.headers())


def refused_as(whole: Whole, service: str, reason: str) -> int:
    """How many records a service has refused with this reason."""
    return int(whole.rows(service, REFUSED, reason)[0][0])


@contextmanager
def refusing(whole: Whole, service: str, reason: str, count: int) -> Iterator[None]:
    """Within, so many records more are refused."""
    before = refused_as(whole, service, reason)
    yield
    until(lambda: refused_as(whole, service, reason) >= before + count, 60, what=f"{service} refuses {reason}")
    assert refused_as(whole, service, reason) == before + count


def nobody_holds(whole: Whole) -> bool:
    """Whether every consumer runs."""
    return not any(whole.rows(service, "SELECT 1 FROM consumer_control WHERE desired = 'HOLD'") for service in SERVICES)


@pytest.mark.attack(49, "forged CustodyChanged")
def test_custody_said_by_nobody_gives_no_identity(whole: Whole, desks: OfficeCalls, case: str) -> None:
    with refusing(whole, "intake", "BAD_SIGNATURE", 2):
        fresh = event(stolen(case), "handover", version=2), event(stolen(case), "handover", subject=str(uuid.uuid4()))
        publish(whole, TRANSFER.topic, *fresh)
    assert identity(desks, THIEF, case) == "CASE_NOT_FOUND"
    assert identity(desks, POST, case) == work.invented_name(0)
    assert nobody_holds(whole)


@pytest.mark.attack(49, "forged CustodyChanged")
def test_custody_said_by_another_service_gives_no_identity(whole: Whole, desks: OfficeCalls, case: str) -> None:
    with refusing(whole, "intake", "WRONG_SOURCE", 1), refusing(whole, "intake", "BAD_SIGNATURE", 1):
        own = signed_by(whole, "notify", event(stolen(case), "notify", version=2))
        in_its_name = signed_by(whole, "notify", event(stolen(case), "handover", version=2))
        publish(whole, TRANSFER.topic, own, in_its_name)
    assert identity(desks, THIEF, case) == "CASE_NOT_FOUND"


@pytest.mark.attack(49, "forged CustodyChanged")
def test_what_handover_said_of_one_case_counts_for_no_other(whole: Whole, desks: OfficeCalls, case: str) -> None:
    """Records that it signed: said again under a new id, with another subject, stripped, on its other stream."""
    records = [one for one in read_topics(whole.kafka(), [TRANSFER.topic]) if one.key == case.encode()]
    genuine = read(records[0].value, list(records[0].headers))
    with refusing(whole, "intake", "BAD_SIGNATURE", 3), refusing(whole, "intake", "WRONG_STREAM", 1):
        publish(
            whole,
            TRANSFER.topic,
            replace(genuine, event_id=uuid.uuid4()),
            replace(genuine, subject=uuid.uuid4()),
            replace(genuine, signature=""),
        )
        publish(whole, OFFICE.topic, genuine)
    with refusing(whole, "intake", "WRONG_SUBJECT", 1):
        another = event(stolen(case), "handover", subject=str(uuid.uuid4()))
        publish(whole, TRANSFER.topic, signed_by(whole, "handover", another))
    assert identity(desks, POST, case) == work.invented_name(0)


@pytest.mark.attack(49, "forged CustodyChanged")
def test_a_row_altered_in_the_outbox_is_heard_by_nobody(whole: Whole, desks: OfficeCalls, case: str) -> None:
    whole.wait_quiet()
    forged = stolen(case).SerializeToString()
    with refusing(whole, "intake", "BAD_SIGNATURE", 1):
        whole.rows(
            "handover",
            "INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id,"
            " traceparent, payload, signature, kid)"
            " SELECT gen_random_uuid(), topic, type, subject, version + 1, now(), correlation_id, '', '', %s,"
            " signature, kid FROM outbox WHERE subject = %s AND topic = %s ORDER BY id DESC LIMIT 1 RETURNING 1",
            forged,
            case,
            TRANSFER.topic,
        )
    assert identity(desks, THIEF, case) == "CASE_NOT_FOUND"
    whole.rows("handover", "DELETE FROM outbox WHERE subject = %s AND payload = %s RETURNING 1", case, forged)


@pytest.mark.attack(50, "forged CaseClosed, OfficeEnded")
def test_a_closing_and_an_end_of_an_office_said_by_nobody_end_nothing(
    whole: Whole, desks: OfficeCalls, case: str
) -> None:
    closed = followup_pb2.CaseClosed(case_id=case, reason=types_pb2.CLOSE_REASON_DIED)
    ended = office_pb2.OfficeEnded(office_id="SA-15", successor_id="SA-11")
    with refusing(whole, "handover", "BAD_SIGNATURE", 1), refusing(whole, "intake", "BAD_SIGNATURE", 2):
        publish(whole, FOLLOWUP.topic, event(closed, "followup"))
        publish(whole, OFFICE.topic, event(ended, "handover"))
    assert work.custody(desks, POST, case).phase == types_pb2.CASE_PHASE_REGISTERED
    assert not any(whole.rows(service, "SELECT 1 FROM office_end WHERE office_id = 'SA-15'") for service in SERVICES)


@pytest.mark.attack(51, "25 garbage records")
def test_garbage_stops_no_consumer(whole: Whole, desks: OfficeCalls) -> None:
    with refusing(whole, "intake", "NO_HEADERS", 25), producing(whole.kafka()) as send:
        for _ in range(25):
            send(TRANSFER.topic, None, b"garbage", [])
    assert nobody_holds(whole)
    (case,) = work.submit(desks, [work.person(home=HOME)])
    work.wait_custody(desks, POST, case)
    assert identity(desks, POST, case) == work.invented_name(0)


@pytest.mark.attack(51, "25 garbage records")
def test_doctor_and_audit_say_that_records_were_refused_until_they_are_skipped(whole: Whole) -> None:
    with refusing(whole, "notify", "BAD_SIGNATURE", 1):
        publish(whole, TRANSFER.topic, event(stolen(str(uuid.uuid4())), "handover"))
    examined, audited = homeward(whole, "doctor"), homeward(whole, "audit")
    assert (examined.returncode, audited.returncode) == (1, 1), examined.stdout + audited.stdout
    assert "notify refused" in examined.stdout
    assert "notify refused" in audited.stdout
    for service in SERVICES:
        refused = "SELECT id FROM inbox WHERE state = 'QUARANTINED' AND subject IS NULL ORDER BY id"
        first, *others = [str(number) for (number,) in whole.rows(service, refused)] or [""]
        if first:
            said = ("--reason", "An invented forger", "--by", "An invented operator")
            skipped = homeward(whole, "events", "quarantine", "skip", f"{service}/{first}", *said)
            assert skipped.returncode == 0, skipped.stdout + skipped.stderr
        for number in others:
            whole.rows(service, "UPDATE inbox SET state = 'SKIPPED' WHERE id = %s RETURNING 1", number)
    assert "refused" not in homeward(whole, "doctor").stdout
    assert "refused" not in homeward(whole, "audit").stdout


@pytest.mark.attack(49, "forged CustodyChanged")
@pytest.mark.parametrize("service", [one for one in SERVICES if one != TRANSFER.producer])
def test_the_broker_lets_no_other_service_speak_for_handover(service: str, whole: Whole) -> None:
    from kafka.errors import TopicAuthorizationFailedError

    with producing(whole.kafka(service)) as send, pytest.raises(TopicAuthorizationFailedError):
        send(TRANSFER.topic, b"key", b"value", [])


@pytest.mark.attack(49, "forged CustodyChanged")
def test_the_broker_knows_nobody_without_a_password(whole: Whole) -> None:
    from services.chassis.events.kafka_admin import KafkaAdminError, list_topics

    wrong = replace(whole.kafka("notify"), sasl_password="guessed")
    for stranger in (KafkaSettings(wrong.bootstrap), wrong):
        with pytest.raises(KafkaAdminError):
            list_topics(stranger, timeout_s=2)
    assert HANDOVER.topic not in list_topics(whole.kafka("followup"), timeout_s=30)


# Entitlement that is late ---------------------------------------------------------------------


@contextmanager
def intake_behind(whole: Whole) -> Iterator[None]:
    """Intake takes nothing in, as when Kafka is away."""
    hold = "INSERT INTO consumer_control VALUES ('intake', 'HOLD', 'TEST', now()) ON CONFLICT (consumer)"
    whole.rows("intake", f"{hold} DO UPDATE SET desired = 'HOLD', reason = 'TEST' RETURNING 1")
    try:
        yield
    finally:
        whole.rows("intake", "UPDATE consumer_control SET desired = 'RUN', reason = '' RETURNING 1")


@pytest.fixture
def arrived(whole: Whole, desks: OfficeCalls, case: str) -> Iterator[str]:
    """She was acknowledged at home, and intake has not heard of it."""
    work.dispatch(desks, case, HOME)
    whole.wait_quiet()
    with intake_behind(whole):
        work.acknowledge(desks, case, HOME)
        yield case


OTHER_NAME = "Tên Khác Thí Dụ"


def corrected(desks: OfficeCalls, case: str) -> str:
    """What the border post is told when it rewrites her name."""
    request = submissions_pb2.CorrectCaseRequest(request_id=work.request_id(), case=case, reason="Invented reason")
    request.person.full_name = OTHER_NAME
    request.update_mask.paths.append("full_name")
    try:
        desks.at(POST).submissions.CorrectCase(request)
    except RpcFailure as refused:
        return refused.reason
    return "DONE"


@pytest.mark.attack(52, "read and correct as former custodian while intake is behind")
def test_the_former_custodian_reads_and_rewrites_nobody_while_intake_is_behind(
    desks: OfficeCalls, arrived: str
) -> None:
    assert identity(desks, POST, arrived) == "NO_NAME"
    assert corrected(desks, arrived) == "CUSTODY_HAS_PASSED"
    assert identity(desks, agency(HOME), arrived) == work.invented_name(0)


@pytest.mark.attack(52, "read and correct as former custodian while intake is behind")
def test_nobody_is_shown_to_anybody_while_handover_cannot_be_asked(whole: Whole, desks: OfficeCalls, case: str) -> None:
    with work.stopped(whole.pid("handover")):
        # The client repeats what is UNAVAILABLE until its time is over.
        not_shown = {"ENTITLEMENT_UNKNOWN", "DEADLINE_EXCEEDED", "DEADLINE_TOO_SHORT"}
        with ThreadPoolExecutor(2) as both:
            answers = [both.submit(identity, desks, POST, case), both.submit(corrected, desks, case)]
        assert {answer.result() for answer in answers} <= not_shown
    # She is still the post's: what was asked for in time may be done when handover answers again.
    assert identity(desks, POST, case) in (work.invented_name(0), OTHER_NAME)


@pytest.mark.attack(52, "read and correct as former custodian while intake is behind")
def test_what_services_ask_one_another_is_told_to_no_officer_and_no_other_service(whole: Whole, case: str) -> None:
    import grpc

    from homeward.handover.v1.accountable_pb2_grpc import AccountabilityServiceStub

    def asked(token: str) -> Any:
        with grpc.insecure_channel(whole.addresses["handover"]) as channel:
            request = accountable_pb2.GetAccountableRequest(case=case)
            metadata = (("authorization", f"Bearer {token}"),) if token else ()
            try:
                return AccountabilityServiceStub(channel).GetAccountable(request, metadata=metadata, timeout=30)
            except grpc.RpcError as error:
                return error.code().name if isinstance(error, grpc.Call) else error

    def token_of(service: str, to: str = "handover") -> str:
        signer = EventSigner.from_file(service, whole.home.event_keys.private(service))
        return service_tokens.issue(signer, to)

    issuer = TokenIssuer.from_file(whole.home.signing_key, TOKEN_ISSUER)
    assert asked(OfficeTokens(issuer, built_in_directory()).of("ADMIN-NATIONAL")) == "PERMISSION_DENIED"
    assert asked(token_of("notify")) == "PERMISSION_DENIED"
    assert [asked(""), asked(token_of("intake", "notify"))] == ["UNAUTHENTICATED"] * 2
    assert asked(token_of("intake")).accountable_office_id == POST
