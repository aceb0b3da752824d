"""The days of arrivals, and how they were corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork
from services.handover.domain import steps
from services.handover.domain.case import ArrivalDay, CaseCustody, Decided
from services.handover.domain.events import ArrivalCorrected
from services.handover.domain.reading import ArrivalCorrection
from services.handover.domain.words import ArrivalCorrectionReason, Cause

OWN_WORD: Final = f"""
    EXISTS (SELECT 1 FROM custody_segment s JOIN custody_segment b ON b.case_id = s.case_id AND b.number = s.number - 1
            WHERE s.case_id = a.case_id AND s.number = a.segment
              AND (s.cause IN ({", ".join(f"'{cause}'" for cause in sorted(steps.OWN_WORD))})
                   OR (s.cause = '{Cause.ADMITTED}' AND s.office_id = b.office_id)))
"""
"""Whether the arrival `a` is the word of the accountable office, or of a supervisor, alone (`ArrivalDay.own_word`)."""
_DAYS = text(
    f"SELECT a.*, {OWN_WORD} AS own_word FROM arrival a"
    " WHERE a.case_id = :case_id AND a.segment = ANY(CAST(:segments AS integer[])) ORDER BY a.segment"
)
_ALL = text("SELECT segment, arrived_on FROM arrival WHERE case_id = :case_id")
_PUT = text(
    """
    INSERT INTO arrival (case_id, segment, arrived_on, earliest_on, said_at)
    VALUES (:case_id, :segment, :arrived_on, :earliest_on, :said_at)
    ON CONFLICT (case_id, segment) DO UPDATE SET arrived_on = :arrived_on
    """
)
_CORRECT = text(
    """
    INSERT INTO arrival_correction (case_id, number, segment, before_on, arrived_on, reason, office_id, corrected_at)
    SELECT :case_id, coalesce(max(number), 0) + 1, :segment, :before_on, :arrived_on, :reason, :office_id, :corrected_at
    FROM arrival_correction WHERE case_id = :case_id
    """
)
# The transfer with which she arrived may no longer be the latest one.
_CORRECT_TRANSFER = text(
    """
    UPDATE transfer t SET arrived_on = :arrived_on FROM arrival a
    WHERE a.case_id = :case_id AND a.segment = :segment AND t.case_id = a.case_id AND t.state = 'ACKNOWLEDGED'
      AND t.acknowledged_at = a.said_at
    """
)
_CORRECTIONS = text("SELECT * FROM arrival_correction WHERE case_id = :case_id ORDER BY number")


async def days_of(connection: AsyncConnection, case_id: UUID, segments: Sequence[int]) -> tuple[ArrivalDay, ...]:
    """The days of these arrivals, earliest first."""
    rows = await connection.execute(_DAYS, {"case_id": case_id, "segments": list(segments)})
    return tuple(ArrivalDay(row.segment, row.arrived_on, row.earliest_on, row.said_at, row.own_word) for row in rows)


async def all_days_of(connection: AsyncConnection, case_id: UUID) -> dict[int, str]:
    """The day of each arrival, also of one that was taken back, by the segment that it began."""
    return {row.segment: row.arrived_on.isoformat() for row in await connection.execute(_ALL, {"case_id": case_id})}


async def corrections_of(connection: AsyncConnection, case_id: UUID) -> list[ArrivalCorrection]:
    """How days of arrivals were corrected, oldest first."""
    rows = await connection.execute(_CORRECTIONS, {"case_id": case_id})
    return [
        ArrivalCorrection(
            segment=row.segment,
            before_on=row.before_on,
            arrived_on=row.arrived_on,
            reason=ArrivalCorrectionReason(row.reason),
            office_id=row.office_id,
            corrected_at=row.corrected_at,
        )
        for row in rows
    ]


async def save(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    """Write the days that are new or were corrected."""
    case, known = outcome.case, before.days if before is not None else ()
    for day in case.days:
        if day not in known:
            row = {"segment": day.segment, "arrived_on": day.arrived_on, "earliest_on": day.earliest_on}
            await uow.connection.execute(_PUT, {"case_id": case.case_id, "said_at": day.said_at, **row})
    for event in outcome.events:
        if isinstance(event, ArrivalCorrected):
            await _corrected(uow, case.case_id, event)


async def _corrected(uow: UnitOfWork, case_id: UUID, event: ArrivalCorrected) -> None:
    row = {
        "case_id": case_id,
        "segment": event.segment,
        "before_on": event.before_on,
        "arrived_on": event.arrived_on,
        "reason": event.reason.value,
        "office_id": event.by_office_id,
        "corrected_at": uow.now,
    }
    await uow.connection.execute(_CORRECT, row)
    moved = {"case_id": case_id, "segment": event.segment, "arrived_on": event.arrived_on}
    await uow.connection.execute(_CORRECT_TRANSFER, moved)
