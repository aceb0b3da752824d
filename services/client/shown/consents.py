"""How consents look: what was said to each purpose, and what of it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from services.chassis.country.reference_lists import languages
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, moment_of

if TYPE_CHECKING:
    from homeward.followup.v1 import care_pb2
    from homeward.intake.v1 import consents_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of what was said."""
    return (_("No."), _("Purpose"), _("What was said"), _("Day"), _("By whom"), _("Text read"), _("Recorded"))


def row(each: consents_pb2.Consent, _: Texts) -> tuple[str, ...]:
    """A line of such a list."""
    state = enum_word(_, each, "state", words.CONSENT_STATES)
    return (
        str(each.number),
        words.purpose_word(_, each.purpose),
        _("{state} (stands)", state=state) if each.stands else state,
        written(each.said_on),
        giver_word(each, _),
        text_word(each, _),
        recorded_word(each, _),
    )


def facts(each: consents_pb2.Consent, _: Texts) -> list[tuple[str, str]]:
    """One of them."""
    return [
        (_("Purpose"), words.purpose_word(_, each.purpose)),
        (_("What was said"), enum_word(_, each, "state", words.CONSENT_STATES)),
        (_("Day"), written(each.said_on)),
        (_("By whom"), giver_word(each, _)),
        (_("Text read"), text_word(each, _)),
        (_("Recorded"), recorded_word(each, _)),
    ]


def guardian_facts(found: consents_pb2.Guardian, _: Texts) -> list[tuple[str, str]]:
    """Who gave it for a child."""
    return [
        (_("Guardian"), found.name),
        (_("What the guardian is to the child"), enum_word(_, found, "relation", words.GUARDIAN_RELATIONS)),
    ]


def giver_word(each: consents_pb2.Consent, _: Texts) -> str:
    """Who said it: she, or a guardian; who that is, is shown with `guardian_facts` alone."""
    return enum_word(_, each, "giver", words.CONSENT_GIVERS)


def text_word(each: consents_pb2.Consent, _: Texts) -> str:
    """Which text was read, in which language."""
    if each.entry_number:
        return _("that of the visit, version {version}", version=each.text_version) if each.text_version else ""
    if not each.text_version:
        return ""
    return _("version {version}, {language}", version=each.text_version, language=_language(each.language, _))


def recorded_word(each: consents_pb2.Consent, _: Texts) -> str:
    """When it was recorded, by whom."""
    moment = moment_of(each.record_time)
    if each.entry_number:
        return _("{moment}, {office}: visit {number}", moment=moment, office=each.office_id, number=each.entry_number)
    if not each.subject:
        return _("{moment}, {office}: asked about her home", moment=moment, office=each.office_id)
    return _("{moment}, {office} ({account})", moment=moment, office=each.office_id, account=each.subject)


def standing_of(consents: Iterable[consents_pb2.Consent]) -> dict[str, consents_pb2.Consent]:
    """What stands, by purpose."""
    return {each.purpose: each for each in consents if each.stands}


def contact_facts(answer: care_pb2.GetWishesResponse, _: Texts) -> list[tuple[str, str]]:
    """What she said last to being contacted and visited; nothing where nothing is known."""
    state = enum_word(_, answer, "follow_up_consent", words.CONSENT_STATES)
    if not state:
        return []
    said = _("{state}, on {day}", state=state, day=written(answer.follow_up_consent_on))
    return [(words.purpose_word(_, "FOLLOW_UP"), said)]


def _language(tag: str, _: Texts) -> str:
    known = languages().get(tag.partition("-")[0])
    if known is None:
        return tag
    return known.name_vi if _.language == "vi" else known.name_en
