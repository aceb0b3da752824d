"""How far the demonstration is: one line that changes on a terminal, otherwise a fresh line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from services.chassis.kernel.texts import Texts
from services.demo.driver import Tally

if TYPE_CHECKING:
    from rich.status import Status

LINE_EVERY_S = 10.0
REDRAW_EVERY_S = 0.1


def say(text: str) -> None:
    """A line, at once."""
    click.echo(text)
    sys.stdout.flush()


class Screen:
    """Shows tallies; use it in a `with`."""

    def __init__(self, t: Texts) -> None:
        self._t = t
        self._status: Status | None = None
        self._said_s = float("-inf")

    def __enter__(self) -> Screen:
        if sys.stdout.isatty():
            from rich.console import Console

            self._status = Console(highlight=False).status("")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, tally: Tally) -> None:
        """How far it is now; most of the calls show nothing."""
        now_s = time.monotonic()
        if now_s - self._said_s < (REDRAW_EVERY_S if self._status is not None else LINE_EVERY_S):
            return
        self._said_s = now_s
        if self._status is not None:
            self._status.update(self._line(tally))
        else:
            say(self._line(tally))

    def _line(self, tally: Tally) -> str:
        return self._t(
            "{date}  received {received}, on the way {way}, arrived {arrived}, lost {lost}, "
            "follow-ups {visits} (overdue {overdue}), closed {closed}",
            date=tally.today.isoformat(),
            received=tally.received,
            way=tally.on_the_way,
            arrived=tally.arrived,
            lost=tally.lost,
            visits=tally.visits,
            overdue=tally.overdue,
            closed=tally.closed,
        )


def columns(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    table = [headings, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    lines = []
    for row in table:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return lines
