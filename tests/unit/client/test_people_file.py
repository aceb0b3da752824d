"""Tables as Excel writes them: encodings, separators, titles, rows."""

from __future__ import annotations

import codecs
import json

import pytest

from services.client.people_file.draft import MAX_FILE_BYTES, UnreadableFile
from services.client.people_file.read import read_people
from tests.unit.client.people_files import ONE, TITLES, TWO, checked, table, windows_1258

WHOLE = checked(table(ONE, TWO)).content


def test_the_plain_table_is_understood() -> None:
    assert WHOLE is not None
    assert [person.full_name for person in WHOLE.people] == ["Nguyễn Thị Thí Dụ Một", "Trần Văn Thí Dụ Hai"]
    assert [person.birth_date for person in WHOLE.people] == ["2004-03-15", "2010"]
    assert WHOLE.gate == "CN-MONG-CAI"
    assert WHOLE.people[1].family_links[0].row == 1


@pytest.mark.parametrize(
    "data",
    [
        table(ONE, TWO).encode("utf-8"),
        codecs.BOM_UTF8 + table(ONE, TWO).encode("utf-8"),
        table(ONE, TWO).encode("utf-16"),
        codecs.BOM_UTF16_BE + table(ONE, TWO).encode("utf-16-be"),
        table(ONE, TWO).encode("utf-16-le"),
        table(ONE, TWO).encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big", "utf-16 little, no mark", "utf-16 big, no mark"],
)
def test_every_unicode_form_gives_the_same(data: bytes) -> None:
    found = checked(data)
    assert found.content == WHOLE
    assert found.warnings == ()


def test_windows_1258_is_read_with_a_warning() -> None:
    found = checked(windows_1258(table(ONE, TWO)))
    assert found.content == WHOLE
    assert [(each.code, each.params["encoding"]) for each in found.warnings] == [("OLD_ENCODING", "Windows-1258")]


def test_windows_1252_is_told_from_windows_1258() -> None:
    text = table("1;Thí Dụ Zoë Müller;F;2004;;;;22/11/2026 14:30;Mong Cai".replace("ụ", "u"), titles=TITLES)
    data = text.encode("cp1252", errors="replace").replace(b"H? v\xe0 t\xean", b"Full name").replace(b"?", b"x")
    data = (
        data.replace(b"Gixi t\xednh", b"Sex").replace(b"Thxi gian b\xe0n giao", b"Time").replace(b"Cxa khxu", b"Gate")
    )
    found = checked(data)
    assert found.content is not None
    assert found.content.people[0].full_name == "Thí Du Zoë Müller"
    assert found.warnings[-1].params == {"encoding": "Windows-1252"}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_separator_gives_the_same(separator: str) -> None:
    assert checked(table(ONE, TWO).replace(";", separator)).content == WHOLE


def test_excels_own_line_about_the_separator_is_no_row() -> None:
    found = checked("sep=;\r\n" + table(ONE, "2;;Nam"))
    assert [problem.row for problem in found.problems] == [3]


def test_a_line_break_within_a_cell_counts_no_row() -> None:
    titles = "Họ và tên;Giới tính;Sức khỏe;Thời gian bàn giao;Cửa khẩu"
    found = checked(table('Thí Dụ Một;Nữ;"mệt\r\nđau";22/11/2026;Móng Cái', "Thí Dụ Hai;?;;;", titles=titles))
    assert [(problem.row, problem.title) for problem in found.problems] == [(3, "Giới tính")]


def test_rows_above_the_titles_and_empty_rows_below_are_stepped_over() -> None:
    found = checked("ĐỒN BIÊN PHÒNG;;;\r\nDanh sách ngày 22/11;;\r\n\r\n" + table(ONE, TWO, ";;;;;", "", ";"))
    assert found.content == WHOLE
    assert found.rows == (5, 6)


def test_a_row_that_begins_with_a_hash_is_not_read() -> None:
    assert checked(table("# ví dụ;Thí Dụ;Nữ", ONE, TWO)).content == WHOLE


def test_english_titles_and_remarks_in_brackets_are_taken() -> None:
    titles = "No.,Full name *,Sex (M/F),Birth date (dd/mm/yyyy),Ethnic group,Home province,Family,Handover time,GATE"
    found = checked(table(ONE.replace(";", ","), TWO.replace(";", ","), titles=titles))
    assert found.content == WHOLE


def test_decomposed_letters_are_composed() -> None:
    import unicodedata

    found = checked(unicodedata.normalize("NFD", table(ONE, TWO)))
    assert found.content == WHOLE


def test_columns_that_mean_nothing_here_are_told() -> None:
    found = checked(table(ONE + ";0912345678;x", titles=TITLES + ";Điện thoại;Cân nặng"))
    assert [(each.code, each.title) for each in found.warnings] == [
        ("COLUMN_NOT_USED", "Điện thoại"),
        ("COLUMN_NOT_USED", "Cân nặng"),
    ]
    assert [each.params["count"] for each in found.warnings] == ["1", "1"]


def test_two_columns_with_one_meaning_are_refused() -> None:
    found = checked(table(ONE + ";Nguyễn", titles=TITLES + ";Họ tên"))
    assert [(each.code, each.row, each.title) for each in found.problems] == [("DUPLICATE", 1, "Họ tên")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "EMPTY_FILE"),
        (b" \r\n ", "EMPTY_FILE"),
        (b"PK\x03\x04rest of a workbook", "DAMAGED_WORKBOOK"),
        (b"\xd0\xcf\x11\xe0rest", "DAMAGED_WORKBOOK"),
        (b"\x00\x01\x02\x03\x00", "NOT_TEXT"),
        (b"a;b;c\r\n1;2;3", "NO_TITLES"),
        ((TITLES + "\r\n").encode(), "NO_PEOPLE"),
        (b"{", "NOT_JSON"),
        (b"[]", "NO_PEOPLE"),
        (b'{"people": []}', "NO_PEOPLE"),
        (b'{"people": "all"}', "NO_PEOPLE"),
        (b'{"something": 1}', "NO_PEOPLE"),
        (b"[" * 100_000, "NOT_JSON"),
        (b"x" * (MAX_FILE_BYTES + 1), "FILE_TOO_LARGE"),
        (table(*["1;Thí Dụ;Nữ"] * 2_001).encode(), "FILE_TOO_LONG"),
    ],
)
def test_what_is_no_list_of_people_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_people(data)
    assert caught.value.reason == reason


