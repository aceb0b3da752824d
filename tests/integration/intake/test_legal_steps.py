"""What the law wants to be done at once is watched, told, recorded and listed, until the agency knows of her."""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2 as events
from homeward.events.v1 import identification_pb2
from homeward.intake.v1 import cases_pb2, submissions_pb2
from homeward.intake.v1 import identification_pb2 as identification
from homeward.intake.v1 import legal_steps_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import RULE_VERSIONS, RULES, Basis, Counting, Unit
from services.intake import wire
from services.intake.schedule import deadlines_tick
from services.intake.storage.holdings import IntakeHoldings
from tests.integration.intake.people import person
from tests.integration.intake.world import (
    CENTRE,
    COMMUNE,
    HOME_AGENCY,
    OTHER_POST,
    OTHER_SUPERVISOR,
    POLICE,
    POST,
    SUPERVISOR,
    Custody,
    World,
    watch_of,
)

PROVINCE = "SV-20"
"""Of the province of the post."""
STATES = cases_pb2.LegalStepState
TO_COMMUNE, COMMUNE_TELLS, AGENCY_TOLD = "HANDOVER_TO_COMMUNE", "COMMUNE_NOTIFY", "RETURNED_TO_SUPPORT_AGENCY"
DAY = timedelta(days=1)


class Case:
    """A case of the world, with what handover says of it."""

    def __init__(self, world: World, id_: uuid.UUID, office_id: str) -> None:
        self.world = world
        self.id = id_
        self.custody = Custody(id_, office_id)

    async def hear(self, *messages: Message) -> None:
        await self.world.hear(self.id, *messages)

    async def record(self, step: str, office_id: str = POST, done_on: date | None = None) -> list[str]:
        day = done_on or local_date(self.world.clock.now())
        request = api.RecordLegalStepRequest(
            request_id=str(uuid.uuid4()), case=str(self.id), step=step, done_on=day.isoformat()
        )
        return [_shown(one) for one in (await self.world.call(office_id, request)).steps]

    async def take_back(self, step: str, office_id: str = POST) -> list[str]:
        request = api.TakeBackLegalStepRequest(request_id=str(uuid.uuid4()), case=str(self.id), step=step)
        return [_shown(one) for one in (await self.world.call(office_id, request)).steps]

    async def steps(self, office_id: str = SUPERVISOR) -> list[str]:
        return [_shown(one) for one in (await self.world.get(office_id, self.id)).legal_steps]

    async def decide(self, status: types.IdentificationStatus.ValueType) -> None:
        request = identification.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=str(self.id),
            status=status,
            decided_on=local_date(self.world.clock.now()).isoformat(),
            reason="Lý do ví dụ",
        )
        await self.world.call(POLICE, request)


def _shown(one: cases_pb2.LegalStep) -> str:
    return f"{one.step} {STATES.Name(one.state).removeprefix('LEGAL_STEP_STATE_')}"


async def handed_over(world: World, office_id: str = POST) -> Case:
    """Somebody whom an authority abroad handed over, and of whom handover took over the custody."""
    case = Case(world, await world.registered(person(), office_id=office_id), office_id)
    await case.hear(case.custody.registered())
    return case


async def came_alone(world: World, office_id: str = POST) -> Case:
    """Somebody who came back alone."""
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(),
        route=types.ROUTE_OF_RETURN_SELF_RETURN,
        report_time=wire.timestamp(world.clock.now()),
        also_register_again=True,
    )
    receipt = (await world.call(office_id, request)).receipt
    case = Case(world, uuid.UUID(receipt.entries[0].case_id), office_id)
    await case.hear(case.custody.registered())
    return case


async def look(world: World) -> int:
    """One look of the scheduler; how much fired."""
    tick = deadlines_tick(world.chassis.units, watch_of(world.chassis), world.chassis.metrics)
    fired = 0
    while count := await tick.look():
        fired += count
    return fired


async def told(world: World, days: float = 0) -> list[tuple[str, int, str]]:
    """Step, level and office of what is told in so many days, with a look each day."""
    known = len(await world.said(events.LegalStepOverdue))
    for _ in range(int(days)):
        world.clock.move_by(DAY)
        await look(world)
    world.clock.move_by(DAY * (days % 1))
    await look(world)
    found = [one.message for one in (await world.said(events.LegalStepOverdue))[known:]]
    return [(one.step, one.level, one.accountable_office_id) for one in found]


