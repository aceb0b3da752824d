"""What the reader is told about a refusal, in the reader's language.

Errors and violations are looked up by their code (context "error" or "violation"); their English sentences are in the
code. The texts of the chassis' own stand in its catalogue of errors, those of a service in the service's folder.
Words that fill a placeholder, such as the name of a field, are translated when there is a text for them (context
"detail").
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.errors import FieldViolation, HomewardError
from services.chassis.kernel.texts import CHASSIS_TEXTS, Language, Texts, texts_of

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
CHASSIS_ERRORS: Final = CHASSIS_TEXTS / "errors"


class RefusalTexts:
    """What the reader is told about refusals of the chassis and of whoever names the other catalogues.

    In English when the reader's language has no text.
    """

    def __init__(self, *catalogues: Path) -> None:
        self._catalogues = (*catalogues, CHASSIS_ERRORS)

    def of_error(self, error: HomewardError, language: Language) -> str:
        """About an error."""
        return self._found(ERROR, error.reason, error.details, language) or error.message

    def of_violation(self, violation: FieldViolation, language: Language) -> str:
        """About a field."""
        return self._found(VIOLATION, violation.code, violation.params, language) or violation.description

    def of_server(self, reason: str, language: Language) -> str:
        """About a refusal in SERVER_REASONS; KeyError for another reason."""
        return self._found(ERROR, reason, {}, language) or SERVER_REASONS[reason]

    def _found(self, context: str, code: str, params: Mapping[str, str], language: Language) -> str | None:
        if language == "en":
            return None
        texts: Texts = texts_of(language, *self._catalogues)
        words = {name: texts.pgettext(DETAIL, word) for name, word in params.items()}
        return texts.filled(context, code, words)
