"""SUPPORT's story 2: her wishes are read before anybody tries, and nothing on paper or on the way tells of her."""

from __future__ import annotations

import re
from typing import Any

from homeward.followup.v1 import care_pb2
from services.client import visit_file
from tests.integration.followup.test_care import content
from tests.integration.stories.story import HER_SUPERVISOR, HOME, NATION, Story
from tests.support.events import outbox_events

SAID = "chỉ gặp chị Hai ở chợ bịađặt"
WISHES = care_pb2.Wishes(how=["NO_UNIFORM", "NOT_THROUGH_FAMILY", "AGREED_STORY"], who=SAID, reason="hỏi mua lợn")
SECRETS = ("Nguyễn Thị Ví Dụ", "bịađặt", "hỏi mua lợn", "RF26", "TRAFFICKER_OR_BROKER", "NO_UNIFORM", "AT_RISK")
"""Her name, what she said, her signs, and what is done for her."""


async def test_no_attempt_is_on_record_before_her_wishes_are_read_and_nothing_tells_of_her(told: Story) -> None:
    case = await told.at_home()
    number = await told.number(case)
    assert (await told.do(HOME, "SetWishes", case, wishes=WISHES)).version == 1
    await told.passes(85)
    said = content(SAID, risk="IMMEDIATE")
    tries: dict[str, dict[str, Any]] = {
        "RecordContact": {"attempt": "NO_ANSWER", "mode": "HOME", "visitor": "SOCIAL_WORKER"},
        "RecordFollowUp": {"outcome": "AT_RISK"},
        "RecordVisit": {"outcome": "AT_RISK", "content": said},
    }
    for method, fields in tries.items():
        for read in (0, 2):
            trying = told.do(HOME, method, case, **fields, wishes_read=read)
            assert await told.refused(trying) == "WISHES_NOT_READ", method
    assert (await told.do(HOME, "GetStory", case)).entries == []

    read = await told.do(HOME, "GetWishes", case)
    assert set(read.wishes.how) == set(WISHES.how)
    await told.do(HOME, "RecordContact", case, **tries["RecordContact"], wishes_read=read.version)
    await told.do(HOME, "RecordVisit", case, **tries["RecordVisit"], wishes_read=read.version)
    assert len((await told.do(HOME, "GetStory", case)).entries) == 2

    assert re.fullmatch(rf"{number}\n\n(Q\d\d +_+\n)+", visit_file.sheet(number, "FULL"))
    events = [
        str(event.message)
        for service in told.country.services.values()
        for event in await outbox_events(service.chassis)
    ]
    messages = [str(each) for office in (HOME, HER_SUPERVISOR, NATION) for each in await told.inbox(office, case)]
    assert any("safety" in each.lower() for each in events), "the search looks at what was said"
    assert messages
    for text in (*events, *messages):
        assert not [secret for secret in SECRETS if secret in text], text
