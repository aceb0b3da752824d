"""What officers write in a cell, made the code that the services know.

Each function raises ValueProblem with a sentence (an English msgid) and its placeholders; none repeats the value of a
field that could hold a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.country.provinces import VINTAGE_2025_FROM, Province, provinces
from services.chassis.country.reference_lists import (
    countries,
    ethnic_groups,
    gates,
    is_language_tag,
    languages,
    spellings,
)
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.fold import exact, fold
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.texts import LANGUAGES, words_of
from services.client import words
from services.client.people_file.draft import label_of
from services.client.people_file.word_list import Ambiguous, WordList
from services.client.texts import N_


class ValueProblem(ValueError):
    """A value means nothing here; `text` says why, with `params` for its placeholders."""

    def __init__(self, code: str, text: str, **params: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.params = params


def _with_catalogue(codes: words.Words, written: Iterable[tuple[str, str]]) -> WordList:
    """A list by its codes, by its words in both languages, and by what else people write for them."""
    shown = ((words_of(each).template(codes.name, code), code) for each in LANGUAGES for code in codes)
    return WordList((*((code, code) for code in codes), *written, *((word, code) for word, code in shown if word)))


def _found(known: WordList, text: str, *, none: str, near: str, code: str = "NOT_IN_LIST") -> str:
    """The code that a text means. Raises ValueProblem with `none`, or `near` when an entry is spelt almost so."""
    try:
        found = known.find(text)
    except Ambiguous as several:
        sentence = N_("without its marks this may be {names}; write it with them, or write the code")
        raise ValueProblem(code, sentence, names=" / ".join(several.names)) from None
    if found is not None:
        return found
    if names := known.near(text):
        raise ValueProblem(code, near, names=" / ".join(names))
    raise ValueProblem(code, none)


# Known or not -----------------------------------------------------------------------------------

_UNKNOWN_WORDS: Final = frozenset(
    map(
        exact,
        (
            *("không rõ", "chưa rõ", "không biết", "chưa biết", "không nhớ", "không xác định", "chưa xác định"),
            *("ko rõ", "k rõ", "ko biết", "ko nhớ", "k biết", "k nhớ", "không có thông tin", "chưa có thông tin"),
            *("không nhớ rõ", "không biết rõ", "chưa xác minh", "chưa nhớ", "quên", "unknown", "not known", "khong ro"),
            *("n/a", "none", "null", "nan", "not available", "khong nho", "khong biet", "chua ro", "chua biet"),
        ),
    )
)
_DASHES: Final = frozenset("-–—−_./…?")


def means_unknown(text: str) -> bool:
    """Whether a text says that nothing is known: không rõ, không nhớ, N/A, a dash."""
    return exact(text) in _UNKNOWN_WORDS or (bool(text.strip()) and set(text) <= _DASHES | {" "})


_STATELESS: Final = frozenset(
    map(exact, ("không quốc tịch", "không có quốc tịch", "người không quốc tịch", "stateless", "XXA"))
)


def means_stateless(text: str) -> bool:
    """Whether a text says that no country takes a person for its own."""
    return exact(text) in _STATELESS


# Sex ------------------------------------------------------------------------------------------

_SEX_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Feminine": ("nữ", "f", "female", "woman", "girl", "nữ giới", "gái", "con gái", "đàn bà", "phụ nữ", "nữ nhi", "女"),
    "Masculine": ("nam", "m", "male", "man", "boy", "nam giới", "trai", "con trai", "đàn ông", "男"),
    "TransgenderFeminine": ("chuyển giới nữ", "trans woman", "transgender feminine"),
    "TransgenderMasculine": ("chuyển giới nam", "trans man", "transgender masculine"),
    "NonConforming": ("khác", "other", "phi nhị giới", "non conforming", "non binary"),
    "NonSpecifiedUnknown": ("không rõ", "chưa rõ", "unknown", "u", "non specified unknown", "chưa xác định"),
}


@cache
def _sexes() -> WordList:
    return _with_catalogue(words.SEXES, ((word, code) for code, known in _SEX_WORDS.items() for word in known))


SEXES: Final = tuple(_SEX_WORDS)


def parse_sex(text: str) -> str:
    """A code of HTCDS prs_Gender from Nữ, Nam, F, M or the code itself."""
    sentence = N_("write Nữ or Nam (F or M); all words: homeward codes sex")
    return _found(_sexes(), text, none=sentence, near=sentence)


# Yes and no -----------------------------------------------------------------------------------

_YES: Final = WordList(
    (word, "yes")
    for word in (
        *(
            "có",
            "x",
            "yes",
            "y",
            "true",
            "1",
            "rồi",
            "đã ký",
            "đúng",
            "đã khai",
            "có khai",
            "đã có",
            "có ký",
            "v",
            "ok",
        ),
        *("ok", "đã", "đồng ý", "có tờ khai", "đã làm", "đã nộp", "1.0", "dạ có", "vâng", "phải", "được"),
    )
)
_NO: Final = WordList(
    (word, "no")
    for word in (
        *("không", "no", "n", "false", "0", "chưa", "chưa ký", "sai", "không có", "chưa có", "không khai", "chưa khai"),
        *("ko", "k", "hông", "không ký", "chưa làm", "từ chối", "không đồng ý", "0.0"),
    )
)
_TICKS: Final = frozenset("✓✔√☑✅🗸☒⊠✕x×X+●•■◉⬤◼▪有是対üþ\uf0fc\uf0fe\uf0fd\uf052\uf050")
"""Signs of a box that is ticked: those of Unicode, of Chinese forms, and of the fonts Wingdings (ü, þ)."""
_EMPTY_BOXES: Final = frozenset("☐□▢○◯无無否\uf0a8\uf06f\uf071")


def parse_yes_no(text: str) -> bool:
    """Có, x, a tick, yes, 1 or không, chưa, an empty box, no, 0; an empty text is no."""
    plain = "".join(text.replace("\ufe0f", "").replace("\ufe0e", "").split()).strip("()[]")
    if not text.strip():
        return False
    if plain and set(plain) <= _TICKS:
        return True
    if plain and set(plain) <= _EMPTY_BOXES:
        return False
    try:
        if _YES.find(text):
            return True
        if _NO.find(text):
            return False
    except Ambiguous:
        pass
    raise ValueProblem("NOT_IN_LIST", N_("write Có or Không (yes or no); a tick or x is yes"))


# Provinces ------------------------------------------------------------------------------------

_NO_PROVINCE: Final = N_("there is no such province; all names: homeward codes provinces")
_NEAR_PROVINCE: Final = N_("there is no such province; did you mean {names}? All names: homeward codes provinces")
_ADDRESS: Final = N_(
    "write only the province here, such as Lào Cai; village and commune belong in the column “Địa chỉ quê quán”"
)
_KINDS: Final = re.compile(
    r"^(tỉnh|thành phố trực thuộc trung ương|thành phố|tinh|thanh pho|t p|tp|city of|province of)\s+"
    r"|\s+(province|city)$"
)
_SHORT_KIND: Final = re.compile(r"(?i)^\s*t\.\s*(?=[^\W\d_]{2})")
_LAST_KIND: Final = re.compile(r"(?is)^(.+?)[\s,;.\-–]+((?:tỉnh|thành phố|tp\.?)\s+[^,;]+)$")
_AFTER_COMMA: Final = re.compile(r"^(.+)[,;]\s*([^,;]+)$")
_AFTER_DASH: Final = re.compile(r"^(.+) [-–] (.+)$")
_COUNTRY_AT_END: Final = re.compile(r"(?is)[\s,;.\-–]*(việt nam|viet nam|vietnam|VN)\.?\s*$")


@dataclass(frozen=True, slots=True)
class ProvinceReading:
    """A province as understood, and whether the vintage of its code had to be decided by the date."""

    ref: ProvinceRef
    decided: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class AddressReading:
    """An address that ends in a province: what it is, and what stands before it."""

    province: ProvinceReading
    rest: str


@cache
def _province_names() -> WordList:
    names = {unit.short_name: unit.short_name for unit in provinces().values()}
    return WordList(
        (
            *names.items(),
            *((spelling, name) for name, known in spellings("provinces").items() for spelling in known),
        ),
        names=names,
    )


@cache
def _divided() -> WordList:
    return WordList((name, name) for name in spellings("divided_provinces"))


def province_name(ref: ProvinceRef) -> str:
    """The short name of a known province, "Quảng Ninh"; the code when it is not known."""
    unit = provinces().get(ref)
    return unit.short_name if unit else str(ref)


def parse_province(text: str, on: date) -> ProvinceReading:
    """A province from `22@2025`, a name with or without diacritics and kind, or a bare code.

    `on` is the local date of the event: it decides between the vintages where the same name or code stands for a
    province before and after the reform of 2025 that is larger now. A code that names two different provinces is
    refused with both.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    if "@" in plain:
        return ProvinceReading(_by_code_and_vintage(plain))
    if re.fullmatch(r"[0-9]{1,2}(\.0)?", plain):
        # Excel makes 01 a number and drops the zero.
        return _by_code(plain.partition(".")[0].zfill(2), on)
    known = _province_names()
    without_remark = re.sub(r"\([^()]*\)", " ", plain)
    name = _found(
        known,
        next((each for each in (plain, _without_kind(plain)) if known.knows(each)), _without_kind(without_remark)),
        none=_why_no_province(plain),
        near=_ADDRESS if _is_address(plain) else _NEAR_PROVINCE,
        code="UNKNOWN_PROVINCE",
    )
    return _choose((unit for unit in provinces().values() if unit.short_name == name), on)


