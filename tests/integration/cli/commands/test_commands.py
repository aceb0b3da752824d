"""What each command sends, shows and returns."""

from __future__ import annotations

import json
import time
import uuid
from datetime import date, timedelta
from typing import Any

import grpc
import pytest

from homeward.followup.v1 import care_pb2, oversight_pb2, visits_pb2
from homeward.handover.v1 import closing_pb2, custody_pb2, open_cases_pb2, searches_pb2, transfers_pb2
from homeward.intake.v1 import (
    cases_pb2,
    handovers_pb2,
    identification_pb2,
    legal_steps_pb2,
    people_pb2,
    reading_pb2,
    submissions_pb2,
)
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import format_case_number
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import RECEIVED_S, Refusal, away

FIRST, SECOND, THIRD = (format_case_number(sequence) for sequence in (1, 2, 3))
CASE_ID = "0198b2c4-0000-7000-8000-000000000001"


def a_case(**fields: Any) -> cases_pb2.Case:
    """A registered case."""
    found = cases_pb2.Case(
        case_id=CASE_ID,
        case_number=FIRST,
        status_word=cases_pb2.STATUS_WORD_RECEIVED,
        phase=types_pb2.CASE_PHASE_REGISTERED,
        identification=types_pb2.IDENTIFICATION_STATUS_IN_PROCESS,
        accountable_office_id="BP-CN-MONG-CAI",
        home_province=types_pb2.ProvinceRef(code="24", vintage="2004"),
        age_band=types_pb2.AGE_BAND_ADULT,
        **fields,
    )
    found.handover_time.FromSeconds(RECEIVED_S)
    return found


def a_transfer(number: str = FIRST, **fields: Any) -> transfers_pb2.Transfer:
    """A transfer to Bắc Ninh."""
    return transfers_pb2.Transfer(
        case_id=CASE_ID,
        case_number=number,
        state=fields.pop("state", types_pb2.TRANSFER_STATE_DISPATCHED),
        from_office_id="BP-CN-MONG-CAI",
        to_office_id="SA-24",
        departed_on="2026-01-15",
        expected_arrival_on="2026-01-17",
        acknowledge_due_on="2026-01-21",
        **fields,
    )


# Lists ------------------------------------------------------------------------------------------


def test_cases_are_a_table_that_fits_the_window(desk: Desk) -> None:
    desk.services.answer("ListCases", reading_pb2.ListCasesResponse(cases=[a_case()], next_page_token="next"))
    done = desk.homeward("cases", "--phase", "registered", "--identification", "being identified")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    for word in (FIRST, "22/11/2026", "registered", "18", "Giang", "BP-CN-MONG-CAI", "1 line.", "--page-token next"):
        assert word in done.out
    request = desk.services.requests("ListCases")[0]
    assert request.phase == types_pb2.CASE_PHASE_REGISTERED
    assert request.identification == types_pb2.IDENTIFICATION_STATUS_IN_PROCESS
    assert request.page_size == 0


def test_all_pages_are_asked_for(desk: Desk) -> None:
    desk.services.answer(
        "ListCases",
        reading_pb2.ListCasesResponse(cases=[a_case()], next_page_token="second"),
        reading_pb2.ListCasesResponse(cases=[a_case()]),
    )
    done = desk.homeward("cases", "--all", "--json")
    assert [(each.page_token, each.page_size) for each in desk.services.requests("ListCases")] == [
        ("", 200),
        ("second", 200),
    ]
    assert len(done.document["cases"]) == 2
    assert done.document["next_page_token"] == ""


def test_json_has_short_names_and_null_for_what_is_not_given(desk: Desk) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    found = desk.homeward("case", "show", FIRST, "--json").document["case"]
    assert found["phase"] == "REGISTERED"
    assert found["identification"] == "IN_PROCESS"
    assert found["route"] is None
    assert found["person"] is None
    assert found["create_time"] is None
    assert found["handover_time"] == "2026-11-22T07:30:00Z"
    assert found["home_province"] == {"code": "24", "vintage": "2004"}


def test_an_empty_list_says_so(desk: Desk) -> None:
    desk.services.answer("ListTransfers", transfers_pb2.ListTransfersResponse())
    assert desk.homeward("transfers").out == "There is nothing in this list.\n"
    assert desk.homeward("transfers", "--json").document == {"transfers": [], "next_page_token": ""}


def test_transfers_are_filtered(desk: Desk) -> None:
    desk.services.answer("ListTransfers", transfers_pb2.ListTransfersResponse(transfers=[a_transfer(overdue=True)]))
    done = desk.homeward("transfers", "--outgoing", "--state", "arrived", "--overdue", "--page-size", "7")
    assert done.code == 0
    request = desk.services.requests("ListTransfers")[0]
    assert request.direction == transfers_pb2.DIRECTION_OUTGOING
    assert request.state == types_pb2.TRANSFER_STATE_ACKNOWLEDGED
    assert (request.overdue_only, request.page_size) == (True, 7)
    assert "overdue" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


# One case ---------------------------------------------------------------------------------------


