"""How searches are shown: a line of a list, and all facts of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, moment_of

if TYPE_CHECKING:
    from homeward.handover.v1 import custody_pb2


def level_text(level: int, _: Texts) -> str:
    """The level that a search was told to."""
    codes = words.LEVELS.codes
    return words.word(_, words.LEVELS, codes[min(level, len(codes) - 1)])


def with_claims(reason: str, offices: Iterable[str], _: Texts) -> str:
    """Why she is searched for, and where she is said to be."""
    return "; ".join((reason, *(_("said to be at {office}", office=office) for office in offices)))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of searches."""
    return (
        each.case_number,
        with_claims(enum_word(_, each, "reason", words.LOST_REASONS), [one.office_id for one in each.claims], _),
        str(each.age_days),
        each.responsible_office_id or each.accountable_office_id,
        level_text(each.escalation_level, _),
        written(each.escalate_on),
    )


def claim_facts(claims: Iterable[Any], _: Texts) -> list[tuple[str, str]]:
    """That she is said to be with an office, as names and values."""
    return [
        (
            _("Said to be at"),
            _(
                "{office} since {day}, says {claimant}: {state}",
                office=each.office_id,
                day=written(each.since_on),
                claimant=each.claimed_by_office_id,
                state=enum_word(_, each, "state", words.CLAIM_STATES),
            ),
        )
        for each in claims
    ]


def claim_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the list of claims that an office is to answer."""
    claim = each.claims[-1]
    return (
        each.case_number,
        claim.office_id,
        written(claim.since_on),
        claim.claimed_by_office_id,
        moment_of(claim.claim_time),
        enum_word(_, each, "reason", words.LOST_REASONS),
    )


def search_facts(search: custody_pb2.Search, _: Texts) -> list[tuple[str, str]]:
    """A search as names and values."""
    ended = search.HasField("resolve_time")
    return [
        (_("Case number"), search.case_number),
        (_("Why"), enum_word(_, search, "reason", words.LOST_REASONS)),
        (_("Open since"), moment_of(search.open_time) if search.HasField("open_time") else ""),
        (_("Days"), str(search.age_days)),
        (_("Answers for it"), search.responsible_office_id or search.accountable_office_id),
        (_("Sent to"), search.to_office_id),
        (_("Other case"), search.other_case_id),
        *claim_facts(search.claims, _),
        (_("Level"), "" if ended else level_text(search.escalation_level, _)),
        (_("Next told on"), "" if ended else written(search.escalate_on)),
        (_("Resolved"), moment_of(search.resolve_time) if ended else ""),
        (_("How"), enum_word(_, search, "resolution", words.SEARCH_RESOLUTIONS)),
        (_("Why closed"), enum_word(_, search, "close_reason", words.CLOSE_REASONS)),
    ]
