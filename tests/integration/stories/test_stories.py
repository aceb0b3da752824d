"""Stories as they go: what officers of similar systems complain of, and what becomes of it here.

Each row of the table of complaints is a story through the calls of all four services, or is held by the tests that are
named beside it; `ROWS` says the words of the table, and nothing may be missing.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.calendar import add_months, add_years
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from tests.integration.intake.people import person, submission
from tests.support.clocks import FakeClock, viet_nam
from tests.support.country import Country, country_of
from tests.support.fixtures import ChassisFor, ServiceDatabase

POST, OTHER_POST = "BP-CN-HUU-NGHI", "BP-CN-MONG-CAI"
CENTRE = "RC-PEACE-HOUSE"
HOME, ELSEWHERE, THIRD = "SA-08", "SA-24", "SA-01"
HER_SUPERVISOR, THEIR_SUPERVISOR, POSTS_SUPERVISOR, NATION = "SV-08", "SV-24", "SV-20", "SV-NATIONAL"
POLICE, OTHER_POLICE = "VF-20", "VF-24"
ADMIN = "ADMIN-NATIONAL"
ROOT: Final = Path(__file__).parents[3]

ROWS: Final[dict[int, str]] = {
    1: "referring out exits the client at the sender by itself, reviewers unsure when",
    2: "transfer request stays open when the patient is discharged elsewhere or dies",
    3: "a no-show cannot be changed to anything afterwards; attended, still listed as missed",
    4: "moved outside the network, remains live at the origin for ever",
    5: "de-notified enrolments still count, unclear which states are excluded",
    6: "registered, never dispatched, three years",
    7: "wrong earlier case taken by itself; no way to un-merge; wrong, even dead, person picked",
    8: "tasks assigned to users who have no access to the case",
    9: "a person may end with no follow-up at all after two status changes",
    10: "second infection not linked to the first case; authority wants the link",
    11: "flagged missed or lost although seen",
    12: "dashboard counts differ from the list behind them",
    14: "follow-up end not recalculated when the anchor date is corrected",
    15: "a task closed by mistake cannot be opened again",
    16: "work done in time, entered late",
    17: "an event on the boundary day itself falls out",
    18: "re-imported rows create duplicates in silence",
    19: "referral form created twice; persons to be merged afterwards",
    20: "after an import of many rows nobody can say which were taken",
    21: "date, user and reason of the last follow-up status change not shown",
    22: "visits still asked for after refusal",
    23: "done task still shown red; tasks of removed persons",
    24: "doubled notices (notice on create and on assign)",
    25: "which facility counts an overdue appointment; lower level gets no notice",
    26: "on paper in time, entered later, entered out of order",
    28: "household members and a referral",
    29: "merging into a unit that has data; users after a merge; cases left behind by location moves",
    30: "a request of the former facility blocks the new one",
    31: "discharged, transferred, ends up readmitted at the old place",
    32: "back-dated entry impossible",
    33: "reassigning to a former holder, several transfers in and out",
    34: "second referral to the same office",
    35: "after reassigning, the old one is still reminded, the new one not told",
    36: "double accept (one action, two records)",
    37: "wrong receiver",
    38: "dates shift by a day with the time zone",
    39: "month ends (date arithmetic)",
    40: "due date moves when something else is edited",
    41: "what is overdue for over a year falls out of the list",
    42: "counts contain handed-over cases",
    43: "other regions' cases visible to a supervisor",
    44: "identification revised by another authority (jurisdiction)",
    45: "identification never decided (legal reply terms)",
    46: "start and overdue told at the same moment",
}
"""The rows of the table by their numbers (13 and 27 are none), in its words."""

HELD_ELSEWHERE: Final[dict[int, tuple[str, str]]] = {
    20: ("tests/integration/cli/commands/test_submit.py", "test_validate_names_row_and_column"),
    39: ("tests/unit/chassis/kernel/test_calendar.py", "test_months_are_calendar_months"),
    43: ("tests/e2e/test_authorisation.py", "test_an_office_not_concerned_changes_nothing"),
}
"""Rows that need no four services: the file and the test that holds them."""


class Story:
    """A country in which things go wrong."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.people = 0

    async def do(self, by: str, method: str, case: str = "", /, **fields: Any) -> Any:
        """A call about a case."""
        return await self.country.do(by, method, **({"case": case} if case else {}), **fields)

    async def refused(self, call: Awaitable[Any]) -> str:
        """The reason for which a call is refused."""
        with pytest.raises(HomewardError) as refused:
            await call
        return refused.value.reason

    def day(self, offset: int = 0) -> str:
        """A local day so many days from today."""
        return self.country.day(offset)

    async def passes(self, days: int, times: int = 1) -> None:
        """So many days pass, so many times."""
        for _ in range(times):
            await self.country.passes(days)

    def somebody(self, **changes: Any) -> Any:
        """A woman of her own name."""
        self.people += 1
        return person(f"Nguyễn Thị Ví Dụ {'I' * self.people}", **changes)

    async def registered(self, **changes: Any) -> str:
        """She is handed over."""
        request = submission(self.somebody(**changes), at=self.country.clock.now())
        receipt = (await self.country.call("intake", "SubmitHandover", request, POST)).receipt
        return str(receipt.entries[0].case_id)

    async def registers_herself(self, office_id: str, earlier: str = "") -> str:
        """She reports at an office, perhaps with the number of her case."""
        instant = Timestamp()
        instant.FromDatetime(self.country.clock.now())
        her = self.somebody(earlier_case=earlier)
        answer = await self.do(office_id, "RegisterSelfReturn", person=her, route="SELF_RETURN", report_time=instant)
        return str(answer.receipt.entries[0].case_id)

    async def sent(self, case: str, to: str = HOME, by: str = POST) -> str:
        """She left today, and is expected tomorrow."""
        await self.do(by, "DispatchTransfer", case, to_office_id=to, expected_arrival_on=self.day(1))
        return case

    async def arrived(self, case: str, by: str = HOME, on: str = "") -> str:
        """She is there."""
        await self.do(by, "AcknowledgeTransfer", case, arrived_on=on)
        return case

    async def at_home(self) -> str:
        """Sent, and there."""
        return await self.arrived(await self.sent(await self.registered()))

    async def in_the_shelter(self) -> str:
        """Sent there, and admitted."""
        return await self.arrived(await self.sent(await self.registered(), CENTRE), CENTRE)

    async def custody(self, case: str, by: str = NATION) -> Any:
        """As an office sees it."""
        return (await self.do(by, "GetCustody", case)).custody

    async def stands(self, case: str) -> tuple[str, str]:
        """Phase and accountable office."""
        seen = await self.custody(case)
        return types.CasePhase.Name(seen.phase).removeprefix("CASE_PHASE_"), seen.accountable_office_id

    async def where(self, case: str) -> str:
        """Where she is."""
        latest = (await self.custody(case)).segments[-1]
        return types.CustodyKind.Name(latest.kind).removeprefix("CUSTODY_KIND_")

    async def lost(self, by: str = NATION) -> dict[str, str]:
        """Who is searched for, and why."""
        found = (await self.do(by, "ListLost", page_size=200)).searches
        return {one.case_id: types.LostReason.Name(one.reason).removeprefix("LOST_REASON_") for one in found}

    async def overdue(self, by: str) -> set[str]:
        """Whose deadlines passed."""
        return {one.case_id for one in (await self.do(by, "ListOverdue", page_size=200)).cases}

    async def follow_ups(self, case: str, by: str = NATION) -> dict[str, Any]:
        """By kind."""
        wanted = visits_pb2.FollowUpFilter(case=case, include_done=True)
        found = (await self.do(by, "ListFollowUps", filter=wanted)).follow_ups
        return {types.FollowUpKind.Name(one.kind).removeprefix("FOLLOW_UP_KIND_"): one for one in found}

    async def inbox(self, office_id: str, case: str) -> list[Any]:
        """The messages about a case."""
        found = (await self.do(office_id, "ListMessages", include_read=True, page_size=200)).messages
        return [one for one in found if one.case_id == case]

    async def kinds(self, office_id: str, case: str) -> list[str]:
        """What an office was told."""
        return [one.kind for one in await self.inbox(office_id, case)]

    async def asked(self, office_id: str, case: str) -> set[str]:
        """What an office is still asked to do about a case."""
        return {one.duty for one in await self.inbox(office_id, case) if one.action_required}


