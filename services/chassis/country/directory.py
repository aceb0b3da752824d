"""Provinces, gates, code lists and offices: who was in charge of what on which day.

Everything is read from the packaged `reference/` once and kept; it holds no personal data.

Agencies and provinces change, cases last for years. So every office has its days of validity and
a successor, and is resolved by the date of the event. The built-in offices are made from the
lists of provinces and gates; `Office.provenance` says how sure each is. Those that are OPEN or
INVENTED are a demonstration's and must not be presented as official: a deployment gives its own
in an offices file, which adds to the built-in ones and replaces those with the same id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from services.chassis.kernel.errors import (
    OfficeEnded,
    OfficeNotFound,
    OfficeNotYetOpen,
    ProvinceNotFound,
    ProvinceNotYetFormed,
)
from services.chassis.kernel.places import NATIONAL, ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role

FIRST_DAY: Final = date(2004, 1, 1)
"""From here the built-in offices are valid: the horizon of the list, no founding date."""
LABOUR_DEPARTMENTS_UNTIL: Final = date(2025, 2, 28)
INTERIM_UNTIL: Final = date(2025, 6, 30)
VINTAGE_2025_FROM: Final = date(2025, 7, 1)

NATIONAL_SUPERVISOR: Final = "SV-NATIONAL"
COMMUNES_PER_PROVINCE: Final = 3
MAX_OFFICES_FILE_BYTES: Final = 4_000_000
ASSESSMENT_CENTRE_PLACES: Final = 40
"""Up to so many people live in an assessment centre, says the assessment report of 2012."""
MAX_CAPACITY: Final = 10_000


class DirectoryError(ValueError):
    """The reference data or an offices file contradicts itself; says which entry and why."""


@cache
def _reference(name: str) -> Any:
    text = (files("services.chassis") / "reference" / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


# Provinces ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Province:
    """A provincial unit of one vintage.

    `name` is the official Vietnamese one with its kind ("Tỉnh Quảng Ninh"). `valid_from` and
    `valid_to` are inclusive local dates, None where the list gives none. `successor` is the unit
    of vintage 2025 that took it in (None for those), `predecessors` the units of vintage 2004
    that went into it. `iso_3166_2` exists for vintage 2004 only.
    """

    ref: ProvinceRef
    name: str
    iso_3166_2: str | None
    valid_from: date | None
    valid_to: date | None
    successor: ProvinceRef | None
    predecessors: tuple[ProvinceRef, ...]

    @property
    def short_name(self) -> str:
        """The name without its kind: "Quảng Ninh"."""
        return re.sub(r"^(Tỉnh|Thành phố) ", "", self.name)

    @property
    def name_in_sentence(self) -> str:
        """The name as it stands within a Vietnamese name: "tỉnh Quảng Ninh"."""
        return self.name[:1].lower() + self.name[1:]

    def is_valid(self, on: date) -> bool:
        """Whether the unit existed on this local date."""
        return _holds(self.valid_from, self.valid_to, on)


def _holds(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def _ref(row: Mapping[str, str]) -> ProvinceRef:
    return ProvinceRef(row["code"], row["vintage"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@cache
def provinces() -> Mapping[ProvinceRef, Province]:
    """All 63 units of vintage 2004 and 34 of vintage 2025, by code and vintage."""
    data = _reference("provinces")
    return MappingProxyType(
        {
            _ref(row): Province(
                ref=_ref(row),
                name=row["name"],
                iso_3166_2=row.get("iso_3166_2"),
                valid_from=_day(row.get("valid_from")),
                valid_to=_day(row.get("valid_to")),
                successor=_ref(row["successor"]) if "successor" in row else None,
                predecessors=tuple(_ref(each) for each in row.get("predecessors", ())),
            )
            for row in (*data["vintage_2004"], *data["vintage_2025"])
        }
    )


def province(ref: ProvinceRef) -> Province:
    """The province of that code and vintage; raises ProvinceNotFound."""
    try:
        return provinces()[ref]
    except KeyError:
        raise ProvinceNotFound(province=str(ref)) from None


def successor(ref: ProvinceRef) -> ProvinceRef:
    """The unit of vintage 2025 to which a unit belongs today; one of vintage 2025 is its own.

    So 63 units roll up to 34. Raises ProvinceNotFound.
    """
    return province(ref).successor or ref


def province_at(code: str, vintage: str, on: date) -> Province:
    """The unit valid on a local date for a place known by a code of some vintage.

    A unit that had ended by then gives its successor. A unit not formed yet gives its only
    predecessor where it has one; where several were merged nobody can tell which is meant, and
    ProvinceNotYetFormed is raised. Raises ProvinceNotFound.
    """
    known = province(ProvinceRef(code, vintage))
    if known.is_valid(on):
        return known
    if known.successor is not None and known.valid_to is not None and on > known.valid_to:
        return province(known.successor)
    if len(known.predecessors) == 1:
        return province(known.predecessors[0])
    raise ProvinceNotYetFormed(province=str(known.ref), on=on.isoformat())


# Gates and code lists -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gate:
    """A land border gate; `id` is this project's own, there is no official list of codes.

    `neighbour` is CN, LA or KH. `kind` None: its official status is not confirmed, show none.
    `existence_confirmed`: two independent sources name it.
    """

    id: str
    name: str
    neighbour: str
    foreign_side: str | None
    province_2004: ProvinceRef
    province_2025: ProvinceRef
    kind: str | None
    existence_confirmed: bool

    def province_on(self, on: date) -> ProvinceRef:
        """The province of the gate, in the vintage valid on a local date."""
        return self.province_2025 if on >= VINTAGE_2025_FROM else self.province_2004


@cache
def gates() -> Mapping[str, Gate]:
    """All border gates, by id."""
    return MappingProxyType(
        {
            row["id"]: Gate(
                id=row["id"],
                name=row["name"],
                neighbour=row["neighbour"],
                foreign_side=row["foreign_side"],
                province_2004=ProvinceRef(row["province_2004"], "2004"),
                province_2025=ProvinceRef(row["province_2025"], "2025"),
                kind=row["kind"],
                existence_confirmed=row["existence_confirmed"],
            )
            for row in _reference("border_gates")["gates"]
        }
    )


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """An ethnic group in two official schemes that clash: always store scheme and code.

    A code of 2008 with `gso_2008_confirmed` False has no confirmed source and must not be
    presented as official.
    """

    name: str
    gso_1979: str
    gso_2008: str
    gso_2008_confirmed: bool


@cache
def ethnic_groups() -> tuple[EthnicGroup, ...]:
    """The 54 ethnic groups; "foreigner" and "unknown" are values of the caller's own."""
    return tuple(EthnicGroup(**row) for row in _reference("ethnic_groups")["groups"])


