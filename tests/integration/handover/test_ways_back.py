"""Every click has a way back, whoever sees her is right, and whoever comes second reads who was quicker."""

from __future__ import annotations

from datetime import timedelta

from homeward.events.v1 import followup_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import CENTRE, HANOI, POST, QUANG_NINH, World, names, refused, violated


async def test_reported_missing_at_noon_and_there_in_the_evening(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(days=1))
    await world.not_arrived(case)
    await world.heard()
    world.clock.move_by(timedelta(hours=6))
    assert (await world.acknowledge(case)).state == types.TRANSFER_STATE_ACKNOWLEDGED
    acknowledged, changed = await world.heard()
    assert names([acknowledged, changed]) == ["TransferAcknowledged", "CustodyChanged"]
    assert acknowledged.answered_before == types.TRANSFER_ANSWER_KIND_NOT_ARRIVED
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    (sent,) = (await world.custody(case, by=QUANG_NINH)).transfers
    given = [types.TransferAnswerKind.Name(one.kind).removeprefix("TRANSFER_ANSWER_KIND_") for one in sent.answers]
    assert given == ["NOT_ARRIVED", "ACKNOWLEDGED"]

    back = await world.take_back(case)
    assert back.state == types.TRANSFER_STATE_NOT_ARRIVED, "as it stood before"
    assert await world.stands(case) == ("REJECTED", POST, "REDISPATCH_AFTER_REJECT")