def state(follow_up: visits_pb2.FollowUp) -> str:
    """Its short name."""
    return types.FollowUpState.Name(follow_up.state).removeprefix("FOLLOW_UP_STATE_")


# The stories ----------------------------------------------------------------------------------


async def row_1(told: Story) -> None:
    case = await told.sent(await told.at_home(), ELSEWHERE, HOME)
    await told.do(ELSEWHERE, "AcceptTransfer", case)
    closing = told.do(HOME, "CloseCase", case, reason="LEFT_AREA", left_for="UNKNOWN")
    assert await told.refused(closing) == "PERSON_IS_AWAITED"
    await told.passes(1)
    await told.arrived(case, ELSEWHERE)
    assert (await told.stands(case))[1] == ELSEWHERE


async def row_2(told: Story) -> None:
    case = await told.sent(await told.registered())
    await told.do(HOME, "AcceptTransfer", case)
    await told.do(POST, "CloseCase", case, reason="DIED")
    assert "AWAITED_CASE_CLOSED" in await told.kinds(HOME, case)
    assert await told.asked(HOME, case) == set()
    await told.do(HOME, "ReopenCase", case, reason="NOT_TRUE")
    assert await told.stands(case) == ("IN_TRANSIT", POST), "whoever awaits her may object"


async def row_3(told: Story) -> None:
    case = await told.sent(await told.registered())
    await told.passes(1)
    await told.do(HOME, "ReportNotArrived", case)
    assert (await told.custody(case, HOME)).arrival_still_taken
    await told.passes(7)
    assert await told.lost() == {case: "REJECTED_NOT_REDISPATCHED"}
    await told.arrived(case)
    assert await told.lost() == {}
    assert await told.stands(case) == ("FOLLOW_UP", HOME)


