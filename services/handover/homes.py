"""Handover's question to followup: what counts about these homes?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from homeward.followup.v1 import home_safety_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.peers import Peers
from services.handover.domain.home import Asked
from services.handover.wire.heard import home_verdict_of

_SERVICE: Final = home_safety_pb2.DESCRIPTOR.services_by_name["HomeSafetyService"]
METHOD: Final = _SERVICE.methods_by_name["GetVerdicts"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Homes:
    """Followup, as far as handover asks it anything. `news_are_late`: whether what it told last may be behind."""

    peers: Peers
    news_are_late: Callable[[], bool]

    async def ask(self, refs: Iterable[CaseRef]) -> Asked:
        """What counts about the homes of all of these people, in one question."""
        request = home_safety_pb2.GetVerdictsRequest(cases=map(str, refs))
        try:
            found: Any = await self.peers.ask("followup", METHOD, request)
        except RpcFailure as failure:
            log.warning("followup_does_not_answer", code=failure.code.name, reason=failure.reason)
            return Asked(is_late=self.news_are_late())
        return Asked({UUID(one.case_id): home_verdict_of(one) for one in found.checks})
