"""The handover service on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.handover.world import World, world_of
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor


@pytest.fixture
async def world(
    service_database: ServiceDatabase,
    chassis_for: ChassisFor,
    clock: FakeClock,
    token_for: TokenFor,
) -> AsyncIterator[World]:
    """A handover service, served; business time begins on Monday 2 March 2026."""
    chassis = chassis_for("handover", service_database("handover"), clock)
    async with world_of(chassis, clock, token_for) as world:
        yield world
