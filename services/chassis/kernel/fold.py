"""Comparing words without minding capitals, diacritics, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """A text reduced to plain lower-case letters, digits and single spaces: "Tỉnh Đắk-Lắk " is "tinh dak lak"."""
    decomposed = unicodedata.normalize("NFKD", text).replace("đ", "d").replace("Đ", "D")
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", letters.lower()).split())


def squeeze(text: str) -> str:
    """Folded and without spaces, for names written "H'Mông", "H Mông" or "Hmông"."""
    return fold(text).replace(" ", "")


def clean(text: str) -> str:
    """A text in composed form, trimmed, runs of blanks within a line made one, no control characters."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = (" ".join(line.replace("\u00a0", " ").split()) for line in composed.split("\n"))
    # Format characters (Cf) such as text direction and zero-width marks hide in names and never belong to them.
    return "\n".join("".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cf")) for line in lines).strip()
