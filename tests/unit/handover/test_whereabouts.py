"""Who had a person and where she was, without a gap and without two at once."""

from __future__ import annotations

import uuid
from itertools import pairwise

from services.chassis.kernel.places import ProvinceRef
from services.handover.domain import custody, searches, stays, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.events import SearchResolved
from services.handover.domain.moment import Moment
from services.handover.domain.search import Search
from services.handover.domain.transfer import Transfer
from services.handover.domain.whereabouts import Link, Past, PastSegment, chain
from services.handover.domain.words import Cause, CustodyKind, DischargeDestination, LostReason, RejectReason
from tests.unit.handover.cases import (
    CENTRE,
    HOME,
    OTHER,
    POST,
    SHELTER,
    TRANSFER_ID,
    at,
    on,
    passed,
    reassigned,
    registered,
    taken_back,
)

PLACES = {POST: CustodyKind.BORDER_POST, CENTRE: CustodyKind.SHELTER, "SV-TEST": CustodyKind.NOT_KNOWN}
P, T, S, H = CustodyKind.BORDER_POST, CustodyKind.IN_TRANSIT, CustodyKind.SHELTER, CustodyKind.HOME_OFFICE
N = CustodyKind.NOT_KNOWN


class Story:
    """A case that remembers what it was."""

    def __init__(self) -> None:
        self.case: CaseCustody = registered()
        self.segments = [self.case.segment]
        self.transfers: dict[uuid.UUID, Transfer] = {}
        self.searches: dict[uuid.UUID, Search] = {}

    def now(self, outcome: Decided) -> None:
        """Let a verb take effect."""
        for event in outcome.events:
            transfer = getattr(event, "transfer", None)
            if transfer is not None:
                self.transfers[transfer.id] = transfer
            if isinstance(event, SearchResolved):
                self.searches[event.search.id] = event.search
        self.case = outcome.case
        if self.case.search is not None:
            self.searches[self.case.search.id] = self.case.search
        if self.case.transfer is not None:
            self.transfers[self.case.transfer.id] = self.case.transfer
        if self.case.segment != self.segments[-1]:
            self.segments.append(self.case.segment)

    @property
    def links(self) -> tuple[Link, ...]:
        """The chain so far."""
        ends = [segment.started_at for segment in self.segments[1:]] + [None]
        past = [PastSegment(segment, end) for segment, end in zip(self.segments, ends, strict=True)]
        transfers = sorted(self.transfers.values(), key=lambda transfer: transfer.number)
        return chain(
            Past(past, transfers, list(self.searches.values()), self.case.stays, self.case.arrivals),
            lambda office: PLACES.get(office, H),
        )

    @property
    def story(self) -> list[tuple[str, CustodyKind, str]]:
        """Office, place, and where to."""
        return [(link.office_id, link.place.kind, link.place.to_office_id) for link in self.links]


def check_contiguous(links: tuple[Link, ...]) -> None:
    """Each begins where the one before ended; only the last goes on."""
    assert links
    for one, following in pairwise(links):
        assert one.ended_at == following.started_at
        assert one.started_at <= following.started_at
    assert links[-1].ended_at is None


def test_from_the_gate_over_a_shelter_home() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(2), facility=SHELTER))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(6), at(5)))
    past.now(transfers.acknowledge(past.case, HOME, None, at(6)))
    assert past.story == [(POST, P, ""), (POST, T, CENTRE), (CENTRE, S, ""), (CENTRE, T, HOME), (HOME, H, "")]
    assert [link.number for link in past.links] == [1, 1, 2, 2, 3]
    assert [link.started_at for link in past.links] == [at(day).now for day in (0, 1, 2, 5, 6)]
    check_contiguous(past.links)


def test_rejected_and_sent_elsewhere() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(transfers.report_not_arrived(past.case, at(2)))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), OTHER, None, on(4), at(3)))
    past.now(transfers.redirect(past.case, uuid.UUID(int=8), HOME, on(5), at(4)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), (POST, N, ""), (POST, T, OTHER), (POST, T, HOME)]
    check_contiguous(past.links)


