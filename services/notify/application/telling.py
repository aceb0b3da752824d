"""An event becomes messages for whom it concerns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import Phase
from services.notify.application import duties
from services.notify.application.readers import readers
from services.notify.domain.cases import Custody, Decision, NotifiedCase, Registration, Waiting, accountable_at
from services.notify.domain.duties import DUTY_OF, Ending, about_of
from services.notify.domain.facts import Addressee, Fact, Occurrence, Param
from services.notify.domain.messages import Kind, Message, Standing
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
    change: Change,
    ends: Callable[[NotifiedCase], Sequence[Ending]],
) -> None:
    """Take in what the event being handled says, and tell whom it concerns.

    Args:
        fact_of: what there is to tell, given the case as it was before.
        change: the case as it is afterwards.
        ends: what it ends of what was asked of offices, given the case as it was before.
    """
    before = await cases.lock_case(uow.connection, case_id, uow.now)
    case = _with_heirs(change(before), sight, local_date(uow.now))
    if case != before:
        await cases.save_case(uow.connection, case_id, case)
    await duties.end(uow, sight, case_id, ends(before))
    fact = fact_of(before)
    if fact is None:
        return
    offices = dict(fact.offices)
    if case.registering_id is not None:
        offices[Addressee.REGISTERING] = case.registering_id
    now, later = told_now_and_later(WHO_IS_TOLD[fact.occurrence], registered=case.registering_id is not None)
    await _post_all(uow, sight, case_id, now, offices, fact, uow.cause.event_id, uow.cause.time)
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
        lambda case: (),
    )
    for one in await waiting.take_waiting(uow.connection, case_id):
        told = ((one.addressee, one.kind),)
        offices = {Addressee.REGISTERING: office_id}
        await _post_all(uow, sight, case_id, told, offices, replace(fact, params=one.params), one.event_id, one.time)
    await _settle_decisions(uow, sight, case_id, office_id)


async def take_custody(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    custody: Custody,
    case_number: str,
    phase: Phase | None,
    fact: Fact | None,
    ends: Sequence[Ending],
    former_id: str | None,
) -> None:
    """Take in who is accountable from now on, and tell what no other event tells of it, if anything.

    `former_id`: the office whose duties the accountable one has from now on; None: they are other ones.
    """
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

    await tell(uow, sight, case_id, fact_of, change, lambda case: ends)
    if former_id is not None:
        await duties.hand_on(uow, sight, case_id, former_id, custody.office_id)
    await cases.add_custody(uow.connection, case_id, custody)
    await _settle_decisions(uow, sight, case_id, registering_id)


async def take_decision(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    params: Mapping[Param, str],
    ends: Sequence[Ending],
    given_to: Mapping[Addressee, str],
) -> None:
    """Take in that an identification was decided, or is open again. How it was decided is not kept.

    `ends`: what it ends of what was asked; nothing: a decision is needed again. `given_to`: the verifier, where the
    case was given to one.
    """
    fact = None if ends else Fact(Occurrence.DECISION_TAKEN_BACK, given_to)
    registering_id: str | None = None

    def unchanged(case: NotifiedCase) -> NotifiedCase:
        nonlocal registering_id
        registering_id = case.registering_id
        return case

    await tell(uow, sight, case_id, lambda case: fact, unchanged, lambda case: ends)
    decision = Decision(uow.cause.event_id, uow.cause.time, params)
    await waiting.add_decision(uow.connection, case_id, decision)
    await _settle_decisions(uow, sight, case_id, registering_id)


async def _settle_decisions(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, registering_id: str | None) -> None:
    decisions = await waiting.decisions_of(uow.connection, case_id)
    if not decisions:
        return
    custodies = await cases.custodies_of(uow.connection, case_id)
    for decision in decisions:
        on = local_date(decision.decided_at)
        # Before the first custody is told, who registered the case is accountable for it.
        accountable_id = accountable_at(custodies, decision.decided_at) or registering_id
        told = told_of_decision(
            _in_office(sight, registering_id, on),
            _in_office(sight, accountable_id, on),
            _in_office(sight, decision.params.get(Param.FORMER), on),
        )
        await inbox.retract_all_but(uow.connection, decision.event_id, told)
        for office_id, kind in told.items():
            message = message_to(
                uow, sight, case_id, office_id, kind, decision.params, decision.event_id, decision.decided_at
            )
            await post(uow, message)


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
    fact: Fact,
    event_id: uuid.UUID,
    time: datetime,
) -> None:
    on = local_date(time)
    reached: set[str] = set()
    for addressee, kind in told:
        for office_id in readers(sight, addressee, offices, on):
            if office_id in reached:
                continue
            reached.add(office_id)
            message = message_to(uow, sight, case_id, office_id, kind, fact.params, event_id, time)
            about = about_of(DUTY_OF.get(kind), fact.about, fact.search)
            await post(uow, replace(message, about=about))


def message_to(
    uow: UnitOfWork,
    sight: Sight,
    case_id: uuid.UUID,
    office_id: str,
    kind: Kind,
    params: Mapping[Param, str],
    event_id: uuid.UUID,
    time: datetime,
) -> Message:
    """What an office is told; it reads it, or whoever has taken over from it."""
    return Message(
        id=message_id(event_id, office_id),
        event_id=event_id,
        told_id=office_id,
        office_id=sight.directory.heir(office_id, local_date(uow.now)),
        case_id=case_id,
        kind=kind,
        params=params,
        posted_at=time,
        standing=Standing(time, time),
    )


async def post(uow: UnitOfWork, message: Message) -> None:
    """Put a message into an inbox; one that asks for something takes the place of the one before."""
    if message.kind in DUTY_OF:
        await duties.ask(uow, message)
    elif await inbox.post(uow.connection, message):
        duties.say_posted(uow, message)
