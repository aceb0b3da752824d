"""The empty form of a journey, with one example row that is never read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Final

from services.chassis.kernel.texts import Language, Texts
from services.client.home_check import HOME_QUESTIONS
from services.client.journey_file.columns import COLUMNS
from services.client.people_file.template import BOM, LINE_END, SEPARATOR
from services.client.texts import N_
from services.client.travel import CODES, DOCUMENTS
from services.client.words import HOME_ANSWERS, spoken

_EXAMPLE: Final[Mapping[str, tuple[str, str]]] = {
    "case": ("# HW-999-999-957", "# HW-999-999-957"),
    "to": ("Bắc Ninh", "Bắc Ninh"),
    "arrives": ("23/11/2026", "23/11/2026"),
    "escort": ("nhân viên công tác xã hội", "social-worker"),
    "means": ("xe khách", "bus"),
    "consent": ("người được chuyển đồng ý", "given"),
    "wants_to_go": ("có", "yes"),
    "afraid": ("không", "no"),
    "guardian": ("", ""),
    "documents": ("hồ sơ sức khỏe; giấy chứng nhận về nước", "medical-file; certificate-of-return"),
    "choice": ("về nhà", "home"),
    "left": ("22/11/2026", "22/11/2026"),
}


_ADVICE: Final = (
    N_("One row is one person of the journey. Do not change the titles; empty cells are as planned."),
    N_("A row that begins with # and a blank is not read, like the example below the titles."),
    N_("Where a list opens, choose from it; another spelling may be typed too."),
    N_("Save the workbook as it is (.xlsx). Look for mistakes with: homeward validate FILE --journey"),
)


def csv_template(language: Language) -> str:
    """A table for Excel."""
    position = 0 if language == "vi" else 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator=LINE_END)
    writer.writerow([column.title_vi if language == "vi" else column.title_en for column in COLUMNS])
    writer.writerow([_EXAMPLE[column.field][position] for column in COLUMNS])
    return BOM + out.getvalue()


def xlsx_template(_: Texts) -> bytes:
    """The same as a workbook, with lists to choose from."""
    from services.client.people_file.workbook_form import workbook_form

    position = 0 if _.language == "vi" else 1
    lists = {name: spoken(known, _.language) for name, (_enum, known) in CODES.items() if name != DOCUMENTS}
    lists |= dict.fromkeys(HOME_QUESTIONS, spoken(HOME_ANSWERS, _.language))
    example = [_EXAMPLE[column.field][position] for column in COLUMNS]
    return workbook_form(COLUMNS, example, lists, _, _ADVICE)


def json_template() -> str:
    """The same for programs, with codes."""
    person = {
        "case": "HW-999-999-957",
        "to": "home",
        "arrives": "2026-11-23",
        "escort": "SOCIAL_WORKER",
        "means": "BUS",
        "consent": "GIVEN",
        "wants_to_go": "YES",
        "afraid": "NO",
        "documents": ["MEDICAL_FILE", "CERTIFICATE_OF_RETURN"],
        "choice": "HOME",
    }
    return json.dumps({"journey": {"left": "2026-11-22", "people": [person]}}, ensure_ascii=False, indent=2) + "\n"
