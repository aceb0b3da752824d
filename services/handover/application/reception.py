"""Commands of a facility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from homeward.handover.v1 import stays_pb2 as api
from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.handover import messages
from services.handover.application.desk import Asked, Desk, Desks, commit
from services.handover.domain import DischargeDestination, TransferWarning


@dataclass(frozen=True, slots=True)
class AdmitPerson:
    """She stays here from now on; None: since today."""

    case: CaseRef
    admitted_on: date | None


@dataclass(frozen=True, slots=True)
class DischargePerson:
    """She left; None: today. `province`: that of her own choice."""

    case: CaseRef
    destination: DischargeDestination
    province: ProvinceRef | None
    discharged_on: date | None


class ReceptionCommands(Desks):
    """The commands of a facility."""

    async def admit_person(self, asked: Asked, command: AdmitPerson) -> api.AdmitPersonResponse:
        """The accountable facility admits the person; the errors of `CaseCustody.admit`."""

        async def work(uow: UnitOfWork) -> api.AdmitPersonResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_accountable()
            facility = desk.facility(desk.caller.office_id)
            assert facility is not None, "the policy admits centres only"
            outcome = desk.case.admit(facility, command.admitted_on, desk.at)
            await commit(uow, desk.case, outcome)
            full = await self._is_full(uow, desk.caller.office_id, counted_already=True)
            return api.AdmitPersonResponse(
                custody=await self._custody(uow, outcome.case),
                warnings=messages.warnings([TransferWarning.CENTRE_FULL] if full else []),
            )

        return await self._once(asked, api.AdmitPersonResponse, work)

    async def discharge_person(self, asked: Asked, command: DischargePerson) -> api.DischargePersonResponse:
        """The person left the facility; the errors of `CaseCustody.discharge`, InvalidInput (province)."""

        async def work(uow: UnitOfWork) -> api.DischargePersonResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_accountable()
            outcome = desk.case.discharge(
                command.destination, self._agency_told(desk, command), command.province, command.discharged_on, desk.at
            )
            await commit(uow, desk.case, outcome)
            return api.DischargePersonResponse(custody=await self._custody(uow, outcome.case))

        return await self._once(asked, api.DischargePersonResponse, work)

    def _agency_told(self, desk: Desk, command: DischargePerson) -> str | None:
        """The agency of the place of her own choice."""
        if command.destination is DischargeDestination.PLANNED_TRANSFER:
            return None
        if command.province is None:
            raise InvalidInput([FieldViolation(None, "province", "REQUIRED_WITH", {"other": "destination"})])
        return self._offices.agency_of(command.province, desk.at.today)
