"""Every entry has a way back: what was taken back leaves no trace but its history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.words import CloseReason, SearchEffect
from services.followup.domain.case import FollowUpCase, State
from services.followup.domain.contacts import record_contact
from services.followup.domain.entries import (
    REVISED_BY_OFFICE_DAYS,
    Correction,
    EntryNotFound,
    EntryTakenBack,
    EntryTooOld,
    EntryUnchanged,
    Reviser,
    correct,
    entry_of,
    take_back,
)
from services.followup.domain.entry import AfterDeclined, ContactOutcome, EntryReason, EntryState, Kind, Outcome
from services.followup.domain.events import Revised
from services.followup.domain.recording import Done
from services.followup.domain.standing import is_lost
from services.followup.domain.visits import FollowUpAlreadyRecorded, FollowUpTooEarly, Visit, record
from services.followup.domain.whereabouts import search_ended, searched_for
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    HERE,
    arrived,
    awaits_contact,
    closed,
    morning,
    of_kind,
    recorded,
    tried,
    watched,
)

CLERK = Reviser(HERE)
SUPERVISOR = Reviser("SV-01", oversees=True)


def back(
    case: FollowUpCase, number: int, on: date, *, by: Reviser = CLERK, reason: EntryReason = EntryReason.WRONG_CASE
) -> Done:
    """The case without an entry."""
    return take_back(case, entry_of(case, number), reason, by=by, now=morning(on), calendar=CALENDAR)


def put_right(case: FollowUpCase, number: int, on: date, correction: Correction, *, by: Reviser = CLERK) -> Done:
    """The case with an entry put right."""
    reason = EntryReason.WRONG_OUTCOME
    return correct(case, entry_of(case, number), correction, reason, by=by, now=morning(on), calendar=CALENDAR)


def contact(case: FollowUpCase, outcome: ContactOutcome, on: date, *, now: date | None = None) -> Done:
    """The case after an attempt at home."""
    return record_contact(case, outcome, on, by=HERE, now=morning(now or on), calendar=CALENDAR)


def test_a_visit_of_the_wrong_case_leaves_dates_and_deadlines_as_if_it_had_never_been() -> None:
    case = arrived(DAY)
    wrong = recorded(case, Kind.MONTHS_3, DUE_3M)
    done = back(wrong, 1, DUE_3M)
    after = done.decision.case
    assert after.follow_ups == case.follow_ups
    assert watched(after) == watched(case)
    assert awaits_contact(after)
    [told] = done.decision.events
    assert told == Revised(
        done.entry,
        was_visit=True,
        visited=False,
        period_ended=False,
        asked_again=(of_kind(after, Kind.MONTHS_3),),
        made=None,
        effect=SearchEffect.NONE,
    )
    assert [(each.state, each.reason) for each in done.entry.versions] == [
        (EntryState.RECORDED, None),
        (EntryState.TAKEN_BACK, EntryReason.WRONG_CASE),
    ]
    recorded(after, Kind.MONTHS_3, DUE_3M)


def test_a_later_visit_taken_back_gives_the_missed_one_back_and_ends_the_closing_decision() -> None:
    case = arrived(DAY)
    visited = recorded(case, Kind.YEARS_3, DUE_3Y)
    assert of_kind(visited, Kind.MONTHS_3).state is State.MISSED
    after = back(visited, 1, DUE_3Y).decision.case
    assert [one.state for one in after.follow_ups] == [State.OPEN, State.OPEN]
    assert "CLOSE_DECISION" not in [rule for rule, _, _ in watched(after)]


def test_the_closing_decision_gets_its_full_time_after_the_right_visit() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    case = back(case, 2, DUE_3Y).decision.case
    again = DUE_3Y + timedelta(days=12)
    assert watched(recorded(case, Kind.YEARS_3, again)) == [("CLOSE_DECISION", True, again + timedelta(days=30))]


def test_a_failed_contact_taken_back_ends_the_search_that_it_opened() -> None:
    case = contact(arrived(DAY), ContactOutcome.NOT_AT_ADDRESS, DAY).decision.case
    case = searched_for(case, "NOT_AT_ADDRESS", DAY, CALENDAR).case
    done = back(case, 1, DAY)
    assert done.effect is SearchEffect.ENDS_MISTAKEN
    ended = search_ended(done.decision.case, by_entry=True, now=morning(DAY), calendar=CALENDAR).case
    assert not is_lost(ended)


def test_a_success_taken_back_lets_the_failures_speak_again() -> None:
    case = contact(arrived(DAY), ContactOutcome.NOT_AT_ADDRESS, DAY).decision.case
    case = searched_for(case, "NOT_AT_ADDRESS", DAY, CALENDAR).case
    reached = contact(case, ContactOutcome.REACHED, DAY + timedelta(days=1))
    assert reached.effect is SearchEffect.ENDS_SEEN
    case = search_ended(reached.decision.case, by_entry=True, now=morning(DAY), calendar=CALENDAR).case
    assert back(case, 2, DAY + timedelta(days=2)).effect is SearchEffect.OPENS_NOT_AT_ADDRESS


def test_one_of_three_attempts_taken_back_is_no_search() -> None:
    case = arrived(DAY)
    for number in range(3):
        case = tried(case, DUE_3M + timedelta(days=number)).case
    done = back(case, 2, DUE_3M + timedelta(days=3))
    assert (done.effect, is_lost(done.decision.case)) == (SearchEffect.ENDS_MISTAKEN, False)


def test_the_office_for_some_days_and_its_supervisor_later() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    last = DUE_3M + timedelta(days=REVISED_BY_OFFICE_DAYS)
    back(case, 1, last)
    with pytest.raises(EntryTooOld) as refusal:
        back(case, 1, last + timedelta(days=1))
    assert refusal.value.details == {"number": "1", "limit": last.isoformat()}
    back(case, 1, last + timedelta(days=400), by=SUPERVISOR)


def test_a_correction_is_a_version_and_moves_what_follows() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    done = put_right(case, 1, DUE_3M, Correction(outcome=Outcome.AT_RISK, warning_signs=("RF10",)))
    one = of_kind(done.decision.case, Kind.MONTHS_3)
    assert (one.outcome, one.warning_signs, one.visited_on) == (Outcome.AT_RISK, ("RF10",), DUE_3M)
    assert [each.state for each in done.entry.versions] == [EntryState.RECORDED, EntryState.CORRECTED]
    asked = put_right(case, 1, DUE_3M, Correction(outcome=Outcome.DECLINED, then=AfterDeclined.CLOSE))
    assert [rule for rule, _, _ in watched(asked.decision.case)] == ["CLOSE_DECISION"]


def test_a_visit_of_the_wrong_follow_up_moves_to_the_right_one() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3Y)
    done = put_right(case, 1, DUE_3Y, Correction(kind=Kind.YEARS_3))
    assert [one.state for one in done.decision.case.follow_ups] == [State.MISSED, State.RECORDED]


def test_what_fits_no_visit_is_no_correction() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    for correction, refusal in (
        (Correction(kind=Kind.YEARS_3), FollowUpTooEarly),
        (Correction(on=DUE_3Y, kind=Kind.YEARS_3), FollowUpAlreadyRecorded),
        (Correction(on=DAY), FollowUpTooEarly),
        (Correction(on=DAY - timedelta(days=1)), InvalidInput),
        (Correction(on=DUE_3Y + timedelta(days=1)), InvalidInput),
        (Correction(outcome=Outcome.DECLINED), InvalidInput),
        (Correction(then=AfterDeclined.KEEP), InvalidInput),
        (Correction(contact=ContactOutcome.REACHED), InvalidInput),
        (Correction(outcome=Outcome.SETTLED), EntryUnchanged),
        (Correction(), EntryUnchanged),
    ):
        with pytest.raises(refusal):
            put_right(case, 1, DUE_3Y, correction, by=SUPERVISOR)


def test_a_contact_is_corrected_like_a_visit() -> None:
    case = contact(arrived(DAY), ContactOutcome.MOVED_AWAY, DAY).decision.case
    done = put_right(case, 1, DAY, Correction(contact=ContactOutcome.REACHED))
    assert (done.effect, awaits_contact(done.decision.case)) == (SearchEffect.ENDS_SEEN, False)
    for correction in (Correction(outcome=Outcome.SETTLED), Correction(kind=Kind.MONTHS_3)):
        with pytest.raises(InvalidInput):
            put_right(case, 1, DAY, correction)


def test_nothing_is_taken_back_twice() -> None:
    case = back(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), 1, DUE_3M).decision.case
    with pytest.raises(EntryTakenBack):
        back(case, 1, DUE_3M)
    with pytest.raises(EntryTakenBack):
        put_right(case, 1, DUE_3M, Correction(on=DUE_3M - timedelta(days=1)))
    with pytest.raises(EntryNotFound):
        back(case, 2, DUE_3M)


def test_a_visit_taken_back_after_the_closing_is_open_once_the_case_is() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    ended = closed(case, morning(DUE_3Y), CloseReason.PERIOD_ENDED).case
    after = back(ended, 2, DUE_3Y).decision.case
    assert of_kind(after, Kind.YEARS_3).state is State.CANCELLED
    assert watched(after) == []


def test_a_second_visit_says_of_the_first_who_recorded_it() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    visit = Visit(Kind.MONTHS_3, DUE_3M, Outcome.AT_RISK)
    with pytest.raises(FollowUpAlreadyRecorded) as refusal:
        record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert refusal.value.details["number"] == "1"
