"""How the end of a story is told: closings with their reasons, re-openings, decisions, and deadlines that passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.values import enum_word

Told = tuple[datetime, str, str, str]
"""When, which code, in words, and by which office."""

_TOLD_OTHERWISE: Final = frozenset({"TRANSFER_LOST", "OBLIGATIONS_CONFIRM"})
"""Rules whose passing opens a search, or is a matter of the services between themselves."""
_TELLING_LEVELS: Final = 2
"""A reminder that repeats is no news any more."""


def of_closings(closings: Iterable[Any], _: Texts) -> Iterator[Told]:
    """Each end of a case, and its re-opening. Who may not see why sees that it ended."""
    for each in closings:
        cause = plain.short_name(each.DESCRIPTOR.fields_by_name["cause"].enum_type, each.cause)
        yield plain.instant(each.close_time), cause or "CLOSED", _end(each, cause, _), each.office_id
        if each.HasField("reopen_time"):
            yield plain.instant(each.reopen_time), "REOPENED", _again(each, _), each.reopened_by_office_id


def _end(each: Any, cause: str, _: Texts) -> str:
    if not cause:
        return _("The case ended; why is not told here.")
    office = each.office_id or _("an office")
    if cause == "RE_IDENTIFIED":
        return _("{office} said that she goes on as the case {number}.", office=office, number=_other(each))
    if cause == "WITHDRAWN":
        reason = enum_word(_, each, "withdraw_reason", words.WITHDRAW_REASONS) or _("not known")
        return _("{office} withdrew the case: {reason}.", office=office, reason=reason)
    reason = enum_word(_, each, "reason", words.CLOSE_REASONS) or _("not known")
    text = _("{office} closed the case: {reason}.", office=office, reason=reason)
    if each.closed_on:
        text += " " + _("As of {day}.", day=written(each.closed_on))
    if each.other_case_id:
        text += " " + _("The case {number} goes on.", number=_other(each))
    return text


def _other(each: Any) -> str:
    return str(each.other_case_number or each.other_case_id)


def _again(each: Any, _: Texts) -> str:
    if not each.reopened_by_office_id:
        return _("The case was opened again.")
    reason = enum_word(_, each, "reopen_reason", words.REOPEN_REASONS) or _("not known")
    return _("{office} opened the case again: {reason}.", office=each.reopened_by_office_id, reason=reason)


def of_decisions(decisions: Iterable[Any], _: Texts) -> Iterator[Told]:
    """What verifiers decided on the identification."""
    for each in decisions:
        status = enum_word(_, each, "status", words.IDENTIFICATIONS)
        text = _("{office} decided on the identification: {status}.", office=each.office_id, status=status)
        if each.revision > 1:
            text += " " + _("It revises the decision before.")
        yield plain.instant(each.decide_time), "IDENTIFICATION_DECIDED", text, each.office_id


def of_deadlines(passed: Iterable[Any], _: Texts) -> Iterator[Told]:
    """Deadlines that passed; of one that repeats, the first times."""
    for each in passed:
        if each.rule in _TOLD_OTHERWISE or each.level >= _TELLING_LEVELS:
            continue
        rule = words.word(_, words.RULES, each.rule)
        text = _("Overdue: {rule}, due on {day}.", rule=rule, day=written(each.due_on))
        yield plain.instant(each.pass_time), "OVERDUE", text, ""


def ended_transfers(closings: Iterable[Any]) -> Mapping[str, datetime]:
    """Transfers that ended with a case, and when: nobody recalled them."""
    return {each.transfer_id: plain.instant(each.close_time) for each in closings if each.transfer_id}
