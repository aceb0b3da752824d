"""How rules, the end of an office and ended sign-ins are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.shown.values import enum_word, moment_of, person


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
        words.word(_, words.RULE_SOURCES, rule.legal_source),
        written(rule.valid_from),
        written(rule.valid_to),
    )


def revocation_titles(_: Texts) -> tuple[str, ...]:
    """Above the list of sign-ins that were ended."""
    return _("Ended"), _("Account, office or token"), _("Why"), _("By"), _("Account")


def revocation_row(revoked: Any, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    reason = enum_word(_, revoked, "reason", words.REVOKE_REASONS)
    return (
        written_moment(plain.instant(revoked.not_before)),
        revoked.subject or revoked.office_id or revoked.token_id,
        reason,
        revoked.by_office_id,
        revoked.by_subject,
    )


def change_titles(_: Texts) -> tuple[str, ...]:
    """The titles of the list of what administrators changed."""
    return (_("When"), _("What"), _("About"), _("Became"), _("Asked by"), _("Approved by"))


def change_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of that list."""
    return (
        moment_of(each.change_time),
        words.word(_, words.TWO_PEOPLE_METHODS, each.method),
        each.object,
        ", ".join(f"{name}: {value}" for name, value in sorted(each.details.items())),
        person(each.asked_by_office_id, each.asked_by_subject, _),
        ", ".join(person(one.office_id, one.subject, _) for one in each.approvals)
        or person(each.approved_by_office_id, each.approved_by_subject, _),
    )
