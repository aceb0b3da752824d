"""Whole people from shares."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.demo.shares import quotas, spread, with_rest

SHARES = st.dictionaries(st.text("abcdef", min_size=1, max_size=1), st.floats(0.01, 1), min_size=1)


@given(SHARES, st.integers(0, 2_000))
def test_quotas_are_whole_and_as_exact_as_can_be(shares: dict[str, float], count: int) -> None:
    dealt = quotas(shares, count)
    whole = sum(shares.values())
    assert sum(dealt.values()) == count
    assert all(abs(dealt[key] - count * share / whole) < 1 for key, share in shares.items())


def test_shares_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quotas({"a": 0.0}, 3)


def test_spreading_keeps_the_quotas_and_follows_the_seed() -> None:
    shares = {"yes": 0.3, "no": 0.7}
    first, second = (spread(shares, 100, random.Random(seed)) for seed in (1, 2))
    assert (first.count("yes"), len(first)) == (30, 100)
    assert first == spread(shares, 100, random.Random(1))
    assert first != second


def test_what_is_left_of_the_whole_goes_to_the_rest() -> None:
    assert with_rest({"late": 0.15, "never": 0.05}, "in time")["in time"] == pytest.approx(0.8)
