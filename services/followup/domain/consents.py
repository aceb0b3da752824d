"""What at home needs her consent, and what she says at a visit about being met and asked.

Policies of this project:

- A collaborator goes to her, members of her family are asked, and she is asked as a member of a group, only as she
  agreed to each (SUPPORT, sections 1, 4 and 5). What counts is the day of the visit: one of before a withdrawal may
  still be entered, and stays.
- Never refused is a visit in which she is judged to be in immediate danger, one at which she herself said no, an
  attempt, and whatever says that a look that is due was made.
- Her word at a visit about being asked is the consent FOLLOW_UP itself, told to intake, which owns it; nobody types it
  twice. Who asks not to be visited again withdraws it. The obligation to look again stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.words import ConsentGiver, ConsentPurpose
from services.followup.domain.care import FIRST_CONTACT_SET, IMMEDIATE, Said
from services.followup.domain.entry import ContactOutcome, Entry, Outcome
from services.followup.domain.events import ConsentSaid

COLLABORATOR: Final = "COLLABORATOR"
GUARDIAN: Final = "GUARDIAN"
REFUSED: Final = "REFUSED"
NEEDED_BY_SET: Final[Mapping[str, ConsentPurpose]] = MappingProxyType(
    {"FAMILY": ConsentPurpose.FAMILY_CONTACT, "GROUP_MEMBER": ConsentPurpose.GROUP}
)
"""Questions that are asked with a consent of their own, besides hers to be asked at all."""
ABOUT_HERSELF: Final = frozenset({FIRST_CONTACT_SET, "FULL", "GROUP_MEMBER"})
"""The sets with which she is looked after at home: whether she agrees to these is her word to FOLLOW_UP."""


def needed_for(said: Said) -> tuple[ConsentPurpose, ...]:
    """The purposes to which consent must stand on the day of a visit."""
    if said.risk == IMMEDIATE or said.consent == REFUSED:
        return ()
    by_visitor = (ConsentPurpose.COLLABORATOR,) if said.visitor == COLLABORATOR else ()
    asked = NEEDED_BY_SET.get(said.set_code)
    return by_visitor if asked is None else (*by_visitor, asked)


def said_at(entry: Entry, said: Said, outcome: Outcome | ContactOutcome) -> ConsentSaid | None:
    """What she said at a visit about being met and asked; None where the visit was about others."""
    if outcome is Outcome.DECLINED:
        return declined(entry, said.questionnaire_version)
    if said.set_code not in ABOUT_HERSELF:
        return None
    giver = ConsentGiver.GUARDIAN if said.consent == GUARDIAN else ConsentGiver.PERSON
    agreed = said.consent != REFUSED
    return ConsentSaid(entry.number, entry.finding.on, giver, said.questionnaire_version, agreed)


def declined(entry: Entry, text_version: int = 0) -> ConsentSaid:
    """She asked not to be visited again."""
    return ConsentSaid(entry.number, entry.finding.on, ConsentGiver.PERSON, text_version, agreed=False)
