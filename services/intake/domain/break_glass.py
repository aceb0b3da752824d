"""Break-glass: who a person is, for somebody whom neither custody nor task entitles to know it.

With a reason, for two hours, one record at a time, told at once to those concerned, and reviewed by somebody of another
office. All amounts are policy of this project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, due_date, next_due_date, rule_on, rules_of
from services.chassis.kernel.errors import CaseNotFound, ErrorKind, HomewardError
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.roles import Caller, Role, is_same_account
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.access import Access, Detail, IdentityView, Viewer, access_of
from services.intake.domain.case import Case

RULE: Final = RuleCode.BREAK_GLASS_REVIEW
OPEN_FOR: Final = timedelta(hours=2)
A_DAY_MAX: Final = 3
"""So many records one account opens on a local day."""
WORDS_CHARS_MAX: Final = 500


class BreakGlassNotNeeded(HomewardError):
    """Your office may read as much of this person without break-glass; read it with its purpose."""


class BreakGlassNotYours(HomewardError):
    """Your office does not open this case by break-glass; turn to the supervisor of the province."""

    kind = ErrorKind.PERMISSION_DENIED


class TooManyBreakGlass(HomewardError):
    """You have opened {limit} records by break-glass today, and open no further one today; turn to your supervisor.

    No exhausted resource: trying again in a moment, as programs do then, would not help.
    """


class BreakGlassNotFound(HomewardError):
    """There is no such break-glass that you may use or see."""

    kind = ErrorKind.NOT_FOUND


class BreakGlassOver(HomewardError):
    """The two hours of this break-glass are over, or its review ended it; open the record anew if you still need it."""


class BreakGlassReviewed(HomewardError):
    """This break-glass has been reviewed already."""


class OwnBreakGlass(HomewardError):
    """Your office opened this record itself, so somebody of another office reviews it."""

    kind = ErrorKind.PERMISSION_DENIED


class Reason(StrEnum):
    """Why; meanings in `homeward.type.v1.BreakGlassReason`."""

    DANGER = "DANGER"
    PERSON_ASKS = "PERSON_ASKS"
    SEARCH = "SEARCH"
    LEGAL_DUTY = "LEGAL_DUTY"
    COMPLAINT = "COMPLAINT"
    OTHER = "OTHER"


class Verdict(StrEnum):
    """What a second person says of it; meanings in `homeward.type.v1.BreakGlassVerdict`."""

    JUSTIFIED = "JUSTIFIED"
    UNJUSTIFIED = "UNJUSTIFIED"


VIEW_OF: Final[Mapping[Reason, IdentityView]] = MappingProxyType(
    {
        # Whoever helps her now needs her health and where she lives.
        Reason.DANGER: IdentityView.FULL,
        Reason.PERSON_ASKS: IdentityView.FULL,
        Reason.SEARCH: IdentityView.VERIFICATION,
        Reason.LEGAL_DUTY: IdentityView.VERIFICATION,
        Reason.COMPLAINT: IdentityView.VERIFICATION,
        Reason.OTHER: IdentityView.VERIFICATION,
    }
)
"""As much as each reason shows."""
_IN_WORDS: Final = frozenset({Reason.LEGAL_DUTY, Reason.COMPLAINT, Reason.OTHER})
"""Which court, which complaint: a code alone could not be reviewed."""
_BY_AMOUNT: Final = tuple(IdentityView)


@dataclass(frozen=True, slots=True)
class Review:
    """What a second person said."""

    verdict: Verdict
    office_id: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """A record that one account opened. The words of its reason are sealed, and not here."""

    id: UUID
    case_id: UUID
    subject: str
    office_id: str
    role: Role
    reason: Reason
    view: IdentityView
    opened_at: datetime
    expires_at: datetime
    review_due_on: date
    review: Review | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be read with. A review that finds no reason ends it at once."""
        ended = self.review is not None and self.review.verdict is Verdict.UNJUSTIFIED
        return now < self.expires_at and not ended

    def is_of(self, caller: Caller) -> bool:
        """Whether that account opened it, at that office."""
        return (self.subject, self.office_id) == (caller.subject, caller.office_id)


