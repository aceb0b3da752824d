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
    """Whether a text could be a name: two letters that show, none of them buried; no number, formula or other word."""
    plain = unicodedata.normalize("NFC", text).strip()
    letters = sum(1 for c in plain if unicodedata.category(c).startswith("L") and c not in _FILLERS)
    if letters < _LETTERS_MIN or _NO_BEGINNING.match(plain):
        return False
    marks = "".join("m" if unicodedata.category(c).startswith("M") else "-" for c in plain)
    if "m" * (_MARKS_MAX + 1) in marks:
        return False
    return " ".join(plain.lower().split()) not in _NO_NAMES
