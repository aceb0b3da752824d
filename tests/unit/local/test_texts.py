"""Every sentence of `homeward up` has a Vietnamese one, with the same placeholders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from services import local as launcher
from tests.support.catalogues import Sentence, problems_of_sentences, sentences


@cache
def marked() -> set[Sentence]:
    return sentences(Path(launcher.__file__).parent.glob("*.py"))


def test_the_sentences_are_found() -> None:
    assert ("Ctrl-C stops everything.",) in marked()


def test_every_sentence_has_its_text_and_no_text_is_for_nothing() -> None:
    assert problems_of_sentences(launcher.LOCALE / "vi.po", marked()) == []
