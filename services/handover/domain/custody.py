"""Who is accountable for a person and where she is, from the registration on without a gap.

Accountability passes with her arrival (`steps.arrive`), or although nobody travels: a supervisor decides, or an
office ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.handover.domain import searches, steps
from services.handover.domain.case import CaseCustody, Decided, Person, Segment
from services.handover.domain.checks import check_past
from services.handover.domain.errors import (
    AlreadyAccountable,
    AlreadyAtHome,
    CaseNotClosed,
    CaseWasHome,
    ReassignInTransit,
    TransferAlreadyOpen,
)
from services.handover.domain.events import CustodyChanged
from services.handover.domain.moment import Moment, Watch
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, CustodyKind, LostReason, Phase, ReassignReason, RuleCode


@dataclass(frozen=True, slots=True)
class Registration:
    """A case as intake registered it; `received_at`: when the office received the person."""

    case_id: UUID
    case_number: str
    office_id: str
    person: Person
    received_at: datetime
    registered_at: datetime
    earlier_case_id: UUID | None = None


def register(
    case_id: UUID,
    case_number: str,
    office_id: str,
    person: Person,
    *,
    received_on: date,
    registered_on: date,
    at: Moment,
    earlier_case_id: UUID | None = None,
) -> Decided:
    """Custody begins with the office that received the person.

    DISPATCH_DUE is counted from `registered_on`, however long the news took to come here.
    """
    segment = Segment(1, office_id, Cause.REGISTERED, at.now)
    case = CaseCustody(
        case_id=case_id,
        case_number=case_number,
        phase=Phase.REGISTERED,
        segment=segment,
        registering_office_id=office_id,
        present_since_on=min(received_on, registered_on),
        person=person,
        watch=Watch(at.due(RuleCode.DISPATCH_DUE, registered_on), is_primary=True),
        earlier_case_id=earlier_case_id,
    )
    told = CustodyChanged(
        segment=1,
        phase=case.phase,
        office_id=office_id,
        previous_office_id="",
        cause=Cause.REGISTERED,
        arrival_on=None,
        changed_at=at.now,
    )
    return Decided(case, (told,))


def record_home(case: CaseCustody, home_on: date | None, at: Moment) -> Decided:
    """Record that the person is home, without a transfer. `home_on` None: today.

    Raises CaseHasEnded, AlreadyAtHome, TransferAlreadyOpen, InvalidInput (date).
    """
    steps.require_open(case)
    if case.phase in (Phase.ARRIVED, Phase.FOLLOW_UP):
        raise AlreadyAtHome
    if case.open_transfer is not None:
        raise TransferAlreadyOpen
    home_on = home_on or at.today
    check_past("home_on", home_on, case.present_since_on, at)
    return steps.arrive(case, case.office_id, Cause.HOME_RECORDED, home_on, at)


def reassign(case: CaseCustody, office_id: str, reason: ReassignReason, at: Moment) -> Decided:
    """Make another office accountable: phase and deadline stay, a plan of the former office is recalled.

    Raises CaseHasEnded, AlreadyAccountable, ReassignInTransit.
    """
    steps.require_open(case)
    if office_id == case.office_id:
        raise AlreadyAccountable
    if case.is_under_way:
        raise ReassignInTransit
    back = steps.recalled(case, at)
    passed = steps.pass_custody(steps.changed(back.case), office_id, Cause.REASSIGNED, at, reassigned_for=reason)
    return Decided(passed.case, (*back.events, *passed.events))


def reopen(case: CaseCustody, at: Moment) -> Decided:
    """A case that was closed before she was home is open again: the accountable office has her.

    One that was home is followup's to re-open, together with what it watches. Raises CaseWasHome, CaseNotClosed.
    """
    if set(case.arrivals) - {stay.segment for stay in case.stays}:
        raise CaseWasHome
    if case.phase is not Phase.CLOSED:
        raise CaseNotClosed
    return steps.pass_custody(steps.settled(case, at), case.office_id, Cause.REOPENED, at)


def succeeded(case: CaseCustody, ended_id: str, successor_id: str, at: Moment) -> Decided:
    """An office ended: its successor takes over what it had of this case, as accountable or addressed.

    Nothing else changes. Between one office and itself no journey can be: there the ended office
    stays named, and its successor, which then is both, recalls it.
    """
    if not case.is_open:
        return Decided(case)

    transfer = case.open_transfer
    if transfer is not None and ended_id in (transfer.from_office_id, transfer.to_office_id):
        sender = successor_id if transfer.from_office_id == ended_id else transfer.from_office_id
        addressee = successor_id if transfer.to_office_id == ended_id else transfer.to_office_id
        if sender != addressee:
            named = steps.transfer_now(case, from_office_id=sender, to_office_id=addressee)
            case = steps.changed(case, transfer=named)
    if case.registering_office_id == ended_id:
        case = steps.changed(case, registering_office_id=successor_id)
    if case.office_id != ended_id:
        return Decided(case)
    return steps.pass_custody(steps.changed(case), successor_id, Cause.OFFICE_ENDED, at)


def orphaned(case: CaseCustody, supervisor_id: str, search_id: UUID, at: Moment) -> Decided:
    """The accountable office ended and nobody succeeds it: the supervisor answers, and a search begins."""
    if not case.is_open:
        return Decided(case)
    lost = searches.lose(
        replace(case, segment=replace(case.segment, office_id=supervisor_id)), LostReason.OFFICE_ENDED, search_id, at
    )
    case = replace(steps.changed(lost.case), segment=case.segment)
    passed = steps.pass_custody(case, supervisor_id, Cause.OFFICE_ENDED, at)
    return Decided(passed.case, (*passed.events, *lost.events))


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
    reassigned_for: ReassignReason | None = None


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
            reassigned_for=segment.reassigned_for,
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
