"""Intake's question to handover: where does this case stand?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from homeward.handover.v1 import accountable_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.enums import member_of
from services.chassis.calls.peers import Peers, answer_of
from services.intake.domain.case import Phase
from services.intake.domain.standing import EntitlementUnknown, Standing

_SERVICE: Final = accountable_pb2.DESCRIPTOR.services_by_name["AccountabilityService"]
METHOD: Final = _SERVICE.methods_by_name["GetAccountable"]


@dataclass(frozen=True)
class Handover:
    """Handover, as far as intake asks it anything."""

    peers: Peers

    async def standing(self, ref: CaseRef) -> Standing:
        """Where a case stands now; raises EntitlementUnknown when there is no answer."""
        request = accountable_pb2.GetAccountableRequest(case=str(ref))
        found = await answer_of(self.peers, "handover", METHOD, request)
        if found is None:
            raise EntitlementUnknown
        return Standing(
            events=found.events,
            phase=member_of(Phase, types_pb2.CasePhase, found.phase),
            accountable_office_id=found.accountable_office_id,
            transfer_id=UUID(found.transfer_id) if found.transfer_id else None,
            addressee_office_id=found.addressed_office_id,
            accepted=found.accepted,
            claimed_office_id=found.claimed_office_id,
            has_left=found.has_left,
        )
