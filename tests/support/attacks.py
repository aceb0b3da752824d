"""The attacks that were tried on Homeward, as tests, and the table of how they ended.

A test of one bears `@pytest.mark.attack(number, title)`; `make attacks` runs them alone. A number may stand on several
tests: variants of the same attack.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import pytest

MARKER: Final = "attack"
KNOWN: Final = range(1, 59)
"""Those of the audit; variants of our own have no number there and take the one they are like."""
_HELD: Final = "held"
_WORKED: Final = "WORKED"


class Table:
    """Keeps how each attack ended, and prints it where attacks alone were run."""

    def __init__(self, config: pytest.Config) -> None:
        self._shown = config.getoption("markexpr", "") == MARKER
        self._ended: dict[tuple[int, str], list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
        """Let the report carry the attack, also from another process."""
        report: Any = yield
        for marker in item.iter_markers(MARKER):
            report.user_properties.append((MARKER, tuple(marker.args)))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One part of a test has ended."""
        properties: Any = report.user_properties
        for name, value in properties:
            if name == MARKER and (report.when == "call" or report.failed):
                number, title = value
                self._ended.setdefault((int(number), str(title)), []).append(_HELD if report.passed else _WORKED)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table."""
        if not self._shown:
            return
        terminalreporter.section("attacks")
        for (number, title), ends in sorted(self._ended.items()):
            end = _WORKED if _WORKED in ends else _HELD
            terminalreporter.write_line(f"{number:>3}  {title:<76} {end} ({len(ends)})")
        missing = sorted(set(KNOWN) - {number for number, _ in self._ended})
        if missing:
            terminalreporter.write_line(f"not run: {', '.join(map(str, missing))}")