def parse_address(text: str, on: date) -> AddressReading | None:
    """An address whose last part is a province, "Thôn Ví Dụ, xã Giả Định, Lào Cai"; None for anything else."""
    plain = _COUNTRY_AT_END.sub("", " ".join(text.split()))
    for cut in (
        _LAST_KIND.match(plain),
        re.match(r"(?s)^(.+)[,;–]\s*([^,;–]+)$", plain),
        re.match(r"^(.+) [-–] (.+)$", plain),
    ):
        if cut is None:
            continue
        try:
            return AddressReading(parse_province(cut[2].strip(" ."), on), cut[1].strip(" ,;.-–"))
        except ValueProblem:
            continue
    return None


def _without_kind(text: str) -> str:
    text = _SHORT_KIND.sub("", text)
    return _KINDS.sub("", exact(re.sub(r"(?i)^\s*(tp|t\.?p)[.\s]*(?=\w)", "tp ", text) if text[:1] in "tT" else text))


def _is_address(text: str) -> bool:
    words = fold(text).split()
    return "," in text or ";" in text or any(each in words for each in ("xa", "thon", "huyen", "phuong", "ban", "quan"))


def _why_no_province(text: str) -> str:
    try:
        divided = _divided().find(_without_kind(text))
    except Ambiguous:
        divided = None
    if divided:
        parts = " / ".join(spellings("divided_provinces")[divided])
        sentence = N_("this province was divided; write the one she comes from today: {names}")
        raise ValueProblem("UNKNOWN_PROVINCE", sentence, names=parts)
    return _ADDRESS if _is_address(text) else _NO_PROVINCE


