"""Sign-ins that were ended before their time."""

from __future__ import annotations

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0005.sql")


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