@dataclass(frozen=True, slots=True)
class SupportMatrix:
    """Which kinds of support a category of person is entitled to, Law 53/2024/QH15 Art 37.

    `kinds` by letter of the article; `entitled` and `by_case` (decided case by case) give the
    letters for each category. `example_tariff` holds rows for a demonstration, as in the file.
    """

    kinds: Mapping[str, str]
    entitled: Mapping[str, tuple[str, ...]]
    by_case: Mapping[str, tuple[str, ...]]
    example_tariff: tuple[Mapping[str, Any], ...]


def _tuples(lists: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(values) for name, values in lists.items()})


@cache
def support_matrix() -> SupportMatrix:
    """The matrix of support kinds; for people identified before 2025-07-01 Law 66/2011 holds."""
    data = _reference("support_matrix")
    return SupportMatrix(
        kinds=MappingProxyType(data["kinds"]),
        entitled=_tuples(data["categories"]),
        by_case=_tuples(data["by_case"]),
        example_tariff=tuple(MappingProxyType(row) for row in data["example_tariff"]),
    )


@cache
def code_lists() -> Mapping[str, tuple[str, ...]]:
    """The code lists of IOM's Human Trafficking Case Data Standard 2.0 (CC BY 4.0), by name."""
    return _tuples(_reference("htcds_code_lists")["lists"])


