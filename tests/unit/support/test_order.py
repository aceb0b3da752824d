"""Slow files start first, and what a run took is kept for the next."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.order import Recorded, Recorder, arrange, as_given, reads_from_the_other_end, recorded_files
from tests.support.workers import ByUnit


class FakeItem:
    """What is asked of a test."""

    def __init__(self, node_id: str, *fixtures: str, mark: str = "") -> None:
        self.nodeid = node_id
        self.fixturenames = fixtures
        self.mark = mark
        self.user_properties: list[tuple[str, object]] = []

    def get_closest_marker(self, name: str) -> str | None:
        return self.mark if name == self.mark else None


def items(*node_ids: str) -> list[Any]:
    return [FakeItem(one) for one in node_ids]


def report(node_id: str, took_s: float, *said: tuple[str, object]) -> pytest.TestReport:
    return cast(pytest.TestReport, SimpleNamespace(nodeid=node_id, duration=took_s, user_properties=list(said)))


def test_the_slowest_file_starts_first_and_an_unknown_one_before_it() -> None:
    found = items("quick.py::b", "quick.py::a", "slow.py::T::a[1::2]", "new.py::a", "other_new.py::a", "slow.py::b")
    arrange(found, {"quick.py": Recorded(0.1), "slow.py": Recorded(9.0)})
    assert [one.nodeid for one in found] == [
        "new.py::a",
        "other_new.py::a",
        "slow.py::T::a[1::2]",
        "slow.py::b",
        "quick.py::b",
        "quick.py::a",
    ]


def test_files_that_share_something_stay_together_and_count_as_one() -> None:
    found: list[Any] = [
        FakeItem("a.py::breaks", "rough", mark="leaves_it_broken"),
        FakeItem("a.py::more"),
        FakeItem("long.py::x"),
        FakeItem("short.py::x"),
        FakeItem("z.py::y"),
        FakeItem("z.py::x", "tmp_path", "rough"),
        FakeItem("zz.py::counts", "rough", mark="needs_it_new"),
    ]
    recorded = {"a.py": 2.5, "z.py": 2.0, "zz.py": 0.5, "long.py": 4.5, "short.py": 4.0}
    arrange(found, {name: Recorded(took_s) for name, took_s in recorded.items()})
    assert [(one.nodeid, [shared for _, shared in one.user_properties]) for one in found] == [
        ("zz.py::counts", ["rough"]),
        ("z.py::y", ["rough"]),
        ("z.py::x", ["rough"]),
        ("a.py::breaks", ["rough"]),
        ("a.py::more", ["rough"]),
        ("long.py::x", []),
        ("short.py::x", []),
    ]


def test_a_group_and_a_file_are_given_away_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ByUnit, "known", {"a.py": Recorded(1.0), "b.py": Recorded(1.0, "calm")})
    scheduler = ByUnit.__new__(ByUnit)
    assert scheduler._split_scope("a.py::T::x[1@2::3]") == "a.py"
    assert scheduler._split_scope("b.py::x") == "calm"
    assert scheduler._split_scope("new.py::x") == "new.py"


def test_a_run_writes_what_each_file_took_and_forgets_files_that_are_gone(tmp_path: Path) -> None:
    record = tmp_path / "durations.json"
    record.write_text(json.dumps({"a.py": [1.0, ""], "kept.py": [3.0, "rough"], "gone.py": [2.0, ""]}))
    for name in ("a.py", "b.py", "kept.py"):
        (tmp_path / name).touch()
    recorder = Recorder(record, tmp_path)
    recorder.pytest_runtest_logreport(report("a.py::x", 2.5, ("shares", "calm")))
    recorder.pytest_runtest_logreport(report("a.py::y[z]", 0.54, ("other", 1)))
    recorder.pytest_runtest_logreport(report("b.py::x", 0.01))
    recorder.pytest_sessionfinish()
    assert recorded_files(record) == {
        "a.py": Recorded(3.0, "calm"),
        "b.py": Recorded(0.0),
        "kept.py": Recorded(3.0, "rough"),
    }


def test_without_a_record_every_file_is_unknown(tmp_path: Path) -> None:
    assert recorded_files(tmp_path / "durations.json") == {}


def test_every_second_worker_reads_folders_from_the_other_end_and_puts_them_right() -> None:
    folders = ["tests/unit", "tests/property"]
    turned = [worker for worker in ("", "gw0", "gw1", "gw2", "gw13") if reads_from_the_other_end(worker, folders)]
    assert turned == ["gw1", "gw13"]
    assert not reads_from_the_other_end("gw1", ["tests/unit/support/test_order.py"])
    found = items("tests/property/a.py::x", "tests/unit/deep/b.py::y", "tests/unit/deep/b.py::x", "tests/unit/a.py::x")
    as_given(found, ["tests/unit", "tests/property/"])
    assert [one.nodeid for one in found] == [
        "tests/unit/deep/b.py::y",
        "tests/unit/deep/b.py::x",
        "tests/unit/a.py::x",
        "tests/property/a.py::x",
    ]
