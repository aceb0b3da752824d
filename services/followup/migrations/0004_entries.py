"""Visits, attempts and contacts become entries with versions; the office that makes the follow-ups stands by itself."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy import text

from homeward.events.v1 import followup_pb2
from services.chassis.country.directory import Directory
from services.chassis.kernel.roles import Role
from services.chassis.storage.migrate import run_sql_file

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ELSEWHERE = text(
    """
    SELECT case_id, office_id FROM followup_case
    WHERE phase NOT IN ('CLOSED', 'WITHDRAWN') AND NOT office_id = ANY(CAST(:agencies AS text[]))
    """
)
_SAID = text("SELECT payload FROM outbox WHERE subject = :case_id AND type = :type ORDER BY version DESC")
_KEEP = text("UPDATE followup_case SET keeper_id = :keeper, keepers = ARRAY[:keeper] WHERE case_id = :case_id")
_KEEP_FOLLOW_UPS = text("UPDATE follow_up SET office_id = :keeper WHERE case_id = :case_id")


def upgrade() -> None:
    """Move what is on record, and give follow-ups back to the last office that may make them."""
    run_sql_file(Path(__file__).with_name("followup_0004.sql"))
    connection = op.get_bind()
    agencies = {office.id for office in Directory.load().offices(role=Role.SUPPORT_AGENCY)}
    type_name = followup_pb2.FollowUpsScheduled.DESCRIPTOR.full_name
    for case_id, _ in connection.execute(_ELSEWHERE, {"agencies": sorted(agencies)}).all():
        told = (
            followup_pb2.FollowUpsScheduled.FromString(bytes(row.payload)).office_id
            for row in connection.execute(_SAID, {"case_id": case_id, "type": type_name})
        )
        keeper = next((office_id for office_id in told if office_id in agencies), None)
        if keeper is not None:
            connection.execute(_KEEP, {"keeper": keeper, "case_id": case_id})
            connection.execute(_KEEP_FOLLOW_UPS, {"keeper": keeper, "case_id": case_id})


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
