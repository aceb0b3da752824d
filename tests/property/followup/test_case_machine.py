"""One case under any order of visits, closings, journeys and delays: always exactly one primary deadline."""

from __future__ import annotations

import uuid
from collections import Counter, deque
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.chassis.kernel.clock import local_date, start_of_local_day
from services.chassis.kernel.deadlines import Timeliness, is_past, timeliness
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.words import CloseReason, CustodyCause, Phase, SearchEffect
from services.followup.domain.case import FIRST_CONTACT, DropReason, FollowUpCase, Stage, State
from services.followup.domain.contacts import record_contact
from services.followup.domain.custody import CustodyChange, take_custody
from services.followup.domain.deadlines import fire
from services.followup.domain.entries import TO_CORRECT, TO_TAKE_BACK, Correction, Reviser, correct, take_back
from services.followup.domain.entry import AfterDeclined, ContactOutcome, EntryReason, Kind, Outcome
from services.followup.domain.events import (
    ContactMade,
    Due,
    Escalated,
    Event,
    Lost,
    Neglected,
    Overdue,
    Recorded,
    Revised,
    StepsCause,
    StepsChanged,
)
from services.followup.domain.policy import Facts, policy_of, switched_on
from services.followup.domain.recording import Done
from services.followup.domain.standing import as_recorded, is_lost, is_neglected, lost_because
from services.followup.domain.steps import drop, know_age, reschedule, switch_on
from services.followup.domain.visits import Visit, record
from services.followup.domain.watching import Change, Decision, Watch, decide, watches
from services.followup.domain.whereabouts import search_ended, searched_for
from tests.support.examples import machine_examples
from tests.unit.followup.cases import CALENDAR, CASE_ID, NUMBER

BEGIN = date(2026, 1, 31)
OFFICES = ("SA-01", "SA-22", "SA-08")
SHELTER = "RC-01"
POST = "BP-01"
OPENS = {SearchEffect.OPENS_LEFT_PROVINCE: "LEFT_PROVINCE", SearchEffect.OPENS_NOT_AT_ADDRESS: "NOT_AT_ADDRESS"}
ENDS = (SearchEffect.ENDS_SEEN, SearchEffect.ENDS_MISTAKEN)


def keeper_of(office_id: str) -> str:
    """The agency that makes the follow-ups for an office."""
    return office_id if office_id.startswith("SA-") else OFFICES[0]


class Handover:
    """Accountability as handover keeps it, and tells it late."""

    def __init__(self) -> None:
        self.is_open = True
        self.holders = ["BP-TEST"]
        self.segment = 1
        self.told: deque[CustodyChange] = deque()
        self.under_18 = False

    @property
    def office_id(self) -> str:
        return self.holders[-1]

    def _tell(
        self, cause: CustodyCause, phase: Phase, on: date | None = None, *, reason: CloseReason | None = None
    ) -> None:
        keeper_id = keeper_of(self.office_id)
        self.told.append(
            CustodyChange(
                CASE_ID,
                NUMBER,
                self.office_id,
                keeper_id,
                self.segment,
                phase,
                cause,
                on,
                reason,
                under_18=self.under_18,
            )
        )

    def arrive(self, office_id: str, on: date) -> None:
        self.holders.append(office_id)
        self.segment += 1
        self._tell(CustodyCause.ARRIVED, Phase.ARRIVED, on)

    def admit(self, office_id: str) -> None:
        self.holders.append(office_id)
        self.segment += 1
        self._tell(CustodyCause.ADMITTED, Phase.ADMITTED)

    def take_over(self, cause: CustodyCause, office_id: str, phase: Phase, on: date | None = None) -> None:
        # What was acknowledged before can no more be taken back: custody has passed otherwise.
        self.holders = [office_id]
        self.segment += 1
        self._tell(cause, phase, on)

    def retract(self) -> None:
        self.holders.pop()
        self.segment += 1
        self._tell(CustodyCause.ARRIVAL_RETRACTED, Phase.IN_TRANSIT)

    def reopen(self) -> None:
        self.is_open = True
        self.segment += 1
        self._tell(CustodyCause.REOPENED, Phase.ARRIVED)

    def end(self, cause: CustodyCause, reason: CloseReason | None) -> None:
        """Close the case, or let it go on as another one."""
        self.is_open = False
        self._tell(cause, Phase.CLOSED, reason=reason)


