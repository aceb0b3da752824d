"""Deciding whether a person is a victim of trafficking."""

from __future__ import annotations

from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.provinces import successor
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller, Role
from services.intake import wire
from services.intake.application import legal_steps
from services.intake.application.legal_steps import Watch
from services.intake.application.ports import Ports, known_case
from services.intake.application.undecided import watch
from services.intake.domain.access import SeenCase, Viewer, access_of, require_verifier
from services.intake.domain.case import Case
from services.intake.domain.identification import (
    AssigningNotYours,
    Decision,
    NationAssignsHomePolice,
    VerifierReason,
    assigned,
    check_decision,
    decided,
)
from services.intake.storage import cases as case_rows
from services.intake.storage import identification as storage
from services.intake.storage.identification import DecisionRecord


async def decide(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, decision: Decision
) -> SeenCase:
    """Record, revise or take back the identification decision of a case in scope.

    Raises CaseNotFound, NotYourDecision, CaseIsWithdrawn, NothingToTakeBack, DecisionStands, EtagMismatch,
    InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    require_verifier(case, viewer)
    case.require_not_withdrawn()
    case.require_version(version)
    checked = check_decision(decision, case, uow.now)
    former_id = await storage.last_office(uow.connection, case.id)
    before, case = case, decided(case, checked.status)
    record = DecisionRecord(
        case_id=case.id,
        revision=case.decisions,
        status=checked.status.value,
        decided_on=checked.decided_on,
        grounds=list(checked.grounds),
        details=await ports.vault.seal_decision(uow.connection, case.id, checked),
        office_id=caller.office_id,
        subject=caller.subject,
        decided_at=uow.now,
    )
    await storage.insert(uow.connection, record)
    await case_rows.save(uow.connection, case, uow.now)
    await watch(uow, ports.calendar, case)
    await legal_steps.follow(uow, Watch(ports.calendar, ports.sight.directory), before, case)
    uow.append(wire.decided_event(case, caller.office_id, checked.decided_on.isoformat(), former_id), case.id)
    return SeenCase(case, access_of(case, viewer))


async def assign_verifier(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    ref: CaseRef,
    version: int | None,
    office_id: str,
    reason: VerifierReason,
) -> SeenCase:
    """Give the decision on a case to another office of the police, which alone sees and decides from then on.

    Raises CaseNotFound, AssigningNotYours, NationAssignsHomePolice, CaseIsWithdrawn, VerifierStands, EtagMismatch,
    InvalidInput.
    """
    today, viewer = local_date(uow.now), ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    _require_assigner(ports, case, viewer, office_id, today)
    _check_verifier(ports, office_id, today)
    case.require_version(version)
    formerly = _verifiers_of(ports, case, today)
    case = assigned(case, office_id, formerly=formerly)
    one = storage.Assignment(uow.new_id(), case.id, office_id, reason.value, caller.office_id, caller.subject, uow.now)
    await storage.assign(uow.connection, one)
    await case_rows.save(uow.connection, case, uow.now)
    uow.append(wire.verifier_assigned(case, sorted(formerly - {office_id}), caller.office_id), case.id)
    return SeenCase(case, access_of(case, viewer))


def _require_assigner(ports: Ports, case: Case, viewer: Viewer, office_id: str, today: date) -> None:
    if not viewer.oversees(case):
        raise CaseNotFound
    if not (viewer.is_national or case.receiving_office_id in viewer.scope_offices):
        raise AssigningNotYours
    if not viewer.is_national and _is_at_home(ports, case, office_id, today):
        # Traffickers are often neighbours, sometimes officials: who decides is no matter of one province.
        raise NationAssignsHomePolice


def _is_at_home(ports: Ports, case: Case, office_id: str, today: date) -> bool:
    if not case.home_province:
        return False
    home = ProvinceRef.parse(case.home_province)
    return ports.sight.counted_province(office_id, today) == str(successor(home))


def _check_verifier(ports: Ports, office_id: str, today: date) -> None:
    found = Findings()
    if office_id not in {office.id for office in ports.sight.directory.offices(role=Role.VERIFIER, on=today)}:
        found.wrong("office_id", "UNKNOWN_OFFICE")
    found.done()


def _verifiers_of(ports: Ports, case: Case, today: date) -> frozenset[str]:
    """The offices of the police that decide a case now."""
    if case.verifier_office_id:
        return frozenset({case.verifier_office_id})
    directory = ports.sight.directory
    province = directory.province_of(ports.sight.holder(case.receiving_office_id, today), today)
    if province is None:
        return frozenset()
    return frozenset(one.id for one in directory.offices(role=Role.VERIFIER, province=province, on=today))
