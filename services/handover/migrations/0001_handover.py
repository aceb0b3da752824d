"""Custody, transfers and searches, and the database's own guards of accountability."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0001.sql")
    run_sql_file(Path(__file__).with_name("handover_0001.sql"))
    run_sql_file(Path(__file__).with_name("administration_0001.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