def test_an_office_that_rejected_reads_its_answer_and_what_it_may_still_say(desk: Desk) -> None:
    desk.services.answer("GetCase", Refusal(grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND"))
    rejected = a_transfer(state=types_pb2.TRANSFER_STATE_REJECTED)
    custody = custody_pb2.Custody(
        case_number=FIRST, transfers=[rejected], arrival_still_taken=True, take_back_until="2026-01-24"
    )
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse(custody=custody))
    done = desk.homeward("case", FIRST)
    assert done.code == 0
    assert "that she has come all the same; until 24/01/2026, that the answer was a mistake" in " ".join(
        done.out.split()
    )
    desk.services.answer("GetCustody", Refusal(grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND"))
    assert desk.homeward("case", FIRST).code == 4


def test_identity_needs_a_purpose(desk: Desk) -> None:
    done = desk.homeward("case", FIRST, "--identity")
    assert done.code == 2
    assert "PURPOSE_MISSING" in done.err
    assert desk.services.calls == []


def test_identity_is_shown_to_whom_it_is_given(desk: Desk) -> None:
    person = people_pb2.Person(
        full_name="Nguyễn \x1b[31mThí Dụ\u202e Một", sex="Feminine", birth_date="2004-03", ethnicity="2008:08"
    )
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case(person=person)))
    done = desk.homeward("case", FIRST, "--identity", "--purpose", "prepare her arrival")
    request = desk.services.requests("GetCase")[0]
    assert (request.include_identity, request.purpose) == (True, "prepare her arrival")
    assert "Nguyễn  [31mThí Dụ  Một" in done.out
    assert "\x1b" not in done.out
    for word in ("female", "03/2004", "Hmông"):
        assert word in done.out


def test_identity_that_is_not_given_is_said(desk: Desk) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    done = desk.homeward("case", "show", FIRST, "--identity", "--purpose", "x")
    assert "Your office may not know who the person is." in done.out


def test_a_case_number_may_be_typed_loosely_and_never_wrongly(desk: Desk) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    assert desk.homeward("case", FIRST.removeprefix("HW-").replace("-", " ")).code == 0
    assert desk.homeward("case", CASE_ID.upper()).code == 0
    assert [each.case for each in desk.services.requests("GetCase")] == [FIRST, CASE_ID]
    done = desk.homeward("case", "Nguyễn Thị Thí Dụ")
    assert done.code == 2
    assert "Thí Dụ" not in done.err


def test_a_decision_with_grounds(desk: Desk) -> None:
    desk.services.answer("DecideIdentification", identification_pb2.DecideIdentificationResponse(case=a_case()))
    done = desk.homeward(
        "--as", "VF-22", "identify", FIRST, "--status", "identified", "--grounds", "sale,forced marriage",
        "--on", "15/01/2026", "--evidence", "E1,E2", "--certificate", "01/VD",
    )  # fmt: skip
    assert done.code == 0, done.err
    request = desk.services.requests("DecideIdentification")[0]
    assert request.status == types_pb2.IDENTIFICATION_STATUS_IDENTIFIED
    assert (list(request.grounds), list(request.evidence)) == (["SALE", "FORCED_MARRIAGE"], ["E1", "E2"])
    assert (request.decided_on, request.certificate_number) == ("2026-01-15", "01/VD")
    uuid.UUID(request.request_id)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--status", "identified"], "GROUNDS_MISSING"),
        (["--status", "not-identified"], "REASON_MISSING"),
        (["--status", "identified", "--grounds", "magic"], "is not one of"),
        (["--status", "maybe"], "is not one of"),
        (["--status", "identified", "--on", "31/02/2026"], "no such day"),
    ],
)
def test_a_decision_that_cannot_be(desk: Desk, arguments: list[str], reason: str) -> None:
    done = desk.homeward("identify", FIRST, *arguments)
    assert done.code == 2
    assert reason in done.err
    assert desk.services.calls == []


def test_withdraw(desk: Desk) -> None:
    desk.services.answer("WithdrawCase", submissions_pb2.WithdrawCaseResponse(case=a_case()))
    assert desk.homeward("withdraw", FIRST, "--reason", "registered twice").code == 0
    assert desk.services.requests("WithdrawCase")[0].reason == types_pb2.WITHDRAW_REASON_REGISTERED_TWICE


def test_who_left_is_withdrawn_by_two(desk: Desk) -> None:
    waits = Refusal(grpc.StatusCode.FAILED_PRECONDITION, "APPROVAL_NEEDED")
    done = closing_pb2.WithdrawUnderWayResponse(custody=custody_pb2.Custody(case_number=FIRST))
    desk.services.answer("WithdrawUnderWay", waits, done)
    asked = ("withdraw-under-way", FIRST, "--reason", "registered-twice")
    assert desk.homeward(*asked).code == 6
    assert desk.homeward(*asked).code == 0
    assert desk.services.requests("WithdrawUnderWay")[0].reason == types_pb2.WITHDRAW_REASON_REGISTERED_TWICE


# The way home -----------------------------------------------------------------------------------


def test_dispatch_home_goes_to_the_agency_of_the_home_province_of_that_day(desk: Desk) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    desk.services.answer("DispatchTransfer", transfers_pb2.DispatchTransferResponse(transfer=a_transfer()))
    done = desk.homeward("dispatch", FIRST, "--to", "home", "--left", "15/01/2026", "--arrives", "17/01/2026")
    assert done.code == 0, done.err
    request = desk.services.requests("DispatchTransfer")[0]
    # Bắc Giang, her home, has been part of Bắc Ninh since July 2025.
    assert request.to_office_id == "SA-24"
    assert (request.departed_on, request.expected_arrival_on) == ("2026-01-15", "2026-01-17")
    assert not desk.services.requests("GetCase")[0].include_identity


@pytest.mark.parametrize(
    ("to", "office"),
    [("Bắc Ninh", "SA-24"), ("24@2025", "SA-24"), ("sa-24", "SA-24"), ("rc-peace-house", "RC-PEACE-HOUSE")],
)
def test_the_addressed_office_may_be_named_by_province_or_id(desk: Desk, to: str, office: str) -> None:
    desk.services.answer("PlanTransfer", transfers_pb2.PlanTransferResponse(transfer=a_transfer()))
    done = desk.homeward("plan", FIRST, "--to", to, "--leaves", "15/01/2026", "--arrives", "2026-01-17")
    assert done.code == 0, done.err
    assert desk.services.requests("PlanTransfer")[0].to_office_id == office


@pytest.mark.parametrize(
    ("to", "code", "reason"),
    [("SA-99", 4, "OFFICE_NOT_FOUND"), ("Atlantis", 2, "UNKNOWN_PROVINCE"), ("15", 2, "AMBIGUOUS_PROVINCE")],
)
def test_an_addressed_office_that_is_not_there(desk: Desk, to: str, code: int, reason: str) -> None:
    done = desk.homeward("dispatch", FIRST, "--to", to)
    assert done.code == code
    assert reason in done.err


def test_home_that_is_not_known(desk: Desk) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=cases_pb2.Case(case_number=FIRST)))
    done = desk.homeward("dispatch", FIRST, "--to", "home")
    assert (done.code, "HOME_NOT_KNOWN" in done.err) == (1, True)


def test_nobody_arrives_before_leaving(desk: Desk) -> None:
    done = desk.homeward("plan", FIRST, "--to", "SA-24", "--leaves", "17/01/2026", "--arrives", "15/01/2026")
    assert (done.code, "ARRIVES_BEFORE_LEAVING" in done.err) == (2, True)


def test_what_was_planned_need_not_be_said_again(desk: Desk) -> None:
    desk.services.answer("DispatchTransfer", transfers_pb2.DispatchTransferResponse(transfer=a_transfer()))
    assert desk.homeward("dispatch", FIRST).code == 0
    request = desk.services.requests("DispatchTransfer")[0]
    assert (request.to_office_id, request.departed_on, request.expected_arrival_on) == ("", "", "")


def arrive(request: transfers_pb2.AcknowledgeTransferRequest) -> transfers_pb2.AcknowledgeTransferResponse:
    """Everybody arrives, except the second."""
    if request.case == SECOND:
        raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "NO_OPEN_TRANSFER", "No transfer is open.")
    transfer = a_transfer(request.case, state=types_pb2.TRANSFER_STATE_ACKNOWLEDGED, arrived_on=request.arrived_on)
    return transfers_pb2.AcknowledgeTransferResponse(transfer=transfer)


def test_one_bus_is_acknowledged_at_once(desk: Desk) -> None:
    desk.services.answer("AcknowledgeTransfer", arrive)
    done = desk.homeward("--as", "SA-24", "acknowledge", FIRST, THIRD, FIRST, "--on", "17/01/2026")
    assert done.code == 0, done.err
    requests = desk.services.requests("AcknowledgeTransfer")
    assert [(each.case, each.arrived_on) for each in requests] == [(FIRST, "2026-01-17"), (THIRD, "2026-01-17")]
    assert len({each.request_id for each in requests}) == 2
    assert "2 of 2 acknowledged." in done.out


