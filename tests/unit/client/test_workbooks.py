"""Workbooks as they are: cells by type, what is hidden, merged or wrong, and files that only look like one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.chassis.kernel.texts import LANGUAGES, Language
from services.client.journey_file import template as journeys
from services.client.people_file import template as people
from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.draft import MAX_WORKBOOK_BYTES, UnreadableFile
from services.client.people_file.read import read_people, read_people_file
from services.client.people_file.workbook import text_of_value
from services.client.texts import texts_in
from tests.unit.client.people_files import NOW

FILES = Path(__file__).parent / "files"
TITLES = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Số giấy chứng nhận về nước", "Thời gian bàn giao", "Cửa khẩu"]
ONE = [1, "Nguyễn Thị Thí Dụ", "Nữ", date(2004, 3, 15), 12, datetime(2026, 11, 22, 14, 30), "Móng Cái"]  # noqa: DTZ001
TWO = [2, "Trần Văn Ví Dụ", "Nam", 1998, None, None, None]


def workbook(*rows: list[Any], change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    """A workbook with these rows below the titles."""
    book = Workbook()
    for row in (TITLES, *rows):
        book.worksheets[0].append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(data: bytes) -> Checked:
    """A workbook understood."""
    return check_handover(read_people(data), Defaults(), NOW)


def problems(data: bytes) -> list[tuple[int | None, str]]:
    """Row and code of each problem."""
    return [(each.row, each.code) for each in checked(data).problems]


def warnings(data: bytes) -> dict[str, dict[str, str]]:
    """Placeholders of each note, by its code."""
    return {each.code: dict(each.params) for each in checked(data).warnings}


def reason(data: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(UnreadableFile) as refused:
        read_people(data)
    return refused.value.reason


def test_cells_are_read_by_their_type() -> None:
    content = checked(workbook(ONE, TWO)).content
    assert content is not None
    assert [person.birth_date for person in content.people] == ["2004-03-15", "1998"]
    assert content.people[0].return_certificate_number == "12"
    assert content.handover_time == datetime.fromisoformat("2026-11-22T14:30:00+07:00")


def test_days_of_the_calendar_of_1904_are_the_same_days() -> None:
    def mac(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    content = checked(workbook(ONE, change=mac)).content
    assert content is not None
    assert content.people[0].birth_date == "2004-03-15"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (123456789012.0, "123456789012"),
        (1.5, "1.5"),
        (True, "Có"),
        (False, "Không"),
        (date(2004, 3, 15), "2004-03-15"),
        (datetime(2026, 11, 22), "2026-11-22"),  # noqa: DTZ001
        (datetime(2026, 11, 22, 14, 29, 59, 999_999), "2026-11-22 14:30"),  # noqa: DTZ001
        (time(14, 30), "14:30"),
        ("0012", "0012"),
    ],
)
def test_texts_of_values(value: object, text: str) -> None:
    assert text_of_value(value) == text


def test_a_heading_above_the_titles_is_stepped_over() -> None:
    def heading(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(1, 3)
        sheet["A1"] = "DANH SÁCH NGƯỜI ĐƯỢC TRAO TRẢ"
        sheet.merge_cells("A1:G1")

    found = checked(workbook(ONE, TWO, change=heading))
    assert found.content is not None
    assert found.rows == (5, 6)
    assert found.lines is not None
    assert (found.lines.above, found.lines.empty) == ((1,), (2, 3))


def test_what_is_hidden_is_read_and_told() -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[0].row_dimensions[3].hidden = True
        book.worksheets[0].column_dimensions["E"].hidden = True
        book.create_sheet("Ẩn").sheet_state = "hidden"

    data = workbook(ONE, TWO, change=hide)
    assert checked(data).content is not None
    assert warnings(data) == {"HIDDEN_ROWS": {"rows": "3"}, "HIDDEN_COLUMN": {}}


def test_other_sheets_with_something_in_them_are_told() -> None:
    def another(book: Workbook) -> None:
        book.create_sheet("Khác")["A1"] = "gì đó"

    assert warnings(workbook(ONE, change=another)) == {"OTHER_SHEETS": {"name": "Sheet", "others": "Khác"}}


def test_lists_in_two_sheets_are_refused() -> None:
    def another(book: Workbook) -> None:
        sheet = book.create_sheet("Hôm qua")
        sheet.append(TITLES)
        sheet.append(TWO)

    assert reason(workbook(ONE, change=another)) == "SEVERAL_SHEETS"


def test_the_list_may_stand_in_any_sheet() -> None:
    def before(book: Workbook) -> None:
        book.create_sheet("Bìa", 0)["A1"] = "Bìa"

    assert checked(workbook(ONE, change=before)).content is not None


def test_errors_are_mistakes_wherever_they_stand() -> None:
    def broken(book: Workbook) -> None:
        for cell in ("A2", "D3", "E3"):
            book.worksheets[0][cell] = "#REF!"
            book.worksheets[0][cell].data_type = "e"

    assert problems(workbook(ONE, TWO, change=broken)) == [
        (2, "EXCEL_ERROR"),
        (3, "EXCEL_ERROR"),
        (3, "EXCEL_ERROR"),
    ]


def test_a_formula_without_a_value_is_a_mistake_and_an_empty_text_is_none() -> None:
    def formula(book: Workbook) -> None:
        book.worksheets[0]["D2"] = "=1997+1"

    assert problems(workbook(ONE, change=formula)) == [(2, "EXCEL_ERROR")]


def test_a_day_where_a_number_belongs_is_excels_doing() -> None:
    row = [*ONE]
    row[4] = date(2026, 3, 5)
    assert problems(workbook(row)) == [(2, "BAD_FORMAT")]


def test_a_title_over_two_columns_belongs_to_the_first() -> None:
    def merged(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.insert_cols(3)
        sheet["C2"] = "Dụ"
        sheet.merge_cells("B1:C1")

    assert problems(workbook(ONE, change=merged)) == [(1, "UNTITLED_COLUMN")]


def test_a_value_over_two_rows_belongs_to_the_first() -> None:
    def merged(book: Workbook) -> None:
        book.worksheets[0].merge_cells("D2:D3")

    assert (2, "MERGED_CELLS") in problems(workbook(ONE, TWO, change=merged))


def test_a_value_of_everybody_may_stand_over_all_rows() -> None:
    def merged(book: Workbook) -> None:
        book.worksheets[0].merge_cells("G2:G3")

    assert problems(workbook(ONE, TWO, change=merged)) == []


def test_a_cell_far_away_is_refused_before_room_is_made_for_it() -> None:
    def far(cell: str) -> Callable[[Workbook], None]:
        def change(book: Workbook) -> None:
            book.worksheets[0][cell] = "x"

        return change

    assert reason(workbook(ONE, change=far("XFD1048576"))) == "FILE_TOO_LONG"
    assert reason(workbook(ONE, change=far("XFD3"))) == "SHEET_TOO_WIDE"


@pytest.mark.parametrize(("name", "row"), [("list.xls", 4), ("list.ods", 5)])
def test_the_older_and_the_open_form_say_the_same(name: str, row: int) -> None:
    draft = read_people_file(FILES / name)
    found = check_handover(draft, Defaults(), NOW)
    assert len(draft.people) == 3
    assert draft.people[0].cells["birth_date"].text == "2004-03-15"
    assert draft.shared["handover_time"][0].text == "2026-11-22 14:30"
    assert [(each.row, each.code) for each in found.problems] == [(row, "EXCEL_ERROR")]
    assert {"HIDDEN_ROWS", "HIDDEN_COLUMN"} <= {each.code for each in found.warnings}


def zipped(**parts: bytes) -> bytes:
    """A zip with these parts; two underscores stand for a slash, one at the end for a dot and xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/") + ("" if name == "mimetype" else ".xml"), content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = zipped(xl__workbook=b"<workbook/>", xl__worksheets__sheet1=bytes(70_000_000))
    assert len(bomb) < 200_000
    assert reason(bomb) == "TOO_LARGE_UNPACKED"


