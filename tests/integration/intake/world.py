"""Intake served over a real connection on a database of its own, and who calls it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import grpc
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import transfer_pb2
from homeward.intake.v1 import (
    break_glass_pb2_grpc,
    cases_pb2,
    consents_pb2_grpc,
    family_pb2_grpc,
    handovers_pb2_grpc,
    identification_pb2_grpc,
    legal_steps_pb2_grpc,
    people_pb2,
    reading_pb2,
    reading_pb2_grpc,
    submissions_pb2_grpc,
)
from homeward.office.v1 import acts_pb2_grpc, office_end_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.service.process import Chassis
from services.intake.__main__ import build
from services.intake.application.legal_steps import Watch
from services.intake.streams import handlers
from tests.integration.intake.people import submission
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, SaidEvent, deliver, drain, outbox_events
from tests.support.fixtures import TokenFor
from tests.support.identities import call_metadata
from tests.support.processes import serve
from tests.support.stubs import merged
from tests.support.waiting import patient

POST = "BP-CN-HUU-NGHI"
OTHER_POST = "BP-CN-MONG-CAI"
CENTRE = "RC-LAO-CAI"
HOME_AGENCY = "SA-08"
OTHER_AGENCY = "SA-01"
COMMUNE = "CM-20-01"
POLICE = "VF-20"
"""Of the province of POST: it decides."""
HOME_POLICE = "VF-08"
OTHER_POLICE = "VF-01"
SUPERVISOR = "SV-NATIONAL"
HOME_SUPERVISOR = "SV-08"
OTHER_SUPERVISOR = "SV-01"
AUDITOR = "AUDIT-NATIONAL"
CALL_S = 10.0
PURPOSE = "Gọi điện ví dụ"


def watch_of(chassis: Chassis) -> Watch:
    """What the service watches by."""
    return Watch(chassis.calendar, chassis.directory)


@dataclass
class World:
    """The service and the events that others send it."""

    chassis: Chassis
    clock: FakeClock
    stub: Any
    token_for: TokenFor
    script: EventScript

    async def call(self, office_id: str, request: Message, **token: Any) -> Any:
        """Call the method that takes this request, as somebody at this office."""
        method = type(request).__name__.removesuffix("Request")
        metadata = call_metadata(self.token_for(office_id, **token))
        try:
            return await getattr(self.stub, method)(request, metadata=metadata, timeout=patient(CALL_S))
        except grpc.aio.AioRpcError as error:
            raise RpcFailure.of(method, error) from None

    async def registered(self, *people: people_pb2.Person, office_id: str = POST) -> uuid.UUID:
        """The case of the first person of a new handover."""
        request = submission(*people, at=self.clock.now())
        receipt = (await self.call(office_id, request)).receipt
        return uuid.UUID(receipt.entries[0].case_id)

    async def get(self, office_id: str, case: object, **request: Any) -> cases_pb2.Case:
        """The case without identity."""
        answer = await self.call(office_id, reading_pb2.GetCaseRequest(case=str(case), **request))
        found: cases_pb2.Case = answer.case
        return found

    async def read(self, office_id: str, case: object, **token: Any) -> cases_pb2.Case:
        """The case with as much identity as this office may see."""
        request = reading_pb2.GetCaseRequest(case=str(case), include_identity=True, purpose=PURPOSE)
        found: cases_pb2.Case = (await self.call(office_id, request, **token)).case
        return found

    async def hear(self, case: uuid.UUID, *messages: Message, calendar: WorkingCalendar | None = None) -> None:
        """Let events of a case take effect; `calendar`: another one than the service's."""
        events = [self.script.event(case, message) for message in messages]
        assert await deliver(self.chassis, *events) == len(events)
        watch = watch_of(self.chassis)
        await drain(self.chassis, handlers(replace(watch, calendar=calendar) if calendar else watch))

    async def said(self, kind: type[Message]) -> list[SaidEvent]:
        """The events of a type that intake said."""
        return [one for one in await outbox_events(self.chassis) if isinstance(one.message, kind)]

    async def rows(self, sql: str, **parameters: object) -> list[Any]:
        """Rows of a statement on the service's database."""
        async with self.chassis.engine.begin() as connection:
            return list(await connection.execute(text(sql), parameters))

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int((await self.rows(f"SELECT count(*) AS n FROM {table}"))[0].n)


@asynccontextmanager
async def world_of(chassis: Chassis, clock: FakeClock, token_for: TokenFor) -> AsyncIterator[World]:
    """A served intake."""
    async with (
        serve(build(chassis), chassis) as address,
        grpc.aio.insecure_channel(address) as channel,
    ):
        stub = merged(
            channel,
            submissions_pb2_grpc.SubmissionServiceStub,
            identification_pb2_grpc.IdentificationServiceStub,
            legal_steps_pb2_grpc.LegalStepServiceStub,
            family_pb2_grpc.FamilyServiceStub,
            break_glass_pb2_grpc.BreakGlassServiceStub,
            consents_pb2_grpc.ConsentServiceStub,
            handovers_pb2_grpc.HandoverServiceStub,
            reading_pb2_grpc.ReadingServiceStub,
            office_end_pb2_grpc.OfficeEndServiceStub,
            acts_pb2_grpc.ActServiceStub,
        )
        yield World(chassis, clock, stub, token_for, EventScript(clock))


