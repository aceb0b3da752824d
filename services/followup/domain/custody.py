"""Custody, as handover tells it: it begins, moves, cancels and ends the obligations of follow-up.

Policies of this project:

- Obligations count from the arrival date stated in the acknowledgement. A further arrival (from the centre to home,
  or to another province) keeps their due dates; only a new return starts a new set, and a new return is a new case.
- They are with an office that makes follow-ups, and stay with the last one while the person is in a facility, or
  with an office that makes none: those who visited her go on, until another such office is accountable. Where none
  was before, they are with the agency of that office's province.
- Whoever looks for her in another place begins anew: the attempts of the former office count no more.
- An arrival taken back cancels its set, unless a follow-up of it was recorded. When the set began
  with an earlier arrival, which stands, the set stays and moves back with the custody.
- An admission begins no set. One that stands goes on, and the admission counts as a
  further arrival of it, since it can be taken back like one.
- Steps go on with custody: another office, or another province, takes none away, and gets those that the rules of its
  province ask for.
- Whoever makes the follow-ups from now on is told at once of an immediate danger that no second person has confirmed;
  the time for it does not begin anew. With a set that is cancelled nobody was visited, so nothing waits any more.
- Handover closes cases and opens them again: a set ends with its case, and whoever re-opens gets what was left as it
  stands: past due dates stay past. A closing decision gets its full time again.
- Custody that passes while a case is closed here opens it again. Cases were closed here before, and such a closing and
  the change of custody may have crossed each other: otherwise nobody would watch.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import due_date
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import CloseReason, CustodyCause, Phase, RuleCode
from services.followup.domain.case import (
    FIRST_CONTACT,
    SAFETY_ACT,
    FollowUpCase,
    Fresh,
    State,
    cancel_open,
    ended,
    rule_of,
)
from services.followup.domain.entry import Kind
from services.followup.domain.events import Cancelled, SafetyNeeded, Scheduled, StepsCause, StepsChanged
from services.followup.domain.policy import POLICIES, Facts, Policy, policy_on
from services.followup.domain.standing import as_recorded, opened_again
from services.followup.domain.steps import begun_set, switch_on
from services.followup.domain.watching import Change, Decision, decide

MAX_KEEPERS: Final = 20
"""So many offices that made the follow-ups of a person are remembered: arrivals of long ago are not taken back."""


@dataclass(frozen=True, slots=True)
class CustodyChange:
    """What handover told about accountability.

    `keeper_id`: the office that makes the follow-ups of those for whom this one is accountable: itself, or else the
    agency of its province. `arrival_on` is set for arrivals, `close_reason` for closings. `answers`: the closing or
    re-opening that was decided here, as was done before, and caused it, by the id of its event; None when anything
    else did. `under_18`: she was when she was received, None where it is not told; `province`: of the keeper.
    `against_advice`: she went to a home that is not safe, by her own decision.
    """

    case_id: uuid.UUID
    case_number: str
    office_id: str
    keeper_id: str
    segment: int
    phase: Phase
    cause: CustodyCause | None
    arrival_on: date | None = None
    close_reason: CloseReason | None = None
    answers: uuid.UUID | None = None
    under_18: bool | None = None
    province: ProvinceRef | None = None
    against_advice: bool = False

    @property
    def keeps(self) -> bool:
        """Whether the accountable office makes the follow-ups itself."""
        return self.keeper_id == self.office_id

    @property
    def is_arrival(self) -> bool:
        """Whether the person is home by it, or at the place she chose. Somebody found may be elsewhere: the phase
        tells; and a supervisor may say of somebody in a facility that she is home."""
        at_home = self.phase is Phase.ARRIVED
        found_at_home = self.cause is CustodyCause.FOUND and at_home
        assigned_at_home = self.cause is CustodyCause.REASSIGNED and at_home and self.arrival_on is not None
        return found_at_home or assigned_at_home or self.cause in (CustodyCause.ARRIVED, CustodyCause.HOME_RECORDED)


def take_custody(
    case: FollowUpCase | None,
    change: CustodyChange,
    *,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> Decision | None:
    """Follow accountability: begin, move, cancel or end the obligations.

    `new_ids` are taken when a set begins. None: nothing is known here and nothing begins.
    """
    if case is None and not change.is_arrival:
        return None
    followed = _following(case, change, now)
    if change.is_arrival:
        after = _arrive(case, followed, change, policies, new_ids, now, calendar)
        return _decided(case, after, change, policies, new_ids, now, calendar)
    match change.cause:
        case CustodyCause.ADMITTED:
            after = _admit(case, followed, change, now, calendar)
        case CustodyCause.FOUND | CustodyCause.REASSIGNED | CustodyCause.OFFICE_ENDED:
            after = _taken_over(case, followed, change, now, calendar)
        case CustodyCause.ARRIVAL_RETRACTED:
            assert case is not None
            after = _retract(case, followed, change, now, calendar)
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
    return _decided(case, after, change, policies, new_ids, now, calendar)


def _decided(
    before: FollowUpCase | None,
    after: Change,
    change: CustodyChange,
    policies: Sequence[Policy],
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision:
    """With what the office that makes the follow-ups from now on is to know besides: danger, and further steps."""
    change_told = _with_danger_told(before, after, calendar)
    case, events = change_told.case, change_told.events
    if before is not None and before.set_number == case.set_number:
        for cause, facts in (
            (StepsCause.AGE, Facts(under_18=case.under_18)),
            (StepsCause.PROVINCE, Facts(province=change.province)),
        ):
            case, added = switch_on(case, facts, new_ids=new_ids, now=now, calendar=calendar, policies=policies)
            events = (*events, StepsChanged(cause, added=added)) if added else events
    return decide(before, Change(case, events), calendar)


def _with_danger_told(before: FollowUpCase | None, change: Change, calendar: WorkingCalendar) -> Change:
    case = change.case
    if before is None or case.safety is None or case.keeper_id == before.keeper_id:
        return change
    counted_from = case.safety.counted_from
    due = due_date(rule_of(SAFETY_ACT, local_date(counted_from), calendar), counted_from, calendar)
    return Change(case, (*change.events, SafetyNeeded(case.safety.entry_number, due.due_at)))


def _following(case: FollowUpCase | None, change: CustodyChange, now: datetime) -> FollowUpCase:
    if case is None:
        return FollowUpCase(
            case_id=change.case_id,
            case_number=change.case_number,
            office_id=change.office_id,
            keepers=(change.keeper_id,),
            phase=Phase.ARRIVED,
            segment=change.segment,
            watched_from=now,
            under_18=bool(change.under_18),
        )
    under_18 = case.under_18 if change.under_18 is None else change.under_18
    return replace(
        case,
        office_id=change.office_id,
        segment=change.segment,
        keepers=_keepers(case, change),
        under_18=under_18,
    )


def _keepers(case: FollowUpCase, change: CustodyChange) -> tuple[str, ...]:
    """Who made the follow-ups so far, and makes them from now on."""
    keepers = case.keepers
    if change.cause is CustodyCause.ARRIVAL_RETRACTED:
        if change.office_id in keepers:
            last = len(keepers) - keepers[::-1].index(change.office_id)
            return keepers[:last]
        # She never came to the office that says so: those before it go on.
        earlier = keepers[:-1] if case.office_id == case.keeper_id else keepers
        return (*earlier, change.office_id) if change.keeps else earlier or keepers
    if case.arrived_on is None and change.is_arrival:
        return (change.keeper_id,)
    if not change.keeps or change.office_id == case.keeper_id:
        return keepers
    return (*keepers, change.office_id)[-MAX_KEEPERS:]


def _arrive(
    before: FollowUpCase | None,
    case: FollowUpCase,
    change: CustodyChange,
    policies: Sequence[Policy],
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> Change:
    arrived_on = change.arrival_on or local_date(now)
    if case.arrived_on is None or before is None:
        case = _with_new_set(case, arrived_on, change, policies, new_ids, now, calendar)
        return Change(case, (Scheduled(change.segment, case.open_follow_ups),))
    came_home = before.is_away or before.keeper_id != case.keeper_id
    case = replace(case, standing_arrivals=case.standing_arrivals + 1, fresh=Fresh(case.next_number, arrived_on))
    if came_home and not case.is_away:
        case = to_contact(case, arrived_on, calendar, soon=change.against_advice)
    return _moved(before, case, now, calendar)


def to_contact(case: FollowUpCase, arrived_on: date, calendar: WorkingCalendar, *, soon: bool = False) -> FollowUpCase:
    """With a first contact to be made after an arrival; `soon`: at a home that is not safe."""
    rule = RuleCode.FIRST_CONTACT_AGAINST_ADVICE.value if soon else FIRST_CONTACT
    due_on = due_date(rule_of(rule, arrived_on, calendar), arrived_on, calendar).due_on
    return replace(case, contact_from=arrived_on, contact_due_on=due_on, contact_told=False, contact_raised=False)


def is_soon(case: FollowUpCase, calendar: WorkingCalendar) -> bool:
    """Whether the first contact that is asked for is that at a home that is not safe."""
    if case.contact_from is None:
        return False
    return case.contact_due_on == to_contact(case, case.contact_from, calendar, soon=True).contact_due_on


def _admit(
    before: FollowUpCase | None, case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar
) -> Change:
    """No set begins with a stay in a facility; one that stands goes on."""
    if case.arrived_on is None or before is None:
        return Change(replace(case, phase=change.phase))
    stays = replace(
        case,
        standing_arrivals=case.standing_arrivals + 1,
        fresh=Fresh(case.next_number, local_date(now)),
        contact_from=None,
        contact_due_on=None,
    )
    return _moved(before, stays, now, calendar)


def _taken_over(
    before: FollowUpCase | None, case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar
) -> Change:
    """Another office is accountable; what it has to do stands as it stood. Its heir goes on where an office ended."""
    if case.arrived_on is None or before is None:
        return Change(replace(case, phase=change.phase))
    if change.cause is CustodyCause.FOUND or before.keeper_id != case.keeper_id:
        inherits = change.cause is CustodyCause.OFFICE_ENDED
        case = case if inherits else replace(case, fresh=Fresh(case.next_number, local_date(now)))
    return _moved(before, case, now, calendar)


def _moved(before: FollowUpCase, case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> Change:
    """The set stands and goes on; a crossed closing is undone."""
    if case.phase is Phase.CLOSED:
        case = opened_again(case, now, calendar)
    kept = before.keeper_id == case.keeper_id
    case = as_recorded(case, now, calendar)
    return Change(case, (Scheduled(case.segment, case.open_follow_ups, kept),))


def _with_new_set(
    case: FollowUpCase,
    arrived_on: date,
    change: CustodyChange,
    policies: Sequence[Policy],
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> FollowUpCase:
    policy = policy_on(local_date(now), policies)
    facts = Facts(under_18=case.under_18, province=change.province)
    begun = replace(
        case,
        phase=Phase.FOLLOW_UP,
        set_number=case.set_number + 1,
        policy_version=policy.version,
        standing_arrivals=1,
        arrived_on=arrived_on,
        set_segment=case.segment,
        follow_ups=begun_set(policy, facts, arrived_on, local_date(now), new_ids, calendar),
        watched_from=now,
        close_reason=None,
        closed_at=None,
        decision_due_on=None,
        decision_on=None,
        decision_from=None,
        decision_level=0,
        fresh=Fresh(case.next_number),
        opened_with=case.next_number,
        safety=None,
    )
    return to_contact(begun, arrived_on, calendar, soon=change.against_advice)


def _retract(
    before: FollowUpCase, case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar
) -> Change:
    if case.arrived_on is None:
        return Change(replace(case, phase=_elsewhere(change.phase)))
    arrived_on = case.arrived_on
    case = replace(case, standing_arrivals=max(0, case.standing_arrivals - 1))
    if case.standing_arrivals > 0 or any(one.state is State.RECORDED for one in case.follow_ups):
        if case.contact_from is None and not case.is_away:
            # The stay that ended the first contact was none.
            case = to_contact(case, arrived_on, calendar)
        return _moved(before, replace(case, fresh=Fresh(case.next_number, local_date(now))), now, calendar)
    cancelled = replace(
        cancel_open(case),
        phase=_elsewhere(change.phase),
        arrived_on=None,
        close_reason=None,
        closed_at=None,
        safety=None,
    )
    return Change(cancelled, (Cancelled(before.keeper_id),))


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
