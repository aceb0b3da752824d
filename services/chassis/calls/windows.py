"""How often an account did something within the last while: in memory, each process for itself.

A restart forgets, and an account that calls all four services has four counts. With tokens of several
offices it has one.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from services.chassis.kernel.roles import Caller, account_of

ACCOUNTS_MAX: Final = 10_000
"""Above it those that did it longest ago are forgotten."""


class MovingWindow:
    """So many different things of an account within so many seconds; the same thing again counts once."""

    def __init__(self, most: int, window_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._window_s = window_s
        self._now_s = now_s
        self._done: OrderedDict[str, dict[Hashable, float]] = OrderedDict()

    def full_for_s(self, caller: Caller) -> float:
        """For how many seconds more the account is at the limit; 0 while there is room."""
        done = self._recent(caller)
        if len(done) < self.most:
            return 0.0
        return max(0.0, sorted(done.values())[-self.most] + self._window_s - self._now_s())

    def add(self, caller: Caller, things: Iterable[Hashable]) -> None:
        """Count things; beyond the limit the oldest are let go, since the window is full of newer ones."""
        done, now_s = self._recent(caller), self._now_s()
        for thing in things:
            done.pop(thing, None)
            done[thing] = now_s
        while len(done) > self.most:
            del done[next(iter(done))]
        self._done[_account(caller)] = done
        self._done.move_to_end(_account(caller))
        while len(self._done) > ACCOUNTS_MAX:
            self._done.popitem(last=False)

    def holds(self, caller: Caller, things: Iterable[Hashable]) -> bool:
        """Whether all of these are counted; true for none."""
        done = self._recent(caller)
        return all(thing in done for thing in things)

    def discard(self, caller: Caller, things: Iterable[Hashable]) -> None:
        """Count these no more."""
        done = self._done.get(_account(caller), {})
        for thing in things:
            done.pop(thing, None)

    def _recent(self, caller: Caller) -> dict[Hashable, float]:
        since_s = self._now_s() - self._window_s
        return {thing: at_s for thing, at_s in self._done.get(_account(caller), {}).items() if at_s > since_s}


def _account(caller: Caller) -> str:
    return account_of(caller.subject)
