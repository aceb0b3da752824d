"""Services and databases that say yes to everything, and remember what they were asked."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import grpc

from homeward.followup.v1 import care_pb2, home_safety_pb2, visits_pb2
from homeward.handover.v1 import custody_pb2, searches_pb2
from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.clock import OffsetClock
from services.chassis.kernel.clock import local_date
from services.client.refusals import APPROVAL_NEEDED
from services.client.tokens import PLAYER
from services.demo.driver import ALREADY_REGISTERED, PERSON_IS_AWAITED

METHODS = {
    "submissions": ("SubmitHandover", "RegisterSelfReturn"),
    "identification": ("DecideIdentification",),
    "transfers": (
        "PlanTransfer",
        "DispatchTransfer",
        "AcceptTransfer",
        "AcknowledgeTransfer",
        "RejectTransfer",
        "ReportNotArrived",
        "RedirectTransfer",
        "RecallTransfer",
        "TakeBackAnswer",
    ),
    "stays": ("DischargePerson",),
    "custody": ("RecordHome",),
    "searches": ("RecordSearchStep", "ResolveSearch", "ListLost"),
    "claims": ("ConfirmFound", "DenyFound"),
    "returns": ("ConfirmReappearance",),
    "family": ("LinkFamily",),
    "directory": ("EndOffice",),
    "approvals": ("ApproveRequest",),
    "visits": ("RecordFollowUp", "ListOverdueFollowUps"),
    "entries": ("TakeBackEntry",),
    "care": ("RecordVisit", "ConfirmSafetyAct"),
    "steps": ("RescheduleFollowUp",),
    "consents": ("RecordConsent",),
    "home_safety": ("RecordShortChecks", "RecordHomeSafety", "ConfirmHomeSafety"),
    "closing": ("CloseCase",),
}
LOST_AFTER = timedelta(days=14)
APPROVING = ("ADMIN-NATIONAL", "SV-NATIONAL")
"""One person each approves the end of an office."""


class FakeOfficeCalls:
    """Stands for AioOfficeCalls. Its boards show whoever was sent and not acknowledged for two weeks.

    Attributes:
        asked: office, method, request and business day of every change, in order.
    """

    def __init__(self, clock: OffsetClock) -> None:
        self._clock = clock
        self._sent: dict[str, date] = {}
        self._submitted: dict[str, str] = {}
        self._wishes: dict[str, int] = {}
        self._awaited: dict[str, list[str]] = {}
        self.asked: list[tuple[str, str, Any, date]] = []
        self.stubs = SimpleNamespace(
            **{capability: SimpleNamespace(**{name: name for name in names}) for capability, names in METHODS.items()}
        )

    async def call(self, method: str, office_id: str, request: Any, *, who: str = PLAYER) -> Any:
        today = local_date(self._clock.now())
        if method == "EndOffice" and (awaited := self._awaited.setdefault(request.request_id, list(APPROVING))):
            raise _waits(method, request.request_id, awaited)
        self.asked.append((office_id, method, request, today))
        if method == "ApproveRequest":
            assert who != PLAYER, "whoever asked"
            self._awaited[request.approval_id].remove(office_id)
        if method in ("DispatchTransfer", "RedirectTransfer"):
            self._sent[request.case] = date.fromisoformat(request.expected_arrival_on)
        if method in ("AcknowledgeTransfer", "RejectTransfer", "ReportNotArrived"):
            # Who comes later than was said arrives all the same.
            self._sent.pop(request.case, None)
        if method in ("ResolveSearch", "ConfirmReappearance"):
            # Who was handed over again may have arrived before.
            self._sent.pop(request.case, None)
        if method == "CloseCase" and request.case in self._sent:
            raise _refusal(method, PERSON_IS_AWAITED)
        if method == "RecordShortChecks":
            return home_safety_pb2.RecordShortChecksResponse(checks=[_undecided(request.rows[0].case)])
        if method == "RecordHomeSafety":
            return home_safety_pb2.RecordHomeSafetyResponse(check=_undecided(request.case))
        if method in ("RecordVisit", "RecordFollowUp") and request.wishes_read != self._wishes.get(request.case, 0):
            raise _refusal(method, "WISHES_NOT_READ")
        if method == "RecordVisit":
            self._wishes[request.case] = 1
            in_danger = request.content.risk == "IMMEDIATE"
            return care_pb2.RecordVisitResponse(entry_number=1, safety_act=in_danger, wishes_version=1)
        if method == "RecordFollowUp":
            return visits_pb2.RecordFollowUpResponse(entry_number=1)
        if method == "SubmitHandover":
            minutes = request.handover.joint_minutes_number
            if self._submitted.setdefault(minutes, request.request_id) != request.request_id:
                raise _refusal(method, ALREADY_REGISTERED)
            return submissions_pb2.SubmitHandoverResponse(receipt=_receipt(request, len(request.handover.people)))
        if method == "RegisterSelfReturn":
            return submissions_pb2.RegisterSelfReturnResponse(receipt=_receipt(request, 1))
        return None

    async def pages(self, method: str, office_id: str, request: Any) -> AsyncIterator[Any]:
        if method == "ListOverdueFollowUps":
            yield visits_pb2.ListOverdueFollowUpsResponse()
            return
        today = local_date(self._clock.now())
        yield searches_pb2.ListLostResponse(
            searches=[
                custody_pb2.Search(case_id=case, age_days=(today - expected_on - LOST_AFTER).days)
                for case, expected_on in self._sent.items()
                if today >= expected_on + LOST_AFTER
            ]
        )


def _undecided(case: str) -> home_safety_pb2.HomeCheck:
    """A second person is awaited."""
    return home_safety_pb2.HomeCheck(case_id=case, number=1, awaits_second=True)


def _refusal(method: str, reason: str) -> RpcFailure:
    return RpcFailure(method, grpc.StatusCode.FAILED_PRECONDITION, reason, "invented")


def _waits(method: str, approval_id: str, awaited: Sequence[str]) -> RpcFailure:
    told = {"approval_id": approval_id, "offices": ", ".join(awaited)}
    return RpcFailure(method, grpc.StatusCode.FAILED_PRECONDITION, APPROVAL_NEEDED, "invented", (), told)


def _receipt(request: Any, count: int) -> submissions_pb2.Receipt:
    base = uuid.UUID(request.request_id)
    return submissions_pb2.Receipt(
        entries=[
            submissions_pb2.ReceiptEntry(row=row, case_id=str(uuid.uuid5(base, str(row))), case_number=f"HW-{row}")
            for row in range(1, count + 1)
        ]
    )


class FakeWatch:
    """Stands for Watch: all is quiet, and a deadline passes every tenth day.

    Attributes:
        fired: the instants up to which everything was said to have fired.
    """

    def __init__(self, first: datetime) -> None:
        self._next = first
        self.fired: list[datetime] = []

    async def next_deadline(self) -> datetime:
        return self._next

    async def until_fired(self, now: datetime) -> datetime:
        self.fired.append(now)
        while self._next <= now:
            self._next += timedelta(days=10)
        return self._next

    async def until_quiet(self, now: datetime, among: Sequence[str] = ()) -> None:
        pass
