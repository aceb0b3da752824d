"""Messages in the inboxes of offices."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.duties import DUTY_OF
from services.notify.domain.messages import (
    UNREAD_COUNT_MAX,
    Counts,
    Kind,
    ListedMessage,
    Message,
    MessagesWanted,
    PageKey,
    Section,
    Seen,
)
from services.notify.storage import params

_POST: Final = text(
    """
    INSERT INTO message (id, event_id, told_id, office_id, case_id, kind, params, duty, about, posted_at, since,
        reminders, done_at, done_by)
    VALUES (:id, :event_id, :told_id, :office_id, :case_id, :kind, CAST(:params AS jsonb), :duty, :about, :posted_at,
        :since, :reminders, :done_at, :done_by)
    ON CONFLICT (event_id, told_id) DO NOTHING
    """
)
_REMOVE: Final = text("DELETE FROM message WHERE id = :id")
_RETRACT: Final = text(
    """
    DELETE FROM message WHERE event_id = :event_id AND duty IS NULL
      AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:offices AS text[]), CAST(:kinds AS text[])) AS told (office_id, kind)
                      WHERE told.office_id = message.told_id AND told.kind = message.kind)
    """
)
_MARK_READ: Final = text(
    """
    UPDATE message SET read_at = :now
    WHERE id = ANY(CAST(:ids AS uuid[])) AND office_id = ANY(CAST(:offices AS text[])) AND read_at IS NULL
    RETURNING id, office_id, case_id
    """
)
_TO_DO: Final = "m.duty IS NOT NULL AND m.done_at IS NULL"
_UNREAD: Final = "m.read_at IS NULL AND m.done_at IS NULL"
_UNREAD_UNTIL: Final = text(
    """
    SELECT m.id FROM message m
    WHERE m.office_id = ANY(CAST(:offices AS text[])) AND m.read_at IS NULL AND m.posted_at <= :until
    ORDER BY m.posted_at LIMIT :limit
    """
)
_LIST: Final = """
    SELECT m.id, m.office_id, m.case_id, c.case_number, m.kind, m.params, m.duty, m.about, m.posted_at, m.since,
        m.reminders, m.read_at, m.done_at, m.done_by
    FROM message m JOIN notify_case c ON c.case_id = m.case_id
    WHERE m.office_id = ANY(CAST(:offices AS text[])) AND {condition}
      AND (CAST(:case_id AS uuid) IS NULL OR m.case_id = :case_id)
      AND (CAST(:case_number AS text) IS NULL OR c.case_number = :case_number)
      AND (CAST(:after_time AS timestamptz) IS NULL OR (m.posted_at, m.id) < (:after_time, CAST(:after_id AS uuid)))
    ORDER BY m.posted_at DESC, m.id DESC LIMIT :limit
    """
_LIST_TO_DO: Final = text(_LIST.format(condition=_TO_DO))
_LIST_NEWS: Final = text(_LIST.format(condition=f"{_UNREAD} AND m.duty IS NULL"))
_LIST_OTHERS: Final = text(_LIST.format(condition=f"NOT ({_TO_DO})"))
_COUNT: Final = """
    (SELECT count(*) FROM (
        SELECT 1 FROM message m WHERE m.office_id = ANY(CAST(:offices AS text[])) AND {condition} LIMIT :limit
    ) AS counted)
    """
_COUNTS: Final = text(
    f"SELECT {_COUNT.format(condition=_UNREAD)} AS unread, {_COUNT.format(condition=_TO_DO)} AS to_do"
)


async def post(connection: AsyncConnection, message: Message) -> bool:
    """Put a message into an inbox unless the office was told of this event already. Returns whether it is new."""
    duty = DUTY_OF.get(message.kind)
    inserted = await connection.execute(
        _POST,
        {
            "id": message.id,
            "event_id": message.event_id,
            "told_id": message.told_id,
            "office_id": message.office_id,
            "case_id": message.case_id,
            "kind": message.kind.value,
            "params": params.written(message.params),
            "duty": duty.value if duty is not None else None,
            "about": message.about,
            "posted_at": message.posted_at,
            "since": message.standing.since,
            "reminders": message.standing.reminders,
            "done_at": message.done_at,
            "done_by": message.done_by,
        },
    )
    return bool(inserted.rowcount)


async def remove(connection: AsyncConnection, message_id: uuid.UUID) -> None:
    """Take a message out: another stands in its place."""
    await connection.execute(_REMOVE, {"id": message_id})


async def retract_all_but(connection: AsyncConnection, event_id: uuid.UUID, told: Mapping[str, Kind]) -> None:
    """Take back the messages for information of an event that are not for these offices, of these kinds."""
    await connection.execute(
        _RETRACT,
        {"event_id": event_id, "offices": list(told), "kinds": [kind.value for kind in told.values()]},
    )


async def mark_read(
    connection: AsyncConnection, offices: Iterable[str], ids: Iterable[uuid.UUID], now: datetime
) -> list[Seen]:
    """Mark those of the messages as read that are these offices' and unread."""
    rows = await connection.execute(_MARK_READ, {"offices": sorted(offices), "ids": sorted(ids), "now": now})
    seen = [Seen(row.id, row.office_id, row.case_id, now) for row in rows]
    return sorted(seen, key=lambda one: (one.case_id, one.message_id))


async def unread_until(connection: AsyncConnection, offices: Iterable[str], until: datetime) -> list[uuid.UUID]:
    """The unread messages of these offices that were posted until then, the oldest UNREAD_COUNT_MAX."""
    parameters = {"offices": sorted(offices), "until": until, "limit": UNREAD_COUNT_MAX}
    return [row.id for row in await connection.execute(_UNREAD_UNTIL, parameters)]


async def list_messages(
    connection: AsyncConnection,
    offices: Iterable[str],
    wanted: MessagesWanted,
    *,
    after: PageKey | None,
    limit: int,
) -> list[ListedMessage]:
    """Messages of these offices: what is to be done first, then the others; each newest first."""
    section, *key = after or (Section.TO_DO, None, None)
    parameters = {
        "offices": sorted(offices),
        "after_time": key[0],
        "after_id": key[1],
        "limit": limit,
        "case_id": wanted.case if isinstance(wanted.case, uuid.UUID) else None,
        "case_number": wanted.case if isinstance(wanted.case, str) else None,
    }
    found: list[ListedMessage] = []
    if section == Section.TO_DO:
        rows = await connection.execute(_LIST_TO_DO, parameters)
        found = [ListedMessage(**row._mapping) for row in rows]
        parameters |= {"after_time": None, "after_id": None, "limit": limit - len(found)}
    if len(found) < limit and not wanted.to_do_only:
        rows = await connection.execute(_LIST_OTHERS if wanted.everything else _LIST_NEWS, parameters)
        found += [ListedMessage(**row._mapping) for row in rows]
    return found


async def count(connection: AsyncConnection, offices: Iterable[str]) -> Counts:
    """How many messages of these offices are unread and not done, and how many ask for something; up to 1,000."""
    row = (await connection.execute(_COUNTS, {"offices": sorted(offices), "limit": UNREAD_COUNT_MAX})).one()
    return Counts(row.unread, row.to_do)
