"""What stood in a form that did not go through: a reload, or a window that the telephone closed, shows it again.

Only in the memory of this console and for whom it is of, for half an hour at most: whoever is named in it stands in no
database here, and nobody else is shown it. Another console beside this one does not know it; a form is then empty.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

from services.console.sessions import IDLE_S

FORMS_MAX: Final = 1_000
"""Of all officers; the one kept longest goes first."""
OF_SESSION_MAX: Final = 8
CHARS_MAX: Final = 200_000
"""Of one form: thirty people of whom everything is said."""
ALL_CHARS_MAX: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    kept_s: float
    chars: int


class Unsent:
    """Forms by the session and the address that they are of."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._kept: OrderedDict[tuple[bytes, str], _Kept] = OrderedDict()
        self._chars = 0

    def keep(self, session: bytes, path: str, stood: Iterable[tuple[str, Any]]) -> None:
        """What stood in it, without files; one that is too large is not kept."""
        self.forget(session, path)
        fields = tuple((name, value) for name, value in stood if isinstance(value, str))
        chars = sum(len(name) + len(value) for name, value in fields)
        if chars > CHARS_MAX:
            return
        self._kept[session, path] = _Kept(fields, self._now_s(), chars)
        self._chars += chars
        self._shorten(session)

    def find(self, session: bytes, path: str) -> FormData | None:
        """What stood in the form of this address; None where nothing is kept."""
        self._age()
        found = self._kept.get((session, path))
        return FormData([*found.fields]) if found is not None else None

    def forget(self, session: bytes, path: str) -> None:
        """It went through, or is no form any more."""
        self._drop((session, path))

    def end(self, session: bytes) -> None:
        """Nothing of a session that ended stays."""
        for key in [each for each in self._kept if each[0] == session]:
            self._drop(key)

    def _shorten(self, session: bytes) -> None:
        self._age()
        own = [key for key in self._kept if key[0] == session]
        for key in own[:-OF_SESSION_MAX]:
            self._drop(key)
        while len(self._kept) > FORMS_MAX or self._chars > ALL_CHARS_MAX:
            self._drop(next(iter(self._kept)))

    def _age(self) -> None:
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if self._now_s() - oldest.kept_s <= IDLE_S:
                return
            self._drop(key)

    def _drop(self, key: tuple[bytes, str]) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._chars -= gone.chars
