"""One person with the tokens of one office, who also writes to the broker, against all four services.

Whatever they call, in whatever order, between what honest offices do: nobody becomes accountable who did not take her,
they read nobody whom they are not entitled to read, and every open case has a deadline that is watched.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.events.v1 import handover_pb2, office_pb2, transfer_pb2
from homeward.intake.v1 import cases_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.policy import full_name
from services.chassis.country.directory import Directory
from services.chassis.events.envelope import headers_of
from services.chassis.events.inbox import row_of
from services.chassis.events.signing import Said, signature_text
from services.chassis.events.streams import OFFICE_SUBJECT, STREAM_OF_TYPE
from services.chassis.kernel.clock import Clock
from services.chassis.kernel.errors import HomewardError
from services.chassis.service.process import Chassis
from services.chassis.telemetry.trace import Trace
from tests.integration.matrix.asking import METHODS, POLICIES, Asking, asked_about, asking, is_list, names_a_case
from tests.integration.matrix.stories import CENTRE, HOME, IDS, OTHER_POST, POLICE, POST, Story, Teller
from tests.support.clocks import FakeClock, viet_nam
from tests.support.examples import examples
from tests.support.fixtures import ServiceDatabase
from tests.support.identities import caller_for
from tests.support.pair import Loop
from tests.support.processes import build_chassis
from tests.support.signing import event_keys, signer_of

ADVERSARIES: Final = (
    POST,
    OTHER_POST,
    CENTRE,
    HOME,
    "SA-01",
    "CM-20-01",
    POLICE,
    "VF-08",
    "SV-20",
    "NGO-01",
    "ADMIN-NATIONAL",
)
TAKING: Final = frozenset({"AcknowledgeTransfer", "ConfirmFound", "AdmitPerson", "RecordHome"})
"""By these an office says that it has her."""
ASKED: Final = tuple(name for name, (_, method) in METHODS.items() if names_a_case(method) and not is_list(method))
FORGERIES: Final = ("again", "renamed", "by another", "of another stream", "altered", "invented")
STEP = st.one_of(
    st.tuples(st.just("call"), st.sampled_from(ASKED)),
    st.tuples(st.just("call"), st.sampled_from(ASKED)),
    st.tuples(st.just("forge"), st.sampled_from(FORGERIES)),
    st.tuples(st.just("honest"), st.sampled_from(("send", "accept", "acknowledge"))),
    st.tuples(st.just("pass"), st.sampled_from(("1", "12"))),
)
STANDS: Final = """
    SELECT c.phase, c.accountable_office_id, t.to_office_id, t.accepted_at IS NOT NULL AS accepted,
           f.office_id AS claimed,
           (SELECT count(*) FROM obligation o WHERE o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary)
               AS watched
    FROM custody c
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    LEFT JOIN search s ON s.case_id = c.case_id AND s.resolved_at IS NULL
    LEFT JOIN found_claim f ON f.search_id = s.id AND f.state = 'STANDING'
    WHERE c.case_id::text = :case
"""
WATCHED_BY_FOLLOWUP: Final = """
    SELECT count(*) AS watched FROM obligation o
    WHERE o.case_id::text = :case AND o.state = 'ARMED' AND o.is_primary
"""


@dataclass
class Record:
    """What is written to the broker."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    partition: int = 0
    offset: int = 0


