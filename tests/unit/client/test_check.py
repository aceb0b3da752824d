"""Everything wrong with a file is named at once, by the file's own rows and titles."""

from __future__ import annotations

import pytest

from services.chassis.kernel.case_number import format_case_number
from services.client.people_file.check import Checked, Defaults, check_handover, check_person
from services.client.people_file.read import read_people
from tests.unit.client.people_files import NOW, ONE, TWO, checked, table

TITLES = "Họ và tên;Giới tính;Ngày sinh;Tỉnh;Số giấy về nước;Giấy tờ;Quan hệ;Mốc biên giới"
OPTIONS = {"handover_time": "22/11/2026 14:30", "gate": "Móng Cái"}


def named(found: Checked) -> list[tuple[int | None, str, str]]:
    """Row, title and code of each problem."""
    return [(each.row, each.title, each.code) for each in found.problems]


def test_all_mistakes_are_named_in_one_go() -> None:
    found = checked(
        table(
            ";Nữ;2004;Quảng Ninh",
            "Thí Dụ Hai;?;31/02/2004;15",
            "Ngu?n Thí Dụ Ba;Nam;2030;Atlantis;1.23E+11",
            f'{"Á" * 121};Nữ;1850;;;{";" * 0}"{"a;" * 21}";9: con',
            titles=TITLES,
        ),
        **OPTIONS,
    )
    assert found.content is None
    assert named(found) == [
        (2, "Họ và tên", "REQUIRED"),
        (3, "Giới tính", "NOT_IN_LIST"),
        (3, "Ngày sinh", "NOT_A_DATE"),
        (3, "Tỉnh", "AMBIGUOUS_PROVINCE"),
        (4, "Họ và tên", "LOST_LETTERS"),
        (4, "Ngày sinh", "IN_THE_FUTURE"),
        (4, "Tỉnh", "UNKNOWN_PROVINCE"),
        (4, "Số giấy về nước", "BAD_FORMAT"),
        (5, "Họ và tên", "TOO_LONG"),
        (5, "Ngày sinh", "TOO_EARLY"),
        (5, "Giấy tờ", "TOO_MANY"),
        (5, "Quan hệ", "REQUIRED_WITH"),
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, (None, "Thời gian bàn giao", "REQUIRED")),
        ({"handover_time": "24/11/2026", "gate": "Móng Cái"}, (None, "--time", "IN_THE_FUTURE")),
        ({"handover_time": "22/11/1926", "gate": "Móng Cái"}, (None, "--time", "TOO_EARLY")),
        ({"handover_time": "soon", "gate": "Móng Cái"}, (None, "--time", "NOT_A_DATE")),
        ({"handover_time": "today", "gate": "Atlantis"}, (None, "--gate", "UNKNOWN_GATE")),
        ({"handover_time": "today", "gate": "Móng Cái", "marker": "1116/2"}, (None, "--marker", "NOT_ALLOWED_WITH")),
        ({"handover_time": "today", "marker": "10-Feb"}, (None, "--marker", "BAD_FORMAT")),
        ({**OPTIONS, "route": "hotline"}, (None, "--route", "NOT_ALLOWED")),
        ({**OPTIONS, "route": "by magic"}, (None, "--route", "NOT_IN_LIST")),
        ({**OPTIONS, "handing_body": "x" * 201}, (None, "--handing-body", "TOO_LONG")),
    ],
)
def test_mistakes_about_the_handover(options: dict[str, str], problem: tuple[int | None, str, str]) -> None:
    assert problem in named(checked(table("Thí Dụ;Nữ", titles="Họ và tên;Giới tính"), **options))


def test_rows_that_contradict_one_another_about_the_handover_are_told() -> None:
    found = checked(table(ONE, TWO.removesuffix(";;") + ";23/11/2026 08:00;Mong Cai"))
    assert named(found) == [(3, "Thời gian bàn giao", "CONFLICTS_WITH")]


def test_an_option_beats_the_file() -> None:
    found = checked(table(ONE, TWO), gate="Hữu Nghị")
    assert found.content is not None
    assert found.content.gate == "CN-HUU-NGHI"


