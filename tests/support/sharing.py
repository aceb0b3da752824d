"""What several files share on one worker, kept no longer than the last of them: a Homeward that waits costs a fifth of
a processor, and pytest would keep it to the end of the session.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TypeVar

import pytest

from tests.support.order import shared_by

T = TypeVar("T", bound=AbstractContextManager[object])


class Sharing:
    """The shared things of this session; each can be entered again after it was left."""

    def __init__(self) -> None:
        self._known: dict[str, AbstractContextManager[object]] = {}
        self._up: set[str] = set()

    def enter(self, name: str, thing: T) -> T:
        """Bring a shared thing up; it is left before the first test whose file does not share it."""
        self._known[name] = thing
        self._bring_up(name)
        return thing

    def enter_for(self, item: pytest.Item) -> None:
        """Bring up again what this test's file shares and was left: its file came late, because nobody knew it yet."""
        if (name := shared_by(item)) in self._known:
            self._bring_up(name)

    def leave_before(self, item: pytest.Item | None) -> None:
        """Leave what the next test's file does not share; everything, when there is no next test."""
        needed = shared_by(item) if item else ""
        for name in self._up - {needed}:
            self._up.remove(name)
            self._known[name].__exit__(None, None, None)

    def _bring_up(self, name: str) -> None:
        if name not in self._up:
            self._known[name].__enter__()
            self._up.add(name)