def test_a_bus_with_somebody_who_is_not_expected_is_partly_done(desk: Desk) -> None:
    desk.services.answer("AcknowledgeTransfer", arrive)
    done = desk.homeward("acknowledge", FIRST, SECOND, THIRD, "--on", "17/01/2026", "--json")
    assert done.code == 6
    assert [each["case_number"] for each in done.document["transfers"]] == [FIRST, THIRD]
    assert done.document["failed"] == [
        {"case": SECOND, "reason": "NO_OPEN_TRANSFER", "message": "No transfer is open."}
    ]
    text = desk.homeward("acknowledge", FIRST, SECOND, THIRD)
    assert text.code == 6
    assert "2 of 3 acknowledged." in text.out


def test_one_that_is_refused_is_just_refused(desk: Desk) -> None:
    desk.services.answer("AcknowledgeTransfer", arrive)
    done = desk.homeward("acknowledge", SECOND)
    assert (done.code, done.out, done.err) == (1, "", "No transfer is open. (NO_OPEN_TRANSFER)\n")


def test_a_service_that_goes_away_in_the_middle_is_not_waited_for_again(desk: Desk) -> None:
    desk.services.answer("AcknowledgeTransfer", arrive(transfers_pb2.AcknowledgeTransferRequest(case=FIRST)), away())
    done = desk.homeward("acknowledge", FIRST, SECOND, THIRD, "--wait", "0", "--json")
    assert done.code == 6
    assert [each["case"] for each in done.document["failed"]] == [SECOND, THIRD]
    assert len(desk.services.requests("AcknowledgeTransfer")) == 2


@pytest.mark.parametrize(
    ("arguments", "method", "answer", "field", "value"),
    [
        (
            ["take-back", FIRST, "--reason", "wrong-person"],
            "TakeBackAnswer",
            transfers_pb2.TakeBackAnswerResponse(transfer=a_transfer()),
            "reason",
            types_pb2.TAKE_BACK_REASON_WRONG_PERSON,
        ),
        (
            ["reject", FIRST, "--reason", "không thuộc tỉnh này"],
            "RejectTransfer",
            transfers_pb2.RejectTransferResponse(transfer=a_transfer()),
            "reason",
            types_pb2.REJECT_REASON_WRONG_PROVINCE,
        ),
        (
            ["recall", FIRST],
            "RecallTransfer",
            transfers_pb2.RecallTransferResponse(transfer=a_transfer()),
            "case",
            FIRST,
        ),
        (
            ["home", FIRST, "--since", "15/01/2026"],
            "RecordHome",
            custody_pb2.RecordHomeResponse(custody=custody_pb2.Custody(case_number=FIRST)),
            "home_on",
            "2026-01-15",
        ),
        (
            ["close", FIRST, "--reason", "asked-to-stop"],
            "CloseCase",
            closing_pb2.CloseCaseResponse(custody=custody_pb2.Custody(case_number=FIRST)),
            "reason",
            types_pb2.CLOSE_REASON_ASKED_TO_STOP,
        ),
        (
            ["reopen", FIRST, "--reason", "came-back"],
            "ReopenCase",
            closing_pb2.ReopenCaseResponse(custody=custody_pb2.Custody(case_number=FIRST)),
            "reason",
            types_pb2.REOPEN_REASON_CAME_BACK,
        ),
    ],
)
def test_changes_send_what_was_said(
    desk: Desk, arguments: list[str], method: str, answer: Any, field: str, value: Any
) -> None:
    desk.environ["HOMEWARD_LANG"] = "vi"
    desk.services.answer(method, answer)
    done = desk.homeward(*arguments)
    assert done.code == 0, done.err
    assert FIRST in done.out
    request = desk.services.requests(method)[0]
    assert getattr(request, field) == value
    uuid.UUID(request.request_id)
    assert desk.services.calls[0].metadata["accept-language"] == "vi"
    shown = list(desk.homeward(*arguments, "--json").document)
    assert shown in (["transfer"], ["transfer", "warnings"], ["custody"], ["case"])


def test_custody_tells_offices_and_transfers(desk: Desk) -> None:
    custody = custody_pb2.Custody(
        case_number=FIRST,
        phase=types_pb2.CASE_PHASE_IN_TRANSIT,
        accountable_office_id="BP-CN-MONG-CAI",
        deadline_rule="TRANSFER_ACKNOWLEDGE",
        deadline_on="2026-01-21",
        transfers=[a_transfer()],
    )
    custody.segments.add(
        segment=1, office_id="BP-CN-MONG-CAI", cause=types_pb2.CUSTODY_CAUSE_REGISTERED
    ).start_time.FromSeconds(RECEIVED_S)
    desk.services.answer("GetCustody", custody_pb2.GetCustodyResponse(custody=custody))
    done = desk.homeward("custody", FIRST)
    assert done.code == 0
    for word in ("on the way", "arrival to be acknowledged: 21/01/2026", "registered the person", "SA-24"):
        assert word in " ".join(done.out.split())
    assert max(map(len, done.out.splitlines())) <= 80


# At home ----------------------------------------------------------------------------------------


def test_follow_ups_until_a_day(desk: Desk) -> None:
    follow_up = visits_pb2.FollowUp(
        case_number=FIRST,
        kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
        state=types_pb2.FOLLOW_UP_STATE_OVERDUE,
        due_on="2026-04-17",
        lost=True,
        attempts=3,
    )
    desk.services.answer("ListFollowUps", visits_pb2.ListFollowUpsResponse(follow_ups=[follow_up]))
    done = desk.homeward("followups", "--due-until", "31/12/2026", "--done", "--case", FIRST)
    request = desk.services.requests("ListFollowUps")[0]
    wanted = request.filter
    assert (wanted.due_until, wanted.include_done, wanted.case) == ("2026-12-31", True, FIRST)
    assert "3 months" in done.out
    assert "overdue," in done.out
    assert "lost" in done.out


def test_recording_a_visit(desk: Desk) -> None:
    answer = visits_pb2.RecordFollowUpResponse(follow_up=visits_pb2.FollowUp(case_number=FIRST))
    desk.services.answer("RecordFollowUp", answer)
    done = desk.homeward(
        "record", FIRST, "--outcome", "at-risk", "--on", "yesterday", "--which", "3 months", "--sign", "rf10,RF12"
    )
    assert done.code == 0, done.err
    request = desk.services.requests("RecordFollowUp")[0]
    assert request.outcome == types_pb2.FOLLOW_UP_OUTCOME_AT_RISK
    assert request.kind == types_pb2.FOLLOW_UP_KIND_MONTHS_3
    assert list(request.warning_signs) == ["RF10", "RF12"]
    # The day may turn while the test runs.
    assert date.fromisoformat(request.visited_on) in {date.today() + timedelta(days=n) for n in (-2, -1, 0)}  # noqa: DTZ011
    assert desk.homeward("record", FIRST, "--outcome", "settled", "--sign", "RF99").code == 2


