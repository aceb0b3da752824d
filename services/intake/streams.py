"""What intake takes from other services' events: who is accountable, and who may see a preview.

Only the handover service moves custody; followup's events tell two things that handover doesn't: that the
obligations of an arrival exist, and what somebody agreed to at a visit. Everything else is stepped over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, transfer_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import member_of
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import CustodyCause, Phase
from services.intake import wire
from services.intake.application import consents, legal_steps, undecided
from services.intake.application.legal_steps import Watch
from services.intake.domain import case as cases
from services.intake.domain.case import Case
from services.intake.storage import cases as storage
from services.intake.storage.reading import previews_read

log = structlog.get_logger(__name__)


async def _change(watch: Watch, uow: UnitOfWork, case_id: str, change: Callable[[Case], Case]) -> Case | None:
    case = await storage.load(uow.connection, UUID(case_id), lock=True)
    if case is None:
        # Every case begins here: one that isn't known was lost with a database, and blocking
        # the stream would not bring it back.
        log.error("event_of_unknown_case", case_id=case_id)
        return None
    changed = change(case)
    if changed != case:
        await storage.save(uow.connection, changed, uow.now)
        await undecided.watch(uow, watch.calendar, changed, before=case)
        await legal_steps.follow(uow, watch, case, changed)
    return changed


async def custody_changed(watch: Watch, uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
    """Accountability began, passed or ended; the entitlement to the identity goes with it.

    With its beginning the wait for a decision on the identification begins, and the steps that the law asks for.
    """

    def change(case: Case) -> Case:
        return cases.custody_changed(
            case,
            event.segment,
            member_of(Phase, types_pb2.CasePhase, event.phase) or case.phase,
            event.accountable_office_id or case.accountable_office_id,
            _cause_of(event),
            local_date(uow.now),
        )

    await _change(watch, uow, event.case_id, change)


def _cause_of(event: transfer_pb2.CustodyChanged) -> CustodyCause | None:
    """Why; whom a supervisor reassigns to the office that has her since a day was found there."""
    if event.cause == types_pb2.CUSTODY_CAUSE_REASSIGNED and event.arrival_on:
        return CustodyCause.FOUND
    return member_of(CustodyCause, types_pb2.CustodyCause, event.cause)


async def transfer_dispatched(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferDispatched) -> None:
    """The addressed office may know of the case from now on, and see a preview once it accepts."""
    await _change(
        watch,
        uow,
        event.case_id,
        lambda case: cases.dispatched(case, UUID(event.transfer_id), event.to_office_id),
    )


async def transfer_acknowledged(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferAcknowledged) -> None:
    """The transfer is over; who is accountable is said by the custody event beside it."""
    await _change(watch, uow, event.case_id, lambda case: cases.transfer_ended(case, UUID(event.transfer_id)))


async def acknowledgement_retracted(
    watch: Watch, uow: UnitOfWork, event: transfer_pb2.AcknowledgementRetracted
) -> None:
    """The person is on the way again, to the same office, unless the answer of before stands again."""
    if event.stands_again:
        return
    await _change(
        watch,
        uow,
        event.case_id,
        lambda case: cases.dispatched(case, UUID(event.transfer_id), event.to_office_id),
    )


async def transfer_answer_taken_back(
    watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferAnswerTakenBack
) -> None:
    """The transfer stands again as before: so does what its addressed office may see."""

    def change(case: Case) -> Case:
        if event.answer == types_pb2.TRANSFER_ANSWER_KIND_ACCEPTED:
            return cases.acceptance_taken_back(case, UUID(event.transfer_id))
        if not event.under_way:
            return case
        return cases.on_the_way_again(case, UUID(event.transfer_id), event.to_office_id)

    await _change(watch, uow, event.case_id, change)


async def transfer_rejected(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferRejected) -> None:
    """The addressed office sees nothing any more. That it had looked who comes is told to its supervisor."""
    had_accepted = False

    def change(case: Case) -> Case:
        nonlocal had_accepted
        had_accepted = case.accepted_transfer_id == UUID(event.transfer_id)
        return cases.transfer_rejected(case, UUID(event.transfer_id))

    case = await _change(watch, uow, event.case_id, change)
    if case is None or not had_accepted:
        return
    reads = await previews_read(uow.connection, case.id, event.to_office_id)
    if reads:
        uow.append(wire.preview_read_then_rejected(event, case, reads), case.id)


async def transfer_accepted(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferAccepted) -> None:
    """The addressed office may see a preview as soon as the person is on the way, and until she arrives."""
    await _change(watch, uow, event.case_id, lambda case: cases.accepted(case, UUID(event.transfer_id)))


async def transfer_not_arrived(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferNotArrived) -> None:
    """The duty is the sender's, as after a rejection."""
    await _change(watch, uow, event.case_id, lambda case: cases.transfer_rejected(case, UUID(event.transfer_id)))


async def transfer_replaced(
    watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferRedirected | transfer_pb2.TransferSuperseded
) -> None:
    """The office addressed before sees nothing any more; a new transfer has an event of its own."""
    await _change(watch, uow, event.case_id, lambda case: cases.transfer_ended(case, UUID(event.transfer_id)))


