"""Deciding whether a person is a victim of trafficking."""

from __future__ import annotations
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application.ports import Ports
from services.intake.application.ports import known_case
from services.intake.domain.access import SeenCase
from services.intake.domain.access import access_of
from services.intake.domain.access import require_verifier
from services.intake.domain.identification import Decision
from services.intake.domain.identification import check_decision
from services.intake.domain.identification import decided
from services.intake.storage import cases as case_rows
from services.intake.storage import identification as storage
from services.intake.storage.identification import DecisionRecord

async def decide(uow: UnitOfWork, ports: Ports, caller: Caller, ref: str, etag: str, decision: Decision) -> SeenCase:
    """Record, revise or take back the identification decision of a case in scope.

    Raises CaseNotFound, CaseIsWithdrawn, NothingToTakeBack, EtagMismatch, InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    require_verifier(case, viewer)
    case.require_not_withdrawn()
    case.require_etag(etag)
    checked, day = check_decision(decision, case, uow.now)
    status = checked.status
    assert status is not None, "check_decision refuses a decision without a status"
    case = decided(case, status)
    record = DecisionRecord(
        case_id=case.id,
        revision=case.decisions,
        status=status.value,
        decided_on=day,
        grounds=list(checked.grounds),
        details=await ports.vault.seal_decision(uow.connection, case.id, checked),
        office_id=caller.office_id,
        subject=caller.subject,
        decided_at=uow.now,
    )
    await storage.insert(uow.connection, record)
    await case_rows.save(uow.connection, case, uow.now)
    uow.append(wire.decided_event(case, caller.office_id, day.isoformat()), case.id)
    return SeenCase(case, access_of(case, viewer))
