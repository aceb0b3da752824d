"""Who is accountable for a person, from the registration on without a gap.

Accountability passes with her arrival (`steps.arrive`), or although nobody travels: a supervisor decides, or an
office ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain import searches, steps
from services.handover.domain.case import CaseCustody, Decided, Person, Segment
from services.handover.domain.checks import check_past
from services.handover.domain.errors import (
    AlreadyAccountable,
    AlreadyAtHome,
    MakesNoFollowUps,
    ReassignInTransit,
    SearchIsOpen,
    StaysInFacility,
    TransferAlreadyOpen,
)
from services.handover.domain.events import CustodyChanged
from services.handover.domain.families import Relative
from services.handover.domain.moment import Moment, Watch
from services.handover.domain.reappearance import Match
from services.handover.domain.words import Cause, LostReason, Phase, ReassignReason, RuleCode


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """How the earlier return of a person stands named; None: none is. `said_by`: by whom, as a digest."""

    case_id: UUID | None
    match: Match
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """A case as intake registered it; `received_at`: when the office received the person.

    `earlier`: the case of an earlier return that is named, if one is.
    """

    case_id: UUID
    case_number: str
    office_id: str
    person: Person
    received_at: datetime
    registered_at: datetime
    earlier: EarlierReturn = EarlierReturn(None, Match.UNKNOWN)
    relatives: tuple[Relative, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Successor:
    """The office that a supervisor makes accountable. `follows_up`: it makes follow-ups; `facility`: people stay there.

    `since_on`: she is there since that day; None: she is not, or that is not known.
    """

    office_id: str
    follows_up: bool
    facility: FacilityKind | None = None
    since_on: date | None = None


def reassign(case: CaseCustody, to: Successor, reason: ReassignReason, at: Moment) -> Decided:
    """Make another office accountable, one that can do what is open; a plan of the former office is recalled.

    Phase and deadline stay, and she stays where she is, unless she is known to be with that office: then she arrives
    there. Whoever stays in a facility is that facility's until then. Raises CaseHasEnded, AlreadyAccountable,
    ReassignInTransit, StaysInFacility, MakesNoFollowUps, SearchIsOpen, InvalidInput (with_office_since).
    """
    steps.require_open(case)
    if to.office_id == case.office_id:
        raise AlreadyAccountable
    if case.is_under_way:
        raise ReassignInTransit
    if to.since_on is not None:
        return _is_there(case, to, to.since_on, reason, at)
    if case.phase is Phase.ADMITTED:
        raise StaysInFacility(office_id=case.office_id)
    if _is_followed_up(case) and not to.follows_up:
        raise MakesNoFollowUps(office_id=to.office_id)
    back = steps.recalled(case, at)
    passed = steps.pass_custody(steps.changed(back.case), to.office_id, Cause.REASSIGNED, at, reassigned_for=reason)
    return Decided(passed.case, (*back.events, *passed.events))


def _is_followed_up(case: CaseCustody) -> bool:
    return case.followup_watches or bool(set(case.arrivals) - {stay.segment for stay in case.stays})


def _is_there(case: CaseCustody, to: Successor, since_on: date, reason: ReassignReason, at: Moment) -> Decided:
    """She arrived at that office, as the supervisor says; of somebody searched for that office itself has to say it."""
    if case.search is not None:
        raise SearchIsOpen
    if not to.follows_up and to.facility is None:
        raise InvalidInput([FieldViolation(None, "with_office_since", "NOT_ALLOWED")])
    check_past("with_office_since", since_on, case.present_since_on, at)
    back = steps.recalled(case, at)
    left = steps.left_facility(back.case, since_on)
    arrived = steps.arrive(left, to.office_id, Cause.REASSIGNED, since_on, at, to.facility, reassigned_for=reason)
    return Decided(arrived.case, (*back.events, *arrived.events))


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
