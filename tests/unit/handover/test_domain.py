"""Every verb in every phase, and what it leaves behind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.chassis.kernel.errors import HomewardError, InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.handover.domain import claims, closing, custody, news, searches, stays, transfers
from services.handover.domain.case import CaseCustody, Decided, Person
from services.handover.domain.closing import Ending, Heirs
from services.handover.domain.errors import (
    AddresseeIsSender,
    AlreadyAdmitted,
    AlreadyAtHome,
    CaseHasEnded,
    CaseNotClosed,
    NoAnswerToTakeBack,
    NoOpenSearch,
    NoOpenTransfer,
    NotAdmitted,
    NotDispatched,
    PersonHasLeft,
    PlannedElsewhere,
    ReassignInTransit,
    SearchIsOpen,
    SenderCannotAnswer,
    SomethingFollowed,
    StaysInFacility,
    TooLateToTakeBack,
    TransferAlreadyOpen,
    VisitAlreadyRecorded,
)
from services.handover.domain.events import (
    CustodyChanged,
    FollowUpsUnconfirmed,
    PersonLost,
    SearchEscalated,
    SearchResolved,
    TransferOverdue,
    TransferRecalled,
    TransferRejected,
    WithdrawalRefused,
)
from services.handover.domain.moment import Missed
from services.handover.domain.words import (
    WATCHED_RULES,
    Cause,
    CloseReason,
    DischargeDestination,
    LostReason,
    Phase,
    RejectReason,
    ReopenReason,
    Resolution,
    RuleCode,
    StepKind,
    TransferState,
    WithdrawReason,
)
from tests.unit.handover.cases import (
    ASSESSMENT,
    HOME,
    IN_PHASE,
    OTHER,
    PERSON,
    POST,
    SEARCH_ID,
    SUPERVISOR,
    TRANSFER_ID,
    arrived,
    at,
    check_invariant,
    followed,
    lost,
    on,
    passed,
    planned,
    reassigned,
    registered,
    rejected,
    sent,
    taken_back,
)

NEXT_ID = uuid.UUID(int=9)
OTHER_CASE = uuid.UUID(int=10)
LATER = at(20)
"""After everything that the cases of IN_PHASE did."""


def claimed(case: CaseCustody) -> CaseCustody:
    """Said to be elsewhere, if she is searched for."""
    if case.search is None:
        return case
    return claims.claim(case, OTHER, on(20), LATER, by_office_id=POST, subject="a").case


VERBS: dict[str, Callable[[CaseCustody], Decided]] = {
    "plan": lambda case: transfers.plan(case, NEXT_ID, OTHER, on(21), on(22), LATER),
    "supersede": lambda case: transfers.plan(case, NEXT_ID, OTHER, on(21), on(22), LATER, supersede=True),
    "dispatch": lambda case: transfers.dispatch(case, NEXT_ID, OTHER, None, on(21), LATER),
    "redirect": lambda case: transfers.redirect(case, NEXT_ID, OTHER, on(21), LATER),
    "recall": lambda case: transfers.recall(case, LATER),
    "record_home": lambda case: custody.record_home(case, None, LATER),
    "seen": lambda case: transfers.seen(case, TRANSFER_ID, LATER.now),
    "accept": lambda case: transfers.accept(case, HOME, LATER),
    "acknowledge": lambda case: transfers.acknowledge(case, HOME, None, LATER),
    "take_back": lambda case: taken_back(case, at(0, hour=18)),
    "reject": lambda case: transfers.reject(case, RejectReason.WRONG_PROVINCE, LATER),
    "not_arrived": lambda case: transfers.report_not_arrived(case, LATER),
    "admit": lambda case: stays.admit(case, ASSESSMENT, None, LATER),
    "discharge": lambda case: stays.discharge(case, DischargeDestination.OWN_CHOICE, HOME, None, None, LATER),
    "lose": lambda case: searches.lose(case, LostReason.OFFICE_ENDED, NEXT_ID, LATER),
    "turned_up": lambda case: searches.lose(case, LostReason.REAPPEARED, NEXT_ID, LATER, other_case_id=OTHER_CASE),
    "not_at_address": lambda case: searches.not_at_address(case, NEXT_ID, LATER),
    "left_province": lambda case: searches.left_province(case, NEXT_ID, LATER),
    "step": lambda case: searches.record_step(case, StepKind.POLICE_ASKED, POST, None, LATER, successful=False),
    "found": lambda case: searches.found(case, on(20), LATER),
    "claim": lambda case: claims.claim(case, OTHER, on(20), LATER, by_office_id=POST, subject="a"),
    "confirm": lambda case: claims.confirm(claimed(case), OTHER, None, LATER),
    "deny": lambda case: claims.deny(claimed(case), OTHER, LATER),
    "withdraw_claim": lambda case: claims.withdraw(claimed(case), POST, LATER),
    "redirected": lambda case: searches.redirected(case, NEXT_ID, OTHER, on(21), LATER),
    "returned": lambda case: searches.returned(case, LATER),
    "given_up": lambda case: closing.give_up(case, Ending(CloseReason.DIED, POST), LATER),
    "reassign": lambda case: reassigned(case, "SA-NEW", LATER),
    "succeeded": lambda case: custody.succeeded(case, case.office_id, "SA-HEIR", LATER),
    "orphaned": lambda case: custody.orphaned(case, SUPERVISOR, NEXT_ID, LATER),
    "withdraw": lambda case: news.withdraw(case, WithdrawReason.REGISTERED_TWICE, LATER),
    "died": lambda case: closing.close(case, Role.BORDER_POST, Ending(CloseReason.DIED, POST), LATER),
    "reopen": lambda case: closing.reopen(
        case, ReopenReason.MISTAKE, POST, Heirs(case.office_id, addressed_id=HOME), NEXT_ID, LATER
    ),
    "closed_before": lambda case: news.close(case, CloseReason.ASKED_TO_STOP, case.office_id, LATER),
    "reopened_before": lambda case: news.reopen(case, LATER),
    "scheduled": lambda case: news.follow_ups_scheduled(case, case.segment.number),
    "recorded": lambda case: news.follow_up_recorded(case, period_ended=True),
    "ceased": lambda case: news.followup_ceased(case, LATER),
    "correct": lambda case: news.correct(case, PERSON),
}


def names(outcome: Decided) -> list[str]:
    """The names of what is told."""
    return [type(one).__name__ for one in outcome.events]


Expected = Phase | type[HomewardError]
OPEN = TransferAlreadyOpen
NONE = NoOpenTransfer
ENDED = CaseHasEnded
NOTHING = NoAnswerToTakeBack
HAS_LEFT = PersonHasLeft
LOST = SearchIsOpen
OUT = NotAdmitted
NO_SEARCH = NoOpenSearch
MOVING = ReassignInTransit
OPENED = CaseNotClosed
REG, TRANSIT, REJ, SEARCH = Phase.REGISTERED, Phase.IN_TRANSIT, Phase.REJECTED, Phase.SEARCH
ARR, FOLLOW, CLOSED, GONE = Phase.ARRIVED, Phase.FOLLOW_UP, Phase.CLOSED, Phase.WITHDRAWN
STAY, LEFT = Phase.ADMITTED, Phase.DISCHARGED

NO_CLAIM = (*[NO_SEARCH] * 8, ENDED, ENDED)

# Columns: the phase before. Cells: the phase afterwards, or the refusal.
TABLE: dict[str, tuple[Expected, ...]] = {
    "": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "plan": (REG, OPEN, REJ, OPEN, ARR, FOLLOW, STAY, LEFT, ENDED, ENDED),
    "supersede": (REG, HAS_LEFT, REJ, HAS_LEFT, ARR, FOLLOW, STAY, LEFT, ENDED, ENDED),
    "dispatch": (TRANSIT, OPEN, TRANSIT, OPEN, TRANSIT, TRANSIT, TRANSIT, TRANSIT, ENDED, ENDED),
    "redirect": (NONE, TRANSIT, NONE, TRANSIT, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "recall": (NONE, REG, NONE, SEARCH, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "record_home": (ARR, OPEN, ARR, OPEN, AlreadyAtHome, AlreadyAtHome, ARR, ARR, ENDED, ENDED),
    "accept": (NONE, TRANSIT, NONE, SEARCH, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "acknowledge": (NONE, ARR, NONE, ARR, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "take_back": (NOTHING, NOTHING, TRANSIT, NOTHING, TRANSIT, TRANSIT, TRANSIT, SomethingFollowed, ENDED, ENDED),
    "reject": (NONE, REJ, NONE, REJ, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "not_arrived": (NONE, REJ, NONE, SEARCH, NONE, NONE, NONE, NONE, ENDED, ENDED),
    "seen": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "admit": (STAY, OPEN, STAY, LOST, STAY, STAY, AlreadyAdmitted, STAY, ENDED, ENDED),
    "discharge": (OUT, OUT, OUT, OUT, OUT, OUT, LEFT, OUT, ENDED, ENDED),
    "lose": (SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, CLOSED, GONE),
    "turned_up": (SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, CLOSED, GONE),
    "not_at_address": (SEARCH, TRANSIT, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, CLOSED, GONE),
    "left_province": (SEARCH, TRANSIT, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, CLOSED, GONE),
    "step": (NO_SEARCH, NO_SEARCH, NO_SEARCH, SEARCH, NO_SEARCH, NO_SEARCH, NO_SEARCH, NO_SEARCH, ENDED, ENDED),
    "found": (NO_SEARCH, NO_SEARCH, NO_SEARCH, REG, NO_SEARCH, NO_SEARCH, NO_SEARCH, NO_SEARCH, ENDED, ENDED),
    "claim": (*NO_CLAIM[:3], SEARCH, *NO_CLAIM[4:]),
    "confirm": (*NO_CLAIM[:3], ARR, *NO_CLAIM[4:]),
    "deny": (*NO_CLAIM[:3], SEARCH, *NO_CLAIM[4:]),
    "withdraw_claim": (*NO_CLAIM[:3], SEARCH, *NO_CLAIM[4:]),
    "redirected": (
        NO_SEARCH,
        NO_SEARCH,
        NO_SEARCH,
        TRANSIT,
        NO_SEARCH,
        NO_SEARCH,
        NO_SEARCH,
        NO_SEARCH,
        ENDED,
        ENDED,
    ),
    "returned": (NO_SEARCH, NO_SEARCH, NO_SEARCH, REG, NO_SEARCH, NO_SEARCH, NO_SEARCH, NO_SEARCH, ENDED, ENDED),
    "given_up": (NO_SEARCH, NO_SEARCH, NO_SEARCH, CLOSED, NO_SEARCH, NO_SEARCH, NO_SEARCH, NO_SEARCH, ENDED, ENDED),
    "reassign": (REG, MOVING, REJ, MOVING, ARR, FOLLOW, StaysInFacility, LEFT, ENDED, ENDED),
    "succeeded": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "orphaned": (SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, SEARCH, CLOSED, GONE),
    "withdraw": (GONE, TRANSIT, GONE, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "died": (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, ENDED, ENDED),
    "reopen": (OPENED, OPENED, OPENED, OPENED, OPENED, OPENED, OPENED, OPENED, ARR, REG),
    "closed_before": (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, GONE),
    "reopened_before": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, FOLLOW, GONE),
    "scheduled": (REG, TRANSIT, REJ, SEARCH, FOLLOW, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "recorded": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
    "ceased": (REG, TRANSIT, REJ, SEARCH, ARR, ARR, STAY, LEFT, CLOSED, GONE),
    "correct": (REG, TRANSIT, REJ, SEARCH, ARR, FOLLOW, STAY, LEFT, CLOSED, GONE),
}
CELLS = [
    pytest.param(phase, verb, expected, id=f"{phase}-{verb}")
    for verb, row in TABLE.items()
    if verb
    for phase, expected in zip(TABLE[""], row, strict=True)
    if isinstance(phase, Phase)
]


def test_the_table_has_every_verb_and_phase() -> None:
    assert set(TABLE) == {"", *VERBS}
    assert TABLE[""] == tuple(Phase) == tuple(IN_PHASE)


@pytest.mark.parametrize(("phase", "verb", "expected"), CELLS)
def test_every_verb_in_every_phase(phase: Phase, verb: str, expected: Expected) -> None:
    before = IN_PHASE[phase]()
    assert before.phase is phase
    check_invariant(before)
    if isinstance(expected, Phase):
        outcome = VERBS[verb](before)
        assert outcome.case.phase is expected
        check_invariant(outcome.case)
        changed = [one for one in outcome.events if isinstance(one, CustodyChanged)]
        assert [one.phase for one in changed] == [expected] * len(changed)
        assert [one.office_id for one in changed] == [outcome.case.office_id] * len(changed)
    else:
        with pytest.raises(expected):
            VERBS[verb](before)


@pytest.mark.parametrize("phase", Phase)
def test_only_what_changes_makes_a_new_version(phase: Phase) -> None:
    before = IN_PHASE[phase]()
    for verb, act in VERBS.items():
        try:
            after = act(before).case
        except HomewardError:
            continue
        assert (after is before) or after.version > before.version, verb


# Planning and leaving -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("departure", "arrival", "field", "code"),
    [
        (-1, 2, "expected_departure_on", "TOO_EARLY"),
        (366, 367, "expected_departure_on", "TOO_LATE"),
        (2, 1, "expected_arrival_on", "TOO_EARLY"),
        (1, 62, "expected_arrival_on", "TOO_LATE"),
    ],
)
def test_days_of_a_plan(departure: int, arrival: int, field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        transfers.plan(registered(), NEXT_ID, HOME, on(departure), on(arrival), at())
    assert [(one.field, one.code) for one in refused.value.violations] == [(field, code)]


@pytest.mark.parametrize(("departure", "arrival"), [(0, 0), (365, 425), (1, 61)])
def test_days_of_a_plan_at_their_limits(departure: int, arrival: int) -> None:
    outcome = transfers.plan(registered(), NEXT_ID, HOME, on(departure), on(arrival), at())
    assert outcome.case.open_transfer is not None


@pytest.mark.parametrize(
    ("departed", "arrival", "field", "code"),
    [
        (-1, 1, "departed_on", "TOO_EARLY"),
        (1, 2, "departed_on", "IN_THE_FUTURE"),
        (0, -1, "expected_arrival_on", "TOO_EARLY"),
        (0, 61, "expected_arrival_on", "TOO_LATE"),
    ],
)
@pytest.mark.parametrize("case", [registered(), planned()], ids=["new", "planned"])
def test_days_of_a_dispatch(case: CaseCustody, departed: int, arrival: int, field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        transfers.dispatch(case, NEXT_ID, HOME, on(departed), on(arrival), at())
    assert [(one.field, one.code) for one in refused.value.violations] == [(field, code)]


def test_a_dispatch_without_a_plan_names_all_that_is_missing() -> None:
    with pytest.raises(InvalidInput) as refused:
        transfers.dispatch(registered(), NEXT_ID, None, None, None, at())
    assert [one.field for one in refused.value.violations] == [
        "to_office_id",
        "expected_arrival_on",
    ]


def test_a_dispatch_keeps_what_was_planned() -> None:
    case = transfers.dispatch(planned(), NEXT_ID, None, None, None, at()).case
    assert case.transfer is not None
    assert case.transfer.to_office_id == HOME
    assert case.transfer.expected_arrival_on == on(2)
    assert case.transfer.acknowledge_due_on == on(7), "3 working days after Wednesday: Monday"


def test_a_plan_to_another_office_is_recalled_first() -> None:
    with pytest.raises(PlannedElsewhere):
        transfers.dispatch(planned(), NEXT_ID, OTHER, None, on(1), at())
    with pytest.raises(AddresseeIsSender):
        transfers.dispatch(registered(), NEXT_ID, POST, None, on(1), at())


def test_nobody_leaves_an_office_before_arriving_there() -> None:
    case = transfers.acknowledge(sent(), HOME, on(3), at(4)).case
    with pytest.raises(InvalidInput):
        transfers.dispatch(case, NEXT_ID, OTHER, on(2), on(5), at(4))


def test_a_plan_changes_neither_phase_nor_deadline() -> None:
    for before in (registered(), rejected(), arrived(), followed()):
        case = transfers.plan(before, NEXT_ID, OTHER, on(0), on(1), at()).case
        assert (case.phase, case.watch) == (before.phase, before.watch)
        back = transfers.recall(case, at()).case
        assert (back.phase, back.watch) == (before.phase, before.watch)
        refused = transfers.reject(case, RejectReason.OTHER, at())
        assert (refused.case.phase, refused.case.watch) == (before.phase, before.watch)


def test_a_rejected_plan_tells_the_deadline_that_runs() -> None:
    (told,) = transfers.reject(planned(), RejectReason.OTHER, at()).events
    assert isinstance(told, TransferRejected)
    assert told.redispatch_due_on == on(10)
    onward = planned(followed(), OTHER)
    (told,) = transfers.reject(onward, RejectReason.OTHER, at()).events
    assert isinstance(told, TransferRejected)
    assert told.redispatch_due_on is None


def test_a_recalled_journey_begins_a_new_time_to_send() -> None:
    case = transfers.recall(sent(), at(3)).case
    assert case.watch is not None
    assert (case.watch.rule, case.watch.due.due_on) == (RuleCode.DISPATCH_DUE, on(13))


def test_a_recalled_further_journey_is_followed_up_as_before() -> None:
    case = sent(followed(), OTHER)
    assert case.watch is not None
    assert not case.watch.is_primary
    back = transfers.recall(case, at()).case
    assert (back.phase, back.watch) == (Phase.FOLLOW_UP, None)
    unanswered = transfers.recall(sent(arrived(), OTHER), at()).case
    assert unanswered.phase is Phase.ARRIVED
    assert unanswered.watch is not None
    assert unanswered.watch.rule == RuleCode.OBLIGATIONS_CONFIRM


# Arriving -------------------------------------------------------------------------------------


def test_the_sender_cannot_acknowledge() -> None:
    with pytest.raises(SenderCannotAnswer):
        transfers.acknowledge(sent(), POST, None, at())


def test_of_two_offices_that_became_one_it_can() -> None:
    case = transfers.acknowledge(sent(), POST, None, at(), merged=True).case
    assert (case.office_id, case.phase) == (POST, Phase.ARRIVED)


def test_who_has_not_left_cannot_arrive() -> None:
    with pytest.raises(NotDispatched):
        transfers.acknowledge(planned(), HOME, None, at())


@pytest.mark.parametrize(("day", "late"), [(4, False), (5, True)])
def test_late_begins_with_the_day_after_the_last_one(day: int, late: bool) -> None:
    case = transfers.acknowledge(sent(), HOME, on(1), at(day)).case
    assert case.transfer is not None
    assert case.transfer.late is late
    assert case.transfer.arrived_on == on(1)
    assert case.present_since_on == on(1)


def test_an_arrival_passes_custody() -> None:
    events = transfers.acknowledge(sent(), HOME, None, at()).events
    (changed,) = [one for one in events if isinstance(one, CustodyChanged)]
    assert (changed.segment, changed.office_id, changed.previous_office_id) == (2, HOME, POST)
    assert (changed.cause, changed.arrival_on) == (Cause.ARRIVED, on(0))


def test_an_arrival_out_of_a_search_finds_her() -> None:
    events = transfers.acknowledge(lost(), HOME, on(1), at(13)).events
    (resolved,) = [one for one in events if isinstance(one, SearchResolved)]
    assert (resolved.resolution, resolved.office_id) == (Resolution.FOUND, HOME)


def test_home_recorded_in_a_search_finds_her_too() -> None:
    case = transfers.recall(lost(), at(12)).case
    outcome = custody.record_home(case, None, at(13))
    (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert resolved.resolution is Resolution.FOUND
    assert outcome.case.phase is Phase.ARRIVED


def test_the_answer_of_followup_counts_for_its_segment_only() -> None:
    case = arrived()
    for other in (1, 3):
        waiting = news.follow_ups_scheduled(case, other).case
        assert waiting.phase is Phase.ARRIVED
        check_invariant(waiting)
    assert news.follow_ups_scheduled(case, 2).case.phase is Phase.FOLLOW_UP


def test_an_answer_that_comes_when_she_has_left_again() -> None:
    case = sent(arrived(), OTHER)
    assert case.watch is not None
    assert case.watch.is_primary
    case = news.follow_ups_scheduled(case, 2).case
    assert case.phase is Phase.IN_TRANSIT
    assert case.watch is not None
    assert not case.watch.is_primary
    check_invariant(case)


# Taking back ----------------------------------------------------------------------------------


def test_taken_back_for_seven_days_and_later_by_a_supervisor() -> None:
    assert taken_back(arrived(), at(7, hour=23)).case.phase is Phase.IN_TRANSIT
    with pytest.raises(TooLateToTakeBack) as refused:
        taken_back(arrived(), at(8, hour=0))
    assert refused.value.details == {"given_on": "2026-03-02", "days": "7"}
    assert taken_back(arrived(), at(80), unlimited=True).case.phase is Phase.IN_TRANSIT


def test_taken_back_custody_is_the_senders_again() -> None:
    outcome = taken_back(followed(), at())
    case = outcome.case
    assert (case.office_id, case.segment.number, case.arrivals) == (POST, 3, ())
    assert names(outcome) == ["AcknowledgementRetracted", "CustodyChanged"]
    assert case.watch is not None
    assert (case.watch.rule, case.watch.due.due_on) == (RuleCode.TRANSFER_ACKNOWLEDGE, on(4))
    check_invariant(case)


@pytest.mark.parametrize("told", [False, True])
def test_the_chain_goes_on_where_it_stood(told: bool) -> None:
    case = passed(sent(), at(5)).case if told else sent()
    back = taken_back(transfers.acknowledge(case, HOME, None, at(6)).case, at(6)).case
    assert back.watch is not None
    rule, due = (RuleCode.TRANSFER_LOST, on(11)) if told else (RuleCode.TRANSFER_ACKNOWLEDGE, on(4))
    assert (back.watch.rule, back.watch.due.due_on) == (rule, due)
    assert (back.missed is not None) is told


def test_a_further_arrival_taken_back_leaves_the_first_one_standing() -> None:
    onward = transfers.acknowledge(sent(followed(), OTHER), OTHER, None, at()).case
    back = taken_back(news.follow_ups_scheduled(onward, 3).case, at()).case
    assert (back.office_id, back.phase, back.arrivals) == (HOME, Phase.IN_TRANSIT, (2,))
    assert back.followup_watches
    check_invariant(back)


def test_a_visit_keeps_the_arrival() -> None:
    with pytest.raises(VisitAlreadyRecorded):
        taken_back(news.follow_up_recorded(followed(), period_ended=False).case, at())


def test_taken_back_followup_watches_until_it_says_that_it_ceased() -> None:
    back = taken_back(followed(), at()).case
    assert back.followup_watches
    assert back.watch is not None
    assert not back.watch.is_primary
    ceased = news.followup_ceased(back, at()).case
    assert ceased.watch == replace(back.watch, is_primary=True)
    check_invariant(ceased)
    assert news.followup_ceased(ceased, at()).case is ceased


def test_what_followup_keeps_for_a_visit_goes_on_being_watched() -> None:
    back = news.follow_up_recorded(taken_back(followed(), at()).case, period_ended=False).case
    check_invariant(back)
    again = transfers.acknowledge(back, HOME, None, at()).case
    check_invariant(again)
    assert news.follow_ups_scheduled(again, 4).case.phase is Phase.FOLLOW_UP


def test_a_closing_of_a_former_office_leaves_nobody_unwatched() -> None:
    onward = transfers.acknowledge(sent(followed(), OTHER), OTHER, None, at()).case
    back = transfers.recall(taken_back(news.follow_ups_scheduled(onward, 3).case, at()).case, at()).case
    assert back.phase is Phase.FOLLOW_UP
    case = news.followup_ceased(back, at()).case
    assert case.phase is Phase.ARRIVED
    assert case.watch is not None
    assert case.watch.rule == RuleCode.OBLIGATIONS_CONFIRM
    check_invariant(case)
    assert news.reopen(case, at()).case.phase is Phase.FOLLOW_UP


def test_home_recorded_without_a_transfer_is_no_acknowledgement() -> None:
    case = custody.record_home(registered(), None, at()).case
    with pytest.raises(NoAnswerToTakeBack):
        taken_back(case, at())


# Ending ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [sent, lost, planned])
def test_an_end_that_followup_told_of_recalls_and_resolves(make: Callable[[], CaseCustody]) -> None:
    outcome = news.close(make(), CloseReason.LEFT_AREA, POST, at(13))
    check_invariant(outcome.case)
    assert any(isinstance(one, TransferRecalled) for one in outcome.events)
    resolved = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert [one.resolution for one in resolved] == [Resolution.CLOSED] * len(resolved)
    assert bool(resolved) is (make is lost)
    assert outcome.case.closing is not None
    assert (outcome.case.closing.reason, outcome.case.closing.office_id) == (CloseReason.LEFT_AREA, POST)


def test_a_plan_ends_with_a_withdrawal() -> None:
    outcome = news.withdraw(planned(), WithdrawReason.REGISTERED_TWICE, at(1))
    assert any(isinstance(one, TransferRecalled) for one in outcome.events)
    assert outcome.case.closing is not None
    assert outcome.case.closing.withdraw_reason is WithdrawReason.REGISTERED_TWICE


@pytest.mark.parametrize("make", [sent, lost])
def test_a_withdrawal_that_crosses_a_departure_is_refused(make: Callable[[], CaseCustody]) -> None:
    before = make()
    outcome = news.withdraw(before, WithdrawReason.REGISTERED_TWICE, at(13))
    assert outcome.events == (WithdrawalRefused(POST),)
    assert outcome.case is before


def test_a_facility_withdraws_whom_it_registered_and_admitted() -> None:
    here = stays.admit(replace(registered(), registering_office_id=POST), ASSESSMENT, None, at()).case
    assert news.withdraw(here, None, at(1)).case.phase is Phase.WITHDRAWN


def test_a_withdrawal_is_refused_once_custody_has_passed() -> None:
    assert news.withdraw(followed(), None, at()).events == (WithdrawalRefused(HOME),)
    assert news.withdraw(IN_PHASE[Phase.CLOSED](), None, at()).events == (WithdrawalRefused(HOME),)
    there_and_back = transfers.recall(taken_back(followed(), at()).case, at()).case
    assert news.withdraw(there_and_back, None, at()).case.phase is Phase.WITHDRAWN


def test_a_correction_keeps_everything_else() -> None:
    person = Person(ProvinceRef("22", "2025"), "UNDER_16")
    before = sent()
    after = news.correct(before, person).case
    assert after == replace(before, person=person, version=before.version + 1)


# Deadlines ------------------------------------------------------------------------------------


def test_dispatch_due_is_counted_from_the_registration() -> None:
    watch = registered().watch
    assert watch is not None
    assert (watch.rule, watch.due.due_on) == (RuleCode.DISPATCH_DUE, on(10))


def test_every_link_of_the_chain() -> None:
    case = sent()
    first = passed(case, at(5))
    assert first.events == (TransferOverdue(first.case.transfer, POST, "TRANSFER_ACKNOWLEDGE", on(4), late=False),)
    second = passed(first.case, at(12), late=True)
    (told,) = second.events
    assert isinstance(told, PersonLost)
    assert told.search.reason is LostReason.NOT_ACKNOWLEDGED
    assert told.late
    third = passed(second.case, at(19))
    (told,) = third.events
    assert isinstance(told, SearchEscalated)
    assert told.search.level == 1
    assert third.case.missed == Missed(RuleCode.TRANSFER_ACKNOWLEDGE, on(4))
    for outcome in (first, second, third):
        check_invariant(outcome.case)


def test_a_rejection_that_nobody_answers_is_a_loss() -> None:
    outcome = passed(rejected(), at(3))
    overdue, missing = outcome.events
    assert isinstance(overdue, TransferOverdue)
    assert (overdue.rule, overdue.due_on) == (RuleCode.REDISPATCH_AFTER_REJECT, on(2))
    assert isinstance(missing, PersonLost)
    assert missing.search.id == SEARCH_ID
    assert missing.search.reason is LostReason.REJECTED_NOT_REDISPATCHED
    check_invariant(outcome.case)


def test_followup_is_asked_again_each_day() -> None:
    outcome = passed(arrived(), at(1, hour=10))
    assert outcome.events == (FollowUpsUnconfirmed(HOME, late=False),)
    assert outcome.case.watch is not None
    assert outcome.case.watch.due.due_at == at(2).now
    assert outcome.case.watch.level == 1


def test_what_went_by_in_an_outage_is_stepped_over() -> None:
    outcome = passed(registered(), at(50), late=True)
    assert len(outcome.events) == 1
    assert outcome.case.watch is not None
    assert outcome.case.watch.due.due_on == on(50)


def test_without_a_watched_deadline_nothing_passes() -> None:
    with pytest.raises(ValueError, match="no deadline is watched"):
        passed(followed(), at())


def test_moving_on_makes_good_what_was_missed() -> None:
    case = passed(registered(), at(11)).case
    assert case.missed == Missed(RuleCode.DISPATCH_DUE, on(10))
    assert transfers.dispatch(case, NEXT_ID, HOME, on(11), on(12), at(11)).case.missed is None


def test_a_transfer_answered_in_time_is_never_overdue() -> None:
    case = transfers.acknowledge(sent(), HOME, None, at(1)).case
    assert case.transfer is not None
    assert case.transfer.state is TransferState.ACKNOWLEDGED
    assert not case.transfer.is_overdue(on(300))
    waiting = sent().transfer
    assert waiting is not None
    assert [waiting.is_overdue(on(day)) for day in (4, 5)] == [False, True]


def test_an_arrival_is_not_taken_back_while_she_is_searched_for() -> None:
    searched = searches.lose(
        IN_PHASE[Phase.ARRIVED](), LostReason.ARRIVED_ELSEWHERE, NEXT_ID, at(0), other_case_id=OTHER_CASE
    ).case
    assert searched.phase is Phase.SEARCH
    with pytest.raises(SearchIsOpen):
        taken_back(searched, at(0, hour=18))


@pytest.mark.parametrize("rule", sorted(set(RuleCode) - WATCHED_RULES))
def test_a_rule_that_is_not_handovers_is_never_taken_for_one(rule: RuleCode) -> None:
    case = registered()
    assert case.watch is not None
    foreign = replace(case, watch=replace(case.watch, due=replace(case.watch.due, rule_code=rule.value)))
    with pytest.raises(ValueError, match="no rule of handover"):
        passed(foreign, LATER)
