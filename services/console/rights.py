"""What a role may call, asked of the contracts: pages and buttons follow from it, and the services decide."""

from __future__ import annotations

from functools import cache

from services.chassis.calls.policy import callable_by, two_people_of
from services.chassis.kernel.roles import Role
from services.client.contracts import CONTRACTS


@cache
def _by_two() -> frozenset[str]:
    services = tuple(each for served in CONTRACTS.values() for each in served)
    return frozenset(name.rpartition("/")[2] for name in two_people_of(services))


def takes_two(method: str) -> bool:
    """Whether a method, or some of what is asked by it, waits for a second person."""
    return method in _by_two()


@cache
def methods_of(role: Role) -> frozenset[str]:
    """Names of methods, without their services, that a role may call."""
    services = tuple(each for served in CONTRACTS.values() for each in served)
    return frozenset(name.rpartition("/")[2] for name in callable_by(role, services))
