"""What she agrees to goes with her from office to office, and what she withdraws is not done from that day on.

SUPPORT, section 0: each step can be refused without losing another; withdrawal stops what is to come.
"""

from __future__ import annotations

import uuid
from typing import Any

from homeward.followup.v1 import care_pb2
from services.chassis.country.questionnaires import questionnaire
from tests.integration.stories.story import CENTRE, HOME, NATION, Story
from tests.support import homes
from tests.support.country import request_of


async def says(told: Story, by: str, case: str, purpose: str, state: str) -> None:
    """She says something to a purpose; the text is read to who is asked."""
    read = {} if state == "WITHDRAWN" else {"text_version": 1}
    await told.do(by, "RecordConsent", case, purpose=purpose, state=state, **read)


async def stands(told: Story, case: str, by: str = NATION) -> dict[str, str]:
    """What stands, by purpose."""
    answer = await told.do(by, "GetConsents", case)
    names = {1: "GIVEN", 2: "REFUSED", 3: "WITHDRAWN"}
    return {one.purpose: names[one.state] for one in answer.consents if one.stands}


async def looks_in(told: Story, case: str, by: str = HOME, day: int = 0, **changed: Any) -> None:
    """A collaborator looks in, and asks nothing."""
    plain: dict[str, Any] = {
        "set": "FULL",
        "questionnaire_version": questionnaire().version,
        "mode": "HOME",
        "visitor": "COLLABORATOR",
        "consent": "GIVEN",
        "privacy": "ALONE",
        "interpreter": "NOT_NEEDED",
        "risk": "LOW",
        "next_steps": ["AS_PLANNED"],
    }
    content = care_pb2.VisitContent(**plain | changed)
    fields = {"outcome": "SETTLED", "extra": True, "content": content, "visited_on": told.day(day)}
    await told.do(by, "RecordVisit", case, **fields)


async def agrees_with_what_intake_says(told: Story, case: str) -> bool:
    """Whether those who refuse without a consent know what its owner knows."""
    sql = "SELECT consents FROM audit_consent WHERE case_id = :case"
    said = {str(await told.country.rows(service, sql, case=case)) for service in ("intake", "handover", "followup")}
    return len(said) == 1


async def test_what_she_agreed_to_in_the_centre_counts_at_home_until_she_withdraws_it(told: Story) -> None:
    case = await told.registers_herself(CENTRE)
    assert await told.refused(told.do(CENTRE, "AdmitPerson", case)) == "CONSENT_MISSING"
    await says(told, CENTRE, case, "STAY", "GIVEN")
    await told.do(CENTRE, "AdmitPerson", case)
    await says(told, CENTRE, case, "COLLABORATOR", "GIVEN")
    await says(told, CENTRE, case, "HOME_LOOK", "REFUSED")
    # The centre has told it before followup has heard of her at all.
    await told.arrived(await told.sent(case, HOME, CENTRE))
    assert await told.refused(says(told, CENTRE, case, "COLLABORATOR", "WITHDRAWN")) == "CASE_NOT_FOUND"
    await told.passes(10)
    await looks_in(told, case)
    await told.passes(5)
    await says(told, HOME, case, "COLLABORATOR", "WITHDRAWN")
    assert await told.refused(looks_in(told, case)) == "CONSENT_MISSING"
    await looks_in(told, case, day=-2)
    assert await stands(told, case) == {
        "STAY": "GIVEN",
        "COLLABORATOR": "WITHDRAWN",
        "HOME_LOOK": "REFUSED",
        "FOLLOW_UP": "GIVEN",
    }, "her word at the visit is one of them, and nobody typed it twice"
    assert await agrees_with_what_intake_says(told, case)


