"""One case under any order of journeys, answers, closings, delays and news that cross each other.

Followup is played by the few rules that handover relies on: it answers an arrival, cancels when
one is taken back unless a visit was recorded, closes and reopens; and its news come late.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.handover.domain import (
    ENDED,
    CaseCustody,
    Cause,
    CustodyChanged,
    Moment,
    Outcome,
    Phase,
    RejectReason,
    SearchResolved,
    TransferOverdue,
    TransferState,
)
from tests.unit.handover.cases import CALENDAR, HOME, OTHER, POST, at, check_invariant, registered

OFFICES = (POST, HOME, OTHER)
LOOKS_MAX = 20
"""A chain that is longer than this does not end."""

News = Callable[[CaseCustody], Outcome]


class CustodyMachine(RuleBasedStateMachine):
    """Handover's side, with news of followup in a queue."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at().now
        self.case = registered()
        self.ids = 100
        self.segments = [self.case.segment]
        self.told_overdue: set[tuple[str, date, int]] = set()
        self.news: deque[News] = deque()

    @property
    def at(self) -> Moment:
        """The present moment."""
        return Moment(self.now, CALENDAR)

    def new_id(self) -> uuid.UUID:
        """An id of its own."""
        self.ids += 1
        return uuid.UUID(int=self.ids)

    def take(self, act: Callable[[], Outcome]) -> Outcome | None:
        """Let a verb take effect, or be refused without a trace."""
        before = self.case
        try:
            outcome = act()
        except HomewardError:
            assert self.case is before
            return None
        self.check_told(before, outcome)
        self.case = outcome.case
        return outcome

    def check_told(self, before: CaseCustody, outcome: Outcome) -> None:
        """What is told agrees with what changed."""
        changed = [one for one in outcome.events if isinstance(one, CustodyChanged)]
        assert len(changed) <= 1
        if changed:
            (told,) = changed
            assert told.previous_office_id == before.office_id
            assert told.office_id == outcome.case.office_id
            assert told.phase is outcome.case.phase
            assert told.segment == outcome.case.segment.number
        else:
            assert outcome.case.segment == before.segment
            assert (outcome.case.phase in ENDED) == (before.phase in ENDED)
        resolved = sum(isinstance(one, SearchResolved) for one in outcome.events)
        assert resolved == (before.search is not None and outcome.case.search is None)
        if outcome.case.segment.number > before.segment.number:
            assert outcome.case.segment.number == before.segment.number + 1
            self.segments.append(outcome.case.segment)

    # Offices.

    @rule(to=st.sampled_from(OFFICES), ahead=st.integers(-3, 5), days=st.integers(-1, 70))
    def plan(self, to: str, ahead: int, days: int) -> None:
        """The accountable office plans."""
        leave = local_date(self.now) + timedelta(days=ahead)
        arrive = leave + timedelta(days=days)
        self.take(lambda: self.case.plan(self.new_id(), to, leave, arrive, self.at))

    @rule(
        to=st.none() | st.sampled_from(OFFICES),
        ago=st.none() | st.integers(-1, 5),
        ahead=st.none() | st.integers(-2, 9),
    )
    def dispatch(self, to: str | None, ago: int | None, ahead: int | None) -> None:
        """She leaves."""
        today = local_date(self.now)
        departed = None if ago is None else today - timedelta(days=ago)
        arrive = None if ahead is None else today + timedelta(days=ahead)
        self.take(lambda: self.case.dispatch(self.new_id(), to, departed, arrive, self.at))

    @rule()
    def recall(self) -> None:
        """The sender takes it back."""
        self.take(lambda: self.case.recall(self.at))

    @rule()
    def record_home(self) -> None:
        """She is home."""
        if self.take(lambda: self.case.record_home(None, self.at)):
            self.followup_hears_of_the_arrival()

    @precondition(lambda self: self.case.transfer is not None)
    @rule(ago=st.none() | st.integers(-1, 5), by_sender=st.booleans())
    def acknowledge(self, ago: int | None, by_sender: bool) -> None:
        """She arrived, or somebody says so."""
        transfer = self.case.transfer
        assert transfer is not None
        by = transfer.from_office_id if by_sender else transfer.to_office_id
        arrived = None if ago is None else local_date(self.now) - timedelta(days=ago)
        if self.take(lambda: self.case.acknowledge(by, arrived, self.at)):
            assert not by_sender
            self.followup_hears_of_the_arrival()

    @rule()
    def retract(self) -> None:
        """She did not."""
        before = self.case
        if self.take(lambda: self.case.retract("invented", self.at)):
            assert self.case.office_id == self.segments[-3].office_id
            assert before.segment.cause is Cause.ARRIVED

    @rule(reason=st.sampled_from(RejectReason))
    def reject(self, reason: RejectReason) -> None:
        """The addressed office does not take her."""
        self.take(lambda: self.case.reject(reason, self.at))

    # News, which may come late and cross what happened meanwhile.

    def followup_hears_of_the_arrival(self) -> None:
        """It will answer with the segment it heard of."""
        segment = self.case.segment.number
        self.news.append(lambda case: case.follow_ups_scheduled(segment))

    @precondition(lambda self: self.news)
    @rule()
    def news_come(self) -> None:
        """The oldest news of followup."""
        news = self.news.popleft()
        self.take(lambda: news(self.case))

    @precondition(lambda self: self.case.phase is Phase.FOLLOW_UP)
    @rule()
    def close(self) -> None:
        """Followup closes; news of an office that is not accountable then are stepped over."""
        office_id = self.case.office_id

        def closing(case: CaseCustody) -> Outcome:
            return case.close(self.at) if case.office_id == office_id else Outcome(case)

        self.news.append(closing)

    @precondition(lambda self: self.case.phase is Phase.CLOSED)
    @rule()
    def reopen(self) -> None:
        """Followup reopens."""
        self.news.append(lambda case: case.reopen(self.at))

    @rule(seldom=st.integers(0, 9))
    def withdraw(self, seldom: int) -> None:
        """Intake withdraws; seldom, for it ends most stories."""
        if seldom:
            return
        before = self.case
        outcome = self.take(lambda: self.case.withdraw(self.at))
        assert outcome is not None
        if before.is_open and before.office_id != POST:
            assert self.case is before

    # Time.

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """A scheduler that works."""
        self.now += timedelta(hours=hours)
        self.look()

    @rule(days=st.integers(3, 60))
    def outage(self, days: int) -> None:
        """A scheduler that was down, then looks until nothing is due."""
        self.now += timedelta(days=days)
        self.look()

    def look(self) -> None:
        """Fire what is due, each once."""
        for _ in range(LOOKS_MAX):
            watch = self.case.watch
            if watch is None or not watch.due.has_passed(self.now):
                return
            search_id = self.new_id()
            outcome = self.take(partial(self.case.deadline_passed, search_id, self.at, late=False))
            assert outcome is not None
            assert self.case.watch != watch
            for event in outcome.events:
                if isinstance(event, TransferOverdue):
                    round_of = self.case.transfer.number if self.case.transfer else 0
                    key = (event.rule, event.due_on, round_of + 1000 * len(self.segments))
                    assert key not in self.told_overdue, "told twice"
                    self.told_overdue.add(key)
        raise AssertionError("the deadlines do not come to an end")

    # What always holds.

    @invariant()
    def one_office_one_deadline_one_transfer(self) -> None:
        """The promise."""
        check_invariant(self.case)

    @invariant()
    def an_open_case_is_never_left_behind(self) -> None:
        """What handover watches lies ahead, or is fired by the next look."""
        case = self.case
        if case.is_open and not case.followup_watches:
            assert case.watch is not None

    @invariant()
    def the_last_segment_is_the_accountable_office(self) -> None:
        """History and present agree."""
        assert self.segments[-1] == self.case.segment
        assert [one.number for one in self.segments] == list(range(1, len(self.segments) + 1))

    @invariant()
    def an_arrival_has_its_day(self) -> None:
        """Arrivals lie between departure and today."""
        transfer = self.case.transfer
        if transfer is not None and transfer.state is TransferState.ACKNOWLEDGED:
            assert transfer.departed_on is not None
            assert transfer.arrived_on is not None
            assert transfer.departed_on <= transfer.arrived_on <= local_date(self.now)


TestCustody = CustodyMachine.TestCase
TestCustody.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
