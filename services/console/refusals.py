"""What an officer reads when a service refuses or does not answer: a sentence, what to do, and the fields meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.texts import Texts
from services.client.refusals import CONSENT_MISSING, Kind, kind_of
from services.client.words import purpose_word

SIGN_IN_TOO_OLD: Final = "SIGN_IN_TOO_OLD"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form; `field` is the name in the form, empty for the form as a whole."""

    field: str
    text: str


def at_field(field: str, message: str, called: str, _: Texts) -> FieldProblem:
    """A problem as it stands among others: by what its field is called, where that is known."""
    return FieldProblem(field, _("{field}: {problem}", field=called, problem=message) if called else message)


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not done, or could not be shown."""

    kind: Kind
    reason: str
    message: str
    advice: str = ""
    problems: Sequence[FieldProblem] = ()

    @property
    def sign_in(self) -> bool:
        """Whether it can be done after signing in again."""
        return self.reason == SIGN_IN_TOO_OLD

    @property
    def away(self) -> bool:
        """Whether the service did not answer, so that it is not known what it did."""
        return self.kind is Kind.UNREACHABLE


def refused(failure: RpcFailure, _: Texts) -> Refused:
    """In the officer's language."""
    kind = kind_of(failure)
    own = failure.message if failure.reason != failure.code.name else ""
    if kind is Kind.UNREACHABLE:
        return Refused(
            kind,
            failure.reason,
            own or _("The service cannot be reached at the moment."),
            _("Nothing is lost. Try again in a moment: the same form is sent once, however often it is pressed."),
        )
    message = failure.message or _("The service refused without saying why.")
    problems = tuple(FieldProblem(each.field, each.message) for each in failure.violations)
    return Refused(kind, failure.reason, message, _advice(kind, failure, _), problems)


def _advice(kind: Kind, failure: RpcFailure, _: Texts) -> str:
    if failure.code.name == "ABORTED":
        return _("Somebody was quicker. Below it stands as it is now; look at it, then decide again.")
    if failure.reason == SIGN_IN_TOO_OLD:
        return _("Sign in in the window that opens, for the same office; then come back to this one and send.")
    if failure.code.name == "UNAUTHENTICATED":
        return _("Sign in again. What you typed is still here.")
    if failure.reason == CONSENT_MISSING:
        purpose = purpose_word(_, failure.metadata.get("purpose", ""))
        return _(
            "Purpose: {purpose}. Read her the text and record what she says: “What she agreed to”, on the page of the"
            " case.",
            purpose=purpose,
        )
    if kind is Kind.INTERNAL and failure.correlation_id:
        return _("Tell the administrator this number: {number}", number=failure.correlation_id)
    return ""
