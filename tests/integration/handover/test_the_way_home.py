"""From the gate to the home province, over a real server and a real database."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from homeward.events.v1 import followup_pb2, handover_pb2
from homeward.handover.v1 import transfers_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    new_id,
    refused,
    violated,
)


async def test_registered_planned_sent_arrived_followed(world: World) -> None:
    case = await world.registered()
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")

    planned = await world.plan(case)
    assert planned.state == types.TRANSFER_STATE_PLANNED
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")

    sent = await world.dispatch(case, to="")
    assert sent.transfer_id == planned.transfer_id
    assert sent.state == types.TRANSFER_STATE_DISPATCHED
    assert (sent.departed_on, sent.acknowledge_due_on) == ("2026-03-02", "2026-03-06")
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")

    arrived = await world.acknowledge(case)
    assert arrived.state == types.TRANSFER_STATE_ACKNOWLEDGED
    assert arrived.arrived_on == "2026-03-02"
    assert not arrived.overdue
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")

    await world.followed(case, segment=2)
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)

    said = await world.heard()
    assert names(said) == [
        "CustodyChanged",
        "TransferPlanned",
        "TransferDispatched",
        "TransferAcknowledged",
        "CustodyChanged",
    ]
    first, last = said[0], said[-1]
    assert (first.segment, first.accountable_office_id, first.previous_office_id) == (1, POST, "")
    assert first.cause == types.CUSTODY_CAUSE_REGISTERED
    assert (last.segment, last.accountable_office_id, last.previous_office_id) == (
        2,
        QUANG_NINH,
        POST,
    )
    assert (last.cause, last.phase) == (types.CUSTODY_CAUSE_ARRIVED, types.CASE_PHASE_ARRIVED)
    assert last.arrival_on == "2026-03-02"
    assert last.case_number == case.number


async def test_a_dispatch_without_a_plan_plans_first(world: World) -> None:
    case = await world.registered()
    await world.heard()
    await world.dispatch(case)
    assert await world.names_heard() == ["TransferPlanned", "TransferDispatched"]


async def test_over_a_centre_and_then_home(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    await world.heard()
    await world.acknowledge(case, by=CENTRE)
    assert await world.stands(case) == ("ADMITTED", CENTRE, "FACILITY_STAY_ASSESSMENT_CENTRE")
    acknowledged, changed, admitted = await world.heard()
    assert names([acknowledged, changed, admitted]) == ["TransferAcknowledged", "CustodyChanged", "PersonAdmitted"]
    assert (changed.cause, changed.arrival_on) == (types.CUSTODY_CAUSE_ADMITTED, "")
    assert (admitted.office_id, admitted.stay_due_on) == (CENTRE, world.day(60))

    await world.dispatch(case, by=CENTRE)
    assert await world.stands(case) == ("IN_TRANSIT", CENTRE, "TRANSFER_ACKNOWLEDGE")
    await world.acknowledge(case)
    await world.followed(case, segment=3)
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)
    custody = await world.custody(case, by=QUANG_NINH)
    assert [(each.office_id, each.to_office_id) for each in custody.segments] == [
        (POST, ""),
        (POST, CENTRE),
        (CENTRE, ""),
        (CENTRE, QUANG_NINH),
        (QUANG_NINH, ""),
    ]
    assert [each.HasField("end_time") for each in custody.segments] == [True, True, True, True, False]


async def test_a_further_journey_besides_the_follow_up(world: World) -> None:
    case = await _followed_in_quang_ninh(world)
    await world.dispatch(case, by=QUANG_NINH, to=HANOI)
    assert await world.stands(case) == ("IN_TRANSIT", QUANG_NINH, "TRANSFER_ACKNOWLEDGE")
    (watch,) = await world.rows("SELECT is_primary FROM obligation WHERE state = 'ARMED'")
    assert not watch.is_primary, "followup's deadline is the primary one"


async def test_rejected_and_sent_elsewhere(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()

    rejected = await world.reject(case)
    assert rejected.state == types.TRANSFER_STATE_REJECTED
    assert rejected.reject_reason == types.REJECT_REASON_NOT_RESIDENT
    assert await world.stands(case) == ("REJECTED", POST, "REDISPATCH_AFTER_REJECT")
    (told,) = await world.heard()
    assert told.redispatch_due_on == "2026-03-04"

    await world.dispatch(case, to=HANOI)
    await world.acknowledge(case, by=HANOI)
    assert await world.stands(case) == ("ARRIVED", HANOI, "OBLIGATIONS_CONFIRM")
    custody = await world.custody(case, by=HANOI)
    assert [each.to_office_id for each in custody.transfers] == [QUANG_NINH, HANOI]


async def test_recalled_and_sent_again(world: World) -> None:
    case = await world.registered()
    await world.plan(case)
    assert (await world.recall(case)).state == types.TRANSFER_STATE_RECALLED
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")
    await world.dispatch(case)
    await world.recall(case)
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")
    await world.dispatch(case)
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")


async def test_a_mistaken_acknowledgement_taken_back_and_given_again(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.followed(case, segment=2)
    await world.heard()

    back = await world.take_back(case)
    assert back.state == types.TRANSFER_STATE_DISPATCHED
    assert back.arrived_on == ""
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    retracted, changed = await world.heard()
    assert names([retracted, changed]) == ["AcknowledgementRetracted", "CustodyChanged"]
    assert (changed.segment, changed.accountable_office_id) == (3, POST)
    assert changed.cause == types.CUSTODY_CAUSE_ARRIVAL_RETRACTED
    (answer,) = (await world.custody(case, by=POST)).transfers[0].answers
    assert answer.take_back_reason == types.TAKE_BACK_REASON_WRONG_PERSON
    assert (answer.office_id, answer.taken_back_by_office_id) == (QUANG_NINH, QUANG_NINH)
    (due,) = await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'")
    assert due.due_on.isoformat() == "2026-03-06", "the original deadline"

    (watch,) = await world.rows("SELECT is_primary FROM obligation WHERE state = 'ARMED'")
    assert not watch.is_primary, "followup has not said yet that it ceased to watch"
    cancelled = followup_pb2.FollowUpsCancelled(case_id=str(case.id), office_id=QUANG_NINH)
    await world.told(case, cancelled)
    (watch,) = await world.rows("SELECT is_primary FROM obligation WHERE state = 'ARMED'")
    assert watch.is_primary

    await world.acknowledge(case)
    await world.followed(case, segment=2)
    assert (await world.stands(case))[0] == "ARRIVED", "that answers the arrival taken back"
    await world.followed(case, segment=4)
    assert (await world.stands(case))[0] == "FOLLOW_UP"


async def test_after_a_week_only_a_supervisor_takes_it_back(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    world.clock.move_by(timedelta(days=8))
    assert await refused(world.take_back(case)) == "TOO_LATE_TO_TAKE_BACK"
    assert await refused(world.take_back(case, by="SV-20", scope="20@2025")) == "CASE_NOT_FOUND"
    back = await world.take_back(case, by="SV-NATIONAL", scope="national")
    assert back.state == types.TRANSFER_STATE_DISPATCHED


async def test_after_a_visit_it_cannot_be_taken_back(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.followed(case, segment=2)
    visit = followup_pb2.FollowUpRecorded(case_id=str(case.id), office_id=QUANG_NINH)
    await world.told(case, visit)
    assert await refused(world.take_back(case)) == "VISIT_ALREADY_RECORDED"


async def test_home_without_a_transfer(world: World) -> None:
    case = await world.registered(QUANG_NINH)
    await world.heard()
    custody = await world.home(case, by=QUANG_NINH)
    assert custody.phase == types.CASE_PHASE_ARRIVED
    (changed,) = await world.heard()
    assert (changed.segment, changed.accountable_office_id) == (2, QUANG_NINH)
    assert changed.cause == types.CUSTODY_CAUSE_HOME_RECORDED
    assert changed.arrival_on == "2026-03-02"
    assert await refused(world.home(case, by=QUANG_NINH)) == "ALREADY_AT_HOME"


# What the other services tell.


async def test_withdrawn_before_she_leaves(world: World) -> None:
    case = await world.registered()
    await world.plan(case)
    await world.heard()
    await world.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))
    assert await world.names_heard() == ["TransferRecalled", "CustodyChanged"]
    assert await world.stands(case) == ("WITHDRAWN", POST, None)
    assert await refused(world.dispatch(case)) == "CASE_HAS_ENDED"
    (open_segments,) = await world.rows("SELECT count(*) AS n FROM custody_segment WHERE ended_at IS NULL")
    assert open_segments.n == 0


async def test_a_withdrawal_after_the_arrival_is_refused(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.heard()
    await world.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))
    (refusal,) = await world.heard()
    assert names([refusal]) == ["WithdrawalRefused"]
    assert refusal.accountable_office_id == QUANG_NINH
    assert (await world.stands(case))[0] == "ARRIVED"


async def test_closed_and_opened_again(world: World) -> None:
    case = await _followed_in_quang_ninh(world)
    closed = followup_pb2.CaseClosed(case_id=str(case.id), office_id=QUANG_NINH)
    reopened = followup_pb2.CaseReopened(case_id=str(case.id), office_id=QUANG_NINH)
    await world.told(case, closed)
    assert await world.stands(case) == ("CLOSED", QUANG_NINH, None)
    await world.told(case, reopened)
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)
    said = await world.heard()
    assert [each.segment for each in said] == [2, 3]
    assert [each.cause for each in said] == [
        types.CUSTODY_CAUSE_CLOSED,
        types.CUSTODY_CAUSE_REOPENED,
    ]


async def test_a_closing_that_crossed_the_change_of_custody_is_stepped_over(world: World) -> None:
    case = await _followed_in_quang_ninh(world)
    await world.take_back(case)
    await world.told(case, followup_pb2.CaseClosed(case_id=str(case.id), office_id=QUANG_NINH))
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")


async def test_a_corrected_home_province_is_kept(world: World) -> None:
    case = await world.registered()
    corrected = handover_pb2.CaseCorrected(
        case_id=str(case.id),
        home_province=types.ProvinceRef(code="01", vintage="2025"),
        age_band=types.AGE_BAND_UNDER_16,
    )
    await world.told(case, corrected)
    (row,) = await world.rows("SELECT home_province, age_band FROM custody")
    assert (row.home_province, row.age_band) == ("01@2025", "UNDER_16")


async def test_a_receiving_office_that_has_ended_is_its_successor(world: World) -> None:
    case = await world.registered("SA-22-INTERIM")
    assert await world.stands(case) == ("REGISTERED", "SA-22", "DISPATCH_DUE")


async def test_news_that_came_late_do_not_move_the_deadline(world: World) -> None:
    registered = world.clock.now() - timedelta(days=4)
    await world.registered(register_time=registered, handover_time=registered)
    (due,) = await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'")
    assert due.due_on.isoformat() == world.day(6)


async def test_an_event_of_an_unknown_case_is_stepped_over(world: World) -> None:
    stranger = Case(uuid.uuid4(), "HW-999-999-957")
    await world.told(stranger, handover_pb2.CaseWithdrawn(case_id=str(stranger.id)))
    assert await world.heard() == []


# The same thing twice, and two things at once.


@pytest.mark.attack(40, "replay of a dispatch")
async def test_the_same_request_twice_takes_effect_once(world: World) -> None:
    case = await world.registered()
    await world.checked(case)
    await world.heard()
    request = api.DispatchTransferRequest(
        request_id=new_id(),
        case=str(case.id),
        to_office_id=QUANG_NINH,
        expected_arrival_on=world.day(1),
    )
    answers = await asyncio.gather(*(world.at(POST).DispatchTransfer(request) for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]
    assert await world.names_heard() == ["TransferPlanned", "TransferDispatched"]

    request.expected_arrival_on = world.day(2)
    assert await refused(world.at(POST).DispatchTransfer(request)) == "REQUEST_ID_REUSED"


async def test_two_acknowledgements_at_the_same_instant(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    answers = await asyncio.gather(*(world.acknowledge(case) for _ in range(2)), return_exceptions=True)
    failures = [each for each in answers if isinstance(each, BaseException)]
    assert len(failures) == 1
    assert isinstance(failures[0], RpcFailure)
    # Whoever came second reads who of the own office was quicker, and with what.
    assert failures[0].reason == "ALREADY_ACKNOWLEDGED"
    assert await world.names_heard() == ["TransferAcknowledged", "CustodyChanged"]


async def test_an_acknowledgement_and_a_recall_at_the_same_instant(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    answers = await asyncio.gather(world.acknowledge(case), world.recall(case), return_exceptions=True)
    # Whoever sees her is right: after the recall the arrival is taken, too.
    assert sum(isinstance(each, BaseException) for each in answers) <= 1
    assert not isinstance(answers[0], BaseException)
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")


async def test_an_etag_that_is_out_of_date(world: World) -> None:
    case = await world.registered()
    planned = await world.plan(case)
    sent = await world.dispatch(case, to="")
    assert planned.etag != sent.etag
    assert await refused(world.acknowledge(case, etag=planned.etag)) == "ETAG_MISMATCH"
    assert await refused(world.reject(case, etag=planned.etag)) == "ETAG_MISMATCH"
    assert (await world.acknowledge(case, etag=sent.etag)).etag != sent.etag


# What is refused.


async def test_every_wrong_field_is_named_at_once(world: World) -> None:
    request = api.PlanTransferRequest(
        request_id="7", case="x", expected_departure_on="31.3.2026", to_office_id="SA-999"
    )
    assert await violated(world.at(POST).PlanTransfer(request)) == [
        ("request_id", "BAD_FORMAT"),
        ("case", "BAD_FORMAT"),
        ("expected_departure_on", "BAD_FORMAT"),
        ("expected_arrival_on", "REQUIRED"),
    ]


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (POST, "ADDRESSEE_CANNOT_RECEIVE"),
        ("NGO-01", "ADDRESSEE_CANNOT_RECEIVE"),
        ("SV-22", "ADDRESSEE_CANNOT_RECEIVE"),
        ("SA-999", "INVALID_INPUT"),
    ],
)
async def test_who_cannot_be_addressed(world: World, to: str, reason: str) -> None:
    case = await world.registered()
    assert await refused(world.plan(case, to=to)) == reason
    assert await refused(world.dispatch(case, to=to)) == reason


async def test_nobody_sends_to_itself(world: World) -> None:
    case = await world.registered(QUANG_NINH)
    assert await refused(world.plan(case, by=QUANG_NINH)) == "ADDRESSEE_IS_SENDER"
    predecessor = world.plan(case, by=QUANG_NINH, to="SA-22-INTERIM")
    assert await refused(predecessor) == "ADDRESSEE_IS_SENDER"


async def test_an_office_that_has_ended_is_addressed_as_its_successor(world: World) -> None:
    case = await world.registered()
    assert (await world.dispatch(case, to="SA-22-2004")).to_office_id == "SA-22"


async def test_an_arrival_before_the_departure_or_tomorrow(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    assert await violated(world.acknowledge(case, on=world.day(-1))) == [("arrived_on", "TOO_EARLY")]
    assert await violated(world.acknowledge(case, on=world.day(1))) == [("arrived_on", "IN_THE_FUTURE")]


async def _followed_in_quang_ninh(world: World) -> Case:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.followed(case, segment=2)
    await world.heard()
    return case
