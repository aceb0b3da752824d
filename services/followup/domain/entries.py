"""Entries are corrected and taken back: every one has a way back, and its history.

Policy of this project: whoever recorded an entry, and whoever makes the follow-ups now, may change it for
REVISED_BY_OFFICE_DAYS days after it was recorded; later their supervisor may. Dates, marks, decision and deadlines are
then as if it had always stood so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.words import Phase
from services.followup.domain.case import FollowUp, FollowUpCase, FollowUpNotStarted, State, require_since_arrival
from services.followup.domain.entry import (
    AfterDeclined,
    ContactOutcome,
    Entry,
    EntryReason,
    EntryState,
    Finding,
    Kind,
    Outcome,
    Version,
)
from services.followup.domain.events import Revised
from services.followup.domain.recording import Done, with_entries
from services.followup.domain.visits import require_room
from services.followup.domain.watching import Change, decide

REVISED_BY_OFFICE_DAYS: Final = 14
"""So many days after recording the office itself may change an entry [policy]."""
MAX_VERSIONS: Final = 20
"""Versions of one entry [policy]."""
TO_CORRECT: Final = frozenset({EntryReason.WRONG_DAY, EntryReason.WRONG_OUTCOME, EntryReason.WRONG_FOLLOW_UP})
"""Reasons for which an entry is corrected; for the others it is taken back."""
TO_TAKE_BACK: Final = frozenset(EntryReason) - TO_CORRECT


class EntryNotFound(HomewardError):
    """This case has no entry of that number."""

    kind = ErrorKind.NOT_FOUND


class EntryTakenBack(HomewardError):
    """Entry {number} was taken back on {on}; record anew what is right."""


class EntryTooOld(HomewardError):
    """Your office could change entry {number} until {limit}; now its supervisor can."""


class EntryUnchanged(HomewardError):
    """Entry {number} says that already."""


class EntryAwaitsSecondPerson(HomewardError):
    """At visit {number} somebody judged that she is in immediate danger: first a second person confirms what was done,
    or waives it with a reason; then the visit can be taken back."""


class EntryVersionsExhausted(HomewardError):
    """Entry {number} was changed {limit} times; take it back and record anew."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be otherwise; None: as it stands. `warning_signs` None: as they stand."""

    kind: Kind | None = None
    on: date | None = None
    outcome: Outcome | None = None
    contact: ContactOutcome | None = None
    warning_signs: tuple[str, ...] | None = None
    then: AfterDeclined | None = None


@dataclass(frozen=True, slots=True)
class Reviser:
    """Who changes an entry; `oversees`: as a supervisor of the office that makes the follow-ups."""

    office_id: str
    oversees: bool = False


def entry_of(case: FollowUpCase, number: int) -> Entry:
    """The entry of that number. Raises EntryNotFound."""
    for each in case.entries:
        if each.number == number:
            return each
    raise EntryNotFound


def take_back(
    case: FollowUpCase,
    entry: Entry,
    reason: EntryReason,
    *,
    by: Reviser,
    now: datetime,
    calendar: WorkingCalendar,
) -> Done:
    """Take an entry back: it was another woman's, or never happened.

    Raises EntryTakenBack, EntryTooOld, EntryAwaitsSecondPerson.
    """
    _require_changeable(entry, by, now)
    if case.safety is not None and case.safety.entry_number == entry.number:
        raise EntryAwaitsSecondPerson(number=str(entry.number))
    version = Version(entry.finding, by.office_id, now, EntryState.TAKEN_BACK, reason)
    return _with_version(case, entry, version, now, calendar)


