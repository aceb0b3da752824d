"""What is too small to be told, and what it could be reckoned from, is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.kernel.figures import SMALLEST_SHOWN, Figure, shown


def counts(parts: dict[str, int], total: int) -> tuple[dict[str, int | None], int | None]:
    found, whole = shown(parts, total)
    return {name: each.count for name, each in found.items()}, whole.count


@pytest.mark.parametrize(
    ("parts", "total", "told"),
    [
        ({"a": 0, "b": 20}, 20, ({"a": 0, "b": 20}, 20)),
        ({"a": 11, "b": 20}, 31, ({"a": 11, "b": 20}, 31)),
        ({"a": 10, "b": 20, "c": 30}, 60, ({"a": None, "b": None, "c": 30}, 60)),
        ({"a": 10, "b": 10, "c": 30}, 50, ({"a": None, "b": None, "c": 30}, 50)),
        ({"a": 10, "b": 0}, 10, ({"a": None, "b": 0}, None)),
        ({"a": 5, "b": 0}, 40, ({"a": None, "b": 0}, None)),
    ],
)
def test_small_cells_and_those_they_could_be_reckoned_from_are_hidden(
    parts: dict[str, int], total: int, told: tuple[dict[str, int | None], int | None]
) -> None:
    assert counts(parts, total) == told


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 40), min_size=1))
def test_no_small_number_is_told_and_none_is_the_only_one_missing(parts: dict[str, int]) -> None:
    found, total = shown(parts, sum(parts.values()))
    assert not any(each.count and each.count < SMALLEST_SHOWN for each in (*found.values(), total))
    hidden = [name for name, each in found.items() if each == Figure(None)]
    assert len(hidden) != 1 or total.count is None
