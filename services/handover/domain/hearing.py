"""What the other services tell of a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from services.handover.domain.events import WithdrawalRefused
from services.handover.domain.moment import Moment
from services.handover.domain.state import CaseState, Decided, Person
from services.handover.domain.words import Cause, Phase


class Hearing(CaseState):
    """How intake and followup change a case."""

    __slots__ = ()

    def correct(self, person: Person) -> Decided[Self]:
        """The registering office corrected the record."""
        return self._then(person=person)

    def withdraw(self, at: Moment) -> Decided[Self]:
        """The registering office withdrew: it takes effect until custody has passed."""
        if self.phase is Phase.WITHDRAWN:
            return Decided(self)
        passed = bool(self.arrivals) or self.office_id != self.registering_office_id
        if passed or not self.is_open:
            return Decided(self, (WithdrawalRefused(self.office_id),))
        return self._end(Phase.WITHDRAWN, Cause.WITHDRAWN, at)

    def close(self, at: Moment) -> Decided[Self]:
        """The accountable office closed the case. A second closing changes nothing."""
        if not self.is_open:
            return Decided(self)
        return self._end(Phase.CLOSED, Cause.CLOSED, at)

    def followup_ceased(self, at: Moment) -> Decided[Self]:
        """Followup no longer watches, and the case is open: handover's own deadline is primary.

        It cancelled after an arrival was taken back, or an office closed that was accountable no
        more: such a closing closes nothing. Where handover has no deadline of its own it waits
        again for followup's answer, and supervisors learn of it each day until that comes.
        """
        if not self.is_open or not self.followup_watches:
            return Decided(self)
        unwatched = replace(self, followup_watches=False)
        if self.watch is None:
            return Decided(unwatched._settled(at))
        return unwatched._then(watch=replace(self.watch, is_primary=True))

    def reopen(self, at: Moment) -> Decided[Self]:
        """The accountable office reopened the case; followup watches it.

        One that is open here stays as it is: its closing was none (`followup_ceased`).
        """
        if self.phase is Phase.CLOSED:
            opened = replace(self, followup_watches=True)._moved(Phase.FOLLOW_UP, None)
            return opened._pass_custody(self.office_id, Cause.REOPENED, at)
        if not self.is_open or self.followup_watches:
            return Decided(self)
        return Decided(self._watched_by_followup())

    def follow_ups_scheduled(self, segment: int) -> Decided[Self]:
        """Followup watches; its answer to the latest arrival ends the wait for it."""
        if not self.is_open:
            return Decided(self)
        return Decided(self._watched_by_followup(answered=segment))

    def follow_up_recorded(self) -> Decided[Self]:
        """A visit was recorded: she did arrive."""
        return self._then(visited=True)

    def _watched_by_followup(self, answered: int | None = None) -> Self:
        """Followup has a deadline; handover's own is primary only while an answer is awaited."""
        watched = replace(self, followup_watches=True)
        if self.phase is not Phase.ARRIVED:
            secondary = replace(self.watch, is_primary=False) if self.watch is not None else None
            return watched._changed(watch=secondary)
        if self._still_waits(answered):
            return watched._changed()
        return watched._moved(Phase.FOLLOW_UP, None)

    def _still_waits(self, answered: int | None) -> bool:
        """Whether that is no answer to the latest arrival; None: followup answers nothing in particular."""
        awaited = self.arrivals[-1]
        if self.segment.number == awaited:
            return answered != awaited
        return answered is not None and answered < awaited
