"""What administrators change: offices that end and open, rules, days of the calendar. One audited step each."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import office_pb2
from homeward.handover.v1 import directory_pb2
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.overlays import (
    CalendarChange,
    RuleChange,
    Standing,
    begin_change,
    put_calendar,
    put_office,
    put_rule,
    read_overlay,
    rules_with,
)
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Rule, RuleVersions, Unit, rules_of
from services.chassis.kernel.errors import (
    ErrorKind,
    FieldViolation,
    HomewardError,
    InvalidInput,
    OfficeNotFound,
    OfficeNotYetOpen,
)
from services.chassis.kernel.roles import Role
from services.chassis.service.office_end import carry_out, day_before
from services.handover.application.desk import Asked, answer_asked
from services.handover.ending import HandoverHoldings

CALENDAR_DAYS_MAX: Final = 60
"""So many days of one kind fit into one change."""
CALENDAR_DAYS_KEPT_MAX: Final = 2_000
"""So many days may differ from the published calendar altogether; an event holds them all."""

R = TypeVar("R", bound=Message)

_OVERSEEING: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN})
_DAYS_FIXED: Final = frozenset({"FOLLOW_UP_OVERDUE_3M", "FOLLOW_UP_OVERDUE_3Y"})
"""Lists, counts and jobs call a follow-up overdue by a number of calendar days."""


class OfficeHasEnded(HomewardError):
    """The office {office_id} has ended already, on {ended_on}; its successor is {successor_id}."""


class OfficeExists(HomewardError):
    """There is an office {office_id} already; choose another id."""

    kind = ErrorKind.ALREADY_EXISTS


class SuccessorOfOtherRole(HomewardError):
    """The office {successor_id} has another role than {office_id}, so it cannot take over its duty."""


class SuccessorIsItself(HomewardError):
    """The duty of {office_id} would come back to it; name another successor."""


class SuccessorNeeded(HomewardError):
    """The office {office_id} watches over others; it can end only with a successor."""


class RuleNotFound(HomewardError):
    """There is no rule {rule}."""

    kind = ErrorKind.NOT_FOUND


class RuleUnitStands(HomewardError):
    """The rule {rule} is counted in {unit}, and everything that uses it relies on that."""


@dataclass(frozen=True, slots=True)
class EndOffice:
    """An office ends: None for `ended_on` is yesterday; `successor_id` None: nobody takes over."""

    office_id: str
    successor_id: str | None
    ended_on: date | None
    validate_only: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What an end comes to: who holds the duty in the end, and how much moved or would move."""

    end: OfficeEnd
    heir_id: str
    moved: Mapping[str, int]


_RECORD = text(
    """
    INSERT INTO administration (id, done_at, office_id, subject, method, object, details)
    VALUES (:id, :now, :office_id, :subject, :method, :object, CAST(:details AS jsonb))
    """
)
_STATE = text("SELECT valid_to, successor_id, heir_id, moved FROM office_end WHERE office_id = :office_id")


