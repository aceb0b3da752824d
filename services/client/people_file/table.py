"""A sheet whose titles are known: which rows hold people and which do not, and every filled cell accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from services.chassis.kernel.fold import clean, fold, squeeze
from services.client.people_file.draft import Cell, Lines, Problem, UnreadableFile, short
from services.client.people_file.sheet import SEPARATORS, Merged, Sheet, head_of, separators_of, sheet_of
from services.client.texts import N_

_HEADER_WITHIN_ROWS: Final = 200
"""Above the titles a file may have its own heading: the name of the post, of the list, of the day, what is meant."""
_MIN_KNOWN_TITLES: Final = 2

_SHORT_TITLE: Final = len("GT")
_FEW_CELLS: Final = 2
_EXCEL_ERROR: Final = re.compile(
    r"#(n/a|div/0!|getting_data|nv|na|[^\W\d_]{2,12}[!?])|#{3,}|err:\d{3}",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(r"#+(\s|$|[^\W\d_]+([\s:.,;!?)]|$))")
_REMARK_OR_NUMBER: Final = re.compile(r"#+\s*\d+[.)]?")
_COLUMN_NUMBER: Final = re.compile(r"[(\[]?\s*(\d{1,2}|[A-Za-z])\s*[)\]]?")
_GROUP_NUMBER: Final = re.compile(r"[IVX]+|[A-ZĐ]", re.IGNORECASE)
_GROUP: Final = re.compile(r"(nan nhan|nguoi|nhom|dien|dot|danh sach|nam|nu|tre em|victims?|group|children|people)\b")
_TOTAL: Final = re.compile(r"(tong|tong so|tong cong|cong|total|sum)\b[^a-z]*(\d|nguoi|nan nhan|people|nam|nu|$)")
_SIGNATURE: Final = re.compile(
    r"(nguoi (lap|giao|nhan|ghi|kiem|viet)|dai dien|chi huy|thu truong|don truong|truong don|truong phong"
    r"|giam doc|pho giam doc|ky ten|ky (va )?ghi ro|xac nhan|lanh dao|can bo"
    r"|t m|tm|k t|kt|tl|tuq|prepared by|sign(ed|ature)|ben giao|ben nhan|noi nhan|ghi chu|luu y|note)\b"
)
_COUNTED: Final = re.compile(
    r"(?:tong|tong so|tong cong|cong|total|an dinh|danh sach)\b(?:[a-z ]*\b)?0*(\d{1,4})"
    r" (?:[a-z]+ )?(?:nguoi|nan nhan|cong dan|people|persons|victims)\b|(?:tong|tong so|tong cong|total) 0*(\d{1,4})$"
)
_COUNTED_PART: Final = re.compile(r"\b(\d{1,4}) (?:[a-z]+ )?(?:nguoi|nan nhan|cong dan|tre em|chau|people|children)\b")
_PLACE_AND_DAY: Final = re.compile(r"ngay .{0,8} ?thang .{0,8} ?nam\b")
_SEXES: Final = frozenset({"nam", "nu", "male", "female", "m", "f"})
_PLACE_BEFORE_DAY: Final = re.compile(r"(?:[a-z]+ ){2,4}ngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?\d{4}$")
"""Where signatures begin: "Móng Cái, ngày 22/11/2026"; no time of a handover has two words before it."""
_NUMBER: Final = re.compile(r"#?\s*\d{1,4}[.)]?(?:\.0)?")
_PLAIN_NUMBER: Final = re.compile(r"\d{1,4}[.)]?")
_SUBTITLES: Final = _SEXES | frozenset({"ngay", "thang", "nam sinh", "gio"})

FieldOf = Callable[[str], str | None]
"""The field that a column title means; None for other columns."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the columns of a file may mean.

    `example`: titles to name where none are found. `number`: the field of the running number, which alone is no
    person. `main`: the field without which a row is hardly one. `telling`: fields of which one tells a person from a
    total or a signature. `dates`: fields that a workbook may hold as dates. `unremarkable`: folded titles of columns
    whose text nobody misses.
    """

    field_of: FieldOf
    example: str
    number: str
    main: str
    telling: frozenset[str]
    shared: frozenset[str]
    dates: frozenset[str]
    unremarkable: frozenset[str] = frozenset()
    settle: Callable[[Sequence[str], list[str | None]], None] = lambda titles, fields: None
    """Decides of titles whose meaning depends on the others."""
    under: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Fields of columns below a common title, by the field of that and the folded second title."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with somebody in it: its number and its cells by field."""

    number: int
    cells: dict[str, Cell]


