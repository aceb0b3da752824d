"""Who is let in: office, role, validity and scope as the directory of the day has them."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.admission import RoleIsNotTheOffices, ScopeBeyondOffice, admit
from services.chassis.country.directory import built_in_directory
from services.chassis.country.offices import OfficeEnd
from services.chassis.kernel.errors import HomewardError, OfficeEnded, OfficeNotFound, OfficeNotYetOpen, OfficeSucceeded
from services.chassis.kernel.roles import Caller, Role

DIRECTORY = built_in_directory()
BEFORE, AFTER = date(2025, 2, 1), date(2026, 3, 2)
# Bắc Giang (24) went into Bắc Ninh (24 of 2025), with the former Bắc Ninh (27).
OLD, NEW = "SA-24-2004", "SA-24"


def caller(office_id: str, role: Role, scope: str = "own") -> Caller:
    """Somebody whose token says so."""
    return Caller("officer-1", office_id, role, scope)


@pytest.mark.parametrize(
    ("who", "day"),
    [
        (caller(NEW, Role.SUPPORT_AGENCY), AFTER),
        (caller(OLD, Role.SUPPORT_AGENCY), BEFORE),
        (caller("BP-CN-MONG-CAI", Role.BORDER_POST), AFTER),
        (caller("NGO-01", Role.NGO), AFTER),
        (caller("SV-24", Role.SUPERVISOR, "24@2025"), AFTER),
        (caller("SV-24", Role.SUPERVISOR, "27@2004"), AFTER),
        (caller("VF-24", Role.VERIFIER, "24@2025"), AFTER),
        (caller("SV-NATIONAL", Role.SUPERVISOR, "national"), AFTER),
        (caller("SV-NATIONAL", Role.SUPERVISOR, "22@2025"), AFTER),
        (caller("AUDIT-NATIONAL", Role.AUDITOR, "22@2025"), AFTER),
    ],
    ids=str,
)
def test_who_is_what_the_directory_says_is_let_in(who: Caller, day: date) -> None:
    assert admit(DIRECTORY, who, day).id == who.office_id


@pytest.mark.parametrize(
    ("who", "day", "refused"),
    [
        (caller("NO-SUCH-OFFICE", Role.SUPERVISOR, "national"), AFTER, OfficeNotFound),
        (caller("sa-24", Role.SUPPORT_AGENCY), AFTER, OfficeNotFound),
        (caller("SA-04", Role.SUPERVISOR, "national"), AFTER, RoleIsNotTheOffices),
        (caller("SA-04", Role.ADMIN), AFTER, RoleIsNotTheOffices),
        (caller("SV-NATIONAL", Role.AUDITOR, "national"), AFTER, RoleIsNotTheOffices),
        (caller(OLD, Role.SUPPORT_AGENCY), AFTER, OfficeSucceeded),
        (caller(NEW, Role.SUPPORT_AGENCY), BEFORE, OfficeNotYetOpen),
        (caller("SV-04", Role.SUPERVISOR, "national"), AFTER, ScopeBeyondOffice),
        (caller("VF-04", Role.VERIFIER, "national"), AFTER, ScopeBeyondOffice),
        (caller("SV-04", Role.SUPERVISOR, "22@2025"), AFTER, ScopeBeyondOffice),
        # Half of a province that was divided otherwise is not its own, and a province that there is not is nobody's.
        (caller("SV-04", Role.SUPERVISOR, "24@2004"), AFTER, ScopeBeyondOffice),
        (caller("SV-04", Role.SUPERVISOR, "99@2025"), AFTER, ScopeBeyondOffice),
    ],
    ids=str,
)
def test_who_is_not_what_the_token_says_is_kept_out(who: Caller, day: date, refused: type[HomewardError]) -> None:
    with pytest.raises(refused):
        admit(DIRECTORY, who, day)


def test_an_end_that_was_carried_out_counts_like_one_of_the_list() -> None:
    directory = DIRECTORY.changed((), [OfficeEnd(NEW, date(2026, 3, 1), None)])
    with pytest.raises(OfficeEnded) as refused:
        admit(directory, caller(NEW, Role.SUPPORT_AGENCY), AFTER)
    assert refused.value.details == {"office_id": NEW, "ended_on": "2026-03-01"}
    assert admit(directory, caller("SV-24", Role.SUPERVISOR, "24@2025"), AFTER).id == "SV-24"
