"""How a command ends when it does not succeed: exit code, stable reason, a sentence for the officer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from services.chassis.calls.client import RpcFailure
    from services.client.texts import Translator


class Exit(IntEnum):
    """Exit codes, as `homeward help exit-codes` tells them."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_PERMITTED = 3
    NOT_FOUND = 4
    UNREACHABLE = 5
    PARTLY_DONE = 6
    INTERNAL = 70
    INTERRUPTED = 130


_BY_STATUS: Final = {
    "FAILED_PRECONDITION": Exit.REFUSED,
    "ALREADY_EXISTS": Exit.REFUSED,
    "ABORTED": Exit.REFUSED,
    "INVALID_ARGUMENT": Exit.USAGE,
    "OUT_OF_RANGE": Exit.USAGE,
    "PERMISSION_DENIED": Exit.NOT_PERMITTED,
    "UNAUTHENTICATED": Exit.NOT_PERMITTED,
    "NOT_FOUND": Exit.NOT_FOUND,
    "UNAVAILABLE": Exit.UNREACHABLE,
    "DEADLINE_EXCEEDED": Exit.UNREACHABLE,
    "RESOURCE_EXHAUSTED": Exit.UNREACHABLE,
    "CANCELLED": Exit.UNREACHABLE,
}


class CliFailure(Exception):
    """A command ends without success.

    Attributes:
        exit_code: for the shell.
        reason: stable code, UPPER_SNAKE, the same in every language.
        message: one or two sentences in the officer's language.
        advice: what to do now; lines of their own.
        details: one line per thing that is wrong, such as the fields of a refused request.
    """

    def __init__(
        self,
        exit_code: Exit,
        reason: str,
        message: str,
        *,
        advice: Sequence[str] = (),
        details: Sequence[str] = (),
    ) -> None:
        super().__init__(f"{reason}: {message}")
        self.exit_code = exit_code
        self.reason = reason
        self.message = message
        self.advice = tuple(advice)
        self.details = tuple(details)


def exit_of(failure: RpcFailure) -> Exit:
    """The exit code for a refusal by a service."""
    return _BY_STATUS.get(failure.code.name, Exit.INTERNAL)


def of_rpc(failure: RpcFailure, _: Translator) -> CliFailure:
    """What the officer is told about a refusal by a service, or about a service that does not answer."""
    code = exit_of(failure)
    details = [_("{field}: {problem}", field=each.field, problem=each.message) for each in failure.violations]
    if code is Exit.UNREACHABLE:
        return CliFailure(code, failure.reason, _unreachable(failure, _), advice=_advice(code, failure, _))
    message = failure.message or _("The service refused without saying why.")
    return CliFailure(code, failure.reason, message, advice=_advice(code, failure, _), details=details)


def _unreachable(failure: RpcFailure, _: Translator) -> str:
    # Without a reason of ours the text comes from the network library, in English and about sockets.
    if failure.message and failure.reason != failure.code.name:
        return failure.message
    return _("The service cannot be reached at the moment.")


def _advice(code: Exit, failure: RpcFailure, _: Translator) -> list[str]:
    advice = []
    if code is Exit.UNREACHABLE:
        advice.append(_("Nothing is lost. Check the connection, then run the same command again."))
        advice.append(_("On a machine of your own, start Homeward with: homeward up"))
    elif failure.code.name == "UNAUTHENTICATED":
        advice.append(_("Sign in again for a new token, or name your office with --as OFFICE."))
    elif failure.code.name == "ABORTED":
        advice.append(_("Look at it again, then repeat the command."))
    elif code is Exit.INTERNAL and failure.correlation_id:
        advice.append(_("Tell the administrator this number: {number}", number=failure.correlation_id))
    return advice


def bad_input(reason: str, message: str, *, advice: Sequence[str] = (), details: Sequence[str] = ()) -> CliFailure:
    """The command, its options or its file are wrong; nothing was sent."""
    return CliFailure(Exit.USAGE, reason, message, advice=advice, details=details)
