"""One followup service in the test's process: events in, calls over a real server, looks at the clock, what it said."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import consent_pb2, transfer_pb2
from homeward.followup.v1 import (
    care_pb2_grpc,
    contacts_pb2,
    contacts_pb2_grpc,
    entries_pb2,
    entries_pb2_grpc,
    home_safety_pb2_grpc,
    oversight_pb2_grpc,
    steps_pb2_grpc,
    visits_pb2,
    visits_pb2_grpc,
)
from homeward.handover.v1 import accountable_pb2
from homeward.intake.v1 import consents_pb2
from homeward.office.v1 import office_end_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.roles import Grade
from services.chassis.service.process import Chassis, Parts
from services.followup.__main__ import DEFINITION
from services.followup.domain.watching import Watch, watches
from services.followup.storage.case import lock_case
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, SaidEvent, deliver, drain, outbox_events
from tests.support.fixtures import TokenFor
from tests.support.identities import call_metadata
from tests.support.processes import away, serve
from tests.support.stubs import merged
from tests.support.waiting import patient

HANOI = "SA-01"
QUANG_NINH = "SA-22"
CALL_TIMEOUT_S = 10.0
LOOKS_MAX = 200

if TYPE_CHECKING:
    # Stubs for running event loops exist in the type stubs only.
    class Stub(
        visits_pb2_grpc.VisitServiceAsyncStub,
        contacts_pb2_grpc.ContactServiceAsyncStub,
        entries_pb2_grpc.EntryServiceAsyncStub,
        care_pb2_grpc.CareServiceAsyncStub,
        steps_pb2_grpc.StepServiceAsyncStub,
        home_safety_pb2_grpc.HomeSafetyServiceAsyncStub,
        oversight_pb2_grpc.OversightServiceAsyncStub,
        office_end_pb2_grpc.OfficeEndServiceAsyncStub,
    ):
        """All calls of followup."""
else:

    def Stub(channel: Any) -> Any:  # noqa: N802 - stands for a class
        """All calls of followup."""
        return merged(
            channel,
            visits_pb2_grpc.VisitServiceStub,
            contacts_pb2_grpc.ContactServiceStub,
            entries_pb2_grpc.EntryServiceStub,
            care_pb2_grpc.CareServiceStub,
            steps_pb2_grpc.StepServiceStub,
            home_safety_pb2_grpc.HomeSafetyServiceStub,
            oversight_pb2_grpc.OversightServiceStub,
            office_end_pb2_grpc.OfficeEndServiceStub,
        )


OUTCOMES = {
    "SETTLED": types.FOLLOW_UP_OUTCOME_SETTLED,
    "AT_RISK": types.FOLLOW_UP_OUTCOME_AT_RISK,
    "DECLINED": types.FOLLOW_UP_OUTCOME_DECLINED,
    "NOT_REACHED": types.FOLLOW_UP_OUTCOME_NOT_REACHED,
}


@dataclass(frozen=True)
class Case:
    """A case as handover knows it."""

    id: uuid.UUID
    number: str


@dataclass
class Told:
    """Stands for handover: where cases stand, by id and number. And for intake: what was said, by case."""

    stands: dict[str, accountable_pb2.GetAccountableResponse] = field(default_factory=dict)
    is_away: bool = False
    said: dict[str, list[consents_pb2.SaidToPurpose]] = field(default_factory=dict)
    intake_is_away: bool = False

    async def ask(self, service: str, method: MethodDescriptor, request: Any) -> Message:
        """Where a case stands, or what was said."""
        if service == "intake" and not self.intake_is_away:
            said = self.said.get(request.case, ())
            return consents_pb2.GetSaidResponse(said=[one for one in said if one.purpose in request.purposes])
        if self.is_away or service == "intake":
            raise away(method)
        return self.stands.get(request.case, accountable_pb2.GetAccountableResponse())


class World:
    """The service and everything around it."""

    def __init__(
        self, chassis: Chassis, rooms: Parts, clock: FakeClock, token_for: TokenFor, channel: grpc.aio.Channel
    ) -> None:
        self.chassis = chassis
        assert isinstance(chassis.peers, Told)
        self.handover = chassis.peers
        self.rooms = rooms
        self.clock = clock
        self._token_for = token_for
        self.stub = Stub(channel)
        self._script = EventScript(clock)
        self._segments: dict[uuid.UUID, int] = {}
        self._cases = 0
        self._heard = 0

    def new_case(self) -> Case:
        """A case nobody has told anything about yet."""
        self._cases += 1
        return Case(uuid.uuid4(), format_case_number(self._cases))

    def waits(self, office_id: str, **stands: Any) -> Case:
        """A case that has not arrived, as handover answers for it when it is asked."""
        case = self.new_case()
        values = {"phase": types.CASE_PHASE_REGISTERED, "age_band": types.AGE_BAND_ADULT, "events": 1} | stands
        told = accountable_pb2.GetAccountableResponse(
            case_id=str(case.id), case_number=case.number, accountable_office_id=office_id, **values
        )
        self.handover.stands |= {str(case.id): told, case.number: told}
        return case

    async def custody(
        self,
        case: Case,
        cause: str,
        office_id: str = HANOI,
        *,
        arrival_on: date | None = None,
        phase: str = "ARRIVED",
        close_reason: str = "UNSPECIFIED",
        age_band: str = "UNSPECIFIED",
        caused_by: uuid.UUID | None = None,
    ) -> int:
        """Tell a change of custody and let it take effect. Returns its segment."""
        segment = self._segments.get(case.id, 0) + 1
        self._segments[case.id] = segment
        event = transfer_pb2.CustodyChanged(
            case_id=str(case.id),
            case_number=case.number,
            segment=segment,
            phase=types.CasePhase.Value(f"CASE_PHASE_{phase}"),
            accountable_office_id=office_id,
            cause=types.CustodyCause.Value(f"CUSTODY_CAUSE_{cause}"),
            arrival_on=arrival_on.isoformat() if arrival_on else "",
            close_reason=types.CloseReason.Value(f"CLOSE_REASON_{close_reason}"),
            age_band=types.AgeBand.Value(f"AGE_BAND_{age_band}"),
        )
        event.change_time.FromDatetime(self.clock.now())
        await deliver(self.chassis, self._script.event(case.id, event, causation_id=caused_by))
        await drain(self.chassis, self.rooms.handlers)
        return segment

    async def arrived(self, on: date, office_id: str = HANOI, *, age_band: str = "ADULT") -> Case:
        """A new case whose arrival was acknowledged."""
        case = self.new_case()
        await self.custody(case, "ARRIVED", office_id, arrival_on=on, age_band=age_band)
        return case

    async def consent(self, case: Case, purpose: str, state: str, on: date) -> None:
        """Intake tells what she said to a purpose."""
        event = consent_pb2.ConsentChanged(
            case_id=str(case.id),
            purpose=purpose,
            state=types.ConsentState.Value(f"CONSENT_STATE_{state}"),
            text_version=1,
            said_on=on.isoformat(),
        )
        told = consents_pb2.SaidToPurpose(purpose=purpose, state=event.state, said_on=event.said_on)
        for name in (str(case.id), case.number):
            self.handover.said.setdefault(name, []).append(told)
        await deliver(self.chassis, self._script.event(case.id, event))
        await drain(self.chassis, self.rooms.handlers)

    async def age(self, case: Case, band: str) -> None:
        """Tell that her age was corrected."""
        event = transfer_pb2.AgeBandCorrected(case_id=str(case.id), age_band=types.AgeBand.Value(f"AGE_BAND_{band}"))
        await deliver(self.chassis, self._script.event(case.id, event))
        await drain(self.chassis, self.rooms.handlers)

    async def look(self) -> int:
        """Look at the clock until nothing is due. Returns how many deadlines fired."""
        fired = 0
        for _ in range(LOOKS_MAX):
            found = await self.rooms.ticks[0].look()
            if not found:
                return fired
            fired += found
        raise AssertionError("the deadlines do not come to an end")

    async def at(self, now: datetime) -> list[Any]:
        """Move to an instant, look, and return what was said since the last time."""
        self.clock.move_to(now)
        await self.look()
        return await self.heard()

    async def heard(self) -> list[Any]:
        """What was said since the last time."""
        said = await outbox_events(self.chassis)
        new, self._heard = said[self._heard :], len(said)
        return [event.message for event in new]

    async def said(self) -> list[SaidEvent]:
        """Everything said so far."""
        return await outbox_events(self.chassis)

    def as_office(
        self,
        office_id: str,
        scope: str | None = None,
        *,
        subject: str | None = None,
        grades: Iterable[Grade] = tuple(Grade),
    ) -> dict[str, Any]:
        """Keyword arguments of a call by somebody at this office."""
        token = self._token_for(office_id, scope=scope, subject=subject, grades=grades)
        return {"metadata": call_metadata(token), "timeout": patient(CALL_TIMEOUT_S)}

    async def record(
        self,
        case: Case,
        outcome: str = "SETTLED",
        *,
        office_id: str = HANOI,
        on: date | None = None,
        kind: str = "UNSPECIFIED",
        signs: tuple[str, ...] = (),
        then: str = "UNSPECIFIED",
        request_id: str | None = None,
    ) -> visits_pb2.FollowUp:
        """Record a visit or attempt."""
        answer = await self.recorded(
            case, outcome, office_id=office_id, on=on, kind=kind, signs=signs, then=then, request_id=request_id
        )
        return answer.follow_up

    async def recorded(
        self,
        case: Case,
        outcome: str = "SETTLED",
        *,
        office_id: str = HANOI,
        on: date | None = None,
        kind: str = "UNSPECIFIED",
        signs: tuple[str, ...] = (),
        then: str = "UNSPECIFIED",
        request_id: str | None = None,
    ) -> visits_pb2.RecordFollowUpResponse:
        """Record a visit or attempt; the whole answer."""
        request = visits_pb2.RecordFollowUpRequest(
            request_id=request_id or str(uuid.uuid4()),
            case=case.number,
            kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind}"),
            visited_on=on.isoformat() if on else "",
            outcome=OUTCOMES[outcome],
            warning_signs=signs,
            then=types.AfterDeclined.Value(f"AFTER_DECLINED_{then}"),
        )
        return await self.stub.RecordFollowUp(request, **self.as_office(office_id))

    async def contact(
        self, case: Case, outcome: str, *, on: date | None = None, office_id: str = HANOI
    ) -> contacts_pb2.RecordContactResponse:
        """Record an attempt to reach her."""
        request = contacts_pb2.RecordContactRequest(
            request_id=str(uuid.uuid4()),
            case=case.number,
            outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}"),
            contacted_on=on.isoformat() if on else "",
        )
        return await self.stub.RecordContact(request, **self.as_office(office_id))

    async def take_back(
        self, case: Case, number: int, reason: str = "WRONG_CASE", *, office_id: str = HANOI, scope: str | None = None
    ) -> entries_pb2.TakeBackEntryResponse:
        """Take an entry back."""
        request = entries_pb2.TakeBackEntryRequest(
            request_id=str(uuid.uuid4()),
            case=case.number,
            entry_number=number,
            reason=types.EntryReason.Value(f"ENTRY_REASON_{reason}"),
        )
        return await self.stub.TakeBackEntry(request, **self.as_office(office_id, scope))

    async def correct(
        self, case: Case, number: int, reason: str, *, office_id: str = HANOI, scope: str | None = None, **said: Any
    ) -> entries_pb2.CorrectEntryResponse:
        """Correct an entry."""
        request = entries_pb2.CorrectEntryRequest(
            request_id=str(uuid.uuid4()),
            case=case.number,
            entry_number=number,
            reason=types.EntryReason.Value(f"ENTRY_REASON_{reason}"),
            **said,
        )
        return await self.stub.CorrectEntry(request, **self.as_office(office_id, scope))

    async def story(self, case: Case, office_id: str = HANOI, scope: str | None = None) -> entries_pb2.GetStoryResponse:
        """The story at home, as an office may see it."""
        request = entries_pb2.GetStoryRequest(case=case.number)
        return await self.stub.GetStory(request, **self.as_office(office_id, scope))

    async def search(
        self, case: Case, reason: str = "", *, resolved: str = "", caused_by: uuid.UUID | None = None
    ) -> None:
        """Tell that a search was opened, for a reason, or that it ended."""
        event: Any
        if resolved:
            how = types.SearchResolution.Value(f"SEARCH_RESOLUTION_{resolved}")
            event = transfer_pb2.SearchResolved(case_id=str(case.id), resolution=how)
        else:
            why = types.LostReason.Value(f"LOST_REASON_{reason}")
            event = transfer_pb2.PersonLost(case_id=str(case.id), reason=why)
        await deliver(self.chassis, self._script.event(case.id, event, causation_id=caused_by))
        await drain(self.chassis, self.rooms.handlers)

    async def close(self, case: Case, reason: str, office_id: str = HANOI) -> None:
        """Handover closes the case."""
        await self.custody(case, "CLOSED", office_id, phase="CLOSED", close_reason=reason)

    async def goes_on_from(self, case: Case) -> None:
        """What is told of a case follows what was taken in of it before."""
        for row in await self.rows("SELECT topic, version FROM inbox_position WHERE subject = :id", id=case.id):
            self._script.heard_before(case.id, row.topic, row.version)

    async def reopen(self, case: Case, office_id: str = HANOI) -> None:
        """And opens it again."""
        await self.custody(case, "REOPENED", office_id)

    async def follow_ups(self, case: Case, office_id: str = HANOI) -> list[visits_pb2.FollowUp]:
        """All follow-ups of a case, done ones too."""
        request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case.number, include_done=True))
        answer = await self.stub.ListFollowUps(request, **self.as_office(office_id))
        return list(answer.follow_ups)

    async def overdue(self, office_id: str = HANOI, scope: str | None = None) -> list[visits_pb2.OverdueFollowUp]:
        """The board of what is late or overdue."""
        request = visits_pb2.ListOverdueFollowUpsRequest()
        answer = await self.stub.ListOverdueFollowUps(request, **self.as_office(office_id, scope))
        return list(answer.follow_ups)

    async def rows(self, sql: str, **parameters: object) -> list[Any]:
        """Rows of the service's database."""
        async with self.chassis.engine.connect() as connection:
            return list(await connection.execute(text(sql), parameters))

    async def armed(self, case: Case) -> list[tuple[str, bool, date]]:
        """What is watched for a case: rule, whether primary, due day; in order of firing."""
        rows = await self.rows(
            "SELECT rule, is_primary, due_on FROM obligation WHERE case_id = :id AND state = 'ARMED'"
            " ORDER BY due_at, rule",
            id=case.id,
        )
        return [(row.rule, row.is_primary, row.due_on) for row in rows]

    async def watched(self, case: Case) -> list[tuple[str, bool, date]]:
        """What is to be watched for a case as it stands, as `armed` gives what is."""

        async def work(uow: UnitOfWork) -> list[Watch]:
            known = await lock_case(uow.connection, case.id)
            assert known is not None
            return sorted(watches(known, self.chassis.calendar), key=lambda each: (each.fire_at, each.due.rule_code))

        return [(each.due.rule_code, each.is_primary, each.due.due_on) for each in await self.chassis.units.run(work)]


@asynccontextmanager
async def world_of(chassis: Chassis, clock: FakeClock, token_for: TokenFor) -> AsyncIterator[World]:
    """Serve a followup service on this chassis."""
    chassis = replace(chassis, peers=Told())
    rooms = DEFINITION.build(chassis)
    async with serve(rooms, chassis) as address, grpc.aio.insecure_channel(address) as channel:
        yield World(chassis, rooms, clock, token_for, channel)