class Administration:
    """The calls for administrators."""

    def __init__(self, units: Units, standing: Standing, holdings: HandoverHoldings, digest_key: bytes) -> None:
        self._units = units
        self._standing = standing
        self._holdings = holdings
        self._digest_key = digest_key

    # Offices ----------------------------------------------------------------------------------

    async def end_office(self, asked: Asked, command: EndOffice) -> directory_pb2.EndOfficeResponse:
        """End an office and move everything open of it, or only count that.

        An office that was ended before answers as it did then. Raises OfficeNotFound, OfficeHasEnded, InvalidInput,
        OfficeNotYetOpen, SuccessorOfOtherRole, SuccessorIsItself, SuccessorNeeded.
        """
        if command.validate_only:
            return _ending_message(await self._units.read(lambda uow: self._count(uow, command)))

        async def work(uow: UnitOfWork) -> directory_pb2.EndOfficeResponse:
            return _ending_message(await self.end(uow, command, asked.caller.office_id, asked.caller.subject))

        return await self._once(asked, directory_pb2.EndOfficeResponse, work)

    async def end(self, uow: UnitOfWork, command: EndOffice, by_office_id: str, by_subject: str) -> Ending:
        """End an office within this transaction; see `end_office`."""
        await self._standing.look(uow.connection)
        await begin_change(uow.connection)
        earlier = await self._earlier(uow, command)
        if earlier is not None:
            return earlier
        end = _checked_end(await self._directory(uow), command, uow.now)
        heir_id = await self._heir(uow, end)
        moved = await carry_out(uow, self._holdings, end, heir_id)
        assert moved is not None, "the overlay is locked, and there was no end"
        event = office_pb2.OfficeEnded(
            office_id=end.office_id,
            successor_id=end.successor_id or "",
            valid_to=end.valid_to.isoformat(),
            heir_id=heir_id,
        )
        uow.append(event, OFFICE_SUBJECT)
        told = {"successor_id": end.successor_id, "heir_id": heir_id, "ended_on": end.valid_to.isoformat(), **moved}
        await self._record(uow, by_office_id, by_subject, "EndOffice", end.office_id, told)
        return Ending(end, heir_id, moved)

    async def _count(self, uow: UnitOfWork, command: EndOffice) -> Ending:
        await self._standing.look(uow.connection)
        earlier = await self._earlier(uow, command)
        if earlier is not None:
            return earlier
        end = _checked_end(await self._directory(uow), command, uow.now)
        heir_id = await self._heir(uow, end)
        return Ending(end, heir_id, await self._holdings.count(uow.connection, end.office_id, heir_id))

    async def _earlier(self, uow: UnitOfWork, command: EndOffice) -> Ending | None:
        """The end as it was carried out before, when it was this one."""
        row = (await uow.connection.execute(_STATE, {"office_id": command.office_id})).first()
        if row is None:
            return None
        same_heir = command.successor_id in (None, row.successor_id, row.heir_id)
        if not same_heir or command.ended_on not in (None, row.valid_to):
            raise OfficeHasEnded(
                office_id=command.office_id, ended_on=row.valid_to.isoformat(), successor_id=row.successor_id or "-"
            )
        return Ending(OfficeEnd(command.office_id, row.valid_to, row.successor_id), row.heir_id, row.moved)

    async def _directory(self, uow: UnitOfWork, *more: OfficeEnd) -> Directory:
        """The offices as this transaction sees them; the process shows them only when it is committed."""
        overlay = await read_overlay(uow.connection)
        return self._standing.directory.with_overlay(overlay.opened, (*overlay.ends, *more))

    async def _heir(self, uow: UnitOfWork, end: OfficeEnd) -> str:
        """Who holds the duty after this end."""
        return (await self._directory(uow, end)).holder(end.office_id, local_date(uow.now))

    async def end_what_is_over(self, uow: UnitOfWork) -> int:
        """End the offices whose last day is over by the directory and with which something open is left.

        Returns how many; they go into the audit trail as the schedule's.
        """
        directory, today = self._standing.directory, local_date(uow.now)
        over = {
            office.id: office
            for office in directory.offices()
            if office.valid_to is not None and today > office.valid_to and not directory.was_ended(office.id)
        }
        left = await self._holdings.left(uow.connection, sorted(over))
        found = sorted(office_id for office_id, count in left.items() if count)
        for office_id in found:
            office = over[office_id]
            command = EndOffice(office_id, office.successor_id, office.valid_to, validate_only=False)
            await self.end(uow, command, SCHEDULE, SCHEDULE)
        return len(found)

    async def show_changes(self) -> None:
        """Let this process see at once what was committed."""
        await self._standing.refresh()

    async def open_office(self, asked: Asked, office: Office) -> directory_pb2.OpenOfficeResponse:
        """Open an office. Raises OfficeExists, and InvalidInput for a province or place that doesn't fit."""

        async def work(uow: UnitOfWork) -> directory_pb2.OpenOfficeResponse:
            await begin_change(uow.connection)
            directory = await self._directory(uow)
            try:
                directory.office(office.id)
            except OfficeNotFound:
                pass
            else:
                raise OfficeExists(office_id=office.id)
            await put_office(uow.connection, office, uow.now)
            event = office_pb2.OfficeOpened(
                office_id=office.id,
                role=office.role.value,
                province=str(office.province) if office.province else "",
                name_en=office.name_en,
                name_vi=office.name_vi,
                valid_from=office.valid_from.isoformat(),
                facility_kind=office.facility_kind.value if office.facility_kind else "",
                capacity=office.capacity or 0,
            )
            uow.append(event, OFFICE_SUBJECT)
            await self._record_of(uow, asked, "OpenOffice", office.id, {"role": office.role.value})
            return directory_pb2.OpenOfficeResponse(office_id=office.id)

        return await self._once(asked, directory_pb2.OpenOfficeResponse, work)

    # Rules and calendar -----------------------------------------------------------------------

    def list_rules(self, code: str) -> directory_pb2.ListRulesResponse:
        """All versions of all rules, or of one; raises RuleNotFound."""
        calendar = self._standing.calendar
        rules = rules_of(calendar)
        if code and code not in rules:
            raise RuleNotFound(rule=code)
        return directory_pb2.ListRulesResponse(
            rules=[rule_message(rule) for name in sorted(rules) if code in ("", name) for rule in rules[name]],
            calendar_version=calendar.version,
            changed_days=[
                directory_pb2.ChangedDay(on=day.isoformat(), working=working)
                for day, working in sorted(self._standing.changed_days.items())
            ],
        )

    async def change_rule(self, asked: Asked, change: RuleChange) -> directory_pb2.ChangeRuleResponse:
        """Add a version of a rule, for limits that start from its first day on; its number is given here.

        Raises RuleNotFound, RuleUnitStands, InvalidInput for a first day in the past.
        """

        async def work(uow: UnitOfWork) -> directory_pb2.ChangeRuleResponse:
            await begin_change(uow.connection)
            if change.valid_from < local_date(uow.now):
                raise InvalidInput([FieldViolation(None, "valid_from", "IN_THE_PAST")])
            latest = _latest(rules_with((await read_overlay(uow.connection)).rules), change)
            numbered = replace(change, version=latest.version + 1)
            await put_rule(uow.connection, numbered, uow.now)
            event = office_pb2.RuleChanged(
                rule=numbered.code,
                version=numbered.version,
                amount=numbered.amount,
                unit=numbered.unit.value,
                basis=numbered.basis.value,
                legal_source=numbered.legal_source,
                valid_from=numbered.valid_from.isoformat(),
            )
            uow.append(event, OFFICE_SUBJECT)
            told = {"version": numbered.version, "amount": numbered.amount, "unit": numbered.unit.value}
            await self._record_of(uow, asked, "ChangeRule", numbered.code, told)
            added = latest.revised(
                amount=numbered.amount,
                unit=numbered.unit,
                legal_source=numbered.legal_source,
                basis=numbered.basis,
            )
            return directory_pb2.ChangeRuleResponse(
                rule=rule_message(replace(added, valid_from=numbered.valid_from, valid_to=None))
            )

        return await self._once(asked, directory_pb2.ChangeRuleResponse, work)

    async def change_calendar(
        self, asked: Asked, days_off: Sequence[date], days_worked: Sequence[date]
    ) -> directory_pb2.ChangeCalendarResponse:
        """Make days off or worked, and count what is open anew. Raises InvalidInput for a day that is over."""

        async def work(uow: UnitOfWork) -> directory_pb2.ChangeCalendarResponse:
            await begin_change(uow.connection)
            _check_days(days_off, days_worked, local_date(uow.now))
            known = (await read_overlay(uow.connection)).calendar or CalendarChange(0, {})
            days = {**known.days, **dict.fromkeys(days_off, False), **dict.fromkeys(days_worked, True)}
            if len(days) > CALENDAR_DAYS_KEPT_MAX:
                limit = {"limit": str(CALENDAR_DAYS_KEPT_MAX)}
                raise InvalidInput([FieldViolation(None, "days_off", "TOO_MANY", limit)])
            change = CalendarChange(known.version + 1, days)
            await put_calendar(uow.connection, change, uow.now)
            await self._standing.look(uow.connection)
            moved = await self._holdings.recount(uow)
            event = office_pb2.CalendarChanged(
                version=change.version,
                days=[office_pb2.CalendarDay(on=day.isoformat(), working=days[day]) for day in sorted(days)],
            )
            uow.append(event, OFFICE_SUBJECT)
            told = {
                "days_off": [day.isoformat() for day in sorted(days_off)],
                "days_worked": [day.isoformat() for day in sorted(days_worked)],
                "moved": moved,
            }
            version = self._standing.calendar.version
            await self._record_of(uow, asked, "ChangeCalendar", version, told)
            return directory_pb2.ChangeCalendarResponse(calendar_version=version, moved=moved)

        return await self._once(asked, directory_pb2.ChangeCalendarResponse, work)

    # ------------------------------------------------------------------------------------------

    async def _once(self, asked: Asked, response_type: type[R], work: Callable[[UnitOfWork], Awaitable[R]]) -> R:
        try:
            return await answer_asked(self._units, self._digest_key, asked, response_type, work)
        finally:
            # Shows what was committed; or, where nothing was, what stood before.
            await self._standing.refresh()

    async def _record_of(
        self, uow: UnitOfWork, asked: Asked, method: str, object_: str, details: Mapping[str, object]
    ) -> None:
        await self._record(uow, asked.caller.office_id, asked.caller.subject, method, object_, details)

    @staticmethod
    async def _record(
        uow: UnitOfWork, office_id: str, subject: str, method: str, object_: str, details: Mapping[str, object]
    ) -> None:
        values = {
            "id": uow.new_id(),
            "now": uow.now,
            "office_id": office_id,
            "subject": subject,
            "method": method,
            "object": object_,
            "details": json.dumps(details, sort_keys=True),
        }
        await uow.connection.execute(_RECORD, values)


