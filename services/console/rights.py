"""What somebody may call, asked of the contracts: pages and buttons follow from it, and the services decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from services.chassis.calls.policy import callable_by, two_people_of
from services.chassis.kernel.roles import Approver, Grade, Role
from services.client.contracts import CONTRACTS
from services.client.tokens import claims_of


@cache
def _approvers() -> Mapping[str, Sequence[Approver]]:
    services = tuple(each for served in CONTRACTS.values() for each in served)
    return {name.rpartition("/")[2]: sorted(two.by) for name, two in two_people_of(services).items()}


def approvers_of(method: str) -> Sequence[Approver]:
    """Who has to approve what is asked by a method, or some of it; nobody where whoever asks is enough."""
    return _approvers().get(method, ())


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
