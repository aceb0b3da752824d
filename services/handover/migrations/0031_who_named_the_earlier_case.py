"""It is known who said that a person came back before."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run_sql_file(Path(__file__).with_name("handover_0031.sql"))


def downgrade() -> None:
    """Never: a database is not moved back."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
