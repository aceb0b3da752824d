"""Every line and every filled cell of any list is registered or told, and nothing is both."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.draft import Draft, UnreadableFile
from services.client.people_file.read import read_people
from tests.property.client.strategies import NOW
from tests.support.examples import examples

WORDS = st.sampled_from(["Thí Dụ", "Ví Dụ", "Giả Định", "một, hai", "a; b", 'nói "có"', "x | y", "dòng một\ndòng hai"])
NAMES = st.sampled_from(["Nguyễn Thị Thí Dụ", "Trần Văn Ví Dụ", "Lò Thị Giả Định", "Vàng A Thí"])
KNOWN = {
    "Họ và tên": NAMES,
    "Giới tính": st.sampled_from(["Nữ", "Nam"]),
    "Ngày sinh": st.sampled_from(["", "15/03/2004", "1998"]),
    "Địa chỉ quê quán": st.one_of(st.just(""), WORDS),
    "Sức khỏe": st.one_of(st.just(""), WORDS),
    "Ghi chú": st.one_of(st.just(""), WORDS),
}
FIELDS = {
    "Họ và tên": "full_name",
    "Giới tính": "sex",
    "Ngày sinh": "birth_date",
    "Địa chỉ quê quán": "home_address",
    "Sức khỏe": "health_remarks",
    "Ghi chú": "remarks",
}
UNKNOWN = ("Cân nặng", "Điện thoại", "Người nhập")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "xlsx")


@dataclass
class Made:
    """A list and what is in it: rows by number, "" for an empty one."""

    titles: list[str]
    rows: list[list[str]] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


@st.composite
def lists(draw: st.DrawFn) -> Made:
    """Any list of people, its columns in any order, with columns that are not known, remarks and empty rows."""
    extra = draw(st.lists(st.sampled_from(UNKNOWN), unique=True, max_size=3))
    made = Made(draw(st.permutations([*KNOWN, *extra])))
    for kind in draw(st.lists(st.sampled_from(["person", "person", "remark", "empty"]), min_size=1, max_size=8)):
        number = len(made.rows) + 2
        if kind == "person":
            row = [draw(KNOWN.get(title, st.one_of(st.just(""), WORDS))) for title in made.titles]
            made.people.append(number)
        elif kind == "remark":
            row = [draw(st.sampled_from(["# ghi chú", "# không gửi"])), *[""] * (len(made.titles) - 1)]
            made.remarks.append(number)
        else:
            row = [""] * len(made.titles)
            made.empty.append(number)
        made.rows.append(row)
    return made


def written(made: Made, encoding: str, separator: str) -> bytes:
    """The list as a file."""
    if encoding == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in [made.titles, *made.rows]:
            sheet.append([cell or None for cell in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([made.titles, *made.rows])
    return text.getvalue().encode(encoding)


@given(made=lists(), encoding=st.sampled_from(ENCODINGS), separator=st.sampled_from([";", ",", "\t", "|"]))
@settings(max_examples=examples(60), deadline=None)
def test_what_is_read_and_what_is_told_are_what_was_in_the_file(made: Made, encoding: str, separator: str) -> None:
    data = written(made, encoding, separator)
    if not made.people:
        with pytest.raises(UnreadableFile) as refused:
            read_people(data)
        assert refused.value.reason == "NO_PEOPLE"
        return
    draft = read_people(data)
    assert draft.lines is not None
    assert list(draft.lines.people) == [person.row for person in draft.people] == made.people
    assert list(draft.lines.remarks) == made.remarks
    # A workbook does not keep empty rows below the last one.
    assert list(draft.lines.empty) == [row for row in made.empty if encoding != "xlsx" or row < last_filled(made)]
    assert draft.problems == ()
    assert not draft.shared
    told = {each.title: each.params["count"] for each in draft.warnings if each.code == "COLUMN_NOT_USED"}
    for at, title in enumerate(made.titles):
        texts = {number: made.rows[number - 2][at] for number in made.people}
        if title in FIELDS:
            registered = {p.row: p.cells[FIELDS[title]].text for p in draft.people if FIELDS[title] in p.cells}
            assert registered == {number: text for number, text in texts.items() if text}
            assert title not in told
        else:
            filled = sum(1 for text in texts.values() if text)
            assert told.get(title, "0") == str(filled)
    checked = understood(draft)
    assert checked.content is not None, checked.problems
    assert [each.full_name for each in checked.content.people] == [
        made.rows[number - 2][made.titles.index("Họ và tên")] for number in made.people
    ]


def last_filled(made: Made) -> int:
    """The number of the last row with anything in it."""
    return max((number for number in (*made.people, *made.remarks)), default=1)


def understood(draft: Draft) -> Checked:
    """The list as a handover."""
    values = {"handover_time": "22/11/2026", "gate": "Móng Cái"}
    # Who is like another here is somebody else.
    everybody = frozenset(person.row for person in draft.people)
    return check_handover(draft, Defaults(values, again=everybody), NOW)


@given(
    made=lists(),
    row=st.integers(0, 7),
    damage=st.sampled_from(["#REF!", "#N/A", "######", '"', "behind", "untitled", "one cell"]),
    separator=st.sampled_from([";", ",", "\t", "|"]),
)
@settings(max_examples=examples(40), deadline=None)
def test_damage_is_never_silent(made: Made, row: int, damage: str, separator: str) -> None:
    if not made.people:
        return
    number = made.people[row % len(made.people)]
    cells = made.rows[number - 2]
    if damage in ("#REF!", "#N/A", "######"):
        cells[row % len(cells)] = damage
    elif damage == "behind":
        cells.append("x")
    elif damage == "untitled":
        made.titles.append("")
        cells.append("x")
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([made.titles, *made.rows])
    lines = text.getvalue()
    if damage == '"':
        plain = [line for line in lines.split("\r\n")[1:] if '"' not in line and line.replace(separator, "")]
        if not plain:
            return
        lines = lines.replace(plain[0], '"' + plain[0], 1)
    elif damage == "one cell":
        other = "|" if separator != "|" else ";"
        kept = [cell.replace(other, " ").replace(separator, " ").replace("\n", " ").replace('"', "") for cell in cells]
        made.rows[number - 2] = [other.join(kept), *[""] * (len(kept) - 1)]
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([made.titles, *made.rows])
        lines = text.getvalue()
    try:
        draft = read_people(lines.encode())
    except UnreadableFile:
        return
    assert draft.problems, lines
