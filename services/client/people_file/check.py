"""Understands a draft and finds everything that is wrong with it, by the file's own rows and titles.

The rules are those of the service as far as a file alone can tell; the service decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.record import (
    AGE_YEARS_MAX,
    CHARS_MAX,
    CLOCK_SKEW,
    EARLIEST_RETURN,
    FAMILY_LINKS_MAX,
    ITEM_CHARS_MAX,
    ITEMS_MAX,
    PEOPLE_MAX,
)
from services.client.dates import DateProblem, parse_birth, parse_moment
from services.client.fold import clean, fold
from services.client.people_file import values
from services.client.people_file.columns import BY_FIELD
from services.client.people_file.content import FamilyLink, HandoverContent, PersonContent
from services.client.people_file.draft import Cell, Draft, DraftPerson, Lines, Problem, once
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
_STATELESS: Final = frozenset({"khong quoc tich", "stateless", "khong ro", "chua ro", "unknown"})
_MAY_BE_UNKNOWN: Final = frozenset({"nationality", "birth_date", "home_province", "returned_from_country", "language"})
_SCIENTIFIC: Final = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_MONTH_NAME: Final = re.compile(r"\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands on the command line instead of in the file, by field, as the officer wrote it."""

    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    gate_of_office: str = ""
    office_unknown: bool = False
    """Whether nobody has said yet for which office the file is: a post's own gate may still fill an empty one."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file understood. `content` is None when there are problems; `rows` and `labels` go with its people."""

    content: HandoverContent | None
    rows: tuple[int, ...]
    labels: tuple[str, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lines: Lines | None = None


class _Checker:
    def __init__(self, draft: Draft, now: datetime) -> None:
        self.draft = draft
        self.now = now
        self.today = local_date(now)
        self.problems = list(draft.problems)
        self.warnings = list(draft.warnings)

    def wrong(self, cell: Cell, name: str, code: str, text: str, params: Mapping[str, str] | None = None) -> None:
        self.problems.append(Problem(cell.row, cell.title, name, code, text, params or {}))

    def missing(self, row: int | None, name: str) -> None:
        title = self.draft.titles.get(name) or (BY_FIELD[name].title_vi if self.draft.titles else name)
        self.problems.append(Problem(row, title, name, "REQUIRED", N_("this is missing")))

    def text(self, cell: Cell | None, name: str) -> str:
        """A free text within its limit."""
        if cell is None:
            return ""
        limit = CHARS_MAX[name]
        text_of = cell.text if name in _SEVERAL_LINES else " ".join(cell.text.split())
        if len(text_of) > limit:
            self.wrong(cell, name, "TOO_LONG", N_("at most {limit} letters"), {"limit": str(limit)})
        if "\ufffd" in cell.text or (name == "full_name" and "?" in cell.text):
            text = N_("letters were lost when the file was saved; save it again as CSV UTF-8")
            self.wrong(cell, name, "LOST_LETTERS", text)
        if name.endswith("_number") and _SCIENTIFIC.fullmatch(cell.text):
            text = N_("Excel has shortened this number; format the column as text and type it again")
            self.wrong(cell, name, "BAD_FORMAT", text)
        return text_of

    def parsed(self, cell: Cell | None, name: str) -> str:
        """A value of a list or a date."""
        if cell is None or (name in _MAY_BE_UNKNOWN and fold(cell.text) in _STATELESS):
            return ""
        try:
            return _PARSERS[name](cell.text)
        except values.ValueProblem as problem:
            self.wrong(cell, name, problem.code, problem.text, problem.params)
        except DateProblem as problem:
            self.wrong(cell, name, "NOT_A_DATE", problem.text, problem.params)
        return ""

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
        return items


def check_handover(draft: Draft, defaults: Defaults, now: datetime, *, self_return: bool = False) -> Checked:
    """Understand a handover, or the return of one person alone. `now` is the present instant of business time."""
    checker = _Checker(draft, now)
    shared = _Shared(checker, defaults)
    moment = shared.moment()
    on = local_date(moment or now)
    gate, marker, other = ("", "", "") if self_return else shared.place()
    route = shared.route(self_return=self_return)
    people = _people(checker, on)
    handing_body = shared.text("handing_body")
    minutes = shared.text("joint_minutes_number")
    content = None
    if not checker.problems and moment is not None:
        content = HandoverContent(route, moment, gate, marker, other, handing_body, minutes, people)
    return _checked(checker, content)


def check_person(
    draft: Draft, now: datetime, row: int, rows_sent: tuple[int, ...] = ()
) -> tuple[PersonContent | None, Checked]:
    """Understand the person in one row, for a correction; the other rows and the handover are not looked at.

    `rows_sent`: the rows of the file that were one submission, when that is known; family links count by them.
    """
    person = next(each for each in draft.people if each.row == row)
    problems = tuple(each for each in draft.problems if each.row in (None, row))
    checker = _Checker(replace(draft, people=(person,), problems=problems), now)
    content = _person(checker, person, _positions(draft, person, rows_sent), checker.today)
    checked = _checked(checker, None)
    return (None if checker.problems else content), checked


def _positions(draft: Draft, person: DraftPerson, rows_sent: tuple[int, ...]) -> Mapping[str, int]:
    """The position in the submission of each person that a link may name."""
    if len(draft.people) == 1:
        # The others are not in this file: the numbers are those of the submission itself.
        return {str(number): number for number in range(1, PEOPLE_MAX + 1)} | {person.label: 0}
    known = {row: position for position, row in enumerate(rows_sent, start=1)}
    if not known:
        return {each.label: position for position, each in enumerate(draft.people, start=1)}
    return {each.label: known[each.row] for each in draft.people if each.row in known}


def _checked(checker: _Checker, content: HandoverContent | None) -> Checked:
    people = checker.draft.people
    problems = sorted(once(checker.problems), key=lambda problem: problem.row or 0)
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
    first: dict[tuple[str, str, str, str], Problem] = {}
    for warning in warnings:
        first.setdefault((warning.title, warning.code, warning.text, str(sorted(warning.params.items()))), warning)
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
            moment = parse_moment(f"{cell.text} {clock.text if clock else ''}".strip(), checker.today)
        except DateProblem as problem:
            checker.wrong(cell, "handover_time", "NOT_A_DATE", problem.text, problem.params)
            return None
        if moment > checker.now + CLOCK_SKEW:
            checker.wrong(cell, "handover_time", "IN_THE_FUTURE", N_("this lies in the future"))
        elif local_date(moment) < EARLIEST_RETURN.date():
            checker.wrong(cell, "handover_time", "TOO_EARLY", N_("this lies too far back; look at the year"))
        return moment

    def route(self, *, self_return: bool) -> str:
        cell = self.cell("route")
        if cell is None:
            return "SELF_RETURN" if self_return else "OFFICIAL_HANDOVER"
        try:
            route = values.parse_route(cell.text)
        except values.ValueProblem as problem:
            self._checker.wrong(cell, "route", problem.code, problem.text)
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
        return self._gate(self.cell("gate")), self._marker(self.cell("marker")), self.text("other_place")

    def _marker(self, cell: Cell | None) -> str:
        if cell is not None and _MONTH_NAME.match(cell.text):
            text = N_("Excel has made a date of this; format the column as text and type it again")
            self._checker.wrong(cell, "marker", "BAD_FORMAT", text)
        return self._checker.text(cell, "marker")

    def _gate(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        try:
            return values.parse_gate(cell.text)
        except values.ValueProblem as problem:
            self._checker.wrong(cell, "gate", problem.code, problem.text)
            return ""


def _people(checker: _Checker, on: date) -> tuple[PersonContent, ...]:
    positions: dict[str, int] = {}
    for position, person in enumerate(checker.draft.people, start=1):
        if person.label in positions:
            first = checker.draft.people[positions[person.label] - 1]
            text = N_("this number stands in row {row} too")
            row = {"row": str(first.row)}
            title = checker.draft.titles.get("number", "STT")
            checker.problems.append(Problem(person.row, title, "number", "DUPLICATE", text, row))
        positions.setdefault(person.label, position)
    people = tuple(_person(checker, person, positions, on) for person in checker.draft.people)
    _warn_of_twins(checker, people)
    _refuse_one_earlier_case_twice(checker, people)
    return people


def _refuse_one_earlier_case_twice(checker: _Checker, people: tuple[PersonContent, ...]) -> None:
    rows: dict[str, int] = {}
    for draft, person in zip(checker.draft.people, people, strict=True):
        if person.earlier_case in rows:
            text = N_("this case stands in row {row} too; it is of one person")
            row = {"row": str(rows[person.earlier_case])}
            checker.wrong(draft.cells["earlier_case"], "earlier_case", "DUPLICATE", text, row)
        elif person.earlier_case:
            rows[person.earlier_case] = draft.row


def _warn_of_twins(checker: _Checker, people: tuple[PersonContent, ...]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for draft, person in zip(checker.draft.people, people, strict=True):
        key = (fold(person.full_name), person.birth_date)
        if key[0] and key in seen:
            text = N_("same name and birth date as in row {row}: is this one person twice?")
            title = draft.cells["full_name"].title
            params = {"row": str(seen[key])}
            checker.warnings.append(Problem(draft.row, title, "full_name", "SAME_PERSON_TWICE", text, params))
        seen.setdefault(key, draft.row)


def _person(checker: _Checker, draft: DraftPerson, positions: Mapping[str, int], on: date) -> PersonContent:
    cells = draft.cells
    for name in ("full_name", "sex"):
        # A column that is missing is told once, for the whole file.
        if name not in cells and (name in checker.draft.titles or not checker.draft.titles):
            checker.missing(draft.row, name)
    return PersonContent(
        full_name=checker.text(cells.get("full_name"), "full_name"),
        sex=checker.parsed(cells.get("sex"), "sex"),
        birth_date=_birth(checker, cells.get("birth_date"), on),
        nationality=checker.parsed(cells.get("nationality"), "nationality"),
        ethnicity=checker.parsed(cells.get("ethnicity"), "ethnicity"),
        language=checker.parsed(cells.get("language"), "language"),
        home_province=_province(checker, cells.get("home_province"), on),
        home_address=checker.text(cells.get("home_address"), "home_address"),
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


def _birth(checker: _Checker, cell: Cell | None, on: date) -> str:
    birth = checker.parsed(cell, "birth_date")
    if cell is not None and birth:
        if birth > on.isoformat()[: len(birth)]:
            checker.wrong(cell, "birth_date", "IN_THE_FUTURE", N_("this lies after the day of the handover"))
        elif on.year - int(birth[:4]) > AGE_YEARS_MAX:
            limit = {"limit": str(AGE_YEARS_MAX)}
            checker.wrong(cell, "birth_date", "TOO_EARLY", N_("nobody is older than {limit} years"), limit)
    return birth


def _province(checker: _Checker, cell: Cell | None, on: date) -> str:
    if cell is None or fold(cell.text) in _STATELESS:
        return ""
    try:
        reading = values.parse_province(cell.text, on)
    except values.ValueProblem as problem:
        checker.wrong(cell, "home_province", problem.code, problem.text, problem.params)
        return ""
    if reading.decided:
        text = N_("“{name}” is taken for {ref}, as the province is on {day}; if not, write its code and year")
        params = {"name": values.province_name(reading.ref), "ref": str(reading.ref), "day": f"{on:%d/%m/%Y}"}
        checker.warnings.append(Problem(cell.row, cell.title, "home_province", "VINTAGE_DECIDED", text, params))
    return str(reading.ref)


def _yes_no(checker: _Checker, cell: Cell | None) -> bool:
    try:
        return cell is not None and values.parse_yes_no(cell.text)
    except values.ValueProblem as problem:
        assert cell is not None
        checker.wrong(cell, "victim_declaration", problem.code, problem.text)
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
        if position is None:
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
