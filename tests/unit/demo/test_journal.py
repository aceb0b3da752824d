"""What supervisors reached outlives a crash, and a line cut off by it is not believed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from services.demo.journal import Journal


def test_what_was_noted_is_there_again(tmp_path: Path) -> None:
    Journal(tmp_path / "j").note("3/1", "answer", date(2027, 3, 1))
    again = Journal(tmp_path / "j")
    assert again.day_of("3/1", "answer") == date(2027, 3, 1)
    assert again.day_of("3/1", "MONTHS_3") is None


def test_a_line_that_was_cut_off_is_left_out_and_the_next_one_is_not_spoilt(tmp_path: Path) -> None:
    file = tmp_path / "j"
    Journal(file).note("3/1", "answer", date(2027, 3, 1))
    file.write_text(file.read_text() + '["4/1", "ans')
    again = Journal(file)
    assert len(again) == 1
    again.note("5/1", "answer", date(2027, 3, 2))
    assert Journal(file).day_of("5/1", "answer") == date(2027, 3, 2)
