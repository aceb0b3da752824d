"""Consent for each purpose by itself, as far as services know it that need it and do not own it.

Without it the command that needs it is refused, and a withdrawal stops what is to come (SUPPORT, section 0). Never in
need of one, by policy of this project: where somebody is and who answers for her, what the law wants to be done, the
obligation to look again, and whatever is done because of an immediate danger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.chassis.kernel.words import ConsentState


class ConsentMissing(HomewardError):
    """This needs consent for {purpose}, and none stands for that day: she is to be asked first.

    The office accountable for the case reads her the text of this purpose, and records what she says. Details besides:
    `state`, what counts on that day; empty for nothing.
    """


class ConsentUnknown(HomewardError):
    """What she agreed to cannot be asked at the moment, and what is known here may be late; try again in a minute."""

    kind = ErrorKind.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one purpose, from a local day on."""

    state: ConsentState
    on: date


def said_by(said: Sequence[Said], day: date) -> ConsentState | None:
    """What counts on a day, of what was said to one purpose in the order in which it was said; None for nothing.

    What was said on the day itself counts for all of it: who withdraws in the evening has not agreed to the afternoon.
    """
    until = [one for one in said if one.on <= day]
    return until[-1].state if until else None


def require_given(purpose: str, said: Sequence[Said], day: date) -> None:
    """Raise ConsentMissing unless consent stands on the day."""
    state = said_by(said, day)
    if state is not ConsentState.GIVEN:
        raise ConsentMissing(purpose=purpose, state=state.value if state else "")
