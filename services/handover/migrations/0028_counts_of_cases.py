"""Open cases are counted as they change."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count those there are, and each that changes."""
    run_sql_file(Path(__file__).with_name("handover_0028.sql"))


def downgrade() -> None:
    """Never: a database is not moved back."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
