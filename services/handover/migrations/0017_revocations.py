"""Sign-ins that were ended before their time, and which administrator did it."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and to the audit trail what its rows may tell."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0005.sql")
    run_sql_file(Path(__file__).with_name("handover_0017.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
