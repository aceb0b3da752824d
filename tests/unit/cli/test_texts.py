"""Every text has a Vietnamese one with the same placeholders, click's own included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import services.cli
import services.client
from services.client.texts import OF_CLICK, Translator, choose_language, localise_click, translator

CLI = Path(services.cli.__file__).parent
CLIENT = Path(services.client.__file__).parent
OWN_ROOMS = (
    CLI,
    CLI / "commands",
    CLIENT,
    CLIENT / "journey_file",
    CLIENT / "people_file",
    CLIENT / "shown",
)
CLICK_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
KEYWORDS = {"_": None, "N_": None, "_translate": None, "translator": None, "plural": (1, 2), "ngettext": (1, 2)}

Message = tuple[str, ...]


def messages(paths: Iterator[Path]) -> set[Message]:
    """All texts that these files mark, each as its singular and, where there is one, its plural."""
    found: set[Message] = set()
    for path in paths:
        for _, text, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            found.add((text,) if isinstance(text, str) else tuple(text))
    return found


OWN = messages(path for room in OWN_ROOMS for path in room.glob("*.py"))
CLICKS = messages(Path(click.__file__).parent / f"{name}.py" for name in CLICK_MODULES) | {(text,) for text in OF_CLICK}
with (CLI / "locale" / "vi.po").open("rb") as source:
    CATALOGUE = read_po(source, locale="vi", abort_invalid=True)


def placeholders(text: str) -> set[str]:
    """Names of the {placeholders} and %(placeholders)s of a text."""
    percent = set(re.findall(r"%\((\w+)\)s", text))
    return percent | {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("message", sorted(OWN | CLICKS), ids=lambda message: message[0][:40])
def test_every_text_has_a_vietnamese_one(message: Message) -> None:
    entry = CATALOGUE.get(message[0])
    assert entry is not None, "add it to services/cli/locale/vi.po"
    text = entry.string if isinstance(entry.string, str) else (entry.string or [""])[0]
    assert text
    assert not entry.fuzzy
    if len(message) == 1:
        assert placeholders(text) == placeholders(message[0])
    else:
        # English has forms of its own for one and for many; the Vietnamese one serves both.
        assert placeholders(text) <= placeholders(message[0]) | placeholders(message[1])


def test_no_vietnamese_text_is_left_over() -> None:
    wanted = {message[0] for message in OWN | CLICKS}
    kept = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in CATALOGUE if entry.id}
    assert kept - wanted == set()


def test_the_extraction_finds_texts() -> None:
    assert len(OWN) > 500
    assert ("Usage:",) in CLICKS


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
    english, vietnamese = translator("en"), translator("vi")
    assert english.plural("{count} line.", "{count} lines.", 1) == "1 line."
    assert english.plural("{count} line.", "{count} lines.", 2) == "2 lines."
    assert vietnamese.plural("{count} line.", "{count} lines.", 2) == "2 dòng."


def test_a_text_without_a_translation_is_shown_in_english() -> None:
    assert Translator("vi", {})("not {word} yet", word="there") == "not there yet"


def test_braces_without_values_are_left_alone() -> None:
    assert Translator("en", {})("{not a placeholder}") == "{not a placeholder}"


@pytest.fixture
def english_afterwards() -> Iterator[None]:
    yield
    localise_click(translator("en"))


@pytest.mark.usefixtures("english_afterwards")
def test_click_speaks_the_language() -> None:
    command = click.Command("x", params=[click.Argument(["file"])])
    localise_click(translator("vi"))
    with pytest.raises(click.UsageError) as caught:
        command.main([], standalone_mode=False)
    assert caught.value.format_message() == "Thiếu tham số 'FILE'."
    localise_click(translator("en"))
    assert caught.value.format_message() == "Missing argument 'FILE'."


def test_a_room_has_words_of_its_own_before_those_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room" / "locale").mkdir(parents=True)
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
    (tmp_path / "cli" / "locale").mkdir(parents=True)
    (tmp_path / "cli" / "locale" / "vi.po").write_text(text.format("Received", "Tiếp nhận"), encoding="utf-8")
    (tmp_path / "room" / "locale" / "vi.po").write_text(text.format("Received", "Đã nhận"), encoding="utf-8")
    monkeypatch.setattr("services.client.texts._SERVICES", tmp_path)
    fresh = translator.__wrapped__
    assert fresh("vi", "room")("Received") == "Đã nhận"
    assert fresh("vi", "")("Received") == "Tiếp nhận"
    assert fresh("vi", "elsewhere")("Received") == "Tiếp nhận"
    assert fresh("en", "room")("Received") == "Received"
