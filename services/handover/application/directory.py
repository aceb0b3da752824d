"""What administrators change: offices that end and open, rules, days of the calendar. One audited step each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.overlays import (
    CalendarChange,
    Overlays,
    RuleChange,
    begin_change,
    put_calendar,
    put_office,
    put_rule,
    read_overlay,
    rules_with,
)
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Rule, rules_of
from services.chassis.kernel.errors import (
    FieldViolation,
    InvalidInput,
    OfficeNotFound,
    OfficeNotYetOpen,
    PermissionDenied,
)
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import Caller, Role
from services.chassis.service.office_end import carry_out, day_before
from services.handover.domain.approvals import CALENDAR, Matter
from services.handover.domain.directory import (
    CALENDAR_DAYS_KEPT_MAX,
    Change,
    check_amount,
    check_calendar_days,
    check_names,
    latest_to_change,
)
from services.handover.domain.errors import (
    OfficeExists,
    OfficeHasEnded,
    RuleNotFound,
    SuccessorIsItself,
    SuccessorNeeded,
    SuccessorOfOtherRole,
)
from services.handover.domain.reading import Page
from services.handover.storage.directory import end_of, record
from services.handover.storage.directory import list_changes as listed_changes
from services.handover.storage.holdings import HandoverHoldings
from services.handover.wire import events

_OVERSEEING: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN})
EDITION_CHARS: Final = 16
SCHEDULE: Final = "schedule"
"""Stands for office and person where an office ended by the directory and nobody had to say so."""


@dataclass(frozen=True, slots=True)
class Administration:
    """What administrators change: the country as it stands, and what is held for its offices."""

    overlays: Overlays
    holdings: HandoverHoldings


@dataclass(frozen=True, slots=True)
class EndOffice:
    """An office ends: None for `ended_on` is yesterday; `successor_id` None: nobody takes over."""

    office_id: str
    successor_id: str | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What an end comes to: who holds the duty in the end, and how much moved or would move."""

    end: OfficeEnd
    heir_id: str
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions of rules, the calendar by which they count, and its days that differ from the published one."""

    versions: tuple[Rule, ...]
    calendar_version: str
    changed_days: Mapping[date, bool]


async def list_changes(uow: UnitOfWork, caller: Caller, page: Page) -> Sequence[Change]:
    """What was changed, by whom, and who approved it. Raises PermissionDenied for a supervisor of a province."""
    if caller.role is Role.SUPERVISOR and caller.scope != NATIONAL:
        raise PermissionDenied
    return await listed_changes(uow.connection, page)


# Offices ----------------------------------------------------------------------------------


async def end_office(uow: UnitOfWork, admin: Administration, caller: Caller, command: EndOffice) -> Ending:
    """End an office and move everything open of it.

    An office that was ended before answers as it did then. Raises OfficeNotFound, OfficeHasEnded, InvalidInput,
    OfficeNotYetOpen, SuccessorOfOtherRole, SuccessorIsItself, SuccessorNeeded.
    """
    return await _end(uow, admin, command, caller.office_id, caller.subject)


async def end_matter(uow: UnitOfWork, admin: Administration, command: EndOffice) -> Matter | None:
    """The end of an office, asked for with its heir as it is; None when it was carried out before.

    Raises what `end_office` raises.
    """
    await admin.overlays.look(uow.connection)
    if await _earlier(uow, command) is not None:
        return None
    end = _checked_end(await _directory(uow, admin), command, uow.now)
    return Matter("EndOffice", end.office_id, basis=await _heir(uow, admin, end))


async def count_end(uow: UnitOfWork, admin: Administration, command: EndOffice) -> Ending:
    """What `end_office` would come to; raises what it raises."""
    await admin.overlays.look(uow.connection)
    earlier = await _earlier(uow, command)
    if earlier is not None:
        return earlier
    end = _checked_end(await _directory(uow, admin), command, uow.now)
    heir_id = await _heir(uow, admin, end)
    return Ending(end, heir_id, await admin.holdings.count(uow.connection, end.office_id, heir_id))


async def _end(
    uow: UnitOfWork, admin: Administration, command: EndOffice, by_office_id: str, by_subject: str
) -> Ending:
    await admin.overlays.look(uow.connection)
    await begin_change(uow.connection)
    earlier = await _earlier(uow, command)
    if earlier is not None:
        return earlier
    end = _checked_end(await _directory(uow, admin), command, uow.now)
    heir_id = await _heir(uow, admin, end)
    moved = await carry_out(uow, admin.holdings, end, heir_id)
    assert moved is not None, "the overlay is locked, and there was no end"
    uow.append(events.office_ended(end, heir_id), OFFICE_SUBJECT)
    told = {"successor_id": end.successor_id, "heir_id": heir_id, "ended_on": end.valid_to.isoformat(), **moved}
    await record(uow, by_office_id, by_subject, "EndOffice", end.office_id, told)
    return Ending(end, heir_id, moved)


async def _earlier(uow: UnitOfWork, command: EndOffice) -> Ending | None:
    """The end as it was carried out before, when it was this one."""
    done = await end_of(uow.connection, command.office_id)
    if done is None:
        return None
    same_heir = command.successor_id in (None, done.successor_id, done.heir_id)
    if not same_heir or command.ended_on not in (None, done.valid_to):
        raise OfficeHasEnded(
            office_id=command.office_id, ended_on=done.valid_to.isoformat(), successor_id=done.successor_id or "-"
        )
    return Ending(OfficeEnd(command.office_id, done.valid_to, done.successor_id), done.heir_id, done.moved)


async def _directory(uow: UnitOfWork, admin: Administration, *more: OfficeEnd) -> Directory:
    """The offices as this transaction sees them; the process shows them only when it is committed."""
    overlay = await read_overlay(uow.connection)
    return admin.overlays.directory.with_overlay(overlay.opened, (*overlay.ends, *more))


async def _heir(uow: UnitOfWork, admin: Administration, end: OfficeEnd) -> str:
    """Who holds the duty after this end."""
    return (await _directory(uow, admin, end)).holder(end.office_id, local_date(uow.now))


async def over_by_directory(uow: UnitOfWork, admin: Administration) -> Sequence[Office]:
    """The offices whose last day is over by the directory and with which something open is left, by their ids."""
    directory, today = admin.overlays.directory, local_date(uow.now)
    over = {
        office.id: office
        for office in directory.offices()
        if office.valid_to is not None and today > office.valid_to and not directory.was_ended(office.id)
    }
    left = await admin.holdings.left(uow.connection, sorted(over))
    return [over[office_id] for office_id in sorted(left) if left[office_id]]


async def end_by_schedule(uow: UnitOfWork, admin: Administration, office: Office) -> None:
    """End an office as the directory says; it goes into the audit trail as the schedule's."""
    await _end(uow, admin, EndOffice(office.id, office.successor_id, office.valid_to), SCHEDULE, SCHEDULE)


