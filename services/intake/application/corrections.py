"""Setting right what was registered: the record of the person, or the case as a whole."""

from __future__ import annotations

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application import earlier_cases, family
from services.intake.application.ports import Ports, known_case
from services.intake.domain import case as cases
from services.intake.domain.access import SeenCase, access_of, require_registrar
from services.intake.domain.case import WithdrawReason
from services.intake.domain.people import Person, age_band, check_correction
from services.intake.storage import cases as storage


async def correct(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, reason: str, person: Person
) -> SeenCase:
    """Replace the person's record and keep the old one, with the reason, in the history.

    A record that already stands so changes nothing. Which case is the earlier one is told at the registration
    and stays: a correction may repeat it or leave it out. Raises CaseNotFound, CustodyHasPassed,
    CaseIsWithdrawn, EtagMismatch, InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    require_registrar(case, viewer)
    case.require_version(version)
    day = local_date(case.handover_time)
    reference = earlier_cases.reference_with(await earlier_cases.find(uow, earlier_cases.named_by([person])))
    checked, why = check_correction(person, reason, reference, day, row=case.row, rows=case.rows)
    names = await ports.vault.correct(uow, case.id, checked, why, caller)
    if names:
        before = case
        case = cases.corrected(case, checked.home_province, age_band(checked.birth_date, day))
        await storage.save(uow.connection, case, uow.now)
        uow.append(wire.corrected_event(case, names), case.id)
        if not {"family_links", "birth_date"}.isdisjoint(names):
            await family.corrected(uow, ports, caller, before, case, checked)
    return SeenCase(case, access_of(case, viewer))


async def withdraw(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, reason: WithdrawReason
) -> SeenCase:
    """Withdraw a case registered by mistake; the handover service confirms or refuses.

    Raises CaseNotFound, CustodyHasPassed, CaseIsWithdrawn, EtagMismatch.
    """
    viewer = ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    require_registrar(case, viewer)
    case.require_version(version)
    case = cases.withdrawn(case)
    await storage.save(uow.connection, case, uow.now)
    uow.append(wire.withdrawn_event(case, reason), case.id)
    return SeenCase(case, access_of(case, viewer))
