"""The offices made from the lists of provinces and gates, and those of a deployment's offices file.

Agencies and provinces change, cases last for years. So every office has its days of validity and a successor, and is
resolved by the date of the event. `Office.provenance` says how sure each is. Those that are OPEN or INVENTED are a
demonstration's and must not be presented as official: a deployment gives its own in an offices file, which adds to the
built-in ones and replaces those with the same id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from services.chassis.country.provinces import (
    FIRST_DAY,
    VINTAGE_2025_FROM,
    DirectoryError,
    holds_on,
    optional_day,
    provinces,
)
from services.chassis.country.reference_lists import gates
from services.chassis.kernel.errors import (
    ProvinceNotFound,
)
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role

LABOUR_DEPARTMENTS_UNTIL: Final = date(2025, 2, 28)
INTERIM_UNTIL: Final = date(2025, 6, 30)
NATIONAL_SUPERVISOR: Final = "SV-NATIONAL"
COMMUNES_PER_PROVINCE: Final = 3
MAX_OFFICES_FILE_BYTES: Final = 4_000_000
ASSESSMENT_CENTRE_PLACES: Final = 40
"""Up to so many people live in an assessment centre, says the assessment report of 2012."""
MAX_CAPACITY: Final = 10_000


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
        return holds_on(self.valid_from, self.valid_to, on)


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
    yield _national(NATIONAL_SUPERVISOR, Role.SUPERVISOR, "National supervisor", "Giám sát quốc gia")
    yield _national("AUDIT-NATIONAL", Role.AUDITOR, "Auditor of the access log", "Kiểm tra nhật ký truy cập")
    yield _national("ADMIN-NATIONAL", Role.ADMIN, "National administrator", "Quản trị viên quốc gia")
    yield _national("NGO-01", Role.NGO, "Example organisation, training", "Tổ chức ví dụ, đào tạo nghề")
    yield _national("NGO-02", Role.NGO, "Example organisation, legal aid", "Tổ chức ví dụ, trợ giúp pháp lý")
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
        *_by_vintage("VF", Role.VERIFIER, "Provincial police", "Công an", provenance=Provenance.DERIVED),
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
            valid_to=optional_day(row.get("valid_to")),
            successor_id=row.get("successor_id"),
            facility_kind=(FacilityKind(row["facility_kind"]) if row.get("facility_kind") else None),
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
