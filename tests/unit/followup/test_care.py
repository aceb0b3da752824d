"""Care: wishes that are read before anybody goes, and whoever is in danger before a second person's eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.chassis.kernel.words import Phase
from services.followup.domain import care
from services.followup.domain.care import (
    CareVisit,
    SafetyNotAsked,
    SafetyOwnJudgement,
    Said,
    WishesNotRead,
    confirm_safety,
    judge,
    record_visit,
    require_wishes_read,
)
from services.followup.domain.case import FollowUpCase, ended
from services.followup.domain.deadlines import fire
from services.followup.domain.entries import EntryAwaitsSecondPerson, Reviser, take_back
from services.followup.domain.entry import ContactOutcome, Entry, EntryReason, Outcome
from services.followup.domain.events import ContactMade, Escalated, Recorded, SafetyConfirmed, SafetyNeeded
from services.followup.domain.watching import Decision, watches
from tests.unit.followup.cases import CALENDAR, DAY, DUE_3M, HERE, arrived, ids, morning

WORKER, SECOND = "worker@here", "second@here"
DAY_LONG = timedelta(hours=24)


def judged(
    case: FollowUpCase, entry: Entry, what: Said, *, before: str = "", by: str, now: datetime
) -> Decision | None:
    """What follows from a judgement."""
    return judge(case, entry, what, before=before, subject=by, new_ids=ids(), now=now, calendar=CALENDAR)


def said(set_code: str = "FULL", risk: str = "LOW") -> Said:
    """What a visit was like; nothing of it is looked at but set and risk."""
    return Said(set_code, 1, "HOME", "SOCIAL_WORKER", "GIVEN", "ALONE", "NOT_NEEDED", risk, "", ("AS_PLANNED",))


def visited(given: Said, *, extra: bool = False) -> FollowUpCase:
    """A case after a visit on the day on which the look after three months is due."""
    visit = CareVisit(DUE_3M, Outcome.SETTLED, None, extra, given)
    now = morning(DUE_3M)
    _, decisions = record_visit(arrived(DAY), visit, by=HERE, subject=WORKER, new_ids=ids(), now=now, calendar=CALENDAR)
    return decisions[-1].case


@pytest.mark.parametrize(
    ("stands", "read", "good"), [(0, 0, True), (0, 3, True), (3, 3, True), (3, 0, False), (3, 2, False)]
)
def test_only_the_wishes_that_stand_are_read(stands: int, read: int, good: bool) -> None:
    if good:
        require_wishes_read(stands, read)
        return
    with pytest.raises(WishesNotRead) as caught:
        require_wishes_read(stands, read)
    assert caught.value.details["version"] == str(stands)


def test_a_visit_is_the_look_that_is_due_and_otherwise_a_contact() -> None:
    visit = CareVisit(DUE_3M, Outcome.SETTLED, None, extra=False, said=said())
    case, now = arrived(DAY), morning(DUE_3M)
    done, [decision] = record_visit(case, visit, by=HERE, subject=WORKER, new_ids=ids(), now=now, calendar=CALENDAR)
    assert isinstance(decision.events[0], Recorded)
    assert done.entry.finding.warning_signs == (), "what was told in confidence is no part of the entry"
    for other in (replace(visit, extra=True), replace(visit, said=said("FIRST_CONTACT"))):
        done, [decision] = record_visit(case, other, by=HERE, subject=WORKER, new_ids=ids(), now=now, calendar=CALENDAR)
        assert isinstance(decision.events[0], ContactMade)
        assert done.entry.finding.found is ContactOutcome.REACHED


@pytest.mark.parametrize("risk", ["LOW", "RAISED", "HIGH"])
def test_a_lesser_risk_arms_nothing(risk: str) -> None:
    assert visited(said(risk=risk)).safety is None


def test_immediate_danger_is_told_and_watched_for_a_day() -> None:
    case, now = arrived(DAY), morning(DUE_3M)
    visit = CareVisit(DUE_3M, Outcome.AT_RISK, None, extra=True, said=said(risk=care.IMMEDIATE))
    _, decisions = record_visit(case, visit, by=HERE, subject=WORKER, new_ids=ids(), now=now, calendar=CALENDAR)
    assert decisions[-1].events[-1] == SafetyNeeded(1, now + DAY_LONG)
    [watch] = [each for each in watches(decisions[-1].case, CALENDAR) if each.due.rule_code == "SAFETY_ACT"]
    assert (watch.fire_at, watch.is_primary) == (now + DAY_LONG, False)


def test_a_judgement_that_stands_is_told_once() -> None:
    case = visited(said(risk=care.IMMEDIATE))
    entry, now = case.entries[0], morning(DUE_3M)
    assert judged(case, entry, said(risk=care.IMMEDIATE), by=WORKER, now=now) is None
    safe = replace(case, safety=None)
    again = said(risk=care.IMMEDIATE)
    assert judged(safe, entry, again, before=care.IMMEDIATE, by=WORKER, now=now) is None
    assert judged(safe, entry, again, before="LOW", by=WORKER, now=now) is not None


def test_a_second_person_confirms_and_nobody_else() -> None:
    case = visited(said(risk=care.IMMEDIATE))
    with pytest.raises(SafetyOwnJudgement):
        confirm_safety(case, subject=WORKER, calendar=CALENDAR)
    decision = confirm_safety(case, subject=SECOND, calendar=CALENDAR)
    assert decision.events == (SafetyConfirmed(1),)
    assert [each.due.rule_code for each in decision.disarm] == ["SAFETY_ACT"]
    with pytest.raises(SafetyNotAsked):
        confirm_safety(decision.case, subject=SECOND, calendar=CALENDAR)


def test_a_second_judgement_is_told_too_and_not_confirmed_by_its_own_author() -> None:
    case, later = visited(said(risk=care.IMMEDIATE)), morning(DUE_3M) + timedelta(hours=3)
    entry = replace(case.entries[0], number=2)
    decision = judged(case, entry, said(risk=care.IMMEDIATE), by=SECOND, now=later)
    assert decision is not None
    assert case.safety is not None
    assert decision.events == (SafetyNeeded(2, case.safety.needed_at + DAY_LONG),), "the limit that runs goes on"
    with pytest.raises(SafetyOwnJudgement):
        confirm_safety(decision.case, subject=SECOND, calendar=CALENDAR)
    assert confirm_safety(decision.case, subject=WORKER, calendar=CALENDAR).events == (SafetyConfirmed(2),)


def test_what_nobody_confirms_is_told_every_day_and_after_a_pause_once() -> None:
    case = visited(said(risk=care.IMMEDIATE))
    assert case.safety is not None
    needed = case.safety.needed_at
    for days, level in ((1, 1), (2, 2), (9, 3)):
        decision = fire(
            case, "SAFETY_ACT", None, late=False, now=needed + days * DAY_LONG + timedelta(minutes=1), calendar=CALENDAR
        )
        assert decision.events == (Escalated(None, "SAFETY_ACT", level, late=False),)
        case = decision.case
        assert case.safety is not None
        [watch] = [each for each in watches(case, CALENDAR) if each.due.rule_code == "SAFETY_ACT"]
        assert watch.fire_at == needed + (days + 1) * DAY_LONG, "on its own grid, however late it was looked at"


def test_a_case_that_ends_watches_nothing_and_danger_waits_for_its_second_person_all_the_same() -> None:
    case = ended(visited(said(risk=care.IMMEDIATE)), Phase.CLOSED, None, morning(DUE_3M))
    assert watches(case, CALENDAR) == ()
    assert case.safety is not None
    assert confirm_safety(case, subject=SECOND, calendar=CALENDAR).case.safety is None


def test_a_visit_whose_danger_nobody_settled_is_not_taken_back() -> None:
    case = visited(said(risk=care.IMMEDIATE))
    by, reason = Reviser("SA-01"), EntryReason.WRONG_CASE
    with pytest.raises(EntryAwaitsSecondPerson, match="visit 1"):
        take_back(case, case.entries[0], reason, by=by, now=morning(DUE_3M), calendar=CALENDAR)
    settled = confirm_safety(case, subject=SECOND, calendar=CALENDAR).case
    done = take_back(settled, settled.entries[0], reason, by=by, now=morning(DUE_3M), calendar=CALENDAR)
    assert not done.entry.stands
