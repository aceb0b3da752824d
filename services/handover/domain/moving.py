"""Accountability passes although nobody travels: a supervisor decides, or an office ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Self
from uuid import UUID

from services.handover.domain.errors import AlreadyAccountable, ReassignInTransit
from services.handover.domain.moment import Moment
from services.handover.domain.searching import Searching
from services.handover.domain.state import Decided
from services.handover.domain.words import Cause, LostReason


class Moving(Searching):
    """What happens to the duty itself."""

    __slots__ = ()

    def reassign(self, office_id: str, note: str, at: Moment) -> Decided[Self]:
        """Make another office accountable: phase and deadline stay, a plan of the former office is recalled.

        Raises CaseHasEnded, AlreadyAccountable, ReassignInTransit.
        """
        self._require_open()
        if office_id == self.office_id:
            raise AlreadyAccountable
        if self.is_under_way:
            raise ReassignInTransit
        back = self._recalled(at)
        passed = back.case._changed()._pass_custody(office_id, Cause.REASSIGNED, at, note=note)
        return Decided(passed.case, (*back.events, *passed.events))

    def succeeded(self, ended_id: str, successor_id: str, at: Moment) -> Decided[Self]:
        """An office ended: its successor takes over what it had of this case, as accountable or addressed.

        Nothing else changes. Between one office and itself no journey can be: there the ended office
        stays named, and its successor, which then is both, recalls it.
        """
        if not self.is_open:
            return Decided(self)
        case = self
        transfer = self.open_transfer
        if transfer is not None and ended_id in (transfer.from_office_id, transfer.to_office_id):
            sender = successor_id if transfer.from_office_id == ended_id else transfer.from_office_id
            addressee = successor_id if transfer.to_office_id == ended_id else transfer.to_office_id
            if sender != addressee:
                named = self._transfer_now(from_office_id=sender, to_office_id=addressee)
                case = case._changed(transfer=named)
        if case.registering_office_id == ended_id:
            case = case._changed(registering_office_id=successor_id)
        if self.office_id != ended_id:
            return Decided(case)
        return case._changed()._pass_custody(successor_id, Cause.OFFICE_ENDED, at)

    def orphaned(self, supervisor_id: str, search_id: UUID, at: Moment) -> Decided[Self]:
        """The accountable office ended and nobody succeeds it: the supervisor answers, and a search begins."""
        if not self.is_open:
            return Decided(self)
        lost = replace(self, segment=replace(self.segment, office_id=supervisor_id)).lose(
            LostReason.OFFICE_ENDED, search_id, at
        )
        case = replace(lost.case._changed(), segment=self.segment)
        passed = case._pass_custody(supervisor_id, Cause.OFFICE_ENDED, at)
        return Decided(passed.case, (*passed.events, *lost.events))
