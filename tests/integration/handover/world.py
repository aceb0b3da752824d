"""One handover service in the test's process: events in, calls over a real server, looks, what it said."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import consent_pb2, followup_pb2, handover_pb2, identification_pb2, office_pb2
from homeward.handover.v1 import (
    approvals_pb2,
    approvals_pb2_grpc,
    claims_pb2,
    claims_pb2_grpc,
    closing_pb2,
    closing_pb2_grpc,
    custody_pb2,
    custody_pb2_grpc,
    directory_pb2_grpc,
    journeys_pb2_grpc,
    open_cases_pb2_grpc,
    returns_pb2,
    returns_pb2_grpc,
    searches_pb2,
    searches_pb2_grpc,
    sessions_pb2_grpc,
    stays_pb2,
    stays_pb2_grpc,
    transfers_pb2,
    transfers_pb2_grpc,
)
from homeward.office.v1 import acts_pb2_grpc, office_end_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import Client, RpcFailure
from services.chassis.country.revocations import account_digest
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.clock import local_date
from services.chassis.service.process import Chassis, Parts
from services.handover.__main__ import DEFINITION
from tests.support import homes
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain, outbox_events
from tests.support.fixtures import TokenFor
from tests.support.processes import serve
from tests.support.stubs import merged

POST = "BP-CN-HUU-NGHI"
OTHER_POST = "BP-CN-MONG-CAI"
CENTRE = "RC-LAO-CAI"
QUANG_NINH = "SA-22"
HANOI = "SA-01"
ADMIN = "ADMIN-NATIONAL"
SECOND = "SV-NATIONAL"
"""Who approves what an administrator asks for."""

if TYPE_CHECKING:
    # Stubs for running event loops exist in the type stubs only.
    class Stub(
        transfers_pb2_grpc.TransferServiceAsyncStub,
        journeys_pb2_grpc.JourneyServiceAsyncStub,
        stays_pb2_grpc.StayServiceAsyncStub,
        open_cases_pb2_grpc.OpenCaseServiceAsyncStub,
        searches_pb2_grpc.SearchServiceAsyncStub,
        sessions_pb2_grpc.SessionServiceAsyncStub,
        claims_pb2_grpc.ClaimServiceAsyncStub,
        returns_pb2_grpc.ReturnServiceAsyncStub,
        custody_pb2_grpc.CustodyServiceAsyncStub,
        closing_pb2_grpc.ClosingServiceAsyncStub,
        directory_pb2_grpc.DirectoryServiceAsyncStub,
        approvals_pb2_grpc.ApprovalServiceAsyncStub,
        office_end_pb2_grpc.OfficeEndServiceAsyncStub,
        acts_pb2_grpc.ActServiceAsyncStub,
    ):
        """All calls of handover."""
else:

    def Stub(channel: Any) -> Any:  # noqa: N802 - stands for a class
        """All calls of handover."""
        return merged(
            channel,
            transfers_pb2_grpc.TransferServiceStub,
            journeys_pb2_grpc.JourneyServiceStub,
            stays_pb2_grpc.StayServiceStub,
            open_cases_pb2_grpc.OpenCaseServiceStub,
            searches_pb2_grpc.SearchServiceStub,
            claims_pb2_grpc.ClaimServiceStub,
            returns_pb2_grpc.ReturnServiceStub,
            custody_pb2_grpc.CustodyServiceStub,
            closing_pb2_grpc.ClosingServiceStub,
            directory_pb2_grpc.DirectoryServiceStub,
            approvals_pb2_grpc.ApprovalServiceStub,
            sessions_pb2_grpc.SessionServiceStub,
            office_end_pb2_grpc.OfficeEndServiceStub,
            acts_pb2_grpc.ActServiceStub,
        )


_OF_TWO_PEOPLE = (office_pb2.ApprovalAsked, office_pb2.ApprovalPartlyGiven, office_pb2.ApprovalDecided)
LOOKS_MAX = 50
"""A chain of deadlines that is longer does not end."""


@dataclass(frozen=True)
class Case:
    """A case, as intake would name it."""

    id: uuid.UUID
    number: str


class World:
    """The service and everything around it."""

    def __init__(
        self,
        chassis: Chassis,
        rooms: Parts,
        clock: FakeClock,
        token_for: TokenFor,
        address: str,
        open_channels: AsyncExitStack,
    ) -> None:
        self.chassis = chassis
        self.rooms = rooms
        self.clock = clock
        self._token_for = token_for
        self._address = address
        self._open_channels = open_channels
        self._stubs: dict[tuple[str, str | None, str | None], Stub] = {}
        self.script = EventScript(clock)
        self._cases = 0
        self._heard = 0

    # Time.

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.clock.now())

    def day(self, offset: int) -> str:
        """A local day so many days from today, as requests write it."""
        return (self.today + timedelta(days=offset)).isoformat()

    async def look(self) -> int:
        """Look at the deadlines until nothing is due. Returns how many fired."""
        fired = 0
        for _ in range(LOOKS_MAX):
            found = await self.rooms.ticks[0].look()
            if not found:
                return fired
            fired += found
        raise AssertionError("the deadlines do not come to an end")

    async def after_days(self, days: int) -> list[Any]:
        """Let the days pass one by one, looking each day. Returns what was said meanwhile."""
        await self.heard()
        for _ in range(days):
            self.clock.move_by(timedelta(days=1))
            await self.look()
        return await self.heard()

    # Events.

    async def registered(self, office_id: str = POST, **fields: Any) -> Case:
        """A case that the office registered just now."""
        self._cases += 1
        case = Case(uuid.uuid4(), format_case_number(self._cases))
        event = handover_pb2.CaseRegistered(
            case_id=str(case.id),
            case_number=case.number,
            handover_id=str(uuid.uuid4()),
            receiving_office_id=office_id,
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=types.AGE_BAND_ADULT,
        )
        event.register_time.FromDatetime(fields.pop("register_time", self.clock.now()))
        event.handover_time.FromDatetime(fields.pop("handover_time", self.clock.now()))
        await self.told(case, event)
        return case

    async def told(self, case: Case, event: Message) -> None:
        """Let an event of another service take effect."""
        await deliver(self.chassis, self.script.event(case.id, event))
        await drain(self.chassis, self.rooms.handlers, self.rooms.lock_batch)

    async def checked(
        self,
        case: Case,
        *,
        by: str = POST,
        to: str = QUANG_NINH,
        verdict: types.HomeSafety.ValueType = types.HOME_SAFETY_SAFE,
        until: str | None = None,
        against_advice: bool = False,
    ) -> None:
        """Followup tells what counts about the home at a place: she may go for thirty days, if nothing else is said.

        Without a place it is the one that is planned.
        """
        if not to:
            planned = "SELECT to_office_id FROM transfer WHERE case_id = :id AND state = 'PLANNED'"
            [row] = await self.rows(planned, id=case.id)
            to = row.to_office_id
        goes = against_advice or verdict in (types.HOME_SAFETY_SAFE, types.HOME_SAFETY_WARNING_SIGNS_DECIDED)
        until = until if until is not None else self.day(30) if goes else ""
        await self.told(case, homes.told(str(case.id), by, to, until, verdict, against_advice=against_advice))

    async def consent(self, case: Case, purpose: str, state: str) -> None:
        """Intake tells what she said to a purpose today."""
        event = consent_pb2.ConsentChanged(
            case_id=str(case.id),
            purpose=purpose,
            state=types.ConsentState.Value(f"CONSENT_STATE_{state}"),
            text_version=1,
            said_on=self.day(0),
        )
        await self.told(case, event)

    async def again(self, earlier: Case, office_id: str, match: str = "LIKELY", *, said_by: str = "") -> Case:
        """Somebody at the office registers her anew, and knows of the earlier case, as they say."""
        number = format_case_number(700 + len(await self.rows("SELECT 1 FROM custody")))
        case = Case(uuid.uuid4(), number)
        event = handover_pb2.CaseRegistered(
            case_id=str(case.id),
            case_number=case.number,
            receiving_office_id=office_id,
            age_band=types.AGE_BAND_ADULT,
            earlier_case_id=str(earlier.id),
            earlier_case_match=types.EarlierCaseMatch.Value(f"EARLIER_CASE_MATCH_{match}"),
            earlier_case_said_by=account_digest(said_by) if said_by else "",
        )
        await self.told(case, event)
        return case

    async def at_home(self) -> Case:
        """Sent from the post to Quảng Ninh, arrived, and followed up there."""
        case = await self.registered()
        await self.dispatch(case)
        await self.acknowledge(case)
        await self.followed(case, segment=2)
        await self.heard()
        return case

    async def decide(
        self, method: str, earlier: Case, later: Case, *, by: str, subject: str | None = None
    ) -> custody_pb2.Custody:
        """Confirm, Deny or Undo that it is she."""
        request: Any = getattr(returns_pb2, f"{method}ReappearanceRequest")(
            request_id=new_id(), case=earlier.number, later_case=later.number
        )
        answer: Any = await getattr(self.at(by, subject=subject), f"{method}Reappearance")(request)
        custody: custody_pb2.Custody = answer.custody
        return custody

    async def followed(self, case: Case, segment: int, office_id: str = QUANG_NINH) -> None:
        """Followup answers that the obligations of a segment exist."""
        await self.told(
            case,
            followup_pb2.FollowUpsScheduled(case_id=str(case.id), office_id=office_id, segment=segment),
        )

    async def heard(self, *, approvals: bool = False) -> list[Any]:
        """What was said since the last time; with `approvals` also that somebody asked, and who decided."""
        said = await outbox_events(self.chassis)
        new, self._heard = said[self._heard :], len(said)
        return [one.message for one in new if approvals or not isinstance(one.message, _OF_TWO_PEOPLE)]

    async def names_heard(self) -> list[str]:
        """The names of the events that were said since the last time."""
        return names(await self.heard())

    # Calls.

    def at(self, office_id: str, scope: str | None = None, subject: str | None = None) -> Stub:
        """A stub that calls as somebody at this office; its calls raise RpcFailure."""
        key = office_id, scope, subject
        if key not in self._stubs:
            token = self._token_for(office_id, scope=scope, subject=subject)
            channel = Client(self._address, token).aio_channel()
            self._open_channels.push_async_callback(channel.close)
            self._stubs[key] = Stub(channel)
        return self._stubs[key]

    async def by_two(self, method: str, request: Any, *, by: str = ADMIN, scope: str | None = None) -> Any:
        """One person asks; where that waits, others approve, and the first one gets the answer."""
        call = getattr(self.at(by, scope), method)
        while True:
            try:
                return await call(request)
            except RpcFailure as failure:
                if failure.reason != "APPROVAL_NEEDED":
                    raise
                offices = failure.metadata["offices"].split(", ")
                office_id = SECOND if SECOND in offices else offices[0]
                approval_id = failure.metadata["approval_id"]
                await self.approve(approval_id, by=office_id, subject=f"another@{office_id}")

    async def approve(
        self, approval_id: str, *, by: str = SECOND, subject: str | None = None
    ) -> approvals_pb2.Approval:
        """Somebody approves what was asked for."""
        request = approvals_pb2.ApproveRequestRequest(request_id=new_id(), approval_id=approval_id)
        return (await self.at(by, subject=subject).ApproveRequest(request)).approval

    async def plan(self, case: Case, *, by: str = POST, to: str = QUANG_NINH) -> transfers_pb2.Transfer:
        """Plan a journey that begins tomorrow and takes two days."""
        request = transfers_pb2.PlanTransferRequest(
            request_id=new_id(),
            case=str(case.id),
            to_office_id=to,
            expected_departure_on=self.day(1),
            expected_arrival_on=self.day(3),
        )
        return (await self.at(by).PlanTransfer(request)).transfer

    async def dispatch(
        self, case: Case, *, by: str = POST, to: str = QUANG_NINH, arrival: str = ""
    ) -> transfers_pb2.Transfer:
        """She was asked about her home, may go, left today and is expected tomorrow."""
        await self.checked(case, by=by, to=to)
        request = transfers_pb2.DispatchTransferRequest(
            request_id=new_id(),
            case=str(case.id),
            to_office_id=to,
            expected_arrival_on=arrival or self.day(1),
        )
        return (await self.at(by).DispatchTransfer(request)).transfer

    async def acknowledge(
        self, case: Case, *, by: str = QUANG_NINH, on: str = "", etag: str = ""
    ) -> transfers_pb2.Transfer:
        """She arrived, today unless another day is given."""
        request = transfers_pb2.AcknowledgeTransferRequest(
            request_id=new_id(), case=case.number, arrived_on=on, etag=etag
        )
        return (await self.at(by).AcknowledgeTransfer(request)).transfer

    async def reject(self, case: Case, *, by: str = QUANG_NINH, etag: str = "") -> transfers_pb2.Transfer:
        """She does not live there."""
        request = transfers_pb2.RejectTransferRequest(
            request_id=new_id(),
            case=str(case.id),
            reason=types.REJECT_REASON_NOT_RESIDENT,
            etag=etag,
        )
        return (await self.at(by).RejectTransfer(request)).transfer

    async def recall(self, case: Case, *, by: str = POST) -> transfers_pb2.Transfer:
        """Take the transfer back."""
        request = transfers_pb2.RecallTransferRequest(request_id=new_id(), case=str(case.id))
        return (await self.at(by).RecallTransfer(request)).transfer

    async def take_back(self, case: Case, *, by: str = QUANG_NINH, scope: str | None = None) -> transfers_pb2.Transfer:
        """The last answer was a mistake."""
        request = transfers_pb2.TakeBackAnswerRequest(
            request_id=new_id(), case=str(case.id), reason=types.TAKE_BACK_REASON_WRONG_PERSON
        )
        return (await self.at(by, scope).TakeBackAnswer(request)).transfer

    async def correct_arrival(
        self, case: Case, on: str, *, by: str = QUANG_NINH, scope: str | None = None
    ) -> custody_pb2.Custody:
        """She arrived on another day."""
        request = custody_pb2.CorrectArrivalRequest(
            request_id=new_id(),
            case=str(case.id),
            arrived_on=on,
            reason=types.ARRIVAL_CORRECTION_REASON_MISTYPED,
        )
        return (await self.at(by, scope).CorrectArrival(request)).custody

    async def accept(self, case: Case, *, by: str = QUANG_NINH, etag: str = "") -> transfers_pb2.Transfer:
        """She is expected."""
        request = transfers_pb2.AcceptTransferRequest(request_id=new_id(), case=str(case.id), etag=etag)
        return (await self.at(by).AcceptTransfer(request)).transfer

    async def not_arrived(self, case: Case, *, by: str = QUANG_NINH) -> transfers_pb2.Transfer:
        """She did not come."""
        request = transfers_pb2.ReportNotArrivedRequest(request_id=new_id(), case=str(case.id))
        return (await self.at(by).ReportNotArrived(request)).transfer

    async def redirect(self, case: Case, *, by: str = POST, to: str = HANOI, **fields: Any) -> Any:
        """She is on the way elsewhere, and expected in two days."""
        fields.setdefault("expected_arrival_on", self.day(2))
        request = transfers_pb2.RedirectTransferRequest(
            request_id=new_id(), case=str(case.id), to_office_id=to, **fields
        )
        return await self.at(by).RedirectTransfer(request)

    async def admit(self, case: Case, *, by: str = CENTRE, on: str = "", asked: bool = False) -> Any:
        """She stays here; unless she was `asked` whether she wants to, that is done later."""
        request = stays_pb2.AdmitPersonRequest(
            request_id=new_id(), case=str(case.id), admitted_on=on, cannot_be_asked=not asked
        )
        return await self.at(by).AdmitPerson(request)

    async def discharge(self, case: Case, *, by: str = CENTRE, **fields: Any) -> custody_pb2.Custody:
        """She left, to a place of her own choice in Quảng Ninh unless something else is said."""
        if not fields:
            fields = {
                "destination": types.DISCHARGE_DESTINATION_OWN_CHOICE,
                "province": types.ProvinceRef(code="22", vintage="2025"),
            }
        request = stays_pb2.DischargePersonRequest(request_id=new_id(), case=str(case.id), **fields)
        return (await self.at(by).DischargePerson(request)).custody

    async def step(self, case: Case, *, by: str = POST, scope: str | None = None) -> custody_pb2.Search:
        """The police was asked."""
        request = searches_pb2.RecordSearchStepRequest(
            request_id=new_id(), case=str(case.id), kind=types.SEARCH_STEP_KIND_POLICE_ASKED
        )
        return (await self.at(by, scope).RecordSearchStep(request)).search

    async def resolve(self, case: Case, how: Any, *, by: str = POST, scope: str | None = None, **fields: Any) -> Any:
        """The search has come to an end."""
        request = searches_pb2.ResolveSearchRequest(request_id=new_id(), case=str(case.id), resolution=how, **fields)
        return await self.by_two("ResolveSearch", request, by=by, scope=scope)

    async def claim(self, case: Case, office_id: str, *, by: str = POST, on: str = "") -> Any:
        """She is said to be there, since today unless another day is given."""
        found = types.SEARCH_RESOLUTION_FOUND
        return await self.resolve(case, found, by=by, office_id=office_id, on=on or self.day(0))

    async def confirm(self, case: Case, *, by: str, **fields: Any) -> claims_pb2.ConfirmFoundResponse:
        """And she is."""
        request = claims_pb2.ConfirmFoundRequest(request_id=new_id(), case=case.number, **fields)
        return await self.at(by).ConfirmFound(request)

    async def deny(self, case: Case, *, by: str, **fields: Any) -> None:
        """She is not."""
        request = claims_pb2.DenyFoundRequest(request_id=new_id(), case=case.number, **fields)
        await self.at(by).DenyFound(request)

    async def withdraw_claim(self, case: Case, *, by: str = POST) -> custody_pb2.Search:
        """It is taken back."""
        request = claims_pb2.WithdrawClaimRequest(request_id=new_id(), case=case.number)
        return (await self.at(by).WithdrawClaim(request)).search

    async def reassign(
        self, case: Case, to: str, *, by: str = "SV-NATIONAL", scope: str | None = None, since: str = ""
    ) -> custody_pb2.Custody:
        """A supervisor makes another office accountable."""
        request = custody_pb2.ReassignCaseRequest(
            request_id=new_id(),
            case=str(case.id),
            office_id=to,
            reason=types.REASSIGN_REASON_OFFICE_CANNOT,
            with_office_since=since,
        )
        answer: custody_pb2.ReassignCaseResponse = await self.by_two("ReassignCase", request, by=by, scope=scope)
        return answer.custody

    async def close(
        self, case: Case, reason: str, *, by: str = POST, scope: str | None = None, **fields: Any
    ) -> custody_pb2.Custody:
        """The story ends."""
        why = types.CloseReason.Value(f"CLOSE_REASON_{reason}")
        request = closing_pb2.CloseCaseRequest(request_id=new_id(), case=str(case.id), reason=why, **fields)
        answer: closing_pb2.CloseCaseResponse = await self.by_two("CloseCase", request, by=by, scope=scope)
        return answer.custody

    async def withdraw_under_way(self, case: Case, *, by: str = POST, scope: str | None = None) -> custody_pb2.Custody:
        """It should not exist, although she left."""
        why = types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE
        request = closing_pb2.WithdrawUnderWayRequest(request_id=new_id(), case=str(case.id), reason=why)
        answer: closing_pb2.WithdrawUnderWayResponse = await self.by_two(
            "WithdrawUnderWay", request, by=by, scope=scope
        )
        return answer.custody

    async def withdraw(self, case: Case) -> None:
        """The office that registered her withdrew, says intake."""
        await self.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))

    async def reopen(
        self, case: Case, reason: str = "MISTAKE", *, by: str = POST, scope: str | None = None
    ) -> custody_pb2.Custody:
        """It goes on."""
        why = types.ReopenReason.Value(f"REOPEN_REASON_{reason}")
        request = closing_pb2.ReopenCaseRequest(request_id=new_id(), case=str(case.id), reason=why)
        return (await self.at(by, scope).ReopenCase(request)).custody

    async def decided(self, case: Case, status: str, revision: int = 1) -> None:
        """A verifier decided."""
        event = identification_pb2.IdentificationDecided(
            case_id=str(case.id),
            status=types.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}"),
            deciding_office_id="VF-20",
            decided_on=self.day(0),
            revision=revision,
        )
        await self.told(case, event)

    async def lose(self, case: Case) -> None:
        """She is sent from the post to Quảng Ninh, and nobody answers."""
        await self.dispatch(case)
        await self.after_days(14)
        assert (await self.stands(case))[0] == "SEARCH"

    async def home(self, case: Case, *, by: str, on: str = "") -> custody_pb2.Custody:
        """She is home."""
        request = custody_pb2.RecordHomeRequest(request_id=new_id(), case=str(case.id), home_on=on)
        return (await self.at(by).RecordHome(request)).custody

    async def custody(self, case: Case, *, by: str, scope: str | None = None) -> custody_pb2.Custody:
        """The custody as this office sees it."""
        request = custody_pb2.GetCustodyRequest(case=case.number)
        return (await self.at(by, scope).GetCustody(request)).custody

    # What the database holds.

    async def rows(self, sql: str, **parameters: object) -> list[Any]:
        """Rows of the service's database."""
        async with self.chassis.engine.connect() as connection:
            return list(await connection.execute(text(sql), parameters))

    async def stands(self, case: Case) -> tuple[str, str, str | None]:
        """Phase, accountable office, and the rule of the armed deadline."""
        (row,) = await self.rows(
            "SELECT c.phase, c.accountable_office_id AS office, o.rule FROM custody c"
            " LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED'"
            " WHERE c.case_id = :id",
            id=case.id,
        )
        return row.phase, row.office, row.rule


