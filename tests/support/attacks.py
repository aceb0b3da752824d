"""What became of each attack, as a table: `make attacks`."""

from __future__ import annotations

import pytest

MARKER = "attack(number): an attack of the audit's table, or a variant of it, which must come to nothing"


class Table:
    """Prints number, what was tried, and whether it came to nothing."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str, str]] = []
        self._marked: dict[str, tuple[int, str]] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note what is an attack."""
        for mark in item.iter_markers("attack"):
            tried = item.name.removeprefix("test_").replace("_", " ")
            self._marked[item.nodeid] = int(mark.args[0]), tried

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of it."""
        if report.nodeid in self._marked and (report.when == "call" or report.failed):
            number, tried = self._marked[report.nodeid]
            self._lines.append((number, "came to nothing" if report.passed else "SUCCEEDED, or was not tried", tried))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table."""
        if self._lines:
            terminalreporter.section("attacks")
            for number, outcome, tried in sorted(self._lines):
                terminalreporter.write_line(f"#{number:<3} {outcome:<28} {tried}")
