"""Let click speak the reader's language: its texts are compiled where gettext looks for them."""

from __future__ import annotations

import gettext
import os
from typing import Final

from services.chassis.kernel.texts import Language
from services.cli import LOCALE

_DOMAIN: Final = "messages"
"""click asks gettext for no domain by name, so for this one."""
_ENV_LANGUAGE: Final = "LANGUAGE"
"""gettext looks at it at every text, before any variable of the locale."""


def localise_click(language: Language) -> None:
    """Headings and refusals of click are in this language from now on, for the whole process."""
    gettext.bindtextdomain(_DOMAIN, str(LOCALE))
    os.environ[_ENV_LANGUAGE] = language
