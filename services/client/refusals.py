"""What an officer is told when something does not succeed: its kind, a stable reason, a sentence, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from services.client.words import purpose_word, slug

if TYPE_CHECKING:
    from services.chassis.calls.client import RpcFailure
    from services.chassis.kernel.texts import Texts


class Kind(StrEnum):
    """What kind of thing went wrong; each front has its own way to show it."""

    REFUSED = "REFUSED"
    USAGE = "USAGE"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_FOUND = "NOT_FOUND"
    UNREACHABLE = "UNREACHABLE"
    PARTLY_DONE = "PARTLY_DONE"
    INTERNAL = "INTERNAL"


_BY_STATUS: Final = {
    "FAILED_PRECONDITION": Kind.REFUSED,
    "ALREADY_EXISTS": Kind.REFUSED,
    "ABORTED": Kind.REFUSED,
    "INVALID_ARGUMENT": Kind.USAGE,
    "OUT_OF_RANGE": Kind.USAGE,
    "PERMISSION_DENIED": Kind.NOT_PERMITTED,
    "UNAUTHENTICATED": Kind.NOT_PERMITTED,
    "NOT_FOUND": Kind.NOT_FOUND,
    "UNAVAILABLE": Kind.UNREACHABLE,
    "DEADLINE_EXCEEDED": Kind.UNREACHABLE,
    "RESOURCE_EXHAUSTED": Kind.UNREACHABLE,
    "CANCELLED": Kind.UNREACHABLE,
}


CONSENT_MISSING: Final = "CONSENT_MISSING"
"""The reason of what needs a consent that does not stand."""
APPROVAL_NEEDED: Final = "APPROVAL_NEEDED"
"""The reason of what was asked for and waits for a second person."""


class Refusal(Exception):
    """What an officer asked for was not done, or not wholly.

    Attributes:
        kind: what kind of thing went wrong.
        reason: stable code, UPPER_SNAKE, the same in every language.
        message: one or two sentences in the officer's language.
        advice: what to do now; lines of their own.
        details: one line per thing that is wrong, such as the fields of a refused request.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        message: str,
        *,
        advice: Sequence[str] = (),
        details: Sequence[str] = (),
    ) -> None:
        super().__init__(f"{reason}: {message}")
        self.kind = kind
        self.reason = reason
        self.message = message
        self.advice = tuple(advice)
        self.details = tuple(details)


def kind_of(failure: RpcFailure) -> Kind:
    """Of a refusal by a service, or of a service that does not answer."""
    return _BY_STATUS.get(failure.code.name, Kind.INTERNAL)


def of_rpc(failure: RpcFailure, _: Texts) -> Refusal:
    """What the officer is told about a refusal by a service, or about a service that does not answer."""
    kind = Kind.PARTLY_DONE if failure.reason == APPROVAL_NEEDED else kind_of(failure)
    details = [_("{field}: {problem}", field=each.field, problem=each.message) for each in failure.violations]
    if kind is Kind.UNREACHABLE:
        return Refusal(kind, failure.reason, _unreachable(failure, _), advice=_advice(kind, failure, _))
    message = failure.message or _("The service refused without saying why.")
    return Refusal(kind, failure.reason, message, advice=_advice(kind, failure, _), details=details)


def _unreachable(failure: RpcFailure, _: Texts) -> str:
    # Without a reason of ours the text comes from the network library, in English and about sockets.
    if failure.message and failure.reason != failure.code.name:
        return failure.message
    return _("The service cannot be reached at the moment.")


def _advice(kind: Kind, failure: RpcFailure, _: Texts) -> list[str]:
    advice = []
    if approval_id := failure.metadata.get("approval_id"):
        if failure.reason == APPROVAL_NEEDED:
            advice.append(_("It takes effect when it is approved."))
        advice.append(_("How it stands: homeward approvals show {id}", id=approval_id))
    if failure.reason == CONSENT_MISSING:
        code = failure.metadata.get("purpose", "")
        advice.append(_("Purpose: {purpose}", purpose=purpose_word(_, code)))
        advice.append(_("The text to read to her: homeward consent text {purpose}", purpose=slug(code)))
        advice.append(_("If she agrees: homeward consent give CASE {purpose}", purpose=slug(code)))
    if kind is Kind.UNREACHABLE:
        advice.append(_("Nothing is lost. Check the connection, then run the same command again."))
        advice.append(_("On a machine of your own, start Homeward with: homeward up"))
    elif failure.code.name == "UNAUTHENTICATED":
        advice.append(_("Sign in again for a new token, or name your office with --as OFFICE."))
    elif failure.code.name == "ABORTED":
        advice.append(_("Look at it again, then repeat the command."))
    elif kind is Kind.INTERNAL and failure.correlation_id:
        advice.append(_("Tell the administrator this number: {number}", number=failure.correlation_id))
    return advice


def bad_input(reason: str, message: str, *, advice: Sequence[str] = (), details: Sequence[str] = ()) -> Refusal:
    """The command, its options or its file are wrong; nothing was sent."""
    return Refusal(Kind.USAGE, reason, message, advice=advice, details=details)
