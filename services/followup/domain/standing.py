"""What follows from the entries of a case as they stand: what is done, missed or asked for, and whether she is lost.

Nothing here asks in which order entries came: what was taken back leaves no trace, and a paper of last month that is
entered today says of last month what it says.

Policies of this project:

- A look that was made ends the earlier ones as missed: nobody can look three years back.
- Who asked not to be visited again, and wishes the case to be closed, is asked for nothing more: the closing decision
  is due.
- She is searched for when nobody of her name lives at the address, when she moved away, after
  LOST_AFTER_FAILED_CONTACTS failed attempts on different days, or when LOST_TO_FOLLOW_UP has passed and somebody
  tried in vain, be it once, before it or after: the limit asks how long nobody has seen her, not how often she was
  looked for. A day on which she was seen ends all that went before it. Where nobody tried, a follow-up is neglected:
  that is no search, since nobody knows that she is not there.
- While she is in a facility it is known where she is: nothing at her address says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import LOST_AFTER_FAILED_CONTACTS
from services.chassis.kernel.words import Phase, SearchEffect
from services.followup.domain.case import FollowUp, FollowUpCase, Fresh, SearchReason, State, with_decision
from services.followup.domain.entry import AfterDeclined, ContactOutcome, Entry, Kind

_OPENS = {
    SearchReason.NOT_AT_ADDRESS: SearchEffect.OPENS_NOT_AT_ADDRESS,
    SearchReason.LEFT_PROVINCE: SearchEffect.OPENS_LEFT_PROVINCE,
}
_NOT_THERE: Final = frozenset({ContactOutcome.NOT_AT_ADDRESS, ContactOutcome.MOVED_AWAY})
"""Who says so was where she lived, and she does not live there."""


# The follow-ups.


def visit_of(case: FollowUpCase, kind: Kind) -> Entry | None:
    """The visit on record for a follow-up."""
    found = [each for each in case.standing if each.finding.kind is kind and each.finding.is_visit]
    return found[-1] if found else None


def as_recorded(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
    """The case with its follow-ups as the entries have them; the closing decision when none is open any more."""
    had_open = bool(case.binding_follow_ups)
    case = replace(case, follow_ups=tuple(_as_recorded(case, one) for one in case.follow_ups))
    if case.phase is Phase.FOLLOW_UP and not case.binding_follow_ups and (had_open or case.decision_on is None):
        return with_decision(case, now, calendar)
    return case


def opened_again(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
    """A closed case, followed up again; a closing decision gets its full time, whoever looks for her begins anew."""
    case = replace(
        case,
        phase=Phase.FOLLOW_UP,
        close_reason=None,
        closed_at=None,
        watched_from=now,
        fresh=Fresh(case.next_number, local_date(now)),
        opened_with=case.next_number,
        decision_on=None,
    )
    return as_recorded(case, now, calendar)


def _as_recorded(case: FollowUpCase, one: FollowUp) -> FollowUp:
    one = replace(one, attempts=_attempts_of(case, one.kind))
    visit = visit_of(case, one.kind)
    if visit is None:
        return replace(one, state=_unmade(case, one), visited_on=None, outcome=None, warning_signs=(), recorded_by=None)
    return replace(
        one,
        state=State.RECORDED,
        visited_on=visit.finding.on,
        outcome=visit.finding.found,  # type: ignore[arg-type]
        warning_signs=visit.finding.warning_signs,
        recorded_by=visit.first.office_id,
    )


def _unmade(case: FollowUpCase, one: FollowUp) -> State:
    if one.dropped is not None:
        # Nobody was to make it, so nobody missed it.
        return State.CANCELLED
    if any(other.due_on > one.due_on and visit_of(case, other.kind) for other in case.follow_ups):
        return State.MISSED
    return State.OPEN if case.phase is Phase.FOLLOW_UP and not asked_to_stop(case) else State.CANCELLED


def asked_to_stop(case: FollowUpCase) -> bool:
    """She asked not to be visited again and to have the case closed, and it was not opened again since."""
    return any(each.finding.then is AfterDeclined.CLOSE and each.number >= case.opened_with for each in case.standing)


def _attempts_of(case: FollowUpCase, kind: Kind) -> tuple[date, ...]:
    return tuple(sorted({each.finding.on for each in failures(case) if each.finding.kind is kind}))


# The first contact.


def awaits_contact(case: FollowUpCase) -> bool:
    """The first contact is asked for, and nobody has seen her since she came home."""
    since = case.contact_from
    return since is not None and not any(each.finding.is_seen and each.finding.on >= since for each in case.standing)


def asks_for_contact(case: FollowUpCase) -> bool:
    """Whether a first contact is to be made. Once a follow-up is due, its visit is asked for in its place."""
    is_due = any(one.has_come_due for one in case.open_follow_ups)
    return case.phase is Phase.FOLLOW_UP and case.contact_due_on is not None and awaits_contact(case) and not is_due


# The search.


def last_seen(case: FollowUpCase) -> Entry | None:
    """The latest entry by which she was seen, by its day."""
    seen = [each for each in case.standing if each.finding.is_seen]
    return max(seen, key=_by_day, default=None)


def failures(case: FollowUpCase) -> list[Entry]:
    """The failed attempts that count: of whoever looks for her now, after she was last seen; by their days."""
    seen = last_seen(case)
    return sorted(
        (
            each
            for each in case.standing
            if each.finding.is_in_vain
            and each.number >= case.fresh.number
            and (case.fresh.on is None or each.finding.on >= case.fresh.on)
            and (seen is None or _by_day(each) > _by_day(seen))
        ),
        key=_by_day,
    )


def lost_because(case: FollowUpCase) -> SearchReason | None:
    """Why the entries say that she is to be searched for; None when they do not."""
    if case.phase is not Phase.FOLLOW_UP or case.is_away:
        return None
    failed = failures(case)
    told = [each.finding.found for each in failed if each.finding.found in _NOT_THERE]
    if told:
        moved = told[-1] is ContactOutcome.MOVED_AWAY
        return SearchReason.LEFT_PROVINCE if moved else SearchReason.NOT_AT_ADDRESS
    days = {each.finding.on for each in failed}
    if len(days) >= LOST_AFTER_FAILED_CONTACTS:
        return SearchReason.NOT_AT_ADDRESS
    in_vain = days and any(is_past_limit(case, one) for one in case.binding_follow_ups)
    return SearchReason.NOT_AT_ADDRESS if in_vain else None


def effect_on_search(before: FollowUpCase, after: FollowUpCase) -> SearchEffect:
    """What a change of the entries makes of the search; for handover, which has it."""
    if after.phase is not Phase.FOLLOW_UP or after.is_away:
        return SearchEffect.NONE
    was, now = lost_because(before), lost_because(after)
    if now is not None:
        grew = len(failures(after)) > len(failures(before))
        return _OPENS[now] if now is not was or (grew and after.search is None) else SearchEffect.NONE
    seen = last_seen(after)
    is_news = seen is not None and seen != last_seen(before)
    if was is not None:
        return SearchEffect.ENDS_SEEN if is_news else SearchEffect.ENDS_MISTAKEN
    searched = after.search is not None and after.search.reason in set(SearchReason)
    if searched and is_news and seen is not None and after.search and seen.finding.on >= after.search.since:
        return SearchEffect.ENDS_SEEN
    return SearchEffect.NONE


def is_lost(case: FollowUpCase) -> bool:
    """She is searched for, or the entries say that she is to be."""
    return case.search is not None or lost_because(case) is not None


# The limit of being overdue.


def limit_from(case: FollowUpCase, one: FollowUp) -> date:
    """The day from which LOST_TO_FOLLOW_UP is counted: overdue, and nobody saw, found or received her since."""
    seen = last_seen(case)
    days = (one.overdue_from, case.fresh.on, seen.finding.on if seen else None)
    return max(day for day in days if day is not None)


def is_past_limit(case: FollowUpCase, one: FollowUp) -> bool:
    """LOST_TO_FOLLOW_UP passed for a follow-up, and nothing gave it new grace since."""
    return one.limit_from is not None and one.limit_from >= limit_from(case, one)


def is_neglected(case: FollowUpCase, one: FollowUp) -> bool:
    """LOST_TO_FOLLOW_UP passed, and nobody tried: that she is not there nobody can say."""
    return one.state is State.OPEN and is_past_limit(case, one) and not failures(case) and case.search is None


def _by_day(entry: Entry) -> tuple[date, int]:
    return entry.finding.on, entry.number
