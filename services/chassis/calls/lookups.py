"""How many cases an account may ask for that there are not, or that are not its own.

Case numbers cannot be computed, and here they cannot be tried out: after so many different ones within an hour nothing
is looked up for that account any more. Each process counts for itself, in memory: a restart forgets, and an account
that calls all four services has four counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.chassis.kernel.errors import CaseNotFound, InvalidInput, TooManyUnknownCases
from services.chassis.kernel.roles import Caller

UNKNOWN_MAX: Final = 20
WINDOW_S: Final = 3_600.0
ACCOUNTS_MAX: Final = 10_000
"""Above it those that asked longest ago are forgotten."""
_CASES: Final = frozenset({"case", "later_case", "other_case"})
"""Fields of requests that name a case; rows of a request may have them too."""
_CASE_NOT_FOUND: Final = "CASE_NOT_FOUND"


class Lookups:
    """What each account asked for in vain. One for each process."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._missed: dict[tuple[str, str], dict[str, float]] = {}

    def require_room(self, caller: Caller, request: Any) -> None:
        """Raise TooManyUnknownCases when the request names a case, and the account asked for too many in vain."""
        missed = self._recent(caller)
        if len(missed) < UNKNOWN_MAX or next(_named(request), None) is None:
            return
        ends_s = min(missed.values()) + WINDOW_S - self._now_s()
        raise TooManyUnknownCases(limit=str(UNKNOWN_MAX), retry_after_minutes=str(max(1, round(ends_s / 60))))

    def missed(self, caller: Caller, request: Any, error: Exception) -> int:
        """Remember what was asked for in vain; how many that were. The same again counts once."""
        count = _in_vain(error)
        if not count:
            return 0
        asked = self._recent(caller)
        for named in _some(request, count):
            asked[named] = self._now_s()
        self._missed.pop(_account(caller), None)
        self._missed[_account(caller)] = asked
        while len(self._missed) > ACCOUNTS_MAX:
            del self._missed[next(iter(self._missed))]
        return count

    def _recent(self, caller: Caller) -> dict[str, float]:
        since = self._now_s() - WINDOW_S
        return {named: at for named, at in self._missed.get(_account(caller), {}).items() if at > since}


def _account(caller: Caller) -> tuple[str, str]:
    return caller.subject, caller.office_id


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
