"""Texts in the language of the reader: one machine for services, command line, notifications and pages.

A catalogue is a folder with a file for each language: `vi.po`, which people write, and `vi.mo`, which `make texts`
compiles from it and which is read here. Each room names the catalogues that it reads. A text is looked up by its
English sentence, which stands in the code, or by a context and a code, when the English sentence is in a catalogue,
too, or in the docstring of an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, Literal, get_args

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

TEXTS_KEPT: Final = 4_096
"""So many texts of a language are looked up once."""
CHASSIS_TEXTS: Final = Path(__file__).parents[1] / "locale"
"""Texts that rooms share lie below."""


class Texts:
    """Texts in one language, out of some catalogues; what stands in the first of them wins.

    Made by `texts_of`. A catalogue is read when a text is first asked for. It needs no English file when its texts are
    looked up by their English sentences; any other missing file raises FileNotFoundError.

    `gettext`, `ngettext`, `pgettext` and `npgettext` are as in the library of that name, for templates of pages.
    """

    def __init__(self, language: Language, *catalogues: Path) -> None:
        self.language: Final[Language] = language
        self._catalogues = catalogues

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, the English one when there is no other; `{name}` filled when values are given."""
        found = self.gettext(text)
        return found.format_map(values) if values else found

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The text for so many things; `{count}` is filled with the number."""
        return self.ngettext(singular, plural, count).format_map({"count": count, **values})

    def template(self, context: str, code: str) -> str | None:
        """The text of a code, with its placeholders; None when there is none."""
        text = self.pgettext(context, code)
        return None if text == code else text

    def filled(self, context: str, code: str, values: Mapping[str, object]) -> str | None:
        """The text of a code, its placeholders filled; None when there is none, or it asks for other values."""
        template = self.template(context, code)
        try:
            return None if template is None else template.format_map(values)
        except KeyError:
            return None

    def gettext(self, message: str) -> str:
        """The text for an English sentence."""
        # A catalogue keeps its header under the empty text.
        return self._found(message) if message else message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The text for an English sentence about so many things."""
        return self._compiled.ngettext(singular, plural, count)

    def pgettext(self, context: str, message: str) -> str:
        """The text for a sentence or a code in a context."""
        return self._compiled.pgettext(context, message) if message else message

    def npgettext(self, context: str, singular: str, plural: str, count: int) -> str:
        """The text for a sentence about so many things in a context."""
        return self._compiled.npgettext(context, singular, plural, count)

    @cached_property
    def _found(self) -> Callable[[str], str]:
        # A catalogue asks for a plural first, and those behind it one after the other.
        return lru_cache(TEXTS_KEPT)(self._compiled.gettext)

    @cached_property
    def _compiled(self) -> NullTranslations:
        compiled = NullTranslations()
        for catalogue in reversed(self._catalogues):
            path = catalogue / f"{self.language}.mo"
            if self.language == "en" and not path.exists():
                continue
            with path.open("rb") as file:
                found = GNUTranslations(file)
            found.add_fallback(compiled)
            compiled = found
        return compiled


@cache
def texts_of(language: Language, *catalogues: Path) -> Texts:
    """The texts of these catalogues in a language, each read once."""
    return Texts(language, *catalogues)


@cache
def words_of(language: Language) -> Texts:
    """The words for the codes that a person reads: `template("CasePhase", "ARRIVED")`, by the name of the list.

    A list with an enum in the protos has the name of the enum.
    """
    return texts_of(language, CHASSIS_TEXTS / "words")
