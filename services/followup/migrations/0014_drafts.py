"""Visits are typed section by section, and kept sealed meanwhile."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    run_sql_file(Path(__file__).with_name("followup_0014.sql"))


def downgrade() -> None:
    """Never: it would destroy evidence."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
