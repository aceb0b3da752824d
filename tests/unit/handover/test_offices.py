"""Whom a person can be sent to, over the reform of 2025."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.country.sight import Sight
from services.chassis.kernel.errors import InvalidInput
from services.handover.domain.errors import AddresseeCannotReceive
from services.handover.offices import Offices

OFFICES = Offices(Sight(built_in_directory()))
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
