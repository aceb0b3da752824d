"""The day of the earliest visit since an arrival is kept: the arrival was not after it."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of visits of before it is not known."""
    run_sql_file(Path(__file__).with_name("handover_0018.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
