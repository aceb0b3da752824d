"""Understands a draft and finds everything that is wrong with it, by the file's own rows and titles.

The rules are those of the service as far as a file alone can tell; the service decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import countries, gates
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.findings import unprintable
from services.chassis.kernel.fold import clean, exact, fold, shown
from services.chassis.kernel.letters import one_way
from services.chassis.kernel.names import is_name, may_be_several
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.record import (
    AGE_YEARS_MAX,
    CHARS_MAX,
    CLOCK_SKEW,
    EARLIEST_RETURN,
    FAMILY_LINKS_MAX,
    ITEM_CHARS_MAX,
    ITEMS_MAX,
    LONG_AGO,
    OLD_YEARS,
    PEOPLE_MAX,
)
from services.chassis.kernel.spoilt import NUMBERS, is_made_a_date, is_shortened, year_typed_into_date_cell
from services.chassis.kernel.who import births_agree, name_key
from services.client.dates import (
    DateProblem,
    MonthFirst,
    parse_birth,
    parse_day_and_clock,
    parse_moment,
    written,
)
from services.client.people_file import values
from services.client.people_file.columns import BY_FIELD
from services.client.people_file.content import FamilyLink, HandoverContent, PersonContent
from services.client.people_file.draft import Cell, Draft, DraftPerson, Lines, Problem, once
from services.client.people_file.family import family_problems
from services.client.people_file.letters import Damages, cells_of
from services.client.people_file.table import ranges
from services.client.texts import N_

_SEVERAL_LINES: Final = frozenset({"home_address", "health_remarks", "remarks"})

_PARSERS: Final[Mapping[str, Callable[[str], str]]] = {
    "sex": values.parse_sex,
    "nationality": values.parse_country,
    "ethnicity": values.parse_ethnicity,
    "language": values.parse_language,
    "returned_from_country": values.parse_country,
    "birth_date": parse_birth,
    "earlier_case": values.parse_earlier_case,
}
_MAY_BE_UNKNOWN: Final = frozenset({"nationality", "birth_date", "home_province", "returned_from_country", "language"})
_PROGRAMS_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-([0-9]{2})(?![0-9])")
_TYPED_DATE: Final = re.compile(r"([0-9]{1,2})[/.\-][0-9]{1,2}[/.\-][0-9]{4}$")
_MONTHS: Final = 12
_NOTHING: Final = exact("không")
"""Of a day, a place or a language it says that none is known; of a nationality it could say that she has none."""
_NOT_THERE: Final = re.compile(
    r"(?i)\b(?:(?:bỏ|đã) trốn|vắng mặt|không (?:có mặt|đến|về|trao trả|tiếp nhận)|chưa (?:về|đến|trao trả)|ở lại"
    r"|đã chết|tử vong|absent|not present|no[ -]show|deceased)\b"
)
_AWAY: Final = re.compile(r"(?i)\s*(?:vắng|đã (?:bỏ trốn|chết)[.!]*\s*$)(?!\w)")
_ALREADY: Final = re.compile(r"[.!*\s]+$")
_BEFORE_NAME: Final = re.compile(
    r"(?i)(?:ông|bà|anh|chị|em|cháu|bé|cô|dì|chú|bác|mr|mrs|ms|miss)(?:\.\s*|\s+)(?=\S+\s+\S)"
)
_BRACKETED: Final = re.compile(r"\(([^()]*[^\W\d_][^()]*)\)")
_OF_REFORM: Final = re.compile(r"(?i)(?:nay|cũ|mới|trước|tỉnh|thành phố|tp|đã|sau|thuộc|sáp nhập)\b")
"""How a bracket behind a province begins that tells of the provinces before and since 2025."""
_ABBREVIATION_CHARS: Final = 3
_BUDDHIST_YEARS: Final = 543
_AS_ABOVE: Final = re.compile(
    r"[-–\s]*(?:n\.?t|như (?:dòng )?trên|nhu (?:dong )?tren|ditto|as above)[-–.\s]*|[\"“”″〃]{1,3}|['’]{2,3}",
    re.IGNORECASE,
)
_NO_NAME_YET: Final = re.compile(
    r"(?i)(?:trẻ |cháu |bé )?(?:chưa|không) (?:được )?(?:đặt|có) tên|chưa khai sinh|unnamed|no name yet"
)
_OF_ONE_ROW: Final = frozenset(
    {
        *("VERY_OLD", "NO_NAME_YET", "OLDER_THAN_PARENT", "OTHER_BORDER", "STATELESS", "SEVERAL_PEOPLE", "NOT_THERE"),
        *("TITLE_BEFORE_NAME", "IN_BRACKETS", "ADDRESS_ELSEWHERE", "PROVINCE_OF_ADDRESS"),
    }
)
"""Notes that are told of each row that they hold for."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands on the command line instead of in the file, by field, as the officer wrote it."""

    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    gate_of_office: str = ""
    office_unknown: bool = False
    """Whether nobody has said yet for which office the file is: a post's own gate may still fill an empty one."""
    again: frozenset[int] = frozenset()
    """Rows of people who are others than those whom they are like."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file understood. `content` is None when there are problems; `rows` and `labels` go with its people."""

    content: HandoverContent | None
    rows: tuple[int, ...]
    labels: tuple[str, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lines: Lines | None = None
    people: tuple[PersonContent, ...] = ()
    """Who stands in the rows, as far as that is understood, also where there are problems."""


class _Checker:
    def __init__(self, draft: Draft, now: datetime) -> None:
        self.draft = draft
        self.now = now
        self.today = local_date(now)
        self.problems = list(draft.problems)
        self.warnings = list(draft.warnings)
        self.damages = Damages(cells_of(draft))
        self.is_numbered = any(person.is_numbered for person in draft.people)
        """Whether a tie can name somebody: where no number is written, the row is all that is left of it."""

    def wrong(self, cell: Cell, name: str, code: str, text: str, params: Mapping[str, str] | None = None) -> None:
        self.problems.append(Problem(cell.row, cell.title, name, code, text, params or {}))

    def note(self, cell: Cell, name: str, code: str, text: str, params: Mapping[str, str] | None = None) -> None:
        self.warnings.append(Problem(cell.row, cell.title, name, code, text, params or {}))

    @property
    def is_right(self) -> bool:
        """Whether nothing wrong was found."""
        return not self.problems and not self.damages

    def missing(self, row: int | None, name: str) -> None:
        titles = self.draft.titles
        title = titles.get(name) or (BY_FIELD[name].title_vi if titles else name)
        text = N_("this is missing")
        if name == "full_name":
            text = N_("this is missing; for a baby without a name write “Con của” and the name of the mother")
        self.problems.append(Problem(row, title, name, "REQUIRED", text))

    def text(self, cell: Cell | None, name: str) -> str:
        """A free text within its limit."""
        if cell is None:
            return ""
        limit = CHARS_MAX[name]
        lines = name in _SEVERAL_LINES
        plain = one_way(shown(cell.text if lines else " ".join(cell.text.split())))
        if not lines:
            # The sign by which Excel keeps a number as a text.
            plain = plain.removeprefix("'").lstrip()
        if len(plain) > limit:
            self.wrong(cell, name, "TOO_LONG", N_("at most {limit} letters"), {"limit": str(limit)})
        elif self._is_legible(cell, name, lines=lines):
            self._check_spoilt(cell, name, plain)
        return plain

    def _is_legible(self, cell: Cell, name: str, *, lines: bool) -> bool:
        """Whether nothing happened to the letters of a text; else it is told."""
        if sign := unprintable(shown(cell.text if lines else " ".join(cell.text.split())), lines=lines):
            text = N_("this holds a sign that cannot be read (U+{number}), such as a bullet of Word: delete it")
            self.wrong(cell, name, "BAD_CHARACTERS", text, {"number": f"{ord(sign):04X}"})
            return False
        if name == "full_name" and re.fullmatch(r"[^?]+?\s*\?+", cell.text):
            text = N_("a name has no question mark; write it as it is known, and the doubt under Sức khỏe")
            self.wrong(cell, name, "NOT_A_NAME", text)
            return False
        return not self.damages.look(cell, name)

    def _check_spoilt(self, cell: Cell, name: str, plain: str) -> None:
        """What programs made of a short text: numbers shortened, numbers made dates."""
        if name in NUMBERS and is_shortened(plain):
            text = N_("Excel has shortened this number; format the column as text and type it again")
            self.wrong(cell, name, "BAD_FORMAT", text)
        elif is_made_a_date(plain, number=name in NUMBERS):
            text = N_("Excel has made a date of this; format the column as text and type it again")
            self.wrong(cell, name, "BAD_FORMAT", text)

    def name(self, cell: Cell | None) -> str:
        """The name of a person."""
        known = len(self.problems)
        found = self.text(cell, "full_name")
        if cell is None or not found or len(self.problems) > known:
            return found
        if not self.damages.found_in(cell) and not is_name(found):
            text = N_(
                "this is no name: it needs two letters, and begins with a letter; no number, no word of another list"
            )
            self.wrong(cell, "full_name", "NOT_A_NAME", text)
        elif _NOT_THERE.search(found):
            self.not_there(cell, "full_name")
        elif may_be_several(found) or sum(1 for line in cell.text.splitlines() if len(line.split()) > 1) > 1:
            text = N_("this may be the names of several people, and only one would be registered: give each a row")
            self.note(cell, "full_name", "SEVERAL_PEOPLE", text)
        elif _NO_NAME_YET.fullmatch(found):
            text = N_("the person is registered under these words; “Con của” and the name of the mother tells more")
            self.note(cell, "full_name", "NO_NAME_YET", text)
        elif _BEFORE_NAME.match(found):
            text = N_("the name begins with a word that may be no part of it, such as ông, bà, chị, em: is it one?")
            self.note(cell, "full_name", "TITLE_BEFORE_NAME", text)
        return found

    def not_there(self, cell: Cell, name: str) -> None:
        """Asks about somebody who stands in the list, and of whom it says that she is not there."""
        text = N_("this sounds as if the person was not handed over; she is registered all the same: is that right?")
        self.note(cell, name, "NOT_THERE", text)

    def parsed(self, cell: Cell | None, name: str) -> str:
        """A value of a list or a date."""
        if cell is None or self.is_unknown(cell, name):
            return ""
        try:
            code = _PARSERS[name](cell.text.removeprefix("'"))
            self.ask_about_brackets(cell, name, lambda said: _says(name, said, code))
            return code
        except values.ValueProblem as problem:
            self.no_value(cell, name, problem)
        except DateProblem as problem:
            self.wrong(cell, name, "NOT_A_DATE", problem.text, problem.params)
        return ""

    def ask_about_brackets(self, cell: Cell, name: str, says_the_same: Callable[[str], bool]) -> None:
        """What stands in brackets behind a word of a list is lost, unless it says the same."""
        said = _BRACKETED.search(cell.text)
        if said is None or len(said[1]) <= _ABBREVIATION_CHARS or says_the_same(said[1]):
            return
        text = N_(
            "what stands in brackets here is not kept: write under Ghi chú what is to be known of her; is the rest "
            "right?"
        )
        self.note(cell, name, "IN_BRACKETS", text)

    def is_unknown(self, cell: Cell, name: str) -> bool:
        """Whether a cell says that nothing is known, or that there is no nationality: the contract has one empty
        field for both."""
        if name not in _MAY_BE_UNKNOWN:
            return False
        if name == "nationality" and values.means_stateless(cell.text):
            text = N_("registered without a nationality, like one that is not known; write the rest under Sức khỏe")
            self.note(cell, name, "STATELESS", text)
            return True
        return values.means_unknown(cell.text) or (name != "nationality" and exact(cell.text) == _NOTHING)

    def refuse_as_above(self, cells: Iterable[tuple[str, Cell]]) -> None:
        """Finds the cells that say "as above": what stands above them may be somebody else's after the next sorting."""
        for name, cell in cells:
            if _AS_ABOVE.fullmatch(cell.text):
                text = N_("a sign for “as above” is not read, since rows move: write out what is meant")
                self.wrong(cell, name, "AS_ABOVE", text)

    def no_value(self, cell: Cell, name: str, problem: values.ValueProblem) -> None:
        """Tells why a cell means nothing: damaged letters before all else."""
        if not self.damages.look(cell, name):
            self.wrong(cell, name, problem.code, problem.text, problem.params)

    def several(self, cell: Cell | None, name: str, limit: int = ITEMS_MAX) -> tuple[str, ...]:
        """The items of a list."""
        if cell is None:
            return ()
        items = cell.parts or tuple(part for part in map(clean, re.split(r"[;\n]", cell.text)) if part)
        if len(items) > limit:
            self.wrong(cell, name, "TOO_MANY", N_("at most {limit} entries"), {"limit": str(limit)})
        if any(len(item) > ITEM_CHARS_MAX for item in items):
            longest = {"limit": str(ITEM_CHARS_MAX)}
            self.wrong(cell, name, "TOO_LONG", N_("at most {limit} letters an entry"), longest)
        elif name not in _PARSERS and name != "family_links":
            self._is_legible(cell, name, lines=True)
            return tuple(one_way(shown(item)).removeprefix("'") for item in items)
        return items


def _says(name: str, text: str, code: str) -> bool:
    try:
        return _PARSERS[name](text) == code
    except (values.ValueProblem, DateProblem):
        return False


def check_handover(draft: Draft, defaults: Defaults, now: datetime, *, self_return: bool = False) -> Checked:
    """Understand a handover, or the return of one person alone. `now` is the present instant of business time."""
    checker = _Checker(draft, now)
    shared = _Shared(checker, defaults)
    checker.refuse_as_above((name, cell) for name, cells in draft.shared.items() for cell in cells)
    moment = shared.moment()
    on = local_date(moment or now)
    gate, marker, other = ("", "", "") if self_return else shared.place()
    route = shared.route(self_return=self_return)
    people = _people(checker, on, defaults.again)
    _ask_about_border(checker, gate, people)
    handing_body = shared.text("handing_body")
    minutes = shared.text("joint_minutes_number")
    content = None
    if checker.is_right and moment is not None:
        content = HandoverContent(route, moment, gate, marker, other, handing_body, minutes, people)
    return replace(_checked(checker, content), people=people)


def check_person(
    draft: Draft, now: datetime, row: int, positions: Mapping[str, int] | None = None
) -> tuple[PersonContent | None, Checked]:
    """Understand the person in one row, for a correction; the other rows and the handover are not looked at.

    Nothing has to be there. `positions`: in their submission, of the people whom a tie may name by her label; without
    them a file of several people counts its own, and a file of one names those of the submission itself.
    """
    person = next(each for each in draft.people if each.row == row)
    problems = tuple(each for each in draft.problems if each.row in (None, row))
    checker = _Checker(replace(draft, people=(person,), problems=problems), now)
    checker.is_numbered = len(draft.people) == 1 or any(each.is_numbered for each in draft.people)
    if len(draft.people) == 1:
        positions = {str(number): number for number in range(1, PEOPLE_MAX + 1)} | {person.label: 0}
    elif positions is None:
        positions = {each.label: position for position, each in enumerate(draft.people, start=1)}
    content = _person(checker, person, positions, checker.today, partial=True)
    checked = _checked(checker, None)
    return (content if checker.is_right else None), checked


def _checked(checker: _Checker, content: HandoverContent | None) -> Checked:
    people = checker.draft.people
    # The reader of the sheet and the check of the text may have seen the same thing.
    found = dict.fromkeys(once((*checker.damages.problems(), *checker.problems)))
    problems = sorted(found, key=lambda problem: problem.row or 0)
    return Checked(
        content,
        tuple(person.row for person in people),
        tuple(person.label for person in people),
        tuple(problems),
        tuple(_grouped(checker.warnings)),
        checker.draft.lines,
    )


def _grouped(warnings: Iterable[Problem]) -> list[Problem]:
    """Each warning once, although it may hold for thirty rows."""
    first: dict[tuple[str, str, str, str, int | None], Problem] = {}
    for warning in warnings:
        row = warning.row if warning.code in _OF_ONE_ROW else None
        key = (warning.title, warning.code, warning.text, str(sorted(warning.params.items())), row)
        first.setdefault(key, warning)
    return list(first.values())


class _Shared:
    """The fields of the handover: an option beats the file, and the rows of a file may not contradict one another."""

    def __init__(self, checker: _Checker, defaults: Defaults) -> None:
        self._checker = checker
        self._defaults = defaults
        self._compared: set[str] = set()

    def cell(self, name: str) -> Cell | None:
        if option := self._defaults.values.get(name):
            return Cell(clean(option), None, "--" + {"handover_time": "time"}.get(name, name).replace("_", "-"))
        cells = self._checker.draft.shared.get(name, ())
        for other in cells[1:]:
            if name not in self._compared and fold(other.text) != fold(cells[0].text):
                text = N_("this differs from row {row}; one file is one handover")
                self._checker.wrong(other, name, "CONFLICTS_WITH", text, {"row": str(cells[0].row)})
                break
        self._compared.add(name)
        return cells[0] if cells else None

    def text(self, name: str) -> str:
        return self._checker.text(self.cell(name), name)

    def moment(self) -> datetime | None:
        checker, cell, clock = self._checker, self.cell("handover_time"), self.cell("handover_clock")
        if cell is None:
            checker.missing(None, "handover_time")
            return None
        try:
            if clock is None:
                moment = parse_moment(cell.text, checker.today)
            else:
                moment = parse_day_and_clock(cell.text, clock.text, checker.today)
        except DateProblem as problem:
            checker.wrong(cell, "handover_time", "NOT_A_DATE", problem.text, problem.params)
            return None
        if moment > checker.now + CLOCK_SKEW:
            checker.wrong(cell, "handover_time", "IN_THE_FUTURE", N_("this lies in the future"))
        elif local_date(moment) < EARLIEST_RETURN.date():
            checker.wrong(cell, "handover_time", "TOO_EARLY", N_("this lies too far back; look at the year"))
        elif checker.now - moment > LONG_AGO:
            text = N_("this was {days} days ago, on {day}: is that right? The day stands before the month")
            days = str((checker.today - local_date(moment)).days)
            params = {"days": days, "day": written(local_date(moment))}
            checker.note(cell, "handover_time", "LONG_AGO", text, params)
        return moment

    def route(self, *, self_return: bool) -> str:
        cell = self.cell("route")
        if cell is None:
            return "SELF_RETURN" if self_return else "OFFICIAL_HANDOVER"
        try:
            route = values.parse_route(cell.text)
        except values.ValueProblem as problem:
            self._checker.no_value(cell, "route", problem)
            return ""
        if self_return and route not in values.SELF_RETURN_ROUTES:
            text = N_("this is no return of a person alone; hand such people over with: homeward submit")
            self._checker.wrong(cell, "route", "NOT_ALLOWED", text)
        elif not self_return and route not in values.HANDOVER_ROUTES:
            text = N_("such a person is registered one by one, with: homeward register")
            self._checker.wrong(cell, "route", "NOT_ALLOWED", text)
        return route

    def place(self) -> tuple[str, str, str]:
        checker = self._checker
        cells = [cell for name in ("gate", "marker", "other_place") if (cell := self.cell(name))]
        if not cells and self._defaults.gate_of_office:
            return self._defaults.gate_of_office, "", ""
        if not cells and self._defaults.office_unknown:
            text = N_("no gate, marker or place is given; that of your post is taken when you submit")
            checker.warnings.append(Problem(None, "", "gate", "GATE_OF_OFFICE", text))
        elif not cells:
            checker.missing(None, "gate")
        elif len(cells) > 1:
            text = N_("give only one of gate, border marker and other place")
            checker.wrong(cells[1], "gate", "NOT_ALLOWED_WITH", text)
        return self._gate(self.cell("gate")), self.text("marker"), self.text("other_place")

    def _gate(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        try:
            gate = values.parse_gate(cell.text)
        except values.ValueProblem as problem:
            self._checker.no_value(cell, "gate", problem)
            return ""
        own = self._defaults.gate_of_office
        if own and own != gate:
            text = N_("this gate is not that of your post ({gate}): is that right?")
            self._checker.note(cell, "gate", "GATE_OF_ANOTHER", text, {"gate": gates()[own].name})
        return gate


def _people(checker: _Checker, on: date, again: Collection[int]) -> tuple[PersonContent, ...]:
    positions: dict[str, int] = {}
    for position, person in enumerate(checker.draft.people, start=1):
        if person.label in positions:
            first = checker.draft.people[positions[person.label] - 1]
            text = N_("this number stands in row {row} too")
            row = {"row": str(first.row)}
            title = checker.draft.titles.get("number", "STT")
            checker.problems.append(Problem(person.row, title, "number", "DUPLICATE", text, row))
        positions.setdefault(person.label, position)
    month_first = _tell_of_month_first(checker)
    _ask_about_swapped_days(checker)
    _ask_about_first_of_january(checker)
    people = tuple(_person(checker, person, positions, on, month_first=month_first) for person in checker.draft.people)
    for problem in family_problems(checker.draft.people, people):
        (checker.problems if problem.code == "CONFLICTS_WITH" else checker.warnings).append(problem)
    _ask_about_namesakes(checker, people, again)
    _refuse_one_earlier_case_twice(checker, people)
    return people


def _tell_of_month_first(checker: _Checker) -> bool:
    """Whether the birth dates stand month first: one that cannot be read otherwise tells of its whole column."""
    cells = [cell for person in checker.draft.people if (cell := person.cells.get("birth_date"))]
    if len(cells) < 2:
        return False
    first = next((cell for cell in cells if _is_month_first(cell.text)), None)
    if first is None:
        return False
    text = N_(
        "the month stands before the day here, so other days of this column may be the wrong way round too: write the "
        "whole column as dd/mm/yyyy"
    )
    checker.wrong(first, "birth_date", "NOT_A_DATE", text)
    return True


def _ask_about_first_of_january(checker: _Checker) -> None:
    """Many lists and programs write 01/01 before a year of which no more is known."""
    cells = [cell for person in checker.draft.people if (cell := person.cells.get("birth_date"))]
    days = [(cell, day) for cell in cells if (day := _whole_day(cell.text))]
    first = [cell for cell, day in days if day.endswith("-01-01")]
    if len(first) > 1 and 2 * len(first) >= len(days):
        text = N_("in the rows {rows} the birth is a first of January: where only the year is known, write it alone")
        rows = ranges([cell.row for cell in first if cell.row is not None])
        checker.note(first[0], "birth_date", "FIRST_OF_JANUARY", text, {"rows": rows})


def _whole_day(text: str) -> str:
    """A birth date of which the day is known; empty for others."""
    try:
        day = parse_birth(text)
    except DateProblem:
        return ""
    return day if len(day) == len("2004-03-15") else ""


def _ask_about_swapped_days(checker: _Checker) -> None:
    """A program set to month first makes 4 March of a 03/04/2004, and leaves 15/03/2004 a text: then all its dates have
    days up to 12, and all texts others."""
    cells = [cell for person in checker.draft.people if (cell := person.cells.get("birth_date"))]
    dates = {cell: match for cell in cells if (match := _PROGRAMS_DATE.match(cell.text))}
    texts = [match for cell in cells if (match := _TYPED_DATE.match(cell.text.strip()))]
    if not dates or not texts or any(int(match[1]) <= _MONTHS for match in texts):
        return
    if all(int(match[1]) <= _MONTHS for match in dates.values()):
        text = N_(
            "some days of this column were made dates by a program and others were not, as happens where the month is "
            "thought to stand first: then day and month are the wrong way round in the rows {rows}; are they right?"
        )
        rows = ranges([cell.row for cell in dates if cell.row is not None])
        checker.note(next(iter(dates)), "birth_date", "DAYS_MAY_BE_SWAPPED", text, {"rows": rows})


def _is_month_first(text: str) -> bool:
    try:
        parse_birth(text)
    except MonthFirst:
        return True
    except DateProblem:
        pass
    return False


def _ask_about_border(checker: _Checker, gate: str, people: tuple[PersonContent, ...]) -> None:
    """Notes people who came back from another country than the one that lies behind the gate."""
    if gate not in gates():
        return
    neighbour = countries()[gates()[gate].neighbour]
    border = {"CN", "LA", "KH"} - {neighbour.code}
    for draft, person in zip(checker.draft.people, people, strict=True):
        if person.returned_from_country in border:
            text = N_("behind the gate {gate} lies {country}: is the gate right, and the country?")
            params = {"gate": gates()[gate].name, "country": neighbour.name_vi}
            checker.note(draft.cells["returned_from_country"], "returned_from_country", "OTHER_BORDER", text, params)


def _refuse_one_earlier_case_twice(checker: _Checker, people: tuple[PersonContent, ...]) -> None:
    rows: dict[str, int] = {}
    for draft, person in zip(checker.draft.people, people, strict=True):
        if person.earlier_case in rows:
            text = N_("this case stands in row {row} too; it is of one person")
            row = {"row": str(rows[person.earlier_case])}
            checker.wrong(draft.cells["earlier_case"], "earlier_case", "DUPLICATE", text, row)
        elif person.earlier_case:
            rows[person.earlier_case] = draft.row


def _ask_about_namesakes(checker: _Checker, people: tuple[PersonContent, ...], again: Collection[int]) -> None:
    """Once for all rows that may be one person: the same name, and births that agree as far as they are known.

    With the same sex too they are sent only when `again` names the rows of the others; else it is a note.
    """
    told, noted = set[int](), set[int]()
    by_name: dict[str, list[tuple[PersonContent, int]]] = {}
    for draft, person in zip(checker.draft.people, people, strict=True):
        if name_key(person.full_name):
            by_name.setdefault(name_key(person.full_name), []).append((person, draft.row))
    for draft, person in zip(checker.draft.people, people, strict=True):
        alike = [
            (other, row)
            for other, row in by_name.get(name_key(person.full_name), ())
            if births_agree(person.birth_date, other.birth_date)
        ]
        one = [row for other, row in alike if person.sex and other.sex == person.sex]
        if draft.row not in told and len(set(one).difference(again)) > 1:
            told.update(one)
            text = N_(
                "same name, sex and birth date in the rows {rows}: leave one of them, or, if they are several people, "
                "name the rows of the others, as in --again {row}"
            )
            params = {"rows": ", ".join(map(str, one)), "row": str(one[-1])}
            checker.wrong(draft.cells["full_name"], "full_name", "SAME_PERSON_TWICE", text, params)
        elif draft.row not in told | noted and len(alike) > 1:
            noted.update(row for _, row in alike)
            text = N_("same name and birth date in the rows {rows}: is this one person several times?")
            rows = ", ".join(str(row) for _, row in alike)
            checker.note(draft.cells["full_name"], "full_name", "SAME_PERSON_TWICE", text, {"rows": rows})


def _person(
    checker: _Checker,
    draft: DraftPerson,
    positions: Mapping[str, int],
    on: date,
    *,
    month_first: bool = False,
    partial: bool = False,
) -> PersonContent:
    cells = draft.cells
    checker.refuse_as_above(cells.items())
    for name in () if partial else ("full_name", "sex"):
        # A column that is missing is told once, for the whole file.
        if name not in cells and (name in checker.draft.titles or not checker.draft.titles):
            checker.missing(draft.row, name)
    known = PersonContent(
        full_name=checker.name(cells.get("full_name")),
        sex=checker.parsed(cells.get("sex"), "sex"),
        birth_date=_birth(checker, cells.get("birth_date"), on, month_first=month_first),
        nationality=checker.parsed(cells.get("nationality"), "nationality"),
        ethnicity=checker.parsed(cells.get("ethnicity"), "ethnicity"),
        language=checker.parsed(cells.get("language"), "language"),
    )
    for name in ("remarks", "health_remarks"):
        cell = cells.get(name)
        if cell and (_NOT_THERE.fullmatch(_ALREADY.sub("", cell.text)) or _AWAY.match(cell.text)):
            checker.not_there(cell, name)
    province, address = _home(checker, cells.get("home_province"), cells.get("home_address"), on, partial=partial)
    return replace(
        known,
        home_province=province,
        home_address=address,
        returned_from_country=checker.parsed(cells.get("returned_from_country"), "returned_from_country"),
        health_remarks=checker.text(cells.get("health_remarks"), "health_remarks"),
        documents=checker.several(cells.get("documents"), "documents"),
        belongings=checker.several(cells.get("belongings"), "belongings"),
        victim_declaration=_yes_no(checker, cells.get("victim_declaration")),
        return_certificate_number=checker.text(cells.get("return_certificate_number"), "return_certificate_number"),
        handover_certificate_number=checker.text(
            cells.get("handover_certificate_number"), "handover_certificate_number"
        ),
        family_links=_links(checker, draft, positions),
        earlier_case=checker.parsed(cells.get("earlier_case"), "earlier_case"),
        remarks=checker.text(cells.get("remarks"), "remarks"),
    )


def _birth(checker: _Checker, cell: Cell | None, on: date, *, month_first: bool) -> str:
    if cell is not None and month_first and _is_month_first(cell.text):
        # Told of the column.
        return ""
    birth = checker.parsed(cell, "birth_date")
    if cell is None or not birth:
        return birth
    age = on.year - int(birth[:4])
    if year := year_typed_into_date_cell(birth):
        text = N_("a year was typed into a cell of dates (probably {year}); format the column as text, write the year")
        checker.wrong(cell, "birth_date", "NOT_A_DATE", text, {"year": str(year)})
    elif 1900 <= int(birth[:4]) - _BUDDHIST_YEARS <= on.year:
        text = N_("this may be a year of the Buddhist calendar: write that of the usual one (probably {year})")
        usual = {"year": str(int(birth[:4]) - _BUDDHIST_YEARS)}
        checker.wrong(cell, "birth_date", "IN_THE_FUTURE", text, usual)
    elif birth > on.isoformat()[: len(birth)]:
        checker.wrong(cell, "birth_date", "IN_THE_FUTURE", N_("this lies after the day of the handover"))
    elif age > AGE_YEARS_MAX:
        limit = {"limit": str(AGE_YEARS_MAX)}
        checker.wrong(cell, "birth_date", "TOO_EARLY", N_("nobody is older than {limit} years"), limit)
    elif age > OLD_YEARS:
        text = N_("she would be {age} years old: is that right?")
        checker.note(cell, "birth_date", "VERY_OLD", text, {"age": str(age)})
    return birth


def _home(checker: _Checker, cell: Cell | None, address: Cell | None, on: date, *, partial: bool) -> tuple[str, str]:
    """Province and address. A whole address under the province is read into both when nothing stands in the other."""
    written_address = checker.text(address, "home_address")
    if cell is None and address is not None and not partial:
        return _province_of_address(checker, address, on), written_address
    if cell is None or checker.is_unknown(cell, "home_province"):
        return "", written_address
    try:
        reading = values.parse_province(cell.text, on)
    except values.ValueProblem as problem:
        whole = values.parse_address(cell.text, on)
        if whole is None or (address is not None and fold(whole.rest) not in fold(written_address)):
            checker.no_value(cell, "home_province", problem)
            return "", written_address
        if _is_province(whole.rest, on):
            text = N_("two provinces stand here: write the one she comes from")
            checker.wrong(cell, "home_province", "UNKNOWN_PROVINCE", text)
            return "", written_address
        reading = whole.province
        if address is None:
            written_address = checker.text(replace(cell, text=whole.rest), "home_address")
            text = N_("the province is taken for {name}, and what stands before it for the address")
            params = {"name": values.province_name(reading.ref)}
            checker.note(cell, "home_province", "ADDRESS_DIVIDED", text, params)
    checker.ask_about_brackets(
        cell, "home_province", lambda said: bool(_OF_REFORM.match(said)) or _is_province(said, on)
    )
    elsewhere = values.parse_address(address.text, on) if address is not None else None
    if elsewhere is not None and _today(elsewhere.province.ref) != _today(reading.ref):
        text = N_("the address ends in {name}, and the province is another one: is that right?")
        params = {"name": values.province_name(elsewhere.province.ref)}
        checker.note(cell, "home_province", "ADDRESS_ELSEWHERE", text, params)
    if reading.decided:
        text = N_("“{name}” is taken for {ref}, as the province is on {day}; if not, write its code and year")
        params = {"name": values.province_name(reading.ref), "ref": str(reading.ref), "day": f"{on:%d/%m/%Y}"}
        checker.note(cell, "home_province", "VINTAGE_DECIDED", text, params)
    return str(reading.ref), written_address


def _is_province(text: str, on: date) -> bool:
    try:
        values.parse_province(text, on)
    except values.ValueProblem:
        return False
    return True


def _province_of_address(checker: _Checker, address: Cell, on: date) -> str:
    """The province in which an address ends, where the list has no province of its own."""
    whole = values.parse_address(address.text, on)
    if whole is None:
        return ""
    text = N_("no province is given; by the end of the address it is taken for {name} ({ref}): is that right?")
    params = {"name": values.province_name(whole.province.ref), "ref": str(whole.province.ref)}
    checker.note(address, "home_address", "PROVINCE_OF_ADDRESS", text, params)
    return str(whole.province.ref)


def _today(ref: ProvinceRef) -> ProvinceRef:
    """The province that a province of before 2025 is part of."""
    return provinces()[ref].successor or ref


def _yes_no(checker: _Checker, cell: Cell | None) -> bool:
    try:
        return cell is not None and values.parse_yes_no(cell.text)
    except values.ValueProblem as problem:
        assert cell is not None
        checker.no_value(cell, "victim_declaration", problem)
        return False


def _links(checker: _Checker, draft: DraftPerson, positions: Mapping[str, int]) -> tuple[FamilyLink, ...]:
    cell = draft.cells.get("family_links")
    links: dict[int, FamilyLink] = {}
    for item in checker.several(cell, "family_links", FAMILY_LINKS_MAX):
        assert cell is not None
        try:
            label, relation = values.parse_family_link(item)
        except values.ValueProblem as problem:
            checker.wrong(cell, "family_links", problem.code, problem.text)
            continue
        position = positions.get(label)
        if not checker.is_numbered:
            text = N_("ties name people by their number: add a column STT, since rows move when a list is sorted")
            checker.wrong(cell, "family_links", "REQUIRED_WITH", text)
        elif position is None:
            text = N_("there is no person with the number {number} in this file")
            checker.wrong(cell, "family_links", "UNKNOWN_ROW", text, {"number": label})
        elif label == draft.label:
            checker.wrong(cell, "family_links", "NOT_ALLOWED", N_("nobody is her own relative"))
        elif position in links:
            text = N_("the relation to number {number} is given twice")
            checker.wrong(cell, "family_links", "DUPLICATE", text, {"number": label})
        else:
            links[position] = FamilyLink(position, relation)
    return tuple(links.values())
