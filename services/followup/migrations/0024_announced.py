"""Before a follow-up is due that is said."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it."""
    run_sql_file(Path(__file__).with_name("followup_0024.sql"))


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
