"""Each approval is kept, so that something may take more than one."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    run_sql_file(Path(__file__).with_name("handover_0032.sql"))


def downgrade() -> None:
    """Never: a database is not moved back."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
