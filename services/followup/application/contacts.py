"""Attempts to reach a person at home are recorded."""

from __future__ import annotations

from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.followup.application.case import Ports, carry_out, kept_case
from services.followup.domain import contacts as domain
from services.followup.domain.case import FollowUpCase
from services.followup.domain.entry import ContactOutcome
from services.followup.domain.recording import Done


async def record_contact(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    outcome: ContactOutcome,
    contacted_on: date | None,
) -> tuple[FollowUpCase, Done]:
    """Record an attempt to reach the person at home. Raises CaseNotFound and what `domain.record_contact` raises."""
    case = await kept_case(uow, ports, caller, reference)
    done = domain.record_contact(
        case, outcome, contacted_on, by=caller.office_id, now=uow.now, calendar=ports.calendar
    )
    return await carry_out(uow, case, done.decision), done
