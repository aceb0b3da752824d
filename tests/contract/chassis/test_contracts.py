"""Each service serves the contracts that are said to be its own, and does something with every event that it hears."""

from __future__ import annotations

from importlib import import_module

import pytest

from services.chassis.events.streams import STREAMS, readers_of
from services.chassis.service.process import Definition, Parts
from services.client.contracts import CONTRACTS
from services.client.services import SERVICES
from tests.support.clocks import FakeClock, viet_nam
from tests.support.fixtures import ChassisFor

UNREACHABLE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture(params=SERVICES)
def built(request: pytest.FixtureRequest, chassis_for: ChassisFor) -> tuple[str, Parts]:
    """A service and its rooms; nothing of it runs."""
    definition: Definition = import_module(f"services.{request.param}.__main__").DEFINITION
    chassis = chassis_for(definition.name, UNREACHABLE, FakeClock(viet_nam(2026, 3, 2, 9)))
    return definition.name, definition.build(chassis)


async def test_it_serves_its_contracts_and_no_others(built: tuple[str, Parts]) -> None:
    service, rooms = built
    assert {one.service.full_name for one in rooms.services} == {one.full_name for one in CONTRACTS[service]}


async def test_it_does_something_with_every_event_that_it_hears(built: tuple[str, Parts]) -> None:
    service, rooms = built
    heard = {event for stream in STREAMS for event in stream.types if service in readers_of(event)}
    assert heard == set(rooms.handlers)
