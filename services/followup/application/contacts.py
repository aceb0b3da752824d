"""Attempts to reach a person at home are recorded."""

from __future__ import annotations

from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.followup.application.case import Ports, carry_out, own_case
from services.followup.domain import contacts as domain
from services.followup.domain.case import ContactOutcome, FollowUpCase


async def record_contact(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    outcome: ContactOutcome,
    contacted_on: date | None,
) -> FollowUpCase:
    """Record an attempt to reach the person at home. Raises CaseNotFound and what `domain.record_contact` raises."""
    case = await own_case(uow, ports, caller, reference)
    decision = domain.record_contact(case, outcome, contacted_on, now=uow.now, calendar=ports.calendar)
    return await carry_out(uow, case, decision)
