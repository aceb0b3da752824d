"""Who had a person and where she was, without a gap and without two at once."""

from __future__ import annotations

import uuid
from itertools import pairwise

from services.handover.domain import custody, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.custody import Link, PastSegment, chain
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, CustodyKind
from tests.unit.handover.cases import CENTRE, HOME, OTHER, POST, SHELTER, TRANSFER_ID, at, on, registered

PLACES = {POST: CustodyKind.BORDER_POST, CENTRE: CustodyKind.SHELTER}
P, T, S, H = CustodyKind.BORDER_POST, CustodyKind.IN_TRANSIT, CustodyKind.SHELTER, CustodyKind.HOME_OFFICE


class Past:
    """A case that remembers what it was."""

    def __init__(self) -> None:
        self.case: CaseCustody = registered()
        self.segments = [self.case.segment]
        self.transfers: dict[uuid.UUID, Transfer] = {}

    def now(self, outcome: Decided) -> None:
        """Let a verb take effect."""
        for event in outcome.events:
            transfer = getattr(event, "transfer", None)
            if transfer is not None:
                self.transfers[transfer.id] = transfer
        self.case = outcome.case
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
        return chain(past, transfers, lambda office: PLACES.get(office, H))

    @property
    def story(self) -> list[tuple[str, CustodyKind, str]]:
        """Office, place, and where to."""
        return [(link.office_id, link.kind, link.to_office_id) for link in self.links]


def check_contiguous(links: tuple[Link, ...]) -> None:
    """Each begins where the one before ended; only the last goes on."""
    assert links
    for one, following in pairwise(links):
        assert one.ended_at == following.started_at
        assert one.started_at <= following.started_at
    assert links[-1].ended_at is None


def test_from_the_gate_over_a_shelter_home() -> None:
    past = Past()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(2), facility=SHELTER))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(6), at(5)))
    past.now(transfers.acknowledge(past.case, HOME, None, at(6)))
    assert past.story == [(POST, P, ""), (POST, T, CENTRE), (CENTRE, S, ""), (CENTRE, T, HOME), (HOME, H, "")]
    assert [link.number for link in past.links] == [1, 1, 2, 2, 3]
    assert [link.started_at for link in past.links] == [at(day).now for day in (0, 1, 2, 5, 6)]
    check_contiguous(past.links)


def test_rejected_and_sent_elsewhere() -> None:
    past = Past()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(transfers.report_not_arrived(past.case, at(2)))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), OTHER, None, on(4), at(3)))
    past.now(transfers.redirect(past.case, uuid.UUID(int=8), HOME, on(5), at(4)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), (POST, P, ""), (POST, T, OTHER), (POST, T, HOME)]
    check_contiguous(past.links)


def test_an_arrival_taken_back() -> None:
    past = Past()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(transfers.acknowledge(past.case, HOME, None, at(2)))
    past.now(transfers.retract(past.case, "invented", at(2, hour=15)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), (HOME, H, ""), (POST, T, HOME)]
    assert past.links[-1].cause is Cause.ARRIVAL_RETRACTED
    check_contiguous(past.links)
    past.now(transfers.acknowledge(past.case, HOME, None, at(3)))
    assert past.story[-2:] == [(POST, T, HOME), (HOME, H, "")]
    check_contiguous(past.links)


def test_a_journey_goes_on_when_its_sender_ends() -> None:
    past = Past()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, HOME, None, on(1), at(1)))
    past.now(custody.succeeded(past.case, POST, "BP-HEIR", at(2)))
    assert past.story == [(POST, P, ""), (POST, T, HOME), ("BP-HEIR", T, HOME)]
    check_contiguous(past.links)


def test_a_plan_is_no_journey() -> None:
    past = Past()
    past.now(transfers.plan(past.case, TRANSFER_ID, HOME, on(1), on(2), at()))
    past.now(transfers.recall(past.case, at(1)))
    assert past.story == [(POST, P, "")]


def test_all_at_one_instant_nothing_is_left_out() -> None:
    past = Past()
    past.now(transfers.dispatch(past.case, TRANSFER_ID, CENTRE, None, on(1), at()))
    past.now(transfers.acknowledge(past.case, CENTRE, None, at(), facility=SHELTER))
    past.now(transfers.dispatch(past.case, uuid.UUID(int=7), HOME, None, on(1), at()))
    assert past.story == [(POST, P, ""), (POST, T, CENTRE), (CENTRE, S, ""), (CENTRE, T, HOME)]
    check_contiguous(past.links)
