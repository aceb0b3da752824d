"""Days and moments as officers write them: 22/11/2026, 22-11-2026, 2026-11-22, today, hôm qua.

The day always comes before the month. A year of two digits is refused: nobody can say which century a birth in 26
belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.fold import fold
from services.client.texts import N_

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\s?[/.\-]\s?([0-9]{1,2})\s?[/.\-]\s?([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_BEGINS_WITH_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_FIRST: Final = re.compile(r"([0-9]{1,2})\s?[/.\-]\s?([0-9]{4})")
_ISO_MONTH: Final = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_CHINESE: Final = re.compile(r"([0-9]{4})\s*年\s*(?:([0-9]{1,2})\s*月\s*(?:([0-9]{1,2})\s*日)?)?")
_YEAR: Final = re.compile(r"([0-9]{4})(?:\.0)?")
_SHORT_YEAR: Final = re.compile(r"(?:[0-9]{1,2}[/.\-]){0,2}[0-9]{2}")
_EXCEL_SERIAL: Final = re.compile(r"([1-6][0-9]{4})(?:[.,][0-9]+)?")
_ELSEWHERE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)
_MIDNIGHT: Final = re.compile(r"[ T]0?0[:h]00(?:[:.]00)?(?:\.0+)?$")
_SPOKEN: Final = re.compile(
    r"(?:ngày\s*)?([0-9]{1,2})\s*(?:tháng|thg)\.?\s*([0-9]{1,2})\s*(?:năm|,)?\s*([0-9]{4})", re.IGNORECASE
)
_SPOKEN_MONTH: Final = re.compile(r"(?:tháng|thg)\.?\s*([0-9]{1,2})\s*(?:năm|[/,])?\s*([0-9]{4})", re.IGNORECASE)
_BORN: Final = re.compile(
    r"^(?:năm sinh|sinh năm|sinh ngày|ngày sinh|sinh|năm|s\.?n\.?|ns\.?|born(?: in)?|year)\s*:?\s*(?=[0-9])",
    re.IGNORECASE,
)
_EMPTY_PARTS: Final = re.compile(
    r"^(?:(?:0{1,2}|[xX?_.…-]{1,4})\s?[/.\-]\s?){1,2}(?=[0-9]{1,2}[/.\-][0-9]{4}$|[0-9]{4}$)"
)
_EMPTY_ISO_PARTS: Final = re.compile(r"^([0-9]{4})(-(?!00)[0-9]{2})?(?:-00){1,2}$")
_ABOUT: Final = re.compile(
    r"khoảng|khoang|cuối|đầu|giữa|tầm|chừng|độ|ước|about|circa|approx|^c[a.]?\s*[0-9]|[~≈?±]|\bhoặc\b|\bor\b|[0-9]{4}\s*[-–/]\s*[0-9]{4}",
    re.IGNORECASE,
)
_AGE: Final = re.compile(r"\btuổi\b|\btuoi\b|\bage\b|\byears?\b|\btháng tuổi\b|\bt\.?$", re.IGNORECASE)
_LUNAR: Final = re.compile(r"\b(âl|âm lịch|am lich|al|lunar|nhuận)\b", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"([0-9]{1,2})\s*(?:[:h]|giờ|gio|g(?![a-z]))\s*(?:([0-9]{1,2})(?::([0-9]{2}))?(?:\.[0-9]+)?)?\s*(?:phút|phut|p|')?"
    r"\s*(ch|sa|chiều|chieu|tối|toi|sáng|sang|trưa|trua|đêm|dem|khuya|[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_HALF_PAST: Final = re.compile(r"([0-9]{1,2})\s*(?:h|giờ)\s*rưỡi", re.IGNORECASE)

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EMPTY_DATES: Final = frozenset({date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
"""What .NET, Go, Excel and Access write for a day that was never given."""
_EMPTY_DATE: Final = N_("this is no day but what a program writes for an empty one; leave it empty, or write the day")
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

_NO_SUCH_DAY: Final = N_("there is no such day in the calendar")
_WRITE_BIRTH: Final = N_(
    "write the day as in 22/11/2004; if no more is known, month and year (11/2004) or the year alone (2004); if "
    "nothing is known, không rõ"
)
_ABOUT_BIRTH: Final = N_("this is a guess: write the year alone, as in 1998, or không rõ if it is not known")
_AGE_BIRTH: Final = N_("write no age but the year of birth alone, as in 1998, or không rõ if it is not known")
_LUNAR_BIRTH: Final = N_("this is a day of the lunar calendar: write the year alone, as in 1998")
_OTHER_ZONE: Final = N_("this is a moment in the time of another place: write the day alone, as in 22/11/2004")


class DateProblem(ValueError):
    """A text is no date; `text` says why, with `params` for its placeholders."""

    def __init__(self, text: str, **params: str) -> None:
        super().__init__(text)
        self.text = text
        self.params = params


class MonthFirst(DateProblem):
    """A day whose month stands before it, as American programs write it: 3/15/2004."""

    def __init__(self) -> None:
        super().__init__(N_("the month stands before the day here; write the day first, as in 22/11/2026"))


def _plain(text: str) -> str:
    """One form of digits, signs and blanks; without the apostrophe by which Excel marks a text."""
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text))
    return " ".join(_CHINESE.sub(_iso, plain).strip().lstrip("'").split())


def _digit(sign: str) -> str:
    """The digits of Khmer, Lao and Thai lists are digits."""
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _iso(chinese: re.Match[str]) -> str:
    parts = (part.zfill(2) for part in chinese.groups() if part)
    return "-".join(parts) + " "


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        if int(month) > 12 >= int(day) > 0:
            raise MonthFirst from None
        raise DateProblem(_NO_SUCH_DAY) from None


def _refuse(text: str, otherwise: str) -> DateProblem:
    if _SHORT_YEAR.fullmatch(text):
        return DateProblem(N_("the year needs four digits, as in 22/11/2026"))
    if serial := _EXCEL_SERIAL.fullmatch(text):
        day = _EXCEL_EPOCH + timedelta(days=int(serial[1]))
        return DateProblem(
            N_("this is Excel's inner number of a day (probably {day}); format the column as a date"),
            day=written(day),
        )
    return DateProblem(otherwise)


def parse_day(text: str, today: date) -> date:
    """One day. Takes dd/mm/yyyy, ISO 8601 and words such as today or "hôm qua". Raises DateProblem."""
    plain = _MIDNIGHT.sub("", _plain(text))
    if (offset := _RELATIVE.get(fold(plain))) is not None:
        return today + timedelta(days=offset)
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_ISO, (1, 2, 3)), (_SPOKEN, (3, 2, 1))):
        if match := pattern.fullmatch(plain):
            return _day(*(match[group] for group in order))
    raise _refuse(plain, N_("write the day as in 22/11/2026 or 2026-11-22"))


def parse_birth(text: str) -> str:
    """A birth date as far as known: YYYY, YYYY-MM or YYYY-MM-DD. Raises DateProblem.

    What is only a guess, an age or a day of the moon is refused with the way to write what is known.
    """
    # Excel exports a date cell with a time of midnight.
    plain = _BORN.sub("", _MIDNIGHT.sub("", _plain(text)))
    plain = _EMPTY_ISO_PARTS.sub(r"\1\2", _EMPTY_PARTS.sub("", plain))
    if match := _YEAR.fullmatch(plain):
        return date(_year(match[1]), 1, 1).isoformat()[:4]
    for pattern, year, month in ((_MONTH_FIRST, 2, 1), (_ISO_MONTH, 1, 2), (_SPOKEN_MONTH, 2, 1)):
        if match := pattern.fullmatch(plain):
            return _day(match[year], match[month], "1").isoformat()[:7]
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_ISO, (1, 2, 3)), (_SPOKEN, (3, 2, 1))):
        if match := pattern.fullmatch(plain):
            return _real(_day(*(match[group] for group in order))).isoformat()
    for sign, sentence in (
        (_ELSEWHERE, _OTHER_ZONE),
        (_LUNAR, _LUNAR_BIRTH),
        (_AGE, _AGE_BIRTH),
        (_ABOUT, _ABOUT_BIRTH),
    ):
        if sign.search(plain):
            raise DateProblem(sentence)
    raise _refuse(plain, _WRITE_BIRTH)


def _real(day: date) -> date:
    if day in _EMPTY_DATES:
        raise DateProblem(_EMPTY_DATE)
    return day


def _year(text: str) -> int:
    if text == "0000":
        raise DateProblem(_NO_SUCH_DAY)
    return int(text)


def parse_moment(text: str, today: date) -> datetime:
    """A moment, aware, in UTC; local time in Viet Nam unless an offset is written. Raises DateProblem.

    Takes "22/11/2026 14:30", "14h30 22/11/2026", "2h chiều 22/11/2026", "14 giờ 30 phút, ngày 22 tháng 11 năm 2026",
    "today 14:30", ISO 8601; a day alone is its first instant.
    """
    plain = " ".join(_plain(text).replace(",", " ").split())
    if not _BEGINS_WITH_ISO.match(plain):
        # Weeks and days without dashes are ISO 8601 too, and no day that is written here.
        return _spoken_moment(plain, today)
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return _spoken_moment(plain, today)
    return _in_utc(moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM))


def parse_day_and_clock(day: str, clock: str, today: date) -> datetime:
    """A moment whose day and time of day stand in two cells; a midnight in the first is no time. Raises DateProblem."""
    return parse_moment(f"{_MIDNIGHT.sub('', _plain(day))} {_plain(clock)}".strip(), today)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise DateProblem(_EMPTY_DATE) from None


def _spoken_moment(plain: str, today: date) -> datetime:
    at, plain = _clock_of(plain)
    plain = re.sub(r"(?i)\b(lúc|luc|vào|hồi|ngày|at|on)\b(?!\s*(?:mai|kia))", "", plain).strip(" -;.")
    day = today if not plain and at is not None else _day_of_moment(plain, today, clock_known=at is not None)
    return _in_utc(datetime.combine(day, at or time.min, tzinfo=VIET_NAM))


def _day_of_moment(plain: str, today: date, *, clock_known: bool) -> date:
    try:
        return parse_day(plain, today)
    except DateProblem as problem:
        day = re.search(rf"(?:{_DAY_FIRST.pattern}|{_ISO.pattern})", plain)
        if day and not clock_known and day[0] != plain:
            raise DateProblem(N_("the time of day is not understood: write it as in 22/11/2026 14:30")) from None
        raise problem from None


def _clock_of(plain: str) -> tuple[time | None, str]:
    """The time of day in a text, and the rest of it."""
    # A clock time holds a colon, h or g; so no part of a date is taken for one.
    half = _HALF_PAST.search(plain)
    plain = _HALF_PAST.sub(r"\1h30", plain) if half else plain
    match = re.search(rf"(?:^|(?<=\s)){_CLOCK.pattern}(?=\s|$)", plain, re.IGNORECASE)
    if match is None:
        return None, plain
    rest = (plain[: match.start()] + " " + plain[match.end() :]).strip()
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if hour == 24 and (minute, second) == (0, 0):
        raise DateProblem(N_("24:00 belongs to the next day: write 00:00 and the day after"))
    try:
        return time(_hour(hour, fold(match[4] or "").replace(" ", "")), minute, second), rest
    except DateProblem:
        raise
    except ValueError:
        raise DateProblem(N_("there is no such time of day")) from None


def _hour(hour: int, part: str) -> int:
    """The hour of 24 that an hour of a part of the day is: 2 chiều is 14. Raises DateProblem, ValueError."""
    afternoon = part in ("ch", "chieu", "toi", "pm")
    if part in ("dem", "khuya") or (part == "toi" and hour == 12):
        if 6 <= hour <= 11:
            return hour + 12
        if hour == 12:
            raise DateProblem(N_("12 at night may be of either day: write 00:00 with its day"))
        return hour
    if part in ("sang", "sa", "am") and hour == 12:
        return 0
    if afternoon and hour < 12:
        return hour + 12
    if part == "trua" and hour in (1, 2):
        return hour + 12
    if part in ("sang", "sa", "am") and hour > 12:
        raise ValueError
    return hour


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
