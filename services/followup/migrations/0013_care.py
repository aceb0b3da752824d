"""What is told in confidence is kept sealed, and who reads it is logged."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its tables."""
    run_sql_file(Path(__file__).with_name("followup_0013.sql"))


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
