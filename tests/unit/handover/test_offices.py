"""Who acts for whom, over the reform of 2025."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.roles import Caller, Role
from services.handover.domain import AddresseeCannotReceive
from services.handover.offices import Offices

OFFICES = Offices(built_in_directory())
BEFORE, BETWEEN, AFTER = date(2025, 2, 1), date(2025, 5, 1), date(2026, 3, 2)
# Bắc Giang (24) went into Bắc Ninh (24 of 2025), with the former Bắc Ninh (27).
OLD, INTERIM, NEW = "SA-24-2004", "SA-24-INTERIM", "SA-24"


@pytest.mark.parametrize(("day", "holder"), [(BEFORE, OLD), (BETWEEN, INTERIM), (AFTER, NEW)])
def test_the_duty_passes_on_with_the_reforms(day: date, holder: str) -> None:
    assert OFFICES.holder(OLD, day) == holder


def test_an_office_that_is_not_known_stays_itself() -> None:
    assert OFFICES.holder("SA-NOWHERE", AFTER) == "SA-NOWHERE"
    assert OFFICES.holder(NEW, BEFORE) == NEW


def test_the_successor_acts_and_a_stranger_does_not() -> None:
    assert OFFICES.acts_for(NEW, OLD, AFTER)
    assert OFFICES.acts_for(OLD, OLD, AFTER)
    assert not OFFICES.acts_for(OLD, NEW, AFTER)
    assert not OFFICES.acts_for(NEW, OLD, BEFORE)
    assert not OFFICES.acts_for("SA-22", OLD, AFTER)


def test_an_office_represents_all_that_went_into_it() -> None:
    assert OFFICES.represented_by(NEW, AFTER) == {
        NEW,
        OLD,
        INTERIM,
        "SA-27-2004",
        "SA-27-INTERIM",
    }
    assert OFFICES.represented_by(OLD, BEFORE) == {OLD}


def test_scopes() -> None:
    assert OFFICES.visible_to(Caller("x", "SV-NATIONAL", Role.SUPERVISOR, "national"), AFTER) is None
    province = OFFICES.visible_to(Caller("x", "SV-24", Role.SUPERVISOR, "24@2025"), AFTER)
    assert province is not None
    assert {NEW, OLD, "SA-27-2004"} <= province
    assert "SA-22" not in province
    own = OFFICES.visible_to(Caller("x", "SV-24", Role.SUPERVISOR), AFTER)
    assert own == frozenset({"SV-24"})


def test_who_is_addressed() -> None:
    assert OFFICES.addressee(OLD, "BP-CN-HUU-NGHI", AFTER) == NEW
    assert OFFICES.addressee("SA-27-2004", OLD, AFTER) == OLD, "both are one office now"
    with pytest.raises(AddresseeCannotReceive):
        OFFICES.addressee("BP-CN-HUU-NGHI", NEW, AFTER)
    with pytest.raises(InvalidInput):
        OFFICES.addressee("SA-NOWHERE", NEW, AFTER)
