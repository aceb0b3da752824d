"""What may be a person's name: the same for files and for what programs send."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS_MIN: Final = 2
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
"""Letters by their class that show nothing."""
_MARKS_MAX: Final = 5
"""No script of the region puts more signs over and under one letter."""
_NO_BEGINNING: Final = re.compile(r"[=+\-@\d]")
_NUMBER: Final = re.compile(r"\d(?:[\s.\-]?\d){3}")
"""A year, a telephone, the number of a paper."""
_SEVERAL: Final = re.compile(
    r"[^\W\d_]{2,}[^;,&+()/|]*(?:[;,&+/|]|\s(?:và|and|cùng|với)\s|\s[-–]\s(?=\s*\S+\s+\S))\s*"
    r"(?:\d{1,2}\s*)?[^\W\d_]{2,}"
    r"|\(\s*(?:con|cùng|kèm|bế|với)\b",
    re.IGNORECASE,
)
_NO_NAMES: Final = frozenset(
    (
        *(
            "nữ",
            "female",
            "male",
            "woman",
            "man",
            "không rõ",
            "chưa rõ",
            "không biết",
            "không có",
            "không nhớ",
            "không",
        ),
        *("không nhớ", "chưa biết", "khong ro", "chua ro", "unknown", "null", "none", "nan", "n/a", "nil", "undefined"),
        *(
            "false",
            "họ và tên",
            "họ tên",
            "ho va ten",
            "full name",
            "name",
            "có",
            "việt nam",
            "trung quốc",
            "campuchia",
        ),
    )
)
"""Words of other columns, and what programs write for nothing."""


def is_name(text: str) -> bool:
    """Whether a text could be a name: two letters that show, none of them buried; no number, formula or other word.

    No word of a name is written in two alphabets: letters of another that look like ours were typed by mistake.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    letters = sum(1 for c in plain if unicodedata.category(c).startswith("L") and c not in _FILLERS)
    if letters < _LETTERS_MIN or _NO_BEGINNING.match(plain):
        return False
    marks = "".join("m" if unicodedata.category(c).startswith("M") else "-" for c in plain)
    if "m" * (_MARKS_MAX + 1) in marks:
        return False
    if _NUMBER.search(plain) or any(_is_mixed(word) for word in plain.split()):
        return False
    return " ".join(plain.lower().split()) not in _NO_NAMES


def may_be_several(text: str) -> bool:
    """Whether a name may be those of several people: "Nguyễn Thị Ví Dụ và con", "Lò Thị A; Lò Văn B"."""
    return _SEVERAL.search(unicodedata.normalize("NFC", text)) is not None


def _is_mixed(word: str) -> bool:
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    return len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1
