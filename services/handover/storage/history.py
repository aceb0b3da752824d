"""What became of a case so far, and who has to do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import is_past
from services.handover.domain.reading import Correction, Decision, LinkedCase, Passed, PastClosing
from services.handover.domain.search import Search
from services.handover.domain.transfer import Transfer
from services.handover.domain.whereabouts import PastSegment
from services.handover.domain.words import Identification
from services.handover.storage.claims import claims_of
from services.handover.storage.rows import closing_of, search_of, segment_of, transfer_of


@dataclass(frozen=True, slots=True)
class Relation:
    """What some offices, taken together, have to do with a case."""

    had_custody: bool
    addressed: bool
    addressed_now: bool
    claimed: bool


@dataclass(frozen=True, slots=True)
class PastSearch:
    """A search, open or ended, with the office that answered for it last."""

    search: Search
    office_id: str


_RELATION = text(
    """
    SELECT
        EXISTS (SELECT 1 FROM custody_segment WHERE case_id = :case_id AND office_id = ANY(:offices))
            AS had_custody,
        EXISTS (SELECT 1 FROM transfer WHERE case_id = :case_id AND to_office_id = ANY(:offices))
            AS addressed,
        EXISTS (SELECT 1 FROM transfer WHERE case_id = :case_id AND to_office_id = ANY(:offices)
                AND state IN ('PLANNED', 'DISPATCHED')) AS addressed_now,
        EXISTS (SELECT 1 FROM search s JOIN found_claim f ON f.search_id = s.id
                WHERE s.case_id = :case_id AND f.office_id = ANY(:offices) AND f.state = 'STANDING') AS claimed
    """
)
_SEGMENTS = text("SELECT * FROM custody_segment WHERE case_id = :case_id ORDER BY number")
_TRANSFERS = text("SELECT * FROM transfer WHERE case_id = :case_id ORDER BY number")
_SEARCHES = text("SELECT * FROM search WHERE case_id = :case_id ORDER BY opened_at, id")
_STEPS = text(
    "SELECT p.* FROM search s JOIN search_step p ON p.search_id = s.id WHERE s.case_id = :case_id"
    " ORDER BY p.search_id, p.number"
)


async def relation_of(connection: AsyncConnection, case_id: UUID, offices: Iterable[str]) -> Relation:
    """Whether one of the offices has or had custody, is or was addressed by a transfer, or is said to have her."""
    parameters = {"case_id": case_id, "offices": list(offices)}
    row = (await connection.execute(_RELATION, parameters)).one()
    return Relation(row.had_custody, row.addressed, row.addressed_now, row.claimed)


async def segments_of(connection: AsyncConnection, case_id: UUID) -> list[PastSegment]:
    """All segments of a case, oldest first."""
    return [segment_of(row) for row in await connection.execute(_SEGMENTS, {"case_id": case_id})]


async def transfers_of(connection: AsyncConnection, case_id: UUID) -> list[Transfer]:
    """All transfers of a case, oldest first."""
    return [transfer_of(row) for row in await connection.execute(_TRANSFERS, {"case_id": case_id})]


async def searches_of(connection: AsyncConnection, case_id: UUID) -> list[PastSearch]:
    """All searches of a case with their steps, oldest first."""
    rows = list(await connection.execute(_SEARCHES, {"case_id": case_id}))
    if not rows:
        return []
    steps: dict[UUID, list[Any]] = {row.id: [] for row in rows}
    for step in await connection.execute(_STEPS, {"case_id": case_id}):
        steps[step.search_id].append(step)
    found = await claims_of(connection, list(steps))
    return [PastSearch(search_of(row, steps[row.id], found.get(row.id, ())), row.office_id) for row in rows]


# Corrections ----------------------------------------------------------------------------------

_CORRECTIONS = text("SELECT corrected_at, fields, office_id FROM correction WHERE case_id = :case_id ORDER BY number")
_CORRECT = text(
    """
    INSERT INTO correction (case_id, number, corrected_at, fields, office_id)
    SELECT :case_id, coalesce(max(number), 0) + 1, :corrected_at, CAST(:fields AS text[]), :office_id
    FROM correction WHERE case_id = :case_id
    """
)


async def corrections_of(connection: AsyncConnection, case_id: UUID) -> list[Correction]:
    """All corrections of the person's record, oldest first."""
    rows = await connection.execute(_CORRECTIONS, {"case_id": case_id})
    return [Correction(row.corrected_at, tuple(row.fields), row.office_id) for row in rows]


