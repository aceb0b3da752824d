"""What one person asks for and another one approves: what exactly would happen, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, moment_of

if TYPE_CHECKING:
    from homeward.handover.v1 import approvals_pb2, directory_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of the list."""
    return (_("Request"), _("What"), _("About"), _("Asked by"), _("Until"), _("State"))


def row(each: approvals_pb2.Approval, _: Texts) -> tuple[str, ...]:
    """A line of the list."""
    return (
        each.approval_id,
        words.word(_, words.TWO_PEOPLE_METHODS, each.method),
        each.object,
        each.asked_by_office_id,
        written(each.expires_on),
        enum_word(_, each, "state", words.APPROVAL_STATES),
    )


def facts(each: approvals_pb2.Approval, _: Texts) -> list[tuple[str, str]]:
    """One request, with what would happen."""
    found = [
        (_("Request"), each.approval_id),
        (_("What would happen"), consequence(each, _)),
        (_("Asked by"), _("{office} ({account})", office=each.asked_by_office_id, account=each.asked_by_subject)),
        (_("Asked on"), moment_of(each.ask_time)),
        (_("Waits until"), written(each.expires_on)),
        (_("May approve"), _("somebody else of {offices}", offices=", ".join(each.approving_office_ids))),
        (_("State"), enum_word(_, each, "state", words.APPROVAL_STATES)),
    ]
    if each.HasField("decide_time"):
        by = _("{office} ({account})", office=each.decided_by_office_id, account=each.decided_by_subject)
        found += [(_("Decided by"), by if each.decided_by_office_id else _("nobody"))]
        found += [(_("Decided on"), moment_of(each.decide_time))]
    if each.refusal:
        found += [(_("Why"), enum_word(_, each, "refusal", words.APPROVAL_REFUSALS))]
    return found


def consequence(each: approvals_pb2.Approval, _: Texts) -> str:
    """What exactly happens when it is approved, in one or two sentences."""
    kind = each.WhichOneof("request")
    if kind is None:
        return _("This program is too old to say what would happen. Do not approve it here.")
    return _CONSEQUENCES[kind](getattr(each, kind), _)


def _change_rule(asked: directory_pb2.ChangeRuleRequest, _: Texts) -> str:
    return _(
        "The limit {rule} becomes {amount} {unit} for everything that starts from {day} on; {basis}: {source}. Due "
        "dates that were counted stand.",
        rule=words.word(_, words.RULES, asked.code),
        amount=asked.amount,
        unit=words.word(_, words.UNITS, asked.unit),
        day=written(asked.valid_from) if asked.valid_from else _("the day of the approval"),
        basis=words.word(_, words.BASES, asked.basis),
        source=asked.legal_source,
    )


_CONSEQUENCES: Final[Mapping[str, Callable[[Any, Texts], str]]] = {
    "change_rule": _change_rule,
}


def approvers(offices: Sequence[str], _: Texts) -> str:
    """That a second person is asked, for a button or a confirmation."""
    return _("This asks a second person: somebody else of {offices}.", offices=", ".join(offices))
