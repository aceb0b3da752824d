"""Every sentence of the demonstration has a Vietnamese one, with the same placeholders."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import services.demo
from services.chassis.kernel.errors import placeholders
from services.demo.numbers import LABELS
from services.demo.story import TELLINGS

ROOM = Path(services.demo.__file__).parent
MARKS = ("t", "_t", "N_")


def sentences() -> Iterator[str]:
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def vietnamese() -> dict[str, str]:
    with (ROOM / "locale" / "vi.po").open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source, locale="vi", abort_invalid=True) if one.id}


SENTENCES = sorted({sentence for sentence in sentences() if sentence})


def test_the_sentences_are_found() -> None:
    assert set(SENTENCES) >= {*LABELS.values(), *(telling.title for telling in TELLINGS)}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_is_translated(sentence: str) -> None:
    text = vietnamese().get(sentence)
    assert text
    assert set(placeholders(text)) == set(placeholders(sentence))


def test_no_translation_is_left_over() -> None:
    assert set(vietnamese()) == set(SENTENCES)
