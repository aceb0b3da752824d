"""Messages in the inboxes of offices."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.messages import UNREAD_COUNT_MAX, Kind, ListedMessage, Message, PageKey, Seen
from services.notify.storage import params

_POST: Final = text(
    """
    INSERT INTO message (id, event_id, told_id, office_id, case_id, kind, params, action_required, posted_at)
    VALUES (:id, :event_id, :told_id, :office_id, :case_id, :kind, CAST(:params AS jsonb), :action_required, :posted_at)
    ON CONFLICT (event_id, told_id) DO NOTHING
    """
)
_RETRACT: Final = text(
    """
    DELETE FROM message WHERE event_id = :event_id
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
_LIST: Final = """
    SELECT m.id, m.office_id, m.case_id, c.case_number, m.kind, m.params, m.action_required, m.posted_at, m.read_at
    FROM message m JOIN notify_case c ON c.case_id = m.case_id
    WHERE m.office_id = ANY(CAST(:offices AS text[])) {condition}
      AND (CAST(:after_time AS timestamptz) IS NULL OR (m.posted_at, m.id) < (:after_time, CAST(:after_id AS uuid)))
    ORDER BY m.posted_at DESC, m.id DESC LIMIT :limit
    """
_LIST_ALL: Final = text(_LIST.format(condition=""))
_LIST_UNREAD: Final = text(_LIST.format(condition="AND m.read_at IS NULL"))
_COUNT_UNREAD: Final = text(
    """
    SELECT count(*) FROM (
        SELECT 1 FROM message WHERE office_id = ANY(CAST(:offices AS text[])) AND read_at IS NULL LIMIT :limit
    ) AS unread
    """
)


async def post(connection: AsyncConnection, message: Message) -> bool:
    """Put a message into an inbox unless the office was told of this event already. Returns whether it is new."""
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
            "action_required": message.action_required,
            "posted_at": message.posted_at,
        },
    )
    return bool(inserted.rowcount)


async def retract_all_but(connection: AsyncConnection, event_id: uuid.UUID, told: Mapping[str, Kind]) -> None:
    """Take back the messages of an event that are not for these offices, of these kinds."""
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


async def list_messages(
    connection: AsyncConnection,
    offices: Iterable[str],
    *,
    include_read: bool,
    after: PageKey | None,
    limit: int,
) -> list[ListedMessage]:
    """Messages of these offices, newest first."""
    after_time, after_id = after or (None, None)
    rows = await connection.execute(
        _LIST_ALL if include_read else _LIST_UNREAD,
        {"offices": sorted(offices), "after_time": after_time, "after_id": after_id, "limit": limit},
    )
    return [ListedMessage(**row._mapping) for row in rows]


async def count_unread(connection: AsyncConnection, offices: Iterable[str]) -> int:
    """How many messages of these offices are unread, counted up to 1,000."""
    count = await connection.scalar(_COUNT_UNREAD, {"offices": sorted(offices), "limit": UNREAD_COUNT_MAX})
    return int(count or 0)
