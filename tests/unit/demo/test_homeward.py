"""The state directory of a demonstration: nothing real is ever touched."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.client.refusals import Kind, Refusal
from services.client.texts import texts_in
from services.demo.homeward import DemoState, Record
from services.operate.home import Home

WANTED = Record(people=20, seed=1, first_day=date(2026, 11, 23))
T = texts_in("en")


def prepare(path: Path, wanted: Record = WANTED) -> tuple[Record, list[str]]:
    said: list[str] = []
    return DemoState(path).prepare(wanted, T, said.append), said


def test_a_new_folder_is_made_for_demonstration(tmp_path: Path) -> None:
    assert prepare(tmp_path / "demo") == (WANTED, [])
    assert Home(tmp_path / "demo").is_demonstration


@pytest.mark.parametrize("real", [True, False], ids=["with real data", "with anything else"])
def test_what_is_no_demonstration_is_refused_and_left_as_it_is(tmp_path: Path, real: bool) -> None:
    path = tmp_path / "var"
    if real:
        Home(path).create(demonstration=False)
    else:
        path.mkdir()
        (path / "letter.txt").write_text("mine")
    before = sorted(path.rglob("*"))
    with pytest.raises(Refusal) as refused:
        prepare(path)
    assert (refused.value.kind, refused.value.reason) == (Kind.REFUSED, "STATE_IS_NOT_OF_A_DEMONSTRATION")
    assert sorted(path.rglob("*")) == before


def test_a_folder_that_up_made_for_demonstration_is_refused_too(tmp_path: Path) -> None:
    Home(tmp_path / "var").create(demonstration=True)
    with pytest.raises(Refusal, match="STATE_IS_NOT_OF_A_DEMONSTRATION"):
        prepare(tmp_path / "var")


def test_one_that_broke_off_goes_on_with_the_day_that_it_began_with(tmp_path: Path) -> None:
    prepare(tmp_path)
    found, said = prepare(tmp_path, replace(WANTED, first_day=date(2027, 1, 1)))
    assert found == replace(WANTED, tries=2)
    assert len(said) == 1


def test_one_that_broke_off_does_not_go_on_with_other_numbers(tmp_path: Path) -> None:
    prepare(tmp_path)
    with pytest.raises(Refusal, match="20 people with seed 1"):
        prepare(tmp_path, replace(WANTED, people=30))


def test_one_that_ended_makes_room(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    prepare(path)
    (path / "clock.json").write_text("{}")
    DemoState(path).write(replace(WANTED, ended=True))
    again, _ = prepare(path, replace(WANTED, people=30))
    assert (again.people, again.ended) == (30, False)
    assert not (path / "clock.json").exists()


def test_one_that_runs_is_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    DemoState(tmp_path).write(replace(WANTED, ended=True))
    (tmp_path / "run.json").write_text(json.dumps({"launcher_pid": os.getpid()}))
    with pytest.raises(Refusal, match="DEMONSTRATION_RUNS"):
        prepare(tmp_path)
