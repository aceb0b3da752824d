"""What other services ask of handover."""

from __future__ import annotations

from homeward.handover.v1 import accountable_pb2, accountable_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.events.units import Units
from services.handover.api.requests import Context
from services.handover.domain.words import Phase
from services.handover.storage import accountable
from services.handover.wire.values import age_band


class AccountabilityServicer(accountable_pb2_grpc.AccountabilityServiceServicer):
    """Where a case stands. Nothing about the person is here, and the gate lets services in alone."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def GetAccountable(  # noqa: N802
        self, request: accountable_pb2.GetAccountableRequest, context: Context
    ) -> accountable_pb2.GetAccountableResponse:
        """See the contract."""
        fields = Fields()
        ref = fields.case(request.case)
        fields.done()
        found = await self._units.read(lambda uow: accountable.standing(uow.connection, ref))
        if found is None:
            return accountable_pb2.GetAccountableResponse()
        return accountable_pb2.GetAccountableResponse(
            events=found.events,
            phase=number_of(types.CasePhase, Phase(found.phase)),
            accountable_office_id=found.accountable_office_id,
            transfer_id=str(found.transfer_id or ""),
            addressed_office_id=found.to_office_id or "",
            accepted=found.accepted_at is not None,
            claimed_office_id=found.claimed_office_id or "",
            case_id=str(found.case_id),
            case_number=found.case_number,
            age_band=age_band(found.age_band),
            planned_office_id=found.planned_office_id or "",
            has_left=found.has_left,
        )
