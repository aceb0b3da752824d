"""The first contact at home."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.words import CustodyCause, Phase, SearchEffect
from services.followup.domain.case import (
    FollowUpCase,
    FollowUpCaseClosed,
    FollowUpNotStarted,
)
from services.followup.domain.contacts import record_contact
from services.followup.domain.entry import ContactOutcome, Kind
from services.followup.domain.events import ContactMade, Escalated
from services.followup.domain.recording import Done
from services.followup.domain.standing import is_lost
from services.followup.domain.watching import Decision
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    HERE,
    arrived,
    awaits_contact,
    change,
    closed,
    custody,
    fired,
    morning,
    recorded,
    watched,
)

CONTACT_BY = DAY + timedelta(days=7)


def contacted(case: FollowUpCase, outcome: ContactOutcome, on: date | None = None, *, now: date = DAY) -> Decision:
    """The case after an attempt at home."""
    return said(case, outcome, on, now=now).decision


def said(case: FollowUpCase, outcome: ContactOutcome, on: date | None = None, *, now: date = DAY) -> Done:
    """What was made of an attempt at home."""
    return record_contact(case, outcome, on, by=HERE, now=morning(now), calendar=CALENDAR)


def test_whoever_is_reached_needs_no_first_contact_any_more() -> None:
    done = said(arrived(DAY), ContactOutcome.REACHED)
    decision = done.decision
    assert decision.events == (ContactMade(done.entry, SearchEffect.NONE),)
    assert [each.due.rule_code for each in decision.disarm] == ["FIRST_CONTACT"]
    assert not awaits_contact(decision.case)


@pytest.mark.parametrize(
    ("outcome", "effect"),
    [
        (ContactOutcome.NOT_AT_ADDRESS, SearchEffect.OPENS_NOT_AT_ADDRESS),
        (ContactOutcome.MOVED_AWAY, SearchEffect.OPENS_LEFT_PROVINCE),
    ],
)
def test_a_failed_attempt_is_told_and_leaves_the_first_contact_due(
    outcome: ContactOutcome, effect: SearchEffect
) -> None:
    done = said(arrived(DAY), outcome, now=DAY + timedelta(days=1))
    assert done.decision.events == (ContactMade(done.entry, effect),)
    assert (done.decision.arm, done.decision.disarm) == ((), ())
    assert awaits_contact(done.decision.case)
    assert is_lost(done.decision.case)


@pytest.mark.parametrize("outcome", [ContactOutcome.NOT_AT_ADDRESS, ContactOutcome.MOVED_AWAY])
def test_an_attempt_older_than_a_success_opens_nothing(outcome: ContactOutcome) -> None:
    case = contacted(arrived(DAY), ContactOutcome.REACHED, now=DAY + timedelta(days=6)).case
    done = said(case, outcome, DAY + timedelta(days=4), now=DAY + timedelta(days=7))
    assert (done.effect, done.seen_on, is_lost(done.decision.case)) == (
        SearchEffect.NONE,
        DAY + timedelta(days=6),
        False,
    )


def test_a_success_newer_than_the_attempt_ends_the_search_whichever_is_entered_first() -> None:
    case = contacted(arrived(DAY), ContactOutcome.NOT_AT_ADDRESS, DAY + timedelta(days=4), now=DAY + timedelta(days=7))
    older = said(case.case, ContactOutcome.REACHED, DAY + timedelta(days=3), now=DAY + timedelta(days=8))
    assert (older.effect, is_lost(older.decision.case)) == (SearchEffect.NONE, True)
    newer = said(case.case, ContactOutcome.REACHED, DAY + timedelta(days=6), now=DAY + timedelta(days=8))
    assert (newer.effect, is_lost(newer.decision.case)) == (SearchEffect.ENDS_SEEN, False)


def test_while_she_is_in_a_facility_nothing_at_her_address_makes_her_lost() -> None:
    stays = custody(
        arrived(DAY), change(CustodyCause.ADMITTED, segment=2, office_id="RC-01", phase=Phase.ADMITTED), morning(DAY)
    ).case
    assert said(stays, ContactOutcome.NOT_AT_ADDRESS).effect is SearchEffect.NONE


def test_an_attempt_counts_once_a_day_for_each_outcome() -> None:
    case = contacted(arrived(DAY), ContactOutcome.NOT_AT_ADDRESS).case
    again = contacted(case, ContactOutcome.NOT_AT_ADDRESS)
    assert (again.case, again.events) == (case, ())
    other = contacted(case, ContactOutcome.REACHED)
    assert len(other.case.entries) == 2


def test_an_overdue_first_contact_is_told_and_once_more_to_the_supervisor() -> None:
    case = arrived(DAY)
    passed = morning(CONTACT_BY + timedelta(days=1))
    decision = fired(case, "FIRST_CONTACT", passed, None)
    assert decision.events == (Escalated(None, "FIRST_CONTACT", 1, False),)
    assert [rule for rule, is_primary, _ in watched(decision.case) if is_primary] == ["FOLLOW_UP_3M"]
    again = fired(decision.case, "FIRST_CONTACT", morning(CONTACT_BY + timedelta(days=8)), None)
    assert again.events == (Escalated(None, "FIRST_CONTACT", 2, False),)
    assert not awaits_contact(again.case)
    late = contacted(decision.case, ContactOutcome.REACHED, now=CONTACT_BY + timedelta(days=9))
    assert len(late.events) == 1


def test_a_follow_up_that_is_due_is_asked_for_in_the_place_of_a_first_contact() -> None:
    late = arrived(DAY)
    due = fired(late, "FOLLOW_UP_3M", morning(DUE_3M), Kind.MONTHS_3)
    assert [each.due.rule_code for each in due.disarm if each.due.rule_code == "FIRST_CONTACT"] == ["FIRST_CONTACT"]
    assert not awaits_contact(due.case)


def test_a_recorded_follow_up_is_a_contact() -> None:
    assert not awaits_contact(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M))


@pytest.mark.parametrize(
    ("on", "code"), [(DAY + timedelta(days=3), "IN_THE_FUTURE"), (DAY - timedelta(days=1), "TOO_EARLY")]
)
def test_an_attempt_lies_between_the_arrival_and_today(on: date, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        contacted(arrived(DAY), ContactOutcome.REACHED, on, now=DAY + timedelta(days=2))
    assert [(one.field, one.code) for one in caught.value.violations] == [("contacted_on", code)]


def test_nobody_is_contacted_before_the_arrival_or_after_the_end() -> None:
    back = custody(
        arrived(DAY), change(CustodyCause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT), morning(DAY)
    ).case
    with pytest.raises(FollowUpNotStarted):
        contacted(back, ContactOutcome.REACHED)
    ended = closed(arrived(DAY), morning(DAY)).case
    assert not awaits_contact(ended)
    with pytest.raises(FollowUpCaseClosed):
        contacted(ended, ContactOutcome.REACHED)
