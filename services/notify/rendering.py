"""The text of a message, made when it is read: in the reader's language, with the case number as known by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from services.chassis.country.directory import Directory
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.texts import Language, Texts, texts_of, words_of
from services.notify.domain.facts import DATE_PARAMS, OFFICE_PARAMS, Param
from services.notify.domain.messages import ListedMessage

TITLE: Final = "message.title"
BODY: Final = "message.body"
REMINDED: Final = "message.reminded"
"""What is added to a reminder, by whether it is the first or a further one."""
ONCE: Final = "ONCE"
OFTEN: Final = "OFTEN"
DONE: Final = "message.done"
"""That nothing is asked any more, by what ended it."""
OTHER: Final = "message.other"
"""What is said for a word that a newer version sends, by its parameter."""
WORD: Final = "message.word"
NO_NUMBER: Final = "NO_NUMBER"
"""Stands for a case number that the registration has not told yet."""
UNKNOWN: Final = "UNKNOWN"
"""Stands for what an event left open."""

WORDS: Final[Mapping[Param, str]] = {
    Param.RULE: "Rule",
    Param.REASON: "LostReason",
    Param.RESOLUTION: "SearchResolution",
    Param.ANSWER: "TransferAnswerKind",
    Param.PARTING: "PartingReason",
    Param.FOLLOW_UP: "FollowUpKind",
    Param.MATCH: "EarlierCaseMatch",
    Param.CLOSE_REASON: "CloseReason",
    Param.REOPEN_REASON: "ReopenReason",
    Param.METHOD: "TwoPeopleMethod",
    Param.REFUSAL: "ApprovalRefusal",
    Param.UNIT: "Unit",
    Param.BREAK_GLASS_REASON: "BreakGlassReason",
}
"""Parameters that are words for a code: the list of each in the catalogue of words."""

_DATE_FORMATS: Final[Mapping[Language, str]] = {"vi": "%d/%m/%Y", "en": "%d %B %Y"}
_LOCALE: Final = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Text:
    """A message as it is read: one line, what happened and what to do, and by what that is done."""

    title: str
    body: str
    done: str = ""


def texts(language: Language) -> Texts:
    """All texts of notify in a language."""
    return texts_of(language, _LOCALE)


def render(directory: Directory, language: Language, message: ListedMessage) -> Text:
    """The text of a message, filled; a reminder says since when it reminds, and what is done by what.

    A kind that a newer version posted has no text here: its code is the title, and the body is empty.
    """
    catalogue = texts(language)
    words = {name.value: _word(catalogue, WORD, UNKNOWN) for name in Param}
    for name, value in {**message.params, **_standing(message)}.items():
        words[name] = _shown(directory, catalogue, language, Param(name), value)
    words["case"] = message.case_number or _word(catalogue, WORD, NO_NUMBER)

    def filled(context: str, code: str) -> str | None:
        template = catalogue.template(context, code)
        return template.format_map(words) if template is not None else None

    parts = [filled(BODY, message.kind) or ""]
    if message.reminders and message.duty is not None:
        parts.append(filled(REMINDED, ONCE if message.reminders == 1 else OFTEN) or "")
    done = filled(DONE, message.done_by) if message.done_by is not None else None
    return Text(filled(TITLE, message.kind) or message.kind, " ".join(parts).strip(), done or "")


def _standing(message: ListedMessage) -> Mapping[str, str]:
    given = {Param.SINCE.value: local_date(message.since).isoformat(), Param.REMINDERS.value: str(message.reminders)}
    return given | ({Param.DONE_ON.value: local_date(message.done_at).isoformat()} if message.done_at else {})


def _shown(directory: Directory, catalogue: Texts, language: Language, name: Param, value: str) -> str:
    if name in OFFICE_PARAMS:
        return _office(directory, language, value)
    if name in DATE_PARAMS:
        return _day(value, language)
    if name in WORDS:
        return words_of(language).template(WORDS[name], value) or _word(catalogue, OTHER, name)
    return value


def _office(directory: Directory, language: Language, office_id: str) -> str:
    try:
        office = directory.office(office_id)
    except OfficeNotFound:
        return office_id
    return office.name_vi if language == "vi" else office.name_en


def _day(value: str, language: Language) -> str:
    # English month names whatever the locale of the machine: strftime is used with the C locale, which Python keeps.
    return date.fromisoformat(value).strftime(_DATE_FORMATS[language]).removeprefix("0" if language == "en" else "")


def _word(catalogue: Texts, context: str, code: str) -> str:
    return catalogue.template(context, code) or "…"
