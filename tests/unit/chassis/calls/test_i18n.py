"""Texts for the reader: complete, with the same placeholders, and English when there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.calls import i18n
from services.chassis.calls.i18n import (
    SERVER_REASONS,
    Catalogue,
    catalogue_files,
    error_text,
    server_reason_text,
    translator,
    untranslated,
    violation_text,
)
from services.chassis.kernel.case_number import InvalidCaseNumber
from services.chassis.kernel.errors import FieldViolation, HomewardError, TooManyRequests

ROOT = Path(i18n.__file__).parents[3]
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'

# In a process of its own, so that only what the product defines counts, and not what tests do.
IMPORT_EVERYTHING = """
import importlib, pathlib, sys
from services.chassis.calls.i18n import untranslated
for path in sorted(pathlib.Path("services").rglob("*.py")):
    module = path.with_suffix("").parts
    if "kernel.errors" in path.read_text():
        importlib.import_module(".".join(module).removesuffix(".__init__"))
print("\\n".join(untranslated("vi")))
"""


def po(folder: Path, name: str, *entries: tuple[str, str, str]) -> Path:
    path = folder / name
    body = "\n\n".join(f'msgctxt "{c}"\nmsgid "{code}"\nmsgstr "{text}"' for c, code, text in entries)
    path.write_text(HEADER + body + "\n", encoding="utf-8")
    return path


def test_every_error_and_violation_has_a_vietnamese_text_with_the_same_placeholders() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'proto' / 'gen'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_no_text_is_the_english_one() -> None:
    for code, sentence in SERVER_REASONS.items():
        assert server_reason_text(code, "en") == sentence
        assert server_reason_text(code, "vi") != sentence


def test_an_error_speaks_both_languages() -> None:
    error = TooManyRequests(retry_after_seconds="3")
    assert error_text(error, "en") == "Too many requests at once; try again in 3 seconds."
    assert error_text(error, "vi") == "Có quá nhiều yêu cầu cùng lúc; đề nghị thử lại sau 3 giây."


def test_a_violation_speaks_both_languages() -> None:
    violation = FieldViolation(2, "name", "TOO_LONG", {"limit": "200"})
    assert violation_text(violation, "en") == "This may have at most 200 characters."
    assert violation_text(violation, "vi") == "Không được quá 200 ký tự."


def test_words_in_placeholders_are_translated_too() -> None:
    error = InvalidCaseNumber(problem="it is empty")
    assert "chưa có nội dung" in error_text(error, "vi")


def test_without_a_text_the_reader_gets_english(monkeypatch: pytest.MonkeyPatch) -> None:
    class NobodyTranslatedThis(HomewardError):
        """Nobody translated {this}."""

    assert error_text(NobodyTranslatedThis(this="sentence"), "vi") == "Nobody translated sentence."
    assert not any("NOBODY_TRANSLATED_THIS" in problem for problem in untranslated("vi"))
    monkeypatch.setattr(NobodyTranslatedThis, "__module__", "services.example")
    assert any("NOBODY_TRANSLATED_THIS" in problem for problem in untranslated("vi"))


def test_a_text_that_asks_for_more_than_there_is_is_not_used(tmp_path: Path) -> None:
    texts = Catalogue(po(tmp_path, "vi.po", ("error", "X", "thiếu {unknown}")), language="vi")
    assert texts.template("error", "X") == "thiếu {unknown}"
    assert texts.text("error", "X", {}) is None


def test_files_are_merged_and_contexts_kept_apart(tmp_path: Path) -> None:
    one = po(tmp_path, "one.po", ("error", "A", "lỗi A"), ("title", "A", "tiêu đề A"))
    two = po(tmp_path, "two.po", ("error", "B", "lỗi B"))
    texts = translator(one, two, language="vi")
    assert texts.text("error", "A", {}) == "lỗi A"
    assert texts.text("title", "A", {}) == "tiêu đề A"
    assert texts.text("error", "B", {}) == "lỗi B"
    assert texts.text("title", "B", {}) is None
    assert texts.text("error", "", {}) is None
    assert translator(one, two, language="vi") is texts


def test_one_code_cannot_have_two_texts(tmp_path: Path) -> None:
    one = po(tmp_path, "one.po", ("error", "A", "một"))
    two = po(tmp_path, "two.po", ("error", "A", "hai"))
    with pytest.raises(ValueError, match="two texts"):
        Catalogue(one, two, language="vi")


def test_a_fuzzy_text_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "vi.po"
    path.write_text(HEADER + '#, fuzzy\nmsgctxt "error"\nmsgid "A"\nmsgstr "có lẽ"\n', encoding="utf-8")
    assert Catalogue(path, language="vi").template("error", "A") is None


def test_catalogues_of_all_services_are_found() -> None:
    assert ROOT / "services" / "chassis" / "locale" / "vi" / "errors.po" in catalogue_files("vi")
