"""Words of a list of codes: as they are written first, and without their diacritics only where that is certain."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from services.chassis.kernel.fold import exact, squeeze

_NEAR_MIN_RATIO: Final = 0.75
_NEAR_MAX: Final = 2
_NEAR_MIN_LETTERS: Final = 3
_LONGEST: Final = 80
"""No entry of a list is longer; what is longer isn't compared."""


class Ambiguous(ValueError):
    """Without its diacritics a text may be several entries; `names` are theirs."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("several entries")
        self.names = tuple(names)


class WordList:
    """Spellings with the codes that they mean; of one spelling the first code counts.

    `names`: of the codes, for "did you mean". `codes`: those that are written in small letters too. `folded`: whether
    a code is found without the diacritics of its spellings; of a long list, only those that people do mean.
    """

    def __init__(
        self,
        spellings: Iterable[tuple[str, str]],
        *,
        names: Mapping[str, str] | None = None,
        codes: Iterable[str] = (),
        folded: Callable[[str], bool] = lambda _code: True,
    ) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, dict[str, None]] = {}
        self._names = names or {}
        for spelling, code in spellings:
            self._exact.setdefault(exact(spelling), code)
            if folded(code):
                self._add_folded(spelling, code)
        self._near = {squeeze(re.sub(r"\(.*\)", "", name)): name for name in self._names.values()}
        for code in codes:
            self._add_folded(code, code)
            if code.islower():
                self._exact.setdefault(code, code)

    def _add_folded(self, spelling: str, code: str) -> None:
        if word := squeeze(spelling):
            self._folded.setdefault(word, {})[code] = None

    def knows(self, text: str) -> bool:
        """Whether a text means an entry for certain."""
        try:
            return self.find(text) is not None
        except Ambiguous:
            return False

    def find(self, text: str) -> str | None:
        """The code that a text means, None for none. Raises Ambiguous.

        What stands in brackets is left out only if the rest alone, or what is in them, says the same.
        """
        if len(text) > _LONGEST:
            return None
        variants = dict.fromkeys((text, re.sub(r"\([^()]*\)", " ", text)))
        for variant in variants:
            if code := self._exact.get(exact(variant)):
                return code
        for variant in variants:
            if found := self._folded.get(squeeze(variant), {}) if _is_latin(variant) else {}:
                if len(found) > 1:
                    raise Ambiguous(self._names.get(code, code) for code in found)
                return next(iter(found))
        return None

    def near(self, text: str) -> tuple[str, ...]:
        """The names of entries that are spelt almost so, at most two."""
        word = squeeze(text)
        if not _NEAR_MIN_LETTERS <= len(word) <= _LONGEST:
            return ()
        close = difflib.get_close_matches(word, self._near, n=_NEAR_MAX, cutoff=_NEAR_MIN_RATIO)
        ratios = [difflib.SequenceMatcher(None, word, each).ratio() for each in close]
        # The nearest, and another only if it is as near.
        return tuple(self._near[each] for each, ratio in zip(close, ratios, strict=True) if ratio > ratios[0] - 0.05)


def _is_latin(text: str) -> bool:
    """Whether nothing of a text is lost when it is folded: of 中a only the a would be left."""
    return all(not letter.isalnum() or squeeze(letter) for letter in text)
