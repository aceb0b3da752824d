"""What one person asks for and others approve: what exactly would happen, in plain words, and who is awaited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.values import enum_word, moment_of, person, province_text

if TYPE_CHECKING:
    from homeward.handover.v1 import approvals_pb2, closing_pb2, custody_pb2, directory_pb2, searches_pb2


CALENDAR: Final = "CALENDAR"


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of the list."""
    return (
        *(_("Request"), _("What"), _("About"), _("Asked by"), _("Until"), _("State")),
        *(_("Approved by"), _("Still awaited")),
    )


def row(each: approvals_pb2.Approval, _: Texts) -> tuple[str, ...]:
    """A line of the list."""
    return (
        each.approval_id,
        words.word(_, words.TWO_PEOPLE_METHODS, each.method),
        about_text(each, _),
        each.asked_by_office_id,
        written(each.expires_on),
        enum_word(_, each, "state", words.APPROVAL_STATES),
        ", ".join(dict.fromkeys(one.office_id for one in each.given)),
        awaited_text(each, _),
    )


def awaited_text(each: approvals_pb2.Approval, _: Texts) -> str:
    """As what somebody still has to approve; empty when it waits no more."""
    found = each.DESCRIPTOR.fields_by_name["awaited"].enum_type
    return ", ".join(words.word(_, words.APPROVERS, plain.short_name(found, one)) for one in each.awaited)


def given_text(given: directory_pb2.GivenApproval, _: Texts) -> str:
    """Who approved, and as what."""
    return _(
        "{office}, as {approver}",
        office=person(given.office_id, given.subject, _),
        approver=enum_word(_, given, "approver", words.APPROVERS),
    )


def approved_text(each: approvals_pb2.Approval, _: Texts) -> str:
    """What came of an approval that was given just now: it took effect, or waits for others."""
    if each.awaited:
        return _("Approved. Nothing has happened yet; still awaited: {awaited}.", awaited=awaited_text(each, _))
    return _("Approved: it has taken effect.")


def about_text(each: approvals_pb2.Approval, _: Texts) -> str:
    """What it is about: a case by its number, an office by its id, a rule or the calendar in words."""
    if each.object == CALENDAR:
        return _("the calendar")
    return words.word(_, words.RULES, each.object) if each.object in words.RULES.codes else each.object


def facts(each: approvals_pb2.Approval, _: Texts) -> list[tuple[str, str]]:
    """One request, with what would happen."""
    found = [
        (_("Request"), each.approval_id),
        (_("What"), words.word(_, words.TWO_PEOPLE_METHODS, each.method)),
        (_("About"), about_text(each, _)),
        (_("What would happen"), consequence(each, _)),
        (_("Asked by"), person(each.asked_by_office_id, each.asked_by_subject, _)),
        (_("Asked on"), moment_of(each.ask_time)),
        (_("Waits until"), written(each.expires_on)),
        (_("State"), enum_word(_, each, "state", words.APPROVAL_STATES)),
        *((_("Approved by"), given_text(one, _)) for one in each.given),
    ]
    if each.awaited:
        found += [(_("Still awaited"), awaited_text(each, _))]
        found += [(_("May approve"), _("somebody else of {offices}", offices=", ".join(each.approving_office_ids)))]
    if each.HasField("decide_time"):
        by = person(each.decided_by_office_id, each.decided_by_subject, _)
        found += [(_("Decided by"), by or _("nobody"))]
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
        source=words.word(_, words.RULE_SOURCES, asked.legal_source),
    )


def _open_office(asked: directory_pb2.OpenOfficeRequest, _: Texts) -> str:
    return _(
        "A new office {office} begins on {day}: {name}, role {role}, province {province}. It can be sent people, and "
        "may succeed another office.",
        office=asked.office_id,
        day=written(asked.valid_from) if asked.valid_from else _("the day of the approval"),
        name=asked.name_vi if _.language == "vi" else asked.name_en,
        role=words.word(_, words.ROLES, asked.role),
        province=province_text(asked.province) or _("none: the whole country"),
    )


def _end_office(asked: directory_pb2.EndOfficeRequest, _: Texts) -> str:
    last = written(asked.ended_on) if asked.ended_on else _("the day before the approval")
    if not asked.successor_id:
        return _(
            "The office {office} ends, its last day is {day}, and nobody takes over: the supervisor of its province "
            "answers for its people, and each of them is searched for.",
            office=asked.office_id,
            day=last,
        )
    return _(
        "The office {office} ends, its last day is {day}. Everything open of it passes to {heir}: people in its care "
        "with their identities, transfers, deadlines, follow-ups and messages.",
        office=asked.office_id,
        day=last,
        heir=asked.successor_id,
    )


def _change_calendar(asked: directory_pb2.ChangeCalendarRequest, _: Texts) -> str:
    return _(
        "Off although worked before: {off}. Worked although off before: {worked}. Open due dates in working days are "
        "counted anew.",
        off=", ".join(map(written, asked.days_off)) or _("none"),
        worked=", ".join(map(written, asked.days_worked)) or _("none"),
    )


def _reassign_case(asked: custody_pb2.ReassignCaseRequest, _: Texts) -> str:
    return _(
        "{office}, an office of another province, answers for the case from then on and may know who she is. Reason: "
        "{reason}.",
        office=asked.office_id,
        reason=enum_word(_, asked, "reason", words.REASSIGN_REASONS),
    )


def _resolve_search(asked: searches_pb2.ResolveSearchRequest, _: Texts) -> str:
    if asked.other_case:
        return _(
            "The search ends, and so does the case: the person goes on as case {case}. Nobody looks for her any more.",
            case=asked.other_case,
        )
    return _(
        "The search ends, and the case is closed: {reason}. Nobody looks for her any more.",
        reason=enum_word(_, asked, "close_reason", words.CLOSE_REASONS),
    )


def _close_case(asked: closing_pb2.CloseCaseRequest, _: Texts) -> str:
    return _(
        "The case of a person who is on the way or searched for, or left and was received by nobody since, is closed: "
        "{reason}. Who awaits her is told.",
        reason=enum_word(_, asked, "reason", words.CLOSE_REASONS),
    )


def _withdraw_under_way(asked: closing_pb2.WithdrawUnderWayRequest, _: Texts) -> str:
    return _(
        "The registration of a person who left or is searched for is withdrawn, as if she had not been received: "
        "{reason}. Nobody waits or looks for her any more; who awaited her is told and may object.",
        reason=enum_word(_, asked, "reason", words.WITHDRAW_REASONS),
    )


_CONSEQUENCES: Final[Mapping[str, Callable[[Any, Texts], str]]] = {
    "change_rule": _change_rule,
    "open_office": _open_office,
    "end_office": _end_office,
    "change_calendar": _change_calendar,
    "reassign_case": _reassign_case,
    "resolve_search": _resolve_search,
    "close_case": _close_case,
    "withdraw_under_way": _withdraw_under_way,
}
