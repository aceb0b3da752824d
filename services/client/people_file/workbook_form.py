"""A form as a workbook of Excel: lists to choose from, text where Excel would change what is typed, and a sheet that
explains."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from services.chassis.country.provinces import VINTAGE_2025_FROM, provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates
from services.chassis.kernel.texts import Language, Texts
from services.client.people_file.columns import Column
from services.client.texts import N_

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS: Final[Mapping[Language, tuple[str, str, str]]] = {
    "vi": ("Danh sách", "Danh mục", "Hướng dẫn"),
    "en": ("People", "Lists", "How to fill in"),
}
"""The names of the sheet to fill in, of the hidden one with the lists, and of the one that explains."""
ROWS: Final = 500
_TEXT: Final = "@"
_FIRST: Final = ("VN", "CN", "KH", "LA", "MM", "TH", "MY", "TW")
_ADVICE: Final = (
    N_("One row is one person. Do not change the titles; columns that you do not need may stay empty."),
    N_("A row that begins with # and a blank is not read, like the example below the titles."),
    N_("What concerns the whole handover (time, gate, minutes) is needed in the first row only."),
    N_("Where a list opens, choose from it; another spelling may be typed too."),
    N_("Days are typed as 22/11/2026; of a birth day the year alone is enough, as in 1998."),
    N_("Save the workbook as it is (.xlsx). Look for mistakes with: homeward validate FILE"),
)


def lists_of(language: Language) -> dict[str, tuple[str, ...]]:
    """What may be chosen, by field, in the words of the language."""
    first = language == "vi"
    names = {code: each.name_vi if first else each.name_en for code, each in countries().items()}
    lands = (*(names[code] for code in _FIRST), *sorted(name for code, name in names.items() if code not in _FIRST))
    home = sorted({each.short_name for each in provinces().values() if each.is_valid(VINTAGE_2025_FROM)})
    return {
        "sex": ("Nữ", "Nam", "Không rõ") if first else ("F", "M", "unknown"),
        "victim_declaration": ("Có", "Không") if first else ("yes", "no"),
        "nationality": lands,
        "returned_from_country": lands,
        "home_province": tuple(home),
        "ethnicity": tuple(each.name for each in ethnic_groups()),
        "gate": tuple(sorted(each.name for each in gates().values())),
        "route": (
            ("Bàn giao chính thức", "Giải cứu", "Tự trở về", "Hồi hương bằng đường hàng không", "Trục xuất")
            if first
            else ("official handover", "rescued", "self return", "repatriated by air", "deported")
        ),
    }


def workbook_form(
    columns: Sequence[Column],
    example: Sequence[str],
    lists: Mapping[str, Sequence[str]],
    _: Texts,
    advice: Sequence[str] = _ADVICE,
) -> bytes:
    """The bytes of an .xlsx with these columns. Columns without a list hold text, so that Excel changes nothing."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    language = _.language
    book = Workbook()
    people = book.active
    assert people is not None, "a new workbook has a sheet"
    people.title, lists_name, guide_name = SHEETS[language]
    people.append([column.title_vi if language == "vi" else column.title_en for column in columns])
    people.append(list(example))
    people.freeze_panes = "A2"
    for at in range(1, len(columns) + 1):
        cell = people.cell(1, at)
        cell.font = Font(bold=True)
        style = people.column_dimensions[cell.column_letter]
        style.width = max(14, len(str(cell.value)) + 4)
        style.number_format = _TEXT
        for row in range(2, ROWS + 1):
            people.cell(row, at).number_format = _TEXT
    _add_guide(book.create_sheet(guide_name), columns, _, advice)
    hidden = book.create_sheet(lists_name)
    hidden.sheet_state = "hidden"
    _add_lists(people, hidden, columns, lists)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_lists(
    people: Worksheet, hidden: Worksheet, columns: Sequence[Column], lists: Mapping[str, Sequence[str]]
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    chosen = [column for column in columns if column.field in lists]
    for at, column in enumerate(chosen, start=1):
        for row, word in enumerate(lists[column.field], start=1):
            hidden.cell(row, at, word)
        letter = get_column_letter(at)
        source = f"'{hidden.title}'!${letter}$1:${letter}${len(lists[column.field])}"
        # Other spellings and codes are understood as well, so Excel may not insist.
        choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        target = get_column_letter(columns.index(column) + 1)
        choice.add(f"{target}2:{target}{ROWS}")
        people.add_data_validation(choice)


def _add_guide(guide: Worksheet, columns: Sequence[Column], _: Texts, advice: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    for sentence in advice:
        guide.append([_(sentence)])
    guide.append([])
    guide.append([_("Column"), _("What to write")])
    guide.cell(guide.max_row, 1).font = guide.cell(guide.max_row, 2).font = Font(bold=True)
    for column in columns:
        guide.append([column.title_vi if _.language == "vi" else column.title_en, _(column.hint)])
    guide.column_dimensions["A"].width = 40
    guide.column_dimensions["B"].width = 80
    for row in guide.iter_rows(min_row=len(advice) + 2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
