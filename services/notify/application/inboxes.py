"""An office reads its inbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.notify import wire
from services.notify.domain.messages import Counts, ListedMessage, PageKey
from services.notify.storage import inbox


async def list_messages(
    uow: UnitOfWork,
    sight: Sight,
    office_id: str,
    *,
    everything: bool,
    after: PageKey | None,
    limit: int,
) -> tuple[list[ListedMessage], Counts]:
    """A page of the office's inbox, what is to be done first, and how much of it is new and is to be done.

    `everything`: also what is read, or done.
    """
    offices = sight.represented_by(office_id, local_date(uow.now))
    found = await inbox.list_messages(uow.connection, offices, everything=everything, after=after, limit=limit)
    return found, await inbox.count(uow.connection, offices)


async def mark_read(uow: UnitOfWork, sight: Sight, office_id: str, ids: Iterable[uuid.UUID]) -> int:
    """Mark messages of the office's inbox as read; others are passed over. Returns how many were unread.

    What a message asks is not done by that.
    """
    offices = sight.represented_by(office_id, local_date(uow.now))
    seen = await inbox.mark_read(uow.connection, offices, ids, uow.now)
    for one in seen:
        if one.case_id != OFFICE_SUBJECT:
            uow.append(wire.seen_event(one), one.case_id)
    return len(seen)
