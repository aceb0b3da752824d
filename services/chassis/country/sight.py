"""Whom an office acts for, and whose cases a caller sees, on a local date.

An office acts for itself and for the ended ones whose duty it holds. What a caller sees beyond that follows from the
scope, which supervisors have, and others where a service says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.kernel.errors import (
    OfficeEnded,
    OfficeNotFound,
    OfficeNotYetOpen,
)
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import OWN, Caller, Role

SUPERVISORS: Final = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True)
class Sight:
    """The directory's answers to who acts for whom, and who sees what."""

    directory: Directory

    # Who acts for whom.

    def holder(self, office_id: str, on: date) -> str:
        """The office that holds this one's duty: itself, or once it has ended whoever took over."""
        return self.directory.holder(office_id, on)

    def holders(self, office_id: str | None, on: date) -> tuple[str, ...]:
        """All who are to hear what is meant for an office: the holder of its duty, or whoever watches in its place.

        An office that ended without a successor leaves its duty to the supervisors of its province, and one that
        the directory doesn't know to the national ones: news must reach somebody. Nobody for no office.
        """
        if not office_id:
            return ()
        try:
            return (self.directory.resolve(office_id, on).id,)
        except OfficeNotYetOpen:
            return (office_id,)
        except OfficeEnded:
            return self.supervisors(office_id, on)
        except OfficeNotFound:
            return self.supervisors(None, on)

    def supervisors(self, office_id: str | None, on: date, *, national: bool = False) -> tuple[str, ...]:
        """The supervisors of an office's province; where there are none, or with `national`, the national ones."""
        try:
            found = self.directory.supervisors_for(office_id or "", on)
        except OfficeNotFound:
            return _ids(self.directory.offices(role=Role.SUPERVISOR, on=on), national=True)
        return _ids(found, national=national) or _ids(found, national=True)

    def acts_for(self, office_id: str, named: str, on: date) -> bool:
        """Whether an office is the one named, or holds its duty since that has ended.

        The named one itself still counts after its end: an office that is closing down may hand over what it has.
        """
        return office_id in (named, self.holder(named, on))

    def represented_by(self, office_id: str, on: date) -> frozenset[str]:
        """The offices for which an office acts: itself and those whose duty was left to it."""
        return frozenset({office_id, *self.directory.left_to(office_id, on)})

    # Who sees what.

    def seen_by(self, caller: Caller, on: date, scoped: frozenset[Role] = SUPERVISORS) -> frozenset[str] | None:
        """The offices whose cases a caller sees; None for all.

        Of the roles in `scoped` those in scope; for everybody else, and for the scope "own", what the own office
        acts for. Raises ProvinceNotFound for the scope of a province that there is not.
        """
        if caller.role not in scoped or caller.scope == OWN:
            return self.represented_by(caller.office_id, on)
        return self.offices_in(caller.scope)

    def seen_in(
        self, caller: Caller, on: date, province: ProvinceRef | None, scoped: frozenset[Role] = SUPERVISORS
    ) -> frozenset[str] | None:
        """Of the offices whose cases a caller sees those of a province; None for the province: all of them.

        Raises ProvinceNotFound.
        """
        seen = self.seen_by(caller, on, scoped)
        if province is None:
            return seen
        there = self.offices_in(str(province)) or frozenset()
        return there if seen is None else seen & there

    def counted_province(self, office_id: str, on: date) -> str:
        """The province of an office as counts name it, such as "22@2025"; empty for a national or unknown one."""
        try:
            province = self.directory.province_of(self.directory.office(office_id), on)
        except OfficeNotFound:
            return ""
        return str(province) if province is not None else ""

    def offices_in(self, scope: str) -> frozenset[str] | None:
        """The offices in a scope, ended or not: those of a province and of the provinces that went into it; None: all.

        Raises ProvinceNotFound.
        """
        if scope == NATIONAL:
            return None
        return frozenset(office.id for office in self.directory.offices(province=ProvinceRef.parse(scope)))

    def audits(self, caller: Caller) -> frozenset[str] | None:
        """The offices whose reads an auditor is told of; None: all. Scope "own": those of the own province.

        Raises OfficeNotFound, ProvinceNotFound.
        """
        if caller.scope != OWN:
            return self.offices_in(caller.scope)
        province = self.directory.office(caller.office_id).province
        return None if province is None else self.offices_in(str(province))

    def oversees(self, caller: Caller, office_id: str, on: date) -> bool:
        """Whether the caller is a supervisor in whose scope an office lies."""
        if caller.role is not Role.SUPERVISOR:
            return False
        seen = self.seen_by(caller, on)
        return seen is None or office_id in seen


def _ids(offices: Iterable[Office], *, national: bool) -> tuple[str, ...]:
    return tuple(office.id for office in offices if (office.province is None) is national)
