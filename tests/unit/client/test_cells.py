"""What the text of a cell means, as people hand it in: for each, what is registered, or the sentence that tells."""

from __future__ import annotations

import pytest

from services.chassis.kernel.texts import LANGUAGES
from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.content import PersonContent
from services.client.people_file.draft import Problem
from services.client.people_file.letters import guessed_encoding, in_utf8, with_letters_mended
from services.client.people_file.read import read_people
from services.client.texts import texts_in
from tests.unit.client.people_files import NOW, windows_1258

OPTIONS = {"handover_time": "22/11/2026 14:30", "gate": "Móng Cái"}
TITLES = {
    "full_name": "Họ và tên",
    "sex": "Giới tính",
    "number": "STT",
    "birth_date": "Ngày sinh",
    "nationality": "Quốc tịch",
    "ethnicity": "Dân tộc",
    "language": "Ngôn ngữ",
    "home_province": "Tỉnh",
    "home_address": "Địa chỉ",
    "returned_from_country": "Trở về từ nước",
    "health_remarks": "Sức khỏe",
    "victim_declaration": "Tờ khai nạn nhân",
    "return_certificate_number": "Số giấy về nước",
    "family_links": "Quan hệ",
    "handover_time": "Thời gian bàn giao",
    "handover_clock": "Giờ bàn giao",
    "marker": "Mốc",
    "joint_minutes_number": "Số biên bản",
}


def checked(*people: dict[str, str], gate_of_office: str = "", **options: str) -> Checked:
    """A table of these people, each a text by field, understood on a fixed day."""
    whole = [{"full_name": f"Nguyễn Thị Dụ {'ABCDEFGHIJ'[at]}", "sex": "Nữ"} | each for at, each in enumerate(people)]
    fields = list(dict.fromkeys(name for each in whole for name in each))
    lines = [fields_line([TITLES[name] for name in fields])]
    lines += [fields_line([each.get(name, "") for name in fields]) for each in whole]
    values = {name: text for name, text in (OPTIONS | options).items() if text and name not in fields}
    if "marker" in fields:
        values.pop("gate", None)
    return check_handover(read_people("\r\n".join(lines).encode()), Defaults(values, gate_of_office), NOW)


def fields_line(texts: list[str]) -> str:
    return ";".join('"' + text.replace('"', '""') + '"' for text in texts)


def only(found: Checked) -> PersonContent:
    """The one person of a file that is in order."""
    assert found.content is not None, found.problems
    return found.content.people[0]


def sentences(problem: Problem) -> tuple[str, ...]:
    """What an officer reads, in both languages: complete, and not the same."""
    said = tuple(problem.said(texts_in(language)) for language in LANGUAGES)
    assert "{" not in "".join(said)
    assert len(set(said)) == len(LANGUAGES)
    return said


