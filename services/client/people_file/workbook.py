"""Workbooks of Excel and LibreOffice as they are: .xlsx, .xlsm, .xls, .ods.

The cells are read by calamine. What it does not say stands in the XML of the workbook: hidden rows and columns, and
cells with an error, which it gives as empty. There too the size is looked at first: calamine lays out a full
rectangle up to the last cell.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.sax.saxutils import unescape

from services.chassis.kernel.fold import fold
from services.client.people_file.draft import Problem, UnreadableFile, short
from services.client.people_file.foreign import ZIP, locked, refuse_packed
from services.client.people_file.looks import (
    PLAIN,
    Look,
    is_struck,
    looks_of_xlsx,
    shown_as,
    struck_styles_of_ods,
    struck_texts,
)
from services.client.people_file.ole import Found, cells_of_xls
from services.client.people_file.sheet import MAX_ROWS, Merged, Sheet, too_many_rows
from services.client.people_file.table import Meaning, column_name, known_titles
from services.client.texts import N_

MAX_UNPACKED_BYTES: Final = 60_000_000
MAX_PARTS: Final = 2_000
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 1_000_000
"""Of the rectangle up to the last cell: two thousand people fill forty thousand."""
OWN_SHEETS: Final = frozenset({"Danh mục", "Hướng dẫn", "Lists", "How to fill in"})
"""Sheets of the form itself that hold nobody."""
_MIN_KNOWN_TITLES: Final = 2
_SEXES: Final = frozenset({"nam", "nu", "male", "female"})
_CHUNK: Final = 65_536
_XML: Final = (".xml", ".rels")


_DAMAGE: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
)
"""What reading a damaged zip and its parts may raise."""


@dataclass(slots=True)
class Beside:
    """What a sheet says beside its values: errors by row from 1 and column from 0, and what is hidden."""

    errors: dict[tuple[int, int], str]
    hidden_rows: set[int]
    hidden_columns: set[int]
    uncomputed: set[tuple[int, int]]
    noted: set[int]
    """Rows with a note on one of their cells; 0 where it is not known in which."""
    struck: set[int] = field(default_factory=set)
    """Rows with a cell that is crossed out."""
    shown: dict[tuple[int, int], int] = field(default_factory=dict)
    """Of cells that would show a date without its day: how many letters of it they show."""

    def look(self, row: int, column: int, look: Look) -> None:
        """Keep how a cell looks."""
        if look.struck:
            self.struck.add(row)
        if look.shown:
            self.shown[row, column] = look.shown


def _nothing() -> Beside:
    return Beside({}, set(), set(), set(), set())


def sheet_of_workbook(data: bytes, meaning: Meaning) -> Sheet:
    """The one sheet with titles that are known. Raises UnreadableFile when there is none, or more than one."""
    beside = _beside(data)
    sheets = [(name, hidden, sheet) for name, hidden, sheet in _sheets(data, beside)]
    found = [each for each in sheets if known_titles(each[2].rows, meaning.field_of) >= _MIN_KNOWN_TITLES]
    shown = [each for each in found if not each[1] and len(each[2].rows) > 1]
    filled = [each for each in shown if _has_more_than_titles(each[2], meaning)] or shown or found
    if not filled:
        return sheets[0][2] if sheets else Sheet(())
    if len(filled) > 1:
        text = N_("The workbook has lists in several sheets ({sheets}); give each list a file of its own.")
        raise UnreadableFile("SEVERAL_SHEETS", text, sheets=", ".join(short(name) for name, _, _ in filled))
    name, hidden, sheet = filled[0]
    others = {other: rows for other, _, rows in sheets if other != name and other not in OWN_SHEETS and _any(rows)}
    return replace(sheet, warnings=tuple(_told(name, hidden, others)))


def _told(name: str, hidden: bool, others: Mapping[str, Sheet]) -> Iterator[Problem]:
    if hidden:
        text = N_("the list stands in a hidden sheet, {name}")
        yield Problem(None, "", "", "HIDDEN_SHEET", text, {"name": short(name)})
    people = [other for other, sheet in others.items() if _has_somebody(sheet)]
    if people:
        text = N_("only the sheet {name} is read, and in these people seem to stand too: {others}")
        yield Problem(None, "", "", "PEOPLE_IN_OTHER_SHEETS", text, _names(name, people))
    if rest := [other for other in others if other not in people]:
        text = N_("only the sheet {name} is read; these hold something too: {others}")
        yield Problem(None, "", "", "OTHER_SHEETS", text, _names(name, rest))


def _names(name: str, others: Sequence[str]) -> dict[str, str]:
    return {"name": short(name), "others": ", ".join(short(each) for each in others[:10])}


def _has_somebody(sheet: Sheet) -> bool:
    """Whether a row has a word of a sex and a text beside it that may be a name, as on a second page without titles."""
    return any(
        any(fold(cell) in _SEXES for cell in row) and any(len(cell.split()) > 1 and cell[0].isalpha() for cell in row)
        for row in sheet.rows
    )


def _any(sheet: Sheet) -> bool:
    return any(any(row) for row in sheet.rows)


def _has_more_than_titles(sheet: Sheet, meaning: Meaning) -> bool:
    best = max(range(min(len(sheet.rows), 200)), key=lambda at: sum(1 for c in sheet.rows[at] if meaning.field_of(c)))
    return any(any(cell.strip() for cell in row) for row in sheet.rows[best + 1 :])


# Values -----------------------------------------------------------------------------------------


def _sheets(data: bytes, beside: Mapping[str, Beside]) -> Iterator[tuple[str, bool, Sheet]]:
    from python_calamine import PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        with load_workbook(io.BytesIO(data)) as workbook:
            for position, each in enumerate(workbook.sheets_metadata):
                if each.typ is SheetTypeEnum.WorkSheet:
                    read = workbook.get_sheet_by_index(position)
                    rows = read.to_python(skip_empty_area=False)
                    merged = read.merged_cell_ranges or []
                    sheet = _sheet(rows, merged, beside.get(each.name) or _nothing())
                    yield each.name, each.visible is not SheetVisibleEnum.Visible, sheet
    except PasswordError:
        raise locked() from None
    except UnreadableFile:
        raise
    except BaseException as error:
        # A panic within the library is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise damaged() from None


def _sheet(rows: Sequence[Sequence[Any]], merged: Sequence[Any], beside: Beside) -> Sheet:
    if len(rows) > MAX_ROWS:
        raise too_many_rows()
    dated = frozenset(
        (number, at)
        for number, row in enumerate(rows, start=1)
        for at, value in enumerate(row)
        if isinstance(value, date | time | timedelta)
    )
    texts = [[text_of_value(value) for value in row] for row in rows]
    for (row, column), letters in beside.shown.items():
        if (row, column) in dated:
            texts[row - 1][column] = _as_shown(texts[row - 1][column], letters)
    for (row, column), word in beside.errors.items():
        while len(texts) < row:
            texts.append([])
        cells = texts[row - 1]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = word
    return Sheet(
        texts,
        uncomputed=frozenset(beside.uncomputed),
        dated=dated,
        merged=tuple(Merged(first[0] + 1, last[0] + 1, first[1], last[1]) for first, last in merged),
        hidden_rows=frozenset(beside.hidden_rows),
        hidden_columns=frozenset(beside.hidden_columns),
        noted_rows=frozenset(beside.noted),
        struck_rows=frozenset(beside.struck),
    )


def _as_shown(text: str, letters: int) -> str:
    """A date as its cell shows it: who types 03/2004 gets the first of the month without seeing it."""
    return text[:letters] if "-01-01"[letters - 4 :] == text[letters:] else text


def text_of_value(value: object) -> str:
    """The text of a cell: whole numbers without .0, days and hours in ISO 8601, ticks as words."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        moment = value + timedelta(microseconds=500_000) if value.microsecond else value
        if moment.time().replace(microsecond=0) == time():
            return f"{moment:%Y-%m-%d}"
        return f"{moment:%Y-%m-%d %H:%M}" if not moment.second else f"{moment:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def damaged() -> UnreadableFile:
    """The refusal of a workbook that cannot be read."""
    text = N_("The workbook is damaged or was not copied whole. Open it in Excel, save it anew, and give that file.")
    return UnreadableFile("DAMAGED_WORKBOOK", text)


