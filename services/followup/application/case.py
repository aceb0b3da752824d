"""What every verb of followup begins and ends with: the locked case, and a decision carried out.

Case, deadlines and events are written in the one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.chassis.service import obligations
from services.chassis.service.obligations import ArmedObligation
from services.followup import wire
from services.followup.domain.case import FollowUpCase
from services.followup.domain.entry import Kind
from services.followup.domain.policy import POLICIES, Policy
from services.followup.domain.watching import Decision, Watch
from services.followup.storage import case as storage


@dataclass(frozen=True)
class Ports:
    """What decisions lean on besides the database. `policies`: every version of which looks again there are."""

    sight: Sight
    calendar: WorkingCalendar
    policies: Sequence[Policy] = POLICIES


async def kept_case(uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """The case, locked, when the caller's office makes its follow-ups today; otherwise there is no such case."""
    return await _case_of(uow, ports, caller, reference, lambda case: case.keeper_id)


async def own_case(uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """The case, locked, when the caller's office is accountable today; otherwise there is no such case."""
    return await _case_of(uow, ports, caller, reference, lambda case: case.office_id)


async def _case_of(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, office_of: Callable[[FollowUpCase], str]
) -> FollowUpCase:
    case = await storage.lock_case(uow.connection, reference)
    if case is None or ports.sight.holder(office_of(case), local_date(uow.now)) != caller.office_id:
        raise CaseNotFound
    uow.about(case.case_id)
    return case


def new_ids(uow: UnitOfWork) -> Mapping[Kind, uuid.UUID]:
    """An id for each follow-up that a decision may add."""
    return {kind: uow.new_id() for kind in Kind}


async def carry_out(uow: UnitOfWork, before: FollowUpCase | None, decision: Decision) -> FollowUpCase:
    """Say, save and watch what follows from a decision. Returns the case as it is then."""
    case = decision.case
    for event in decision.events:
        uow.append(wire.event(case, event), case.case_id)
    await storage.save(uow.connection, before, case, uow.now)
    for watch in decision.disarm:
        await obligations.disarm(
            uow.connection,
            case.case_id,
            rules=[watch.due.rule_code],
            reference_id=watch.follow_up_id,
        )
    await obligations.arm(uow.connection, [_obligation(uow, case.case_id, watch) for watch in decision.arm])
    return case


def _obligation(uow: UnitOfWork, case_id: uuid.UUID, watch: Watch) -> ArmedObligation:
    return obligations.obligation_of(
        uow,
        case_id,
        watch.due,
        is_primary=watch.is_primary,
        reference_id=watch.follow_up_id,
        level=watch.level,
        fire_at=watch.fire_at,
    )
