"""How many cases an account may ask for that there are not, or that are not its own.

Case numbers cannot be computed, and here they cannot be tried out: after so many different ones within an hour nothing
is looked up for that account any more.
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
WINDOW_S: Final = 3_600.0
_CASES: Final = frozenset({"case", "later_case", "other_case"})
"""Fields of requests that name a case; rows of a request may have them too."""
_CASE_NOT_FOUND: Final = "CASE_NOT_FOUND"
_LISTS: Final = ("List", "Count", "Find")


class Lookups:
    """What each account asked for in vain. One for each process."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._missed = MovingWindow(UNKNOWN_MAX, WINDOW_S, now_s)
        self._told = MovingWindow(1, WINDOW_S, now_s)

    def require_room(self, caller: Caller, request: Any) -> None:
        """Raise TooManyUnknownCases when the request names a case, and the account asked for too many in vain."""
        full_for_s = self._missed.full_for_s(caller)
        if full_for_s and next(_named(request), None) is not None:
            minutes = max(1, round(full_for_s / 60))
            raise TooManyUnknownCases(limit=str(UNKNOWN_MAX), retry_after_minutes=str(minutes))

    def missed(self, caller: Caller, request: Any, error: Exception) -> int:
        """Remember what was asked for in vain; how many that were. The same again counts once."""
        count = _in_vain(error)
        if count:
            self._missed.add(caller, _some(request, count))
        return count

    def found(self, caller: Caller, method: str, request: Any) -> None:
        """Forget what was asked for in vain and is there now: the news of a registration come a moment later.

        A list says nothing of whether there is a case.
        """
        if not method.rpartition("/")[2].startswith(_LISTS):
            self._missed.discard(caller, _named(request))

    def is_to_be_told(self, caller: Caller) -> bool:
        """Whether the account has come to the limit, and nobody was told of it within the last hour: true once."""
        if not self._missed.full_for_s(caller) or self._told.full_for_s(caller):
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
