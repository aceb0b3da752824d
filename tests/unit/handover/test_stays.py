"""Admitted, warned, beyond the limit, discharged: the stay in a facility."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.deadlines import RULES, due_date
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain import news, stays, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.errors import NotAdmitted, NothingPlanned
from services.handover.domain.events import (
    CustodyChanged,
    PersonAdmitted,
    PersonDischarged,
    PersonLost,
    StayEnding,
    TransferOverdue,
)
from services.handover.domain.stay import Stay
from services.handover.domain.words import (
    STAY_RULES,
    Cause,
    DischargeDestination,
    LostReason,
    Phase,
    RejectReason,
    RuleCode,
)
from tests.unit.handover.cases import (
    ASSESSMENT,
    CALENDAR,
    CENTRE,
    HOME,
    OTHER,
    POST,
    SHELTER,
    admitted,
    at,
    check_invariant,
    discharged,
    followed,
    on,
    passed,
    planned,
    registered,
    rejected,
    sent,
    taken_back,
)

NEXT_ID = uuid.UUID(int=9)
QUANG_NINH = ProvinceRef("22", "2025")
PLANNED, OWN = DischargeDestination.PLANNED_TRANSFER, DischargeDestination.OWN_CHOICE


def names(outcome: Decided) -> list[str]:
    """The names of what is told."""
    return [type(one).__name__ for one in outcome.events]


def test_every_kind_of_facility_has_its_limit() -> None:
    assert set(STAY_RULES) == set(FacilityKind)
    assert {rule.value for rule in STAY_RULES.values()} == {f"FACILITY_STAY_{kind.value}" for kind in FacilityKind}


# Admission ------------------------------------------------------------------------------------


def test_who_arrives_at_a_centre_is_admitted() -> None:
    outcome = transfers.acknowledge(sent(to=CENTRE), CENTRE, on(0), at(1), facility=ASSESSMENT)
    _, changed, told = outcome.events
    assert isinstance(changed, CustodyChanged)
    assert (changed.cause, changed.phase, changed.arrival_on) == (Cause.ADMITTED, Phase.ADMITTED, None)
    assert told == PersonAdmitted(CENTRE, on(0), on(60))
    case = outcome.case
    assert (case.office_id, case.arrivals, case.phase) == (CENTRE, (2,), Phase.ADMITTED)
    assert case.watch is not None
    assert (case.watch.rule, case.watch.due.due_on) == (RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE, on(60))
    assert case.watch.is_primary
    check_invariant(case)


def test_who_reported_at_a_facility_is_admitted_by_it() -> None:
    outcome = stays.admit(registered(), SHELTER, on(1), at(2))
    assert names(outcome) == ["CustodyChanged", "PersonAdmitted"]
    changed, told = outcome.events
    assert isinstance(changed, CustodyChanged)
    assert (changed.segment, changed.office_id, changed.cause) == (2, POST, Cause.ADMITTED)
    assert told == PersonAdmitted(POST, on(1), date(2028, 3, 3))
    check_invariant(outcome.case)


@pytest.mark.parametrize(("day", "code"), [(-1, "TOO_EARLY"), (3, "IN_THE_FUTURE")])
def test_days_of_an_admission(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        stays.admit(registered(), SHELTER, on(day), at(2))
    assert [(one.field, one.code) for one in refused.value.violations] == [("admitted_on", code)]


def test_followup_goes_on_watching_during_a_stay() -> None:
    case = transfers.acknowledge(sent(followed(), CENTRE), CENTRE, None, at(), facility=ASSESSMENT).case
    assert case.followup_watches
    assert case.watch is not None
    assert not case.watch.is_primary
    check_invariant(case)
    ceased = news.followup_ceased(case, at()).case
    assert ceased.watch is not None
    assert ceased.watch.is_primary
    check_invariant(ceased)


def test_an_admission_taken_back_leaves_no_stay() -> None:
    back = taken_back(admitted(), at()).case
    assert (back.phase, back.office_id, back.arrivals, back.stays) == (Phase.IN_TRANSIT, POST, (), ())
    assert transfers.recall(back, at()).case.phase is Phase.REGISTERED


def test_an_admission_elsewhere_taken_back_leaves_the_first_stay() -> None:
    other = transfers.dispatch(admitted(), NEXT_ID, "RC-OTHER", None, on(1), at()).case
    there = transfers.acknowledge(other, "RC-OTHER", None, at(), facility=SHELTER).case
    assert len(there.stays) == 2
    back = taken_back(there, at()).case
    assert [stay.kind for stay in back.stays] == [ASSESSMENT]
    again = transfers.recall(back, at()).case
    assert (again.phase, again.office_id) == (Phase.ADMITTED, CENTRE)
    check_invariant(again)


# The limit ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "warned_on"), [(60, 46), (28, 14), (27, 13), (10, 5), (1, 0)])
def test_when_a_facility_is_warned(days: int, warned_on: int) -> None:
    due = due_date(replace(RULES[STAY_RULES[ASSESSMENT].value], amount=days), on(0), CALENDAR)
    assert Stay(2, ASSESSMENT, on(0), due).warn_at == start_of_local_day(on(warned_on))


def test_warned_once_then_overdue_then_each_week() -> None:
    case = admitted()
    assert case.watch is not None
    assert case.watch.fires_at == start_of_local_day(on(46))
    warning = passed(case, at(46))
    assert warning.events == (StayEnding(CENTRE, on(60), late=False),)
    assert warning.case.missed is None, "a warning is nothing missed"
    assert warning.case.watch is not None
    assert warning.case.watch.fires_at == start_of_local_day(on(61))
    over = passed(warning.case, at(61))
    assert over.events == (TransferOverdue(None, CENTRE, RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE, on(60), late=False),)
    assert over.case.missed is not None
    assert over.case.missed.due_on == on(60)
    assert over.case.watch is not None
    assert (over.case.watch.rule, over.case.watch.due.due_on) == (RuleCode.FACILITY_STAY_ESCALATE, on(67))
    weekly = passed(over.case, at(68))
    assert weekly.case.watch is not None
    assert (weekly.case.watch.due.due_on, weekly.case.watch.level) == (on(74), 1)
    for outcome in (warning, over, weekly):
        assert outcome.case.phase is Phase.ADMITTED
        check_invariant(outcome.case)


def test_after_an_outage_the_warning_and_the_limit_are_each_told_once() -> None:
    case, told = admitted(), []
    while case.watch is not None and case.watch.fires_at <= at(100).now:
        outcome = passed(case, at(100), late=True)
        told += names(outcome)
        case = outcome.case
    assert told == ["StayEnding", "TransferOverdue"]
    assert case.watch is not None
    assert (case.watch.rule, case.watch.due.due_on) == (RuleCode.FACILITY_STAY_ESCALATE, on(102))


# Leaving --------------------------------------------------------------------------------------


def test_discharged_towards_the_planned_transfer() -> None:
    case = planned(admitted(), HOME)
    outcome = stays.discharge(case, PLANNED, None, None, on(1), at(1))
    assert outcome.events == (PersonDischarged(CENTRE, PLANNED, HOME, on(1), on(3)),)
    assert outcome.case.office_id == CENTRE
    assert outcome.case.watch is not None
    assert outcome.case.watch.rule == RuleCode.DISPATCH_AFTER_DISCHARGE
    check_invariant(outcome.case)
    with pytest.raises(NothingPlanned):
        stays.discharge(admitted(), PLANNED, None, None, None, at())


def test_discharged_to_a_place_of_her_own_choice() -> None:
    outcome = stays.discharge(admitted(), OWN, OTHER, QUANG_NINH, None, at())
    (told,) = outcome.events
    assert isinstance(told, PersonDischarged)
    assert told.to_office_id == OTHER
    assert outcome.case.stay is not None
    assert outcome.case.stay.province == QUANG_NINH


@pytest.mark.parametrize(("day", "code"), [(-1, "TOO_EARLY"), (2, "IN_THE_FUTURE")])
def test_days_of_a_discharge(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        stays.discharge(admitted(), OWN, HOME, QUANG_NINH, on(day), at(1))
    assert [(one.field, one.code) for one in refused.value.violations] == [("discharged_on", code)]


def test_discharged_and_not_sent_on_she_is_lost() -> None:
    outcome = passed(discharged(), at(3))
    overdue, missing = outcome.events
    assert isinstance(overdue, TransferOverdue)
    assert overdue.rule == RuleCode.DISPATCH_AFTER_DISCHARGE
    assert isinstance(missing, PersonLost)
    assert (missing.search.reason, missing.office_id) == (LostReason.DISCHARGED_WITHOUT_TRANSFER, CENTRE)
    check_invariant(outcome.case)


def test_leaving_on_a_transfer_is_a_discharge_and_coming_back_the_same_stay() -> None:
    gone = transfers.dispatch(admitted(), NEXT_ID, HOME, None, on(1), at()).case
    assert gone.stay is not None
    assert gone.stay.discharged_on == on(0)
    back = transfers.recall(gone, at(5)).case
    assert back.phase is Phase.ADMITTED
    assert back.watch is not None
    assert (back.watch.due.due_on, back.watch.fires_at) == (on(60), start_of_local_day(on(46)))
    check_invariant(back)


def test_who_comes_back_goes_on_with_the_stay_that_was() -> None:
    for before in (discharged(), rejected_from_the_centre()):
        outcome = stays.admit(before, ASSESSMENT, None, at(1))
        assert names(outcome) == ["PersonAdmitted"]
        assert outcome.case.segment == before.segment
        assert outcome.case.stay is not None
        assert outcome.case.stay.due.due_on == on(60)
        check_invariant(outcome.case)


def rejected_from_the_centre() -> CaseCustody:
    """Sent on by the centre, and rejected."""
    gone = transfers.dispatch(admitted(), NEXT_ID, HOME, None, on(1), at()).case
    return transfers.reject(gone, RejectReason.OTHER, at()).case


def test_back_after_the_limit_its_passing_is_not_told_again() -> None:
    over = passed(passed(admitted(), at(46)).case, at(61)).case
    back = transfers.recall(transfers.dispatch(over, NEXT_ID, HOME, None, on(62), at(61)).case, at(70)).case
    assert back.watch is not None
    assert (back.watch.rule, back.watch.due.due_on) == (RuleCode.FACILITY_STAY_ESCALATE, on(74))


def test_only_who_stays_can_be_discharged() -> None:
    for case in (registered(), rejected(), discharged()):
        with pytest.raises(NotAdmitted):
            stays.discharge(case, OWN, HOME, QUANG_NINH, None, at())


def test_a_rejected_plan_of_who_was_discharged_tells_the_day_that_runs() -> None:
    case = stays.discharge(planned(admitted()), PLANNED, None, None, None, at()).case
    told = transfers.reject(case, RejectReason.OTHER, at()).events[0]
    assert getattr(told, "redispatch_due_on", None) == on(2)


def test_home_from_a_facility() -> None:
    case = transfers.acknowledge(
        transfers.dispatch(admitted(), NEXT_ID, HOME, None, on(1), at()).case, HOME, None, at(1)
    ).case
    assert (case.phase, case.arrivals, case.stay) == (Phase.ARRIVED, (2, 3), None)
    assert news.follow_ups_scheduled(case, 3).case.phase is Phase.FOLLOW_UP
    onward = transfers.dispatch(
        news.follow_ups_scheduled(case, 3).case, uuid.UUID(int=11), OTHER, None, on(2), at(1)
    ).case
    assert transfers.recall(onward, at(1)).case.phase is Phase.FOLLOW_UP, "she is at home, not in the facility"


def test_a_stay_of_months_is_counted_by_the_calendar() -> None:
    case = admitted(SHELTER)
    assert case.stay is not None
    assert case.stay.due.due_on == date(2028, 3, 2)
    assert case.stay.warn_at == start_of_local_day(date(2028, 3, 2) - timedelta(days=14))
