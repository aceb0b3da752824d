"""Tables that fit, words that stay whole, texts that steer no terminal."""

from __future__ import annotations

import pytest

from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import cases_pb2
from services.client import plain
from services.terminal import output


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_table_fits_the_window_and_breaks_between_words(capsys: pytest.CaptureFixture[str]) -> None:
    row = (
        "HW-618-033-991",
        "đang theo dõi tại địa phương",
        "không phải nạn nhân",
        "BP-CN-MONG-CAI",
        "một hai ba bốn năm",
    )
    output.table(("Số hồ sơ", "Giai đoạn", "Nạn nhân", "Đơn vị", "Khác"), [row], caption="1 dòng.")
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    for cell in row:
        for word in cell.split():
            assert word in shown
    assert shown.endswith("1 dòng.\n")
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_what_cannot_fit_is_shown_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    offices = [f"RC-COMPASSION-HOUSE-{number}" for number in range(5)]
    output.table([f"Office {number}" for number in range(5)], [offices])
    shown = capsys.readouterr().out
    for office in offices:
        assert office in shown


def test_markup_and_control_characters_are_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("A",), [("[bold]x[/bold]\x1b[2J\u202e",)])
    output.facts([("A", "\x07[red]y"), ("empty", "")])
    shown = capsys.readouterr().out
    assert "[bold]x[/bold] [2J" in shown
    assert "[red]y" in shown
    assert "empty" not in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_long_value_is_broken_below_itself(capsys: pytest.CaptureFixture[str]) -> None:
    output.facts([("Name", "x"), ("Health", "word " * 40)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Name    x"
    assert all(len(line) <= 80 for line in lines)
    assert lines[2].startswith("        word")


def test_a_message_as_plain_values() -> None:
    case = cases_pb2.Case(case_number="HW-1", phase=3, identity_view=99)  # type: ignore[arg-type]
    case.person.documents.extend(["a", "b"])
    found = plain.as_dict(case)
    assert found["phase"] == "REJECTED"
    # A number that a newer service knows and this program does not.
    assert found["identity_view"] is None
    assert found["person"]["documents"] == ["a", "b"]
    assert found["person"]["home_province"] is None
    assert plain.as_dict(custody_pb2.Custody())["segments"] == []
