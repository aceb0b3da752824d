"""When a case was closed."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day."""
    run_sql_file(Path(__file__).with_name("intake_0013.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