async def last_told(world: World) -> tuple[str, int, str]:
    """Step, level and office of what was told last."""
    last: events.LegalStepOverdue = (await world.said(events.LegalStepOverdue))[-1].message
    return last.step, last.level, last.accountable_office_id


async def reminded(world: World) -> list[tuple[str, str]]:
    """Step and office of what was told before a limit passed."""
    found = [one.message for one in await world.said(events.LegalStepDueSoon)]
    return [(one.step, one.accountable_office_id) for one in found]


async def watched(world: World, case: Case) -> list[tuple[str, bool]]:
    """What is watched for a case besides reminders, and whether it is its primary deadline."""
    rows = await world.rows(
        "SELECT rule, is_primary FROM obligation WHERE case_id = :case AND state = 'ARMED'"
        " AND rule NOT LIKE '%\\_DUE\\_SOON' ORDER BY rule",
        case=case.id,
    )
    return [(row.rule, row.is_primary) for row in rows]


async def refused(call: Any) -> str:
    with pytest.raises(RpcFailure) as failure:
        await call
    return failure.value.reason


async def test_who_is_handed_over_is_told_to_the_agency_within_a_day(world: World) -> None:
    case = await handed_over(world)
    assert await case.steps() == [f"{AGENCY_TOLD} ASKED"]
    assert await watched(world, case) == [("INITIAL_VERIFY", False), (AGENCY_TOLD, False)]
    world.clock.move_by(DAY - timedelta(seconds=1))
    assert await told(world) == []
    world.clock.move_by(timedelta(seconds=1))
    assert await told(world) == [(AGENCY_TOLD, 1, POST)]
    assert await told(world, 21) == [(AGENCY_TOLD, level, POST) for level in (2, 3)]
    assert await case.record(AGENCY_TOLD) == [f"{AGENCY_TOLD} DONE"]
    assert [one.message.step for one in await world.said(events.LegalStepSettled)] == [AGENCY_TOLD]
    assert await told(world, 30) == []
    assert AGENCY_TOLD not in dict(await watched(world, case))


async def test_the_office_is_reminded_before_a_step_is_missing_and_of_nothing_that_is_done(world: World) -> None:
    done, moved, case = [await handed_over(world) for _ in range(3)]
    await done.record(AGENCY_TOLD)
    world.clock.move_by(DAY / 2 - timedelta(seconds=1))
    await look(world)
    assert await reminded(world) == []
    world.clock.move_by(timedelta(seconds=1))
    await look(world)
    assert await reminded(world) == [(AGENCY_TOLD, POST)] * 2
    await case.record(AGENCY_TOLD)
    assert [one.message.case_id for one in await world.said(events.LegalStepSettled)] == [str(case.id)]
    await moved.hear(moved.custody.dispatched(CENTRE))
    await moved.hear(*moved.custody.admitted())
    assert (await reminded(world))[2:] == [(AGENCY_TOLD, CENTRE)], "who took her over is told what it took over"
    assert len(await world.said(events.LegalStepSettled)) == 2, "and the post is asked no more"


async def test_after_a_day_without_a_look_nobody_is_told_that_a_limit_will_pass(world: World) -> None:
    await handed_over(world)
    assert await told(world, 1) == [(AGENCY_TOLD, 1, POST)]
    assert await reminded(world) == []


async def test_who_came_alone_goes_to_the_commune_which_tells_the_agency(world: World) -> None:
    case = await came_alone(world)
    assert await case.steps() == [f"{TO_COMMUNE} ASKED"]
    assert await case.record(TO_COMMUNE) == [f"{TO_COMMUNE} DONE", f"{COMMUNE_TELLS} ASKED"]
    assert await told(world, 0.5) == []
    assert await told(world, 0.5) == [(COMMUNE_TELLS, 1, POST)]
    assert await case.record(COMMUNE_TELLS) == [f"{TO_COMMUNE} DONE", f"{COMMUNE_TELLS} DONE"]
    assert await told(world, 30) == []


async def test_the_commune_that_received_her_tells_the_agency(world: World) -> None:
    case = await came_alone(world, COMMUNE)
    assert await told(world, 1) == [(COMMUNE_TELLS, 1, COMMUNE)]
    assert await case.record(COMMUNE_TELLS, COMMUNE) == [f"{COMMUNE_TELLS} DONE"]