async def row_4(told: Story) -> None:
    gone, dead, refuses = [await told.registered() for _ in range(3)]
    await told.do(POST, "CloseCase", gone, reason="LEFT_ON_HER_OWN", left_for="UNKNOWN")
    assert await told.lost() == {gone: "LEFT_PROVINCE"}
    await told.do(POST, "CloseCase", dead, reason="DIED")
    await told.do(POST, "CloseCase", refuses, reason="REFUSED")
    await told.do(CENTRE, "CloseCase", await told.in_the_shelter(), reason="DIED")
    await told.do(POST, "CloseCase", await told.sent(await told.registered()), reason="DIED")
    await told.do(POST, "ReopenCase", refuses, reason="ASKS_AGAIN")
    assert await told.stands(refuses) == ("REGISTERED", POST)


async def row_5(told: Story) -> None:
    case = await told.registered()
    too_soon = told.do(POST, "CloseCase", case, reason="NOT_IDENTIFIED")
    assert await told.refused(too_soon) == "IDENTIFICATION_SAYS_OTHERWISE"
    decision = {"status": "NOT_IDENTIFIED", "decided_on": told.day(), "reason": "Không đủ căn cứ"}
    await told.do(POLICE, "DecideIdentification", case, **decision)
    await told.do(POST, "CloseCase", case, reason="NOT_IDENTIFIED")
    await told.passes(400)
    assert await told.asked(POST, case) == await told.asked(POSTS_SUPERVISOR, case) == set()