def test_without_a_place_the_gate_of_the_border_post_is_taken() -> None:
    draft = read_people(table("Thí Dụ;Nữ;22/11/2026", titles="Họ và tên;Giới tính;Ngày bàn giao").encode())
    found = check_handover(draft, Defaults({}, gate_of_office="CN-TA-LUNG"), NOW)
    assert found.content is not None
    assert found.content.gate == "CN-TA-LUNG"


def test_day_and_hour_may_stand_in_two_columns() -> None:
    titles = "Họ và tên;Giới tính;Ngày bàn giao;Giờ bàn giao;Mốc"
    found = checked(table("Thí Dụ;Nữ;22/11/2026;14h30;1116/2", titles=titles))
    assert found.content is not None
    assert found.content.handover_time.isoformat() == "2026-11-22T07:30:00+00:00"
    assert found.content.marker == "1116/2"


def test_links_go_by_the_numbers_that_the_officer_gave() -> None:
    titles = "STT;Họ và tên;Giới tính;Quan hệ"
    found = checked(table("7;Thí Dụ Một;Nữ;9: con", "9;Thí Dụ Hai;Nam;7: mẹ", titles=titles), **OPTIONS)
    assert found.content is not None
    assert [person.family_links[0].row for person in found.content.people] == [2, 1]


@pytest.mark.parametrize(
    ("links", "code"), [("1: con", "NOT_ALLOWED"), ("8: con", "UNKNOWN_ROW"), ("2: con; 2: vợ", "DUPLICATE")]
)
def test_links_that_cannot_be(links: str, code: str) -> None:
    rows = (f'1;Thí Dụ Một;Nữ;"{links}"', "2;Thí Dụ Hai;Nam;")
    found = checked(table(*rows, titles="STT;Họ và tên;Giới tính;Quan hệ"), **OPTIONS)
    assert [each.code for each in found.problems] == [code]


EARLIER_TITLES = "Họ và tên;Giới tính;Số hồ sơ lần trở về trước"
EARLIER = format_case_number(7)


@pytest.mark.parametrize("written", [EARLIER, EARLIER.removeprefix("HW-").replace("-", " "), EARLIER.lower()])
def test_an_earlier_case_is_understood_however_it_is_written(written: str) -> None:
    found = checked(table(f"Thí Dụ Một;Nữ;{written}", "Thí Dụ Hai;Nam;", titles=EARLIER_TITLES), **OPTIONS)
    assert found.content is not None
    assert [person.earlier_case for person in found.content.people] == [EARLIER, ""]
    assert [person.earlier_case for person in found.content.to_proto().people] == [EARLIER, ""]


def test_an_earlier_case_that_cannot_be_is_told_without_repeating_it() -> None:
    found = checked(table("Thí Dụ Một;Nữ;Thí Dụ Bí Mật", titles=EARLIER_TITLES), **OPTIONS)
    assert named(found) == [(2, "Số hồ sơ lần trở về trước", "BAD_FORMAT")]
    assert "Bí Mật" not in found.problems[0].text.format_map(found.problems[0].params)


def test_one_earlier_case_for_two_people_is_told() -> None:
    rows = (f"Thí Dụ Một;Nữ;{EARLIER}", f"Thí Dụ Hai;Nam;{EARLIER}")
    found = checked(table(*rows, titles=EARLIER_TITLES), **OPTIONS)
    assert [(each.row, each.code, each.params) for each in found.problems] == [(3, "DUPLICATE", {"row": "2"})]


def test_one_number_for_two_people_is_told() -> None:
    found = checked(table("1;Thí Dụ Một;Nữ", "1;Thí Dụ Hai;Nam", titles="STT;Họ và tên;Giới tính"), **OPTIONS)
    assert named(found) == [(3, "STT", "DUPLICATE")]