async def add_correction(connection: AsyncConnection, case_id: UUID, correction: Correction) -> None:
    """Add a correction to the history of a locked case."""
    values = {
        "case_id": case_id,
        "corrected_at": correction.corrected_at,
        "fields": list(correction.fields),
        "office_id": correction.office_id,
    }
    await connection.execute(_CORRECT, values)


# Ends, decisions ------------------------------------------------------------------------------

_CLOSINGS = text(
    """
    SELECT g.*, o.case_number AS other_case_number FROM closing g LEFT JOIN custody o ON o.case_id = g.other_case_id
    WHERE g.case_id = :case_id ORDER BY g.segment
    """
)
_WENT_ON_AS = text(
    """
    SELECT c.case_id, c.case_number FROM closing g JOIN custody c USING (case_id)
    WHERE g.other_case_id = :case_id AND g.reopened_at IS NULL ORDER BY g.closed_at, c.case_id
    """
)
_DECISIONS = text("SELECT * FROM decision WHERE case_id = :case_id ORDER BY revision")
_DECIDE = text(
    """
    INSERT INTO decision (case_id, revision, status, office_id, decided_on, decided_at)
    VALUES (:case_id, :revision, :status, :office_id, :decided_on, :decided_at) ON CONFLICT DO NOTHING
    """
)


async def closings_of(connection: AsyncConnection, case_id: UUID) -> list[PastClosing]:
    """All ends of a case, oldest first."""
    rows = await connection.execute(_CLOSINGS, {"case_id": case_id})
    return [PastClosing(closing_of(row), row.other_case_number or "") for row in rows]


async def went_on_as(connection: AsyncConnection, case_id: UUID) -> list[LinkedCase]:
    """The cases that ended since the person goes on as this one."""
    return [
        LinkedCase(row.case_id, row.case_number) for row in await connection.execute(_WENT_ON_AS, {"case_id": case_id})
    ]


async def decisions_of(connection: AsyncConnection, case_id: UUID) -> list[Decision]:
    """What verifiers decided, oldest first."""
    rows = await connection.execute(_DECISIONS, {"case_id": case_id})
    return [
        Decision(row.revision, Identification(row.status), row.office_id, row.decided_on, row.decided_at)
        for row in rows
    ]


_PASSED = text(
    """
    SELECT rule, due_on, level, fired_at FROM obligation
    WHERE case_id = :case_id AND state = 'FIRED' AND fired_at IS NOT NULL ORDER BY fired_at, due_on, rule
    """
)


async def passed_deadlines_of(connection: AsyncConnection, case_id: UUID) -> list[Passed]:
    """Deadlines that passed, earliest first; one that only warned of its day has not."""
    rows = await connection.execute(_PASSED, {"case_id": case_id})
    return [
        Passed(row.rule, row.due_on, row.level, row.fired_at)
        for row in rows
        if is_past(row.due_on, local_date(row.fired_at))
    ]


async def add_decision(connection: AsyncConnection, case_id: UUID, decision: Decision) -> None:
    """Keep a decision; one that is known already changes nothing."""
    values = {
        "case_id": case_id,
        "revision": decision.revision,
        "status": decision.status.value,
        "office_id": decision.office_id,
        "decided_on": decision.decided_on,
        "decided_at": decision.decided_at,
    }
    await connection.execute(_DECIDE, values)


# Messages about transfers ---------------------------------------------------------------------

_TOLD = text("SELECT type, payload FROM outbox WHERE event_id = :event_id AND subject = :case_id")
_REMEMBER = text(
    "INSERT INTO transfer_message (message_id, transfer_id)"
    " SELECT :message_id, id FROM transfer WHERE id = :transfer_id AND case_id = :case_id"
    " ON CONFLICT (message_id) DO NOTHING"
)
_MESSAGE = text("SELECT transfer_id FROM transfer_message WHERE message_id = :message_id")


async def told_event(connection: AsyncConnection, event_id: UUID, case_id: UUID) -> tuple[str, bytes] | None:
    """Type and content of an event of this service about a case; None when it is none of them."""
    row = (await connection.execute(_TOLD, {"event_id": event_id, "case_id": case_id})).first()
    return (row.type, bytes(row.payload)) if row is not None else None


async def remember_message(connection: AsyncConnection, message_id: UUID, transfer_id: UUID, case_id: UUID) -> None:
    """Remember which transfer a message in an inbox tells of."""
    key = {"message_id": message_id, "transfer_id": transfer_id, "case_id": case_id}
    await connection.execute(_REMEMBER, key)


async def transfer_told_by(connection: AsyncConnection, message_id: UUID) -> UUID | None:
    """The transfer that a message tells of."""
    found: UUID | None = await connection.scalar(_MESSAGE, {"message_id": message_id})
    return found
