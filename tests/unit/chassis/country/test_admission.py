"""Who is let in: office, role, validity and scope as the directory of the day has them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest

from services.chassis.country.admission import Admission, RoleIsNotTheOffices, ScopeBeyondOffice, admit
from services.chassis.country.directory import built_in_directory
from services.chassis.country.offices import OfficeEnd
from services.chassis.country.revocations import Revocation, Revocations, SessionRevoked, subject_digest
from services.chassis.kernel.errors import HomewardError, OfficeEnded, OfficeNotFound, OfficeNotYetOpen, OfficeSucceeded
from services.chassis.kernel.roles import Caller, Role
from services.chassis.kernel.words import Whose
from tests.support.clocks import FakeClock

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
@pytest.mark.attack(11, "an office that does not exist, or is something else, or ended, or a wider scope")
def test_who_is_not_what_the_token_says_is_kept_out(who: Caller, day: date, refused: type[HomewardError]) -> None:
    with pytest.raises(refused):
        admit(DIRECTORY, who, day)


@pytest.mark.attack(13, "an office whose end was carried out")
def test_an_end_that_was_carried_out_counts_like_one_of_the_list() -> None:
    directory = DIRECTORY.changed((), [OfficeEnd(NEW, date(2026, 3, 1), None)])
    with pytest.raises(OfficeEnded) as refused:
        admit(directory, caller(NEW, Role.SUPPORT_AGENCY), AFTER)
    assert refused.value.details == {"office_id": NEW, "ended_on": "2026-03-01"}
    assert admit(directory, caller("SV-24", Role.SUPERVISOR, "24@2025"), AFTER).id == "SV-24"


# What was signed in before, and was ended.

MADE_S = 1_780_000_000
SIGNED_IN = Caller("officer-1", NEW, Role.SUPPORT_AGENCY, token_id="token-1", issued_at_s=MADE_S)


def revoked(whose: Whose, named: str, at_s: float) -> Revocation:
    """Ended at that second of real time."""
    return Revocation(uuid.uuid4(), whose, named, datetime.fromtimestamp(at_s, UTC))


@pytest.mark.parametrize(
    ("whose", "named"),
    [(Whose.SUBJECT, subject_digest("officer-1")), (Whose.OFFICE, NEW), (Whose.TOKEN, "token-1")],
)
@pytest.mark.parametrize(("after_s", "ended"), [(-1.0, False), (0.0, True), (0.5, True), (60.0, True)])
def test_a_token_made_until_a_revocation_that_names_it_counts_no_more(
    whose: Whose, named: str, after_s: float, ended: bool
) -> None:
    # The clock of business time has nothing to do with it.
    admission = Admission(DIRECTORY, FakeClock(datetime(2026, 3, 2, 8, tzinfo=UTC)), Revocations())
    admission(SIGNED_IN)
    admission.revocations.show([revoked(whose, named, MADE_S + after_s), revoked(whose, named, MADE_S - 600)])
    if not ended:
        admission(SIGNED_IN)
        return
    with pytest.raises(SessionRevoked):
        admission(SIGNED_IN)


def test_nobody_else_is_signed_out() -> None:
    known = Revocations(
        [
            revoked(Whose.SUBJECT, subject_digest("officer-2"), MADE_S + 60),
            revoked(Whose.SUBJECT, "officer-1", MADE_S + 60),
            revoked(Whose.OFFICE, "SA-22", MADE_S + 60),
            revoked(Whose.TOKEN, "", MADE_S + 60),
        ]
    )
    known.refuse(SIGNED_IN)
