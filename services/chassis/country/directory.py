"""All offices at one moment: who was in charge of what on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from services.chassis.country.offices import (
    MAX_CAPACITY,
    MAX_OFFICE_ID_LENGTH,
    OFFICE_ID,
    Office,
    OfficeEnd,
    built_in_offices,
    read_offices_file,
)
from services.chassis.country.provinces import (
    VINTAGE_2025_FROM,
    DirectoryError,
    province_at,
    provinces,
    successor,
)
from services.chassis.kernel.errors import (
    OfficeEnded,
    OfficeNotFound,
    OfficeNotYetOpen,
    ProvinceNotFound,
)
from services.chassis.kernel.fold import fold
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role


class Directory:
    """All offices at one moment: a snapshot that never changes once built.

    Refuses, with DirectoryError, offices that contradict one another: an id that is not of
    capitals, digits and dashes; validity that ends before it begins; a province that does not
    exist; a successor that is unknown, of another role, later than the day after, or comes back
    in a circle; two support agencies of one province on one day, since then nobody could say
    who is accountable.

    `opened` names offices that an administrator opened: such an agency may begin before the one
    that it is to succeed has ended, and until then the earlier one is the province's. `ended`
    names those whose end was carried out: nothing is left with them, on their last day neither.
    """

    __slots__ = ("_by_id", "_by_role", "_ended", "_left", "edition")

    def __init__(
        self,
        offices: Iterable[Office],
        opened: Iterable[str] = (),
        ended: Iterable[str] = (),
        *,
        checked: Mapping[str, Office] = MappingProxyType({}),
    ) -> None:
        """`checked`: offices of another directory, which agree with themselves."""
        self.edition = 0
        self._ended = frozenset(ended)
        self._left: tuple[date, Mapping[str, tuple[str, ...]]] | None = None
        by_id: dict[str, Office] = {}
        by_role: dict[Role, list[Office]] = {role: [] for role in Role}
        for office in offices:
            if office.id in by_id:
                raise DirectoryError(f"the office id {office.id} is given twice")
            by_id[office.id] = office
            by_role[office.role].append(office)
        self._by_id: Mapping[str, Office] = MappingProxyType(by_id)
        self._by_role: Mapping[Role, tuple[Office, ...]] = MappingProxyType(
            {role: tuple(each) for role, each in by_role.items()}
        )
        for office in by_id.values():
            if checked.get(office.id) is not office:
                _check(office)
            if office.successor_id is not None:
                self._check_successor(office)
        self._check_one_agency_a_day(frozenset(opened))

    @classmethod
    def load(cls, offices_file: Path | None = None) -> Directory:
        """The built-in offices, with those of an offices file added or put in their place."""
        offices = {office.id: office for office in built_in_offices()}
        if offices_file is not None:
            given = read_offices_file(offices_file)
            if len({office.id for office in given}) < len(given):
                raise DirectoryError("the offices file gives an office id twice")
            offices.update({office.id: office for office in given})
        return cls(offices.values())

    def changed(self, opened: Iterable[Office], ends: Iterable[OfficeEnd]) -> Directory:
        """These offices with others opened, and with ends that were carried out.

        Raises DirectoryError when that contradicts itself, or ends an office that there is not.
        """
        added = {office.id: office for office in opened}
        offices = {**self._by_id, **added}
        carried_out = {end.office_id: end for end in ends}
        if unknown := sorted(carried_out.keys() - offices.keys()):
            raise DirectoryError(f"there is no office {unknown[0]}")
        for end in carried_out.values():
            offices[end.office_id] = replace(
                offices[end.office_id], valid_to=end.valid_to, successor_id=end.successor_id
            )
        return Directory(offices.values(), added, carried_out, checked=self._by_id)

    def _check_successor(self, office: Office) -> None:
        assert office.successor_id is not None
        if office.valid_to is None:
            raise DirectoryError(f"{office.id} has a successor and no end")
        heir = self._by_id.get(office.successor_id)
        if heir is None:
            raise DirectoryError(f"{office.id}: there is no office {office.successor_id}")
        if heir.role is not office.role:
            raise DirectoryError(f"{office.id}: its successor {heir.id} has another role")
        if heir.valid_from > office.valid_to + timedelta(days=1):
            raise DirectoryError(f"{office.id}: days are missing before its successor {heir.id}")
        seen = {office.id}
        while heir is not None:
            if heir.id in seen:
                raise DirectoryError(f"{office.id}: its successors run in a circle")
            seen.add(heir.id)
            heir = self._by_id.get(heir.successor_id) if heir.successor_id else None

    def _check_one_agency_a_day(self, opened: frozenset[str]) -> None:
        by_province: dict[ProvinceRef, list[Office]] = {}
        for office in self._by_role[Role.SUPPORT_AGENCY]:
            if office.province is not None and office.id not in opened:
                by_province.setdefault(office.province, []).append(office)
        for ref, agencies in by_province.items():
            agencies.sort(key=lambda office: office.valid_from)
            for earlier, later in pairwise(agencies):
                if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                    raise DirectoryError(f"{earlier.id} and {later.id} are support agencies of {ref} at once")

    def __len__(self) -> int:
        return len(self._by_id)

    def office(self, office_id: str) -> Office:
        """The office of that id, valid or not; raises OfficeNotFound."""
        try:
            return self._by_id[office_id]
        except KeyError:
            # An unknown id is text from outside; it may be anything and is not repeated whole.
            shown = office_id if OFFICE_ID.fullmatch(office_id[:MAX_OFFICE_ID_LENGTH]) else "?"
            raise OfficeNotFound(office_id=shown[:MAX_OFFICE_ID_LENGTH]) from None

    def resolve(self, office_id: str, on: date) -> Office:
        """The office that holds the duty of this one on a local date: itself or a successor.

        Raises OfficeNotFound; OfficeNotYetOpen for a date before it began; OfficeEnded when it,
        or the last of its successors, has ended by then with none named.
        """
        office = self.office(office_id)
        if on < office.valid_from:
            raise OfficeNotYetOpen(office_id=office.id, on=on.isoformat())
        while office.valid_to is not None and on > office.valid_to:
            if office.successor_id is None:
                raise OfficeEnded(office_id=office.id, ended_on=office.valid_to.isoformat())
            office = self._by_id[office.successor_id]
        return office

    def was_ended(self, office_id: str) -> bool:
        """Whether the end of an office was carried out."""
        return office_id in self._ended

    def has_ended(self, office: Office, on: date) -> bool:
        """Whether an office's last day is over, or its end was carried out."""
        return office.id in self._ended or (office.valid_to is not None and on > office.valid_to)

    def holder(self, office_id: str, on: date) -> str:
        """The id of the office that answers today for what is this one's: itself, or who took over.

        Where nobody succeeds, that is the supervisor of the province, else the national one. An
        office that has not begun, or that the directory does not know, stays itself: some office
        must be named.
        """
        office = self._by_id.get(office_id)
        while office is not None and self.has_ended(office, on):
            if office.successor_id is None:
                return next((each.id for each in self.supervisors_for(office, on)), office.id)
            office = self._by_id[office.successor_id]
        return office_id if office is None else office.id

    def heir(self, office_id: str, on: date) -> str:
        """The id of whoever took over when the end of an office was carried out; else the office itself.

        What was there moved then, whatever the directory says of its validity; so what comes later goes there too.
        """
        return self.holder(office_id, on) if office_id in self._ended else office_id

    def left_to(self, holder_id: str, on: date) -> tuple[str, ...]:
        """The ids of the ended offices whose duty an office holds on a local date."""
        if self._left is None or self._left[0] != on:
            left: dict[str, list[str]] = {}
            for office in self._by_id.values():
                if self.has_ended(office, on):
                    left.setdefault(self.holder(office.id, on), []).append(office.id)
            # Asked by every call, and the same all day.
            self._left = on, {holder: tuple(ended) for holder, ended in left.items()}
        return self._left[1].get(holder_id, ())

    def offices(
        self,
        *,
        role: Role | None = None,
        province: ProvinceRef | None = None,
        on: date | None = None,
        words: str = "",
    ) -> tuple[Office, ...]:
        """The offices that meet every condition given, in the order of the list.

        `province` takes in the offices of the provinces that went into it; `on` leaves out those
        not valid on that local date; `words` are words of the id and the names, folded. Raises ProvinceNotFound.
        """
        if province is not None and province not in provinces():
            raise ProvinceNotFound(province=str(province))
        parts = set(fold(words).split())
        candidates = self._by_id.values() if role is None else self._by_role[role]
        return tuple(
            office
            for office in candidates
            if (province is None or self._within(office, province))
            and (on is None or office.is_valid(on))
            and (not parts or parts <= set(fold(f"{office.id} {office.name_vi} {office.name_en}").split()))
        )

    def province_of(self, office: Office | str, on: date) -> ProvinceRef | None:
        """The province of an office in the vintage valid on a local date; None if national.

        A province formed later than `on` is given as it is: a supervisor of vintage 2025 also
        covers the years before.
        """
        known = self._known(office)
        if known.province is None or on < VINTAGE_2025_FROM:
            return known.province
        return successor(known.province)

    def support_agency_for(self, province: ProvinceRef, on: date) -> Office:
        """The support agency accountable for a province on a local date.

        The province may be named in either vintage, as in `province_at`, whose errors it raises;
        OfficeNotFound when the province has no agency on that day. While an agency and the one
        that is to succeed it exist at once, it is the earlier.
        """
        unit = province_at(province.code, province.vintage, on)
        for office in self._by_role[Role.SUPPORT_AGENCY]:
            if office.province == unit.ref and office.is_valid(on):
                return office
        raise OfficeNotFound(office_id=f"SUPPORT_AGENCY {unit.ref}")

    def supervisors_for(self, office: Office | str, on: date | None = None) -> tuple[Office, ...]:
        """The supervisors who watch an office: its province's first, then the national ones.

        With `on`, only those valid on that local date. Raises OfficeNotFound.
        """
        known = self._known(office)
        home = None if known.province is None else successor(known.province)
        valid = [each for each in self._by_role[Role.SUPERVISOR] if on is None or each.is_valid(on)]
        return (
            *(each for each in valid if home is not None and each.province == home),
            *(each for each in valid if each.province is None),
        )

    def _known(self, office: Office | str) -> Office:
        return self.office(office) if isinstance(office, str) else office

    @staticmethod
    def _within(office: Office, ref: ProvinceRef) -> bool:
        return office.province is not None and ref in (office.province, successor(office.province))


