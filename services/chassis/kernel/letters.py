"""Letters that were damaged on their way into a text, found by what Vietnamese and its neighbours never write.

TCVN3 (the fonts named .Vn…) and VNI draw Vietnamese with the letters of Western Europe; UTF-8 that was read as an old
encoding shows two or three signs for one letter; web pages write letters as numbers. What is certain can be turned
back; a letter that became "?" cannot.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final


class DamageKind(StrEnum):
    """What happened to the letters."""

    TCVN3 = "TCVN3"
    VNI = "VNI"
    MOJIBAKE = "MOJIBAKE"
    ENTITIES = "ENTITIES"
    LOST = "LOST"


FONTS: Final = (DamageKind.TCVN3, DamageKind.VNI)
"""Damage that is an old font: the same in all cells that one person typed."""


@dataclass(frozen=True, slots=True, repr=False)
class Damage:
    """What happened to a text; `mended` is what it was, empty when nobody can tell. Its `repr` shows no text."""

    kind: DamageKind
    mended: str = ""

    def __repr__(self) -> str:
        return f"Damage({self.kind})"


def diagnose(text: str, among: DamageKind | None = None) -> Damage | None:
    """What happened to the letters of a text; None when nothing did, as far as can be told.

    `among`: the old font in which other cells beside it are typed; then a single sign is enough. The names of people
    of any country are no damage: what could be one is left alone.
    """
    if text.isascii() and "?" not in text and "&" not in text:
        return None
    if "\ufffd" in text:
        return Damage(DamageKind.LOST)
    if html.unescape(text) != text and _ENTITY.search(text):
        return Damage(DamageKind.ENTITIES, html.unescape(text))
    if _is_mojibake(text):
        return Damage(DamageKind.MOJIBAKE, _from_mojibake(text))
    for kind, convert in _CONVERT.items():
        in_unicode = _is_in_unicode(text, kind)
        if in_unicode and _has_pasted(text, kind):
            return Damage(kind)
        if not in_unicode and _is_certain(text, kind, weak_is_enough=among is kind):
            return Damage(kind, convert(text))
    return Damage(DamageKind.LOST) if _has_lost(text) else None


def converted(text: str, among: DamageKind | None = None) -> str:
    """The text with its damage mended where that is certain, else as it is."""
    damage = diagnose(text, among)
    if damage is None or not damage.mended or diagnose(damage.mended) is not None:
        return text
    return unicodedata.normalize("NFC", damage.mended)


def one_way(text: str) -> str:
    """A text in which Đ is one letter and full-width signs are plain: two keyboards, one name.

    The letters eth and African D look like Đ on the screen and are none; Vietnamese fonts of old typed them.
    """
    return text.translate(_ONE_WAY)


_ONE_WAY: Final[Mapping[int, int]] = {
    **{full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    **{ord(other): ord("Đ") for other in "ÐƉ"},
    **{ord(other): ord("đ") for other in "ðɖ"},
}

# Letters lost --------------------------------------------------------------------------------------

# A question mark within a word, or before one.
_LOST: Final = re.compile(
    r"[^\W\d_]\?+(?=[^\W\d_A-ZĐÀ-ÝĂƠƯ])|(?:^|(?<=[\s(,;.\-]))\?+(?=[^\W\d_])|(?<=[^\W\d_])\?\?+(?=\S)"
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")

_TWO_WORDS: Final = re.compile(r"(?<!\w)([^\W\d_]+)\?(?=([^\W\d_]+))")


def _has_lost(text: str) -> bool:
    """Whether letters became question marks; "đau không?có" is two words that lack a blank."""
    questions = {
        match.end()
        for match in _TWO_WORDS.finditer(text)
        if len(match[2]) > 1
        and match[2][0] not in _VOWELS
        and _is_syllable(match[1].lower())
        and _is_syllable(match[2].lower())
    }
    return any(match.end() not in questions for match in _LOST.finditer(text))


# UTF-8 read as Windows-1252 -------------------------------------------------------------------------

_CP1252: Final[Mapping[str, int]] = {
    bytes([byte]).decode("cp1252", errors="ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
_FOLLOWING: Final = "".join(re.escape(sign) for sign, byte in _CP1252.items() if byte < 0xC0)
_PAIR: Final = re.compile(
    rf"[{''.join(s for s, b in _CP1252.items() if 0xC2 <= b < 0xE0)}][{_FOLLOWING}]"
    rf"|[{''.join(s for s, b in _CP1252.items() if 0xE0 <= b < 0xF0)}][{_FOLLOWING}]{{2}}"
)


def _bytes_of(text: str) -> bytes:
    return b"".join(
        bytes([_CP1252[each]]) if each in _CP1252 else each.encode("utf-8", errors="replace") for each in text
    )


def _letter_of(pair: str) -> str:
    try:
        return _bytes_of(pair).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _is_mojibake(text: str) -> bool:
    """Whether pairs of signs stand in it that are letters of the Vietnamese alphabet in UTF-8."""
    found = [_letter_of(match[0]) for match in _PAIR.finditer(text)]
    if any(letter and (letter in _VIETNAMESE or letter in "“”‘’–…") for letter in found):
        return True
    # à in UTF-8 ends in a no-break space, which is a plain blank by now.
    return bool(re.search(r"[a-z]Ã(?:\s|$)", text))


def _from_mojibake(text: str) -> str:
    # à is C3 A0 in UTF-8: the no-break space has become a blank or, at the end, nothing.
    whole = re.sub(r"Ã(?: |$)", "Ã\u00a0", text)
    try:
        mended = _bytes_of(whole).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if "\ufffd" in mended else mended


# The old fonts --------------------------------------------------------------------------------------

_TCVN3_SIGNS: Final = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_LETTERS: Final = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3: Final = str.maketrans(
    # What looks like Đ has been made Đ by some programs on the way.
    _TCVN3_SIGNS + "Đđ",
    _TCVN3_LETTERS + "éờ",
)
_TCVN3_STRONG: Final = frozenset("µ¸¶·¹¨»¾¼½©®ª«¬§¢£¤¥¦×÷\u00adÞþ")
"""Signs that stand in no word of any language of the region, nor in a name of Europe but Iceland's."""

