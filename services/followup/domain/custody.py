"""Custody, as handover tells it: it begins, moves, cancels and ends the obligations of follow-up.

Policies of this project:

- Obligations belong to whichever office acknowledged the arrival, a reception centre too, and
  count from the arrival date stated there. A further arrival (from the centre to home, or to
  another province) moves them with their due dates; only a new return starts a new set, and a
  new return is a new case.
- An arrival taken back cancels its set, unless a follow-up of it was recorded. When the set began
  with an earlier arrival, which stands, the set stays and moves back with the custody.
- An admission begins no set. One that stands moves with the custody, and the admission counts as a
  further arrival of it, since it can be taken back like one.
- Handover closes cases and opens them again: a set ends with its case, and whoever re-opens gets what was left as it
  stands: past due dates stay past. A closing decision gets its full time again.
- Custody that passes while a case is closed here opens it again. Cases were closed here before, and such a closing and
  the change of custody may have crossed each other: otherwise nobody would watch.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import due_date
from services.chassis.kernel.words import CloseReason, CustodyCause, Phase
from services.followup.domain.case import (
    FIRST_CONTACT,
    RULE_OF_KIND,
    FollowUp,
    FollowUpCase,
    Kind,
    State,
    cancel_open,
    ended,
    opened_again,
    overdue_after_days,
    rule_of,
)
from services.followup.domain.events import Cancelled, Scheduled
from services.followup.domain.watching import Change, Decision, decide


@dataclass(frozen=True, slots=True)
class CustodyChange:
    """What handover told about accountability.

    `arrival_on` is set for arrivals, `close_reason` for closings. `answers`: the closing or re-opening that was decided
    here, as was done before, and caused it, by the id of its event; None when anything else did.
    """

    case_id: uuid.UUID
    case_number: str
    office_id: str
    segment: int
    phase: Phase
    cause: CustodyCause | None
    arrival_on: date | None = None
    close_reason: CloseReason | None = None
    answers: uuid.UUID | None = None

    @property
    def is_arrival(self) -> bool:
        """Whether the person is home by it, or at the place she chose. Somebody found may be elsewhere: the phase
        tells."""
        found_at_home = self.cause is CustodyCause.FOUND and self.phase is Phase.ARRIVED
        return found_at_home or self.cause in (CustodyCause.ARRIVED, CustodyCause.HOME_RECORDED)


def take_custody(
    case: FollowUpCase | None,
    change: CustodyChange,
    *,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision | None:
    """Follow accountability: begin, move, cancel or end the obligations.

    `new_ids` are taken when a set begins. None: nothing is known here and nothing begins.
    """
    if case is None and not change.is_arrival:
        return None
    followed = _following(case, change, now)
    if change.is_arrival:
        return decide(case, _arrive(followed, change, new_ids, now, calendar), calendar)
    match change.cause:
        case CustodyCause.ADMITTED:
            after = _admit(followed, change, now, calendar)
        case CustodyCause.FOUND | CustodyCause.REASSIGNED | CustodyCause.OFFICE_ENDED:
            after = _taken_over(followed, change, now, calendar)
        case CustodyCause.ARRIVAL_RETRACTED:
            assert case is not None
            after = _retract(followed, change, case.office_id, now, calendar)
        case CustodyCause.WITHDRAWN:
            after = Change(ended(replace(followed, arrived_on=None), Phase.WITHDRAWN, None, now))
        case CustodyCause.CLOSED | CustodyCause.REOPENED if _is_overtaken(followed, change):
            after = Change(followed)
        # The person goes on under another case: whatever was decided here, this one ends.
        case CustodyCause.CLOSED | CustodyCause.RE_IDENTIFIED:
            after = _closed(followed, change.close_reason, now)
        case CustodyCause.REOPENED:
            after = _reopened(followed, now, calendar)
        case _:
            after = Change(followed)
    return decide(case, after, calendar)


def _following(case: FollowUpCase | None, change: CustodyChange, now: datetime) -> FollowUpCase:
    if case is None:
        return FollowUpCase(
            case_id=change.case_id,
            case_number=change.case_number,
            office_id=change.office_id,
            phase=Phase.ARRIVED,
            segment=change.segment,
            watched_from=now,
        )
    return replace(case, office_id=change.office_id, segment=change.segment)


def _arrive(
    case: FollowUpCase,
    change: CustodyChange,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> Change:
    if case.arrived_on is None:
        case = _with_new_set(case, change.arrival_on or local_date(now), new_ids, now, calendar)
        return Change(case, (Scheduled(change.segment, case.open_follow_ups),))
    case = replace(case, standing_arrivals=case.standing_arrivals + 1)
    return _moved(case, now, calendar)


def _admit(case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar) -> Change:
    """No set begins with a stay in a facility; one that stands goes on there."""
    if case.arrived_on is None:
        return Change(replace(case, phase=change.phase))
    stays = replace(case, standing_arrivals=case.standing_arrivals + 1, contact_due_on=None)
    return _moved(stays, now, calendar)


def _taken_over(case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar) -> Change:
    """Another office is accountable; what it has to do stands as it stood."""
    if case.arrived_on is None:
        return Change(replace(case, phase=change.phase))
    return _moved(case, now, calendar)


def _moved(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> Change:
    """The set stands and goes on at the office accountable now; a crossed closing is undone."""
    if case.phase is Phase.CLOSED:
        case = opened_again(case, now, calendar)
    return Change(case, (Scheduled(case.segment, case.open_follow_ups),))


def _with_new_set(
    case: FollowUpCase,
    arrived_on: date,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> FollowUpCase:
    follow_ups = tuple(_new_follow_up(new_ids[kind], kind, arrived_on, calendar) for kind in RULE_OF_KIND)
    return replace(
        case,
        phase=Phase.FOLLOW_UP,
        set_number=case.set_number + 1,
        standing_arrivals=1,
        arrived_on=arrived_on,
        follow_ups=follow_ups,
        watched_from=now,
        close_reason=None,
        closed_at=None,
        decision_due_on=None,
        decision_on=None,
        decision_from=None,
        decision_level=0,
        contact_due_on=due_date(rule_of(FIRST_CONTACT, arrived_on, calendar), arrived_on, calendar).due_on,
        contact_told=False,
    )


def _new_follow_up(follow_up_id: uuid.UUID, kind: Kind, arrived_on: date, calendar: WorkingCalendar) -> FollowUp:
    due_on = due_date(rule_of(RULE_OF_KIND[kind], arrived_on, calendar), arrived_on, calendar).due_on
    return FollowUp(follow_up_id, kind, arrived_on, due_on, overdue_after_days(kind, due_on, calendar))


def _retract(
    case: FollowUpCase, change: CustodyChange, former_office_id: str, now: datetime, calendar: WorkingCalendar
) -> Change:
    if case.arrived_on is None:
        return Change(replace(case, phase=_elsewhere(change.phase)))
    standing = max(0, case.standing_arrivals - 1)
    case = replace(case, standing_arrivals=standing)
    if standing > 0 or any(one.state is State.RECORDED for one in case.follow_ups):
        return _moved(case, now, calendar)
    cancelled = replace(
        cancel_open(case),
        phase=_elsewhere(change.phase),
        arrived_on=None,
        close_reason=None,
        closed_at=None,
    )
    return Change(cancelled, (Cancelled(former_office_id),))


def _elsewhere(told: Phase) -> Phase:
    """The phase of a case that isn't followed up here; taken back means on the way again."""
    return Phase.IN_TRANSIT if told in (Phase.FOLLOW_UP, Phase.ARRIVED, Phase.CLOSED) else told


def _is_overtaken(case: FollowUpCase, change: CustodyChange) -> bool:
    """Whether this answers a closing or re-opening of ours after which another was decided here.

    The other is answered in its turn. What answers the latest, or was not decided here, is followed: it changes
    nothing where the case stands so already.
    """
    return None not in (change.answers, case.last_decision_id) and change.answers != case.last_decision_id


def _closed(case: FollowUpCase, reason: CloseReason | None, now: datetime) -> Change:
    if case.phase is Phase.CLOSED:
        return Change(case)
    # Nothing decided here stands any more: whatever handover tells of it next is how the case stands.
    return Change(replace(ended(case, Phase.CLOSED, reason, now), last_decision_id=None))


def _reopened(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> Change:
    if case.phase is not Phase.CLOSED:
        return Change(case)
    if case.arrived_on is None:
        return Change(replace(case, phase=Phase.IN_TRANSIT, closed_at=None))
    case = opened_again(case, now, calendar)
    return Change(case, (Scheduled(case.segment, case.open_follow_ups),))
