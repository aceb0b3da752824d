"""How a check of a home looks: names and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.chassis.country.questionnaires import questionnaire, support_codes
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.plain import short_name
from services.client.shown.care import worded
from services.client.visit_file import words_of

if TYPE_CHECKING:
    from homeward.followup.v1 import home_safety_pb2
    from homeward.handover.v1 import journeys_pb2

Facts = list[tuple[str, str]]


def verdict_word(check: home_safety_pb2.HomeCheck, number: int, _: Texts) -> str:
    """A verdict in words."""
    return words.word(_, words.HOME_SAFETIES, short_name(check.DESCRIPTOR.fields_by_name["verdict"].enum_type, number))


def check_facts(check: home_safety_pb2.HomeCheck, _: Texts) -> Facts:
    """What counts about a home."""
    return [
        (_("Case number"), check.case_number),
        (_("Check"), str(check.number)),
        (_("What counts"), verdict_word(check, check.verdict, _)),
        (_("Decided by the first person"), verdict_word(check, check.decided, _) if check.awaits_second else ""),
        (_("Holds until"), written(check.valid_until) if check.valid_until else ""),
        (_("Place of"), check.to_office_id),
        (_("Asked on"), written(check.checked_on)),
        (_("Against advice"), _("yes, by her own decision") if check.against_advice else ""),
    ]


def said_facts(answer: home_safety_pb2.GetHomeSafetyResponse, _: Texts) -> Facts:
    """What was said about a home; what the caller may not see is empty."""
    asked, found = questionnaire(), Facts()
    common = {each.code: each for each in asked.common}
    for one in answer.answers:
        if question := asked.questions.get(one.question):
            known = {each.code: each for each in question.answers} | common
            found.append((f"{one.question}. {words_of(question, _)}", worded(known, one.codes, _)))
    return [
        *found,
        (_("Warning signs"), ", ".join(answer.warning_signs)),
        (_("What is done about them"), worded(support_codes()["safety_measure"], answer.measures, _)),
        (_("Guardian"), answer.guardian),
        (_("Why"), answer.reason),
    ]


def next_steps(check: home_safety_pb2.HomeCheck, _: Texts) -> list[str]:
    """What is to be done now, in sentences."""
    if check.awaits_second:
        number = check.case_number
        return [_("Somebody else of your office confirms it: homeward home-safety confirm {case}", case=number)]
    if not check.valid_until:
        return [_("She is not sent there. Choose another place with her, or a centre.")]
    return [_("She may be sent there until {day}.", day=written(check.valid_until))]


def waiting_titles(_: Texts) -> tuple[str, ...]:
    """Of the list of those whose journey waits for a verdict."""
    return (_("Case number"), _("Planned for"), _("Leaves"), _("What is missing"), _("Accountable"))


def waiting_row(each: journeys_pb2.AwaitingVerdict, _: Texts) -> tuple[str, ...]:
    """Somebody who cannot be sent home yet."""
    return (
        each.case_number,
        each.to_office_id,
        written(each.expected_departure_on),
        words.word(_, words.HOME_WAITS, each.missing),
        each.accountable_office_id,
    )