@cache
def consent_questions() -> tuple[str, ...]:
    """The questions on consent of the same standard, in their order."""
    return tuple(_reference("htcds_code_lists")["consent_questions"])


@dataclass(frozen=True, slots=True)
class WarningSign:
    """A risk factor named by practitioners: a line of a checklist, never a verdict.

    `restricted`: shown to few roles; RF44 is a protective concern only.
    """

    id: str
    group: str
    text: str
    restricted: bool


@cache
def warning_signs() -> tuple[WarningSign, ...]:
    """The warning signs of re-trafficking or reprisal (Asylos and ARC Foundation, 2020)."""
    data = _reference("red_flags")
    restricted = frozenset(data["restricted"])
    return tuple(
        WarningSign(row["id"], row["group"], row["text"], row["id"] in restricted)
        for row in data["flags"]
    )


@cache
def protective_factors() -> tuple[str, ...]:
    """What protects, by the same source."""
    return tuple(_reference("red_flags")["protective_factors"])


def demonstration_profile() -> Mapping[str, Any]:
    """The proportions of the demonstration's invented people, as in the file."""
    return MappingProxyType(_reference("demo_profile"))


# Offices --------------------------------------------------------------------------------------


class Provenance(StrEnum):
    """How sure an office is."""

    SOURCE = "SOURCE"
    """A published source names it."""
    DERIVED = "DERIVED"
    """One for each gate or province, as the law or the reports describe the body."""
    OPEN = "OPEN"
    """Sources are silent or differ by province: a placeholder until a deployment names it."""
    INVENTED = "INVENTED"
    """For demonstrations and tests."""
    CONFIGURED = "CONFIGURED"
    """Given by the deployment's offices file."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office, from `valid_from` to `valid_to` (inclusive local dates, None = no end yet).

    `province` None: a national office. An office that outlived the reform of 2025 keeps the
    province that it began in; `Directory.province_of` gives the one of a date. `successor_id`:
    who takes over everything open. `facility_kind` is set for reception centres that people
    stay in, and decides the limit of a stay; `capacity` counts their places, None when not known.
    """

    id: str
    role: Role
    province: ProvinceRef | None
    name_en: str
    name_vi: str
    valid_from: date
    valid_to: date | None = None
    successor_id: str | None = None
    facility_kind: FacilityKind | None = None
    provenance: Provenance = Provenance.CONFIGURED
    capacity: int | None = None

    def is_valid(self, on: date) -> bool:
        """Whether the office existed on this local date."""
        return _holds(self.valid_from, self.valid_to, on)


def _border_posts() -> Iterator[Office]:
    for gate in gates().values():
        yield Office(
            id=f"BP-{gate.id}",
            role=Role.BORDER_POST,
            province=gate.province_2004,
            name_en=f"Border post {gate.name}",
            name_vi=f"Đồn biên phòng cửa khẩu {gate.name}",
            valid_from=FIRST_DAY,
            provenance=Provenance.DERIVED,
        )


