"""One case under any order of journeys, answers, closings, delays and news that cross each other.

Followup is played by the rules that handover relies on: it begins with an arrival, keeps what
stands, cancels when the only arrival is taken back unless a visit was recorded, and ends and begins
again with its case. Both hear of each other late, and in order.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Role
from services.handover.domain import (
    claims,
    closing,
    custody,
    deadlines,
    late_arrival,
    news,
    returns,
    searches,
    stays,
    steps,
    transfers,
)
from services.handover.domain.answer import Answer, AnswerKind, TakeBackReason
from services.handover.domain.arrival_day import Correcting, correct_arrival
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.closing import Ending, Heirs
from services.handover.domain.events import (
    CustodyChanged,
    SearchResolved,
    TransferAcknowledged,
    TransferDispatched,
    TransferOverdue,
    TransferRedirected,
    TransferRejected,
    TransferSuperseded,
)
from services.handover.domain.moment import Moment
from services.handover.domain.reappearance import LinkState, Match, Reappearance
from services.handover.domain.returns import LaterOffice
from services.handover.domain.search import Departure, Search
from services.handover.domain.take_back import Taking, take_back
from services.handover.domain.transfer import Transfer
from services.handover.domain.whereabouts import Past, PastSegment, chain
from services.handover.domain.words import (
    ENDED,
    ArrivalCorrectionReason,
    Cause,
    CloseReason,
    CustodyKind,
    DischargeDestination,
    LeftFor,
    LostReason,
    Phase,
    ReassignReason,
    RejectReason,
    ReopenReason,
    Resolution,
    StepKind,
    TransferState,
    WithdrawReason,
)
from tests.support.examples import machine_examples
from tests.unit.handover.cases import (
    ASSESSMENT,
    CALENDAR,
    CENTRE,
    HOME,
    OTHER,
    POST,
    SUPERVISOR,
    at,
    check_invariant,
    registered,
)

OFFICES = (POST, HOME, OTHER)
LOOKS_MAX = 20
"""A chain that is longer than this does not end."""

ROLE_OF = {POST: Role.BORDER_POST, CENTRE: Role.RECEPTION_CENTRE, SUPERVISOR: Role.SUPERVISOR}
OTHER_CASE = replace(registered(), case_id=uuid.UUID(int=1_000_000))
"""Another case of hers, which is open."""

News = Callable[[CaseCustody, Moment], Decided]


class Followup:
    """Followup, as far as it answers handover and is crossed by it."""

    def __init__(self) -> None:
        self.has_set = False
        self.closed = False
        self.visited = False
        self.overlays = 0
        self.heard: deque[CustodyChanged] = deque()
        self.news: deque[News] = deque()

    @property
    def watches(self) -> bool:
        """It has a deadline for this case."""
        return self.has_set and not self.closed

    def hear(self) -> None:
        """Take in the oldest change of custody."""
        told = self.heard.popleft()
        match told.cause:
            case Cause.ARRIVED | Cause.HOME_RECORDED:
                self._arrive(told.segment)
            case Cause.FOUND | Cause.REASSIGNED if told.phase is Phase.ARRIVED and told.arrival_on is not None:
                self._arrive(told.segment)
            case Cause.ADMITTED if self.has_set:
                self.overlays += 1
                self._moves(told.segment)
            case Cause.FOUND | Cause.REASSIGNED | Cause.OFFICE_ENDED if self.has_set:
                self._moves(told.segment)
            case Cause.CLOSED | Cause.RE_IDENTIFIED if self.has_set:
                self.closed = True
            case Cause.REOPENED if self.watches or self.has_set:
                self.closed = False
                self._moves(told.segment)
            case Cause.ARRIVAL_RETRACTED if self.has_set:
                self.overlays -= 1
                if self.overlays <= 0 and not self.visited:
                    self.has_set = self.closed = False
                    self.news.append(news.followup_ceased)
            case Cause.WITHDRAWN:
                self.has_set = False

    def _arrive(self, segment: int) -> None:
        if not self.has_set:
            self.has_set, self.closed, self.visited = True, False, False
            self.overlays = 0
        self.overlays += 1
        self._moves(segment)

    def _moves(self, segment: int) -> None:
        """The set goes on at another office."""
        assert not self.closed, "handover tells in order: nobody is moved whose case ended"
        self.news.append(lambda case, at: news.follow_ups_scheduled(case, segment))

    def visit(self, last: bool) -> None:
        """A visit is recorded."""
        self.visited = True
        self.news.append(lambda case, at: news.follow_up_recorded(case, period_ended=last))


class CustodyMachine(RuleBasedStateMachine):
    """Handover's side."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at().now
        self.case = registered()
        self.ids = 100
        self.segments = [self.case.segment]
        self.ended_at: datetime | None = None
        self.link: Reappearance | None = None
        self.transfers: dict[uuid.UUID, Transfer] = {}
        self.answered_before: Answer | None = None
        self.searches: dict[uuid.UUID, Search] = {}
        self.told_overdue: set[tuple[object, ...]] = set()
        self.followup = Followup()

    @property
    def at(self) -> Moment:
        """The present moment."""
        return Moment(self.now, CALENDAR)

    def new_id(self) -> uuid.UUID:
        """An id of its own."""
        self.ids += 1
        return uuid.UUID(int=self.ids)

    def take(self, act: Callable[[], Decided]) -> Decided | None:
        """Let a verb take effect, in an instant of its own; None when it is refused."""
        self.now += timedelta(microseconds=1)
        before = self.case
        try:
            outcome = act()
        except HomewardError:
            return None
        self.check_told(before, outcome)
        self.case = outcome.case
        return outcome

    def check_told(self, before: CaseCustody, outcome: Decided) -> None:
        """What is told agrees with what changed."""
        after = outcome.case
        changed = [one for one in outcome.events if isinstance(one, CustodyChanged)]
        assert len(changed) <= 1
        for told in changed:
            assert told.previous_office_id == before.office_id
            assert (told.office_id, told.phase) == (after.office_id, after.phase)
            assert told.segment == after.segment.number
            self.followup.heard.append(told)
        if not changed:
            assert after.segment == before.segment
            assert (after.phase in ENDED) == (before.phase in ENDED)
        self.ended_at = None if after.is_open else self.ended_at or self.now
        self.remember_transfers(outcome)
        if after.segment.number > before.segment.number:
            assert after.segment.number == before.segment.number + 1
            self.segments.append(after.segment)
        self.check_search(before, outcome)

    def remember_transfers(self, outcome: Decided) -> None:
        """Those that ended as they ended, and the latest; only one of them is open."""
        for event in outcome.events:
            if isinstance(event, TransferRedirected | TransferSuperseded):
                self.transfers[event.transfer.id] = event.transfer
            if isinstance(event, SearchResolved):
                self.searches[event.search.id] = event.search
        if outcome.case.search is not None:
            self.searches[outcome.case.search.id] = outcome.case.search
        latest = outcome.case.transfer
        if latest is not None:
            if (
                latest.state is TransferState.ACKNOWLEDGED
                and not any(isinstance(one, TransferAcknowledged) and one.answered_before for one in outcome.events)
                and (latest.id not in self.transfers or self.transfers[latest.id].is_open)
            ):
                self.answered_before = None
            self.transfers[latest.id] = latest
        still_open = [transfer for transfer in self.transfers.values() if transfer.is_open]
        assert still_open == ([outcome.case.open_transfer] if outcome.case.open_transfer else [])

    def check_search(self, before: CaseCustody, outcome: Decided) -> None:
        """A search ends once, for the reason for which it ended."""
        resolved = [one for one in outcome.events if isinstance(one, SearchResolved)]
        ended = before.search is not None and outcome.case.search is None
        assert len(resolved) == ended
        kinds = {type(one) for one in outcome.events}
        for one in resolved:
            assert (TransferDispatched in kinds) == (one.resolution is Resolution.REDIRECTED)
            if TransferRejected in kinds:
                assert one.resolution is Resolution.RETURNED_TO_SENDER
            if TransferAcknowledged in kinds:
                assert one.resolution is Resolution.FOUND
            assert one.office_id == outcome.case.office_id
            assert one.search.resolution is one.resolution

    # Offices.

    @rule(to=st.sampled_from(OFFICES), ahead=st.integers(-3, 3), days=st.integers(-1, 3), again=st.booleans())
    def plan(self, to: str, ahead: int, days: int, again: bool) -> None:
        """The accountable office plans."""
        leave = local_date(self.now) + timedelta(days=ahead)
        arrive = leave + timedelta(days=days)
        self.take(lambda: transfers.plan(self.case, self.new_id(), to, leave, arrive, self.at, supersede=again))

    @rule(
        to=st.sampled_from((HOME, OTHER)),
        ago=st.sampled_from((None, None, None, -1, 0, 1, 5)),
        ahead=st.integers(0, 9),
    )
    def dispatch(self, to: str, ago: int | None, ahead: int) -> None:
        """She leaves."""
        today = local_date(self.now)
        departed = None if ago is None else today - timedelta(days=ago)
        arrive = today + timedelta(days=ahead)
        self.take(lambda: transfers.dispatch(self.case, self.new_id(), to, departed, arrive, self.at))

    @rule()
    def dispatch_as_planned(self) -> None:
        """She leaves as planned."""
        self.take(lambda: transfers.dispatch(self.case, self.new_id(), None, None, None, self.at))

    @rule()
    def recall(self) -> None:
        """The sender takes it back."""
        self.take(lambda: transfers.recall(self.case, self.at))

    @rule()
    def record_home(self) -> None:
        """She is home."""
        self.take(lambda: custody.record_home(self.case, None, self.at))

    @precondition(lambda self: self.case.transfer is not None)
    @rule(
        ago=st.sampled_from((None, None, None, -1, 0, 1, 5)),
        by_sender=st.sampled_from((False, False, False, True)),
    )
    def acknowledge(self, ago: int | None, by_sender: bool) -> None:
        """She arrived, or somebody says so."""
        transfer = self.case.transfer
        assert transfer is not None
        by = transfer.from_office_id if by_sender else transfer.to_office_id
        arrived = None if ago is None else local_date(self.now) - timedelta(days=ago)
        taken = self.take(lambda: transfers.acknowledge(self.case, by, arrived, self.at))
        assert taken is None or not by_sender

    @precondition(lambda self: self.case.open_transfer is not None)
    @rule(seen=st.booleans(), by=st.sampled_from(OFFICES))
    def learn(self, seen: bool, by: str) -> None:
        """The addressed office reads or accepts; neither moves the person."""
        before, transfer = self.case, self.case.open_transfer
        assert transfer is not None
        self.take(
            lambda: transfers.seen(before, transfer.id, self.now) if seen else transfers.accept(before, by, self.at)
        )
        assert (self.case.phase, self.case.watch) == (before.phase, before.watch)

    @rule()
    def not_arrived(self) -> None:
        """The addressed office misses her."""
        before = self.case
        if self.take(lambda: transfers.report_not_arrived(self.case, self.at)):
            assert (self.case.search is None) == (before.search is None)

    @rule(to=st.sampled_from((HOME, OTHER, CENTRE)), ahead=st.integers(-1, 5))
    def redirect(self, to: str, ahead: int) -> None:
        """The sender sends her elsewhere."""
        arrive = local_date(self.now) + timedelta(days=ahead)
        self.take(lambda: transfers.redirect(self.case, self.new_id(), to, arrive, self.at))

    # Facilities.

    @rule(days=st.integers(0, 2))
    def go_to_the_centre(self, days: int) -> None:
        """She leaves for the centre, and is admitted there."""
        today = local_date(self.now)
        self.take(
            lambda: transfers.dispatch(self.case, self.new_id(), CENTRE, None, today + timedelta(days=days), self.at)
        )
        self.take(lambda: transfers.acknowledge(self.case, CENTRE, None, self.at, facility=ASSESSMENT))

    @rule()
    def admit(self) -> None:
        """Whoever is accountable admits her."""
        before = self.case
        if self.take(lambda: stays.admit(self.case, ASSESSMENT, None, self.at)):
            assert before.stay is None or self.case.stay == replace(
                before.stay,
                discharged_on=None,
                destination=None,
                province=None,
                back_at=(*before.stay.back_at, self.now),
            )

    @rule(own=st.booleans())
    def discharge(self, own: bool) -> None:
        """She leaves the centre."""
        where = DischargeDestination.OWN_CHOICE if own else DischargeDestination.PLANNED_TRANSFER
        self.take(lambda: stays.discharge(self.case, where, HOME, None, None, self.at))

    # Searches.

    @rule(
        how=st.sampled_from(("elsewhere", "reappeared", "address", "province")),
    )
    def is_missed(self, how: str) -> None:
        """News that open a search, unless one is open or she is on the way."""
        before, search_id = self.case, self.new_id()
        other = uuid.UUID(int=1_000_000)
        verbs: dict[str, Callable[[], Decided]] = {
            "elsewhere": lambda: self.said_again(at_border=False, other=other, search_id=search_id),
            "reappeared": lambda: self.said_again(at_border=True, other=other, search_id=search_id),
            "address": lambda: searches.not_at_address(before, search_id, self.at),
            "province": lambda: searches.left_province(before, search_id, self.at),
        }
        under_way = before.is_under_way
        assert self.take(verbs[how]) is not None, "news are never refused"
        assert self.case.is_under_way == under_way, "and take nobody off her way"
        assert self.case.office_id == before.office_id
        if before.search is not None:
            assert self.case.search is not None
            assert self.case.search.id == before.search.id

    def said_again(self, *, at_border: bool, other: uuid.UUID, search_id: uuid.UUID) -> Decided:
        """Another office registered her again, as it says, and the records are alike."""
        if self.link is not None and self.link.is_claimed:
            return Decided(self.case)
        link = Reappearance(other, 1, self.case.case_id, Match.LIKELY, at_border, OTHER, self.now)
        self.link, outcome = returns.claimed(link, self.case, "HW-1", search_id, self.at, elsewhere=True)
        return outcome

    @precondition(lambda self: self.link is not None and self.link.is_claimed)
    @rule(state=st.sampled_from((LinkState.DENIED, LinkState.WITHDRAWN)))
    def it_was_another_person(self, state: LinkState) -> None:
        """It is denied, or no longer said: what stood goes on."""
        assert self.link is not None
        before, link = self.case, self.link
        later = replace(registered(), case_id=link.later_id)

        def deny() -> Decided:
            nonlocal link
            linked = returns.dropped(link, before, later, self.at, state)
            link = linked.link
            return linked.earlier

        assert self.take(deny) is not None
        assert (self.case.office_id, self.case.is_under_way) == (before.office_id, before.is_under_way)
        opened = before.search is not None and before.search.id == link.search_id
        assert (self.case.search is None) == (before.search is None or (opened and link.former_reason is None))
        self.link = link

    @precondition(lambda self: self.link is not None and self.link.is_claimed and self.case.is_open)
    @rule(seldom=st.integers(0, 2))
    def it_was_she(self, seldom: int) -> None:
        """It is confirmed: a new return, or she moved to the office that registered her."""
        if seldom:
            return
        assert self.link is not None
        before, link = self.case, self.link
        later = replace(registered(), case_id=link.later_id, segment=replace(before.segment, office_id=OTHER))

        def confirm() -> Decided:
            nonlocal link
            linked = returns.confirmed(
                link, before, later, LaterOffice(True, False), self.at, by_office_id=HOME, subject="x"
            )
            link = linked.link
            return linked.earlier

        assert self.take(confirm) is not None
        self.link = link
        if link.at_border:
            assert self.case.phase is Phase.CLOSED
        else:
            assert self.case.office_id == OTHER

    @precondition(lambda self: self.case.search is not None)
    @rule(
        how=st.sampled_from(("found", "claim", "claim", "redirected", "returned", "step", "given_up", "other_case")),
        where=st.sampled_from((*OFFICES, CENTRE)),
        days=st.integers(-2, 3),
        seldom=st.integers(0, 3),
    )
    def resolve(self, how: str, where: str, days: int, seldom: int) -> None:
        """Somebody does something about a search."""
        if how in ("given_up", "other_case") and seldom:
            return
        case, day = self.case, local_date(self.now) + timedelta(days=days)
        verbs: dict[str, Callable[[], Decided]] = {
            "found": lambda: searches.found(case, day, self.at),
            "claim": lambda: claims.claim(case, where, day, self.at, by_office_id=case.office_id, subject="one"),
            "redirected": lambda: searches.redirected(case, self.new_id(), where, day, self.at),
            "returned": lambda: searches.returned(case, self.at),
            "step": lambda: searches.record_step(case, StepKind.POLICE_ASKED, where, None, self.at, successful=False),
            "given_up": lambda: closing.give_up(case, Ending(CloseReason.ABROAD_AGAIN, SUPERVISOR), self.at),
            "other_case": lambda: steps.goes_on_as(case, OTHER_CASE.case_id, case.office_id, self.at),
        }
        taken = self.take(verbs[how])
        if taken is not None and how not in ("step", "claim"):
            assert self.case.search is None
        assert self.case.office_id == case.office_id, "a search that ends moves nobody by itself"

    @precondition(lambda self: self.case.search is not None and self.case.search.claim is not None)
    @rule(how=st.sampled_from(("confirm", "confirm", "deny", "withdraw")), days=st.integers(-2, 1))
    def claim_answered(self, how: str, days: int) -> None:
        """The office that is said to have her answers, or the claim is taken back."""
        case, day = self.case, local_date(self.now) + timedelta(days=days)
        assert case.search is not None
        assert case.search.claim is not None
        named = case.search.claim.office_id
        facility = ASSESSMENT if named == CENTRE else None
        verbs: dict[str, Callable[[], Decided]] = {
            "confirm": lambda: claims.confirm(case, named, day, self.at, facility=facility),
            "deny": lambda: claims.deny(case, named, self.at),
            "withdraw": lambda: claims.withdraw(case, case.office_id, self.at),
        }
        taken = self.take(verbs[how])
        if taken is not None:
            assert self.case.office_id == (named if how == "confirm" else case.office_id)
            assert (self.case.search is None) == (how == "confirm")

    @rule(
        to=st.sampled_from((HOME, OTHER, CENTRE)),
        how=st.sampled_from(("acknowledge", "not_arrived", "claim", "redirected", "returned", "orphaned", "succeeded")),
        where=st.sampled_from((*OFFICES, CENTRE)),
    )
    def an_odyssey(self, to: str, how: str, where: str) -> None:
        """She leaves, nobody answers until she is searched for, and then somebody does something."""
        self.dispatch(to, None, 1)
        self.outage(25)
        if how in ("orphaned", "succeeded"):
            self.office_ends(0, how == "succeeded")
        elif how == "acknowledge" and self.case.transfer is not None:
            self.acknowledge(None, by_sender=False)
        elif how == "not_arrived":
            self.not_arrived()
        elif how != "acknowledge" and self.case.search is not None:
            self.resolve(how, where, 0, 0)
            if self.case.search is not None and self.case.search.claim is not None:
                self.claim_answered("confirm", 0)

    # The duty itself.

    @rule(to=st.sampled_from((HOME, OTHER, CENTRE)), since=st.sampled_from((None, None, 0, 1, 4)))
    def reassign(self, to: str, since: int | None) -> None:
        """A supervisor decides, and may know that she is there."""
        before = self.case
        day = None if since is None else local_date(self.now) - timedelta(days=since)
        facility = ASSESSMENT if to == CENTRE else None
        office = custody.Successor(to, follows_up=to != CENTRE, facility=facility, since_on=day)
        if not self.take(lambda: custody.reassign(self.case, office, ReassignReason.OTHER, self.at)):
            return
        if day is not None:
            assert self.case.arrivals[-1] == self.case.segment.number
            assert self.case.phase is (Phase.ADMITTED if facility else Phase.ARRIVED)
        else:
            assert (self.case.phase, self.case.watch, self.case.search) == (
                before.phase,
                before.watch,
                before.search,
            )

    @rule(seldom=st.integers(0, 4), heir=st.booleans())
    def office_ends(self, seldom: int, heir: bool) -> None:
        """The accountable office ends, with or without a successor."""
        if seldom or self.case.office_id == SUPERVISOR:
            return
        before, search_id = self.case, self.new_id()
        if heir:
            self.take(lambda: custody.succeeded(before, before.office_id, "SA-HEIR", self.at))
        else:
            self.take(lambda: custody.orphaned(before, SUPERVISOR, search_id, self.at))
        if before.is_open:
            assert self.case.office_id == ("SA-HEIR" if heir else SUPERVISOR)

    @rule(later=st.booleans())
    def take_back(self, later: bool) -> None:
        """The last answer was a mistake."""
        before = self.case
        taking = Taking(HOME, TakeBackReason.WRONG_PERSON, unlimited=later)
        if not self.take(lambda: take_back(self.case, taking, self.at, before=self.answered_before)):
            return
        assert before.transfer is not None
        assert self.case.transfer is not None
        assert self.case.transfer.id == before.transfer.id
        if before.transfer.state is not TransferState.ACKNOWLEDGED:
            assert self.case.transfer.is_open
            assert self.case.segment == before.segment
            return
        assert before.segment.cause in (Cause.ARRIVED, Cause.ADMITTED)
        assert self.case.office_id == before.transfer.from_office_id
        assert len(self.case.arrivals) == len(before.arrivals) - 1
        if self.answered_before is not None:
            assert self.case.transfer.state.value == self.answered_before.kind.value
        self.answered_before = None

    @rule(by=st.sampled_from((HOME, OTHER, CENTRE, POST)), ago=st.integers(-1, 3))
    def arrive_late(self, by: str, ago: int) -> None:
        """She came all the same, to the office to which a transfer had ended."""
        ended = [one for one in self.transfers.values() if one.to_office_id == by and not one.is_open]
        if not ended:
            return
        latest = max(ended, key=lambda one: one.number)
        day = local_date(self.now) - timedelta(days=ago)
        facility = ASSESSMENT if by == CENTRE else None
        if self.take(lambda: late_arrival.acknowledge(self.case, latest, by, day, self.at, facility=facility)):
            assert latest.state in late_arrival.STILL_TAKEN
            assert self.case.office_id == by != latest.from_office_id
            assert self.case.search is None
            self.answered_before = Answer(
                AnswerKind(latest.state.value), by, latest.ended_at or self.now, reject_reason=latest.reject_reason
            )

    @rule(ago=st.integers(-1, 6), later=st.booleans())
    def correct_arrival(self, ago: int, later: bool) -> None:
        """She came on another day."""
        before, day = self.case, local_date(self.now) - timedelta(days=ago)
        by = Correcting(HOME, ArrivalCorrectionReason.MISTYPED, unlimited=later)
        if self.take(lambda: correct_arrival(self.case, day, by, self.at)):
            assert self.case.arrival is not None
            assert self.case.arrival.arrived_on == day
            assert (self.case.phase, self.case.segment) == (before.phase, before.segment)

    @rule(reason=st.sampled_from(RejectReason))
    def reject(self, reason: RejectReason) -> None:
        """The addressed office does not take her."""
        has_people = self.case.office_id != SUPERVISOR
        self.take(lambda: transfers.reject(self.case, reason, self.at, sender_has_people=has_people))

    # The end.

    @rule(reason=st.sampled_from(CloseReason), ago=st.integers(-1, 2), seldom=st.integers(0, 2))
    def close(self, reason: CloseReason, ago: int, seldom: int) -> None:
        """Her office says that the story ends; seldom, for it ends most stories."""
        if seldom:
            return
        before, role = self.case, ROLE_OF.get(self.case.office_id, Role.SUPPORT_AGENCY)
        day = local_date(self.now) - timedelta(days=ago)
        if reason in closing.LEAVING:
            gone = Departure(day, LeftFor.UNKNOWN)
            taken = self.take(lambda: closing.leave(before, role, reason, gone, self.new_id(), self.at))
            assert taken is None or self.case.phase is Phase.SEARCH
            return
        ending = Ending(reason, before.office_id, day, OTHER_CASE)
        if self.take(lambda: closing.close(before, role, ending, self.at)):
            assert self.case.phase is Phase.CLOSED
            going_on = before.open_transfer is not None or before.search is not None
            assert reason is CloseReason.DIED or not going_on, "a story was ended that goes on"

    @precondition(lambda self: not self.case.is_open)
    @rule(reason=st.sampled_from(ReopenReason), has_people=st.sampled_from((True, True, True, False)))
    def reopen(self, reason: ReopenReason, has_people: bool) -> None:
        """And that it goes on."""
        before, ended = self.case, self.case.closing
        holder = before.office_id if has_people else SUPERVISOR
        heirs = Heirs(holder, has_people, ended.addressed_id if ended is not None else "")
        other = OTHER_CASE if ended is not None and ended.other_case_id else None
        if not self.take(lambda: closing.reopen(before, reason, POST, heirs, self.new_id(), self.at, other=other)):
            assert self.case.is_open or (other is not None and reason is not ReopenReason.NOT_SAME_PERSON)
            return
        assert self.case.office_id == holder
        as_it_stood = reason in closing.AS_IT_STOOD and has_people and ended is not None and ended.before is not None
        if as_it_stood and ended is not None and ended.cause is not Cause.RE_IDENTIFIED:
            assert self.case.phase in (ended.before, Phase.ARRIVED), f"{ended.before} became {self.case.phase}"

    @invariant()
    def wherever_she_is_her_office_can_say_what_became_of_her(self) -> None:
        """That she died at once; that she left, or never should have been here, once nobody awaits or seeks her."""
        if not self.case.is_open:
            return
        role = ROLE_OF.get(self.case.office_id, Role.SUPPORT_AGENCY)
        died = closing.close(self.case, role, Ending(CloseReason.DIED, POST), self.at).case
        check_invariant(died)
        assert not died.is_open
        back = self.case
        if back.search is not None:
            back = searches.returned(back, self.at).case
        elif back.open_transfer is not None:
            back = transfers.recall(back, self.at).case
        fitting = closing.FITTING[role][back.phase]
        assert set(fitting) & closing.LEAVING
        assert CloseReason.REGISTERED_TWICE in fitting

    # Followup, hearing late and being heard late.

    @precondition(lambda self: self.followup.heard)
    @rule()
    def followup_hears(self) -> None:
        """It takes in the oldest change of custody."""
        self.followup.hear()

    @precondition(lambda self: self.followup.news)
    @rule()
    def news_come(self) -> None:
        """Its oldest news come here."""
        news = self.followup.news.popleft()
        self.take(lambda: news(self.case, self.at))

    @rule()
    def all_is_quiet(self) -> None:
        """Everything on its way arrives."""
        while self.followup.heard or self.followup.news:
            while self.followup.heard:
                self.followup.hear()
            while self.followup.news:
                self.news_come()

    @precondition(lambda self: self.followup.watches)
    @rule(last=st.booleans())
    def visit(self, last: bool) -> None:
        """The office that follows her up visits her."""
        self.followup.visit(last)

    @rule(
        to=st.sampled_from((HOME, OTHER)),
        moments=st.lists(st.sampled_from(("hear", "answer", "visit", "close", "reopen")), max_size=4),
        back=st.booleans(),
    )
    def a_day(self, to: str, moments: list[str], back: bool) -> None:
        """She leaves and arrives on one day, followup does what it does, and she never arrived."""
        self.dispatch(to, None, 1)
        if not self.take(lambda: transfers.acknowledge(self.case, to, None, self.at)):
            return
        for moment in moments:
            if moment == "hear" and self.followup.heard:
                self.followup.hear()
            elif moment == "answer" and self.followup.news:
                self.news_come()
            elif moment == "visit" and self.followup.watches:
                self.followup.visit(last=False)
            elif moment == "close":
                self.close(CloseReason.ASKED_TO_STOP, 0, 0)
            elif moment == "reopen":
                self.reopen(ReopenReason.MISTAKE, has_people=True)
        if back:
            self.take_back(later=False)

    @rule(seldom=st.integers(0, 9))
    def withdraw(self, seldom: int) -> None:
        """Intake withdraws; seldom, for it ends most stories."""
        if seldom:
            return
        before = self.case
        assert self.take(lambda: news.withdraw(self.case, WithdrawReason.REGISTERED_TWICE, self.at)) is not None
        elsewhere = before.office_id != before.registering_office_id
        if before.is_open and (elsewhere or before.is_under_way or before.search is not None):
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
            if watch is None or watch.fires_at > self.now:
                return
            search_id = self.new_id()
            outcome = self.take(partial(deadlines.deadline_passed, self.case, search_id, self.at, late=False))
            assert outcome is not None
            assert self.case.watch is not None
            for event in outcome.events:
                if isinstance(event, TransferOverdue) and event.rule == "TRANSFER_ACKNOWLEDGE":
                    assert event.transfer is not None
                    key = event.transfer.id, event.due_on
                    assert key not in self.told_overdue, "told twice"
                    self.told_overdue.add(key)
        raise AssertionError("the deadlines do not come to an end")

    # What always holds.

    @invariant()
    def one_office_one_deadline_one_transfer(self) -> None:
        """The promise."""
        check_invariant(self.case)

    @invariant()
    def when_all_is_quiet_exactly_one_watches(self) -> None:
        """With nothing on its way, handover knows whether followup watches."""
        if self.followup.heard or self.followup.news:
            return
        if self.case.is_open:
            assert self.case.followup_watches == self.followup.watches
            assert self.case.phase is not Phase.ARRIVED
        else:
            assert not self.followup.watches

    @invariant()
    def the_last_segment_is_the_accountable_office(self) -> None:
        """History and present agree."""
        assert self.segments[-1] == self.case.segment
        assert [one.number for one in self.segments] == list(range(1, len(self.segments) + 1))

    @invariant()
    def the_chain_has_no_gap(self) -> None:
        """At every instant since the registration one office was accountable, and she was at one place."""
        ends = [*(one.started_at for one in self.segments[1:]), self.ended_at]
        past = [PastSegment(one, end) for one, end in zip(self.segments, ends, strict=True)]
        transfers = sorted(self.transfers.values(), key=lambda transfer: transfer.number)
        links = chain(
            Past(past, transfers, list(self.searches.values()), self.case.stays, self.case.arrivals),
            lambda office: CustodyKind.HOME_OFFICE,
        )
        assert links[0].started_at == self.segments[0].started_at
        assert links[-1].ended_at == self.ended_at
        for one, following in pairwise(links):
            assert one.ended_at == following.started_at
            assert one.started_at <= following.started_at
        assert {link.number: link.office_id for link in links} == {one.number: one.office_id for one in self.segments}
        if self.case.is_open:
            search = self.case.search
            is_lost = search is not None and search.reason is not LostReason.NOT_SENT_ON
            assert (links[-1].place.kind is CustodyKind.IN_TRANSIT) == (self.case.is_under_way and not is_lost)
            assert (links[-1].place.kind is CustodyKind.NOT_KNOWN) or not is_lost
            assert links[-1].place.kind is not CustodyKind.NOT_KNOWN or self.case.phase is not Phase.ADMITTED

    @invariant()
    def an_arrival_has_its_day(self) -> None:
        """Arrivals lie between departure and today."""
        transfer = self.case.transfer
        if transfer is not None and transfer.state is TransferState.ACKNOWLEDGED:
            assert transfer.departed_on is not None
            assert transfer.arrived_on is not None
            assert transfer.departed_on <= transfer.arrived_on <= local_date(self.now)


TestCustody = CustodyMachine.TestCase
TestCustody.settings = settings(max_examples=machine_examples(), stateful_step_count=30, deadline=None)