async def opening_matter(office: Office) -> Matter:
    """The opening of an office."""
    return Matter("OpenOffice", office.id, basis="")


async def open_office(uow: UnitOfWork, admin: Administration, caller: Caller, office: Office) -> Office:
    """Open an office. Raises OfficeExists, and InvalidInput for a name that another office has."""
    await begin_change(uow.connection)
    directory = await _directory(uow, admin)
    try:
        directory.office(office.id)
    except OfficeNotFound:
        pass
    else:
        raise OfficeExists(office_id=office.id)
    _check_names(directory, office, local_date(uow.now))
    await put_office(uow.connection, office, uow.now)
    uow.append(events.office_opened(office), OFFICE_SUBJECT)
    await record(uow, caller.office_id, caller.subject, "OpenOffice", office.id, {"role": office.role.value})
    return office


def _check_names(directory: Directory, office: Office, today: date) -> None:
    # An office and the one that it took over from are never to be chosen on one day: the reform left them one name.
    both_on = max(today, office.valid_from)
    standing = (each for each in directory.offices() if not directory.has_ended(each, both_on))
    taken = {each.id: (each.name_vi, each.name_en) for each in standing}
    check_names({"name_vi": office.name_vi, "name_en": office.name_en}, taken)


@dataclass(frozen=True, slots=True)
class WantedOffices:
    """Which offices; None and empty: all."""

    role: Role | None = None
    province: ProvinceRef | None = None
    words: str = ""
    on: date | None = None


