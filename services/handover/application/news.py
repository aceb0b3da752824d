"""What the other services tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import structlog

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.handover.application import desk, families, returns
from services.handover.application.desk import Ports, commit, sought_on
from services.handover.domain import custody, news, searches, transfers
from services.handover.domain.case import CaseCustody, Decided, Person
from services.handover.domain.custody import EarlierReturn, Registration
from services.handover.domain.families import Relative
from services.handover.domain.home import HomeVerdict
from services.handover.domain.moment import Moment
from services.handover.domain.reading import Correction, Decision
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import CloseReason, LostReason, Phase, SearchEffect, WithdrawReason
from services.handover.storage import cases, history, home_verdicts
from services.handover.wire import heard

log = structlog.get_logger(__name__)


# Intake.


async def case_registered(uow: UnitOfWork, ports: Ports, told: Registration) -> None:
    """Custody begins; a receiving office that has ended by then is its successor.

    When it is said to be the return of a person who was registered before, whoever answers for her is asked.
    """
    if await cases.lock_case(uow.connection, told.case_id) is not None:
        return
    at = ports.moment(uow)
    holder = ports.offices.sight.holder(told.office_id, at.today)
    outcome = custody.register(
        told.case_id,
        told.case_number,
        holder,
        told.person,
        received_on=local_date(told.received_at),
        registered_on=local_date(told.registered_at),
        at=at,
        earlier_case_id=told.earlier.case_id,
    )
    if not ports.offices.has_people(holder):
        # Her office ended while the news was on its way, and nobody succeeds it: nobody could send her on.
        lost = searches.lose(outcome.case, LostReason.OFFICE_ENDED, uow.new_id(), at)
        outcome = Decided(lost.case, (*outcome.events, *lost.events))
    await commit(uow, None, outcome)
    case = outcome.case
    for relative in told.relatives:
        await families.link(uow, case, relative)
    if told.earlier.case_id is not None:
        await returns.named(uow, ports, case, told.earlier)
    await returns.came_to_be_known(uow, ports, case)


async def case_corrected(
    uow: UnitOfWork,
    ports: Ports,
    case_id: UUID,
    person: Person,
    correction: Correction,
    earlier: EarlierReturn | None,
) -> None:
    """The person's record stands corrected, home province and age band perhaps among it.

    `earlier`: how the earlier return stands named now; None: as before.
    """
    if not await _told(uow, ports, case_id, lambda case, at: news.correct(case, person)):
        return
    await history.add_correction(uow.connection, case_id, correction)
    if earlier is not None:
        case = await cases.lock_case(uow.connection, case_id)
        assert case is not None, "it was just told"
        await returns.named(uow, ports, case, earlier)


async def family_linked(uow: UnitOfWork, case_id: UUID, relative: Relative) -> None:
    """She has a relative with a case of her own."""
    case = await cases.lock_case(uow.connection, case_id)
    if case is None:
        # Its registration was skipped by a named person.
        log.warning("event_of_unknown_case_stepped_over", case_id=str(case_id))
        return
    await families.link(uow, case, relative)


async def family_unlinked(uow: UnitOfWork, case_id: UUID, other_id: UUID) -> None:
    """The two are no relatives after all."""
    case = await cases.lock_case(uow.connection, case_id)
    if case is not None:
        await families.unlink(uow, case, other_id)


async def case_withdrawn(uow: UnitOfWork, ports: Ports, case_id: UUID, reason: WithdrawReason | None) -> None:
    """Withdrawn, or refused when custody has passed; what the registration said of an earlier one no longer holds."""
    out = await _out(uow, case_id)
    await _told(uow, ports, case_id, lambda case, at: news.withdraw(case, reason, at, out=out))
    case = await cases.lock_case(uow.connection, case_id)
    if case is not None and case.phase is Phase.WITHDRAWN:
        await returns.no_longer_said(uow, ports, case)


async def identification_decided(uow: UnitOfWork, ports: Ports, case_id: UUID, decision: Decision) -> None:
    """A verifier decided; it may come to be known before the registration."""
    await cases.lock_case(uow.connection, case_id)
    await history.add_decision(uow.connection, case_id, decision)


# Followup.


async def follow_ups_scheduled(uow: UnitOfWork, ports: Ports, case_id: UUID, segment: int) -> None:
    """Followup watches from here on."""
    await _told(uow, ports, case_id, lambda case, at: news.follow_ups_scheduled(case, segment))


async def follow_ups_cancelled(uow: UnitOfWork, ports: Ports, case_id: UUID) -> None:
    """Followup watches no longer, since the arrival was taken back."""
    await _told(uow, ports, case_id, news.followup_ceased)


async def safety_checked(uow: UnitOfWork, case_id: UUID, told: HomeVerdict) -> None:
    """The accountable office decided, or left undecided, whether a home is safe."""
    if await cases.lock_case(uow.connection, case_id) is None:
        log.warning("event_of_unknown_case_stepped_over", case_id=str(case_id))
        return
    await home_verdicts.keep(uow.connection, case_id, told, uow.cause.time)


@dataclass(frozen=True, slots=True)
class Visited:
    """What followup tells of a visit. `first_on`: the day of the earliest that stands. `asks_to_stop`: she wishes that
    the case be closed, as she said on `on`."""

    office_id: str
    effect: SearchEffect
    first_on: date | None
    period_ended: bool
    on: date | None = None
    asks_to_stop: bool = False


async def follow_up_recorded(uow: UnitOfWork, ports: Ports, case_id: UUID, told: Visited) -> None:
    """The person was visited, so she did arrive, and she is there; she may have asked that it be the last time."""
    await _told(
        uow,
        ports,
        case_id,
        lambda case, at: news.follow_up_recorded(case, told.first_on, period_ended=told.period_ended),
    )
    await searched_by_entry(uow, ports, case_id, told.office_id, told.effect)
    if told.asks_to_stop:
        out = await _out(uow, case_id)
        await _told(uow, ports, case_id, lambda case, at: _asked_to_stop(ports, case, told, out, at))


def _asked_to_stop(ports: Ports, case: CaseCustody, told: Visited, out: Transfer | None, at: Moment) -> Decided:
    if not ports.offices.sight.acts_for(told.office_id, case.office_id, at.today):
        # Another office has her since: it decides.
        return Decided(case)
    return news.asked_to_stop(case, ports.offices.role_of(case.office_id), told.office_id, told.on, at, out=out)


async def entry_revised(
    uow: UnitOfWork,
    ports: Ports,
    case_id: UUID,
    office_id: str,
    effect: SearchEffect,
    *,
    first_visit_on: date | None,
    says_visit: bool,
    visited: bool,
    period_ended: bool,
) -> None:
    """What was recorded at home was corrected or taken back, and with it what followed from it."""
    await _told(
        uow,
        ports,
        case_id,
        lambda case, at: news.entry_revised(
            case, first_visit_on, says_visit=says_visit, visited=visited, period_ended=period_ended
        ),
    )
    await searched_by_entry(uow, ports, case_id, office_id, effect)


async def case_closed(uow: UnitOfWork, ports: Ports, case_id: UUID, office_id: str, reason: CloseReason | None) -> None:
    """Closed in followup, as was done before, when it was the accountable office that closed."""

    def decide(case: CaseCustody, at: Moment) -> Decided:
        if ports.offices.sight.acts_for(office_id, case.office_id, at.today):
            return news.close(case, reason, office_id, at)
        log.warning("closing_of_former_office", case_id=str(case_id))
        return news.followup_ceased(case, at)

    await _told(uow, ports, case_id, decide)


async def case_reopened(uow: UnitOfWork, ports: Ports, case_id: UUID) -> None:
    """Open again in followup, as was done before, and watched by it."""
    await _told(uow, ports, case_id, news.reopen)


async def searched_by_entry(uow: UnitOfWork, ports: Ports, case_id: UUID, office_id: str, effect: SearchEffect) -> None:
    """What the accountable agency recorded opens or ends a search; what another one recorded does not."""
    if effect is SearchEffect.NONE:
        return
    search_id = uow.new_id()

    def decide(case: CaseCustody, at: Moment) -> Decided:
        if not ports.offices.sight.acts_for(office_id, case.office_id, at.today):
            return Decided(case)
        return news.searched_by_entry(case, effect, search_id, at)

    await _told(uow, ports, case_id, decide)


# Notify.


async def message_posted(
    uow: UnitOfWork, ports: Ports, case_id: UUID, message_id: UUID, office_id: str, cause_event_id: UUID
) -> None:
    """Remember a message that tells an office of a transfer, so that reading it counts as that."""
    event = await history.told_event(uow.connection, cause_event_id, case_id)
    told = heard.transfer_told(*event) if event is not None else None
    if told is None:
        return
    transfer_id, to_office_id = told
    if ports.offices.sight.acts_for(office_id, to_office_id, local_date(uow.now)):
        await history.remember_message(uow.connection, message_id, transfer_id, case_id)


async def message_seen(
    uow: UnitOfWork, ports: Ports, case_id: UUID, message_id: UUID, office_id: str, seen_at: datetime
) -> None:
    """The office read a message: the transfer of which it tells is seen, when it is addressed to it."""
    transfer_id = await history.transfer_told_by(uow.connection, message_id)
    if transfer_id is None:
        return

    def decide(case: CaseCustody, at: Moment) -> Decided:
        transfer = case.open_transfer
        if transfer is None or not ports.offices.sight.acts_for(office_id, transfer.to_office_id, at.today):
            return Decided(case)
        return transfers.seen(case, transfer_id, seen_at)

    await _told(uow, ports, case_id, decide)


async def _out(uow: UnitOfWork, case_id: UUID) -> Transfer | None:
    """The transfer with which she left, where no other office has said since that it has her; the case is locked."""
    case = await cases.lock_case(uow.connection, case_id)
    return await desk.still_out(uow, case) if case is not None else None


async def _told(uow: UnitOfWork, ports: Ports, case_id: UUID, decide: Callable[[CaseCustody, Moment], Decided]) -> bool:
    """Let it take effect on a case; False when the case is not known."""
    case = await cases.lock_case(uow.connection, case_id)
    if case is None:
        # Its registration was skipped by a named person: nobody is accountable here.
        log.warning("event_of_unknown_case_stepped_over", case_id=str(case_id))
        return False
    await commit(uow, case, sought_on(uow, ports, case, decide(case, ports.moment(uow))))
    return True