def _support_agencies() -> Iterator[Office]:
    for unit in provinces().values():
        code, short = unit.ref.code, unit.short_name
        if unit.successor is None:
            yield Office(
                id=f"SA-{code}",
                role=Role.SUPPORT_AGENCY,
                province=unit.ref,
                name_en=f"Department of Health, {short}",
                name_vi=f"Sở Y tế {unit.name_in_sentence}",
                valid_from=VINTAGE_2025_FROM,
                provenance=Provenance.DERIVED,
            )
            continue
        yield Office(
            id=f"SA-{code}-2004",
            role=Role.SUPPORT_AGENCY,
            province=unit.ref,
            name_en=f"Department of Labour, Invalids and Social Affairs, {short}",
            name_vi=f"Sở Lao động - Thương binh và Xã hội {unit.name_in_sentence}",
            valid_from=FIRST_DAY,
            valid_to=LABOUR_DEPARTMENTS_UNTIL,
            successor_id=f"SA-{code}-INTERIM",
            provenance=Provenance.DERIVED,
        )
        yield Office(
            id=f"SA-{code}-INTERIM",
            role=Role.SUPPORT_AGENCY,
            province=unit.ref,
            name_en=f"Interim support agency, {short} (not confirmed)",
            name_vi=f"Cơ quan hỗ trợ tạm thời {unit.name_in_sentence} (chưa xác nhận)",
            valid_from=LABOUR_DEPARTMENTS_UNTIL + timedelta(days=1),
            valid_to=INTERIM_UNTIL,
            successor_id=f"SA-{unit.successor.code}",
            provenance=Provenance.OPEN,
        )


def _by_vintage(
    prefix: str, role: Role, name_en: str, name_vi: str, provenance: Provenance, suffix: str = ""
) -> Iterator[Office]:
    for unit in provinces().values():
        old = unit.successor is not None
        yield Office(
            id=f"{prefix}-{unit.ref.code}{suffix}{'-2004' if old else ''}",
            role=role,
            province=unit.ref,
            name_en=f"{name_en}, {unit.short_name}",
            name_vi=f"{name_vi} {unit.name_in_sentence}",
            valid_from=FIRST_DAY if old else VINTAGE_2025_FROM,
            valid_to=INTERIM_UNTIL if old else None,
            successor_id=f"{prefix}-{unit.successor.code}{suffix}" if unit.successor else None,
            provenance=provenance,
        )


def _reception_centres() -> Iterator[Office]:
    assessment = FacilityKind.ASSESSMENT_CENTRE
    shelter = FacilityKind.SHELTER
    social = FacilityKind.SOCIAL_PROTECTION_CENTRE
    # The sources name the assessment centres with their provinces; where the shelters stand is
    # this project's assumption, and the social protection centres are invented.
    rows: tuple[tuple[str, str, FacilityKind, str, str, Provenance], ...] = (
        (
            "RC-LAO-CAI",
            "10",
            assessment,
            "Assessment centre Lào Cai",
            "Trung tâm tiếp nhận Lào Cai",
            Provenance.SOURCE,
        ),
        (
            "RC-AN-GIANG",
            "89",
            assessment,
            "Assessment centre An Giang",
            "Trung tâm tiếp nhận An Giang",
            Provenance.SOURCE,
        ),
        (
            "RC-COMPASSION-HOUSE",
            "10",
            shelter,
            "Compassion House",
            "Nhà Nhân Ái",
            Provenance.SOURCE,
        ),
        ("RC-OPEN-HOUSE", "89", shelter, "Open House", "Open House", Provenance.SOURCE),
        ("RC-PEACE-HOUSE", "01", shelter, "Peace House", "Ngôi nhà Bình yên", Provenance.SOURCE),
        *(
            (
                f"RC-SOCIAL-{code}",
                code,
                social,
                f"Social protection centre {name} (invented)",
                f"Trung tâm bảo trợ xã hội {name} (ví dụ)",
                Provenance.INVENTED,
            )
            for code, name in (("20", "Lạng Sơn"), ("22", "Quảng Ninh"), ("72", "Tây Ninh"))
        ),
    )
    for office_id, code, kind, name_en, name_vi, provenance in rows:
        yield Office(
            id=office_id,
            role=Role.RECEPTION_CENTRE,
            province=ProvinceRef(code, "2004"),
            name_en=name_en,
            name_vi=name_vi,
            valid_from=FIRST_DAY,
            facility_kind=kind,
            provenance=provenance,
            capacity=ASSESSMENT_CENTRE_PLACES if kind is assessment else None,
        )


