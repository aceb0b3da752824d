"""What one person asks for and another one approves."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    run_sql_file(Path(__file__).with_name("handover_0020.sql"))


def downgrade() -> None:
    """Never: it would destroy who approved what."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
