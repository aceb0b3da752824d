"""Where a change comes from: carried from a call or an event into every event that follows from it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Trace:
    """Ids that link an event to what caused it.

    Attributes:
        correlation_id: the same for everything that follows from one call.
        causation_id: the event that caused this one; empty when a call or a deadline did.
        traceparent: W3C trace context; empty when none was given.
    """

    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""


_current: ContextVar[Trace | None] = ContextVar("homeward_trace", default=None)


def current_trace() -> Trace | None:
    """The trace of the call or event being worked on, if any."""
    return _current.get()


def set_trace(trace: Trace | None) -> None:
    """Make this the trace of the running task."""
    _current.set(trace)
