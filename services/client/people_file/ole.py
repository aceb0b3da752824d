"""What calamine does not say of an .xls: errors, what is hidden, how cells look, and how far the sheet goes.

A workbook of Excel 97 is a stream of records within a compound file ([MS-CFB], [MS-XLS]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.client.people_file.looks import PLAIN, Look, looks_of_xls

_END: Final = 0xFFFFFFFA
_MAX_SECTORS: Final = 40_000
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUNDSHEET, _BOF, _EOF = 0x85, 0x809, 0x0A
_ROW, _COLINFO, _BOOLERR, _FORMULA, _NOTE, _MULRK = 0x208, 0x7D, 0x205, 0x06, 0x1C, 0xBD
_VALUES: Final = frozenset({_BOOLERR, _FORMULA, _MULRK, 0x203, 0x27E, 0xFD, 0x204, 0xD6})
"""Records of cells with a value; one for several begins with its first column, and ends with its last one."""


@dataclass(slots=True)
class Found:
    """Errors by row from 1 and column from 0, what is hidden, rows with a note, cells that look otherwise, and the last
    cell with a value."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    noted_rows: set[int] = field(default_factory=set)
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def cells_of_xls(data: bytes) -> dict[str, Found]:
    """By the name of the sheet; nothing where the file is built otherwise than expected: calamine then decides."""
    try:
        stream = _workbook_stream(data)
        looks = looks_of_xls(_globals(stream))
        return {name: _sheet(stream, at, looks) for name, at in _sheets(stream)}
    except (struct.error, IndexError, ValueError, KeyError):
        return {}


def _workbook_stream(data: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise ValueError
    fat_sectors, directory, small_limit = (
        struct.unpack_from("<I", data, 44)[0],
        struct.unpack_from("<I", data, 48)[0],
        struct.unpack_from("<I", data, 56)[0],
    )
    fat: list[int] = []
    for number in struct.unpack_from(f"<{min(fat_sectors, 109)}I", data, 76):
        fat.extend(struct.unpack_from(f"<{sector // 4}I", data, (number + 1) * sector))

    def chain(start: int, table: list[int]) -> Iterator[int]:
        seen = 0
        while start < _END:
            yield start
            start = table[start]
            seen += 1
            if seen > _MAX_SECTORS:
                raise ValueError

    def stream(start: int) -> bytes:
        return b"".join(data[(number + 1) * sector : (number + 2) * sector] for number in chain(start, fat))

    entries = stream(directory)
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entries, at + 116)
        if name in ("Workbook", "Book") and size >= small_limit:
            return stream(start)[:size]
    raise ValueError


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _globals(stream: bytes) -> Iterator[tuple[int, bytes]]:
    for kind, record in _records(stream, 0):
        if kind == _EOF:
            return
        yield kind, record


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, record in _globals(stream):
        if kind == _BOUNDSHEET:
            (at,) = struct.unpack_from("<I", record)
            count, wide = record[6], record[7] & 1
            text = record[8 : 8 + count * (2 if wide else 1)]
            yield text.decode("utf-16-le" if wide else "latin-1"), at


def _sheet(stream: bytes, at: int, looks: Sequence[Look]) -> Found:
    found = Found()
    depth = 0
    for kind, record in _records(stream, at):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                break
        if depth != 1 or kind in (_BOF, _EOF):
            continue
        if kind in _VALUES:
            row, column = struct.unpack_from("<HH", record)
            last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == _MULRK else column
            found.last_row, found.last_column = max(found.last_row, row + 1), max(found.last_column, last)
            for position in range(column, last + 1):
                # Of several numbers in one record each is 6 bytes: its format and itself.
                (number,) = struct.unpack_from("<H", record, 4 + 6 * (position - column))
                if number < len(looks) and looks[number] != PLAIN:
                    found.looks[row + 1, position] = looks[number]
        if kind == _NOTE:
            found.noted_rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind == _ROW and struct.unpack_from("<H", record, 12)[0] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind == _COLINFO:
            first, last, _, _, flags = struct.unpack_from("<5H", record)
            if flags & 1:
                found.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == _BOOLERR and record[7]:
            row, column = struct.unpack_from("<HH", record)
            found.errors[(row + 1, column)] = _ERRORS.get(record[6], "#VALUE!")
        elif kind == _FORMULA and record[6] == 2 and record[12:14] == b"\xff\xff":
            row, column = struct.unpack_from("<HH", record)
            found.errors[(row + 1, column)] = _ERRORS.get(record[8], "#VALUE!")
    return found
