"""Whom a person can be sent to, over the reform of 2025, and by which name."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.country.sight import Sight
from services.chassis.kernel.errors import InvalidInput
from services.handover.domain.directory import NAME_TAKEN, check_names
from services.handover.domain.errors import AddresseeCannotReceive
from services.handover.offices import Offices

OFFICES = Offices(Sight(built_in_directory()))
TAKEN = {"SA-22": ("Sở Y tế tỉnh Quảng Ninh", "Department of Health, Quảng Ninh"), "NGO-KH": ("ភូមិ", "Phum")}
BEFORE, BETWEEN, AFTER = date(2025, 2, 1), date(2025, 5, 1), date(2026, 3, 2)
# Bắc Giang (24) went into Bắc Ninh (24 of 2025), with the former Bắc Ninh (27).
OLD, INTERIM, NEW = "SA-24-2004", "SA-24-INTERIM", "SA-24"


def test_who_is_addressed() -> None:
    assert OFFICES.addressee(OLD, "BP-CN-HUU-NGHI", AFTER) == NEW
    assert OFFICES.addressee("SA-27-2004", OLD, AFTER) == OLD, "both are one office now"
    with pytest.raises(AddresseeCannotReceive):
        OFFICES.addressee("BP-CN-HUU-NGHI", NEW, AFTER)
    with pytest.raises(InvalidInput):
        OFFICES.addressee("SA-NOWHERE", NEW, AFTER)


def _violated(name_vi: str, name_en: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInput) as refused:
        check_names({"name_vi": name_vi, "name_en": name_en}, TAKEN)
    return [(each.field, each.code, each.params["office_id"]) for each in refused.value.violations]


@pytest.mark.parametrize(
    "name", ["Sở Y tế tỉnh Quảng Ninh", "so y te tinh quang ninh", "SỞ Y TẾ  tỉnh Quảng-Ninh ", "Sở Ytế tỉnh QuảngNinh"]
)
def test_no_office_is_called_as_another_one_but_for_accents_capitals_and_spaces(name: str) -> None:
    assert _violated(name, "Another name") == [("name_vi", NAME_TAKEN, "SA-22")]
    assert _violated("Tên khác", name) == [("name_en", NAME_TAKEN, "SA-22")], "nor in the other language"


def test_both_names_are_told_at_once() -> None:
    assert _violated("ភូមិ", "department of health quang ninh") == [
        ("name_vi", NAME_TAKEN, "NGO-KH"),
        ("name_en", NAME_TAKEN, "SA-22"),
    ]


def test_a_name_that_tells_them_apart_is_free() -> None:
    check_names({"name_vi": "Sở Y tế tỉnh Quảng Ninh 2", "name_en": "ភូមិថ្មី"}, TAKEN)
    check_names({"name_vi": "Nhà mới", "name_en": "Nhà mới"}, TAKEN)


def test_of_the_offices_that_we_know_only_those_that_follow_one_another_share_a_name() -> None:
    directory = built_in_directory()
    for on in (BEFORE, BETWEEN, AFTER):
        valid = directory.offices(on=on)
        for office in valid:
            others = {each.id: (each.name_vi, each.name_en) for each in valid if each is not office}
            check_names({"name_vi": office.name_vi, "name_en": office.name_en}, others)