_VNI_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS: Final = {
    "a": {
        **{"ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"},
        **{"â": "â", "á": "ấ", "à": "ầ", "å": "ẩ", "ã": "ẫ", "ä": "ậ"},
    },
    "e": {"â": "ê", "á": "ế", "à": "ề", "å": "ể", "ã": "ễ", "ä": "ệ"},
    "o": {"â": "ô", "á": "ố", "à": "ồ", "å": "ổ", "ã": "ỗ", "ä": "ộ"},
}
_VNI_SINGLE: Final = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}


@cache
def _vni() -> tuple[re.Pattern[str], Mapping[str, str]]:
    pairs: dict[str, str] = dict(_VNI_SINGLE)
    for base, letter in (*((each, each) for each in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        for sign, tone in _VNI_TONES.items():
            pairs[base + sign] = unicodedata.normalize("NFC", letter + tone)
    for base, hats in _VNI_HATS.items():
        pairs |= {base + sign: letter for sign, letter in hats.items()}
    for written, letter in tuple(pairs.items()):
        pairs[written.upper()] = pairs[written.capitalize()] = letter.upper()
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), pairs


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    pattern, pairs = _vni()
    return pattern.sub(lambda match: pairs[match[0]], text)


_WORD: Final = re.compile(rf"[^\W\d_{re.escape(_TCVN3_SIGNS)}]*(?:[^\W\d_]|[{re.escape(_TCVN3_SIGNS)}])+")
_TONE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"
_VIETNAMESE: Final = frozenset(
    unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in ("", *_TONE_MARKS)
) - frozenset("aeiouyAEIOUY") | frozenset("đĐ")
_UNICODE_ONLY: Final = re.compile(r"[\u0100-\u010f\u0112-\u02ff\u0300-\u036f\u1e00-\u1eff]")
"""Letters that no text in an old font holds, but a text in Unicode does."""
_SYLLABLE: Final = re.compile(
    r"(?!quo[ae])(?:ngh?|gh|gi|kh|nh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"(?:"
    r"(?:uyê|iê|yê|uô|ươ|uâ|uê|oa|oă|oe|oo|uy|uơ|[aăâeêioôơuưy])(?P<stop>ch|c|k|p|t)"
    r"|(?:uyê|iê|yê|uô|ươ|uâ|uê|oa|oă|oe|oo|uy|uơ|[aăâeêioôơuưy])(?:nh|ng|m|n)"
    r"|(?:iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uyu|ai|ay|ao|au|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu"
    r"|uya|uê|uơ|uy|oa|oe|ia|ua|ưa|ya|[aeêioôơuưy])"
    r")"
)


_VOWELS: Final = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY") | (_VIETNAMESE - frozenset("đĐ"))


def _is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable, as it is spelt."""
    parts = unicodedata.normalize("NFD", word)
    if word != word.lower() and word != word.upper() and word[1:] != word[1:].lower():
        return False
    tones = [each for each in parts if each in _TONE_MARKS]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(each for each in parts if each not in _TONE_MARKS)).lower()
    match = _SYLLABLE.fullmatch(plain)
    # A syllable that ends in a stop has one of two tones, or is written without any.
    return match is not None and (not match["stop"] or not tones or tones[0] in "\u0301\u0323")


def _is_in_unicode(text: str, kind: DamageKind) -> bool:
    """Whether letters stand in it that no text in that font holds."""
    return bool(_UNICODE_ONLY.search(text)) or not _LATIN1_LETTERS.isdisjoint(set(text) - _SIGNS[kind])


def _is_certain(text: str, kind: DamageKind, *, weak_is_enough: bool) -> bool:
    """Whether words that are none in Vietnamese become words, and none becomes nonsense."""
    weak: set[str] = set()
    weak_words = 0
    certain = False
    for word in _WORD.findall(text):
        became = _CONVERT[kind](word)
        if became == word:
            continue
        if not _is_syllable(became.lower()):
            return False
        if _is_strong(word, kind):
            certain = True
        elif not _is_syllable(word):
            certain |= weak_is_enough
            weak_words += 1
            weak |= {each for each in word.lower() if not each.isascii()}
    # One ü in a name is Chinese or German; two words with different signs are nobody's.
    return certain or (weak_words > 1 and len(weak) > 1)


def _has_pasted(text: str, kind: DamageKind) -> bool:
    """Whether a text in Unicode holds a word in an old font, which nobody writes but by pasting."""
    words = [word for word in _WORD.findall(text) if not _is_in_unicode(word, kind)]
    return any(_is_strong(word, kind) and _is_syllable(_CONVERT[kind](word).lower()) for word in words)


def _is_strong(word: str, kind: DamageKind) -> bool:
    """Whether no name of Europe or of a minority could be written so, nor a Vietnamese one."""
    if kind is DamageKind.TCVN3:
        # The fonts have no capitals with tones: one within a word is a small letter with a tone.
        return bool(_TCVN3_STRONG & set(word)) or bool(re.search(r"[a-zà-ÿ][À-Ý]", word))
    return bool(_VNI_PAIR.search(word)) and not _is_syllable(word) and word.lower() not in _FRENCH


_VNI_PAIR: Final = re.compile(r"[aeouyôö][ùøûõïêéèúüëâáàåãä]|öô", re.IGNORECASE)
_FRENCH: Final = frozenset({"loïc", "thaï", "moï"})
_LATIN1_LETTERS: Final = frozenset(chr(each) for each in range(0xC0, 0x100)) - frozenset("×÷")
_SIGNS: Final[Mapping[DamageKind, frozenset[str]]] = {
    # The sign of TCVN3 for é is taken for Đ, and is made Đ, by what reads it.
    DamageKind.TCVN3: frozenset(_TCVN3_SIGNS + "Ðð"),
    DamageKind.VNI: frozenset("".join(_vni()[1]) + "íìÍÌ"),
}
_CONVERT: Final[Mapping[DamageKind, Callable[[str], str]]] = {
    DamageKind.TCVN3: _from_tcvn3,
    DamageKind.VNI: _from_vni,
}
