"""What an operator sees: tables, and a line that says how far something is."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import click

GAP = "  "
PROGRESS_EVERY_S = 5.0


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under headings, columns aligned; the last column may be as long as it likes."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    rule = ["─" * width for width in widths]
    return "\n".join(_line(cells, widths) for cells in (lines[0], rule, *lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


class Progress:
    """A line on standard error: rewritten on a terminal, otherwise a fresh one every five seconds."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said_s = float("-inf")
        self._width = 0

    def say(self, text: str) -> None:
        """How far it is now."""
        now_s = time.monotonic()
        if self._terminal:
            click.echo("\r" + text.ljust(self._width), nl=False, err=True)
            self._width = len(text)
        elif now_s - self._said_s >= PROGRESS_EVERY_S:
            click.echo(text, err=True)
            self._said_s = now_s

    def end(self) -> None:
        """Take the line away."""
        if self._terminal and self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)
            self._width = 0
