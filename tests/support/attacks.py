"""Attacks as tests: `@pytest.mark.attack(number, title)`; `make attacks` runs them and prints what became of each.

Several tests may be one attack, or its variants: it is held off when all of them are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

_OUTCOMES: dict[tuple[int, str], list[str]] = defaultdict(list)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", "attack(number, title): an attack that must be held off or found")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Note what became of an attack."""
    outcome = yield
    report = outcome.get_result()
    marker = item.get_closest_marker("attack")
    if marker is not None and (report.when == "call" or report.outcome != "passed"):
        report.attack = marker.args[:2]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather it, from other processes too."""
    attack = getattr(report, "attack", None)
    if attack is not None:
        _OUTCOMES[int(attack[0]), str(attack[1])].append(report.outcome)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table, when attacks were asked for."""
    if "attack" not in str(config.getoption("-m") or ""):
        return
    terminalreporter.section("attacks")
    for (number, title), outcomes in sorted(_OUTCOMES.items()):
        held = set(outcomes) == {"passed"}
        terminalreporter.write_line(f"{'✓' if held else '✗'} #{number:<3} {title}")