def new_id() -> str:
    """A request id."""
    return str(uuid.uuid4())


def names(events: list[Any]) -> list[str]:
    """The short names of events."""
    return [event.DESCRIPTOR.name for event in events]


async def refused(call: Awaitable[Any]) -> str:
    """The reason for which a call is refused."""
    with pytest.raises(RpcFailure) as failure:
        await call
    return failure.value.reason


async def waits(call: Awaitable[Any]) -> str:
    """The id under which a call waits for others; raises what it is refused for otherwise."""
    try:
        await call
    except RpcFailure as failure:
        if failure.reason == "APPROVAL_NEEDED":
            return failure.metadata["approval_id"]
        raise
    raise AssertionError("one person was enough")


async def violated(call: Awaitable[Any]) -> list[tuple[str, str]]:
    """Fields and codes for which a call is refused."""
    with pytest.raises(RpcFailure) as failure:
        await call
    return [(each.field, each.code) for each in failure.value.violations]


@asynccontextmanager
async def world_of(chassis: Chassis, clock: FakeClock, token_for: TokenFor) -> AsyncIterator[World]:
    """Serve a handover service on this chassis."""
    rooms = DEFINITION.build(chassis)
    async with serve(rooms, chassis) as address, AsyncExitStack() as open_channels:
        yield World(chassis, rooms, clock, token_for, address, open_channels)
