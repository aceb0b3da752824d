"""Lists that overseers read are counted, and the audit sees what was answered to nobody."""

from __future__ import annotations

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the view of what nobody did."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0008.sql")
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0009.sql")


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
