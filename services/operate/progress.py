"""A line that says how far something is."""

from __future__ import annotations

import sys
import time

import click

PROGRESS_EVERY_S = 5.0


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