def list_offices(admin: Administration, wanted: WantedOffices) -> Sequence[Office]:
    """The offices as they stand, in the order of the list. Raises ProvinceNotFound."""
    directory = admin.overlays.directory
    return directory.offices(role=wanted.role, province=wanted.province, on=wanted.on, words=wanted.words)


def was_ended(admin: Administration, office: Office) -> bool:
    """Whether the end of an office was carried out."""
    return admin.overlays.directory.was_ended(office.id)


def offices_edition(admin: Administration) -> str:
    """Names the state of all offices: the same offices have the same name, in every process."""
    directory = admin.overlays.directory
    told = [(each, directory.was_ended(each.id)) for each in directory.offices()]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:EDITION_CHARS]


# Rules and calendar -----------------------------------------------------------------------


def list_rules(admin: Administration, code: str) -> Rules:
    """All versions of all rules, or of one; raises RuleNotFound."""
    calendar = admin.overlays.calendar
    rules = rules_of(calendar)
    if code and code not in rules:
        raise RuleNotFound(rule=code)
    versions = tuple(rule for name in sorted(rules) if code in ("", name) for rule in rules[name])
    return Rules(versions, calendar.version, admin.overlays.changed_days)


async def rule_matter(uow: UnitOfWork, code: str) -> Matter:
    """A change of a rule, asked for on its latest version; raises RuleNotFound."""
    versions = rules_with((await read_overlay(uow.connection)).rules).get(code)
    if versions is None:
        raise RuleNotFound(rule=code)
    return Matter("ChangeRule", code, basis=str(versions[-1].version))


async def change_rule(uow: UnitOfWork, caller: Caller, change: RuleChange) -> Rule:
    """Add a version of a rule, for limits that start from its first day on; its number is given here.

    Raises RuleNotFound, RuleUnitStands, InvalidInput for a first day in the past and an amount beyond the bounds.
    """
    await begin_change(uow.connection)
    if change.valid_from < local_date(uow.now):
        raise InvalidInput([FieldViolation(None, "valid_from", "IN_THE_PAST")])
    changes = (await read_overlay(uow.connection)).rules
    latest = latest_to_change(rules_with(changes), change.code, change.unit)
    check_amount(change.code, change.amount, change.unit)
    # One beyond its bounds may stand there from before there were any: it has a number, and does not count.
    highest = max([latest.version, *(one.version for one in changes if one.code == change.code)])
    numbered = replace(change, version=highest + 1)
    await put_rule(uow.connection, numbered, uow.now)
    uow.append(events.rule_changed(numbered), OFFICE_SUBJECT)
    told = {"version": numbered.version, "amount": numbered.amount, "unit": numbered.unit.value}
    await record(uow, caller.office_id, caller.subject, "ChangeRule", numbered.code, told)
    added = latest.revised(
        amount=numbered.amount,
        unit=numbered.unit,
        legal_source=numbered.legal_source,
        basis=numbered.basis,
    )
    return replace(added, version=numbered.version, valid_from=numbered.valid_from, valid_to=None)


async def calendar_matter(uow: UnitOfWork) -> Matter:
    """A change of the calendar, asked for on its latest version."""
    known = (await read_overlay(uow.connection)).calendar
    return Matter("ChangeCalendar", CALENDAR, basis=str(known.version if known is not None else 0))