async def row_6(told: Story) -> None:
    case = await told.registered()
    await told.passes(5, 8)
    assert await told.lost() == {case: "NOT_SENT_ON"}
    await told.passes(7, 4)
    assert "SEARCH" in await told.asked(NATION, case)
    assert len(await told.asked(POST, case)) == 1, "a reminder takes the place of the one before"


async def row_7(told: Story) -> None:
    stranger = await told.sent(await told.registered())
    await told.do(HOME, "AcceptTransfer", stranger)
    number = (await told.custody(stranger)).case_number
    another = person("Trần Văn Khác", sex="Masculine", birth_date="1970-01-01", earlier_case=number)
    request = submission(another, at=told.country.clock.now())
    await told.country.call("intake", "SubmitHandover", request, POST)
    assert await told.stands(stranger) == ("IN_TRANSIT", POST), "said alone it changes nothing"
    assert await told.lost() == {}
    await told.passes(1)
    await told.arrived(stranger)
    assert (await told.stands(stranger))[1] == HOME


async def row_8(told: Story) -> None:
    case = await told.arrived(await told.sent(await told.at_home(), CENTRE, HOME), CENTRE)
    assert {one.office_id for one in (await told.follow_ups(case)).values()} == {HOME}
    to_a_post = told.do(NATION, "ReassignCase", await told.at_home(), office_id=OTHER_POST, reason="OTHER")
    assert await told.refused(to_a_post) == "MAKES_NO_FOLLOW_UPS"


async def row_9(told: Story) -> None:
    case = await told.in_the_shelter()
    there = {"office_id": ELSEWHERE, "reason": "PERSON_IS_THERE"}
    assert await told.refused(told.do(NATION, "ReassignCase", case, **there)) == "STAYS_IN_FACILITY"
    await told.do(NATION, "ReassignCase", case, **there, with_office_since=told.day())
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)
    assert set(await told.follow_ups(case)) == {"MONTHS_3", "YEARS_3"}
    assert await told.where(case) == "HOME_OFFICE"


async def row_10(told: Story) -> None:
    case = await told.at_home()
    await told.do(HOME, "CloseCase", case, reason="ASKED_TO_STOP")
    again = await told.registered(earlier_case=(await told.custody(case)).case_number)
    for office in (HOME, HER_SUPERVISOR, NATION):
        assert any(kind.startswith("RETURN_CLAIMED") for kind in await told.kinds(office, case)), office
    assert [one.other_case_id for one in (await told.custody(case)).returns] == [again]
    assert [one.other_case_id for one in (await told.custody(again)).returns] == [case]


async def row_11(told: Story) -> None:
    case = await told.at_home()
    await told.passes(100, 11)
    await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED")
    found = await told.follow_ups(case)
    assert (state(found["MONTHS_3"]), state(found["YEARS_3"])) == ("MISSED", "RECORDED")
    assert await told.lost() == {}
    assert await told.asked(HOME, case) <= {"DECIDE_CLOSING"}


async def row_12(told: Story) -> None:
    never = await told.registered()
    silent = await told.sent(await told.registered())
    gone = await told.at_home()
    await told.do(HOME, "RecordContact", gone, outcome="NOT_AT_ADDRESS")
    await told.passes(5, 8)
    assert set(await told.lost()) == {never, silent, gone}
    assert sum(one.total for one in (await told.do(NATION, "CountLost")).counts) == 3


async def row_14(told: Story) -> None:
    case = await told.registered()
    await told.passes(3)
    left = {"to_office_id": HOME, "departed_on": told.day(-3), "expected_arrival_on": told.day()}
    await told.do(POST, "DispatchTransfer", case, **left)
    await told.arrived(case, on=told.day(-1))
    await told.do(HOME, "CorrectArrival", case, arrived_on=told.day(-2), reason="MISTYPED")
    right = local_date(told.country.clock.now()) - timedelta(days=2)
    found = await told.follow_ups(case)
    assert found["MONTHS_3"].due_on == add_months(right, 3).isoformat()
    assert found["YEARS_3"].due_on == add_years(right, 3).isoformat()


