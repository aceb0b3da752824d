"""Consent, for each purpose by itself: said on a day, by her or for a child by a guardian, and never changed after.

Policies of this project:

- What was said last counts, from its day on. What is said of an earlier day than that is not taken: it would change
  what others did in good faith.
- Who agreed before and says no has withdrawn, whichever word is used. A withdrawal takes back nothing that was done.
- For somebody below 18 a guardian agrees, by name, and has no part in what happened; she herself may always refuse and
  withdraw. Where the age is not known, either may agree.
- What is said at a visit is the same fact (FOLLOW_UP): followup tells it, and it is kept where it changes what stands.
- A visit that is taken back says nothing more: what stood before it counts again from its day on, and an agreement with
  nothing before it is withdrawn. A refusal with nothing before it stays until she is asked: it lets nothing through.
- Also of a case that is closed something may be withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import ErrorKind, HomewardError, register_violations
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake.domain.people import AgeBand

MAX_CONSENTS: Final = 500
"""Of one case; visits besides."""
_CHILD: Final = frozenset({AgeBand.UNDER_16, AgeBand.FROM_16_TO_17})

register_violations(
    {"CHILD_NEEDS_GUARDIAN": "For somebody below 18 a guardian agrees, by name; she herself may refuse and withdraw."}
)


class ConsentNotGiven(HomewardError):
    """Nothing stands for this purpose that could be withdrawn; record that she refused, if she did."""


class TooManyConsents(HomewardError):
    """Of one case at most {limit} consents are recorded."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


class GuardianNotNamed(HomewardError):
    """No guardian is on record by name for this consent."""

    kind = ErrorKind.NOT_FOUND


class GuardianRelation(StrEnum):
    """What a guardian is to a child; meanings in `homeward.type.v1.GuardianRelation`."""

    PARENT = "PARENT"
    GRANDPARENT = "GRANDPARENT"
    SIBLING = "SIBLING"
    OTHER_RELATIVE = "OTHER_RELATIVE"
    APPOINTED = "APPOINTED"
    FACILITY = "FACILITY"


@dataclass(frozen=True, slots=True, repr=False)
class Guardian:
    """Who speaks for a child. Its `repr` shows nothing, so that no log line can."""

    name: str
    relation: GuardianRelation


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody said, as an office puts it on record. `on`: the local day; None: today.

    `text_version`: of what was read, in `language` (BCP 47); 0 where nothing was, as when something is withdrawn.
    """

    purpose: str
    state: ConsentState
    on: date | None
    giver: ConsentGiver = ConsentGiver.PERSON
    guardian: Guardian | None = None
    language: str = "vi"
    text_version: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What was said at a visit. `text_version`: of the text of the visit; 0 where none was read."""

    purpose: str
    agreed: bool
    on: date
    giver: ConsentGiver
    text_version: int
    entry_number: int
    office_id: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What was said to one purpose, as it is kept.

    Attributes:
        number: counts from 1 within the case.
        guardian_named: whether a guardian is on record; who that is, by name and relation, is sealed.
        entry_number: the visit at which it was said, whose text was read; 0 for none.
        subject: who recorded it; empty for what was said at a visit.
    """

    case_id: UUID
    number: int
    purpose: str
    state: ConsentState
    giver: ConsentGiver
    said_on: date
    text_version: int
    office_id: str
    recorded_at: datetime
    guardian_named: bool = False
    language: str = ""
    entry_number: int = 0
    subject: str = ""


def standing(consents: Sequence[Consent], purpose: str) -> Consent | None:
    """What stands for a purpose; None where nothing was said."""
    return next((one for one in reversed(consents) if one.purpose == purpose), None)


def recorded(
    consents: Sequence[Consent],
    stated: Stated,
    *,
    case_id: UUID,
    age: AgeBand,
    not_before: date,
    office_id: str,
    subject: str,
    now: datetime,
) -> Consent:
    """What an office puts on record. `age`: today's; `not_before`: the day on which she was received.

    Raises InvalidInput, ConsentNotGiven, TooManyConsents.
    """
    if len(consents) >= MAX_CONSENTS:
        raise TooManyConsents(limit=str(MAX_CONSENTS))
    before = standing(consents, stated.purpose)
    on = stated.on or local_date(now)
    _check(stated, age, on, max(not_before, before.said_on) if before else not_before, local_date(now))
    one = Consent(
        case_id=case_id,
        number=len(consents) + 1,
        purpose=stated.purpose,
        state=stated.state,
        giver=stated.giver,
        said_on=on,
        text_version=stated.text_version,
        office_id=office_id,
        recorded_at=now,
        guardian_named=stated.guardian is not None,
        language=stated.language,
        subject=subject,
    )
    if stated.state is ConsentState.WITHDRAWN and (before is None or before.state is not ConsentState.GIVEN):
        raise ConsentNotGiven
    return _after(before, one)


def told(consents: Sequence[Consent], said: Told, *, case_id: UUID, now: datetime) -> Consent | None:
    """What is recorded of what was said at a visit; None where it changes nothing, or more was said since."""
    before = standing(consents, said.purpose)
    one = Consent(
        case_id=case_id,
        number=len(consents) + 1,
        purpose=said.purpose,
        state=ConsentState.GIVEN if said.agreed else ConsentState.REFUSED,
        giver=said.giver,
        said_on=said.on,
        text_version=said.text_version,
        office_id=said.office_id,
        recorded_at=now,
        entry_number=said.entry_number,
    )
    if before is None:
        return one
    if before.said_on > said.on or (before.state is ConsentState.GIVEN) is said.agreed:
        return None
    return _after(before, one)


def taken_back(
    consents: Sequence[Consent], entry_number: int, *, case_id: UUID, office_id: str, now: datetime
) -> Consent | None:
    """What counts again, from the day of a visit on, once that is taken back; None where nothing follows."""
    said = next((one for one in reversed(consents) if one.entry_number == entry_number), None)
    if said is None or standing(consents, said.purpose) != said:
        return None
    before = standing([one for one in consents if one.number < said.number], said.purpose)
    if before is None and said.state is not ConsentState.GIVEN:
        return None
    return Consent(
        case_id=case_id,
        number=len(consents) + 1,
        purpose=said.purpose,
        state=before.state if before is not None else ConsentState.WITHDRAWN,
        giver=before.giver if before is not None else said.giver,
        said_on=said.said_on,
        text_version=before.text_version if before is not None else said.text_version,
        office_id=office_id,
        recorded_at=now,
        entry_number=entry_number,
    )


def _after(before: Consent | None, one: Consent) -> Consent:
    """Who agreed before and says no has withdrawn what she had agreed to, in the words that were read then."""
    if before is None or before.state is not ConsentState.GIVEN or one.state is ConsentState.GIVEN:
        return one
    return replace(one, state=ConsentState.WITHDRAWN, text_version=one.text_version or before.text_version)


def _check(stated: Stated, age: AgeBand, on: date, earliest: date, today: date) -> None:
    found = Findings()
    if on > today:
        found.wrong("said_on", "IN_THE_FUTURE")
    elif on < earliest:
        found.wrong("said_on", "TOO_EARLY", limit=earliest.isoformat())
    if age in _CHILD and stated.state is ConsentState.GIVEN and stated.giver is not ConsentGiver.GUARDIAN:
        found.wrong("giver", "CHILD_NEEDS_GUARDIAN")
    found.done()
