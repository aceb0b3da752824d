"""Messages may be about offices and no case: what stands for no case is none for the audit."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave it out of the view."""
    run_sql_file(Path(__file__).with_name("notify_0007.sql"))


def downgrade() -> None:
    """Never: it would destroy what offices were told."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