def test_an_arrival_taken_back() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, HOME, None, at(2)))
    past.now(taken_back(past.case, at(2, hour=15)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), (HOME, H, ""), (POST, T, HOME)]
    assert past.links[-1].cause is Cause.ARRIVAL_RETRACTED
    check_contiguous(past.links)
    past.now(transfers.acknowledge(past.case, HOME, None, at(3)))
    assert past.story[-2:] == [(POST, T, HOME), (HOME, H, "")]
    check_contiguous(past.links)


def test_a_journey_goes_on_when_its_sender_ends() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(custody.succeeded(past.case, POST, "BP-HEIR", at(2)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), ("BP-HEIR", T, HOME)]
    check_contiguous(past.links)


def test_a_plan_is_no_journey() -> None:
    past = Story()
    past.now(transfers.plan(past.case, TRANSFER_ID, HOME, on(1), on(2), at()))
    past.now(transfers.recall(past.case, at(1)))
    assert past.story == [(POST, P, "")]


def test_all_at_one_instant_nothing_is_left_out() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at()))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(), facility=SHELTER))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(1), at()))
    assert past.story == [(POST, P, ""), (POST, T, CENTRE), (CENTRE, S, ""), (CENTRE, T, HOME)]
    check_contiguous(past.links)


def test_who_is_lost_is_nowhere_that_is_known_until_somebody_has_her() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(Decided(passed(past.case, at(5)).case))
    past.now(passed(past.case, at(12)))
    assert past.story[-1] == (POST, N, "")
    past.now(searches.returned(past.case, at(13)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), (POST, N, ""), (POST, P, "")]
    check_contiguous(past.links)


def test_who_is_only_never_sent_on_is_where_she_is() -> None:
    past = Story()
    past.now(searches.lose(past.case, LostReason.NOT_SENT_ON, uuid.UUID(int=9), at(31)))
    assert past.story == [(POST, P, "")]


def test_a_recalled_journey_ends_with_the_sender_a_rejected_one_nowhere_known() -> None:
    for verb, place in ((transfers.recall, P), (reject, N)):
        past = Story()
        past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
        past.now(verb(past.case, at(2)))
        assert past.story[-1] == (POST, place, "")
        check_contiguous(past.links)


def reject(case: CaseCustody, now: Moment) -> Decided:
    return transfers.reject(case, RejectReason.NOT_RESIDENT, now)


def test_out_of_a_facility_by_her_own_choice() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(2), facility=SHELTER))
    past.now(left_by_choice(past.case))
    assert past.story[-2:] == [(CENTRE, S, ""), (CENTRE, N, "")]
    check_contiguous(past.links)
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(7), at(6)))
    assert past.story[-1] == (CENTRE, T, HOME)


def test_who_was_not_taken_is_with_the_facility_again_when_it_says_so() -> None:
    past = Story()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(2), facility=SHELTER))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(4), at(3)))
    past.now(transfers.reject(past.case, RejectReason.NOT_RESIDENT, at(4)))
    past.now(stays.admit(past.case, SHELTER, None, at(5)))
    assert past.story[-4:] == [(CENTRE, S, ""), (CENTRE, T, HOME), (CENTRE, N, ""), (CENTRE, S, "")]
    assert past.links[-1].started_at == at(5).now
    assert past.case.stays[0].admitted_on == on(2), "the same stay goes on"
    check_contiguous(past.links)
    past.now(left_by_choice(past.case))
    assert past.links[-1].place.kind is N, "out again in the same instant"
    check_contiguous(past.links)


def left_by_choice(case: CaseCustody) -> Decided:
    return stays.discharge(case, DischargeDestination.OWN_CHOICE, HOME, ProvinceRef("04", "2025"), on(5), at(5))


def test_whoever_is_made_accountable_does_not_have_her_by_that() -> None:
    past = Story()
    past.now(reassigned(past.case, OTHER, at(1)))
    assert past.story == [(POST, P, ""), (OTHER, P, "")]
    assert past.links[-1].place.office_id == POST
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(2), at(2)))
    past.now(transfers.recall(past.case, at(3)))
    assert (past.links[-1].place.kind, past.links[-1].place.office_id) == (H, OTHER)
    check_contiguous(past.links)


def test_where_a_supervisor_answers_for_her_it_is_not_known() -> None:
    past = Story()
    past.now(custody.orphaned(past.case, "SV-TEST", uuid.UUID(int=9), at(1)))
    assert past.story == [(POST, P, ""), ("SV-TEST", N, "")]
