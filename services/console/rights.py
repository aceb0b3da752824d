"""What somebody may call, asked of the contracts: pages and buttons follow from it, and the services decide."""

from __future__ import annotations

from functools import cache

from services.chassis.calls.policy import callable_by, two_people_of
from services.chassis.kernel.roles import Grade, Role
from services.client.contracts import CONTRACTS
from services.client.tokens import claims_of


@cache
def _by_two() -> frozenset[str]:
    services = tuple(each for served in CONTRACTS.values() for each in served)
    return frozenset(name.rpartition("/")[2] for name in two_people_of(services))


def takes_two(method: str) -> bool:
    """Whether a method, or some of what is asked by it, waits for a second person."""
    return method in _by_two()


@cache
def methods_of(role: Role, grades: frozenset[Grade] = frozenset(Grade)) -> frozenset[str]:
    """Names of methods, without their services, that somebody with these grades may call for an office of a role."""
    services = tuple(each for served in CONTRACTS.values() for each in served)
    return frozenset(name.rpartition("/")[2] for name in callable_by(role, services, grades))


def grades_in(token: str) -> frozenset[Grade]:
    """What a token says that its bearer does in the office; what this version does not know is left out."""
    given = claims_of(token).get("grades", ())
    known = set(Grade)
    return frozenset(Grade(each) for each in given if each in known) if isinstance(given, list) else frozenset()
