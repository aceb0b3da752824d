"""Nobody is sent home before she was asked about it; and nobody who may be sold again is sent by one person's word."""

from __future__ import annotations

import uuid
from typing import Any

from homeward.handover.v1.journeys_pb2 import JourneyRow
from homeward.type.v1 import types_pb2 as types
from tests.integration.stories.story import CENTRE, ELSEWHERE, HOME, POST, Story
from tests.support import homes
from tests.support.country import request_of

GIRL = "2011-05-01"
"""Fifteen when she comes back."""


async def said(told: Story, method: str, request: Any, by: str, who: str) -> Any:
    """A call of followup by somebody of an office; what it says is heard."""
    answer = await told.country.services["followup"].call(method, request, by, subject=who)
    await told.country.quiet("followup")
    return answer


async def left(told: Story, case: str, to: str, by: str) -> Any:
    """She leaves, on the verdict that stands and no other."""
    fields: dict[str, Any] = {"case": case, "to_office_id": to, "expected_arrival_on": told.day(1)}
    request = request_of("DispatchTransfer", request_id=str(uuid.uuid4()), **fields)
    answer = await told.country.services["handover"].call("DispatchTransfer", request, by)
    await told.country.quiet("handover")
    return answer


async def test_a_girl_whose_uncle_sold_her_goes_where_two_people_say_that_she_may(told: Story) -> None:
    girl = await told.registered(birth_date=GIRL)
    # At the border: she is afraid, so she goes to a shelter, and home is out of question.
    afraid = homes.short_checks(homes.short_check(girl, HOME, afraid="YES"))
    await said(told, "RecordShortChecks", afraid, POST, "the post")
    assert await told.refused(left(told, girl, HOME, POST)) == "HOME_SAFETY_UNDECIDED"
    await left(told, girl, CENTRE, POST)
    await told.arrived(girl, CENTRE)

    # In the shelter: what the post was told counts no more, and one person decides nothing.
    assert await told.refused(left(told, girl, HOME, CENTRE)) == "HOME_NOT_CHECKED"
    uncle: dict[str, Any] = {"answers": homes.answers(H03="YES", H04="YES"), "warning_signs": ["RF14", "RF15"]}
    decided: dict[str, Any] = {"verdict": types.HOME_SAFETY_WARNING_SIGNS_DECIDED, "measures": ["OTHER_PROVINCE"]}
    first = homes.full_check(girl, HOME, **uncle, **decided)
    check = (await said(told, "RecordHomeSafety", first, CENTRE, "the counsellor")).check
    assert check.awaits_second
    own = said(told, "ConfirmHomeSafety", homes.confirmation(check), CENTRE, "the counsellor")
    assert await told.refused(own) == "OWN_HOME_CHECK"
    assert await told.refused(left(told, girl, HOME, CENTRE)) == "HOME_SAFETY_UNDECIDED"
    await said(told, "ConfirmHomeSafety", homes.confirmation(check, agrees=False), CENTRE, "the nurse")
    assert await told.refused(left(told, girl, HOME, CENTRE)) == "HOME_SAFETY_UNDECIDED"

    # Another province, with a guardian who took no part: two people say so.
    second = homes.full_check(girl, ELSEWHERE, **uncle, **decided)
    check = (await said(told, "RecordHomeSafety", second, CENTRE, "the counsellor")).check
    await said(told, "ConfirmHomeSafety", homes.confirmation(check), CENTRE, "the nurse")
    assert await told.refused(left(told, girl, HOME, CENTRE)) == "HOME_CHECKED_ELSEWHERE"
    await left(told, girl, ELSEWHERE, CENTRE)
    await told.arrived(girl, ELSEWHERE)
    assert await told.stands(girl) == ("FOLLOW_UP", ELSEWHERE)
    assert await told.makers(girl) == {ELSEWHERE}, "the visits follow her"
    # Her home province, where her family is, was told nothing of her.
    assert await told.inbox(HOME, girl) == []


async def asked_unheard(told: Story, case: str, afraid: str) -> None:
    """The post asked her, and nothing of it has reached handover yet."""
    request = homes.short_checks(homes.short_check(case, HOME, afraid=afraid))
    await told.country.services["followup"].call("RecordShortChecks", request, POST)


async def test_what_was_said_a_moment_ago_counts_before_it_is_heard(told: Story) -> None:
    case = await told.registered()
    await asked_unheard(told, case, "NO")
    await asked_unheard(told, case, "YES")
    assert await told.refused(left(told, case, HOME, POST)) == "HOME_SAFETY_UNDECIDED"
    await asked_unheard(told, case, "NO")
    assert (await left(told, case, HOME, POST)).transfer.travel.home_safety == types.HOME_SAFETY_SAFE


async def test_without_an_answer_what_was_heard_counts_as_long_as_news_come_in_time(told: Story) -> None:
    safe, unasked = await told.registered(), await told.registered()
    await told.country.home_checked(POST, safe, HOME)
    told.country.neighbours.rooms.pop("followup")
    told.country.neighbours.news_are_late = True
    assert await told.refused(left(told, safe, HOME, POST)) == "HOME_VERDICT_UNKNOWN"
    await left(told, unasked, CENTRE, POST)
    told.country.neighbours.news_are_late = False
    await left(told, safe, HOME, POST)
    not_heard = await told.registered()
    assert await told.refused(left(told, not_heard, HOME, POST)) == "HOME_VERDICT_UNKNOWN"


async def test_a_journey_asks_once_for_everybody(told: Story) -> None:
    people = [await told.registered() for _ in range(3)]
    for case in people:
        await asked_unheard(told, case, "NO")
    neighbours = told.country.neighbours
    asked: list[Any] = []
    ask = neighbours.ask

    async def counted(service: str, method: Any, request: Any) -> Any:
        asked.append(method.name)
        return await ask(service, method, request)

    neighbours.ask = counted  # type: ignore[method-assign]
    rows = [JourneyRow(case=case, to_office_id=HOME, expected_arrival_on=told.day(1)) for case in people]
    request = request_of("DispatchJourney", request_id=str(uuid.uuid4()), rows=rows)
    answer = await told.country.services["handover"].call("DispatchJourney", request, POST)
    assert len(answer.transfers) == len(people)
    assert asked == ["GetVerdicts"]
