"""Shares of the profile turned into whole people: as exact as whole people allow, in an order of chance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")


def quotas(shares: Mapping[K, float], count: int) -> dict[K, int]:
    """So many of `count` for each share, by largest remainder; together exactly `count`.

    Shares are taken as they stand to each other. Raises ValueError when they add up to nothing.
    """
    whole = sum(shares.values())
    if whole <= 0:
        raise ValueError("shares that add up to nothing")
    exact = {key: count * share / whole for key, share in shares.items()}
    given = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(shares, key=lambda key: exact[key] - given[key], reverse=True)
    for key in by_remainder[: count - sum(given.values())]:
        given[key] += 1
    return given


def spread(shares: Mapping[K, float], count: int, rng: random.Random) -> list[K]:
    """One key for each of `count`, in the proportions of the shares, shuffled."""
    dealt = [key for key, quota in quotas(shares, count).items() for _ in range(quota)]
    rng.shuffle(dealt)
    return dealt


def with_rest(shares: Mapping[K, float], rest: K) -> dict[K, float]:
    """The shares of a whole, with what is left of it under `rest`."""
    return {**shares, rest: max(0.0, 1.0 - sum(shares.values()))}
