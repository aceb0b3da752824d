"""What facts are made of: whom they concern, and what their texts are filled with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.kernel.findings import BadDay, parse_day
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.facts import DATE_PARAMS, Addressee, Fact, Param


def unchanged(event: Any, case: NotifiedCase) -> NotifiedCase:
    """The case as it was."""
    return case


@dataclass(frozen=True, slots=True)
class Telling:
    """What an event tells, given the case as it was before, if anything; and the case as it is afterwards."""

    fact_of: Callable[[Any, NotifiedCase], Fact | None]
    change: Callable[[Any, NotifiedCase], NotifiedCase] = unchanged


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