TAKEN = [
    ("birth_date", "SN 1998", "1998"),
    ("birth_date", "năm 1998", "1998"),
    ("birth_date", "1998.0", "1998"),
    ("birth_date", "00/00/1998", "1998"),
    ("birth_date", "xx/03/1998", "1998-03"),
    ("birth_date", "１９９８", "1998"),
    ("birth_date", "'15/03/2004", "2004-03-15"),
    ("birth_date", "15 tháng 3 năm 2004", "2004-03-15"),
    ("birth_date", "tháng 3/2004", "2004-03"),
    *(("birth_date", text, "") for text in ("Không nhớ", "không biết", "-", "N/A", "không", "chưa rõ", "…")),
    ("full_name", "Ðặng Thị Dụ", "Đặng Thị Dụ"),
    ("full_name", "Ｎｇｕｙễｎ", "Nguyễn"),
    ("full_name", "'Nguyễn Thị Dụ", "Nguyễn Thị Dụ"),
    ("full_name", "Con của Nguyễn Thị Dụ", "Con của Nguyễn Thị Dụ"),
    ("home_province", "Ðồng Nai", "75@2025"),
    ("home_province", "２２@2025", "22@2025"),
    ("home_province", "'22", "22@2025"),
    ("home_province", "TT Huế", "46@2025"),
    ("home_province", "Bắc Cạn", "06@2004"),
    ("home_province", "Đắc Nông", "67@2004"),
    ("home_province", "HN", "01@2025"),
    ("home_province", "HP", "31@2025"),
    ("home_province", "SG", "79@2025"),
    ("home_province", "Hà Nội (Hà Tây cũ)", "01@2025"),
    *(("home_province", text, "") for text in ("Không", "không nhớ", "-", "N/A", "không rõ")),
    ("returned_from_country", "MY", "MY"),
    ("returned_from_country", "Mỹ", "US"),
    ("returned_from_country", "Bỉ", "BE"),
    ("returned_from_country", "Áo", "AT"),
    ("returned_from_country", "Ý", "IT"),
    ("returned_from_country", "Úc", "AU"),
    ("returned_from_country", "Mi-an-ma", "MM"),
    ("returned_from_country", "Hồng Kông", "HK"),
    ("returned_from_country", "Đài Loan (TQ)", "TW"),
    ("returned_from_country", "Philippin", "PH"),
    ("returned_from_country", "CHND Trung Hoa", "CN"),
    ("returned_from_country", "KHM", "KH"),
    ("returned_from_country", "UAE", "AE"),
    ("returned_from_country", "中国", "CN"),
    ("ethnicity", "Dao đỏ", "2008:09"),
    ("ethnicity", "Thái đen", "2008:03"),
    ("ethnicity", "Mông hoa", "2008:08"),
    ("ethnicity", "Cao Lan", "2008:13"),
    ("ethnicity", "Jrai", "2008:10"),
    ("ethnicity", "K'Ho", "2008:15"),
    ("ethnicity", "Vân Kiều", "2008:24"),
    ("ethnicity", "S'tiêng", "2008:22"),
    ("ethnicity", "Kinh (Việt)", "2008:01"),
    ("ethnicity", "Ê-ðê", "2008:11"),
    ("language", "nga", "ru"),
    ("language", "thai", "th"),
    ("language", "Thái", "blt"),
    ("language", "tiếng Hmông", "hmn"),
    *(
        ("victim_declaration", text, True)
        for text in [
            "✓",
            "✔",
            "√",
            "☑",
            "ü",
            "þ",
            "●",
            "■",
            "x",
            "X",
            "V",
            "+",
            "有",
            "Có",
            "rồi",
            "1",
            "[x]",
            "✅",
            "\uf0fc",
        ]
    ),
    *(("victim_declaration", text, False) for text in ("☐", "Không", "chưa", "0", "無")),
    ("return_certificate_number", '="0012"', "0012"),
    ("return_certificate_number", "'0012", "0012"),
]


@pytest.mark.parametrize(("name", "text", "meant"), TAKEN)
def test_what_is_taken_and_for_what(name: str, text: str, meant: object) -> None:
    assert getattr(only(checked({name: text})), name) == meant


