"""The agenda and the next moment to move the clock to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from services.chassis.kernel.clock import end_of_local_day
from services.demo.agenda import JUST_AFTER, Agenda, Stop, next_stop, work_time

MONDAY = date(2027, 3, 1)
TUESDAY = date(2027, 3, 2)


def test_an_agenda_gives_days_in_order_and_things_as_they_were_put_down() -> None:
    agenda: Agenda[str] = Agenda()
    for day, thing in ((TUESDAY, "c"), (MONDAY, "a"), (MONDAY, "b")):
        agenda.add(day, thing)
    assert agenda.next_day == MONDAY
    assert agenda.take(MONDAY) == ["a", "b"]
    assert agenda.next_day == TUESDAY
    assert agenda.take(TUESDAY) == ["c"]
    assert agenda.next_day is None


def test_what_was_left_of_earlier_days_comes_first() -> None:
    agenda: Agenda[str] = Agenda()
    agenda.add(TUESDAY, "later")
    agenda.add(MONDAY, "earlier")
    assert agenda.take(TUESDAY) == ["earlier", "later"]
    assert len(agenda) == 0


def test_a_deadline_that_passes_before_the_days_work_comes_first() -> None:
    passes_at = end_of_local_day(MONDAY)
    assert next_stop(passes_at, TUESDAY) == Stop(passes_at + JUST_AFTER, works=False)


def test_work_comes_before_the_deadlines_that_it_may_meet() -> None:
    assert next_stop(end_of_local_day(MONDAY), MONDAY) == Stop(work_time(MONDAY), works=True)
    assert next_stop(None, MONDAY) == Stop(work_time(MONDAY), works=True)


def test_deadlines_alone_go_on_for_ever_and_are_no_reason_to_go_on() -> None:
    assert next_stop(end_of_local_day(MONDAY), None) is None


def test_work_is_done_on_the_local_day_it_is_put_down_for() -> None:
    assert work_time(MONDAY) == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert timedelta() < JUST_AFTER < timedelta(hours=1)
