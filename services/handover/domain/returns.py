"""A later registration is said to be of the person of an earlier case: what that does, and what its decision does.

Said alone it changes nothing: whoever answers for the earlier case is told and decides. When the two records resemble
one another, and she was registered at a border or in another province, a search is opened beside whatever runs: an open
transfer stands, and its addressed office still acknowledges. What was said and then denied, withdrawn or corrected ends
that search, and the earlier case goes on as it stood.

Confirmed, there are two ways. Registered at a border post she came back anew: the earlier case ends and goes on as the
later one. Otherwise she moved by herself, it is the same return: the earlier case goes on at the office that has her,
by the word of that office, which registered her, and of the one that answered for her; the later case ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain import closing, searches, steps, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.closed import Closing, Reopening
from services.handover.domain.closing import Heirs
from services.handover.domain.errors import CannotLookAfter, LaterCaseEnded, LaterCaseOnTheWay, NothingToUndo
from services.handover.domain.events import (
    EarlierReturnDecided,
    Event,
    PersonLost,
    ReappearanceClaimed,
    ReappearanceDecided,
    SearchResolved,
    TransferDispatched,
)
from services.handover.domain.moment import Moment
from services.handover.domain.reappearance import LinkState, Match, Reappearance, Stood
from services.handover.domain.words import Cause, LostReason, Phase, ReopenReason, Resolution, RuleCode, TransferState


@dataclass(frozen=True, slots=True)
class Linked:
    """What was decided about a link: it, and both of its cases."""

    link: Reappearance
    earlier: Decided
    later: Decided


@dataclass(frozen=True, slots=True)
class LaterOffice:
    """What has to be known of the office that has her under the later case.

    `can_receive`: it can be accountable for somebody at home or in a facility of that kind. `is_near`: it lies in the
    province of the office accountable for the earlier case.
    """

    can_receive: bool
    is_near: bool
    facility: FacilityKind | None = None


def stood(case: CaseCustody) -> Stood:
    """How a case stands now."""
    transfer_id = case.transfer.id if case.transfer is not None else None
    return Stood.of(case.phase, case.office_id, case.segment.number, case.watch, case.missed, transfer_id)


# Said -----------------------------------------------------------------------------------------


def claimed(
    link: Reappearance, earlier: CaseCustody, later_number: str, search_id: UUID, at: Moment, *, elsewhere: bool
) -> tuple[Reappearance, Decided]:
    """Tell whoever answers for the earlier case; a search begins when it is likely, at a border or `elsewhere`.

    `elsewhere`: in another province than that of the accountable office.
    """
    told = ReappearanceClaimed(link, later_number, earlier.office_id, ended=not earlier.is_open)
    link = replace(link, announced=True)
    reason = LostReason.REAPPEARED if link.at_border else LostReason.ARRIVED_ELSEWHERE
    if not earlier.is_open or link.match is not Match.LIKELY or not (link.at_border or elsewhere):
        return link, Decided(earlier, (told,))
    before = earlier.search
    lost = searches.lose(earlier, reason, search_id, at, other_case_id=link.later_id)
    after = lost.case.search
    assert after is not None
    if before is None:
        link = replace(link, search_id=after.id, stood=stood(earlier))
    elif after.reason is not before.reason:
        link = replace(link, search_id=after.id, former_reason=before.reason)
    return link, Decided(lost.case, (told, *lost.events))


def dropped(
    link: Reappearance,
    earlier: CaseCustody,
    later: CaseCustody,
    at: Moment,
    state: LinkState,
    *,
    by_office_id: str = "",
    subject: str = "",
) -> Linked:
    """It is another person, or no longer said: a search that was opened by it ends, and what stood goes on."""
    decided = link.decided(state, by_office_id, subject, at.now)
    back = _without_search(link, earlier, at)
    told: tuple[Event, ...] = (ReappearanceDecided(decided, later.case_number, earlier.office_id),)
    of_later: tuple[Event, ...] = ()
    if state is LinkState.DENIED:
        of_later = (EarlierReturnDecided(decided, earlier.case_number, later.office_id),)
    return Linked(decided, Decided(back.case, (*back.events, *told)), Decided(later, of_later))


def _without_search(link: Reappearance, earlier: CaseCustody, at: Moment) -> Decided:
    search = earlier.search
    if search is None or search.id != link.search_id:
        return Decided(earlier)
    if link.former_reason is not None:
        # It was searched for before, for another reason, and still is.
        other_id = search.other_case_id if search.other_case_id != link.later_id else None
        again = replace(search, reason=link.former_reason, other_case_id=other_id, version=search.version + 1)
        return steps.decided(
            earlier, PersonLost(again, earlier.addressee_id, earlier.office_id, late=False), search=again
        )
    resolved = steps.resolved(earlier, Resolution.MISTAKEN, earlier.office_id, at)
    again_so = as_it_stood(resolved.case, link.stood, at)
    told = tuple(
        replace(one, phase=again_so.phase) if isinstance(one, SearchResolved) else one for one in resolved.events
    )
    return Decided(again_so, told)


def as_it_stood(case: CaseCustody, stood: Stood | None, at: Moment) -> CaseCustody:
    """A case without its search, as it stood before; what has happened meanwhile counts.

    Deadlines go on where they stood: those that have passed meanwhile fire at the next look.
    """
    transfer = case.transfer
    if case.is_under_way:
        assert transfer is not None
        if stood is not None and stood.phase is Phase.IN_TRANSIT and stood.transfer_id == transfer.id:
            return _watched_again(case, stood, Phase.IN_TRANSIT, at)
        due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, transfer.expected_arrival_on)
        return steps.moved(case, Phase.IN_TRANSIT, steps.watch_for(case, due, transfer.id))
    if stood is None:
        return steps.settled(case, at)
    if transfer is not None and transfer.id == stood.transfer_id:
        if stood.phase is Phase.IN_TRANSIT and transfer.state is TransferState.NOT_ARRIVED:
            assert transfer.ended_at is not None
            due = at.due(RuleCode.REDISPATCH_AFTER_REJECT, local_date(transfer.ended_at))
            return steps.moved(case, Phase.REJECTED, steps.watch_for(case, due, transfer.id))
        if stood.phase is Phase.REJECTED:
            return _watched_again(case, stood, Phase.REJECTED, at)
    discharged = case.stay is not None and case.stay.discharged_on is not None
    if stood.phase is Phase.DISCHARGED and discharged:
        return _watched_again(case, stood, Phase.DISCHARGED, at)
    if stood.phase is Phase.REGISTERED and not case.arrivals:
        return _watched_again(case, stood, Phase.REGISTERED, at)
    return steps.settled(case, at)


def _watched_again(case: CaseCustody, stood: Stood, phase: Phase, at: Moment) -> CaseCustody:
    due = at.due(stood.rule, stood.counted_from or at.today)
    journey = case.transfer if phase in (Phase.IN_TRANSIT, Phase.REJECTED) else None
    reference_id = journey.id if journey is not None else None
    watch = replace(steps.watch_for(case, due, reference_id), level=stood.level)
    return replace(steps.moved(case, phase, watch), missed=stood.missed)


# Decided --------------------------------------------------------------------------------------


def confirmed(
    link: Reappearance,
    earlier: CaseCustody,
    later: CaseCustody,
    office: LaterOffice,
    at: Moment,
    *,
    by_office_id: str,
    subject: str,
) -> Linked:
    """It is the same person. An earlier case that had ended stays so; the two are linked.

    Raises LaterCaseEnded, LaterCaseOnTheWay, CannotLookAfter.
    """
    decided = replace(link.decided(LinkState.CONFIRMED, by_office_id, subject, at.now), stood=_before(link, earlier))
    one, other = Decided(earlier), Decided(later)
    if earlier.is_open:
        if not later.is_open:
            raise LaterCaseEnded
        if link.at_border:
            one = steps.goes_on_as(earlier, later.case_id, by_office_id, at)
        else:
            one, other = _same_return(earlier, later, office, by_office_id, at)
    return _told(decided, one, other)


def _before(link: Reappearance, earlier: CaseCustody) -> Stood:
    """How the earlier case stands, or stood before the search that the link opened."""
    if link.stood is None or earlier.search is None or earlier.search.id != link.search_id:
        return stood(earlier)
    return replace(link.stood, office_id=earlier.office_id, segment=earlier.segment.number)


def _same_return(
    earlier: CaseCustody, later: CaseCustody, office: LaterOffice, by_office_id: str, at: Moment
) -> tuple[Decided, Decided]:
    """She moved: the earlier case goes on at the office that has her, the later one ends."""
    if later.is_under_way:
        raise LaterCaseOnTheWay
    back = steps.recalled(later, at)
    resolved = steps.resolved(back.case, Resolution.RE_IDENTIFIED, later.office_id, at, other_case_id=earlier.case_id)
    how = replace(steps.closing_of(later, Cause.RE_IDENTIFIED, by_office_id, at), other_case_id=earlier.case_id)
    ended = steps.ended(resolved.case, how, at)
    return _taken_on(earlier, later, office, at), Decided(ended.case, (*back.events, *resolved.events, *ended.events))


def _taken_on(earlier: CaseCustody, later: CaseCustody, office: LaterOffice, at: Moment) -> Decided:
    if later.office_id == earlier.office_id:
        if earlier.search is not None:
            return searches.found(earlier, max(later.present_since_on, earlier.present_since_on), at)
        # She is with the office that had sent her on.
        return transfers.recall(earlier, at) if earlier.is_under_way else Decided(earlier)
    transfer = earlier.open_transfer
    left_on = transfer.departed_on if transfer is not None else None
    since_on = max(later.present_since_on, left_on or earlier.present_since_on)
    if not office.can_receive:
        if not office.is_near:
            raise CannotLookAfter(office_id=later.office_id)
        # Registered by a commune of the province: its agency goes on answering for her.
        return Decided(earlier)
    if transfer is not None and transfer.is_under_way and transfer.to_office_id == later.office_id:
        # By its own word: it registered the very person who was on the way to it.
        return transfers.acknowledge(earlier, later.office_id, since_on, at, facility=office.facility)
    ended = steps.superseded(earlier, at)
    arrived = steps.arrive(ended.case, later.office_id, Cause.FOUND, since_on, at, office.facility)
    return Decided(arrived.case, (*ended.events, *arrived.events))


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds the duties today of the offices to which the cases go back, and the ids of searches where nobody does.

    `earlier`: of the one that had the earlier case before the confirmation; `later`: of the one that had the later.
    """

    earlier: Heirs
    later: Heirs
    search_ids: tuple[UUID, UUID]


