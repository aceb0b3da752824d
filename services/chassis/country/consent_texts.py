"""What is read to somebody before she says whether she agrees: for each purpose, in versions that never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from services.chassis.country.provinces import read_reference


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A version of the text of one purpose, in both languages; whoever speaks another one hears it interpreted."""

    version: int
    vi: str
    en: str


@cache
def consent_texts() -> Mapping[str, tuple[ConsentText, ...]]:
    """All versions by the code of the purpose, oldest first; the last one is read today."""
    given = read_reference("consent_texts")["texts"]
    return MappingProxyType({code: tuple(ConsentText(**row) for row in rows) for code, rows in given.items()})


def read_today(purpose: str) -> ConsentText:
    """The present version. Raises KeyError for no purpose."""
    return consent_texts()[purpose][-1]


def is_version(purpose: str, version: int) -> bool:
    """Whether there is such a version of the text of this purpose."""
    return any(text.version == version for text in consent_texts().get(purpose, ()))
