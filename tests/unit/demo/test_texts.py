"""Every sentence of the demonstration has a Vietnamese one, with the same placeholders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from services import demo
from services.demo.numbers import LABELS
from services.demo.story import TELLINGS
from tests.support.catalogues import Sentence, problems_of_sentences, sentences


@cache
def marked() -> set[Sentence]:
    return sentences(Path(demo.__file__).parent.glob("*.py"))


def test_the_sentences_are_found() -> None:
    assert {(text,) for text in (*LABELS.values(), *(telling.title for telling in TELLINGS))} <= marked()


def test_every_sentence_has_its_text_and_no_text_is_for_nothing() -> None:
    assert problems_of_sentences(demo.LOCALE / "vi.po", marked()) == []
