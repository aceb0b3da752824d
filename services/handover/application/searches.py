"""Commands about people who are lost, and about the duty itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from homeward.handover.v1 import custody_pb2, searches_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import EtagMismatch, FieldViolation, InvalidInput
from services.handover import messages, storage
from services.handover.application.desk import Asked, Desk, Desks, commit
from services.handover.domain import CloseReason, Outcome, StepKind


@dataclass(frozen=True, slots=True)
class RecordSearchStep:
    """Something was done to find her; None: today."""

    case: CaseRef
    kind: StepKind
    taken_on: date | None
    successful: bool


@dataclass(frozen=True, slots=True)
class Found:
    """She is with an office since a day."""

    office_id: str
    since_on: date


@dataclass(frozen=True, slots=True)
class Redirected:
    """She is on the way to an office, and expected on a day."""

    office_id: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class Returned:
    """She is with the accountable office."""


@dataclass(frozen=True, slots=True)
class ReIdentified:
    """She goes on under another case."""

    other_case: CaseRef


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The case is closed."""

    reason: CloseReason


@dataclass(frozen=True, slots=True)
class ResolveSearch:
    """The search has come to an end. `etag` empty: whatever stands there."""

    case: CaseRef
    etag: str
    how: Found | Redirected | Returned | ReIdentified | GivenUp


@dataclass(frozen=True, slots=True)
class ReassignCase:
    """Another office answers for her from now on."""

    case: CaseRef
    office_id: str
    reason: str


class SearchCommands(Desks):
    """The commands about people who are lost."""

    async def record_search_step(
        self, asked: Asked, command: RecordSearchStep
    ) -> searches_pb2.RecordSearchStepResponse:
        """Record a step; the errors of `CaseCustody.record_step`."""

        async def work(uow: UnitOfWork) -> searches_pb2.RecordSearchStepResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            if not desk.is_addressed:
                desk.require_answerable()
            outcome = desk.case.record_step(
                command.kind, desk.caller.office_id, command.taken_on, desk.at, successful=command.successful
            )
            await commit(uow, desk.case, outcome)
            return searches_pb2.RecordSearchStepResponse(search=await self._search(uow, outcome.case))

        return await self._once(asked, searches_pb2.RecordSearchStepResponse, work)

    async def resolve_search(self, asked: Asked, command: ResolveSearch) -> searches_pb2.ResolveSearchResponse:
        """Put custody right; the errors of the verb for the resolution, EtagMismatch."""

        async def work(uow: UnitOfWork) -> searches_pb2.ResolveSearchResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_answerable()
            search = desk.case.search
            if command.etag and search is not None and command.etag != messages.etag(search):
                raise EtagMismatch
            outcome = await self._resolved(desk, command)
            await commit(uow, desk.case, outcome)
            return searches_pb2.ResolveSearchResponse(
                search=await self._search(uow, outcome.case), custody=await self._custody(uow, outcome.case)
            )

        return await self._once(asked, searches_pb2.ResolveSearchResponse, work)

    async def _resolved(self, desk: Desk, command: ResolveSearch) -> Outcome:
        match command.how:
            case Found(office_id, since_on):
                at_office = desk.offices.whereabouts(office_id, desk.case.office_id, desk.at.today)
                return desk.case.found(at_office, since_on, desk.at, facility=desk.facility(at_office))
            case Redirected(office_id, expected_on):
                to_office = desk.addressee(office_id, "office_id")
                return desk.case.redirected(desk.uow.new_id(), to_office, expected_on, desk.at)
            case Returned():
                return desk.case.returned(desk.at)
            case ReIdentified(other_case):
                other = await storage.load_case(desk.uow.connection, other_case)
                if other is None:
                    raise InvalidInput([FieldViolation(None, "other_case", "CASE_NOT_FOUND")])
                return desk.case.re_identified(other.case_id, desk.at)
            case GivenUp(reason):
                return desk.case.given_up(reason, desk.at)

    async def reassign_case(self, asked: Asked, command: ReassignCase) -> custody_pb2.ReassignCaseResponse:
        """A supervisor of both offices makes another one accountable; see `CaseCustody.reassign`.

        Raises InvalidInput when the office does not exist or lies out of the supervisor's scope.
        """

        async def work(uow: UnitOfWork) -> custody_pb2.ReassignCaseResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_answerable()
            office_id = desk.offices.custodian(command.office_id, desk.at.today)
            if not desk.offices.oversees(desk.caller, office_id, desk.at.today):
                raise InvalidInput([FieldViolation(None, "office_id", "NOT_ALLOWED")])
            outcome = desk.case.reassign(office_id, command.reason, desk.at)
            await commit(uow, desk.case, outcome)
            return custody_pb2.ReassignCaseResponse(custody=await self._custody(uow, outcome.case))

        return await self._once(asked, custody_pb2.ReassignCaseResponse, work)
