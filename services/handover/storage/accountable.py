"""Where a case stands, in one statement, for another service."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.streams import TRANSFER
from services.handover.domain.late_arrival import STILL_TAKEN
from services.handover.domain.words import TransferState
from services.handover.storage.arrivals import OWN_WORD

_OUT: Final = sorted({TransferState.DISPATCHED, *STILL_TAKEN})
"""With one of these she left, and no other office has said that it has her (`late_arrival.still_out`)."""
_STANDING: Final = """
    SELECT c.phase, c.accountable_office_id, coalesce(v.version, 0) AS events,
           c.case_id, c.case_number, c.age_band,
           t.id AS transfer_id, t.to_office_id, t.accepted_at, f.office_id AS claimed_office_id,
           (SELECT p.to_office_id FROM transfer p WHERE p.case_id = c.case_id AND p.state IN ('PLANNED', 'DISPATCHED'))
               AS planned_office_id,
           EXISTS (SELECT 1 FROM transfer o WHERE o.case_id = c.case_id AND o.departed_on IS NOT NULL
                   AND o.state = ANY(CAST(:out AS text[]))
                   AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.case_id = c.case_id AND a.segment = ANY(c.arrivals)
                                   AND a.segment > o.dispatched_in AND NOT {own_word}))
               AS has_left
    FROM custody c
    LEFT JOIN stream_version v ON v.topic = :topic AND v.subject = c.case_id
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state = 'DISPATCHED'
    LEFT JOIN search s ON s.case_id = c.case_id AND s.resolved_at IS NULL
    LEFT JOIN found_claim f ON f.search_id = s.id AND f.state = 'STANDING'
    WHERE c.{column} = :ref
"""


async def standing(connection: AsyncConnection, ref: CaseRef) -> Any | None:
    """Phase, office, number of events, transfer under way, standing claim, and whether she is out.

    None for a case that is not known yet.
    """
    column = "case_number" if isinstance(ref, str) else "case_id"
    values = {"ref": ref, "topic": TRANSFER.topic, "out": _OUT}
    found = await connection.execute(text(_STANDING.format(column=column, own_word=OWN_WORD)), values)
    return found.first()
