"""An office ends and nobody succeeds it: whatever stood with it stands with the supervisor, and goes on from there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from homeward.type.v1 import types_pb2 as types
from tests.integration.stories.story import (
    ADMIN,
    CENTRE,
    ELSEWHERE,
    HOME,
    NATION,
    OTHER_POST,
    POST,
    POSTS_SUPERVISOR,
    THEIR_SUPERVISOR,
    THIRD,
    Story,
)

Making = Callable[[Story, str], Awaitable[str]]


async def registered(told: Story, office: str) -> str:
    return await told.registers_herself(office)


async def planned(told: Story, office: str) -> str:
    return await told.planned(await registered(told, office), HOME, office)


async def on_the_way(told: Story, office: str) -> str:
    return await told.sent(await registered(told, office), HOME, office)


async def rejected(told: Story, office: str) -> str:
    case = await on_the_way(told, office)
    await told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    return case


async def at_home(told: Story, office: str) -> str:
    return await told.arrived(await told.sent(await told.registered(), office), office)


async def searched_for(told: Story, office: str) -> str:
    case = await at_home(told, office)
    await told.do(office, "RecordContact", case, outcome="NOT_AT_ADDRESS")
    return case


PHASES: dict[str, Making] = {
    one.__name__: one for one in (registered, planned, on_the_way, rejected, at_home, searched_for)
}


async def orphaned(told: Story, phase: str) -> str:
    """The office of her case has ended."""
    case = await PHASES[phase](told, ELSEWHERE)
    await told.do(ADMIN, "EndOffice", office_id=ELSEWHERE)
    return case


@pytest.mark.parametrize("phase", PHASES)
async def test_an_orphan_is_searched_for_listed_and_told_further(told: Story, phase: str) -> None:
    case = await orphaned(told, phase)
    assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR)
    for office in (THEIR_SUPERVISOR, NATION):
        assert case in await told.lost(office), office
        cases = (await told.do(office, "ListCustodies", page_size=200)).cases
        assert [(one.rule, bool(one.due_on)) for one in cases if one.case_id == case] == [("SEARCH_ESCALATE", True)]
    assert "SEARCH" in await told.asked(THEIR_SUPERVISOR, case)
    await told.passes(8, 2)
    assert "SEARCH" in await told.asked(NATION, case)
    assert case in await told.overdue(THEIR_SUPERVISOR)


@pytest.mark.parametrize("phase", PHASES)
async def test_an_orphan_is_found_where_she_is(told: Story, phase: str) -> None:
    case = await orphaned(told, phase)
    await told.do(THEIR_SUPERVISOR, "ResolveSearch", case, resolution="FOUND", office_id=CENTRE, on=told.day())
    await told.do(CENTRE, "ConfirmFound", case)
    assert await told.stands(case) == ("ADMITTED", CENTRE)
    assert await told.asked(THEIR_SUPERVISOR, case) == set()


@pytest.mark.parametrize("phase", [one for one in PHASES if one != "on_the_way"])
async def test_an_orphan_is_given_to_another_office_which_searches_on(told: Story, phase: str) -> None:
    case = await orphaned(told, phase)
    await told.do(NATION, "ReassignCase", case, office_id=THIRD, reason="OFFICE_CANNOT")
    assert await told.stands(case) == ("SEARCH", THIRD)
    assert "SEARCH" in await told.asked(THIRD, case)
    assert await told.asked(THEIR_SUPERVISOR, case) == set()
    await told.do(THIRD, "ResolveSearch", case, resolution="FOUND", office_id=THIRD, on=told.day())
    assert (await told.stands(case))[1] == THIRD
    assert await told.lost() == {}


async def test_an_orphan_on_the_way_arrives_or_does_not(told: Story) -> None:
    arrives, does_not, missed = [await on_the_way(told, ELSEWHERE) for _ in range(3)]
    await told.do(ADMIN, "EndOffice", office_id=ELSEWHERE)
    await told.passes(1)
    await told.arrived(arrives)
    assert await told.stands(arrives) == ("FOLLOW_UP", HOME)
    await told.do(HOME, "RejectTransfer", does_not, reason="NOT_RESIDENT")
    await told.do(HOME, "ReportNotArrived", missed)
    for case in (does_not, missed):
        assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR), "nobody else is to send her on"
        assert "SEARCH" in await told.asked(THEIR_SUPERVISOR, case)
        assert await told.where(case) == "NOT_KNOWN"
    await told.arrived(does_not)
    assert await told.stands(does_not) == ("FOLLOW_UP", HOME), "whoever sees her is right"


@pytest.mark.parametrize("phase", PHASES)
async def test_an_orphan_has_died_or_gone(told: Story, phase: str) -> None:
    case = await orphaned(told, phase)
    step = {"kind": "POLICE_ASKED", "taken_on": told.day()}
    await told.do(THEIR_SUPERVISOR, "RecordSearchStep", case, **step)
    await told.do(THEIR_SUPERVISOR, "CloseCase", case, reason="DIED")
    assert (await told.stands(case))[0] == "CLOSED"
    await told.do(NATION, "ReopenCase", case, reason="NOT_TRUE")
    assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR)


@pytest.mark.parametrize("phase", PHASES)
async def test_what_a_supervisor_ends_the_search_with_leaves_nothing_that_it_cannot_do(told: Story, phase: str) -> None:
    case = await orphaned(told, phase)
    office_of = {"RETURNED_TO_SENDER": "", "FOUND": THEIR_SUPERVISOR, "REDIRECTED": ELSEWHERE}
    for resolution, office_id in office_of.items():
        found = {"office_id": office_id, "on": told.day()} if office_id else {}
        ending = told.do(THEIR_SUPERVISOR, "ResolveSearch", case, resolution=resolution, **found)
        assert await told.refused(ending) == "NOBODY_IS_THERE"
        assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR), "nobody is with a supervisor"


async def test_who_is_registered_at_a_post_whose_agency_has_ended(told: Story) -> None:
    await told.do(ADMIN, "EndOffice", office_id=HOME)
    case = await told.registered(home_province=types.ProvinceRef(code="08", vintage="2025"))
    assert await told.stands(case) == ("REGISTERED", POST)
    sending = told.sent(case, HOME)
    assert await told.refused(sending) == "OFFICE_ENDED"
    assert await told.stands(case) == ("REGISTERED", POST), "and she is still to be sent on"
    await told.arrived(await told.sent(case, ELSEWHERE), ELSEWHERE)
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)


async def test_who_was_on_the_way_to_an_office_that_ended_is_the_senders_again(told: Story) -> None:
    case = await told.sent(await told.registered())
    await told.do(ADMIN, "EndOffice", office_id=HOME)
    await told.looks_after_an_end()
    assert await told.stands(case) == ("REJECTED", POST)
    assert "SEND_ON" in await told.asked(POST, case)
    await told.passes(7)
    assert await told.lost(POSTS_SUPERVISOR) == {case: "REJECTED_NOT_REDISPATCHED"}
    await told.arrived(await told.sent(case, ELSEWHERE), ELSEWHERE)
    assert await told.lost() == {}


async def test_who_was_registered_by_an_office_that_ended_meanwhile_is_its_supervisors(told: Story) -> None:
    """The news of a registration may come after the end: she is searched for, and nobody waits for her in vain."""
    await told.do(ADMIN, "EndOffice", office_id=ELSEWHERE)
    case = await told.registers_herself(ELSEWHERE)
    await told.looks_after_an_end()
    phase, office = await told.stands(case)
    assert office == THEIR_SUPERVISOR
    assert phase == "SEARCH", phase


@pytest.mark.parametrize("how", ["an entry taken back", "a return denied"])
async def test_an_orphan_whose_search_was_a_mistake_is_nobodys_and_is_searched_for(told: Story, how: str) -> None:
    her = told.somebody()
    (case,) = await told.submitted(her)
    await told.arrived(await told.sent(case, ELSEWHERE), ELSEWHERE)
    if how == "a return denied":
        her.earlier_case = await told.number(case)
        (later,) = await told.submitted(her, by=OTHER_POST)
    else:
        entry = await told.do(ELSEWHERE, "RecordContact", case, outcome="NOT_AT_ADDRESS")
    assert case in await told.lost()
    await told.do(ADMIN, "EndOffice", office_id=ELSEWHERE)
    assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR)
    if how == "a return denied":
        await told.do(THEIR_SUPERVISOR, "DenyReappearance", case, later_case=later)
    else:
        mistaken = {"entry_number": entry.entry_number, "reason": "WRONG_CASE"}
        await told.do(THEIR_SUPERVISOR, "TakeBackEntry", case, **mistaken)
    assert await told.stands(case) == ("SEARCH", THEIR_SUPERVISOR)
    assert await told.lost() == {case: "OFFICE_ENDED"}
    assert "SEARCH" in await told.asked(THEIR_SUPERVISOR, case)
