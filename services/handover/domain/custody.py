"""Who is accountable for a person and where she is, from the registration on without a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, CustodyKind


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of accountability of one office; numbered from 1 within the case.

    `note`: why a supervisor made the office accountable, in the supervisor's words.
    """

    number: int
    office_id: str
    cause: Cause
    started_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class PastSegment:
    """A segment with its end; None while it lasts."""

    segment: Segment
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of custody: one accountable office, and one place where the person is.

    `number` is that of the segment of accountability, which may have several links. `to_office_id` is
    set while the person is on the way: the office that sent her stays accountable.
    """

    number: int
    office_id: str
    cause: Cause
    kind: CustodyKind
    started_at: datetime
    ended_at: datetime | None
    to_office_id: str = ""


KEEPS_GOING: Final = frozenset({Cause.ARRIVAL_RETRACTED, Cause.REASSIGNED, Cause.OFFICE_ENDED})
"""Causes by which accountability passes while a person on the way stays on the way."""


def chain(
    segments: Sequence[PastSegment],
    transfers: Sequence[Transfer],
    place_of: Callable[[str], CustodyKind],
) -> tuple[Link, ...]:
    """The custody of a case as a chain: each link begins where the one before ends.

    `segments` and `transfers` are all of the case, oldest first; `place_of` says where people are
    whom an office has. The last link has no end while the case is open.
    """
    return tuple(link for past in segments for link in _links(past, transfers, place_of))


def _links(past: PastSegment, transfers: Sequence[Transfer], place_of: Callable[[str], CustodyKind]) -> Iterator[Link]:
    segment, end = past.segment, past.ended_at
    since = segment.started_at

    def link(until: datetime | None, transfer: Transfer | None) -> Link:
        return Link(
            number=segment.number,
            office_id=segment.office_id,
            cause=segment.cause,
            kind=place_of(segment.office_id) if transfer is None else CustodyKind.IN_TRANSIT,
            started_at=since,
            ended_at=until,
            to_office_id="" if transfer is None else transfer.to_office_id,
        )

    is_first = True
    for transfer in transfers:
        left_at = _left_at(segment, transfer)
        if left_at is None:
            continue
        carried_on = left_at <= segment.started_at and segment.cause in KEEPS_GOING
        left_at = max(left_at, since)
        if (is_first and not carried_on) or left_at > since:
            yield link(left_at, None)
        since, is_first = left_at, False
        until = _earlier(transfer.ended_at, end)
        yield link(until, transfer)
        if until is None:
            return
        since = until
    if is_first or since != end:
        yield link(end, None)


def _left_at(segment: Segment, transfer: Transfer) -> datetime | None:
    """When the person left on this transfer, if any part of the journey lies in the segment."""
    if transfer.dispatched_at is None or transfer.dispatched_in is None:
        return None
    if transfer.dispatched_in == segment.number:
        return transfer.dispatched_at
    still = transfer.ended_at is None or transfer.ended_at > segment.started_at
    if transfer.dispatched_in < segment.number and segment.cause in KEEPS_GOING and still:
        return transfer.dispatched_at
    return None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