async def test_a_withdrawal_on_the_way_hinders_nobody_from_saying_where_she_is(told: Story) -> None:
    case = await told.registers_herself(CENTRE)
    await says(told, CENTRE, case, "STAY", "GIVEN")
    await told.do(CENTRE, "AdmitPerson", case)
    await told.sent(case, HOME, CENTRE)
    for purpose in ("STAY", "FOLLOW_UP"):
        # On the way the centre still answers for her, and she may say no to everything.
        await says(told, CENTRE, case, purpose, "WITHDRAWN" if purpose == "STAY" else "REFUSED")
    await told.arrived(case)
    assert (await told.follow_ups(case)).keys() == {"MONTHS_3", "YEARS_3"}, "the obligation stays"
    await told.do(HOME, "RecordContact", case, outcome="NOT_AT_ADDRESS")
    await looks_in(told, case, risk="IMMEDIATE", risk_reason="ví dụ")
    wishes = await told.do(HOME, "GetWishes", case)
    assert wishes.follow_up_consent_on, "and whoever goes is told first that she said no"
    assert await agrees_with_what_intake_says(told, case)


async def test_who_asks_not_to_be_visited_again_withdraws_by_that(told: Story) -> None:
    case = await told.at_home()
    await told.passes(85)
    await told.do(HOME, "RecordFollowUp", case, outcome="DECLINED", then="KEEP")
    assert await stands(told, case) == {"FOLLOW_UP": "REFUSED"}
    assert "FOLLOW_UP_3Y" not in await stands(told, case)
    assert (await told.follow_ups(case)).keys() == {"MONTHS_3", "YEARS_3"}


async def test_a_withdrawal_counts_before_it_is_heard(told: Story) -> None:
    case = await told.at_home()
    await told.passes(10)
    await says(told, HOME, case, "COLLABORATOR", "GIVEN")
    withdrawn: dict[str, Any] = {"case": case, "purpose": "COLLABORATOR", "state": "WITHDRAWN"}
    request = request_of("RecordConsent", request_id=str(uuid.uuid4()), **withdrawn)
    await told.country.services["intake"].call("RecordConsent", request, HOME)
    assert await told.refused(looks_in(told, case)) == "CONSENT_MISSING"


async def test_without_an_answer_what_was_heard_of_a_consent_counts_as_long_as_news_come_in_time(told: Story) -> None:
    case, woman = await told.at_home(), await told.registers_herself(CENTRE)
    await told.passes(10)
    await says(told, HOME, case, "COLLABORATOR", "GIVEN")
    await says(told, CENTRE, woman, "STAY", "GIVEN")
    told.country.neighbours.rooms.pop("intake")
    told.country.neighbours.news_are_late = True
    assert await told.refused(looks_in(told, case)) == "CONSENT_UNKNOWN"
    assert await told.refused(told.do(CENTRE, "AdmitPerson", woman)) == "CONSENT_UNKNOWN"
    told.country.neighbours.news_are_late = False
    await looks_in(told, case)
    await told.do(CENTRE, "AdmitPerson", woman)


async def test_without_an_answer_a_consent_that_was_not_heard_may_be_on_its_way(told: Story) -> None:
    case, woman = await told.at_home(), await told.registers_herself(CENTRE)
    await told.passes(10)
    told.country.neighbours.rooms.pop("intake")
    assert await told.refused(looks_in(told, case)) == "CONSENT_UNKNOWN"
    assert await told.refused(told.do(CENTRE, "AdmitPerson", woman)) == "CONSENT_UNKNOWN"


async def test_what_she_says_of_a_look_at_her_home_is_typed_once(told: Story) -> None:
    case = await told.registers_herself(CENTRE)
    asked = homes.full_check(case, HOME, answers=homes.answers(H16="NO"))
    await told.country.services["followup"].call("RecordHomeSafety", asked, CENTRE)
    await told.country.quiet("followup")
    assert await stands(told, case) == {"HOME_LOOK": "REFUSED"}
    assert await agrees_with_what_intake_says(told, case)


async def test_what_was_said_at_a_visit_is_taken_back_with_it(told: Story) -> None:
    case = await told.at_home()
    await told.passes(85)
    await says(told, HOME, case, "FOLLOW_UP", "GIVEN")
    await told.do(HOME, "RecordFollowUp", case, outcome="DECLINED", then="KEEP")
    assert await stands(told, case) == {"FOLLOW_UP": "WITHDRAWN"}
    await told.do(HOME, "TakeBackEntry", case, entry_number=1, reason="WRONG_CASE")
    assert await stands(told, case) == {"FOLLOW_UP": "GIVEN"}
    assert await agrees_with_what_intake_says(told, case)
