"""Break-glass: a reason, two hours, three a day, one record, one account; told, reviewed by another office, logged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy.exc import DBAPIError

from homeward.events.v1 import identification_pb2 as events
from homeward.intake.v1 import break_glass_pb2 as api
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import format_case_number
from services.intake.schedule import deadlines_tick
from tests.integration.intake.people import INVENTED_NAME, person
from tests.integration.intake.world import (
    AUDITOR,
    HOME_AGENCY,
    HOME_POLICE,
    HOME_SUPERVISOR,
    OTHER_AGENCY,
    OTHER_SUPERVISOR,
    POLICE,
    POST,
    SUPERVISOR,
    Custody,
    World,
    watch_of,
)

WORDS: Final = "Gia đình ví dụ bị đe doạ"
DANGER: Final = types.BREAK_GLASS_REASON_DANGER
LEGAL_DUTY: Final = types.BREAK_GLASS_REASON_LEGAL_DUTY
JUSTIFIED: Final = types.BREAK_GLASS_VERDICT_JUSTIFIED
UNJUSTIFIED: Final = types.BREAK_GLASS_VERDICT_UNJUSTIFIED


async def opened(
    world: World,
    office_id: str,
    case: object,
    reason: types.BreakGlassReason.ValueType = DANGER,
    words: str = WORDS,
    **token: Any,
) -> api.BreakGlass:
    """What an office opens."""
    request = api.OpenBreakGlassRequest(request_id=str(uuid.uuid4()), case=str(case), reason=reason, words=words)
    found: api.BreakGlass = (await world.call(office_id, request, **token)).break_glass
    return found


async def read_by(world: World, office_id: str, case: object, break_glass_id: str, **token: Any) -> cases_pb2.Case:
    """The case with the person, by what was opened."""
    request = reading_pb2.GetCaseRequest(case=str(case), include_identity=True, break_glass_id=break_glass_id)
    found: cases_pb2.Case = (await world.call(office_id, request, **token)).case
    return found


async def reviewed(
    world: World,
    office_id: str,
    one: api.BreakGlass,
    verdict: types.BreakGlassVerdict.ValueType = JUSTIFIED,
    **token: Any,
) -> api.BreakGlass:
    """What a second office says of it."""
    request = api.ReviewBreakGlassRequest(
        request_id=str(uuid.uuid4()), break_glass_id=one.break_glass_id, verdict=verdict
    )
    found: api.BreakGlass = (await world.call(office_id, request, **token)).break_glass
    return found


async def shown(world: World, office_id: str, one: api.BreakGlass) -> api.GetBreakGlassResponse:
    answer: api.GetBreakGlassResponse = await world.call(
        office_id, api.GetBreakGlassRequest(break_glass_id=one.break_glass_id)
    )
    return answer


async def listed(world: World, office_id: str, **request: Any) -> Sequence[str]:
    """The list of an office, one to a page."""
    found: list[str] = []
    token = ""
    while True:
        answer = await world.call(office_id, api.ListBreakGlassRequest(page_size=1, page_token=token, **request))
        found += [one.break_glass_id for one in answer.break_glasses]
        token = answer.next_page_token
        if not token:
            return found


async def reason_of(call: Any) -> str:
    """Why a call is refused."""
    with pytest.raises(RpcFailure) as refused:
        await call
    return refused.value.reason


async def closed(world: World) -> uuid.UUID:
    """A case that the agency of her home closed more than the days ago for which it still sees her."""
    case = await world.registered(person())
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY), *custody.arrived())
    await world.hear(case, custody.changed(types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED))
    world.clock.move_by(timedelta(days=40))
    return case


async def look(world: World, days: int) -> list[events.BreakGlassUnreviewed]:
    """What is told in so many days that nobody reviewed, with a look each day."""
    known = len(await world.said(events.BreakGlassUnreviewed))
    tick = deadlines_tick(world.chassis.units, watch_of(world.chassis), world.chassis.metrics)
    for _ in range(days):
        world.clock.move_by(timedelta(days=1))
        while await tick.look():
            pass
    return [one.message for one in (await world.said(events.BreakGlassUnreviewed))[known:]]


async def test_a_supervisor_reads_whom_she_may_not_know_and_everybody_concerned_learns_it(world: World) -> None:
    case = await world.registered(person())
    assert not (await world.read(SUPERVISOR, case)).HasField("person")
    one = await opened(world, SUPERVISOR, case)
    assert (one.identity_view, one.yours, one.for_you, one.reads) == (
        cases_pb2.IDENTITY_VIEW_FULL,
        True,
        False,
        0,
    )
    seen = await read_by(world, SUPERVISOR, case, one.break_glass_id)
    assert (seen.person.full_name, seen.identity_view) == (INVENTED_NAME, cases_pb2.IDENTITY_VIEW_FULL)
    (told,) = await world.said(events.BreakGlassOpened)
    assert told.message == events.BreakGlassOpened(
        case_id=str(case),
        break_glass_id=one.break_glass_id,
        office_id=SUPERVISOR,
        reason=DANGER,
        accountable_office_id=POST,
        review_due_on=one.review_due_on,
    )
    log = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest(case=str(case)))
    assert log.chain_intact
    assert [(each.break_glass_id, each.purpose) for each in log.entries] == [
        (one.break_glass_id, "BREAK_GLASS"),
        ("", "OTHER"),
    ]


async def test_most_reasons_show_the_identity_without_health_and_house(world: World) -> None:
    case = await world.registered(person(health_remarks="Ví dụ", home_address="Xã Ví Dụ"))
    one = await opened(world, HOME_SUPERVISOR, case, LEGAL_DUTY)
    seen = (await read_by(world, HOME_SUPERVISOR, case, one.break_glass_id)).person
    assert (seen.full_name, seen.health_remarks, seen.home_address) == (INVENTED_NAME, "", "")


@pytest.mark.attack(25, "who was accountable last reads a closed case: by break-glass alone, for two hours")
async def test_the_last_office_of_a_closed_case_opens_it_and_no_other_former_one(world: World) -> None:
    case = await closed(world)
    assert not (await world.read(HOME_AGENCY, case)).HasField("person")
    one = await opened(world, HOME_AGENCY, case, types.BREAK_GLASS_REASON_PERSON_ASKS, "")
    assert (await read_by(world, HOME_AGENCY, case, one.break_glass_id)).person.full_name == INVENTED_NAME
    assert await reason_of(opened(world, POST, case)) == "BREAK_GLASS_NOT_YOURS"
    assert await reason_of(opened(world, OTHER_AGENCY, case)) == "CASE_NOT_FOUND"
    world.clock.move_by(timedelta(hours=2))
    assert await reason_of(read_by(world, HOME_AGENCY, case, one.break_glass_id)) == "BREAK_GLASS_OVER"


@pytest.mark.attack(25, "a former office of an open case, or the police of her home, opens it by break-glass")
async def test_neither_former_offices_of_open_cases_nor_the_police_elsewhere_open_it(world: World) -> None:
    case = await world.registered(person())
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY), *custody.arrived())
    assert await reason_of(opened(world, POST, case)) == "BREAK_GLASS_NOT_YOURS"
    assert await reason_of(opened(world, HOME_POLICE, case)) == "BREAK_GLASS_NOT_YOURS"
    assert await reason_of(opened(world, OTHER_SUPERVISOR, case)) == "CASE_NOT_FOUND"
    assert await reason_of(opened(world, OTHER_SUPERVISOR, uuid.uuid4())) == "CASE_NOT_FOUND"


async def test_whoever_is_entitled_opens_nothing(world: World) -> None:
    case = await world.registered(person())
    assert await reason_of(opened(world, POST, case)) == "BREAK_GLASS_NOT_NEEDED"
    assert await reason_of(opened(world, POLICE, case, LEGAL_DUTY)) == "BREAK_GLASS_NOT_NEEDED"
    assert (await opened(world, POLICE, case)).identity_view == cases_pb2.IDENTITY_VIEW_FULL, "more than its task shows"


@pytest.mark.attack(25, "a fourth record is opened by break-glass on one day, also at another office")
async def test_a_fourth_on_one_day_is_refused(world: World) -> None:
    case = await world.registered(person())
    for _ in range(3):
        await opened(world, SUPERVISOR, case, subject="cán bộ ví dụ")
    assert await reason_of(opened(world, SUPERVISOR, case, subject="cán bộ ví dụ")) == "TOO_MANY_BREAK_GLASS"
    assert await reason_of(opened(world, HOME_SUPERVISOR, case, subject="cán bộ ví dụ")) == "TOO_MANY_BREAK_GLASS"
    await opened(world, SUPERVISOR, case, subject="người khác ví dụ")
    world.clock.move_by(timedelta(days=1))
    await opened(world, SUPERVISOR, case, subject="cán bộ ví dụ")


@pytest.mark.attack(25, "a record is opened by break-glass without a reason")
async def test_without_a_reason_nothing_is_opened(world: World) -> None:
    case = await world.registered(person())
    unspecified = types.BREAK_GLASS_REASON_UNSPECIFIED
    assert await reason_of(opened(world, SUPERVISOR, case, unspecified)) == "INVALID_INPUT"
    assert await reason_of(opened(world, SUPERVISOR, case, LEGAL_DUTY, " ")) == "INVALID_INPUT"
    assert await reason_of(opened(world, SUPERVISOR, case, DANGER, "x" * 501)) == "INVALID_INPUT"
    assert await world.count("break_glass") == 0


@pytest.mark.attack(25, "what one account opened of one case is used for another case, by another account, or invented")
async def test_what_was_opened_is_for_one_case_and_one_account(world: World) -> None:
    case, other = await world.registered(person()), await world.registered(person(full_name="Trần Thị Bốn Ví Dụ"))
    one = (await opened(world, SUPERVISOR, case)).break_glass_id
    for call in (
        read_by(world, SUPERVISOR, other, one),
        read_by(world, HOME_SUPERVISOR, case, one),
        read_by(world, SUPERVISOR, case, one, subject="người khác ví dụ"),
        read_by(world, SUPERVISOR, case, str(uuid.uuid4())),
    ):
        assert await reason_of(call) == "BREAK_GLASS_NOT_FOUND"
    log = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest())
    assert {each.identity_view for each in log.entries} == {cases_pb2.IDENTITY_VIEW_NONE}, "attempts stay in the log"
    assert len(log.entries) == 4


@pytest.mark.attack(25, "whoever opened a record reviews that, with the own token or another of the office")
async def test_somebody_of_another_office_reviews_it(world: World) -> None:
    case = await world.registered(person())
    one = await opened(world, SUPERVISOR, case, subject="cán bộ ví dụ")
    assert await reason_of(reviewed(world, SUPERVISOR, one, subject="cán bộ ví dụ")) == "OWN_BREAK_GLASS"
    assert await reason_of(reviewed(world, SUPERVISOR, one, subject="người khác ví dụ")) == "OWN_BREAK_GLASS"
    assert await reason_of(reviewed(world, HOME_SUPERVISOR, one, subject="cán bộ ví dụ")) == "OWN_BREAK_GLASS"
    assert await reason_of(reviewed(world, OTHER_SUPERVISOR, one)) == "BREAK_GLASS_NOT_FOUND"
    assert await reason_of(reviewed(world, POST, one)) == "PERMISSION_DENIED"
    done = await reviewed(world, HOME_SUPERVISOR, one)
    assert (done.verdict, done.reviewed_by_office_id) == (JUSTIFIED, HOME_SUPERVISOR)
    assert await reason_of(reviewed(world, "SV-20", one)) == "BREAK_GLASS_REVIEWED"
    (told,) = await world.said(events.BreakGlassReviewed)
    assert (told.message.office_id, told.message.verdict) == (SUPERVISOR, JUSTIFIED)
    assert (await read_by(world, SUPERVISOR, case, one.break_glass_id, subject="cán bộ ví dụ")).HasField("person")


async def test_a_review_that_finds_no_reason_closes_it_at_once(world: World) -> None:
    case = await world.registered(person())
    one = await opened(world, SUPERVISOR, case)
    await reviewed(world, HOME_SUPERVISOR, one, UNJUSTIFIED)
    assert await reason_of(read_by(world, SUPERVISOR, case, one.break_glass_id)) == "BREAK_GLASS_OVER"


async def test_the_reviewer_alone_reads_the_words_and_that_is_logged(world: World) -> None:
    case = await world.registered(person())
    one = await opened(world, SUPERVISOR, case)
    assert await reason_of(shown(world, OTHER_SUPERVISOR, one)) == "BREAK_GLASS_NOT_FOUND"
    assert await reason_of(shown(world, POST, one)) == "BREAK_GLASS_NOT_FOUND"
    for office_id in (SUPERVISOR, AUDITOR):
        assert (await shown(world, office_id, one)).words == ""
    seen = await shown(world, HOME_SUPERVISOR, one)
    assert (seen.words, seen.break_glass.for_you) == (WORDS, True)
    log = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest())
    assert [(each.office_id, each.purpose, each.break_glass_id) for each in log.entries] == [
        (HOME_SUPERVISOR, "REVIEW", one.break_glass_id)
    ]
    await reviewed(world, HOME_SUPERVISOR, one)
    assert (await shown(world, HOME_SUPERVISOR, one)).words == ""


async def test_who_sees_what_was_opened(world: World) -> None:
    case = await world.registered(person())
    first = (await opened(world, SUPERVISOR, case)).break_glass_id
    second = await opened(world, HOME_SUPERVISOR, case)
    both = [second.break_glass_id, first]
    for office_id in (SUPERVISOR, HOME_SUPERVISOR, "SV-20", AUDITOR):
        assert await listed(world, office_id) == both, office_id
    for office_id in (OTHER_SUPERVISOR, POLICE, POST):
        assert await listed(world, office_id) == [], office_id
    await reviewed(world, SUPERVISOR, second)
    assert await listed(world, SUPERVISOR, waiting_only=True, case=str(case)) == [first]


async def test_a_list_tells_nobody_which_cases_there_are(world: World) -> None:
    case = await world.registered(person())
    await opened(world, SUPERVISOR, case)
    for office_id in (POST, POLICE, OTHER_SUPERVISOR):
        for asked in (str(case), str(uuid.UUID(int=7)), format_case_number(4_711)):
            assert await listed(world, office_id, case=asked) == [], (office_id, asked)


async def test_what_nobody_reviews_is_told_until_somebody_does_also_of_a_closed_case(world: World) -> None:
    case = await closed(world)
    one = await opened(world, SUPERVISOR, case)
    assert await look(world, 3) == []
    told = await look(world, 7)
    assert [(each.break_glass_id, each.level, each.accountable_office_id) for each in told] == [
        (one.break_glass_id, level, HOME_AGENCY) for level in (1, 2, 3)
    ]
    assert {each.review_due_on for each in told} == {one.review_due_on}
    await reviewed(world, HOME_SUPERVISOR, one)
    assert await look(world, 30) == []


async def test_neither_what_was_opened_nor_its_review_can_be_changed(world: World) -> None:
    case = await world.registered(person())
    await reviewed(world, HOME_SUPERVISOR, await opened(world, SUPERVISOR, case))
    assert WORDS.encode() not in (await world.rows("SELECT reason FROM break_glass"))[0].reason
    for table in ("break_glass", "break_glass_review"):
        with pytest.raises(DBAPIError):
            await world.rows(f"UPDATE {table} SET subject = 'khác'")


async def test_the_audit_finds_reads_without_it_and_what_nobody_reviewed(world: World) -> None:
    case = await world.registered(person())
    one = await opened(world, SUPERVISOR, case)
    await read_by(world, SUPERVISOR, case, one.break_glass_id)
    faults = "SELECT fault, about FROM audit_break_glass WHERE at <= :now ORDER BY fault"
    assert await world.rows(faults, now=world.clock.now()) == []
    later = world.clock.now() + timedelta(days=12)
    assert await world.rows(faults, now=later) == [("NEVER_REVIEWED", one.break_glass_id)]
    await reviewed(world, HOME_SUPERVISOR, one)
    await world.rows(
        "INSERT INTO access_log (sequence, read_at, subject, office_id, role, case_id, identity_view, purpose, hash)"
        " SELECT 99, read_at, subject, office_id, role, case_id, 'FULL', purpose, hash FROM access_log RETURNING 1"
    )
    assert await world.rows(faults, now=later) == [("READ_WITHOUT_GRANT", "99")]
