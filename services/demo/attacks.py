"""What somebody would try who wants to move, lose or read a person, tried on the Homeward that was just played.

Nothing of it changes what the demonstration counts: what is refused leaves nothing behind but a line in a log, and what
asks for a second person is withdrawn by who asked.
"""

from __future__ import annotations

import base64
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import grpc
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from grpc_health.v1 import health_pb2, health_pb2_grpc

from homeward.handover.v1 import approvals_pb2, custody_pb2, directory_pb2, transfers_pb2
from homeward.intake.v1 import cases_pb2, identification_pb2, reading_pb2, submissions_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import Directory
from services.chassis.country.offices import NATIONAL_SUPERVISOR
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.streams import TRANSFER
from services.chassis.kernel.roles import Role
from services.chassis.kernel.texts import Texts
from services.chassis.storage.key_files import create_signing_key
from services.client.texts import N_
from services.client.tokens import TOKEN_ISSUER, scope_of
from services.demo.office_calls import AioOfficeCalls

ADMIN: Final = "ADMIN-NATIONAL"
ENDED: Final = "SA-04-2004"
PROBES: Final = 25
CALL_S: Final = 10.0
LOOKED_AT_MAX: Final = 40
"""So many cases are looked at for one that is at home."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A person at home: the post that sent her, the agency that looks after her, one that has nothing to do with her,
    and the police of her home."""

    case: str
    post_id: str
    agency_id: str
    other_id: str
    police_id: str


@dataclass(frozen=True)
class Stage:
    """What an attacker has: the way to the services, tokens of any office, and a login to the broker.

    `broker` None: there is none to be tried.
    """

    offices: AioOfficeCalls
    issuer: TokenIssuer
    directory: Directory
    addresses: Mapping[str, str]
    broker: KafkaSettings | None
    victim: Victim
    today: date

    def token(self, office_id: str, *, role: Role | None = None, scope: str | None = None, subject: str = "") -> str:
        """One of somebody at an office; with another role or scope, a wrongly issued one."""
        office = self.directory.office(office_id)
        who = subject or f"attacker@{office_id}"
        return self.issuer.issue(who, office_id, role or office.role, scope or scope_of(office))

    async def ask(self, method: Any, request: Any, token: str) -> Any:
        """Call a method of a stub. Raises RpcFailure."""
        return await self.offices.ask(method, request, token)

    @property
    def stubs(self) -> Any:
        """Of all services."""
        return self.offices.stubs


