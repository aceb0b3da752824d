"""Engines that a session runs for its tests."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from services.local.embedded import EmbeddedKafka
from tests.support.waiting import patient


class RunningKafka:
    """A Kafka node that runs inside of a `with`, as often as one likes."""

    def __init__(self, state: Path) -> None:
        self.node = EmbeddedKafka(state)

    def __enter__(self) -> EmbeddedKafka:
        self.node.start()
        try:
            self.node.wait_ready(patient(60))
        except BaseException:
            self.node.stop()
            raise
        return self.node

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.node.stop()
