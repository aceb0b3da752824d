"""Handover closes cases and opens them again, in every phase, and keeps why; what was heard before is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from alembic import op
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import followup_pb2, identification_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.storage.migrate import run_sql_file

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_HEARD = text("SELECT time, payload FROM inbox WHERE type = :type AND state = 'DONE' ORDER BY id")
_CLOSED = text(
    """
    UPDATE closing SET reason = coalesce(reason, :reason), office_id = :office_id
    WHERE case_id = :case_id AND cause = 'CLOSED' AND segment = (
        SELECT min(c.segment) FROM closing c WHERE c.case_id = :case_id AND c.closed_at >= :time)
    """
)
_PERIOD_ENDED = text("UPDATE custody SET period_ended = true WHERE case_id = :case_id")
_DECIDED = text(
    """
    INSERT INTO decision (case_id, revision, status, office_id, decided_on, decided_at)
    VALUES (:case_id, :revision, :status, :office_id, :decided_on, :time) ON CONFLICT DO NOTHING
    """
)


def upgrade() -> None:
    """Add the tables, and fill them from what was heard."""
    run_sql_file(Path(__file__).with_name("handover_0010.sql"))
    connection = op.get_bind()
    for time, closed in _heard(followup_pb2.CaseClosed):
        reason = types.CloseReason.Name(closed.reason).removeprefix("CLOSE_REASON_")
        given = {"reason": reason if closed.reason else None, "office_id": closed.office_id}
        connection.execute(_CLOSED, {"case_id": closed.case_id, "time": time, **given})
    for _, visit in _heard(followup_pb2.FollowUpRecorded):
        if visit.kind == types.FOLLOW_UP_KIND_YEARS_3:
            connection.execute(_PERIOD_ENDED, {"case_id": visit.case_id})
    for time, decided in _heard(identification_pb2.IdentificationDecided):
        row = {
            "case_id": decided.case_id,
            "revision": decided.revision,
            "status": types.IdentificationStatus.Name(decided.status).removeprefix("IDENTIFICATION_STATUS_"),
            "office_id": decided.deciding_office_id,
            "decided_on": date.fromisoformat(decided.decided_on) if decided.decided_on else None,
        }
        connection.execute(_DECIDED, {**row, "time": time})


def _heard(event: type[Message]) -> Iterator[tuple[Any, Any]]:
    """What was taken in of one kind, oldest first, with when it happened."""
    for row in op.get_bind().execute(_HEARD, {"type": event.DESCRIPTOR.full_name}).all():
        yield row.time, event.FromString(bytes(row.payload))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
