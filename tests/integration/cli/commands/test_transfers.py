"""The way home in full: what the commands of issuing, receiving, staying and searching send, show and return."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any, Final

import grpc
import pytest

from homeward.followup.v1 import contacts_pb2, entries_pb2, home_safety_pb2, visits_pb2
from homeward.handover.v1 import custody_pb2, journeys_pb2, searches_pb2, stays_pb2, transfers_pb2
from homeward.intake.v1 import reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.common import Violation
from services.chassis.kernel.case_number import format_case_number
from services.client import sidecar
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import RECEIVED_S, Refusal, away
from tests.integration.cli.commands.test_commands import CASE_ID, FIRST, SECOND, THIRD, a_case, a_transfer

TRANSFER_ID = "0198b2c4-0000-7000-8000-0000000000aa"


def seen_and_accepted(number: str = FIRST, **fields: Any) -> transfers_pb2.Transfer:
    """A transfer whose message was read and whose duty was accepted."""
    found = a_transfer(number, **fields)
    found.see_time.FromSeconds(RECEIVED_S)
    found.accept_time.FromSeconds(RECEIVED_S + 86_400)
    return found


def a_custody(**fields: Any) -> custody_pb2.Custody:
    """She stays in a shelter."""
    custody = custody_pb2.Custody(
        case_number=FIRST,
        phase=types_pb2.CASE_PHASE_ADMITTED,
        accountable_office_id="RC-PEACE-HOUSE",
        deadline_rule="FACILITY_STAY_SHELTER",
        deadline_on="2028-11-22",
        **fields,
    )
    custody.segments.add(
        segment=1,
        office_id="RC-PEACE-HOUSE",
        cause=types_pb2.CUSTODY_CAUSE_ADMITTED,
        kind=types_pb2.CUSTODY_KIND_SHELTER,
    ).start_time.FromSeconds(RECEIVED_S)
    return custody


def fits(text: str) -> bool:
    """Whether a text fits the window."""
    return max(map(len, text.splitlines())) <= 80


# Lists and the board ----------------------------------------------------------------------------


def test_reading_accepting_and_arriving_are_three_facts_of_the_list(desk: Desk) -> None:
    answer = transfers_pb2.ListTransfersResponse(transfers=[seen_and_accepted(), a_transfer(SECOND)])
    desk.services.answer("ListTransfers", answer)
    done = desk.homeward("transfers", "--incoming")
    assert done.code == 0, done.err
    assert fits(done.out)
    for word in ("Seen,", "seen", "accepted", "22/11/2026", "23/11/2026", "BP-CN-MONG-CAI", "→ SA-24", "21/01/2026"):
        assert word in done.out
    assert desk.homeward("transfers", "list").out == desk.homeward("transfers").out


def test_the_board_counts_and_shows_what_presses(desk: Desk) -> None:
    answer = transfers_pb2.GetTransferBoardResponse(pressing=[seen_and_accepted(overdue=True)])
    answer.incoming.add(name="ON_THE_WAY", count=5)
    answer.incoming.add(name="TO_ACCEPT", count=2)
    answer.outgoing.add(name="OVERDUE", count=10_000, more=True)
    answer.own.add(name="LOST", count=1)
    answer.own.add(name="SOMETHING_NEW", count=1)
    desk.services.answer("GetTransferBoard", answer)
    done = desk.homeward("--as", "SA-24", "transfers", "board", "--pressing", "7")
    assert done.code == 0, done.err
    assert fits(done.out)
    for word in ("Board of SA-24", "on the way: 5; to be accepted: 2", "overdue: 10000+", "SOMETHING_NEW: 1", FIRST):
        assert word in done.out
    assert desk.services.requests("GetTransferBoard")[0].pressing_max == 7
    found = desk.homeward("transfers", "--json", "board").document["board"]
    assert found["incoming"][1] == {"name": "TO_ACCEPT", "count": 2, "more": False}
    assert desk.homeward("transfers", "board", "--pressing", "51").code == 2


def test_a_board_without_anything_pressing_says_so(desk: Desk) -> None:
    desk.services.answer("GetTransferBoard", transfers_pb2.GetTransferBoardResponse())
    assert "Nothing presses." in desk.homeward("transfers", "board").out


def test_one_transfer_is_shown_by_its_case_or_its_id(desk: Desk) -> None:
    transfer = seen_and_accepted(
        transfer_id=TRANSFER_ID,
        travel=transfers_pb2.TravelPlan(
            escort=types_pb2.ESCORT_OFFICER, documents=[types_pb2.TRANSFER_DOCUMENT_MEDICAL_FILE]
        ),
        age_band=types_pb2.AGE_BAND_UNDER_16,
    )
    custody = custody_pb2.Custody(transfers=[a_transfer(SECOND), transfer])
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse(custody=custody))
    desk.services.answer("GetTransfer", transfers_pb2.GetTransferResponse(transfer=transfer))
    by_case = desk.homeward("transfers", "show", FIRST)
    by_id = desk.homeward("transfers", "show", TRANSFER_ID)
    assert by_case.code == 0, by_case.err
    assert by_case.out == by_id.out
    for word in ("an officer", "medical file", "under 16", "22/11/2026 14:30", TRANSFER_ID):
        assert word in by_case.out
    assert desk.services.requests("GetTransfer")[0].transfer_id == TRANSFER_ID
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse())
    assert desk.homeward("transfers", "show", FIRST).code == 4


# Leaving ----------------------------------------------------------------------------------------


def test_a_plan_says_how_she_travels_and_takes_the_place_of_another(desk: Desk) -> None:
    answer = transfers_pb2.PlanTransferResponse(
        transfer=a_transfer(), warnings=[types_pb2.TRANSFER_WARNING_HOME_SAFETY_NOT_CHECKED]
    )
    desk.services.answer("PlanTransfer", answer)
    arguments = (
        "plan", FIRST, "--to", "SA-24", "--leaves", "15/01/2026", "--arrives", "17/01/2026", "--supersede",
        "--escort", "social-worker", "--means", "coach or bus", "--consent", "given-by-guardian",
        "--document", "medical-file", "--document", "declaration", "--choice", "person",
    )  # fmt: skip
    done = desk.homeward(*arguments)
    assert done.code == 0, done.err
    assert done.err == "Note: Whether her home is safe was not checked (home-safety).\n"
    request = desk.services.requests("PlanTransfer")[0]
    assert request.supersede
    assert request.travel == transfers_pb2.TravelPlan(
        escort=types_pb2.ESCORT_SOCIAL_WORKER,
        means=types_pb2.TRAVEL_MEANS_BUS,
        consent=types_pb2.TRANSFER_CONSENT_GIVEN_BY_GUARDIAN,
        documents=[types_pb2.TRANSFER_DOCUMENT_MEDICAL_FILE, types_pb2.TRANSFER_DOCUMENT_DECLARATION],
        destination=types_pb2.DESTINATION_CHOICE_PERSON,
    )
    document = desk.homeward(*arguments, "--json")
    assert document.document["warnings"] == ["HOME_SAFETY_NOT_CHECKED"]
    assert document.err == ""


def test_a_dispatch_without_a_word_about_travel_leaves_it_as_planned(desk: Desk) -> None:
    desk.services.answer("DispatchTransfer", transfers_pb2.DispatchTransferResponse(transfer=a_transfer()))
    assert desk.homeward("dispatch", FIRST).code == 0
    [first] = desk.services.requests("DispatchTransfer")
    assert not first.HasField("travel")


def test_a_verdict_is_not_typed_with_a_dispatch(desk: Desk) -> None:
    done = desk.homeward("dispatch", FIRST, "--home-safety", "safe")
    assert (done.code, "HOME_SAFETY_NOT_TYPED" in done.err, "homeward home-safety" in done.err) == (2, True, True)
    assert desk.services.requests("DispatchTransfer") == []


def test_who_is_on_the_way_is_sent_elsewhere(desk: Desk) -> None:
    answer = transfers_pb2.RedirectTransferResponse(
        transfer=a_transfer(), warnings=[types_pb2.TRANSFER_WARNING_DESTINATION_NOT_HOME]
    )
    desk.services.answer("RedirectTransfer", answer)
    done = desk.homeward("redirect", FIRST, "--to", "Bắc Ninh", "--arrives", "18/01/2026")
    assert done.code == 0, done.err
    request = desk.services.requests("RedirectTransfer")[0]
    assert (request.case, request.to_office_id, request.expected_arrival_on) == (FIRST, "SA-24", "2026-01-18")
    assert not request.HasField("travel")
    assert "Redirected." in done.out
    assert "not her home province" in done.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["dispatch"], "CASE_MISSING"),
        (["dispatch", FIRST, "--escort", "somebody"], "is not one of"),
        (["dispatch", FIRST, "--journey", "nowhere.csv"], "there is no file"),
    ],
)
def test_departures_that_cannot_be(desk: Desk, arguments: list[str], reason: str) -> None:
    done = desk.homeward(*arguments)
    assert done.code == 2
    assert reason in done.err
    assert desk.services.calls == []


# A journey --------------------------------------------------------------------------------------

JOURNEY = (
    "Số hồ sơ;Nơi đến;Ngày dự kiến đến;Người đi cùng;Ngày khởi hành\n"
    f"{FIRST};home;17/01/2026;;15/01/2026\n"
    f"# a remark;;;;\n"
    f"{SECOND};SA-22;16/01/2026;family;\n"
)


def journeyed(request: journeys_pb2.DispatchJourneyRequest) -> journeys_pb2.DispatchJourneyResponse:
    """Everybody is on the way."""
    answer = journeys_pb2.DispatchJourneyResponse(journey_id=TRANSFER_ID)
    for row in request.rows:
        transfer = a_transfer(row.case)
        transfer.to_office_id = row.to_office_id
        answer.transfers.append(transfer)
    answer.warnings.add(row=2, warning=types_pb2.TRANSFER_WARNING_CONSENT_NOT_RECORDED)
    return answer


def answers_for_a_journey(desk: Desk) -> None:
    """Her home is Bắc Giang, a part of Bắc Ninh since July 2025."""
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    desk.services.answer("DispatchJourney", journeyed)


def test_one_bus_to_several_offices(desk: Desk) -> None:
    answers_for_a_journey(desk)
    done = desk.homeward("dispatch", "--journey", desk.file("bus.csv", JOURNEY), "--means", "bus")
    assert done.code == 0, done.err
    request = desk.services.requests("DispatchJourney")[0]
    uuid.UUID(request.request_id)
    assert request.departed_on == "2026-01-15"
    assert [(row.case, row.to_office_id, row.expected_arrival_on) for row in request.rows] == [
        (FIRST, "SA-24", "2026-01-17"),
        (SECOND, "SA-22", "2026-01-16"),
    ]
    assert [row.travel.means for row in request.rows] == [types_pb2.TRAVEL_MEANS_BUS] * 2
    assert [row.travel.escort for row in request.rows] == [types_pb2.ESCORT_UNSPECIFIED, types_pb2.ESCORT_FAMILY]
    assert "2 people are on the way." in done.out
    assert done.err == (
        "Note: 3 lines: 2 people, 1 remark (line 3).\nNote: rows 4: Whether she agrees is not recorded (--consent).\n"
    )


ASKED: Final = f"""Số hồ sơ;Nơi đến;Ngày dự kiến đến;Muốn về nơi này;Sợ ai ở đó;Người giám hộ;Ngày khởi hành
{FIRST};SA-24;17/01/2026;;;;15/01/2026
{SECOND};SA-22;16/01/2026;có;không chắc;Nguyễn Thị Giám Hộ;
"""


def test_what_a_post_asked_goes_before_the_bus_and_the_same_file_is_the_same_request(desk: Desk) -> None:
    answers_for_a_journey(desk)
    away = Refusal(grpc.StatusCode.UNAVAILABLE, "HOME_VERDICT_UNKNOWN")
    desk.services.answer("DispatchJourney", away, journeyed)
    desk.services.answer("RecordShortChecks", home_safety_pb2.RecordShortChecksResponse())
    file = desk.file("bus.csv", ASKED)
    done = desk.homeward("dispatch", "--journey", file)
    assert done.code == 0, done.err
    [checks] = desk.services.requests("RecordShortChecks")
    [row] = checks.rows
    assert (row.case, row.to_office_id, row.wants_to_go, row.afraid) == (SECOND, "SA-22", "YES", "UNSURE")
    assert row.guardian == "Nguyễn Thị Giám Hộ"
    first, again = desk.services.requests("DispatchJourney")
    assert first == again, "followup did not answer at once"


def test_what_is_wrong_with_an_answer_stands_in_its_row(desk: Desk) -> None:
    answers_for_a_journey(desk)
    wrong = (Violation(1, "case", "CASE_NOT_FOUND", "no such case", "no such case"),)
    refusal = Refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT", violations=wrong)
    desk.services.answer("RecordShortChecks", refusal)
    done = desk.homeward("dispatch", "--journey", desk.file("bus.csv", ASKED))
    assert (done.code, "row 3" in done.err) == (2, True), done.err
    assert desk.services.requests("DispatchJourney") == []


def test_the_same_file_is_never_sent_twice(desk: Desk) -> None:
    answers_for_a_journey(desk)
    file = desk.file("bus.csv", JOURNEY)
    assert desk.homeward("dispatch", "--journey", file, "--json").document["sent_before"] is False
    again = desk.homeward("dispatch", "--journey", file, "--json").document
    assert (again["sent_before"], again["journey_id"]) == (True, TRANSFER_ID)
    assert [each["case_number"] for each in again["entries"]] == [FIRST, SECOND]
    assert "recorded before" in desk.homeward("dispatch", "--journey", file).out
    assert len(desk.services.requests("DispatchJourney")) == 1
    shown = desk.homeward("receipt", file)
    assert (shown.code, FIRST in shown.out) == (0, True)
    waiting = sidecar.Sidecar("dispatch --journey", batches=(sidecar.new_batch("x", [2]),))
    sidecar.save(Path(file), waiting)
    assert desk.homeward("receipt", file).code == 5


def test_the_id_of_the_request_stands_beside_the_file_before_it_is_sent(desk: Desk) -> None:
    answers_for_a_journey(desk)
    kept: list[str] = []

    def look(request: journeys_pb2.DispatchJourneyRequest) -> journeys_pb2.DispatchJourneyResponse:
        known = sidecar.load(Path(file))
        assert known is not None
        kept.append(known.batches[0].request_id)
        raise away()

    file = desk.file("bus.csv", JOURNEY)
    desk.services.answer("DispatchJourney", look)
    done = desk.homeward("dispatch", "--journey", file, "--wait", "0")
    assert done.code == 5
    assert "NOT_DELIVERED_YET" in done.err
    desk.services.answer("DispatchJourney", journeyed)
    assert desk.homeward("dispatch", "--journey", file).code == 0
    assert {each.request_id for each in desk.services.requests("DispatchJourney")} == set(kept)


def test_a_file_changed_before_anything_is_known_is_sent_as_it_is_now(desk: Desk) -> None:
    answers_for_a_journey(desk)
    desk.services.answer("DispatchJourney", away(), journeyed)
    assert desk.homeward("dispatch", "--journey", desk.file("bus.csv", JOURNEY), "--wait", "0").code == 5
    file = desk.file("bus.csv", JOURNEY.replace("family", "officer"))
    assert desk.homeward("dispatch", "--journey", file).code == 0
    first, second = desk.services.requests("DispatchJourney")
    assert first.request_id != second.request_id


def test_a_file_changed_after_the_departure_is_refused(desk: Desk) -> None:
    answers_for_a_journey(desk)
    assert desk.homeward("dispatch", "--journey", desk.file("bus.csv", JOURNEY)).code == 0
    file = desk.file("bus.csv", JOURNEY.replace(SECOND, THIRD))
    done = desk.homeward("dispatch", "--journey", file)
    assert done.code == 1
    assert "FILE_CHANGED_AFTER_DISPATCH" in done.err
    assert desk.homeward("dispatch", "--journey", file, "--new").code == 0
    other = desk.homeward("--as", "SA-24", "dispatch", "--journey", file)
    assert (other.code, "FILE_OF_OTHER_OFFICE" in other.err) == (1, True)


def test_a_refusal_names_the_rows_and_titles_of_the_file(desk: Desk) -> None:
    answers_for_a_journey(desk)
    violations = (
        Violation(2, "rows[1].travel.consent", "CONSENT_REFUSED", "x", "She does not agree."),
        Violation(1, "expected_arrival_on", "REQUIRED", "x", "This is missing."),
        Violation(None, "departed_on", "IN_THE_FUTURE", "x", "Too late."),
    )
    desk.services.answer(
        "DispatchJourney", Refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT", violations=violations)
    )
    done = desk.homeward("dispatch", "--journey", desk.file("bus.csv", JOURNEY))
    assert done.code == 2
    assert "row 4, consent: She does not agree." in done.err
    assert "row 2, Ngày dự kiến đến: This is missing." in done.err
    assert "Ngày khởi hành: Too late." in done.err


def test_a_form_is_written_and_looked_at_without_a_network(desk: Desk) -> None:
    desk.services.stop()
    file = str(desk.folder / "bus.csv")
    written = desk.homeward("template", file, "--journey")
    assert (written.code, f"homeward validate {file} --journey" in written.out) == (0, True)
    Path(file).write_text(JOURNEY + f"{FIRST};Atlantis;;;\n", encoding="utf-8")
    done = desk.homeward("validate", file, "--journey")
    assert done.code == 2
    assert "UNKNOWN_PROVINCE" in desk.homeward("validate", file, "--journey", "--json").out
    Path(file).write_text(JOURNEY, encoding="utf-8")
    assert desk.homeward("validate", file, "--journey").out == "2 people, nothing wrong.\n"
    refused = desk.homeward("dispatch", "--journey", file.replace("bus", "bus"), FIRST)
    assert (refused.code, "CASE_AND_JOURNEY" in refused.err) == (2, True)


def test_a_file_with_mistakes_is_not_sent(desk: Desk) -> None:
    done = desk.homeward("dispatch", "--journey", desk.file("bus.csv", JOURNEY.replace("SA-22", "SA-99")))
    assert done.code == 2
    assert "row 4, Nơi đến: there is no such office" in done.err
    assert {call.method for call in desk.services.calls} <= {"ListOffices"}, "offices are looked up, nobody is sent"
    assert not (desk.folder / "bus.csv.homeward.json").exists()


# Arriving ---------------------------------------------------------------------------------------


def accepted(request: transfers_pb2.AcceptTransferRequest) -> transfers_pb2.AcceptTransferResponse:
    """Everybody is expected, except the second."""
    if request.case == SECOND:
        raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "NO_OPEN_TRANSFER", "No transfer is open.")
    return transfers_pb2.AcceptTransferResponse(transfer=seen_and_accepted(request.case))


def test_one_bus_is_accepted_at_once(desk: Desk) -> None:
    desk.services.answer("AcceptTransfer", accepted)
    done = desk.homeward("--as", "SA-24", "accept", FIRST, SECOND, THIRD)
    assert done.code == 6
    assert "2 of 3 accepted." in done.out
    assert "expected 17/01/2026" in " ".join(done.out.split())
    one = desk.homeward("--as", "SA-24", "accept", FIRST)
    assert (one.code, "she is expected" in one.out) == (0, True)


def test_not_arrived(desk: Desk) -> None:
    answer = transfers_pb2.ReportNotArrivedResponse(transfer=a_transfer(state=types_pb2.TRANSFER_STATE_NOT_ARRIVED))
    desk.services.answer("ReportNotArrived", answer)
    done = desk.homeward("--as", "SA-24", "not-arrived", FIRST)
    assert done.code == 0, done.err
    assert "did not arrive" in done.out
    assert desk.services.requests("ReportNotArrived")[0].case == FIRST


# In a facility ----------------------------------------------------------------------------------


def test_admitting_into_a_centre_that_is_full(desk: Desk) -> None:
    answer = stays_pb2.AdmitPersonResponse(custody=a_custody(), warnings=[types_pb2.TRANSFER_WARNING_CENTRE_FULL])
    desk.services.answer("AdmitPerson", answer)
    done = desk.homeward("--as", "RC-PEACE-HOUSE", "admit", FIRST, "--on", "15/01/2026")
    assert done.code == 0, done.err
    assert desk.services.requests("AdmitPerson")[0].admitted_on == "2026-01-15"
    assert "end of the stay: 22/11/2028" in done.out
    assert "in the shelter" in done.out
    assert done.err == "Note: The centre has no free place.\n"
    assert desk.homeward("admit", FIRST, "--json").document["warnings"] == ["CENTRE_FULL"]


def test_who_cannot_be_asked_yet_is_admitted_and_asked_later(desk: Desk) -> None:
    missing = types_pb2.TRANSFER_WARNING_STAY_CONSENT_MISSING
    desk.services.answer("AdmitPerson", stays_pb2.AdmitPersonResponse(custody=a_custody(), warnings=[missing]))
    done = desk.homeward("--as", "RC-PEACE-HOUSE", "admit", FIRST, "--cannot-be-asked")
    assert desk.services.requests("AdmitPerson")[0].cannot_be_asked
    assert "homeward consent" in done.err


def test_what_needs_a_consent_says_which_and_how_it_is_recorded(desk: Desk) -> None:
    missing = Refusal(grpc.StatusCode.FAILED_PRECONDITION, "CONSENT_MISSING", details={"purpose": "STAY"})
    desk.services.answer("AdmitPerson", missing)
    done = desk.homeward("--as", "RC-PEACE-HOUSE", "admit", FIRST)
    assert done.code != 0
    assert "Purpose: Stay in a facility" in done.err
    assert "homeward consent give CASE stay" in done.err


def test_leaving_a_facility_goes_somewhere(desk: Desk) -> None:
    desk.services.answer("DischargePerson", stays_pb2.DischargePersonResponse(custody=a_custody()))
    assert desk.homeward("discharge", FIRST).code == 0
    done = desk.homeward("discharge", FIRST, "--own-choice", "Bắc Ninh", "--on", "15/01/2026")
    assert done.code == 0, done.err
    planned, chosen = desk.services.requests("DischargePerson")
    assert planned.destination == types_pb2.DISCHARGE_DESTINATION_PLANNED_TRANSFER
    assert not planned.HasField("province")
    assert chosen.destination == types_pb2.DISCHARGE_DESTINATION_OWN_CHOICE
    assert (chosen.province.code, chosen.province.vintage) == ("24", "2025")
    assert desk.homeward("discharge", FIRST, "--own-choice", "Atlantis").code == 2


def test_facilities_and_how_full_they_are(desk: Desk) -> None:
    answer = stays_pb2.ListFacilitiesResponse()
    answer.facilities.add(
        office_id="RC-PEACE-HOUSE", facility_kind="SHELTER", capacity=20, admitted=15, expected=2, over_limit=1
    )
    answer.facilities.add(office_id="RC-OTHER", facility_kind="ASSESSMENT_CENTRE", admitted=3)
    desk.services.answer("ListFacilities", answer)
    done = desk.homeward("--as", "SV-NATIONAL", "facilities", "--all")
    assert done.code == 0
    assert fits(done.out)
    first = next(line for line in done.out.splitlines() if "RC-PEACE-HOUSE" in line)
    assert first.split()[-5:] == ["20", "15", "2", "3", "1"]
    assert "not known" in " ".join(done.out.split())


# Searches ---------------------------------------------------------------------------------------


def a_search(**fields: Any) -> custody_pb2.Search:
    """An open search."""
    search = custody_pb2.Search(
        case_number=FIRST,
        reason=types_pb2.LOST_REASON_REAPPEARED,
        accountable_office_id="BP-CN-MONG-CAI",
        responsible_office_id="SV-22",
        to_office_id="SA-24",
        age_days=9,
        escalation_level=1,
        escalate_on="2026-02-05",
        **fields,
    )
    search.open_time.FromSeconds(RECEIVED_S)
    return search


def test_open_searches_with_their_next_escalation(desk: Desk) -> None:
    desk.services.answer("ListLost", searches_pb2.ListLostResponse(searches=[a_search()]))
    done = desk.homeward("--as", "SV-22", "searches", "--reason", "reappeared", "--level", "national")
    assert done.code == 0, done.err
    assert fits(done.out)
    for word in ("SV-22", "05/02/2026", "registered", "supervisor of", "9"):
        assert word in " ".join(done.out.split())
    request = desk.services.requests("ListLost")[0].filter
    assert (request.reason, request.escalation_level_min) == (types_pb2.LOST_REASON_REAPPEARED, 2)


def test_a_search_with_its_steps(desk: Desk) -> None:
    search = a_search()
    search.steps.add(number=1, kind=types_pb2.SEARCH_STEP_KIND_COMMUNE_ASKED, office_id="SA-24", taken_on="2026-01-30")
    desk.services.answer("GetSearch", searches_pb2.GetSearchResponse(search=search))
    desk.services.answer("RecordSearchStep", searches_pb2.RecordSearchStepResponse(search=search))
    shown = desk.homeward("searches", "show", FIRST)
    assert shown.code == 0
    for word in ("the commune was asked", "30/01/2026", "SA-24", "registered again at a border (urgent)"):
        assert word in shown.out
    done = desk.homeward("searches", "step", FIRST, "--kind", "commune-asked", "--on", "30/01/2026", "--led-to-her")
    assert done.code == 0, done.err
    request = desk.services.requests("RecordSearchStep")[0]
    assert request.kind == types_pb2.SEARCH_STEP_KIND_COMMUNE_ASKED
    assert (request.taken_on, request.successful) == ("2026-01-30", True)
    desk.services.answer("GetSearch", searches_pb2.GetSearchResponse(search=a_search()))
    assert "No step is on record yet." in desk.homeward("searches", "show", FIRST).out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--found-at", "sa-24", "--on", "15/01/2026"],
            {"resolution": types_pb2.SEARCH_RESOLUTION_FOUND, "office_id": "SA-24", "on": "2026-01-15"},
        ),
        (
            ["--redirected-to", "home", "--on", "15/01/2026"],
            {"resolution": types_pb2.SEARCH_RESOLUTION_REDIRECTED, "office_id": "SA-24", "on": "2026-01-15"},
        ),
        (["--returned"], {"resolution": types_pb2.SEARCH_RESOLUTION_RETURNED_TO_SENDER, "on": ""}),
        (
            ["--re-identified-as", SECOND],
            {"resolution": types_pb2.SEARCH_RESOLUTION_RE_IDENTIFIED, "other_case": SECOND},
        ),
        (
            ["--closed", "abroad-again"],
            {"resolution": types_pb2.SEARCH_RESOLUTION_CLOSED, "close_reason": types_pb2.CLOSE_REASON_ABROAD_AGAIN},
        ),
    ],
)
def test_the_five_ends_of_a_search(desk: Desk, arguments: list[str], expected: dict[str, Any]) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    ended = a_search(resolution=types_pb2.SEARCH_RESOLUTION_FOUND)
    ended.resolve_time.FromSeconds(RECEIVED_S)
    answer = searches_pb2.ResolveSearchResponse(search=ended, custody=a_custody())
    desk.services.answer("ResolveSearch", answer)
    done = desk.homeward("--as", "SV-22", "searches", "resolve", FIRST, *arguments)
    assert done.code == 0, done.err
    assert "The search is resolved." in done.out
    assert "RC-PEACE-HOUSE" in done.out
    request = desk.services.requests("ResolveSearch")[0]
    assert {name: getattr(request, name) for name in expected} == expected
    document = desk.homeward("searches", "resolve", FIRST, *arguments, "--json").document
    assert list(document) == ["search", "custody"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "ENDING_NOT_CLEAR"),
        (["--returned", "--closed", "died"], "ENDING_NOT_CLEAR"),
        (["--redirected-to", "SA-24"], "DAY_MISSING"),
        (["--returned", "--on", "today"], "DAY_NOT_USED"),
        (["--closed", "magic"], "is not one of"),
    ],
)
def test_ends_that_are_not_clear(desk: Desk, arguments: list[str], reason: str) -> None:
    done = desk.homeward("searches", "resolve", FIRST, *arguments)
    assert done.code == 2
    assert reason in done.err
    assert desk.services.calls == []


def test_another_office_is_made_accountable(desk: Desk) -> None:
    desk.services.answer("ReassignCase", custody_pb2.ReassignCaseResponse(custody=a_custody()))
    done = desk.homeward("--as", "SV-24", "reassign", FIRST, "--to", "SA-24", "--reason", "office-cannot")
    assert done.code == 0, done.err
    request = desk.services.requests("ReassignCase")[0]
    assert (request.office_id, request.reason) == ("SA-24", types_pb2.REASSIGN_REASON_OFFICE_CANNOT)


def test_the_lost_are_counted_and_filtered(desk: Desk) -> None:
    in_bac_ninh = a_search()
    in_bac_ninh.accountable_office_id = "SA-24"
    desk.services.answer("ListLost", searches_pb2.ListLostResponse(searches=[in_bac_ninh, a_search()]))
    whole = desk.homeward("--as", "SV-NATIONAL", "lost")
    assert whole.code == 0, whole.err
    assert fits(whole.out)
    for word in ("Bắc Ninh", "2 lines."):
        assert word in whole.out
    only = desk.homeward("--as", "SV-NATIONAL", "lost", "--counts", "--json").document
    assert [each["total"] for each in only["counts"]] == [1, 1]
    asked_for = ("--province", "Bắc Giang", "--reason", "reappeared", "--older-than", "8", "--level", "province")
    assert desk.homeward("--as", "SV-NATIONAL", "lost", *asked_for).code == 0
    wanted = desk.services.requests("ListLost")[-1].filter
    assert (wanted.province, wanted.age_days_min) == ("24@2025", 9), "the service is asked, by the province of today"
    assert (wanted.reason, wanted.escalation_level_min) == (types_pb2.LOST_REASON_REAPPEARED, 1)


# Contacts and the story -------------------------------------------------------------------------


def test_an_attempt_to_reach_her(desk: Desk) -> None:
    opens = contacts_pb2.RecordContactResponse(
        case_id=CASE_ID, entry_number=2, search=types_pb2.SEARCH_EFFECT_OPENS_LEFT_PROVINCE
    )
    older = contacts_pb2.RecordContactResponse(
        case_id=CASE_ID, entry_number=3, search=types_pb2.SEARCH_EFFECT_NONE, seen_on="2026-01-16"
    )
    ends = contacts_pb2.RecordContactResponse(case_id=CASE_ID, entry_number=4, search=types_pb2.SEARCH_EFFECT_ENDS_SEEN)
    desk.services.answer("RecordContact", opens, older, ends)
    done = desk.homeward("--as", "SA-24", "contact", FIRST, "--outcome", "moved-away", "--on", "15/01/2026")
    assert done.code == 0, done.err
    request = desk.services.requests("RecordContact")[0]
    assert (request.outcome, request.contacted_on) == (types_pb2.CONTACT_OUTCOME_MOVED_AWAY, "2026-01-15")
    assert "entry 2" in done.out
    assert f"homeward searches show {FIRST}" in done.out
    paper = desk.homeward("contact", FIRST, "--outcome", "not-at-address", "--on", "15/01/2026")
    assert "She was seen on 16/01/2026" in paper.out
    assert "opens no search" in paper.out
    assert (
        "a search that was opened because nobody found her ends"
        in desk.homeward("contact", FIRST, "--outcome", "reached").out
    )


def an_entry(number: int = 3) -> entries_pb2.Entry:
    """A visit that was corrected."""
    entry = entries_pb2.Entry(number=number, etag='"2"')
    for state, reason in (
        (types_pb2.ENTRY_STATE_RECORDED, types_pb2.ENTRY_REASON_UNSPECIFIED),
        (types_pb2.ENTRY_STATE_CORRECTED, types_pb2.ENTRY_REASON_WRONG_OUTCOME),
    ):
        version = entry.versions.add(
            office_id="SA-24",
            state=state,
            reason=reason,
            kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
            on="2026-01-15",
            outcome=types_pb2.FOLLOW_UP_OUTCOME_AT_RISK,
            warning_signs=["RF10"],
        )
        version.record_time.FromSeconds(1_768_000_000 + len(entry.versions))
    return entry


def test_entries_are_listed_corrected_and_taken_back(desk: Desk) -> None:
    desk.services.answer("GetStory", entries_pb2.GetStoryResponse(office_id="SA-24", entries=[an_entry()]))
    listed = desk.homeward("--as", "SA-24", "followups", "entries", FIRST)
    assert listed.code == 0, listed.err
    assert fits(listed.out)
    for word in ("15/01/2026", "RF10", "corrected"):
        assert word in listed.out
    mistaken = types_pb2.SEARCH_EFFECT_ENDS_MISTAKEN
    desk.services.answer("CorrectEntry", entries_pb2.CorrectEntryResponse(entry=an_entry()))
    desk.services.answer("TakeBackEntry", entries_pb2.TakeBackEntryResponse(entry=an_entry(), search=mistaken))
    corrected = desk.homeward(
        "followups", "correct", FIRST, "--entry", "3", "--reason", "wrong-outcome", "--outcome", "at-risk",
        "--sign", "rf10",
    )  # fmt: skip
    assert corrected.code == 0, corrected.err
    [request] = desk.services.requests("CorrectEntry")
    assert (request.entry_number, request.outcome, list(request.warning_signs)) == (
        3,
        types_pb2.FOLLOW_UP_OUTCOME_AT_RISK,
        ["RF10"],
    )
    taken = desk.homeward("followups", "take-back", FIRST, "--entry", "3", "--reason", "wrong-case")
    assert "The search that it had opened ends." in taken.out
    [request] = desk.services.requests("TakeBackEntry")
    assert (request.case, request.entry_number, request.reason) == (FIRST, 3, types_pb2.ENTRY_REASON_WRONG_CASE)
    assert desk.homeward("followups", "take-back", FIRST, "--reason", "wrong-case").code == 2


def test_who_asks_not_to_be_visited_again_is_asked_what_follows(desk: Desk) -> None:
    refused = desk.homeward("record", FIRST, "--outcome", "declined")
    assert (refused.code, "--then" in refused.err) == (2, True)
    assert desk.services.requests("RecordFollowUp") == []
    desk.services.answer("RecordFollowUp", visits_pb2.RecordFollowUpResponse(entry_number=1))
    done = desk.homeward("record", FIRST, "--outcome", "declined", "--then", "close")
    assert "The case is closed with it, as she asked" in " ".join(done.out.split())
    [request] = desk.services.requests("RecordFollowUp")
    assert request.then == types_pb2.AFTER_DECLINED_CLOSE


def test_the_second_clerk_reads_what_the_first_recorded(desk: Desk) -> None:
    desk.services.answer("RecordFollowUp", Refusal(grpc.StatusCode.FAILED_PRECONDITION, "FOLLOW_UP_ALREADY_RECORDED"))
    desk.services.answer("GetStory", entries_pb2.GetStoryResponse(office_id="SA-24", entries=[an_entry()]))
    done = desk.homeward("record", FIRST, "--outcome", "settled")
    assert done.code != 0
    assert "Entry 3: follow-up after 3 months" in done.err
    assert "homeward followups correct" in done.err


def test_the_story_of_a_case(desk: Desk) -> None:
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse(custody=a_custody(searches=[a_search()])))
    follow_up = visits_pb2.FollowUp(
        kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3, state=types_pb2.FOLLOW_UP_STATE_SCHEDULED, due_on="2027-02-22"
    )
    desk.services.answer("ListFollowUps", visits_pb2.ListFollowUpsResponse(follow_ups=[follow_up]))
    home = entries_pb2.GetStoryResponse(office_id="SA-24", entries=[an_entry()])
    for event in ("FollowUpsScheduled", "FollowUpNeglected", "FromALaterVersion"):
        mark = home.marks.add(office_id="SA-24", event=event, kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3)
        mark.mark_time.FromSeconds(1_767_000_000)
    desk.services.answer("GetStory", home)
    done = desk.homeward("case", "history", FIRST)
    assert done.code == 0, done.err
    assert fits(done.out)
    said = ("RC-PEACE-HOUSE answers", "Follow-up after 3 months", "22/02/2027", "in the shelter", "corrected entry 3")
    for word in said:
        assert word in " ".join(done.out.split())
    document = desk.homeward("case", "history", FIRST, "--json").document
    assert document["complete"] is True
    assert sorted(each["event"] for each in document["story"]) == [
        "ENTRY_CORRECTED",
        "ENTRY_RECORDED",
        "FOLLOW_UPS_SCHEDULED",
        "FOLLOW_UP_DUE",
        "FOLLOW_UP_NEGLECTED",
        "SEARCH_OPENED",
    ]
    assert json.dumps(document)


def test_a_story_without_follow_ups_says_whether_they_are_missing(desk: Desk) -> None:
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse(custody=a_custody()))
    desk.services.answer("ListFollowUps", Refusal(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED"))
    desk.services.answer("GetStory", Refusal(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED"))
    assert desk.homeward("case", "history", FIRST).code == 0
    desk.services.answer("ListFollowUps", away())
    done = desk.homeward("case", "history", FIRST, "--wait", "0", "--json")
    assert (done.code, done.document["complete"]) == (6, False)
    assert "The follow-ups are missing" in done.err


def test_the_new_words_are_there_in_vietnamese(desk: Desk) -> None:
    desk.environ["HOMEWARD_LANG"] = "vi"
    desk.services.answer("AcceptTransfer", accepted)
    done = desk.homeward("accept", format_case_number(7))
    assert "nhận trách nhiệm tiếp nhận" in done.out
    desk.services.answer("DispatchTransfer", transfers_pb2.DispatchTransferResponse(transfer=a_transfer()))
    assert desk.homeward("dispatch", FIRST, "--escort", "cộng tác viên địa phương").code == 0
    assert desk.services.requests("DispatchTransfer")[0].travel.escort == types_pb2.ESCORT_COLLABORATOR
