"""What officers write in a cell, and the code it means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates, languages, spellings
from services.chassis.kernel.fold import clean, exact, fold
from services.chassis.kernel.letters import converted, diagnose
from services.chassis.kernel.names import is_name
from services.chassis.kernel.texts import LANGUAGES, words_of
from services.client.dates import DateProblem, parse_birth, parse_day, parse_day_and_clock, parse_moment
from services.client.people_file import values
from services.client.people_file.values import ValueProblem, parse_province
from services.client.words import ROUTES, SEXES

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nữ", "Feminine"),
        ("NU", "Feminine"),
        ("f", "Feminine"),
        ("Female", "Feminine"),
        ("nam", "Masculine"),
        ("M", "Masculine"),
        ("Khác", "NonConforming"),
        ("chuyển giới nữ", "TransgenderFeminine"),
        ("không rõ", "NonSpecifiedUnknown"),
        ("TransgenderMasculine", "TransgenderMasculine"),
    ],
)
def test_sex(text: str, code: str) -> None:
    assert values.parse_sex(text) == code


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("22@2025", BEFORE, "22@2025"),
        ("1@2004", AFTER, "01@2004"),
        ("Quảng Ninh", AFTER, "22@2025"),
        ("Quảng Ninh", BEFORE, "22@2004"),
        ("tỉnh quang ninh", AFTER, "22@2025"),
        ("Bắc Giang", AFTER, "24@2004"),
        ("TP. Hồ Chí Minh", AFTER, "79@2025"),
        ("TPHCM", BEFORE, "79@2004"),
        ("Thành phố Hà Nội", AFTER, "01@2025"),
        ("Bà Rịa - Vũng Tàu", AFTER, "77@2004"),
        ("1", AFTER, "01@2025"),
        ("01", BEFORE, "01@2004"),
        ("22.0", AFTER, "22@2025"),
        ("77", AFTER, "77@2004"),
        ("Thừa Thiên Huế", AFTER, "46@2025"),
    ],
)
def test_province(text: str, on: date, code: str) -> None:
    assert str(parse_province(text, on).ref) == code


def test_every_province_is_found_by_its_own_name_and_code() -> None:
    for unit in provinces().values():
        on = AFTER if unit.ref.vintage == "2025" else BEFORE
        assert parse_province(unit.name, on).ref == unit.ref
        assert parse_province(str(unit.ref), on).ref == unit.ref


def test_a_name_that_grew_in_the_reform_says_that_it_was_decided() -> None:
    assert parse_province("Lào Cai", AFTER) == values.ProvinceReading(
        parse_province("15@2025", AFTER).ref, decided=True
    )
    assert not parse_province("Quảng Ninh", AFTER).decided


def test_a_code_that_names_two_provinces_is_refused_with_both() -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_province("15", AFTER)
    assert caught.value.code == "AMBIGUOUS_PROVINCE"
    assert caught.value.params == {
        "digits": "15",
        "first": "15@2004",
        "first_name": "Yên Bái",
        "second": "15@2025",
        "second_name": "Lào Cai",
    }


@pytest.mark.parametrize("text", ["Atlantis", "3", "99", "22@1999", "xx@2025", "@", "2 2"])
def test_what_is_no_province(text: str) -> None:
    with pytest.raises(ValueProblem):
        parse_province(text, AFTER)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H'Mông", "2008:08"),
        ("mong", "2008:08"),
        ("Dân tộc Tày", "2008:02"),
        ("KINH", "2008:01"),
        ("khmer", "2008:05"),
        ("2008:13", "2008:13"),
        ("người nước ngoài", "FOREIGNER"),
        ("Không rõ", "UNKNOWN"),
    ],
)
def test_ethnic_group(text: str, code: str) -> None:
    assert values.parse_ethnicity(text) == code


def test_every_ethnic_group_and_gate_is_found_by_its_name() -> None:
    for group in ethnic_groups():
        assert values.parse_ethnicity(group.name) == f"2008:{group.gso_2008}"
    for gate in gates().values():
        assert (
            values.parse_gate(gate.name) == values.parse_gate(gate.id) == values.parse_gate(f"BP-{gate.id}") == gate.id
        )
        assert values.parse_gate(f"Cửa khẩu {gate.name}") == gate.id


@pytest.mark.parametrize(
    ("text", "code"),
    [("Việt Nam", "VN"), ("vn", "VN"), ("Trung Quốc", "CN"), ("China", "CN"), ("Campuchia", "KH"), ("Đài Loan", "TW")],
)
def test_country(text: str, code: str) -> None:
    assert values.parse_country(text) == code


@pytest.mark.parametrize(
    ("text", "tag"), [("tiếng Việt", "vi"), ("Hmông", "hmn"), ("vi", "vi"), ("zh-Hant", "zh-Hant"), ("Trung", "zh")]
)
def test_language(text: str, tag: str) -> None:
    assert values.parse_language(text) == tag


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("2: con", ("2", "CHILD")),
        ("#3 - vợ", ("3", "SPOUSE")),
        ("1 SIBLING", ("1", "SIBLING")),
        ("4:Mẹ", ("4", "PARENT")),
    ],
)
def test_family_link(text: str, link: tuple[str, str]) -> None:
    assert values.parse_family_link(text) == link


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (values.parse_sex, "maybe"),
        (values.parse_ethnicity, "Martian"),
        (values.parse_ethnicity, "2008:99"),
        (values.parse_country, "Freedonia"),
        (values.parse_language, "Tiếng lóng xa lạ"),
        (values.parse_gate, "Nowhere"),
        (values.parse_family_link, "cousin"),
        (values.parse_family_link, "2: friend"),
        (values.parse_route, "by magic"),
        (values.parse_yes_no, "perhaps"),
    ],
)
def test_what_means_nothing_is_refused_without_being_repeated(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueProblem) as caught:
        parse(text)
    assert text not in caught.value.text
    assert text not in caught.value.params.values()


def test_yes_and_no() -> None:
    assert [values.parse_yes_no(text) for text in ("Có", "x", "YES", "1", "Không", "chưa", "no", "")] == [True] * 4 + [
        False
    ] * 4


def test_routes_by_code_and_words() -> None:
    assert values.parse_route("bàn giao") == values.parse_route("official-handover") == "OFFICIAL_HANDOVER"
    assert values.parse_route("Tổng đài 111") == "HOTLINE_REFERRAL"


def test_every_name_of_every_list_means_its_code() -> None:
    for country in countries().values():
        for name in (country.code, country.name_vi, country.name_en):
            assert values.parse_country(name) == country.code
    for language in languages().values():
        for name in (language.code, language.name_vi, language.name_en, f"tiếng {language.name_vi}"):
            assert values.parse_language(name) == language.code
    for group in ethnic_groups():
        for name in (group.name, group.name.upper(), group.name.replace("-", " "), fold(group.name)):
            assert values.parse_ethnicity(name) == f"2008:{group.gso_2008}"
    for gate in gates().values():
        for name in (gate.name, gate.name.upper(), fold(gate.name), f"CKQT {gate.name}"):
            assert values.parse_gate(name) == gate.id
    for unit in provinces().values():
        for name in (unit.name, unit.short_name, unit.name.upper(), fold(unit.name)):
            assert parse_province(name, AFTER if unit.ref.vintage == "2025" else BEFORE).ref == unit.ref


def test_the_words_of_the_catalogue_mean_their_codes_in_both_languages() -> None:
    for words, parse in ((SEXES, values.parse_sex), (ROUTES, values.parse_route)):
        for code in words:
            assert parse(code) == code
            for language in LANGUAGES:
                assert parse(words_of(language).template(words.name, code) or code) == code


def test_every_spelling_means_the_entry_that_it_is_kept_for() -> None:
    short = {unit.short_name for unit in provinces().values()}
    for name, known in spellings("provinces").items():
        assert name in short
        for spelling in known:
            assert values.province_name(parse_province(spelling, BEFORE).ref) == name, spelling
    codes = {group.name: f"2008:{group.gso_2008}" for group in ethnic_groups()}
    parsers: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("ethnic_groups", values.parse_ethnicity),
        ("countries", values.parse_country),
        ("languages", values.parse_language),
        ("gates", values.parse_gate),
    )
    for name_of_list, parse in parsers:
        for name, known in spellings(name_of_list).items():
            for spelling in known:
                assert parse(spelling) == codes.get(name, name), spelling
    for name, parts in spellings("divided_provinces").items():
        assert set(parts) <= short
        with pytest.raises(ValueProblem):
            parse_province(name, AFTER)


ODD = (
    *(
        "",
        " ",
        "'",
        "''",
        "@",
        "@@",
        "22@",
        "@2025",
        "٢٢@2025",
        "２２@2025",
        "²²",
        "½",
        "\x00",
        "\ud83d",
        "\uffff",
        "\u200d",
    ),
    *("0", "-1", "1e999", "NaN", "inf", "0001-01-01 00:00:00", "9999-12-31T23:59-23:59", "0000-00-00", "99999"),
    *("60000.99", "24:00", "25h", "99h99 99/99/9999", "12h đêm 22/11/2026", "1:1:1:1", "T", "--", "00/00/0000"),
    *(
        "#REF!",
        "=1+1",
        "{}",
        "%s",
        "\n",
        ";",
        "，",
        "ß",
        "ﬁ",
        "İ",
        "ǅ",
        "①",
        "🇻🇳",
        "HW-",
        "HW-999-999-957",
        "2:",
        ": con",
        "#",
    ),
    *("9" * 400, "(" * 5_000, "a" * 100_000),
)


@pytest.mark.parametrize(
    "parse",
    [
        values.parse_sex,
        values.parse_yes_no,
        values.parse_ethnicity,
        values.parse_country,
        values.parse_language,
        values.parse_gate,
        values.parse_route,
        values.parse_family_link,
        values.parse_earlier_case,
        lambda text: parse_province(text, AFTER),
        lambda text: values.parse_address(text, AFTER),
        lambda text: parse_day(text, AFTER),
        lambda text: parse_moment(text, AFTER),
        lambda text: parse_day_and_clock(text, text, AFTER),
        parse_birth,
        is_name,
        diagnose,
        converted,
        exact,
        clean,
    ],
)
def test_no_text_brings_a_parser_to_anything_but_its_own_refusal(parse: Callable[[str], object]) -> None:
    short = [text for text in ODD if len(text) < 25]
    for text in (*ODD, *(first + second for first in short for second in ("x", " 2026", " 14:30", "@2025"))):
        try:
            parse(text)
        except (ValueProblem, DateProblem) as problem:
            assert problem.text  # noqa: PT017
