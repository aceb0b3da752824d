"""How a workbook shows its cells, where that says more than the value: a date without its day, a text crossed out."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import unescape

YEAR, MONTH = len("2004"), len("2004-03")
"""What of an ISO date is shown, in letters."""
_MONTH_AND_YEAR: Final = 17
"""The number of a format that every Excel has: mmm-yy, into which it puts a 03/2004 that somebody types."""
_NO_SIGNS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_STRIKE: Final = re.compile(r"<(?:\w+:)?d?strike(?![^>]*\bval\s*=\s*[\"'](?:0|false)[\"'])[^>]*>")
_ODS_NAME: Final = re.compile(r"\sstyle:name=\"([^\"]+)\"")
_ODS_STRIKE: Final = re.compile(r"text-line-through-(?:style|type)=\"(?!none)")
_ODS_SHOWN: Final = (
    (re.compile(r"\d{4}"), YEAR),
    (re.compile(r"(?:\d{1,2}|[^\W\d_]{3,9}\.?)[\s/.\-](?:\d{4}|\d{2})"), MONTH),
)


@dataclass(frozen=True, slots=True)
class Look:
    """Of a date how many letters are shown, 0 for all; and whether the cell is crossed out."""

    shown: int = 0
    struck: bool = False


PLAIN: Final = Look()


def shown_by(code: str) -> int:
    """What of a date a format shows: "yyyy" the year, "mm/yyyy" no day; 0 for all of it."""
    signs = _NO_SIGNS.sub("", code.partition(";")[0]).lower()
    if "y" not in signs or "d" in signs or "h" in signs:
        return 0
    return MONTH if "m" in signs else YEAR


def looks_of_xlsx(xml: str) -> tuple[Look, ...]:
    """By the number of the style that a cell names; of the part styles.xml."""
    codes = {
        int(number): unescape(code, {"&quot;": '"', "&apos;": "'"})
        for tag in re.findall(r"<(?:\w+:)?numFmt\b[^>]*>", xml)
        for number, code in [(_given(tag, "numFmtId"), _given(tag, "formatCode"))]
        if number.isdigit()
    }
    struck = [is_struck(font) for font in _children(xml, "fonts", "font")]
    return tuple(
        _look(_number(xf, "numFmtId"), codes, _number(xf, "fontId"), struck) for xf in _children(xml, "cellXfs", "xf")
    )


def is_struck(xml: str) -> bool:
    """Whether a font or a part of a text in a workbook's XML is crossed out."""
    return _STRIKE.search(xml) is not None


def struck_texts(xml: str) -> frozenset[int]:
    """The numbers of the shared texts of which a part is crossed out; of the part sharedStrings.xml."""
    if "strike" not in xml:
        return frozenset()
    return frozenset(at for at, text in enumerate(_split(xml, "si")) if is_struck(text))


def looks_of_xls(records: Iterable[tuple[int, bytes]]) -> tuple[Look, ...]:
    """By the number of the format that a cell names; of the records before those of the sheets."""
    codes, struck, formats = dict[int, str](), list[bool](), list[tuple[int, int]]()
    for kind, record in records:
        if kind == 0x31:
            if len(struck) == 4:
                # No font has the number 4.
                struck.append(False)
            struck.append(bool(struct.unpack_from("<H", record, 2)[0] & 8))
        elif kind == 0x41E:
            number, count, wide = struct.unpack_from("<HHB", record)
            text = record[5 : 5 + count * (2 if wide & 1 else 1)]
            codes[number] = text.decode("utf-16-le" if wide & 1 else "latin-1")
        elif kind == 0xE0:
            formats.append(struct.unpack_from("<HH", record))
    return tuple(_look(code, codes, font, struck) for font, code in formats)


def struck_styles_of_ods(xml: str) -> frozenset[str]:
    """The names of the styles that cross out, of a content.xml."""
    styles = (each.partition("</style:style>")[0] for each in re.split(r"<style:style(?=\s)", xml)[1:])
    return frozenset(
        name[1]
        for head, _, style in (each.partition(">") for each in styles)
        if not head.endswith("/") and _ODS_STRIKE.search(style) and (name := _ODS_NAME.search(head))
    )


def shown_as(text: str) -> int:
    """What of a date a text shows that LibreOffice wrote beside it."""
    return next((letters for form, letters in _ODS_SHOWN if form.fullmatch(text.strip())), 0)


def _look(code: int, codes: Mapping[int, str], font: int, struck: Sequence[bool]) -> Look:
    shown = shown_by(codes[code]) if code in codes else MONTH if code == _MONTH_AND_YEAR else 0
    return Look(shown, font < len(struck) and struck[font])


def _children(xml: str, parent: str, name: str) -> list[str]:
    whole = re.search(rf"<(?:\w+:)?{parent}\b[^>]*>(.*?)</(?:\w+:)?{parent}>", xml, re.DOTALL)
    return _split(whole[1], name) if whole else []


def _split(xml: str, name: str) -> list[str]:
    """What begins with each element of that name; none stands within another."""
    return re.split(rf"<(?:\w+:)?{name}(?=[\s/>])", xml)[1:]


def _given(tag: str, name: str) -> str:
    match = re.search(rf"\b{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return (match[1] or match[2] or "") if match else ""


def _number(tag: str, name: str) -> int:
    text = _given(tag.partition(">")[0], name)
    return int(text) if text.isascii() and text.isdigit() else 0
