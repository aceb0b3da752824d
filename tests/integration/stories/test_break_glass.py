"""A supervisor reads somebody by break-glass: everybody concerned learns it, until another office has reviewed it."""

from __future__ import annotations

from typing import Any

import pytest

from homeward.intake.v1 import cases_pb2
from tests.integration.intake.people import INVENTED_NAME, person, submission
from tests.support.clocks import FakeClock
from tests.support.country import Country, country_of
from tests.support.fixtures import ChassisFor, ServiceDatabase

POST, PROVINCE, OPENER, NATION = "BP-CN-HUU-NGHI", "SV-20", "SV-08", "SV-NATIONAL"
"""OPENER is the supervisor of her home province, PROVINCE that of the post."""


@pytest.fixture
def country(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Country:
    """Nobody is in it yet."""
    return country_of(service_database, chassis_for, clock)


async def asked(country: Country, office_id: str) -> list[tuple[str, int, str]]:
    """What the inbox of an office asks for about it: kind, how often it was reminded, what it is about."""
    found = await country.do(office_id, "ListMessages", to_do_only=True)
    return [(one.kind, one.reminders, one.break_glass_id) for one in found.messages if one.break_glass_id]


async def test_it_is_asked_of_others_until_one_of_them_reviewed_it(country: Country) -> None:
    answer: Any = await country.call("intake", "SubmitHandover", submission(person(), at=country.clock.now()), POST)
    case = answer.receipt.entries[0].case_id
    one = (await country.do(OPENER, "OpenBreakGlass", case=case, reason="DANGER")).break_glass.break_glass_id
    seen = (await country.do(OPENER, "GetCase", case=case, include_identity=True, break_glass_id=one)).case
    assert (seen.person.full_name, seen.identity_view) == (INVENTED_NAME, cases_pb2.IDENTITY_VIEW_FULL)
    for office_id in (PROVINCE, NATION):
        assert await asked(country, office_id) == [("BREAK_GLASS_TO_REVIEW", 0, one)], office_id
    assert await asked(country, OPENER) == []
    told = [message.kind for message in (await country.do(POST, "ListMessages")).messages]
    assert "BREAK_GLASS_OPENED" in told
    await country.passes(4)
    assert await asked(country, NATION) == [("BREAK_GLASS_REVIEW_OVERDUE", 1, one)]
    await country.passes(3)
    assert await asked(country, NATION) == [("BREAK_GLASS_REVIEW_OVERDUE", 2, one)]
    await country.do(PROVINCE, "ReviewBreakGlass", break_glass_id=one, verdict="UNJUSTIFIED")
    for office_id in (PROVINCE, NATION):
        assert await asked(country, office_id) == [], office_id
    told = [message.kind for message in (await country.do(OPENER, "ListMessages")).messages]
    assert "BREAK_GLASS_UNJUSTIFIED" in told
    await country.passes(7)
    assert await asked(country, NATION) == []
