"""Which role may call which method: one table, and what it does not name is denied.

A role alone is never enough. That the office is the addressed or the accountable one needs the
state of the case, so the application decides it; this table turns away whoever could never be
entitled, before a request is even looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from google.protobuf.descriptor import ServiceDescriptor

from services.chassis.kernel.errors import PermissionDenied
from services.chassis.kernel.roles import OWN, Caller, Role

SCOPED_ROLES: Final = frozenset({Role.SUPERVISOR, Role.VERIFIER, Role.AUDITOR})
"""Only these may hold a scope wider than their own office."""

CUSTODIANS: Final = frozenset({Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.COMMUNE})
"""Can be accountable for a person: all that may register somebody or receive a transfer."""

RECEIVERS: Final = frozenset({Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY})
"""Can be the addressed office of a transfer. A shelter is a reception centre, whoever runs it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a method: these roles; of them, `scope_roles` also with a scope beyond "own".

    A wider scope in the hands of another role is refused, not ignored: such a token was issued
    by mistake, and the mistake should show.
    """

    roles: frozenset[Role]
    scope_roles: frozenset[Role] = SCOPED_ROLES

    def permits(self, caller: Caller) -> bool:
        """Whether the caller's role, with the caller's scope, may call."""
        if caller.role not in self.roles:
            return False
        return caller.scope == OWN or caller.role in self.scope_roles


PolicyTable = Mapping[str, Policy]
"""Policy by full method name, `/homeward.intake.v1.IntakeService/SubmitHandover`."""


def authorise(policies: PolicyTable, method: str, caller: Caller) -> None:
    """Raise PermissionDenied unless the table names the method and permits the caller."""
    policy = policies.get(method)
    if policy is None or not policy.permits(caller):
        raise PermissionDenied


def method_names(services: Iterable[ServiceDescriptor]) -> tuple[str, ...]:
    """The full names of all methods of these services."""
    return tuple(f"/{service.full_name}/{method.name}" for service in services for method in service.methods)


def without_policy(policies: PolicyTable, services: Iterable[ServiceDescriptor]) -> tuple[str, ...]:
    """Methods of these services that nobody could call, because the table forgot them."""
    return tuple(name for name in method_names(services) if name not in policies)


def _service(name: str, methods: Mapping[str, frozenset[Role]]) -> dict[str, Policy]:
    return {f"/{name}/{method}": Policy(roles) for method, roles in methods.items()}


_POST: Final = frozenset({Role.BORDER_POST})
_AGENCY: Final = frozenset({Role.SUPPORT_AGENCY})
_CENTRE: Final = frozenset({Role.RECEPTION_CENTRE})
_SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
_VERIFIER: Final = frozenset({Role.VERIFIER})
_ADMIN: Final = frozenset({Role.ADMIN})
# A commune sees the case that was given to it and never a list.
_LISTING: Final = (CUSTODIANS - {Role.COMMUNE}) | _SUPERVISOR

POLICIES: Final[PolicyTable] = MappingProxyType(
    {
        **_service(
            "homeward.intake.v1.IntakeService",
            {
                "SubmitHandover": _POST,
                "RegisterSelfReturn": CUSTODIANS,
                "GetReceipt": CUSTODIANS,
                "CorrectCase": _POST,
                "WithdrawCase": _POST,
                "DecideIdentification": _VERIFIER,
                "GetCase": CUSTODIANS | _VERIFIER | _SUPERVISOR,
                "ListCases": _LISTING | _VERIFIER,
                "ListAccessLog": frozenset({Role.AUDITOR}),
                "GetOfficeEnd": _ADMIN,
            },
        ),
        **_service(
            "homeward.handover.v1.HandoverService",
            {
                "PlanTransfer": CUSTODIANS,
                "DispatchTransfer": CUSTODIANS,
                "RecallTransfer": CUSTODIANS,
                "AcknowledgeTransfer": RECEIVERS,
                "RetractAcknowledgement": RECEIVERS,
                "RejectTransfer": RECEIVERS,
                "AcceptTransfer": RECEIVERS,
                "ReportNotArrived": RECEIVERS,
                "RedirectTransfer": CUSTODIANS,
                "DispatchJourney": CUSTODIANS,
                "RecordHome": _AGENCY,
                "AdmitPerson": _CENTRE,
                "DischargePerson": _CENTRE,
                "ListFacilities": _CENTRE | _SUPERVISOR,
                "GetTransferBoard": _LISTING,
                "CountLost": _LISTING,
                "GetSearch": CUSTODIANS | _SUPERVISOR,
                "RecordSearchStep": CUSTODIANS | _SUPERVISOR,
                "ResolveSearch": CUSTODIANS | _SUPERVISOR,
                "ReassignCase": _SUPERVISOR,
                "GetTransfer": CUSTODIANS | _SUPERVISOR,
                "ListTransfers": _LISTING,
                "ListOverdue": _LISTING,
                "ListLost": _LISTING,
                "GetCustody": CUSTODIANS | _SUPERVISOR,
                "EndOffice": _ADMIN,
                "GetOfficeEnd": _ADMIN,
                "OpenOffice": _ADMIN,
                "ListRules": frozenset(Role),
                "ChangeRule": _ADMIN,
                "ChangeCalendar": _ADMIN,
            },
        ),
        **_service(
            "homeward.followup.v1.FollowUpService",
            {
                "ListFollowUps": _AGENCY | _SUPERVISOR,
                "ListOverdueFollowUps": _AGENCY | _SUPERVISOR,
                "RecordFollowUp": _AGENCY,
                "RecordContact": _AGENCY,
                "CloseCase": _AGENCY,
                "ReopenCase": _AGENCY,
                "GetOfficeEnd": _ADMIN,
            },
        ),
        **_service(
            "homeward.notify.v1.NotifyService",
            {
                # Messages name cases, so the roles without case content have no inbox.
                "ListMessages": CUSTODIANS | _VERIFIER | _SUPERVISOR,
                "MarkMessagesRead": CUSTODIANS | _VERIFIER | _SUPERVISOR,
                "GetOfficeEnd": _ADMIN,
            },
        ),
    }
)
