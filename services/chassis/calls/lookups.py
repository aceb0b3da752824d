"""How many cases an account may ask for that there are not, or that are not its own.

Case numbers cannot be computed, and here they cannot be tried out: after so many different ones within an hour nothing
new is looked up for that account any more. While news of other services are late, many more may be asked for in vain: a
case that was registered just now is not known here yet, and numbers are no easier to guess for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.chassis.calls.windows import MovingWindow
from services.chassis.kernel.errors import CaseNotFound, InvalidInput, TooManyUnknownCases
from services.chassis.kernel.roles import Caller

UNKNOWN_MAX: Final = 20
LATE_MAX: Final = 500
"""So many while news are late: above all that an office registers in an hour, and useless against a thousand million
numbers."""
WINDOW_S: Final = 3_600.0
_CASES: Final = frozenset({"case", "later_case", "other_case"})
"""Fields of requests that name a case; rows of a request may have them too."""
_CASE_NOT_FOUND: Final = "CASE_NOT_FOUND"
_LISTS: Final = ("List", "Count", "Find")


class Lookups:
    """What each account asked for in vain. One for each process."""

    def __init__(
        self, now_s: Callable[[], float] = time.monotonic, news_are_late: Callable[[], bool] = lambda: False
    ) -> None:
        self._news_are_late = news_are_late
        self._missed = MovingWindow(UNKNOWN_MAX, WINDOW_S, now_s)
        self._missed_late = MovingWindow(LATE_MAX, WINDOW_S, now_s)
        self._told = MovingWindow(1, WINDOW_S, now_s)

    def require_room(self, caller: Caller, request: Any) -> None:
        """Raise TooManyUnknownCases when the request names a case, and the account asked for too many in vain.

        What it asked for already it may ask for again: it may be there by now, and else nobody learns anything.
        """
        for window in (self._missed, self._missed_late):
            full_for_s = window.full_for_s(caller)
            if full_for_s and not window.holds(caller, _named(request)):
                minutes = max(1, round(full_for_s / 60))
                raise TooManyUnknownCases(limit=str(window.most), retry_after_minutes=str(minutes))

    def missed(self, caller: Caller, request: Any, error: Exception) -> int:
        """Remember what was asked for in vain; how many that were. The same again counts once."""
        count = _in_vain(error)
        if count:
            window = self._missed_late if self._news_are_late() else self._missed
            window.add(caller, _some(request, count))
        return count

    def found(self, caller: Caller, method: str, request: Any) -> None:
        """Forget what was asked for in vain and is there now: the news of a registration come a moment later.

        A list says nothing of whether there is a case.
        """
        if not method.rpartition("/")[2].startswith(_LISTS):
            named = list(_named(request))
            self._missed.discard(caller, named)
            self._missed_late.discard(caller, named)

    def is_to_be_told(self, caller: Caller) -> bool:
        """Whether the account has come to the limit, and nobody was told of it within the last hour: true once."""
        full = self._missed.full_for_s(caller) or self._missed_late.full_for_s(caller)
        if not full or self._told.full_for_s(caller):
            return False
        self._told.add(caller, [_CASE_NOT_FOUND])
        return True


def _in_vain(error: Exception) -> int:
    """How many cases an answer says not to know."""
    if isinstance(error, CaseNotFound):
        return 1
    if isinstance(error, InvalidInput):
        return sum(one.code == _CASE_NOT_FOUND for one in error.violations)
    return 0


def _some(request: Any, count: int) -> list[str]:
    """So many of the cases that a request names; which of its rows were in vain matters to nobody."""
    return [named for _, named in zip(range(count), _named(request), strict=False)]


def _named(request: Any) -> Iterator[str]:
    if not isinstance(request, Message):
        return
    for field in request.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_STRING and field.name in _CASES and getattr(request, field.name):
            yield getattr(request, field.name)
        elif field.name == "rows":
            for row in getattr(request, field.name):
                yield from _named(row)
