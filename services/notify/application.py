"""What notify does: it turns facts into messages, and gives an office its inbox.

Every stream may be the first to tell of a case, and a rebuild hears the streams in another order than they were spoken
in. Whoever is told, of what and when therefore depends on the events alone: messages for readers who follow from the
registration wait for it, and a decision's readers are settled again whenever custody or registration come to light.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.roles import Role
from services.chassis.kernel.words import Phase
from services.notify import wire
from services.notify.domain.cases import Custody, Decision, NotifiedCase, Registration, Waiting, accountable_at
from services.notify.domain.facts import Addressee, Fact, Occurrence, Param
from services.notify.domain.messages import ACTION_REQUIRED, Kind, ListedMessage, Message, PageKey
from services.notify.domain.telling import WHO_IS_TOLD, Told, told_now_and_later, told_of_decision
from services.notify.storage import cases, inbox, waiting

Change = Callable[[NotifiedCase], NotifiedCase]


def message_id(event_id: uuid.UUID, office_id: str) -> uuid.UUID:
    """The same event tells the same office by the same message, however often notify is rebuilt."""
    return uuid.uuid5(event_id, office_id)


# Facts ----------------------------------------------------------------------------------------


async def tell(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    fact_of: Callable[[NotifiedCase], Fact | None],
    change: Change = lambda case: case,
) -> None:
    """Take in what the event being handled says, and tell whom it concerns.

    Args:
        fact_of: what there is to tell, given the case as it was before.
        change: the case as it is afterwards.
    """
    before = await cases.lock_case(uow.connection, case_id, uow.now)
    case = _with_heirs(change(before), sight, local_date(uow.now))
    if case != before:
        await cases.save_case(uow.connection, case_id, case)
    fact = fact_of(before)
    if fact is None:
        return
    offices = dict(fact.offices)
    if case.registering_id is not None:
        offices[Addressee.REGISTERING] = case.registering_id
    now, later = told_now_and_later(WHO_IS_TOLD[fact.occurrence], registered=case.registering_id is not None)
    await _post_all(uow, sight, case_id, now, offices, fact.params, uow.cause.event_id, uow.cause.time)
    for addressee, kind in later:
        one = Waiting(uow.cause.event_id, addressee, kind, fact.params, uow.cause.time)
        await waiting.add_waiting(uow.connection, case_id, one)


def _with_heirs(case: NotifiedCase, sight: Sight, today: date) -> NotifiedCase:
    """The case with whoever took over in the place of offices that have ended."""

    def heir(office_id: str | None) -> str | None:
        return sight.directory.heir(office_id, today) if office_id else office_id

    return replace(
        case,
        accountable_id=heir(case.accountable_id),
        receiver_id=heir(case.receiver_id),
        search_office_id=heir(case.search_office_id),
        search_receiver_id=heir(case.search_receiver_id),
    )


async def register(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, registration: Registration) -> None:
    """Take in a registration, and tell what waited for it."""
    office_id = registration.office_id
    fact = Fact(Occurrence.CASE_REGISTERED, {Addressee.ACCOUNTABLE: office_id})
    await tell(
        uow,
        sight,
        case_id,
        lambda case: fact,
        lambda case: replace(case, case_number=registration.case_number, registering_id=office_id),
    )
    for one in await waiting.take_waiting(uow.connection, case_id):
        told = ((one.addressee, one.kind),)
        offices = {Addressee.REGISTERING: office_id}
        await _post_all(uow, sight, case_id, told, offices, one.params, one.event_id, one.time)
    await _settle_decisions(uow, sight, case_id, office_id)


async def take_custody(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    custody: Custody,
    case_number: str,
    phase: Phase | None,
    fact: Fact | None,
) -> None:
    """Take in who is accountable from now on, and tell what no other event tells of it, if anything."""
    registering_id: str | None = None

    def change(case: NotifiedCase) -> NotifiedCase:
        nonlocal registering_id
        registering_id = case.registering_id
        return replace(
            case,
            case_number=case_number or case.case_number,
            accountable_id=custody.office_id,
            phase=phase or case.phase,
        )

    def fact_of(case: NotifiedCase) -> Fact | None:
        if fact is None or fact.occurrence is not Occurrence.CASE_WITHDRAWN or case.receiver_id is None:
            return fact
        return replace(fact, offices={**fact.offices, Addressee.RECEIVER: case.receiver_id})

    await tell(uow, sight, case_id, fact_of, change)
    await cases.add_custody(uow.connection, case_id, custody)
    await _settle_decisions(uow, sight, case_id, registering_id)


async def take_decision(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, params: Mapping[Param, str]) -> None:
    """Take in that an identification was decided. How, is not kept."""
    case = await cases.lock_case(uow.connection, case_id, uow.now)
    decision = Decision(uow.cause.event_id, uow.cause.time, params)
    await waiting.add_decision(uow.connection, case_id, decision)
    await _settle_decisions(uow, sight, case_id, case.registering_id)


async def _settle_decisions(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, registering_id: str | None) -> None:
    decisions = await waiting.decisions_of(uow.connection, case_id)
    if not decisions:
        return
    custodies = await cases.custodies_of(uow.connection, case_id)
    for decision in decisions:
        on = local_date(decision.decided_at)
        # Before the first custody is told, who registered the case is accountable for it.
        accountable_id = accountable_at(custodies, decision.decided_at) or registering_id
        told = told_of_decision(_in_office(sight, registering_id, on), _in_office(sight, accountable_id, on))
        await inbox.retract_all_but(uow.connection, decision.event_id, told)
        for office_id, kind in told.items():
            await _post(uow, sight, case_id, office_id, kind, decision.params, decision.event_id, decision.decided_at)


def _in_office(sight: Sight, office_id: str | None, on: date) -> str | None:
    if office_id is None:
        return None
    return next(iter(sight.holders(office_id, on)), None)


async def _post_all(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    told: Told,
    offices: Mapping[Addressee, str],
    params: Mapping[Param, str],
    event_id: uuid.UUID,
    time: datetime,
) -> None:
    on = local_date(time)
    for addressee, kind in told:
        for office_id in readers(sight, addressee, offices, on):
            await _post(uow, sight, case_id, office_id, kind, params, event_id, time)


async def _post(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    office_id: str,
    kind: Kind,
    params: Mapping[Param, str],
    event_id: uuid.UUID,
    time: datetime,
) -> None:
    message = Message(
        id=message_id(event_id, office_id),
        event_id=event_id,
        told_id=office_id,
        office_id=sight.directory.heir(office_id, local_date(uow.now)),
        case_id=case_id,
        kind=kind,
        params=params,
        action_required=kind in ACTION_REQUIRED,
        posted_at=time,
    )
    if await inbox.post(uow.connection, message):
        uow.append(wire.posted_event(message), case_id)


# Readers --------------------------------------------------------------------------------------


def readers(sight: Sight, addressee: Addressee, offices: Mapping[Addressee, str], on: date) -> Sequence[str]:
    """The offices that an addressee stands for on a local date; none when the event names none."""
    match addressee:
        case Addressee.PROVINCE_SUPERVISOR:
            return sight.supervisors(offices.get(Addressee.ACCOUNTABLE), on)
        case Addressee.SEARCHING_SUPERVISOR:
            searching = offices.get(Addressee.SEARCHING)
            return sight.supervisors(searching, on) if searching else ()
        case Addressee.NATIONAL_SUPERVISOR:
            return sight.supervisors(offices.get(Addressee.ACCOUNTABLE), on, national=True)
        case Addressee.VERIFIER:
            return _verifiers(sight, offices.get(Addressee.REGISTERING), on)
        case Addressee.REGISTERING_POST:
            holders = sight.holders(offices.get(Addressee.REGISTERING), on)
            return tuple(each for each in holders if _role(sight, each) is Role.BORDER_POST)
        case _:
            return sight.holders(offices.get(addressee), on)


def _verifiers(sight: Sight, office_id: str | None, on: date) -> Sequence[str]:
    """The verifiers of the office's province; without one, the supervisors of the province."""
    for holder in sight.holders(office_id, on):
        province = sight.directory.province_of(holder, on)
        if province is not None:
            found = sight.directory.offices(role=Role.VERIFIER, province=province, on=on)
            if found:
                return tuple(office.id for office in found)
    return sight.supervisors(office_id, on)