@dataclass
class Scene:
    """A case, an adversary, and who took her so far."""

    ask: Asking
    case: str
    adversary: str
    took: set[str] = field(default_factory=lambda: {POST})
    broke_glass: bool = False

    async def call(self, name: str) -> None:
        """The adversary calls a method about her, with nothing wrong in it."""
        ids = {**dict.fromkeys(IDS, str(uuid.uuid4())), "other_case": str(uuid.uuid4()), "to_office_id": HOME}
        [*sent] = await self.rows(
            "SELECT id::text AS id FROM transfer WHERE case_id::text = :case ORDER BY id DESC LIMIT 1"
        )
        if sent:
            ids["transfer_id"] = sent[0].id
        story = Story("", self.case, {}, ids)
        request: Any = asked_about(METHODS[name][1], story, self.ask.country.day())
        before = await self.rows(STANDS)
        answer = await self.ask.answer(name, request, self.adversary)
        if isinstance(answer, str):
            return
        if name == "OpenBreakGlass":
            # With a reason, watched and reviewed; it says how much is shown.
            self.broke_glass = True
        if name in TAKING:
            assert before[0].to_office_id != self.adversary or before[0].accountable_office_id != self.adversary
            self.took.add(self.adversary)
        if name == "ReassignCase":
            # The one that moves her to whoever is named: a supervisor within its province; beyond it takes two.
            assert caller_for(self.adversary).role == "SUPERVISOR"
            self.took.add(request.office_id)

    async def honest(self, what: str) -> None:
        """Those whose business it is do what they would; who she is sent to may have been the adversary."""
        [stands] = await self.rows(STANDS)
        day = self.ask.country.day()
        try:
            if what == "send":
                fields = {"to_office_id": HOME, "departed_on": day, "expected_arrival_on": day}
                await self.ask.country.do(stands.accountable_office_id, "DispatchTransfer", case=self.case, **fields)
            elif stands.to_office_id and what == "accept":
                await self.ask.country.do(stands.to_office_id, "AcceptTransfer", case=self.case)
            elif stands.to_office_id:
                await self.ask.country.do(stands.to_office_id, "AcknowledgeTransfer", case=self.case, arrived_on=day)
                self.took.add(stands.to_office_id)
        except HomewardError:
            pass

    async def forge(self, how: str) -> None:
        """The adversary writes to the broker, and every service reads what is there."""
        for record in [one async for one in self._forged(how)]:
            for service in self.ask.country.services.values():
                if record.topic in service.topics:
                    await service.take_in([row_of(record, event_keys())])
        await self.ask.country.quiet()

    async def _forged(self, how: str) -> Any:
        if how == "invented":
            for message in self._inventions():
                yield _record(message, self.case, "handover", "notify")
            return
        for name in ("intake", "handover"):
            said = await self.ask.country.rows(
                name, "SELECT * FROM outbox WHERE subject::text = :case ORDER BY id DESC LIMIT 3", case=self.case
            )
            for row in said:
                yield _again(row, name, how)

    def _inventions(self) -> Iterator[Message]:
        moved = types.CUSTODY_CAUSE_ARRIVED
        yield transfer_pb2.CustodyChanged(
            case_id=self.case,
            segment=9,
            phase=types.CASE_PHASE_ARRIVED,
            accountable_office_id=self.adversary,
            previous_office_id=POST,
            cause=moved,
        )
        yield handover_pb2.CaseWithdrawn(case_id=self.case)
        yield office_pb2.OfficeEnded(office_id=POST, successor_id=self.adversary)

    # What must hold.

    async def holds(self) -> None:
        """Look at the databases, and let the adversary look at her."""
        [stands] = await self.rows(STANDS)
        assert stands.accountable_office_id in self.took, f"{stands.accountable_office_id} never took her"
        [followed] = await self.ask.country.rows("followup", WATCHED_BY_FOLLOWUP, case=self.case)
        is_open = stands.phase not in ("CLOSED", "WITHDRAWN")
        assert stands.watched + followed.watched == (1 if is_open else 0), f"{stands.phase}: watched by none or two"
        assert await self._seen() in self._may_see(stands), f"{self.adversary} reads her in {stands}"

    async def _seen(self) -> str:
        method = METHODS["GetCase"][1]
        if not POLICIES[full_name(method)].permits(caller_for(self.adversary)):
            return "NONE"
        request = asked_about(method, Story("", self.case, {}), self.ask.country.day())
        answer: Any = await self.ask.answer("GetCase", request, self.adversary)
        if isinstance(answer, str):
            return "NONE"
        return cases_pb2.IdentityView.Name(answer.case.identity_view).rpartition("_")[2]

    def _may_see(self, stands: Any) -> set[str]:
        may = {"NONE"}
        if stands.accountable_office_id == self.adversary:
            may.add("FULL")
        if (stands.to_office_id == self.adversary and stands.accepted) or stands.claimed == self.adversary:
            may.add("PREVIEW")
        if self.broke_glass:
            may |= {"VERIFICATION", "FULL"}
        if self.adversary == POLICE:
            may.add("VERIFICATION")
        return may

    async def rows(self, sql: str) -> list[Any]:
        """Of handover."""
        return await self.ask.country.rows("handover", sql, case=self.case)