async def test_an_agency_that_received_her_itself_is_told_nothing(world: World) -> None:
    case = await came_alone(world, HOME_AGENCY)
    assert await case.steps() == []
    assert await told(world, 30) == []


async def test_a_mistake_is_taken_back_and_what_followed_from_it(world: World) -> None:
    case = await came_alone(world)
    await case.record(TO_COMMUNE)
    await told(world, 2)
    assert await case.take_back(TO_COMMUNE) == [f"{TO_COMMUNE} ASKED"]
    assert [one.message.step for one in await world.said(events.LegalStepSettled)] == [COMMUNE_TELLS]
    assert await told(world) == [(TO_COMMUNE, 1, POST)], "its limit passed while it was thought done"
    await case.record(TO_COMMUNE)
    await case.record(COMMUNE_TELLS)
    assert await refused(case.take_back(TO_COMMUNE)) == "LATER_STEP_DONE"
    await case.take_back(COMMUNE_TELLS)
    assert await case.take_back(TO_COMMUNE) == [f"{TO_COMMUNE} ASKED"]
    assert await refused(case.take_back(TO_COMMUNE)) == "LEGAL_STEP_NOT_DONE"


async def test_whom_it_does_not_concern_records_nothing(world: World) -> None:
    case = await handed_over(world)
    assert await refused(case.record(AGENCY_TOLD, OTHER_POST)) == "CASE_NOT_FOUND"
    assert await refused(case.record(AGENCY_TOLD, POLICE)) == "PERMISSION_DENIED"
    assert await refused(case.record(TO_COMMUNE)) == "LEGAL_STEP_NOT_ASKED"
    assert await refused(case.record("DISPATCH_DUE")) == "INVALID_INPUT"
    tomorrow = local_date(world.clock.now()) + DAY
    assert await refused(case.record(AGENCY_TOLD, done_on=tomorrow)) == "INVALID_INPUT"
    await case.record(AGENCY_TOLD)
    assert await refused(case.record(AGENCY_TOLD)) == "LEGAL_STEP_DONE"


async def test_sending_her_to_the_agency_tells_it(world: World) -> None:
    case = await handed_over(world)
    await told(world, 2)
    await case.hear(case.custody.dispatched(CENTRE))
    assert await case.steps() == [f"{AGENCY_TOLD} ASKED"], "a centre is not the agency"
    await case.hear(case.custody.recalled())
    await case.hear(case.custody.dispatched(HOME_AGENCY))
    assert await case.steps() == [f"{AGENCY_TOLD} OVERTAKEN"]
    await case.hear(case.custody.recalled())
    assert await told(world, 30) == [], "the agency knows of her still"
    assert len(await world.said(events.LegalStepSettled)) == 1
    assert await refused(case.record(AGENCY_TOLD)) == "LEGAL_STEP_NOT_ASKED"


async def test_a_step_moves_with_custody(world: World) -> None:
    case = await handed_over(world)
    await told(world, 2)
    await case.hear(case.custody.dispatched(CENTRE))
    await case.hear(*case.custody.admitted())
    assert await last_told(world) == (AGENCY_TOLD, 1, CENTRE), "the centre is told at once what it took over"
    assert len(await world.said(events.LegalStepSettled)) == 1, "and the post is asked no more"
    assert await refused(case.record(AGENCY_TOLD)) == "CUSTODY_HAS_PASSED"
    assert await told(world, 7) == [(AGENCY_TOLD, 2, CENTRE)]
    assert await case.record(AGENCY_TOLD, CENTRE) == [f"{AGENCY_TOLD} DONE"]


async def test_everything_rests_while_she_is_searched_for(world: World) -> None:
    case = await handed_over(world)
    await told(world, 2)
    await case.hear(case.custody.lost())
    assert await case.steps() == [f"{AGENCY_TOLD} RESTING"]
    assert await watched(world, case) == []
    assert await told(world, 40) == []
    assert await world.said(identification_pb2.IdentificationOverdue) == []
    assert await deadlines(world, SUPERVISOR) == []
    undecided = await world.call(POLICE, identification.ListUndecidedRequest())
    assert [one.overdue_days for one in undecided.cases] == [0], "it can be decided still, and nobody is late"
    overdue = await world.call(POLICE, identification.ListUndecidedRequest(overdue_only=True))
    assert not overdue.cases, "overdue is the same in every list"
    await case.hear(*case.custody.found(POST, types.CASE_PHASE_REGISTERED))
    assert await last_told(world) == (AGENCY_TOLD, 1, POST), "asked again at once"
    await look(world)
    assert [one.message.rule for one in await world.said(identification_pb2.IdentificationOverdue)] == [
        "INITIAL_VERIFY",
        "POLICE_VERIFY_REPLY",
    ], "what passed meanwhile is told once"
    assert await told(world, 14) == [(AGENCY_TOLD, level, POST) for level in (2, 3)]