class LiveDirectory(Directory):
    """The directory of a running service: the same object all along, which follows the changes.

    `edition` says which state it shows, so that what was made from an older one is not kept.
    """

    __slots__ = ("_base",)

    def __init__(self, base: Directory) -> None:
        self._base = base
        self._show(base, 0)

    def with_overlay(self, opened: Iterable[Office], ends: Iterable[OfficeEnd]) -> Directory:
        """What it began with, changed in this way; raises DirectoryError."""
        return self._base.changed(opened, ends)

    def follow(self, opened: Iterable[Office], ends: Iterable[OfficeEnd], edition: int) -> None:
        """Show what it began with, changed in this way; raises DirectoryError, and stays as it was."""
        self._show(self.with_overlay(opened, ends), edition)

    def _show(self, directory: Directory, edition: int) -> None:
        self._by_id, self._by_role = directory._by_id, directory._by_role
        self._ended, self._left, self.edition = directory._ended, None, edition


def _check(office: Office) -> None:
    if not OFFICE_ID.fullmatch(office.id) or len(office.id) > MAX_OFFICE_ID_LENGTH:
        raise DirectoryError(f"the office id {office.id!r} is not capitals, digits and dashes")
    if office.valid_to is not None and office.valid_to < office.valid_from:
        raise DirectoryError(f"{office.id} ends before it begins")
    if office.province is not None and office.province not in provinces():
        raise DirectoryError(f"{office.id}: there is no province {office.province}")
    if office.facility_kind is not None and office.role is not Role.RECEPTION_CENTRE:
        raise DirectoryError(f"{office.id}: only a reception centre has a kind of facility")
    if office.capacity is not None and not (office.facility_kind is not None and 1 <= office.capacity <= MAX_CAPACITY):
        raise DirectoryError(f"{office.id}: only a facility has places, 1 to {MAX_CAPACITY}")


@cache
def built_in_directory() -> Directory:
    """The built-in offices as a directory, built once in a process."""
    return Directory.load()
