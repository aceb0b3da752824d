"""Files of a journey: what is read, what is understood, and what is wrong by row and title."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.texts import LANGUAGES, Language
from services.client.journey_file.check import Checked, Wide, check_journey
from services.client.journey_file.columns import COLUMNS
from services.client.journey_file.form import MAX_ROWS, read_journey_file
from services.client.journey_file.template import csv_template, json_template, xlsx_template
from services.client.people_file.draft import Draft, UnreadableFile
from services.client.texts import texts_in

TODAY = date(2026, 1, 15)
ONE, TWO = format_case_number(1), format_case_number(2)
NEVER_ISSUED = "HW-999-999-957"
TITLES = "Số hồ sơ;Nơi đến;Ngày dự kiến đến;Người đi cùng;Giấy tờ gửi kèm;Ngày khởi hành"
EXAMPLES = Path(__file__).parents[3] / "examples"


def checked(folder: Path, text: str, wide: Wide | None = None) -> Checked:
    """A file with this text, understood."""
    return check_journey(draft(folder, text), wide or Wide(), TODAY, built_in_directory())


def draft(folder: Path, text: str) -> Draft:
    """A file with this text, as read."""
    file = folder / "bus"
    file.write_text(text, encoding="utf-8")
    return read_journey_file(file)


def problems(found: Checked) -> list[tuple[int | None, str, str]]:
    """Row, title and code of each problem."""
    return [(each.row, each.title, each.code) for each in found.problems]


def test_a_table_with_several_offices_in_either_language(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        f'{TITLES}\n{ONE};Bắc Ninh;17/01/2026;nhân viên công tác xã hội;"hồ sơ sức khỏe; declaration";14/01/2026\n'
        f"# a remark;;;;;\n{TWO};home;;officer;;\n",
    )
    assert found.journey is not None, found.problems
    assert found.journey.left == "2026-01-14"
    first, second = found.journey.travellers
    assert (first.row, first.case, first.to, first.arrives) == (2, ONE, "SA-24", "2026-01-17")
    assert first.said == {"escort": "SOCIAL_WORKER", "documents": ("MEDICAL_FILE", "DECLARATION")}
    assert (second.row, second.to, second.arrives, second.said) == (4, "home", "", {"escort": "OFFICER"})


def test_what_holds_for_everybody_gives_way_to_the_row(tmp_path: Path) -> None:
    wide = Wide("SA-22", date(2026, 1, 14), date(2026, 1, 16), {"means": "BUS", "escort": "OFFICER"})
    found = checked(tmp_path, f"{TITLES}\n{ONE};;;;;\n{TWO};SA-24;17/01/2026;family;;\n", wide)
    assert found.journey is not None
    first, second = found.journey.travellers
    assert (first.to, first.arrives, first.said) == ("SA-22", "2026-01-16", {"means": "BUS", "escort": "OFFICER"})
    assert (second.to, second.arrives, second.said) == ("SA-24", "2026-01-17", {"means": "BUS", "escort": "FAMILY"})


def test_every_mistake_is_named_by_row_and_title(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        f"{TITLES};Escort\n"
        f"{ONE};SA-99;17/01/2026;magic;;14/01/2026;\n"
        f"HW-123;Atlantis;13/01/2026;;;;\n"
        f";SA-24;31/02/2026;;;13/01/2026;\n"
        f"{ONE.lower()};SA-24;;;magic;;\n",
    )
    assert found.journey is None
    assert sorted(problems(found), key=str) == sorted(
        [
            (1, "Escort", "DUPLICATE"),
            (2, "Nơi đến", "UNKNOWN_OFFICE"),
            (2, "Người đi cùng", "NOT_IN_LIST"),
            (3, "Số hồ sơ", "BAD_FORMAT"),
            (3, "Nơi đến", "UNKNOWN_PROVINCE"),
            (3, "Ngày dự kiến đến", "BEFORE_DEPARTURE"),
            (4, "Số hồ sơ", "REQUIRED"),
            (4, "Ngày dự kiến đến", "NOT_A_DATE"),
            (4, "Ngày khởi hành", "CONFLICTS_WITH"),
            (5, "Số hồ sơ", "DUPLICATE"),
            (5, "Giấy tờ gửi kèm", "NOT_IN_LIST"),
        ],
        key=str,
    )


def test_nobody_has_left_tomorrow(tmp_path: Path) -> None:
    assert problems(checked(tmp_path, f"{TITLES}\n{ONE};SA-24;;;;16/01/2026\n")) == [
        (2, "Ngày khởi hành", "IN_THE_FUTURE")
    ]


def test_json_says_the_same_as_the_table(tmp_path: Path) -> None:
    table = checked(tmp_path, f"{TITLES}\n{ONE};SA-24;17/01/2026;officer;medical-file;14/01/2026\n")
    person = {"case": ONE, "to": "SA-24", "arrives": "2026-01-17", "escort": "OFFICER", "documents": ["MEDICAL_FILE"]}
    document = checked(tmp_path, json.dumps({"journey": {"left": "2026-01-14", "people": [person]}}))
    assert table.journey is not None
    assert document.journey is not None
    assert table.journey.digest() == document.journey.digest()


def test_json_names_what_it_does_not_know(tmp_path: Path) -> None:
    person = {"case": ONE, "name": "x", "to": {"office": "SA-24"}}
    found = checked(tmp_path, json.dumps({"bus": 1, "people": [person, 7]}))
    assert problems(found) == [
        (None, "bus", "UNKNOWN_FIELD"),
        (1, "name", "UNKNOWN_FIELD"),
        (1, "to", "BAD_FORMAT"),
        (2, "people", "BAD_FORMAT"),
        (2, "case", "REQUIRED"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "EMPTY_FILE"),
        ("a;b\nc;d\n", "NO_TITLES"),
        (f"{TITLES}\n# nobody;;;;;\n", "NO_PEOPLE"),
        (TITLES + "\n" + f"{ONE};;;;;\n" * (MAX_ROWS + 1), "FILE_TOO_LONG"),
        ('{"journey": {}}', "NO_PEOPLE"),
        ("{", "NOT_JSON"),
    ],
)
def test_files_that_are_no_journey(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        checked(tmp_path, text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_written_below_the_example_are_all_that_is_read(tmp_path: Path, language: Language) -> None:
    row = ";".join([ONE, "SA-24", "17/01/2026", *[""] * (len(COLUMNS) - 3)])
    found = checked(tmp_path, csv_template(language) + row + "\r\n")
    assert found.journey is not None
    assert [each.row for each in found.journey.travellers] == [3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_itself_would_be_understood(tmp_path: Path, language: Language) -> None:
    # The number of the examples is one that is never issued, so that nobody sends an example in earnest.
    text = csv_template(language).replace(f"# {NEVER_ISSUED}", ONE)
    for example in (text, json_template().replace(NEVER_ISSUED, ONE)):
        found = check_journey(draft(tmp_path, example), Wide(), date(2026, 11, 22), built_in_directory())
        assert found.problems == ()


def test_the_example_file_is_in_order_but_for_numbers_that_are_never_issued(tmp_path: Path) -> None:
    text = (EXAMPLES / "journey.csv").read_text(encoding="utf-8")
    found = checked(tmp_path, text, Wide(left=date(2026, 11, 22)))
    assert {each[1:] for each in problems(found)} == {("Số hồ sơ", "BAD_FORMAT")}
    numbers = iter(map(format_case_number, range(1, 9)))
    text = re.sub(r"HW-999-999-\d{3}", lambda _: next(numbers), text)
    found = check_journey(draft(tmp_path, text), Wide(), date(2026, 11, 22), built_in_directory())
    assert found.journey is not None, found.problems
    assert [each.to for each in found.journey.travellers] == ["SA-24", "SA-24", "SA-38", "RC-PEACE-HOUSE"]


def test_a_case_behind_a_hash_is_asked_about(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{TITLES}\n{ONE};SA-24;;;;\n#{TWO};SA-24;;;;\n")
    assert problems(found) == [(3, "Số hồ sơ", "HASH_BEFORE_NUMBER")]


def test_every_line_of_a_journey_is_accounted_for(tmp_path: Path) -> None:
    rows = f"{ONE};SA-24;;;;;x\n# ghi chú;;;;;;\n;;;;;;\nTổng cộng: 1 người;;;;;;\n"
    found = checked(tmp_path, f"{TITLES};Ghi chú\n{rows}")
    assert found.journey is not None, found.problems
    assert found.lines is not None
    assert (found.lines.people, found.lines.remarks, found.lines.empty) == ((2,), (3,), (4,))
    assert found.lines.no_people == (5,)
    assert [(each.title, each.params) for each in found.warnings] == [("Ghi chú", {"count": "1"})]


def test_rows_of_a_journey_do_not_vanish_in_a_quote(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="never closed"):
        draft(tmp_path, f'{TITLES}\n{ONE};SA-24;;;"x;\n{TWO};SA-24;;;;\n')


def test_a_journey_that_lasts_months_is_a_slip(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{TITLES}\n{ONE};SA-24;16/03/2026;;;15/01/2026\n{TWO};SA-24;17/03/2026;;;\n")
    assert problems(found) == [(3, "Ngày dự kiến đến", "TOO_LATE")]
    assert found.problems[0].said(texts_in("vi")).startswith("chuyến đi dài nhất là 60 ngày, ở đây là đến 16/03/2026")


def test_words_are_offered_in_the_language_of_the_reader(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{TITLES}\n{ONE};SA-24;;công an;;\n")
    assert problems(found) == [(2, "Người đi cùng", "NOT_IN_LIST")]
    vi, en = (found.problems[0].said(texts_in(language)) for language in ("vi", "en"))
    assert "nhân viên công tác xã hội" in vi
    assert "officer" not in vi
    assert en == "this is not one of: none; officer; social-worker; collaborator; family"


def test_a_journey_may_be_a_workbook(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(xlsx_template(texts_in("vi"))))
    book.worksheets[0]["A3"] = ONE
    book.worksheets[0]["B3"] = "Bắc Ninh"
    book.worksheets[0]["C3"] = date(2026, 1, 17)
    book.save(tmp_path / "bus.xlsx")
    found = check_journey(read_journey_file(tmp_path / "bus.xlsx"), Wide(), TODAY, built_in_directory())
    assert found.journey is not None, found.problems
    assert [(each.to, each.arrives) for each in found.journey.travellers] == [("SA-24", "2026-01-17")]
