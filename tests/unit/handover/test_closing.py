"""The end of a case for each reason, by each role and in each phase, and what becomes of it when it is undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.handover.domain import closing, news, searches, steps, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.closing import FITTING, GIVING_UP, Ending, Heirs
from services.handover.domain.errors import (
    CaseGoesOnElsewhere,
    CaseHasEnded,
    CaseNotClosed,
    FollowUpPeriodNotEnded,
    IdentificationSaysOtherwise,
    OtherCaseHasEnded,
    PersonIsAwaited,
    ReasonDoesNotFit,
    SameCase,
    SearchIsOpen,
)
from services.handover.domain.events import (
    CustodyChanged,
    PersonLost,
    SearchResolved,
    TransferDispatched,
    TransferPlanned,
    TransferRecalled,
)
from services.handover.domain.search import Departure
from services.handover.domain.words import (
    Cause,
    CloseReason,
    Identification,
    LeftFor,
    LostReason,
    Phase,
    ReopenReason,
    RuleCode,
    TransferState,
)
from tests.unit.handover.cases import (
    CASE_ID,
    CENTRE,
    HOME,
    IN_PHASE,
    OTHER,
    POST,
    SEARCH_ID,
    SUPERVISOR,
    admitted,
    at,
    check_invariant,
    discharged,
    followed,
    lost,
    on,
    planned,
    registered,
    rejected,
    sent,
)

OPEN_PHASES = [phase for phase in Phase if phase not in (Phase.CLOSED, Phase.WITHDRAWN)]
ROLES = list(FITTING)
LATER = at(20)
FIND_ID = uuid.UUID(int=30)
OTHER_CASE = replace(registered(), case_id=uuid.UUID(int=40), case_number="HW-999-999-923")
QUANG_NINH = ProvinceRef("22", "2025")
WENT = Departure(on(20), LeftFor.PROVINCE, QUANG_NINH, OTHER)


def true_of(case: CaseCustody) -> CaseCustody:
    """The case as it is where every reason that needs something is true."""
    return replace(case, period_ended=True, identification=Identification.NOT_IDENTIFIED)


def say(case: CaseCustody, role: Role, reason: CloseReason) -> Decided:
    """The office, or its supervisor, says that the story ends."""
    if reason in closing.LEAVING:
        return closing.leave(case, role, reason, WENT, FIND_ID, LATER)
    return closing.close(case, role, Ending(reason, POST, other=OTHER_CASE), LATER)


def changed(outcome: Decided) -> CustodyChanged:
    """The one change of custody that is told."""
    [one] = [each for each in outcome.events if isinstance(each, CustodyChanged)]
    return one


def died(case: CaseCustody) -> CaseCustody:
    """The case of somebody of whom it is said that she died."""
    return closing.close(case, Role.SUPPORT_AGENCY, Ending(CloseReason.DIED, POST), LATER).case


def again(case: CaseCustody, reason: ReopenReason = ReopenReason.NOT_TRUE, **heirs: object) -> Decided:
    """Opened again by the office that awaited her, with the offices as they were."""
    ended = case.closing
    awaited = ended.addressed_id if ended is not None else ""
    given = {"office_id": case.office_id, "addressed_id": awaited, **heirs}
    return closing.reopen(case, reason, HOME, Heirs(**given), FIND_ID, at(21))  # type: ignore[arg-type]


# Which reason fits where ----------------------------------------------------------------------


@pytest.mark.parametrize("phase", OPEN_PHASES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("reason", CloseReason)
def test_each_row_of_the_table(role: Role, phase: Phase, reason: CloseReason) -> None:
    case = true_of(IN_PHASE[phase]())
    fits = reason in FITTING[role][phase]
    if not fits:
        with pytest.raises((ReasonDoesNotFit, PersonIsAwaited, SearchIsOpen)) as refused:
            say(case, role, reason)
        if isinstance(refused.value, ReasonDoesNotFit):
            assert refused.value.details["reasons"].split(", ") == list(FITTING[role][phase])
        return
    outcome = say(case, role, reason)
    check_invariant(outcome.case)
    if reason in closing.LEAVING:
        assert (outcome.case.phase, outcome.case.office_id) == (Phase.SEARCH, case.office_id)
        return
    assert outcome.case.phase is Phase.CLOSED
    told = changed(outcome)
    assert told.closing is not None
    assert (told.cause, told.closing.reason, told.closing.office_id, told.closing.on) == (
        Cause.CLOSED,
        reason,
        POST,
        on(20),
    )
    assert outcome.case.closing == told.closing
    assert told.closing.before is phase


@pytest.mark.parametrize("phase", OPEN_PHASES)
@pytest.mark.parametrize("role", ROLES)
def test_wherever_she_is_her_office_can_say_what_became_of_her(role: Role, phase: Phase) -> None:
    fitting = FITTING[role][phase]
    assert CloseReason.DIED in fitting
    case = IN_PHASE[phase]()
    if case.open_transfer is not None or case.search is not None:
        # Left or registered twice: first the office says that she is back with it.
        case = (searches.returned if case.search is not None else transfers.recall)(case, LATER).case
        fitting = FITTING[role][case.phase]
    assert CloseReason.REGISTERED_TWICE in fitting
    assert set(fitting) & closing.LEAVING


@pytest.mark.parametrize("phase", OPEN_PHASES)
def test_what_is_said_must_be_true(phase: Phase) -> None:
    case = IN_PHASE[phase]()
    fitting = FITTING[Role.SUPPORT_AGENCY][phase]
    wanted = {
        CloseReason.PERIOD_ENDED: FollowUpPeriodNotEnded,
        CloseReason.NOT_IDENTIFIED: IdentificationSaysOtherwise,
    }
    for reason, refusal in wanted.items():
        if reason in fitting:
            with pytest.raises(refusal):
                say(case, Role.SUPPORT_AGENCY, reason)


def test_a_decision_that_was_revised_is_no_longer_true() -> None:
    case = replace(registered(), identification=Identification.IDENTIFIED)
    with pytest.raises(IdentificationSaysOtherwise):
        say(case, Role.BORDER_POST, CloseReason.NOT_IDENTIFIED)


@pytest.mark.parametrize("make", [planned, sent, lambda: planned(followed(), OTHER), lambda: planned(admitted())])
def test_nobody_is_closed_whom_an_office_awaits(make: Callable[[], CaseCustody]) -> None:
    case = true_of(make())
    for reason in CloseReason:
        if reason is CloseReason.DIED:
            continue
        with pytest.raises(PersonIsAwaited) as refused:
            say(case, Role.SUPPORT_AGENCY, reason)
        assert refused.value.details["office_id"] == case.addressee_id


def test_the_day_is_one_on_which_the_office_had_her() -> None:
    for day, code in ((on(21), "IN_THE_FUTURE"), (on(-1), "TOO_EARLY")):
        with pytest.raises(InvalidInput) as refused:
            closing.close(registered(), Role.BORDER_POST, Ending(CloseReason.DIED, POST, on=day), LATER)
        assert [(one.field, one.code) for one in refused.value.violations] == [("on", code)]
    outcome = closing.close(registered(), Role.BORDER_POST, Ending(CloseReason.DIED, POST, on=on(3)), LATER)
    assert outcome.case.closing is not None
    assert outcome.case.closing.on == on(3)


def test_an_ended_case_is_not_closed_again() -> None:
    for make in (IN_PHASE[Phase.CLOSED], IN_PHASE[Phase.WITHDRAWN]):
        with pytest.raises(CaseHasEnded):
            say(make(), Role.SUPPORT_AGENCY, CloseReason.DIED)


# Death ends everything ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [planned, sent, lost])
def test_death_ends_what_goes_on_and_says_why(make: Callable[[], CaseCustody]) -> None:
    case = make()
    outcome = closing.close(case, Role.BORDER_POST, Ending(CloseReason.DIED, POST), LATER)
    check_invariant(outcome.case)
    [recalled] = [one for one in outcome.events if isinstance(one, TransferRecalled)]
    assert recalled.closed_because is CloseReason.DIED
    assert [one.search.close_reason for one in outcome.events if isinstance(one, SearchResolved)] == (
        [CloseReason.DIED] if make is lost else []
    )
    told = changed(outcome).closing
    assert told is not None
    assert case.transfer is not None
    assert (told.transfer_id, told.addressed_id) == (case.transfer.id, HOME)
    assert told.lost is (LostReason.NOT_ACKNOWLEDGED if make is lost else None)


# Who left -------------------------------------------------------------------------------------


def test_who_left_is_searched_for_where_she_went() -> None:
    outcome = closing.leave(followed(), Role.SUPPORT_AGENCY, CloseReason.LEFT_AREA, WENT, FIND_ID, LATER)
    [told] = [one for one in outcome.events if isinstance(one, PersonLost)]
    assert (told.search.reason, told.search.departure) == (LostReason.LEFT_PROVINCE, WENT)
    assert outcome.case.search == told.search
    assert outcome.case.closing is None


def test_who_left_a_facility_is_there_no_more() -> None:
    case = closing.leave(admitted(), Role.RECEPTION_CENTRE, CloseReason.LEFT_ON_HER_OWN, WENT, FIND_ID, LATER).case
    assert case.stay is not None
    assert case.stay.discharged_on == on(20)
    back = searches.returned(case, at(22)).case
    assert back.phase is Phase.ADMITTED
    assert back.stay is not None
    assert back.stay.discharged_on is None


def test_nobody_leaves_for_where_she_is() -> None:
    here = replace(WENT, asked_id=HOME)
    with pytest.raises(InvalidInput) as refused:
        closing.leave(followed(), Role.SUPPORT_AGENCY, CloseReason.LEFT_AREA, here, FIND_ID, LATER)
    assert [(one.field, one.code) for one in refused.value.violations] == [("to_province", "NOT_ALLOWED")]


# Registered twice -----------------------------------------------------------------------------


def test_registered_twice_names_the_case_that_goes_on() -> None:
    outcome = say(registered(), Role.BORDER_POST, CloseReason.REGISTERED_TWICE)
    told = changed(outcome).closing
    assert told is not None
    assert told.other_case_id == OTHER_CASE.case_id
    for other, refusal in (
        (None, InvalidInput),
        (replace(OTHER_CASE, case_id=CASE_ID), SameCase),
        (replace(OTHER_CASE, phase=Phase.CLOSED), OtherCaseHasEnded),
    ):
        ending = Ending(CloseReason.REGISTERED_TWICE, POST, other=other)
        with pytest.raises(refusal):
            closing.close(registered(), Role.BORDER_POST, ending, LATER)


@pytest.mark.parametrize("reason", [one for one in ReopenReason if one is not ReopenReason.NOT_SAME_PERSON])
@pytest.mark.parametrize("make", ["twice", "re-identified"])
def test_one_person_never_has_two_open_cases_by_a_re_opening(make: str, reason: ReopenReason) -> None:
    ended = (
        say(registered(), Role.BORDER_POST, CloseReason.REGISTERED_TWICE).case
        if make == "twice"
        else steps.goes_on_as(lost(), OTHER_CASE.case_id, POST, LATER).case
    )
    heirs = Heirs(POST)
    with pytest.raises(CaseGoesOnElsewhere):
        closing.reopen(ended, reason, POST, heirs, FIND_ID, at(21), other=OTHER_CASE)
    gone = replace(OTHER_CASE, phase=Phase.CLOSED)
    assert closing.reopen(ended, reason, POST, heirs, FIND_ID, at(21), other=gone).case.is_open
    two = closing.reopen(ended, ReopenReason.NOT_SAME_PERSON, POST, heirs, FIND_ID, at(21), other=OTHER_CASE)
    assert two.case.is_open


# Searches given up ----------------------------------------------------------------------------


@pytest.mark.parametrize("reason", CloseReason)
def test_a_search_is_given_up_for_some_reasons(reason: CloseReason) -> None:
    missing = true_of(searches.lose(followed(), LostReason.NOT_AT_ADDRESS, SEARCH_ID, at(10)).case)
    ending = Ending(reason, SUPERVISOR)
    if reason in GIVING_UP:
        outcome = closing.give_up(missing, ending, LATER)
        assert outcome.case.phase is Phase.CLOSED
        check_invariant(outcome.case)
    else:
        with pytest.raises(ReasonDoesNotFit):
            closing.give_up(missing, ending, LATER)


def test_a_supervisor_gives_up_nobody_whom_an_office_awaits() -> None:
    with pytest.raises(PersonIsAwaited):
        closing.give_up(lost(), Ending(CloseReason.ABROAD_AGAIN, SUPERVISOR), LATER)
    back = transfers.recall(lost(), LATER).case
    assert back.search is not None
    gone = closing.give_up(back, Ending(CloseReason.ABROAD_AGAIN, SUPERVISOR), LATER)
    assert gone.case.phase is Phase.CLOSED


# Opening again --------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", OPEN_PHASES)
def test_what_was_ended_by_mistake_goes_on_as_it_stood(phase: Phase) -> None:
    before = IN_PHASE[phase]()
    outcome = again(died(before))
    check_invariant(outcome.case)
    # What followup watched it watches again once it has answered.
    assert outcome.case.phase is (Phase.ARRIVED if phase is Phase.FOLLOW_UP else phase)
    assert outcome.case.office_id == before.office_id
    told = changed(outcome)
    assert (told.cause, told.phase, told.office_id) == (Cause.REOPENED, outcome.case.phase, before.office_id)
    assert told.closing is not None
    assert told.closing.reopened is not None
    assert (told.closing.reopened.office_id, told.closing.reopened.reason) == (HOME, ReopenReason.NOT_TRUE)


@pytest.mark.parametrize("phase", OPEN_PHASES)
@pytest.mark.parametrize("reason", [ReopenReason.CAME_BACK, ReopenReason.ASKS_AGAIN])
def test_who_came_back_is_with_her_office(phase: Phase, reason: ReopenReason) -> None:
    before = IN_PHASE[phase]()
    case = again(died(before), reason).case
    check_invariant(case)
    assert case.phase in (Phase.REGISTERED, Phase.ADMITTED, Phase.ARRIVED)
    assert case.open_transfer is None
    assert case.office_id == before.office_id


def test_the_transfer_that_ended_with_her_case_goes_on() -> None:
    before = sent()
    outcome = again(died(before))
    case = outcome.case
    assert case.transfer is not None
    assert case.transfer.state is TransferState.DISPATCHED
    assert case.watch is not None
    # She has as much time as if she were expected today.
    assert (case.watch.rule, case.watch.due.due_on) == (RuleCode.TRANSFER_ACKNOWLEDGE, on(24))
    assert [type(one) for one in outcome.events] == [CustodyChanged, TransferDispatched]
    assert transfers.acknowledge(case, HOME, on(21), at(21)).case.phase is Phase.ARRIVED
    plan = again(died(planned()))
    assert [type(one) for one in plan.events] == [CustodyChanged, TransferPlanned]
    assert plan.case.phase is Phase.REGISTERED
    assert plan.case.addressee_id == HOME


def test_a_search_that_ended_with_her_case_goes_on() -> None:
    outcome = again(died(lost()))
    assert outcome.case.search is not None
    assert outcome.case.search.reason is LostReason.NOT_ACKNOWLEDGED
    assert outcome.case.is_under_way
    assert [type(one) for one in outcome.events] == [CustodyChanged, PersonLost, TransferDispatched]


def test_offices_that_ended_meanwhile_are_their_heirs() -> None:
    case = again(died(sent()), office_id="BP-HEIR", addressed_id="SA-HEIR").case
    assert (case.office_id, case.addressee_id) == ("BP-HEIR", "SA-HEIR")
    assert case.transfer is not None
    assert case.transfer.from_office_id == "BP-HEIR"
    check_invariant(case)
    one = again(died(sent()), office_id="SA-HEIR", addressed_id="SA-HEIR").case
    assert (one.phase, one.open_transfer) == (Phase.REGISTERED, None)
    check_invariant(one)


@pytest.mark.parametrize("phase", OPEN_PHASES)
@pytest.mark.parametrize("reason", ReopenReason)
def test_a_supervisor_left_with_the_duty_looks_for_an_office_that_can_have_her(
    phase: Phase, reason: ReopenReason
) -> None:
    outcome = again(died(IN_PHASE[phase]()), reason, office_id=SUPERVISOR, has_people=False)
    check_invariant(outcome.case)
    assert outcome.case.search is not None
    assert (outcome.case.office_id, outcome.case.search.reason) == (SUPERVISOR, LostReason.OFFICE_ENDED)
    [missing] = [one for one in outcome.events if isinstance(one, PersonLost)]
    assert missing.office_id == SUPERVISOR


def test_who_was_discharged_is_not_in_the_facility_again() -> None:
    case = again(died(discharged())).case
    assert case.phase is Phase.DISCHARGED
    assert case.watch is not None
    assert case.watch.rule == RuleCode.DISPATCH_AFTER_DISCHARGE
    on_the_way = again(died(sent(admitted(), HOME))).case
    assert on_the_way.phase is Phase.IN_TRANSIT
    assert on_the_way.stay is not None
    assert on_the_way.stay.discharged_on == on(0)
    assert on_the_way.office_id == CENTRE


def test_a_withdrawal_is_undone() -> None:
    gone = news.withdraw(registered(), None, at(1)).case
    outcome = again(gone, ReopenReason.MISTAKE)
    assert outcome.case.phase is Phase.REGISTERED
    check_invariant(outcome.case)


@pytest.mark.parametrize("make", [registered, sent, rejected, lost, followed])
def test_an_open_case_is_not_opened_again(make: Callable[[], CaseCustody]) -> None:
    with pytest.raises(CaseNotClosed):
        again(make())


def test_an_end_of_long_ago_leaves_her_with_her_office() -> None:
    """Of an end that was told by followup, or before all of it was kept, only the phase is known."""
    case = replace(died(sent()), closing=None)
    outcome = again(case)
    assert outcome.case.phase is Phase.REGISTERED
    check_invariant(outcome.case)


def test_follow_ups_go_on_once_followup_has_answered_for_the_re_opening() -> None:
    opened = again(died(followed())).case
    assert news.follow_ups_scheduled(opened, 2).case.phase is Phase.ARRIVED
    assert news.follow_ups_scheduled(opened, opened.segment.number).case.phase is Phase.FOLLOW_UP


def test_who_asked_on_a_visit_to_stop_is_closed_with_it_where_that_can_be() -> None:
    stopped = news.asked_to_stop(followed(), Role.SUPPORT_AGENCY, HOME, on(2), at(3)).case
    assert stopped.phase is Phase.CLOSED
    assert stopped.closing is not None
    assert (stopped.closing.reason, stopped.closing.on) == (CloseReason.ASKED_TO_STOP, on(2))
    for going_on in (sent(followed(), OTHER), lost(), stopped):
        assert news.asked_to_stop(going_on, Role.SUPPORT_AGENCY, HOME, on(2), at(3)).case is going_on
    left = sent().transfer
    assert news.asked_to_stop(followed(), Role.SUPPORT_AGENCY, HOME, on(2), at(3), out=left).case.is_open
