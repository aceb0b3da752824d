"""Invented cases for the tests of followup's domain."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.words import CloseReason, CustodyCause, Phase
from services.followup.domain.case import FollowUp, FollowUpCase, ended
from services.followup.domain.custody import CustodyChange, take_custody
from services.followup.domain.deadlines import fire
from services.followup.domain.entry import Kind, Outcome
from services.followup.domain.standing import opened_again
from services.followup.domain.visits import Visit, record
from services.followup.domain.watching import Decision, watches

CALENDAR = WorkingCalendar("test", frozenset(), frozenset(), known_until=date(2040, 12, 31))
CASE_ID = uuid.UUID(int=1)
NUMBER = "HW-999-999-957"
HERE = "SA-01"
ELSEWHERE = "SA-22"
DAY = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
DUE_3Y = date(2029, 3, 1)


def ids(start: int = 100) -> Mapping[Kind, uuid.UUID]:
    """Ids for a new set."""
    return {kind: uuid.UUID(int=start + number) for number, kind in enumerate(Kind)}


def morning(day: date) -> datetime:
    """The first instant of a local day."""
    return start_of_local_day(day)


def change(
    cause: CustodyCause,
    *,
    segment: int = 1,
    office_id: str = HERE,
    on: date | None = None,
    phase: Phase = Phase.ARRIVED,
    reason: CloseReason | None = None,
    answers: uuid.UUID | None = None,
) -> CustodyChange:
    """What handover tells of the case. Only agencies make follow-ups; the agency of all other offices is HERE."""
    keeper_id = office_id if office_id.startswith("SA-") else HERE
    return CustodyChange(CASE_ID, NUMBER, office_id, keeper_id, segment, phase, cause, on, reason, answers)


def custody(case: FollowUpCase | None, told: CustodyChange, now: datetime, *, first_id: int = 100) -> Decision:
    """The decision on a change of custody that means something here."""
    decision = take_custody(case, told, new_ids=ids(first_id), now=now, calendar=CALENDAR)
    assert decision is not None
    return decision


def closed(case: FollowUpCase, now: datetime, reason: CloseReason = CloseReason.ASKED_TO_STOP) -> Decision:
    """Handover closed the case."""
    told = change(CustodyCause.CLOSED, segment=case.segment, phase=Phase.CLOSED, reason=reason)
    return custody(case, told, now)


def reopened(case: FollowUpCase, now: datetime) -> Decision:
    """Handover opened the case again."""
    return custody(case, change(CustodyCause.REOPENED, segment=case.segment + 1), now)


def closed_before(case: FollowUpCase, event_id: int) -> FollowUpCase:
    """As followup itself closed a case before handover did, by the event of this number."""
    closed = ended(case, Phase.CLOSED, CloseReason.LEFT_AREA, morning(DAY))
    return replace(closed, last_decision_id=uuid.UUID(int=event_id))


def reopened_before(case: FollowUpCase, event_id: int) -> FollowUpCase:
    """As it opened it again."""
    return replace(opened_again(case, morning(DAY), CALENDAR), last_decision_id=uuid.UUID(int=event_id))


def arrived(on: date, *, now: datetime | None = None) -> FollowUpCase:
    """A case whose arrival was acknowledged on the day of arrival."""
    return custody(None, change(CustodyCause.ARRIVED, on=on), now or morning(on)).case


def recorded(case: FollowUpCase, kind: Kind, on: date) -> FollowUpCase:
    """The case after a visit that found everything well."""
    done, _ = record(case, Visit(kind, on, Outcome.SETTLED), by=HERE, now=morning(on), calendar=CALENDAR)
    return done.decision.case


def of_kind(case: FollowUpCase, kind: Kind) -> FollowUp:
    """One follow-up of the current set."""
    return next(one for one in case.follow_ups if one.kind is kind)


def watched(case: FollowUpCase) -> list[tuple[str, bool, date]]:
    """Rule, whether primary, due day of everything that is to be armed."""
    return [(each.due.rule_code, each.is_primary, each.due.due_on) for each in watches(case, CALENDAR)]


def fired(case: FollowUpCase, rule: str, now: datetime, kind: Kind | None = Kind.MONTHS_3) -> Decision:
    """The case after a deadline."""
    follow_up_id = of_kind(case, kind).id if kind else None
    return fire(case, rule, follow_up_id, late=False, now=now, calendar=CALENDAR)


def tried(case: FollowUpCase, on: date) -> Decision:
    """The case after nobody was reached."""
    visit = Visit(Kind.MONTHS_3, on, Outcome.NOT_REACHED)
    return record(case, visit, by=HERE, now=morning(on), calendar=CALENDAR)[0].decision


def awaits_contact(case: FollowUpCase) -> bool:
    """Whether the first contact is watched."""
    return "FIRST_CONTACT" in [rule for rule, _, _ in watched(case)]