async def person_admitted(watch: Watch, uow: UnitOfWork, event: transfer_pb2.PersonAdmitted) -> None:
    """A facility admitted her."""
    await _change(watch, uow, event.case_id, cases.admitted)


async def person_discharged(watch: Watch, uow: UnitOfWork, event: transfer_pb2.PersonDischarged) -> None:
    """She left the facility."""
    await _change(watch, uow, event.case_id, cases.discharged)


async def transfer_recalled(watch: Watch, uow: UnitOfWork, event: transfer_pb2.TransferRecalled) -> None:
    """The addressed office sees nothing any more."""
    await _change(
        watch,
        uow,
        event.case_id,
        lambda case: cases.transfer_recalled(case, UUID(event.transfer_id)),
    )


async def person_lost(watch: Watch, uow: UnitOfWork, event: transfer_pb2.PersonLost) -> None:
    """A search was opened."""
    await _change(watch, uow, event.case_id, cases.search_opened)


async def claimed_found(watch: Watch, uow: UnitOfWork, event: transfer_pb2.PersonClaimedFound) -> None:
    """The office that is said to have her may look whether it is she."""
    await _change(watch, uow, event.case_id, lambda case: cases.claimed_found(case, event.claimed_office_id))


async def claim_settled(watch: Watch, uow: UnitOfWork, event: transfer_pb2.FoundClaimSettled) -> None:
    """It may no longer, by that."""
    await _change(watch, uow, event.case_id, lambda case: cases.claim_settled(case, event.claimed_office_id))


_WITH_HER_OFFICE = frozenset(
    {
        types_pb2.SEARCH_RESOLUTION_RETURNED_TO_SENDER,
        types_pb2.SEARCH_RESOLUTION_FOUND,
    }
)


async def search_resolved(watch: Watch, uow: UnitOfWork, event: transfer_pb2.SearchResolved) -> None:
    """A search ended. Where she is said to be on the way, or the case is over, another event tells the phase."""
    if event.resolution in _WITH_HER_OFFICE:
        await _change(watch, uow, event.case_id, cases.search_ended)
    elif event.resolution == types_pb2.SEARCH_RESOLUTION_MISTAKEN:
        phase = member_of(Phase, types_pb2.CasePhase, event.phase)
        await _change(watch, uow, event.case_id, lambda case: cases.search_mistaken(case, phase))


async def withdrawal_refused(watch: Watch, uow: UnitOfWork, event: transfer_pb2.WithdrawalRefused) -> None:
    """Custody had passed before the withdrawal: the case is open as it was."""
    await _change(
        watch,
        uow,
        event.case_id,
        lambda case: cases.withdrawal_refused(case, event.accountable_office_id),
    )


async def followups_scheduled(watch: Watch, uow: UnitOfWork, event: followup_pb2.FollowUpsScheduled) -> None:
    """The obligations of an arrival exist."""
    await _change(watch, uow, event.case_id, lambda case: cases.followups_scheduled(case, event.segment))


async def consent_told(watch: Watch, uow: UnitOfWork, event: followup_pb2.ConsentTold) -> None:
    """At a visit she said whether she agrees."""
    await consents.take_in(uow, UUID(event.case_id), wire.told_at_visit(event))


async def entry_taken_back(watch: Watch, uow: UnitOfWork, event: followup_pb2.EntryTakenBack) -> None:
    """A visit was entered that was not made, or with somebody else; what was entered twice was said all the same."""
    if event.reason == types_pb2.ENTRY_REASON_ENTERED_TWICE:
        return
    await consents.take_back(uow, UUID(event.case_id), event.entry_number, event.taken_back_by_office_id)


_HANDLERS: Mapping[type[Message], Callable[[Watch, UnitOfWork, Any], Awaitable[None]]] = {
    transfer_pb2.CustodyChanged: custody_changed,
    transfer_pb2.TransferDispatched: transfer_dispatched,
    transfer_pb2.TransferAcknowledged: transfer_acknowledged,
    transfer_pb2.AcknowledgementRetracted: acknowledgement_retracted,
    transfer_pb2.TransferAnswerTakenBack: transfer_answer_taken_back,
    transfer_pb2.TransferRejected: transfer_rejected,
    transfer_pb2.TransferRecalled: transfer_recalled,
    transfer_pb2.TransferAccepted: transfer_accepted,
    transfer_pb2.TransferNotArrived: transfer_not_arrived,
    transfer_pb2.TransferRedirected: transfer_replaced,
    transfer_pb2.TransferSuperseded: transfer_replaced,
    transfer_pb2.PersonAdmitted: person_admitted,
    transfer_pb2.PersonDischarged: person_discharged,
    transfer_pb2.PersonLost: person_lost,
    transfer_pb2.PersonClaimedFound: claimed_found,
    transfer_pb2.FoundClaimSettled: claim_settled,
    transfer_pb2.SearchResolved: search_resolved,
    transfer_pb2.WithdrawalRefused: withdrawal_refused,
    followup_pb2.FollowUpsScheduled: followups_scheduled,
    followup_pb2.ConsentTold: consent_told,
    followup_pb2.EntryTakenBack: entry_taken_back,
}


def handlers(watch: Watch) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""
    return {kind: partial(handler, watch) for kind, handler in _HANDLERS.items()}
