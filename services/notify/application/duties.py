"""What is asked of offices: messages of a duty take each other's place, and end with their cause."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.notify import wire
from services.notify.domain.duties import (
    DUTY_OF,
    FOLLOWS_ACCOUNTABILITY,
    Asked,
    End,
    Ending,
    Turn,
    joined,
    span_of,
)
from services.notify.domain.facts import Param
from services.notify.domain.messages import Message
from services.notify.storage import duties, inbox


async def ask(uow: UnitOfWork, message: Message) -> None:
    """Post a message that asks for something: in the place of the one before, and done if its cause is over already."""
    duty = DUTY_OF[message.kind]
    asked = Asked(duty, message.about, message.office_id, message.posted_at)
    span = span_of(asked, await duties.ends_of(uow.connection, message.case_id))
    standing = message.standing
    for before in await duties.standing_of(uow.connection, message.case_id, asked, span):
        standing = joined(standing, before.standing)
        if before.standing.asked_at > message.posted_at:
            # Heard in another order than said: what is newer stays.
            await duties.set_standing(uow.connection, before.id, standing)
            return
        await inbox.remove(uow.connection, before.id)
    done_at, done_by = (span.end.at, span.end.ending.turn.value) if span.end is not None else (None, None)
    if await inbox.post(uow.connection, replace(message, standing=standing, done_at=done_at, done_by=done_by)):
        say_posted(uow, message)


def say_posted(uow: UnitOfWork, message: Message) -> None:
    """Tell that a message about a case was put into an inbox; what is about no case concerns nobody else."""
    if message.case_id != OFFICE_SUBJECT:
        uow.append(wire.posted_event(message), message.case_id)


async def end(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, endings: Iterable[Ending]) -> None:
    """Take in what the event being handled ends: nothing of it is asked any more."""
    today = local_date(uow.now)
    for ending in endings:
        # An inbox of an office that has ended is its heir's.
        office_id = sight.directory.heir(ending.office_id, today) if ending.office_id else ""
        over = End(uow.cause.event_id, uow.cause.time, replace(ending, office_id=office_id))
        await duties.add_end(uow.connection, case_id, over)
        await duties.end(uow.connection, case_id, over)


async def hand_on(uow: UnitOfWork, sight: Sight, case_id: uuid.UUID, former_id: str, office_id: str) -> None:
    """Another office is accountable: what was asked of the former one is asked of it, since when it was asked.

    So it is with the supervisors of both, where they are not the same.
    """
    on, today = local_date(uow.cause.time), local_date(uow.now)
    heir = {each: sight.directory.heir(each, today) for each in (former_id, office_id)}
    before = dict.fromkeys(sight.supervisors(former_id, on), sight.supervisors(office_id, on))
    others = {each: now for each, now in before.items() if each not in now}
    # A supervisor that answered itself, since an office ended, was asked as the office that answers.
    goes_to = {**others, heir[former_id]: (heir[office_id],)}
    moving = [
        one
        for one in await duties.asked_of(uow.connection, case_id, FOLLOWS_ACCOUNTABILITY, uow.cause.time)
        if one.office_id in goes_to
    ]
    await end(uow, sight, case_id, [Ending(Turn.REASSIGNED, office_id=each) for each in goes_to])
    for one in moving:
        named = {Param.OFFICE: office_id} if one.params.get(Param.OFFICE) == former_id else {}
        for now in goes_to[one.office_id]:
            copy = replace(
                one,
                id=uuid.uuid5(one.event_id, now),
                told_id=now,
                office_id=now,
                params={**one.params, **named},
                posted_at=uow.cause.time,
                standing=replace(one.standing, asked_at=uow.cause.time),
            )
            await ask(uow, copy)
