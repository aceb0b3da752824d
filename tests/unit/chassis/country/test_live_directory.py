"""Offices that administrators open and end, and who holds the duty of an ended one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.chassis.country import directory as d
from services.chassis.country import offices, provinces
from services.chassis.country.directory import Directory, LiveDirectory
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.provinces import DirectoryError
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role

TODAY = date(2026, 3, 2)
YESTERDAY = date(2026, 3, 1)
BEFORE, AFTER = date(2025, 2, 28), date(2025, 7, 1)
BUILT_IN = d.built_in_directory()
DEPARTMENTS = [office for office in BUILT_IN.offices(role=Role.SUPPORT_AGENCY) if office.id.endswith("-2004")]
NEW_AGENCY = Office("SA-22-NEW", Role.SUPPORT_AGENCY, ProvinceRef("22", "2025"), "New", "Mới", TODAY)


def test_there_are_63_departments_of_labour() -> None:
    assert len(DEPARTMENTS) == 63
    old = {ref for ref in provinces.provinces() if ref.vintage == "2004"}
    assert {office.province for office in DEPARTMENTS} == old


@pytest.mark.parametrize("department", DEPARTMENTS, ids=lambda office: office.id)
def test_what_a_department_of_labour_held_is_with_one_of_the_34_agencies(department: Office) -> None:
    """The change of 2025-07-01: by validity and successor an open case of before passes to the right office."""
    assert department.province is not None
    unit = provinces.provinces()[department.province]
    assert unit.successor is not None
    assert BUILT_IN.holder(department.id, BEFORE) == department.id
    assert BUILT_IN.holder(department.id, date(2025, 6, 30)) == f"SA-{unit.ref.code}-INTERIM"
    heir = BUILT_IN.office(BUILT_IN.holder(department.id, AFTER))
    assert heir.role is Role.SUPPORT_AGENCY
    assert heir.province == unit.successor
    assert heir == BUILT_IN.support_agency_for(department.province, AFTER)


def test_the_63_come_to_34() -> None:
    assert len({BUILT_IN.holder(office.id, AFTER) for office in DEPARTMENTS}) == 34


def test_an_end_that_was_carried_out_holds_on_the_last_day_too() -> None:
    changed = BUILT_IN.changed((), [OfficeEnd("SA-22", TODAY, "SA-24")])
    assert changed.office("SA-22").is_valid(TODAY)
    assert changed.holder("SA-22", TODAY) == "SA-24"
    assert changed.heir("SA-22", TODAY) == "SA-24"
    assert changed.was_ended("SA-22")
    assert not changed.was_ended("SA-24")
    assert "SA-22" in changed.left_to("SA-24", TODAY)
    assert "SA-22" not in changed.left_to("SA-22", TODAY)


def test_what_is_over_by_validity_only_has_no_heir_yet() -> None:
    assert BUILT_IN.heir("SA-22-2004", TODAY) == "SA-22-2004"
    assert BUILT_IN.holder("SA-22-2004", TODAY) == "SA-22"


def test_where_nobody_succeeds_the_supervisor_of_the_province_holds_the_duty() -> None:
    changed = BUILT_IN.changed((), [OfficeEnd("SA-22", YESTERDAY, None), OfficeEnd("NGO-01", YESTERDAY, None)])
    assert changed.holder("SA-22", TODAY) == "SV-22"
    assert changed.holder("NGO-01", TODAY) == offices.NATIONAL_SUPERVISOR


def test_an_office_that_nobody_knows_stays_itself() -> None:
    assert BUILT_IN.holder("SA-99", TODAY) == "SA-99"
    assert NEW_AGENCY.id not in [office.id for office in BUILT_IN.offices()]


def test_an_agency_may_be_opened_before_the_one_that_it_succeeds_has_ended() -> None:
    both = BUILT_IN.changed([NEW_AGENCY], ())
    assert both.support_agency_for(ProvinceRef("22", "2025"), TODAY).id == "SA-22"
    after = BUILT_IN.changed([NEW_AGENCY], [OfficeEnd("SA-22", YESTERDAY, NEW_AGENCY.id)])
    assert after.support_agency_for(ProvinceRef("22", "2025"), TODAY).id == NEW_AGENCY.id
    assert after.holder("SA-22-2004", TODAY) == NEW_AGENCY.id


def test_an_end_of_an_office_that_there_is_not_is_refused() -> None:
    with pytest.raises(DirectoryError, match="no office SA-99"):
        BUILT_IN.changed((), [OfficeEnd("SA-99", YESTERDAY, None)])


def test_the_live_directory_follows_and_is_the_same_object() -> None:
    live = LiveDirectory(BUILT_IN)
    assert len(live) == len(BUILT_IN)
    assert live.left_to("SA-24", TODAY) == BUILT_IN.left_to("SA-24", TODAY)
    live.follow([NEW_AGENCY], [OfficeEnd("SA-22", YESTERDAY, NEW_AGENCY.id)], edition=2)
    assert live.edition == 2
    assert live.holder("SA-22", TODAY) == NEW_AGENCY.id
    assert "SA-22" in live.left_to(NEW_AGENCY.id, TODAY)
    live.follow((), (), edition=3)
    assert live.holder("SA-22", TODAY) == "SA-22"
    assert len(live) == len(BUILT_IN)


def test_a_live_directory_that_cannot_follow_stays_as_it_was() -> None:
    live = LiveDirectory(BUILT_IN)
    with pytest.raises(DirectoryError):
        live.follow((), [OfficeEnd("SA-22", YESTERDAY, "RC-LAO-CAI")], edition=1)
    assert live.edition == 0
    assert live.holder("SA-22", TODAY) == "SA-22"


def test_assessment_centres_have_the_places_that_the_report_names() -> None:
    places = {office.id: office.capacity for office in BUILT_IN.offices(role=Role.RECEPTION_CENTRE)}
    assert places["RC-LAO-CAI"] == places["RC-AN-GIANG"] == offices.ASSESSMENT_CENTRE_PLACES == 40
    assert places["RC-COMPASSION-HOUSE"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(NEW_AGENCY, capacity=3),
        Office("RC-X", Role.RECEPTION_CENTRE, None, "X", "X", TODAY, facility_kind=FacilityKind.SHELTER, capacity=0),
    ],
)
def test_only_a_facility_has_places(wrong: Office) -> None:
    with pytest.raises(DirectoryError, match="places"):
        Directory([wrong])
