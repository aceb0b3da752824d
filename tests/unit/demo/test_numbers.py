"""The numbers of the end are held against each other, and nobody may be missing."""

from __future__ import annotations

from services.demo.numbers import LABELS, OPEN_PHASES, Line, lines, unaccounted
from services.demo.screen import columns

AGREED = {"received": 10, "closed": 6, "FOLLOW_UP": 3, "SEARCH": 1}


def test_three_sources_that_tell_the_same_agree_and_silence_is_no_disagreement() -> None:
    assert Line("lost", 3, None, 3).agrees
    assert not Line("lost", 3, 2, 3).agrees
    assert not Line("lost", 2, None, 3).agrees


def test_lines_come_in_the_order_of_the_labels_without_empty_phases() -> None:
    found = [line.key for line in lines(AGREED, AGREED, AGREED)]
    assert found == [key for key in LABELS if key not in OPEN_PHASES or key in AGREED]


def test_a_phase_that_only_one_source_knows_is_shown() -> None:
    [line] = [line for line in lines({"IN_TRANSIT": 0}, {"IN_TRANSIT": 1}, {}) if line.key == "IN_TRANSIT"]
    assert not line.agrees


def test_everybody_received_is_closed_or_open_in_some_phase() -> None:
    assert unaccounted(AGREED) == 0
    assert unaccounted({**AGREED, "received": 12}) == 2


def test_columns_align_names_to_the_left_and_numbers_to_the_right() -> None:
    assert columns(("", "n"), [("Lost", "7"), ("Received", "130")]) == [
        "            n",
        "─────────────",
        "Lost        7",
        "Received  130",
    ]