@pytest.mark.parametrize("status", [types.IDENTIFICATION_STATUS_NOT_IDENTIFIED, types.IDENTIFICATION_STATUS_DECLINED])
async def test_who_is_no_victim_or_declines_is_told_to_nobody_until_that_is_taken_back(
    world: World, status: types.IdentificationStatus.ValueType
) -> None:
    case = await handed_over(world)
    await case.decide(status)
    assert await case.steps() == [f"{AGENCY_TOLD} RESTING"]
    assert await told(world, 30) == []
    await case.decide(types.IDENTIFICATION_STATUS_IN_PROCESS)
    assert await told(world) == [(AGENCY_TOLD, 1, POST)]


@pytest.mark.parametrize(
    ("phase", "cause"),
    [
        (types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED),
        (types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN),
    ],
)
async def test_the_end_of_the_case_ends_it(
    world: World, phase: types.CasePhase.ValueType, cause: types.CustodyCause.ValueType
) -> None:
    case = await handed_over(world)
    await case.hear(case.custody.changed(phase, cause))
    assert await watched(world, case) == []
    assert await told(world, 30) == []
    await case.hear(case.custody.changed(types.CASE_PHASE_REGISTERED, types.CUSTODY_CAUSE_REOPENED))
    assert await told(world) == [(AGENCY_TOLD, 1, POST)], "and opening it again brings it back"


async def test_a_week_without_a_scheduler_is_told_once_by_one_of_two(world: World) -> None:
    for _ in range(3):
        await handed_over(world)
    world.clock.move_by(DAY * 30)
    fired = await asyncio.gather(look(world), look(world))
    assert sum(fired) == 5 * 3, "three steps and two limits of each decision; and what was to remind of them"
    levels = [one.message.level for one in await world.said(events.LegalStepOverdue)]
    assert levels == [1, 1, 1]
    assert all(one.message.late for one in await world.said(events.LegalStepOverdue))
    assert await told(world, 7) == [(AGENCY_TOLD, 2, POST)] * 3


async def deadlines(world: World, office_id: str, **wanted: Any) -> list[tuple[str, str, int]]:
    """Case, rule and days of the list of an office, one to a page."""
    found: list[api.LegalDeadline] = []
    token = ""
    while True:
        request = api.ListLegalDeadlinesRequest(page_size=1, page_token=token, filter=api.LegalDeadlineFilter(**wanted))
        answer = await world.call(office_id, request)
        found += answer.deadlines
        token = answer.next_page_token
        if not token:
            return [(one.case_id, one.rule, one.overdue_days) for one in found]


async def counts(world: World, office_id: str, **wanted: Any) -> Sequence[tuple[str, str, int, int, int]]:
    request = api.CountLegalDeadlinesRequest(filter=api.LegalDeadlineFilter(**wanted))
    answer = await world.call(office_id, request)
    return [(one.province, one.rule, one.total, one.overdue, one.oldest_days) for one in answer.counts]


async def test_lists_and_counts_are_of_the_same_rows_and_each_sees_its_own(world: World) -> None:
    old = await handed_over(world)
    await told(world, 5)
    new = await came_alone(world)
    assert await deadlines(world, POST) == [(str(old.id), AGENCY_TOLD, 4), (str(new.id), TO_COMMUNE, 0)]
    decisions = [(str(old.id), "INITIAL_VERIFY", 2), (str(new.id), "INITIAL_VERIFY", 0)]
    assert await deadlines(world, POLICE) == decisions
    everything = await deadlines(world, SUPERVISOR)
    assert sorted(everything) == sorted([*await deadlines(world, POST), *decisions])
    assert await deadlines(world, PROVINCE) == everything
    overdue = [one for one in everything if one[2]]
    assert await deadlines(world, SUPERVISOR, overdue_only=True) == overdue
    assert await deadlines(world, SUPERVISOR, overdue_days_min=3) == [overdue[0]]
    assert await deadlines(world, SUPERVISOR, rule=TO_COMMUNE) == [(str(new.id), TO_COMMUNE, 0)]
    assert await deadlines(world, SUPERVISOR, province="20@2025") == everything
    for office_id in (OTHER_POST, OTHER_SUPERVISOR):
        assert await deadlines(world, office_id) == []
        assert await counts(world, office_id) == []
    assert await counts(world, SUPERVISOR) == [
        ("20@2025", TO_COMMUNE, 1, 0, 0),
        ("20@2025", "INITIAL_VERIFY", 2, 1, 2),
        ("20@2025", AGENCY_TOLD, 1, 1, 4),
    ]
    assert await counts(world, SUPERVISOR, overdue_only=True, rule=AGENCY_TOLD) == [("20@2025", AGENCY_TOLD, 1, 1, 4)]
    assert await refused(counts(world, COMMUNE)) == "PERMISSION_DENIED"


