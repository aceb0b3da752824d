"""The followup service on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.followup.world import World, world_of
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor


@pytest.fixture
async def world(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor
) -> AsyncIterator[World]:
    """A followup service, served; business time begins on 2 March 2026."""
    chassis = chassis_for("followup", service_database("followup"), clock)
    async with world_of(chassis, clock, token_for) as world:
        yield world
