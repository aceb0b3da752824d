"""What offices see that have no part in a case any more: those that had custody, and those to which she was on the way.

Their own part, and nothing of how and where the person is today. Whoever was asked and answered, or was told that she
does not come, sees that transfer and its own answer, and what it may still say: she may come all the same, and its
answer may have been a mistake.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound, HomewardError
from services.chassis.kernel.roles import Caller, Role
from services.handover.domain import late_arrival, take_back
from services.handover.domain.answer import TAKE_BACK_DAYS, TakeBackReason
from services.handover.domain.case import CaseCustody
from services.handover.domain.moment import Moment
from services.handover.domain.reading import Custody, History, ListedTransfer, WaysBack
from services.handover.domain.take_back import Taking
from services.handover.domain.transfer import NOTHING_RECORDED, Transfer
from services.handover.domain.whereabouts import Link, Place
from services.handover.domain.words import TransferState
from services.handover.offices import Offices


def custody_of(
    at: Moment, offices: Offices, case: CaseCustody, whole: History, caller: Caller, own: frozenset[str]
) -> Custody:
    """The part of some offices; raises CaseNotFound where they have none.

    A border post sees its own stretch, and that she arrived where it sent her: a status word, never the story.
    """
    had = {each.number for each in whole.links if each.office_id in own}
    addressed = tuple(each for each in whole.transfers if each.to_office_id in own)
    if not had and not addressed:
        raise CaseNotFound
    if not had:
        part = _of_addressee(whole, own, addressed[-1])
    elif caller.role is Role.BORDER_POST:
        part = _of_border_post(whole, own, had)
    else:
        part = _of_custodian(offices, whole, own, had)
    shown = {each.number for each in part.links}
    ways_back = _ways_back(case, addressed[-1], own, at) if addressed else WaysBack()
    return Custody(
        case,
        part,
        at.now,
        shows_accountable=case.segment.number in shown,
        shows_state=False,
        shows_person=bool(had) and caller.role is not Role.BORDER_POST,
        ways_back=ways_back,
    )


def as_far_as_known(row: ListedTransfer, caller: Caller, own: frozenset[str] | None) -> ListedTransfer:
    """A transfer for some offices (None: all): who was only addressed and did not receive her sees nothing of her, and
    a border post from which she has gone on sees that she arrived, and no more."""
    if own is None:
        return row
    if row.transfer.from_office_id in own:
        gone = caller.role is Role.BORDER_POST and row.transfer.state is TransferState.ACKNOWLEDGED
        return replace(row, home_province=None, age_band="", transfer=_status_alone(row.transfer)) if gone else row
    if not is_over(row.transfer):
        return row
    return replace(row, home_province=None, age_band="", transfer=_without_travel(row.transfer))


def _status_alone(transfer: Transfer) -> Transfer:
    return replace(_without_travel(transfer), arrived_on=None, acknowledged_at=None, ended_at=None)


def is_over(transfer: Transfer) -> bool:
    return not transfer.is_open and transfer.state is not TransferState.ACKNOWLEDGED


def _without_travel(transfer: Transfer) -> Transfer:
    return replace(transfer, travel=NOTHING_RECORDED, journey_id=None, replaces_id=None)


def _of_custodian(offices: Offices, whole: History, own: frozenset[str], had: set[int]) -> History:
    """Its own stretches, and to whom it handed over."""
    links: list[Link] = []
    for each in whole.links:
        if each.number in had:
            links.append(each)
        elif each.number - 1 in had:
            # One link for the next office: whether it sent her on since is not told.
            at_next = replace(each, place=Place(offices.place_of(each.office_id), each.office_id))
            if links and links[-1].number == each.number:
                links[-1] = replace(links[-1], ended_at=each.ended_at)
            else:
                links.append(at_next)
    transfers = tuple(each for each in whole.transfers if {each.from_office_id, each.to_office_id} & own)
    return History(
        tuple(links),
        transfers,
        stays=tuple(each for each in whole.stays if each.segment in had),
        arrival_days=whole.arrival_days,
        arrival_corrections=tuple(each for each in whole.arrival_corrections if each.segment in had),
        answers=whole.answers,
        # That the story ended is told, and why to whoever had her then.
        closings=tuple(replace(each, is_told=each.closing.segment in had) for each in whole.closings),
    )


def _of_border_post(whole: History, own: frozenset[str], had: set[int]) -> History:
    """Its own stretches, and what it did itself."""
    sent = tuple(_status_alone(each) for each in whole.transfers if each.from_office_id in own)
    return History(
        tuple(each for each in whole.links if each.number in had),
        sent,
        closings=tuple(replace(each, is_told=each.closing.segment in had) for each in whole.closings),
    )


def _of_addressee(whole: History, own: frozenset[str], transfer: Transfer) -> History:
    """The transfer to it that ended without her, and how it answered."""
    given = tuple(each for each in whole.answers.get(transfer.id, ()) if each.office_id in own)
    return History((), (_without_travel(transfer),), answers={transfer.id: given})


def _ways_back(case: CaseCustody, transfer: Transfer, own: frozenset[str], at: Moment) -> WaysBack:
    """What the rules would take today."""
    return WaysBack(_arrival_is_taken(case, transfer, at), _taken_back_until(case, transfer, own, at))


def _arrival_is_taken(case: CaseCustody, transfer: Transfer, at: Moment) -> bool:
    try:
        late_arrival.acknowledge(case, transfer, transfer.to_office_id, None, at)
    except HomewardError:
        return False
    return True


def _taken_back_until(case: CaseCustody, transfer: Transfer, own: frozenset[str], at: Moment) -> date | None:
    if case.transfer is None or case.transfer.id != transfer.id:
        return None
    try:
        _, office_id, given_at = take_back.last_answer(transfer)
        take_back.take_back(case, Taking(office_id, TakeBackReason.OTHER), at)
    except HomewardError:
        return None
    return local_date(given_at) + timedelta(days=TAKE_BACK_DAYS) if office_id in own else None
