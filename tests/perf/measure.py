"""Rounds, medians and ratios: ours and a bare peer in turns, in one run, on the same machine."""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """What one benchmark found.

    Attributes:
        key: name in bounds.json.
        unit: e.g. "calls/s", or "ms".
        ours, peer: medians.
        higher_is_better: whether the ratio ours/peer should be large.
        note: what limits it, or what the peer is.
        details: what is printed below the table, e.g. query plans.
    """

    key: str
    unit: str
    ours: float
    peer: float | None
    note: str = ""
    higher_is_better: bool = True
    details: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours against the peer."""
        return self.ours / self.peer if self.peer else None


Round = Callable[[], Awaitable[float]]


async def in_turns(ours: Round, peer: Round, rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians of both, measured A B A B …, so that a machine whose speed drifts does not decide."""
    await ours()
    await peer()
    pairs = [(await ours(), await peer()) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
