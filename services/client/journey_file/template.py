"""The empty form of a journey, with one example row that is never read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Final

from services.chassis.kernel.texts import Language
from services.client.journey_file.columns import COLUMNS
from services.client.people_file.template import BOM, LINE_END, SEPARATOR

_EXAMPLE: Final[Mapping[str, tuple[str, str]]] = {
    "case": ("# HW-999-999-957", "# HW-999-999-957"),
    "to": ("Bắc Ninh", "Bắc Ninh"),
    "arrives": ("23/11/2026", "23/11/2026"),
    "escort": ("nhân viên công tác xã hội", "social-worker"),
    "means": ("xe khách", "bus"),
    "consent": ("người được chuyển đồng ý", "given"),
    "home_safety": ("đã kiểm tra, an toàn", "safe"),
    "documents": ("hồ sơ sức khỏe; giấy chứng nhận về nước", "medical-file; certificate-of-return"),
    "choice": ("về nhà", "home"),
    "left": ("22/11/2026", "22/11/2026"),
}


def csv_template(language: Language) -> str:
    """A table for Excel."""
    position = 0 if language == "vi" else 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator=LINE_END)
    writer.writerow([column.title_vi if language == "vi" else column.title_en for column in COLUMNS])
    writer.writerow([_EXAMPLE[column.field][position] for column in COLUMNS])
    return BOM + out.getvalue()


def json_template() -> str:
    """The same for programs, with codes."""
    person = {
        "case": "HW-999-999-957",
        "to": "home",
        "arrives": "2026-11-23",
        "escort": "SOCIAL_WORKER",
        "means": "BUS",
        "consent": "GIVEN",
        "home_safety": "SAFE",
        "documents": ["MEDICAL_FILE", "CERTIFICATE_OF_RETURN"],
        "choice": "HOME",
    }
    return json.dumps({"journey": {"left": "2026-11-22", "people": [person]}}, ensure_ascii=False, indent=2) + "\n"