async def row_15(told: Story) -> None:
    case = await told.at_home()
    await told.passes(80)
    answer = await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED")
    second = told.do(HOME, "RecordFollowUp", case, outcome="AT_RISK", kind="MONTHS_3")
    assert await told.refused(second) == "FOLLOW_UP_ALREADY_RECORDED"
    await told.do(HOME, "TakeBackEntry", case, entry_number=answer.entry_number, reason="WRONG_CASE")
    assert state((await told.follow_ups(case))["MONTHS_3"]) == "SCHEDULED"
    await told.do(HOME, "RecordFollowUp", case, outcome="AT_RISK")


async def row_16(told: Story) -> None:
    case = await told.at_home()
    due = (await told.follow_ups(case))["MONTHS_3"].due_on
    await told.passes(28, 5)
    await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED", visited_on=due)
    found = (await told.follow_ups(case))["MONTHS_3"]
    assert (state(found), found.visited_on) == ("RECORDED", due)


async def row_17(told: Story) -> None:
    case = await told.at_home()
    today = local_date(told.country.clock.now())
    await told.passes((add_months(today, 3) - today).days - 31)
    early = told.do(HOME, "RecordFollowUp", case, outcome="SETTLED", kind="MONTHS_3")
    assert await told.refused(early) == "FOLLOW_UP_TOO_EARLY"
    await told.passes(31)
    assert state((await told.follow_ups(case))["MONTHS_3"]) == "DUE"
    await told.passes(1)
    assert state((await told.follow_ups(case))["MONTHS_3"]) == "LATE"


async def row_18(told: Story) -> None:
    women, at = [told.somebody(), told.somebody()], told.country.clock.now()
    await told.country.call("intake", "SubmitHandover", submission(*women, at=at), POST)
    copy = told.country.call("intake", "SubmitHandover", submission(*women, at=at, again=()), POST)
    assert await told.refused(copy) == "ALREADY_REGISTERED"
    assert len(await told.country.rows("intake", "SELECT 1 FROM intake_case")) == 2


async def row_19(told: Story) -> None:
    case = await told.at_home()
    twice = await told.registers_herself(HOME)
    await told.do(HOME, "CloseCase", twice, reason="REGISTERED_TWICE", other_case=case)
    assert [one.case_id for one in (await told.custody(case)).linked_cases] == [twice]
    moved = await told.registers_herself(ELSEWHERE, (await told.custody(case)).case_number)
    await told.do(HOME, "ConfirmReappearance", case, later_case=moved)
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)
    assert (await told.stands(moved))[0] == "CLOSED"
    assert {one.office_id for one in (await told.follow_ups(case)).values()} == {ELSEWHERE}
    assert await told.follow_ups(moved) == {}, "only a new return starts a new set"


async def row_21(told: Story) -> None:
    case = await told.at_home()
    await told.do(HOME, "RecordContact", case, outcome="REACHED")
    await told.do(HOME, "CloseCase", case, reason="ASKED_TO_STOP")
    await told.do(HOME, "ReopenCase", case, reason="CAME_BACK")
    await told.do(NATION, "ReassignCase", case, office_id=ELSEWHERE, reason="OFFICE_CANNOT")
    seen = await told.custody(case)
    (closing,) = seen.closings
    assert (closing.reason, closing.office_id) == (types.CLOSE_REASON_ASKED_TO_STOP, HOME)
    assert closing.reopen_reason == types.REOPEN_REASON_CAME_BACK
    assert seen.segments[-1].reassign_reason == types.REASSIGN_REASON_OFFICE_CANNOT
    assert len((await told.do(ELSEWHERE, "GetStory", case)).entries) == 1


