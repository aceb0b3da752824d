"""A file that was sorted, renamed, copied, edited, linked to or left alone: nobody is registered twice or mixed up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.client import sidecar
from services.client.sidecar import BatchState, Sidecar
from tests.integration.cli.commands.conftest import Desk, Done
from tests.integration.cli.commands.fake_services import away

TITLES = "STT;Họ và tên;Giới tính;Ngày sinh;Địa chỉ;Sức khỏe;Quan hệ gia đình;Thời gian bàn giao"
A = "1;Nguyễn Thị Ví Dụ A;Nữ;15/03/2004;Thôn Ví Dụ;Mang thai;;15/01/2026 14:30"
B = "2;Trần Thị Giả Định B;Nữ;15/03/2004;Thôn Ví Dụ;;;"
C = "3;Lò Thị Thí Dụ C;Nữ;15/03/2004;Thôn Ví Dụ;;;"
B_WITH_C = B.replace(";;;", ";;3: con;")
C_WITH_B = C.replace(";;;", ";;2: mẹ;")
D = "4;Vàng Thị Ví Dụ D;Nữ;15/03/2004;Thôn Ví Dụ;;;"
REASON = ("--reason", "ghi nhầm")


def table(*rows: str, titles: str = TITLES) -> str:
    return "\r\n".join((titles, *rows, ""))


def written(desk: Desk, name: str, lines: Sequence[str]) -> str:
    """The lines as a CSV, or as a workbook by the name."""
    if not name.endswith(".xlsx"):
        return desk.file(name, "\r\n".join((*lines, "")))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append([text or None for text in line.split(";")])
    book.save(desk.folder / name)
    return str(desk.folder / name)


def numbers(desk: Desk) -> list[str]:
    """All case numbers, in the order of their registration."""
    return [entry.case_number for receipt in desk.services.receipts.values() for entry in receipt.entries]


def names(desk: Desk) -> dict[str, str]:
    """Whose record each case number has now."""
    of_case = {e.case_number: e.case_id for receipt in desk.services.receipts.values() for e in receipt.entries}
    return {number: desk.services.people[case].full_name for number, case in of_case.items()}


def rows_of(done: Done) -> dict[int, str]:
    """Case numbers by row, of a receipt as JSON."""
    return {each["row"]: each["case_number"] for each in done.document["entries"]}


@pytest.fixture(params=["handover.csv", "handover.xlsx"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["en", "vi"])
def spoken(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    desk.environ["HOMEWARD_LANG"] = request.param
    return desk


def test_a_sorted_file_is_the_same_people(spoken: Desk, name: str) -> None:
    desk = spoken
    file = written(desk, name, [TITLES, A, B_WITH_C, C_WITH_B])
    assert desk.homeward("submit", file).code == 0
    a, b, c = numbers(desk)
    written(desk, name, [TITLES, C_WITH_B, B_WITH_C, A])
    again = desk.homeward("submit", file)
    assert again.code == 0, again.err
    assert numbers(desk) == [a, b, c]
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: c, 3: b, 4: a}
    said = desk.homeward("receipt", file)
    assert said.code == 0
    assert ("rows have moved" if desk.environ["HOMEWARD_LANG"] == "en" else "các dòng đã đổi chỗ") in said.err
    # The row that was hers holds another now.
    wrong = desk.homeward("correct", a, file, "--row", "2", *REASON)
    assert wrong.code == 1
    assert "ROW_IS_OTHER_CASE" in wrong.err
    assert c in wrong.err
    assert desk.services.requests("CorrectCase") == []
    right = desk.homeward("correct", a, file, "--row", "4", *REASON)
    assert right.code == 0, right.err
    assert desk.services.requests("CorrectCase") == []


def test_a_title_above_moves_the_rows_and_nothing_else(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B, C))
    desk.homeward("submit", file)
    a, b, c = numbers(desk)
    desk.file("handover.csv", "DANH SÁCH VÍ DỤ\r\n" + table(A, B, C))
    again = desk.homeward("--json", "submit", file)
    assert rows_of(again) == {3: a, 4: b, 5: c}
    assert rows_of(desk.homeward("--json", "receipt", file)) == {3: a, 4: b, 5: c}
    assert desk.homeward("correct", b, file, "--row", "3", *REASON).code == 1


def test_a_copy_under_another_name_registers_nobody(spoken: Desk, name: str) -> None:
    desk = spoken
    file = written(desk, name, [TITLES, A, B, C])
    desk.homeward("submit", file)
    a, b, c = numbers(desk)
    copy = str(desk.folder / ("copy of " + name))
    shutil.copy(file, copy)
    done = desk.homeward("submit", copy)
    assert done.code == 1
    assert "ALREADY_REGISTERED" in done.err
    for number in (a, b, c):
        assert number in done.err
    assert "--again" in done.err
    assert numbers(desk) == [a, b, c]
    assert rows_of(desk.homeward("--json", "receipt", copy)) == {2: a, 3: b, 4: c}
    # Now it is known what it is.
    again = desk.homeward("submit", copy)
    assert again.code == 0
    assert numbers(desk) == [a, b, c]


@pytest.mark.parametrize("kind", ["symbolic", "hard", "renamed", "lost", "unreadable"])
def test_a_file_by_any_name_is_sent_once(desk: Desk, kind: str) -> None:
    file = desk.file("handover.csv", table(A, B))
    desk.homeward("submit", file)
    kept = numbers(desk)
    other = desk.folder / "other.csv"
    if kind == "symbolic":
        other.symlink_to(file)
    elif kind == "hard":
        os.link(file, other)
    elif kind == "renamed":
        os.replace(file, other)
    else:
        other = Path(file)
        beside = sidecar.path_of(other)
        beside.unlink()
    if kind == "unreadable":
        beside.write_text("{}")
        refused = desk.homeward("submit", str(other))
        assert refused.code == 1
        assert "homeward receipt" in refused.err
        beside.unlink()
    done = desk.homeward("submit", str(other))
    assert done.code == (0 if kind == "symbolic" else 1)
    assert numbers(desk) == kept
    shown = desk.homeward("--json", "receipt", str(other))
    assert rows_of(shown) == dict(zip((2, 3), kept, strict=True))
    assert desk.homeward("submit", str(other)).code == 0
    assert numbers(desk) == kept


def test_one_person_more_is_sent_alone(spoken: Desk) -> None:
    desk = spoken
    file = desk.file("handover.csv", table(A, B, C))
    desk.homeward("submit", file)
    a, b, c = numbers(desk)
    desk.file("handover.csv", table(A, B, C, D))
    refused = desk.homeward("submit", file)
    assert refused.code == 1
    assert "--rest" in refused.err
    assert "5" in refused.err
    # Also the advice that once doubled everybody.
    assert desk.homeward("submit", file, "--new").code == 1
    assert numbers(desk) == [a, b, c]
    sidecar.path_of(Path(file)).unlink()
    done = desk.homeward("submit", file, "--rest")
    assert done.code == 0, done.err
    assert len(numbers(desk)) == 4
    d = numbers(desk)[3]
    assert names(desk)[d] == "Vàng Thị Ví Dụ D"
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: a, 3: b, 4: c, 5: d}
    assert desk.homeward("submit", file, "--rest").code == 0
    assert desk.homeward("submit", file).code == 0
    assert len(numbers(desk)) == 4


def test_the_rest_of_a_file_that_was_sent_loses_ties_to_the_others_with_a_word(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B))
    desk.homeward("submit", file)
    desk.file("handover.csv", table(A, B, C_WITH_B))
    done = desk.homeward("submit", file, "--rest")
    assert done.code == 0, done.err
    assert "rows 4: ties" in done.err
    assert [person.full_name for person in desk.services.requests("SubmitHandover")[-1].handover.people] == [
        "Lò Thị Thí Dụ C"
    ]


def test_another_person_of_the_same_name_is_registered_when_her_row_is_named(desk: Desk) -> None:
    desk.homeward("submit", desk.file("one.csv", table(A)))
    other = desk.file("two.csv", table(A, B))
    assert desk.homeward("submit", other).code == 1
    assert desk.homeward("submit", other, "--again", "9").code == 2
    done = desk.homeward("submit", other, "--again", "2")
    assert done.code == 0, done.err
    assert list(desk.services.requests("SubmitHandover")[-1].also_register_again) == [1]
    assert len(numbers(desk)) == 3
    twice = desk.file("twice.csv", table(D, D.replace("4;", "5;", 1)))
    assert desk.homeward("validate", twice, "--time", "today").code == 2
    assert desk.homeward("submit", twice, "--time", "today").code == 2
    assert desk.homeward("submit", twice, "--time", "today", "--again", "3").code == 0
    assert len(numbers(desk)) == 5


def test_a_receipt_says_what_is_not_as_it_was_sent(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B, C))
    desk.homeward("submit", file)
    a, b, c = numbers(desk)
    desk.file("handover.csv", table(D, A.replace("Mang thai", "Sốt"), B.replace("15/03/2004", "16/03/2004")))
    shown = desk.homeward("receipt", file)
    assert shown.code == 6
    assert "2 people stand otherwise" in shown.err
    assert "1 person is not registered (row 2)" in shown.err
    assert f"{c}: stood in row 4" in shown.err
    document = desk.homeward("--json", "receipt", file).document
    assert {each["row"]: each["case_number"] for each in document["entries"]} == {3: a, 4: b}
    assert (document["moved"], document["changed_rows"], document["not_registered_rows"]) == (True, [3, 4], [2])
    assert [each["case_number"] for each in document["not_in_file"]] == [c]
    refused = desk.homeward("submit", file)
    assert refused.code == 1
    for said in (a, b, "row 2: not registered", f"{c}: stood in row 4"):
        assert said in refused.err
    assert len(numbers(desk)) == 3


def test_a_receipt_needs_no_service_where_nothing_is_asked(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B))
    desk.homeward("submit", file)
    a, b = numbers(desk)
    desk.services.answer("FindRegistered", away())
    desk.file("handover.csv", table(B, A))
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: b, 3: a}
    desk.file("handover.csv", table(B, D))
    shown = desk.homeward("receipt", file, "--wait", "0")
    assert "cannot be reached" in shown.err
    assert b in shown.out
    Path(file).unlink()
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: a, 3: b}


def test_what_was_sent_before_there_were_marks_is_found_all_the_same(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B))
    desk.homeward("submit", file)
    a, b = numbers(desk)
    kept = sidecar.load(Path(file))
    assert kept is not None
    from dataclasses import replace

    old = Sidecar(kept.command, kept.office_id, tuple(replace(each, marks=(), about="") for each in kept.batches))
    sidecar.save(Path(file), old)
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: a, 3: b}
    desk.file("handover.csv", table(B, A))
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: b, 3: a}
    assert desk.homeward("submit", file).code in (0, 1)
    assert numbers(desk) == [a, b]


def test_a_correction_leaves_what_the_file_does_not_say(spoken: Desk, name: str) -> None:
    desk = spoken
    file = written(desk, name, [TITLES, A])
    desk.homeward("submit", file)
    [a] = numbers(desk)
    few = written(desk, "few" + name[-5:], ["Họ và tên;Giới tính;Ngày sinh", "Nguyễn Thị Ví Dụ A;Nữ;15/03/2005"])
    done = desk.homeward("correct", a, few, *REASON, "--yes")
    assert done.code == 0, done.err
    assert "Ngày sinh" in done.out
    [request] = desk.services.requests("CorrectCase")
    assert list(request.update_mask.paths) == ["birth_date"]
    person = next(iter(desk.services.people.values()))
    assert (person.birth_date, person.health_remarks, person.home_address) == ("2005-03-15", "Mang thai", "Thôn Ví Dụ")


def test_an_empty_cell_empties_only_when_that_is_said(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A))
    desk.homeward("submit", file)
    [a] = numbers(desk)
    desk.file("handover.csv", table(A.replace("Mang thai", "").replace("2004", "2005")))
    done = desk.homeward("correct", a, file, *REASON)
    assert done.code == 0, done.err
    assert "left as it is registered: Sức khỏe (--empty" in done.err
    person = next(iter(desk.services.people.values()))
    assert (person.birth_date, person.health_remarks) == ("2005-03-15", "Mang thai")
    done = desk.homeward("correct", a, file, *REASON, "--empty")
    assert done.code == 0, done.err
    assert f"To be corrected in {a}: Sức khỏe." in done.out
    assert next(iter(desk.services.people.values())).health_remarks == ""
    # And she is found in the file by what she is now.
    shown = desk.homeward("--json", "receipt", file).document
    assert (shown["changed_rows"], shown["not_registered_rows"]) == ([], [])


def test_json_leaves_what_it_does_not_name(desk: Desk) -> None:
    desk.homeward("submit", desk.file("handover.csv", table(A)))
    [a] = numbers(desk)
    one = desk.file("one.json", '{"full_name": "Nguyễn Thị Ví Dụ A", "birth_date": "2004-03-16", "health_remarks": ""}')
    done = desk.homeward("correct", a, one, *REASON)
    assert done.code == 0, done.err
    person = next(iter(desk.services.people.values()))
    assert (person.birth_date, person.health_remarks, person.sex) == ("2004-03-16", "Mang thai", "Feminine")
    assert desk.homeward("correct", a, one, *REASON, "--empty").code == 0
    assert next(iter(desk.services.people.values())).health_remarks == ""


def test_a_wholly_different_person_is_refused(desk: Desk) -> None:
    desk.homeward("submit", desk.file("handover.csv", table(A, B)))
    a, b = numbers(desk)
    strange = desk.file("x.csv", table("1;Người Khác Hẳn;Nam;01/01/1970;;;;"))
    refused = desk.homeward("correct", a, strange, *REASON)
    assert refused.code == 1
    assert "ANOTHER_PERSON" in refused.err
    assert "--another-name" in refused.err
    # The other of the list, in a file where nothing is kept: the service knows whose row that is.
    other = desk.file("b.csv", table(B))
    refused = desk.homeward("correct", a, other, *REASON)
    assert refused.code == 1
    assert "ROW_IS_OTHER_CASE" in refused.err
    assert names(desk) == {a: "Nguyễn Thị Ví Dụ A", b: "Trần Thị Giả Định B"}
    assert desk.homeward("correct", a, strange, *REASON, "--another-name").code == 0
    assert names(desk)[a] == "Người Khác Hẳn"


def test_ties_are_to_people_and_not_to_rows(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B_WITH_C, C_WITH_B))
    desk.homeward("submit", file)
    _a, b, c = numbers(desk)
    # Sorted, and one tie set right: it is to the second person of the submission still.
    desk.file("handover.csv", table(C.replace(";;;", ";;2: chị;"), A, B_WITH_C))
    done = desk.homeward("correct", c, file, *REASON)
    assert done.code == 0, done.err
    [request] = desk.services.requests("CorrectCase")
    assert list(request.update_mask.paths) == ["family_links"]
    assert [(link.row, link.relation) for link in request.person.family_links] == [(2, "SIBLING")]
    # In a copy where nothing is kept the service tells who was which.
    copy = desk.file("copy.csv", table(B.replace(";;;", ";;3: chị;"), C, A))
    assert desk.homeward("correct", b, copy, "--row", "2", *REASON).code == 0
    assert [link.row for link in desk.services.requests("CorrectCase")[1].person.family_links] == [3]


def test_a_batch_in_doubt_is_asked_for_once_and_shown_by_who_stands_there(desk: Desk) -> None:
    file = desk.file("handover.csv", table(A, B))
    desk.services.answer("SubmitHandover", lambda request: _lost(desk, request))
    assert desk.homeward("submit", file, "--wait", "0").code == 5
    desk.services.answer("SubmitHandover", desk.services._submit)
    a, b = numbers(desk)
    desk.file("handover.csv", table(B, A))
    assert rows_of(desk.homeward("--json", "receipt", file)) == {2: b, 3: a}
    kept = sidecar.load(Path(file))
    assert kept is not None
    assert [each.state for each in kept.batches] == [BatchState.DELIVERED]
    assert desk.homeward("submit", file).code == 0
    assert numbers(desk) == [a, b]


def _lost(desk: Desk, request: object) -> object:
    desk.services._submit(request)  # type: ignore[arg-type]
    raise away()
