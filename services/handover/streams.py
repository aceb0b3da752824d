"""Which event of the other services has which effect; the others are stepped over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, notification_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import member_of
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.service import consents
from services.handover.application import news
from services.handover.application.desk import Ports
from services.handover.domain.reading import Correction
from services.handover.domain.words import CloseReason, SearchEffect, WithdrawReason
from services.handover.storage import cases, returns
from services.handover.wire import heard


@dataclass(frozen=True, slots=True)
class _Effects:
    """The effects of the events, each by its name."""

    ports: Ports

    async def case_registered(self, uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        await news.case_registered(uow, self.ports, heard.registration_of(event, uow.now))

    async def case_corrected(self, uow: UnitOfWork, event: handover_pb2.CaseCorrected) -> None:
        correction = Correction(uow.cause.time, tuple(event.fields), event.correcting_office_id)
        person, earlier = heard.person_of(event), heard.earlier_of(event)
        await news.case_corrected(uow, self.ports, UUID(event.case_id), person, correction, earlier)

    async def case_withdrawn(self, uow: UnitOfWork, event: handover_pb2.CaseWithdrawn) -> None:
        reason = member_of(WithdrawReason, types.WithdrawReason, event.reason)
        await news.case_withdrawn(uow, self.ports, UUID(event.case_id), reason)

    async def identification_decided(self, uow: UnitOfWork, event: identification_pb2.IdentificationDecided) -> None:
        decision = heard.decision_of(event, uow.cause.time)
        if decision is not None:
            await news.identification_decided(uow, self.ports, UUID(event.case_id), decision)

    async def family_linked(self, uow: UnitOfWork, event: handover_pb2.FamilyLinked) -> None:
        await news.family_linked(uow, UUID(event.case_id), heard.relative_of(event.relative))

    async def family_unlinked(self, uow: UnitOfWork, event: handover_pb2.FamilyUnlinked) -> None:
        await news.family_unlinked(uow, UUID(event.case_id), UUID(event.other_case_id))

    async def follow_ups_scheduled(self, uow: UnitOfWork, event: followup_pb2.FollowUpsScheduled) -> None:
        await news.follow_ups_scheduled(uow, self.ports, UUID(event.case_id), event.segment)

    async def follow_ups_cancelled(self, uow: UnitOfWork, event: followup_pb2.FollowUpsCancelled) -> None:
        await news.follow_ups_cancelled(uow, self.ports, UUID(event.case_id))

    async def follow_up_recorded(self, uow: UnitOfWork, event: followup_pb2.FollowUpRecorded) -> None:
        told = news.Visited(
            event.office_id,
            heard.effect_of(event.search),
            heard.day_of(event.first_visit_on),
            heard.period_ended(event),
            heard.day_of(event.visited_on),
            asks_to_stop=event.then == types.AFTER_DECLINED_CLOSE,
        )
        await news.follow_up_recorded(uow, self.ports, UUID(event.case_id), told)

    async def safety_checked(self, uow: UnitOfWork, event: followup_pb2.SafetyChecked) -> None:
        await news.safety_checked(uow, UUID(event.case_id), heard.home_verdict_of(event))

    async def case_closed(self, uow: UnitOfWork, event: followup_pb2.CaseClosed) -> None:
        reason = member_of(CloseReason, types.CloseReason, event.reason)
        await news.case_closed(uow, self.ports, UUID(event.case_id), event.office_id, reason)

    async def case_reopened(self, uow: UnitOfWork, event: followup_pb2.CaseReopened) -> None:
        await news.case_reopened(uow, self.ports, UUID(event.case_id))

    async def contact_recorded(self, uow: UnitOfWork, event: followup_pb2.ContactRecorded) -> None:
        effect = heard.effect_of_contact(event)
        await news.searched_by_entry(uow, self.ports, UUID(event.case_id), event.office_id, effect)

    async def lost_to_follow_up(self, uow: UnitOfWork, event: followup_pb2.LostToFollowUp) -> None:
        # Earlier versions called lost whom nobody had tried to visit: she is not searched for.
        if event.not_reached:
            effect = SearchEffect.OPENS_NOT_AT_ADDRESS
            await news.searched_by_entry(uow, self.ports, UUID(event.case_id), event.office_id, effect)

    async def entry_corrected(self, uow: UnitOfWork, event: followup_pb2.EntryCorrected) -> None:
        await news.entry_revised(
            uow,
            self.ports,
            UUID(event.case_id),
            event.office_id,
            heard.effect_of(event.search),
            first_visit_on=heard.day_of(event.first_visit_on),
            says_visit=event.is_visit,
            visited=event.visited,
            period_ended=event.period_ended,
        )

    async def entry_taken_back(self, uow: UnitOfWork, event: followup_pb2.EntryTakenBack) -> None:
        await news.entry_revised(
            uow,
            self.ports,
            UUID(event.case_id),
            event.office_id,
            heard.effect_of(event.search),
            first_visit_on=heard.day_of(event.first_visit_on),
            says_visit=False,
            visited=event.visited,
            period_ended=event.period_ended,
        )

    async def message_posted(self, uow: UnitOfWork, event: notification_pb2.MessagePosted) -> None:
        if event.cause_event_id:
            ids = UUID(event.case_id), UUID(event.message_id)
            await news.message_posted(uow, self.ports, *ids, event.office_id, UUID(event.cause_event_id))

    async def message_seen(self, uow: UnitOfWork, event: notification_pb2.MessageSeen) -> None:
        seen_at = event.see_time.ToDatetime(tzinfo=UTC) if event.HasField("see_time") else uow.cause.time
        ids = UUID(event.case_id), UUID(event.message_id)
        await news.message_seen(uow, self.ports, *ids, event.office_id, seen_at)


async def lock_batch(uow: UnitOfWork, events: Sequence[Message]) -> None:
    """Lock the cases of a batch in the order of their ids, those of earlier returns among them.

    A handler that came to an earlier case by way of the later one would lock against that order, and a journey that
    locks the same cases in it would wait for the batch while the batch waits for the journey.
    """
    named = heard.cases_of(events)
    await cases.wait_for_cases(uow.connection, named | await returns.earlier_of(uow.connection, named))


def handlers(ports: Ports) -> Mapping[type[Message], EventHandler]:
    """Event type → what to do with it."""
    effects = _Effects(ports)
    return {
        **consents.handlers(),
        handover_pb2.CaseRegistered: effects.case_registered,
        handover_pb2.CaseCorrected: effects.case_corrected,
        handover_pb2.CaseWithdrawn: effects.case_withdrawn,
        identification_pb2.IdentificationDecided: effects.identification_decided,
        handover_pb2.FamilyLinked: effects.family_linked,
        handover_pb2.FamilyUnlinked: effects.family_unlinked,
        followup_pb2.FollowUpsScheduled: effects.follow_ups_scheduled,
        followup_pb2.FollowUpsCancelled: effects.follow_ups_cancelled,
        followup_pb2.FollowUpRecorded: effects.follow_up_recorded,
        followup_pb2.SafetyChecked: effects.safety_checked,
        followup_pb2.CaseClosed: effects.case_closed,
        followup_pb2.CaseReopened: effects.case_reopened,
        followup_pb2.ContactRecorded: effects.contact_recorded,
        followup_pb2.LostToFollowUp: effects.lost_to_follow_up,
        followup_pb2.EntryCorrected: effects.entry_corrected,
        followup_pb2.EntryTakenBack: effects.entry_taken_back,
        notification_pb2.MessagePosted: effects.message_posted,
        notification_pb2.MessageSeen: effects.message_seen,
    }
