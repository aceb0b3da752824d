"""A named earlier return is a claim: what it does, who decides, and that nobody is taken off her way by a number."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from homeward.events.v1 import followup_pb2, handover_pb2
from homeward.handover.v1 import returns_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    refused,
)

RE_IDENTIFIED = types.SEARCH_RESOLUTION_RE_IDENTIFIED


def _kinds(said: list[Any]) -> list[str]:
    return [each for each in names(said) if each != "CustodyChanged"]


async def _links(world: World, case: Case, by: str) -> list[tuple[str, str, bool]]:
    custody = await world.custody(case, by=by)
    return [
        (
            each.other_case_number,
            types.ReturnLinkState.Name(each.state).removeprefix("RETURN_LINK_STATE_"),
            each.other_is_later,
        )
        for each in custody.returns
    ]


async def _corrected(world: World, later: Case, earlier: Case | None, match: str = "LIKELY") -> None:
    event = handover_pb2.CaseCorrected(
        case_id=str(later.id),
        age_band=types.AGE_BAND_ADULT,
        fields=["earlier_case"],
        earlier_case_told=True,
        earlier_case_id=str(earlier.id) if earlier else "",
        earlier_case_match=types.EarlierCaseMatch.Value(f"EARLIER_CASE_MATCH_{match}"),
    )
    await world.told(later, event)


# Said -----------------------------------------------------------------------------------------


@pytest.mark.attack(28, "a commune names the case of somebody on an accepted bus")
@pytest.mark.parametrize(
    ("office_id", "match"), [(OTHER_POST, "UNLIKELY"), (OTHER_POST, "UNKNOWN"), (HANOI, "UNLIKELY")]
)
async def test_a_strangers_number_takes_nobody_off_her_way(world: World, office_id: str, match: str) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.accept(case)
    before = await world.stands(case)
    await world.heard()
    later = await world.again(case, office_id, match)
    said = await world.heard()
    assert _kinds(said) == ["ReappearanceClaimed"]
    claimed = said[1]
    assert (claimed.case_id, claimed.later_case_id) == (str(case.id), str(later.id))
    assert claimed.accountable_office_id == POST
    assert (claimed.at_border, claimed.ended) == (office_id == OTHER_POST, False)
    assert await world.stands(case) == before
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)


async def test_likely_at_a_border_a_search_runs_beside_the_journey(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    later = await world.again(case, OTHER_POST)
    said = await world.heard()
    assert _kinds(said) == ["ReappearanceClaimed", "PersonLost"]
    assert said[2].reason == types.LOST_REASON_REAPPEARED
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    assert await world.stands(later) == ("REGISTERED", OTHER_POST, "DISPATCH_DUE")
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)
    # The claim is still to be decided, by whoever has her now.
    assert await world.decide("Deny", case, later, by=QUANG_NINH)


async def test_another_province_registers_her(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    await world.again(case, HANOI)
    assert _kinds(await world.heard()) == ["ReappearanceClaimed", "PersonLost"]
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    assert (await world.custody(case, by=QUANG_NINH)).transfers[-1].state == types.TRANSFER_STATE_DISPATCHED


async def test_the_same_province_registers_her(world: World) -> None:
    case = await world.at_home()
    await world.again(case, "CM-22-01")
    assert _kinds(await world.heard()) == ["ReappearanceClaimed"]
    assert (await world.stands(case))[0] == "FOLLOW_UP"


async def test_after_the_case_ended_its_office_is_told_and_both_cases_are_linked(world: World) -> None:
    case = await world.at_home()
    await world.told(case, followup_pb2.CaseClosed(case_id=str(case.id), office_id=QUANG_NINH))
    await world.heard()
    later = await world.again(case, OTHER_POST)
    claimed = next(each for each in await world.heard() if names([each]) == ["ReappearanceClaimed"])
    assert (claimed.ended, claimed.accountable_office_id) == (True, QUANG_NINH)
    assert (await world.stands(case))[0] == "CLOSED"
    assert await _links(world, case, QUANG_NINH) == [(later.number, "CLAIMED", True)]
    await world.decide("Confirm", case, later, by=QUANG_NINH)
    assert await _links(world, later, OTHER_POST) == [(case.number, "CONFIRMED", False)]
    assert (await world.stands(case))[0] == "CLOSED"
    assert await world.stands(later) == ("REGISTERED", OTHER_POST, "DISPATCH_DUE")


@pytest.mark.attack(30, "existence is probed by naming an earlier case")
async def test_a_number_that_names_no_case_looks_like_one_that_waits(world: World) -> None:
    case = await world.registered()
    nobody = Case(uuid.uuid4(), format_case_number(98))
    for earlier in (case, nobody):
        await world.heard()
        later = await world.again(earlier, OTHER_POST, "UNKNOWN")
        assert await _links(world, later, OTHER_POST) == [], "whether there is such a case is not said"
    assert await refused(world.decide("Confirm", nobody, later, by=POST)) == "CASE_NOT_FOUND"


async def test_the_news_of_the_later_registration_was_faster(world: World) -> None:
    earlier = Case(uuid.uuid4(), format_case_number(99))
    later = await world.again(earlier, OTHER_POST)
    await world.heard()
    event = handover_pb2.CaseRegistered(
        case_id=str(earlier.id), case_number=earlier.number, receiving_office_id=POST, age_band=types.AGE_BAND_ADULT
    )
    await world.told(earlier, event)
    assert _kinds(await world.heard()) == ["ReappearanceClaimed", "PersonLost"]
    assert await _links(world, earlier, POST) == [(later.number, "CLAIMED", True)]


# Who decides, and what follows ----------------------------------------------------------------


async def test_who_decides(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, OTHER_POST, "UNLIKELY")
    listed = (await world.at(QUANG_NINH).ListReturns(returns_pb2.ListReturnsRequest())).returns
    assert [(one.case_number, one.later.other_case_number) for one in listed] == [(case.number, later.number)]
    assert (await world.at(HANOI).ListReturns(returns_pb2.ListReturnsRequest())).returns == []
    for by, reason in ((HANOI, "CASE_NOT_FOUND"), (OTHER_POST, "CASE_NOT_FOUND"), (POST, "NOT_ACCOUNTABLE")):
        for method in ("Confirm", "Deny"):
            assert await refused(world.decide(method, case, later, by=by)) == reason
    unknown = Case(uuid.uuid4(), "HW-618-033-991")
    assert await refused(world.decide("Confirm", case, unknown, by=QUANG_NINH)) == "NO_SUCH_RETURN"
    stranger = await world.registered(HANOI)
    assert await refused(world.decide("Confirm", case, stranger, by=QUANG_NINH)) == "NO_SUCH_RETURN"
    await world.decide("Confirm", case, later, by="SV-22")
    assert await refused(world.decide("Deny", case, later, by=QUANG_NINH)) == "NO_SUCH_RETURN"


@pytest.mark.attack(31, "one office says and decides that two cases are one person")
async def test_one_office_does_not_say_and_decide_it_alone(world: World) -> None:
    case = await world.registered()
    later = await world.again(case, POST, "UNLIKELY")
    assert await refused(world.decide("Confirm", case, later, by=POST)) == "OWN_RETURN_CLAIM"
    await world.decide("Deny", case, later, by=POST)
    likely = await world.again(case, POST, "LIKELY")
    await world.decide("Confirm", case, likely, by=POST)
    assert (await world.stands(case))[0] == "CLOSED"


@pytest.mark.attack(31, "one person, with tokens of two offices, says and decides that two cases are one person")
async def test_one_person_does_not_say_and_decide_it_for_two_offices(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, OTHER_POST, said_by="one.person")
    for spelt in ("one.person", "One.Person"):
        deciding = world.decide("Confirm", case, later, by=QUANG_NINH, subject=spelt)
        assert await refused(deciding) == "SAME_PERSON_ON_BOTH_SIDES"
    assert (await world.stands(case))[:2] == ("SEARCH", QUANG_NINH)
    await world.decide("Confirm", case, later, by=QUANG_NINH, subject="another")
    assert (await world.stands(case))[0] == "CLOSED"


async def test_a_new_return_goes_on_under_the_new_case(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, OTHER_POST)
    await world.heard()
    await world.decide("Confirm", case, later, by=QUANG_NINH)
    said = await world.heard()
    assert names(said) == ["SearchResolved", "CustodyChanged", "ReappearanceDecided", "EarlierReturnDecided"]
    assert said[1].cause == types.CUSTODY_CAUSE_RE_IDENTIFIED
    assert (said[3].case_id, said[3].earlier_case_number) == (str(later.id), case.number)
    assert await world.stands(case) == ("CLOSED", QUANG_NINH, None)
    assert await world.stands(later) == ("REGISTERED", OTHER_POST, "DISPATCH_DUE")


async def test_who_moved_by_herself_takes_her_case_along(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, HANOI)
    await world.heard()
    await world.decide("Confirm", case, later, by=QUANG_NINH)
    assert await world.stands(case) == ("ARRIVED", HANOI, "OBLIGATIONS_CONFIRM")
    assert await world.stands(later) == ("CLOSED", HANOI, None)
    changed = [each for each in await world.heard() if names([each]) == ["CustodyChanged"]]
    assert [(each.case_id, each.cause) for each in changed] == [
        (str(case.id), types.CUSTODY_CAUSE_FOUND),
        (str(later.id), types.CUSTODY_CAUSE_RE_IDENTIFIED),
    ]
    await world.followed(case, segment=3, office_id=HANOI)
    assert (await world.stands(case))[0] == "FOLLOW_UP"
    with_hers = await _links(world, case, HANOI)
    assert with_hers == [(later.number, "CONFIRMED", True)]


async def test_at_a_centre_and_at_a_commune(world: World) -> None:
    case = await world.at_home()
    there = await world.again(case, CENTRE, "UNKNOWN")
    await world.decide("Confirm", case, there, by=QUANG_NINH)
    assert await world.stands(case) == ("ADMITTED", CENTRE, "FACILITY_STAY_ASSESSMENT_CENTRE")
    other = await world.at_home()
    far = await world.again(other, "CM-01-01", "UNKNOWN")
    assert await refused(world.decide("Confirm", other, far, by=QUANG_NINH)) == "CANNOT_LOOK_AFTER"
    near = await world.again(other, "CM-22-01", "UNKNOWN")
    await world.decide("Confirm", other, near, by=QUANG_NINH)
    assert await world.stands(other) == ("FOLLOW_UP", QUANG_NINH, None)
    assert (await world.stands(near))[0] == "CLOSED"


# It was a mistake -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["denied", "withdrawn", "corrected away", "corrected to another", "less alike"])
async def test_what_stood_goes_on(world: World, how: str) -> None:
    case, other = await world.registered(), await world.registered()
    await world.dispatch(case)
    before = await world.stands(case)
    later = await world.again(case, OTHER_POST)
    assert (await world.stands(case))[0] == "SEARCH"
    await world.heard()
    match how:
        case "denied":
            await world.decide("Deny", case, later, by=POST)
        case "withdrawn":
            await world.told(later, handover_pb2.CaseWithdrawn(case_id=str(later.id)))
        case "corrected away":
            await _corrected(world, later, None)
        case "corrected to another":
            await _corrected(world, later, other, "UNKNOWN")
        case "less alike":
            await _corrected(world, later, case, "UNLIKELY")
    assert await world.stands(case) == before
    said = await world.heard()
    (resolved,) = [each for each in said if names([each]) == ["SearchResolved"]]
    assert resolved.resolution == types.SEARCH_RESOLUTION_MISTAKEN
    assert resolved.phase == types.CASE_PHASE_IN_TRANSIT
    claimed = [each.case_id for each in said if names([each]) == ["ReappearanceClaimed"]]
    assert claimed == {"corrected to another": [str(other.id)], "less alike": [str(case.id)]}.get(how, [])
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)


async def test_what_was_denied_is_not_said_again_by_a_correction_of_something_else(world: World) -> None:
    case = await world.registered()
    later = await world.again(case, OTHER_POST, "UNKNOWN")
    await world.decide("Deny", case, later, by=POST)
    await world.heard()
    await _corrected(world, later, case, "UNKNOWN")
    assert await world.heard() == []
    await _corrected(world, later, case, "LIKELY")
    assert _kinds(await world.heard()) == ["ReappearanceClaimed", "PersonLost"]


async def test_a_supervisor_takes_a_mistaken_confirmation_back(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    later = await world.again(case, OTHER_POST, "UNKNOWN")
    await world.decide("Confirm", case, later, by=POST)
    assert (await world.stands(case))[0] == "CLOSED"
    assert await refused(world.decide("Undo", case, later, by=POST)) == "PERMISSION_DENIED"
    assert await refused(world.decide("Undo", case, later, by="SV-22")) == "NOT_ACCOUNTABLE"
    await world.decide("Undo", case, later, by="SV-20")
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    await world.acknowledge(case)
    assert (await world.stands(case))[:2] == ("ARRIVED", QUANG_NINH)
    assert await refused(world.decide("Undo", case, later, by="SV-22")) == "NOTHING_TO_UNDO"


@pytest.mark.parametrize("at_border", [True, False])
async def test_a_case_opened_again_as_another_persons_takes_the_link_back(world: World, at_border: bool) -> None:
    case = await world.at_home()
    later = await world.again(case, OTHER_POST if at_border else HANOI, "UNKNOWN")
    await world.decide("Confirm", case, later, by=QUANG_NINH)
    closed, by = (case, QUANG_NINH) if at_border else (later, HANOI)
    assert (await world.stands(closed))[0] == "CLOSED"
    await world.heard()
    await world.reopen(closed, "NOT_SAME_PERSON", by=by)
    told = await world.heard()
    assert {"ReappearanceDecided", "EarlierReturnDecided"} <= set(names(told))
    states = {one.state for one in told if names([one]) == ["ReappearanceDecided"]}
    assert states == {types.RETURN_LINK_STATE_WITHDRAWN}
    seen = await world.custody(case, by="SV-NATIONAL")
    assert [one.state for one in seen.returns] == [types.RETURN_LINK_STATE_WITHDRAWN]


async def test_a_confirmed_later_case_that_is_withdrawn_loses_nobody(world: World) -> None:
    case = await world.registered()
    later = await world.again(case, OTHER_POST)
    await world.decide("Confirm", case, later, by=POST)
    await world.told(later, handover_pb2.CaseWithdrawn(case_id=str(later.id)))
    assert (await world.stands(later))[0] == "WITHDRAWN"
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")


async def test_a_mistaken_move_is_taken_back(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, HANOI, "UNKNOWN")
    await world.decide("Confirm", case, later, by=QUANG_NINH)
    await world.decide("Undo", case, later, by="SV-NATIONAL")
    assert (await world.stands(case))[1] == QUANG_NINH
    assert (await world.stands(later))[:2] == ("REGISTERED", HANOI)


# By the resolution of a search ----------------------------------------------------------------


@pytest.mark.attack(31, "a case is closed as the one of somebody else")
async def test_a_search_ends_by_it_when_the_other_case_says_so(world: World) -> None:
    case = await world.at_home()
    later = await world.again(case, OTHER_POST)
    same = world.resolve(case, RE_IDENTIFIED, by=QUANG_NINH, other_case=case.number)
    assert await refused(same) == "SAME_CASE"
    stranger = await world.registered(HANOI)
    for number in (stranger.number, format_case_number(99_999)):
        other = world.resolve(case, RE_IDENTIFIED, by=QUANG_NINH, other_case=number)
        assert await refused(other) == "NOT_LINKED", "one answer, whether there is such a case or not"
    await world.resolve(case, RE_IDENTIFIED, by=QUANG_NINH, other_case=later.number)
    assert await world.stands(case) == ("CLOSED", QUANG_NINH, None)
    assert await world.stands(later) == ("REGISTERED", OTHER_POST, "DISPATCH_DUE")


async def test_a_supervisor_of_both_may_say_so_and_the_other_office_is_told(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    other = await world.registered(HANOI)
    await world.heard()
    regional = world.resolve(case, RE_IDENTIFIED, by="SV-20", other_case=other.number)
    assert await refused(regional) == "NOT_LINKED"
    await world.resolve(case, RE_IDENTIFIED, by="SV-NATIONAL", other_case=other.number)
    told = [each for each in await world.heard() if names([each]) == ["EarlierReturnDecided"]]
    assert [(each.case_id, each.accountable_office_id) for each in told] == [(str(other.id), HANOI)]
    assert (await world.stands(case))[0] == "CLOSED"