# The boards -------------------------------------------------------------------------------------

LATE_CASE = open_cases_pb2.OpenCase(
    case_number=FIRST,
    rule="TRANSFER_ACKNOWLEDGE",
    due_on="2026-01-21",
    overdue_days=3,
    accountable_office_id="BP-CN-MONG-CAI",
    to_office_id="SA-24",
)
LATE_FOLLOW_UP = visits_pb2.OverdueFollowUp(
    case_number=SECOND,
    rule="FOLLOW_UP_3M",
    state=types_pb2.FOLLOW_UP_STATE_OVERDUE,
    due_on="2026-01-10",
    overdue_days=14,
    office_id="SA-24",
    lost=True,
)


def test_overdue_is_one_list_of_three_services(desk: Desk) -> None:
    desk.services.answer("ListOverdue", open_cases_pb2.ListOverdueResponse(cases=[LATE_CASE]))
    desk.services.answer("ListOverdueFollowUps", visits_pb2.ListOverdueFollowUpsResponse(follow_ups=[LATE_FOLLOW_UP]))
    undecided = legal_steps_pb2.LegalDeadline(
        case_number=THIRD, rule="INITIAL_VERIFY", due_on="2026-01-20", overdue_days=1, accountable_office_id="SA-24"
    )
    desk.services.answer("ListLegalDeadlines", legal_steps_pb2.ListLegalDeadlinesResponse(deadlines=[undecided]))
    done = desk.homeward("--as", "SV-24", "overdue", "--json")
    assert done.code == 0
    assert [(each["case_number"], each["source"]) for each in done.document["overdue"]] == [
        (SECOND, "followup"),
        (FIRST, "handover"),
        (THIRD, "intake"),
    ]
    assert done.document["complete"] is True
    text = desk.homeward("--as", "SV-24", "overdue").out
    assert "10/01/2026" in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_overdue_is_filtered_where_it_is_kept(desk: Desk) -> None:
    desk.services.answer("ListOverdue", open_cases_pb2.ListOverdueResponse(cases=[LATE_CASE]))
    desk.services.answer("ListOverdueFollowUps", visits_pb2.ListOverdueFollowUpsResponse(follow_ups=[LATE_FOLLOW_UP]))
    by_law = [
        legal_steps_pb2.LegalDeadline(
            case_number=THIRD, rule="INITIAL_VERIFY", overdue_days=30, accountable_office_id=office
        )
        for office in ("SA-24", "SA-38")
    ]
    desk.services.answer("ListLegalDeadlines", legal_steps_pb2.ListLegalDeadlinesResponse(deadlines=by_law))
    national = ("--as", "SV-NATIONAL", "overdue", "--json")
    found = desk.homeward(*national, "--province", "Bắc Ninh", "--overdue-for", "7").document["overdue"]
    assert [each["source"] for each in found] == ["intake", "intake", "followup", "handover"]
    of_cases, of_follow_ups, of_law = (
        desk.services.requests(name)[0].filter for name in ("ListOverdue", "ListOverdueFollowUps", "ListLegalDeadlines")
    )
    assert (of_law.province, of_law.overdue_days_min, of_law.overdue_only) == ("24@2025", 7, True)
    assert (of_cases.province, of_cases.overdue_days_min) == ("24@2025", 7)
    assert (of_follow_ups.province, of_follow_ups.overdue_days_min) == ("24@2025", 7)
    assert len(desk.homeward(*national, "--office", "sa-38").document["overdue"]) == 3, "two asked for, one chosen here"
    assert desk.services.requests("ListOverdueFollowUps")[-1].filter.office_id == "SA-38"
    assert desk.services.requests("ListOverdue")[-1].filter.office_id == "SA-38"
    # Only who watches a rule is asked about it.
    asked = len(desk.services.requests("ListOverdue"))
    assert len(desk.homeward(*national, "--rule", "follow-up-3m").document["overdue"]) == 1
    assert desk.services.requests("ListOverdueFollowUps")[-1].filter.rule == "FOLLOW_UP_3M"
    assert len(desk.services.requests("ListOverdue")) == asked
    assert desk.homeward(*national, "--rule", "approval-expires").code == 2, "what is on no board is told"


def test_what_is_overdue_is_counted_by_the_filter_of_its_rows(desk: Desk) -> None:
    def of(phase: Any, total: int, oldest: int) -> open_cases_pb2.CaseCount:
        return open_cases_pb2.CaseCount(
            province="24@2025", phase=phase, rule="DISPATCH_DUE", total=total, from_7_days=1, oldest_days=oldest
        )

    cases = [of(types_pb2.CASE_PHASE_REGISTERED, 2, 9), of(types_pb2.CASE_PHASE_DISCHARGED, 3, 12)]
    desk.services.answer("CountOverdue", open_cases_pb2.CountOverdueResponse(counts=cases))
    late = visits_pb2.OverdueFollowUpCount(province="24@2025", rule="FOLLOW_UP_3M", total=4, oldest_days=40)
    desk.services.answer("CountOverdueFollowUps", visits_pb2.CountOverdueFollowUpsResponse(counts=[late]))
    by_law = legal_steps_pb2.LegalDeadlineCount(
        province="38@2025", rule="INITIAL_VERIFY", total=1, from_7_days=1, oldest_days=31
    )
    desk.services.answer("CountLegalDeadlines", legal_steps_pb2.CountLegalDeadlinesResponse(counts=[by_law]))
    counts = ("--as", "SV-NATIONAL", "overdue", "--counts", "--overdue-for", "1")
    document = desk.homeward(*counts, "--json").document
    assert [(each["rule"], each["total"], each["from_7_days"], each["oldest_days"]) for each in document["counts"]] == [
        ("DISPATCH_DUE", 5, 2, 12),
        ("FOLLOW_UP_3M", 4, 0, 40),
        ("INITIAL_VERIFY", 1, 1, 31),
    ]
    assert desk.services.requests("CountOverdue")[0].filter.overdue_days_min == 1
    assert "Thanh Hóa" in desk.homeward(*counts).out
    of_office = desk.homeward(*counts, "--json", "--office", "SA-24", "--rule", "follow-up-3m").document["counts"]
    assert [(each["province"], each["total"]) for each in of_office] == [("24@2025", 4)]
    assert desk.services.requests("CountOverdueFollowUps")[-1].filter.office_id == "SA-24"