def undone(
    link: Reappearance,
    earlier: CaseCustody,
    later: CaseCustody,
    holders: Holders,
    at: Moment,
    *,
    by_office_id: str = "",
    subject: str = "",
) -> Linked:
    """A confirmation was a mistake: both cases go on as they stood, as far as nothing else has become of them.

    An office that ended meanwhile is its heir; where that is a supervisor, she is searched for. Raises NothingToUndo.
    """
    if link.state is not LinkState.CONFIRMED or link.decided_at is None:
        raise NothingToUndo
    decided = link.decided(LinkState.WITHDRAWN, by_office_id, subject, at.now)
    if link.at_border:
        was_ended = earlier.phase is Phase.CLOSED and _was_open(link)
        one = _reopened(earlier, link, holders, by_office_id, at) if was_ended else Decided(earlier)
        return _told(decided, one, Decided(later))
    if not _was_open(link):
        return _told(decided, Decided(earlier), Decided(later))
    if later.phase is not Phase.CLOSED or link.stood is None:
        raise NothingToUndo
    again = _opened(steps.settled(later, at), holders.later, by_office_id, holders.search_ids[1], at)
    return _told(decided, _given_back(earlier, link, link.stood, holders, at), again)


def another_person(
    link: Reappearance, earlier: CaseCustody, later: CaseCustody, at: Moment, *, by_office_id: str, subject: str
) -> Linked:
    """The case that ended for a confirmed return lives again as that of another person: the link does not hold."""
    decided = link.decided(LinkState.WITHDRAWN, by_office_id, subject, at.now)
    return _told(decided, Decided(earlier), Decided(later))


