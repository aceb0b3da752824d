"""Events taken in tell what caused them."""

from __future__ import annotations

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0002.sql")


def downgrade() -> None:
    """Never: it would destroy what offices were told."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