def _standing(desk: Desk) -> None:
    late = visits_pb2.OverdueFollowUpCount(
        province="24@2025", office_id="SA-24", rule="FOLLOW_UP_3M", total=4, oldest_days=40
    )
    lost = visits_pb2.FollowUpCount(province="24@2025", kind=types_pb2.FOLLOW_UP_KIND_YEARS_3, total=2)
    work = oversight_pb2.OfficerWorkload(office_id="SA-24", officer="0123456789abcdef", open_cases=40, overdue=3)
    month = oversight_pb2.FollowUpMonth(month="2026-01-01", lost=oversight_pb2.Figure(hidden=True))
    desk.services.answer("CountOverdueFollowUps", visits_pb2.CountOverdueFollowUpsResponse(counts=[late]))
    desk.services.answer("CountFollowUps", visits_pb2.CountFollowUpsResponse(counts=[lost]))
    desk.services.answer("CountWorkload", oversight_pb2.CountWorkloadResponse(officers=[work]))
    desk.services.answer("ListFollowUpTrend", oversight_pb2.ListFollowUpTrendResponse(months=[month]))


def test_how_follow_ups_stand_is_one_answer_of_four_counts(desk: Desk) -> None:
    _standing(desk)
    done = desk.homeward("--as", "SV-24", "followups", "overview", "--json")
    assert done.document["workload"][0]["open_cases"] == 40
    assert done.document["lost"][0]["total"] == 2
    text = desk.homeward("--as", "SV-24", "followups", "overview").out
    assert "Lost to follow-up" in text
    assert "under 11" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    (wanted,) = {each.filter.result for each in desk.services.requests("CountFollowUps")}
    assert wanted == types_pb2.FOLLOW_UP_RESULT_LOST
    asked = len(desk.services.requests("CountWorkload"))
    assert desk.homeward("--as", "SV-NATIONAL", "followups", "overview", "--json").document["workload"] == []
    assert len(desk.services.requests("CountWorkload")) == asked, "the officers of a whole country are not counted"
    nation = " ".join(desk.homeward("--as", "SV-NATIONAL", "followups", "overview").out.split())
    assert nation.partition("Who has how much to do")[2].partition("Bắc Ninh 4 ")[1], "it is told by province"
    assert "An empty cell means none." in nation
    desk.homeward("--as", "SV-NATIONAL", "followups", "overview", "--province", "Bắc Ninh")
    assert desk.services.requests("CountWorkload")[-1].filter.province == "24@2025"


def test_the_rows_behind_these_counts_are_listed(desk: Desk) -> None:
    case = oversight_pb2.WorkloadCase(
        case_number=FIRST, office_id="SA-24", officer="NOBODY", rule="FIRST_CONTACT", due_on="2026-01-10"
    )
    desk.services.answer("ListWorkload", oversight_pb2.ListWorkloadResponse(cases=[case]))
    done = desk.homeward("followups", "workload", "--office", "sa-24", "--officer", "nobody", "--due-in", "7")
    assert "10/01/2026" in done.out
    assert "nobody yet" in done.out
    wanted = desk.services.requests("ListWorkload")[0].filter
    assert (wanted.office_id, wanted.officer, wanted.due_within_days) == ("SA-24", "NOBODY", 7)
    desk.services.answer("ListFollowUps", visits_pb2.ListFollowUpsResponse())
    desk.homeward("followups", "--result", "lost", "--office", "SA-24")
    listed = desk.services.requests("ListFollowUps")[0].filter
    assert (listed.result, listed.office_id) == (types_pb2.FOLLOW_UP_RESULT_LOST, "SA-24")


