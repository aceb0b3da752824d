"""Offices, rules, working calendar and sign-ins as they stand: what the programs bring, and what was changed since.

Every service keeps the changes in its own database and takes them in from the office stream, in one order; handover,
which makes them, writes them itself. Each process shows them in objects that stay the same all along, so that rooms
hold on to them: it looks each second whether the edition in its database is another one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.country.directory import LiveDirectory
from services.chassis.country.offices import Office, OfficeEnd, Provenance
from services.chassis.country.revocations import KEPT_H, Revocation, Revocations
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.deadlines import RULE_VERSIONS, Basis, Counting, Rule, RuleVersions, Unit, within_bounds
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role
from services.chassis.kernel.words import Whose
from services.chassis.storage.database import is_unavailable, single_statements

LOOK_S: Final = 1.0
AHEAD_MAX_S: Final = 30.0
"""What a handler shows before its commit is committed by then, or was rolled back."""
REVOCATIONS_MAX: Final = 10_000
"""Of the last hours; above it the oldest are forgotten. All offices of the country are fewer."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A version of a rule that an administrator added, for limits that start from `valid_from` on."""

    code: str
    version: int
    amount: int
    unit: Unit
    basis: Basis
    legal_source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """All days that differ from the published calendar: True where worked; `version` counts from 1."""

    version: int
    days: Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What administrators changed so far."""

    edition: int = 0
    opened: tuple[Office, ...] = ()
    ends: tuple[OfficeEnd, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    calendar: CalendarChange | None = None
    revoked: tuple[Revocation, ...] = ()


class LiveCounting(Counting):
    """The calendar and rules of a running service: the same object all along, which follows the changes."""

    __slots__ = ()

    def show(self, counting: Counting) -> None:
        """Be like another one from now on."""
        for one in fields(Counting):
            object.__setattr__(self, one.name, getattr(counting, one.name))


class Overlays:
    """What holds in this process now. `directory`, `calendar` and `revocations` follow the overlay in the database."""

    def __init__(self, engine: AsyncEngine, directory: LiveDirectory) -> None:
        self.directory = directory
        self.revocations = Revocations()
        self._engine = engine
        self._single_statements = single_statements(engine)
        self._overlay = Overlay()
        self._shown_s = 0.0

    @cached_property
    def calendar(self) -> LiveCounting:
        """Working days and rules; read when first asked for, because the days cost memory."""
        counting = counting_with(viet_nam_calendar(), self._overlay)
        return LiveCounting(**{one.name: getattr(counting, one.name) for one in fields(Counting)})

    @property
    def changed_days(self) -> Mapping[date, bool]:
        """The days on which the calendar differs from the published one: True where worked."""
        return self._overlay.calendar.days if self._overlay.calendar is not None else {}

    async def refresh(self) -> None:
        """Show what is committed in the database."""
        async with self._engine.connect() as connection:
            await self.look(connection)

    async def _catch_up(self) -> None:
        """Show what is committed, unless a handler of this process is ahead with what it is about to commit."""
        async with self._single_statements.connect() as connection:
            edition = int(await connection.scalar(_EDITION) or 0)
        shown = self._overlay.edition
        ahead = edition < shown and time.monotonic() < self._shown_s + AHEAD_MAX_S
        if edition != shown and not ahead:
            await self.refresh()

    async def look(self, connection: AsyncConnection) -> None:
        """Show what this transaction sees; a no-op while the edition is the one shown.

        An event handler calls it before its commit and after everything was written, so that what it handles next is
        seen so as well. Should the commit fail, the next look shows the older edition again.
        """
        if await connection.scalar(_EDITION) == self._overlay.edition:
            return
        overlay = await read_overlay(connection)
        self.directory.follow(overlay.opened, overlay.ends, overlay.edition)
        if "calendar" in self.__dict__:
            self.calendar.show(counting_with(viet_nam_calendar(), overlay))
        self.revocations.show(overlay.revoked)
        self._overlay, self._shown_s = overlay, time.monotonic()
        log.info("overlay_changed", edition=overlay.edition)

    async def follow(self) -> None:
        """Look each second, until cancelled."""
        while True:
            try:
                await self._catch_up()
            except Exception as error:
                if not is_unavailable(error):
                    raise
            await asyncio.sleep(LOOK_S)


def counting_with(published: WorkingCalendar, overlay: Overlay) -> Counting:
    """The published calendar and the built-in rules, changed in this way."""
    off, weekend = published.days_off, published.working_weekend_days
    version = published.version
    if overlay.calendar is not None:
        off, weekend = published.days_changed(overlay.calendar.days)
        version = f"{version}+{overlay.calendar.version}"
    return Counting(
        version=version,
        days_off=off,
        working_weekend_days=weekend,
        known_from=published.known_from,
        known_until=published.known_until,
        rules=rules_with(overlay.rules),
    )


def rules_with(changes: tuple[RuleChange, ...], base: RuleVersions = RULE_VERSIONS) -> RuleVersions:
    """The rules with versions added, in the order of their numbers; none counts that is beyond its bounds."""
    versions: dict[str, tuple[Rule, ...]] = dict(base)
    for change in sorted(changes, key=lambda one: (one.code, one.version)):
        known = versions.get(change.code)
        if known is None:
            # A newer program knew it; nothing here counts with it.
            log.warning("unknown_rule_changed", rule=change.code)
            continue
        if not within_bounds(change.code, change.amount, change.unit):
            # Kept for the audit to find; what held before holds on.
            log.error("rule_beyond_bounds", rule=change.code, version=change.version)
            continue
        revised = known[-1].revised(
            amount=change.amount, unit=change.unit, legal_source=change.legal_source, basis=change.basis
        )
        added = replace(revised, version=change.version, valid_from=change.valid_from, valid_to=None)
        versions[change.code] = (*known, added)
    return MappingProxyType(versions)


# The overlay in the database ------------------------------------------------------------------

_EDITION = text("SELECT edition FROM overlay_edition")
_NEXT_EDITION = text("UPDATE overlay_edition SET edition = edition + 1 RETURNING edition")
OPENED_OFFICES: Final = "SELECT * FROM office_overlay ORDER BY opened_at, office_id"
CARRIED_OUT_ENDS: Final = "SELECT office_id, valid_to, successor_id FROM office_end ORDER BY ended_at, office_id"
_OPENED = text(OPENED_OFFICES)
_ENDS = text(CARRIED_OUT_ENDS)
_RULES = text(
    "SELECT code, version, amount, unit, basis, legal_source, valid_from FROM rule_overlay ORDER BY code, version"
)
_CALENDAR = text("SELECT version, days_off, days_worked FROM calendar_overlay ORDER BY version DESC LIMIT 1")
_PUT_OFFICE = text(
    """
    INSERT INTO office_overlay
        (office_id, role, province, name_en, name_vi, valid_from, facility_kind, capacity, opened_at)
    VALUES (:office_id, :role, :province, :name_en, :name_vi, :valid_from, :facility_kind, :capacity, :now)
    ON CONFLICT (office_id) DO NOTHING
    """
)
_PUT_END = text(
    """
    INSERT INTO office_end (office_id, valid_to, successor_id, heir_id, moved, ended_at)
    VALUES (:office_id, :valid_to, :successor_id, :heir_id, '{}', :now)
    ON CONFLICT (office_id) DO NOTHING
    """
)
_PUT_RULE = text(
    """
    INSERT INTO rule_overlay (code, version, amount, unit, basis, legal_source, valid_from, changed_at)
    VALUES (:code, :version, :amount, :unit, :basis, :legal_source, :valid_from, :now)
    ON CONFLICT (code, version) DO NOTHING
    """
)
_PUT_CALENDAR = text(
    """
    INSERT INTO calendar_overlay (version, days_off, days_worked, changed_at)
    VALUES (:version, CAST(:days_off AS date[]), CAST(:days_worked AS date[]), :now)
    ON CONFLICT (version) DO NOTHING
    """
)

_PUT_REVOCATION = text(
    """
    INSERT INTO session_revocation (id, whose, named, not_before, reason)
    VALUES (:id, :whose, :named, :not_before, :reason)
    ON CONFLICT (id) DO NOTHING
    """
)
_RECENTLY_REVOKED = text(
    f"SELECT id, whose, named, not_before FROM session_revocation"
    f" WHERE not_before > now() - interval '{KEPT_H} hours' ORDER BY not_before DESC LIMIT {REVOCATIONS_MAX}"
)


async def read_overlay(connection: AsyncConnection) -> Overlay:
    """Everything that was changed, with its edition read first: what comes between is seen by the next look."""
    edition = int(await connection.scalar(_EDITION) or 0)
    calendar = (await connection.execute(_CALENDAR)).first()
    return Overlay(
        edition=edition,
        opened=tuple(opened_office(row) for row in await connection.execute(_OPENED)),
        ends=tuple(OfficeEnd(row.office_id, row.valid_to, row.successor_id) for row in await connection.execute(_ENDS)),
        rules=tuple(
            RuleChange(**{**row._mapping, "unit": Unit(row.unit), "basis": Basis(row.basis)})
            for row in await connection.execute(_RULES)
        ),
        calendar=None if calendar is None else CalendarChange(calendar.version, _days_of(calendar)),
        revoked=tuple(
            Revocation(row.id, Whose(row.whose), row.named, row.not_before)
            for row in await connection.execute(_RECENTLY_REVOKED)
        ),
    )


def opened_office(row: Any) -> Office:
    """An office that was opened, from its row."""
    return Office(
        id=row.office_id,
        role=Role(row.role),
        province=ProvinceRef.parse(row.province) if row.province else None,
        name_en=row.name_en,
        name_vi=row.name_vi,
        valid_from=row.valid_from,
        facility_kind=FacilityKind(row.facility_kind) if row.facility_kind else None,
        capacity=row.capacity,
        provenance=Provenance.CONFIGURED,
    )


def _days_of(row: Any) -> Mapping[date, bool]:
    return {**dict.fromkeys(row.days_off, False), **dict.fromkeys(row.days_worked, True)}


async def begin_change(connection: AsyncConnection) -> None:
    """Lock the overlay until the commit, and give it another edition."""
    await connection.execute(_NEXT_EDITION)


async def put_office(connection: AsyncConnection, office: Office, now: datetime) -> bool:
    """Open an office; returns False when it is there already. The overlay must be locked."""
    values = {
        "office_id": office.id,
        "role": office.role.value,
        "province": str(office.province) if office.province else None,
        "name_en": office.name_en,
        "name_vi": office.name_vi,
        "valid_from": office.valid_from,
        "facility_kind": office.facility_kind.value if office.facility_kind else None,
        "capacity": office.capacity,
        "now": now,
    }
    return bool((await connection.execute(_PUT_OFFICE, values)).rowcount)


async def put_end(connection: AsyncConnection, end: OfficeEnd, heir_id: str, now: datetime) -> bool:
    """Write the end of an office; returns False when it is there already. The overlay must be locked."""
    values = {
        "office_id": end.office_id,
        "valid_to": end.valid_to,
        "successor_id": end.successor_id,
        "heir_id": heir_id,
        "now": now,
    }
    return bool((await connection.execute(_PUT_END, values)).rowcount)


async def put_rule(connection: AsyncConnection, change: RuleChange, now: datetime) -> bool:
    """Add a version of a rule; returns False when it is there already. The overlay must be locked."""
    values = {one.name: getattr(change, one.name) for one in fields(RuleChange)}
    values |= {"unit": change.unit.value, "basis": change.basis.value, "now": now}
    return bool((await connection.execute(_PUT_RULE, values)).rowcount)


async def put_calendar(connection: AsyncConnection, change: CalendarChange, now: datetime) -> bool:
    """Put other days into the calendar; returns False when they are there already. The overlay must be locked."""
    values = {
        "version": change.version,
        "days_off": sorted(day for day, working in change.days.items() if not working),
        "days_worked": sorted(day for day, working in change.days.items() if working),
        "now": now,
    }
    return bool((await connection.execute(_PUT_CALENDAR, values)).rowcount)


async def put_revocation(connection: AsyncConnection, revoked: Revocation, reason: str) -> bool:
    """End sign-ins; returns False when that is there already. The overlay must be locked."""
    values = {
        "id": revoked.id,
        "whose": revoked.whose.value,
        "named": revoked.named,
        "not_before": revoked.not_before,
        "reason": reason,
    }
    return bool((await connection.execute(_PUT_REVOCATION, values)).rowcount)
