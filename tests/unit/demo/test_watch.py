"""The demonstration waits for exactly the streams that the services take in."""

from __future__ import annotations

from importlib import import_module

import pytest

from services.demo.watch import CONSUMED, WATCHING
from services.operate.home import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_streams_are_those_of_the_services_definition(service: str) -> None:
    definition = import_module(f"services.{service}.__main__").DEFINITION
    assert set(CONSUMED[service]) == set(definition.streams)


def test_every_service_is_waited_for() -> None:
    assert set(WATCHING) <= set(CONSUMED) == set(SERVICES)
