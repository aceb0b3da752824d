"""An answer taken back, an arrival that is taken all the same, a day that is corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.handover.domain import custody, late_arrival, news, transfers
from services.handover.domain.answer import Answer, AnswerKind
from services.handover.domain.arrival_day import CORRECT_DAYS, Correcting, correct_arrival
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.errors import (
    NoAnswerToTakeBack,
    NoArrivalStands,
    NoOpenTransfer,
    ReceivedSince,
    SenderCannotAnswer,
    SomethingFollowed,
    TooLateToCorrect,
    VisitBeforeArrival,
)
from services.handover.domain.events import (
    AcknowledgementRetracted,
    ArrivalCorrected,
    CustodyChanged,
    SearchResolved,
    TransferAcknowledged,
    TransferAnswerTakenBack,
    TransferDispatched,
    TransferPlanned,
    TransferSuperseded,
)
from services.handover.domain.moment import Moment
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    ArrivalCorrectionReason,
    Phase,
    RejectReason,
    Resolution,
    RuleCode,
    TransferState,
)
from tests.unit.handover.cases import (
    CENTRE,
    HOME,
    OTHER,
    POST,
    SHELTER,
    admitted,
    arrived,
    at,
    check_invariant,
    followed,
    on,
    passed,
    planned,
    registered,
    rejected,
    sent,
    taken_back,
)


def missing() -> CaseCustody:
    """Sent, expected on the next day, and reported on it as not arrived."""
    return transfers.report_not_arrived(sent(), at(1)).case


def transfer_of(case: CaseCustody) -> Transfer:
    """The latest one."""
    assert case.transfer is not None
    return case.transfer


def late(case: CaseCustody, moment: Moment, by: str = HOME, transfer: Transfer | None = None) -> Decided:
    """She came all the same."""
    return late_arrival.acknowledge(case, transfer or transfer_of(case), by, None, moment)


# A late arrival -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "kind"),
    [
        (missing(), AnswerKind.NOT_ARRIVED),
        (rejected(), AnswerKind.REJECTED),
        (transfers.recall(sent(), at()).case, AnswerKind.RECALLED),
    ],
)
def test_an_arrival_is_taken_after_every_answer(ended: CaseCustody, kind: AnswerKind) -> None:
    outcome = late(ended, at(1))
    check_invariant(outcome.case)
    (told,) = [one for one in outcome.events if isinstance(one, TransferAcknowledged)]
    assert told.answered_before is kind
    assert (outcome.case.office_id, outcome.case.phase) == (HOME, Phase.ARRIVED)
    assert transfer_of(outcome.case).reject_reason is None


def test_it_ends_the_search_as_found() -> None:
    searched = passed(missing(), at(6)).case
    assert searched.phase is Phase.SEARCH
    outcome = late(searched, at(7))
    (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert (resolved.resolution, resolved.office_id) == (Resolution.FOUND, HOME)
    check_invariant(outcome.case)


@pytest.mark.parametrize("begun", [planned, sent])
def test_what_was_planned_or_begun_since_is_superseded(begun: Callable[[CaseCustody, str], CaseCustody]) -> None:
    ended = missing()
    since = begun(ended, OTHER)
    outcome = late(since, at(1), transfer=transfer_of(ended))
    (superseded,) = [one for one in outcome.events if isinstance(one, TransferSuperseded)]
    assert (superseded.transfer.to_office_id, superseded.transfer.ended_at) == (OTHER, at(1).now)
    check_invariant(outcome.case)

    given_at = transfer_of(ended).ended_at
    assert given_at is not None
    before = Answer(AnswerKind.NOT_ARRIVED, HOME, given_at)
    back = taken_back(outcome.case, at(2), before=before, overtaken=superseded.transfer)
    check_invariant(back.case)
    assert back.case.phase is since.phase
    assert transfer_of(back.case).is_open, "what the mistaken arrival ended goes on"
    retracted, changed, again = back.events
    assert isinstance(retracted, AcknowledgementRetracted)
    assert (retracted.transfer.state, retracted.stands_again) == (TransferState.NOT_ARRIVED, AnswerKind.NOT_ARRIVED)
    assert isinstance(again, TransferDispatched if since.is_under_way else TransferPlanned)
    assert isinstance(changed, CustodyChanged)
    assert (changed.office_id, changed.phase) == (POST, since.phase)
    assert (retracted.redispatch_due_on is None) is since.is_under_way


def test_whom_another_office_has_received_is_not_taken_from_it() -> None:
    ended = missing()
    elsewhere = transfers.acknowledge(sent(ended, OTHER), OTHER, None, at(1)).case
    with pytest.raises(ReceivedSince):
        late(elsewhere, at(2), transfer=transfer_of(ended))


def test_the_sender_never_says_that_she_arrived_and_who_has_not_left_cannot() -> None:
    with pytest.raises(SenderCannotAnswer):
        late(missing(), at(1), by=POST)
    with pytest.raises(NoOpenTransfer):
        late(transfers.recall(planned(), at()).case, at(1))
    with pytest.raises(InvalidInput):
        late_arrival.acknowledge(missing(), transfer_of(missing()), HOME, on(5), at(1))


def test_a_stay_ends_with_the_journey_after_which_she_arrived() -> None:
    back = transfers.recall(sent(admitted(), HOME), at()).case
    assert back.phase is Phase.ADMITTED
    case = late(back, at(1)).case
    assert case.stays[-1].discharged_on == on(0)
    assert case.phase is Phase.ARRIVED
    check_invariant(case)


# Taking back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [False, True])
def test_the_deadline_is_that_of_before(told: bool) -> None:
    under_way = passed(sent(), at(5)).case if told else sent()
    answered = transfers.report_not_arrived(under_way, at(5)).case
    outcome = taken_back(answered, at(6))
    check_invariant(outcome.case)
    assert outcome.case.watch is not None
    rule, due = (RuleCode.TRANSFER_LOST, on(11)) if told else (RuleCode.TRANSFER_ACKNOWLEDGE, on(4))
    assert (outcome.case.watch.rule, outcome.case.watch.due.due_on) == (rule, due)
    (event,) = outcome.events
    assert isinstance(event, TransferAnswerTakenBack)
    assert event.answer is AnswerKind.NOT_ARRIVED


def test_a_search_that_the_answer_began_ends_and_another_goes_on() -> None:
    began = passed(missing(), at(6)).case
    outcome = taken_back(began, at(7))
    (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert resolved.resolution is Resolution.MISTAKEN
    assert outcome.case.phase is Phase.IN_TRANSIT
    check_invariant(outcome.case)
    lost = passed(passed(sent(), at(5)).case, at(12)).case
    still = taken_back(transfers.report_not_arrived(lost, at(12)).case, at(13)).case
    assert (still.phase, transfer_of(still).state) == (Phase.SEARCH, TransferState.DISPATCHED)
    check_invariant(still)


def test_an_acceptance_and_a_plan_that_was_answered() -> None:
    accepted = transfers.accept(planned(), HOME, at()).case
    assert transfer_of(taken_back(accepted).case).accepted_at is None
    refused = transfers.reject(accepted, RejectReason.NOT_SAFE, at()).case
    again = taken_back(refused).case
    assert transfer_of(again).state is TransferState.PLANNED
    assert transfer_of(again).accepted_at is not None
    check_invariant(again)
    with pytest.raises(NoAnswerToTakeBack):
        taken_back(taken_back(again).case)


def test_a_recall_taken_back_sends_her_on_as_before() -> None:
    for start in (registered(), followed(), admitted(SHELTER)):
        under_way = sent(start, OTHER)
        back = taken_back(transfers.recall(under_way, at()).case).case
        assert (back.phase, back.watch, back.stays) == (under_way.phase, under_way.watch, under_way.stays)
        check_invariant(back)


def test_a_late_arrival_taken_back_leaves_the_answer_of_before() -> None:
    ended = missing()
    given_at = transfer_of(ended).ended_at
    assert given_at is not None
    outcome = taken_back(late(ended, at(2)).case, at(3), before=Answer(AnswerKind.NOT_ARRIVED, HOME, given_at))
    case = outcome.case
    assert (case.phase, transfer_of(case).state) == (Phase.REJECTED, TransferState.NOT_ARRIVED)
    (told,) = [one for one in outcome.events if isinstance(one, AcknowledgementRetracted)]
    assert case.watch is not None
    assert (told.stands_again, told.redispatch_due_on) == (AnswerKind.NOT_ARRIVED, case.watch.due.due_on)
    check_invariant(case)


def test_nothing_is_taken_back_on_which_something_was_built() -> None:
    home = custody.record_home(rejected(), None, at()).case
    with pytest.raises(SomethingFollowed):
        taken_back(home)


# The day --------------------------------------------------------------------------------------


def corrected(case: CaseCustody, day: int, moment: Moment, *, unlimited: bool = False) -> Decided:
    """She came on that day."""
    return correct_arrival(
        case, on(day), Correcting(HOME, ArrivalCorrectionReason.MISTYPED, unlimited=unlimited), moment
    )


def test_a_day_is_corrected_for_two_weeks_and_later_by_a_supervisor() -> None:
    case = transfers.acknowledge(sent(), HOME, on(3), at(3)).case
    outcome = corrected(case, 1, at(3 + CORRECT_DAYS))
    (told,) = outcome.events
    assert isinstance(told, ArrivalCorrected)
    assert (told.segment, told.before_on, told.arrived_on, told.stay_due_on) == (2, on(3), on(1), None)
    assert (outcome.case.present_since_on, transfer_of(outcome.case).arrived_on) == (on(1), on(1))
    check_invariant(outcome.case)
    with pytest.raises(TooLateToCorrect):
        corrected(case, 1, at(4 + CORRECT_DAYS))
    assert corrected(case, 1, at(400), unlimited=True).events
    assert corrected(case, 3, at(4)).events == ()


@pytest.mark.parametrize("day", [-1, 4])
def test_nobody_arrives_before_the_departure_or_tomorrow(day: int) -> None:
    with pytest.raises(InvalidInput):
        corrected(arrived(), day, at(3))


def test_nobody_arrives_after_having_left_again() -> None:
    onward = transfers.dispatch(followed(), registered().case_id, OTHER, on(2), on(4), at(3)).case
    with pytest.raises(InvalidInput):
        corrected(onward, 3, at(3))
    assert corrected(onward, 2, at(3)).events


def test_whom_a_visit_saw_did_not_arrive_after_it() -> None:
    visited = news.follow_up_recorded(followed(), on(10), period_ended=False).case
    with pytest.raises(VisitBeforeArrival):
        corrected(visited, 11, at(12))
    assert corrected(visited, 10, at(12)).events
    taken_back_visit = news.entry_revised(visited, says_visit=False, visited=False, period_ended=False).case
    assert corrected(taken_back_visit, 11, at(12)).events


def test_a_stay_is_counted_anew_and_what_had_passed_too_early_has_not() -> None:
    case = transfers.acknowledge(sent(to=CENTRE), CENTRE, on(0), at(30), facility=SHELTER).case
    stay = case.stay
    assert stay is not None
    over = passed(passed(case, Moment(stay.warn_at, at().calendar)).case, Moment(stay.due.due_at, at().calendar)).case
    assert over.stay is not None
    assert over.stay.told_over
    after = correct_arrival(
        over,
        on(20),
        Correcting(CENTRE, ArrivalCorrectionReason.WRONG_NEWS, unlimited=True),
        Moment(stay.due.due_at, at().calendar),
    ).case
    assert after.stay is not None
    assert after.stay.admitted_on == on(20)
    assert not after.stay.told_over
    assert (after.stay.due.due_on - stay.due.due_on).days == 20
    assert after.missed is None
    check_invariant(after)


def test_where_no_arrival_stands_there_is_no_day() -> None:
    with pytest.raises(NoArrivalStands):
        corrected(registered(), 0, at(1))
    with pytest.raises(NoArrivalStands):
        corrected(taken_back(arrived()).case, 0, at(1))
