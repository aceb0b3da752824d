"""What programs make of short texts: numbers shortened, numbers made decimals, numbers made dates.

Excel and its like do so to what is typed into a column that was not formatted as text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_SHORTENED: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"[0-9]+[.,]0")
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg ?[0-9]{0,2}|tháng ?[0-9]{0,2}"
_MADE_A_DATE: Final = re.compile(
    rf"[0-9]{{1,2}}[- ](?:{_MONTHS})(?:[- ][0-9]{{2,4}})?|(?:{_MONTHS})[- ][0-9]{{2,4}}", re.IGNORECASE
)
_WHOLE_DATE: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00(?::00)?)?")

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_MAC_EPOCH: Final = date(1904, 1, 1)
_YEARS_TYPED: Final = range(1920, 2101)

NUMBERS: Final = frozenset(
    {"marker", "joint_minutes_number", "return_certificate_number", "handover_certificate_number"}
)
"""Fields that hold the number of a paper or of a marker."""


def is_shortened(text: str) -> bool:
    """Whether a number was shortened ("1.23E+11") or made a decimal ("1998.0")."""
    return _SHORTENED.fullmatch(text) is not None or _DECIMAL.fullmatch(text) is not None


def is_made_a_date(text: str, *, number: bool) -> bool:
    """Whether a text was made a date ("05-Mar"); of the number of something, also a whole one ("05/11/2026")."""
    return _MADE_A_DATE.fullmatch(text) is not None or (number and _WHOLE_DATE.fullmatch(text) is not None)


def year_typed_into_date_cell(birth: str) -> int | None:
    """The year that was typed into a cell of dates, where Excel shows it as a day of 1905 (or 1909); else None.

    1998 in a column of dates is the 1998th day of Excel's calendar: 20/06/1905.
    """
    if len(birth) < len("1905-06-20"):
        return None
    day = date.fromisoformat(birth)
    years = [(day - epoch).days for epoch in (_EXCEL_EPOCH, _MAC_EPOCH)]
    return next((year for year in years if year in _YEARS_TYPED), None)
