"""Who may act for whom: offices by the directory of the day, with their successors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.directory import Directory
from services.chassis.kernel.errors import (
    FieldViolation,
    InvalidInput,
    OfficeEnded,
    OfficeNotFound,
    OfficeNotYetOpen,
)
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import Role
from services.chassis.policy import RECEIVERS
from services.chassis.security import OWN, Caller
from services.handover.domain import AddresseeCannotReceive


@dataclass(frozen=True)
class Offices:
    """The directory's answers to handover's questions."""

    directory: Directory

    def holder(self, office_id: str, today: date) -> str:
        """The office that holds this one's duty: itself, or its successor once it has ended.

        An office that nobody succeeds, or that the directory does not know, stays itself: some
        office must be named.
        """
        try:
            return self.directory.resolve(office_id, today).id
        except (OfficeNotFound, OfficeNotYetOpen, OfficeEnded):
            return office_id

    def acts_for(self, office_id: str, named: str, today: date) -> bool:
        """Whether an office is the one named, or holds its duty since that has ended.

        The named one itself still counts after its end: an office that is closing down may hand
        over what it has.
        """
        return office_id in (named, self.holder(named, today))

    def represented_by(self, office_id: str, today: date) -> frozenset[str]:
        """The offices for which an office acts: itself and those that it succeeded."""
        ended = (
            office.id
            for office in self.directory.offices()
            if office.valid_to is not None and self.holder(office.id, today) == office_id
        )
        return frozenset({office_id, *ended})

    def visible_to(self, caller: Caller, today: date) -> frozenset[str] | None:
        """The offices whose cases a caller may see; None for all.

        A supervisor sees those in scope, everybody else those that the own office acts for.
        """
        if caller.role is not Role.SUPERVISOR or caller.scope == OWN:
            return self.represented_by(caller.office_id, today)
        if caller.scope == NATIONAL:
            return None
        province = ProvinceRef.parse(caller.scope)
        return frozenset(office.id for office in self.directory.offices(province=province))

    def addressee(self, to_office_id: str, sender_id: str, today: date) -> str:
        """The office that a person sent to `to_office_id` is sent to: it, or its successor.

        When it holds the sender's own duty, the sender is given back, for the domain to refuse.
        Raises InvalidInput when there is no such office, OfficeNotYetOpen, OfficeEnded, and
        AddresseeCannotReceive.
        """
        try:
            office = self.directory.resolve(to_office_id, today)
        except OfficeNotFound:
            unknown = FieldViolation(None, "to_office_id", "UNKNOWN_OFFICE")
            raise InvalidInput([unknown]) from None
        if office.role not in RECEIVERS:
            raise AddresseeCannotReceive(office_id=office.id)
        return sender_id if self.acts_for(office.id, sender_id, today) else office.id