async def set_limit(world: World, case: Case, rule: str, office_id: str = POLICE) -> cases_pb2.Verification:
    request = api.SetReplyLimitRequest(request_id=str(uuid.uuid4()), case=str(case.id), rule=rule)
    found: cases_pb2.Verification = (await world.call(office_id, request)).verification
    return found


async def test_a_complex_verification_has_two_months(world: World) -> None:
    case = await handed_over(world)
    start = local_date(world.clock.now())
    await told(world, 5)
    assert (await world.get(POLICE, case.id)).verification.reply_due_on == (start + 20 * DAY).isoformat()
    complex_ = await set_limit(world, case, "POLICE_VERIFY_REPLY_COMPLEX")
    month = start.month + 2
    assert (complex_.reply_due_on, complex_.escalation_level) == (start.replace(month=month).isoformat(), 1)
    await told(world, (date.fromisoformat(complex_.reply_due_on) - start).days - 5)
    overdue = [one.message.rule for one in await world.said(identification_pb2.IdentificationOverdue)]
    assert overdue == ["INITIAL_VERIFY"]
    await told(world, 1)
    overdue = [one.message.rule for one in await world.said(identification_pb2.IdentificationOverdue)]
    assert overdue == ["INITIAL_VERIFY", "POLICE_VERIFY_REPLY_COMPLEX"]
    assert (str(case.id), "POLICE_VERIFY_REPLY_COMPLEX") in [one[:2] for one in await deadlines(world, POLICE)]
    assert await refused(set_limit(world, case, "POLICE_VERIFY_REPLY")) == "REPLY_IS_OVERDUE"


async def test_that_a_verification_is_complex_can_be_taken_back(world: World) -> None:
    case = await handed_over(world)
    await told(world, 5)
    await set_limit(world, case, "POLICE_VERIFY_REPLY_COMPLEX")
    await told(world, 20)
    await set_limit(world, case, "POLICE_VERIFY_REPLY")
    await told(world)
    overdue = [one.message.rule for one in await world.said(identification_pb2.IdentificationOverdue)]
    assert overdue == ["INITIAL_VERIFY", "POLICE_VERIFY_REPLY"], "it had passed long since"
    await case.decide(types.IDENTIFICATION_STATUS_DECLINED)
    assert await refused(set_limit(world, case, "POLICE_VERIFY_REPLY")) == "NOTHING_AWAITED"
    assert await refused(set_limit(world, case, "POLICE_VERIFY_REPLY", "VF-08")) == "NOT_YOUR_DECISION"


async def test_a_step_that_is_counted_in_working_days_is_counted_anew(world: World) -> None:
    """An administrator may say days instead of hours; then a new day off moves what has not passed."""
    rule = RULES[AGENCY_TOLD].revised(
        amount=2, unit=Unit.WORKING_DAYS, legal_source="Quy định ví dụ", basis=Basis.POLICY
    )
    plain = viet_nam_calendar()
    named = {name: getattr(plain, name) for name in ("days_off", "working_weekend_days", "known_until", "known_from")}
    rules = {**RULE_VERSIONS, AGENCY_TOLD: (RULES[AGENCY_TOLD], rule)}
    case = Case(world, await world.registered(person()), POST)
    directory = world.chassis.directory
    await world.hear(case.id, case.custody.registered(), calendar=Counting("V1", **named, rules=rules))
    start = local_date(world.clock.now())
    assert await due_days(world, case) == [start + 2 * DAY] * 2
    off = {**named, "days_off": named["days_off"] | {start + 2 * DAY}}
    holdings = IntakeHoldings(directory, Counting("V2", **off, rules=rules))
    assert await world.chassis.units.run(holdings.recount) == 1
    assert await due_days(world, case) == [start + 3 * DAY] * 2
    world.clock.move_by(3 * DAY)
    assert await told(world) == []
    assert await told(world, 1) == [(AGENCY_TOLD, 1, POST)]


