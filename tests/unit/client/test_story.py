"""The story of a case: all that happened, oldest first, in the officer's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import custody_pb2, transfers_pb2
from homeward.intake.v1 import cases_pb2, family_pb2
from homeward.type.v1 import types_pb2
from services.client.shown.family import tie_lines
from services.client.shown.story import Line, story
from services.client.texts import texts_in

POST, HOME, OTHER, CENTRE = "BP-CN-MONG-CAI", "SA-24", "SA-22", "RC-PEACE-HOUSE"
EN = texts_in("en")


def at(text: str) -> datetime:
    """An instant, from "2026-01-15 08:00" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stamped(message: Any, **moments: str) -> Any:
    """The message with these instants."""
    for name, text in moments.items():
        getattr(message, name).FromDatetime(at(text).replace(tzinfo=None))
    return message


def transfer(number: int, state: int, **fields: Any) -> transfers_pb2.Transfer:
    """A transfer from the border post."""
    moments = {name: fields.pop(name) for name in list(fields) if name.endswith("_time")}
    base: dict[str, Any] = {
        "transfer_id": f"transfer-{number}",
        "from_office_id": POST,
        "to_office_id": HOME,
        "expected_departure_on": "2026-01-15",
        "expected_arrival_on": "2026-01-17",
    }
    found: transfers_pb2.Transfer = stamped(transfers_pb2.Transfer(state=state, **(base | fields)), **moments)  # type: ignore[arg-type]
    return found


def segment(number: int, office: str, cause: int, start: str, kind: int = 0) -> custody_pb2.CustodySegment:
    """A stretch of custody."""
    found = custody_pb2.CustodySegment(segment=number, office_id=office, cause=cause, kind=kind)  # type: ignore[arg-type]
    return stamped(found, start_time=start)  # type: ignore[no-any-return]


def answer(kind: str, given: str, office: str = HOME, **fields: Any) -> transfers_pb2.TransferAnswer:
    """An answer to a transfer."""
    moments = {"answer_time": given} | {name: fields.pop(name) for name in list(fields) if name.endswith("_time")}
    number = types_pb2.TransferAnswerKind.Value(f"TRANSFER_ANSWER_KIND_{kind}")
    found: transfers_pb2.TransferAnswer = stamped(
        transfers_pb2.TransferAnswer(kind=number, office_id=office, **fields), **moments
    )
    return found


def told(custody: custody_pb2.Custody, *follow_ups: visits_pb2.FollowUp) -> list[tuple[str, str]]:
    """When and what, as the officer reads it."""
    return [(line.when, line.text) for line in story(custody, follow_ups, EN)]


def test_a_return_home_with_a_visit() -> None:
    custody = custody_pb2.Custody(
        segments=[
            segment(1, POST, types_pb2.CUSTODY_CAUSE_REGISTERED, "2026-01-14 01:00"),
            segment(1, POST, types_pb2.CUSTODY_CAUSE_REGISTERED, "2026-01-15 01:00", types_pb2.CUSTODY_KIND_IN_TRANSIT),
            segment(2, HOME, types_pb2.CUSTODY_CAUSE_ARRIVED, "2026-01-17 09:00"),
        ],
        transfers=[
            transfer(
                1,
                types_pb2.TRANSFER_STATE_ACKNOWLEDGED,
                create_time="2026-01-14 02:00",
                see_time="2026-01-14 03:00",
                accept_time="2026-01-14 04:00",
                dispatch_time="2026-01-15 01:00",
                end_time="2026-01-17 09:00",
                departed_on="2026-01-15",
                arrived_on="2026-01-17",
                answers=[
                    answer("ACCEPTED", "2026-01-14 04:00"),
                    answer("ACKNOWLEDGED", "2026-01-17 09:00", arrived_on="2026-01-17"),
                ],
                travel=transfers_pb2.TravelPlan(
                    escort=types_pb2.ESCORT_SOCIAL_WORKER, consent=types_pb2.TRANSFER_CONSENT_GIVEN
                ),
            )
        ],
    )
    visit = visits_pb2.FollowUp(
        kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
        state=types_pb2.FOLLOW_UP_STATE_RECORDED,
        visited_on="2026-04-16",
        outcome=types_pb2.FOLLOW_UP_OUTCOME_SETTLED,
    )
    later = visits_pb2.FollowUp(
        kind=types_pb2.FOLLOW_UP_KIND_YEARS_3, state=types_pb2.FOLLOW_UP_STATE_SCHEDULED, due_on="2029-01-17"
    )
    assert told(custody, later, visit) == [
        ("14/01/2026 08:00", f"{POST} received and registered her."),
        ("14/01/2026 09:00", f"{POST} planned to send her to {HOME}: to leave on 15/01/2026, expected on 17/01/2026."),
        ("14/01/2026 10:00", f"{HOME} read the message about her."),
        ("14/01/2026 11:00", f"{HOME} accepted: she is expected there."),
        (
            "15/01/2026 08:00",
            f"She left {POST} for {HOME}; expected on 17/01/2026. Escort: a social worker; Consent: she agrees",
        ),
        ("17/01/2026 16:00", f"{HOME} acknowledged that she arrived on 17/01/2026."),
        ("16/04/2026", "Follow-up after 3 months: lives well, needs nothing more."),
        ("17/01/2029", "Follow-up after 3 years due: ahead."),
    ]


