"""What intake tells of consents is known here."""

from __future__ import annotations

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. Of the cases that are there already nothing was said."""
    run_sql_file(CHASSIS_MIGRATIONS / "consents_0001.sql")


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
