"""What the other services tell, and what time tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import structlog

from homeward.events.v1 import followup_pb2, handover_pb2, notification_pb2, transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef
from services.chassis.service.obligations import ArmedObligation
from services.handover import domain, storage
from services.handover.application.desk import Desks, commit
from services.handover.domain import CaseCustody, LostReason, Moment, Outcome, Person

log = structlog.get_logger(__name__)

_TELLS_OF_TRANSFER = {
    message.DESCRIPTOR.full_name: message
    for message in (
        transfer_pb2.TransferPlanned,
        transfer_pb2.TransferDispatched,
        transfer_pb2.TransferOverdue,
    )
}
"""Events whose message tells the addressed office of an open transfer."""


class News(Desks):
    """The effects of events and deadlines."""

    # Intake.

    async def case_registered(self, uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        """Custody begins; a receiving office that has ended by then is its successor.

        When it is the return of a person whose earlier case is open, she turned up elsewhere.
        """
        case_id = UUID(event.case_id)
        if await storage.lock_case(uow.connection, case_id) is not None:
            return
        at = self._moment(uow)
        registered_at = _registered_at(event, uow.now)
        received_at = _received_at(event, registered_at)
        outcome = domain.register(
            case_id,
            event.case_number,
            self._offices.holder(event.receiving_office_id, at.today),
            _person(event),
            received_on=local_date(received_at),
            registered_on=local_date(registered_at),
            at=at,
            earlier_case_id=_earlier_case(event),
        )
        await commit(uow, None, outcome)
        case = outcome.case
        if case.earlier_case_id is not None:
            await self._turned_up(uow, case.earlier_case_id, case.case_id, case.office_id, at)
        # The news of a later return may have been faster.
        for later_id, office_id in await storage.later_returns(uow.connection, case_id):
            await self._turned_up(uow, case_id, later_id, office_id, at)

    async def _turned_up(self, uow: UnitOfWork, earlier_id: UUID, later_id: UUID, office_id: str, at: Moment) -> None:
        """Open the search that a new return, registered by an office, means for the earlier case.

        Handed over again at a border: possibly trafficked again. Registered in another province than
        the accountable office's: she never arrived, or left. In the same province the link is enough.
        """
        earlier = await storage.lock_case(uow.connection, earlier_id)
        if earlier is None or earlier_id == later_id:
            log.info("earlier_case_not_known", case_id=str(later_id))
            return
        if self._offices.is_border_post(office_id):
            reason = LostReason.REAPPEARED
        elif not self._offices.same_province(office_id, earlier.office_id, at.today):
            reason = LostReason.ARRIVED_ELSEWHERE
        else:
            return
        await commit(uow, earlier, earlier.turned_up(reason, uow.new_id(), later_id, at))

    async def case_corrected(self, uow: UnitOfWork, event: handover_pb2.CaseCorrected) -> None:
        """The person's home province or age band stand corrected."""
        await self._told(uow, event.case_id, lambda case, at: case.correct(_person(event)))

    async def case_withdrawn(self, uow: UnitOfWork, event: handover_pb2.CaseWithdrawn) -> None:
        """Withdrawn, or refused when custody has passed."""
        await self._told(uow, event.case_id, lambda case, at: case.withdraw(at))

    # Followup.

    async def follow_ups_scheduled(self, uow: UnitOfWork, event: followup_pb2.FollowUpsScheduled) -> None:
        """Followup watches from here on."""
        await self._told(uow, event.case_id, lambda case, at: case.follow_ups_scheduled(event.segment))

    async def follow_ups_cancelled(self, uow: UnitOfWork, event: followup_pb2.FollowUpsCancelled) -> None:
        """Followup watches no longer, since the arrival was taken back."""
        await self._told(uow, event.case_id, lambda case, at: case.followup_ceased(at))

    async def follow_up_recorded(self, uow: UnitOfWork, event: followup_pb2.FollowUpRecorded) -> None:
        """The person was visited, so she did arrive."""
        await self._told(uow, event.case_id, lambda case, at: case.follow_up_recorded())

    async def case_closed(self, uow: UnitOfWork, event: followup_pb2.CaseClosed) -> None:
        """Closed, when it was the accountable office that closed."""

        def decide(case: CaseCustody, at: Moment) -> Outcome:
            if self._offices.acts_for(event.office_id, case.office_id, at.today):
                return case.close(at)
            log.warning("closing_of_former_office", case_id=event.case_id)
            return case.followup_ceased(at)

        await self._told(uow, event.case_id, decide)

    async def case_reopened(self, uow: UnitOfWork, event: followup_pb2.CaseReopened) -> None:
        """Open again, watched by followup."""
        await self._told(uow, event.case_id, lambda case, at: case.reopen(at))

    async def contact_recorded(self, uow: UnitOfWork, event: followup_pb2.ContactRecorded) -> None:
        """The accountable office did not find the person at home, or learned that she moved."""
        search_id = uow.new_id()

        def decide(case: CaseCustody, at: Moment) -> Outcome:
            if not self._offices.acts_for(event.office_id, case.office_id, at.today):
                return domain.Decided(case)
            match event.outcome:
                case types.CONTACT_OUTCOME_NOT_AT_ADDRESS:
                    return case.not_at_address(search_id, at)
                case types.CONTACT_OUTCOME_MOVED_AWAY:
                    return case.left_province(search_id, at)
                case _:
                    return domain.Decided(case)

        await self._told(uow, event.case_id, decide)

    async def lost_to_follow_up(self, uow: UnitOfWork, event: followup_pb2.LostToFollowUp) -> None:
        """Several visits found nobody; who is only late with a visit is not lost."""
        search_id = uow.new_id()

        def decide(case: CaseCustody, at: Moment) -> Outcome:
            accountable = self._offices.acts_for(event.office_id, case.office_id, at.today)
            if not (event.not_reached and accountable):
                return domain.Decided(case)
            return case.not_at_address(search_id, at)

        await self._told(uow, event.case_id, decide)

    # Notify.

    async def message_posted(self, uow: UnitOfWork, event: notification_pb2.MessagePosted) -> None:
        """Remember a message that tells an office of a transfer, so that reading it counts as that."""
        if not event.cause_event_id:
            return
        case_id = UUID(event.case_id)
        told = await storage.told_event(uow.connection, UUID(event.cause_event_id), case_id)
        if told is None or told[0] not in _TELLS_OF_TRANSFER:
            return
        cause = _TELLS_OF_TRANSFER[told[0]].FromString(told[1])
        told_addressee = self._offices.acts_for(event.office_id, cause.to_office_id, local_date(uow.now))
        if cause.transfer_id and told_addressee:
            transfer_id = UUID(cause.transfer_id)
            await storage.remember_message(uow.connection, UUID(event.message_id), transfer_id, case_id)

    async def message_seen(self, uow: UnitOfWork, event: notification_pb2.MessageSeen) -> None:
        """The office read a message: the transfer of which it tells is seen, when it is addressed to it."""
        transfer_id = await storage.transfer_told_by(uow.connection, UUID(event.message_id))
        if transfer_id is None:
            return
        seen_at = event.see_time.ToDatetime(tzinfo=UTC) if event.HasField("see_time") else uow.cause.time

        def decide(case: CaseCustody, at: Moment) -> Outcome:
            transfer = case.open_transfer
            if transfer is None or not self._offices.acts_for(event.office_id, transfer.to_office_id, at.today):
                return domain.Decided(case)
            return case.seen(transfer_id, seen_at)

        await self._told(uow, event.case_id, decide)

    async def _told(
        self,
        uow: UnitOfWork,
        case_id: str,
        decide: Callable[[CaseCustody, Moment], Outcome],
    ) -> None:
        case = await storage.lock_case(uow.connection, UUID(case_id))
        if case is None:
            # Its registration was skipped by a named person: nobody is accountable here.
            log.warning("event_of_unknown_case_stepped_over", case_id=case_id)
            return
        await commit(uow, case, decide(case, self._moment(uow)))

    # Deadlines.

    async def deadline_passed(self, uow: UnitOfWork, fired: ArmedObligation, late: bool) -> None:
        """A deadline of a locked case passed; it is no longer armed."""
        case = await storage.lock_case(uow.connection, fired.case_id)
        assert case is not None, "an obligation without a case"
        before = replace(case, watch=storage.watch_of(fired))
        outcome = before.deadline_passed(uow.new_id(), self._moment(uow), late=late)
        await commit(uow, before, outcome)


def _registered_at(event: handover_pb2.CaseRegistered, now: datetime) -> datetime:
    return event.register_time.ToDatetime(tzinfo=UTC) if event.HasField("register_time") else now


def _received_at(event: handover_pb2.CaseRegistered, otherwise: datetime) -> datetime:
    if not event.HasField("handover_time"):
        return otherwise
    return event.handover_time.ToDatetime(tzinfo=UTC)


def _person(event: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> Person:
    band = types.AgeBand.Name(event.age_band).removeprefix("AGE_BAND_")
    return Person(_home(event), band)


def _home(event: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> ProvinceRef | None:
    if not event.HasField("home_province"):
        return None
    try:
        return ProvinceRef(event.home_province.code, event.home_province.vintage)
    except ProvinceNotFound:
        return None


def _earlier_case(event: handover_pb2.CaseRegistered) -> UUID | None:
    return UUID(event.earlier_case_id) if event.earlier_case_id else None
