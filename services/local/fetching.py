"""How far the fetching of Kafka's program files is: counted on one line of a terminal, elsewhere begun and done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from services.local.embedded.kafka_jars import KAFKA_VERSION


class Fetching:
    """Is told of each file that has come, and of the beginning."""

    def __init__(self, t: Callable[..., str], say: Callable[[str], None], screen: TextIO) -> None:
        self._t = t
        self._say = say
        self._screen = screen
        self._began_s = 0.0

    def __call__(self, done: int, total: int) -> None:
        """`done` files of `total` are there."""
        t = self._t
        if done == 0:
            self._began_s = time.monotonic()
            self._say(t("  … fetching Apache Kafka {version}: {count} files, once", version=KAFKA_VERSION, count=total))
        elif done == total:
            seconds = f"{time.monotonic() - self._began_s:.1f}"
            self._say(t("✓ Apache Kafka {version} is fetched ({seconds} s)", version=KAFKA_VERSION, seconds=seconds))
        elif self._screen.isatty():
            # The cursor stays at the beginning of the line: what anybody says next is written over it.
            self._screen.write(f"  … {done} / {total}\r")
            self._screen.flush()
