"""A message that asks for something belongs to a duty, which ends with its cause."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of every message what it asks, and end what is over as far as can be known."""
    run_sql_file(Path(__file__).with_name("notify_0003.sql"))


def downgrade() -> None:
    """Never: it would destroy what offices were told."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
