"""What the reader is told about a refusal: complete in each room, in English when there is no text."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import services
from services.chassis.calls.i18n import CHASSIS_ERRORS, DETAIL, ERROR, SERVER_REASONS, RefusalTexts
from services.chassis.kernel.case_number import InvalidCaseNumber
from services.chassis.kernel.errors import FieldViolation, HomewardError, TooManyRequests
from tests.support.catalogues import Code, coded, problems_of_codes, write_catalogue

SERVICES = Path(services.__path__[0])
ROOT = SERVICES.parent
ROOMS = {"chassis": CHASSIS_ERRORS} | {name: SERVICES / name / "locale" for name in ("intake", "handover", "followup")}
"""Those who have refusals of their own, and where the texts are."""
TEXTS = RefusalTexts()

# In a process of its own, so that only what the product defines counts, and not what tests do.
IMPORT_EVERYTHING = """
import importlib, json, pathlib, sys
from services.chassis.kernel import errors
register, registered = errors.register_violations, {}
def noted(descriptions):
    registered.update(dict.fromkeys(descriptions, sys._getframe(1).f_globals["__name__"]))
    register(descriptions)
errors.register_violations = noted
for path in sorted(pathlib.Path("services").rglob("*.py")):
    module = path.with_suffix("").parts
    if "kernel.errors" in path.read_text():
        importlib.import_module(".".join(module).removesuffix(".__init__"))
told = [("error", error.__module__, error.reason, error.sentence()) for error in errors.all_errors()]
told += [
    ("violation", registered.get(code, errors.__name__), code, text) for code, text in errors.VIOLATIONS.items()
]
print(json.dumps(told))
"""


@cache
def everything() -> Any:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'proto' / 'gen'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def room_of(module: str) -> str:
    name = module.split(".")[1]
    return name if name in ROOMS else "chassis"


def wanted_of(room: str) -> dict[Code, str]:
    found = {(context, code): text for context, module, code, text in everything() if room_of(module) == room}
    if room == "chassis":
        found |= {(ERROR, reason): text for reason, text in SERVER_REASONS.items()}
    return found


def test_every_refusal_has_a_vietnamese_text_in_its_room_and_no_text_is_for_nothing() -> None:
    problems = {}
    for room, folder in ROOMS.items():
        details = {code: "" for code in coded(folder / "vi.po") if code[0] == DETAIL}
        problems[room] = problems_of_codes(folder / "vi.po", wanted_of(room) | details)
    assert problems == {room: [] for room in ROOMS}
    assert len(everything()) > 80


def test_every_word_for_a_placeholder_is_one_that_the_code_says() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SERVICES.rglob("*.py"))
    words = {word for folder in ROOMS.values() for context, word in coded(folder / "vi.po") if context == DETAIL}
    assert words
    assert [word for word in sorted(words) if word not in sources] == []


def test_no_code_has_two_texts() -> None:
    kept = [code for folder in ROOMS.values() for code in coded(folder / "vi.po")]
    assert sorted(kept) == sorted(set(kept))


def test_no_text_is_the_english_one() -> None:
    for code, sentence in SERVER_REASONS.items():
        assert TEXTS.of_server(code, "en") == sentence
        assert TEXTS.of_server(code, "vi") != sentence


def test_an_error_speaks_both_languages() -> None:
    error = TooManyRequests(retry_after_seconds="3")
    assert TEXTS.of_error(error, "en") == "Too many requests at once; try again in 3 seconds."
    assert TEXTS.of_error(error, "vi") == "Có quá nhiều yêu cầu cùng lúc; đề nghị thử lại sau 3 giây."


def test_a_violation_speaks_both_languages() -> None:
    violation = FieldViolation(2, "name", "TOO_LONG", {"limit": "200"})
    assert TEXTS.of_violation(violation, "en") == "This may have at most 200 characters."
    assert TEXTS.of_violation(violation, "vi") == "Không được quá 200 ký tự."


def test_words_in_placeholders_are_translated_too() -> None:
    error = InvalidCaseNumber(problem="it is empty")
    assert "chưa có nội dung" in TEXTS.of_error(error, "vi")


class NobodyTranslatedThis(HomewardError):
    """Nobody translated {this}."""


def test_without_a_text_the_reader_gets_english() -> None:
    assert TEXTS.of_error(NobodyTranslatedThis(this="sentence"), "vi") == "Nobody translated sentence."


def test_a_service_has_texts_of_its_own(tmp_path: Path) -> None:
    body = 'msgctxt "error"\nmsgid "NOBODY_TRANSLATED_THIS"\nmsgstr "Chưa dịch {this}."'
    texts = RefusalTexts(write_catalogue(tmp_path, "vi", body))
    assert texts.of_error(NobodyTranslatedThis(this="câu"), "vi") == "Chưa dịch câu."
    assert texts.of_error(TooManyRequests(retry_after_seconds="3"), "vi").startswith("Có quá nhiều")


def test_a_text_that_asks_for_more_than_there_is_is_not_used(tmp_path: Path) -> None:
    body = 'msgctxt "error"\nmsgid "NOBODY_TRANSLATED_THIS"\nmsgstr "Chưa dịch {unknown}."'
    texts = RefusalTexts(write_catalogue(tmp_path, "vi", body))
    assert texts.of_error(NobodyTranslatedThis(this="x"), "vi") == "Nobody translated x."
