"""What officers write in a cell, made the code that the services know.

Each function raises ValueProblem with a sentence (an English msgid) and its placeholders; none repeats the value of a
field that could hold a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.country.provinces import VINTAGE_2025_FROM, Province, provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.fold import fold, squeeze
from services.chassis.kernel.places import ProvinceRef
from services.client.texts import N_


class ValueProblem(ValueError):
    """A value means nothing here; `text` says why, with `params` for its placeholders."""

    def __init__(self, code: str, text: str, **params: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.params = params


# Sex ------------------------------------------------------------------------------------------

_SEX_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Feminine": ("f", "female", "woman", "girl", "nữ", "nu gioi", "gái", "feminine"),
    "Masculine": ("m", "male", "man", "boy", "nam", "nam gioi", "trai", "masculine"),
    "TransgenderFeminine": ("chuyển giới nữ", "trans woman", "transgender feminine"),
    "TransgenderMasculine": ("chuyển giới nam", "trans man", "transgender masculine"),
    "NonConforming": ("khác", "other", "phi nhị giới", "non conforming", "non binary"),
    "NonSpecifiedUnknown": ("không rõ", "chưa rõ", "unknown", "u", "non specified unknown"),
}
_SEXES: Final = {squeeze(word): code for code, words in _SEX_WORDS.items() for word in (code, *words)}
SEXES: Final = tuple(_SEX_WORDS)


def parse_sex(text: str) -> str:
    """A code of HTCDS prs_Gender from Nữ, Nam, F, M or the code itself."""
    try:
        return _SEXES[squeeze(text)]
    except KeyError:
        raise ValueProblem("NOT_IN_LIST", N_("write Nữ or Nam (F or M); all words: homeward codes sex")) from None


# Yes and no -----------------------------------------------------------------------------------

_YES: Final = frozenset({"yes", "y", "true", "1", "x", "co", "roi", "da ky", "dung"})
_NO: Final = frozenset({"", "no", "n", "false", "0", "khong", "chua", "chua ky", "sai"})


def parse_yes_no(text: str) -> bool:
    """Có, x, yes, 1 or không, chưa, no, 0."""
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueProblem("NOT_IN_LIST", N_("write Có or Không (yes or no)"))


# Provinces ------------------------------------------------------------------------------------

_KINDS: Final = re.compile(r"^(tinh|thanh pho|tp|t p|province|city)\s+|\s+(province|city)$")
_PROVINCE_ALIASES: Final = {
    "hochiminh": ("hcm", "tphcm", "saigon", "hcmc", "hochiminhcity"),
    "bariavungtau": ("vungtau", "brvt"),
    "hue": ("thuathienhue", "thuathien"),
    "daklak": ("dac lac", "dak lac"),
}


@dataclass(frozen=True, slots=True)
class ProvinceReading:
    """A province as understood, and whether the vintage of its code had to be decided by the date."""

    ref: ProvinceRef
    decided: bool = False


@cache
def _provinces_by_name() -> Mapping[str, tuple[Province, ...]]:
    by_name: dict[str, list[Province]] = {}
    for unit in provinces().values():
        name = squeeze(unit.short_name)
        for spelling in (name, *map(squeeze, _PROVINCE_ALIASES.get(name, ()))):
            by_name.setdefault(spelling, []).append(unit)
    return {name: tuple(units) for name, units in by_name.items()}


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
    plain = text.strip()
    if "@" in plain:
        return ProvinceReading(_by_code_and_vintage(plain))
    if re.fullmatch(r"\d{1,2}(\.0)?", plain):
        # Excel makes 01 a number and drops the zero.
        return _by_code(plain.partition(".")[0].zfill(2), on)
    found = _provinces_by_name().get(squeeze(_KINDS.sub("", fold(plain))), ())
    if not found:
        raise ValueProblem("UNKNOWN_PROVINCE", N_("there is no such province; all names: homeward codes provinces"))
    return _choose(found, on)


def _by_code_and_vintage(plain: str) -> ProvinceRef:
    code, _, vintage = plain.partition("@")
    form = re.fullmatch(r"\d{1,2}", code.strip()) and re.fullmatch(r"\d{4}", vintage.strip())
    ref = ProvinceRef(code.strip().zfill(2), vintage.strip()) if form else None
    if ref is None or ref not in provinces():
        raise ValueProblem("UNKNOWN_PROVINCE", N_("there is no such province; all names: homeward codes provinces"))
    return ref


def _by_code(code: str, on: date) -> ProvinceReading:
    found = tuple(unit for unit in provinces().values() if unit.ref.code == code)
    if not found:
        raise ValueProblem("UNKNOWN_PROVINCE", N_("there is no such province; all names: homeward codes provinces"))
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

_ETHNIC_ALIASES: Final = {
    "hmong": ("mong", "meo", "hmông", "h'mông"),
    "khome": ("khmer", "kho me"),
    "kinh": ("viet", "vietnamese"),
    "hoa": ("han", "chinese"),
    "khomu": ("kho mu", "khmu"),
    "cholao": (),
}
_FOREIGNER: Final = frozenset({"foreigner", "nguoinuocngoai", "nuocngoai"})
_UNKNOWN: Final = frozenset({"unknown", "khongro", "chuaro", "u"})


@cache
def _ethnic_by_name() -> Mapping[str, str]:
    by_name = {}
    for group in ethnic_groups():
        name = squeeze(group.name)
        for spelling in (name, *map(squeeze, _ETHNIC_ALIASES.get(name, ()))):
            by_name[spelling] = f"2008:{group.gso_2008}"
    return by_name


@cache
def _ethnic_codes() -> frozenset[str]:
    groups = ethnic_groups()
    return frozenset({f"2008:{g.gso_2008}" for g in groups} | {f"1979:{g.gso_1979}" for g in groups})


def parse_ethnicity(text: str) -> str:
    """Scheme and code, `2008:08`, from the name of an ethnic group; FOREIGNER or UNKNOWN."""
    word = squeeze(text.removeprefix("Dân tộc ").removeprefix("dân tộc "))
    if word in _FOREIGNER:
        return "FOREIGNER"
    if word in _UNKNOWN:
        return "UNKNOWN"
    if code := _ethnic_by_name().get(word):
        return code
    if text.strip() in _ethnic_codes():
        return text.strip()
    raise ValueProblem("NOT_IN_LIST", N_("there is no such ethnic group; all names: homeward codes ethnic-groups"))


# Countries and languages ----------------------------------------------------------------------

_COUNTRY_ALIASES: Final = {
    "VN": ("vietnam", "viet nam"),
    "CN": ("trung quốc", "tq", "china", "prc"),
    "KH": ("campuchia", "cam pu chia", "cambodia"),
    "LA": ("lào", "laos"),
    "MM": ("miến điện", "myanmar", "burma"),
    "TW": ("đài loan", "taiwan"),
    "KR": ("hàn quốc", "south korea", "korea"),
    "MY": ("mã lai", "malaysia"),
    "RU": ("nga", "russia"),
    "GB": ("anh", "uk", "united kingdom"),
    "US": ("mỹ", "hoa kỳ", "usa"),
}
_LANGUAGE_WORDS: Final = {
    "vi": ("việt", "kinh", "vietnamese"),
    "hmn": ("hmông", "mông", "hmong"),
    "tyz": ("tày", "tay"),
    "blt": ("thái", "thái đen", "tai dam"),
    "mtq": ("mường", "muong"),
    "nut": ("nùng", "nung"),
    "ium": ("dao", "iu mien"),
    "km": ("khmer", "khơ me", "campuchia"),
    "jra": ("gia rai", "jarai"),
    "rad": ("ê đê", "rade"),
    "lo": ("lào", "lao"),
    "zh": ("trung", "trung quốc", "hoa", "chinese", "mandarin"),
    "yue": ("quảng đông", "cantonese"),
    "th": ("thái lan", "thai"),
    "my": ("miến điện", "burmese"),
    "en": ("anh", "english"),
}
# "thái" is the people of the north-west, "thai" the language of Thailand; folded they are one word.
_LANGUAGES: Final = {squeeze(word): tag for tag, words in reversed(_LANGUAGE_WORDS.items()) for word in (tag, *words)}
_LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@cache
def _countries() -> Mapping[str, str]:
    known = countries().values()
    names: dict[str, str] = {}
    for name, code in (
        *((country.code, country.code) for country in known),
        *((country.name_en, country.code) for country in known),
        *((country.name_vi, country.code) for country in known),
    ):
        names.setdefault(squeeze(name), code)
    for code, aliases in _COUNTRY_ALIASES.items():
        names |= {squeeze(alias): code for alias in aliases}
    return names


def parse_country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code from the code or the Vietnamese or English name."""
    try:
        return _countries()[squeeze(text)]
    except KeyError:
        raise ValueProblem("NOT_IN_LIST", N_("there is no such country; write its name or a code such as CN")) from None