def test_somebody_who_was_lost_redirected_and_found() -> None:
    search = custody_pb2.Search(
        reason=types_pb2.LOST_REASON_NOT_ACKNOWLEDGED,
        accountable_office_id=POST,
        resolution=types_pb2.SEARCH_RESOLUTION_REDIRECTED,
    )
    stamped(search, open_time="2026-01-29 00:00", resolve_time="2026-01-30 05:00")
    search.steps.add(number=1, kind=types_pb2.SEARCH_STEP_KIND_ADDRESSEE_ASKED, office_id=POST, taken_on="2026-01-29")
    search.steps.add(
        number=2,
        kind=types_pb2.SEARCH_STEP_KIND_ESCORT_ASKED,
        office_id=POST,
        taken_on="2026-01-30",
        successful=True,
    )
    custody = custody_pb2.Custody(
        segments=[segment(1, POST, types_pb2.CUSTODY_CAUSE_REGISTERED, "2026-01-14 01:00")],
        transfers=[
            transfer(
                1,
                types_pb2.TRANSFER_STATE_REDIRECTED,
                create_time="2026-01-15 01:00",
                dispatch_time="2026-01-15 01:00",
                end_time="2026-01-30 05:00",
                departed_on="2026-01-14",
            ),
            transfer(
                2,
                types_pb2.TRANSFER_STATE_DISPATCHED,
                create_time="2026-01-30 05:00",
                dispatch_time="2026-01-30 05:00",
                to_office_id=OTHER,
                expected_arrival_on="2026-01-31",
                replaces_transfer_id="transfer-1",
                departed_on="2026-01-14",
            ),
        ],
        searches=[search],
    )
    assert [text for _, text in told(custody)] == [
        f"{POST} received and registered her.",
        f"She left {POST} for {HOME}; expected on 17/01/2026. She had left on 14/01/2026.",
        f"She is searched for: nobody acknowledged the arrival. {POST} answers for it.",
        "Step 1 of the search: the addressed office was asked.",
        f"On the way, {POST} sent her on to {OTHER}; expected on 31/01/2026.",
        "Step 2 of the search: escort or carrier was asked. It led to her.",
        "The search ended: on the way again.",
    ]


@pytest.mark.parametrize(
    ("state", "fields", "text"),
    [
        ("REJECTED", {"reject_reason": types_pb2.REJECT_REASON_NOT_SAFE}, "rejected: home is not safe. The duty is"),
        ("NOT_ARRIVED", {}, f"{HOME} reported that she did not arrive."),
        ("RECALLED", {}, f"{POST} recalled the transfer to {HOME}."),
        ("SUPERSEDED", {}, f"The transfer to {HOME} ended, since she turned up elsewhere."),
        ("ACKNOWLEDGED", {"overdue": True, "arrived_on": "2026-01-17"}, "The acknowledgement was late."),
    ],
)
def test_every_ending_of_a_transfer_is_told(state: str, fields: dict[str, Any], text: str) -> None:
    number = types_pb2.TransferState.Value(f"TRANSFER_STATE_{state}")
    ended = transfer(1, number, dispatch_time="2026-01-15 01:00", end_time="2026-01-18 01:00", **fields)
    if state != "SUPERSEDED":
        by, more = (POST if state == "RECALLED" else HOME), {k: v for k, v in fields.items() if k != "overdue"}
        ended.answers.append(answer(state, "2026-01-18 01:00", by, **more))
    lines = story(custody_pb2.Custody(transfers=[ended]), (), EN)
    assert text in lines[-1].text
    assert lines[-1].code == state


def test_an_answer_and_that_it_was_taken_back_both_stand_in_the_story() -> None:
    back = answer(
        "NOT_ARRIVED",
        "2026-01-17 05:00",
        take_back_time="2026-01-17 09:00",
        taken_back_by_office_id=HOME,
        take_back_reason=types_pb2.TAKE_BACK_REASON_WRONG_PERSON,
    )
    under_way = transfer(1, types_pb2.TRANSFER_STATE_DISPATCHED, dispatch_time="2026-01-15 01:00", answers=[back])
    assert [text for _, text in told(custody_pb2.Custody(transfers=[under_way]))][1:] == [
        f"{HOME} reported that she did not arrive. The duty is with {POST}.",
        f"{HOME} took back “not arrived”: another person was meant. The transfer stands as before.",
    ]


