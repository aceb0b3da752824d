"""Which office a caller acts for, and what lies in its sight today."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from babel import Locale

from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.country.provinces import provinces, successor
from services.chassis.country.reference_lists import code_lists, ethnic_groups, gates
from services.chassis.kernel.errors import OfficeEnded, OfficeNotYetOpen, PermissionDenied
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import OWN, Caller, Role
from services.intake.domain.access import Viewer
from services.intake.domain.people import Reference

_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two letters that CLDR uses for other things than countries."""


@cache
def reference() -> Reference:
    """The code lists that records are checked against."""
    groups = ethnic_groups()
    return Reference(
        sexes=frozenset(code_lists()["prs_Gender"]),
        ethnicities=frozenset(f"1979:{group.gso_1979}" for group in groups)
        | frozenset(f"2008:{group.gso_2008}" for group in groups),
        provinces=frozenset(str(ref) for ref in provinces()),
        countries=frozenset(filter(_is_country, map(str, Locale("en").territories.keys()))),
        gates=frozenset(gates()),
    )


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES


class Sight:
    """What callers may look at, by their office and scope; what it finds is kept for the day, until offices change."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._day: tuple[date, int] | None = None
        self._duties: dict[str, set[str]] = {}
        self._viewers: dict[Caller, Viewer] = {}

    def office_of(self, caller: Caller, today: date) -> Office:
        """The caller's office. Raises OfficeNotFound, OfficeEnded, OfficeNotYetOpen;
        PermissionDenied when the office has another role than the token says.
        """
        office = self._directory.office(caller.office_id)
        if office.role is not caller.role:
            raise PermissionDenied
        if not office.is_valid(today):
            if office.valid_to is not None and today > office.valid_to:
                raise OfficeEnded(office_id=office.id, ended_on=office.valid_to.isoformat())
            raise OfficeNotYetOpen(office_id=office.id, on=today.isoformat())
        return office

    def viewer(self, caller: Caller, today: date) -> Viewer:
        """The caller as the rules of access see it; raises what `office_of` does."""
        if self._day != (today, self._directory.edition):
            self._day, self._viewers = (today, self._directory.edition), {}
            self._duties = self._duties_on(today)
        known = self._viewers.get(caller)
        if known is None:
            known = self._viewers[caller] = self._viewer(caller, self.office_of(caller, today))
        return known

    def _viewer(self, caller: Caller, office: Office) -> Viewer:
        holds = frozenset(self._duties.get(office.id, ()))
        if office.role not in (Role.VERIFIER, Role.SUPERVISOR):
            return Viewer(office.role, office.id, holds)
        if caller.scope == NATIONAL:
            return Viewer(office.role, office.id, holds, is_national=True)
        ref = office.province if caller.scope == OWN else ProvinceRef.parse(caller.scope)
        if ref is None:
            return Viewer(office.role, office.id, holds)
        return Viewer(
            office.role,
            office.id,
            holds,
            scope_offices=frozenset(each.id for each in self._directory.offices(province=ref)),
            scope_provinces=frozenset(str(each) for each in provinces() if ref in (each, successor(each))),
        )

    def _duties_on(self, today: date) -> dict[str, set[str]]:
        """By office: those whose duty it has today, itself and offices that it succeeded."""
        duties: dict[str, set[str]] = {}
        for office in self._directory.offices():
            duties.setdefault(self._directory.holder(office.id, today), set()).add(office.id)
        return duties