async def test_a_late_arrival_ends_the_search_that_the_answer_began(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.reject(case)
    await world.after_days(3)
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    assert await refused(world.acknowledge(case, by=HANOI)) == "CASE_NOT_FOUND"
    await world.heard()
    await world.acknowledge(case)
    assert await world.names_heard() == ["TransferAcknowledged", "CustodyChanged", "SearchResolved"]
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")


async def test_a_late_arrival_supersedes_a_journey_elsewhere_which_stands_again_when_it_was_none(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(days=1))
    await world.not_arrived(case)
    await world.dispatch(case, to=HANOI)
    await world.accept(case, by=HANOI)
    before = await world.stands(case)
    await world.heard()
    world.clock.move_by(timedelta(hours=1))
    await world.acknowledge(case)
    superseded, *others = await world.heard()
    assert names([superseded, *others]) == ["TransferSuperseded", "TransferAcknowledged", "CustodyChanged"]
    assert superseded.to_office_id == HANOI
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    assert await refused(world.acknowledge(case, by=HANOI)) == "RECEIVED_SINCE"

    world.clock.move_by(timedelta(hours=1))
    await world.take_back(case)
    assert await world.names_heard() == ["AcknowledgementRetracted", "CustodyChanged", "TransferDispatched"]
    assert await world.stands(case) == before
    first, second = (await world.custody(case, by=POST)).transfers
    assert (first.state, second.state) == (types.TRANSFER_STATE_NOT_ARRIVED, types.TRANSFER_STATE_DISPATCHED)
    assert second.HasField("accept_time"), "as it was accepted"
    await world.acknowledge(case, by=HANOI)
    assert await refused(world.acknowledge(case)) == "RECEIVED_SINCE"


async def test_after_a_recall_she_may_arrive_and_the_sender_never_says_so(world: World) -> None:
    case = await world.registered(CENTRE)
    await world.admit(case, by=CENTRE)
    await world.dispatch(case, by=CENTRE)
    await world.recall(case, by=CENTRE)
    assert (await world.stands(case))[0] == "ADMITTED"
    assert await refused(world.acknowledge(case, by=CENTRE)) == "NOT_ADDRESSED"
    await world.acknowledge(case)
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    (stay,) = (await world.custody(case, by=QUANG_NINH)).stays
    assert stay.discharged_on, "she left the centre with that journey"


async def test_each_answer_is_taken_back_and_the_transfer_stands_as_before(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    (due,) = await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'")
    world.clock.move_by(timedelta(days=1))
    for answer, by in (
        (world.not_arrived, QUANG_NINH),
        (world.reject, QUANG_NINH),
        (world.recall, POST),
        (world.accept, QUANG_NINH),
    ):
        await answer(case)
        world.clock.move_by(timedelta(hours=1))
        other = POST if by == QUANG_NINH else QUANG_NINH
        assert await refused(world.take_back(case, by=other)) == "NOT_YOUR_ANSWER"
        await world.heard()
        back = await world.take_back(case, by=by)
        assert back.state == types.TRANSFER_STATE_DISPATCHED
        assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
        assert await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'") == [due]
        (told,) = await world.heard()
        assert (names([told]), told.under_way) == (["TransferAnswerTakenBack"], True)
    assert await refused(world.take_back(case)) == "NO_ANSWER_TO_TAKE_BACK"
    (sent,) = (await world.custody(case, by=POST)).transfers
    assert [one.HasField("take_back_time") for one in sent.answers] == [True] * 4


async def test_a_rejection_taken_back_ends_the_search_that_it_began(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.reject(case)
    await world.after_days(3)
    await world.heard()
    await world.take_back(case)
    told, resolved = await world.heard()
    assert names([told, resolved]) == ["TransferAnswerTakenBack", "SearchResolved"]
    assert resolved.resolution == types.SEARCH_RESOLUTION_MISTAKEN
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")


async def test_nothing_is_taken_back_on_which_something_was_built(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.reject(case)
    await world.dispatch(case, to=HANOI)
    assert await refused(world.take_back(case)) == "NO_ANSWER_TO_TAKE_BACK"
    await world.acknowledge(case, by=HANOI)
    await world.told(case, followup_pb2.FollowUpRecorded(case_id=str(case.id), office_id=HANOI))
    assert await refused(world.take_back(case, by=HANOI)) == "VISIT_ALREADY_RECORDED"


async def test_the_second_clerk_reads_what_the_first_one_did(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    assert await refused(world.dispatch(case)) == "ALREADY_SENT"
    await world.reject(case)
    assert await refused(world.reject(case)) == "ALREADY_REJECTED"
    assert await refused(world.not_arrived(case)) == "ALREADY_REJECTED"
    await world.take_back(case)
    world.clock.move_by(timedelta(days=1))
    await world.not_arrived(case)
    assert await refused(world.reject(case)) == "ALREADY_REPORTED_MISSING"
    await world.acknowledge(case)
    assert await refused(world.acknowledge(case)) == "ALREADY_ACKNOWLEDGED"
    assert await refused(world.accept(case)) == "ALREADY_ACKNOWLEDGED"
    assert await refused(world.acknowledge(case, by="SA-08")) == "CASE_NOT_FOUND"
    other = await world.registered()
    await world.dispatch(other)
    await world.recall(other)
    assert await refused(world.recall(other)) == "ALREADY_RECALLED"
    assert await refused(world.accept(other)) == "ENDED_BY_SENDER"


async def test_the_day_of_an_arrival_is_corrected(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(days=2))
    await world.acknowledge(case)
    await world.heard()
    corrected = await world.correct_arrival(case, "2026-03-03")
    assert [one.arrived_on for one in corrected.segments if one.segment == 2] == ["2026-03-03"]
    assert corrected.transfers[0].arrived_on == "2026-03-03"
    (correction,) = corrected.arrival_corrections
    assert (correction.before_on, correction.arrived_on, correction.office_id) == (
        "2026-03-04",
        "2026-03-03",
        QUANG_NINH,
    )
    (told,) = await world.heard()
    assert (names([told]), told.segment, told.before_on) == (["ArrivalCorrected"], 2, "2026-03-04")
    assert await violated(world.correct_arrival(case, "2026-03-05")) == [("arrived_on", "IN_THE_FUTURE")]
    assert await violated(world.correct_arrival(case, "2026-03-01")) == [("arrived_on", "TOO_EARLY")]
    assert await refused(world.correct_arrival(case, "2026-03-02", by="SA-08")) == "CASE_NOT_FOUND"
    world.clock.move_by(timedelta(days=15))
    assert await refused(world.correct_arrival(case, "2026-03-02")) == "TOO_LATE_TO_CORRECT"
    again = await world.correct_arrival(case, "2026-03-02", by="SV-NATIONAL", scope="national")
    assert len(again.arrival_corrections) == 2


async def test_the_limit_of_a_stay_is_counted_anew(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    world.clock.move_by(timedelta(days=3))
    await world.acknowledge(case, by=CENTRE)
    (before,) = await world.rows("SELECT due_on FROM stay")
    await world.heard()
    await world.correct_arrival(case, "2026-03-03", by=CENTRE)
    (after,) = await world.rows("SELECT due_on FROM stay")
    assert before.due_on - after.due_on == timedelta(days=2)
    (told,) = await world.heard()
    assert told.stay_due_on == after.due_on.isoformat()


async def test_reassigning_asks_where_she_is(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    await world.acknowledge(case, by=CENTRE)
    assert await refused(world.reassign(case, QUANG_NINH)) == "STAYS_IN_FACILITY"
    await world.heard()
    await world.reassign(case, QUANG_NINH, since="2026-03-02")
    changed, *_ = await world.heard()
    assert (changed.cause, changed.phase) == (types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_ARRIVED)
    assert changed.arrival_on == "2026-03-02"
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    assert await refused(world.reassign(case, POST)) == "MAKES_NO_FOLLOW_UPS"
    assert await refused(world.reassign(case, CENTRE)) == "MAKES_NO_FOLLOW_UPS"
