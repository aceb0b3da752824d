"""The table of who may call what, against the contracts and the domain's own table."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from services.chassis.calls.policy import (
    SCOPED_ROLES,
    Policy,
    TwoPeople,
    authorise,
    callable_by,
    full_name,
    method_names,
    policies_of,
    two_people_of,
    without_policy,
)
from services.chassis.kernel.errors import GradeMissing, PermissionDenied, SignInTooOld
from services.chassis.kernel.places import NATIONAL
from services.chassis.kernel.roles import OWN, Approver, Caller, Grade, Role
from services.client.contracts import CONTRACTS
from tests.support.contract import COUNTING_SERVICE, counting

GENERATED = Path(__file__).parents[4] / "proto" / "gen"
SERVICES = tuple({each.full_name: each for contracts in CONTRACTS.values() for each in contracts}.values())
POLICIES = policies_of(SERVICES)
CUSTODIANS = {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.COMMUNE}
RECEIVERS = {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY}
# A commune sees the case that was given to it and never a list.
LISTING = {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.SUPERVISOR}

# Who may call what, for people: the whole table. Everybody else is denied.
TABLE: dict[str, dict[str, set[Role]]] = {
    "homeward.intake.v1.SubmissionService": {
        "SubmitHandover": {Role.BORDER_POST},
        "RegisterSelfReturn": CUSTODIANS,
        "GetReceipt": CUSTODIANS,
        "FindRegistered": CUSTODIANS,
        "CorrectCase": CUSTODIANS,
        "WithdrawCase": CUSTODIANS,
    },
    "homeward.intake.v1.IdentificationService": {
        "DecideIdentification": {Role.VERIFIER},
        "AssignVerifier": {Role.SUPERVISOR},
        "ListUndecided": {Role.VERIFIER, Role.SUPERVISOR},
    },
    "homeward.intake.v1.LegalStepService": {
        "RecordLegalStep": {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.COMMUNE},
        "TakeBackLegalStep": {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.COMMUNE},
        "SetReplyLimit": {Role.VERIFIER},
        "ListLegalDeadlines": {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.VERIFIER, Role.SUPERVISOR},
        "CountLegalDeadlines": {Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.VERIFIER, Role.SUPERVISOR},
    },
    "homeward.intake.v1.FamilyService": {
        "LinkFamily": CUSTODIANS,
        "UnlinkFamily": CUSTODIANS,
        "GetFamily": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR},
    },
    "homeward.intake.v1.HandoverService": {
        "ListHandovers": {Role.BORDER_POST},
        "GetHandover": {Role.BORDER_POST},
    },
    "homeward.intake.v1.BreakGlassService": {
        "OpenBreakGlass": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR},
        "ReviewBreakGlass": {Role.SUPERVISOR},
        "GetBreakGlass": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR, Role.AUDITOR},
        "ListBreakGlass": LISTING | {Role.VERIFIER, Role.AUDITOR},
    },
    "homeward.intake.v1.ConsentService": {
        "RecordConsent": CUSTODIANS,
        "GetConsents": CUSTODIANS | {Role.SUPERVISOR},
        "GetGuardian": CUSTODIANS,
        "GetSaid": set(),
    },
    "homeward.intake.v1.ReadingService": {
        "GetCase": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR},
        "ListCases": LISTING | {Role.VERIFIER},
        "ListAccessLog": {Role.AUDITOR},
    },
    "homeward.handover.v1.TransferService": {
        "PlanTransfer": CUSTODIANS,
        "DispatchTransfer": CUSTODIANS,
        "AcknowledgeTransfer": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY},
        "TakeBackAnswer": CUSTODIANS | {Role.SUPERVISOR},
        "RejectTransfer": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY},
        "RecallTransfer": CUSTODIANS,
        "AcceptTransfer": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY},
        "ReportNotArrived": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY},
        "RedirectTransfer": CUSTODIANS,
        "GetTransfer": CUSTODIANS | {Role.SUPERVISOR},
        "ListTransfers": LISTING,
        "GetTransferBoard": LISTING,
    },
    "homeward.handover.v1.JourneyService": {
        "DispatchJourney": CUSTODIANS,
        "ListAwaitingVerdict": LISTING,
    },
    "homeward.handover.v1.StayService": {
        "AdmitPerson": {Role.RECEPTION_CENTRE},
        "DischargePerson": {Role.RECEPTION_CENTRE},
        "ListFacilities": {Role.RECEPTION_CENTRE, Role.SUPERVISOR},
    },
    "homeward.handover.v1.OpenCaseService": {
        "ListCustodies": LISTING,
        "CountOpen": LISTING,
        "ListOverdue": LISTING,
        "CountOverdue": LISTING,
        "ListTrend": LISTING,
    },
    "homeward.handover.v1.SearchService": {
        "ListLost": LISTING,
        "CountLost": LISTING,
        "GetSearch": CUSTODIANS | {Role.SUPERVISOR},
        "RecordSearchStep": CUSTODIANS | {Role.SUPERVISOR},
        "ResolveSearch": CUSTODIANS | {Role.SUPERVISOR},
    },
    "homeward.handover.v1.ClaimService": {
        "ListClaims": RECEIVERS | {Role.SUPERVISOR},
        "ConfirmFound": RECEIVERS,
        "DenyFound": RECEIVERS,
        "WithdrawClaim": CUSTODIANS | {Role.SUPERVISOR},
    },
    "homeward.handover.v1.ReturnService": {
        "ListReturns": LISTING,
        "ConfirmReappearance": CUSTODIANS | {Role.SUPERVISOR},
        "DenyReappearance": CUSTODIANS | {Role.SUPERVISOR},
        "UndoReappearance": {Role.SUPERVISOR},
    },
    "homeward.handover.v1.CustodyService": {
        "RecordHome": {Role.SUPPORT_AGENCY},
        "GetCustody": CUSTODIANS | {Role.SUPERVISOR},
        "ReassignCase": {Role.SUPERVISOR},
        "CorrectArrival": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.handover.v1.ClosingService": {
        "CloseCase": CUSTODIANS | {Role.SUPERVISOR},
        "WithdrawUnderWay": CUSTODIANS | {Role.SUPERVISOR},
        "ReopenCase": CUSTODIANS | {Role.SUPERVISOR},
    },
    "homeward.handover.v1.DirectoryService": {
        "EndOffice": {Role.ADMIN},
        "OpenOffice": {Role.ADMIN},
        "ListOffices": set(Role),
        "ListRules": set(Role),
        "ListAdministration": {Role.AUDITOR, Role.SUPERVISOR},
        "ChangeRule": {Role.ADMIN},
        "ChangeCalendar": {Role.ADMIN},
    },
    "homeward.handover.v1.ApprovalService": {
        "ListApprovals": CUSTODIANS | {Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR},
        "GetApproval": CUSTODIANS | {Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR},
        "ApproveRequest": {Role.SUPERVISOR, Role.ADMIN},
        "RefuseRequest": {Role.SUPERVISOR, Role.ADMIN},
        "WithdrawRequest": CUSTODIANS | {Role.SUPERVISOR, Role.ADMIN},
    },
    "homeward.handover.v1.SessionService": {
        "RevokeSessions": {Role.ADMIN},
        "ListRevocations": {Role.ADMIN, Role.AUDITOR, Role.SUPERVISOR},
    },
    "homeward.followup.v1.VisitService": {
        "ListFollowUps": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "CountFollowUps": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "CountOverdueFollowUps": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "ListOverdueFollowUps": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "RecordFollowUp": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.followup.v1.ContactService": {
        "RecordContact": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.followup.v1.CareService": {
        "GetWishes": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "SetWishes": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "RecordVisit": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "CorrectVisit": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "SaveVisitDraft": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "GetVisitDraft": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "GetVisit": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "ConfirmSafetyAct": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.followup.v1.HomeSafetyService": {
        "RecordHomeSafety": {Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY},
        "RecordShortChecks": {Role.BORDER_POST, Role.COMMUNE},
        "ConfirmHomeSafety": CUSTODIANS,
        "GetHomeSafety": CUSTODIANS,
        "GetVerdicts": set(),
    },
    "homeward.followup.v1.StepService": {
        "RescheduleFollowUp": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "TakeUpFollowUp": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "DropFollowUp": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "CountDueFollowUps": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.followup.v1.OversightService": {
        "CountWorkload": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "ListWorkload": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "ListFollowUpTrend": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "ListSafetyActs": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.followup.v1.EntryService": {
        "GetStory": {Role.SUPPORT_AGENCY, Role.RECEPTION_CENTRE, Role.SUPERVISOR},
        "CorrectEntry": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
        "TakeBackEntry": {Role.SUPPORT_AGENCY, Role.SUPERVISOR},
    },
    "homeward.notify.v1.InboxService": {
        "ListMessages": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR, Role.ADMIN},
        "MarkMessagesRead": CUSTODIANS | {Role.VERIFIER, Role.SUPERVISOR, Role.ADMIN},
    },
    "homeward.handover.v1.AccountabilityService": {
        "GetAccountable": set(),
    },
    "homeward.office.v1.OfficeEndService": {
        "GetOfficeEnd": {Role.ADMIN},
    },
    "homeward.office.v1.ActService": {
        "ListActs": {Role.SUPERVISOR, Role.AUDITOR},
        "CountListsRead": {Role.AUDITOR},
    },
}
CALLERS = {f"/{service}/{name}": roles for service, methods in TABLE.items() for name, roles in methods.items()}

# The grades of which a caller needs one, for people: the whole table. Whatever is not here is every officer's.
GRADES: dict[str, set[Grade]] = {
    "GetWishes": {Grade.CARE, Grade.CASE},
    "SetWishes": {Grade.CARE, Grade.CASE},
    "RecordVisit": {Grade.CARE},
    "CorrectVisit": {Grade.CARE},
    "SaveVisitDraft": {Grade.CARE},
    "GetVisitDraft": {Grade.CARE},
    "GetVisit": {Grade.CARE, Grade.CASE},
    "ConfirmSafetyAct": {Grade.CARE, Grade.CASE},
    "RecordConsent": {Grade.CARE, Grade.CASE},
    "GetGuardian": {Grade.CARE, Grade.CASE},
    "RecordHomeSafety": {Grade.CARE},
    "ConfirmHomeSafety": {Grade.CARE},
    "GetHomeSafety": {Grade.CARE, Grade.CASE},
    "RescheduleFollowUp": {Grade.CARE, Grade.CASE},
    "DropFollowUp": {Grade.CARE},
    "TakeUpFollowUp": {Grade.CARE},
}

# Who approves what another person asks for, each of these: the whole table. `sometimes`: only some requests take it.
TWO_PEOPLE: dict[str, TwoPeople] = {
    # Another administrator, of the same office or another one, and the nation's supervisor.
    **dict.fromkeys(
        ("OpenOffice", "EndOffice", "ChangeRule", "ChangeCalendar"),
        TwoPeople(frozenset({Approver.ADMIN, Approver.NATIONAL_SUPERVISOR})),
    ),
    # To another province: its supervisor, or the nation's.
    "ReassignCase": TwoPeople(frozenset({Approver.SUPERVISOR}), sometimes=True),
    # CLOSED and RE_IDENTIFIED; and who is on the way or searched for: a supervisor of the accountable office.
    "ResolveSearch": TwoPeople(frozenset({Approver.SUPERVISOR}), sometimes=True),
    "CloseCase": TwoPeople(frozenset({Approver.SUPERVISOR}), sometimes=True),
    "WithdrawUnderWay": TwoPeople(frozenset({Approver.SUPERVISOR})),
}

INTAKE = "/homeward.intake.v1.SubmissionService/"
FOR_ALL = {f"/homeward.handover.v1.DirectoryService/{name}" for name in ("ListOffices", "ListRules")}
SESSIONS = {f"/homeward.handover.v1.SessionService/{name}" for name in ("RevokeSessions", "ListRevocations")}
OFFICE_END = "/homeward.office.v1.OfficeEndService/GetOfficeEnd"
APPROVALS = {f"/homeward.handover.v1.ApprovalService/{name}" for name in TABLE["homeward.handover.v1.ApprovalService"]}
"""Who asked, and who may approve, reads a request and nothing about the case."""
INBOX = {f"/homeward.notify.v1.InboxService/{name}" for name in TABLE["homeward.notify.v1.InboxService"]}
"""An administrator is told of requests and of what administrators changed."""
WITHOUT_CASES = {
    OFFICE_END,
    *SESSIONS,
    *(f"/homeward.handover.v1.DirectoryService/{name}" for name in TABLE["homeward.handover.v1.DirectoryService"]),
}
"""What says nothing about a case: how many there are of an office, at most."""


def caller(role: Role, scope: str = OWN) -> Caller:
    return Caller("somebody", "office-1", role, scope)


def test_the_contracts_say_what_the_table_says() -> None:
    assert {name: set(policy.roles) for name, policy in POLICIES.items()} == CALLERS


def test_what_services_ask_of_one_another_is_for_them_alone() -> None:
    asked = {name: policy for name, policy in POLICIES.items() if policy.services}
    assert {name: policy.services for name, policy in asked.items()} == {
        "/homeward.handover.v1.AccountabilityService/GetAccountable": {"intake", "followup"},
        "/homeward.followup.v1.HomeSafetyService/GetVerdicts": {"handover"},
        "/homeward.intake.v1.ConsentService/GetSaid": {"handover", "followup"},
    }
    assert not any(policy.permits(caller(role)) for policy in asked.values() for role in Role)


def test_the_contracts_say_what_takes_two_people() -> None:
    assert {name.rpartition("/")[2]: two for name, two in two_people_of(SERVICES).items()} == TWO_PEOPLE


def test_a_scope_beyond_the_own_office_is_for_those_who_watch() -> None:
    """Of the callers of a method, all who may hold a wider scope at all may call with it, and nobody else."""
    assert {name: policy.scope_roles for name, policy in POLICIES.items()} == {
        name: SCOPED_ROLES & roles for name, roles in CALLERS.items()
    }


def test_the_contracts_name_the_grades_that_the_table_names() -> None:
    assert {name.rpartition("/")[2]: set(policy.grades) for name, policy in POLICIES.items() if policy.grades} == GRADES


def test_a_grade_opens_nothing_without_its_role_and_a_role_nothing_without_the_grade() -> None:
    table = {"/a/B": Policy(frozenset({Role.SUPPORT_AGENCY}), frozenset(), grades=frozenset({Grade.CARE, Grade.CASE}))}
    for grades in ({Grade.CARE}, {Grade.CASE, Grade.DESK}):
        authorise(table, "/a/B", Caller("x", "o", Role.SUPPORT_AGENCY, grades=frozenset(grades)))
    for without in (set(), {Grade.PAY, Grade.DESK}):
        with pytest.raises(GradeMissing) as caught:
            authorise(table, "/a/B", Caller("x", "o", Role.SUPPORT_AGENCY, grades=frozenset(without)))
        assert caught.value.details["grades"] == "CARE, CASE"
    with pytest.raises(PermissionDenied):
        authorise(table, "/a/B", Caller("x", "o", Role.COMMUNE, grades=frozenset(Grade)))


def test_what_opens_and_approves_wants_a_fresh_sign_in() -> None:
    fresh = {name.rpartition("/")[2] for name, policy in POLICIES.items() if policy.fresh}
    assert fresh == {"OpenBreakGlass", "ReviewBreakGlass", "ApproveRequest"}


@pytest.mark.attack(25, "break-glass and approvals in a session that somebody left open")
def test_a_sign_in_that_is_too_old_opens_nothing_where_it_has_to_be_fresh() -> None:
    asked = Policy(frozenset({Role.SUPERVISOR}), frozenset())
    table = {"/a/Fresh": replace(asked, fresh=True), "/a/Any": asked}
    known, unknown = Caller("x", "o", Role.SUPERVISOR, signed_in_at_s=1_000), Caller("x", "o", Role.SUPERVISOR)
    for method, caller, now_s in (("/a/Fresh", known, 1_900), ("/a/Any", known, 9_999), ("/a/Fresh", unknown, 9_999)):
        authorise(table, method, caller, now_s)
    with pytest.raises(SignInTooOld):
        authorise(table, "/a/Fresh", known, 1_901)


def test_every_rpc_names_its_callers() -> None:
    assert without_policy(POLICIES, SERVICES) == ()


def test_no_contract_is_left_out() -> None:
    modules = [
        import_module(".".join(path.relative_to(GENERATED).with_suffix("").parts))
        for path in sorted((GENERATED / "homeward").glob("*/v1/*_pb2.py"))
    ]
    found = [each.full_name for module in modules for each in module.DESCRIPTOR.services_by_name.values()]
    assert sorted(found) == sorted(each.full_name for each in SERVICES)
    # A call is named by its method alone in what is stored of it, and by whoever tells of it.
    names = [name.rpartition("/")[2] for name in method_names(SERVICES)]
    assert len(set(names)) == len(names)


def test_a_method_whose_contract_names_no_callers_is_in_no_table() -> None:
    table = policies_of([COUNTING_SERVICE])
    assert without_policy(table, [COUNTING_SERVICE]) == (full_name(counting("Forgotten")),)
    assert not any(table[full_name(counting("Nobody"))].permits(caller(role)) for role in Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_front_learns_what_a_role_may_call(role: Role) -> None:
    assert callable_by(role, SERVICES) == {name for name, roles in CALLERS.items() if role in roles}
    assert callable_by(role, []) == frozenset()
    of_desk = callable_by(role, SERVICES, frozenset({Grade.DESK}))
    assert of_desk == {name for name in callable_by(role, SERVICES) if not POLICIES[name].grades}


@pytest.mark.parametrize("method", sorted(POLICIES))
@pytest.mark.parametrize("role", [Role.NGO, Role.ADMIN])
@pytest.mark.attack(35, "ADMIN and NGO read case or custody")
def test_these_roles_have_no_case_content(method: str, role: Role) -> None:
    if method not in WITHOUT_CASES | (APPROVALS | INBOX if role is Role.ADMIN else set()):
        assert not POLICIES[method].permits(caller(role))


def test_an_administrator_runs_offices_rules_and_calendar() -> None:
    allowed = {name.rsplit("/")[-1] for name in POLICIES if POLICIES[name].permits(caller(Role.ADMIN))}
    assert allowed == {
        "EndOffice",
        "GetOfficeEnd",
        "OpenOffice",
        "ListOffices",
        "ListRules",
        "ChangeRule",
        "ChangeCalendar",
        *(name.rsplit("/")[-1] for name in APPROVALS | INBOX),
        "RevokeSessions",
        "ListRevocations",
    }


def test_nobody_else_changes_offices_rules_or_calendar() -> None:
    changing = {name for name in WITHOUT_CASES - FOR_ALL if "/List" not in name}
    for name in changing:
        assert {role for role in Role if POLICIES[name].permits(caller(role))} == {Role.ADMIN}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_know_the_offices_and_the_rules(role: Role) -> None:
    assert all(POLICIES[method].permits(caller(role)) for method in FOR_ALL)


@pytest.mark.parametrize("method", sorted(POLICIES))
@pytest.mark.attack(35, "AUDITOR reads case or custody")
def test_an_auditor_reads_who_did_and_read_what_and_nothing_else(method: str) -> None:
    if method in FOR_ALL:
        return
    reads = (
        "/ListAccessLog",
        "/ListActs",
        "/CountListsRead",
        "/ListRevocations",
        "/ListApprovals",
        "/GetApproval",
        "/ListAdministration",
        "/ListBreakGlass",
        "/GetBreakGlass",
    )
    assert POLICIES[method].permits(caller(Role.AUDITOR)) == method.endswith(reads)


def test_a_commune_never_lists_cases() -> None:
    own = {"/homeward.handover.v1.ApprovalService/ListApprovals", *INBOX, *FOR_ALL}
    lists = [name for name in POLICIES if "/List" in name and name not in own]
    assert lists
    assert not any(POLICIES[name].permits(caller(Role.COMMUNE)) for name in lists)


def test_a_supervisor_reads_and_puts_right_what_was_lost() -> None:
    reads = ("/Get", "/List", "/Count", "/MarkMessagesRead")
    duties = {
        name
        for name in POLICIES
        if name.endswith(
            (
                "/RecordSearchStep",
                "/ResolveSearch",
                "/ReassignCase",
                "/TakeBackAnswer",
                "/CorrectArrival",
                "/CloseCase",
                "/WithdrawUnderWay",
                "/ReopenCase",
                "/WithdrawClaim",
                "Reappearance",
                # Of those who are left to it, since nobody succeeds their office; and it puts their entries right.
                "/RecordFollowUp",
                "/SetWishes",
                "/RecordVisit",
                "/CorrectVisit",
                "/SaveVisitDraft",
                "/ConfirmSafetyAct",
                "/RecordContact",
                "/RescheduleFollowUp",
                "/DropFollowUp",
                "/TakeUpFollowUp",
                "/CorrectEntry",
                "/TakeBackEntry",
                # Knowing who somebody is without being entitled, and what others opened so.
                "/AssignVerifier",
                "/OpenBreakGlass",
                "/ReviewBreakGlass",
                # What somebody else asks for.
                "/ApproveRequest",
                "/RefuseRequest",
                "/WithdrawRequest",
            )
        )
    }
    allowed = {name for name in POLICIES if POLICIES[name].permits(caller(Role.SUPERVISOR))}
    assert duties <= allowed
    assert all(any(word in name for word in reads) for name in allowed - duties)


@pytest.mark.parametrize("role", [role for role in Role if role not in SCOPED_ROLES])
@pytest.mark.attack(9, "agency with scope national")
def test_a_wide_scope_in_wrong_hands_is_refused(role: Role) -> None:
    policy = Policy(frozenset(Role), SCOPED_ROLES)
    assert policy.permits(caller(role))
    assert not policy.permits(caller(role, NATIONAL))
    assert not policy.permits(caller(role, "22@2025"))


@pytest.mark.parametrize("role", sorted(SCOPED_ROLES))
def test_those_who_watch_may_hold_a_wide_scope(role: Role) -> None:
    assert Policy(frozenset(Role), SCOPED_ROLES).permits(caller(role, NATIONAL))


def test_what_the_table_does_not_name_is_denied() -> None:
    with pytest.raises(PermissionDenied):
        authorise(POLICIES, INTAKE + "DropEverything", caller(Role.ADMIN))
    with pytest.raises(PermissionDenied):
        authorise(POLICIES, INTAKE + "SubmitHandover", caller(Role.NGO))
    authorise(POLICIES, INTAKE + "SubmitHandover", caller(Role.BORDER_POST))


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        POLICIES["/x/Y"] = Policy(frozenset(), frozenset())  # type: ignore[index]
