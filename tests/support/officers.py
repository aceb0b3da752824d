"""What people in offices do on the real services: a call, with whom it takes, and how often it was done or refused.

Everything goes through the commands of handover and followup, as an office may give them. What a command refuses is
counted, and life goes on.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from homeward.handover.v1 import approvals_pb2
from services.chassis.calls.policy import two_people_of
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Approver
from services.client.contracts import CONTRACTS
from services.handover.domain.errors import ApprovalNeeded
from tests.support.pair import Pair, Service

NATION = "SV-NATIONAL"
SECOND = "the second person"
APPROVING = {NATION: {Approver.NATIONAL_SUPERVISOR, Approver.SUPERVISOR}, "ADMIN-NATIONAL": {Approver.ADMIN}}
"""One person at each of these offices approves what it takes: as which approvers."""
WAITING = "SELECT approval_id FROM approval_waiting WHERE method = ANY(:methods)"


def approved_by(approvers: Set[Approver]) -> list[str]:
    """The methods that one of these approvers has to approve."""
    methods = two_people_of(CONTRACTS["handover"])
    return [name.rpartition("/")[2] for name, others in methods.items() if others.by & approvers]


@dataclass
class Officers:
    """People in offices, whom dice move.

    Attributes:
        done, refused: calls by method.
    """

    pair: Pair
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.pair.clock.now())

    def day(self, offset: int = 0) -> str:
        """A local day so many days from today."""
        return (self.today + timedelta(days=offset)).isoformat()

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.dice.random() < share

    def new_id(self) -> uuid.UUID:
        """An id that the dice make."""
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    async def call(
        self, service: Service, method: str, request: Any, office_id: str, *, subject: str | None = None
    ) -> Any:
        """A call by an office; None when it is refused. What takes others gets them."""
        request.request_id = str(self.new_id())
        try:
            try:
                answer = await service.call(method, request, office_id, subject=subject)
            except ApprovalNeeded:
                await self._approve()
                answer = await service.call(method, request, office_id, subject=subject)
        except HomewardError as error:
            self.refused[f"{method}: {type(error).__name__}"] += 1
            return None
        self.done[method] += 1
        return answer

    async def _approve(self) -> None:
        for office_id, approvers in APPROVING.items():
            for row in await self.pair.handover.rows(WAITING, methods=approved_by(approvers)):
                approve = approvals_pb2.ApproveRequestRequest(approval_id=str(row.approval_id))
                approve.request_id = str(self.new_id())
                try:
                    await self.pair.handover.call("ApproveRequest", approve, office_id, subject=f"another@{office_id}")
                except HomewardError as error:
                    self.refused[f"ApproveRequest: {type(error).__name__}"] += 1

    async def ask(self, method: str, request: Any, case: Any, office_id: str) -> Any:
        """A call at handover about a case."""
        request.case = str(case.case_id)
        return await self.call(self.pair.handover, method, request, office_id)

    async def ask_at_home(self, method: str, request: Any, home: Any, *, subject: str | None = None) -> Any:
        """A call at followup by the office that makes the follow-ups."""
        request.case = str(home.case_id)
        return await self.call(self.pair.followup, method, request, home.keeper_id, subject=subject)

    def said_of(self) -> Mapping[str, int]:
        """How often each command was given, and each refused."""
        return {**self.done, **{f"refused {name}": count for name, count in self.refused.items()}}
