"""Opens a file of people or of a journey, whatever its form."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from services.client.people_file.decode import Decoded, Incomplete, NotText, decode, read_otherwise
from services.client.people_file.draft import MAX_FILE_BYTES, MAX_WORKBOOK_BYTES, Draft, Problem, UnreadableFile
from services.client.people_file.foreign import is_html, is_workbook, refuse_foreign
from services.client.people_file.html_table import sheet_of_html
from services.client.people_file.json_form import read_json
from services.client.people_file.letters import in_utf8
from services.client.people_file.sheet import Sheet, head_of, separators_of
from services.client.people_file.sheet_form import PEOPLE, read_sheet
from services.client.people_file.table import Meaning, known_titles, sheet_of_text
from services.client.texts import N_

_JSON: Final = re.compile(r'\s*(\{|\[\s*([\[{\]"]|null\b|$))')
_MIN_KNOWN_TITLES: Final = 2
_HEAD_CHARS: Final = 20_000


def read_people_file(path: Path, encoding: str = "") -> Draft:
    """Read a workbook, CSV or JSON. Raises UnreadableFile with what to do instead, OSError when it cannot be opened.

    `encoding`: how a text is written, where whoever gives the file knows.
    """
    if encoding:
        with path.open("rb") as source:
            data = source.read(MAX_WORKBOOK_BYTES + 1)
        return read_people(data if is_workbook(data) else in_utf8(data, encoding))
    return _people(read_file(path, PEOPLE))


def read_people(data: bytes) -> Draft:
    """Read the bytes of a workbook, CSV or JSON. Raises UnreadableFile."""
    return _people(content_of(data, PEOPLE))


def _people(content: Decoded | Sheet) -> Draft:
    return read_json(content) if isinstance(content, Decoded) else read_sheet(content)


def read_file(path: Path, meaning: Meaning) -> Decoded | Sheet:
    """The sheet of a file, or its text when that is JSON. Raises UnreadableFile with what to do instead, OSError."""
    with path.open("rb") as source:
        return content_of(source.read(MAX_WORKBOOK_BYTES + 1), meaning)


def content_of(data: bytes, meaning: Meaning) -> Decoded | Sheet:
    """The same of the bytes of a file."""
    workbook = is_workbook(data)
    limit = MAX_WORKBOOK_BYTES if workbook else MAX_FILE_BYTES
    if len(data) > limit:
        megabytes = str(limit // 1_000_000)
        raise UnreadableFile("FILE_TOO_LARGE", N_("The file is larger than {limit} MB."), limit=megabytes)
    if not data.strip():
        raise UnreadableFile("EMPTY_FILE", N_("The file is empty."))
    refuse_foreign(data)
    if workbook:
        from services.client.people_file.workbook import sheet_of_workbook

        return sheet_of_workbook(data, meaning)
    decoded = text_of(data)
    if is_json(decoded):
        return decoded
    if is_html(decoded.text):
        return sheet_of_html(decoded.text)
    return _sheet(decoded, meaning)


def is_json(decoded: Decoded) -> bool:
    """Whether a text is JSON; else it is taken for a table. A heading may begin with a bracket too."""
    return _JSON.match(decoded.text.lstrip("\ufeff")) is not None


def text_of(data: bytes) -> Decoded:
    """The text of the bytes of a file. Raises UnreadableFile with what to do instead."""
    try:
        return decode(data)
    except Incomplete:
        text = N_("The file breaks off in the middle of a letter: it was not copied whole. Copy or save it again.")
        raise UnreadableFile("FILE_INCOMPLETE", text) from None
    except NotText:
        text = N_("The file is no text that can be read; save it as CSV UTF-8.")
        raise UnreadableFile("NOT_TEXT", text) from None


def _sheet(decoded: Decoded, meaning: Meaning) -> Sheet:
    sheet = sheet_of_text(decoded.text, meaning)
    _refuse_other_letters(decoded, known_titles(sheet.rows, meaning.field_of), meaning)
    warnings = _encoding(decoded)
    if sheet.rows and not decoded.text.endswith(("\n", "\r")) and len(sheet.rows) > 1:
        width = max(len(row) for row in sheet.rows[:-1])
        if 1 < len(sheet.rows[-1]) < width:
            text = N_("the last row ends early and without a line end: is the file complete?")
            warnings.append(Problem(len(sheet.rows), "", "", "FILE_INCOMPLETE", text))
    return replace(sheet, warnings=tuple(warnings))


def _refuse_other_letters(decoded: Decoded, known: int, meaning: Meaning) -> None:
    """Titles that look right in a font of former times, or that were read in the wrong encoding once before."""
    tcvn3 = N_(
        "The titles, and so the names, are written in a .VnTime font (TCVN3): convert the text to Unicode with UniKey, "
        "and save it again."
    )
    mistaken = N_(
        "The letters of the titles, and so of the names, are broken: the file was once opened in the wrong encoding "
        "and saved. Take the file as it was before; in Excel open it with Data, From Text, 65001 UTF-8."
    )
    for name, text in read_otherwise(decoded.text[:_HEAD_CHARS]):
        rows, separators = separators_of(text)
        found = max(known_titles(head_of(rows, each), meaning.field_of) for each in separators)
        if found >= max(_MIN_KNOWN_TITLES, 2 * known):
            raise UnreadableFile("OTHER_LETTERS", tcvn3 if name == "TCVN3" else mistaken)


def _encoding(decoded: Decoded) -> list[Problem]:
    if not decoded.guessed:
        return []
    text = N_(
        "the file is not in UTF-8 but in an old Windows encoding ({encoding}): "
        "check that the names are right, or save it as CSV UTF-8"
    )
    names = {"cp1258": "Windows-1258", "cp1252": "Windows-1252"}
    return [Problem(None, "", "", "OLD_ENCODING", text, {"encoding": names[decoded.encoding]})]
