"""The texts of the pages: English stands in the code and the templates, Vietnamese in `locale/vi.po`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from services.chassis.kernel.texts import Language, Texts
from services.client.texts import N_, texts_in

__all__ = ["LANGUAGE_COOKIE", "LOCALE", "N_", "language_of", "page_texts"]

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGE_COOKIE: Final = "__Host-language"


def page_texts(language: Language) -> Texts:
    """The texts of pages in a language."""
    return texts_in(language, LOCALE)


def language_of(chosen: str | None, accepted: str) -> Language:
    """The language chosen before, else the first that the browser asks for and that there is; Vietnamese at last."""
    for tag in (chosen or "", *(part.partition(";")[0] for part in accepted.split(","))):
        name = tag.strip().lower().partition("-")[0]
        if name in ("vi", "en"):
            return "en" if name == "en" else "vi"
    return "vi"
