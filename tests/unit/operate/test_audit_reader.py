"""Four sorted streams of rows, put together case by case."""

from __future__ import annotations

from services.operate.audit_reader import side_by_side
from services.operate.audit_rules import CaseRow


def rows(*ids: str) -> list[CaseRow]:
    return [CaseRow(one, "SEARCH", "SA-01", True, None, None, None, None, 0, False, False) for one in ids]


def test_rows_of_one_case_meet_and_missing_ones_are_none() -> None:
    streams = [rows("a", "c"), rows("a", "b", "c"), rows("d"), rows("b", "d")]
    found = [
        (case.case_id, [one is not None for one in case]) for case in side_by_side(iter(stream) for stream in streams)
    ]
    assert found == [
        ("a", [True, True, False, False]),
        ("b", [False, True, False, True]),
        ("c", [True, True, False, False]),
        ("d", [False, False, True, True]),
    ]


def test_nothing_gives_nothing() -> None:
    assert list(side_by_side(iter(rows()) for _ in range(4))) == []
