"""Records are opened by break-glass, and what was opened is reviewed."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let the access log name what was opened."""
    run_sql_file(Path(__file__).with_name("intake_0016.sql"))


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
