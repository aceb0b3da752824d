"""The main job, from the gate to the end of the third year, as the offices see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import psutil
import pytest

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import closing_pb2, custody_pb2, open_cases_pb2, searches_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.calendar import add_months, add_years
from services.client.services import SERVICES
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.timeline import Timeline
from tests.e2e.work import HOMES, POST, agency
from tests.robustness import history
from tests.support.waiting import patient
from tests.support.whole import Whole, until

READY_WITHIN_S = 30.0
RSS_MAX_BYTES = 142_000_000
WRONG, SILENT = 8, 9

pytestmark = pytest.mark.needs_it_new


@pytest.fixture(scope="module")
def whole(moved: Whole) -> Whole:
    """A demonstration, in which the clock may be moved."""
    return moved


@pytest.fixture(scope="module")
def desks(whole: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with whole.desks() as stubs:
        yield stubs


@pytest.fixture(scope="module")
def timeline(whole: Whole) -> Timeline:
    """Its clock."""
    return Timeline(whole)


def test_is_ready_soon_and_lean(whole: Whole) -> None:
    (said,) = [line for line in whole.said().splitlines() if "Everything is ready" in line]
    assert float(said.rsplit("after ", 1)[1].split()[0]) <= patient(READY_WITHIN_S)
    assert {name: rss(whole, name) for name in SERVICES if rss(whole, name) > RSS_MAX_BYTES} == {}


def rss(whole: Whole, name: str) -> int:
    """Resident memory of a service, in bytes."""
    return int(psutil.Process(whole.pid(name)).memory_info().rss)


@pytest.fixture(scope="module")
def first_day(whole: Whole, desks: OfficeCalls, timeline: Timeline) -> list[str]:
    """Ten people: six identified, all sent home, eight arrived, one rejected, one never heard of."""
    today = timeline.today()
    cases = work.submit(desks, [work.person(index) for index in range(10)], at=timeline.now())
    statuses = ["IDENTIFIED"] * 6 + ["DECLINED", "NOT_IDENTIFIED"]
    for case, status in zip(cases, statuses, strict=False):
        work.identify(desks, case, status, today=today)
    for index, case in enumerate(cases):
        work.wait_custody(desks, POST, case)
        work.dispatch(desks, case, HOMES[index], today=today)
    whole.wait_quiet()
    for index, case in enumerate(cases):
        if index == WRONG:
            work.reject(desks, case, HOMES[index])
        elif index != SILENT:
            work.acknowledge(desks, case, HOMES[index], today=today)
    whole.wait_quiet()
    return cases


def test_everybody_has_an_accountable_office(first_day: list[str], desks: OfficeCalls) -> None:
    told = {case: work.custody(desks, work.NATIONAL_SUPERVISOR, case) for case in first_day}
    for index, case in enumerate(first_day):
        expected = {
            WRONG: ("REJECTED", POST, "REDISPATCH_AFTER_REJECT"),
            SILENT: ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE"),
        }.get(index, ("FOLLOW_UP", agency(HOMES[index]), ""))
        one = told[case]
        assert (phase(one), one.accountable_office_id, one.deadline_rule) == expected, index


def phase(custody: custody_pb2.Custody) -> str:
    """The phase without its prefix."""
    return types_pb2.CasePhase.Name(custody.phase).removeprefix("CASE_PHASE_")


def test_arrivals_are_followed_up_at_three_months_and_three_years(first_day: list[str], desks: OfficeCalls) -> None:
    for index in set(range(10)) - {WRONG, SILENT}:
        transfer = work.custody(desks, agency(HOMES[index]), first_day[index]).transfers[0]
        arrived_on = date.fromisoformat(transfer.arrived_on)
        found = work.follow_ups(desks, agency(HOMES[index]), first_day[index])
        assert [(one.due_on, one.office_id) for one in found] == [
            (add_months(arrived_on, 3).isoformat(), agency(HOMES[index])),
            (add_years(arrived_on, 3).isoformat(), agency(HOMES[index])),
        ]
    for index in (WRONG, SILENT):
        assert work.follow_ups(desks, agency(HOMES[index]), first_day[index]) == []


def test_inboxes_are_filled(first_day: list[str], desks: OfficeCalls) -> None:
    arrived, wrong, silent = first_day[0], first_day[WRONG], first_day[SILENT]
    # One dispatch is one message: that it was planned in the same act is told nobody.
    announced = {"TRANSFER_UNDER_WAY"}
    assert set(work.kinds_about(desks, agency(HOMES[0]), arrived)) == announced | {"FOLLOW_UPS_SCHEDULED"}
    asked = [one for one in work.messages(desks, agency(HOMES[0])) if one.case_id == arrived and one.action_required]
    assert not asked, "who has acknowledged is asked no more"
    told = set(work.kinds_about(desks, POST, arrived))
    assert told >= {"CASE_REGISTERED", "TRANSFER_DISPATCHED", "TRANSFER_ACKNOWLEDGED"}
    assert told & {"IDENTIFICATION_FEEDBACK", "IDENTIFICATION_DECIDED"}
    assert "TRANSFER_REJECTED" in work.kinds_about(desks, POST, wrong)
    assert set(work.kinds_about(desks, agency(HOMES[SILENT]), silent)) == announced
    assert work.kinds_about(desks, work.VERIFIER, silent) == ["IDENTIFICATION_TO_DECIDE"]
    assert work.kinds_about(desks, "SA-01", arrived) == []


def test_the_case_is_read_by_entitlement(first_day: list[str], desks: OfficeCalls) -> None:
    arrived, wrong, silent = first_day[0], first_day[WRONG], first_day[SILENT]
    full = read(desks, agency(HOMES[0]), arrived)
    assert view(full) == "FULL"
    assert full.person.full_name == work.invented_name(0)
    announced = read(desks, agency(HOMES[SILENT]), silent)
    assert view(announced) == "NONE"
    assert not announced.HasField("person")
    work.accept(desks, silent, HOMES[SILENT])

    def preview_or_none() -> cases_pb2.Case | None:
        found = read(desks, agency(HOMES[SILENT]), silent)
        return found if view(found) == "PREVIEW" else None

    preview = until(preview_or_none, what="the office that accepted sees who comes")
    assert preview is not None
    assert preview.person.full_name == work.invented_name(SILENT)
    assert preview.person.home_address == preview.person.return_certificate_number == ""
    assert view(read(desks, POST, silent)) == "FULL"
    former = read(desks, POST, arrived)
    assert view(former) == "NONE"
    assert not former.HasField("person")
    assert former.status_word == cases_pb2.STATUS_WORD_ARRIVED
    for stranger, case in (("SA-01", arrived), (agency(HOMES[WRONG]), wrong), (work.OTHER_POST, arrived)):
        with pytest.raises(RpcFailure) as refused:
            read(desks, stranger, case)
        assert refused.value.reason == "CASE_NOT_FOUND", stranger


def read(desks: OfficeCalls, office_id: str, case: str) -> cases_pb2.Case:
    """The case with as much identity as the office may see."""
    request = reading_pb2.GetCaseRequest(case=case, include_identity=True, purpose="Invented purpose")
    return desks.at(office_id).reading.GetCase(request).case


def view(case: cases_pb2.Case) -> str:
    """How much of the person is shown."""
    return cases_pb2.IdentityView.Name(case.identity_view).removeprefix("IDENTITY_VIEW_")


def test_three_years(whole: Whole, desks: OfficeCalls, timeline: Timeline, first_day: list[str]) -> None:
    today = timeline.today()
    on_time, silent, wrong, forgotten = cases = work.submit(
        desks, [work.person(index) for index in range(4)], at=timeline.now()
    )
    home = dict(zip(cases, HOMES, strict=False))
    for case in (on_time, silent, wrong):
        work.wait_custody(desks, POST, case)
        work.dispatch(desks, case, home[case], today=today)
    work.acknowledge(desks, on_time, home[on_time], today=today)
    work.reject(desks, wrong, home[wrong])
    tidy_up_first_day(whole, desks, timeline, first_day)

    # Overdue, then lost.
    timeline.move_past(timeline.deadline_of(silent, "TRANSFER_ACKNOWLEDGE"))
    assert overdue(desks)[silent] == "TRANSFER_ACKNOWLEDGE"
    assert "ACKNOWLEDGEMENT_OVERDUE" in work.kinds_about(desks, agency(home[silent]), silent)
    assert lost(desks)[wrong] == "REJECTED_NOT_REDISPATCHED"
    timeline.move_past(timeline.deadline_of(silent, "TRANSFER_LOST"))
    assert lost(desks)[silent] == "NOT_ACKNOWLEDGED"
    assert "SEARCH_OPENED_SUPERVISOR" in work.kinds_about(desks, "SV-22", silent)
    timeline.move_past(timeline.deadline_of(forgotten, "DISPATCH_DUE"))
    assert overdue(desks)[forgotten] == "DISPATCH_DUE"

    # A late acknowledgement finds; a new dispatch ends the other search.
    work.acknowledge(desks, silent, home[silent], today=timeline.today())
    for case in (wrong, forgotten):
        work.dispatch(desks, case, home[case], today=timeline.today())
        work.acknowledge(desks, case, home[case], today=timeline.today())
    timeline.settle()
    assert not {*cases} & {*lost(desks), *overdue(desks)}

    # Three months: one office looks again in time, one does after it was overdue.
    for case in timeline.one_after_the_other(cases, "FOLLOW_UP_3M"):
        assert "FOLLOW_UP_DUE" in work.kinds_about(desks, agency(home[case]), case)
        if case != silent:
            work.record_visit(desks, agency(home[case]), case, "MONTHS_3", today=timeline.today())
    timeline.move_past(timeline.deadline_of(silent, "FOLLOW_UP_OVERDUE_3M"))
    assert overdue_follow_ups(desks)[silent] == "FOLLOW_UP_STATE_OVERDUE"
    timeline.move_past(timeline.deadline_of(silent, "FOLLOW_UP_ESCALATE"))
    assert "FOLLOW_UP_STILL_OVERDUE" in work.kinds_about(desks, agency(home[silent]), silent)
    work.record_visit(desks, agency(home[silent]), silent, "MONTHS_3", today=timeline.today())
    timeline.settle()
    assert silent not in overdue_follow_ups(desks)

    # Three years, and the end.
    for case in timeline.one_after_the_other(cases, "FOLLOW_UP_3Y"):
        work.record_visit(desks, agency(home[case]), case, "YEARS_3", today=timeline.today())
    timeline.move_past(timeline.deadline_of(forgotten, "CLOSE_DECISION"))
    assert "CLOSING_OVERDUE" in work.kinds_about(desks, agency(home[forgotten]), forgotten)
    for case in cases:
        close(desks, agency(home[case]), case)
        work.wait_custody(desks, agency(home[case]), case, "CLOSED")
    timeline.settle()
    assert phases_everywhere(whole, cases) == {"CLOSED"}
    assert [*history.order_of_cases(whole), *history.legal_states(whole), *history.no_effect_twice(whole)] == []
    assert history.unexpected_errors(whole) == []
    for searched in (agency(home[silent]), POST, "SV-22"):
        assert "SEARCH_ENDED" in work.kinds_about(desks, searched, silent), f"{searched} still searches"


def tidy_up_first_day(whole: Whole, desks: OfficeCalls, timeline: Timeline, cases: list[str]) -> None:
    """Close the cases of the first day, so that their deadlines are no stops on the way through the years."""
    for index in (WRONG, SILENT):
        if index == WRONG:
            work.dispatch(desks, cases[index], HOMES[index], today=timeline.today())
        work.acknowledge(desks, cases[index], HOMES[index], today=timeline.today())
    whole.wait_quiet()
    for index, case in enumerate(cases):
        close(desks, agency(HOMES[index]), case, types_pb2.CLOSE_REASON_ASKED_TO_STOP)
    whole.wait_quiet()


def close(
    desks: OfficeCalls,
    office_id: str,
    case: str,
    reason: types_pb2.CloseReason.ValueType = types_pb2.CLOSE_REASON_PERIOD_ENDED,
) -> None:
    """The home province closes a case."""
    request = closing_pb2.CloseCaseRequest(request_id=work.request_id(), case=case, reason=reason)
    desks.at(office_id).closing.CloseCase(request)


def overdue(desks: OfficeCalls) -> Mapping[str, str]:
    """The rule by overdue case, as the national supervisor sees them."""
    request = open_cases_pb2.ListOverdueRequest(page_size=200)
    found = desks.at(work.NATIONAL_SUPERVISOR).open_cases.ListOverdue(request).cases
    return {one.case_id: one.rule for one in found}


def lost(desks: OfficeCalls) -> Mapping[str, str]:
    """The reason by lost case, as the national supervisor sees them."""
    request = searches_pb2.ListLostRequest(page_size=200)
    found = desks.at(work.NATIONAL_SUPERVISOR).searches.ListLost(request).searches
    return {one.case_id: types_pb2.LostReason.Name(one.reason).removeprefix("LOST_REASON_") for one in found}


def overdue_follow_ups(desks: OfficeCalls) -> Mapping[str, str]:
    """The state by case whose follow-up is late or overdue, as the national supervisor sees them."""
    request = visits_pb2.ListOverdueFollowUpsRequest(page_size=200)
    found = desks.at(work.NATIONAL_SUPERVISOR).visits.ListOverdueFollowUps(request).follow_ups
    return {one.case_id: types_pb2.FollowUpState.Name(one.state) for one in found}


def phases_everywhere(whole: Whole, cases: list[str]) -> set[str]:
    """The phases in which the four services see these cases."""
    sql = "SELECT phase FROM audit_case WHERE case_id = ANY(CAST(%s AS uuid[]))"
    return {phase for service in SERVICES for (phase,) in whole.rows(service, sql, cases)}
