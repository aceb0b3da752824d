"""Every sentence that an operator may read has a Vietnamese one, with the same placeholders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from services import operate
from services.operate.audit_rules import Code
from services.operate.audit_texts import EXPLANATIONS
from tests.support.catalogues import Sentence, problems_of_sentences, sentences


@cache
def marked() -> set[Sentence]:
    return sentences(Path(operate.__file__).parent.glob("*.py"))


def test_the_sentences_are_found() -> None:
    assert len(marked()) > 150
    assert ("In production set {variable}.",) in marked()


def test_every_sentence_has_its_text_and_no_text_is_for_nothing() -> None:
    assert problems_of_sentences(operate.LOCALE / "vi.po", marked()) == []


def test_each_code_of_the_audit_is_explained() -> None:
    assert set(EXPLANATIONS) == set(Code)
