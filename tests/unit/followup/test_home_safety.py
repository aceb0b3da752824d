"""Whether somebody may be sent home: who decides, by how many, and how long it holds."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.errors import InvalidInput
from services.followup.domain import home_safety
from services.followup.domain.care import Answer
from services.followup.domain.home_safety import (
    Asked,
    HomeCheck,
    HomeCheckChanged,
    NothingToConfirm,
    OwnHomeCheck,
    Standing,
    Verdict,
    Wanted,
)
from tests.support.homes import CALM, GUARDIAN
from tests.unit.followup.cases import CALENDAR, DAY, HERE, morning

WORKER, SECOND = "worker@here", "second@here"
AT = morning(DAY)
ASKED_OF_ALL = tuple(one.id for one in questionnaire().of_set(home_safety.SET) if not one.child_only)
ADULT = Standing(uuid.UUID(int=7), "HW-7", HERE, "ADULT")
GIRL = replace(ADULT, age_band="UNDER_16")


def asked(guardian: str = "", signs: tuple[str, ...] = (), measures: tuple[str, ...] = (), **given: str) -> Asked:
    """Calm answers to all questions, but those given; "": not asked."""
    questions = questionnaire().questions
    codes = {one.id: CALM.get(one.id, "NO") for one in questionnaire().of_set(home_safety.SET)} | given
    said = tuple(Answer(question, (code,)) for question, code in codes.items() if code)
    topics = {one.question: questions[one.question].topic for one in said if questions[one.question].is_sealed}
    return Asked(said, signs, measures, guardian, topics=topics)


def checked(said: Asked, verdict: Verdict = Verdict.SAFE, stands: Standing = ADULT, **more: Any) -> HomeCheck:
    """A check of today."""
    questions = (*ASKED_OF_ALL, "H14") if stands.is_child else ASKED_OF_ALL
    wanted = Wanted("SA-22", DAY, verdict, 1, **more)
    return home_safety.check(
        stands, 1, wanted, said, by=HERE, subject=WORKER, now=AT, calendar=CALENDAR, questions=questions
    )


def test_a_safe_home_is_safe_for_thirty_days() -> None:
    check = checked(asked())
    assert (check.verdict, check.holds_until) == (Verdict.SAFE, DAY + timedelta(days=30))
    assert not check.is_undecided


@pytest.mark.parametrize("question", ["H02", "H03", "H04", "H05", "H06", "H07", "H08"])
def test_a_yes_about_family_trafficker_or_debt_takes_a_second_person(question: str) -> None:
    check = checked(
        asked(signs=("RF15",), measures=("OTHER_PROVINCE",), **{question: "YES"}), Verdict.WARNING_SIGNS_DECIDED
    )
    assert (check.verdict, check.holds_until, check.awaits_second) == (Verdict.WARNING_SIGNS, None, True)
    agreed = home_safety.confirm(check, 1, agrees=True, subject=SECOND, now=AT)
    assert (agreed.verdict, agreed.holds_until) == (Verdict.WARNING_SIGNS_DECIDED, DAY + timedelta(days=30))
    refused = home_safety.confirm(check, 1, agrees=False, subject=SECOND, now=AT)
    assert (refused.verdict, refused.holds_until, refused.awaits_second) == (Verdict.WARNING_SIGNS, None, False)


@pytest.mark.parametrize("question", ["H10", "H13"])
def test_other_answers_take_one(question: str) -> None:
    given: Any = {question: "YES"}
    assert not checked(asked(**given)).awaits_second


def test_what_keeps_her_is_said_by_one() -> None:
    unsafe = checked(asked(H03="YES"), Verdict.NOT_SAFE)
    assert (unsafe.verdict, unsafe.holds_until, unsafe.awaits_second) == (Verdict.NOT_SAFE, None, False)
    undecided = checked(asked(H03="YES"), Verdict.WARNING_SIGNS)
    assert (undecided.verdict, undecided.holds_until, undecided.awaits_second) == (Verdict.WARNING_SIGNS, None, False)
    assert undecided.is_undecided


def test_a_child_takes_two_and_a_guardian_who_took_no_part() -> None:
    assert checked(asked(GUARDIAN), stands=GIRL).awaits_second
    assert checked(asked(GUARDIAN), stands=replace(GIRL, age_band="FROM_16_TO_17")).awaits_second
    for said in (asked(), asked(GUARDIAN, H14="NO"), asked(GUARDIAN, H14="UNSURE")):
        assert faults(said, stands=GIRL) == {("guardian", "NO_GUARDIAN")}
    assert faults(asked(GUARDIAN), Verdict.NOT_SAFE, GIRL, against_advice=True) == {
        ("against_advice", "CHILD_AGAINST_ADVICE")
    }


def test_against_advice_holds_as_long_as_any_verdict() -> None:
    check = checked(asked(), Verdict.NOT_SAFE, against_advice=True)
    assert (check.verdict, check.holds_until) == (Verdict.NOT_SAFE, DAY + timedelta(days=30))


def faults(said: Asked, verdict: Verdict = Verdict.SAFE, stands: Standing = ADULT, **more: Any) -> set[tuple[str, str]]:
    """What is wrong with a check: fields and codes."""
    with pytest.raises(InvalidInput) as caught:
        checked(said, verdict, stands, **more)
    return {(one.field, one.code) for one in caught.value.violations}


def test_what_cannot_be_said_of_a_home() -> None:
    assert faults(asked(H01="NO")) == {("verdict", "NOT_HER_WISH")}
    assert faults(asked(signs=("RF31",))) == {("verdict", "SIGNS_STAND")}
    assert faults(asked(H09="", H16="")) == {("answers", "ANSWERS_MISSING")}
    assert faults(asked(), Verdict.WARNING_SIGNS_DECIDED) == {("measures", "REQUIRED_WITH")}
    assert faults(asked(), against_advice=True) == {("against_advice", "NOT_ALLOWED_WITH")}
    # What keeps her may be said before everything was asked.
    assert checked(asked(H09="", H16=""), Verdict.NOT_SAFE).verdict is Verdict.NOT_SAFE


def test_the_second_person_is_another_one_and_knows_what_she_confirms() -> None:
    check = checked(asked(GUARDIAN), stands=GIRL)
    with pytest.raises(OwnHomeCheck):
        home_safety.confirm(check, 1, agrees=True, subject=WORKER, now=AT)
    with pytest.raises(HomeCheckChanged):
        home_safety.confirm(check, 2, agrees=True, subject=SECOND, now=AT)
    agreed = home_safety.confirm(check, 1, agrees=True, subject=SECOND, now=AT)
    with pytest.raises(NothingToConfirm):
        home_safety.confirm(agreed, 1, agrees=False, subject="third@here", now=AT)


@pytest.mark.parametrize(
    ("wants", "afraid", "guardian", "is_child", "verdict"),
    [
        ("YES", "NO", "", False, Verdict.SAFE),
        ("UNSURE", "NO", "", False, Verdict.WARNING_SIGNS),
        ("NO", "NO", "", False, Verdict.WARNING_SIGNS),
        ("YES", "YES", "", False, Verdict.WARNING_SIGNS),
        ("YES", "UNSURE", "", False, Verdict.WARNING_SIGNS),
        ("YES", "NOT_SAID", "", False, Verdict.WARNING_SIGNS),
        ("YES", "NO", "", True, Verdict.WARNING_SIGNS),
        ("YES", "NO", GUARDIAN, True, Verdict.SAFE),
    ],
)
def test_at_the_border_the_verdict_follows(
    wants: str, afraid: str, guardian: str, is_child: bool, verdict: Verdict
) -> None:
    said = Asked((Answer("H01", (wants,)), Answer("H05", (afraid,))), guardian=guardian)
    assert home_safety.short_verdict(said, is_child=is_child) is verdict
