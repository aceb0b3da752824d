"""One bus, several people, several provinces: all of them leave, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from homeward.handover.v1 import journeys_pb2 as api
from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import (
    CaseNotFound,
    FieldViolation,
    HomewardError,
    InvalidInput,
    OfficeEnded,
    OfficeNotYetOpen,
    register_violations,
)
from services.handover import messages, storage
from services.handover.application.desk import Asked, Desk, Desks, commit
from services.handover.domain import (
    NOTHING_RECORDED,
    AddresseeCannotReceive,
    AddresseeIsSender,
    CaseHasEnded,
    ConsentRefused,
    HomeNotSafe,
    HomeSafetyUndecided,
    NotAccountable,
    Outcome,
    PlannedElsewhere,
    TransferAlreadyOpen,
    TravelPlan,
)

MAX_ROWS: Final = 60
"""People of one journey: what a coach holds [policy]."""

_FIELDS: Final[Mapping[type[HomewardError], str]] = {
    CaseNotFound: "case",
    NotAccountable: "case",
    CaseHasEnded: "case",
    TransferAlreadyOpen: "case",
    PlannedElsewhere: "to_office_id",
    AddresseeIsSender: "to_office_id",
    AddresseeCannotReceive: "to_office_id",
    OfficeEnded: "to_office_id",
    OfficeNotYetOpen: "to_office_id",
    ConsentRefused: "travel.consent",
    HomeSafetyUndecided: "travel.home_safety",
    HomeNotSafe: "travel.home_safety",
}
"""Refusals of one person, and the field of the row which they concern. The reason is the violation's code."""
register_violations({error.reason: error.sentence() for error in _FIELDS})


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One person; None: as planned, and `travel` where it differs from the journey's."""

    case: CaseRef
    to_office_id: str | None
    arrival_on: date | None
    travel: TravelPlan = NOTHING_RECORDED


@dataclass(frozen=True, slots=True)
class DispatchJourney:
    """They left together; None: today."""

    departed_on: date | None
    travel: TravelPlan
    rows: tuple[JourneyRow, ...]


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A row that may leave."""

    desk: Desk
    outcome: Outcome


class JourneyCommands(Desks):
    """The command about several people at once."""

    async def dispatch_journey(self, asked: Asked, command: DispatchJourney) -> api.DispatchJourneyResponse:
        """Record that several people left together.

        Raises InvalidInput with everything that hinders any of them; then nobody left.
        """

        async def work(uow: UnitOfWork) -> api.DispatchJourneyResponse:
            # All at once and in the order of their ids: two journeys with the same people wait, and do not embrace.
            ids = await storage.lock_refs(uow.connection, [row.case for row in command.rows])
            journey_id = uow.new_id()
            leaving = await self._all_leave(uow, asked, command, ids, journey_id)
            for one in leaving:
                await commit(uow, one.desk.case, one.outcome)
            return await self._journey_answer(uow, journey_id, leaving)

        return await self._once(asked, api.DispatchJourneyResponse, work)

    async def _all_leave(
        self,
        uow: UnitOfWork,
        asked: Asked,
        command: DispatchJourney,
        ids: Mapping[CaseRef, UUID],
        journey_id: UUID,
    ) -> list[_Leaving]:
        violations: list[FieldViolation] = []
        leaving: list[_Leaving] = []
        seen: set[UUID] = set()
        for number, row in enumerate(command.rows, start=1):
            case_id = ids.get(row.case)
            if case_id in seen:
                violations.append(FieldViolation(number, "case", "DUPLICATE"))
                continue
            try:
                if case_id is None:
                    raise CaseNotFound
                seen.add(case_id)
                leaving.append(await self._leave(uow, asked, command, row, case_id, journey_id))
            except HomewardError as error:
                violations += _violations(number, error)
        if violations:
            raise InvalidInput(violations)
        return leaving

    async def _leave(
        self,
        uow: UnitOfWork,
        asked: Asked,
        command: DispatchJourney,
        row: JourneyRow,
        case_id: UUID,
        journey_id: UUID,
    ) -> _Leaving:
        desk = await self._desk(uow, case_id, asked.caller)
        desk.require_accountable()
        to_office_id = desk.addressee(row.to_office_id) if row.to_office_id else None
        outcome = desk.case.dispatch(
            uow.new_id(),
            to_office_id,
            command.departed_on,
            row.arrival_on,
            desk.at,
            travel=row.travel.over(command.travel),
            to_centre=desk.is_centre(to_office_id),
            journey_id=journey_id,
        )
        return _Leaving(desk, outcome)

    async def _journey_answer(
        self, uow: UnitOfWork, journey_id: UUID, leaving: Iterable[_Leaving]
    ) -> api.DispatchJourneyResponse:
        answer = api.DispatchJourneyResponse(journey_id=str(journey_id))
        for number, one in enumerate(leaving, start=1):
            case = one.outcome.case
            assert case.transfer is not None
            answer.transfers.append(messages.latest_transfer(case, one.desk.at.today))
            for warning in await self._warnings(uow, case, case.transfer):
                answer.warnings.append(api.JourneyWarning(row=number, warning=warning))
        return answer


def _violations(row: int, error: HomewardError) -> list[FieldViolation]:
    """A refusal of one person as violations of its row. Raises the error when it concerns no person."""
    if isinstance(error, InvalidInput):
        return [replace(violation, row=row) for violation in error.violations]
    field = _FIELDS.get(type(error))
    if field is None:
        raise error
    return [FieldViolation(row, field, error.reason, error.details)]
