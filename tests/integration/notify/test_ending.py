"""An office ends: what it has not read is in the inbox of whoever took over, and so is what comes later."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import handover_pb2, office_pb2, transfer_pb2
from homeward.notify.v1 import inbox_pb2, inbox_pb2_grpc
from homeward.office.v1 import office_end_pb2, office_end_pb2_grpc
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.service.process import Chassis
from services.notify.__main__ import DEFINITION
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.identities import call_metadata
from tests.support.processes import serve
from tests.support.stubs import merged
from tests.support.waiting import patient

POST = "BP-CN-HUU-NGHI"
HOME, HEIR = "SA-22", "SA-24"
ADMIN = "ADMIN-NATIONAL"
CALL_S = patient(10.0)


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    return chassis_for("notify", service_database("notify"), clock)


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    return EventScript(clock)


@asynccontextmanager
async def served(chassis: Chassis) -> AsyncIterator[Any]:
    async with serve(DEFINITION, chassis) as address, grpc.aio.insecure_channel(address) as channel:
        yield merged(channel, inbox_pb2_grpc.InboxServiceStub, office_end_pb2_grpc.OfficeEndServiceStub)


async def hear(chassis: Chassis, script: EventScript, subject: uuid.UUID, *events: Message) -> None:
    await deliver(chassis, *(script.event(subject, event) for event in events))
    await drain(chassis, DEFINITION.build(chassis).handlers)


def sent(case_id: uuid.UUID, to: str = HOME) -> list[Message]:
    transfer_id = str(uuid.uuid4())
    return [
        handover_pb2.CaseRegistered(case_id=str(case_id), case_number="HW-999-999-957", receiving_office_id=POST),
        transfer_pb2.TransferDispatched(
            case_id=str(case_id),
            transfer_id=transfer_id,
            from_office_id=POST,
            to_office_id=to,
            departed_on="2026-03-02",
            expected_arrival_on="2026-03-03",
            acknowledge_due_on="2026-03-06",
        ),
    ]


def ended(successor_id: str = HEIR, heir_id: str = "") -> office_pb2.OfficeEnded:
    return office_pb2.OfficeEnded(
        office_id=HOME, successor_id=successor_id, valid_to="2026-03-01", heir_id=heir_id or successor_id
    )


async def inboxes(chassis: Chassis) -> dict[str, int]:
    """Unread messages about cases, by inbox; that an office has ended is told besides."""
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT office_id, count(*) AS n FROM message WHERE read_at IS NULL AND kind <> 'OFFICE_ENDED'"
                " GROUP BY office_id"
            )
        )
        return {row.office_id: row.n for row in rows}


async def test_what_was_not_read_or_is_to_be_done_moves_and_the_rest_stays(
    chassis: Chassis, script: EventScript, token_for: TokenFor
) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    await hear(chassis, script, first, *sent(first))
    async with chassis.engine.begin() as connection:
        # Read, and done: it stays where it was read.
        await connection.execute(
            text("UPDATE message SET read_at = now(), done_at = now(), done_by = 'ACCEPTED' WHERE office_id = :office"),
            {"office": HOME},
        )
    await hear(chassis, script, second, *sent(second))
    third = uuid.uuid4()
    await hear(chassis, script, third, *sent(third))
    async with chassis.engine.begin() as connection:
        # Read, and still to be done: it moves.
        await connection.execute(text("UPDATE message SET read_at = now() WHERE case_id = :case"), {"case": third})
    before = await inboxes(chassis)
    await hear(chassis, script, OFFICE_SUBJECT, ended())
    after = await inboxes(chassis)
    assert HOME not in after
    assert after[HEIR] == before[HOME] == 1
    assert after[POST] == before[POST]
    async with served(chassis) as stub:
        request = office_end_pb2.GetOfficeEndRequest(office_id=HOME)
        done = await stub.GetOfficeEnd(request, metadata=call_metadata(token_for(ADMIN)), timeout=CALL_S)
        assert (done.done, dict(done.moved), done.left) == (True, {"messages": 2}, 0)
        listed = await stub.ListMessages(
            inbox_pb2.ListMessagesRequest(include_read=True, language="en"),
            metadata=call_metadata(token_for(HEIR)),
            timeout=CALL_S,
        )
        # That it took over is told, too, and is about no case.
        assert {message.case_id for message in listed.messages} == {str(first), str(second), str(third), ""}
        assert (listed.unread_count, listed.to_do_count) == (2, 2)


async def test_two_messages_of_one_event_both_reach_the_one_office_that_is_left(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    """Sender and addressee were told by different messages; now they are one office."""
    case_id = uuid.uuid4()
    events = sent(case_id)
    assert isinstance(events[1], transfer_pb2.TransferDispatched)
    events[1].from_office_id = HEIR
    rejected = transfer_pb2.TransferRejected(
        case_id=str(case_id), transfer_id=events[1].transfer_id, from_office_id=HEIR, to_office_id=HOME
    )
    await hear(chassis, script, case_id, *events)
    before = await inboxes(chassis)
    clock.move_by(timedelta(hours=1))
    await hear(chassis, script, OFFICE_SUBJECT, ended())
    assert (await inboxes(chassis))[HEIR] == before[HEIR] + before[HOME] == 2
    clock.move_by(timedelta(hours=1))
    await hear(chassis, script, case_id, rejected)
    async with chassis.engine.connect() as connection:
        done = await connection.execute(text("SELECT kind, done_by FROM message WHERE done_at IS NOT NULL"))
        assert [tuple(row) for row in done] == [("TRANSFER_UNDER_WAY", "REJECTED")]


async def test_news_that_were_on_their_way_come_to_the_successor(chassis: Chassis, script: EventScript) -> None:
    case_id = uuid.uuid4()
    await hear(chassis, script, OFFICE_SUBJECT, ended())
    await hear(chassis, script, case_id, *sent(case_id))
    found = await inboxes(chassis)
    assert found[HEIR] == 1
    assert HOME not in found
    async with chassis.engine.connect() as connection:
        receiver_id = await connection.scalar(
            text("SELECT receiver_id FROM notify_case WHERE case_id = :id"), {"id": case_id}
        )
        told = await connection.execute(
            text("SELECT told_id FROM message WHERE office_id = :heir AND case_id = :id"), {"heir": HEIR, "id": case_id}
        )
        assert receiver_id == HEIR
        assert len(told.all()) == 1


async def test_where_nobody_succeeds_the_supervisor_reads_it(chassis: Chassis, script: EventScript) -> None:
    case_id = uuid.uuid4()
    await hear(chassis, script, case_id, *sent(case_id))
    await hear(chassis, script, OFFICE_SUBJECT, ended(successor_id="", heir_id="SV-22"))
    found = await inboxes(chassis)
    assert HOME not in found
    assert found["SV-22"] >= 1
