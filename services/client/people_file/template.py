"""The empty form that an officer fills in, with one example; and the same form filled, for tests and tools."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.texts import Language, Texts
from services.client.people_file.columns import COLUMNS, NUMBER, SHARED_FIELDS
from services.client.people_file.content import HandoverContent, PersonContent

BOM: Final = "\ufeff"
"""Tells Excel that the file is UTF-8."""
SEPARATOR: Final = ";"
"""What Excel expects where the comma is the decimal sign, as in Viet Nam."""
LINE_END: Final = "\r\n"

_EXAMPLE: Final[Mapping[str, tuple[str, str]]] = {
    NUMBER: ("# ví dụ", "# example"),
    "full_name": ("Nguyễn Thị Thí Dụ", "Nguyễn Thị Thí Dụ"),
    "sex": ("Nữ", "F"),
    "birth_date": ("15/03/2004", "15/03/2004"),
    "nationality": ("Việt Nam", "VN"),
    "ethnicity": ("Hmông", "Hmông"),
    "language": ("Hmông", "hmn"),
    "home_province": ("Lào Cai", "15@2025"),
    "home_address": ("Thôn Ví Dụ, xã Ví Dụ 1", "Thôn Ví Dụ, xã Ví Dụ 1"),
    "returned_from_country": ("Trung Quốc", "CN"),
    "health_remarks": ("Đau đầu, cần khám", "Headaches, needs a doctor"),
    "documents": ("Giấy khai sinh; Thẻ học sinh", "Birth certificate; School card"),
    "belongings": ("Một điện thoại", "One telephone"),
    "victim_declaration": ("Có", "yes"),
    "return_certificate_number": ("VN-000001", "VN-000001"),
    "handover_certificate_number": ("BG-000001", "BG-000001"),
    "family_links": ("2: con", "2: child"),
    "earlier_case": ("HW-999-999-957", "HW-999-999-957"),
    "remarks": ("Đi cùng em gái", "Travels with her sister"),
    "handover_time": ("22/11/2026 14:30", "22/11/2026 14:30"),
    "gate": ("Móng Cái", "CN-MONG-CAI"),
    "route": ("Bàn giao chính thức", "official handover"),
    "handing_body": ("Cơ quan ví dụ nước ngoài", "Example foreign authority"),
    "joint_minutes_number": ("01/BB-VD", "01/BB-VD"),
}
_TABLE: Final = tuple(column for column in COLUMNS if column.field != "handover_clock")


def csv_template(language: Language) -> str:
    """Titles and one example row that is never read, since it begins with #."""
    position = 0 if language == "vi" else 1
    example = [_EXAMPLE.get(column.field, ("", ""))[position] for column in _TABLE]
    return _table([_titles(language), example])


def xlsx_template(_: Texts) -> bytes:
    """The same as a workbook, with lists to choose from."""
    from services.client.people_file.workbook_form import lists_of, workbook_form

    position = 0 if _.language == "vi" else 1
    example = [_EXAMPLE.get(column.field, ("", ""))[position] for column in _TABLE]
    return workbook_form(_TABLE, example, lists_of(_.language), _)


def csv_of(handover: HandoverContent, language: Language) -> str:
    """A handover as the filled form."""
    shared = _shared_texts(handover)
    rows = [_titles(language)]
    for number, person in enumerate(handover.people, start=1):
        texts = {NUMBER: str(number), **_person_texts(person), **(shared if number == 1 else {})}
        rows.append([texts.get(column.field, "") for column in _TABLE])
    return _table(rows)


def json_template(language: Language) -> str:
    """The JSON form with one invented person."""
    position = 0 if language == "vi" else 1
    person: dict[str, Any] = {
        name: texts[position]
        for name, texts in _EXAMPLE.items()
        if name not in (*SHARED_FIELDS, NUMBER, "family_links", "documents", "belongings", "victim_declaration")
    }
    person |= {
        "home_province": {"code": "15", "vintage": "2025"},
        "victim_declaration": True,
        "documents": _EXAMPLE["documents"][position].split("; "),
        "belongings": [_EXAMPLE["belongings"][position]],
        "family_links": [],
        "earlier_case": "",
    }
    document = {
        "handover": {
            "route": "OFFICIAL_HANDOVER",
            "handover_time": "2026-11-22T14:30:00+07:00",
            "place": {"gate_id": "CN-MONG-CAI"},
            "handing_body": _EXAMPLE["handing_body"][position],
            "joint_minutes_number": _EXAMPLE["joint_minutes_number"][position],
            "people": [person],
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def json_of(handover: HandoverContent) -> str:
    """A handover in the JSON form."""
    place = {"gate_id": handover.gate, "marker": handover.marker, "other": handover.other_place}
    document = {
        "handover": {
            "route": handover.route,
            "handover_time": handover.handover_time.isoformat(),
            "place": {kind: text for kind, text in place.items() if text},
            "handing_body": handover.handing_body,
            "joint_minutes_number": handover.joint_minutes_number,
            "people": [asdict(person) for person in handover.people],
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _titles(language: Language) -> list[str]:
    return [column.title_vi if language == "vi" else column.title_en for column in _TABLE]


def _shared_texts(handover: HandoverContent) -> dict[str, str]:
    return {
        "route": handover.route,
        "handover_time": handover.handover_time.astimezone(VIET_NAM).isoformat(),
        "gate": handover.gate,
        "marker": handover.marker,
        "other_place": handover.other_place,
        "handing_body": handover.handing_body,
        "joint_minutes_number": handover.joint_minutes_number,
    }


def _person_texts(person: PersonContent) -> dict[str, str]:
    texts = {name: value for name, value in asdict(person).items() if isinstance(value, str)}
    texts["victim_declaration"] = "Có" if person.victim_declaration else "Không"
    texts["documents"] = "; ".join(person.documents)
    texts["belongings"] = "; ".join(person.belongings)
    texts["family_links"] = "; ".join(f"{link.row}: {link.relation}" for link in person.family_links)
    return texts


def _table(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=SEPARATOR, lineterminator=LINE_END).writerows(rows)
    return BOM + out.getvalue()
