"""Events taken in tell what caused them, and a case knows by which event it was last closed or opened again here."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill them from what was said."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0002.sql")
    run_sql_file(Path(__file__).with_name("followup_0002.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
