"""Invented cases for the tests of followup's domain."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import start_of_local_day
from services.followup.domain import (
    Cause,
    CustodyChange,
    Decision,
    FollowUp,
    FollowUpCase,
    Kind,
    Outcome,
    Phase,
    Visit,
    record,
    take_custody,
)

CALENDAR = WorkingCalendar("test", frozenset(), frozenset(), known_until=date(2040, 12, 31))
CASE_ID = uuid.UUID(int=1)
NUMBER = "HW-999-999-957"
HERE = "SA-01"
ELSEWHERE = "SA-22"


def ids(start: int = 100) -> Mapping[Kind, uuid.UUID]:
    """Ids for a new set."""
    return {kind: uuid.UUID(int=start + number) for number, kind in enumerate(Kind)}


def morning(day: date) -> datetime:
    """The first instant of a local day."""
    return start_of_local_day(day)


def change(
    cause: Cause, *, segment: int = 1, office_id: str = HERE, on: date | None = None, phase: Phase = Phase.ARRIVED
) -> CustodyChange:
    """What handover tells of the case."""
    return CustodyChange(CASE_ID, NUMBER, office_id, segment, phase, cause, on)


def custody(case: FollowUpCase | None, told: CustodyChange, now: datetime, *, first_id: int = 100) -> Decision:
    """The decision on a change of custody that means something here."""
    decision = take_custody(case, told, new_ids=ids(first_id), now=now, calendar=CALENDAR)
    assert decision is not None
    return decision


def arrived(on: date, *, now: datetime | None = None) -> FollowUpCase:
    """A case whose arrival was acknowledged on the day of arrival."""
    return custody(None, change(Cause.ARRIVED, on=on), now or morning(on)).case


def recorded(case: FollowUpCase, kind: Kind, on: date) -> FollowUpCase:
    """The case after a visit that found everything well."""
    decision, _ = record(case, Visit(kind, on, Outcome.SETTLED), by=HERE, now=morning(on), calendar=CALENDAR)
    return decision.case


def of_kind(case: FollowUpCase, kind: Kind) -> FollowUp:
    """One follow-up of the current set."""
    return next(one for one in case.follow_ups if one.kind is kind)
