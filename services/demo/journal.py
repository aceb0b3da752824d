"""What supervisors reached, by telephone: the one thing of a demonstration that does not follow from its seed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path


class Journal:
    """Which office gave in on which day; kept in a file, so that a demonstration that broke off goes on the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._days: dict[tuple[str, str], date] = {}
        if path.exists():
            whole, _, _cut_off = path.read_text().rpartition("\n")
            for line in whole.splitlines():
                key, step, day = json.loads(line)
                self._days[key, step] = date.fromisoformat(day)
            # What a crash cut off was not acted on, and must not run into the next line.
            path.write_text(whole + "\n" if whole else "")

    def day_of(self, key: str, step: str) -> date | None:
        """The day on which a case's office gives in, if the supervisor has called."""
        return self._days.get((key, step))

    def note(self, key: str, step: str, day: date) -> None:
        """The supervisor has called."""
        self._days[key, step] = day
        with self._path.open("a") as file:
            file.write(json.dumps([key, step, day.isoformat()]) + "\n")

    def __len__(self) -> int:
        return len(self._days)