Try = Callable[[Stage], Awaitable[str]]
"""Tries, and tells as what it was refused; empty when it worked."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One that must not work. `title` is an English text to be translated; `refused_as`: any of these."""

    title: str
    attempt: Try
    refused_as: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one ended."""

    attack: Attack
    reason: str

    @property
    def is_as_expected(self) -> bool:
        """Refused, and for the right reason."""
        return self.reason in self.attack.refused_as


async def find_victim(
    offices: AioOfficeCalls, directory: Directory, cases: Iterable[str], today: date
) -> Victim | None:
    """The first of some cases whose person is at home, and was sent by a border post of another province.

    The other agency stands today: of one that a demonstration has ended everything would be refused for that alone.
    """
    standing = await _agencies(offices, today)
    for _, case in zip(range(LOOKED_AT_MAX), cases, strict=False):
        request = custody_pb2.GetCustodyRequest(case=case)
        found = (await offices.call(offices.stubs.custody.GetCustody, NATIONAL_SUPERVISOR, request)).custody
        if found.phase != types.CASE_PHASE_FOLLOW_UP:
            continue
        post = directory.office(found.segments[0].office_id)
        agency = directory.office(found.accountable_office_id)
        home = directory.province_of(agency, today)
        if post.role is not Role.BORDER_POST or home in (None, directory.province_of(post, today)):
            continue
        had = {each.office_id for each in found.segments} | {each.to_office_id for each in found.transfers}
        elsewhere = (each for each in standing if each not in had)
        police = directory.offices(role=Role.VERIFIER, on=today, province=home)
        return Victim(case, post.id, agency.id, next(elsewhere), next(iter(police)).id)
    return None


async def _agencies(offices: AioOfficeCalls, today: date) -> Sequence[str]:
    """Those that are at work, as the services list them."""
    request = directory_pb2.ListOfficesRequest(role=Role.SUPPORT_AGENCY, on=today.isoformat())
    pages = offices.pages(offices.stubs.directory.ListOffices, NATIONAL_SUPERVISOR, request)
    return [office.office_id async for page in pages for office in page.offices]


async def tried(stage: Stage) -> Sequence[Outcome]:
    """Every attack, one after the other."""
    return [Outcome(attack, await _attempted(attack, stage)) for attack in ATTACKS]


async def _attempted(attack: Attack, stage: Stage) -> str:
    try:
        return await attack.attempt(stage)
    except RpcFailure as refused:
        return refused.reason
    except KafkaError as refused:
        return _snake(type(refused).__name__.removesuffix("Error"))


def told(outcomes: Sequence[Outcome], t: Texts) -> list[tuple[str, str]]:
    """The table: the attack, and as what it was refused; beside another reason the one that it is about."""
    return [(t(each.attack.title), _end(each, t)) for each in outcomes]


def _end(outcome: Outcome, t: Texts) -> str:
    if not outcome.reason:
        return t("IT WORKED")
    if outcome.is_as_expected:
        return outcome.reason
    expected = ", ".join(sorted(outcome.attack.refused_as))
    return t("{reason}, and not {expected}", reason=outcome.reason, expected=expected)


# What is tried.


async def _refusal(call: Awaitable[Any]) -> str:
    try:
        await call
    except RpcFailure as refused:
        return refused.reason or refused.code.name
    return ""


def _calls(make: Callable[[Stage], tuple[Any, Any, str]]) -> Try:
    """An attack that is one call: method, request and token."""

    async def attempt(stage: Stage) -> str:
        method, request, token = make(stage)
        return await _refusal(stage.ask(method, request, token))

    return attempt


async def _writes_to_the_broker(stage: Stage) -> str:
    """By the login of the service that says least, to the stream that says who is accountable."""
    if stage.broker is None:
        return "TOPIC_AUTHORIZATION_FAILED"
    producer = AIOKafkaProducer(**stage.broker.aiokafka_arguments())
    await producer.start()
    try:
        await producer.send_and_wait(TRANSFER.topic, key=stage.victim.case.encode(), value=b"")
    finally:
        await producer.stop()
    return ""


def _snake(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name).strip("_")


async def _forges_a_token(stage: Stage) -> str:
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.pem"
        create_signing_key(key)
        forger = TokenIssuer.from_file(key, TOKEN_ISSUER)
        token = forger.issue("attacker", NATIONAL_SUPERVISOR, Role.SUPERVISOR, "national")
    return await _refusal(stage.ask(stage.stubs.custody.GetCustody, _custody(stage), token))


async def _leaves_the_signature_out(stage: Stage) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
    token = f"{header}.{stage.token(NATIONAL_SUPERVISOR).split('.')[1]}."
    return await _refusal(stage.ask(stage.stubs.custody.GetCustody, _custody(stage), token))


async def _reads(stage: Stage, office_id: str) -> str:
    """As far as the answer tells who she is; refused is as well whoever learns nothing of her."""
    request = reading_pb2.GetCaseRequest(case=stage.victim.case, include_identity=True, purpose="OTHER")
    try:
        answer = await stage.ask(stage.stubs.reading.GetCase, request, stage.token(office_id))
    except RpcFailure as refused:
        return refused.reason
    view = cases_pb2.IdentityView.Name(answer.case.identity_view)
    return view if not answer.case.HasField("person") else ""


async def _probes_numbers(stage: Stage) -> str:
    """Ids that there are not, until that is enough."""
    token = stage.token(stage.victim.other_id, subject="prober")
    reason = ""
    for _ in range(PROBES):
        request = custody_pb2.GetCustodyRequest(case=str(uuid.uuid4()))
        reason = await _refusal(stage.ask(stage.stubs.custody.GetCustody, request, token))
        if reason != "CASE_NOT_FOUND":
            break
    return reason


async def _uses_a_request_id_again(stage: Stage) -> str:
    token = stage.token(stage.victim.other_id)
    first = inbox_pb2.MarkMessagesReadRequest(request_id=str(uuid.uuid4()), message_ids=[str(uuid.uuid4())])
    other = inbox_pb2.MarkMessagesReadRequest(request_id=first.request_id, message_ids=[str(uuid.uuid4())])
    await stage.ask(stage.stubs.inbox.MarkMessagesRead, first, token)
    return await _refusal(stage.ask(stage.stubs.inbox.MarkMessagesRead, other, token))


async def _approves_what_it_asked(stage: Stage) -> str:
    return await _asks_and_approves(stage, by=stage.token(ADMIN))


async def _approves_without_a_supervisor(stage: Stage) -> str:
    return await _asks_and_approves(stage, by=stage.token(ADMIN, subject="accomplice"))


async def _asks_and_approves(stage: Stage, *, by: str) -> str:
    """An administrator asks for another limit, whoever has that token approves it, and it is asked for again."""
    token, request = stage.token(ADMIN), _rule(stage, 8)
    try:
        await stage.ask(stage.stubs.directory.ChangeRule, request, token)
    except RpcFailure as waits:
        ids = {"approval_id": waits.metadata.get("approval_id", "")}
    else:
        return ""
    approve = approvals_pb2.ApproveRequestRequest(request_id=str(uuid.uuid4()), **ids)
    withdraw = approvals_pb2.WithdrawRequestRequest(request_id=str(uuid.uuid4()), **ids)
    try:
        refusal = await _refusal(stage.ask(stage.stubs.approvals.ApproveRequest, approve, by))
        return refusal or await _refusal(stage.ask(stage.stubs.directory.ChangeRule, request, token))
    finally:
        await stage.ask(stage.stubs.approvals.WithdrawRequest, withdraw, token)


async def _watches_health(stage: Stage) -> str:
    async with grpc.aio.insecure_channel(stage.addresses["intake"]) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=CALL_S)
        try:
            await watch.read()
        except grpc.aio.AioRpcError as refused:
            return refused.code().name
    return ""


def _custody(stage: Stage) -> custody_pb2.GetCustodyRequest:
    return custody_pb2.GetCustodyRequest(case=stage.victim.case)


def _case(request_type: Any, **fields: Any) -> Callable[[Stage], Any]:
    return lambda stage: request_type(request_id=str(uuid.uuid4()), case=stage.victim.case, **fields)


def _rule(stage: Stage, days: int) -> directory_pb2.ChangeRuleRequest:
    return directory_pb2.ChangeRuleRequest(
        request_id=str(uuid.uuid4()),
        code="TRANSFER_LOST",
        amount=days,
        unit="CALENDAR_DAYS",
        basis="POLICY",
        legal_source="-",
        valid_from=(stage.today + timedelta(days=1)).isoformat(),
    )


_acknowledge = _case(transfers_pb2.AcknowledgeTransferRequest)
_withdraw = _case(submissions_pb2.WithdrawCaseRequest, reason=types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE)


def _decision(stage: Stage) -> identification_pb2.DecideIdentificationRequest:
    return identification_pb2.DecideIdentificationRequest(
        request_id=str(uuid.uuid4()),
        case=stage.victim.case,
        status=types.IDENTIFICATION_STATUS_IDENTIFIED,
        decided_on=stage.today.isoformat(),
        grounds=["FORCED_MARRIAGE"],
    )


ATTACKS: Final = (
    Attack(
        N_("Write to the stream of custody with the login of another service"),
        _writes_to_the_broker,
        frozenset({"TOPIC_AUTHORIZATION_FAILED"}),
    ),
    Attack(N_("Sign in with a token by a key of one's own"), _forges_a_token, frozenset({"UNAUTHENTICATED"})),
    Attack(N_("Sign in with a token without a signature"), _leaves_the_signature_out, frozenset({"UNAUTHENTICATED"})),
    Attack(
        N_("Look at a person with the token of another agency"),
        _calls(lambda on: (on.stubs.custody.GetCustody, _custody(on), on.token(on.victim.other_id))),
        frozenset({"CASE_NOT_FOUND"}),
    ),
    Attack(
        N_("Say for another agency that she has arrived"),
        _calls(lambda on: (on.stubs.transfers.AcknowledgeTransfer, _acknowledge(on), on.token(on.victim.other_id))),
        frozenset({"CASE_NOT_FOUND"}),
    ),
    Attack(
        N_("Say as the post that sent her that she has arrived"),
        _calls(lambda on: (on.stubs.transfers.AcknowledgeTransfer, _acknowledge(on), on.token(on.victim.post_id))),
        frozenset({"PERMISSION_DENIED"}),
    ),
    Attack(
        N_("Withdraw a person after she was received elsewhere"),
        _calls(lambda on: (on.stubs.submissions.WithdrawCase, _withdraw(on), on.token(on.victim.post_id))),
        frozenset({"CUSTODY_HAS_PASSED"}),
    ),
    Attack(
        N_("Read who she is at the post that once had her"),
        lambda on: _reads(on, on.victim.post_id),
        frozenset({"IDENTITY_VIEW_NONE"}),
    ),
    Attack(
        N_("Read who she is at an agency that never had her"),
        lambda on: _reads(on, on.victim.other_id),
        frozenset({"CASE_NOT_FOUND"}),
    ),
    Attack(
        N_("Read who she is as the police of her home"),
        lambda on: _reads(on, on.victim.police_id),
        frozenset({"IDENTITY_VIEW_NONE"}),
    ),
    Attack(
        N_("Decide in the place of another police"),
        _calls(lambda on: (on.stubs.identification.DecideIdentification, _decision(on), on.token(on.victim.police_id))),
        frozenset({"NOT_YOUR_DECISION"}),
    ),
    Attack(
        N_("Look at a person as an administrator"),
        _calls(lambda on: (on.stubs.custody.GetCustody, _custody(on), on.token(ADMIN))),
        frozenset({"PERMISSION_DENIED"}),
    ),
    Attack(
        N_("Be a supervisor by a token that names an agency"),
        _calls(
            lambda on: (
                on.stubs.custody.GetCustody,
                _custody(on),
                on.token(on.victim.other_id, role=Role.SUPERVISOR, scope="national"),
            )
        ),
        frozenset({"ROLE_IS_NOT_THE_OFFICES"}),
    ),
    Attack(
        N_("Come from an office that has ended"),
        _calls(lambda on: (on.stubs.custody.GetCustody, _custody(on), on.token(ENDED))),
        frozenset({"OFFICE_SUCCEEDED", "OFFICE_ENDED"}),
    ),
    Attack(N_("Try out case numbers, one after the other"), _probes_numbers, frozenset({"TOO_MANY_UNKNOWN_CASES"})),
    Attack(
        N_("Send another content under a request id that was used"),
        _uses_a_request_id_again,
        frozenset({"REQUEST_ID_REUSED"}),
    ),
    Attack(N_("Approve oneself what one has asked for"), _approves_what_it_asked, frozenset({"SAME_PERSON"})),
    Attack(
        N_("Change a limit as two administrators, without a supervisor"),
        _approves_without_a_supervisor,
        frozenset({"APPROVAL_NEEDED"}),
    ),
    Attack(
        N_("Make “lost” begin after twenty-seven years"),
        _calls(lambda on: (on.stubs.directory.ChangeRule, _rule(on, 9_999), on.token(ADMIN))),
        frozenset({"INVALID_INPUT"}),
    ),
    Attack(N_("Lock others out by watching health without a token"), _watches_health, frozenset({"UNIMPLEMENTED"})),
)
