"""Who did what is listed by every service: to auditors with names, to supervisors without, in scope."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence

import grpc
import pytest
from sqlalchemy import text

from homeward.notify.v1 import inbox_pb2, inbox_pb2_grpc
from homeward.office.v1 import acts_pb2, acts_pb2_grpc
from services.chassis.kernel.case_number import format_case_number
from services.chassis.service.process import Chassis
from services.notify.__main__ import DEFINITION
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.identities import call_metadata
from tests.support.processes import serve

AUDITOR, NATION = "AUDIT-NATIONAL", "SV-NATIONAL"
NUMBER, NOBODYS = format_case_number(7), format_case_number(8)


class Desks:
    """Calls by people of offices."""

    def __init__(self, channel: grpc.aio.Channel, token_for: TokenFor) -> None:
        self._inbox = inbox_pb2_grpc.InboxServiceStub(channel)
        self._acts = acts_pb2_grpc.ActServiceStub(channel)
        self._token_for = token_for

    async def act(self, office: str, subject: str) -> str:
        """Do something; returns the request's id."""
        request_id = str(uuid.uuid4())
        request = inbox_pb2.MarkMessagesReadRequest(request_id=request_id, message_ids=[str(uuid.uuid4())])
        metadata = call_metadata(self._token_for(office, subject=subject))
        await self._inbox.MarkMessagesRead(request, metadata=metadata)
        return request_id

    async def listed(
        self, office: str, request: acts_pb2.ListActsRequest | None = None, scope: str | None = None
    ) -> acts_pb2.ListActsResponse:
        """What an overseer is shown."""
        metadata = call_metadata(self._token_for(office, scope=scope))
        answer: acts_pb2.ListActsResponse = await self._acts.ListActs(
            request or acts_pb2.ListActsRequest(), metadata=metadata
        )
        return answer


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    return chassis_for("notify", service_database("notify"), clock)


@pytest.fixture
async def desks(chassis: Chassis, token_for: TokenFor) -> AsyncIterator[Desks]:
    async with serve(DEFINITION, chassis) as address, grpc.aio.insecure_channel(address) as channel:
        yield Desks(channel, token_for)


def offices(answer: acts_pb2.ListActsResponse) -> Sequence[str]:
    return [act.office_id for act in answer.acts]


async def test_an_auditor_sees_who_it_was(desks: Desks, clock: FakeClock) -> None:
    request_id = await desks.act("SA-24", "an.officer")
    [act] = (await desks.listed(AUDITOR, scope="national")).acts
    assert (act.method, act.office_id, act.role) == ("MarkMessagesRead", "SA-24", "SUPPORT_AGENCY")
    assert (act.subject, act.request_id) == ("an.officer", request_id)
    assert act.at.ToDatetime(tzinfo=clock.now().tzinfo) == clock.now()
    assert uuid.UUID(act.token_id)
    assert act.peer.startswith("ipv4:127.0.0.1:")
    assert act.correlation_id


async def test_a_supervisor_sees_the_offices_in_scope_and_who_are_the_same(desks: Desks) -> None:
    for office, subject in (("SA-24", "an.officer"), ("SA-22", "another"), ("SA-24", "third"), ("SA-24", "an.officer")):
        await desks.act(office, subject)
    assert offices(await desks.listed(NATION)) == ["SA-24", "SA-24", "SA-22", "SA-24"]
    acts = (await desks.listed("SV-24")).acts
    assert [act.office_id for act in acts] == ["SA-24"] * 3
    assert acts[0].actor == acts[2].actor != acts[1].actor
    assert {(act.subject, act.token_id, act.peer) for act in acts} == {("", "", "")}


async def test_an_auditor_of_a_province_sees_its_part(desks: Desks) -> None:
    for office in ("SA-24", "SA-22"):
        await desks.act(office, "an.officer")
    assert offices(await desks.listed(AUDITOR, scope="22@2025")) == ["SA-22"]
    assert offices(await desks.listed(AUDITOR)) == []


async def test_the_list_is_narrowed_and_paged(desks: Desks, chassis: Chassis) -> None:
    for office, subject in (("SA-24", "one"), ("SA-22", "one"), ("SA-24", "two")):
        await desks.act(office, subject)
    case_id = uuid.uuid4()
    async with chassis.engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO notify_case (case_id, case_number, changed_at) VALUES (:case_id, :number, now())"),
            {"case_id": case_id, "number": NUMBER},
        )
        await connection.execute(
            text(
                "INSERT INTO act (at, method, case_ids, office_id, role, subject, token_id, request_id, correlation_id,"
                " peer) VALUES (now(), 'X', ARRAY[CAST(:case_id AS uuid)], 'SA-22', 'SUPPORT_AGENCY', 'two', '',"
                " :case_id, '', '')"
            ),
            {"case_id": case_id},
        )
    ask = acts_pb2.ListActsRequest

    async def counted(request: acts_pb2.ListActsRequest) -> int:
        return len((await desks.listed(AUDITOR, request, scope="national")).acts)

    assert await counted(ask(subject="one")) == 2
    assert await counted(ask(office_id="SA-24")) == 2
    assert await counted(ask(office_id="SA-24", subject="two")) == 1
    assert await counted(ask(case=str(case_id))) == 1
    assert await counted(ask(case=NUMBER)) == 1
    (act,) = (await desks.listed(AUDITOR, ask(case=NUMBER), scope="national")).acts
    assert (list(act.case_ids), list(act.case_numbers)) == ([str(case_id)], [NUMBER])
    assert await counted(ask(case=NOBODYS)) == 0

    first = await desks.listed(AUDITOR, ask(page_size=3), scope="national")
    rest = await desks.listed(AUDITOR, ask(page_size=3, page_token=first.next_page_token), scope="national")
    assert [act.number for act in (*first.acts, *rest.acts)] == [4, 3, 2, 1]
    assert rest.next_page_token == ""


async def test_a_supervisor_may_not_ask_for_a_person(desks: Desks) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desks.listed(NATION, acts_pb2.ListActsRequest(subject="an.officer"))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_others_may_not_ask(desks: Desks) -> None:
    for office in ("SA-24", "ADMIN-NATIONAL", "VF-22"):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await desks.listed(office)
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
