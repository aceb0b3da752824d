"""The day of an arrival was entered wrongly: it is corrected, with everything that counts from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import is_past
from services.handover.domain import steps
from services.handover.domain.case import ArrivalDay, CaseCustody, Decided
from services.handover.domain.checks import check_days, check_past
from services.handover.domain.errors import NoArrivalStands, TooLateToCorrect, VisitBeforeArrival
from services.handover.domain.events import ArrivalCorrected
from services.handover.domain.moment import Moment
from services.handover.domain.stay import Stay
from services.handover.domain.words import STAY_RULES, ArrivalCorrectionReason, Phase

CORRECT_DAYS: Final = 14
"""So many days after it said that she arrived an office corrects the day itself; later its supervisor does [policy]."""


@dataclass(frozen=True, slots=True)
class Correcting:
    """Who corrects, and why. `unlimited`: a supervisor does, for whom no days are counted."""

    office_id: str
    reason: ArrivalCorrectionReason
    unlimited: bool = False


def correct_arrival(case: CaseCustody, arrived_on: date, by: Correcting, at: Moment) -> Decided:
    """The latest arrival was on that day. The same day as before changes nothing.

    A stay is counted anew. Raises CaseHasEnded, NoArrivalStands, TooLateToCorrect, VisitBeforeArrival, InvalidInput
    (date).
    """
    steps.require_open(case)
    arrival = case.arrival
    if arrival is None or not case.arrivals:
        raise NoArrivalStands
    said_on = local_date(arrival.said_at)
    if not by.unlimited and (at.today - said_on).days > CORRECT_DAYS:
        raise TooLateToCorrect(said_on=said_on.isoformat(), days=str(CORRECT_DAYS))
    check_past("arrived_on", arrived_on, arrival.earliest_on, at)
    check_days("arrived_on", arrived_on, arrival.earliest_on, _left_again_on(case, arrival) or at.today)
    if arrived_on == arrival.arrived_on:
        return Decided(case)
    if case.visited_on is not None and arrival.arrived_on <= case.visited_on < arrived_on:
        raise VisitBeforeArrival(visited_on=case.visited_on.isoformat())
    corrected = replace(arrival, arrived_on=arrived_on)
    after = steps.changed(
        case,
        days=(*case.days[:-1], corrected),
        present_since_on=arrived_on if case.present_since_on == arrival.arrived_on else case.present_since_on,
        transfer=_with_day(case, corrected),
    )
    stay = case.stay
    if stay is not None:
        after = _stay_counted_anew(after, stay, arrived_on, at)
    told = ArrivalCorrected(
        segment=arrival.segment,
        office_id=case.office_id,
        before_on=arrival.arrived_on,
        arrived_on=arrived_on,
        reason=by.reason,
        by_office_id=by.office_id,
        stay_due_on=after.stay.due.due_on if after.stay is not None else None,
    )
    return Decided(after, (told,))


def _left_again_on(case: CaseCustody, arrival: ArrivalDay) -> date | None:
    """When she left again, if she did: she cannot have come after that."""
    days = [case.stay.discharged_on] if case.stay is not None else []
    transfer = case.transfer
    if transfer is not None and (transfer.dispatched_in or 0) >= arrival.segment:
        days.append(transfer.departed_on)
    return min((day for day in days if day is not None), default=None)


def _with_day(case: CaseCustody, arrival: ArrivalDay) -> object:
    transfer = case.transfer
    if transfer is None or transfer.acknowledged_at != arrival.said_at:
        return transfer
    return steps.transfer_now(case, arrived_on=arrival.arrived_on)


def _stay_counted_anew(case: CaseCustody, before: Stay, admitted_on: date, at: Moment) -> CaseCustody:
    due = at.due(STAY_RULES[before.kind], admitted_on)
    stay = replace(before, admitted_on=admitted_on, due=due)
    is_over = before.told_over and is_past(due.due_on, at.today)
    stay = replace(stay, told_over=is_over, warned=before.warned and stay.warn_at <= at.now)
    case = steps.with_stay(case, stay)
    if case.phase is not Phase.ADMITTED:
        return case
    missed = case.missed if is_over else None
    return replace(case, watch=steps.stay_watch(case, stay, at), missed=missed)