def test_a_step_of_the_law_is_recorded_for_all_of_one_bus(desk: Desk) -> None:
    step = cases_pb2.LegalStep(step="COMMUNE_NOTIFY", due_on="2026-01-22", done_on="2026-01-21")
    answer = legal_steps_pb2.RecordLegalStepResponse(steps=[step])
    desk.services.answer("RecordLegalStep", answer, Refusal(grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND"), answer)
    done = desk.homeward("legal-step", FIRST, SECOND, THIRD, FIRST, "--done", "commune-notify", "--json")
    assert done.code == 6
    assert [each["case"] for each in done.document["cases"]] == [FIRST, THIRD]
    assert [(each["case"], each["reason"]) for each in done.document["failed"]] == [(SECOND, "CASE_NOT_FOUND")]
    assert [each.case for each in desk.services.requests("RecordLegalStep")] == [FIRST, SECOND, THIRD]


def test_a_week_shows_danger_and_visits_and_reads_wishes_on_request_alone(desk: Desk) -> None:
    case = oversight_pb2.WorkloadCase(
        case_number=FIRST, office_id="SA-24", rule="FOLLOW_UP_3M", due_on="2026-01-10", has_wishes=True
    )
    act = oversight_pb2.SafetyAct(case_number=SECOND, office_id="SA-24", needed_on="2026-01-09")
    desk.services.answer("ListWorkload", oversight_pb2.ListWorkloadResponse(cases=[case]))
    desk.services.answer("ListSafetyActs", oversight_pb2.ListSafetyActsResponse(acts=[act]))
    told = care_pb2.GetWishesResponse(version=2, wishes=care_pb2.Wishes(hours="chiều"), office_id="SA-24")
    desk.services.answer("GetWishes", told)
    text = desk.homeward("week").out
    assert text.index(SECOND) < text.index(FIRST)
    assert not desk.services.requests("GetWishes")
    wanted = desk.services.requests("ListWorkload")[0].filter
    assert (wanted.officer, wanted.this_week) == ("ME", True)
    assert "chiều" in desk.homeward("week", "--all", "--wishes").out
    assert desk.services.requests("ListWorkload")[-1].filter.officer == ""
    document = desk.homeward("week", "--wishes", "--json").document
    assert document["wishes"][FIRST]["version"] == 2


def test_a_border_post_has_no_follow_ups_and_nothing_is_wrong(desk: Desk) -> None:
    desk.services.answer("ListOverdue", open_cases_pb2.ListOverdueResponse(cases=[LATE_CASE]))
    denied = Refusal(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")
    desk.services.answer("ListOverdueFollowUps", denied)
    desk.services.answer("ListLegalDeadlines", denied)
    done = desk.homeward("overdue", "--json")
    assert (done.code, len(done.document["overdue"]), done.err) == (0, 1, "")
    # Nor has the police anything but what it has to decide.
    desk.services.answer("ListOverdue", denied)
    desk.services.answer("ListLegalDeadlines", legal_steps_pb2.ListLegalDeadlinesResponse())
    assert desk.homeward("overdue", "--json").document == {"overdue": [], "complete": True}


def test_half_a_list_says_that_it_is_half(desk: Desk) -> None:
    desk.services.answer("ListOverdue", open_cases_pb2.ListOverdueResponse(cases=[LATE_CASE]))
    desk.services.answer("ListOverdueFollowUps", away())
    done = desk.homeward("--as", "SV-24", "overdue", "--json", "--wait", "0")
    assert done.code == 6
    assert done.document["complete"] is False
    assert "This list is not complete" in done.err


def test_no_list_at_all_is_a_failure(desk: Desk) -> None:
    desk.services.answer("ListOverdue", away())
    desk.services.answer("ListOverdueFollowUps", away())
    desk.services.answer("ListLegalDeadlines", away())
    done = desk.homeward("overdue", "--wait", "0")
    assert (done.code, done.out) == (5, "")


def test_a_step_that_the_law_asks_for_is_recorded_and_taken_back(desk: Desk) -> None:
    step = cases_pb2.LegalStep(
        step="RETURNED_TO_SUPPORT_AGENCY",
        state=cases_pb2.LEGAL_STEP_STATE_DONE,
        due_on="2026-01-21",
        done_on="2026-01-20",
        recording_office_id="BP-CN-MONG-CAI",
    )
    desk.services.answer("RecordLegalStep", legal_steps_pb2.RecordLegalStepResponse(steps=[step]))
    desk.services.answer("TakeBackLegalStep", legal_steps_pb2.TakeBackLegalStepResponse())
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=cases_pb2.Case(legal_steps=[step])))
    done = desk.homeward("legal-step", FIRST, "--done", "returned-to-support-agency", "--on", "20/01/2026")
    assert (done.code, "20/01/2026" in done.out, "done" in done.out) == (0, True, True)
    asked = desk.services.requests("RecordLegalStep")[0]
    assert (asked.step, asked.done_on) == ("RETURNED_TO_SUPPORT_AGENCY", "2026-01-20")
    back = desk.homeward("legal-step", FIRST, "--take-back", "returned-to-support-agency")
    assert (back.code, "no step" in back.out) == (0, True)
    shown = desk.homeward("legal-step", FIRST, "--json").document["legal_steps"]
    assert [(each["step"], each["state"]) for each in shown] == [("RETURNED_TO_SUPPORT_AGENCY", "DONE")]


def test_what_is_due_by_law_is_listed_and_counted_by_the_same_filter(desk: Desk) -> None:
    late = legal_steps_pb2.LegalDeadline(
        case_number=FIRST, rule="COMMUNE_NOTIFY", due_on="2026-01-20", overdue_days=3, accountable_office_id="CM-24-01"
    )
    count = legal_steps_pb2.LegalDeadlineCount(province="24@2025", rule="COMMUNE_NOTIFY", total=1, overdue=1)
    desk.services.answer("ListLegalDeadlines", legal_steps_pb2.ListLegalDeadlinesResponse(deadlines=[late]))
    desk.services.answer("CountLegalDeadlines", legal_steps_pb2.CountLegalDeadlinesResponse(counts=[count]))
    wanted = ("--rule", "commune-notify", "--overdue")
    listed = desk.homeward("--as", "SV-24", "legal-deadlines", *wanted, "--json")
    assert [each["case_number"] for each in listed.document["deadlines"]] == [FIRST]
    counted = desk.homeward("--as", "SV-24", "legal-deadlines", *wanted, "--counts", "--json")
    assert [each["total"] for each in counted.document["counts"]] == [1]
    asked = [desk.services.requests(each)[0].filter for each in ("ListLegalDeadlines", "CountLegalDeadlines")]
    assert asked[0] == asked[1]
    assert (asked[0].rule, asked[0].overdue_only) == ("COMMUNE_NOTIFY", True)


def test_the_police_says_that_a_verification_is_complex(desk: Desk) -> None:
    longer = cases_pb2.Verification(
        due_on="2026-01-05", reply_rule="POLICE_VERIFY_REPLY_COMPLEX", reply_due_on="2026-03-02"
    )
    desk.services.answer("SetReplyLimit", legal_steps_pb2.SetReplyLimitResponse(verification=longer))
    done = desk.homeward("--as", "VF-24", "reply-limit", FIRST, "--complex")
    assert (done.code, "02/03/2026" in done.out) == (0, True)
    assert desk.services.requests("SetReplyLimit")[0].rule == "POLICE_VERIFY_REPLY_COMPLEX"
    assert desk.homeward("--as", "VF-24", "reply-limit", FIRST).code == 2


def test_lost_are_those_who_are_searched_for_and_their_counts_are_those_of_the_list(desk: Desk) -> None:
    search = custody_pb2.Search(
        case_number=FIRST,
        reason=types_pb2.LOST_REASON_NOT_ACKNOWLEDGED,
        accountable_office_id="BP-CN-MONG-CAI",
        to_office_id="SA-24",
        age_days=9,
        escalation_level=2,
    )
    desk.services.answer("ListLost", searches_pb2.ListLostResponse(searches=[search]))
    done = desk.homeward("--as", "SV-NATIONAL", "lost")
    assert done.code == 0
    assert "supervisor" in done.out
    document = desk.homeward("--as", "SV-NATIONAL", "lost", "--json").document
    assert [each["total"] for each in document["counts"]] == [len(document["lost"])] == [1]


def test_a_follow_up_that_nobody_tried_is_overdue_and_says_so(desk: Desk) -> None:
    desk.services.answer("ListOverdue", open_cases_pb2.ListOverdueResponse())
    late = visits_pb2.OverdueFollowUp(case_number=THIRD, rule="FOLLOW_UP_3M", overdue_days=80, neglected=True)
    desk.services.answer("ListOverdueFollowUps", visits_pb2.ListOverdueFollowUpsResponse(follow_ups=[late]))
    done = desk.homeward("--as", "SV-NATIONAL", "overdue")
    assert "nobody tried" in done.out


# Counts and their rows --------------------------------------------------------------------------


def test_open_cases_are_listed_and_counted_by_one_filter(desk: Desk) -> None:
    listed = open_cases_pb2.OpenCase(
        case_number=FIRST, phase=types_pb2.CASE_PHASE_REGISTERED, rule="DISPATCH_DUE", due_on="2026-03-31"
    )
    count = open_cases_pb2.CaseCount(
        province="24@2025", phase=types_pb2.CASE_PHASE_REGISTERED, rule="DISPATCH_DUE", total=12, overdue=3
    )
    desk.services.answer("ListCustodies", open_cases_pb2.ListCustodiesResponse(cases=[listed]))
    desk.services.answer("CountOpen", open_cases_pb2.CountOpenResponse(counts=[count]))
    asked = ("--phase", "registered", "--province", "Bắc Ninh", "--rule", "dispatch-due", "--overdue-for", "7")
    rows = desk.homeward("--as", "SV-NATIONAL", "custodies", *asked)
    assert rows.code == 0, rows.err
    assert FIRST in rows.out
    assert "31/03/2026" in rows.out
    counts = desk.homeward("--as", "SV-NATIONAL", "custodies", *asked, "--counts")
    assert "Bắc Ninh" in counts.out
    assert "12" in counts.out
    wanted = desk.services.requests("CountOpen")[0].filter
    assert wanted == desk.services.requests("ListCustodies")[0].filter, "a count and its rows are one question"
    assert (wanted.province, wanted.rule, wanted.overdue_days_min) == ("24@2025", "DISPATCH_DUE", 7)


def test_the_trend_tells_week_by_week_and_says_when_there_is_none(desk: Desk) -> None:
    point = open_cases_pb2.TrendPoint(day="2026-03-29", on_the_way=40, overdue=2, lost=1)
    desk.services.answer("ListTrend", open_cases_pb2.ListTrendResponse(points=[point]))
    assert "29/03/2026" in desk.homeward("--as", "SV-24", "trend").out
    assert desk.homeward("trend", "--json").document["trend"][0]["on_the_way"] == 40
    desk.services.answer("ListTrend", open_cases_pb2.ListTrendResponse())
    assert "Nothing was counted yet" in desk.homeward("trend").out


def test_handovers_are_listed_and_one_is_shown_for_a_purpose(desk: Desk) -> None:
    summary = handovers_pb2.HandoverSummary(handover_id=CASE_ID, gate_id="CN-MONG-CAI", case_numbers=[FIRST, SECOND])
    desk.services.answer("ListHandovers", handovers_pb2.ListHandoversResponse(handovers=[summary]))
    listed = desk.homeward("handovers", "--from", "31/03/2026").out
    assert FIRST in listed
    assert "Móng" in listed
    assert desk.services.requests("ListHandovers")[0].from_on == "2026-03-31"
    shown = handovers_pb2.GetHandoverResponse(
        handover=summary,
        joint_minutes_number="BB-7",
        cases=[cases_pb2.Case(case_number=FIRST, person=people_pb2.Person(full_name="Nguyễn Thị Ví Dụ"))],
    )
    desk.services.answer("GetHandover", shown)
    assert desk.homeward("handovers", "show", CASE_ID).code == 2, "without a purpose nobody is shown"
    told = desk.homeward("handovers", "show", CASE_ID, "--purpose", "minutes").out
    assert "Nguyễn Thị Ví Dụ" in told
    assert "BB-7" in told
    assert desk.services.requests("GetHandover")[0].purpose == "minutes"


def test_follow_ups_are_counted_by_the_filter_of_their_list(desk: Desk) -> None:
    count = visits_pb2.FollowUpCount(
        province="24@2025", kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3, state=types_pb2.FOLLOW_UP_STATE_LATE, total=5
    )
    desk.services.answer("CountFollowUps", visits_pb2.CountFollowUpsResponse(counts=[count]))
    asked = ("followups", "--state", "late", "--kind", "months-3", "--due-from", "01/03/2026", "--counts")
    assert "Bắc Ninh" in desk.homeward("--as", "SV-NATIONAL", *asked).out
    wanted = desk.services.requests("CountFollowUps")[0].filter
    assert (wanted.state, wanted.due_from) == (types_pb2.FOLLOW_UP_STATE_LATE, "2026-03-01")


# The inbox --------------------------------------------------------------------------------------

MESSAGE_IDS = ("3f2a9c1b-0000-5000-8000-000000000001", "77d0e4aa-0000-5000-8000-000000000002")


def messages() -> inbox_pb2.ListMessagesResponse:
    """Two messages, one to act on."""
    answer = inbox_pb2.ListMessagesResponse(unread_count=2)
    for number, message_id in enumerate(MESSAGE_IDS):
        answer.messages.add(
            message_id=message_id, case_number=FIRST, title="On the way to you", action_required=number == 0
        ).post_time.FromSeconds(RECEIVED_S)
    return answer


def test_the_inbox_speaks_the_language_of_the_officer(desk: Desk) -> None:
    desk.services.answer("ListMessages", messages())
    done = desk.homeward("inbox", "--old")
    request = desk.services.requests("ListMessages")[0]
    assert (request.language, request.include_read) == ("en", True)
    for word in ("3f2a9c1b", "! On the way to you", "2 unread messages."):
        assert word in done.out
    assert desk.homeward("inbox", "--json").document["unread_count"] == 2


def test_messages_are_read_by_the_beginning_of_their_ids(desk: Desk) -> None:
    desk.services.answer("ListMessages", messages())
    desk.services.answer("MarkMessagesRead", inbox_pb2.MarkMessagesReadResponse(marked_count=1))
    assert desk.homeward("read", "3F2A9C1B").code == 0
    assert desk.homeward("inbox", "--read", "77d0").code == 0
    assert desk.homeward("read", "--all", "--json").document == {"marked_count": 1}
    assert desk.homeward("read", MESSAGE_IDS[1]).out == "1 message marked as read.\n"
    assert [list(each.message_ids) for each in desk.services.requests("MarkMessagesRead")] == [
        [MESSAGE_IDS[0]],
        [MESSAGE_IDS[1]],
        list(MESSAGE_IDS),
        [MESSAGE_IDS[1]],
    ]
    assert desk.homeward("read", "ffff").code == 4
    assert desk.homeward("read", "3").code == 4
    assert desk.homeward("read").code == 2
    assert desk.homeward("read", "--all", "--until", "today").code == 2, "one way at a time"


def test_all_messages_until_a_moment_are_marked_a_thousand_at_a_time(desk: Desk) -> None:
    desk.services.answer(
        "MarkMessagesRead",
        inbox_pb2.MarkMessagesReadResponse(marked_count=1_000),
        inbox_pb2.MarkMessagesReadResponse(marked_count=7),
    )
    assert desk.homeward("read", "--until", "22/01/2026 16:30", "--json").document == {"marked_count": 1_007}
    asked = desk.services.requests("MarkMessagesRead")
    assert [each.until_time.ToJsonString() for each in asked] == ["2026-01-22T09:30:00Z"] * 2
    assert asked[0].request_id != asked[1].request_id
    assert desk.homeward("read", "--until", "sometime").code == 2


# Looking things up --------------------------------------------------------------------------------


def test_offices_are_found_by_words_role_province_and_day(desk: Desk) -> None:
    desk.services.stop()
    assert "BP-CN-MONG-CAI" in desk.homeward("offices", "mong", "cai").out
    found = desk.homeward(
        "offices", "--role", "support-agency", "--province", "Bắc Giang", "--on", "15/01/2025", "--json"
    ).document["offices"]
    assert [each["id"] for each in found] == ["SA-24-2004"]
    one = desk.homeward("offices", "sa-24-2004", "--json").document["offices"][0]
    assert (one["valid_to"], one["successor_id"]) == ("2025-02-28", "SA-24-INTERIM")
    assert desk.homeward("offices", "atlantis").code == 4


@pytest.mark.parametrize(
    "name",
    ["columns", "gates", "provinces", "ethnic-groups", "sex", "routes", "relations", "grounds", "signs"],
)
def test_lists_of_codes(desk: Desk, name: str) -> None:
    assert desk.homeward("codes", name).code == 0
    assert desk.homeward("codes", name, "--json").document[name]


# Who calls ----------------------------------------------------------------------------------------


def test_without_an_office_it_says_how_to_name_one(desk: Desk) -> None:
    del desk.environ["HOMEWARD_OFFICE"]
    done = desk.homeward("inbox")
    assert done.code == 3
    assert "NO_OFFICE" in done.err
    assert "--as BP-CN-MONG-CAI" in done.err


def test_without_a_launcher_it_says_how_to_start_one(desk: Desk) -> None:
    for name in ("INTAKE", "HANDOVER", "FOLLOWUP", "NOTIFY"):
        del desk.environ[f"HOMEWARD_{name}"]
    done = desk.homeward("inbox")
    assert done.code == 5
    assert "NOT_RUNNING" in done.err
    assert "homeward up" in done.err


def test_the_launcher_says_where_the_services_are(desk: Desk) -> None:
    for name in ("INTAKE", "HANDOVER", "FOLLOWUP", "NOTIFY"):
        del desk.environ[f"HOMEWARD_{name}"]
    run = {"services": {"notify": {"grpc": f"127.0.0.1:{desk.services.port}"}}}
    (desk.folder / "state" / "run.json").write_text(json.dumps(run))
    desk.services.answer("ListMessages", messages())
    assert desk.homeward("inbox").code == 0


def test_a_token_is_made_kept_and_used(desk: Desk) -> None:
    made = desk.homeward("token", "SV-24").out.strip()
    assert made.count(".") == 2
    assert desk.homeward("token", "SV-24", "--json").document["scope"] == "24@2025"
    assert desk.homeward("token", "SV-24", "--save").code == 0
    kept = desk.folder / "state" / "tokens" / "SV-24.jwt"
    assert kept.stat().st_mode & 0o777 == 0o600
    desk.services.answer("ListMessages", messages())
    desk.homeward("--as", "SV-24", "inbox")
    assert desk.services.calls[0].metadata["authorization"] == f"Bearer {kept.read_text().strip()}"
    desk.environ["HOMEWARD_TOKEN"] = made
    desk.homeward("inbox")
    assert desk.services.calls[1].metadata["authorization"] == f"Bearer {made}"
    other = desk.homeward("--as", "SA-24", "inbox")
    assert (other.code, "TOKEN_OF_OTHER_OFFICE" in other.err) == (3, True)


def test_a_kept_token_that_ended_is_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.homeward("token", "SV-24", "--save", "--hours", "1")
    old = (desk.folder / "state" / "tokens" / "SV-24.jwt").read_text().strip()
    now = time.time()
    monkeypatch.setattr("services.client.session.time.time", lambda: now + 3_600)
    desk.services.answer("ListMessages", messages())
    desk.homeward("--as", "SV-24", "inbox")
    assert old not in desk.services.calls[0].metadata["authorization"]


def test_tokens_are_made_only_for_offices_that_exist_now_and_with_a_key(desk: Desk) -> None:
    assert desk.homeward("token", "SA-24-2004").code == 1
    assert desk.homeward("token", "SA-99").code == 4
    (desk.folder / "state" / "keys" / "issuer.key").unlink()
    done = desk.homeward("token", "SA-24")
    assert (done.code, "NO_SIGNING_KEY" in done.err) == (3, True)


# How refusals look --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (grpc.StatusCode.FAILED_PRECONDITION, 1),
        (grpc.StatusCode.ALREADY_EXISTS, 1),
        (grpc.StatusCode.ABORTED, 1),
        (grpc.StatusCode.INVALID_ARGUMENT, 2),
        (grpc.StatusCode.PERMISSION_DENIED, 3),
        (grpc.StatusCode.UNAUTHENTICATED, 3),
        (grpc.StatusCode.NOT_FOUND, 4),
        (grpc.StatusCode.UNAVAILABLE, 5),
        (grpc.StatusCode.DEADLINE_EXCEEDED, 5),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, 5),
        (grpc.StatusCode.INTERNAL, 70),
    ],
)
def test_every_status_has_its_exit_code(desk: Desk, status: grpc.StatusCode, code: int) -> None:
    desk.services.answer("GetCase", Refusal(status, "SOME_REASON", "The sentence of the service."))
    done = desk.homeward("case", FIRST, "--wait", "0", "--json")
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("The sentence of the service. (SOME_REASON)\n")