async def due_days(world: World, case: Case) -> list[date]:
    """When the step is due: as it is watched, and as it is shown."""
    watched = "SELECT due_on FROM obligation WHERE case_id = :case AND rule = :rule AND state = 'ARMED'"
    shown = "SELECT due_on FROM legal_step WHERE case_id = :case AND rule = :rule"
    return [row.due_on for sql in (watched, shown) for row in await world.rows(sql, case=case.id, rule=AGENCY_TOLD)]


async def test_a_case_that_an_ended_office_left_is_asked_of_its_heir(world: World) -> None:
    case = await handed_over(world)
    await told(world, 2)
    holdings = IntakeHoldings(world.chassis.directory, world.chassis.calendar)
    await world.chassis.units.run(lambda uow: holdings.move(uow, POST, OTHER_POST))
    assert await told(world, 7) == [(AGENCY_TOLD, 2, OTHER_POST)]
    assert await deadlines(world, OTHER_POST) == [(str(case.id), AGENCY_TOLD, 8)]
    assert await case.record(AGENCY_TOLD, OTHER_POST) == [f"{AGENCY_TOLD} DONE"]


async def test_a_case_of_before_there_were_steps_gets_none(world: World) -> None:
    case = await handed_over(world)
    await world.rows("DELETE FROM legal_step RETURNING case_id")
    await world.rows("DELETE FROM obligation WHERE rule = :rule RETURNING id", rule=AGENCY_TOLD)
    await case.hear(case.custody.dispatched(CENTRE))
    await case.hear(*case.custody.admitted())
    assert await case.steps() == []
    assert await told(world, 30) == []
    assert await refused(case.record(AGENCY_TOLD, CENTRE)) == "LEGAL_STEP_NOT_ASKED"


STORIES = 40
"""Happenings of a story."""


def happenings(case: Case) -> list[Callable[[], Awaitable[object]]]:
    """Everything that can become of her, in any order: intake believes what handover says."""
    said, declined = case.custody, types.IDENTIFICATION_STATUS_DECLINED
    return [
        lambda: case.hear(said.dispatched(CENTRE)),
        lambda: case.hear(said.dispatched(HOME_AGENCY)),
        lambda: case.hear(said.recalled()),
        lambda: case.hear(said.dispatched(CENTRE), *said.admitted()),
        lambda: case.hear(said.lost()),
        lambda: case.hear(*said.found(said.office_id, types.CASE_PHASE_REGISTERED)),
        lambda: case.hear(said.changed(types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED)),
        lambda: case.hear(said.changed(types.CASE_PHASE_REGISTERED, types.CUSTODY_CAUSE_REOPENED)),
        lambda: case.decide(declined),
        lambda: case.decide(types.IDENTIFICATION_STATUS_IN_PROCESS),
        lambda: case.record(TO_COMMUNE, said.office_id),
        lambda: case.record(COMMUNE_TELLS, said.office_id),
        lambda: case.take_back(TO_COMMUNE, said.office_id),
        lambda: case.take_back(COMMUNE_TELLS, said.office_id),
        lambda: told(case.world, 1),
        lambda: told(case.world, 9),
    ]


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_becomes_of_her_what_the_law_asks_for_is_watched_and_nothing_else(
    world: World, seed: int
) -> None:
    chance = random.Random(seed)
    case = await came_alone(world)
    audited = "SELECT law_asked, law_watched, primary_count FROM audit_case"
    before: list[str] = []
    for _ in range(STORIES):
        happens = chance.choice(happenings(case))
        # What is not possible as it stands is refused, and changes nothing.
        with contextlib.suppress(RpcFailure):
            await happens()
        [row] = await world.rows(audited)
        assert row.law_asked == row.law_watched
        assert row.primary_count == 0
        steps = await case.steps()
        assert sum(one.endswith(" ASKED") for one in steps) <= 1
        if f"{TO_COMMUNE} OVERTAKEN" in before:
            assert f"{TO_COMMUNE} OVERTAKEN" in steps, "once told, the agency knows"
        before = steps
