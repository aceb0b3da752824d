"""Whether somebody may be sent home: what is asked with her, who decides, and how long it holds.

SUPPORT, section 10. Policies of this project:

- Answers suggest warning signs, and set none: the worker names those that she sees. With a sign named a home is not
  SAFE; it is decided about, together with her, with at least one measure.
- Nobody is sent where she does not want to go, whatever else is said.
- What lets her go is said by two people where a family, trafficker or debt question was answered with YES, and for
  everybody under 18; as long as the second one is awaited, WARNING_SIGNS is what counts. What keeps her is said by one.
- Somebody under 18 goes only where a guardian is named who took no part. Nobody under 18 goes against advice.
- A border post and a commune ask two questions (H01, H05) and decide nothing: SAFE follows from YES and NO, and with
  everything else she goes to a centre.
- What she says to somebody looking at the home first (H16) is her consent HOME_LOOK itself; nobody types it twice.
- The latest check counts, and an undecided one ends what was decided before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.deadlines import due_date
from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput, register_violations
from services.chassis.kernel.roles import is_same_account
from services.chassis.kernel.words import RuleCode
from services.followup.domain.care import Answer
from services.followup.domain.case import rule_of

SET: Final = "HOME_SAFETY"
"""The set of questions that is asked before a journey home."""
WANTS_TO_GO: Final = "H01"
AFRAID: Final = "H05"
MAY_LOOK: Final = "H16"
"""Whether somebody may look at the home first."""
LOOK_ANSWERS: Final[Mapping[str, bool]] = MappingProxyType({"NO": False, "AGENCY": True, "COLLABORATOR": True})
"""What these answers say to the purpose HOME_LOOK."""
SHORT: Final = (WANTS_TO_GO, AFRAID)
"""What is asked at the border."""
FAMILY_TOOK_PART: Final = "H03"
GUARDIAN_TOOK_NO_PART: Final = "H14"
YES: Final = "YES"
NO: Final = "NO"
TOPICS_OF_TWO: Final = frozenset({"HOUSEHOLD", "TRAFFICKER", "MONEY"})
"""Topics of the sealed questions of which a YES wants a second person: family, trafficker, debt."""
CHILDREN: Final = frozenset({"UNDER_16", "FROM_16_TO_17"})
"""Age bands of those for whom two people and a guardian are needed."""

register_violations(
    {
        "SIGNS_STAND": "Warning signs are named: decide about them, with a measure, or leave it undecided.",
        "NOT_HER_WISH": "She does not want to go there (H01); nobody is sent against her will.",
        "NO_GUARDIAN": "She is under 18: name a guardian who took no part (H14 answered with YES), or choose a centre.",
        "CHILD_AGAINST_ADVICE": "She is under 18: nobody under 18 goes to a home that is not safe.",
    }
)


class Verdict(StrEnum):
    """What is decided about a home. WARNING_SIGNS: they stand, and nobody has decided."""

    SAFE = "SAFE"
    WARNING_SIGNS = "WARNING_SIGNS"
    WARNING_SIGNS_DECIDED = "WARNING_SIGNS_DECIDED"
    NOT_SAFE = "NOT_SAFE"


LETS_GO: Final = frozenset({Verdict.SAFE, Verdict.WARNING_SIGNS_DECIDED})
"""Verdicts on which she may be sent."""


class HandoverDoesNotAnswer(HomewardError):
    """Who is accountable for this person cannot be asked at the moment; try again in a minute."""

    kind = ErrorKind.UNAVAILABLE


class HomeCheckNotFound(HomewardError):
    """No check of a home is on record for this case."""

    kind = ErrorKind.NOT_FOUND


class HomeCheckChanged(HomewardError):
    """The home was checked anew meanwhile; look at check {number} before you confirm it."""

    kind = ErrorKind.ABORTED


class NothingToConfirm(HomewardError):
    """No second person is awaited for this check."""


class OwnHomeCheck(HomewardError):
    """You recorded this check yourself; somebody else of your office confirms it."""

    kind = ErrorKind.PERMISSION_DENIED


@dataclass(frozen=True, slots=True)
class Standing:
    """What handover says of a case now: who is accountable, and where she is to be sent (empty: nothing is planned)."""

    case_id: UUID
    case_number: str
    office_id: str
    age_band: str
    planned_office_id: str = ""

    @property
    def is_child(self) -> bool:
        """Whether two people and a guardian are needed."""
        return self.age_band in CHILDREN


@dataclass(frozen=True, slots=True)
class LookSaid:
    """What she said to somebody looking at her home first: her word to HOME_LOOK, on a local day."""

    case_id: UUID
    office_id: str
    on: date
    agreed: bool


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What was said, and what the worker makes of it; sealed as a whole.

    `topics`: of the sealed questions that were answered, by question.
    """

    answers: tuple[Answer, ...]
    signs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    guardian: str = ""
    reason: str = ""
    topics: Mapping[str, str] = field(default_factory=dict)

    def says(self, question: str) -> str:
        """The code of an answer; empty where the question was not asked."""
        return next((code for one in self.answers if one.question == question for code in one.codes), "")

    @property
    def suspects_family(self) -> bool:
        """Whether somebody of the family may have taken part."""
        return self.says(FAMILY_TOOK_PART) == YES

    @property
    def wants_two(self) -> bool:
        """Whether an answer wants a second person."""
        return any(topic in TOPICS_OF_TWO and self.says(question) == YES for question, topic in self.topics.items())


