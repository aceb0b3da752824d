"""Business time of a demonstration, moved from deadline to deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.chassis.country.clock import OffsetClock, move_clock
from services.chassis.kernel.clock import local_date
from tests.support.whole import Whole, until

WATCHERS = ("handover", "followup")
SETTLED_S = 60.0
PAST_IT = timedelta(seconds=1)


@dataclass(frozen=True)
class Timeline:
    """The clock of a whole Homeward that was made for demonstration."""

    whole: Whole

    def now(self) -> datetime:
        """The present instant of business time."""
        return OffsetClock(self.whole.home.clock_file).now()

    def today(self) -> date:
        """The present local day of business time."""
        return local_date(self.now())

    def next_deadline(self) -> datetime | None:
        """When the next watched deadline fires."""
        dues = [
            due
            for service in WATCHERS
            for (due,) in self.whole.rows(service, "SELECT min(due_at) FROM obligation WHERE state = 'ARMED'")
            if due is not None
        ]
        return min(dues, default=None)

    def settle(self) -> None:
        """Wait until everything that is due has fired, and everything that was said has arrived."""
        until(self._is_settled, SETTLED_S, what="what is due has fired and arrived")

    def move_to(self, instant: datetime) -> int:
        """Move on to an instant, stopping at each deadline before it. Returns how many stops there were."""
        stops = 0
        self.settle()
        while (due := self.next_deadline()) is not None and due <= instant:
            self._jump(max(due + PAST_IT, self.now()))
            stops += 1
        self._jump(max(instant, self.now()))
        return stops

    def move_on(self, **delta: float) -> int:
        """Move on by so many days, hours, …"""
        return self.move_to(self.now() + timedelta(**delta))

    def move_past(self, instant: datetime) -> int:
        """Move on to just after an instant, such as that of a deadline."""
        return self.move_to(instant + PAST_IT)

    def deadline_of(self, case: str, rule: str) -> datetime:
        """When the watched deadline of a case fires, once it is the named one."""

        due = until(lambda: self._armed(case, rule), what=f"{rule} of {case} is watched")
        assert due is not None
        return due

    def _armed(self, case: str, rule: str) -> datetime | None:
        sql = "SELECT due_at FROM obligation WHERE case_id = %s AND rule = %s AND state = 'ARMED'"
        return next((due for service in WATCHERS for (due,) in self.whole.rows(service, sql, case, rule)), None)

    def one_after_the_other(self, cases: Sequence[str], rule: str) -> Iterator[str]:
        """The cases, each just after its reminder and its deadline of this rule; several may share one."""
        deadlines = {case: self.deadline_of(case, rule) for case in cases}
        for case in sorted(cases, key=deadlines.__getitem__):
            while (due := self._armed(case, rule)) is not None:
                self.move_past(due)
            yield case

    def _jump(self, instant: datetime) -> None:
        move_clock(self.whole.home.clock_file, to=instant + timedelta(milliseconds=50))
        self.settle()

    def _is_settled(self) -> bool:
        now = self.now()
        due = "SELECT 1 FROM obligation WHERE state = 'ARMED' AND due_at <= %s LIMIT 1"
        if any(self.whole.rows(service, due, now) for service in WATCHERS):
            return False
        return self.whole.is_quiet() and not any(self.whole.rows(service, due, now) for service in WATCHERS)
