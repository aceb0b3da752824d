"""Children that come back: an engine or a service that dies is started again, with a growing pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.local.embedded.children import Running

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 15.0
STEADY_AFTER_S = 60.0

Start = Callable[[], Running]


@dataclass
class Child:
    """One process that must run.

    Attributes:
        name: what people call it.
        start: starts it and returns its process at once.
    """

    name: str
    start: Start
    process: Running | None = None
    started_s: float = 0.0
    restart_at_s: float | None = None
    delay_s: float = field(default=BACKOFF_FIRST_S)

    def launch(self) -> None:
        """Start it."""
        self.process = self.start()
        self.started_s = time.monotonic()
        self.restart_at_s = None

    def notice_death(self) -> int | None:
        """Its exit status when it has just been found dead, and plan the restart; otherwise None."""
        if self.process is None or self.restart_at_s is not None or self.process.poll() is None:
            return None
        if time.monotonic() - self.started_s > STEADY_AFTER_S:
            self.delay_s = BACKOFF_FIRST_S
        self.restart_at_s = time.monotonic() + self.delay_s
        self.delay_s = min(BACKOFF_MAX_S, self.delay_s * 2)
        return self.process.poll()

    def is_due(self) -> bool:
        """Whether it is to be started again now."""
        return self.restart_at_s is not None and time.monotonic() >= self.restart_at_s
