"""The audit reads the rules that administrators changed."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let it."""
    op.execute("GRANT SELECT ON rule_overlay TO homeward_audit")


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
