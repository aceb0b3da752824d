"""Seen, accepted, arrived; not arrived, redirected, superseded; what is refused and what is warned of."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.chassis.kernel.errors import HomewardError, InvalidInput
from services.handover.domain import transfers
from services.handover.domain.case import CaseCustody
from services.handover.domain.errors import (
    ConsentRefused,
    HomeNotSafe,
    HomeSafetyUndecided,
    NotDispatched,
    NotExpectedYet,
    SenderCannotAnswer,
)
from services.handover.domain.events import (
    PersonLost,
    SearchResolved,
    TransferDispatched,
    TransferNotArrived,
    TransferRedirected,
    TransferSuperseded,
)
from services.handover.domain.transfer import NOTHING_RECORDED, Destination, Transfer, TravelPlan, warnings_of
from services.handover.domain.words import (
    Consent,
    DestinationChoice,
    Document,
    Escort,
    HomeSafety,
    LostReason,
    Phase,
    RejectReason,
    Resolution,
    RuleCode,
    TransferState,
    TransferWarning,
    TravelMeans,
)
from tests.unit.handover.cases import (
    CENTRE,
    HOME,
    OTHER,
    POST,
    TRANSFER_ID,
    arrived,
    at,
    check_invariant,
    followed,
    lost,
    on,
    passed,
    planned,
    registered,
    sent,
)

NEXT_ID = uuid.UUID(int=9)


def transfer_of(case: CaseCustody) -> Transfer:
    """The latest transfer, which must be there."""
    assert case.transfer is not None
    return case.transfer


# Three facts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [planned, sent])
def test_seen_and_accepted_are_facts_and_no_states(make: Callable[[], CaseCustody]) -> None:
    before = make()
    seen = transfers.seen(before, TRANSFER_ID, at(1).now).case
    accepted = transfers.accept(seen, HOME, at(1, hour=10)).case
    for case in (seen, accepted):
        assert (case.phase, case.watch, transfer_of(case).state) == (
            before.phase,
            before.watch,
            transfer_of(before).state,
        )
        check_invariant(case)
    assert transfer_of(seen).accepted_at is None
    assert (transfer_of(accepted).seen_at, transfer_of(accepted).accepted_at) == (at(1).now, at(1, hour=10).now)


def test_arriving_says_nothing_about_seen_and_accepted() -> None:
    transfer = transfer_of(arrived())
    assert (transfer.seen_at, transfer.accepted_at) == (None, None)


def test_what_is_seen_or_accepted_twice_stays_as_it_was() -> None:
    once = transfers.accept(transfers.seen(sent(), TRANSFER_ID, at().now).case, HOME, at()).case
    assert transfers.seen(once, TRANSFER_ID, at(1).now).case is once
    again = transfers.accept(once, HOME, at(1))
    assert again.case is once
    assert again.events == ()


def test_a_message_about_another_transfer_says_nothing_about_this_one() -> None:
    case = sent()
    assert transfers.seen(case, NEXT_ID, at().now).case is case


def test_reading_is_no_change_that_hinders_an_answer() -> None:
    assert transfer_of(transfers.seen(sent(), TRANSFER_ID, at().now).case).version == transfer_of(sent()).version


def test_the_sender_cannot_accept() -> None:
    with pytest.raises(SenderCannotAnswer):
        transfers.accept(sent(), POST, at())


def test_accepted_it_may_still_be_rejected() -> None:
    case = transfers.reject(transfers.accept(sent(), HOME, at()).case, RejectReason.OTHER, at()).case
    assert case.phase is Phase.REJECTED


# Not arrived ----------------------------------------------------------------------------------


def test_who_did_not_arrive_is_the_senders_duty_again() -> None:
    outcome = transfers.report_not_arrived(sent(), at(1))
    (told,) = outcome.events
    assert isinstance(told, TransferNotArrived)
    assert told.redispatch_due_on == on(3)
    assert (outcome.case.phase, outcome.case.office_id) == (Phase.REJECTED, POST)
    assert transfer_of(outcome.case).state is TransferState.NOT_ARRIVED
    assert transfer_of(outcome.case).ended_at == at(1).now
    assert outcome.case.watch is not None
    assert (outcome.case.watch.rule, outcome.case.watch.due.due_on) == (RuleCode.REDISPATCH_AFTER_REJECT, on(3))
    check_invariant(outcome.case)
    missing = passed(outcome.case, at(4)).events[-1]
    assert isinstance(missing, PersonLost)
    assert missing.search.reason is LostReason.REJECTED_NOT_REDISPATCHED


def test_nobody_is_missed_before_the_day_she_is_expected() -> None:
    with pytest.raises(NotExpectedYet) as refused:
        transfers.report_not_arrived(sent(), at(0, hour=23))
    assert refused.value.details == {"expected_on": on(1).isoformat()}
    with pytest.raises(NotDispatched):
        transfers.report_not_arrived(planned(), at(2))


def test_a_search_goes_on_when_it_is_said_that_she_did_not_arrive() -> None:
    before = lost()
    outcome = transfers.report_not_arrived(before, at(13))
    (told,) = outcome.events
    assert isinstance(told, TransferNotArrived)
    assert told.redispatch_due_on is None
    assert (outcome.case.phase, outcome.case.search, outcome.case.watch) == (
        Phase.SEARCH,
        before.search,
        before.watch,
    )
    check_invariant(outcome.case)


# Redirected -----------------------------------------------------------------------------------


def test_on_the_way_to_another_office() -> None:
    outcome = transfers.redirect(sent(), NEXT_ID, OTHER, on(3), at(1))
    redirected, dispatched = outcome.events
    assert isinstance(redirected, TransferRedirected)
    assert isinstance(dispatched, TransferDispatched)
    assert (redirected.transfer.id, redirected.transfer.state) == (TRANSFER_ID, TransferState.REDIRECTED)
    assert (redirected.transfer.to_office_id, redirected.now.to_office_id) == (HOME, OTHER)
    now = transfer_of(outcome.case)
    assert now == redirected.now == dispatched.transfer
    assert (now.id, now.number, now.replaces_id) == (NEXT_ID, 2, TRANSFER_ID)
    assert (now.departed_on, now.expected_arrival_on, now.acknowledge_due_on) == (on(0), on(3), on(8))
    assert outcome.case.watch is not None
    assert (outcome.case.watch.rule, outcome.case.watch.reference_id) == (RuleCode.TRANSFER_ACKNOWLEDGE, NEXT_ID)
    assert outcome.case.office_id == POST
    check_invariant(outcome.case)


def test_redirecting_ends_a_search() -> None:
    outcome = transfers.redirect(lost(), NEXT_ID, OTHER, on(14), at(13))
    (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert (resolved.resolution, resolved.search.resolution) == (Resolution.REDIRECTED, Resolution.REDIRECTED)
    assert outcome.case.phase is Phase.IN_TRANSIT
    check_invariant(outcome.case)


def test_who_has_not_left_cannot_be_redirected() -> None:
    with pytest.raises(NotDispatched):
        transfers.redirect(planned(), NEXT_ID, OTHER, on(3), at())


@pytest.mark.parametrize(("day", "code"), [(0, "TOO_EARLY"), (62, "TOO_LATE")])
def test_redirected_she_arrives_from_today_on(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        transfers.redirect(sent(), NEXT_ID, OTHER, on(day), at(1))
    assert [(one.field, one.code) for one in refused.value.violations] == [("expected_arrival_on", code)]


def test_what_was_asked_about_one_place_does_not_hold_for_another() -> None:
    travel = TravelPlan(
        escort=Escort.OFFICER,
        means=TravelMeans.BUS,
        consent=Consent.GIVEN,
        home_safety=HomeSafety.SAFE,
        documents=frozenset({Document.MEDICAL_FILE}),
        destination=DestinationChoice.HOME,
    )
    case = transfers.dispatch(registered(), TRANSFER_ID, HOME, None, on(1), at(), travel=travel).case
    elsewhere = transfer_of(transfers.redirect(case, NEXT_ID, OTHER, on(3), at(1)).case).travel
    assert elsewhere == replace(travel, consent=None, home_safety=None, destination=None)
    later = transfer_of(transfers.redirect(case, NEXT_ID, HOME, on(3), at(1)).case).travel
    assert later == travel, "the bus broke down"


# Superseded -----------------------------------------------------------------------------------


def test_another_plan_in_the_place_of_one_that_stands() -> None:
    outcome = transfers.plan(planned(), NEXT_ID, OTHER, on(2), on(3), at(), supersede=True)
    superseded, _ = outcome.events
    assert isinstance(superseded, TransferSuperseded)
    assert (superseded.transfer.id, superseded.by_id) == (TRANSFER_ID, NEXT_ID)
    now = transfer_of(outcome.case)
    assert (now.id, now.number, now.replaces_id, now.state) == (NEXT_ID, 2, TRANSFER_ID, TransferState.PLANNED)
    check_invariant(outcome.case)


def test_without_a_plan_nothing_is_superseded() -> None:
    outcome = transfers.plan(registered(), NEXT_ID, OTHER, on(2), on(3), at(), supersede=True)
    assert len(outcome.events) == 1
    assert transfer_of(outcome.case).replaces_id is None


# Asked before ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("travel", "to_centre", "refusal"),
    [
        (TravelPlan(consent=Consent.REFUSED), False, ConsentRefused),
        (TravelPlan(consent=Consent.REFUSED), True, ConsentRefused),
        (TravelPlan(home_safety=HomeSafety.NOT_SAFE), False, HomeNotSafe),
        (TravelPlan(home_safety=HomeSafety.WARNING_SIGNS), False, HomeSafetyUndecided),
        (TravelPlan(home_safety=HomeSafety.NOT_SAFE), True, None),
        (TravelPlan(home_safety=HomeSafety.WARNING_SIGNS), True, None),
        (TravelPlan(home_safety=HomeSafety.WARNING_SIGNS_DECIDED), False, None),
        (TravelPlan(consent=Consent.GIVEN_BY_GUARDIAN, home_safety=HomeSafety.SAFE), False, None),
        (NOTHING_RECORDED, False, None),
    ],
)
@pytest.mark.parametrize("was_planned", [False, True])
def test_against_her_will_or_into_danger_nobody_is_sent(
    travel: TravelPlan, to_centre: bool, refusal: type[HomewardError] | None, was_planned: bool
) -> None:
    if was_planned:
        case = transfers.plan(registered(), TRANSFER_ID, HOME, on(0), on(1), at(), travel=travel).case
        travel = NOTHING_RECORDED
    else:
        case = registered()
    if refusal is None:
        case = transfers.dispatch(case, TRANSFER_ID, HOME, None, on(1), at(), travel=travel, to_centre=to_centre).case
        assert case.phase is Phase.IN_TRANSIT
        return
    with pytest.raises(refusal):
        transfers.dispatch(case, TRANSFER_ID, HOME, None, on(1), at(), travel=travel, to_centre=to_centre)
    on_the_way = transfers.dispatch(registered(), TRANSFER_ID, CENTRE, None, on(1), at()).case
    asked = travel if not was_planned else transfer_of(case).travel
    with pytest.raises(refusal):
        transfers.redirect(on_the_way, NEXT_ID, HOME, on(2), at(), travel=asked, to_centre=to_centre)


def test_what_was_said_once_is_not_lost_by_silence() -> None:
    first = TravelPlan(escort=Escort.FAMILY, consent=Consent.GIVEN, documents=frozenset({Document.DECLARATION}))
    then = TravelPlan(escort=Escort.OFFICER, means=TravelMeans.TRAIN)
    assert then.over(first) == replace(first, escort=Escort.OFFICER, means=TravelMeans.TRAIN)


AT_HOME = Destination(is_centre=False, is_home=True)
W = TransferWarning


@pytest.mark.parametrize(
    ("travel", "age_band", "to", "expected"),
    [
        (NOTHING_RECORDED, "ADULT", AT_HOME, {W.HOME_SAFETY_NOT_CHECKED, W.CONSENT_NOT_RECORDED}),
        (NOTHING_RECORDED, "ADULT", Destination(is_centre=True, is_home=False), {W.CONSENT_NOT_RECORDED}),
        (TravelPlan(consent=Consent.GIVEN, home_safety=HomeSafety.SAFE), "ADULT", AT_HOME, set()),
        (
            TravelPlan(consent=Consent.GIVEN, home_safety=HomeSafety.SAFE),
            "ADULT",
            Destination(is_centre=False, is_home=False),
            {W.DESTINATION_NOT_HOME},
        ),
        (
            TravelPlan(consent=Consent.GIVEN, home_safety=HomeSafety.SAFE, destination=DestinationChoice.PERSON),
            "ADULT",
            Destination(is_centre=False, is_home=False),
            set(),
        ),
        (
            TravelPlan(consent=Consent.GIVEN),
            "ADULT",
            Destination(is_centre=True, is_home=True, is_full=True),
            {W.CENTRE_FULL},
        ),
        (
            TravelPlan(consent=Consent.GIVEN_BY_GUARDIAN, home_safety=HomeSafety.SAFE, escort=Escort.NONE),
            "FROM_16_TO_17",
            AT_HOME,
            {W.CHILD_WITHOUT_ESCORT},
        ),
        (
            TravelPlan(consent=Consent.GIVEN_BY_GUARDIAN, home_safety=HomeSafety.SAFE, escort=Escort.FAMILY),
            "UNDER_16",
            AT_HOME,
            set(),
        ),
    ],
)
def test_what_an_office_should_think_about(
    travel: TravelPlan, age_band: str, to: Destination, expected: set[TransferWarning]
) -> None:
    assert set(warnings_of(travel, age_band, to)) == expected


def test_the_people_of_one_journey_are_known_as_such() -> None:
    case = transfers.dispatch(registered(), TRANSFER_ID, HOME, None, on(1), at(), journey_id=NEXT_ID).case
    assert transfer_of(case).journey_id == NEXT_ID
    assert transfer_of(transfers.redirect(case, uuid.UUID(int=7), OTHER, on(2), at()).case).journey_id == NEXT_ID


def test_a_further_journey_is_redirected_besides_the_follow_up() -> None:
    case = transfers.redirect(sent(followed(), OTHER), NEXT_ID, CENTRE, on(3), at(1)).case
    assert case.watch is not None
    assert not case.watch.is_primary
    check_invariant(case)
