"""Texts out of compiled catalogues: what wins, what is filled, what there is when there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.kernel import texts
from services.chassis.kernel.texts import Texts, texts_of, words_of
from tests.support.catalogues import write_catalogue

ROOT = Path(texts.__file__).parents[3]


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return write_catalogue(
        tmp_path / "ours",
        "vi",
        """
msgid "Received {what}"
msgstr "Đã nhận {what}"

msgid "{count} line"
msgid_plural "{count} lines"
msgstr[0] "{count} dòng"

msgctxt "error"
msgid "LATE"
msgstr "quá hạn {day}"

msgctxt "state"
msgid "LATE"
msgstr "trễ"

#, fuzzy
msgid "Perhaps"
msgstr "Có lẽ"
""",
    )


@pytest.fixture
def of_all(tmp_path: Path) -> Path:
    body = 'msgid "Received {what}"\nmsgstr "Tiếp nhận {what}"\n\nmsgid "Yes"\nmsgstr "Có"'
    return write_catalogue(tmp_path / "of_all", "vi", body)


def test_the_first_catalogue_wins_and_the_others_fill_its_gaps(ours: Path, of_all: Path) -> None:
    assert Texts("vi", ours, of_all)("Received {what}", what="x") == "Đã nhận x"
    assert Texts("vi", of_all, ours)("Received {what}", what="x") == "Tiếp nhận x"
    assert Texts("vi", ours, of_all)("Yes") == "Có"


def test_without_a_text_the_reader_gets_english(ours: Path) -> None:
    assert Texts("vi", ours)("No {word} yet", word="text") == "No text yet"
    assert Texts("vi", ours)("Perhaps") == "Perhaps"
    assert Texts("en", ours)("Received {what}", what="x") == "Received x"
    assert Texts("vi")("Yes") == "Yes"


def test_braces_without_values_are_left_alone(ours: Path) -> None:
    assert Texts("en")("{not a placeholder}") == "{not a placeholder}"
    assert Texts("vi", ours)("Received {what}") == "Đã nhận {what}"


def test_numbers_have_their_forms(ours: Path) -> None:
    forms = ("{count} line", "{count} lines")
    assert [Texts("en").plural(*forms, count) for count in (0, 1, 2)] == ["0 lines", "1 line", "2 lines"]
    assert [Texts("vi", ours).plural(*forms, count) for count in (0, 1, 2)] == ["0 dòng", "1 dòng", "2 dòng"]


def test_codes_have_contexts(ours: Path) -> None:
    found = Texts("vi", ours)
    assert found.template("error", "LATE") == "quá hạn {day}"
    assert found.template("state", "LATE") == "trễ"
    assert found.template("place", "LATE") is None
    assert found.filled("error", "LATE", {"day": "1/3", "more": "x"}) == "quá hạn 1/3"
    assert found.filled("error", "LATE", {}) is None
    assert found.filled("error", "EARLY", {}) is None


def test_an_empty_text_is_not_the_header_of_a_catalogue(ours: Path) -> None:
    assert Texts("vi", ours)("") == ""
    assert Texts("vi", ours).template("error", "") is None


def test_templates_of_pages_find_what_they_call(ours: Path) -> None:
    found = Texts("vi", ours)
    assert found.gettext("Received {what}") == "Đã nhận {what}"
    assert found.ngettext("{count} line", "{count} lines", 2) == "{count} dòng"
    assert found.pgettext("state", "LATE") == "trễ"
    assert found.npgettext("state", "one", "many", 2) == "many"


def test_a_catalogue_that_is_not_compiled_is_missed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Texts("vi", tmp_path)("Yes")


def test_texts_are_read_once_and_when_asked_for(tmp_path: Path, ours: Path) -> None:
    assert texts_of("vi", ours) is texts_of("vi", ours)
    Texts("vi", tmp_path)


def test_words_speak_both_languages() -> None:
    assert words_of("en").template("CasePhase", "ARRIVED") == "arrived"
    assert words_of("vi").template("CasePhase", "ARRIVED") == "đã đến nơi"


def test_the_compiled_catalogues_are_in_step() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "compile_texts.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_process_reads_sources_of_texts() -> None:
    program = (
        "import sys; from services.chassis.calls import server; from services.notify import rendering; "
        "from services.chassis.calls.i18n import RefusalTexts; from services.client.texts import texts_in; "
        "rendering.texts('vi')('x'); RefusalTexts().of_server('INTERNAL', 'vi'); texts_in('vi')('x'); "
        "sys.exit('babel' in sys.modules)"
    )
    path = f"{ROOT}:{ROOT / 'proto' / 'gen'}"
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": path}, check=False)
    assert done.returncode == 0