def test_the_same_person_twice_is_told_with_both_rows_and_sent_only_when_that_is_said() -> None:
    twice = table(ONE, ONE.replace("1;", "2;", 1))
    assert [(each.row, each.code, each.params) for each in checked(twice).problems] == [
        (2, "SAME_PERSON_TWICE", {"rows": "2, 3", "row": "3"})
    ]
    for again in ({2}, {3}):
        found = check_handover(read_people(twice.encode()), Defaults(again=frozenset(again)), NOW)
        assert [(each.row, each.code, each.params) for each in found.warnings] == [
            (2, "SAME_PERSON_TWICE", {"rows": "2, 3"})
        ]
        assert found.content is not None


def test_a_brother_of_the_same_name_is_a_note() -> None:
    found = checked(table(ONE, ONE.replace("1;", "2;", 1).replace("Nữ", "Nam")))
    assert [(each.row, each.code) for each in found.warnings] == [(2, "SAME_PERSON_TWICE")]
    assert found.content is not None
    sisters = (ONE.replace("Nữ", "Nam"), ONE.replace("1;", "2;", 1), ONE.replace("1;", "3;", 1))
    assert [(each.row, each.params["rows"]) for each in checked(table(*sisters)).problems] == [(3, "3, 4")]


def test_a_province_that_was_decided_by_the_date_is_told_once_for_all_rows() -> None:
    rows = [f"{number};Thí Dụ {number};Nữ;;;Lào Cai;;22/11/2026;Móng Cái" for number in range(1, 31)]
    found = checked(table(*rows))
    assert [(each.row, each.code) for each in found.warnings] == [(2, "VINTAGE_DECIDED")]


def test_a_name_with_a_line_break_becomes_one_line() -> None:
    found = checked(table('"Nguyễn Thị\nThí  Dụ";Nữ', titles="Họ và tên;Giới tính"), **OPTIONS)
    assert found.content is not None
    assert found.content.people[0].full_name == "Nguyễn Thị Thí Dụ"


def test_no_problem_repeats_what_stands_in_a_name() -> None:
    found = checked(table(f"{'Thí Dụ ' * 30};Thí Dụ Bí Mật", titles="Họ và tên;Giới tính"), **OPTIONS)
    for problem in found.problems:
        assert "Thí Dụ" not in problem.text.format_map(problem.params)


def test_a_self_return_needs_no_place_and_refuses_the_routes_of_a_handover() -> None:
    draft = read_people(table("Thí Dụ;Nữ", titles="Họ và tên;Giới tính").encode())
    alone = check_handover(draft, Defaults({"handover_time": "today"}), NOW, self_return=True)
    assert alone.content is not None
    assert alone.content.route == "SELF_RETURN"
    wrong = Defaults({"handover_time": "today", "route": "deported"})
    assert [each.code for each in check_handover(draft, wrong, NOW, self_return=True).problems] == ["NOT_ALLOWED"]


def test_a_correction_looks_at_one_row_only() -> None:
    draft = read_people(table(";Nữ", "Thí Dụ Hai;Nam", titles="Họ và tên;Giới tính").encode())
    person, found = check_person(draft, NOW, 3)
    assert found.problems == ()
    assert person is not None
    assert person.full_name == "Thí Dụ Hai"
    nameless = check_person(draft, NOW, 2)[0]
    assert nameless is not None
    assert (nameless.full_name, nameless.sex) == ("", "Feminine")


def test_a_correction_counts_links_by_the_submission_that_was_sent() -> None:
    titles = "STT;Họ và tên;Giới tính;Quan hệ"
    draft = read_people(table("1;An;Nữ;", "2;Bé;Nữ;3: con", "3;Cả;Nam;", titles=titles).encode())
    assert _link(check_person(draft, NOW, 3)) == 3
    assert _link(check_person(draft, NOW, 3, {"2": 1, "3": 2})) == 2
    alone = read_people(table("2;Bé;Nữ;3: con", titles=titles).encode())
    assert _link(check_person(alone, NOW, 2)) == 3


def _link(found: tuple[object, Checked]) -> int:
    person = found[0]
    assert person is not None
    return int(person.family_links[0].row)  # type: ignore[attr-defined]