async def check_calendar(uow: UnitOfWork, days_off: Sequence[date], days_worked: Sequence[date]) -> None:
    """Raise what `change_calendar` would raise now."""
    _changed_calendar((await read_overlay(uow.connection)).calendar, days_off, days_worked, local_date(uow.now))


def _changed_calendar(
    known: CalendarChange | None, days_off: Sequence[date], days_worked: Sequence[date], today: date
) -> CalendarChange:
    check_calendar_days(days_off, days_worked, today)
    known = known or CalendarChange(0, {})
    days = {**known.days, **dict.fromkeys(days_off, False), **dict.fromkeys(days_worked, True)}
    if len(days) > CALENDAR_DAYS_KEPT_MAX:
        limit = {"limit": str(CALENDAR_DAYS_KEPT_MAX)}
        raise InvalidInput([FieldViolation(None, "days_off", "TOO_MANY", limit)])
    return CalendarChange(known.version + 1, days)


async def change_calendar(
    uow: UnitOfWork, admin: Administration, caller: Caller, days_off: Sequence[date], days_worked: Sequence[date]
) -> tuple[str, int]:
    """Make days off or worked, and count what is open anew. Raises InvalidInput for a day that is over.

    Returns the calendar's version, and how many due dates moved.
    """
    await begin_change(uow.connection)
    known = (await read_overlay(uow.connection)).calendar
    change = _changed_calendar(known, days_off, days_worked, local_date(uow.now))
    await put_calendar(uow.connection, change, uow.now)
    await admin.overlays.look(uow.connection)
    moved = await admin.holdings.recount(uow)
    uow.append(events.calendar_changed(change), OFFICE_SUBJECT)
    told = {
        "days_off": [day.isoformat() for day in sorted(days_off)],
        "days_worked": [day.isoformat() for day in sorted(days_worked)],
        "moved": moved,
    }
    version = admin.overlays.calendar.version
    await record(uow, caller.office_id, caller.subject, "ChangeCalendar", version, told)
    return version, moved


# ------------------------------------------------------------------------------------------


def _checked_end(directory: Directory, command: EndOffice, now: datetime) -> OfficeEnd:
    office = directory.office(command.office_id)
    today = local_date(now)
    if office.valid_to is not None:
        # The directory says already when it ends and who succeeds; no caller says otherwise.
        same = command.successor_id in (None, office.successor_id)
        if not same or command.ended_on not in (None, office.valid_to) or office.valid_to > today:
            raise OfficeHasEnded(
                office_id=office.id, ended_on=office.valid_to.isoformat(), successor_id=office.successor_id or "-"
            )
        return OfficeEnd(office.id, office.valid_to, office.successor_id)
    ended_on = command.ended_on or day_before(now)
    if ended_on > today:
        raise InvalidInput([FieldViolation(None, "ended_on", "IN_THE_FUTURE")])
    if ended_on < office.valid_from:
        limit = {"limit": office.valid_from.isoformat()}
        raise InvalidInput([FieldViolation(None, "ended_on", "TOO_EARLY", limit)])
    if command.successor_id is None:
        if office.role in _OVERSEEING:
            raise SuccessorNeeded(office_id=office.id)
        return OfficeEnd(office.id, ended_on, None)
    _check_successor(directory, office, command.successor_id, ended_on, today)
    return OfficeEnd(office.id, ended_on, command.successor_id)


def _check_successor(directory: Directory, office: Office, successor_id: str, ended_on: date, today: date) -> None:
    try:
        heir = directory.office(successor_id)
    except OfficeNotFound:
        raise InvalidInput([FieldViolation(None, "successor_id", "UNKNOWN_OFFICE")]) from None
    if heir.role is not office.role:
        raise SuccessorOfOtherRole(office_id=office.id, successor_id=heir.id)
    if heir.id == office.id or directory.holder(heir.id, today) == office.id:
        raise SuccessorIsItself(office_id=office.id)
    first = ended_on + timedelta(days=1)
    if heir.valid_from > first:
        raise OfficeNotYetOpen(office_id=heir.id, on=first.isoformat())