def correct(
    case: FollowUpCase,
    entry: Entry,
    correction: Correction,
    reason: EntryReason,
    *,
    by: Reviser,
    now: datetime,
    calendar: WorkingCalendar,
) -> Done:
    """Correct the day, the outcome or the follow-up of an entry.

    Raises EntryTakenBack, EntryTooOld, EntryUnchanged, EntryVersionsExhausted, FollowUpNotStarted, FollowUpTooEarly,
    FollowUpAlreadyRecorded, and InvalidInput on fields that do not fit the entry.
    """
    _require_changeable(entry, by, now)
    if len(entry.versions) >= MAX_VERSIONS:
        raise EntryVersionsExhausted(number=str(entry.number), limit=str(MAX_VERSIONS))
    of_this_set = case.arrived_on is not None and entry.set_number == case.set_number
    if case.phase not in (Phase.FOLLOW_UP, Phase.CLOSED) or not of_this_set:
        raise FollowUpNotStarted
    finding = _corrected(entry.finding, correction)
    if finding == entry.finding:
        raise EntryUnchanged(number=str(entry.number))
    require_since_arrival(case, "on", finding.on, local_date(now))
    if finding.kind is not None:
        require_room(case, finding, but=entry)
    version = Version(finding, by.office_id, now, EntryState.CORRECTED, reason)
    return _with_version(case, entry, version, now, calendar)


def _require_changeable(entry: Entry, by: Reviser, now: datetime) -> None:
    if not entry.stands:
        raise EntryTakenBack(number=str(entry.number), on=local_date(entry.latest.at).isoformat())
    limit = local_date(entry.first.at) + timedelta(days=REVISED_BY_OFFICE_DAYS)
    if not by.oversees and local_date(now) > limit:
        raise EntryTooOld(number=str(entry.number), limit=limit.isoformat())


def _corrected(said: Finding, correction: Correction) -> Finding:
    is_contact = said.kind is None
    for name, given in (
        ("outcome" if is_contact else "contact", correction.outcome if is_contact else correction.contact),
        ("kind", correction.kind if is_contact else None),
        ("warning_signs", correction.warning_signs if is_contact else None),
        ("then", correction.then if is_contact else None),
    ):
        if given is not None:
            raise InvalidInput([FieldViolation(None, name, "NOT_ALLOWED")])
    found = (correction.contact if is_contact else correction.outcome) or said.found
    signs = said.warning_signs if correction.warning_signs is None else correction.warning_signs
    then = correction.then or said.then
    if found is Outcome.DECLINED and then is None:
        raise InvalidInput([FieldViolation(None, "then", "REQUIRED_WITH", {"other": "outcome"})])
    if found is not Outcome.DECLINED and correction.then is not None:
        raise InvalidInput([FieldViolation(None, "then", "NOT_ALLOWED_WITH", {"other": "outcome"})])
    return Finding(
        correction.kind or said.kind,
        correction.on or said.on,
        found,
        () if found is Outcome.NOT_REACHED else signs,
        then if found is Outcome.DECLINED else None,
    )


def _with_version(case: FollowUpCase, entry: Entry, version: Version, now: datetime, calendar: WorkingCalendar) -> Done:
    revised = entry.revised(version)
    entries = tuple(revised if each.number == entry.number else each for each in case.entries)
    made = with_entries(case, entries, revised, now, calendar)
    visited = any(each.finding.is_visit for each in made.case.standing)
    ended = bool(made.case.follow_ups) and made.case.last_follow_up.state is State.RECORDED
    told = Revised(
        entry=revised,
        was_visit=entry.finding.is_visit,
        visited=visited,
        period_ended=ended,
        asked_again=_asked_again(case, made.case),
        made=_made(made.case, revised),
        effect=made.effect,
    )
    after = replace(made.case, watched_from=now)
    return Done(decide(case, Change(after, (told,)), calendar), revised, made.effect, made.missed, made.seen_on)


def _asked_again(before: FollowUpCase, after: FollowUpCase) -> tuple[FollowUp, ...]:
    were_open = {one.id for one in before.open_follow_ups}
    return tuple(one for one in after.open_follow_ups if one.id not in were_open)


def _made(case: FollowUpCase, entry: Entry) -> FollowUp | None:
    if not (entry.stands and entry.finding.is_visit):
        return None
    return next((one for one in case.follow_ups if one.kind is entry.finding.kind), None)
