"""Who acts for whom and sees what, over the reform of 2025."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.country.offices import Office
from services.chassis.country.sight import Sight
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller, Role

SIGHT = Sight(built_in_directory())
BEFORE, BETWEEN, AFTER = date(2025, 2, 1), date(2025, 5, 1), date(2026, 3, 2)
# Bắc Giang (24) went into Bắc Ninh (24 of 2025), with the former Bắc Ninh (27).
OLD, INTERIM, NEW = "SA-24-2004", "SA-24-INTERIM", "SA-24"
SCOPED = frozenset({Role.SUPERVISOR, Role.VERIFIER})


@pytest.mark.parametrize(("day", "holder"), [(BEFORE, OLD), (BETWEEN, INTERIM), (AFTER, NEW)])
def test_the_duty_passes_on_with_the_reforms(day: date, holder: str) -> None:
    assert SIGHT.holder(OLD, day) == holder
    assert SIGHT.holders(OLD, day) == (holder,)


def test_an_office_that_is_not_known_stays_itself_and_its_news_reach_the_nation() -> None:
    assert SIGHT.holder("SA-NOWHERE", AFTER) == "SA-NOWHERE"
    assert SIGHT.holders("SA-NOWHERE", AFTER) == ("SV-NATIONAL",)
    assert SIGHT.holder(NEW, BEFORE) == NEW
    assert SIGHT.holders(NEW, BEFORE) == (NEW,)
    assert SIGHT.holders(None, AFTER) == ()


def test_supervisors_of_the_province_watch_and_the_nation_where_there_are_none() -> None:
    assert SIGHT.supervisors(OLD, AFTER) == ("SV-24",)
    assert SIGHT.supervisors(OLD, AFTER, national=True) == ("SV-NATIONAL",)
    assert SIGHT.supervisors("ADMIN-NATIONAL", AFTER) == ("SV-NATIONAL",)


def test_the_successor_acts_and_a_stranger_does_not() -> None:
    assert SIGHT.acts_for(NEW, OLD, AFTER)
    assert SIGHT.acts_for(OLD, OLD, AFTER)
    assert not SIGHT.acts_for(OLD, NEW, AFTER)
    assert not SIGHT.acts_for(NEW, OLD, BEFORE)
    assert not SIGHT.acts_for("SA-22", OLD, AFTER)


def test_an_office_represents_all_that_went_into_it() -> None:
    assert SIGHT.represented_by(NEW, AFTER) == {NEW, OLD, INTERIM, "SA-27-2004", "SA-27-INTERIM"}
    assert SIGHT.represented_by(OLD, BEFORE) == {OLD}


def test_an_office_sees_what_it_acts_for_and_a_supervisor_the_scope() -> None:
    assert SIGHT.seen_by(Caller("x", NEW, Role.SUPPORT_AGENCY), AFTER) == SIGHT.represented_by(NEW, AFTER)
    assert SIGHT.seen_by(Caller("x", "SV-NATIONAL", Role.SUPERVISOR, "national"), AFTER) is None
    province = SIGHT.seen_by(Caller("x", "SV-24", Role.SUPERVISOR, "24@2025"), AFTER)
    assert province is not None
    assert {NEW, OLD, "SA-27-2004"} <= province
    assert "SA-22" not in province
    assert SIGHT.seen_by(Caller("x", "SV-24", Role.SUPERVISOR), AFTER) == frozenset({"SV-24"})


def test_a_scope_counts_only_for_the_roles_named() -> None:
    verifier = Caller("x", "VF-24", Role.VERIFIER, "24@2025")
    assert SIGHT.seen_by(verifier, AFTER) == SIGHT.represented_by("VF-24", AFTER)
    seen = SIGHT.seen_by(verifier, AFTER, SCOPED)
    assert seen is not None
    assert NEW in seen


def test_only_supervisors_oversee() -> None:
    assert SIGHT.oversees(Caller("x", "SV-24", Role.SUPERVISOR, "24@2025"), OLD, AFTER)
    assert not SIGHT.oversees(Caller("x", "SV-24", Role.SUPERVISOR, "24@2025"), "SA-22", AFTER)
    assert not SIGHT.oversees(Caller("x", NEW, Role.SUPPORT_AGENCY), NEW, AFTER)


@pytest.mark.attack(15, "an auditor opened for one province, with the scope of the own office")
def test_whoever_audits_a_province_is_told_of_its_reads_alone() -> None:
    of_province = Office("AUDIT-24", Role.AUDITOR, ProvinceRef("24", "2025"), "Audit", "Kiểm tra", AFTER)
    sight = Sight(built_in_directory().changed([of_province], []))
    for scope in ("own", "24@2025"):
        told = sight.audits(Caller("somebody", "AUDIT-24", Role.AUDITOR, scope))
        assert told is not None
        assert NEW in told
        assert "SA-22" not in told
    for scope in ("own", "national"):
        assert sight.audits(Caller("somebody", "AUDIT-NATIONAL", Role.AUDITOR, scope)) is None
