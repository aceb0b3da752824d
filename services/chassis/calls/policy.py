"""Which role may call which method, and what takes more than one person: as contracts say; all else is denied.

A role alone is never enough. That the office is the addressed or the accountable one needs the
state of the case, so the application decides it; this table turns away whoever could never be
entitled, before a request is even looked at.

A front asks the same contracts what to offer: `callable_by`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from homeward.type.v1 import options_pb2
from services.chassis.calls.enums import code_of
from services.chassis.kernel.errors import GradeMissing, PermissionDenied, SignInTooOld
from services.chassis.kernel.roles import OWN, Approver, Caller, Grade, Role

SCOPED_ROLES: Final = frozenset({Role.SUPERVISOR, Role.VERIFIER, Role.AUDITOR})
"""Only these may hold a scope wider than their own office."""

CUSTODIANS: Final = frozenset({Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.COMMUNE})
"""Can be accountable for a person: all that may register somebody or receive a transfer."""

RECEIVERS: Final = frozenset({Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY})
"""Can be the addressed office of a transfer. A shelter is a reception centre, whoever runs it."""


FRESH_S: Final = 900
"""So long after signing in it is fresh."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a method: these roles; of them, `scope_roles` also with a scope beyond "own". Or these services.

    `grades`: of these callers, who holds one of them; empty for all. `fresh`: only soon after signing in.

    A wider scope in the hands of another role is refused, not ignored: such a token was issued
    by mistake, and the mistake should show.
    """

    roles: frozenset[Role]
    scope_roles: frozenset[Role]
    services: frozenset[str] = frozenset()
    grades: frozenset[Grade] = frozenset()
    fresh: bool = False

    def permits(self, caller: Caller) -> bool:
        """Whether the caller's role, with the caller's scope, may call."""
        if caller.role not in self.roles:
            return False
        return caller.scope == OWN or caller.role in self.scope_roles

    def opens_to(self, grades: frozenset[Grade]) -> bool:
        """Whether somebody with these grades may call, of those whom the role permits."""
        return not self.grades or bool(self.grades & grades)


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Who approves what is asked by a method: one person as each of these, and never the person who asked.

    `sometimes`: only some requests take more than one person.
    """

    by: frozenset[Approver]
    sometimes: bool = False


PolicyTable = Mapping[str, Policy]
"""Policy by full method name, `/homeward.intake.v1.SubmissionService/SubmitHandover`."""


def authorise(policies: PolicyTable, method: str, caller: Caller, now_s: float = 0.0) -> None:
    """Raise PermissionDenied unless the table names the method and permits the caller; GradeMissing for one of the
    same office who is not entitled, SignInTooOld where that has to be fresh. `now_s`: real time since 1970."""
    policy = policies.get(method)
    if policy is None or not policy.permits(caller):
        raise PermissionDenied
    if not policy.opens_to(caller.grades):
        raise GradeMissing(grades=", ".join(sorted(policy.grades)))
    if policy.fresh and caller.signed_in_at_s and now_s - caller.signed_in_at_s > FRESH_S:
        raise SignInTooOld(minutes=str(FRESH_S // 60))


def policies_of(services: Iterable[ServiceDescriptor]) -> PolicyTable:
    """The table of all methods of these services whose contract names its callers.

    Raises ValueError for a role that this version does not know.
    """
    return MappingProxyType(
        {
            full_name(method): _policy_of(method)
            for service in services
            for method in service.methods
            if method.GetOptions().HasExtension(options_pb2.callers)
        }
    )


def two_people_of(services: Iterable[ServiceDescriptor]) -> Mapping[str, TwoPeople]:
    """Who approves, by the full names of the methods of these services that take more than one person.

    Raises ValueError for an approver that this version does not know.
    """
    return MappingProxyType(
        {
            full_name(method): _two_people_of(method)
            for service in services
            for method in service.methods
            if method.GetOptions().HasExtension(options_pb2.approval)
        }
    )


def callable_by(
    role: Role, services: Iterable[ServiceDescriptor], grades: frozenset[Grade] = frozenset(Grade)
) -> frozenset[str]:
    """The full names of the methods that somebody with these grades may call for an office of that role, as far as role
    and grades decide it."""
    return frozenset(
        name for name, policy in policies_of(services).items() if role in policy.roles and policy.opens_to(grades)
    )


def full_name(method: MethodDescriptor) -> str:
    """As calls name a method, `/homeward.intake.v1.SubmissionService/SubmitHandover`."""
    return f"/{method.containing_service.full_name}/{method.name}"


def method_names(services: Iterable[ServiceDescriptor]) -> tuple[str, ...]:
    """The full names of all methods of these services."""
    return tuple(full_name(method) for service in services for method in service.methods)


def without_policy(policies: PolicyTable, services: Iterable[ServiceDescriptor]) -> tuple[str, ...]:
    """Methods of these services that nobody can call, because their contract names no callers."""
    return tuple(name for name in method_names(services) if name not in policies)


def _policy_of(method: MethodDescriptor) -> Policy:
    callers = method.GetOptions().Extensions[options_pb2.callers]
    scoped = frozenset(map(_role, callers.scoped))
    services = frozenset(code_of(options_pb2.Service, number).lower() for number in callers.services)
    grades = frozenset(Grade(code_of(options_pb2.Grade, number)) for number in callers.grades)
    return Policy(scoped.union(map(_role, callers.roles)), scoped, services, grades, callers.fresh)


def _role(number: options_pb2.Role.ValueType) -> Role:
    return Role(code_of(options_pb2.Role, number))


def _two_people_of(method: MethodDescriptor) -> TwoPeople:
    approval = method.GetOptions().Extensions[options_pb2.approval]
    return TwoPeople(
        frozenset(Approver(code_of(options_pb2.Approver, number)) for number in approval.by), approval.sometimes
    )
