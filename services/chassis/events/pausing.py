"""What a consumer should do: run, or hold. Said by an operator, or by the quarantine budget; kept in its database.

Every replica looks once a second; while it holds, no record is taken from Kafka and no event takes effect.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

QUARANTINED_IN_A_ROW_MAX = 20
QUARANTINE_BUDGET = "QUARANTINE_BUDGET"
REPUBLISHING = "REPUBLISHING"

_SET = text(
    """
    INSERT INTO consumer_control (consumer, desired, reason, changed_at)
    VALUES (:consumer, :desired, :reason, now())
    ON CONFLICT (consumer) DO UPDATE
    SET desired = excluded.desired, reason = excluded.reason, changed_at = now()
    """
)
_HELD = text("SELECT 1 FROM consumer_control WHERE consumer = :consumer AND desired = 'HOLD'")


async def hold(connection: AsyncConnection, consumer: str, reason: str) -> None:
    """Tell the consumer to hold. `reason` is a code that the operator sees."""
    await connection.execute(_SET, {"consumer": consumer, "desired": "HOLD", "reason": reason})


async def resume(connection: AsyncConnection, consumer: str) -> None:
    """Tell the consumer to run again."""
    await connection.execute(_SET, {"consumer": consumer, "desired": "RUN", "reason": ""})


async def is_held(connection: AsyncConnection, consumer: str) -> bool:
    """Whether the consumer was told to hold."""
    return (await connection.execute(_HELD, {"consumer": consumer})).first() is not None