# What the handover service says, in the order in which it says it ------------------------------


class Custody:
    """Writes the transfer stream of one case."""

    def __init__(self, case: uuid.UUID, office_id: str = POST) -> None:
        self.case = case
        self.office_id = office_id
        self.segment = 0
        self.transfer = uuid.uuid4()
        self.to = ""

    def changed(
        self, phase: types.CasePhase.ValueType, cause: types.CustodyCause.ValueType, to: str = ""
    ) -> transfer_pb2.CustodyChanged:
        """Custody began, passed or ended."""
        self.segment += 1
        previous, self.office_id = self.office_id, to or self.office_id
        return transfer_pb2.CustodyChanged(
            case_id=str(self.case),
            segment=self.segment,
            phase=phase,
            accountable_office_id=self.office_id,
            previous_office_id=previous if self.segment > 1 else "",
            cause=cause,
        )

    def registered(self) -> transfer_pb2.CustodyChanged:
        """The first segment."""
        return self.changed(types.CASE_PHASE_REGISTERED, types.CUSTODY_CAUSE_REGISTERED)

    def dispatched(self, to: str) -> transfer_pb2.TransferDispatched:
        """The person left."""
        self.to, self.transfer = to, uuid.uuid4()
        return transfer_pb2.TransferDispatched(
            case_id=str(self.case),
            transfer_id=str(self.transfer),
            from_office_id=self.office_id,
            to_office_id=to,
            departed_on=date(2026, 3, 2).isoformat(),
        )

    def planned(self, to: str) -> transfer_pb2.TransferPlanned:
        """The journey was announced."""
        self.to, self.transfer = to, uuid.uuid4()
        planned: transfer_pb2.TransferPlanned = self._answer(transfer_pb2.TransferPlanned)
        return planned

    def _answer(self, kind: Any) -> Any:
        return kind(
            case_id=str(self.case),
            transfer_id=str(self.transfer),
            from_office_id=self.office_id,
            to_office_id=self.to,
        )

    def accepted(self) -> transfer_pb2.TransferAccepted:
        """The addressed office accepted the duty."""
        answer: transfer_pb2.TransferAccepted = self._answer(transfer_pb2.TransferAccepted)
        return answer

    def not_arrived(self) -> transfer_pb2.TransferNotArrived:
        """The addressed office reported that she did not arrive."""
        answer: transfer_pb2.TransferNotArrived = self._answer(transfer_pb2.TransferNotArrived)
        return answer

    def redirected(self, to: str) -> list[Message]:
        """The sender sent the person to another office."""
        ended: transfer_pb2.TransferRedirected = self._answer(transfer_pb2.TransferRedirected)
        dispatched = self.dispatched(to)
        ended.new_transfer_id, ended.new_to_office_id = dispatched.transfer_id, to
        return [ended, dispatched]

    def superseded(self) -> transfer_pb2.TransferSuperseded:
        """The person turned up elsewhere."""
        answer: transfer_pb2.TransferSuperseded = self._answer(transfer_pb2.TransferSuperseded)
        return answer

    def admitted(self) -> list[Message]:
        """A facility acknowledged: two events of one transaction."""
        acknowledged: Message = self._answer(transfer_pb2.TransferAcknowledged)
        stays = self.changed(types.CASE_PHASE_ADMITTED, types.CUSTODY_CAUSE_ADMITTED, self.to)
        return [acknowledged, stays, transfer_pb2.PersonAdmitted(case_id=str(self.case), office_id=self.to)]

    def discharged(self) -> transfer_pb2.PersonDischarged:
        """She left the facility."""
        return transfer_pb2.PersonDischarged(case_id=str(self.case), office_id=self.office_id)

    def found(self, at: str, phase: types.CasePhase.ValueType) -> list[Message]:
        """A search found her at an office."""
        resolution = types.SEARCH_RESOLUTION_FOUND
        moved = self.changed(phase, types.CUSTODY_CAUSE_FOUND, at)
        return [moved, transfer_pb2.SearchResolved(case_id=str(self.case), resolution=resolution)]

    def rejected(self) -> transfer_pb2.TransferRejected:
        """The addressed office rejected."""
        answer: transfer_pb2.TransferRejected = self._answer(transfer_pb2.TransferRejected)
        return answer

    def recalled(self) -> transfer_pb2.TransferRecalled:
        """The sender recalled."""
        answer: transfer_pb2.TransferRecalled = self._answer(transfer_pb2.TransferRecalled)
        return answer

    def arrived(self) -> list[Message]:
        """The addressed office acknowledged: two events of one transaction."""
        acknowledged: Message = self._answer(transfer_pb2.TransferAcknowledged)
        return [
            acknowledged,
            self.changed(types.CASE_PHASE_ARRIVED, types.CUSTODY_CAUSE_ARRIVED, self.to),
        ]

    def retracted(self, sender: str) -> list[Message]:
        """The acknowledgement was taken back."""
        said: Message = self._answer(transfer_pb2.AcknowledgementRetracted)
        return [
            said,
            self.changed(types.CASE_PHASE_IN_TRANSIT, types.CUSTODY_CAUSE_ARRIVAL_RETRACTED, sender),
        ]

    def lost(self) -> transfer_pb2.PersonLost:
        """A search was opened."""
        return transfer_pb2.PersonLost(case_id=str(self.case), search_id=str(uuid.uuid4()))
