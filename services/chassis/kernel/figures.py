"""Numbers that leave the office that they are about: those so small that they could tell of a person are hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SMALLEST_SHOWN: Final = 11
"""Cells under it are hidden outside the own office, except none at all [policy: SUPPORT 11]."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; None when it is hidden."""

    count: int | None


def shown(parts: Mapping[str, int], total: int) -> tuple[dict[str, Figure], Figure]:
    """Parts of a total, and the total, as others may see them.

    Where one part alone would be hidden it could be reckoned from the rest: then the smallest other one is hidden too,
    or the total where there is no other one.
    """
    hidden = {name for name, count in parts.items() if _is_small(count)}
    hides_total = _is_small(total)
    if len(hidden) == 1 and not hides_total:
        others = sorted((count, name) for name, count in parts.items() if count and name not in hidden)
        if others:
            hidden.add(others[0][1])
        else:
            hides_total = True
    return {name: Figure(None if name in hidden else count) for name, count in parts.items()}, Figure(
        None if hides_total else total
    )


def _is_small(count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN
