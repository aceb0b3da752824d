"""What a command shows: tables that fit a window, or one JSON document."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

NARROWEST: Final = 60
WIDEST: Final = 140
WIDTH_OF_A_PIPE: Final = 100
GAP: Final = "  "
LONGEST_WORD: Final = 24
"""The longest id of an office that is built in."""


def width() -> int:
    """Columns of the window; a fixed number where there is none."""
    columns = shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns
    return max(NARROWEST, min(columns, WIDEST))


def plain(text: str) -> str:
    """A text without characters that steer a terminal: what comes from a service is data."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else " " for c in text)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "") -> None:
    """Print a table; long cells are broken over lines between words, nothing is cut off."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[plain(cell) for cell in row] for row in rows]
    widths = _widths([titles, *cells], width() - len(GAP) * len(titles))
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    for title, columns in zip(titles, widths, strict=True):
        grid.add_column(Text(title), width=columns, overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    # Rather lines that the window breaks than columns that are left out.
    console = Console(width=max(width(), sum(widths) + len(GAP) * len(titles)), highlight=False)
    with console.capture() as drawn:
        console.print(grid)
    # Blanks at the ends of lines would come along when an officer copies from here.
    say("\n".join(line.rstrip() for line in drawn.get().splitlines()), drawn=True)
    if caption:
        say(caption)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Columns for each cell of a row: all that is wanted where there is room, else less for those with most to spare.

    No column gets less than its longest word, and the first one, which names the thing, all that it wants.
    """
    wanted = [max(max(map(len, cell.split("\n"))) for cell in column) for column in zip(*rows, strict=True)]
    least = [
        min(max((len(word) for cell in column for word in cell.split()), default=1), LONGEST_WORD)
        for column in zip(*rows, strict=True)
    ]
    least[0] = wanted[0]
    widths = list(wanted)
    while sum(widths) > room and (spare := max(has - needs for has, needs in zip(widths, least, strict=True))) > 0:
        for position, (has, needs) in enumerate(zip(widths, least, strict=True)):
            if has - needs == spare:
                widths[position] -= 1
                break
    return widths


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values one below the other; empty values are left out."""
    shown = [(name, plain(value)) for name, value in pairs if value]
    longest = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        first, *rest = textwrap.wrap(value, max(width() - longest - len(GAP), NARROWEST // 2)) or [""]
        print(f"{name.ljust(longest)}{GAP}{first}")
        for line in rest:
            print(" " * (longest + len(GAP)) + line)


def say(text: str, *, drawn: bool = False) -> None:
    """Print one line or paragraph; `drawn`: it is safe already and may hold the signs of bold print."""
    print(text if drawn else plain(text))


def warn(text: str) -> None:
    """Print to the side, where it disturbs no JSON document."""
    print(plain(text), file=sys.stderr)


def document(content: Mapping[str, Any]) -> None:
    """Print the one JSON document of a command."""
    print(json.dumps(content, ensure_ascii=False, indent=2))
