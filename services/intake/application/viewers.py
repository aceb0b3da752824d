"""Who looks, as the rules of access see it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from services.chassis.country.provinces import provinces, successor
from services.chassis.country.sight import Sight
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.deadlines import rule_on, rules_of
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import OWN, Caller, Role
from services.intake.domain.access import Viewer

_OVERSEERS: Final = frozenset({Role.VERIFIER, Role.SUPERVISOR})


def viewer_of(sight: Sight, caller: Caller, today: date, calendar: WorkingCalendar) -> Viewer:
    """The caller with what lies in its scope; raises OfficeNotFound, though the gate has let nobody in without one.

    The scope "own" of who oversees is the province of the own office.
    """
    office = sight.directory.office(caller.office_id)
    seen = _closed_seen_since(today, calendar)
    holds = sight.represented_by(office.id, today)
    scope = str(office.province or "") if caller.scope == OWN else caller.scope
    if office.role not in _OVERSEERS or not scope:
        return Viewer(office.role, office.id, holds, seen)
    if scope == NATIONAL:
        return Viewer(office.role, office.id, holds, seen, is_national=True)
    return Viewer(
        office.role,
        office.id,
        holds,
        seen,
        scope_offices=sight.offices_in(scope) or frozenset(),
        scope_provinces=_with_those_that_went_into(ProvinceRef.parse(scope)),
    )


def _closed_seen_since(today: date, calendar: WorkingCalendar) -> date:
    """The day on which a case was closed at the earliest, so that it is still seen today."""
    return today - timedelta(days=rule_on("CLOSED_CASE_SEEN", today, rules_of(calendar)).amount)


def _with_those_that_went_into(ref: ProvinceRef) -> frozenset[str]:
    return frozenset(str(each) for each in provinces() if ref in (each, successor(each)))
