"""The demonstration waits for every service."""

from __future__ import annotations

from services.client.services import SERVICES
from services.demo.watch import CONSUMED, WATCHING


def test_every_service_is_waited_for() -> None:
    assert set(WATCHING) <= set(CONSUMED) == set(SERVICES)
    assert all(CONSUMED.values())
