"""Who is let in: what a token says of an office counts only as far as the directory of the day agrees.

A token is made elsewhere, from a register of accounts that thirty-four provinces keep; so some will name an office that
there is not, that has ended, or that is something else. An office that has ended is let in nowhere: everything open of
it moved to its heir in one step, and who worked there signs in where the duty is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.country.provinces import successor
from services.chassis.country.revocations import Revocations
from services.chassis.kernel.clock import Clock, local_date
from services.chassis.kernel.errors import (
    ErrorKind,
    HomewardError,
    OfficeEnded,
    OfficeNotYetOpen,
    OfficeSucceeded,
    ProvinceNotFound,
)
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import OWN, Caller


class RoleIsNotTheOffices(HomewardError):
    """Your sign-in names a role that {office_id} does not have; ask whoever keeps your account to mend it."""

    kind = ErrorKind.PERMISSION_DENIED


class ScopeBeyondOffice(HomewardError):
    """Your sign-in reaches beyond the province of {office_id}; ask whoever keeps your account to mend it."""

    kind = ErrorKind.PERMISSION_DENIED


@dataclass(frozen=True, slots=True)
class Admission:
    """The directory's word on callers, on the day of the clock, and what was ended; one for each process."""

    directory: Directory
    clock: Clock
    revocations: Revocations

    def __call__(self, caller: Caller) -> None:
        """Let a caller in.

        Raises SessionRevoked, OfficeNotFound, OfficeNotYetOpen, OfficeEnded, OfficeSucceeded, RoleIsNotTheOffices,
        ScopeBeyondOffice.
        """
        self.revocations.refuse(caller)
        admit(self.directory, caller, local_date(self.clock.now()))


def admit(directory: Directory, caller: Caller, today: date) -> Office:
    """The caller's office, that exists today, with the role and within the scope that the caller claims.

    Raises OfficeNotFound, OfficeNotYetOpen, OfficeEnded, OfficeSucceeded, RoleIsNotTheOffices, ScopeBeyondOffice.
    """
    office = directory.office(caller.office_id)
    if office.role is not caller.role:
        raise RoleIsNotTheOffices(office_id=office.id)
    if today < office.valid_from:
        raise OfficeNotYetOpen(office_id=office.id, on=today.isoformat())
    if office.valid_to is not None and today > office.valid_to:
        raise _ended(directory, office, office.valid_to, today)
    if not _within(directory, caller.scope, office, today):
        raise ScopeBeyondOffice(office_id=office.id)
    return office


def _within(directory: Directory, scope: str, office: Office, today: date) -> bool:
    """Whether a scope reaches no further than an office: its province, with those that went into it."""
    if scope == OWN or office.province is None:
        return True
    if scope == NATIONAL:
        return False
    try:
        asked = ProvinceRef.parse(scope)
        return directory.province_of(office, today) in (asked, successor(asked))
    except ProvinceNotFound:
        return False


def _ended(directory: Directory, office: Office, ended_on: date, today: date) -> OfficeEnded | OfficeSucceeded:
    try:
        heir = directory.resolve(office.id, today)
    except OfficeEnded as error:
        return error
    return OfficeSucceeded(office_id=office.id, ended_on=ended_on.isoformat(), successor_id=heir.id)
