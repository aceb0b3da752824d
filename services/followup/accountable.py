"""Followup's question to handover: who is accountable for somebody who has not arrived, and where is she to be sent?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from homeward.handover.v1 import accountable_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.enums import code_of
from services.chassis.calls.peers import Peers, answer_of
from services.followup.domain.home_safety import HandoverDoesNotAnswer, Standing

_SERVICE: Final = accountable_pb2.DESCRIPTOR.services_by_name["AccountabilityService"]
METHOD: Final = _SERVICE.methods_by_name["GetAccountable"]
_ENDED: Final = frozenset({types_pb2.CASE_PHASE_CLOSED, types_pb2.CASE_PHASE_WITHDRAWN})


@dataclass(frozen=True)
class Handover:
    """Handover, as far as followup asks it anything."""

    peers: Peers

    async def standing(self, ref: CaseRef) -> Standing | None:
        """Where an open case stands now; None for one that handover does not know. Raises HandoverDoesNotAnswer."""
        request = accountable_pb2.GetAccountableRequest(case=str(ref))
        found = await answer_of(self.peers, "handover", METHOD, request)
        if found is None:
            raise HandoverDoesNotAnswer
        if not found.case_id or found.phase in _ENDED:
            return None
        return Standing(
            case_id=UUID(found.case_id),
            case_number=found.case_number,
            office_id=found.accountable_office_id,
            age_band=code_of(types_pb2.AgeBand, found.age_band),
            planned_office_id=found.planned_office_id,
        )
