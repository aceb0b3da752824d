"""Nine people live five years: each obligation comes to one end, and the audit agrees in each month.

`make robustness` takes a thousand (`tests/robustness/test_time_machine.py`).
"""

from __future__ import annotations

from pathlib import Path

from tests.support.databases import Databases
from tests.support.time_machine import Profile, travel

PROFILE = Profile(people=9, seed=12, stride_days=(25, 31), instants=1)
MONTHS = 45
"""Of sixty; in some nobody looked, because the schedulers were down."""


async def test_nine_people_live_five_years(databases: Databases, tmp_path: Path, jwks: Path) -> None:
    told = await travel(databases, PROFILE, tmp_path, jwks)
    assert told.audits >= MONTHS
    assert {"done", "done late"} <= told.ends.keys()
    assert told.events.keys() >= {"in time", "later", "down", "jump", "back"}, "something that time does to schedulers"
