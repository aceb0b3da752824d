"""Whom an office registered already: asked about, never twice by mistake, and nothing of it is told to others."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import grpc
import pytest

from homeward.intake.v1 import people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.intake.accountable import Handover
from services.intake.application.ports import Ports
from services.intake.application.tracing import trace_untraced
from services.intake.vault.opening import Vault, case_number_key
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import OTHER_POST, POST, SUPERVISOR, World

TWO = (person("Nguyễn Thị Ví Dụ"), person("Trần Thị Giả Định", birth_date="2004"))


def handed_over(world: World, *people: people_pb2.Person, again: tuple[int, ...] = (), days_ago: int = 0) -> Any:
    """A handover in which nobody is said to be somebody else."""
    return submission(*people, at=world.clock.now() - timedelta(days=days_ago), again=again)


async def refused(world: World, request: Any, office_id: str = POST) -> RpcFailure:
    """The refusal."""
    with pytest.raises(RpcFailure) as caught:
        await world.call(office_id, request)
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.ALREADY_EXISTS, "ALREADY_REGISTERED")
    return caught.value


def rows_of(failure: RpcFailure) -> list[int | None]:
    """The rows that a refusal names."""
    assert {(one.field, one.code) for one in failure.violations} == {("full_name", "ALREADY_REGISTERED")}
    return [one.row for one in failure.violations]


async def test_a_copy_of_a_handover_registers_nobody_and_names_every_row(world: World) -> None:
    receipt = (await world.call(POST, handed_over(world, *TWO))).receipt
    failure = await refused(world, handed_over(world, *reversed(TWO)))
    assert rows_of(failure) == [1, 2]
    for violation, entry in zip(failure.violations, reversed(receipt.entries), strict=True):
        assert entry.case_number in violation.message
        assert "02/03/2026" in violation.message
        assert "Ví Dụ" not in violation.message
    assert await world.count("intake_case") == 2
    assert await world.count("request_log") == 1


@pytest.mark.parametrize(
    "other",
    [
        person("NGUYỄN  THỊ VÍ DỤ"),
        person("Nguyen Thi Vi Du"),
        person("Nguyễn Thị Ví Dụ (Hoa)"),
        person("Nguyễn Thị Ví Dụ", birth_date="1998"),
        person("Nguyễn Thị Ví Dụ", birth_date="1998-04"),
        person("Nguyễn Thị Ví Dụ", home_address="Nơi khác", health_remarks=""),
    ],
    ids=["capitals", "no diacritics", "called", "year", "month", "other fields"],
)
async def test_she_is_known_however_she_is_written(world: World, other: people_pb2.Person) -> None:
    await world.call(POST, handed_over(world, person("Nguyễn Thị Ví Dụ")))
    new = person("Người Mới Bịa Đặt")
    assert rows_of(await refused(world, handed_over(world, new, other, days_ago=3))) == [2]
    assert await world.count("intake_case") == 1


@pytest.mark.parametrize(
    "other",
    [
        person("Nguyễn Thị Ví Dụ", birth_date="1998-05-30"),
        person("Nguyễn Thị Ví Dụ", birth_date="1999"),
        person("Nguyễn Thị Ví Dụ", sex="Masculine"),
        person("Nguyễn Thị Ví"),
    ],
    ids=["day", "year", "sex", "name"],
)
async def test_who_differs_is_somebody_else(world: World, other: people_pb2.Person) -> None:
    await world.call(POST, handed_over(world, person("Nguyễn Thị Ví Dụ")))
    await world.call(POST, handed_over(world, other, days_ago=1))
    assert await world.count("intake_case") == 2


async def test_a_name_of_the_same_handover_is_asked_about_whatever_the_birth(world: World) -> None:
    """A copy of a list, with a birth date set right in it."""
    await world.call(POST, handed_over(world, *TWO))
    mended = (person("Nguyễn Thị Ví Dụ", birth_date="1989-04-30"), person("Trần Thị Giả Định", birth_date=""))
    assert rows_of(await refused(world, handed_over(world, *mended))) == [1, 2]
    assert rows_of(await refused(world, handed_over(world, mended[0]))) == [1]
    namesakes = (person("Lan", birth_date="1989-04-30"), person("Lan", birth_date="2001"))
    await world.call(POST, handed_over(world, *namesakes))
    assert await world.count("intake_case") == 4


async def test_a_name_that_was_mended_in_a_copy_is_asked_about(world: World) -> None:
    """All else is as it was: of the same moment and place, to the birthday and the address."""
    receipt = (await world.call(POST, handed_over(world, *TWO))).receipt
    mended = person("Nguyễn Thị Ví Vu")
    failure = await refused(world, handed_over(world, mended))
    assert [(one.row, one.field, one.code) for one in failure.violations] == [(1, "full_name", "UNDER_OTHER_NAME")]
    assert receipt.entries[0].case_number in failure.violations[0].message
    found = await world.call(POST, submissions_pb2.FindRegisteredRequest(handover=handed_over(world, mended).handover))
    assert [(one.row, one.case_number, one.same_content, one.other_name) for one in found.registered] == [
        (1, receipt.entries[0].case_number, False, True)
    ]
    both = await refused(world, handed_over(world, TWO[0], mended))
    # She stands there herself: the other is not she under a mended name.
    assert [(one.row, one.code) for one in both.violations] == [(1, "ALREADY_REGISTERED")]
    assert await world.count("intake_case") == 2
    # The year alone is shared by many, and she may be a twin.
    await world.call(POST, handed_over(world, person("Trần Thị Giả Vờ", birth_date="2004")))
    await world.call(POST, handed_over(world, mended, again=(1,)))
    assert await world.count("intake_case") == 4


async def test_a_row_that_is_named_is_another_person(world: World) -> None:
    await world.call(POST, handed_over(world, *TWO))
    assert rows_of(await refused(world, handed_over(world, *TWO, again=(2,)))) == [1]
    await world.call(POST, handed_over(world, TWO[1], again=(1,)))
    await world.call(POST, handed_over(world, TWO[1], again=(1,)))
    assert await world.count("intake_case") == 4
    # And what was registered so is asked about like any other.
    assert rows_of(await refused(world, handed_over(world, TWO[1]))) == [1]


async def test_one_person_in_two_rows_is_asked_about(world: World) -> None:
    twice = (person("Nguyễn Thị Ví Dụ"), TWO[1], person("NGUYỄN THỊ VÍ DỤ", birth_date="1998"))
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, handed_over(world, *twice))
    assert [(one.row, one.field, one.code) for one in caught.value.violations] == [(3, "full_name", "SAME_PERSON")]
    await world.call(POST, handed_over(world, *twice, again=(3,)))
    assert await world.count("intake_case") == 3


async def test_two_of_one_name_and_year_are_two_by_their_birthdays(world: World) -> None:
    namesakes = (person("Lan", birth_date="2004-01-01"), person("Lan", birth_date="2004-02-02"))
    await world.call(POST, handed_over(world, *namesakes))
    assert rows_of(await refused(world, handed_over(world, *namesakes))) == [1, 2]
    assert rows_of(await refused(world, handed_over(world, person("Lan", birth_date="2004"), days_ago=2))) == [1]
    assert await world.count("intake_case") == 2


async def test_the_row_that_is_named_must_be_there(world: World) -> None:
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, handed_over(world, person(), again=(2,)))
    assert [(one.field, one.code) for one in caught.value.violations] == [("also_register_again[1]", "UNKNOWN_ROW")]


async def test_after_a_month_she_may_have_come_back_again(world: World) -> None:
    await world.call(POST, handed_over(world, person(), days_ago=31))
    await world.call(POST, handed_over(world, person()))
    assert rows_of(await refused(world, handed_over(world, person()))) == [1]


async def test_who_names_her_earlier_case_says_that_she_came_back(world: World) -> None:
    [entry] = (await world.call(POST, handed_over(world, person(), days_ago=9))).receipt.entries
    assert rows_of(await refused(world, handed_over(world, person()))) == [1]
    await world.call(POST, handed_over(world, person(earlier_case=entry.case_number)))
    # Both are registered now, and naming the first says nothing of the second.
    assert rows_of(await refused(world, handed_over(world, person(earlier_case=entry.case_number)))) == [1]


async def test_a_withdrawn_case_is_in_nobodys_way(world: World) -> None:
    case = str(await world.registered(person()))
    reason = types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE
    await world.call(POST, submissions_pb2.WithdrawCaseRequest(request_id=str(uuid.uuid4()), case=case, reason=reason))
    await world.call(POST, handed_over(world, person()))
    assert rows_of(await refused(world, handed_over(world, person()))) == [1]


async def test_another_office_learns_nothing(world: World) -> None:
    await world.call(POST, handed_over(world, person()))
    receipt = (await world.call(OTHER_POST, handed_over(world, person()))).receipt
    assert len(receipt.entries) == 1
    ask = submissions_pb2.FindRegisteredRequest(handover=handed_over(world, person()).handover)
    [one] = (await world.call(OTHER_POST, ask)).registered
    assert one.case_id == receipt.entries[0].case_id
    with pytest.raises(RpcFailure, match="PERMISSION_DENIED"):
        await world.call(SUPERVISOR, ask)


async def test_one_alone_is_asked_about_too(world: World) -> None:
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(),
        route=types.ROUTE_OF_RETURN_SELF_RETURN,
        report_time=handed_over(world).handover.handover_time,
    )
    await world.call(POST, request)
    await world.call(POST, request)
    request.request_id = str(uuid.uuid4())
    failure = await refused(world, request)
    assert [(one.row, one.field) for one in failure.violations] == [(None, "person.full_name")]
    request.also_register_again = True
    await world.call(POST, request)
    assert await world.count("intake_case") == 2


async def test_copies_that_come_at_one_instant_register_once(world: World) -> None:
    copies = [handed_over(world, *TWO) for _ in range(8)]
    others = [handed_over(world, person(f"Người Bịa Số {number}", home_address=str(number))) for number in range(8)]
    answers = await asyncio.gather(
        *(world.call(POST, request) for pair in zip(copies, others, strict=True) for request in pair),
        return_exceptions=True,
    )
    told = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(told) == 7
    for failure in told:
        assert isinstance(failure, RpcFailure)
        assert rows_of(failure) == [1, 2]
    assert await world.count("intake_case") == 2 + 8
    # Repeated, each gets what it got.
    again = await asyncio.gather(*(world.call(POST, request) for request in copies + others), return_exceptions=True)
    assert len([answer for answer in again if isinstance(answer, BaseException)]) == 7
    assert await world.count("intake_case") == 2 + 8


async def test_namesakes_who_come_at_one_instant_are_all_registered(world: World) -> None:
    births = [f"{year}-01-01" for year in range(1980, 1990)]
    requests = [handed_over(world, person("Lan", birth_date=birth), days_ago=ago) for ago, birth in enumerate(births)]
    await asyncio.gather(*(world.call(POST, request) for request in requests))
    assert await world.count("intake_case") == len(births)


async def test_what_is_registered_is_found_by_who_it_is(world: World) -> None:
    mother = person("Nguyễn Thị Ví Dụ", family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")])
    request = handed_over(world, mother, TWO[1])
    receipt = (await world.call(POST, request)).receipt
    moved = submissions_pb2.FindRegisteredRequest(handover=request.handover)
    del moved.handover.people[:]
    new, nameless = person("Người Mới Bịa Đặt", birth_date="1997-04-30"), person("", birth_date="1998")
    moved.handover.people.extend([new, TWO[1], person("Nguyễn Thị Ví Dụ"), nameless])
    found = list((await world.call(POST, moved)).registered)
    assert [(one.row, one.case_id, one.handover_row, one.same_content) for one in found] == [
        (2, receipt.entries[1].case_id, 2, True),
        (3, receipt.entries[0].case_id, 1, True),
    ]
    assert {(one.handover_id, one.handover_people) for one in found} == {(receipt.handover_id, 2)}
    moved.handover.joint_minutes_number = "BB-KHAC"
    moved.handover.people[2].health_remarks = "khác"
    assert [one.same_content for one in (await world.call(POST, moved)).registered] == [False, False]
    moved.handover.ClearField("handover_time")
    moved.handover.people[1].birth_date = "2004-09-09"
    assert [one.row for one in (await world.call(POST, moved)).registered] == [2, 3]


async def test_a_case_from_before_is_found_once_it_is_traced(world: World) -> None:
    case = await world.registered(person())
    await world.rows("DELETE FROM registered_person WHERE true RETURNING 1")
    await world.rows(f"INSERT INTO untraced_case VALUES ('{case}') RETURNING 1")
    ports = Ports.of(
        world.chassis.units,
        world.chassis.directory,
        Vault.with_key_file(world.chassis.settings.kek),
        case_number_key(world.chassis.settings.number_key),
        world.chassis.digest_key,
        world.chassis.calendar,
        Handover(world.chassis.peers),
    )
    assert [await trace_untraced(ports) for _ in range(2)] == [1, 0]
    assert rows_of(await refused(world, handed_over(world, person()))) == [1]


async def test_nobody_can_be_read_from_a_trace(world: World) -> None:
    case = await world.registered(person())
    [row] = await world.rows(f"SELECT * FROM registered_person WHERE case_id = '{case}'")
    values = (row.digest, row.year, row.birth, row.handover, row.record)
    assert {len(value) for value in values} == {16}
    assert len(set(values)) == 5
