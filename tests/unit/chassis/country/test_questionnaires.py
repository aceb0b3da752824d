"""The questionnaire as it is packaged: ids, lists and sets that fit one another, and what the program leans on."""

from __future__ import annotations

import json
from importlib.resources import files

from services.chassis.country.questionnaires import (
    ANSWER_CHARS,
    FULL,
    QuestionKind,
    questionnaire,
    support_codes,
)
from services.chassis.country.reference_lists import warning_signs
from services.followup.api import saying
from services.followup.api.contacts import what_it_says
from services.followup.domain.care import FIRST_CONTACT_SET, IMMEDIATE
from services.followup.domain.entry import ContactOutcome, Outcome

ASKED = questionnaire()


def test_codes_that_the_program_leans_on_are_in_the_lists() -> None:
    assert {FULL, FIRST_CONTACT_SET} <= ASKED.sets.keys()
    assert {IMMEDIATE, saying._NOT_NEEDED} <= ASKED.codes("risk")
    assert ASKED.codes("interpreter") >= saying._INTERPRETED
    assert {saying._REFUSED, *saying._AGREED_IN_FULL} <= ASKED.codes("consent")
    assert saying._COLLABORATOR in ASKED.codes("visitor")
    assert ASKED.codes("visit_outcomes") == {each.value for each in Outcome} - {"NOT_REACHED"}


def test_what_attempts_say_follows_from_their_flags() -> None:
    said = {code: what_it_says(each) for code, each in ASKED.attempts.items()}
    for code, found in said.items():
        known = ASKED.attempts[code]
        assert (found is ContactOutcome.REACHED) == known.settles_first_contact
        assert (found in (ContactOutcome.REACHED, ContactOutcome.NOTED)) == (not known.failed)
    assert {said["NOT_AT_ADDRESS"], said["MOVED_AWAY"], said["NO_ANSWER"]} == {
        ContactOutcome.NOT_AT_ADDRESS,
        ContactOutcome.MOVED_AWAY,
        ContactOutcome.NOT_REACHED,
    }


def test_questions_fit_one_another() -> None:
    signs = {each.id for each in warning_signs()}
    for question in ASKED.questions.values():
        codes = {each.code for each in question.answers}
        assert bool(codes) == (question.kind is not QuestionKind.TEXT)
        assert question.sets <= ASKED.sets.keys()
        assert question.signs_if.keys() <= codes
        assert {sign for each in question.signs_if.values() for sign in each} <= signs
        for asked, given in question.ask_if.items():
            assert given <= {each.code for each in ASKED.questions[asked].answers}
        assert (question.kind is QuestionKind.PER_ITEM) == bool(question.items_of)
    assert "at most 1000 characters" in ASKED_FILE["kinds"]["TEXT"]
    assert ANSWER_CHARS == 1_000


def test_restricted_answers_and_texts_are_sealed_and_no_others() -> None:
    restricted = {row["id"] for row in ASKED_FILE["questions"] if row.get("restricted") or row["kind"] == "TEXT"}
    assert ASKED.sealed_questions == restricted
    assert {"Q09", "Q11", "Q36", "Q37", "Q39"} <= restricted


def test_an_answer_suggests_signs_and_nothing_is_summed() -> None:
    assert ASKED.suggested({"Q08": ["NO"], "Q37": ["BANK", "MONEYLENDER"], "Z9": ["NO"]}) == {"RF18", "RF03"}
    assert ASKED.suggested({"Q08": ["YES"]}) == frozenset()


def test_codes_of_support_have_words_in_both_languages() -> None:
    for codes in support_codes().values():
        assert all(code == each.code and each.vi and each.en for code, each in codes.items())
    assert {code for code, each in support_codes()["need_domain"].items() if each.restricted} >= {"MENTAL_HEALTH"}


ASKED_FILE = json.loads((files("services.chassis") / "reference" / "questionnaire.json").read_text(encoding="utf-8"))