def _was_open(link: Reappearance) -> bool:
    return link.stood is not None and link.stood.phase not in (Phase.CLOSED, Phase.WITHDRAWN)


def _reopened(earlier: CaseCustody, link: Reappearance, holders: Holders, by_office_id: str, at: Moment) -> Decided:
    """Open again, on the way if she was."""
    again = earlier
    told: tuple[Event, ...] = ()
    transfer = earlier.transfer
    was_under_way = transfer is not None and transfer.state is TransferState.SUPERSEDED and transfer.departed_on
    heirs = holders.earlier
    still_addressed = heirs.has_people and heirs.addressed_id not in ("", heirs.office_id)
    if transfer is not None and was_under_way and transfer.ended_at == link.decided_at and still_addressed:
        ends = {"from_office_id": heirs.office_id, "to_office_id": heirs.addressed_id}
        open_again = steps.transfer_now(earlier, state=TransferState.DISPATCHED, ended_at=None, late=False, **ends)
        again, told = replace(earlier, transfer=open_again), (TransferDispatched(open_again),)
    stands = as_it_stood(again, _before_search(link), at)
    passed = _opened(stands, heirs, by_office_id, holders.search_ids[0], at)
    return Decided(passed.case, (*passed.events, *told))


def _opened(case: CaseCustody, heirs: Heirs, by_office_id: str, search_id: UUID, at: Moment) -> Decided:
    """Open again, as an end by mistake is."""
    before = case.closing or Closing(case.segment.number, Cause.RE_IDENTIFIED, case.segment.started_at)
    # The withdrawal of the other case opens this one by itself: it is its own office's again.
    reopened = Reopening(by_office_id or heirs.office_id, ReopenReason.NOT_SAME_PERSON, at.now)
    how = replace(before, reopened=reopened)
    again = replace(case, closing=how)
    if heirs.has_people:
        return closing.opened(again, heirs, how, at)
    return closing.lost_again(again, LostReason.OFFICE_ENDED, heirs, how, search_id, at)


