"""Events are signed, those of before as well."""

from __future__ import annotations

from alembic import context, op

from services.chassis.events.earlier_events import sign_earlier_events
from services.chassis.storage.migrate import CHASSIS_MIGRATIONS, run_sql_file

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the signatures."""
    run_sql_file(CHASSIS_MIGRATIONS / "chassis_0004.sql")
    sign_earlier_events(op.get_bind(), "intake", context.config.attributes["event_key"])


def downgrade() -> None:
    """Never: it would destroy cases."""
    raise NotImplementedError("a database of cases is restored from a backup, not downgraded")