async def row_22(told: Story) -> None:
    case = await told.at_home()
    await told.passes(85)
    assert await told.refused(told.do(HOME, "RecordFollowUp", case, outcome="DECLINED")) == "INVALID_INPUT"
    await told.do(HOME, "RecordFollowUp", case, outcome="DECLINED", then="CLOSE")
    assert (await told.stands(case))[0] == "CLOSED"
    (closing,) = (await told.custody(case)).closings
    assert (closing.reason, closing.office_id) == (types.CLOSE_REASON_ASKED_TO_STOP, HOME)
    assert await told.asked(HOME, case) == set()


async def row_23(told: Story) -> None:
    arrived, rejected, recalled, dead = [await told.sent(await told.registered()) for _ in range(4)]
    for case in (arrived, rejected, recalled, dead):
        assert await told.asked(HOME, case) == {"ACKNOWLEDGE"}
    await told.arrived(arrived)
    await told.do(HOME, "RejectTransfer", rejected, reason="NOT_RESIDENT")
    await told.do(POST, "RecallTransfer", recalled)
    await told.do(POST, "CloseCase", dead, reason="DIED")
    for case in (arrived, rejected, recalled, dead):
        assert await told.asked(HOME, case) == set()


async def row_24(told: Story) -> None:
    case = await told.sent(await told.registered())
    assert await told.kinds(HOME, case) == ["TRANSFER_UNDER_WAY"]
    assert (await told.kinds(POST, case)).count("TRANSFER_DISPATCHED") == 1


async def row_25(told: Story) -> None:
    case = await told.sent(await told.registered())
    await told.passes(6)
    for office in (POST, HOME, POSTS_SUPERVISOR, HER_SUPERVISOR):
        assert case in await told.overdue(office), office
        assert await told.inbox(office, case), office
    assert await told.overdue(THEIR_SUPERVISOR) == set()


async def row_26(told: Story) -> None:
    case = await told.at_home()
    await told.passes(5)
    await told.do(HOME, "RecordContact", case, outcome="REACHED")
    paper = await told.do(HOME, "RecordContact", case, outcome="NOT_AT_ADDRESS", contacted_on=told.day(-2))
    assert paper.seen_on == told.day(), "the answer says what happened"
    assert await told.lost() == {}


async def row_28(told: Story) -> None:
    mother, child = await told.registered(), await told.registered(birth_date="2020-01-01")
    await told.do(POST, "LinkFamily", mother, other_case=child, relation="CHILD")
    away = {"expected_arrival_on": told.day(1)}
    left = await told.do(POST, "DispatchTransfer", mother, to_office_id=HOME, **away)
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND in left.warnings
    assert "REUNITE" in await told.asked(POST, mother)
    elsewhere = await told.do(POST, "DispatchTransfer", child, to_office_id=ELSEWHERE, **away)
    assert types.TRANSFER_WARNING_RELATIVE_ELSEWHERE in elsewhere.warnings
    await told.do(POST, "RedirectTransfer", child, to_office_id=HOME, **away)
    assert "REUNITE" not in await told.asked(POST, mother)
    partings = (await told.custody(mother)).partings
    assert partings
    assert all(one.HasField("reunite_time") for one in partings)


async def row_29(told: Story) -> None:
    there = [await told.arrived(await told.sent(await told.registered(), THIRD), THIRD) for _ in range(2)]
    between = await told.sent(there[0], ELSEWHERE, THIRD)
    await told.do(ADMIN, "EndOffice", office_id=THIRD, successor_id=ELSEWHERE)
    assert (await told.stands(there[1]))[1] == ELSEWHERE
    await told.passes(1)
    await told.arrived(between, ELSEWHERE)
    assert (await told.stands(between))[1] == ELSEWHERE
    to_the_old = await told.sent(await told.registered(), THIRD)
    assert (await told.custody(to_the_old)).transfers[-1].to_office_id == ELSEWHERE


