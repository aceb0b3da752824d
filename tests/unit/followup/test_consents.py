"""Which consents a visit needs, and what it says of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.words import ConsentGiver, ConsentPurpose
from services.followup.domain import consents
from services.followup.domain.care import Said
from services.followup.domain.consents import declined, needed_for, said_at
from services.followup.domain.entry import Entry, Finding, Kind, Outcome, Version
from services.followup.domain.events import ConsentSaid

DAY = date(2026, 5, 20)
FOUND = Finding(Kind.MONTHS_3, DAY, Outcome.SETTLED)
ENTRY = Entry(3, 1, 1, (Version(FOUND, "SA-01", datetime(2026, 5, 20, tzinfo=UTC)),))


def said(**changes: Any) -> Said:
    """An ordinary visit."""
    plain: dict[str, Any] = {
        "set_code": "FULL",
        "questionnaire_version": 1,
        "mode": "HOME",
        "visitor": "SOCIAL_WORKER",
        "consent": "GIVEN",
        "privacy": "ALONE",
        "interpreter": "NOT_NEEDED",
        "risk": "LOW",
        "risk_reason": "",
        "next_steps": ("AS_PLANNED",),
    }
    return Said(**plain | changes)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, ()),
        ({"visitor": "COLLABORATOR"}, (ConsentPurpose.COLLABORATOR,)),
        ({"set_code": "FAMILY"}, (ConsentPurpose.FAMILY_CONTACT,)),
        ({"set_code": "GROUP_MEMBER"}, (ConsentPurpose.GROUP,)),
        (
            {"set_code": "FAMILY", "visitor": "COLLABORATOR"},
            (ConsentPurpose.COLLABORATOR, ConsentPurpose.FAMILY_CONTACT),
        ),
        ({"set_code": "HOME_SAFETY"}, ()),
        ({"visitor": "COLLABORATOR", "risk": "IMMEDIATE"}, ()),
        ({"set_code": "FAMILY", "risk": "IMMEDIATE"}, ()),
        ({"visitor": "COLLABORATOR", "consent": "REFUSED"}, ()),
        ({"visitor": "COLLABORATOR", "risk": "HIGH"}, (ConsentPurpose.COLLABORATOR,)),
    ],
)
def test_what_a_visit_needs(changes: dict[str, Any], needed: tuple[ConsentPurpose, ...]) -> None:
    assert needed_for(said(**changes)) == needed


@pytest.mark.parametrize(
    ("code", "giver", "agreed"),
    [
        ("GIVEN", ConsentGiver.PERSON, True),
        ("GIVEN_IN_PART", ConsentGiver.PERSON, True),
        ("GUARDIAN", ConsentGiver.GUARDIAN, True),
        ("REFUSED", ConsentGiver.PERSON, False),
    ],
)
def test_her_word_at_a_visit_is_her_consent(code: str, giver: ConsentGiver, agreed: bool) -> None:
    assert said_at(ENTRY, said(consent=code), Outcome.SETTLED) == ConsentSaid(3, DAY, giver, 1, agreed)


def test_who_asks_not_to_be_visited_again_agrees_no_longer() -> None:
    assert said_at(ENTRY, said(consent="GIVEN"), Outcome.DECLINED) == ConsentSaid(3, DAY, ConsentGiver.PERSON, 1, False)
    assert declined(ENTRY) == ConsentSaid(3, DAY, ConsentGiver.PERSON, 0, False)


@pytest.mark.parametrize("set_code", ["FAMILY", "HOME_SAFETY", "CENTRE_EXIT"])
def test_a_visit_about_others_says_nothing_of_her(set_code: str) -> None:
    assert said_at(ENTRY, said(set_code=set_code), Outcome.SETTLED) is None


def test_the_rules_name_codes_that_there_are() -> None:
    asked = questionnaire()
    assert consents.ABOUT_HERSELF | consents.NEEDED_BY_SET.keys() <= asked.sets.keys()
    assert consents.COLLABORATOR in asked.codes("visitor")
    assert {consents.GUARDIAN, consents.REFUSED} <= asked.codes("consent")
