"""One bus, several people, several provinces: all of them leave, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

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
from services.chassis.kernel.roles import Caller
from services.handover.application import families, home
from services.handover.application.desk import Answered, Desk, Ports, desk_of, save, warnings_for
from services.handover.domain import transfers
from services.handover.domain.case import Decided
from services.handover.domain.errors import (
    AddresseeCannotReceive,
    AddresseeIsSender,
    CaseHasEnded,
    ConsentRefused,
    HomeCheckedElsewhere,
    HomeCheckExpired,
    HomeNotChecked,
    HomeNotSafe,
    HomeSafetyUndecided,
    NotAccountable,
    PlannedElsewhere,
    TransferAlreadyOpen,
)
from services.handover.domain.home import NOT_ASKED, Asked, HomeVerdict
from services.handover.domain.transfer import NOTHING_RECORDED, TravelPlan
from services.handover.storage import cases

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
    HomeNotChecked: "travel.home_safety",
    HomeCheckedElsewhere: "travel.home_safety",
    HomeCheckExpired: "travel.home_safety",
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
    """They left together; None: today. `homes`: what followup answered about theirs."""

    departed_on: date | None
    travel: TravelPlan
    rows: tuple[JourneyRow, ...]
    homes: Asked = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey that began, and everybody who is on it, in the order of the rows."""

    id: UUID
    people: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A row that may leave."""

    desk: Desk
    outcome: Decided


async def dispatch_journey(uow: UnitOfWork, ports: Ports, caller: Caller, command: DispatchJourney) -> Journey:
    """Record that several people left together.

    Raises InvalidInput with everything that hinders any of them; then nobody left.
    """
    # All at once and in the order of their ids: two journeys with the same people wait, and do not embrace.
    ids = await cases.lock_refs(uow.connection, [row.case for row in command.rows])
    journey_id = uow.new_id()
    leaving = await _all_leave(uow, ports, caller, command, ids, journey_id)
    for one in leaving:
        await save(uow, one.desk.case, one.outcome)
    # Only when all have left is it known who of them are apart.
    for one in leaving:
        await families.settle(uow, one.outcome.case)
    return Journey(journey_id, tuple([await _answered(one) for one in leaving]))


async def _all_leave(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    command: DispatchJourney,
    ids: Mapping[CaseRef, UUID],
    journey_id: UUID,
) -> list[_Leaving]:
    verdicts = await home.verdicts(uow, command.homes, ids.values())
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
            desk = await desk_of(uow, ports, caller, case_id)
            leaving.append(_Leaving(desk, _leaves(desk, command, row, verdicts, journey_id)))
        except HomewardError as error:
            violations += _violations(number, error)
    if violations:
        raise InvalidInput(violations)
    return leaving


def _leaves(
    desk: Desk, command: DispatchJourney, row: JourneyRow, verdicts: Mapping[UUID, HomeVerdict], journey_id: UUID
) -> Decided:
    desk.require_accountable()
    to_office_id = desk.addressee(row.to_office_id) if row.to_office_id else None
    told, to_centre = home.told_of(desk, to_office_id, verdicts), desk.is_centre(to_office_id)
    travel = row.travel.over(command.travel)
    home.refuse_typed(travel)
    outcome = transfers.dispatch(
        desk.case,
        desk.uow.new_id(),
        to_office_id,
        command.departed_on,
        row.arrival_on,
        desk.at,
        travel=home.with_verdict(desk, travel, told, to_office_id),
        to_centre=to_centre,
        against_advice=told is not None and told.against_advice,
        journey_id=journey_id,
    )
    home.require_told(told, command.homes, outcome, to_centre=to_centre)
    return outcome


async def _answered(one: _Leaving) -> Answered:
    case = one.outcome.case
    return Answered(case, one.desk.at.today, await warnings_for(one.desk, case))


def _violations(row: int, error: HomewardError) -> list[FieldViolation]:
    """A refusal of one person as violations of its row. Raises the error when it concerns no person."""
    if isinstance(error, InvalidInput):
        return [replace(violation, row=row) for violation in error.violations]
    field = _FIELDS.get(type(error))
    if field is None:
        raise error
    return [FieldViolation(row, field, error.reason, error.details)]
