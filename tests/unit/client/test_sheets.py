"""Lists as people hand them in: what becomes of each line and each filled cell, and the sentence in both languages."""

from __future__ import annotations

import time

import pytest

from services.client.people_file.account import document, told
from services.client.people_file.draft import Problem, UnreadableFile
from services.client.people_file.read import read_people
from services.client.people_file.table import ranges
from services.client.texts import texts_in
from tests.unit.client.people_files import checked, table

TITLES = "STT;Họ và tên;Giới tính;Ngày sinh;Địa chỉ;Thời gian bàn giao;Cửa khẩu"
ONE = "1;Nguyễn Thị Thí Dụ;Nữ;15/03/2004;Thôn Ví Dụ;22/11/2026 14:30;Móng Cái"
TWO = "2;Trần Văn Ví Dụ;Nam;1998;;;"
THREE = "3;Lò Thị Giả Định;Nữ;2001;;;"


def listed(*rows: str, titles: str = TITLES) -> str:
    """A list with these rows."""
    return table(*rows, titles=titles)


def sentences(each: Problem) -> tuple[str, str]:
    """What is said in Vietnamese and in English."""
    return each.said(texts_in("vi")), each.said(texts_in("en"))


MISTAKES = {
    "13: a formula's error as the number": (
        listed(ONE, "#REF!;Trần Văn Ví Dụ;Nam;1998"),
        (3, "STT", "EXCEL_ERROR"),
        "#REF! không phải giá trị",
        "#REF! is no value",
    ),
    "13: an error anywhere": (
        listed(ONE, "2;Trần Văn Ví Dụ;#N/A;1998"),
        (3, "Giới tính", "EXCEL_ERROR"),
        "#N/A không phải giá trị",
        "#N/A is no value",
    ),
    "13: an error in a column that is not sent": (
        listed(ONE + ";#DIV/0!", titles=TITLES + ";Tuổi"),
        (2, "Tuổi", "EXCEL_ERROR"),
        "#DIV/0! không",
        "#DIV/0! is",
    ),
    "14: a column too narrow for its dates": (
        listed(
            "22/11/2026;A Thí Dụ;Nữ;Móng Cái",
            "##########;B Ví Dụ;Nữ;",
            titles="Ngày bàn giao;Họ tên;Giới;Cửa khẩu",
        ),
        (3, "Ngày bàn giao", "EXCEL_ERROR"),
        "cột quá hẹp",
        "too narrow",
    ),
    "15: one number with # among others": (
        listed(ONE, "#2;Trần Văn Ví Dụ;Nam;1998"),
        (3, "STT", "HASH_BEFORE_NUMBER"),
        "bắt đầu bằng # và một số",
        "begins with # and a number",
    ),
    "15: # and a blank before the number": (
        listed(ONE, "# 2;Trần Văn Ví Dụ;Nam;1998"),
        (3, "STT", "HASH_BEFORE_NUMBER"),
        "bắt đầu bằng # và một số",
        "begins with # and a number",
    ),
    "16: a row with commas in a file with semicolons": (
        listed(ONE, "2,Trần Văn Ví Dụ,Nam,1998,,,"),
        (3, "STT", "OTHER_SEPARATOR"),
        "cả dòng này nằm trong một ô",
        "stands in one cell",
    ),
    "16: a row with tabs": (
        listed(ONE, "2\tTrần Văn Ví Dụ\tNam\t1998\t\t\t"),
        (3, "STT", "OTHER_SEPARATOR"),
        "cả dòng này nằm trong một ô",
        "stands in one cell",
    ),
    "17: an address with commas and without quotes": (
        listed(
            "1,A Thí Dụ,Nữ,22/11/2026,Móng Cái,Thôn Ví Dụ, xã Giả Định",
            titles="STT,Họ tên,Giới tính,Ngày bàn giao,Cửa khẩu,Địa chỉ",
        ),
        (2, "", "EXTRA_CELL"),
        "sau cột cuối có tên, ở cột G",
        "behind the last title, in column G",
    ),
    "20: a column without a title": (
        listed(ONE + ";x", titles=TITLES + ";"),
        (1, "", "UNTITLED_COLUMN"),
        "cột H không có tên",
        "column H has no title",
    ),
    "10: a title over two columns": (
        listed("1;Nguyễn Thị;Dụ;Nữ;22/11/2026;Móng Cái", titles="STT;Họ và tên;;Giới tính;Ngày bàn giao;Cửa khẩu"),
        (1, "", "UNTITLED_COLUMN"),
        "tên ghép trên hai cột",
        "a title over two columns",
    ),
    "37: a quote that draws rows into the last title": (
        f'{TITLES};"Ghi chú thêm\n{ONE};\n{TWO};"\n{THREE};\n',
        (1, "Ghi chú thêm", "ROWS_IN_CELL"),
        "chứa cả những dòng khác",
        "holds whole rows",
    ),
    "12: a quote that ends at the next quote": (
        listed('1;A Thí Dụ;Nữ;1998;"đau đầu;22/11/2026;Móng Cái', '2;B Ví Dụ;Nữ;1999;"mệt";;'),
        (2, "Địa chỉ", "ROWS_IN_CELL"),
        "chứa cả những dòng khác",
        "holds whole rows",
    ),
    "12: a quote that ends early in the next row": (
        listed('1;A Thí Dụ;Nữ;1998;"đau đầu;22/11/2026;Móng Cái', '2;B "Ví" Dụ;Nữ;1999;;;'),
        (2, "", "ROWS_IN_CELL"),
        'sau dấu " đóng còn chữ',
        "there is more text",
    ),
    "12: a quote before a remark": (
        listed('"# ghi chú;;;;;;', ONE, '2;"Trần" Ví Dụ;Nam;1998;;;'),
        (2, "STT", "ROWS_IN_CELL"),
        "chứa cả những dòng khác",
        "holds whole rows",
    ),
    "11: the family name alone": (
        listed("1;Nguyễn Thị;Nữ;22/11/2026;Móng Cái", titles="STT;Họ đệm;Giới tính;Ngày bàn giao;Cửa khẩu"),
        (1, "Họ đệm", "REQUIRED"),
        "thiếu cột tên",
        "the given name is missing",
    ),
    "11: half a name": (
        listed("1;Nguyễn Thị;;Nữ;22/11/2026;Móng Cái", titles="STT;Họ đệm;Tên;Giới tính;Ngày bàn giao;Cửa khẩu"),
        (2, "Họ đệm, Tên", "HALF_NAME"),
        "thiếu tên",
        "the given name is missing",
    ),
    "84: no column for the sex": (
        listed(*["A Thí Dụ;1998;22/11/2026;Móng Cái"] * 3, titles="Họ tên;Năm sinh;Ngày bàn giao;Cửa khẩu"),
        (1, "Giới tính", "REQUIRED"),
        "thiếu cột này",
        "this column is missing",
    ),
    "80b: the birth in the column for the other sex": (
        listed(
            ";;Nam;Nữ;;;",
            "1;A Thí Dụ;1998;;Nữ;22/11/2026;Móng Cái",
            titles="STT;Họ tên;Năm sinh;;Giới tính;Ngày bàn giao;Cửa khẩu",
        ),
        (3, "Năm sinh, Nam", "CONFLICTS_WITH"),
        "cột của giới kia",
        "the other sex",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_vanished_without_a_word_is_a_mistake(case: str) -> None:
    text, (row, title, code), vietnamese, english = MISTAKES[case]
    found = checked(text)
    assert [(each.row, each.title, each.code) for each in found.problems] == [(row, title, code)]
    vi, en = sentences(found.problems[0])
    assert vietnamese in vi
    assert english in en


@pytest.mark.parametrize(
    ("text", "reason", "vietnamese", "english"),
    [
        (listed(ONE, '2;Trần Văn Ví Dụ;Nam;"1998;;;', THREE), "QUOTE_NOT_CLOSED", "Ở dòng 3", "In line 3"),
        (listed(ONE, "").replace("Cửa", '"Cửa'), "QUOTE_NOT_CLOSED", "Ở dòng 1", "In line 1"),
        (listed("#1;").replace(ONE, ""), "NO_PEOPLE", "không có dòng", "no row with a person"),
        (listed("# 1 người"), "NO_PEOPLE", "dòng 2", "2"),
        ("a;b;c\r\n1;2;3", "NO_TITLES", "200 dòng đầu", "first 200 rows"),
        (listed(ONE).encode()[:-4], "FILE_INCOMPLETE", "chưa được sao chép trọn vẹn", "not copied whole"),
        (
            "STT;Hä vµ tªn;Giíi tÝnh;Ngµy sinh\r\n1;NguyÔn ThÞ ThÝ Dô;N÷;2004\r\n".encode("cp1252"),
            "OTHER_LETTERS",
            ".VnTime (TCVN3)",
            ".VnTime font (TCVN3)",
        ),
        (listed(ONE).encode().decode("cp1252", "replace"), "OTHER_LETTERS", "mở sai bảng mã", "the wrong encoding"),
        ('{"people": [{"sex": "F", "full_name": "A", "full_name": "B"}]}', "DUPLICATE_FIELD", "full_name", "full_name"),
        ('{"people": [1,]}', "NOT_JSON", "dòng 1", "line 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_cure(
    text: str | bytes, reason: str, vietnamese: str, english: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_people(text if isinstance(text, bytes) else text.encode())
    assert refused.value.reason == reason
    assert vietnamese.lower() in texts_in("vi")(refused.value.text, **refused.value.params).lower()
    assert english.lower() in texts_in("en")(refused.value.text, **refused.value.params).lower()


def test_every_line_is_accounted_for_in_both_languages() -> None:
    found = checked(listed(ONE, TWO, "# ghi chú;;;;;;", THREE, ";;;;;;"))
    assert found.lines is not None
    assert told(found.lines, texts_in("en")) == "5 lines: 3 people, 1 remark (line 4), 1 empty."
    assert told(found.lines, texts_in("vi")) == "5 dòng: 3 người, 1 dòng ghi chú (dòng 4), 1 dòng trống."
    assert document(found.lines)["remarks"] == [4]
    assert document(found.lines)["total"] == 5


def test_an_offices_form_is_read_with_its_headings_totals_and_signatures_told() -> None:
    text = "\r\n".join(
        (
            "BỘ ĐỘI BIÊN PHÒNG TỈNH VÍ DỤ;;;;;;;",
            "STT;Họ và tên;Năm sinh;;Giới tính;Quê quán;Thời gian bàn giao;Cửa khẩu",
            ";;Nam;Nữ;;;;",
            "(1);(2);(3);(4);(5);(6);(7);(8)",
            "I;Nạn nhân trở về từ Trung Quốc;;;;;;",
            "1;Nguyễn Văn Thí Dụ;1990;;Nam;Quảng Ninh;22/11/2026 14:30;Móng Cái",
            "STT;Họ và tên;Năm sinh;;Giới tính;Quê quán;Thời gian bàn giao;Cửa khẩu",
            "2;Nguyễn Thị Ví Dụ;;2009;Nữ;Quảng Ninh;;",
            ";Tổng cộng: 02 người;;;;;;",
            ";;;;;Móng Cái, ngày 22 tháng 11 năm 2026;;",
            ";NGƯỜI LẬP BIỂU;;;;CHỈ HUY ĐƠN VỊ;;",
            ";Lê Văn Ký;;;;Phạm Văn Chỉ;;",
        )
    )
    found = checked(text)
    assert found.problems == ()
    assert found.content is not None
    assert [person.birth_date for person in found.content.people] == ["1990", "2009"]
    assert found.rows == (6, 8)
    assert found.lines is not None
    assert found.lines.no_people == (3, 4, 5, 7, 9, 10, 11, 12)
    assert found.lines.above == (1,)


@pytest.mark.parametrize(
    "row",
    [
        "Tổng;1;;;;;",
        ";Cộng;1;2;;;",
        ";;;;T/M ĐƠN VỊ;;",
        "NẠN NHÂN NỮ;;;;;;",
        ";II. Nạn nhân từ Lào;;;;;",
        "[1];[2];[3];[4];[5];[6];[7]",
        "A;B;C;D;E;F;G",
        "* Danh sách này có 3 người, trong đó 2 nữ, 1 nam, tất cả khỏe, đã khám;;;;;;",
        TITLES,
    ],
)
def test_rows_that_are_no_people_are_told_as_such(row: str) -> None:
    found = checked(listed(ONE, row, TWO))
    assert found.problems == ()
    assert found.rows == (2, 4)
    assert found.lines is not None
    assert found.lines.no_people == (3,)


def test_a_birth_in_one_of_two_columns_says_the_sex_where_nothing_else_does() -> None:
    titles = "STT;Họ tên;Năm sinh;;Thời gian bàn giao;Cửa khẩu"
    found = checked(listed(";;Nam;Nữ;;", "1;A Thí Dụ;;2009;22/11/2026;Móng Cái", titles=titles))
    assert found.problems == ()
    assert found.content is not None
    assert (found.content.people[0].sex, found.content.people[0].birth_date) == ("Feminine", "2009")


@pytest.mark.parametrize(
    "titles",
    [
        "STT;Họ đệm;Tên;Giới tính",
        "STT;Họ và tên đệm;Tên;Giới tính",
        "STT;Họ lót;Tên;Giới tính",
        "No.;Family name;Given name;Sex",
        "No.;Last name;First name;Sex",
    ],
)
def test_a_name_in_parts_is_one_name(titles: str) -> None:
    options = {"handover_time": "today", "gate": "Móng Cái"}
    found = checked(listed("1;Nguyễn Thị Thí;Dụ;Nữ", titles=titles), **options)
    assert found.content is not None, found.problems
    assert found.content.people[0].full_name == "Nguyễn Thị Thí Dụ"


def test_a_name_in_three_parts_in_any_order_is_one_name() -> None:
    options = {"handover_time": "today", "gate": "Móng Cái"}
    found = checked(listed("Dụ;Nữ;Nguyễn;Thị Thí", titles="Tên;Giới tính;Họ;Tên đệm"), **options)
    assert found.content is not None, found.problems
    assert found.content.people[0].full_name == "Nguyễn Thị Thí Dụ"


def test_numbers_that_all_begin_with_a_hash_are_numbers() -> None:
    found = checked(listed("#1" + ONE[1:], "#2" + TWO[1:]))
    assert found.problems == ()
    assert found.labels == ("1", "2")


def test_columns_that_are_not_sent_are_told_with_how_many_rows_have_text() -> None:
    rows = (f"{ONE};0912345678;", f"{TWO};0912345678;", f"{THREE};;")
    found = checked(listed(*rows, titles=f"{TITLES};Điện thoại;Cân nặng"))
    assert [(each.title, each.params) for each in found.warnings] == [("Điện thoại", {"count": "2"})]
    vi, en = sentences(found.warnings[0])
    assert vi.endswith("số dòng có chữ: 2")
    assert en.endswith("rows with text: 2")


@pytest.mark.parametrize("title", ["Ghi chú", "GHI CHÚ (nếu có)", "Remarks", "Lưu ý"])
def test_a_remark_about_a_person_goes_with_her_record(title: str) -> None:
    remark = "Đang mang thai 7 tháng; sợ chồng, không báo gia đình"
    found = checked(listed(f'{ONE};"{remark}"', TWO + ";", titles=f"{TITLES};{title}"))
    assert found.warnings == ()
    assert found.content is not None
    assert [person.remarks for person in found.content.people] == [remark, ""]
    assert found.content.people[0].to_proto().remarks == remark


def test_a_list_without_remarks_keeps_the_digest_that_it_was_sent_with() -> None:
    content = checked(listed(ONE)).content
    assert content is not None
    assert content.digest() == "2ae06a1ebaa551bf0c0ff6dbe6240474f8e897875c62d732bb96db73cea95b21"


def test_a_row_without_name_and_number_is_a_person_with_mistakes() -> None:
    found = checked(listed(ONE, ";;Nữ;;;;", ";Lò Thị Giả Định;;;;;"))
    assert [(each.row, each.code) for each in found.problems] == [(3, "REQUIRED"), (4, "REQUIRED")]


@pytest.mark.parametrize("count", [18, 150])
def test_titles_are_found_below_a_long_heading(count: int) -> None:
    found = checked("\r\n".join([*["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM;;"] * count, listed(ONE)]))
    assert found.content is not None
    assert found.rows == (count + 2,)


def test_a_title_shows_one_line_and_sixty_letters() -> None:
    titles = f'{TITLES};"{"dài " * 40}";"Ghi chú\nLò Thị Bí Mật;Nữ"'
    found = checked(listed(ONE + ";x;y", titles=titles))
    shown = [each.title for each in (*found.problems, *found.warnings)]
    assert all(len(title) <= 60 and "\n" not in title for title in shown)
    assert "Bí Mật" not in "".join(shown)


def test_a_title_of_brackets_is_read_at_once() -> None:
    began_s = time.process_time()
    read_people(listed(ONE + ";", titles=TITLES + ";" + "(" * 60_000).encode())
    assert time.process_time() - began_s < 10


@pytest.mark.parametrize("heading", ["[MẪU 01] DANH SÁCH", "[1] Danh sách", "(Mẫu) [x]"])
def test_a_heading_in_brackets_is_no_json(heading: str) -> None:
    assert checked(f"{heading};;;\r\n{listed(ONE)}").content is not None


def test_half_a_letter_in_json_is_a_lost_letter() -> None:
    found = checked('{"people": [{"full_name": "Thí \\ud83d", "sex": "F"}], "gate": "Móng Cái"}', handover_time="today")
    assert [(each.row, each.code) for each in found.problems] == [(1, "LOST_LETTERS")]


def test_two_places_in_json_are_told() -> None:
    text = '{"place": {"gate_id": "CN-MONG-CAI", "gate": "Hữu Nghị"}, "people": [{"full_name": "A Thí", "sex": "F"}]}'
    assert [each.code for each in checked(text, handover_time="today").problems] == ["DUPLICATE"]


def test_a_wrong_name_in_json_is_told_once_with_the_right_one() -> None:
    person = '{"full_name": "A Thí Dụ", "sex": "F", "Ngày sinh": "1998", "so_dien_thoai": "1"}'
    other = person.replace("A Thí Dụ", "B Thí Dụ")
    found = checked(f'{{"gate": "Móng Cái", "people": [{person}, {other}]}}', handover_time="today")
    assert [(each.row, each.title) for each in found.problems] == [(1, "Ngày sinh"), (1, "so_dien_thoai")]
    assert sentences(found.problems[0])[1].endswith("write it as birth_date")


def test_a_list_that_ends_early_is_asked_about() -> None:
    found = checked(listed(ONE, TWO)[:-8])
    assert "FILE_INCOMPLETE" in {each.code for each in found.warnings}


@pytest.mark.parametrize(("rows", "text"), [((4,), "4"), ((4, 7, 8, 9), "4, 7–9"), ((1, 2), "1–2"), ((), "")])
def test_rows_in_short(rows: tuple[int, ...], text: str) -> None:
    assert ranges(rows) == text


def test_a_tick_is_the_sex_of_its_column() -> None:
    found = checked(
        table(
            *("1;Nguyễn Thị Thí Dụ;;x;22/11/2026 14:30;Móng Cái", "2;Trần Văn Ví Dụ;x;;;", "3;Lò Thị Ví Dụ;;Nữ;;"),
            titles="STT;Họ và tên;Nam;Nữ;Thời gian bàn giao;Cửa khẩu",
        )
    )
    assert not found.problems
    assert [person.sex for person in found.people] == ["Feminine", "Masculine", "Feminine"]