REFUSED = [
    *(("birth_date", text, "NOT_A_DATE", "year alone") for text in ("khoảng 1998", "~1998", "1998?", "đầu 1998")),
    ("birth_date", "20 tuổi", "NOT_A_DATE", "year of birth alone"),
    ("birth_date", "15/3/2004 ÂL", "NOT_A_DATE", "lunar"),
    ("birth_date", "ngày xưa", "NOT_A_DATE", "year alone"),
    ("birth_date", "2004-03-14T17:00:00.000Z", "NOT_A_DATE", "time of another place"),
    ("birth_date", "98", "NOT_A_DATE", "four digits"),
    ("birth_date", "20/06/1905", "NOT_A_DATE", "1998"),
    ("birth_date", "21/06/1909", "NOT_A_DATE", "1998"),
    ("birth_date", "3/15/2004", "NOT_A_DATE", "month stands before"),
    ("birth_date", "0001-01-01 00:00:00", "NOT_A_DATE", "empty one"),
    ("home_province", "Lào Cay", "UNKNOWN_PROVINCE", "did you mean Lào Cai"),
    ("home_province", "Sông Bé", "UNKNOWN_PROVINCE", "Bình Dương / Bình Phước"),
    ("home_province", "xã Giả Định, huyện Ví Dụ", "UNKNOWN_PROVINCE", "only the province"),
    ("home_province", "中国", "UNKNOWN_PROVINCE", "no such province"),
    ("home_province", "Hµ Néi", "OLD_FONT", "TCVN3"),
    ("returned_from_country", "my", "NOT_IN_LIST", "without its marks"),
    ("returned_from_country", "Canpuchia", "NOT_IN_LIST", "did you mean Campuchia"),
    ("nationality", "Không", "NOT_IN_LIST", "country"),
    ("language", "han", "NOT_IN_LIST", "without its marks"),
    ("language", "cn", "NOT_IN_LIST", "language"),
    ("language", "zzz", "NOT_IN_LIST", "language"),
    ("language", "Việt, Tày", "NOT_IN_LIST", "one language"),
    ("ethnicity", "Khơ mú mú", "NOT_IN_LIST", "did you mean Khơ-mú"),
    ("victim_declaration", "✗", "NOT_IN_LIST", "tick"),
    ("victim_declaration", "?", "NOT_IN_LIST", "tick"),
    *(
        ("full_name", text, "NOT_A_NAME", "two letters")
        for text in ("123456789", "-", ".", "x", "Nữ", "@SUM(A1)", "+849", "😀")
    ),
    *(("full_name", text, "NOT_A_NAME", "two letters") for text in ("NULL", "nan", "1. Nguyễn", "@SUM(A1)")),
    *(("full_name", text, "NOT_A_NAME", "two letters") for text in ("+849", "=cmd|'/C calc'!A0")),
    ("full_name", "Lan?", "NOT_A_NAME", "question mark"),
    ("full_name", "", "REQUIRED", "Con của"),
    ("full_name", "NguyÔn ThÞ ThÝ Dô", "OLD_FONT", "UniKey"),
    ("full_name", "Nguyeãn Thò Thí Duï", "OLD_FONT", "VNI"),
    ("full_name", "Nguyá»…n Thá»‹ Dá»¥", "MISREAD_LETTERS", "--convert-letters"),
    ("full_name", "Nguy&#7877;n Th&#7883;", "WEB_LETTERS", "web page"),
    ("full_name", "Nguy?n Thị", "LOST_LETTERS", "type them again"),
    ("home_address", "Th?n V? D?, x? ??ng Gi?", "LOST_LETTERS", "type them again"),
    ("home_address", "12-May", "BAD_FORMAT", "made a date"),
    ("health_remarks", "\uf0b7 sốt", "BAD_CHARACTERS", "U+F0B7"),
    ("return_certificate_number", "05-Mar", "BAD_FORMAT", "made a date"),
    ("return_certificate_number", "1,23457E+11", "BAD_FORMAT", "shortened"),
    ("return_certificate_number", "12E+5", "BAD_FORMAT", "shortened"),
    ("return_certificate_number", "12345.0", "BAD_FORMAT", "shortened"),
    ("joint_minutes_number", "01-Nov", "BAD_FORMAT", "made a date"),
    ("marker", "05/11/2026", "BAD_FORMAT", "made a date"),
    ("handover_time", "24h00 22/11/2026", "NOT_A_DATE", "next day"),
    ("handover_time", "22/11/2026 chiều", "NOT_A_DATE", "14:30"),
    ("handover_time", "0001-01-01 00:00:00", "NOT_A_DATE", "empty one"),
]


@pytest.mark.parametrize(("name", "text", "code", "part"), REFUSED)
def test_what_is_refused_says_what_to_write(name: str, text: str, code: str, part: str) -> None:
    found = checked({name: text})
    assert found.content is None
    assert [(each.field, each.code) for each in found.problems] == [(name, code)]
    assert part in sentences(found.problems[0])[LANGUAGES.index("en")]


NOTED = [
    ({"birth_date": "1920"}, "VERY_OLD", "106 years"),
    ({"nationality": "Không quốc tịch"}, "STATELESS", "nationality"),
    ({"home_province": "Thôn Ví Dụ, xã Giả Định, Quảng Ninh"}, "ADDRESS_DIVIDED", "Quảng Ninh"),
    ({"handover_time": "11/5/2026 14:30"}, "LONG_AGO", "11/05/2026"),
    ({"returned_from_country": "Campuchia"}, "OTHER_BORDER", "Trung Quốc"),
    ({"full_name": "Chưa đặt tên"}, "NO_NAME_YET", "Con của"),
]


@pytest.mark.parametrize(("person", "code", "part"), NOTED)
def test_what_is_asked_about(person: dict[str, str], code: str, part: str) -> None:
    found = checked(person)
    assert found.content is not None
    assert [each.code for each in found.warnings] == [code]
    assert part in sentences(found.warnings[0])[LANGUAGES.index("en")]


def test_a_gate_that_is_not_the_posts_is_asked_about() -> None:
    found = checked({}, gate="Mộc Bài", gate_of_office="CN-MONG-CAI")
    assert [(each.code, each.params) for each in found.warnings] == [("GATE_OF_ANOTHER", {"gate": "Móng Cái"})]


