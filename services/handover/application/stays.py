"""Commands of a facility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import ConsentPurpose
from services.chassis.service.consents import NOT_ASKED, Heard
from services.handover.application.desk import Desk, Ports, commit, custody_of, desk_of, is_full
from services.handover.domain import stays
from services.handover.domain.reading import Custody
from services.handover.domain.words import DischargeDestination, TransferWarning


@dataclass(frozen=True, slots=True)
class AdmitPerson:
    """She stays here from now on; None: since today. `cannot_be_asked`: not yet, so her consent is recorded later.

    `consent`: what intake answered about it.
    """

    case: CaseRef
    admitted_on: date | None
    cannot_be_asked: bool = False
    consent: Heard = NOT_ASKED


@dataclass(frozen=True, slots=True)
class DischargePerson:
    """She left; None: today. `province`: that of her own choice."""

    case: CaseRef
    destination: DischargeDestination
    province: ProvinceRef | None
    discharged_on: date | None


async def admit_person(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: AdmitPerson
) -> tuple[Custody, tuple[TransferWarning, ...]]:
    """The accountable facility admits the person; the errors of `stays.admit`, ConsentMissing, ConsentUnknown.

    Returns her custody, and what the facility should think about.
    """
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    facility = desk.facility(caller.office_id)
    assert facility is not None, "the policy admits centres only"
    outcome = stays.admit(desk.case, facility, command.admitted_on, desk.at)
    said = await command.consent.said_to(uow.connection, desk.case.case_id, ConsentPurpose.STAY)
    with command.consent.judging():
        is_asked_later = stays.require_consent(desk.case, said, desk.at.today, cannot_be_asked=command.cannot_be_asked)
    await commit(uow, desk.case, outcome)
    warnings = {
        TransferWarning.CENTRE_FULL: await is_full(desk, caller.office_id, counted_already=True),
        TransferWarning.STAY_CONSENT_MISSING: is_asked_later,
    }
    return await custody_of(desk, outcome.case), tuple(one for one, holds in warnings.items() if holds)


async def discharge_person(uow: UnitOfWork, ports: Ports, caller: Caller, command: DischargePerson) -> Custody:
    """The person left the facility; the errors of `stays.discharge`, InvalidInput (province)."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    outcome = stays.discharge(
        desk.case,
        command.destination,
        _agency_told(desk, command),
        command.province,
        command.discharged_on,
        desk.at,
    )
    await commit(uow, desk.case, outcome)
    return await custody_of(desk, outcome.case)


def _agency_told(desk: Desk, command: DischargePerson) -> str | None:
    """The agency of the place of her own choice."""
    if command.destination is DischargeDestination.PLANNED_TRANSFER:
        return None
    if command.province is None:
        raise InvalidInput([FieldViolation(None, "province", "REQUIRED_WITH", {"other": "destination"})])
    return desk.offices.agency_of(command.province, desk.at.today)