def _by_code_and_vintage(plain: str) -> ProvinceRef:
    code, _, vintage = plain.partition("@")
    form = re.fullmatch(r"[0-9]{1,2}", code.strip()) and re.fullmatch(r"[0-9]{4}", vintage.strip())
    ref = ProvinceRef(code.strip().zfill(2), vintage.strip()) if form else None
    if ref is None or ref not in provinces():
        raise ValueProblem("UNKNOWN_PROVINCE", _NO_PROVINCE)
    return ref


def _by_code(code: str, on: date) -> ProvinceReading:
    found = tuple(unit for unit in provinces().values() if unit.ref.code == code)
    if not found:
        raise ValueProblem("UNKNOWN_PROVINCE", _NO_PROVINCE)
    if len({unit.short_name for unit in found}) > 1:
        first, second = found
        raise ValueProblem(
            "AMBIGUOUS_PROVINCE",
            N_("the code {digits} names two provinces: write {first} ({first_name}) or {second} ({second_name})"),
            digits=code,
            first=str(first.ref),
            first_name=first.short_name,
            second=str(second.ref),
            second_name=second.short_name,
        )
    return _choose(found, on)


def _choose(found: Iterable[Province], on: date) -> ProvinceReading:
    by_vintage = {unit.ref.vintage: unit for unit in found}
    if len(by_vintage) == 1:
        return ProvinceReading(next(iter(by_vintage.values())).ref)
    chosen = by_vintage["2025" if on >= VINTAGE_2025_FROM else "2004"]
    grown = len(by_vintage["2025"].predecessors) > 1
    return ProvinceReading(chosen.ref, decided=grown)


# Ethnic groups --------------------------------------------------------------------------------

_FOREIGNER: Final = "FOREIGNER"
_UNKNOWN: Final = "UNKNOWN"


