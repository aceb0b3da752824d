"""Deciding whether a person is a victim of trafficking."""

from __future__ import annotations

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application import legal_steps
from services.intake.application.legal_steps import Watch
from services.intake.application.ports import Ports, known_case
from services.intake.application.undecided import watch
from services.intake.domain.access import SeenCase, access_of, require_verifier
from services.intake.domain.identification import Decision, check_decision, decided
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