def parse_language(text: str) -> str:
    """The BCP 47 tag from a tag or the name of a language with or without "tiếng"."""
    word = squeeze(re.sub(r"^(tieng|ngon ngu)\s+", "", fold(text)))
    if tag := _LANGUAGES.get(word):
        return tag
    if _LANGUAGE_TAG.fullmatch(text.strip()):
        return text.strip()
    raise ValueProblem("NOT_IN_LIST", N_("write a language such as Việt, Hmông or Trung, or its tag such as vi or hmn"))


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


@cache
def _gates_by_name() -> Mapping[str, str]:
    by_name = {}
    for gate in gates().values():
        for spelling in (gate.id, f"BP-{gate.id}", gate.name):
            by_name[squeeze(spelling)] = gate.id
    return by_name


def parse_gate(text: str) -> str:
    """The id of a border gate from the id, its name with or without diacritics, or its border post."""
    word = re.sub(r"^(cua khau quoc te|cua khau|cua khau phu|gate)\s+", "", fold(text))
    try:
        return _gates_by_name()[squeeze(word)]
    except KeyError:
        raise ValueProblem(
            "UNKNOWN_GATE", N_("there is no such border gate; all names: homeward codes gates")
        ) from None


_RELATION_WORDS: Final = {
    "CHILD": ("con", "con gái", "con trai", "child", "daughter", "son"),
    "PARENT": ("cha", "bố", "mẹ", "cha mẹ", "bố mẹ", "parent", "mother", "father"),
    "SPOUSE": ("vợ", "chồng", "vợ chồng", "spouse", "wife", "husband"),
    "SIBLING": ("anh", "chị", "em", "anh chị em", "sibling", "sister", "brother"),
    "OTHER": ("khác", "other", "họ hàng", "relative"),
}
_RELATIONS: Final = {squeeze(word): code for code, words in _RELATION_WORDS.items() for word in words}
RELATIONS: Final = tuple(_RELATION_WORDS)