def test_a_directory_that_lies_about_a_size_is_damage() -> None:
    bomb = bytearray(zipped(xl__workbook=b"<workbook/>", xl__worksheets__sheet1=bytes(70_000_000)))
    for at in (bomb.rindex(b"PK\x01\x02") + 24, bomb.rindex(b"PK\x03\x04") + 22):
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert reason(bytes(bomb)) == "DAMAGED_WORKBOOK"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped(word__document=b"<w/>"), "NOT_A_LIST"),
        (zipped(ppt__presentation=b"<p/>"), "NOT_A_LIST"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text", content=b"<o/>"), "NOT_A_LIST"),
        (zipped(anything=b"<o/>"), "NOT_A_LIST"),
        (b"%PDF-1.7", "NOT_A_LIST"),
        (b"{\\rtf1\\ansi Danh s\\'e1ch}", "NOT_A_LIST"),
        (b"\x89PNG\r\n\x1a\n", "NOT_A_LIST"),
        (b"\xff\xd8\xff\xe0", "NOT_A_LIST"),
        (b"Rar!\x1a\x07", "NOT_A_LIST"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "NOT_A_LIST"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "LOCKED_WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "DAMAGED_WORKBOOK"),
        (zipped(xl__workbook=b"<workbook/>")[:-9], "DAMAGED_WORKBOOK"),
        (b"PK\x03\x04" + bytes(MAX_WORKBOOK_BYTES), "FILE_TOO_LARGE"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML_WORKBOOK"),
        (b"<html><body>no table</body></html>", "NO_TABLE"),
        (b"<table><tr><td><table></table></td></tr></table>", "NESTED_TABLES"),
    ],
)
def test_what_only_looks_like_a_list_is_told_for_what_it_is(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_every_cut_of_a_workbook_is_refused() -> None:
    whole = workbook(ONE, TWO)
    for length in range(0, len(whole), 211):
        assert reason(whole[:length]) in ("DAMAGED_WORKBOOK", "EMPTY_FILE", "NO_TITLES", "NOT_TEXT")


def test_a_web_page_with_one_table_is_a_sheet() -> None:
    page = (
        "<html><head><style>td{}</style></head><body><table><tr><th colspan=2>DANH S&Aacute;CH</th></tr>"
        "<tr><td>Họ và tên</td><td>Giới tính</td><td>Cửa khẩu</td><td>Ngày bàn giao</td></tr>"
        "<tr><td>Nguy&#7877;n Thị<br>Thí Dụ<td>Nữ<td rowspan=2>Móng Cái<td>22/11/2026</tr>"
        "<tr><td>Trần Văn Ví Dụ</td><td>Nam</td></tr></table></body></html>"
    )
    content = checked(page.encode()).content
    assert content is not None
    assert [person.full_name for person in content.people] == ["Nguyễn Thị Thí Dụ", "Trần Văn Ví Dụ"]
    assert content.gate == "CN-MONG-CAI"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_form_has_nobody_and_no_mistake(language: Language) -> None:
    with pytest.raises(UnreadableFile) as empty:
        read_people(people.xlsx_template(texts_in(language)))
    assert empty.value.reason == "NO_PEOPLE"
    assert empty.value.params == {"rows": "2"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_offers_lists_and_keeps_texts(language: Language) -> None:
    book = load_workbook(io.BytesIO(people.xlsx_template(texts_in(language))))
    sheet, guide, lists = book.worksheets
    assert (guide.sheet_state, lists.sheet_state) == ("visible", "hidden")
    assert len(sheet.data_validations.dataValidation) == 8
    titles = {cell.value: cell.column for cell in sheet[1]}
    assert all(sheet.cell(3, column).number_format == "@" for column in titles.values())
    choices = {
        str(choice.sqref).partition("2:")[0]: [
            cell.value for row in lists[choice.formula1.partition("!")[2].replace("$", "")] for cell in row
        ]
        for choice in sheet.data_validations.dataValidation
    }
    rows = range(3, 3 + len(choices))
    for end in (0, -1):
        for row in rows:
            fill(sheet, row, language)
        for row, (column, words) in zip(rows, choices.items(), strict=True):
            sheet[f"{column}{row}"] = words[end]
            for other in rows if sheet[f"{column}1"].value in ONE_OF_A_HANDOVER else ():
                sheet[f"{column}{other}"] = words[end]
        out = io.BytesIO()
        book.save(out)
        found = checked(out.getvalue())
        assert [(each.row, each.code) for each in found.problems if each.code != "NOT_ALLOWED"] == []
    sentence = "One row is one person. Do not change the titles; columns that you do not need may stay empty."
    assert guide["A1"].value == texts_in(language)(sentence)


ONE_OF_A_HANDOVER = {"Cửa khẩu", "Gate", "Hình thức trở về", "Route of return"}


def fill(sheet: Any, row: int, language: Language) -> None:
    """One invented person in a row below the example."""
    titles = {cell.value: cell.column for cell in sheet[1]}
    vi = language == "vi"
    for title, text in {
        ("Họ và tên" if vi else "Full name"): f"Nguyễn Thị Thí Dụ {chr(ord('A') + row)}",
        ("Giới tính" if vi else "Sex"): "Nữ",
        ("Ngày sinh" if vi else "Birth date"): "15/03/2004",
        ("Thời gian bàn giao" if vi else "Handover time"): "22/11/2026 14:30",
        ("Cửa khẩu" if vi else "Gate"): "Móng Cái",
    }.items():
        sheet.cell(row, titles[title], text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_of_a_journey_is_a_workbook_too(language: Language) -> None:
    book = load_workbook(io.BytesIO(journeys.xlsx_template(texts_in(language))))
    assert len(book.worksheets[0].data_validations.dataValidation) == 6


def test_notes_on_cells_are_told_with_their_rows() -> None:
    def noted(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["B2"].comment = Comment("Mang thai, sợ chồng (bịa đặt)", "Bịa Đặt")
        sheet["D3"].comment = Comment("Chưa chắc chắn", "Bịa Đặt")

    data = workbook(ONE, TWO, change=noted)
    assert warnings(data)["NOTES_NOT_READ"] == {"rows": "2–3"}
    for language in LANGUAGES:
        (told,) = (each for each in checked(data).warnings if each.code == "NOTES_NOT_READ")
        assert "Mang thai" not in told.said(texts_in(language))


def test_notes_in_the_open_form_are_told() -> None:
    data = (FILES / "list.ods").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for info in given.infolist():
            content = given.read(info.filename)
            if info.filename == "content.xml":
                text = content.decode()
                end = text.rindex("</table:table-cell>")
                note = "<office:annotation><text:p>Bịa đặt</text:p></office:annotation>"
                content = (text[:end] + note + text[end:]).encode()
            made.writestr(info, content)
    assert "NOTES_NOT_READ" in warnings(out.getvalue())


def test_a_far_cell_of_an_old_workbook_is_refused_before_room_is_made_for_it() -> None:
    data = bytearray((FILES / "list.xls").read_bytes())
    last = data.rindex(b"\xfd\x00\x0a\x00")
    data[last + 4 : last + 6] = (65_000).to_bytes(2, "little")
    assert reason(bytes(data)) == "FILE_TOO_LONG"


def test_cells_far_to_the_right_and_far_below_are_refused_before_room_is_made_for_them() -> None:
    def far(book: Workbook) -> None:
        book.worksheets[0].cell(15_000, 900).value = "x"

    assert reason(workbook(ONE, change=far)) == "SHEET_TOO_LARGE"


def test_a_binary_workbook_is_refused_with_the_cure() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.bin", b"\x00" * 64)
    assert reason(out.getvalue()) == "BINARY_WORKBOOK"
