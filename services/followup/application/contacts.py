"""Attempts to reach a person at home are recorded."""

from __future__ import annotations

from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.followup.application.case import Ports, carry_out, kept_case
from services.followup.application.confidence import Confidence
from services.followup.domain import contacts as domain
from services.followup.domain.care import Attempt, require_wishes_read
from services.followup.domain.case import FollowUpCase
from services.followup.domain.entry import ContactOutcome
from services.followup.domain.recording import Done


async def record_contact(
    uow: UnitOfWork,
    ports: Ports,
    vault: Confidence,
    caller: Caller,
    reference: CaseRef,
    outcome: ContactOutcome,
    contacted_on: date | None,
    attempt: Attempt | None = None,
    wishes_read: int = 0,
) -> tuple[FollowUpCase, Done]:
    """Record an attempt to reach the person at home.

    Raises CaseNotFound, WishesNotRead and what `domain.record_contact` raises.
    """
    case = await kept_case(uow, ports, caller, reference)
    require_wishes_read(await vault.wishes_version(uow, case.case_id), wishes_read)
    done = domain.record_contact(case, outcome, contacted_on, by=caller.office_id, now=uow.now, calendar=ports.calendar)
    after = await carry_out(uow, case, done.decision)
    if attempt is not None:
        await vault.keep_attempt(uow, case.case_id, done.entry.number, attempt)
    return after, done
