"""Understands a file of a journey and finds everything that is wrong with it, by the file's own rows and titles.

What only the services know, such as who is accountable for a case, is found when it is sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.chassis.kernel.texts import LANGUAGES
from services.client import words
from services.client.addressee import HOME, is_office_id, means_home
from services.client.dates import DateProblem, parse_day, written
from services.client.home_check import GUARDIAN, HOME_QUESTIONS
from services.client.journey_file.columns import ARRIVES, CASE, LEFT, TO, TYPED_VERDICT
from services.client.people_file.draft import Cell, Draft, DraftPerson, Lines, Problem, once
from services.client.people_file.values import ValueProblem, parse_province
from services.client.texts import N_
from services.client.travel import CODES, DOCUMENTS

if TYPE_CHECKING:
    from services.chassis.country.directory import Directory

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Wide:
    """What the command line says for everybody; a row that says otherwise beats it, except the day they left."""

    to: str = ""
    left: date | None = None
    arrives: date | None = None
    said: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person: row of the file, canonical case, office id, "home" or empty (as planned), day in ISO 8601 or empty,
    codes by the names of CODES."""

    row: int
    case: str
    to: str
    arrives: str
    said: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    home: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The two questions of the border, by the names of HOME_QUESTIONS, and the guardian."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey understood. `left` in ISO 8601, empty for today."""

    left: str
    travellers: tuple[Traveller, ...]

    def digest(self) -> str:
        """SHA-256, in hex, of the content; the same however the file writes it."""
        document = asdict(self)
        for traveller in document["travellers"]:
            del traveller["row"]
            if not traveller["home"]:
                # As it was before anything was asked about homes: a file sent then is the same file now.
                del traveller["home"]
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Checked:
    """`journey` is None when there are problems; `rows` are those of the file."""

    journey: Journey | None
    rows: tuple[int, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lines: Lines | None = None


class _Checker:
    def __init__(self, draft: Draft, wide: Wide, today: date, directory: Directory) -> None:
        self.draft = draft
        self.wide = wide
        self.today = today
        self.directory = directory
        self.problems = list(draft.problems)
        self.left = wide.left or self._left_of_file()

    def wrong(self, cell: Cell, name: str, code: str, text: str, params: Mapping[str, str] | None = None) -> None:
        self.problems.append(Problem(cell.row, cell.title, name, code, text, params or {}))

    def _left_of_file(self) -> date | None:
        cells = self.draft.shared.get(LEFT, ())
        for other in cells[1:]:
            if other.text != cells[0].text:
                text = N_("this differs from row {row}; one file is one journey")
                self.wrong(other, LEFT, "CONFLICTS_WITH", text, {"row": str(cells[0].row)})
        left = self._day(cells[0], LEFT) if cells else None
        if left and left > self.today:
            self.wrong(cells[0], LEFT, "IN_THE_FUTURE", N_("nobody has left on a day that is still to come"))
        return left

    def _day(self, cell: Cell, name: str) -> date | None:
        try:
            return parse_day(cell.text, self.today)
        except DateProblem as problem:
            self.wrong(cell, name, "NOT_A_DATE", problem.text, problem.params)
            return None

    def traveller(self, person: DraftPerson) -> Traveller:
        cells = person.cells
        arrives = self._day(cells[ARRIVES], ARRIVES) if ARRIVES in cells else self.wide.arrives
        left = self.left or self.today
        if arrives and arrives < left:
            cell = cells.get(ARRIVES, Cell("", person.row, "--arrives"))
            text = N_("she cannot arrive before she left, on {day}")
            self.wrong(cell, ARRIVES, "BEFORE_DEPARTURE", text, {"day": written(left)})
        elif arrives and arrives > (latest := left + timedelta(days=TRAVEL_DAYS_MAX)):
            cell = cells.get(ARRIVES, Cell("", person.row, "--arrives"))
            text = N_("a journey takes at most {days} days, here until {day}; look at the month and the year")
            params = {"days": str(TRAVEL_DAYS_MAX), "day": written(latest)}
            self.wrong(cell, ARRIVES, "TOO_LATE", text, params)
        return Traveller(
            person.row,
            self._case(person),
            self._to(cells.get(TO) or Cell(self.wide.to, person.row, "--to"), arrives or left),
            arrives.isoformat() if arrives else "",
            self._said(cells),
            self._home(cells),
        )

    def _home(self, cells: Mapping[str, Cell]) -> dict[str, str]:
        """What she was asked about her home; both questions, or none."""
        if typed := cells.get(TYPED_VERDICT.field):
            text = N_("whether the home is safe is recorded with home-safety, and not here; leave this empty")
            self.wrong(typed, TYPED_VERDICT.field, "HOME_SAFETY_NOT_TYPED", text)
        given = {name: cells[name] for name in (*HOME_QUESTIONS, GUARDIAN) if name in cells}
        if not given:
            return {}
        missing = [name for name in HOME_QUESTIONS if name not in given]
        for name in missing:
            text = N_("she is asked both questions, or none")
            self.wrong(next(iter(given.values())), name, "REQUIRED", text)
        asked = {name: self._answer(given[name], name) for name in HOME_QUESTIONS if name in given}
        return asked | ({GUARDIAN: given[GUARDIAN].text} if GUARDIAN in given else {})

    def _answer(self, cell: Cell, name: str) -> str:
        if code := words.find(words.HOME_ANSWERS, cell.text, *LANGUAGES):
            return code
        problem = N_("this is not one of: {values}")
        self.problems.append(Problem(cell.row, cell.title, name, "NOT_IN_LIST", problem, words=words.HOME_ANSWERS))
        return ""

    def _case(self, person: DraftPerson) -> str:
        cell = person.cells.get(CASE)
        if cell is None:
            title = self.draft.titles.get(CASE, CASE)
            self.problems.append(Problem(person.row, title, CASE, "REQUIRED", N_("this is missing")))
            return ""
        if _UUID.fullmatch(cell.text):
            return cell.text.lower()
        try:
            return parse_case_number(cell.text)
        except InvalidCaseNumber:
            text = N_("a case number has nine or ten digits, as in HW-999-999-957; look at every digit again")
            self.wrong(cell, CASE, "BAD_FORMAT", text)
            return ""

    def _to(self, cell: Cell, on: date) -> str:
        """The id of the office; "home" stays, since only intake knows where that is."""
        from services.chassis.kernel.errors import HomewardError

        if not cell.text:
            return ""
        if means_home(cell.text):
            return HOME
        try:
            if is_office_id(cell.text):
                return self.directory.office(cell.text.strip().upper()).id
            return self.directory.support_agency_for(parse_province(cell.text, on).ref, on).id
        except ValueProblem as problem:
            self.wrong(cell, TO, problem.code, problem.text, problem.params)
        except HomewardError:
            self.wrong(cell, TO, "UNKNOWN_OFFICE", N_("there is no such office; look for it with: homeward offices"))
        return ""

    def _said(self, cells: Mapping[str, Cell]) -> dict[str, str | tuple[str, ...]]:
        said = {name: value for name, value in self.wide.said.items() if value}
        for name in CODES:
            if name not in cells:
                continue
            cell = cells[name]
            if name == DOCUMENTS:
                parts = cell.parts or tuple(part for part in map(str.strip, re.split(r"[;\n]", cell.text)) if part)
                said[name] = tuple(code for part in parts if (code := self._code(cell, name, part)))
            elif code := self._code(cell, name, cell.text):
                said[name] = code
        return said

    def _code(self, cell: Cell, name: str, text: str) -> str:
        known = CODES[name][1]
        # A file may be in either language, whatever the officer at the screen reads.
        if code := words.find(known, text, *LANGUAGES):
            return code
        problem = N_("this is not one of: {values}")
        self.problems.append(Problem(cell.row, cell.title, name, "NOT_IN_LIST", problem, words=known))
        return ""


def check_journey(draft: Draft, wide: Wide, today: date, directory: Directory) -> Checked:
    """Understand a journey. `today` is the local day in Viet Nam."""
    checker = _Checker(draft, wide, today, directory)
    travellers = tuple(checker.traveller(person) for person in draft.people)
    first: dict[str, int] = {}
    for person, traveller in zip(draft.people, travellers, strict=True):
        if traveller.case in first:
            text = N_("this case stands in row {row} too")
            checker.wrong(person.cells[CASE], CASE, "DUPLICATE", text, {"row": str(first[traveller.case])})
        elif traveller.case:
            first[traveller.case] = person.row
    problems = tuple(sorted(once(checker.problems), key=lambda problem: problem.row or 0))
    left = checker.left.isoformat() if checker.left else ""
    journey = None if problems else Journey(left, travellers)
    return Checked(journey, tuple(person.row for person in draft.people), problems, draft.warnings, draft.lines)
