"""A mutation is answered once for its office and request id, whoever comes first."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from homeward.notify.v1 import inbox_pb2
from services.chassis.calls.answers import Answers, Asked, digest_of, earlier_answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import CallContext, set_call
from services.chassis.events.signals import Signal
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.errors import InvalidInput, RequestIdReused
from services.chassis.storage.database import create_engine
from tests.support.clocks import FakeClock
from tests.support.fixtures import ServiceDatabase
from tests.support.identities import caller_for, officer_of
from tests.support.signing import signer_of

KEY = b"k" * 32
OFFICE, OTHER_OFFICE = "SA-22", "SA-24"
METHOD = "/homeward.notify.v1.NotifyService/MarkMessagesRead"

PEER = "ipv4:10.22.0.7:50312"

MARKED = inbox_pb2.MarkMessagesReadResponse


@pytest.fixture
async def engine(service_database: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(service_database("chassis"), "homeward-test-answers", pool_size=4)
    yield engine
    await engine.dispose()


@pytest.fixture
def answers(engine: AsyncEngine, clock: FakeClock) -> Answers:
    return Answers(Units(engine, clock, signer_of("chassis"), Signal()), KEY)


def asked_of(answers: Answers, request_id: str, *ids: str, office: str = OFFICE, method: str = METHOD) -> Asked:
    caller = replace(caller_for(office), token_id="token-7")
    set_call(CallContext(caller, "correlation", "", method, "en", PEER))
    fields = Fields()
    asked = answers.asked(fields, inbox_pb2.MarkMessagesReadRequest(request_id=request_id, message_ids=ids))
    fields.done()
    return asked


class Work:
    """Answers how often it was called."""

    def __init__(self, *, fails: bool = False) -> None:
        self.calls = 0
        self.fails = fails

    async def __call__(self, uow: UnitOfWork) -> inbox_pb2.MarkMessagesReadResponse:
        self.calls += 1
        if self.fails:
            raise ValueError
        return inbox_pb2.MarkMessagesReadResponse(marked_count=self.calls)


async def answered(answers: Answers, asked: Asked, work: Work) -> int:
    return (await answers.once(asked, inbox_pb2.MarkMessagesReadResponse, work)).marked_count


def new_id() -> str:
    return str(uuid.uuid4())


async def test_the_same_request_gets_the_same_answer(answers: Answers) -> None:
    work, request_id = Work(), new_id()
    for _ in range(3):
        assert await answered(answers, asked_of(answers, request_id, "a"), work) == 1
    assert work.calls == 1
    assert await answered(answers, asked_of(answers, new_id(), "a"), work) == 2


async def test_the_same_id_with_other_content_or_for_another_method_is_refused(answers: Answers) -> None:
    work, request_id = Work(), new_id()
    await answered(answers, asked_of(answers, request_id, "a"), work)
    for other in (
        asked_of(answers, request_id, "b"),
        asked_of(answers, request_id, "a", method="/homeward.notify.v1.NotifyService/Forget"),
    ):
        with pytest.raises(RequestIdReused) as refused:
            await answered(answers, other, work)
        assert refused.value.details == {"request_id": request_id}
    assert work.calls == 1


async def test_offices_do_not_know_of_one_anothers_ids(answers: Answers) -> None:
    work, request_id = Work(), new_id()
    assert await answered(answers, asked_of(answers, request_id, "a"), work) == 1
    assert await answered(answers, asked_of(answers, request_id, "b", office=OTHER_OFFICE), work) == 2


async def test_two_at_once_get_one_answer(answers: Answers) -> None:
    work, request_id = Work(), new_id()
    asked = asked_of(answers, request_id, "a")
    assert await asyncio.gather(*(answered(answers, asked, work) for _ in range(4))) == [1, 1, 1, 1]
    assert work.calls == 1


async def test_what_failed_was_not_answered(answers: Answers) -> None:
    asked = asked_of(answers, new_id(), "a")
    with pytest.raises(ValueError):
        await answered(answers, asked, Work(fails=True))
    assert await answered(answers, asked, Work()) == 1


async def test_answers_under_the_whole_name_of_a_method_still_stand(answers: Answers, engine: AsyncEngine) -> None:
    asked, work = asked_of(answers, new_id(), "a"), Work()
    await answered(answers, asked, work)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE request_log SET method = :method"), {"method": METHOD})
    assert await answered(answers, asked, work) == 1
    assert work.calls == 1


async def test_many_are_looked_up_at_once(answers: Answers, engine: AsyncEngine) -> None:
    known, unknown = asked_of(answers, new_id(), "a"), asked_of(answers, new_id(), "a")
    await answered(answers, known, Work())
    async with engine.connect() as connection:
        found = await earlier_answers(connection, [known.key, unknown.key])
        assert await earlier_answers(connection, []) == {}
    assert list(found) == [known.key]
    answer = inbox_pb2.MarkMessagesReadResponse.FromString(found[known.key].answer_to(known))
    assert answer.marked_count == 1


CASE, OTHER_CASE = uuid.uuid4(), uuid.uuid4()


async def acts(engine: AsyncEngine) -> list[object]:
    async with engine.connect() as connection:
        return [row._mapping for row in await connection.execute(text("SELECT * FROM act ORDER BY id"))]


async def test_what_was_answered_is_an_act_once(answers: Answers, engine: AsyncEngine, clock: FakeClock) -> None:
    async def work(uow: UnitOfWork) -> inbox_pb2.MarkMessagesReadResponse:
        uow.about(CASE)
        uow.about(OTHER_CASE)
        return MARKED()

    request_id = new_id()
    for _ in range(2):
        await answers.once(asked_of(answers, request_id), MARKED, work)
    with pytest.raises(ValueError):
        await answered(answers, asked_of(answers, new_id()), Work(fails=True))
    assert await acts(engine) == [
        {
            "id": 1,
            "at": clock.now(),
            "method": "MarkMessagesRead",
            "case_ids": sorted([CASE, OTHER_CASE]),
            "office_id": OFFICE,
            "role": "SUPPORT_AGENCY",
            "subject": officer_of(OFFICE),
            "token_id": "token-7",
            "request_id": uuid.UUID(request_id),
            "correlation_id": "correlation",
            "peer": PEER,
        }
    ]


@pytest.mark.parametrize("statement", ["UPDATE act SET subject = 'x'", "DELETE FROM act", "TRUNCATE act CASCADE"])
async def test_an_act_is_never_changed(answers: Answers, engine: AsyncEngine, statement: str) -> None:
    await answered(answers, asked_of(answers, new_id()), Work())
    with pytest.raises(DBAPIError, match="only ever added"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    assert len(await acts(engine)) == 1


async def test_a_request_without_an_id_is_told_with_its_other_faults(answers: Answers) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked_of(answers, "")
    assert [(each.field, each.code) for each in refused.value.violations] == [("request_id", "REQUIRED")]


def test_the_digest_follows_the_content_and_the_key() -> None:
    one = inbox_pb2.MarkMessagesReadRequest(request_id="1", message_ids=["a"])
    other = inbox_pb2.MarkMessagesReadRequest(request_id="1", message_ids=["b"])
    assert digest_of(one, KEY) == digest_of(inbox_pb2.MarkMessagesReadRequest.FromString(one.SerializeToString()), KEY)
    assert digest_of(one, KEY) != digest_of(other, KEY)
    assert digest_of(one, KEY) != digest_of(one, b"o" * 32)