def _role(sight: Sight, office_id: str) -> Role:
    return sight.directory.office(office_id).role


def is_facility(sight: Sight, office_id: str) -> bool:
    """Whether people stay at this office on their way home."""
    try:
        return _role(sight, office_id) is Role.RECEPTION_CENTRE
    except OfficeNotFound:
        return False


# Inboxes --------------------------------------------------------------------------------------


async def list_messages(
    uow: UnitOfWork,
    sight: Sight,
    office_id: str,
    *,
    include_read: bool,
    after: PageKey | None,
    limit: int,
) -> tuple[list[ListedMessage], int]:
    """A page of the office's inbox, newest first, and how many of its messages are unread."""
    offices = sight.represented_by(office_id, local_date(uow.now))
    found = await inbox.list_messages(uow.connection, offices, include_read=include_read, after=after, limit=limit)
    return found, await inbox.count_unread(uow.connection, offices)


async def mark_read(uow: UnitOfWork, sight: Sight, office_id: str, ids: Iterable[uuid.UUID]) -> int:
    """Mark messages of the office's inbox as read; others are passed over. Returns how many were unread."""
    offices = sight.represented_by(office_id, local_date(uow.now))
    seen = await inbox.mark_read(uow.connection, offices, ids, uow.now)
    for one in seen:
        uow.append(wire.seen_event(one), one.case_id)
    return len(seen)
