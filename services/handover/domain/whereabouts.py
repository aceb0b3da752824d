"""Where a person was, and who was accountable meanwhile: a chain without a gap, true in every phase or "not known".

Accountability and whereabouts are two things: whoever is accountable need not have her. She is with an office that
received her, until she leaves; on the way, until that is answered; and where nobody can say it, it is not known:
rejected or missed at her destination, out of a facility, searched for. It is known again when an office says that it
has her.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from services.chassis.kernel.clock import start_of_local_day
from services.handover.domain.case import Segment
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, CustodyKind, LostReason, ReassignReason, Resolution, TransferState


@dataclass(frozen=True, slots=True)
class PastSegment:
    """A segment with its end; None while it lasts."""

    segment: Segment
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: with `office_id`, or on the way to `to_office_id`, or it is not known."""

    kind: CustodyKind
    office_id: str = ""
    to_office_id: str = ""


NOT_KNOWN: Final = Place(CustodyKind.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of custody: one accountable office, and one place where the person is.

    `number` is that of the segment of accountability, which may have several links.
    """

    number: int
    office_id: str
    cause: Cause
    place: Place
    started_at: datetime
    ended_at: datetime | None
    reassigned_for: ReassignReason | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """All that became of a case, each oldest first; `arrivals`: the segments that began with one that stands."""

    segments: Sequence[PastSegment]
    transfers: Sequence[Transfer] = ()
    searches: Sequence[Search] = ()
    stays: Sequence[Stay] = ()
    arrivals: Sequence[int] = ()


PlaceOf = Callable[[str], CustodyKind]
"""Where people are whom an office has."""

RECEIVING: Final = frozenset({Cause.REGISTERED, Cause.ARRIVED, Cause.ADMITTED, Cause.HOME_RECORDED, Cause.FOUND})
"""Causes by which an office says that it has her. By others accountability passes while she stays where she is."""
AT_ITS_PLACE: Final = frozenset({LostReason.NOT_SENT_ON})
"""Searches for somebody of whom it is known where she is: what is missing is that she is sent on."""


class _Order(IntEnum):
    """What happened first within one instant."""

    SEARCH_ENDED = 0
    ARRIVAL_FAILED = 1
    LEFT_FACILITY = 2
    SEARCH_BEGAN = 3
    LEFT = 4
    BACK_IN_FACILITY = 5
    OUT_AGAIN = 6


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known at an instant. `rests`: where she is when she neither travels nor is searched for."""

    rests: Place
    transfer: Transfer | None = None
    search: Search | None = None

    @property
    def place(self) -> Place:
        if self.search is not None and self.search.reason not in AT_ITS_PLACE:
            return NOT_KNOWN
        if self.transfer is not None:
            return Place(CustodyKind.IN_TRANSIT, to_office_id=self.transfer.to_office_id)
        return self.rests


_Fact = tuple[datetime, _Order, Callable[[_Known], _Known]]


def chain(past: Past, place_of: PlaceOf) -> tuple[Link, ...]:
    """The custody of a case as a chain: each link begins where the one before ends; the last has no end while open."""
    links: list[Link] = []
    rests = NOT_KNOWN
    for one in past.segments:
        here = Place(place_of(one.segment.office_id), one.segment.office_id)
        if here.kind is CustodyKind.NOT_KNOWN:
            here = NOT_KNOWN
        known = _Known(_at_start(one.segment, rests, here, past), *_going_on(one.segment, past))
        found, known = _links(one, known, _facts(one, here, past))
        links += found
        rests = known.rests
    return tuple(links)


def _at_start(segment: Segment, before: Place, here: Place, past: Past) -> Place:
    if segment.cause in RECEIVING or segment.number in past.arrivals:
        return here
    if segment.cause is Cause.OFFICE_ENDED and before is not NOT_KNOWN:
        return here
    return before


def _going_on(segment: Segment, past: Past) -> tuple[Transfer | None, Search | None]:
    """The journey and the search that go on although the office changes."""
    since = segment.started_at
    if segment.cause in RECEIVING or segment.number in past.arrivals:
        return None, None
    transfer = next(
        (
            one
            for one in reversed(past.transfers)
            if one.dispatched_in is not None
            and one.dispatched_in < segment.number
            and (one.ended_at is None or one.ended_at > since)
        ),
        None,
    )
    search = next(
        (
            one
            for one in past.searches
            if one.opened_at < since and (one.resolved_at is None or one.resolved_at > since)
        ),
        None,
    )
    return transfer, search


def _links(past: PastSegment, known: _Known, facts: Sequence[_Fact]) -> tuple[list[Link], _Known]:
    segment, since = past.segment, past.segment.started_at
    links: list[Link] = []

    def link(place: Place, until: datetime | None) -> None:
        # What lasted no time between two facts of one instant is no stretch, but for what a segment begins with and
        # the journey that it ends with.
        at_the_end = until == past.ended_at and place.kind is CustodyKind.IN_TRANSIT
        if not links or until != since or at_the_end:
            links.append(
                Link(segment.number, segment.office_id, segment.cause, place, since, until, segment.reassigned_for)
            )

    for at, _, change in facts:
        changed = change(known)
        if changed.place != known.place:
            link(known.place, at)
            since = at
        known = changed
    link(known.place, past.ended_at)
    return _joined(links, past.ended_at), known


def _joined(links: Sequence[Link], until: datetime | None) -> list[Link]:
    """Without two of one place beside each other, and up to the end of the segment."""
    joined: list[Link] = []
    for one in links:
        if joined and joined[-1].place == one.place:
            joined[-1] = replace(joined[-1], ended_at=one.ended_at)
        else:
            joined.append(one)
    joined[-1] = replace(joined[-1], ended_at=until)
    return joined


def _facts(past: PastSegment, here: Place, all_of_it: Past) -> list[_Fact]:
    segment, end = past.segment, past.ended_at
    facts = [
        *(fact for one in all_of_it.transfers for fact in _of_transfer(one, segment, here)),
        *(fact for one in all_of_it.searches for fact in _of_search(one, here)),
        *_of_stay(segment, here, all_of_it),
    ]
    within = [fact for fact in facts if fact[0] >= segment.started_at and (end is None or fact[0] <= end)]
    return sorted(within, key=lambda fact: fact[:2])


def _of_transfer(transfer: Transfer, segment: Segment, here: Place) -> Iterator[_Fact]:
    if transfer.dispatched_at is None or transfer.dispatched_in is None or transfer.dispatched_in > segment.number:
        return
    if transfer.dispatched_in == segment.number:
        yield transfer.dispatched_at, _Order.LEFT, lambda known: replace(known, transfer=transfer)
    if transfer.ended_at is None:
        return
    landed = here if transfer.state is TransferState.RECALLED else NOT_KNOWN

    def ended(known: _Known) -> _Known:
        return replace(known, transfer=None, rests=landed) if known.transfer is transfer else known

    # A journey that ends in the instant in which it began ended after that.
    order = _Order.ARRIVAL_FAILED if transfer.ended_at > transfer.dispatched_at else _Order.LEFT
    yield transfer.ended_at, order, ended


def _of_search(search: Search, here: Place) -> Iterator[_Fact]:
    yield search.opened_at, _Order.SEARCH_BEGAN, lambda known: replace(known, search=search)
    if search.resolved_at is None:
        return
    is_here = search.resolution in (Resolution.RETURNED_TO_SENDER, Resolution.FOUND)

    def ended(known: _Known) -> _Known:
        if known.search is None or known.search.id != search.id:
            return known
        return replace(known, search=None, rests=here if is_here else known.rests)

    order = _Order.SEARCH_ENDED if search.resolved_at > search.opened_at else _Order.SEARCH_BEGAN
    yield search.resolved_at, order, ended


def _of_stay(segment: Segment, here: Place, past: Past) -> Iterator[_Fact]:
    """She left the facility without a journey, of whose instant only the day is known; or she came back to it."""
    for stay in past.stays:
        if not _goes_on_in(segment, stay, past):
            continue
        if stay.discharged_on is not None and stay.destination is not None:
            at = max(segment.started_at, start_of_local_day(stay.discharged_on), *stay.back_at)
            order = _Order.OUT_AGAIN if at in stay.back_at else _Order.LEFT_FACILITY
            yield at, order, lambda known: replace(known, rests=NOT_KNOWN)
        for at in stay.back_at:
            yield at, _Order.BACK_IN_FACILITY, lambda known: replace(known, rests=here)


def _goes_on_in(segment: Segment, stay: Stay, past: Past) -> bool:
    """Whether a segment has a stay: began with it, or after an arrival was taken back, or the office changed."""
    if stay.segment == segment.number:
        return True
    if segment.cause in RECEIVING or segment.number in past.arrivals:
        return False
    return stay.segment == max((one for one in past.arrivals if one <= segment.number), default=0)