async def row_30(told: Story) -> None:
    case = await told.at_home()
    plan = {"expected_departure_on": told.day(1), "expected_arrival_on": told.day(2)}
    await told.do(HOME, "PlanTransfer", case, to_office_id=ELSEWHERE, **plan)
    await told.do(NATION, "ReassignCase", case, office_id=THIRD, reason="OFFICE_CANNOT")
    assert (await told.custody(case)).transfers[-1].state == types.TRANSFER_STATE_RECALLED
    await told.sent(case, ELSEWHERE, THIRD)


async def row_31(told: Story) -> None:
    case = await told.sent(await told.in_the_shelter(), HOME, CENTRE)
    await told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    assert await told.where(case) == "NOT_KNOWN", "on the road"
    await told.do(CENTRE, "AdmitPerson", case)
    (stay,) = (await told.custody(case)).stays
    assert not stay.discharged_on
    assert await told.where(case) == "SHELTER"


async def row_32(told: Story) -> None:
    case = await told.registered()
    await told.passes(5)
    left = {"to_office_id": HOME, "departed_on": told.day(-4), "expected_arrival_on": told.day(-3)}
    await told.do(POST, "DispatchTransfer", case, **left)
    await told.arrived(case, on=told.day(-3))
    due = add_months(local_date(told.country.clock.now()) - timedelta(days=3), 3)
    assert (await told.follow_ups(case))["MONTHS_3"].due_on == due.isoformat()


async def row_33(told: Story) -> None:
    case = await told.at_home()
    before = {kind: one.due_on for kind, one in (await told.follow_ups(case)).items()}
    for office in (ELSEWHERE, HOME):
        await told.do(NATION, "ReassignCase", case, office_id=office, reason="OTHER")
    found = await told.follow_ups(case)
    assert {kind: one.due_on for kind, one in found.items()} == before
    assert {one.office_id for one in found.values()} == {HOME}


async def row_34(told: Story) -> None:
    case = await told.sent(await told.registered())
    await told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    await told.arrived(await told.sent(case))
    made = [one.state for one in (await told.custody(case)).transfers]
    assert made == [types.TRANSFER_STATE_REJECTED, types.TRANSFER_STATE_ACKNOWLEDGED]


async def row_35(told: Story) -> None:
    case = await told.at_home()
    await told.passes(28, 5)
    assert "FOLLOW_UP" in await told.asked(HOME, case)
    await told.do(NATION, "ReassignCase", case, office_id=ELSEWHERE, reason="OFFICE_CANNOT")
    assert await told.asked(HOME, case) == set()
    assert "FOLLOW_UP" in await told.asked(ELSEWHERE, case)


async def row_36(told: Story) -> None:
    case = await told.at_home()
    assert await told.refused(told.do(HOME, "AcknowledgeTransfer", case)) == "ALREADY_ACKNOWLEDGED"
    rejecting = told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    assert await told.refused(rejecting) == "ALREADY_ACKNOWLEDGED", "and reads who was quicker"
    assert len({one.segment for one in (await told.custody(case)).segments}) == 2


async def row_37(told: Story) -> None:
    case = await told.sent(await told.registered(), ELSEWHERE)
    await told.do(ELSEWHERE, "AcceptTransfer", case)
    await told.do(POST, "RedirectTransfer", case, to_office_id=HOME, expected_arrival_on=told.day(1))
    assert await told.refused(told.do(ELSEWHERE, "AcknowledgeTransfer", case)) == "ENDED_BY_SENDER"
    assert await told.refused(told.do(ELSEWHERE, "GetCase", case)) == "CASE_NOT_FOUND"
    await told.arrived(case)


async def row_38(told: Story) -> None:
    zone = os.environ.get("TZ")
    for elsewhere in ("America/Los_Angeles", "Pacific/Kiritimati"):
        os.environ["TZ"] = elsewhere
        time.tzset()
        try:
            told.country.clock.move_to(max(told.country.clock.now(), viet_nam(2026, 3, 3, 0, 20)))
            case = await told.arrived(await told.sent(await told.registered()))
            assert (await told.follow_ups(case))["MONTHS_3"].arrived_on == "2026-03-03"
        finally:
            os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
            time.tzset()