def _national(office_id: str, role: Role, name_en: str, name_vi: str) -> Office:
    return Office(
        id=office_id,
        role=role,
        province=None,
        name_en=name_en,
        name_vi=name_vi,
        valid_from=FIRST_DAY,
        provenance=Provenance.INVENTED,
    )


def _overseers() -> Iterator[Office]:
    yield _national(
        NATIONAL_SUPERVISOR, Role.SUPERVISOR, "National supervisor", "Giám sát quốc gia"
    )
    yield _national(
        "AUDIT-NATIONAL", Role.AUDITOR, "Auditor of the access log", "Kiểm tra nhật ký truy cập"
    )
    yield _national(
        "ADMIN-NATIONAL", Role.ADMIN, "National administrator", "Quản trị viên quốc gia"
    )
    yield _national(
        "NGO-01", Role.NGO, "Example organisation, training", "Tổ chức ví dụ, đào tạo nghề"
    )
    yield _national(
        "NGO-02", Role.NGO, "Example organisation, legal aid", "Tổ chức ví dụ, trợ giúp pháp lý"
    )
    for unit in provinces().values():
        if unit.successor is None:
            # A supervisor is a scope of this product, not an agency: it covers the provinces
            # that went into its own for as long as their cases are open.
            yield Office(
                id=f"SV-{unit.ref.code}",
                role=Role.SUPERVISOR,
                province=unit.ref,
                name_en=f"Province supervisor, {unit.short_name}",
                name_vi=f"Giám sát {unit.name_in_sentence}",
                valid_from=FIRST_DAY,
                provenance=Provenance.INVENTED,
            )


def built_in_offices() -> tuple[Office, ...]:
    """The offices made from the reference data, before any offices file."""
    return (
        *_border_posts(),
        *_support_agencies(),
        *_by_vintage(
            "VF", Role.VERIFIER, "Provincial police", "Công an", provenance=Provenance.DERIVED
        ),
        *_reception_centres(),
        *(
            office
            for number in range(1, COMMUNES_PER_PROVINCE + 1)
            for office in _by_vintage(
                "CM",
                Role.COMMUNE,
                f"Example commune {number}",
                f"Xã Ví dụ {number},",
                provenance=Provenance.INVENTED,
                suffix=f"-{number:02d}",
            )
        ),
        *_overseers(),
    )


_FIELDS: Final = frozenset(
    {
        "id",
        "role",
        "province",
        "name_en",
        "name_vi",
        "valid_from",
        "valid_to",
        "successor_id",
        "facility_kind",
        "capacity",
    }
)
_REQUIRED: Final = ("id", "role", "name_en", "name_vi", "valid_from")
OFFICE_ID: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
MAX_OFFICE_ID_LENGTH: Final = 40


def read_offices_file(path: Path) -> tuple[Office, ...]:
    """Read a deployment's own offices.

    The file is JSON, `{"offices": [{"id": …, "role": …, "province": "22@2004", "name_en": …,
    "name_vi": …, "valid_from": "2025-03-01", "valid_to": …, "successor_id": …,
    "facility_kind": …, "capacity": 40}]}`, with the field names of Office; `province` is absent or null for a
    national office, and unknown fields are refused so that a misspelt one is not lost. Raises
    DirectoryError naming the entry, OSError when the file cannot be read.
    """
    if path.stat().st_size > MAX_OFFICES_FILE_BYTES:
        raise DirectoryError(f"the offices file is larger than {MAX_OFFICES_FILE_BYTES} bytes")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DirectoryError(f"the offices file is not JSON: {error}") from error
    rows = document.get("offices") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise DirectoryError('the offices file needs a list "offices"')
    return tuple(_read_office(number, row) for number, row in enumerate(rows, start=1))