@cache
def _ethnic_names() -> WordList:
    groups = {group.name: f"2008:{group.gso_2008}" for group in ethnic_groups()}
    return WordList(
        (
            *groups.items(),
            *((spelling, groups[name]) for name, known in spellings("ethnic_groups").items() for spelling in known),
            *((word, _FOREIGNER) for word in ("FOREIGNER", "người nước ngoài", "nước ngoài", "ngoại quốc")),
            *((word, _UNKNOWN) for word in ("UNKNOWN", "không rõ", "chưa rõ", "u")),
        ),
        names={code: name for name, code in groups.items()},
    )


@cache
def _ethnic_codes() -> frozenset[str]:
    groups = ethnic_groups()
    return frozenset({f"2008:{g.gso_2008}" for g in groups} | {f"1979:{g.gso_1979}" for g in groups})


def parse_ethnicity(text: str) -> str:
    """Scheme and code, `2008:08`, from the name of an ethnic group; FOREIGNER or UNKNOWN."""
    plain = re.sub(r"^(dân tộc|dan toc|người|dt)\s+(?=\S)", "", exact(text))
    if (code := unicodedata.normalize("NFKC", text).strip()) in _ethnic_codes():
        return code
    if means_unknown(text):
        return _UNKNOWN
    known = _ethnic_names()
    return _found(
        known,
        text if known.knows(text) else plain,
        none=N_("there is no such ethnic group; all names: homeward codes ethnic-groups"),
        near=N_("there is no such ethnic group; did you mean {names}? All names: homeward codes ethnic-groups"),
    )


# Countries and languages ----------------------------------------------------------------------


@cache
def _country_names() -> WordList:
    known = countries().values()
    return WordList(
        (
            *((country.name_vi, country.code) for country in known),
            *((country.name_en, country.code) for country in known),
            *((spelling, code) for code, written in spellings("countries").items() for spelling in written),
        ),
        names={country.code: f"{country.name_vi} ({country.code})" for country in known},
        codes=countries(),
    )


def parse_country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code from the code or the Vietnamese or English name.

    Two capitals are a code before they are a name: MY is Malaysia, Mỹ the United States.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in countries():
        return plain
    return _found(
        _country_names(),
        re.sub(r"(?i)^(nước|quốc tịch)\s+(?=\S)", "", plain),
        none=N_("there is no such country; write its name or a code such as CN"),
        near=N_("there is no such country; did you mean {names}? Write its name or a code such as CN"),
    )


@cache
def _language_names() -> WordList:
    known = languages().values()
    return WordList(
        (
            *((language.name_vi, language.code) for language in known),
            *((language.name_en, language.code) for language in known),
            *((spelling, code) for code, written in spellings("languages").items() for spelling in written),
        ),
        names={code: f"{languages()[code].name_vi} ({code})" for code in spellings("languages")},
        codes=languages(),
        folded=spellings("languages").__contains__,
    )


