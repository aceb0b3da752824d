"""The steps of a set are put on another day, dropped, asked for by what is told of her, and counted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import ConsentPurpose, ConsentState
from services.chassis.service import consents as known
from services.chassis.service.consents import Consents, Heard
from services.followup.application.case import Ports, carry_out, kept_case, new_ids
from services.followup.domain import steps as domain
from services.followup.domain.case import DropReason, FollowUpCase
from services.followup.domain.entry import Kind
from services.followup.domain.visits import DueCounted, DueWanted, ListedFollowUp, follow_up_of
from services.followup.domain.watching import Decision
from services.followup.storage import days
from services.followup.storage.case import lock_case
from services.followup.storage.visits import read_follow_up


async def reschedule(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, kind: Kind, on: date, reason: str
) -> ListedFollowUp:
    """Put a follow-up on another day. Raises CaseNotFound and what `domain.reschedule` raises."""

    def decide(case: FollowUpCase) -> Decision:
        return domain.reschedule(case, kind, on, reason, now=uow.now, calendar=ports.calendar)

    return await _changed(uow, ports, caller, reference, kind, decide)


async def drop(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, kind: Kind, reason: DropReason
) -> ListedFollowUp:
    """Make a follow-up no more. Raises CaseNotFound and what `domain.drop` raises."""

    def decide(case: FollowUpCase) -> Decision:
        return domain.drop(case, kind, reason, now=uow.now, calendar=ports.calendar)

    return await _changed(uow, ports, caller, reference, kind, decide)


async def hear_research(ports: Ports, consents: Consents, reference: CaseRef, kind: Kind) -> Heard:
    """What intake says of her consent to research, where a step needs it; asked before the case is locked."""
    needs = domain.is_for_research(kind, ports.policies)
    return await consents.ask(reference, (ConsentPurpose.RESEARCH,) if needs else ())


async def take_up(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, kind: Kind, heard: Heard
) -> ListedFollowUp:
    """Make a follow-up after all that was dropped. `heard`: what intake answered about the consent that it needs.

    Raises CaseNotFound, ConsentUnknown and what `domain.take_up` raises.
    """
    case = await kept_case(uow, ports, caller, reference)
    said = await heard.said_to(uow.connection, case.case_id, ConsentPurpose.RESEARCH)
    agrees = bool(said) and said[-1].state is ConsentState.GIVEN

    def decide(case: FollowUpCase) -> Decision:
        return domain.take_up(
            case,
            kind,
            agrees_to_research=agrees,
            now=uow.now,
            calendar=ports.calendar,
            policies=ports.policies,
        )

    with heard.judging(domain.FollowUpNeedsHerWord):
        return await _changed(uow, ports, caller, reference, kind, decide)


async def _changed(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    kind: Kind,
    decide: Callable[[FollowUpCase], Decision],
) -> ListedFollowUp:
    case = await kept_case(uow, ports, caller, reference)
    after = await carry_out(uow, case, decide(case))
    return await read_follow_up(uow.connection, follow_up_of(after, kind).id, local_date(uow.now))


async def know_age(uow: UnitOfWork, ports: Ports, case_id: uuid.UUID, *, under_18: bool) -> None:
    """Her age was corrected. A case that is not known here learns it with the arrival."""
    case = await lock_case(uow.connection, case_id)
    if case is not None:
        decision = domain.know_age(
            case,
            under_18=under_18,
            new_ids=new_ids(uow),
            now=uow.now,
            calendar=ports.calendar,
            policies=ports.policies,
        )
        await carry_out(uow, case, decision)


async def know_research(uow: UnitOfWork, ports: Ports, case_id: uuid.UUID, *, said_now: bool = False) -> None:
    """Let the steps follow what stands of her consent to RESEARCH; `said_now`: that was told just now."""
    case = await lock_case(uow.connection, case_id)
    said = await known.said_to(uow.connection, case_id, ConsentPurpose.RESEARCH)
    if case is None or not said:
        return
    decision = domain.know_research(
        case,
        agrees=said[-1].state is ConsentState.GIVEN,
        again=said_now,
        new_ids=new_ids(uow),
        now=uow.now,
        calendar=ports.calendar,
        policies=ports.policies,
    )
    if decision is not None:
        await carry_out(uow, case, decision)


async def count_due(uow: UnitOfWork, ports: Ports, caller: Caller, wanted: DueWanted) -> list[DueCounted]:
    """What was due in a period, as it stood at the end of a day, at the offices that the caller may see."""
    offices = ports.sight.seen_in(caller, local_date(uow.now), None)
    return await days.count_due(uow.connection, wanted, offices)
