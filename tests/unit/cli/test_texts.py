"""Every text has a Vietnamese one with the same placeholders, click's own included."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import services.cli
from services.cli import LOCALE
from services.cli.click_texts import localise_click
from services.client import texts
from services.client.texts import choose_language, texts_in
from tests.support.catalogues import Sentence, problems_of_sentences, sentences

CLI = Path(services.cli.__file__).parent
ROOMS = (CLI, CLI.parent / "terminal")
CLICK_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
IN_ANOTHER_TEXT = ("Usage:",)
"""click has it inside another text, where extraction does not see it."""


@cache
def of_client() -> set[Sentence]:
    return sentences((CLI.parent / "client").rglob("*.py"))


@cache
def own() -> set[Sentence]:
    return sentences(path for room in ROOMS for path in room.rglob("*.py")) - of_client()


@cache
def of_click() -> set[Sentence]:
    return sentences(Path(click.__file__).parent / f"{name}.py" for name in CLICK_MODULES) | {IN_ANOTHER_TEXT}


def test_the_extraction_finds_texts() -> None:
    assert len(own()) > 400
    assert len(of_client()) > 200
    assert len(of_click()) > 40


def test_every_text_has_its_vietnamese_one_and_none_is_for_nothing() -> None:
    assert problems_of_sentences(LOCALE / "vi.po", own()) == []


def test_every_text_that_fronts_share_has_its_vietnamese_one_and_none_is_for_nothing() -> None:
    assert problems_of_sentences(texts.LOCALE / "vi.po", of_client()) == []


def test_every_text_of_click_has_its_vietnamese_one_and_none_is_for_nothing() -> None:
    assert problems_of_sentences(LOCALE / "vi" / "LC_MESSAGES" / "messages.po", of_click()) == []


@pytest.mark.parametrize(
    ("arguments", "environ", "language"),
    [
        (["--lang", "vi", "cases"], {}, "vi"),
        (["cases", "--lang=vi"], {"HOMEWARD_LANG": "en"}, "vi"),
        (["cases", "--lang", "de"], {"HOMEWARD_LANG": "vi"}, "en"),
        (["cases"], {"HOMEWARD_LANG": "vi", "LANG": "en_US.UTF-8"}, "vi"),
        (["cases"], {"HOMEWARD_LANG": "de", "LANG": "vi_VN.UTF-8"}, "vi"),
        (["cases"], {"LC_ALL": "en_GB.UTF-8", "LANG": "vi_VN"}, "en"),
        (["cases"], {"LANG": "C.UTF-8"}, "en"),
        (["close", "--", "--lang", "vi"], {"LANG": "C"}, "en"),
    ],
)
def test_the_language_is_chosen_by_option_variable_and_locale(
    arguments: list[str], environ: dict[str, str], language: str
) -> None:
    assert choose_language(arguments, environ) == language


def test_numbers_have_their_forms() -> None:
    english, vietnamese = texts_in("en", LOCALE), texts_in("vi", LOCALE)
    assert english.plural("{count} line.", "{count} lines.", 1) == "1 line."
    assert english.plural("{count} line.", "{count} lines.", 2) == "2 lines."
    assert vietnamese.plural("{count} line.", "{count} lines.", 2) == "2 dòng."


@pytest.fixture
def language_as_before() -> Iterator[None]:
    before = os.environ.get("LANGUAGE", "en")
    yield
    os.environ["LANGUAGE"] = before


@pytest.mark.usefixtures("language_as_before")
def test_click_speaks_the_language() -> None:
    command = click.Command("x", params=[click.Argument(["file"])], help="?")
    localise_click("vi")
    with pytest.raises(click.UsageError) as caught:
        command.main([], standalone_mode=False)
    assert caught.value.format_message() == "Thiếu tham số 'FILE'."
    assert command.get_help(click.Context(command, info_name="x")).startswith("Cách dùng: x")
    with pytest.raises(click.UsageError) as plural:
        command.main(["a", "b", "c"], standalone_mode=False)
    assert plural.value.format_message() == "Tham số thừa: (b c)"
    localise_click("en")
    assert caught.value.format_message() == "Missing argument 'FILE'."
