"""Registering people over a real connection: all or none, once, whatever callers do."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import grpc
import pytest

from homeward.events.v1 import handover_pb2
from homeward.intake.v1 import cases_pb2, people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import parse_case_number
from services.chassis.telemetry.failpoint import arm
from services.intake.storage import writer
from tests.integration.intake.people import INVENTED_NAME, person, submission
from tests.integration.intake.world import CENTRE, COMMUNE, OTHER_POST, POST, World
from tests.support.clocks import eventually
from tests.support.identities import call_metadata
from tests.support.waiting import patient

STORED = ("handover", "intake_case", "identity", "outbox", "stream_version", "request_log")


async def stored(world: World) -> dict[str, int]:
    return {table: await world.count(table) for table in STORED}


async def test_a_family_is_registered_and_announced(world: World) -> None:
    mother = person(family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")])
    child = person(
        "Bé Bịa Đặt",
        birth_date="2014",
        sex="Masculine",
        family_links=[people_pb2.FamilyLink(row=1, relation="PARENT")],
    )
    receipt = (await world.call(POST, submission(mother, child, at=world.clock.now()))).receipt

    assert [entry.row for entry in receipt.entries] == [1, 2]
    numbers = [entry.case_number for entry in receipt.entries]
    assert [parse_case_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == 2

    first, second = await world.said(handover_pb2.CaseRegistered)
    assert (first.version, first.topic) == (1, "homeward.handover.v1")
    assert str(first.subject) == receipt.entries[0].case_id
    assert first.message.handover_id == second.message.handover_id == receipt.handover_id
    assert first.message.case_number == numbers[0]
    assert first.message.receiving_office_id == POST
    assert first.message.gate_id == "CN-HUU-NGHI"
    assert first.message.home_province == types.ProvinceRef(code="02", vintage="2004")
    assert first.message.age_band == types.AGE_BAND_ADULT
    assert second.message.age_band == types.AGE_BAND_UNDER_16

    case = await world.read(POST, numbers[0])
    assert case.person == mother
    assert case.identity_view == cases_pb2.IDENTITY_VIEW_FULL
    assert case.phase == types.CASE_PHASE_REGISTERED
    assert case.status_word == cases_pb2.STATUS_WORD_RECEIVED
    assert (case.receiving_office_id, case.accountable_office_id) == (POST, POST)


async def test_the_same_request_gets_the_same_answer(world: World) -> None:
    request = submission(at=world.clock.now())
    first = await world.call(POST, request)
    assert await world.call(POST, request) == first
    assert (await stored(world))["intake_case"] == 1

    receipt = await world.call(POST, submissions_pb2.GetReceiptRequest(request_id=request.request_id))
    assert receipt.receipt == first.receipt


async def test_two_clients_at_the_same_instant_make_one_case(world: World) -> None:
    request = submission(at=world.clock.now())
    answers = await asyncio.gather(*(world.call(POST, request) for _ in range(40)))
    assert all(answer == answers[0] for answer in answers)
    assert (await stored(world))["intake_case"] == 1


async def test_many_callers_each_get_their_own_case(world: World) -> None:
    requests = {each.request_id: each for each in (submission(at=world.clock.now()) for _ in range(150))}
    numbers: dict[str, str] = {}

    async def all_are_answered() -> bool:
        # A slow machine turns some away; they ask again under the same id, as every client does.
        waiting = requests.keys() - numbers.keys()
        answers = await asyncio.gather(*(world.call(POST, requests[each]) for each in waiting), return_exceptions=True)
        for each, answer in zip(waiting, answers, strict=True):
            if isinstance(answer, submissions_pb2.SubmitHandoverResponse):
                numbers[each] = answer.receipt.entries[0].case_number
            else:
                assert isinstance(answer, RpcFailure)
                assert answer.code is grpc.StatusCode.UNAVAILABLE, answer
        return numbers.keys() == requests.keys()

    await eventually(all_are_answered)
    assert len(set(numbers.values())) == len(requests)
    assert (await stored(world))["intake_case"] == len(requests)


@pytest.mark.attack(39, "same request id, other content")
async def test_another_content_under_the_same_id_is_refused(world: World) -> None:
    request = submission(at=world.clock.now())
    other = submission(person("Một Người Khác Bịa"), at=world.clock.now(), request_id=request.request_id)
    answers = await asyncio.gather(world.call(POST, request), world.call(POST, other), return_exceptions=True)
    [refused] = [answer for answer in answers if isinstance(answer, RpcFailure)]
    assert (refused.code, refused.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "REQUEST_ID_REUSED",
    )
    with pytest.raises(RpcFailure, match="REQUEST_ID_REUSED"):
        await world.call(
            POST,
            submissions_pb2.RegisterSelfReturnRequest(
                request_id=request.request_id,
                person=person(),
                route=types.ROUTE_OF_RETURN_SELF_RETURN,
                report_time=request.handover.handover_time,
            ),
        )
    assert (await stored(world))["intake_case"] == 1


@pytest.mark.attack(39, "same request id, other office")
async def test_request_ids_of_two_offices_do_not_meet(world: World) -> None:
    request = submission(at=world.clock.now())
    first = await world.call(POST, request)
    second = await world.call(OTHER_POST, request)
    assert first.receipt.handover_id != second.receipt.handover_id
    with pytest.raises(RpcFailure, match="RECEIPT_NOT_FOUND"):
        await world.call(COMMUNE, submissions_pb2.GetReceiptRequest(request_id=request.request_id))


async def test_bad_people_refuse_the_batch_with_every_violation(world: World) -> None:
    bad = person("", sex="Woman", birth_date="2027-01-01", ethnicity="2008:99")
    lonely = person(family_links=[people_pb2.FamilyLink(row=9, relation="AUNT")])
    request = submission(person(), bad, lonely, at=world.clock.now() + timedelta(minutes=6))
    request.handover.place.Clear()
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, request)

    assert caught.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert {(one.row, one.field, one.code) for one in caught.value.violations} == {
        (None, "handover.place", "REQUIRED"),
        (None, "handover.handover_time", "IN_THE_FUTURE"),
        (2, "full_name", "REQUIRED"),
        (2, "sex", "NOT_IN_LIST"),
        (2, "birth_date", "IN_THE_FUTURE"),
        (2, "ethnicity", "NOT_IN_LIST"),
        (3, "family_links[1].row", "UNKNOWN_ROW"),
        (3, "family_links[1].relation", "NOT_IN_LIST"),
    }
    assert "2027" not in str(caught.value)
    assert INVENTED_NAME not in str(caught.value)
    assert set((await stored(world)).values()) == {0}


async def test_thirty_one_people_are_too_many(world: World) -> None:
    people = [person(f"Người Bịa Số {number}") for number in range(31)]
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, submission(*people, at=world.clock.now()))
    [violation] = caught.value.violations
    assert (violation.field, violation.code) == ("handover.people", "TOO_MANY")
    receipt = await world.call(POST, submission(*people[:30], at=world.clock.now()))
    assert len(receipt.receipt.entries) == 30


@pytest.mark.parametrize("office_id", [POST, CENTRE, COMMUNE])
async def test_a_self_return_is_registered_where_she_reports(world: World, office_id: str) -> None:
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(),
        route=types.ROUTE_OF_RETURN_SELF_RETURN,
        report_time=submission(at=world.clock.now()).handover.handover_time,
    )
    first = await world.call(office_id, request)
    assert await world.call(office_id, request) == first
    [event] = await world.said(handover_pb2.CaseRegistered)
    assert event.message.receiving_office_id == office_id
    assert event.message.gate_id == ""
    assert (await world.read(office_id, event.subject)).person == person()


async def test_a_self_return_is_checked_by_field(world: World) -> None:
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(language="tiếng Việt"),
        route=types.ROUTE_OF_RETURN_OFFICIAL_HANDOVER,
    )
    with pytest.raises(RpcFailure) as caught:
        await world.call(COMMUNE, request)
    assert {(one.row, one.field, one.code) for one in caught.value.violations} == {
        (None, "route", "NOT_ALLOWED"),
        (None, "report_time", "REQUIRED"),
        (None, "person.language", "BAD_FORMAT"),
    }


async def test_an_id_that_is_no_uuid_is_refused(world: World) -> None:
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, submission(at=world.clock.now(), request_id="again"))
    [violation] = caught.value.violations
    assert (violation.field, violation.code) == ("request_id", "BAD_FORMAT")


async def test_a_caller_who_hangs_up_does_not_cut_the_transaction(world: World) -> None:
    request = submission(person(), person("Người Thứ Hai Bịa"), at=world.clock.now())
    metadata = call_metadata(world.token_for(POST))
    # The lock holds the insert back, so that the caller surely leaves in the middle of it.
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql("LOCK TABLE identity IN SHARE MODE")
        call = world.stub.SubmitHandover(request, metadata=metadata, timeout=patient(10))

        async def writing() -> bool:
            waiting = await world.rows(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO request_log%'"
            )
            return bool(waiting)

        await eventually(writing)
        assert call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    async def committed() -> bool:
        return await world.count("request_log") == 1

    await eventually(committed)
    assert (await stored(world))["intake_case"] == 2
    answer = await world.call(POST, request)
    assert len(answer.receipt.entries) == 2
    assert (await stored(world))["intake_case"] == 2


@pytest.mark.parametrize(
    ("point", "cases"),
    [("intake.before_tx", 3), ("intake.after_business_insert", 3), ("intake.before_commit", 3)],
)
async def test_a_group_that_fails_is_tried_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch, point: str, cases: int
) -> None:
    monkeypatch.setattr(writer, "COMMIT_WITHIN_S", patient(writer.COMMIT_WITHIN_S))
    monkeypatch.setattr(writer, "ANSWER_WITHIN_S", patient(writer.ANSWER_WITHIN_S))
    arm(f"{point}:raise@1")
    try:
        requests = [submission(at=world.clock.now()) for _ in range(cases)]
        answers = await asyncio.gather(*(world.call(POST, request) for request in requests), return_exceptions=True)
    finally:
        arm("")
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    # Alone in its group, the first one has nobody to be split from.
    assert len(refused) <= 1
    assert (await stored(world))["intake_case"] == cases - len(refused)
    for request in requests:
        await world.call(POST, request)
    assert (await stored(world))["intake_case"] == cases


async def test_an_answer_lost_after_the_commit_is_given_again(world: World) -> None:
    request = submission(at=world.clock.now())
    arm("intake.after_commit_before_reply:raise@1")
    try:
        with pytest.raises(RpcFailure) as caught:
            await world.call(POST, request)
    finally:
        arm("")
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE
    assert (await stored(world))["intake_case"] == 1
    await world.call(POST, request)
    assert (await stored(world))["intake_case"] == 1


async def test_a_full_queue_turns_callers_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAITING_MAX", 3)
    requests = [submission(at=world.clock.now()) for _ in range(20)]
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql("LOCK TABLE handover IN SHARE MODE")
        calls = [asyncio.ensure_future(world.call(POST, request)) for request in requests]
        done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        first = done.pop()
        failure = first.exception()
        assert isinstance(failure, RpcFailure)
        assert (failure.code, failure.reason) == (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "TOO_MANY_REQUESTS",
        )
    answers = await asyncio.gather(*calls, return_exceptions=True)
    taken = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert (await stored(world))["intake_case"] == len(taken) >= 3


@pytest.mark.parametrize(
    ("seconds", "nanos"), [(1_790_000_000_000, 0), (253_402_300_800, 0), (-(2**62), 0), (1_700_000_000, -1)]
)
async def test_a_moment_of_no_calendar_is_refused_like_any_wrong_one(world: World, seconds: int, nanos: int) -> None:
    request = submission(at=world.clock.now())
    request.handover.handover_time.seconds, request.handover.handover_time.nanos = seconds, nanos
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, request)
    assert [(one.field, one.code) for one in caught.value.violations] == [("handover.handover_time", "NOT_A_DATE")]


@pytest.mark.parametrize("number", [99, -1, 2**31 - 1])
async def test_a_route_of_no_meaning_is_not_called_missing(world: World, number: int) -> None:
    request = submission(at=world.clock.now())
    request.handover.route = number  # type: ignore[assignment]
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, request)
    assert [(one.field, one.code) for one in caught.value.violations] == [("handover.route", "NOT_IN_LIST")]