@dataclass(slots=True)
class Table:
    """A table as read. `titles` by field, as shown; `shared` the cells of everybody, in the order of their rows."""

    header: int
    titles: dict[str, str]
    fields: list[str | None]
    rows: list[Row] = field(default_factory=list)
    shared: dict[str, list[Cell]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: Lines = field(default_factory=Lines)


def sheet_of_text(text: str, meaning: Meaning) -> Sheet:
    """The rows, by the separator under which most titles are known. Raises UnreadableFile."""
    text, candidates = separators_of(text)
    separator = max(candidates, key=lambda each: known_titles(head_of(text, each), meaning.field_of))
    return sheet_of(text, separator)


def known_titles(rows: Iterable[Sequence[str]], field_of: FieldOf) -> int:
    """How many titles are known in the row that has most of them."""
    return max((sum(1 for cell in row if field_of(cell)) for row in _head(rows)), default=0)


def _head(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number == _HEADER_WITHIN_ROWS:
            return
        yield row


def no_titles(example: str) -> UnreadableFile:
    """The refusal of a sheet without titles that are known."""
    text = N_("No row with column titles was found in the first {rows} rows, such as {example}.")
    return UnreadableFile("NO_TITLES", text, example=example, rows=str(_HEADER_WITHIN_ROWS))


def _header_of(rows: Sequence[Sequence[str]], meaning: Meaning) -> tuple[int, list[str | None]]:
    """Position of the row of titles, and the field of each column. Raises UnreadableFile."""
    found = [[meaning.field_of(cell) for cell in row] for row in _head(rows)]
    counts = [len({name for name in fields if name}) for fields in found]
    best = max(counts, default=0)
    if best < _MIN_KNOWN_TITLES:
        raise no_titles(meaning.example)
    at = counts.index(best)
    return at, found[at]


def without_formula(text: str) -> str:
    """The text of a cell; people write ="01" to keep the zero in Excel."""
    match = re.fullmatch(r'\s*="(.*)"\s*', text, re.DOTALL)
    return match[1] if match else text


def is_remark(first: str) -> bool:
    """Whether a row whose first filled cell this is, is a remark: # and a blank or a word, never # and a number."""
    return _REMARK.match(first) is not None and _EXCEL_ERROR.fullmatch(first) is None


def is_excel_error(text: str) -> bool:
    """Whether this is what Excel and its like write where a value could not be shown or computed."""
    return _EXCEL_ERROR.fullmatch(text) is not None


def column_name(position: int) -> str:
    """The name that Excel gives a column, from 0: A, B … Z, AA."""
    name = ""
    while position >= 0:
        position, letter = divmod(position, 26)
        name = chr(ord("A") + letter) + name
        position -= 1
    return name


def read_table(sheet: Sheet, meaning: Meaning) -> Table:
    """Read a sheet. Raises UnreadableFile when no titles in it are known."""
    return _Reader(sheet, meaning).read()


class _Reader:
    def __init__(self, sheet: Sheet, meaning: Meaning) -> None:
        self.sheet = sheet
        self.meaning = meaning
        at, fields = _header_of(sheet.rows, meaning)
        self.header = [clean(title) for title in sheet.rows[at]]
        self.second: dict[int, tuple[str, str]] = {}
        meaning.settle(self.header, fields)
        self.first_titles = tuple(fields)
        self._settle_second_titles(at, fields)
        self.table = Table(at + 1, {}, fields, warnings=list(sheet.warnings))
        self.unused: dict[int, int] = {}
        self.doubled: set[int] = set()
        self.kinds: dict[str, list[int]] = {name: [] for name in Lines.__slots__}
        self.hashed: list[Row] = []
        self.signed = False
        self.listed_above = False
        self.counted: dict[int, int] = {}
        self.parts: set[int] = set()
        self.longer: list[int] = []

    def read(self) -> Table:
        self._titles()
        self._swallows(self.table.header, self.sheet.rows[self.table.header - 1])
        for number, row in enumerate(self.sheet.rows, start=1):
            if number == self.table.header:
                continue
            cells = [clean(without_formula(cell)) for cell in row]
            kind = self._above(number, row, cells) if number < self.table.header else self._row(number, row, cells)
            self.kinds[kind].append(number)
        self._hashed_numbers()
        self._columns()
        self._hidden()
        self._noted()
        self._struck()
        self._longer()
        self._shorter()
        self._merged()
        self._compare_count()
        self.table.lines = Lines(**{name: tuple(rows) for name, rows in self.kinds.items()})
        return self.table

    # Titles -------------------------------------------------------------------------------------

    def _titles(self) -> None:
        """Of two columns with one meaning the later is not used."""
        table = self.table
        for position, (title, name) in enumerate(zip(self.header, table.fields, strict=True)):
            if name is None:
                continue
            if name in table.titles:
                text = N_("two columns have this meaning; keep one")
                table.problems.append(Problem(table.header, short(title), name, "DUPLICATE", text))
                table.fields[position] = None
                self.doubled.add(position)
            else:
                table.titles[name] = short(title)

    def _settle_second_titles(self, at: int, fields: list[str | None]) -> None:
        """ "Năm sinh" over two columns, and below it Nam and Nữ."""
        second = [clean(cell) for cell in self.sheet.rows[at + 1]] if at + 1 < len(self.sheet.rows) else []
        above = -1
        for position, word in enumerate(second[: len(self.header)]):
            above = position if self.header[position] else above
            name = self.meaning.under.get((fields[above] or "", fold(word))) if above >= 0 and word else None
            pair = position == above and position + 1 < len(self.header) and not self.header[position + 1]
            if name and (pair or position != above):
                self.second[position] = (name, f"{self.header[above]}, {word}")
        if len(self.second) > 1:
            for position, (name, title) in self.second.items():
                fields[position], self.header[position] = name, title

    def _title_at(self, position: int) -> str:
        return short(self.header[position]) if position < len(self.header) else ""

    # Rows ---------------------------------------------------------------------------------------

    def _above(self, number: int, raw: Sequence[str], cells: Sequence[str]) -> str:
        filled = {position: text for position, text in enumerate(cells) if text}
        if not filled:
            return "empty"
        if self._swallows(number, raw):
            return "faulty"
        self._count(number, filled)
        fields = self._titles_in(cells)
        if self.meaning.main in fields and len(set(fields) - {None}) >= _MIN_KNOWN_TITLES:
            self.listed_above = True
        elif self._is_person_above(filled):
            text = N_(
                "somebody seems to stand here, above the titles in row {row}, and would not be read: put the titles "
                "above everybody, and give each list with titles of its own a file of its own"
            )
            self._wrong(number, next(iter(filled)), "ABOVE_TITLES", text, row=str(self.table.header))
            return "faulty"
        return "above"

    def _titles_in(self, cells: Sequence[str]) -> list[str | None]:
        fields = [self.meaning.field_of(cell) for cell in cells]
        self.meaning.settle(cells, fields)
        return fields

    def _is_person_above(self, filled: Mapping[int, str]) -> bool:
        """Whether a row above the titles is one of people: of a list with titles of its own, or sorted up there."""
        if self._counts_columns(filled) or any(self._is_closing(text) for text in filled.values()):
            return False
        if self.listed_above and len(filled) > 1:
            return True
        known = {name: filled[at] for at, name in enumerate(self.table.fields) if name and at in filled}
        number = known.pop(self.meaning.number, "")
        if _PLAIN_NUMBER.fullmatch(number) and len(known) > 1:
            return True
        sexed = any(fold(known.get(name, "")) in _SEXES for name in self.meaning.telling)
        return sexed and any(
            fold(text) not in _SUBTITLES and not self.meaning.field_of(text) for text in known.values()
        )

    def _row(self, number: int, raw: Sequence[str], cells: Sequence[str]) -> str:
        filled = {position: text for position, text in enumerate(cells) if text}
        if not filled:
            return "empty"
        if self._swallows(number, raw):
            return "faulty"
        first = next(iter(filled.values()))
        numbered = _REMARK_OR_NUMBER.fullmatch(first) is not None and len(filled) > 1
        if is_remark(first) and not numbered:
            return "remarks"
        if self._other_separator(number, filled):
            return "faulty"
        known = {name: filled[at] for at, name in enumerate(self.table.fields) if name and at in filled}
        if self._is_no_person(number, filled, known):
            return "no_people"
        if self.sheet.separator and len(raw) > len(self.header):
            self.longer.append(number)
        for position in filled:
            self.unused[position] = self.unused.get(position, 0) + 1
        return self._person(number, filled, known, first)

    def _person(self, number: int, filled: Mapping[int, str], known: Mapping[str, str], first: str) -> str:
        meaning, table = self.meaning, self.table
        self._damaged(number, filled)
        cells = {name: Cell(text, number, table.titles[name]) for name, text in known.items()}
        shared = {name: cells.pop(name) for name in tuple(cells) if name in meaning.shared}
        for name, cell in shared.items():
            table.shared.setdefault(name, []).append(cell)
        if not set(cells) - {meaning.number}:
            if any(is_excel_error(text) for text in filled.values()):
                return "faulty"
            lone = cells.get(meaning.number)
            if lone is not None and not _NUMBER.fullmatch(lone.text):
                self._ask_about_lone(lone)
                return "no_people"
            return "shared" if shared else "numbers" if lone else "no_people"
        row = Row(number, cells)
        table.rows.append(row)
        if first.startswith("#") and not is_excel_error(first):
            self.hashed.append(row)
        return "people"

    def _ask_about_lone(self, cell: Cell) -> None:
        """A name in the column of the numbers may be somebody's whose row was moved."""
        if not self.signed and _may_be_name(cell.text) and not _GROUP.match(fold(cell.text)):
            text = N_("only this stands in the row, and nobody is registered of it: is it the name of a person?")
            self.table.warnings.append(Problem(cell.row, cell.title, "", "LONE_NAME", text))

    def _swallows(self, number: int, raw: Sequence[str]) -> bool:
        """A quote that was not closed where it should have been has drawn the next rows into a cell."""
        separator = self.sheet.separator
        if not separator:
            return False
        for position, text in enumerate(raw):
            lines = re.split(r"\r\n|\r|\n", text.strip())
            if len(lines) > 1 and text.count(separator) >= max(len(self.header) - 1, 1):
                problem = N_(
                    'this cell holds whole rows: a " stands at its beginning and the closing one is missing or too far '
                    "below; look at the signs around it"
                )
                self._wrong(number, position, "ROWS_IN_CELL", problem)
                return True
        if number in self.sheet.swallowing:
            problem = N_(
                'a cell begins with " and goes over several lines, and behind the closing " there is more text; look '
                "at the signs, or remove the line break"
            )
            self.table.problems.append(Problem(number, "", "", "ROWS_IN_CELL", problem))
            return True
        return False

    def _other_separator(self, number: int, filled: Mapping[int, str]) -> bool:
        if len(filled) != 1:
            return False
        ((position, text),) = filled.items()
        # A remark below the list may have commas too; a row has about as many as the titles, or begins with a number.
        for sign in SEPARATORS:
            # Behind a comma in a sentence there is a blank.
            count = len(re.findall(re.escape(sign) + r"(?!\s)", text)) if sign != "\t" else self._tabs(number)
            enough = count >= max((len(self.header) - 1) // 2, 1) or (count and re.match(r"#?\d+\s*[;,|\t]", text))
            if sign != self.sheet.separator and (enough or (sign == "\t" and count > 1)):
                problem = N_(
                    "this row stands in one cell: its values are separated by other signs than in the other rows; "
                    "paste each value into its column"
                )
                self._wrong(number, position, "OTHER_SEPARATOR", problem)
                return True
        return False

    def _tabs(self, number: int) -> int:
        return max(cell.count("\t") for cell in self.sheet.rows[number - 1])

    def _damaged(self, number: int, filled: Mapping[int, str]) -> None:
        behind = [position for position in filled if position >= len(self.header)]
        for position, text in filled.items():
            name = self._field_at(position)
            if (number, position) in self.sheet.uncomputed:
                problem = N_("the value of this formula was never computed: open the file in Excel and save it there")
                self._wrong(number, position, "EXCEL_ERROR", problem)
            elif is_excel_error(text):
                problem = N_(
                    "{word} is no value but Excel's word for a mistake or a column that is too narrow; put in what is "
                    "meant"
                )
                self._wrong(number, position, "EXCEL_ERROR", problem, word=text if len(text) < 16 else "###")
            elif name and name not in self.meaning.dates and (number, position) in self.sheet.dated:
                problem = N_("Excel has made a date of this; format the column as text and type it again")
                self._wrong(number, position, "BAD_FORMAT", problem)
            elif position in behind[:1]:
                quoted = N_(
                    "the row goes on behind the last title, in column {column}: a text with the separator in it must "
                    'stand between two "'
                )
                untitled = N_("the row goes on behind the last title, in column {column}: give the column a title")
                problem = quoted if self.sheet.separator else untitled
                self._wrong(number, position, "EXTRA_CELL", problem, column=column_name(position))

    def _field_at(self, position: int) -> str:
        return (self.table.fields[position] or "") if position < len(self.table.fields) else ""

    def _wrong(self, number: int, position: int, code: str, text: str, **params: str) -> None:
        title, name = self._title_at(position), self._field_at(position)
        self.table.problems.append(Problem(number, title, name, code, text, params))

    # Rows that are no people --------------------------------------------------------------------

    def _is_no_person(self, number: int, filled: Mapping[int, str], known: Mapping[str, str]) -> bool:
        texts = list(filled.values())
        repeated = sum(1 for at, text in filled.items() if self._field_at(at) == (self.meaning.field_of(text) or "-"))
        if repeated >= max(2, (len(filled) + 1) // 2):
            self._compare_titles(number, filled)
            return True
        if self._counts_columns(filled):
            return True
        subtitles = {fold(text) for text in texts}
        if self.meaning.main not in known and len(subtitles) > 1 and subtitles <= _SUBTITLES:
            return True
        closing = any(self._is_closing(text) for text in texts)
        if any(self._tells(known.get(name, ""), closing) for name in self.meaning.telling):
            return False
        if closing and self._is_remarked_person(known):
            return False
        if closing:
            self._count(number, filled)
            self.signed = self.signed or any(_begins_signatures(text) for text in texts)
            return True
        if self.signed and not _NUMBER.fullmatch(known.get(self.meaning.number, "")):
            return True
        return self._is_group(known, filled)

    def _compare_titles(self, number: int, filled: Mapping[int, str]) -> None:
        """Titles that stand in the list again must stand over the same columns."""
        fields = self._titles_in([filled.get(at, "") for at in range(max(filled) + 1)])
        for position, text in filled.items():
            first = self.first_titles[position] if position < len(self.first_titles) else None
            title = self.header[position] if position < len(self.header) else ""
            shortened = fields[position] is None and len(squeeze(text)) <= _SHORT_TITLE
            if fields[position] != first and fold(text) != fold(title) and not shortened:
                problem = N_(
                    "titles stand here again, and not over the same columns as in row {row}: give each list a file of "
                    "its own, or put the columns in one order"
                )
                self._wrong(number, position, "OTHER_TITLES", problem, row=str(self.table.header))
                return

    def _is_remarked_person(self, known: Mapping[str, str]) -> bool:
        """A person of whom little more than the name is known, and whose remark sounds like a signature or a note."""
        name = known.get(self.meaning.main, "")
        if not name or self._is_closing(name):
            return False
        numbered = _PLAIN_NUMBER.fullmatch(known.get(self.meaning.number, "")) is not None
        return numbered or (not self.signed and _may_be_name(name))

    def _count(self, number: int, filled: Mapping[int, str]) -> None:
        """Remembers how many people a heading or a total says there are."""
        for text in filled.values():
            if match := _COUNTED.match(fold(text)):
                self.counted[number] = int(match[1] or match[2])
                # "1 nạn nhân và 2 trẻ em" are three, "3 người, trong đó 1 trẻ em" are not four.
                self.parts.add(sum(int(each) for each in _COUNTED_PART.findall(fold(text))))

    def _tells(self, text: str, closing: bool) -> bool:
        """Whether a cell tells a person: below a total the columns may have counts."""
        return bool(text) and not self._is_closing(text) and not (closing and re.fullmatch(r"\d{1,3}", text))

    def _counts_columns(self, filled: Mapping[int, str]) -> bool:
        """(1) (2) (3) … below the titles."""
        matches = [_COLUMN_NUMBER.fullmatch(text) for text in filled.values()]
        numbers = [match[1].lower() for match in matches if match]
        if len(numbers) < max(3, len(filled)):
            return False
        digits = [int(each) for each in numbers if each.isdigit()]
        letters = [each for each in numbers if not each.isdigit()]
        return all(b - a == 1 for a, b in pairwise(digits)) and letters == sorted(set(letters))

    @staticmethod
    def _is_closing(text: str) -> bool:
        """A total, a signature, or place and day of one."""
        plain = fold(text)
        closes = _TOTAL.match(plain) or _SIGNATURE.match(plain) or _PLACE_AND_DAY.search(plain)
        return bool(closes or _PLACE_BEFORE_DAY.match(plain))

    def _is_group(self, known: Mapping[str, str], filled: Mapping[int, str]) -> bool:
        """A heading within the table, such as "I. Nạn nhân trở về từ Trung Quốc"."""
        others = {name: text for name, text in known.items() if name != self.meaning.number}
        if len(filled) - (self.meaning.number in known) != 1:
            return False
        text = next(iter(others.values()), "") or next(
            text for at, text in filled.items() if self._field_at(at) != self.meaning.number
        )
        number = known.get(self.meaning.number, "")
        numbered = _GROUP_NUMBER.fullmatch(number.rstrip(".)")) is not None
        match = re.match(r"([IVX]+|[A-ZĐ])\s*[.)]\s*", text)
        body = text[match.end() :] if match else text
        if _GROUP.match(fold(body)) and not re.match(r"\d", number):
            return True
        return (numbered or match is not None) and not _may_be_name(body)

    # What concerns the whole table --------------------------------------------------------------

    def _hashed_numbers(self) -> None:
        """Numbers written #1, #2 … are numbers where all are; one among others may be meant as a remark."""
        if not self.hashed or len(self.hashed) == len(self.table.rows):
            for row in self.hashed:
                for name, cell in row.cells.items():
                    row.cells[name] = Cell(cell.text.lstrip("# "), cell.row, cell.title, cell.parts)
                    break
            return
        text = N_(
            "this row begins with # and a number: write the number alone if somebody stands here, or # and a blank if "
            "the row is not to be read"
        )
        for row in self.hashed:
            title = next(iter(row.cells.values())).title
            self.table.problems.append(Problem(row.number, title, "", "HASH_BEFORE_NUMBER", text))

    def _columns(self) -> None:
        table = self.table
        for position, count in sorted(self.unused.items()):
            if position >= len(self.header) or table.fields[position] or position in self.doubled:
                continue
            title = self._title_at(position)
            if not title:
                text = N_(
                    "column {column} has no title, but text in {count} of the rows; give it a title of its own (a "
                    "title over two columns belongs to the first), or empty it"
                )
                params = {"column": column_name(position), "count": str(count)}
                table.problems.append(Problem(table.header, "", "", "UNTITLED_COLUMN", text, params))
            elif fold(title) not in self.meaning.unremarkable:
                text = N_("this column is not used and nothing of it is sent; rows with text: {count}")
                table.warnings.append(Problem(table.header, title, "", "COLUMN_NOT_USED", text, {"count": str(count)}))

    def _hidden(self) -> None:
        rows = [row.number for row in self.table.rows if row.number in self.sheet.hidden_rows]
        if rows:
            text = N_("these rows are hidden in the workbook and are read too: {rows}")
            self.table.warnings.append(Problem(None, "", "", "HIDDEN_ROWS", text, {"rows": ranges(rows)}))
        columns = [at for at in sorted(self.sheet.hidden_columns) if self.unused.get(at) and self._title_at(at)]
        for at in columns:
            text = N_("this column is hidden in the workbook; it is read like the others")
            if self._field_at(at):
                self.table.warnings.append(Problem(None, self._title_at(at), "", "HIDDEN_COLUMN", text))

    def _noted(self) -> None:
        """A note on a cell is often what somebody wanted to say; it is not read."""
        rows = sorted(self.sheet.noted_rows)
        if rows:
            text = N_("notes on cells are not read, and nothing of them is sent; they stand in the rows {rows}")
            self.table.warnings.append(Problem(None, "", "", "NOTES_NOT_READ", text, {"rows": ranges(rows)}))

    def _longer(self) -> None:
        """A row with more cells than the titles and the other rows has a separator too many, and what stands behind
        it belongs one column further left."""
        told = {each.row for each in self.table.problems if each.code == "EXTRA_CELL"}
        if len(self.longer) == len(self.table.rows):
            return
        text = N_(
            "this row has more cells than the titles and other rows: a text with the separator in it must stand "
            'between two "; look at each of its cells'
        )
        for number in self.longer:
            if number not in told:
                self.table.problems.append(Problem(number, "", "", "EXTRA_CELL", text))

    def _shorter(self) -> None:
        """Where all rows are whole but few, these may lack a separator, and what stands behind it was moved."""
        lengths = {row.number: len(self.sheet.rows[row.number - 1]) for row in self.table.rows}
        whole = len(self.header)
        short = [number for number, length in lengths.items() if 0 < whole - length <= _FEW_CELLS]
        others = [length for length in lengths.values() if length >= whole]
        if self.sheet.separator and short and len(others) == len(lengths) - len(short) >= len(short):
            text = N_(
                "these rows have fewer cells than the titles and other rows, as when a separator is left out: {rows}; "
                "does each of their texts stand in its column?"
            )
            self.table.warnings.append(Problem(None, "", "", "SHORT_ROWS", text, {"rows": ranges(short)}))

    def _struck(self) -> None:
        """Who is crossed out was often not handed over."""
        rows = [row.number for row in self.table.rows if row.number in self.sheet.struck_rows]
        if rows:
            text = N_("in these rows something is crossed out, and is read all the same: {rows}")
            self.table.warnings.append(Problem(None, "", "", "STRUCK_OUT", text, {"rows": ranges(rows)}))

    def _compare_count(self) -> None:
        """People are missing, or too many, where no total says as many as were read; totals may be those of groups."""
        count, said = len(self.table.rows), list(self.counted.values())
        if said and count not in {*said, *self.parts, sum(said)}:
            row, total = list(self.counted.items())[-1]
            text = N_(
                "here it says that there are {total}, but {count} people are read: is somebody missing, or one too "
                "many?"
            )
            params = {"total": str(total), "count": str(count)}
            self.table.warnings.append(Problem(row, "", "", "TOTAL_DIFFERS", text, params))

    def _merged(self) -> None:
        """In a merged cell the value belongs to the first row; the others have none."""
        people = {row.number for row in self.table.rows}
        for each in self.sheet.merged:
            name = self._field_at(each.first_column)
            if each.first_row == each.last_row or not name or name in self.meaning.shared or not _covers(each, people):
                continue
            text = N_("rows {rows} are one merged cell: its value belongs to the first row only; write it in each row")
            params = {"rows": f"{each.first_row}–{each.last_row}"}
            title = self._title_at(each.first_column)
            self.table.problems.append(Problem(each.first_row, title, name, "MERGED_CELLS", text, params))


def _begins_signatures(text: str) -> bool:
    plain = fold(text)
    return bool(_SIGNATURE.match(plain) or (_PLACE_BEFORE_DAY.match(plain) and not _GROUP.match(plain)))


def _may_be_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 6 and all(word[0].isupper() and not re.search(r"\d", word) for word in words)


def _covers(merged: Merged, people: set[int]) -> bool:
    return sum(1 for row in range(merged.first_row, merged.last_row + 1) if row in people) > 1


def ranges(rows: Sequence[int]) -> str:
    """Numbers of rows, in short: "4, 7–9"."""
    spans: list[tuple[int, int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], row)
        else:
            spans.append((row, row))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