def test_a_service_that_comes_back_is_waited_for(desk: Desk) -> None:
    desk.services.answer("GetCase", away(), away(), reading_pb2.GetCaseResponse(case=a_case()))
    done = desk.homeward("case", FIRST, "--json")
    assert done.code == 0
    assert done.err.count("nothing is lost") == 2
    assert done.document["case"]["case_number"] == FIRST


def test_changes_are_repeated_with_one_request_id(desk: Desk) -> None:
    desk.services.answer("RecallTransfer", away(), transfers_pb2.RecallTransferResponse(transfer=a_transfer()))
    assert desk.homeward("recall", FIRST).code == 0
    first, second = desk.services.requests("RecallTransfer")
    assert first == second


def test_usage_is_refused_in_the_language_of_the_officer(desk: Desk) -> None:
    done = desk.homeward("close", FIRST, "--lang", "vi")
    assert done.code == 2
    assert "Lỗi: Thiếu tùy chọn '--reason'" in done.err


def test_a_mistake_of_the_program_shows_no_text_that_may_hold_a_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("Nguyễn Thị Thí Dụ")

    monkeypatch.setattr("services.client.session.Session.ask", break_down)
    done = desk.homeward("case", FIRST)
    assert done.code == 70
    assert "RuntimeError" in done.err
    assert "Thí Dụ" not in done.err
    desk.environ["HOMEWARD_DEBUG"] = "1"
    assert "Traceback" in desk.homeward("case", FIRST).err


