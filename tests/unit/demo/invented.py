"""An invented year and its plans, as the tests look at them."""

from __future__ import annotations

from datetime import date
from functools import cache

from services.chassis.country.directory import built_in_directory
from services.chassis.country.reference_lists import demonstration_profile
from services.demo.behaviour import CasePlan, plan_cases
from services.demo.population import Returnee, Submission, make_year

FIRST_DAY = date(2026, 11, 23)
PEOPLE = 1_000


@cache
def year(people: int = PEOPLE, seed: int = 1) -> tuple[Submission, ...]:
    return make_year(demonstration_profile(), people, seed, FIRST_DAY, built_in_directory())


@cache
def plans(people: int = PEOPLE, seed: int = 1) -> tuple[CasePlan, ...]:
    return plan_cases(demonstration_profile(), year(people, seed), seed, built_in_directory())


def first_returns(people: int = PEOPLE) -> list[tuple[Submission, Returnee]]:
    """Everybody once: those who reappear, when they first came."""
    return [(one, person) for one in year(people) if not one.reappears for person in one.people]
