"""An empty country for each story."""

from __future__ import annotations

import pytest

from tests.integration.stories.story import Story
from tests.support.clocks import FakeClock
from tests.support.country import country_of
from tests.support.fixtures import ChassisFor, ServiceDatabase


@pytest.fixture
def told(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Story:
    """Nobody is in the country yet."""
    return Story(country_of(service_database, chassis_for, clock))
