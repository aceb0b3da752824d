"""Administrators change rules and the working calendar: what was counted stands, and open working days move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from homeward.handover.v1 import directory_pb2 as api
from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import ADMIN, CENTRE, POST, QUANG_NINH, World, new_id, refused, violated


def rule_request(**fields: Any) -> api.ChangeRuleRequest:
    known: dict[str, Any] = {
        "request_id": new_id(),
        "code": "TRANSFER_ACKNOWLEDGE",
        "amount": 5,
        "unit": "WORKING_DAYS",
        "basis": "LAW",
        "legal_source": "Invented decree",
    }
    return api.ChangeRuleRequest(**(known | fields))


async def change(world: World, **fields: Any) -> api.DeadlineRule:
    answer: api.ChangeRuleResponse = await world.by_two("ChangeRule", rule_request(**fields))
    return answer.rule


async def calendar(world: World, *, off: tuple[int, ...] = (), worked: tuple[int, ...] = ()) -> Any:
    request = api.ChangeCalendarRequest(
        request_id=new_id(), days_off=[world.day(day) for day in off], days_worked=[world.day(day) for day in worked]
    )
    return await world.by_two("ChangeCalendar", request)


async def trail(world: World) -> list[tuple[str, str]]:
    rows = await world.rows("SELECT method, object FROM administration ORDER BY done_at")
    return [(row.method, row.object) for row in rows]


async def test_everybody_may_list_the_rules(world: World) -> None:
    answer = await world.at(POST).ListRules(api.ListRulesRequest())
    codes = {rule.code for rule in answer.rules}
    assert {"TRANSFER_ACKNOWLEDGE", "FOLLOW_UP_3Y", "FACILITY_STAY_SHELTER"} <= codes
    assert answer.calendar_version.startswith("VN-holidays-")
    assert not answer.changed_days
    stays = await world.at(POST).ListRules(api.ListRulesRequest(code="FACILITY_STAY_SOCIAL_PROTECTION_CENTRE"))
    assert [(rule.version, rule.basis, rule.valid_from) for rule in stays.rules] == [
        (1, "LAW", ""),
        (2, "OPEN", "2025-07-01"),
    ]
    assert await refused(world.at(POST).ListRules(api.ListRulesRequest(code="NO_SUCH"))) == "RULE_NOT_FOUND"


async def test_a_changed_rule_holds_from_its_first_day_on_and_moves_no_due_date(world: World) -> None:
    before = await world.registered()
    counted = await world.dispatch(before)
    added = await change(world, valid_from=world.day(7))
    assert (added.version, added.amount, added.basis, added.valid_from) == (2, 5, "LAW", world.day(7))
    custody = await world.custody(before, by=POST)
    assert custody.deadline_on == counted.acknowledge_due_on
    soon = await world.registered()
    sent = await world.dispatch(soon, arrival=world.day(1))
    assert sent.acknowledge_due_on == counted.acknowledge_due_on
    world.clock.move_by(timedelta(days=7))
    later = await world.registered()
    longer = await world.dispatch(later, arrival=world.day(0))
    [armed] = await world.rows(
        "SELECT rule_version, counted_from, due_on FROM obligation WHERE case_id = :id AND state = 'ARMED'", id=later.id
    )
    assert (armed.rule_version, armed.counted_from, armed.due_on.isoformat()) == (
        2,
        world.today,
        longer.acknowledge_due_on,
    )
    assert longer.acknowledge_due_on == world.day(7)
    [event] = [event for event in await world.heard() if event.DESCRIPTOR.name == "RuleChanged"]
    assert (event.rule, event.version, event.amount, event.unit) == ("TRANSFER_ACKNOWLEDGE", 2, 5, "WORKING_DAYS")
    assert await trail(world) == [("ChangeRule", "TRANSFER_ACKNOWLEDGE")]


async def test_versions_count_on(world: World) -> None:
    assert (await change(world)).version == 2
    assert (await change(world, amount=6)).version == 3
    rules = await world.at(POST).ListRules(api.ListRulesRequest(code="TRANSFER_ACKNOWLEDGE"))
    assert [(rule.version, rule.amount) for rule in rules.rules] == [(1, 3), (2, 5), (3, 6)]


async def test_a_rule_that_makes_no_sense_is_refused(world: World) -> None:
    assert await refused(change(world, code="NO_SUCH")) == "RULE_NOT_FOUND"
    assert await refused(change(world, unit="HOURS")) == "RULE_UNIT_STANDS"
    assert await refused(change(world, code="OBLIGATIONS_CONFIRM", unit="MONTHS")) == "RULE_UNIT_STANDS"
    assert await refused(change(world, code="FOLLOW_UP_OVERDUE_3M", unit="MONTHS")) == "RULE_UNIT_STANDS"
    assert await violated(change(world, valid_from=world.day(-1))) == [("valid_from", "IN_THE_PAST")]
    assert await violated(change(world, amount=0, unit="WEEKS", legal_source=" ")) == [
        ("amount", "TOO_SMALL"),
        ("unit", "NOT_IN_LIST"),
        ("legal_source", "REQUIRED"),
    ]
    assert await trail(world) == []


async def test_a_changed_calendar_moves_open_due_dates_and_no_passed_one(world: World) -> None:
    passed = await world.registered()
    await world.dispatch(passed, arrival=world.day(0))
    await world.after_days(4)
    assert await world.stands(passed) == ("IN_TRANSIT", POST, "TRANSFER_LOST")
    case, stays = await world.registered(), await world.registered()
    sent = await world.dispatch(case, arrival=world.day(0))
    assert sent.acknowledge_due_on == world.day(5)
    untouched = await world.custody(stays, by=POST)
    answer = await calendar(world, off=(3, 4))
    assert answer.moved == 1
    assert answer.calendar_version.endswith("+1")
    custody = await world.custody(case, by=POST)
    assert custody.deadline_on == world.day(7)
    assert custody.transfers[0].acknowledge_due_on == world.day(7)
    [armed] = await world.rows(
        "SELECT due_at, calendar_version FROM obligation WHERE case_id = :id AND state = 'ARMED'", id=case.id
    )
    assert armed.due_at.date().isoformat() == world.day(7)
    assert armed.calendar_version == answer.calendar_version
    assert (await world.custody(stays, by=POST)).deadline_on == untouched.deadline_on
    assert await world.stands(passed) == ("IN_TRANSIT", POST, "TRANSFER_LOST")
    listed = await world.at(CENTRE).ListRules(api.ListRulesRequest())
    assert [(day.on, day.working) for day in listed.changed_days] == [(world.day(3), False), (world.day(4), False)]
    assert listed.calendar_version == answer.calendar_version
    back = await calendar(world, worked=(3, 4))
    assert (back.moved, back.calendar_version[-2:]) == (1, "+2")
    assert (await world.custody(case, by=POST)).deadline_on == sent.acknowledge_due_on
    events = [event for event in await world.heard() if event.DESCRIPTOR.name == "CalendarChanged"]
    assert [event.version for event in events] == [1, 2]
    assert [(day.on, day.working) for day in events[1].days] == [(world.day(3), True), (world.day(4), True)]


async def test_the_moved_deadline_fires_on_its_new_day(world: World) -> None:
    case = await world.registered()
    sent = await world.dispatch(case, arrival=world.day(0))
    assert sent.acknowledge_due_on == world.day(3)
    await calendar(world, off=(3,))
    assert await world.after_days(4) == []
    assert [event.DESCRIPTOR.name for event in await world.after_days(1)] == ["TransferOverdue"]


async def test_days_that_are_over_or_contradict_one_another_are_refused(world: World) -> None:
    assert await violated(calendar(world, off=(-1,))) == [("days_off", "TOO_EARLY")]
    assert await violated(calendar(world, off=(1,), worked=(1,))) == [("days_worked", "DUPLICATE")]
    assert await violated(calendar(world)) == [("days_off", "REQUIRED")]
    assert await violated(calendar(world, off=tuple(range(61)))) == [("days_off", "TOO_MANY")]
    request = api.ChangeCalendarRequest(request_id=new_id(), days_off=["tomorrow"])
    assert ("days_off[1]", "BAD_FORMAT") in await violated(world.at(ADMIN).ChangeCalendar(request))


async def test_an_office_is_opened_and_can_be_sent_people_and_end_another(world: World) -> None:
    request = api.OpenOfficeRequest(
        request_id=new_id(),
        office_id="SA-22-NEW",
        role="SUPPORT_AGENCY",
        province=types.ProvinceRef(code="22", vintage="2025"),
        name_en="New department",
        name_vi="Sở mới",
    )
    assert (await world.by_two("OpenOffice", request)).office_id == "SA-22-NEW"
    assert (await world.at(ADMIN).OpenOffice(request)).office_id == "SA-22-NEW"
    again = api.OpenOfficeRequest()
    again.CopyFrom(request)
    again.request_id = new_id()
    assert await refused(world.at(ADMIN).OpenOffice(again)) == "OFFICE_EXISTS"
    case, other = await world.registered(), await world.registered()
    assert (await world.dispatch(case, to="SA-22-NEW")).to_office_id == "SA-22-NEW"
    await world.dispatch(other, to=QUANG_NINH)
    ended = api.EndOfficeRequest(request_id=new_id(), office_id=QUANG_NINH, successor_id="SA-22-NEW")
    assert (await world.by_two("EndOffice", ended)).counts.transfers == 1
    transfers = await world.rows("SELECT DISTINCT to_office_id FROM transfer")
    assert [row.to_office_id for row in transfers] == ["SA-22-NEW"]
    names = [event.DESCRIPTOR.name for event in await world.heard()]
    assert [name for name in names if name.startswith("Office")] == ["OfficeOpened", "OfficeEnded"]


async def test_an_office_that_makes_no_sense_is_not_opened(world: World) -> None:
    request = api.OpenOfficeRequest(
        request_id=new_id(), office_id="sa 1", role="AGENCY", facility_kind="TENT", capacity=-1
    )
    assert await violated(world.at(ADMIN).OpenOffice(request)) == [
        ("role", "NOT_IN_LIST"),
        ("facility_kind", "NOT_IN_LIST"),
        ("facility_kind", "NOT_ALLOWED_WITH"),
        ("office_id", "BAD_FORMAT"),
        ("name_en", "REQUIRED"),
        ("name_vi", "REQUIRED"),
        ("capacity", "TOO_SMALL"),
    ]
    request = api.OpenOfficeRequest(
        request_id=new_id(), office_id="SA-X", role="SUPPORT_AGENCY", name_en="X", name_vi="X", capacity=1
    )
    assert await violated(world.at(ADMIN).OpenOffice(request)) == [
        ("province", "REQUIRED_WITH"),
        ("capacity", "NOT_ALLOWED"),
    ]