def parse_family_link(text: str) -> tuple[str, str]:
    """The label of the other person and what that person is to this one, from "2: con" or "2 CHILD"."""
    match = re.fullmatch(r"\s*#?(\d{1,4})\s*[:\-= ]\s*(.+?)\s*", text)
    relation = _RELATIONS.get(squeeze(match[2])) if match else None
    if match is None or relation is None:
        raise ValueProblem("BAD_FORMAT", N_("write the number of the other person and the relation, as in 2: con"))
    return match[1], relation


def parse_route(text: str) -> str:
    """The short name of a route of return from its code or words."""
    try:
        return _ROUTES[squeeze(text)]
    except KeyError:
        raise ValueProblem("NOT_IN_LIST", N_("there is no such route of return; all: homeward codes routes")) from None


_ROUTE_WORDS: Final = {
    "OFFICIAL_HANDOVER": ("official handover", "bàn giao chính thức", "bàn giao", "trao trả"),
    "RESCUED": ("rescued", "giải cứu", "được giải cứu"),
    "SELF_RETURN": ("self return", "tự trở về", "tự về"),
    "REPATRIATED_BY_AIR": ("repatriated by air", "hồi hương bằng đường hàng không", "hồi hương", "hàng không"),
    "DEPORTED": ("deported", "trục xuất", "bị trục xuất"),
    "HOTLINE_REFERRAL": ("hotline referral", "hotline", "tổng đài 111", "111", "đường dây nóng"),
    "DETECTED_IN_COMMUNITY": ("detected in community", "phát hiện tại cộng đồng", "cộng đồng"),
}
_ROUTES: Final = {squeeze(word): code for code, words in _ROUTE_WORDS.items() for word in (code, *words)}
ROUTES: Final = tuple(_ROUTE_WORDS)
HANDOVER_ROUTES: Final = ("OFFICIAL_HANDOVER", "RESCUED", "SELF_RETURN", "REPATRIATED_BY_AIR", "DEPORTED")
SELF_RETURN_ROUTES: Final = ("SELF_RETURN", "HOTLINE_REFERRAL", "DETECTED_IN_COMMUNITY")
