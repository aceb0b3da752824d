"""Days and moments as officers write them: 22/11/2026, 22-11-2026, 2026-11-22, today, hôm qua.

The day always comes before the month. A year of two digits is refused: nobody can say which century a birth in 26
belongs to.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.fold import fold
from services.client.texts import N_

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{4})")
_ISO_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})")
_YEAR: Final = re.compile(r"\d{4}")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}")
_EXCEL_SERIAL: Final = re.compile(r"[1-6]\d{4}")
_CLOCK: Final = re.compile(r"(\d{1,2})(?:\s*[:hg]\s*(\d{2})?(?::(\d{2}))?)\s*(?:giờ|phút|p)?", re.IGNORECASE)

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_RELATIVE: Final = {
    "today": 0,
    "hom nay": 0,
    "yesterday": -1,
    "hom qua": -1,
    "tomorrow": 1,
    "ngay mai": 1,
    "mai": 1,
    "day after tomorrow": 2,
    "ngay kia": 2,
}


class DateProblem(ValueError):
    """A text is no date; `text` says why, with `params` for its placeholders."""

    def __init__(self, text: str, **params: str) -> None:
        super().__init__(text)
        self.text = text
        self.params = params


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateProblem(N_("there is no such day in the calendar")) from None


def _refuse(text: str) -> DateProblem:
    if _SHORT_YEAR.fullmatch(text):
        return DateProblem(N_("the year needs four digits, as in 22/11/2026"))
    if _EXCEL_SERIAL.fullmatch(text):
        day = _EXCEL_EPOCH + timedelta(days=int(text))
        return DateProblem(
            N_("this is Excel's inner number of a day (probably {day}); format the column as a date"),
            day=written(day),
        )
    return DateProblem(N_("write the day as in 22/11/2026 or 2026-11-22"))


def parse_day(text: str, today: date) -> date:
    """One day. Takes dd/mm/yyyy, ISO 8601 and words such as today or "hôm qua". Raises DateProblem."""
    plain = text.strip()
    if (offset := _RELATIVE.get(fold(plain))) is not None:
        return today + timedelta(days=offset)
    if match := _DAY_FIRST.fullmatch(plain):
        return _day(match[3], match[2], match[1])
    if match := _ISO.fullmatch(plain):
        return _day(match[1], match[2], match[3])
    raise _refuse(plain)


def parse_birth(text: str) -> str:
    """A birth date as far as known: YYYY, YYYY-MM or YYYY-MM-DD. Raises DateProblem."""
    # Excel exports a date cell with a time of midnight.
    plain = re.sub(r"[ T]0?0:00(:00)?$", "", text.strip())
    if _YEAR.fullmatch(plain):
        return plain
    for pattern, year, month in ((_MONTH_FIRST, 2, 1), (_ISO_MONTH, 1, 2)):
        if match := pattern.fullmatch(plain):
            return _day(match[year], match[month], "1").isoformat()[:7]
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_ISO, (1, 2, 3))):
        if match := pattern.fullmatch(plain):
            return _day(*(match[group] for group in order)).isoformat()
    raise _refuse(plain)


def parse_moment(text: str, today: date) -> datetime:
    """A moment, aware, in UTC; local time in Viet Nam unless an offset is written. Raises DateProblem.

    Takes "22/11/2026 14:30", "14h30 22/11/2026", "today 14:30", ISO 8601; a day alone is its first instant.
    """
    plain = " ".join(text.replace(",", " ").split())
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return _spoken_moment(plain, today)
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)).astimezone(UTC)


def _spoken_moment(plain: str, today: date) -> datetime:
    at = time.min
    # A clock time holds a colon, h or g; so no part of a date is taken for one.
    if match := re.search(rf"(?:^|(?<=\s)){_CLOCK.pattern}(?=\s|$)", plain, re.IGNORECASE):
        try:
            at = time(int(match[1]), int(match[2] or 0), int(match[3] or 0))
        except ValueError:
            raise DateProblem(N_("there is no such time of day")) from None
        plain = (plain[: match.start()] + " " + plain[match.end() :]).strip()
    plain = re.sub(r"(?i)\b(lúc|ngày|at|on)\b(?!\s*(?:mai|kia))", "", plain).strip()
    day = today if not plain and at != time.min else parse_day(plain, today)
    return datetime.combine(day, at, tzinfo=VIET_NAM).astimezone(UTC)


def written(day: date | str) -> str:
    """A day as officers write it, dd/mm/yyyy; an empty text stays empty."""
    if isinstance(day, str):
        if not day:
            return ""
        day = date.fromisoformat(day)
    return f"{day:%d/%m/%Y}"


def written_moment(moment: datetime) -> str:
    """A moment as officers write it, dd/mm/yyyy HH:MM in Viet Nam."""
    return f"{moment.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
