"""The audit sees what is watched because the law asks for it; a decision rests while somebody is searched for."""

from __future__ import annotations

from pathlib import Path

from services.chassis.storage.migrate import run_sql_file

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say more in the view of the audit, and let decisions rest of whom is searched for."""
    run_sql_file(Path(__file__).with_name("intake_0020.sql"))


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
