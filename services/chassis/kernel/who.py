"""Whether two records may be of one person, by name, sex and birth: what an office has before any number.

The reading of files and the service that registers compare alike. It is no proof: two women may share all three, so
whoever finds a likeness asks.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from services.chassis.kernel.fold import exact, fold

_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")
_WHOLE_BIRTH_CHARS: Final = 10


def name_key(full_name: str) -> str:
    """A name as it is compared: without capitals, diacritics, blanks that do not matter, and what stands in brackets.

    A name in letters that have no plain form is compared as it is written.
    """
    plain = _IN_BRACKETS.sub(" ", full_name) if not full_name.lstrip().startswith("(") else full_name
    return fold(plain) if _all_plain(plain) else exact(plain) or full_name.strip()


def births_agree(birth: str, other: str) -> bool:
    """Whether two births, YYYY, YYYY-MM or YYYY-MM-DD, agree as far as both are known; two empty ones do."""
    return birth == other or bool(birth and other and (birth.startswith(other) or other.startswith(birth)))


def is_whole(birth: str) -> bool:
    """Whether a birth is known to the day."""
    return len(birth) == _WHOLE_BIRTH_CHARS


def _all_plain(text: str) -> bool:
    """Whether folding keeps each of its letters: those of Chinese, Khmer or Lao would be gone."""
    plain = unicodedata.normalize("NFC", text)
    return sum(map(str.isalpha, plain)) <= sum(map(str.isalpha, fold(plain)))
