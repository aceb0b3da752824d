"""How rules and the end of an office are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written


def counted(counts: Any, _: Texts) -> Sequence[tuple[str, str]]:
    """What is open with an office, as names and values."""
    return (
        (_("People in its care"), str(counts.custodies)),
        (_("Transfers from or to it"), str(counts.transfers)),
        (_("Watched deadlines"), str(counts.deadlines)),
        (_("Open searches"), str(counts.searches)),
    )


def rule_row(rule: Any, _: Texts) -> tuple[str, ...]:
    """A line of the list of rules."""
    return (
        rule.code,
        str(rule.version),
        f"{rule.amount} {words.word(_, words.UNITS, rule.unit)}",
        words.word(_, words.BASES, rule.basis),
        rule.legal_source,
        written(rule.valid_from),
        written(rule.valid_to),
    )
