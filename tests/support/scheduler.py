"""A second scheduler of handover, in a process of its own, that can be stopped right after its claim.

It says "claimed" once it has locked the cases with something due, waits for a line, goes on, and says "fired N", or
"failed" when its transaction was lost meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from services.chassis.service import obligations
from services.chassis.storage import database
from services.handover.__main__ import DEFINITION
from services.handover.schedule import DEADLINES
from tests.support.clocks import FakeClock
from tests.support.processes import build_chassis


def _pause_after_claim(name: str) -> None:
    if name == "schedule.after_claim":
        sys.stdout.write("claimed\n")
        sys.stdout.flush()
        sys.stdin.readline()


async def _look(database_url: str, now: datetime, folder: Path, jwks: Path) -> str:
    chassis = build_chassis("handover", database_url, FakeClock(now), folder, jwks)
    (tick,) = (one for one in DEFINITION.build(chassis).ticks if one.name == DEADLINES)
    try:
        return f"fired {await tick.look()}"
    except Exception:
        return "failed"
    finally:
        await chassis.engine.dispose()


def main(database_url: str, now: str, folder: str, jwks: str, patience_ms: str) -> None:
    """Look once; `patience_ms`: how long the server keeps a transaction of this process that says nothing."""
    database.IDLE_IN_TRANSACTION_MS = int(patience_ms)
    setattr(obligations, "failpoint", _pause_after_claim)  # noqa: B010 - not exported, and replaced nevertheless
    said = asyncio.run(_look(database_url, datetime.fromisoformat(now), Path(folder), Path(jwks)))
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
