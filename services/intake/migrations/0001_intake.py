"""The first schema of intake."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0001.sql")
    run_sql_file(Path(__file__).with_suffix(".sql"))


def downgrade() -> None:
    """There is no way back that would keep the cases."""
    raise NotImplementedError("restore a backup instead")
