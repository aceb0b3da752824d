"""The language that the officer reads: choosing it, and the texts in it.

English sentences stand in the code, `_("…")`; Vietnamese ones in `locale/vi.po` of the room that marks them.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from services.chassis.kernel.texts import Language, Texts, texts_of

ENV_LANGUAGE: Final = "HOMEWARD_LANG"
LOCALE: Final = Path(__file__).parent / "locale"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def N_(text: str) -> str:  # noqa: N802
    """Mark a text that is translated later, where it is shown."""
    return text


def texts_in(language: Language, *rooms: Path) -> Texts:
    """The texts of a language: those of rooms, given by their folders of texts, before those of every front.

    One English text may need two Vietnamese ones.
    """
    return texts_of(language, *rooms, LOCALE)


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
