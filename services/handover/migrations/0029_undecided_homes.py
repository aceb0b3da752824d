"""Whose home nobody has decided about is found by an index."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    run_sql_file(Path(__file__).with_name("handover_0029.sql"))


def downgrade() -> None:
    """Never: a database is not moved back."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
