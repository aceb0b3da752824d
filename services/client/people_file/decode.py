"""Bytes of a file as Excel or an editor wrote them, made text."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 4_096

_TONES: Final = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE: Final = frozenset(
    unicodedata.normalize("NFC", base + tone) for base in (*"aăâeêioôơuưy", *"AĂÂEÊIOÔƠUƯY") for tone in _TONES
) | set("đĐ")


class NotText(ValueError):
    """The bytes are no text of any known encoding."""


class Incomplete(NotText):
    """The text breaks off in the middle of a letter."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in composed form, how it was encoded, and whether the encoding had to be guessed."""

    text: str
    encoding: str
    guessed: bool


def decode(data: bytes) -> Decoded:
    """Text of UTF-8 (with or without byte order mark), UTF-16, Windows-1258 or Windows-1252.

    Raises NotText, Incomplete.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if wide := _wide(data[:_SAMPLE_BYTES]):
        try:
            return _decoded(data, wide)
        except Incomplete:
            raise NotText from None
    if b"\x00" in data:
        raise NotText
    try:
        return Decoded(_composed(data.decode("utf-8")), "utf-8", guessed=False)
    except UnicodeDecodeError as error:
        if _breaks_off(data, error):
            raise Incomplete from None
        return _decode_old(data)


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(_composed(data.decode(encoding)), encoding, guessed=False)
    except UnicodeDecodeError as error:
        raise (Incomplete if _breaks_off(data, error) else NotText) from None


def _breaks_off(data: bytes, error: UnicodeDecodeError) -> bool:
    # Old encodings end so too, but hold no other letters that are whole ones in UTF-8.
    ends = error.end >= len(data) and error.reason in ("unexpected end of data", "truncated data")
    return ends and (error.encoding != "utf-8" or not data[: error.start].isascii())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _wide(sample: bytes) -> str | None:
    # In UTF-16 without a mark every second byte of Latin text is zero.
    half = len(sample) // 2
    if half and sample[1::2].count(0) > half * 0.4 and not sample[::2].count(0):
        return "utf-16-le"
    if half and sample[::2].count(0) > half * 0.4 and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _decode_old(data: bytes) -> Decoded:
    """One of the two code pages of Windows: the Vietnamese one if all its letters are Vietnamese."""
    texts = {}
    for encoding in ("cp1258", "cp1252"):
        try:
            texts[encoding] = _composed(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not texts:
        raise NotText
    for encoding, text in texts.items():
        strange = [c for c in text if ord(c) > 0x7F and (c.isalpha() or unicodedata.combining(c))]
        if all(c in _VIETNAMESE for c in strange):
            return Decoded(text, encoding, guessed=True)
    encoding = "cp1252" if "cp1252" in texts else "cp1258"
    return Decoded(texts[encoding], encoding, guessed=True)


_TCVN3: Final = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢§£¤¥¦",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)


def read_otherwise(text: str) -> Iterator[tuple[str, str]]:
    """Names of other readings of a text whose letters make no sense, each with that reading: to find the cause."""
    yield "TCVN3", "".join(_TCVN3.get(letter, letter) for letter in text)
    for encoding in ("cp1252", "cp1258"):
        try:
            yield "UTF-8", _composed(text.encode(encoding, "ignore").decode("utf-8", "ignore"))
        except UnicodeError:
            continue
