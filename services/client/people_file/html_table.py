"""A web page with one table, as many programs save what they call Excel."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from services.client.people_file.draft import UnreadableFile
from services.client.people_file.sheet import MAX_ROWS, Merged, Sheet, too_many_rows
from services.client.texts import N_

_MAX_SPAN: Final = 200
_BREAKS: Final = frozenset({"br", "p", "div", "li"})
_UNSEEN: Final = frozenset({"script", "style", "title"})


def sheet_of_html(text: str) -> Sheet:
    """The rows of all tables of a page, one below the other. Raises UnreadableFile for tables within tables."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if not parser.rows:
        text = N_("This is a web page without a table. Copy the list into Excel, and save it.")
        raise UnreadableFile("NO_TABLE", text)
    return Sheet(parser.rows, merged=tuple(parser.merged), hidden_rows=frozenset(parser.hidden))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merged: list[Merged] = []
        self.hidden: list[int] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._unseen = 0
        self._below: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row or a cell begins."""
        given = dict(attrs)
        if tag == "table":
            self._depth += 1
            if self._depth > 1:
                text = N_("This is a web page with tables in tables. Copy the list into Excel, and save it.")
                raise UnreadableFile("NESTED_TABLES", text)
        elif tag in _UNSEEN:
            self._unseen += 1
        elif tag == "tr":
            self._row(given)
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.rows:
                self._row({})
            self._cell, self._span = [], (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A table, a row or a cell ends."""
        if tag == "table":
            self._end_cell()
            self._depth = max(self._depth - 1, 0)
        elif tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text; that outside of cells is no part of a table."""
        if self._cell is not None and not self._unseen:
            self._cell.append(" ".join(data.split("\n")))

    def close(self) -> None:
        """The page ends, perhaps within a cell."""
        super().close()
        self._end_cell()

    def _row(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        self._below = {column: left - 1 for column, left in self._below.items() if left > 1}
        self.rows.append([])
        if len(self.rows) > MAX_ROWS:
            raise too_many_rows()
        if "hidden" in given or "display:none" in (given.get("style") or "").replace(" ", ""):
            self.hidden.append(len(self.rows))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row, number = self.rows[-1], len(self.rows)
        while len(row) in self._below:
            row.append("")
        at, (wide, high) = len(row), self._span
        row.append("".join(self._cell).strip())
        row.extend([""] * (wide - 1))
        if wide > 1 or high > 1:
            self.merged.append(Merged(number, number + high - 1, at, at + wide - 1))
        if high > 1:
            self._below |= dict.fromkeys(range(at, at + wide), high)
        self._cell = None


def _span(value: str | None) -> int:
    try:
        return min(max(int(value or 1), 1), _MAX_SPAN)
    except ValueError:
        return 1