def test_a_closing_waits_a_moment_for_what_was_recorded_a_moment_ago(desk: Desk) -> None:
    desk.services.answer(
        "CloseCase",
        Refusal(grpc.StatusCode.FAILED_PRECONDITION, "FOLLOW_UP_PERIOD_NOT_ENDED"),
        closing_pb2.CloseCaseResponse(custody=custody_pb2.Custody(case_number=FIRST)),
    )
    done = desk.homeward("close", FIRST, "--reason", "period-ended")
    assert done.code == 0, done.err
    first, second = desk.services.requests("CloseCase")
    assert first.request_id == second.request_id


@pytest.mark.parametrize(
    ("said", "left_for", "code"),
    [
        ("Quảng Ninh", types_pb2.LEFT_FOR_PROVINCE, "22"),
        ("abroad", types_pb2.LEFT_FOR_ABROAD, ""),
        ("không rõ", types_pb2.LEFT_FOR_UNKNOWN, ""),
    ],
)
def test_where_she_went_is_said(desk: Desk, said: str, left_for: Any, code: str) -> None:
    custody = custody_pb2.Custody(case_number=FIRST, phase=types_pb2.CASE_PHASE_SEARCH)
    desk.services.answer("CloseCase", closing_pb2.CloseCaseResponse(custody=custody))
    done = desk.homeward("close", FIRST, "--reason", "left-area", "--to-province", said)
    assert done.code == 0, done.err
    [request] = desk.services.requests("CloseCase")
    assert (request.left_for, request.to_province.code) == (left_for, code)
    assert "searched for" in done.out
