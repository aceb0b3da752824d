"""Comparing words without minding capitals, diacritics, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from services.chassis.kernel.letters import one_way

_SOFT_HYPHEN: Final = "\u00ad"
"""No letter of a name, but ư in the fonts of old: kept until the letters were looked at."""


def exact(text: str) -> str:
    """A text as it is compared first: with its diacritics, without capitals, punctuation and the forms of signs.

    "Tỉnh  ĐẮK-LẮK" is "tỉnh đắk lắk".
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", one_way(text)).casefold())
    return " ".join("".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in _shown(plain)).split())


def fold(text: str) -> str:
    """A text reduced to plain lower-case letters, digits and single spaces: "Tỉnh Đắk-Lắk " is "tinh dak lak"."""
    decomposed = unicodedata.normalize("NFKD", one_way(text)).replace("đ", "d").replace("Đ", "D")
    letters = "".join(c for c in _shown(decomposed) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", letters.lower()).split())


def squeeze(text: str) -> str:
    """Folded and without spaces, for names written "H'Mông", "H Mông" or "Hmông"."""
    return fold(text).replace(" ", "")


def clean(text: str) -> str:
    """A text in composed form, trimmed, runs of blanks within a line made one, no control characters."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = (" ".join(line.replace("\u00a0", " ").split()) for line in composed.split("\n"))
    # Format characters (Cf) such as text direction and zero-width marks hide in names and never belong to them.
    return "\n".join("".join(c for c in line if c == _SOFT_HYPHEN or _is_seen(c)) for line in lines).strip()


def shown(text: str) -> str:
    """A cleaned text without the hyphens that show only at the end of a line."""
    return text.replace(_SOFT_HYPHEN, "")


def _shown(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf")