def _record(message: Message, case: str, source: str, signed_by: str) -> Record:
    """An event that nobody said, by a key that the adversary got hold of."""
    name = message.DESCRIPTOR.full_name
    stream, signer = STREAM_OF_TYPE[name], signer_of(signed_by)
    subject = OFFICE_SUBJECT if stream.topic.startswith("homeward.office") else uuid.UUID(case)
    said = Said(uuid.uuid4(), name, source, subject, 1, viet_nam(2026, 3, 2), "", "", message.SerializeToString())
    signature = signature_text(signer.kid, signer.sign(said))
    headers = headers_of(str(said.event_id), name, source, str(subject), 1, said.time, Trace(""), signature)
    return Record(stream.topic, str(subject).encode(), said.payload, headers)


def _again(row: Any, source: str, how: str) -> Record:
    """What was said, once more, or with something else put into it."""
    trace = Trace(row.correlation_id, row.causation_id, row.traceparent)
    signature = signature_text(row.kid, row.signature)
    event_id = str(uuid.uuid4()) if how == "renamed" else str(row.event_id)
    version = row.version + 1 if how == "altered" else row.version
    by = "notify" if how == "by another" else source
    headers = headers_of(event_id, row.type, by, str(row.subject), version, row.time, trace, signature)
    topic = "homeward.followup.v1" if how == "of another stream" else row.topic
    return Record(topic, str(row.subject).encode(), bytes(row.payload), headers)


@pytest.fixture
def loop() -> Iterator[Loop]:
    """Where the services run: hypothesis is not asynchronous."""
    found = Loop()
    yield found
    found.close()


@pytest.mark.attack(49, "forged and replayed events between any calls of one office")
@pytest.mark.attack(27, "any calls of one office, about anybody")
def test_one_person_moves_reads_and_loses_nobody(
    loop: Loop, service_database: ServiceDatabase, tmp_path: Path, jwks: Path
) -> None:
    chassis: list[Chassis] = []

    def chassis_for(service: str, database_url: str, clock: Clock, *, directory: Directory | None = None) -> Chassis:
        chassis.append(build_chassis(service, database_url, clock, tmp_path, jwks, directory))
        return chassis[-1]

    ask = asking(service_database, chassis_for, FakeClock(viet_nam(2026, 3, 2)))
    teller = Teller(ask.country)

    async def tell(adversary: str, steps: list[tuple[str, str]]) -> None:
        scene = Scene(ask, await teller.handed_over(), adversary)
        await ask.country.quiet()
        await scene.holds()
        for kind, what in steps:
            if kind == "pass":
                await ask.country.passes(int(what))
            else:
                await getattr(scene, kind)(what)
            await scene.holds()

    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(ADVERSARIES), st.lists(STEP, min_size=4, max_size=9))
    def any_story(adversary: str, steps: list[tuple[str, str]]) -> None:
        loop(tell(adversary, steps))

    async def dispose() -> None:
        for one in chassis:
            await one.engine.dispose()

    try:
        any_story()
    finally:
        loop(dispose())