def _read_office(number: int, row: Any) -> Office:
    where = f"office {number} of the offices file"
    if not isinstance(row, dict):
        raise DirectoryError(f"{where} is not an object")
    if unknown := sorted(set(row) - _FIELDS):
        raise DirectoryError(f"{where} has unknown fields: {', '.join(unknown)}")
    if missing := [name for name in _REQUIRED if not row.get(name)]:
        raise DirectoryError(f"{where} lacks {', '.join(missing)}")
    capacity = row.get("capacity")
    if not all(value is None or isinstance(value, str) for name, value in row.items() if name != "capacity"):
        raise DirectoryError(f"{where} has a field that is no text")
    if capacity is not None and (isinstance(capacity, bool) or not isinstance(capacity, int)):
        raise DirectoryError(f"{where} has a capacity that is no number")
    try:
        return Office(
            id=row["id"],
            role=Role(row["role"]),
            province=ProvinceRef.parse(row["province"]) if row.get("province") else None,
            name_en=row["name_en"],
            name_vi=row["name_vi"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_day(row.get("valid_to")),
            successor_id=row.get("successor_id"),
            facility_kind=(
                FacilityKind(row["facility_kind"]) if row.get("facility_kind") else None
            ),
            capacity=capacity,
        )
    except (ValueError, ProvinceNotFound) as error:
        raise DirectoryError(f"{where}: {error}") from error


@dataclass(frozen=True, slots=True)
class OfficeEnd:
    """The end of an office as it was carried out: its last day, and who succeeds it, if anybody."""

    office_id: str
    valid_to: date
    successor_id: str | None


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
        self, offices: Iterable[Office], opened: Iterable[str] = (), ended: Iterable[str] = ()
    ) -> None:
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
            self._check(office)
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
        return Directory(offices.values(), added, carried_out)

    def _check(self, office: Office) -> None:
        if not OFFICE_ID.fullmatch(office.id) or len(office.id) > MAX_OFFICE_ID_LENGTH:
            raise DirectoryError(f"the office id {office.id!r} is not capitals, digits and dashes")
        if office.valid_to is not None and office.valid_to < office.valid_from:
            raise DirectoryError(f"{office.id} ends before it begins")
        if office.province is not None and office.province not in provinces():
            raise DirectoryError(f"{office.id}: there is no province {office.province}")
        if office.facility_kind is not None and office.role is not Role.RECEPTION_CENTRE:
            raise DirectoryError(f"{office.id}: only a reception centre has a kind of facility")
        if office.capacity is not None and not (
            office.facility_kind is not None and 1 <= office.capacity <= MAX_CAPACITY
        ):
            raise DirectoryError(f"{office.id}: only a facility has places, 1 to {MAX_CAPACITY}")
        if office.successor_id is None:
            return
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
                    raise DirectoryError(
                        f"{earlier.id} and {later.id} are support agencies of {ref} at once"
                    )

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
    ) -> tuple[Office, ...]:
        """The offices that meet every condition given, in the order of the list.

        `province` takes in the offices of the provinces that went into it; `on` leaves out those
        not valid on that local date. Raises ProvinceNotFound.
        """
        if province is not None and province not in provinces():
            raise ProvinceNotFound(province=str(province))
        candidates = self._by_id.values() if role is None else self._by_role[role]
        return tuple(
            office
            for office in candidates
            if (province is None or self._within(office, province))
            and (on is None or office.is_valid(on))
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

    def in_scope(self, office: Office | str, scope: str) -> bool:
        """Whether an office lies within a scope: "national" or a province such as `22@2025`.

        The scope of a province takes in the offices of the provinces that went into it, not the
        other way round, and no national office. Raises OfficeNotFound, and ProvinceNotFound for
        a scope that is neither.
        """
        known = self._known(office)
        if scope == NATIONAL:
            return True
        ref = ProvinceRef.parse(scope)
        if ref not in provinces():
            raise ProvinceNotFound(province=scope)
        return self._within(known, ref)

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


@cache
def built_in_directory() -> Directory:
    """The built-in offices as a directory, built once in a process."""
    return Directory.load()
