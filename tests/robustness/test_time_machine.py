"""A thousand people live five years, in four countries: each obligation comes to one end, and the audit agrees in each
month.

HOMEWARD_ROBUSTNESS_PEOPLE  in each country  250
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.work import tell
from tests.robustness.conftest import setting
from tests.support.databases import Databases
from tests.support.ends import ENDS
from tests.support.time_machine import Profile, shown, travel

COUNTRIES, PEOPLE = 4, 250
MONTHS = 50
"""Of sixty-four; in some nobody looked, because the schedulers were down."""


@pytest.mark.timeout(36_000)
@pytest.mark.parametrize("country", range(COUNTRIES))
async def test_a_thousand_people_live_five_years(
    databases: Databases, tmp_path: Path, jwks: Path, seed: int, country: int
) -> None:
    began_s = time.monotonic()
    profile = Profile(people=setting("PEOPLE", PEOPLE), seed=seed + country)
    told = await travel(databases, profile, tmp_path, jwks, say=tell)
    tell(f"{shown(told)}\n{time.monotonic() - began_s:.0f} s")
    assert told.audits >= MONTHS
    assert set(ENDS) <= told.ends.keys()
