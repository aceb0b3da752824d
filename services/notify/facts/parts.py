"""What facts are made of: whom they concern, and what their texts are filled with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.kernel.findings import BadDay, parse_day
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import DATE_PARAMS, Addressee, Fact, Param


def unchanged(event: Any, case: NotifiedCase) -> NotifiedCase:
    """The case as it was."""
    return case


Ends = Callable[[Any, NotifiedCase], Sequence[Ending]]
"""What an event ends of what is asked of offices, given the case as it was before."""


def ends_nothing(event: Any, case: NotifiedCase) -> Sequence[Ending]:
    """What was asked before it is asked still."""
    return ()


def ends(turn: Turn, about: Callable[[Any], str] = lambda event: "") -> Ends:
    """It ends what that turn ends; `about`: only what is about the transfer, search or follow-up that it names."""
    return lambda event, case: (Ending(turn, about(event)),)


def tells_nothing(event: Any, case: NotifiedCase) -> None:
    """Nobody is told of it: whoever it concerns did it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What an event tells, given the case as it was before, if anything; the case as it is afterwards; and what it
    ends of what is asked of offices, which every event has to say."""

    fact_of: Callable[[Any, NotifiedCase], Fact | None]
    change: Callable[[Any, NotifiedCase], NotifiedCase] = unchanged
    ends: Ends = field(kw_only=True)


def filled(**values: str) -> Mapping[Param, str]:
    """What a text is filled with; a date that is none is left out, so that nothing else slips in with it."""
    given = {Param(name): value for name, value in values.items() if value}
    return {name: value for name, value in given.items() if name not in DATE_PARAMS or _is_day(value)}


def accountable(office_id: str, receiver_id: str | None = None) -> Mapping[Addressee, str]:
    """The accountable office, and the addressed one if there is one."""
    offices = {Addressee.ACCOUNTABLE: office_id}
    return offices | {Addressee.RECEIVER: receiver_id} if receiver_id else offices


def _is_day(value: str) -> bool:
    try:
        parse_day(value)
    except BadDay:
        return False
    return True
