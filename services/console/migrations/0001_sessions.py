"""Who is signed in, and nothing else."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    run_sql_file(Path(__file__).with_name("console_0001.sql"))


def downgrade() -> None:
    """Everybody signs in anew."""
    raise NotImplementedError("drop the database instead: it holds nothing but sign-ins")
