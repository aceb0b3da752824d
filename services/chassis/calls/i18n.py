"""Texts in the language of the reader: gettext catalogues, read from .po files at first use.

Errors and violations are looked up by their code (msgctxt "error" or "violation"); their English
sentences are in the code. A service keeps texts of its own in `locale/vi.po` in its folder, where
the codes of its own errors belong too. Words that fill a placeholder, such as a state code or the
name of a field, are translated when there is a text for them (msgctxt "detail").
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.chassis.calls.security import Language
from services.chassis.kernel.errors import (
    VIOLATIONS,
    FieldViolation,
    HomewardError,
    all_errors,
    placeholders,
)

ERROR: Final = "error"
VIOLATION: Final = "violation"
DETAIL: Final = "detail"

SERVER_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "INTERNAL": "Something went wrong on our side. Please report it with the time of day.",
        "DEADLINE_EXCEEDED": "This took too long and was stopped; look at it again, then repeat.",
    }
)
"""Refusals that no error class stands for, with their English sentences."""

_SERVICES: Final = Path(__file__).parents[2]


class Catalogue:
    """Texts of one language, by context and code."""

    def __init__(self, *files: Path, language: str) -> None:
        """Raises ValueError when two files give one code different texts."""
        merged: dict[tuple[str, str], str] = {}
        compiled: gettext.NullTranslations = gettext.NullTranslations()
        for file in files:
            with file.open("rb") as source:
                messages = read_po(source, locale=language, abort_invalid=True)
            for message in messages:
                if not message.id or not message.string or message.fuzzy:
                    continue
                key = (message.context or "", str(message.id))
                if merged.setdefault(key, str(message.string)) != str(message.string):
                    raise ValueError(f"{key[1]} ({key[0]}) has two texts in {language}")
            binary = io.BytesIO()
            write_mo(binary, messages)
            binary.seek(0)
            translations = gettext.GNUTranslations(binary)
            translations.add_fallback(compiled)
            compiled = translations
        self._compiled = compiled

    def template(self, context: str, code: str) -> str | None:
        """The text with its placeholders; None when there is none."""
        # gettext keeps the file's header under the empty code.
        text = self._compiled.pgettext(context, code) if code else code
        return None if text == code else text

    def text(self, context: str, code: str, params: Mapping[str, str]) -> str | None:
        """The text with its placeholders filled; None when there is none, or it asks for others."""
        template = self.template(context, code)
        if template is None:
            return None
        words = {name: self.template(DETAIL, word) or word for name, word in params.items()}
        try:
            return template.format_map(words)
        except KeyError:
            return None


def catalogue_files(language: Language) -> tuple[Path, ...]:
    """The .po files of all services for a language, in a stable order."""
    # A service has a database, hence migrations; the fronts beside them have texts of another kind.
    rooms = [migrations.parent / "locale" for migrations in _SERVICES.glob("*/migrations")]
    return tuple(
        sorted(
            file
            for room in rooms
            for file in (room / f"{language}.po", *room.glob(f"{language}/*.po"))
            if file.is_file()
        )
    )


@lru_cache
def catalogue(language: Language) -> Catalogue:
    """All texts of a language, read once."""
    return translator(*catalogue_files(language), language=language)


@lru_cache
def translator(*files: Path, language: Language) -> Catalogue:
    """The texts of these files only, read once."""
    return Catalogue(*files, language=language)


def error_text(error: HomewardError, language: Language) -> str:
    """What the reader is told about an error; in English when the language has no text for it."""
    text = catalogue(language).text(ERROR, error.reason, error.details) if language == "vi" else None
    return text or error.message


def violation_text(violation: FieldViolation, language: Language) -> str:
    """What the reader is told about a field; in English when the language has no text for it."""
    text = None
    if language == "vi":
        text = catalogue(language).text(VIOLATION, violation.code, violation.params)
    return text or violation.description


def server_reason_text(reason: str, language: Language) -> str:
    """What the reader is told about a refusal in SERVER_REASONS; KeyError for another reason."""
    text = catalogue(language).text(ERROR, reason, {}) if language == "vi" else None
    return text or SERVER_REASONS[reason]


def untranslated(language: Language) -> tuple[str, ...]:
    """What is wrong with the texts of a language, for every error and violation imported so far.

    A code without a text, or a text with other placeholders than the English sentence. Errors
    that tests define are left out.
    """
    english = {(VIOLATION, code): sentence for code, sentence in VIOLATIONS.items()}
    english |= {(ERROR, reason): sentence for reason, sentence in SERVER_REASONS.items()}
    english |= {
        (ERROR, error.reason): error.sentence() for error in all_errors() if error.__module__.startswith("services.")
    }
    texts = catalogue(language)
    problems = []
    for (context, code), sentence in sorted(english.items()):
        template = texts.template(context, code)
        if template is None:
            problems.append(f"{context} {code} has no text in {language}: {sentence}")
        elif set(placeholders(template)) != set(placeholders(sentence)):
            problems.append(f"{context} {code} has other placeholders in {language}: {template}")
    return tuple(problems)
