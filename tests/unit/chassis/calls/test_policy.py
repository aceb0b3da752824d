"""The table of who may call what, against the contracts and the domain's own table."""

from __future__ import annotations

import pytest

from homeward.followup.v1 import followup_pb2
from homeward.handover.v1 import handover_pb2
from homeward.intake.v1 import intake_pb2
from homeward.notify.v1 import notify_pb2
from services.chassis.calls.policy import (
    POLICIES,
    SCOPED_ROLES,
    Policy,
    authorise,
    method_names,
    without_policy,
)
from services.chassis.kernel.errors import PermissionDenied
from services.chassis.kernel.places import NATIONAL
from services.chassis.kernel.roles import OWN, Caller, Role

SERVICES = [
    service
    for module in (intake_pb2, handover_pb2, followup_pb2, notify_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]
INTAKE = "/homeward.intake.v1.IntakeService/"
HANDOVER = "/homeward.handover.v1.HandoverService/"
FOLLOWUP = "/homeward.followup.v1.FollowUpService/"
NOTIFY = "/homeward.notify.v1.NotifyService/"
CUSTODY = {Role.BORDER_POST, Role.COMMUNE, Role.SUPPORT_AGENCY, Role.RECEPTION_CENTRE}

# The command table of the domain: everybody else is denied.
COMMANDS = {
    INTAKE + "SubmitHandover": {Role.BORDER_POST},
    INTAKE + "CorrectCase": {Role.BORDER_POST},
    INTAKE + "WithdrawCase": {Role.BORDER_POST},
    INTAKE + "RegisterSelfReturn": CUSTODY,
    INTAKE + "DecideIdentification": {Role.VERIFIER},
    INTAKE + "ListAccessLog": {Role.AUDITOR},
    HANDOVER + "PlanTransfer": CUSTODY,
    HANDOVER + "DispatchTransfer": CUSTODY,
    HANDOVER + "RecallTransfer": CUSTODY,
    HANDOVER + "RedirectTransfer": CUSTODY,
    HANDOVER + "DispatchJourney": CUSTODY,
    HANDOVER + "AdmitPerson": {Role.RECEPTION_CENTRE},
    HANDOVER + "DischargePerson": {Role.RECEPTION_CENTRE},
    HANDOVER + "AcceptTransfer": {Role.SUPPORT_AGENCY, Role.RECEPTION_CENTRE},
    HANDOVER + "ReportNotArrived": {Role.SUPPORT_AGENCY, Role.RECEPTION_CENTRE},
    HANDOVER + "ResolveSearch": CUSTODY | {Role.SUPERVISOR},
    HANDOVER + "ReassignCase": {Role.SUPERVISOR},
    HANDOVER + "RecordHome": {Role.SUPPORT_AGENCY},
    FOLLOWUP + "RecordFollowUp": {Role.SUPPORT_AGENCY},
    FOLLOWUP + "CloseCase": {Role.SUPPORT_AGENCY},
    FOLLOWUP + "ReopenCase": {Role.SUPPORT_AGENCY},
}

LIST_RULES = HANDOVER + "ListRules"
WITHOUT_CASES = {
    LIST_RULES,
    *(HANDOVER + name for name in ("EndOffice", "OpenOffice", "ChangeRule", "ChangeCalendar")),
    *(service + "GetOfficeEnd" for service in (INTAKE, HANDOVER, FOLLOWUP, NOTIFY)),
}
"""What says nothing about a case: how many there are of an office, at most."""


def caller(role: Role, scope: str = OWN) -> Caller:
    return Caller("somebody", "office-1", role, scope)


def test_every_rpc_names_its_policy() -> None:
    assert without_policy(POLICIES, SERVICES) == ()


def test_no_policy_is_left_over_from_a_method_that_is_gone() -> None:
    assert set(POLICIES) <= set(method_names(SERVICES))


def test_a_method_that_was_forgotten_is_found() -> None:
    assert without_policy({}, SERVICES) == method_names(SERVICES)


@pytest.mark.parametrize(("method", "roles"), COMMANDS.items(), ids=list(COMMANDS))
def test_commands_are_for_the_roles_of_the_domain(method: str, roles: set[Role]) -> None:
    assert {role for role in Role if POLICIES[method].permits(caller(role))} == roles


@pytest.mark.parametrize("method", sorted(POLICIES))
@pytest.mark.parametrize("role", [Role.NGO, Role.ADMIN])
def test_these_roles_have_no_case_content(method: str, role: Role) -> None:
    if method not in WITHOUT_CASES:
        assert not POLICIES[method].permits(caller(role))


def test_an_administrator_runs_offices_rules_and_calendar() -> None:
    allowed = {name.rsplit("/")[-1] for name in POLICIES if POLICIES[name].permits(caller(Role.ADMIN))}
    assert allowed == {"EndOffice", "GetOfficeEnd", "OpenOffice", "ListRules", "ChangeRule", "ChangeCalendar"}


def test_nobody_else_changes_offices_rules_or_calendar() -> None:
    for name in WITHOUT_CASES - {LIST_RULES}:
        assert {role for role in Role if POLICIES[name].permits(caller(role))} == {Role.ADMIN}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_know_the_rules(role: Role) -> None:
    assert POLICIES[LIST_RULES].permits(caller(role))


@pytest.mark.parametrize("method", sorted(POLICIES))
def test_an_auditor_reads_the_access_log_and_nothing_else(method: str) -> None:
    if method == LIST_RULES:
        return
    assert POLICIES[method].permits(caller(Role.AUDITOR)) == method.endswith("/ListAccessLog")


def test_a_commune_never_lists_cases() -> None:
    lists = [name for name in POLICIES if "/List" in name and "NotifyService" not in name and name != LIST_RULES]
    assert lists
    assert not any(POLICIES[name].permits(caller(Role.COMMUNE)) for name in lists)


def test_a_supervisor_reads_and_puts_right_what_was_lost() -> None:
    reads = ("/Get", "/List", "/Count", "/MarkMessagesRead")
    duties = {f"{HANDOVER}{name}" for name in ("RecordSearchStep", "ResolveSearch", "ReassignCase")}
    allowed = {name for name in POLICIES if POLICIES[name].permits(caller(Role.SUPERVISOR))}
    assert duties <= allowed
    assert all(any(word in name for word in reads) for name in allowed - duties)


@pytest.mark.parametrize("role", [role for role in Role if role not in SCOPED_ROLES])
def test_a_wide_scope_in_wrong_hands_is_refused(role: Role) -> None:
    policy = Policy(frozenset(Role))
    assert policy.permits(caller(role))
    assert not policy.permits(caller(role, NATIONAL))
    assert not policy.permits(caller(role, "22@2025"))


@pytest.mark.parametrize("role", sorted(SCOPED_ROLES))
def test_those_who_watch_may_hold_a_wide_scope(role: Role) -> None:
    assert Policy(frozenset(Role)).permits(caller(role, NATIONAL))


def test_what_the_table_does_not_name_is_denied() -> None:
    with pytest.raises(PermissionDenied):
        authorise(POLICIES, "/homeward.intake.v1.IntakeService/DropEverything", caller(Role.ADMIN))
    with pytest.raises(PermissionDenied):
        authorise(POLICIES, INTAKE + "SubmitHandover", caller(Role.NGO))
    authorise(POLICIES, INTAKE + "SubmitHandover", caller(Role.BORDER_POST))


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        POLICIES["/x/Y"] = Policy(frozenset())  # type: ignore[index]
