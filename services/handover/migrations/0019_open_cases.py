"""Open cases are listed and counted by phase, and counted each day for the trend."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them, as far as they are known."""
    run_sql_file(Path(__file__).with_name("handover_0019.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
