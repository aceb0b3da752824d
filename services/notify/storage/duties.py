"""What is asked of offices, and what ended it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.duties import ENDED_BY, SEVERAL, Asked, Duty, End, Ending, Span, Turn
from services.notify.domain.messages import Kind, Message, Standing
from services.notify.storage import params

_ADD_END: Final = text(
    """
    INSERT INTO notify_end (event_id, turn, about, office_id, case_id, at)
    VALUES (:event_id, :turn, :about, :office_id, :case_id, :at)
    """
)
_ENDS: Final = text("SELECT event_id, turn, about, office_id, at FROM notify_end WHERE case_id = :case_id")
_END: Final = """
    {verb} WHERE case_id = :case_id AND duty = ANY(CAST(:duties AS text[])) AND posted_at <= :at
      AND (done_at IS NULL OR done_at > :at)
      AND (:office_id = '' OR office_id = :office_id)
      AND (:about = '' OR about IN ('', :about) OR NOT duty = ANY(CAST(:several AS text[])))
      AND {condition}
    """
_NEVER_ASKED: Final = text(_END.format(verb="DELETE FROM message", condition="posted_at = :at AND reminders = 0"))
_DONE: Final = text(_END.format(verb="UPDATE message SET done_at = :at, done_by = :turn", condition="TRUE"))
_STANDING: Final = text(
    """
    SELECT id, posted_at, since, reminders FROM message
    WHERE case_id = :case_id AND duty = :duty AND office_id = :office_id
      AND (:about = '' OR about IN ('', :about))
      AND posted_at >= COALESCE(CAST(:after AS timestamptz), '-infinity')
      AND (done_at IS NULL OR done_at > COALESCE(CAST(:after AS timestamptz), '-infinity'))
      AND posted_at <= COALESCE(CAST(:until AS timestamptz), 'infinity')
    ORDER BY posted_at
    """
)
_SET_STANDING: Final = text("UPDATE message SET since = :since, reminders = :reminders WHERE id = :id")
_ASKED: Final = text(
    """
    SELECT id, event_id, told_id, office_id, case_id, kind, params, posted_at, about, since, reminders FROM message
    WHERE case_id = :case_id AND duty = ANY(CAST(:duties AS text[])) AND (done_at IS NULL OR done_at > :at)
    ORDER BY posted_at, id
    """
)


@dataclass(frozen=True, slots=True)
class Found:
    """A message of a duty."""

    id: uuid.UUID
    standing: Standing


async def add_end(connection: AsyncConnection, case_id: uuid.UUID, end: End) -> None:
    """Remember what an event ended."""
    await connection.execute(_ADD_END, _values(case_id, end))


async def ends_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[End]:
    """All that ended anything of the case."""
    rows = await connection.execute(_ENDS, {"case_id": case_id})
    return [End(row.event_id, row.at, Ending(Turn(row.turn), row.about, row.office_id)) for row in rows]


async def end(connection: AsyncConnection, case_id: uuid.UUID, end: End) -> None:
    """End what was asked up to then; what was asked in the same act is gone, as if it had never been."""
    duties = {
        "duties": sorted(ENDED_BY[end.ending.turn]),
        "several": sorted(SEVERAL),
    }
    await connection.execute(_NEVER_ASKED, _values(case_id, end) | duties)
    await connection.execute(_DONE, _values(case_id, end) | duties)


def _values(case_id: uuid.UUID, end: End) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "event_id": end.event_id,
        "at": end.at,
        "turn": end.ending.turn.value,
        "about": end.ending.about,
        "office_id": end.ending.office_id,
    }


async def standing_of(connection: AsyncConnection, case_id: uuid.UUID, asked: Asked, span: Span) -> list[Found]:
    """The messages of the same duty to the same office within the span, oldest first."""
    rows = await connection.execute(
        _STANDING,
        {
            "case_id": case_id,
            "duty": asked.duty.value,
            "about": asked.about,
            "office_id": asked.office_id,
            "after": span.after,
            "until": span.end.at if span.end is not None else None,
        },
    )
    return [Found(row.id, Standing(row.posted_at, row.since, row.reminders)) for row in rows]


async def set_standing(connection: AsyncConnection, message_id: uuid.UUID, standing: Standing) -> None:
    """Since when what a message asks is asked, and how often."""
    await connection.execute(
        _SET_STANDING, {"id": message_id, "since": standing.since, "reminders": standing.reminders}
    )


async def asked_of(
    connection: AsyncConnection, case_id: uuid.UUID, duties: Collection[Duty], at: datetime
) -> list[Message]:
    """What is asked of anybody in the case at an instant."""
    rows = await connection.execute(_ASKED, {"case_id": case_id, "duties": sorted(duties), "at": at})
    return [
        Message(
            id=row.id,
            event_id=row.event_id,
            told_id=row.told_id,
            office_id=row.office_id,
            case_id=row.case_id,
            kind=Kind(row.kind),
            params=params.read(row.params),
            posted_at=row.posted_at,
            about=row.about,
            standing=Standing(row.posted_at, row.since, row.reminders),
        )
        for row in rows
    ]
