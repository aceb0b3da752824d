"""The driver: offices act in order and on their days, the silent are telephoned, and a second run repeats the first."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from homeward.type.v1 import types_pb2
from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.country.clock import DEMO_MARKER, OffsetClock
from services.chassis.country.directory import built_in_directory
from services.chassis.country.reference_lists import demonstration_profile
from services.chassis.kernel.clock import local_date
from services.demo import requests
from services.demo.behaviour import SENT_TWICE_EACH, Answer, Care, Detour, Ending, Look, Slip, plan_cases
from services.demo.driver import MONTHS_3, RE_IDENTIFIED, YEARS_3, Driver, Tally
from services.demo.journal import Journal
from services.demo.office_calls import AioOfficeCalls
from services.demo.population import make_year
from services.demo.watch import Watch
from tests.unit.demo.fakes import FakeOfficeCalls, FakeWatch

PEOPLE = 60
CALENDAR = viet_nam_calendar()
CHANGES = ("SubmitHandover", "RegisterSelfReturn")


class Played:
    """One run in a folder of its own."""

    def __init__(self, folder: Path, first_day: date) -> None:
        (folder / DEMO_MARKER).touch()
        profile, directory = demonstration_profile(), built_in_directory()
        self.year = make_year(profile, PEOPLE, 1, first_day, directory)
        self.clock = OffsetClock(folder / "clock.json")
        self.offices = FakeOfficeCalls(self.clock)
        self.watch = FakeWatch(self.clock.now() + timedelta(days=3))
        self.tallies: list[Tally] = []
        self.driver = Driver(
            self.year,
            plan_cases(profile, self.year, 1, directory),
            1,
            offices=cast(AioOfficeCalls, self.offices),
            watch=cast(Watch, self.watch),
            clock_file=folder / "clock.json",
            journal=Journal(folder / "journal"),
            directory=directory,
            calendar=CALENDAR,
            show=self.tallies.append,
        )


@pytest.fixture(scope="module")
def first_day() -> date:
    return local_date(datetime.now(UTC)) + timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def played(folder: Path, first_day: date) -> Played:
    """A run to the end."""
    first = Played(folder, first_day)
    asyncio.run(first.driver.run())
    return first


def test_everything_that_is_planned_is_done_and_nothing_else(played: Played) -> None:
    cases = list(played.driver.cases.values())
    done = Counter(method for _, method, _, _ in played.offices.asked)
    assert len(cases) == sum(len(one.people) for one in played.year)
    again = len(played.driver.twice) + len(played.driver.elsewhere) + played.driver.refused_again
    assert sum(done[method] for method in CHANGES) == len(played.year) + again
    assert played.driver.refused_again == sum(
        1 for one in played.year if one.number % SENT_TWICE_EACH == 0 and not one.alone
    )
    slips = Counter(case.plan.slip for case in cases)
    assert len(played.driver.twice) == slips[Slip.REGISTERED_TWICE] > 0
    assert sum(case.refused_closings for case in cases) == slips[Slip.CLOSED_TOO_SOON] > 0
    assert sum(case.taken_back for case in cases) == done["TakeBackEntry"] > 0
    assert done["DecideIdentification"] == sum(1 for case in cases if case.plan.identification != "IN_PROCESS")
    rejected = sum(1 for case in cases if case.plan.answer is Answer.REJECTS)
    assert done["RejectTransfer"] == rejected + slips[Slip.REJECTED_BY_MISTAKE] > slips[Slip.REJECTED_BY_MISTAKE] > 0
    assert done["TakeBackAnswer"] == sum(case.withdrawn for case in cases) == slips[Slip.REJECTED_BY_MISTAKE]
    assert sum(case.came_later for case in cases) == slips[Slip.CAME_LATER] > 0
    assert sum(case.was_forgotten for case in cases) == slips[Slip.NOT_SENT_ON] > 0
    assert done["LinkFamily"] == len(played.driver.kin) == sum(1 for case in cases if case.plan.kin_after) > 0
    assert done["EndOffice"] == len(played.driver.merged) == 1
    assert [office_id for office_id, method, _, _ in played.offices.asked if method == "ApproveRequest"] == [
        "SV-NATIONAL",
        "ADMIN-NATIONAL",
    ]
    for method, detour, besides in (
        ("ReportNotArrived", Detour.NOT_ARRIVED, slips[Slip.CAME_LATER]),
        ("RedirectTransfer", Detour.REDIRECTED, 0),
        ("DischargePerson", Detour.STAY, 0),
    ):
        assert done[method] - besides == sum(1 for case in cases if case.plan.detour is detour) > 0
    died = [case for case in cases if case.ended == Slip.DIED]
    assert len(died) == slips[Slip.DIED] > 0
    lost = [case for case in cases if case.arrived_on is None and case not in died]
    silent = [case for case in cases if case.plan.answer is Answer.NEVER and not case.plan.gives_in]
    assert lost == [case for case in silent if case.plan.ending not in (Ending.FOUND, Ending.LUCK)]
    assert (
        done["ConfirmReappearance"]
        == len(played.driver.elsewhere)
        == sum(1 for case in silent if case.plan.ending is Ending.LUCK)
    )
    assert done["AcceptTransfer"] == sum(case.accepted for case in cases) > 0
    assert done["RecordFollowUp"] + done["RecordVisit"] == sum(len(case.visits) + case.taken_back for case in cases)
    visited = Counter(case.plan.care for case in cases if MONTHS_3 in case.visits)
    assert all(visited[care] for care in Care), "each way of looking after somebody is shown"
    assert done["RecordVisit"] >= sum(visited.values()) / 5
    assert done["ConfirmSafetyAct"] == visited[Care.DANGER]
    assert done["RescheduleFollowUp"] >= visited[Care.PUT_OFF]
    assert done["RecordConsent"] >= 3 * visited[Care.CONSENTS]
    closed = sum(1 for case in cases if case.closed)
    assert closed == sum(YEARS_3 in case.visits for case in cases)
    refused = sum(case.refused_closings for case in cases)
    assert done["CloseCase"] == closed + refused + len(died) + len(played.driver.twice)
    ended = Counter(case.ended for case in cases)
    assert ended["CLOSED"] == sum(1 for case in silent if case.plan.ending is Ending.CLOSED)
    assert ended[RE_IDENTIFIED] == sum(1 for one in played.year if one.reappears) > 0
    found = sum(1 for case in silent if case.plan.ending is Ending.FOUND)
    assert done["ResolveSearch"] == ended["CLOSED"] + ended[RE_IDENTIFIED] + 2 * found
    assert done["ConfirmFound"] == done["DenyFound"] == sum(case.denied for case in cases) == found
    assert played.tallies[-1].received == len(cases)


def test_no_request_speaks_of_a_day_that_has_not_come(played: Played) -> None:
    for _, method, request, today in played.offices.asked:
        for field in (
            "decided_on",
            "departed_on",
            "arrived_on",
            "home_on",
            "visited_on",
            "discharged_on",
            "taken_on",
            "said_on",
        ):
            if text := getattr(request, field, ""):
                assert date.fromisoformat(text) <= today, method


def test_the_addressed_office_answers_and_the_accountable_one_acts(played: Played) -> None:
    sender: dict[str, str] = {}
    addressed: dict[str, str] = {}
    for office, method, request, _ in played.offices.asked:
        if method in ("DispatchTransfer", "RedirectTransfer"):
            assert sender.setdefault(request.case, office) == office
            addressed[request.case] = request.to_office_id
        elif method == "ConfirmReappearance":
            addressed[request.case] = played.driver.cases[request.case].home_id
        elif method == "AcknowledgeTransfer" and office.startswith("RC-"):
            assert office == addressed[request.case]
            sender[request.case] = office
        elif method == "CloseCase" and request.reason != types_pb2.CLOSE_REASON_PERIOD_ENDED:
            continue
        elif method in ("AcknowledgeTransfer", "RejectTransfer", "RecordFollowUp", "RecordVisit", "CloseCase"):
            named = addressed.get(request.case, office)
            assert office in (named, played.driver.merged.get(named))
            assert office.startswith("SA-")


def test_deadlines_fire_before_the_work_of_a_day_and_the_clock_goes_forward(played: Played) -> None:
    assert played.watch.fired == sorted(played.watch.fired)
    assert played.driver.moves == len(played.watch.fired)
    last = max(case.visit_due(YEARS_3) for case in played.driver.cases.values() if case.arrived_on is not None)
    assert played.driver.today > last + timedelta(days=90)


def test_a_silent_office_gives_in_only_after_the_supervisor_has_called(played: Played) -> None:
    found = [case for case in played.driver.cases.values() if case.plan.gives_in]
    assert found
    for case in found:
        assert case.answered_on is not None
        assert case.was_lost(CALENDAR, played.driver.today)
        assert case.answered_late(CALENDAR)
        assert case.arrived_on == case.expected_on


def test_a_run_that_starts_again_sends_the_same_requests(played: Played, folder: Path, first_day: date) -> None:
    again = Played(folder, first_day)
    asyncio.run(again.driver.run())

    def sent(run: Played) -> list[tuple[str, str, bytes]]:
        asked = run.offices.asked
        return sorted(
            (office, method, request.SerializeToString(deterministic=True)) for office, method, request, _ in asked
        )

    assert again.driver.moves == 0
    assert sent(again) == sent(played)


def test_visits_stand_where_the_plan_puts_them(played: Played) -> None:
    for case in played.driver.cases.values():
        for kind, visit in ((MONTHS_3, case.plan.three_months), (YEARS_3, case.plan.three_years)):
            if case.arrived_on is None or visit.look is Look.NEVER:
                assert kind not in case.visits
            elif case.gone_on is not None:
                assert case.visits.get(kind, case.arrived_on) < case.gone_on
            else:
                assert (case.visits[kind] > case.visit_due(kind)) == (visit.look is Look.LATE)


def test_who_is_handed_over_again_goes_on_under_the_new_case(played: Played) -> None:
    submitted = {request.request_id: request for _, method, request, _ in played.offices.asked if method in CHANGES}
    numbers = {case.number for case in played.driver.cases.values()}
    for one in played.year:
        request = submitted[requests.request_id(1, str(one.number), "submit")]
        earlier = [] if one.alone else [person.earlier_case for person in request.handover.people]
        assert all(earlier) if one.reappears else not any(earlier)
        assert set(earlier) <= numbers | {""}
    gone = [case for case in played.driver.cases.values() if case.gone_on is not None]
    assert gone
    for case in gone:
        own = [day for _, method, request, day in played.offices.asked if getattr(request, "case", "") == case.case_id]
        assert case.gone_on is not None
        assert max(own) > case.gone_on
        assert case.is_over