# Beside the values ------------------------------------------------------------------------------


def _beside(data: bytes) -> dict[str, Beside]:
    """By the name of the sheet. Raises UnreadableFile for what is too large, locked, damaged or no workbook."""
    if not data.startswith(ZIP):
        return {name: _of_xls(found) for name, found in cells_of_xls(data).items()}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = _unpacked(packed)
        if "xl/workbook.xml" in parts:
            return _of_xlsx(parts)
        return _of_ods(parts["content.xml"]) if "content.xml" in parts else {}
    except _DAMAGE:
        raise damaged() from None


def _of_xls(found: Found) -> Beside:
    """Raises UnreadableFile for a sheet with a cell far away."""
    require_near(found.last_row, found.last_column)
    beside = Beside(found.errors, found.hidden_rows, found.hidden_columns, set(), found.noted_rows)
    for (row, column), look in found.looks.items():
        beside.look(row, column, look)
    return beside


def require_near(row: int, column: int) -> None:
    """Raise UnreadableFile when a full rectangle up to that cell, the last of a sheet, would be too large."""
    if row > MAX_ROWS or column > MAX_COLUMNS:
        raise too_wide_or_long(row, column)
    if row * (column + 1) > MAX_CELLS:
        text = N_("The sheet has cells far to the right and far below ({column}{row}); remove what stands there.")
        raise UnreadableFile("SHEET_TOO_LARGE", text, column=column_name(column), row=str(row))