@dataclass(frozen=True, slots=True)
class Opened:
    """By what somebody wants to read a person; None: by something that there is not."""

    one: BreakGlass | None


@dataclass(frozen=True, slots=True)
class SeenBreakGlass:
    """One as a caller sees it; `reads`: how often the person was read with it."""

    one: BreakGlass
    case_number: str
    reads: int
    for_caller: bool
    of_caller: bool


def check_words(reason: Reason, words: str) -> str:
    """The words, normalised; raises InvalidInput."""
    found = Findings()
    checked = found.text("words", words, WORDS_CHARS_MAX, required=reason in _IN_WORDS, lines=True)
    found.done()
    return checked


def require_may_open(case: Case, viewer: Viewer, reason: Reason) -> None:
    """Raise unless the caller may open the case for that reason.

    CaseNotFound for whom it is none of; BreakGlassNotNeeded, BreakGlassNotYours.
    """
    known = access_of(case, viewer)
    if _covers(known.identity, VIEW_OF[reason]):
        raise BreakGlassNotNeeded
    if may_open(case, viewer):
        return
    if known.detail is Detail.NOTHING:
        raise CaseNotFound
    raise BreakGlassNotYours


def may_open(case: Case, viewer: Viewer) -> bool:
    """Whether the caller's office is one that may need to know.

    The police elsewhere, at her home above all, are not, and of open cases no other office that once had her.
    """
    if viewer.role is Role.SUPERVISOR:
        return viewer.oversees(case)
    if viewer.role is Role.VERIFIER:
        return viewer.verifies(case)
    was_last = case.shown_phase is Phase.CLOSED and case.accountable_office_id in viewer.holds
    return was_last and (viewer.role is not Role.COMMUNE or case.receiving_office_id in viewer.holds)


def access_by(one: BreakGlass | None, case: Case, viewer: Viewer, caller: Caller, now: datetime) -> Access:
    """What the caller sees of a case by what was opened: nothing without it, of another case, or when it is over."""
    if one is None or one.case_id != case.id or not one.is_of(caller):
        return Access(Detail.NOTHING)
    if not one.is_open(now) or not may_open(case, viewer):
        return Access(Detail.NOTHING)
    known = access_of(case, viewer).identity
    return Access(Detail.CASE, known if _covers(known, one.view) else one.view)


def refusal(one: BreakGlass | None, case: Case, caller: Caller) -> HomewardError:
    """What somebody is told whom it does not open the case: the difference only to whoever opened that very case."""
    if one is None or one.case_id != case.id or not one.is_of(caller):
        return BreakGlassNotFound()
    return BreakGlassOver()


def may_review(one: BreakGlass, case: Case, viewer: Viewer, caller: Caller) -> bool:
    """Whether the caller is a supervisor of the case, and neither the person nor the office that opened it."""
    return viewer.role is Role.SUPERVISOR and viewer.oversees(case) and not _is_own(one, viewer, caller)


def require_reviewer(one: BreakGlass, case: Case, viewer: Viewer, caller: Caller) -> None:
    """Raise BreakGlassNotFound, OwnBreakGlass or BreakGlassReviewed unless the caller may review it now."""
    if _is_own(one, viewer, caller):
        raise OwnBreakGlass
    if not may_review(one, case, viewer, caller):
        raise BreakGlassNotFound
    if one.review is not None:
        raise BreakGlassReviewed


def review_due(opened_at: datetime, calendar: WorkingCalendar) -> DueDate:
    """By when somebody is to review it."""
    today = local_date(opened_at)
    return due_date(rule_on(RULE, today, rules_of(calendar)), today, calendar)


def next_review_due(passed: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """When it is told again that nobody reviewed it."""
    return next_due_date(rule_on(RULE, passed.due_on, rules_of(calendar)), passed, now, calendar)


def _is_own(one: BreakGlass, viewer: Viewer, caller: Caller) -> bool:
    return is_same_account(one.subject, caller.subject) or one.office_id in viewer.holds


def _covers(known: IdentityView, wanted: IdentityView) -> bool:
    return _BY_AMOUNT.index(known) >= _BY_AMOUNT.index(wanted)