def test_json_with_the_names_of_the_contract_gives_the_same_as_the_table() -> None:
    document = {
        "handover": {
            "route": "OFFICIAL_HANDOVER",
            "handover_time": "2026-11-22T14:30:00+07:00",
            "place": {"gate_id": "CN-MONG-CAI"},
            "people": [
                {
                    "full_name": "Nguyễn Thị Thí Dụ Một",
                    "sex": "Feminine",
                    "birth_date": "2004-03-15",
                    "ethnicity": "2008:08",
                    "home_province": {"code": "22", "vintage": "2025"},
                },
                {
                    "full_name": "Trần Văn Thí Dụ Hai",
                    "sex": "Nam",
                    "birth_date": 2010,
                    "ethnicity": "Kinh",
                    "home_province": "22",
                    "family_links": [{"row": 1, "relation": "PARENT"}],
                },
            ],
        }
    }
    found = checked(json.dumps(document))
    assert found.problems == ()
    assert found.content == WHOLE
    assert found.content is not None
    assert WHOLE is not None
    assert found.content.digest() == WHOLE.digest()


def test_json_fields_that_do_not_exist_are_refused_by_person() -> None:
    document = {"people": [{"full_name": "Thí Dụ", "sex": "Nữ", "phone": "1", "sexx": "Nữ"}], "gate": "Móng Cái"}
    found = checked(json.dumps(document), handover_time="today")
    assert [(each.row, each.title, each.code) for each in found.problems] == [
        (1, "phone", "UNKNOWN_FIELD"),
        (1, "sexx", "UNKNOWN_FIELD"),
    ]


def test_json_of_another_shape_is_told() -> None:
    document = {"people": ["Thí Dụ", {"full_name": ["Thí", "Dụ"], "sex": "Nữ"}], "gate": "Móng Cái"}
    found = checked(json.dumps(document), handover_time="today")
    assert [(each.row, each.code) for each in found.problems if each.code == "BAD_FORMAT"] == [
        (1, "BAD_FORMAT"),
        (2, "BAD_FORMAT"),
    ]
