from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.findings import BadDay, Findings, parse_day


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


def told(found: Findings) -> list[tuple[int | None, str, str]]:
    return [(each.row, each.field, each.code) for each in found.violations]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-W01-1", "BAD_FORMAT"),
        ("20270101", "BAD_FORMAT"),
        ("2027-001", "BAD_FORMAT"),
        ("2027-1-01", "BAD_FORMAT"),
        ("2027-01-01T00:00", "BAD_FORMAT"),
        (" 2027-01-01", "BAD_FORMAT"),
        ("2027-01-01\n", "BAD_FORMAT"),
        ("٢٠٢٧-٠١-٠١", "BAD_FORMAT"),
        ("01/02/2027", "BAD_FORMAT"),
        ("2027-02-31", "NOT_A_DATE"),
        ("2027-02-29", "NOT_A_DATE"),
        ("2027-13-01", "NOT_A_DATE"),
        ("0000-01-01", "NOT_A_DATE"),
    ],
)
def test_a_day_is_written_in_one_way_and_exists(text: str, code: str) -> None:
    with pytest.raises(BadDay) as refused:
        parse_day(text)
    assert refused.value.code == code
    found = Findings()
    assert found.day("on", text) is None
    assert told(found) == [(None, "on", code)]


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


def test_no_day_is_no_fault_unless_it_is_required() -> None:
    found = Findings()
    assert found.day("on", "") is None
    assert not found.violations
    assert found.required_day("on", "") == date.min
    assert told(found) == [(None, "on", "REQUIRED")]


def test_everything_is_told_at_once_by_row_and_dotted_name() -> None:
    found = Findings()
    found.uuid("request_id", "")
    row = found.at("people.", row=2)
    row.text("name", "", 5, required=True)
    row.at("home.").one_of("province", "99", {"01"}, "provinces")
    assert row.word("colour", Colour, "GREEN", Colour.BLUE) is Colour.BLUE
    with pytest.raises(InvalidInput) as refused:
        found.done()
    assert told(found) == [
        (None, "request_id", "REQUIRED"),
        (2, "people.name", "REQUIRED"),
        (2, "people.home.province", "NOT_IN_LIST"),
        (2, "people.colour", "NOT_IN_LIST"),
    ]
    assert len(refused.value.violations) == 4


def test_what_another_reader_refused_is_told_with_the_rest() -> None:
    inner, found = Findings(), Findings()
    inner.wrong("case", "REQUIRED")
    with pytest.raises(InvalidInput) as refused:
        inner.done()
    found.at(row=3).gather(refused.value)
    assert told(found) == [(3, "case", "REQUIRED")]


@pytest.mark.parametrize(
    ("written", "limit", "lines", "read", "codes"),
    [
        ("  Ann ", 5, False, "Ann", []),
        ("e\u0301", 1, False, "é", []),
        ("a\nb", 5, False, "a\nb", ["BAD_CHARACTERS"]),
        ("a\r\nb", 5, True, "a\nb", []),
        ("a\u0000b", 5, True, "a\u0000b", ["BAD_CHARACTERS"]),
        ("a\u200db", 5, False, "a\u200db", []),
        ("123456", 5, False, "123456", ["TOO_LONG"]),
        ("1" * 21, 5, False, "", ["TOO_LONG"]),
    ],
)
def test_texts(written: str, limit: int, lines: bool, read: str, codes: list[str]) -> None:
    found = Findings()
    assert found.text("name", written, limit, lines=lines) == read
    assert [code for _, _, code in told(found)] == codes


def test_numbers_ids_and_lists_read_as_something_harmless() -> None:
    found = Findings()
    assert found.number("n", -1) == 0
    assert found.number("n", 11, least=1, most=10) == 10
    assert found.number("n", 7, least=1, most=10) == 7
    assert found.uuid("id", "no id") == UUID(int=0)
    assert list(found.at_most("rows", [1, 2, 3], 2, required=True)) == [1, 2]
    assert list(found.at_most("rows", [], 2, required=True)) == []
    assert [code for _, _, code in told(found)] == ["TOO_SMALL", "TOO_LARGE", "BAD_FORMAT", "TOO_MANY", "REQUIRED"]
