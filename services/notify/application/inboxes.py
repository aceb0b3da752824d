"""An office reads its inbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.notify import wire
from services.notify.domain.messages import Counts, ListedMessage, MessagesWanted, PageKey
from services.notify.storage import inbox


async def list_messages(
    uow: UnitOfWork,
    sight: Sight,
    office_id: str,
    wanted: MessagesWanted,
    *,
    after: PageKey | None,
    limit: int,
) -> tuple[list[ListedMessage], Counts]:
    """A page of the office's inbox, what is to be done first, and how much of it is new and is to be done."""
    offices = sight.represented_by(office_id, local_date(uow.now))
    found = await inbox.list_messages(uow.connection, offices, wanted, after=after, limit=limit)
    return found, await inbox.count(uow.connection, offices)


async def mark_read(uow: UnitOfWork, sight: Sight, office_id: str, chosen: Iterable[uuid.UUID] | datetime) -> int:
    """Mark messages of the office's inbox as read, by their ids or all that were posted until an instant; others are
    passed over. Returns how many were unread.

    What a message asks is not done by that.
    """
    offices = sight.represented_by(office_id, local_date(uow.now))
    unread = await inbox.unread_until(uow.connection, offices, chosen) if isinstance(chosen, datetime) else chosen
    seen = await inbox.mark_read(uow.connection, offices, unread, uow.now)
    for one in seen:
        if one.case_id != OFFICE_SUBJECT:
            uow.append(wire.seen_event(one), one.case_id)
    return len(seen)
