"""How earlier and later returns of one person are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.shown.values import enum_word, moment_of


def return_facts(links: Iterable[Any], _: Texts) -> list[tuple[str, str]]:
    """The other registrations of a person, as names and values."""
    return [
        (
            _("Later case") if each.other_is_later else _("Earlier case"),
            f"{each.other_case_number}: {enum_word(_, each, 'state', words.RETURN_STATES)}",
        )
        for each in links
    ]


def decide_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the list of what waits for a decision."""
    return (
        each.case_number,
        each.later.other_case_number,
        each.later.claiming_office_id,
        moment_of(each.later.claim_time),
        enum_word(_, each.later, "match", words.MATCHES),
        each.accountable_office_id,
    )
