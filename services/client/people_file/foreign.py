"""Files that are no lists, told for what they are, by their first bytes."""

from __future__ import annotations

import re
from typing import Final

from services.client.people_file.draft import UnreadableFile
from services.client.texts import N_

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
_HEAD_BYTES: Final = 4_096
_HTML: Final = re.compile(r"\s*<(!doctype html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_WORD: Final = N_("This is a Word document. Copy its table into Excel, and give the file that Excel saves.")
_PDF: Final = N_("This is a PDF. Ask for the list as Excel, or copy it into the form: homeward template list.xlsx")
_PICTURE: Final = N_(
    "This is a picture. Ask for the list as Excel, or type it into the form: homeward template list.xlsx"
)
_PACKED: Final = N_("This is a packed folder (zip, rar, 7z). Unpack it, and give the list that is in it.")
_WRITER: Final = N_("This is a LibreOffice text. Copy its table into Calc, and give the file that Calc saves.")
_SLIDES: Final = N_("This is a presentation. Copy its table into Excel, and give the file that Excel saves.")

_BY_FIRST_BYTES: Final = (
    (b"%PDF", _PDF),
    (b"{\\rtf", _WORD),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM6", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\x1f\x8b", _PACKED),
)
_OLE_NAMES: Final = (("WordDocument", _WORD), ("PowerPoint Document", _SLIDES))


def is_workbook(data: bytes) -> bool:
    """Whether these bytes begin like a workbook of Excel or LibreOffice; many other files do too."""
    return data.startswith((ZIP, OLE))


def is_html(text: str) -> bool:
    """Whether a text is a web page, as many programs save "Excel" files."""
    return _HTML.match(text.lstrip("\ufeff")[:_HEAD_BYTES]) is not None


def refuse_foreign(data: bytes) -> None:
    """Raises UnreadableFile for what is no list, saying what it is."""
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:_HEAD_BYTES]
    for first, kind in _BY_FIRST_BYTES:
        if start.startswith(first):
            raise shown(kind)
    if start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1") or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        raise shown(_PICTURE)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise UnreadableFile("XML_WORKBOOK", N_("This is a workbook in XML. In Excel save it as .xlsx, and give that."))
    if data.startswith(OLE):
        for name, kind in _OLE_NAMES:
            if name.encode("utf-16-le") in data:
                raise shown(kind)
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked()


def refuse_packed(names: frozenset[str], mimetype: str) -> None:
    """Raises UnreadableFile when the files in a zip are those of no workbook."""
    if "xl/workbook.bin" in names:
        # Its errors and hidden rows could not be told.
        raise UnreadableFile("BINARY_WORKBOOK", N_("This is a binary workbook (.xlsb). In Excel save it as .xlsx."))
    if "xl/workbook.xml" in names or "opendocument.spreadsheet" in mimetype:
        return
    if any(name.startswith("word/") for name in names):
        raise shown(_WORD)
    if any(name.startswith("ppt/") for name in names) or "opendocument.presentation" in mimetype:
        raise shown(_SLIDES)
    if "opendocument.text" in mimetype:
        raise shown(_WRITER)
    raise shown(_PACKED)


def shown(sentence: str) -> UnreadableFile:
    """The refusal of a file that is something else; `sentence` is an English msgid."""
    return UnreadableFile("NOT_A_LIST", sentence)


def locked() -> UnreadableFile:
    """The refusal of a workbook with a password."""
    text = N_("The workbook is locked with a password. Open it, save it without one, and give that file.")
    return UnreadableFile("LOCKED_WORKBOOK", text)
