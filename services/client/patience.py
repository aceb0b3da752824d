"""Calls that go on while the network is bad, and say so, until the officer's patience ends."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception

from services.chassis.calls.client import RpcFailure

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

AGAIN: Final = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"})
"""Repeating is safe: reads change nothing, and mutations carry the id of their request."""
LASTING: Final = frozenset({"TOO_MANY_UNKNOWN_CASES", "TOO_MANY_LISTED"})
"""They stand for the rest of an hour or longer: no patience is that long."""
FIRST_WAIT_S: Final = 1.0
MAX_WAIT_S: Final = 16.0
JITTER: Final = 0.25
"""Thirty posts that lost the same line should not come back in the same second."""

SUBMIT_WAIT_S: Final = 120.0
OTHER_WAIT_S: Final = 20.0


@dataclass(slots=True)
class Patience:
    """How long to go on, and how to tell.

    `wait_s` bounds the whole call with its repetitions. `tell(attempt, wait_s)` is called before each wait, with the
    number of the attempt that follows it.
    """

    wait_s: float
    tell: Callable[[int, float], None]
    sleep: Callable[[float], None] = time.sleep
    now_s: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = field(default=lambda: random.uniform(1 - JITTER, 1 + JITTER))


def deliver(call: Callable[[_Request], _Response], request: _Request, patience: Patience) -> _Response:
    """Call, and repeat while the service is away. Raises the last RpcFailure when patience ends."""
    ends_at = patience.now_s() + patience.wait_s
    attempts = Retrying(
        retry=retry_if_exception(_is_away),
        wait=lambda state: _wait_s(state) * patience.jitter(),
        stop=lambda state: patience.now_s() + state.upcoming_sleep > ends_at,
        before_sleep=lambda state: patience.tell(state.attempt_number + 1, state.upcoming_sleep),
        sleep=patience.sleep,
        reraise=True,
    )
    return attempts(call, request)


def _is_away(error: BaseException) -> bool:
    return isinstance(error, RpcFailure) and error.code.name in AGAIN and error.reason not in LASTING


def _wait_s(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.metadata.get("retry_after_seconds", "") if isinstance(failure, RpcFailure) else ""
    if asked.isdigit():
        return min(max(float(asked), FIRST_WAIT_S), MAX_WAIT_S)
    return min(FIRST_WAIT_S * float(2 ** (state.attempt_number - 1)), MAX_WAIT_S)
