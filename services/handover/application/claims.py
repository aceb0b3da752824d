"""Answers to the claim that somebody was found: by the office that is said to have her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import EtagMismatch
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Ports, answered_for, commit, custody_of, desk_of, search_of
from services.handover.domain import claims
from services.handover.domain.reading import Custody, ListedSearch, Page
from services.handover.storage import lists


@dataclass(frozen=True, slots=True)
class ConfirmFound:
    """She is here; None: since the day that is claimed. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None
    since_on: date | None


@dataclass(frozen=True, slots=True)
class DenyFound:
    """She is not here. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None


@dataclass(frozen=True, slots=True)
class WithdrawClaim:
    """The claim is taken back. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None


async def confirm_found(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: ConfirmFound
) -> tuple[ListedSearch, Custody]:
    """The named office takes her over; the errors of `claims.confirm`, NotClaimed, EtagMismatch."""
    desk = await desk_of(uow, ports, caller, command.case)
    office_id = desk.require_claimed(command.version)
    if ports.offices.sight.acts_for(office_id, desk.case.office_id, desk.at.today):
        # Two offices have become one since: she is where she belongs.
        office_id = desk.case.office_id
    outcome = claims.confirm(
        desk.case,
        office_id,
        command.since_on,
        desk.at,
        facility=desk.facility(office_id),
    )
    await commit(uow, desk.case, outcome)
    return await search_of(desk, outcome.case), await custody_of(desk, outcome.case)


async def deny_found(uow: UnitOfWork, ports: Ports, caller: Caller, command: DenyFound) -> None:
    """The named office does not have her; the errors of `claims.deny`, NotClaimed, EtagMismatch."""
    desk = await desk_of(uow, ports, caller, command.case)
    office_id = desk.require_claimed(command.version)
    await commit(uow, desk.case, claims.deny(desk.case, office_id, desk.at))


async def withdraw_claim(uow: UnitOfWork, ports: Ports, caller: Caller, command: WithdrawClaim) -> ListedSearch:
    """Whoever answers for the search takes the claim back; the errors of `claims.withdraw`, EtagMismatch."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    search = desk.case.search
    if search is not None and command.version not in (None, search.version):
        raise EtagMismatch
    outcome = claims.withdraw(desk.case, caller.office_id, desk.at)
    await commit(uow, desk.case, outcome)
    return await search_of(desk, outcome.case)


async def list_claims(uow: UnitOfWork, ports: Ports, caller: Caller, page: Page) -> Sequence[ListedSearch]:
    """Open searches with a claim that names one of the caller's offices, oldest search first."""
    today = local_date(uow.now)
    rows = await lists.list_claimed(uow.connection, page, offices=ports.offices.sight.seen_by(caller, today))
    return [answered_for(ports.offices, row, today) for row in rows]