@dataclass(frozen=True, slots=True)
class HomeCheck:
    """One check of the home of a case, numbered from 1. What was said is sealed beside it.

    `decided`: by the first person, on whose account `subject`; `valid_until` the last day on which she may leave on
    it, None where she may not. `awaits_second`: nothing of it counts yet. `second_subject`: who confirmed, or refused
    (`agreed` False). `is_short`: the two questions of the border.
    """

    case_id: UUID
    case_number: str
    number: int
    office_id: str
    to_office_id: str
    checked_on: date
    decided: Verdict
    is_child: bool
    is_short: bool
    subject: str
    at: datetime
    questionnaire_version: int
    valid_until: date | None = None
    against_advice: bool = False
    awaits_second: bool = False
    second_subject: str = ""
    agreed: bool | None = None
    second_at: datetime | None = None

    @property
    def verdict(self) -> Verdict:
        """What counts."""
        return Verdict.WARNING_SIGNS if self.awaits_second or self.agreed is False else self.decided

    @property
    def holds_until(self) -> date | None:
        """The last day on which she may leave on it, as it counts now."""
        return None if self.awaits_second or self.agreed is False else self.valid_until

    @property
    def is_undecided(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.verdict is Verdict.WARNING_SIGNS


@dataclass(frozen=True, slots=True)
class Wanted:
    """A check as it is asked for: the day (local), the place and the verdict."""

    to_office_id: str
    checked_on: date
    verdict: Verdict
    questionnaire_version: int
    against_advice: bool = False
    is_short: bool = False


def short_verdict(asked: Asked, *, is_child: bool) -> Verdict:
    """What follows from the two questions of the border; who is under 18 and has no guardian goes to a centre."""
    unafraid = asked.says(WANTS_TO_GO) == YES and asked.says(AFRAID) == NO
    return Verdict.SAFE if unafraid and (asked.guardian or not is_child) else Verdict.WARNING_SIGNS


def check(
    stands: Standing,
    number: int,
    wanted: Wanted,
    asked: Asked,
    *,
    by: str,
    subject: str,
    now: datetime,
    calendar: WorkingCalendar,
    questions: Collection[str] = (),
) -> HomeCheck:
    """A new check. `questions`: those of the set that are asked of her; a verdict that lets her go wants them answered.

    Raises InvalidInput.
    """
    faults = _short_faults(wanted) if wanted.is_short else _faults(stands, wanted, asked, questions)
    if faults:
        raise InvalidInput(faults)
    goes = wanted.verdict in LETS_GO or wanted.against_advice
    rule = rule_of(RuleCode.HOME_SAFETY_VALID.value, wanted.checked_on, calendar)
    holds = due_date(rule, wanted.checked_on, calendar)
    return HomeCheck(
        case_id=stands.case_id,
        case_number=stands.case_number,
        number=number,
        office_id=by,
        to_office_id=wanted.to_office_id,
        checked_on=wanted.checked_on,
        decided=wanted.verdict,
        is_child=stands.is_child,
        is_short=wanted.is_short,
        subject=subject,
        at=now,
        questionnaire_version=wanted.questionnaire_version,
        valid_until=holds.due_on if goes else None,
        against_advice=wanted.against_advice,
        awaits_second=goes and (stands.is_child or asked.wants_two),
    )


def _short_faults(wanted: Wanted) -> list[FieldViolation]:
    return [] if wanted.to_office_id else [FieldViolation(None, "to_office_id", "REQUIRED")]


def _faults(stands: Standing, wanted: Wanted, asked: Asked, questions: Collection[str]) -> list[FieldViolation]:
    found = _short_faults(wanted)
    decided, lets_go = wanted.verdict, wanted.verdict in LETS_GO
    goes = lets_go or wanted.against_advice
    missing = [one for one in questions if not asked.says(one)]
    if goes and missing:
        found.append(FieldViolation(None, "answers", "ANSWERS_MISSING", {"questions": ", ".join(missing)}))
    if goes and asked.says(WANTS_TO_GO) == NO:
        found.append(FieldViolation(None, "verdict", "NOT_HER_WISH"))
    if decided is Verdict.SAFE and asked.signs:
        found.append(FieldViolation(None, "verdict", "SIGNS_STAND"))
    if decided is Verdict.WARNING_SIGNS_DECIDED and not asked.measures:
        found.append(FieldViolation(None, "measures", "REQUIRED_WITH", {"other": "verdict"}))
    if wanted.against_advice and decided is not Verdict.NOT_SAFE:
        found.append(FieldViolation(None, "against_advice", "NOT_ALLOWED_WITH", {"other": "verdict"}))
    if stands.is_child and wanted.against_advice:
        found.append(FieldViolation(None, "against_advice", "CHILD_AGAINST_ADVICE"))
    if stands.is_child and lets_go and not (asked.guardian and asked.says(GUARDIAN_TOOK_NO_PART) == YES):
        found.append(FieldViolation(None, "guardian", "NO_GUARDIAN"))
    return found


def look_said(check: HomeCheck, asked: Asked) -> LookSaid | None:
    """Her word to a look at her home; None where there is none that a consent says: she names a person of her own, or a
    guardian has to agree for her."""
    said = LOOK_ANSWERS.get(asked.says(MAY_LOOK))
    if said is None or check.is_child:
        return None
    return LookSaid(check.case_id, check.office_id, check.checked_on, said)


def confirm(stands: HomeCheck, number: int, *, agrees: bool, subject: str, now: datetime) -> HomeCheck:
    """A second person agrees, or does not. Raises HomeCheckChanged, NothingToConfirm, OwnHomeCheck."""
    if stands.number != number:
        raise HomeCheckChanged(number=str(stands.number))
    if not stands.awaits_second:
        raise NothingToConfirm
    if is_same_account(stands.subject, subject):
        raise OwnHomeCheck
    return replace(stands, awaits_second=False, second_subject=subject, agreed=agrees, second_at=now)