class CaseMachine(RuleBasedStateMachine):
    """Followup's side, with the obligations as the database would keep them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = start_of_local_day(BEGIN)
        self.handover = Handover()
        self.case: FollowUpCase | None = None
        self.armed: list[Watch] = []
        self.said: Counter[tuple[str, uuid.UUID | None, object]] = Counter()
        self.ids = 1_000
        self.searching: str | None = None

    @initialize(days_ago=st.integers(0, 120), under_18=st.booleans())
    def first_arrival(self, days_ago: int, under_18: bool) -> None:
        self.handover.under_18 = under_18
        self.handover.arrive(OFFICES[0], BEGIN - timedelta(days=days_ago))
        self.deliver()

    # What others do.

    @precondition(lambda self: self.handover.is_open and len(self.handover.holders) < 5)
    @rule(office_id=st.sampled_from(OFFICES))
    def arrival(self, office_id: str) -> None:
        self.handover.arrive(office_id, local_date(self.now))

    @precondition(lambda self: self.handover.is_open and len(self.handover.holders) < 5)
    @rule(office_id=st.sampled_from((*OFFICES, SHELTER)))
    def admission(self, office_id: str) -> None:
        self.handover.admit(office_id)

    @precondition(lambda self: self.handover.is_open)
    @rule(
        cause=st.sampled_from([CustodyCause.FOUND, CustodyCause.REASSIGNED, CustodyCause.OFFICE_ENDED]),
        office_id=st.sampled_from((*OFFICES, SHELTER, POST)),
        phase=st.sampled_from([Phase.ARRIVED, Phase.ADMITTED, Phase.SEARCH]),
    )
    def takeover(self, cause: CustodyCause, office_id: str, phase: Phase) -> None:
        found_home = cause is CustodyCause.FOUND and phase is Phase.ARRIVED
        self.handover.take_over(cause, office_id, phase, local_date(self.now) if found_home else None)

    @precondition(lambda self: self.handover.is_open and len(self.handover.holders) > 1)
    @rule()
    def retraction(self) -> None:
        self.handover.retract()

    @precondition(lambda self: self.handover.told)
    @rule()
    def deliver(self) -> None:
        self.ids += 10
        new_ids = {kind: uuid.UUID(int=self.ids + number) for number, kind in enumerate(Kind)}
        told = self.handover.told.popleft()
        before = self.case
        decision = take_custody(before, told, new_ids=new_ids, now=self.now, calendar=CALENDAR)
        if decision is None:
            return
        if told.cause in (CustodyCause.CLOSED, CustodyCause.RE_IDENTIFIED):
            assert decision.case.phase is Phase.CLOSED
        if told.cause is CustodyCause.ARRIVAL_RETRACTED and before is not None and before.standing_arrivals > 1:
            assert decision.case.set_number == before.set_number
            assert decision.case.phase is Phase.FOLLOW_UP
        self.carry_out(decision)

    @precondition(lambda self: self.handover.is_open)
    @rule(reason=st.sampled_from((None, *CloseReason)))
    def close(self, reason: CloseReason | None) -> None:
        self.handover.end(CustodyCause.CLOSED if reason else CustodyCause.RE_IDENTIFIED, reason)

    @precondition(lambda self: not self.handover.is_open)
    @rule()
    def reopen(self) -> None:
        self.handover.reopen()

    # What the accountable office does.

    @rule(
        kind=st.sampled_from([None, *Kind]),
        outcome=st.sampled_from(Outcome),
        days_ago=st.integers(0, 40),
        then=st.sampled_from(AfterDeclined),
    )
    def visit(self, kind: Kind | None, outcome: Outcome, days_ago: int, then: AfterDeclined) -> None:
        assert self.case is not None
        day = local_date(self.now) - timedelta(days=days_ago)
        visit = Visit(kind, day, outcome, then=then if outcome is Outcome.DECLINED else None)
        try:
            done, one = record(self.case, visit, by=self.case.keeper_id, now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        assert (self.case.arrived_on or day) <= day <= local_date(self.now)
        assert day >= one.earliest_on
        self.enter(done)

    @rule(facts=st.builds(Facts, high_risk=st.booleans(), open_plan=st.booleans(), research=st.booleans()))
    def facts_become_known(self, facts: Facts) -> None:
        """As a judgement does; whatever asks for steps says which are new."""
        assert self.case is not None
        before = {one.kind: one for one in self.case.follow_ups}
        self.ids += 10
        new_ids = {kind: uuid.UUID(int=self.ids + number) for number, kind in enumerate(Kind)}
        after, added = switch_on(
            self.case, facts, new_ids=new_ids, now=self.now, calendar=CALENDAR, again=facts.high_risk
        )
        assert all(one.due_on >= local_date(self.now) and not one.always for one in added)
        assert {one.kind for one in after.follow_ups} == {*before, *(one.kind for one in added)}
        if after.phase is Phase.FOLLOW_UP:
            wanted = switched_on(policy_of(after.policy_version), facts)
            ahead = {one.kind for one in after.follow_ups if one.kind in wanted and one.due_on >= local_date(self.now)}
            assert not facts.high_risk or all(one.dropped is None for one in after.follow_ups if one.kind in ahead)
        self.carry_out(decide(self.case, Change(after, (StepsChanged(StepsCause.CARE, added=added),)), CALENDAR))

    @rule(under_18=st.booleans())
    def age_is_corrected(self, under_18: bool) -> None:
        assert self.case is not None
        self.handover.under_18 = under_18
        self.ids += 10
        new_ids = {kind: uuid.UUID(int=self.ids + number) for number, kind in enumerate(Kind)}
        before = {one.id: one for one in self.case.follow_ups}
        self.carry_out(know_age(self.case, under_18=under_18, new_ids=new_ids, now=self.now, calendar=CALENDAR))
        assert before.items() <= {one.id: one for one in self.case.follow_ups}.items(), "nothing is taken away"

    @rule(kind=st.sampled_from(Kind), days=st.integers(-10, 40))
    def put_on_another_day(self, kind: Kind, days: int) -> None:
        assert self.case is not None
        on = local_date(self.now) + timedelta(days=days)
        try:
            decision = reschedule(self.case, kind, on, "PERSON_ASKED", now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        [was], [one] = ([each for each in case.follow_ups if each.kind is kind] for case in (self.case, decision.case))
        assert (one.due_on, one.first_due_on) == (on, was.due_on)
        assert not one.binds or one.overdue_from == was.overdue_from >= on
        self.carry_out(decision)

    @rule(kind=st.sampled_from(Kind))
    def dropped(self, kind: Kind) -> None:
        assert self.case is not None
        try:
            decision = drop(self.case, kind, DropReason.OTHER, now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        assert kind not in (Kind.MONTHS_3, Kind.YEARS_3)
        self.carry_out(decision)

    @precondition(lambda self: self.case is not None and self.case.entries)
    @rule(place=st.integers(0, 100), reason=st.sampled_from(sorted(TO_TAKE_BACK)), oversees=st.booleans())
    def taken_back(self, place: int, reason: EntryReason, oversees: bool) -> None:
        assert self.case is not None
        entry = self.case.entries[place % len(self.case.entries)]
        by = Reviser("SV-01" if oversees else self.case.keeper_id, oversees)
        try:
            done = take_back(self.case, entry, reason, by=by, now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        self.enter(done)

    @precondition(lambda self: self.case is not None and self.case.entries)
    @rule(
        place=st.integers(0, 100),
        reason=st.sampled_from(sorted(TO_CORRECT)),
        days=st.none() | st.integers(-20, 20),
        kind=st.none() | st.sampled_from(Kind),
        outcome=st.none() | st.sampled_from(Outcome),
        contact=st.none() | st.sampled_from(ContactOutcome),
        then=st.none() | st.sampled_from(AfterDeclined),
    )
    def corrected(
        self,
        place: int,
        reason: EntryReason,
        days: int | None,
        kind: Kind | None,
        outcome: Outcome | None,
        contact: ContactOutcome | None,
        then: AfterDeclined | None,
    ) -> None:
        assert self.case is not None
        entry = self.case.entries[place % len(self.case.entries)]
        on = entry.finding.on + timedelta(days=days) if days is not None else None
        is_contact = entry.finding.kind is None
        correction = Correction(on=on, contact=contact) if is_contact else Correction(kind, on, outcome, then=then)
        by = Reviser("SV-01", oversees=True)
        try:
            done = correct(self.case, entry, correction, reason, by=by, now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        self.enter(done)

    @precondition(lambda self: self.searching is not None and self.case is not None)
    @rule()
    def found_by_a_search(self) -> None:
        assert self.case is not None
        self.searching = None
        self.carry_out(search_ended(self.case, by_entry=False, now=self.now, calendar=CALENDAR))
        assert not is_lost(self.case)

    def enter(self, done: Done) -> None:
        """As handover does: it opens and ends the search that an entry of the accountable agency asks for."""
        assert self.case is not None
        self.carry_out(done.decision)
        if self.case.is_away or self.case.phase is not Phase.FOLLOW_UP:
            assert done.effect is SearchEffect.NONE
        if done.effect in OPENS and self.searching is None:
            self.searching = OPENS[done.effect]
            self.carry_out(searched_for(self.case, self.searching, local_date(self.now), CALENDAR))
        elif done.effect in ENDS and self.searching is not None:
            self.searching = None
            self.carry_out(search_ended(self.case, by_entry=True, now=self.now, calendar=CALENDAR))
        by_day = sorted(self.case.standing, key=lambda each: (each.finding.on, each.number))
        if by_day and by_day[-1].finding.is_seen:
            assert lost_because(self.case) is None

    @rule(outcome=st.sampled_from(ContactOutcome), days_ago=st.integers(0, 40))
    def contact(self, outcome: ContactOutcome, days_ago: int) -> None:
        assert self.case is not None
        day = local_date(self.now) - timedelta(days=days_ago)
        by = self.case.keeper_id
        try:
            done = record_contact(self.case, outcome, day, by=by, now=self.now, calendar=CALENDAR)
        except HomewardError:
            return
        assert (self.case.arrived_on or day) <= day <= local_date(self.now)
        self.enter(done)

    # What time does.

    @rule(days=st.one_of(st.integers(0, 20), st.integers(60, 1_200)), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def look(self) -> None:
        """As `fire_due` does: one at a time, because firing one may disarm the next, which then must not fire."""
        for _ in range(200):
            passed = [each for each in self.armed if each.fire_at <= self.now]
            due = min(passed, key=lambda each: each.fire_at, default=None)
            if due is None:
                return
            self.armed.remove(due)
            self.fire(due)
        raise AssertionError("deadlines without end")

    def fire(self, watch: Watch) -> None:
        assert self.case is not None
        self.carry_out(
            fire(
                self.case,
                watch.due.rule_code,
                watch.follow_up_id,
                late=False,
                now=self.now,
                calendar=CALENDAR,
            )
        )

    def carry_out(self, decision: Decision) -> None:
        self.case = decision.case
        for gone in decision.disarm:
            self.armed = [
                each
                for each in self.armed
                if (each.due.rule_code, each.follow_up_id) != (gone.due.rule_code, gone.follow_up_id)
            ]
        self.armed.extend(decision.arm)
        for event in decision.events:
            self.hear(event)

    def hear(self, event: Event) -> None:
        assert self.case is not None
        match event:
            case Due(one, _):
                assert local_date(self.now) >= one.due_on
                self.once("due", one.id, one.due_on)
            case Overdue(one, _):
                assert one.overdue_after_days is not None
                assert timeliness(one.due_on, one.overdue_after_days, self.now) is Timeliness.OVERDUE
                self.once("overdue", one.id)
            case Lost(one, _):
                assert lost_because(self.case) is not None
            case Neglected(one, _):
                assert (local_date(self.now) - one.overdue_from).days > 60
                assert is_neglected(self.case, one)
                assert not is_lost(self.case)
            case Escalated(None, code, level, _) if code == FIRST_CONTACT:
                assert self.case.contact_due_on is not None
                assert is_past(self.case.contact_due_on, local_date(self.now))
                since = self.case.contact_from
                seen_on = [each.finding.on for each in self.case.standing if each.finding.is_seen]
                assert since is not None
                assert all(day < since for day in seen_on)
                assert level in (1, 2), "told once, and once more to the supervisor"
                self.once("first contact", None, (self.case.set_number, since, self.case.segment, level))
            case Escalated(None, _, level, _):
                assert self.case.decision_due_on is not None
                assert is_past(self.case.decision_due_on, local_date(self.now))
                self.once("decide", None, (self.case.set_number, self.case.decision_from, self.case.decision_on, level))
            case Escalated(follow_up_id, _, level, _):
                one = next(each for each in self.case.follow_ups if each.id == follow_up_id)
                assert (local_date(self.now) - one.overdue_from).days > 14 * level
                self.once("escalated", follow_up_id, level)
            case Recorded(one, entry, _, _, _, _):
                assert one.state is State.RECORDED
                self.once("recorded", one.id, entry.number)
            case ContactMade() | Revised():
                return
            case _:
                return

    def once(self, what: str, follow_up_id: uuid.UUID | None, which: object = None) -> None:
        self.said[what, follow_up_id, which] += 1
        assert self.said[what, follow_up_id, which] == 1

    # What always holds.

    @invariant()
    def exactly_one_primary_while_followed(self) -> None:
        if self.case is None:
            return
        primaries = [each for each in self.armed if each.is_primary]
        assert len(primaries) == (1 if self.case.phase is Phase.FOLLOW_UP else 0)
        assert sorted(self.armed, key=repr) == sorted(watches(self.case, CALENDAR), key=repr)

    @invariant()
    def follow_ups_are_as_the_entries_have_them(self) -> None:
        if self.case is not None and self.case.arrived_on is not None:
            assert as_recorded(self.case, self.now, CALENDAR).follow_ups == self.case.follow_ups

    @invariant()
    def whoever_makes_them_may(self) -> None:
        assert self.case is None or self.case.keeper_id in OFFICES

    @invariant()
    def nothing_is_asked_of_what_a_later_look_ended(self) -> None:
        if self.case is None:
            return
        made = [one.due_on for one in self.case.follow_ups if one.state is State.RECORDED]
        assert all(one.due_on > max(made) for one in self.case.open_follow_ups if made)

    @invariant()
    def what_everybody_gets_ends_with_the_case_alone(self) -> None:
        if self.case is None or self.case.arrived_on is None:
            return
        assert {one.kind for one in self.case.follow_ups if one.always} == {Kind.MONTHS_3, Kind.YEARS_3}
        assert all(one.dropped is None for one in self.case.follow_ups if one.always)
        assert all(one.state is State.CANCELLED for one in self.case.follow_ups if one.dropped is not None)
        assert all(one.stage is not Stage.OVERDUE for one in self.case.follow_ups if not one.binds)

    @invariant()
    def nothing_fires_in_the_past_of_the_watch(self) -> None:
        assert all(self.case is not None and each.fire_at >= self.case.watched_from for each in self.armed)

    def teardown(self) -> None:
        """Once everything was heard, both agree."""
        while self.handover.told:
            self.deliver()
        self.exactly_one_primary_while_followed()
        if self.case is not None and self.case.phase in (Phase.FOLLOW_UP, Phase.CLOSED):
            assert self.handover.is_open == (self.case.phase is Phase.FOLLOW_UP)
            assert self.handover.office_id == self.case.office_id


CaseMachine.TestCase.settings = settings(max_examples=machine_examples(), stateful_step_count=40, deadline=None)
TestCase = CaseMachine.TestCase
