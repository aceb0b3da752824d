"""What the demonstration writes of visits is taken by whoever reads it."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.calls.fields import Fields
from services.chassis.country.directory import built_in_directory
from services.chassis.country.questionnaires import questionnaire
from services.chassis.country.reference_lists import demonstration_profile
from services.demo import care_requests
from services.demo.behaviour import Care, CasePlan, plan_cases
from services.demo.driver import MONTHS_3
from services.demo.population import make_year
from services.followup.api import saying

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def plans() -> tuple[CasePlan, ...]:
    profile, directory = demonstration_profile(), built_in_directory()
    return plan_cases(profile, make_year(profile, 60, 1, DAY, directory), 1, directory)


def test_every_form_is_complete_and_of_codes_that_there_are(plans: tuple[CasePlan, ...]) -> None:
    told: set[str] = set()
    for plan in plans:
        form = care_requests.visit_form(1, plan, "case", MONTHS_3, plan.three_months, DAY, 0)
        fields = Fields()
        said = saying.said_of(fields.at("content."), form.content, 0)
        saying.wishes_of(fields.at("wishes."), form.wishes)
        fields.done()
        assert (said.risk == "IMMEDIATE") == (plan.care is Care.DANGER)
        told.update(code for answer in said.answers for code in answer.codes)
    assert len(told) > 20, "invented, but not the same of everybody"
    assert care_requests.NOT_SAID in {each.code for each in questionnaire().common}


def test_a_form_that_is_sent_again_says_the_same(plans: tuple[CasePlan, ...]) -> None:
    first, again = [
        care_requests.visit_form(1, plans[0], "case", MONTHS_3, plans[0].three_months, DAY, 0) for _ in range(2)
    ]
    assert first == again
