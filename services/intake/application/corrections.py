"""Setting right what was registered: the record of the person, or the case as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application import earlier_cases, family
from services.intake.application.ports import Ports, known_case
from services.intake.application.reference import reference
from services.intake.domain import case as cases
from services.intake.domain.access import SeenCase, access_of, require_registrar
from services.intake.domain.case import Case, NobodyReceivedHer, WithdrawReason
from services.intake.domain.corrections import Correction, corrected, read_reason
from services.intake.domain.people import Person, age_band
from services.intake.domain.registered import WHO, already_registered
from services.intake.domain.standing import as_it_stands
from services.intake.storage import cases as storage
from services.intake.storage import reading, registered

COMPARED: Final = frozenset({"earlier_case", "full_name", "sex", "birth_date", "home_province"})
"""Fields of which one that changes may make her more like the person of the earlier return, or less."""


async def correct(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, correction: Correction
) -> SeenCase:
    """Set fields of the person's record right, and keep the old record, with the reason, in the history.

    A record that already stands so changes nothing. Raises CaseNotFound, CustodyHasPassed, CaseIsWithdrawn,
    EtagMismatch, InvalidInput; AnotherPerson, AlreadyRegistered when it would become the record of somebody else.
    """
    case = await _own_case(uow, ports, caller, ref, version)
    viewer = ports.viewer(caller, uow.now)
    day = local_date(case.handover_time)
    found = Findings()
    why = read_reason(found, correction)

    def change(before: Person) -> Person:
        return corrected(found, before, correction, reference(), day, row=case.row, rows=case.rows)

    done = await ports.vault.correct(uow, case.id, change, why, caller)
    if done.fields:
        if set(done.fields) & WHO:
            await _leave_trace(uow, ports, case, another_person=correction.another_person)
        uncorrected = case
        case = cases.corrected(case, done.home_province, age_band(done.birth_date, day))
        earlier = None
        if set(done.fields) & COMPARED and (done.earlier_case or "earlier_case" in done.fields):
            earlier = await earlier_cases.of_case(uow, ports.vault, case.id, done.earlier_case)
            case = replace(case, earlier_case_id=earlier.case_id)
        await storage.save(uow.connection, case, uow.now)
        uow.append(wire.corrected_event(case, done.fields, caller, earlier), case.id)
        if not {"family_links", "birth_date"}.isdisjoint(done.fields):
            links = done.family_links, done.former_links
            await family.corrected(uow, ports, caller, uncorrected, case, *links)
    return SeenCase(case, access_of(case, viewer))


async def _leave_trace(uow: UnitOfWork, ports: Ports, case: Case, *, another_person: bool) -> None:
    """Let her be found by the corrected record; raises AlreadyRegistered when that is another case's."""
    trace = await ports.vault.trace(uow.connection, case.id, local_date(case.handover_time), ports.traces)
    alike = await registered.find(uow.connection, [case.receiving_office_id], [trace], earlier=[case.id])
    others = [one for one in alike if one.case_id != case.earlier_case_id]
    if others and not another_person:
        raise already_registered(others, is_handover=False)
    await registered.add_trace(uow.connection, case.id, case.receiving_office_id, trace)


async def withdraw(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, reason: WithdrawReason
) -> SeenCase:
    """Withdraw a case registered by mistake; the handover service confirms or refuses.

    Raises CaseNotFound, EtagMismatch, NobodyReceivedHer and what `Case.require_withdrawable` raises.
    """
    case = await _own_case(uow, ports, caller, ref, version, withdrawable=True)
    case = cases.withdrawn(case)
    await storage.save(uow.connection, case, uow.now)
    uow.append(wire.withdrawn_event(case, reason), case.id)
    return SeenCase(case, access_of(case, ports.viewer(caller, uow.now)))


async def _own_case(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, version: int | None, *, withdrawable: bool = False
) -> Case:
    """The case, locked, which the caller's office registered and has custody of: here, and by what handover says.

    Raises CaseNotFound, CustodyHasPassed, CaseIsWithdrawn, EtagMismatch, EntitlementUnknown, and what
    `Case.require_withdrawable` raises where the case is to be withdrawn, NobodyReceivedHer.
    """
    viewer = ports.viewer(caller, uow.now)
    standing = await ports.handover.standing(ref)
    heard = await reading.events_heard(uow.connection, ref)
    case = await known_case(uow, ref, lock=True)
    stands = as_it_stands(case, heard, standing)
    require_registrar(stands, viewer)
    if withdrawable:
        stands.require_withdrawable()
        if standing.has_left:
            raise NobodyReceivedHer
    require_registrar(case, viewer)
    case.require_version(version)
    return case