def test_a_corrected_day_and_why_another_office_answers_for_her_are_told() -> None:
    correction = stamped(
        custody_pb2.ArrivalCorrection(
            before_on="2026-03-12",
            arrived_on="2026-03-11",
            reason=types_pb2.ARRIVAL_CORRECTION_REASON_MISTYPED,
            office_id=HOME,
        ),
        correct_time="2026-03-13 02:00",
    )
    moved = segment(2, OTHER, types_pb2.CUSTODY_CAUSE_REASSIGNED, "2026-03-14 02:00")
    moved.reassign_reason, moved.arrived_on = types_pb2.REASSIGN_REASON_PERSON_IS_THERE, "2026-03-14"
    custody = custody_pb2.Custody(segments=[moved], arrival_corrections=[correction])
    assert [text for _, text in told(custody)] == [
        f"{HOME} corrected the day of her arrival from 12/03/2026 to 11/03/2026: the day was mistyped.",
        f"A supervisor made {OTHER} accountable: the person is there. She is there since 14/03/2026.",
    ]


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        ("ADMITTED", f"{CENTRE} admitted her."),
        ("OFFICE_ENDED", f"{CENTRE} is accountable: the office before it ended."),
        ("REASSIGNED", f"A supervisor made {CENTRE} accountable: not known."),
        ("RE_IDENTIFIED", "The case ended: goes on as another case."),
        ("CLOSED", "The case ended: the case was closed."),
    ],
)
def test_custody_that_passed_without_a_transfer_is_told(cause: str, text: str) -> None:
    number = types_pb2.CustodyCause.Value(f"CUSTODY_CAUSE_{cause}")
    custody = custody_pb2.Custody(segments=[segment(1, CENTRE, number, "2026-01-14 01:00")])
    assert told(custody) == [("14/01/2026 08:00", text)]


def test_the_office_that_answered_for_a_search_is_named_although_another_has_her_now() -> None:
    search = stamped(
        custody_pb2.Search(reason=types_pb2.LOST_REASON_NOT_ACKNOWLEDGED, responsible_office_id=HOME),
        open_time="2026-01-29 00:00",
        resolve_time="2026-01-30 00:00",
    )
    segments = [
        segment(1, POST, types_pb2.CUSTODY_CAUSE_REGISTERED, "2026-01-14 01:00"),
        segment(2, HOME, types_pb2.CUSTODY_CAUSE_FOUND, "2026-01-30 00:00"),
    ]
    texts = [text for _, text in told(custody_pb2.Custody(segments=segments, searches=[search]))]
    assert f"{POST} answers for it." in texts[1]


def test_a_follow_up_that_was_cancelled_is_no_part_of_the_story() -> None:
    cancelled = visits_pb2.FollowUp(state=types_pb2.FOLLOW_UP_STATE_CANCELLED, due_on="2026-04-17")
    lost = visits_pb2.FollowUp(
        kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
        state=types_pb2.FOLLOW_UP_STATE_OVERDUE,
        due_on="2026-04-17",
        lost=True,
    )
    assert told(custody_pb2.Custody(), cancelled, lost) == [
        ("17/04/2026", "Follow-up after 3 months due: overdue. She could not be found for it.")
    ]


def test_programs_get_instants_in_utc_and_days_as_days() -> None:
    instant = Line(at("2026-01-14 01:00"), "SEEN", "x", HOME)
    day = Line(at("2026-01-14 16:59"), "FOLLOW_UP_DUE", "x", HOME, whole_day=True)
    assert instant.document()["at"] == "2026-01-14T01:00:00Z"
    assert day.document() == {"at": "2026-01-14", "event": "FOLLOW_UP_DUE", "office_id": HOME, "text": "x"}


def test_a_discharge_stands_before_the_journey_of_that_day_and_a_journey_alone_tells_of_itself() -> None:
    custody = custody_pb2.Custody(
        segments=[segment(1, CENTRE, types_pb2.CUSTODY_CAUSE_ADMITTED, "2026-01-14 01:00")],
        transfers=[transfer(1, types_pb2.TRANSFER_STATE_DISPATCHED, dispatch_time="2026-02-10 02:00")],
        stays=[
            custody_pb2.Stay(
                segment=1,
                office_id=CENTRE,
                admitted_on="2026-01-14",
                discharged_on="2026-02-10",
                destination=types_pb2.DISCHARGE_DESTINATION_OWN_CHOICE,
                province=types_pb2.ProvinceRef(code="24", vintage="2025"),
            ),
            custody_pb2.Stay(segment=2, office_id=CENTRE, admitted_on="2026-01-15", discharged_on="2026-02-11"),
            custody_pb2.Stay(segment=3, office_id=CENTRE, admitted_on="2026-03-15"),
        ],
    )
    assert [text.partition(";")[0] for _, text in told(custody)] == [
        f"{CENTRE} admitted her.",
        f"{CENTRE} discharged her to a place of her own choice in Bắc Ninh (24@2025).",
        f"She left {POST} for {HOME}",
    ]


