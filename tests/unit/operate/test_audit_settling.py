"""When a finding counts: after ten quiet seconds, or after a minute."""

from __future__ import annotations

from services.operate.audit_rules import Code, Finding
from services.operate.audit_settling import Looked, Settling

CASE = "01930000-0000-7000-8000-000000000001"
NO_DEADLINE = (Finding(Code.NO_DEADLINE, CASE),)
TWO = (Finding(Code.TWO_DEADLINES, CASE),)


def look(settling: Settling, at_s: float, findings: tuple[Finding, ...], *, in_flight: bool = False) -> None:
    settling.look({CASE: Looked(findings, in_flight)}, at_s)


def test_a_finding_that_goes_away_was_in_flight() -> None:
    settling = Settling()
    look(settling, 0, NO_DEADLINE, in_flight=True)
    assert settling.waiting == [CASE]
    look(settling, 1, ())
    assert settling.waiting == []
    assert settling.broken == {}


def test_ten_quiet_seconds_break_a_case() -> None:
    settling = Settling()
    look(settling, 0, NO_DEADLINE)
    look(settling, 9.9, NO_DEADLINE)
    assert settling.broken == {}
    look(settling, 10, NO_DEADLINE)
    assert settling.broken == {CASE: NO_DEADLINE}
    assert settling.waiting == []


def test_an_event_on_its_way_starts_the_ten_seconds_again() -> None:
    settling = Settling()
    look(settling, 0, NO_DEADLINE)
    look(settling, 5, NO_DEADLINE, in_flight=True)
    look(settling, 6, NO_DEADLINE)
    look(settling, 15.9, NO_DEADLINE)
    assert settling.broken == {}
    look(settling, 16, NO_DEADLINE)
    assert settling.broken == {CASE: NO_DEADLINE}


def test_another_finding_of_the_same_case_starts_the_ten_seconds_again() -> None:
    settling = Settling()
    look(settling, 0, NO_DEADLINE)
    look(settling, 9, TWO)
    look(settling, 18.9, TWO)
    assert settling.broken == {}
    look(settling, 19, TWO)
    assert settling.broken == {CASE: TWO}


def test_a_minute_breaks_a_case_whatever_is_in_flight() -> None:
    settling = Settling()
    look(settling, 0, NO_DEADLINE, in_flight=True)
    look(settling, 59, NO_DEADLINE, in_flight=True)
    assert settling.broken == {}
    look(settling, 60, TWO, in_flight=True)
    assert settling.broken == {CASE: TWO}


def test_who_does_not_want_to_wait_is_answered_at_once() -> None:
    settling = Settling(wait_s=0)
    look(settling, 0, NO_DEADLINE, in_flight=True)
    assert settling.broken == {CASE: NO_DEADLINE}
