"""Says what became of every line of a file: "5 lines: 3 people, 1 remark (line 4), 1 empty"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.kernel.texts import Texts
from services.client.people_file.draft import Lines
from services.client.people_file.table import ranges


def told(lines: Lines, _: Texts) -> str:
    """One sentence in the reader's language; rows by the file's own numbers."""
    parts = [_.plural("{count} person", "{count} people", len(lines.people))]
    if lines.remarks:
        text = _.plural("{count} remark", "{count} remarks", len(lines.remarks))
        parts.append(_at(text, lines.remarks, _))
    if lines.no_people:
        text = _.plural(
            "{count} heading, total or signature", "{count} headings, totals or signatures", len(lines.no_people)
        )
        parts.append(_at(text, lines.no_people, _))
    if lines.shared:
        text = _.plural(
            "{count} with what concerns everybody only", "{count} with what concerns everybody only", len(lines.shared)
        )
        parts.append(_at(text, lines.shared, _))
    if lines.numbers:
        text = _.plural("{count} with a number only", "{count} with a number only", len(lines.numbers))
        parts.append(_at(text, lines.numbers, _))
    if lines.faulty:
        parts.append(_at(_.plural("{count} not readable", "{count} not readable", len(lines.faulty)), lines.faulty, _))
    if lines.above:
        text = _.plural("{count} above the titles", "{count} above the titles", len(lines.above))
        parts.append(_at(text, lines.above, _))
    if lines.empty:
        parts.append(_.plural("{count} empty", "{count} empty", len(lines.empty)))
    return _.plural("{count} line: {parts}.", "{count} lines: {parts}.", len(lines), parts=", ".join(parts))


def is_plain(lines: Lines) -> bool:
    """Whether each line is a person, so that the count of people says it all."""
    return len(lines) == len(lines.people)


def document(lines: Lines) -> dict[str, Any]:
    """The same for programs."""
    return {"total": len(lines)} | {name: list(getattr(lines, name)) for name in Lines.__slots__}


def _at(text: str, rows: Sequence[int], _: Texts) -> str:
    if len(rows) == 1:
        return _("{text} (line {row})", text=text, row=rows[0])
    return _("{text} (lines {rows})", text=text, rows=ranges(rows))