@pytest.mark.parametrize(
    ("text", "clock", "moment"),
    [
        ("22/11/2026 2:30 CH", "", "2026-11-22T07:30:00+00:00"),
        ("2h chiều 22/11/2026", "", "2026-11-22T07:00:00+00:00"),
        ("14 giờ 30 phút, ngày 22/11/2026", "", "2026-11-22T07:30:00+00:00"),
        ("14h30 ngày 22 tháng 11 năm 2026", "", "2026-11-22T07:30:00+00:00"),
        ("2026-11-22 00:00:00", "14:30:00", "2026-11-22T07:30:00+00:00"),
    ],
)
def test_times_as_they_are_written(text: str, clock: str, moment: str) -> None:
    found = checked({"handover_time": text} | ({"handover_clock": clock} if clock else {}))
    assert found.content is not None
    assert found.content.handover_time.isoformat() == moment


def test_one_month_before_its_day_tells_of_the_whole_column() -> None:
    births = ("03/04/2004", "3/15/2004", "12/11/1999", "11/25/2001")
    found = checked(*({"birth_date": each} for each in births))
    assert [(each.row, each.code) for each in found.problems] == [(3, "NOT_A_DATE")]
    assert "whole column" in sentences(found.problems[0])[LANGUAGES.index("en")]


def test_damage_is_told_once_for_a_column_with_all_its_rows() -> None:
    found = checked(*({"full_name": f"NguyÔn ThÞ {name}"} for name in ("Dô", "Hång", "Hoa")))
    assert [(each.row, each.code, each.params) for each in found.problems] == [(2, "OLD_FONT", {"rows": "2, 3, 4"})]


def test_a_whole_address_is_divided_only_where_nothing_is_lost() -> None:
    whole = {"home_province": "Thôn Ví Dụ, xã Giả Định, Quảng Ninh"}
    person = only(checked(whole))
    assert (person.home_province, person.home_address) == ("22@2025", "Thôn Ví Dụ, xã Giả Định")
    assert [each.code for each in checked(whole | {"home_address": "Bản Khác"}).problems] == ["UNKNOWN_PROVINCE"]


def test_two_people_cannot_be_each_others_child() -> None:
    first = {"number": "1", "family_links": "2: con", "birth_date": "1985"}
    found = checked(first, {"number": "2", "family_links": "1: con", "birth_date": "1950"})
    assert [(each.row, each.code) for each in found.problems] == [(2, "CONFLICTS_WITH")]
    sentences(found.problems[0])
    found = checked(first, {"number": "2", "family_links": "1: mẹ", "birth_date": "1950"})
    assert [(each.row, each.code) for each in found.warnings] == [(2, "OLDER_THAN_PARENT")]
    sentences(found.warnings[0])
    assert checked(first, {"number": "2", "family_links": "1: mẹ", "birth_date": "2010"}).warnings == ()


def test_ties_need_numbers_that_are_written_in_the_file() -> None:
    found = checked({"family_links": "2: con"}, {})
    assert [(each.row, each.title, each.code) for each in found.problems] == [(2, "Quan hệ", "REQUIRED_WITH")]
    sentences(found.problems[0])


def test_one_person_written_three_times_is_told_once_with_all_rows() -> None:
    name = "Nguyễn Thị Dụ"
    found = checked(
        {"full_name": name, "birth_date": "15/03/2004"},
        {"full_name": "NGUYEN THI DU", "birth_date": "2004"},
        {"full_name": f"{name} (Hoa)", "birth_date": "15/03/2004"},
        {"full_name": name, "birth_date": "1999"},
    )
    told = [(each.code, each.params["rows"]) for each in found.problems]
    assert told == [("SAME_PERSON_TWICE", "2, 3, 4")]
    sentences(found.problems[0])


def test_letters_are_turned_back_only_when_asked_and_all_is_shown() -> None:
    lines = ("Họ và tên;Giới tính;Địa chỉ", "NguyÔn ThÞ Dô;F;Th«n Hång", "Lan;F;Hång")
    draft = read_people("\r\n".join(lines).encode())
    mended, changes = with_letters_mended(draft)
    assert [(each.row, each.before, each.after) for each in changes] == [
        (2, "NguyÔn ThÞ Dô", "Nguyễn Thị Dụ"),
        (2, "Th«n Hång", "Thôn Hồng"),
        (3, "Hång", "Hồng"),
    ]
    assert check_handover(mended, Defaults(OPTIONS), NOW).problems == ()
    assert "Nguy" not in repr(changes)


def test_an_encoding_that_was_guessed_is_known_to_be_a_guess_until_it_is_named() -> None:
    data = windows_1258("Họ và tên;Giới tính\r\nNguyễn Thị Dụ;Nữ\r\n")
    assert guessed_encoding(read_people(data)) == "Windows-1258"
    assert guessed_encoding(read_people(in_utf8(data, "windows-1258"))) == ""
