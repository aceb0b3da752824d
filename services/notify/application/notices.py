"""Offices are told what two people decide, what administrators change, and that somebody tries numbers out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.notify.application import duties
from services.notify.application.telling import message_to, post
from services.notify.domain.notices import Concerned, Notice
from services.notify.storage import cases


async def tell(uow: UnitOfWork, sight: Sight, notice: Notice) -> None:
    """Take in what a notice ends, and tell it to whom it concerns."""
    await cases.lock_case(uow.connection, notice.case_id, uow.now)
    await duties.end(uow, sight, notice.case_id, notice.ends)
    if notice.kind is None:
        return
    cause, event_id = uow.cause, _told_as(notice, uow)
    for office_id in concerned(sight, notice.concerned, local_date(cause.time)):
        message = message_to(uow, sight, notice.case_id, office_id, notice.kind, notice.params, event_id, cause.time)
        await post(uow, replace(message, about=notice.about))


def _told_as(notice: Notice, uow: UnitOfWork) -> uuid.UUID:
    """The id of what is told: of one there is one message for each office."""
    if not notice.once_an_hour:
        return uow.cause.event_id
    hour = uow.cause.time.replace(minute=0, second=0, microsecond=0)
    return uuid.uuid5(OFFICE_SUBJECT, f"{notice.kind}.{notice.once_an_hour}.{hour.isoformat()}")


def concerned(sight: Sight, whom: Concerned, on: date) -> Sequence[str]:
    """The offices that a notice concerns, each once."""
    found: list[str] = []
    for office_id in whom.office_ids:
        found += sight.holders(office_id, on)
    for office_id in whom.supervisors_of:
        found += sight.supervisors(office_id, on)
    if whom.all_supervisors:
        found += [one.id for one in sight.directory.offices(role=Role.SUPERVISOR, on=on)]
    if whom.nation:
        found += sight.supervisors(None, on, national=True)
    return tuple(dict.fromkeys(found))
