"""How far it is, said now and then and not at each step."""

from __future__ import annotations

from datetime import date

import pytest

from services.client.texts import texts_in
from services.demo.driver import Tally
from services.demo.screen import Screen

TALLY = Tally(today=date(2027, 3, 1), received=9, on_the_way=2, arrived=6, lost=1, visits=3, overdue=0, closed=0)


def test_without_a_terminal_the_first_line_is_said_and_the_next_one_not_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Screen(texts_in("en")) as screen:
        screen.show(TALLY)
        screen.show(TALLY)
    assert capsys.readouterr().out == (
        "2027-03-01  received 9, on the way 2, arrived 6, lost 1, follow-ups 3 (overdue 0), closed 0\n"
    )