def parse_language(text: str) -> str:
    """The BCP 47 tag from a tag of the list or the name of a language with or without "tiếng"."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_language_tag(plain):
        return plain
    name = plain if _language_names().knows(plain) else re.sub(r"(?i)^(tiếng|tieng|ngôn ngữ)\s+(?=\S)", "", plain)
    if not _language_names().knows(name) and len(re.split(r"[,;/+&]| và ", name)) > 1:
        raise ValueProblem("NOT_IN_LIST", N_("write one language here: the one in which to speak with her"))
    return _found(
        _language_names(),
        name,
        none=N_("write a language such as Việt, Hmông or Trung, or its tag such as vi or hmn"),
        near=N_("there is no such language; did you mean {names}? Write its name, or its tag such as vi or hmn"),
    )


# Earlier cases --------------------------------------------------------------------------------


def parse_earlier_case(text: str) -> str:
    """The case of an earlier return: its number in its one form, or its id."""
    try:
        ref = parse_case_ref(text)
    except InvalidInput:
        raise ValueProblem(
            "BAD_FORMAT", N_("this is no case number; write it as on her paper, such as HW-999-999-957")
        ) from None
    return str(ref)


# Places and relations -------------------------------------------------------------------------

_GATE_KINDS: Final = re.compile(
    r"^(cửa khẩu quốc tế đường bộ|cửa khẩu quốc tế|cửa khẩu quốc gia|cửa khẩu chính|cửa khẩu phụ|cửa khẩu|lối mở"
    r"|cua khau quoc te|cua khau|ckqt|ckqg|ckc|ckp|ck|đồn biên phòng cửa khẩu|đồn bpckqt|đồn|gate|border gate)\s+"
    r"|\s+(gate|border gate|international border gate)$"
)


@cache
def _gate_names() -> WordList:
    known = gates().values()
    return WordList(
        (
            *((gate.id, gate.id) for gate in known),
            *((f"BP-{gate.id}", gate.id) for gate in known),
            *((gate.name, gate.id) for gate in known),
            *((spelling, code) for code, written in spellings("gates").items() for spelling in written),
        ),
        names={gate.id: gate.name for gate in known},
    )


def parse_gate(text: str) -> str:
    """The id of a border gate from the id, its name with or without diacritics, or its border post."""
    return _found(
        _gate_names(),
        _GATE_KINDS.sub("", exact(text)),
        none=N_("there is no such border gate; all names: homeward codes gates"),
        near=N_("there is no such border gate; did you mean {names}? All names: homeward codes gates"),
        code="UNKNOWN_GATE",
    )


_RELATION_WORDS: Final[Mapping[str, str]] = {
    "CHILD": "con, con gái, con trai, con đẻ, con ruột, con nuôi, daughter, son",
    "PARENT": "cha, bố, mẹ, cha mẹ, bố mẹ, ba, má, bố đẻ, mẹ đẻ, mẹ ruột, cha đẻ, mother, father",
    "SPOUSE": "vợ, chồng, vợ chồng, wife, husband",
    "SIBLING": "anh, chị, em, anh chị em, chị gái, em gái, anh trai, em trai, chị em, anh em, em ruột, chị ruột, "
    "anh ruột, sister, brother",
    "OTHER": "khác, họ hàng, relative, cháu, cháu gái, cháu trai, bà, bà ngoại, bà nội, ông, cô, dì, chú, bác, cậu, "
    "thím, mợ, chị họ, em họ, anh họ, bạn, người quen",
}


@cache
def _relations() -> WordList:
    written = ((word, code) for code, known in _RELATION_WORDS.items() for word in known.split(", "))
    return _with_catalogue(words.RELATIONS, written)


_FAMILY_LINK: Final = re.compile(
    r"\s*(?:#|STT|số)?\s*([0-9]{1,4})(?:\.0)?\s*(?:là\s)?\s*[:\-–= .]\s*(.+?)\s*", re.IGNORECASE | re.DOTALL
)
RELATIONS: Final = tuple(_RELATION_WORDS)


def parse_family_link(text: str) -> tuple[str, str]:
    """The label of the other person and what that person is to this one, from "2: con" or "2 CHILD"."""
    match = _FAMILY_LINK.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        relation = _relations().find(match[2]) if match else None
    except Ambiguous:
        relation = None
    if match is None or relation is None:
        raise ValueProblem("BAD_FORMAT", N_("write the number of the other person and the relation, as in 2: con"))
    return label_of(match[1]), relation


def parse_route(text: str) -> str:
    """The short name of a route of return from its code or words."""
    sentence = N_("there is no such route of return; all: homeward codes routes")
    return _found(_routes(), text, none=sentence, near=sentence)


_ROUTE_WORDS: Final = {
    "OFFICIAL_HANDOVER": ("official handover", "bàn giao chính thức", "bàn giao", "trao trả"),
    "RESCUED": ("rescued", "giải cứu", "được giải cứu"),
    "SELF_RETURN": ("self return", "tự trở về", "tự về"),
    "REPATRIATED_BY_AIR": ("repatriated by air", "hồi hương bằng đường hàng không", "hồi hương", "hàng không"),
    "DEPORTED": ("deported", "trục xuất", "bị trục xuất"),
    "HOTLINE_REFERRAL": ("hotline referral", "hotline", "tổng đài 111", "111", "đường dây nóng"),
    "DETECTED_IN_COMMUNITY": ("detected in community", "phát hiện tại cộng đồng", "cộng đồng"),
}


@cache
def _routes() -> WordList:
    return _with_catalogue(words.ROUTES, ((word, code) for code, known in _ROUTE_WORDS.items() for word in known))


ROUTES: Final = tuple(_ROUTE_WORDS)
HANDOVER_ROUTES: Final = ("OFFICIAL_HANDOVER", "RESCUED", "SELF_RETURN", "REPATRIATED_BY_AIR", "DEPORTED")
SELF_RETURN_ROUTES: Final = ("SELF_RETURN", "HOTLINE_REFERRAL", "DETECTED_IN_COMMUNITY")