async def row_40(told: Story) -> None:
    case = await told.at_home()
    before = {kind: one.due_on for kind, one in (await told.follow_ups(case)).items()}
    await told.do(NATION, "ReassignCase", case, office_id=ELSEWHERE, reason="OTHER")
    await told.do(ELSEWHERE, "CloseCase", case, reason="ASKED_TO_STOP")
    await told.do(ELSEWHERE, "ReopenCase", case, reason="MISTAKE")
    await told.arrived(await told.sent(case, CENTRE, ELSEWHERE), CENTRE)
    assert {kind: one.due_on for kind, one in (await told.follow_ups(case)).items()} == before


async def row_41(told: Story) -> None:
    case = await told.at_home()
    await told.passes(120, 10)
    listed = (await told.do(HOME, "ListOverdueFollowUps", page_size=200)).follow_ups
    assert max(one.overdue_days for one in listed if one.case_id == case) > 1_000


async def row_42(told: Story) -> None:
    kept, handed_on = await told.at_home(), await told.at_home()
    await told.arrived(await told.sent(handed_on, ELSEWHERE, HOME), ELSEWHERE)
    mine = (await told.do(HOME, "ListCases", page_size=200)).cases
    assert {one.case_id for one in mine} == {kept}
    board = {one.name: one.count for one in (await told.do(HOME, "GetTransferBoard")).own}
    assert sum(board.values()) <= 1 + board.get("OVERDUE", 0)


async def row_44(told: Story) -> None:
    case = await told.registered()
    declined = {"status": "DECLINED", "decided_on": told.day()}
    await told.do(POLICE, "DecideIdentification", case, **declined)
    stranger = told.do(OTHER_POLICE, "DecideIdentification", case, **declined)
    assert await told.refused(stranger) == "CASE_NOT_FOUND"
    decided = (await told.custody(case)).decisions
    assert [(one.revision, one.office_id) for one in decided] == [(1, POLICE)]


async def row_45(told: Story) -> None:
    case = await told.registered()
    await told.passes(7, 12)
    assert case in {one.case_id for one in (await told.do(POLICE, "ListUndecided", page_size=50)).cases}
    for office in (POLICE, POSTS_SUPERVISOR, NATION):
        assert "DECIDE_IDENTIFICATION" in await told.asked(office, case), office


async def row_46(told: Story) -> None:
    case = await told.sent(await told.registered())
    arrived_on = told.day(1)
    await told.passes(10, 14)
    await told.arrived(case, on=arrived_on)
    await told.passes(0)
    assert await told.asked(HOME, case) == {"FOLLOW_UP"}, "one thing is asked, of five that passed meanwhile"
    assert len([one for one in await told.inbox(HOME, case) if one.action_required]) == 1


STORIES: Final[dict[int, Callable[[Story], Awaitable[None]]]] = {
    int(name.removeprefix("row_")): story for name, story in dict(globals()).items() if name.startswith("row_")
}


@pytest.fixture
def told(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Story:
    """Nobody is in the country yet."""
    return Story(country_of(service_database, chassis_for, clock))


@pytest.mark.parametrize("row", [pytest.param(row, id=f"row {row}: {ROWS[row]}") for row in STORIES])
async def test_a_row_of_the_table(told: Story, row: int) -> None:
    await STORIES[row](told)


def test_no_row_is_missing_and_what_is_held_elsewhere_is_there() -> None:
    assert STORIES.keys() | HELD_ELSEWHERE.keys() == ROWS.keys()
    assert STORIES.keys() & HELD_ELSEWHERE.keys() == set()
    for path, name in HELD_ELSEWHERE.values():
        tests = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        assert name in {one.name for one in tests if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}, path
