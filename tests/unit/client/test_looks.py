"""What the look of a workbook's cells says: dates without a day, rows crossed out, days that a program swapped."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from services.client.people_file.check import Checked
from services.client.people_file.draft import ASKED
from services.client.people_file.looks import shown_as, shown_by
from tests.unit.client.people_files import checked, table

FILES = Path(__file__).parent / "files"
TITLES = ("STT", "Họ và tên", "Giới tính", "Ngày sinh", "Thời gian bàn giao", "Cửa khẩu")
ONE = (1, "Nguyễn Thị Thí Dụ", "Nữ", date(2004, 3, 1), datetime(2026, 11, 22, 14, 30), "Móng Cái")  # noqa: DTZ001
TWO = (2, "Trần Văn Ví Dụ", "Nam", date(1998, 1, 1))


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(change: Callable[[Workbook], None] = lambda book: None) -> Checked:
    """A workbook of two people, changed and understood."""
    book = Workbook()
    for row in (TITLES, ONE, TWO):
        book.worksheets[0].append(list(row))
    change(book)
    return checked(saved(book))


def births(found: Checked) -> list[str]:
    """The births of a file without problems."""
    assert not found.problems
    return [person.birth_date for person in found.people]


def asked(found: Checked) -> dict[str, str]:
    """What a file is asked about, with the rows."""
    return {each.code: each.params.get("rows", "") for each in found.warnings if each.code in ASKED}


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("yyyy", 4),
        ("mmm-yy", 7),
        ("mm/yyyy", 7),
        ('"năm" yyyy', 4),
        ('"ngày sinh" yyyy;@', 4),
        ("[$-42A]mmmm yyyy", 7),
        ("dd/mm/yyyy", 0),
        ("yyyy\\-mm\\-dd", 0),
        ("[$-F800]dddd, mmmm dd, yyyy", 0),
        ("hh:mm", 0),
        ("General", 0),
    ],
)
def test_a_format_shows_so_much_of_a_date(code: str, letters: int) -> None:
    assert shown_by(code) == letters


def test_a_text_of_libreoffice_shows_so_much_of_a_date() -> None:
    texts = ("2004", "03/2004", "3/04", "Mar-04", "Tháng 3 2004", "15/03/2004", "2004-03-15", "14:30")
    assert [shown_as(each) for each in texts] == [4, 7, 7, 7, 0, 0, 0, 0]


def test_who_types_month_and_year_gave_no_day() -> None:
    """Excel makes the first of the month of 03/2004, and shows Mar-04."""

    def change(book: Workbook) -> None:
        book.worksheets[0]["D2"].number_format = "mmm-yy"
        book.worksheets[0]["D3"].number_format = "yyyy"

    assert births(read()) == ["2004-03-01", "1998-01-01"]
    assert births(read(change)) == ["2004-03", "1998"]


def test_a_day_that_is_known_is_kept_however_it_is_shown() -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["D2"].value = date(2004, 3, 15)
        book.worksheets[0]["D2"].number_format = "mm/yyyy"

    assert births(read(change))[0] == "2004-03-15"


def test_who_is_crossed_out_is_asked_about() -> None:
    def change(book: Workbook) -> None:
        for cell in book.worksheets[0][3]:
            cell.font = Font(strike=True)

    assert asked(read()) == {}
    assert asked(read(change)) == {"STRUCK_OUT": "3"}


def test_a_part_of_a_cell_that_is_crossed_out_is_asked_about() -> None:
    def change(book: Workbook) -> None:
        struck = TextBlock(InlineFont(strike=True), "Trần Văn Sai ")
        book.worksheets[0]["B3"].value = CellRichText(struck, "Trần Văn Ví Dụ")

    assert asked(read(change)) == {"STRUCK_OUT": "3"}


def test_a_part_of_a_shared_text_that_is_crossed_out_is_asked_about() -> None:
    """As Excel writes it: each text once, and its number in the cells."""
    book = Workbook()
    for row in (TITLES, ONE, TWO):
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as plain, zipfile.ZipFile(out, "w") as changed:
        for name in plain.namelist():
            part = plain.read(name).decode()
            whole = "<t>Trần Văn Ví Dụ</t>"
            assert name != "xl/sharedStrings.xml" or whole in part
            rich = "<r><rPr><strike/></rPr><t>Trần Văn Sai</t></r><r><t> Trần Văn Ví Dụ</t></r>"
            changed.writestr(name, part.replace(whole, rich))
    assert asked(checked(out.getvalue())) == {"STRUCK_OUT": "3"}


def test_the_older_form_looks_the_same() -> None:
    found = checked((FILES / "looks.xls").read_bytes())
    assert births(found) == ["2004-03", "1998", "2001-12-01"]
    assert asked(found) == {"STRUCK_OUT": "4"}


def test_the_open_form_looks_the_same() -> None:
    text = '<table:table-cell office:value-type="string"{style}><text:p>{value}</text:p></table:table-cell>'
    day = (
        '<table:table-cell office:value-type="date" office:date-value="{value}">'
        "<text:p>{shown}</text:p></table:table-cell>"
    )
    rows = (
        "".join(text.format(value=title, style="") for title in TITLES),
        "".join(text.format(value=value, style="") for value in ("1", "Nguyễn Thị Thí Dụ"))
        + text.format(value="Nữ", style=' table:style-name="ce0"')
        + day.format(value="2004-03-01", shown="03/04")
        + day.format(value="2026-11-22T14:30:00", shown="22/11/2026 14:30")
        + text.format(value="Móng Cái", style=""),
        "".join(text.format(value=value, style=' table:style-name="ce2"') for value in ("2", "Trần Văn Ví Dụ", "Nam"))
        + day.format(value="1998-01-01", shown="1998"),
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>'
        '<style:style style:name="ce0"/>'
        '<style:style style:name="ce1"><style:text-properties style:text-line-through-style="none"/></style:style>'
        '<style:style style:name="ce2"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="A">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    found = checked(out.getvalue())
    assert births(found) == ["2004-03", "1998"]
    assert asked(found) == {"STRUCK_OUT": "3"}


def test_people_on_a_second_page_are_asked_about() -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Xe 2").append([3, "Lò Thị Ví Dụ", "Nữ", "2001"])

    assert list(asked(read(change))) == ["PEOPLE_IN_OTHER_SHEETS"]


def test_days_that_a_program_set_to_month_first_may_have_swapped() -> None:
    """It made dates of what it could, and left the rest as it was typed."""

    def change(book: Workbook) -> None:
        book.worksheets[0]["D3"].value = "15/03/1998"

    assert asked(read(change)) == {"DAYS_MAY_BE_SWAPPED": "2"}
    rest = "22/11/2026 14:30;Móng Cái"
    swapped = [f"1;Nguyễn Thị Thí Dụ;Nữ;2004-03-04 00:00:00;;;;{rest}", "2;Trần Văn Ví Dụ;Nam;15/03/1998;;;;;"]
    assert asked(checked(table(*swapped))) == {"DAYS_MAY_BE_SWAPPED": "2"}


@pytest.mark.parametrize("other", ["05/03/1998", "1998", "2001-12-28"])
def test_days_that_cannot_have_been_swapped_are_not_asked_about(other: str) -> None:
    rows = ["1;Nguyễn Thị Thí Dụ;Nữ;2004-03-04;;;;22/11/2026 14:30;Móng Cái", f"2;Trần Văn Ví Dụ;Nam;{other};;;;;"]
    assert asked(checked(table(*rows))) == {}
