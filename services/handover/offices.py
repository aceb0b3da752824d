"""Whom a person can be sent to, who can answer for one, and what offices are, by the directory of the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from services.chassis.calls.policy import CUSTODIANS, RECEIVERS
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.country.provinces import successor
from services.chassis.country.sight import Sight
from services.chassis.kernel.errors import (
    FieldViolation,
    InvalidInput,
    OfficeNotFound,
    ProvinceNotFound,
    ProvinceNotYetFormed,
)
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role
from services.handover.domain.errors import AddresseeCannotReceive, CannotBeAccountable
from services.handover.domain.transfer import Destination
from services.handover.domain.words import CustodyKind

_PLACES: Final[Mapping[Role, CustodyKind]] = MappingProxyType(
    {
        Role.BORDER_POST: CustodyKind.BORDER_POST,
        Role.RECEPTION_CENTRE: CustodyKind.RECEPTION_CENTRE,
        Role.SUPPORT_AGENCY: CustodyKind.HOME_OFFICE,
        Role.COMMUNE: CustodyKind.COMMUNE,
    }
)


@dataclass(frozen=True)
class Offices:
    """The directory's answers to handover's questions."""

    sight: Sight

    @property
    def directory(self) -> Directory:
        """The offices of the country as they stand."""
        return self.sight.directory

    # Whom a person can be sent to, and who can answer for one.

    def addressee(self, to_office_id: str, sender_id: str, today: date, field: str = "to_office_id") -> str:
        """The office that a person sent to `to_office_id` is sent to: it, or its successor.

        When it holds the sender's own duty, the sender is given back, for the domain to refuse.
        Raises InvalidInput when there is no such office, OfficeNotYetOpen, OfficeEnded, and
        AddresseeCannotReceive.
        """
        office = self._resolved(to_office_id, today, field)
        if office.role not in RECEIVERS:
            raise AddresseeCannotReceive(office_id=office.id)
        return sender_id if self.sight.acts_for(office.id, sender_id, today) else office.id

    def whereabouts(self, office_id: str, accountable_id: str, today: date) -> str:
        """The office at which a person was found: one that can receive people, or the accountable one itself.

        Raises what `addressee` raises, on the field office_id.
        """
        if office_id == accountable_id:
            return accountable_id
        office = self._resolved(office_id, today, "office_id")
        if self.sight.acts_for(office.id, accountable_id, today):
            return accountable_id
        if office.role not in RECEIVERS:
            raise AddresseeCannotReceive(office_id=office.id)
        return office.id

    def custodian(self, office_id: str, today: date) -> str:
        """An office that can be made accountable: it, or its successor.

        Raises InvalidInput when there is no such office, OfficeNotYetOpen, OfficeEnded, and
        CannotBeAccountable.
        """
        office = self._resolved(office_id, today, "office_id")
        if office.role not in CUSTODIANS:
            raise CannotBeAccountable(office_id=office.id)
        return office.id

    def agency_of(self, province: ProvinceRef, today: date, field: str = "province") -> str:
        """The support agency of a province of either vintage; raises InvalidInput when there is none."""
        try:
            return self.directory.support_agency_for(province, today).id
        except (ProvinceNotFound, ProvinceNotYetFormed, OfficeNotFound):
            raise InvalidInput([FieldViolation(None, field, "UNKNOWN_PROVINCE")]) from None

    def at_home(self, home: ProvinceRef | None, today: date) -> frozenset[str]:
        """The support agency of a home province of either vintage; nobody where there is none."""
        if home is None:
            return frozenset()
        try:
            return frozenset({self.directory.support_agency_for(home, today).id})
        except (ProvinceNotFound, ProvinceNotYetFormed, OfficeNotFound):
            return frozenset()

    def _resolved(self, office_id: str, today: date, field: str) -> Office:
        try:
            return self.directory.resolve(office_id, today)
        except OfficeNotFound:
            raise InvalidInput([FieldViolation(None, field, "UNKNOWN_OFFICE")]) from None

    # What an office is.

    def facility_kind(self, office_id: str) -> FacilityKind | None:
        """What kind of facility an office is; None when people do not stay there.

        A centre of which no kind is known counts as an assessment centre: its limit is a short one.
        """
        office = self._known(office_id)
        if office is None or office.role is not Role.RECEPTION_CENTRE:
            return None
        return office.facility_kind or FacilityKind.ASSESSMENT_CENTRE

    def centres(self) -> frozenset[str]:
        """All offices where people stay, also those that ended."""
        return frozenset(office.id for office in self.directory.offices(role=Role.RECEPTION_CENTRE))

    def follows_up(self, office_id: str) -> bool:
        """Whether an office looks after people at home, and so makes their follow-ups."""
        office = self._known(office_id)
        return office is not None and office.role is Role.SUPPORT_AGENCY

    def capacity(self, office_id: str) -> int | None:
        """Places of a facility; None when not known."""
        office = self._known(office_id)
        return office.capacity if office is not None else None

    def facilities(self, visible: frozenset[str] | None, today: date) -> list[Office]:
        """The facilities among the offices (None: all) that exist today, by id."""
        centres = self.directory.offices(role=Role.RECEPTION_CENTRE, on=today)
        return sorted(
            (office for office in centres if visible is None or office.id in visible), key=lambda office: office.id
        )

    def place_of(self, office_id: str) -> CustodyKind:
        """Where people are whom an office has; a supervisor has nobody."""
        if self.facility_kind(office_id) is FacilityKind.SHELTER:
            return CustodyKind.SHELTER
        office = self._known(office_id)
        return CustodyKind.NOT_KNOWN if office is None else _PLACES.get(office.role, CustodyKind.NOT_KNOWN)

    def can_receive(self, office_id: str) -> bool:
        """Whether a person can arrive there, at home or for a stay."""
        office = self._known(office_id)
        return office is not None and office.role in RECEIVERS

    def role_of(self, office_id: str) -> Role:
        """The role of an office that answers for somebody; that of a supervisor for one that is not known."""
        office = self._known(office_id)
        return office.role if office is not None else Role.SUPERVISOR

    def has_people(self, office_id: str) -> bool:
        """Whether people can be with this office; a supervisor only looks for somebody who can have them."""
        return self.role_of(office_id) in CUSTODIANS

    def is_border_post(self, office_id: str) -> bool:
        """Whether people are handed over there."""
        office = self._known(office_id)
        return office is not None and office.role is Role.BORDER_POST

    def destination(self, office_id: str, home: ProvinceRef | None, today: date, *, is_full: bool) -> Destination:
        """What has to be known of an addressed office to warn of it."""
        province = self.province_of(office_id, today)
        is_home = home is None or (province is not None and successor(home) == successor(province))
        return Destination(is_centre=self.facility_kind(office_id) is not None, is_home=is_home, is_full=is_full)

    def province_of(self, office_id: str, today: date) -> ProvinceRef | None:
        """The province of an office in today's vintage; None for a national or unknown one."""
        office = self._known(office_id)
        return self.directory.province_of(office, today) if office is not None else None

    def same_province(self, one: str, other: str, today: date) -> bool:
        """Whether two offices are of one province."""
        province = self.province_of(one, today)
        return province is not None and province == self.province_of(other, today)

    def _known(self, office_id: str) -> Office | None:
        try:
            return self.directory.office(office_id)
        except OfficeNotFound:
            return None
