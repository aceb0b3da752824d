"""Invented cases in every phase, reached by the verbs themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.roles import FacilityKind, Role
from services.handover.domain import closing, deadlines, news, stays, transfers
from services.handover.domain.answer import Answer, TakeBackReason
from services.handover.domain.case import CaseCustody, Decided, Person
from services.handover.domain.closing import Ending
from services.handover.domain.custody import Successor, reassign, register
from services.handover.domain.moment import Moment
from services.handover.domain.take_back import Taking, take_back
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    ENDED,
    STAY_RULES,
    CloseReason,
    DischargeDestination,
    Phase,
    ReassignReason,
    RejectReason,
    RuleCode,
    WithdrawReason,
)

CALENDAR = WorkingCalendar("test", frozenset(), frozenset(), known_until=date(2040, 12, 31))
CASE_ID = uuid.UUID(int=1)
TRANSFER_ID = uuid.UUID(int=2)
SEARCH_ID = uuid.UUID(int=3)
NUMBER = "HW-999-999-957"
POST = "BP-TEST"
HOME = "SA-TEST"
OTHER = "SA-OTHER"
CENTRE = "RC-TEST"
SUPERVISOR = "SV-TEST"
SHELTER = FacilityKind.SHELTER
ASSESSMENT = FacilityKind.ASSESSMENT_CENTRE
FIRST_DAY = date(2026, 3, 2)
"""A Monday."""
PERSON = Person(None, "ADULT")


def at(day: int = 0, hour: int = 9) -> Moment:
    """So many days after FIRST_DAY, by the clock on the wall in Viet Nam."""
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, hour, tzinfo=VIET_NAM)
    return Moment(start + timedelta(days=day), CALENDAR)


def on(day: int) -> date:
    """So many days after FIRST_DAY."""
    return FIRST_DAY + timedelta(days=day)


def registered() -> CaseCustody:
    """With the office that received her."""
    return register(CASE_ID, NUMBER, POST, PERSON, received_on=on(0), registered_on=on(0), at=at()).case


def planned(case: CaseCustody | None = None, to: str = HOME) -> CaseCustody:
    """To leave tomorrow."""
    return transfers.plan(case or registered(), TRANSFER_ID, to, on(1), on(2), at()).case


def sent(case: CaseCustody | None = None, to: str = HOME) -> CaseCustody:
    """Left today, expected tomorrow: to be acknowledged by Friday."""
    return transfers.dispatch(case or registered(), TRANSFER_ID, to, None, on(1), at()).case


def rejected() -> CaseCustody:
    """Sent, and rejected the same day."""
    return transfers.reject(sent(), RejectReason.NOT_RESIDENT, at()).case


def lost() -> CaseCustody:
    """Sent, and never acknowledged."""
    return passed(passed(sent(), at(5)).case, at(12)).case


def arrived() -> CaseCustody:
    """Acknowledged on the day she left."""
    return transfers.acknowledge(sent(), HOME, None, at()).case


def followed() -> CaseCustody:
    """And followup has answered."""
    return news.follow_ups_scheduled(arrived(), 2).case


def taken_back(
    case: CaseCustody,
    moment: Moment | None = None,
    *,
    unlimited: bool = False,
    before: Answer | None = None,
    overtaken: Transfer | None = None,
) -> Decided:
    """The last answer was a mistake."""
    taking = Taking(HOME, TakeBackReason.WRONG_PERSON, unlimited=unlimited)
    return take_back(case, taking, moment or at(), before=before, overtaken=overtaken)


def reassigned(
    case: CaseCustody,
    office_id: str,
    moment: Moment,
    *,
    follows_up: bool = True,
    facility: FacilityKind | None = None,
    since_on: date | None = None,
) -> Decided:
    """A supervisor makes another office accountable."""
    to = Successor(office_id, follows_up, facility, since_on)
    return reassign(case, to, ReassignReason.OFFICE_CANNOT, moment)


def admitted(facility: FacilityKind = ASSESSMENT) -> CaseCustody:
    """Sent to a centre, and admitted there the same day."""
    return transfers.acknowledge(sent(to=CENTRE), CENTRE, None, at(), facility=facility).case


def discharged() -> CaseCustody:
    """And discharged to a place of her own choice."""
    return stays.discharge(admitted(), DischargeDestination.OWN_CHOICE, HOME, None, None, at()).case


def closed() -> CaseCustody:
    """Closed after that."""
    return closing.close(followed(), Role.SUPPORT_AGENCY, Ending(CloseReason.ASKED_TO_STOP, HOME), at()).case


def withdrawn() -> CaseCustody:
    """A mistake."""
    return news.withdraw(registered(), WithdrawReason.REGISTERED_BY_MISTAKE, at()).case


def passed(case: CaseCustody, moment: Moment, *, late: bool = False) -> Decided:
    """The watched deadline fires."""
    return deadlines.deadline_passed(case, SEARCH_ID, moment, late=late)


RULES_OF: Mapping[Phase, frozenset[RuleCode]] = {
    Phase.REGISTERED: frozenset({RuleCode.DISPATCH_DUE}),
    Phase.IN_TRANSIT: frozenset({RuleCode.TRANSFER_ACKNOWLEDGE, RuleCode.TRANSFER_LOST}),
    Phase.REJECTED: frozenset({RuleCode.REDISPATCH_AFTER_REJECT}),
    Phase.SEARCH: frozenset({RuleCode.SEARCH_ESCALATE}),
    Phase.ARRIVED: frozenset({RuleCode.OBLIGATIONS_CONFIRM}),
    Phase.ADMITTED: frozenset({*STAY_RULES.values(), RuleCode.FACILITY_STAY_ESCALATE}),
    Phase.DISCHARGED: frozenset({RuleCode.DISPATCH_AFTER_DISCHARGE}),
}

IN_PHASE: Mapping[Phase, Callable[[], CaseCustody]] = {
    Phase.REGISTERED: registered,
    Phase.IN_TRANSIT: sent,
    Phase.REJECTED: rejected,
    Phase.SEARCH: lost,
    Phase.ARRIVED: arrived,
    Phase.FOLLOW_UP: followed,
    Phase.ADMITTED: admitted,
    Phase.DISCHARGED: discharged,
    Phase.CLOSED: closed,
    Phase.WITHDRAWN: withdrawn,
}


def check_invariant(case: CaseCustody) -> None:
    """One accountable office; one watched deadline, handover's or followup's; one open transfer."""
    assert case.office_id
    watched_here = case.watch is not None and case.watch.is_primary
    if case.phase in ENDED:
        assert case.watch is None
        assert not case.followup_watches
        assert case.open_transfer is None
        assert case.search is None
        return
    if case.phase is not Phase.ARRIVED:
        assert watched_here != case.followup_watches
    else:
        assert watched_here
    assert (case.watch is None) == (case.phase is Phase.FOLLOW_UP)
    assert case.watch is None or case.watch.rule in RULES_OF[case.phase]
    assert (case.search is not None) == (case.phase is Phase.SEARCH)
    if case.phase in (Phase.ADMITTED, Phase.DISCHARGED):
        assert case.stay is not None
        assert (case.stay.discharged_on is not None) == (case.phase is Phase.DISCHARGED)
    on_the_way = case.transfer is not None and case.transfer.state == "DISPATCHED"
    assert on_the_way or case.phase is not Phase.IN_TRANSIT
    assert not on_the_way or case.phase in (Phase.IN_TRANSIT, Phase.SEARCH)
