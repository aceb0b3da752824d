"""The language that the officer reads: choosing it, and finding a text in it.

English sentences stand in the code, `_("…")`; Vietnamese ones in `locale/vi.po` here and in the rooms of the command
line.
"""

from __future__ import annotations

import importlib
import locale
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

ENV_LANGUAGE: Final = "HOMEWARD_LANG"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_SERVICES: Final = Path(__file__).parents[1]
_CLICK_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")


def N_(text: str) -> str:  # noqa: N802
    """Mark a text that is translated later, where it is shown."""
    return text


OF_CLICK: Final = (N_("Usage:"),)
"""Texts of click that stand inside another text there, where extraction does not see them."""


class Translate(Protocol):
    """Says a sentence in the user's language, with its placeholders filled."""

    @property
    def language(self) -> Language:
        """The user's language."""
        ...

    def __call__(self, message: str, /, **params: object) -> str:
        """The sentence."""
        ...


class Translator:
    """Gives texts in one language; `{name}` placeholders are filled when values are given."""

    def __init__(self, language: Language, catalogue: Mapping[str, str]) -> None:
        self.language: Final = language
        self._catalogue = catalogue

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, the English one when there is no other."""
        found = self._catalogue.get(text) or text
        return found.format_map(values) if values else found

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The text for so many things; `{count}` is filled with the number."""
        english = singular if count == 1 else plural
        return (self._catalogue.get(singular) or english).format_map({"count": count, **values})


@cache
def translator(language: Language, room: str = "") -> Translator:
    """The translator of a language, its catalogues read once.

    The texts of a room, such as "operate", come before those of the command line as a whole: one English text may
    need two Vietnamese ones.
    """
    if language == "en":
        return Translator(language, {})
    texts = dict(_read_catalogue(_SERVICES / "cli", language))
    if room:
        texts |= _read_catalogue(_SERVICES / room, language)
    return Translator(language, texts)


@cache
def _read_catalogue(room: Path, language: Language) -> Mapping[str, str]:
    # Imported here: an English reader needs no catalogue, and the command line should start at once.
    from babel.messages.pofile import read_po

    path = room / "locale" / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as source:
        messages = read_po(source, locale=language, abort_invalid=True)
    # A text with a plural is looked up by its singular; Vietnamese has one form for both.
    return {
        _first(each.id): _first(each.string) for each in messages if each.id and not each.fuzzy and not each.context
    }


def _first(text: str | Sequence[str] | None) -> str:
    return text if isinstance(text, str) else text[0] if text else ""


def choose_language(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> Language:
    """The language asked for by `--lang`, else by HOMEWARD_LANG, else that of the locale; English at last.

    It has to be known before the commands are built, since their help is in it. An unknown value is left to the
    option itself to refuse.
    """
    environ = os.environ if environ is None else environ
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and position + 1 < len(arguments):
            return _known(arguments[position + 1]) or "en"
        if argument.startswith("--lang="):
            return _known(argument.partition("=")[2]) or "en"
    chosen = _known(environ.get(ENV_LANGUAGE, ""))
    return chosen or _of_locale(environ)


def _known(text: str) -> Language | None:
    tag = text.strip().lower().replace("_", "-").partition("-")[0].partition(".")[0]
    return "vi" if tag == "vi" else "en" if tag == "en" else None


def _of_locale(environ: Mapping[str, str]) -> Language:
    for variable in _LOCALE_VARIABLES:
        if value := environ.get(variable):
            return _known(value) or "en"
    # Windows sets none of them and calls its locale "Vietnamese_Vietnam".
    name = locale.getlocale()[0] or ""
    return "vi" if name.lower().startswith("vi") else "en"


def localise_click(text: Translator) -> None:
    """Let click speak the same language in its headings and refusals.

    click asks gettext's default domain, which would need compiled files in a folder of the machine; so the function
    that its modules ask is replaced.
    """

    def plural(singular: str, plural_form: str, count: int) -> str:
        return text(singular) if text.language == "vi" else (singular if count == 1 else plural_form)

    replacements: dict[str, Callable[..., Any]] = {"_": text, "ngettext": plural}
    for name in _CLICK_MODULES:
        module = importlib.import_module(f"click.{name}")
        for attribute, replacement in replacements.items():
            if hasattr(module, attribute):
                setattr(module, attribute, replacement)