def _unpacked(packed: zipfile.ZipFile) -> dict[str, str]:
    """The XML parts. The directory is believed only after each part was read to the size that it says."""
    infos = packed.infolist()
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(
            "TOO_LARGE_UNPACKED",
            N_("The workbook unpacks to more than {limit} MB; copy the list alone into a new one."),
            limit=str(MAX_UNPACKED_BYTES // 1_000_000),
        )
    names = frozenset(info.filename for info in infos)
    mimetype = packed.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    refuse_packed(names, mimetype)
    if any(info.flag_bits & 1 for info in infos):
        raise locked()
    parts = {}
    for info in infos:
        with packed.open(info) as source:
            content = b"".join(iter(lambda source=source: source.read(_CHUNK), b""))  # type: ignore[misc]
        if info.filename.endswith(_XML):
            parts[info.filename] = content.decode("utf-8", "replace")
    return parts


_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_XLSX: Final = re.compile(
    r"<(?:\w+:)?(?P<tag>row|col|c)(?=[\s/>])(?P<given>[^>]*)>(?P<value>(?:<(?:\w+:)?v>(?P<v>[^<]*)<)?)"
)
_UNCOMPUTED: Final = re.compile(
    r"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STYLE: Final = re.compile(r"\ss=[\"'](\d+)[\"']")
_INLINE: Final = re.compile(r"\s*<(?:\w+:)?is>.{0,4000}?</(?:\w+:)?is>", re.DOTALL)
_VALUE: Final = re.compile(r"<(?:\w+:)?v>([^<]*)<")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.rpartition(":")[2]: unescape(one or two, {"&quot;": '"', "&apos;": "'"})
        for name, one, two in _ATTRIBUTE.findall(tag)
    }


def _of_xlsx(parts: Mapping[str, str]) -> dict[str, Beside]:
    targets = {}
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", "")):
        given = _attributes(relation)
        target = given.get("Target", "")
        targets[given.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    styles = enumerate(looks_of_xlsx(parts.get("xl/styles.xml", "")))
    looks = {str(number): look for number, look in styles if look != PLAIN}
    struck = struck_texts(parts.get("xl/sharedStrings.xml", ""))
    found = {}
    for sheet in _SHEET.findall(parts["xl/workbook.xml"]):
        given = _attributes(sheet)
        part = targets.get(given.get("id", ""), "")
        if xml := parts.get(part):
            beside = found[given.get("name", "")] = _of_sheet_xml(xml, looks, struck)
            beside.noted |= _noted_rows(parts, part)
    return found


_NOTE: Final = re.compile(r"<(?:\w+:)?(?:comment|threadedComment)\b([^>]*)>")


def _noted_rows(parts: Mapping[str, str], sheet: str) -> set[int]:
    """Rows of cells with a note, or a thread of them, in the parts that belong to a sheet."""
    folder, _, name = sheet.rpartition("/")
    rows = set()
    for relation in _RELATION.findall(parts.get(f"{folder}/_rels/{name}.rels", "")):
        target = _attributes(relation).get("Target", "")
        whole = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if "omment" in whole:
            references = (_attributes(given).get("ref", "") for given in _NOTE.findall(parts.get(whole, "")))
            rows |= {int(match[2]) for each in references if (match := _REFERENCE.match(each))}
    return rows


def _of_sheet_xml(xml: str, looks: Mapping[str, Look], struck: frozenset[int]) -> Beside:
    beside = _nothing()
    row, column, last_row, last_column = 0, -1, 0, 0
    for match in _XLSX.finditer(xml):
        tag, given = match["tag"], match["given"]
        if tag == "col":
            _hide_columns(beside, _attributes(given))
            continue
        if tag == "row":
            attributes = _attributes(given)
            row, column = int(attributes.get("r") or row + 1), -1
            if attributes.get("hidden") in ("1", "true"):
                beside.hidden_rows.add(row)
            continue
        reference = _REFERENCE.search(given)
        column = _column(reference[1]) if reference else column + 1
        if given.rstrip().endswith("/"):
            continue
        last_row, last_column = max(row, last_row), max(column, last_column)
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise too_wide_or_long(row, column)
        _look_at(beside, (row, column), match, looks, struck)
        if 't="e"' in given or "t='e'" in given:
            value = _VALUE.search(xml, match.start(), match.start() + 3_000)
            beside.errors[(row, column)] = unescape(value[1]) if value and value[1] else "#VALUE!"
        elif _UNCOMPUTED.match(xml, match.end("given") + 1) and "str" not in given:
            beside.errors[(row, column)] = "="
            beside.uncomputed.add((row, column))
    require_near(last_row, last_column)
    return beside


def _look_at(
    beside: Beside, at: tuple[int, int], cell: re.Match[str], looks: Mapping[str, Look], struck: frozenset[int]
) -> None:
    """Keep how a cell looks that has a look of its own, or a part that is crossed out."""
    given, text = cell["given"], cell["v"] or ""
    if looks and (style := _STYLE.search(given)):
        beside.look(*at, looks.get(style[1], PLAIN))
    if struck and re.search(r"\bt=[\"']s[\"']", given) and text.isdigit() and int(text) in struck:
        beside.struck.add(at[0])
    if "inlineStr" in given and (inline := _INLINE.match(cell.string, cell.end("given") + 1)) and is_struck(inline[0]):
        beside.struck.add(at[0])


def _hide_columns(beside: Beside, given: Mapping[str, str]) -> None:
    if given.get("hidden") in ("1", "true"):
        first, last = int(given.get("min", 1)), int(given.get("max", 1))
        beside.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def too_wide_or_long(row: int, column: int) -> UnreadableFile:
    """The refusal of a sheet with a cell far away."""
    if row > MAX_ROWS:
        return too_many_rows()
    text = N_("The sheet has cells behind its column {limit}; remove what stands far to the right.")
    return UnreadableFile("SHEET_TOO_WIDE", text, limit=str(MAX_COLUMNS))


_ODS: Final = re.compile(
    r"<(?P<end>/?)(?:table|office):(?P<tag>table-row|table-cell|covered-table-cell|table-column|table|annotation)"
    r"(?=[\s/>])(?P<given>[^>]*)>"
)
_ODS_TEXT: Final = re.compile(r"\s*<text:p[^>]*>([^<]*)</text:p>")
_ODS_ERROR: Final = re.compile(r"\s*<text:p[^>]*>(Err:\d{3}|#[A-Z/0!?]+)</text:p>")


def _of_ods(xml: str) -> dict[str, Beside]:
    found: dict[str, Beside] = {}
    beside, row, rows, column, columns = _nothing(), 0, 1, 0, 0
    last_row, last_column = 0, 0
    struck = struck_styles_of_ods(xml)
    for match in _ODS.finditer(xml):
        tag, given = match["tag"], match["given"]
        if match["end"]:
            row += rows if tag == "table-row" else 0
            continue
        attributes = _attributes(given)
        closed = given.rstrip().endswith("/")
        hidden = attributes.get("visibility") in ("collapse", "filter")
        if tag == "annotation":
            beside.noted.add(row + 1)
        elif tag == "table":
            require_near(last_row, last_column)
            last_row, last_column = 0, 0
            beside = found.setdefault(attributes.get("name", ""), _nothing())
            row, column, columns = 0, 0, 0
        elif tag == "table-column":
            many = _many(attributes, "number-columns-repeated")
            if hidden:
                beside.hidden_columns.update(range(columns, min(columns + many, MAX_COLUMNS)))
            columns += many
        elif tag == "table-row":
            rows, column = _many(attributes, "number-rows-repeated"), 0
            if hidden and row + rows <= MAX_ROWS:
                beside.hidden_rows.update(range(row + 1, row + rows + 1))
            row += rows if closed else 0
        else:
            many = _many(attributes, "number-columns-repeated")
            if not closed and (row + rows > MAX_ROWS or column + many > MAX_COLUMNS):
                raise too_wide_or_long(row + rows, column + many)
            if not closed:
                last_row, last_column = max(last_row, row + rows), max(last_column, column + many - 1)
            if not closed and (error := _ODS_ERROR.match(xml, match.end())):
                beside.errors[(row + 1, column)] = error[1]
            if not closed:
                shown = _ODS_TEXT.match(xml, match.end()) if "date-value" in attributes else None
                look = Look(shown_as(shown[1]) if shown else 0, attributes.get("style-name") in struck)
                beside.look(row + 1, column, look)
            column += many
    require_near(last_row, last_column)
    return found


def _many(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() else 1
