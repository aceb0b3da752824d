"""Opens a file of people, whatever its form."""

from __future__ import annotations

from pathlib import Path

from services.client.people_file.csv_form import read_csv
from services.client.people_file.decode import Decoded, NotText, decode
from services.client.people_file.draft import MAX_FILE_BYTES, Draft, UnreadableFile
from services.client.people_file.json_form import read_json
from services.client.texts import N_

_ZIP: bytes = b"PK\x03\x04"
_OLD_EXCEL: bytes = b"\xd0\xcf\x11\xe0"


def read_people_file(path: Path) -> Draft:
    """Read a JSON or CSV file. Raises UnreadableFile with what to do instead, OSError when it cannot be opened."""
    decoded = read_text(path)
    return read_json(decoded) if is_json(decoded) else read_csv(decoded)


def read_people(data: bytes) -> Draft:
    """Read the bytes of a JSON or CSV file. Raises UnreadableFile."""
    decoded = text_of(data)
    return read_json(decoded) if is_json(decoded) else read_csv(decoded)


def read_text(path: Path) -> Decoded:
    """The text of a file. Raises UnreadableFile with what to do instead, OSError when it cannot be opened."""
    with path.open("rb") as source:
        return text_of(source.read(MAX_FILE_BYTES + 1))


def is_json(decoded: Decoded) -> bool:
    """Whether a text is JSON; else it is taken for a table."""
    return decoded.text.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def text_of(data: bytes) -> Decoded:
    """The text of the bytes of a file. Raises UnreadableFile with what to do instead."""
    if len(data) > MAX_FILE_BYTES:
        limit = str(MAX_FILE_BYTES // 1_000_000)
        raise UnreadableFile("FILE_TOO_LARGE", N_("The file is larger than {limit} MB."), limit=limit)
    if data.startswith((_ZIP, _OLD_EXCEL)):
        text = N_("This is an Excel workbook. In Excel choose File, Save As, CSV UTF-8, and give that file.")
        raise UnreadableFile("EXCEL_WORKBOOK", text)
    if not data.strip():
        raise UnreadableFile("EMPTY_FILE", N_("The file is empty."))
    try:
        return decode(data)
    except NotText:
        text = N_("The file is no text that can be read; save it as CSV UTF-8.")
        raise UnreadableFile("NOT_TEXT", text) from None
