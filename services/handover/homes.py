"""Handover's question to followup: what counts about these homes?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from homeward.followup.v1 import home_safety_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.peers import Peers, answer_of
from services.handover.domain.home import Asked
from services.handover.wire.heard import home_verdict_of

_SERVICE: Final = home_safety_pb2.DESCRIPTOR.services_by_name["HomeSafetyService"]
METHOD: Final = _SERVICE.methods_by_name["GetVerdicts"]


@dataclass(frozen=True)
class Homes:
    """Followup, as far as handover asks it anything. `news_are_late`: whether what it told last may be behind."""

    peers: Peers
    news_are_late: Callable[[], bool]

    async def ask(self, refs: Iterable[CaseRef]) -> Asked:
        """What counts about the homes of all of these people, in one question."""
        request = home_safety_pb2.GetVerdictsRequest(cases=map(str, refs))
        found = await answer_of(self.peers, "followup", METHOD, request)
        if found is None:
            return Asked(is_late=self.news_are_late())
        return Asked({UUID(one.case_id): home_verdict_of(one) for one in found.checks})
