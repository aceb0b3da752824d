"""Whether two records may be of one person."""

from __future__ import annotations

import pytest

from services.chassis.kernel.who import births_agree, is_whole, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Ví Dụ", "NGUYỄN  THỊ  VÍ DỤ"),
        ("Nguyễn Thị Ví Dụ", "nguyen thi vi du"),
        ("Nguyễn Thị Ví Dụ", "Nguyễn Thị Ví Dụ (Hoa)"),
        ("Đặng Hoà", "Ðặng Hòa"),
        ("H’Bƀăm Niê", "H'bƀăm niê"),
        ("李 小红", "李  小红"),
    ],
)
def test_one_name_is_compared_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Ví Dụ", "Nguyễn Thị Ví"),
        ("李小红", "王小红"),
        ("Lan 李", "Lan 王"),
        ("សុខា", "ចន្ទា"),
        ("(A)", "(B)"),
    ],
)
def test_two_names_are_two_in_any_letters(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("", "", True),
        ("", "1998", False),
        ("1998", "1998-04", True),
        ("1998-04", "1998-04-30", True),
        ("1998", "1999", False),
        ("1998-04", "1998-05-30", False),
    ],
)
def test_births_agree_as_far_as_they_are_known(one: str, other: str, agree: bool) -> None:
    assert births_agree(one, other) == births_agree(other, one) == agree
    assert is_whole("1998-04-30")
    assert not is_whole(one)