def _given_back(earlier: CaseCustody, link: Reappearance, before: Stood, holders: Holders, at: Moment) -> Decided:
    """Custody passed by the confirmation: back to the office that had it, which has to say where she is."""
    if earlier.segment.started_at != link.decided_at or earlier.segment.number == before.segment:
        return Decided(earlier)
    if earlier.visited or earlier.open_transfer is not None or earlier.search is not None or not earlier.is_open:
        raise NothingToUndo
    number = earlier.segment.number
    back = replace(
        earlier,
        arrivals=tuple(one for one in earlier.arrivals if one != number),
        stays=tuple(one for one in earlier.stays if one.segment != number),
    )
    heirs, settled = holders.earlier, steps.settled(back, at)
    if heirs.has_people:
        return steps.pass_custody(settled, heirs.office_id, Cause.ARRIVAL_RETRACTED, at)
    held = replace(settled, segment=replace(settled.segment, office_id=heirs.office_id))
    lost = searches.lose(held, LostReason.OFFICE_ENDED, holders.search_ids[0], at)
    passed = steps.pass_custody(
        replace(lost.case, segment=settled.segment), heirs.office_id, Cause.ARRIVAL_RETRACTED, at
    )
    return Decided(passed.case, (*passed.events, *lost.events))


def _before_search(link: Reappearance) -> Stood | None:
    return link.stood if link.stood is not None and link.stood.phase is not Phase.SEARCH else None


def _told(decided: Reappearance, one: Decided, other: Decided) -> Linked:
    earlier, later = one.case, other.case
    return Linked(
        decided,
        Decided(earlier, (*one.events, ReappearanceDecided(decided, later.case_number, earlier.office_id))),
        Decided(later, (*other.events, EarlierReturnDecided(decided, earlier.case_number, later.office_id))),
    )