def test_a_correction_is_told_by_the_titles_of_its_fields() -> None:
    correction = stamped(custody_pb2.Correction(fields=["full_name", "home_province"]), correct_time="2026-01-14 02:00")
    custody = custody_pb2.Custody(corrections=[correction])
    assert told(custody) == [("14/01/2026 09:00", "Her record was corrected: Full name, Home province.")]
    (line,) = story(custody, (), texts_in("vi"))
    assert "Họ và tên" in line.text


def test_why_a_case_was_closed_with_its_search_is_told() -> None:
    search = custody_pb2.Search(
        reason=types_pb2.LOST_REASON_NOT_ACKNOWLEDGED,
        resolution=types_pb2.SEARCH_RESOLUTION_CLOSED,
        close_reason=types_pb2.CLOSE_REASON_ABROAD_AGAIN,
    )
    stamped(search, open_time="2026-01-29 00:00", resolve_time="2026-01-30 05:00")
    assert (
        "The case was closed because: the person is abroad again."
        in told(custody_pb2.Custody(searches=[search]))[-1][1]
    )


def test_the_whole_story_has_its_ends() -> None:
    """Who decided what, that it was overdue, who ended it and why, and who undid that."""
    died, later = types_pb2.CLOSE_REASON_DIED, types_pb2.REOPEN_REASON_NOT_TRUE
    decision = custody_pb2.Decision(
        revision=2, status=types_pb2.IDENTIFICATION_STATUS_IDENTIFIED, office_id="VF-22", decided_on="2026-01-14"
    )
    passed = custody_pb2.PassedDeadline(rule="TRANSFER_ACKNOWLEDGE", due_on="2026-01-20")
    closing = custody_pb2.Closing(
        cause=types_pb2.CUSTODY_CAUSE_CLOSED,
        reason=died,
        closed_on="2026-01-20",
        office_id=POST,
        transfer_id="transfer-1",
        reopen_reason=later,
        reopened_by_office_id=HOME,
    )
    custody = custody_pb2.Custody(
        segments=[segment(1, POST, types_pb2.CUSTODY_CAUSE_REGISTERED, "2026-01-14 01:00")],
        transfers=[
            transfer(
                1,
                types_pb2.TRANSFER_STATE_RECALLED,
                dispatch_time="2026-01-15 01:00",
                create_time="2026-01-15 01:00",
                end_time="2026-01-21 01:00",
            )
        ],
        decisions=[stamped(decision, decide_time="2026-01-14 02:00")],
        passed_deadlines=[stamped(passed, pass_time="2026-01-20 17:00")],
        closings=[stamped(closing, close_time="2026-01-21 01:00", reopen_time="2026-01-21 03:00")],
    )
    texts = [text for _, text in told(custody)]
    assert texts[1].startswith("VF-22 decided on the identification: ")
    assert texts[1].endswith("It revises the decision before.")
    assert texts[3].startswith("Overdue: ")
    assert texts[4:] == [
        "The transfer to SA-24 ended with the case.",
        "BP-CN-MONG-CAI closed the case: the person died. As of 20/01/2026.",
        "SA-24 opened the case again: what the closing says is not so.",
    ]


def test_who_may_not_see_why_sees_that_it_ended() -> None:
    custody = custody_pb2.Custody(closings=[stamped(custody_pb2.Closing(), close_time="2026-01-21 01:00")])
    assert [text for _, text in told(custody)] == ["The case ended; why is not told here."]


def test_relatives_are_told_by_what_the_office_may_know_of_them() -> None:
    known = family_pb2.FamilyTie(
        relative=cases_pb2.Relative(case_number="HW-440-200-331", relation="CHILD", keep_together=True),
        link_office_id="BP-CN-MONG-CAI",
    )
    known.link_time.FromSeconds(1_772_420_400)
    gone = family_pb2.FamilyTie(link_office_id="SA-24", unlink_office_id="SA-08")
    gone.link_time.FromSeconds(1_772_420_401)
    gone.unlink_time.FromSeconds(1_772_420_402)
    told = [(line.code, line.text, line.office_id) for line in tie_lines([known, gone], EN)]
    assert told[0] == ("FAMILY_LINKED", "A relative: HW-440-200-331 (child, must not be parted).", "BP-CN-MONG-CAI")
    assert told[1:] == [
        ("FAMILY_LINKED", "A relative: a relative, elsewhere.", "SA-24"),
        ("FAMILY_UNLINKED", "No longer said: a relative, elsewhere.", "SA-08"),
    ]
