"""A mother, her small son and her sister come back: registered, warned when they are parted, linked for good."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import family_pb2, people_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.stories.story import (
    ADMIN,
    CENTRE,
    ELSEWHERE,
    HER_SUPERVISOR,
    HOME,
    NATION,
    POST,
    POSTS_SUPERVISOR,
    THEIR_SUPERVISOR,
    Story,
)


async def family(told: Story) -> tuple[str, str, str]:
    """All three in one list; what they are to one another stands in it."""
    mother = told.somebody(
        family_links=[people_pb2.FamilyLink(row=2, relation="CHILD"), people_pb2.FamilyLink(row=3, relation="SIBLING")]
    )
    son, sister = told.somebody(birth_date="2021", sex="Masculine"), told.somebody(birth_date="1995-05-05")
    first, second, third = await told.submitted(mother, son, sister)
    return first, second, third


async def relatives(told: Story, by: str, case: str) -> list[tuple[str, bool]]:
    """By number, as far as the office may know it, and whether they must not be parted."""
    ties = (await told.do(by, "GetFamily", case)).ties
    return [(one.relative.case_number, one.relative.keep_together) for one in ties if not one.HasField("unlink_time")]


async def parted(told: Story, case: str) -> bool:
    """Whether she is apart from somebody now."""
    return any(not one.HasField("reunite_time") for one in (await told.custody(case)).partings)


async def leaves(told: Story, case: str, to: str, by: str = POST) -> set[Any]:
    """She leaves; what she is warned of."""
    answer = await told.do(by, "DispatchTransfer", case, to_office_id=to, expected_arrival_on=told.day(1))
    return set(answer.warnings)


async def test_a_family_from_the_gate_to_the_end_of_an_office(told: Story) -> None:
    mother, son, sister = await family(told)
    number = {case: await told.number(case) for case in (mother, son, sister)}
    assert await relatives(told, POST, mother) == [(number[son], True), (number[sister], False)]

    # The mother leaves without her son: said with the answer, and to everybody whom it concerns, until he follows.
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND in await leaves(told, mother, HOME)
    for office in (POST, HOME, POSTS_SUPERVISOR, HER_SUPERVISOR):
        kinds = await told.kinds(office, mother) + await told.kinds(office, son)
        assert any("FAMILY_PARTED" in kind for kind in kinds), (office, kinds)
    assert await parted(told, mother)
    assert not await parted(told, sister), "grown sisters may go where they like"
    await leaves(told, son, HOME)
    assert not await parted(told, mother)
    assert "REUNITE" not in await told.asked(POST, mother) | await told.asked(POST, son)
    await leaves(told, sister, ELSEWHERE)

    # They arrive. Whoever has one of them sees the number of another one that it has, and that there is a third.
    await told.arrived(mother)
    await told.arrived(son)
    await told.arrived(sister, ELSEWHERE)
    assert await relatives(told, HOME, mother) == [(number[son], True), ("", False)]
    assert await relatives(told, ELSEWHERE, sister) == [("", False)]
    assert await relatives(told, NATION, sister) == [(number[mother], False)]

    # Later she needs a shelter, and he does not go along.
    warned = await leaves(told, mother, CENTRE, HOME)
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND in warned
    await told.arrived(mother, CENTRE)
    assert await parted(told, son)
    assert "REUNITE" in await told.asked(HOME, son)
    await told.arrived(await told.sent(mother, HOME, CENTRE))
    assert not await parted(told, son)

    # The office goes into another one: the three are what they were to one another.
    await told.do(ADMIN, "EndOffice", office_id=HOME, successor_id=ELSEWHERE)
    assert await relatives(told, ELSEWHERE, mother) == [(number[son], True), (number[sister], False)]
    assert not await parted(told, mother)
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND in await leaves(told, son, CENTRE, ELSEWHERE)
    assert "REUNITE" in await told.asked(ELSEWHERE, mother)
    await told.do(ELSEWHERE, "RecallTransfer", son)
    assert not await parted(told, son)


async def test_a_relative_may_be_the_danger(told: Story) -> None:
    mother, son, _sister = await family(told)
    apart = {"other_case": son, "relation": "CHILD", "togetherness": family_pb2.TOGETHERNESS_MAY_PART}
    await told.do(POST, "LinkFamily", mother, **apart)
    warned = await leaves(told, mother, HOME)
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND not in warned
    assert not await parted(told, mother)
    await told.do(POST, "UnlinkFamily", mother, other_case=son)
    assert await relatives(told, POST, son) == []
    assert len((await told.do(POST, "GetFamily", son)).ties) == 2, "what was said of them before is kept"


async def test_of_two_who_belong_together_one_is_lost_and_the_other_ones_office_ends(told: Story) -> None:
    mother, son, _sister = await family(told)
    for case in (mother, son):
        await told.arrived(await told.sent(case))
    await told.do(HOME, "RecordContact", mother, outcome="NOT_AT_ADDRESS")
    assert await parted(told, son)
    assert "REUNITE" in await told.asked(HOME, son)
    await told.do(HOME, "RecordContact", mother, outcome="REACHED")
    assert not await parted(told, son)
    await told.do(ADMIN, "EndOffice", office_id=HOME)
    for case in (mother, son):
        assert await told.stands(case) == ("SEARCH", HER_SUPERVISOR)
        await told.do(HER_SUPERVISOR, "ResolveSearch", case, resolution="FOUND", office_id=ELSEWHERE, on=told.day())
        await told.do(ELSEWHERE, "ConfirmFound", case)
    assert await told.stands(son) == ("FOLLOW_UP", ELSEWHERE)
    assert not await parted(told, son)
    assert await relatives(told, THEIR_SUPERVISOR, son) == [(await told.number(mother), True)]
