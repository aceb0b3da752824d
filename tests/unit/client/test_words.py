"""Every code that a service may send has the officer's words, in both languages, and one of each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

import homeward
from services.chassis.calls.policy import full_name, policies_of, two_people_of
from services.chassis.country.reference_lists import warning_signs
from services.chassis.kernel.deadlines import RULE_VERSIONS, RULES, Basis, Unit
from services.chassis.kernel.roles import FacilityKind, Role
from services.chassis.kernel.texts import CHASSIS_TEXTS, LANGUAGES, Language, words_of
from services.chassis.service.lists_read import OVERSEERS, rows_of
from services.client import words
from services.client.contracts import CONTRACTS
from services.client.plain import short_name
from services.client.texts import texts_in
from services.client.words import Words
from tests.support.catalogues import coded, problems_of_codes
from tests.support.contract import MUTATIONS

LISTS = {name: each for name, each in vars(words).items() if isinstance(each, Words)}
NOT_SHOWN = {
    "Service": "which process serves or hears: of machines, not of cases",
    "Grade": "what a token says of a person: a refusal names them by their codes",
    "Direction": "what an officer asks for, not what she is told",
    "SearchEffect": "what follows from it is told in a sentence",
    "Togetherness": "what an officer decides, not what she is told",
    "DischargeDestination": "the place where she went is shown",
}
"""Enums of the protos without words, and why."""
OTHER_CODES = {
    "FacilityKind": {each.value for each in FacilityKind},
    "Role": {each.value for each in Role},
    "Unit": {each.value for each in Unit},
    "Basis": {each.value for each in Basis},
    "Rule": set(RULES),
    "TwoPeopleMethod": {name.rpartition("/")[2] for served in CONTRACTS.values() for name in two_people_of(served)},
    "List": {
        method.name
        for served in CONTRACTS.values()
        for contract in served
        for method in contract.methods
        if method.name.startswith("List")
        and rows_of(GetMessageClass(method.output_type)()) is not None
        and policies_of([contract])[full_name(method)].roles & OVERSEERS
    },
    "Method": {method.name for methods in MUTATIONS.values() for method in methods},
    "RuleSource": {rule.legal_source for versions in RULE_VERSIONS.values() for rule in versions},
    "WarningSign": {sign.id for sign in warning_signs()},
    "WarningSignGroup": {sign.group for sign in warning_signs()},
}
"""Codes of the shared kernel that go over the wire as text."""


def enums() -> Iterator[tuple[str, set[str]]]:
    """Every enum of the protos with its codes, at any depth."""
    for root in map(Path, homeward.__path__):
        for path in sorted(root.rglob("*_pb2.py")):
            module = import_module(".".join(("homeward", *path.relative_to(root).with_suffix("").parts)))
            yield from _enums_in(module.DESCRIPTOR, module.DESCRIPTOR.message_types_by_name.values())


def _enums_in(scope: Any, messages: Any) -> Iterator[tuple[str, set[str]]]:
    for enum in scope.enum_types_by_name.values():
        yield enum.name, {short_name(enum, number) for number in enum.values_by_number} - {""}
    for message in messages:
        yield from _enums_in(message, message.nested_types)


def test_every_code_of_every_enum_is_in_a_list_and_no_list_has_others() -> None:
    sent = dict(enums())
    assert len(sent) > 20
    sent = {name: codes for name, codes in sent.items() if name not in NOT_SHOWN} | OTHER_CODES
    listed: dict[str, set[str]] = {}
    for each in LISTS.values():
        listed.setdefault(each.name, set()).update(each)
    wrong = {name: codes ^ listed.get(name, set()) for name, codes in sent.items() if codes != listed.get(name)}
    assert wrong == {}
    others = {"EscalationLevel", "HomeAnswer", "HomeWait", "Board", "Ground", "Sex", "Relation", "Purpose"}
    assert listed.keys() - sent.keys() == others


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_list_has_its_word_and_no_word_is_for_nothing(language: Language) -> None:
    wanted = {(each.name, code): "" for each in LISTS.values() for code in each}
    assert problems_of_codes(CHASSIS_TEXTS / "words" / f"{language}.po", wanted) == []


def test_no_word_is_a_code_or_of_the_other_language() -> None:
    english, vietnamese = (coded(CHASSIS_TEXTS / "words" / f"{language}.po") for language in ("en", "vi"))
    same = {key for key, word in (*english.items(), *vietnamese.items()) if word == key[1]}
    # Where a rule comes from is no code, but said in English.
    assert {name for name, _ in same} == {"RuleSource"}
    assert [key for key, word in english.items() if word == vietnamese[key]] == []


def test_a_code_has_one_place_in_its_list() -> None:
    assert [name for name, each in LISTS.items() if len(set(each)) != len(each.codes)] == []


def test_words_are_read_back_as_what_they_mean() -> None:
    wrong = []
    for name, each in LISTS.items():
        if each in (words.RULES, words.RULE_SOURCES):
            continue  # The ends of three kinds of stay have one word, and nobody writes it; nor a source.
        for code in each:
            told = (str(words_of(language).template(each.name, code)) for language in LANGUAGES)
            said = (code, words.slug(code), *told)
            wrong += [(name, text) for text in said if words.find(each, text, "vi") != code]
    assert wrong == []


def test_other_words_mean_nothing() -> None:
    assert words.find(words.ESCORTS, "somebody", "vi") is None
    assert words.find(words.ESCORTS, "cán bộ") is None


def test_a_code_of_a_newer_service_is_shown_as_it_is() -> None:
    assert words.word(texts_in("vi"), words.PHASES, "FROM_A_LATER_VERSION") == "FROM_A_LATER_VERSION"


def test_a_warning_sign_is_said_in_english_as_its_source_says_it() -> None:
    said = {sign.id: words_of("en").template(words.WARNING_SIGNS.name, sign.id) for sign in warning_signs()}
    assert said == {sign.id: sign.text for sign in warning_signs()}
