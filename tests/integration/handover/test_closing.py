"""Cases are closed, wherever she is and by whichever office, and opened again: what is kept, told and refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from homeward.events.v1 import followup_pb2, handover_pb2, transfer_pb2
from homeward.handover.v1 import closing_pb2, custody_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from services.handover.storage import accountable
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    new_id,
    refused,
    violated,
    waits,
)

COMMUNE = "CM-01-01"
NATION = {"by": "SV-NATIONAL", "scope": "national"}
SUPERVISOR = "SV-20"
SUPERVISOR_OF_QUANG_NINH = "SV-22"


async def followed(world: World) -> Case:
    """Home in Quảng Ninh, and followed up."""
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.followed(case, 2)
    return case


async def visited_last(world: World, case: Case) -> None:
    """The last follow-up is recorded."""
    event = followup_pb2.FollowUpRecorded(
        case_id=str(case.id), office_id=QUANG_NINH, kind=types.FOLLOW_UP_KIND_YEARS_3, period_ended=True
    )
    await world.told(case, event)


async def closings(world: World, case: Case, by: str) -> list[custody_pb2.Closing]:
    """The ends of a case as this office sees them."""
    return list((await world.custody(case, by=by)).closings)


async def has_left(world: World, case: Case) -> bool:
    """What other services are told."""
    found = await world.chassis.units.read(lambda uow: accountable.standing(uow.connection, case.id))
    return found is not None and found.has_left


@pytest.mark.parametrize(
    ("office_id", "reason"),
    [
        (POST, "DIED"),
        (POST, "REFUSED"),
        (COMMUNE, "REFUSED"),
        (HANOI, "DIED"),
        (CENTRE, "REFUSED"),
    ],
)
async def test_each_office_ends_what_is_its_own(world: World, office_id: str, reason: str) -> None:
    case = await world.registered(office_id)
    await world.heard()
    custody = await world.close(case, reason, by=office_id)
    assert custody.phase == types.CASE_PHASE_CLOSED
    [told] = await world.heard()
    assert isinstance(told, transfer_pb2.CustodyChanged)
    assert (told.cause, types.CloseReason.Name(told.close_reason)) == (
        types.CUSTODY_CAUSE_CLOSED,
        f"CLOSE_REASON_{reason}",
    )
    assert (told.acting_office_id, told.closed_on) == (office_id, world.day(0))
    assert await world.stands(case) == ("CLOSED", office_id, None)


async def test_its_supervisor_may_say_so_and_nobody_else(world: World) -> None:
    case = await world.registered()
    for by in (OTHER_POST, QUANG_NINH):
        assert await refused(world.close(case, "DIED", by=by)) == "CASE_NOT_FOUND"
    assert await refused(world.close(case, "DIED", by="SV-22", scope="22@2025")) == "CASE_NOT_FOUND"
    await world.close(case, "DIED", **NATION)
    [closing] = await closings(world, case, POST)
    assert closing.office_id == "SV-NATIONAL"


@pytest.mark.attack(32, "a person on an accepted bus is closed")
async def test_who_is_on_the_way_is_not_closed_but_for_her_death(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.accept(case)
    for reason in ("REFUSED", "LEFT_ON_HER_OWN", "NOT_IDENTIFIED", "REGISTERED_TWICE", "PERIOD_ENDED"):
        assert await refused(world.close(case, reason, left_for=types.LEFT_FOR_UNKNOWN)) == "PERSON_IS_AWAITED"
    await world.heard()
    await world.close(case, "DIED", on=world.day(0))
    recalled, changed = await world.heard()
    assert names([recalled, changed]) == ["TransferRecalled", "CustodyChanged"]
    assert recalled.close_reason == types.CLOSE_REASON_DIED
    assert changed.addressed_office_id == QUANG_NINH


async def test_who_awaited_her_sees_why_and_says_that_it_is_not_so(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.close(case, "DIED")
    [closing] = await closings(world, case, QUANG_NINH)
    assert (closing.reason, closing.office_id) == (types.CLOSE_REASON_DIED, POST)
    await world.heard()
    await world.reopen(case, "NOT_TRUE", by=QUANG_NINH)
    assert await world.names_heard() == ["CustodyChanged", "TransferDispatched"]
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)
    [closing] = await closings(world, case, QUANG_NINH)
    assert (closing.reopened_by_office_id, closing.reopen_reason) == (QUANG_NINH, types.REOPEN_REASON_NOT_TRUE)


async def test_the_supervisor_of_who_awaited_her_may_object(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.close(case, "DIED")
    await world.reopen(case, "NOT_TRUE", by=SUPERVISOR_OF_QUANG_NINH, scope="22@2025")
    assert (await world.stands(case))[0] == "IN_TRANSIT"


async def test_who_had_nothing_to_do_with_the_end_does_not_undo_it(world: World) -> None:
    case = await followed(world)
    await world.close(case, "ASKED_TO_STOP", by=QUANG_NINH)
    assert await refused(world.reopen(case, by=POST)) == "CANNOT_REOPEN"
    assert await refused(world.reopen(case, by=HANOI)) == "CASE_NOT_FOUND"
    # That it ended is told to whoever handed her over, and not why.
    [closing] = await closings(world, case, POST)
    assert closing.HasField("close_time")
    assert (closing.reason, closing.office_id, closing.closed_on) == (0, "", "")


async def test_a_case_of_follow_up_goes_on_when_followup_has_answered(world: World) -> None:
    case = await followed(world)
    await world.close(case, "ASKED_TO_STOP", by=QUANG_NINH)
    await world.reopen(case, "ASKS_AGAIN", by=QUANG_NINH)
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    await world.followed(case, 2)
    assert (await world.stands(case))[0] == "ARRIVED"
    await world.followed(case, 3)
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)


async def test_the_period_ends_with_the_last_follow_up(world: World) -> None:
    case = await followed(world)
    assert await refused(world.close(case, "PERIOD_ENDED", by=QUANG_NINH)) == "FOLLOW_UP_PERIOD_NOT_ENDED"
    await visited_last(world, case)
    await world.close(case, "PERIOD_ENDED", by=QUANG_NINH)


async def test_not_identified_is_what_a_verifier_decided(world: World) -> None:
    case = await world.registered()
    assert await refused(world.close(case, "NOT_IDENTIFIED")) == "IDENTIFICATION_SAYS_OTHERWISE"
    await world.decided(case, "NOT_IDENTIFIED")
    await world.decided(case, "IDENTIFIED", revision=2)
    assert await refused(world.close(case, "NOT_IDENTIFIED")) == "IDENTIFICATION_SAYS_OTHERWISE"
    await world.decided(case, "NOT_IDENTIFIED", revision=3)
    await world.close(case, "NOT_IDENTIFIED")


async def test_who_left_is_searched_for_where_she_went(world: World) -> None:
    case = await followed(world)
    await world.heard()
    quang_ninh, lang_son = (types.ProvinceRef(code=code, vintage="2025") for code in ("22", "20"))
    assert await violated(world.close(case, "LEFT_AREA", by=QUANG_NINH)) == [("to_province", "REQUIRED_WITH")]
    here = world.close(case, "LEFT_AREA", by=QUANG_NINH, to_province=quang_ninh)
    assert await violated(here) == [("to_province", "NOT_ALLOWED")]
    custody = await world.close(case, "LEFT_AREA", by=QUANG_NINH, to_province=lang_son)
    assert custody.phase == types.CASE_PHASE_SEARCH
    [lost] = await world.heard()
    assert isinstance(lost, transfer_pb2.PersonLost)
    assert (lost.reason, lost.left_for, lost.asked_office_id) == (
        types.LOST_REASON_LEFT_PROVINCE,
        types.LEFT_FOR_PROVINCE,
        "SA-20",
    )
    [search] = custody.searches
    assert (search.left_for_province.code, search.left_on) == ("20", world.day(0))
    assert await refused(world.close(case, "ASKED_TO_STOP", by=QUANG_NINH)) == "SEARCH_IS_OPEN"


@pytest.mark.parametrize("left_for", [types.LEFT_FOR_ABROAD, types.LEFT_FOR_UNKNOWN])
async def test_who_left_for_no_province_is_searched_for_too(world: World, left_for: types.LeftFor.ValueType) -> None:
    case = await world.registered()
    custody = await world.close(case, "LEFT_ON_HER_OWN", left_for=left_for)
    assert custody.phase == types.CASE_PHASE_SEARCH
    assert custody.searches[0].left_for == left_for
    # One asks, a supervisor approves.
    closed, gone = types.SEARCH_RESOLUTION_CLOSED, types.CLOSE_REASON_ABROAD_AGAIN
    await world.resolve(case, closed, close_reason=gone)
    await world.reopen(case, "NOT_TRUE")
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")


async def test_registered_twice_is_linked_both_ways_and_undone(world: World) -> None:
    first, second = await world.registered(), await world.registered()
    strange = await world.registered(OTHER_POST)
    twice = "REGISTERED_TWICE"
    assert await violated(world.close(second, twice)) == [("other_case", "REQUIRED_WITH")]
    for other in (strange.number, format_case_number(1_000)):
        assert await violated(world.close(second, twice, other_case=other)) == [("other_case", "CASE_NOT_FOUND")]
    assert await refused(world.close(second, twice, other_case=second.number)) == "SAME_CASE"
    await world.close(second, twice, other_case=first.number)
    [closing] = await closings(world, second, POST)
    assert closing.other_case_number == first.number
    assert [each.case_number for each in (await world.custody(first, by=POST)).linked_cases] == [second.number]
    assert await refused(world.close(first, twice, other_case=second.number)) == "OTHER_CASE_HAS_ENDED"
    assert await refused(world.reopen(second)) == "CASE_GOES_ON_ELSEWHERE"
    await world.reopen(second, "NOT_SAME_PERSON")
    assert (await world.custody(first, by=POST)).linked_cases == []
    assert (await world.stands(second))[0] == "REGISTERED"


async def test_a_withdrawal_is_kept_and_undone(world: World) -> None:
    case = await world.registered()
    withdrawn = handover_pb2.CaseWithdrawn(case_id=str(case.id), reason=types.WITHDRAW_REASON_REGISTERED_TWICE)
    await world.told(case, withdrawn)
    [closing] = await closings(world, case, POST)
    assert (closing.cause, closing.withdraw_reason, closing.office_id) == (
        types.CUSTODY_CAUSE_WITHDRAWN,
        types.WITHDRAW_REASON_REGISTERED_TWICE,
        POST,
    )
    await world.reopen(case)
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")


@pytest.mark.attack(32, "a person on an accepted bus is recalled, and then withdrawn or closed, by one officer")
@pytest.mark.parametrize("planned_since", [False, True])
async def test_who_left_is_ended_by_nobody_alone(world: World, planned_since: bool) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.accept(case)
    await world.recall(case)
    if planned_since:
        await world.plan(case, to=HANOI)
        await world.recall(case)
    await world.heard()
    await world.withdraw(case)
    assert await world.names_heard() == ["WithdrawalRefused"]
    closed = closing_pb2.CloseCaseRequest(request_id=new_id(), case=case.number, reason=types.CLOSE_REASON_REFUSED)
    approval_id = await waits(world.at(POST).CloseCase(closed))
    # The bus came in: what was asked for is not what stands any more.
    await world.acknowledge(case)
    assert await refused(world.approve(approval_id)) == "CHANGED_SINCE_ASKED"


async def says_that_she_is_home(world: World, case: Case) -> str:
    await world.home(case, by=HANOI)
    return HANOI


async def says_that_she_stays(world: World, case: Case) -> str:
    await world.admit(case)
    return CENTRE


async def gives_her_to_another_office(world: World, case: Case) -> str:
    await world.reassign(case, "SA-20", by=SUPERVISOR, since=world.day(0))
    return SUPERVISOR


@pytest.mark.attack(
    32, "a person on an accepted bus is recalled, said to be home or admitted, and closed, by one officer"
)
@pytest.mark.parametrize(
    ("sender", "addressed", "says"),
    [
        (HANOI, QUANG_NINH, says_that_she_is_home),
        (CENTRE, QUANG_NINH, says_that_she_stays),
        (POST, QUANG_NINH, gives_her_to_another_office),
    ],
)
async def test_whom_the_sender_alone_has_seen_is_ended_by_nobody_alone(
    world: World, sender: str, addressed: str, says: Callable[[World, Case], Awaitable[str]]
) -> None:
    case = await world.registered(sender)
    await world.dispatch(case, by=sender, to=addressed)
    await world.accept(case, by=addressed)
    await world.recall(case, by=sender)
    who = await says(world, case)
    assert await has_left(world, case)
    await world.heard()
    await world.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))
    assert await world.names_heard() == ["WithdrawalRefused"]
    request = closing_pb2.CloseCaseRequest(request_id=new_id(), case=case.number, reason=types.CLOSE_REASON_DIED)
    approval_id = await waits(world.at(who).CloseCase(request))
    # The bus came in after all: whoever sees her is right.
    await world.acknowledge(case, by=addressed)
    assert await refused(world.approve(approval_id)) == "CHANGED_SINCE_ASKED"
    assert (await world.stands(case))[:2] == ("ARRIVED", addressed)
    assert not await has_left(world, case)


async def test_who_was_visited_at_home_is_taken_by_no_late_arrival(world: World) -> None:
    case = await world.registered(HANOI)
    await world.dispatch(case, by=HANOI)
    await world.recall(case, by=HANOI)
    await world.home(case, by=HANOI)
    visit = followup_pb2.FollowUpRecorded(case_id=str(case.id), office_id=HANOI, kind=types.FOLLOW_UP_KIND_MONTHS_3)
    await world.told(case, visit)
    assert await refused(world.acknowledge(case)) == "RECEIVED_SINCE"
    request = closing_pb2.CloseCaseRequest(request_id=new_id(), case=case.number, reason=types.CLOSE_REASON_DIED)
    await world.approve(await waits(world.at(HANOI).CloseCase(request)))
    assert (await world.stands(case))[0] == "CLOSED"


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
async def test_who_awaited_her_objects_to_an_end_after_a_recall(world: World, how: str) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.recall(case)
    await world.heard()
    await (world.close(case, "REFUSED") if how == "closed" else world.withdraw_under_way(case))
    [changed] = await world.heard()
    assert changed.addressed_office_id == QUANG_NINH
    await world.reopen(case, "NOT_TRUE", by=QUANG_NINH)
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)


@pytest.mark.attack(32, "one officer withdraws who is on the way, and approves it with another token")
async def test_who_is_on_the_way_is_withdrawn_by_two(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.accept(case)
    why = types.WITHDRAW_REASON_REGISTERED_TWICE
    request = closing_pb2.WithdrawUnderWayRequest(request_id=new_id(), case=case.number, reason=why)
    approval_id = await waits(world.at(POST, subject="one").WithdrawUnderWay(request))
    assert await refused(world.approve(approval_id, subject="one")) == "SAME_PERSON"
    assert await refused(world.approve(approval_id, by=SUPERVISOR_OF_QUANG_NINH)) == "APPROVAL_NOT_FOUND"
    assert (await world.stands(case))[0] == "IN_TRANSIT"
    await world.heard()
    await world.approve(approval_id, by="SV-20", subject="two")
    recalled, changed = await world.heard()
    assert names([recalled, changed]) == ["TransferRecalled", "CustodyChanged"]
    assert (changed.cause, changed.acting_office_id, changed.addressed_office_id) == (
        types.CUSTODY_CAUSE_WITHDRAWN,
        POST,
        QUANG_NINH,
    )
    assert await world.stands(case) == ("WITHDRAWN", POST, None)
    [closing] = await closings(world, case, QUANG_NINH)
    assert closing.withdraw_reason == why
    # She sits on the bus all the same: the transfer stands again.
    await world.reopen(case, "NOT_TRUE", by=QUANG_NINH)
    assert (await world.stands(case))[0] == "IN_TRANSIT"


async def test_who_is_searched_for_is_withdrawn_by_two(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.withdraw_under_way(case, **NATION)
    assert await world.stands(case) == ("WITHDRAWN", POST, None)


async def test_what_is_not_withdrawn_by_two(world: World) -> None:
    there, home = await world.registered(), await followed(world)
    assert await refused(world.withdraw_under_way(there)) == "NOTHING_TO_APPROVE"
    assert await refused(world.withdraw_under_way(home, by=QUANG_NINH)) == "REGISTRATION_STANDS"
    assert await refused(world.withdraw_under_way(home)) == "NOT_ACCOUNTABLE"
    assert await refused(world.withdraw_under_way(there, by=OTHER_POST)) == "CASE_NOT_FOUND"


@pytest.mark.attack(32, "a person on an accepted bus is withdrawn")
async def test_a_withdrawal_that_crosses_a_departure_is_refused(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    await world.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))
    assert await world.names_heard() == ["WithdrawalRefused"]
    assert (await world.stands(case))[0] == "IN_TRANSIT"


async def test_what_followup_closed_before_is_kept_and_told_by_it_alone(world: World) -> None:
    case = await followed(world)
    await world.heard()
    reason = types.CLOSE_REASON_SECURITY
    await world.told(case, followup_pb2.CaseClosed(case_id=str(case.id), office_id=QUANG_NINH, reason=reason))
    [told] = await world.heard()
    assert (told.cause, told.acting_office_id, told.close_reason) == (types.CUSTODY_CAUSE_CLOSED, "", 0)
    [closing] = await closings(world, case, QUANG_NINH)
    assert (closing.reason, closing.office_id) == (reason, QUANG_NINH)
    await world.reopen(case, "ASKS_AGAIN", by=QUANG_NINH)
    assert (await world.stands(case))[0] == "ARRIVED"


async def test_other_services_are_told_that_she_is_out_until_an_office_has_her(world: World) -> None:
    case = await world.registered()
    assert not await has_left(world, case)
    await world.plan(case)
    assert not await has_left(world, case)
    await world.dispatch(case)
    assert await has_left(world, case)
    await world.reject(case)
    assert await has_left(world, case)
    await world.dispatch(case)
    await world.recall(case)
    assert await has_left(world, case)
    await world.acknowledge(case)
    assert not await has_left(world, case)
