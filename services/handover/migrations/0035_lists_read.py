"""Lists that overseers read are counted."""

from __future__ import annotations

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0035"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0015.sql")


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
