"""Care: how she wishes to be contacted, and what a visit is in truth.

Policies of this project:

- No attempt and no visit is put on record until the wishes that stand were read: who goes must know how she may be met.
- The worker judges the risk, with a reason; nothing is computed from answers or signs. HIGH and IMMEDIATE switch on
  every step that is ahead; a lower judgement later switches none off.
- A collaborator goes by a task and asks no questions. An interpreter is never a child.
- Whoever is in immediate danger is before the supervisor's eyes at once, and within a day a second person confirms what
  was done for her safety (SAFETY_ACT).
- Of a case that is closed for longer than a closed one is seen elsewhere (CLOSED_CASE_SEEN), nothing that was said is
  shown or changed before it is opened again.
- What was said stays as it was said: a correction is a further revision, with its reason.

What stands here is told in confidence. Only the vault writes it down, and gives it out against an entry in its log.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import due_date
from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.chassis.kernel.roles import is_same_account
from services.chassis.kernel.words import RuleCode
from services.followup.domain import contacts, visits
from services.followup.domain.case import (
    SAFETY_ACT,
    FollowUpCase,
    FollowUpCaseClosed,
    Safety,
    require_followed,
    rule_of,
)
from services.followup.domain.entry import AfterDeclined, ContactOutcome, Entry, Kind, Outcome
from services.followup.domain.events import Event, SafetyConfirmed, SafetyErased, SafetyNeeded, StepsCause, StepsChanged
from services.followup.domain.policy import POLICIES, Facts, Policy
from services.followup.domain.recording import Done
from services.followup.domain.steps import switch_on
from services.followup.domain.watching import Change, Decision, decide

MAX_REVISIONS: Final = 20
"""Of one visit [policy]."""
IMMEDIATE: Final = "IMMEDIATE"
IN_DANGER: Final = frozenset({"HIGH", IMMEDIATE})
"""The judgements that switch on every step that is ahead."""
FIRST_CONTACT_SET: Final = "FIRST_CONTACT"


class WishesNotRead(HomewardError):
    """Read first how this person wishes to be contacted, and confirm it: the wishes of version {version} stand."""


class WishesChanged(HomewardError):
    """The wishes were changed meanwhile, to version {version}; read them before you change them."""

    kind = ErrorKind.ABORTED


class VisitNotFound(HomewardError):
    """This case has no visit of that number with what was said."""

    kind = ErrorKind.NOT_FOUND


class VisitAlreadyWritten(HomewardError):
    """What was said at visit {number} is on record already; correct it instead."""

    kind = ErrorKind.FAILED_PRECONDITION


class VisitChanged(HomewardError):
    """The visit was corrected meanwhile, to revision {revision}; look at it before you correct it."""

    kind = ErrorKind.ABORTED


class VisitRevisionsExhausted(HomewardError):
    """Visit {number} was corrected {limit} times already."""


class SafetyNotAsked(HomewardError):
    """No safety measure waits to be confirmed for this case."""


class SafetyOwnJudgement(HomewardError):
    """You wrote this judgement yourself; a second person confirms what was done for her safety."""

    kind = ErrorKind.PERMISSION_DENIED


@dataclass(frozen=True, slots=True, repr=False)
class Wishes:
    """How she wishes to be contacted: codes of the list, with whom and by whom, when, and the agreed reason."""

    how: tuple[str, ...] = ()
    who: str = ""
    hours: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class WishesVersion:
    """Wishes as they stand; `version` 0: none were recorded."""

    version: int
    wishes: Wishes
    office_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """How somebody tried to reach her, beside the entry that says what came of it. Codes of the lists."""

    mode: str
    visitor: str
    outcome: str
    wishes_version: int


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What she said to a question; `item`: of one that is asked for each chosen item."""

    question: str
    codes: tuple[str, ...] = ()
    text: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What a visit was like and what was said there. All are codes of the questionnaire's lists but the texts.

    `sealed_questions`: those whose answers are told to care staff alone.
    """

    set_code: str
    questionnaire_version: int
    mode: str
    visitor: str
    consent: str
    privacy: str
    interpreter: str
    risk: str
    risk_reason: str
    next_steps: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    signs: tuple[str, ...] = ()
    note: str = ""
    wishes_version: int = 0
    sealed_questions: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True, repr=False)
class Revision:
    """A revision of a visit: what was said, who wrote it when, and why it was corrected; `subject`: the account."""

    number: int
    revision: int
    said: Said
    office_id: str
    subject: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CareVisit:
    """A visit to be put on record: its day (None: today), what it found, and what was said.

    `extra`: no look that is due, but one between.
    """

    on: date | None
    outcome: Outcome
    then: AfterDeclined | None
    extra: bool
    said: Said


def require_wishes_read(stands: int, read: int) -> None:
    """Raise WishesNotRead unless the version that stands was read; 0: there are none."""
    if stands and read != stands:
        raise WishesNotRead(version=str(stands))


def require_shown(case: FollowUpCase, today: date, calendar: WorkingCalendar) -> None:
    """Raise FollowUpCaseClosed when the case ended too long ago for what was said of it to be shown."""
    if case.closed_at is None:
        return
    seen_days = rule_of(RuleCode.CLOSED_CASE_SEEN.value, today, calendar).amount
    if local_date(case.closed_at) < today - timedelta(days=seen_days):
        raise FollowUpCaseClosed


def reads_what_it_wrote(
    case: FollowUpCase, own: Collection[str], kept_since: datetime | None, today: date, calendar: WorkingCalendar
) -> bool:
    """Whether offices that made the follow-ups before still read what they wrote themselves [policy: SUPPORT 12].

    `kept_since`: when the present one took them over.
    """
    if kept_since is None or not set(own) & set(case.keepers[:-1]):
        return False
    days = rule_of(RuleCode.CARE_SEEN_BY_FORMER.value, today, calendar).amount
    return today <= local_date(kept_since) + timedelta(days=days)


def record_visit(
    case: FollowUpCase,
    visit: CareVisit,
    *,
    by: str,
    subject: str,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> tuple[Done, Sequence[Decision]]:
    """Put a visit on record: as the look that is due, or as a contact where it is the first one or one between.

    Returns what was made of the entry, and everything that is to be carried out, in its order.
    """
    if visit.extra or visit.said.set_code == FIRST_CONTACT_SET:
        done = contacts.record_contact(case, ContactOutcome.REACHED, visit.on, by=by, now=now, calendar=calendar)
    else:
        asked = visits.Visit(None, visit.on, visit.outcome, (), visit.then)
        done, _ = visits.record(case, asked, by=by, now=now, calendar=calendar)
    judged = judge(
        done.decision.case,
        done.entry,
        visit.said,
        subject=subject,
        new_ids=new_ids,
        now=now,
        calendar=calendar,
        policies=policies,
    )
    return done, (done.decision, *((judged,) if judged else ()))


def judge(
    case: FollowUpCase,
    entry: Entry,
    said: Said,
    *,
    before: str = "",
    subject: str,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> Decision | None:
    """What follows from the worker's judgement: danger switches on the steps that are ahead, and an immediate one is
    told, and asks for a second person.

    `before`: what the visit was judged before, which was told then. Whoever judges so while an earlier judgement waits
    is told of as well, within the limit that runs; the second person is another than the latest who judged.
    """
    after, events = case, tuple[Event, ...]()
    if said.risk in IN_DANGER and before not in IN_DANGER:
        facts = Facts(high_risk=True)
        after, added = switch_on(
            case, facts, new_ids=new_ids, now=now, calendar=calendar, again=True, policies=policies
        )
        events = (StepsChanged(StepsCause.CARE, added=added),) if added else ()
    is_told = before == IMMEDIATE or (case.safety is not None and case.safety.entry_number == entry.number)
    if said.risk == IMMEDIATE and not is_told:
        after, needed = _in_danger(after, entry, subject, now, calendar)
        events = (*events, needed)
    return decide(case, Change(after, events), calendar) if events else None


def _in_danger(
    case: FollowUpCase, entry: Entry, subject: str, now: datetime, calendar: WorkingCalendar
) -> tuple[FollowUpCase, SafetyNeeded]:
    require_followed(case)
    waiting = case.safety or Safety(entry.number, subject, now)
    safety = replace(waiting, entry_number=entry.number, subject=subject)
    start = safety.counted_from
    confirm_by = due_date(rule_of(SAFETY_ACT, local_date(start), calendar), start, calendar).due_at
    return replace(case, safety=safety), SafetyNeeded(entry.number, confirm_by)


def confirm_safety(case: FollowUpCase, *, subject: str, calendar: WorkingCalendar) -> Decision:
    """A second person confirms what was done for her safety. Raises SafetyNotAsked, SafetyOwnJudgement."""
    if case.safety is None:
        raise SafetyNotAsked
    if is_same_account(case.safety.subject, subject):
        raise SafetyOwnJudgement
    confirmed = SafetyConfirmed(case.safety.entry_number)
    return decide(case, Change(replace(case, safety=None), (confirmed,)), calendar)


def erase_safety(case: FollowUpCase, calendar: WorkingCalendar) -> Decision | None:
    """Nobody can confirm any more what was done: of an erased case nothing is written. None where nothing waits."""
    if case.safety is None:
        return None
    erased = SafetyErased(case.safety.entry_number)
    return decide(case, Change(replace(case, safety=None), (erased,)), calendar)


def next_look_on(on: date, days: int | None) -> date | None:
    """The day on which an extra visit is proposed."""
    return None if days is None else on + timedelta(days=days)
