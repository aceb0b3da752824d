"""What the launcher shows while Kafka's program files are fetched."""

from __future__ import annotations

import io

from services.client.texts import texts_in
from services.local.fetching import Fetching

FILES = 45


class Terminal(io.StringIO):
    """Says that it is one."""

    def isatty(self) -> bool:
        return True


def fetched(screen: io.StringIO) -> list[str]:
    said: list[str] = []
    fetching = Fetching(texts_in("en"), said.append, screen)
    for done in range(FILES + 1):
        fetching(done, FILES)
    return said


def test_two_lines_where_the_output_is_no_terminal() -> None:
    screen = io.StringIO()
    first, last = fetched(screen)
    assert "45 files" in first
    assert last.startswith("✓")
    assert screen.getvalue() == ""


def test_a_terminal_counts_on_one_line() -> None:
    screen = Terminal()
    assert len(fetched(screen)) == 2
    assert screen.getvalue().endswith("44 / 45\r")
    assert "\n" not in screen.getvalue()
