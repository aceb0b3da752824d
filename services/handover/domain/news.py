"""What the other services tell of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Role
from services.handover.domain import closing, searches, steps
from services.handover.domain.case import CaseCustody, Decided, Person
from services.handover.domain.closed import Closing, Reopening
from services.handover.domain.closing import Ending
from services.handover.domain.events import AgeBandCorrected, WithdrawalRefused
from services.handover.domain.moment import Moment
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, CloseReason, Phase, Resolution, SearchEffect, WithdrawReason


def correct(case: CaseCustody, person: Person) -> Decided:
    """The registering office corrected the record. Whoever follows her up goes by her age, so that is told."""
    told = (AgeBandCorrected(person.age_band),) if person.age_band != case.person.age_band else ()
    return steps.decided(case, *told, person=person)


def withdraw(case: CaseCustody, reason: WithdrawReason | None, at: Moment, *, out: Transfer | None = None) -> Decided:
    """The registering office withdrew: it takes effect while that office has her, and nobody searches for her.

    `out`: the transfer with which she left, where no other office has said since that it has her: that takes two
    people.
    """
    if case.phase is Phase.WITHDRAWN:
        return Decided(case)
    is_out = out is not None or case.is_under_way
    if closing.something_came_of(case) or is_out or case.search is not None or not case.is_open:
        return Decided(case, (WithdrawalRefused(case.office_id),))
    how = steps.closing_of(case, Cause.WITHDRAWN, case.registering_office_id, at)
    return steps.end(case, replace(how, withdraw_reason=reason), at)


def close(case: CaseCustody, reason: CloseReason | None, by_office_id: str, at: Moment) -> Decided:
    """The accountable office closed the case in followup, as was done before. A second closing changes nothing."""
    if not case.is_open:
        return Decided(case)
    how = steps.closing_of(case, Cause.CLOSED, by_office_id, at)
    return steps.end(case, replace(how, reason=reason, on=at.today), at, told_before=True)


def followup_ceased(case: CaseCustody, at: Moment) -> Decided:
    """Followup no longer watches, and the case is open: handover's own deadline is primary.

    It cancelled after an arrival was taken back, or an office closed that was accountable no
    more: such a closing closes nothing. Where handover has no deadline of its own it waits
    again for followup's answer, and supervisors learn of it each day until that comes.
    """
    if not case.is_open or not case.followup_watches:
        return Decided(case)
    unwatched = replace(case, followup_watches=False)
    if case.watch is None:
        return Decided(steps.settled(unwatched, at))
    return steps.decided(unwatched, watch=replace(case.watch, is_primary=True))


def reopen(case: CaseCustody, at: Moment) -> Decided:
    """The accountable office reopened the case in followup, as was done before; followup watches it.

    One that is open here stays as it is: its closing was none (`followup_ceased`).
    """
    if case.phase is Phase.CLOSED:
        opened = steps.moved(replace(case, followup_watches=True), Phase.FOLLOW_UP, None, closing=_undone(case, at))
        return steps.pass_custody(opened, case.office_id, Cause.REOPENED, at)
    if not case.is_open or case.followup_watches:
        return Decided(case)
    return Decided(_watched_by_followup(case))


def _undone(case: CaseCustody, at: Moment) -> Closing | None:
    if case.closing is None:
        return None
    return replace(case.closing, reopened=Reopening(case.office_id, None, at.now))


def follow_ups_scheduled(case: CaseCustody, segment: int) -> Decided:
    """Followup watches; its answer to the latest arrival ends the wait for it."""
    if not case.is_open:
        return Decided(case)
    return Decided(_watched_by_followup(case, answered=segment))


def follow_up_recorded(case: CaseCustody, visited_on: date | None = None, *, period_ended: bool) -> Decided:
    """A visit was recorded: she did arrive. `visited_on`: the day of the earliest that stands, if it is told.
    `period_ended`: the last one of her set is recorded."""
    return steps.decided(case, visited=True, visited_on=visited_on, period_ended=case.period_ended or period_ended)


def asked_to_stop(
    case: CaseCustody, role: Role, by_office_id: str, on: date | None, at: Moment, *, out: Transfer | None = None
) -> Decided:
    """She asked on a visit not to be visited again, and to have the case closed: it is, where that can be.

    Whoever is on the way or searched for goes on with the closing decision due, as before; so does whoever left, with
    the transfer `out`, and was received by nobody since: that takes two people.
    """
    if not case.is_open or out is not None:
        return Decided(case)
    try:
        return closing.close(case, role, Ending(CloseReason.ASKED_TO_STOP, by_office_id, on), at)
    except HomewardError:
        return Decided(case)


def entry_revised(
    case: CaseCustody, visited_on: date | None = None, *, says_visit: bool, visited: bool, period_ended: bool
) -> Decided:
    """An entry was corrected or taken back. `says_visit`: it says now that a visit was made; `visited`: one stands,
    the earliest of `visited_on`; `period_ended`: the last follow-up of the set stands recorded."""
    stands = says_visit or (case.visited and visited)
    return steps.decided(case, visited=stands, visited_on=visited_on if stands else None, period_ended=period_ended)


def searched_by_entry(case: CaseCustody, effect: SearchEffect, search_id: UUID, at: Moment) -> Decided:
    """What an agency recorded opens or ends a search."""
    match effect:
        case SearchEffect.OPENS_NOT_AT_ADDRESS:
            return searches.not_at_address(case, search_id, at)
        case SearchEffect.OPENS_LEFT_PROVINCE:
            return searches.left_province(case, search_id, at)
        case SearchEffect.ENDS_SEEN:
            return searches.ended_by_entry(case, Resolution.FOUND, at)
        case SearchEffect.ENDS_MISTAKEN:
            return searches.ended_by_entry(case, Resolution.MISTAKEN, at)
        case SearchEffect.NONE:
            return Decided(case)


def _watched_by_followup(case: CaseCustody, answered: int | None = None) -> CaseCustody:
    """Followup has a deadline; handover's own is primary only while an answer is awaited."""
    watched = replace(case, followup_watches=True)
    if case.phase is not Phase.ARRIVED:
        secondary = replace(case.watch, is_primary=False) if case.watch is not None else None
        return steps.changed(watched, watch=secondary)
    if _still_waits(case, answered):
        return steps.changed(watched)
    return steps.moved(watched, Phase.FOLLOW_UP, None)


def _still_waits(case: CaseCustody, answered: int | None) -> bool:
    """Whether that is no answer to the latest arrival; None: followup answers nothing in particular."""
    awaited = case.arrivals[-1]
    if case.segment.number == awaited:
        return answered != awaited
    if case.segment.cause is Cause.REOPENED:
        return answered is not None and answered < case.segment.number
    return answered is not None and answered < awaited