SCHEDULE: Final = "schedule"
"""Stands for office and person where an office ended by the directory and nobody had to say so."""


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


def _latest(rules: RuleVersions, change: RuleChange) -> Rule:
    versions = rules.get(change.code)
    if versions is None:
        raise RuleNotFound(rule=change.code)
    latest = versions[-1]
    in_hours = Unit.HOURS in (latest.unit, change.unit)
    if change.unit is not latest.unit and (in_hours or latest.code in _DAYS_FIXED):
        raise RuleUnitStands(rule=latest.code, unit=latest.unit.value)
    return latest


def _check_days(days_off: Sequence[date], days_worked: Sequence[date], today: date) -> None:
    violations = []
    for field, days in (("days_off", days_off), ("days_worked", days_worked)):
        if len(days) > CALENDAR_DAYS_MAX:
            violations.append(FieldViolation(None, field, "TOO_MANY", {"limit": str(CALENDAR_DAYS_MAX)}))
        if any(day < today for day in days):
            violations.append(FieldViolation(None, field, "TOO_EARLY", {"limit": today.isoformat()}))
    if not days_off and not days_worked:
        violations.append(FieldViolation(None, "days_off", "REQUIRED"))
    if set(days_off) & set(days_worked):
        violations.append(FieldViolation(None, "days_worked", "DUPLICATE"))
    if violations:
        raise InvalidInput(violations)


def rule_message(rule: Rule) -> directory_pb2.DeadlineRule:
    """A version of a rule on the wire."""
    return directory_pb2.DeadlineRule(
        code=rule.code,
        version=rule.version,
        amount=rule.amount,
        unit=rule.unit.value,
        basis=rule.basis.value,
        legal_source=rule.legal_source,
        valid_from=rule.valid_from.isoformat() if rule.valid_from else "",
        valid_to=rule.valid_to.isoformat() if rule.valid_to else "",
    )


def _counts(moved: Mapping[str, int]) -> directory_pb2.OfficeEndCounts:
    return directory_pb2.OfficeEndCounts(
        custodies=moved.get("custodies", 0),
        transfers=moved.get("transfers", 0),
        deadlines=moved.get("deadlines", 0),
        searches=moved.get("searches", 0),
    )


def _ending_message(ending: Ending) -> directory_pb2.EndOfficeResponse:
    return directory_pb2.EndOfficeResponse(counts=_counts(ending.moved), successor_id=ending.heir_id)
