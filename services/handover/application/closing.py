"""Cases are closed, in every phase and by every office, and opened again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller
from services.handover.application import returns
from services.handover.application.desk import (
    Desk,
    Ports,
    commit,
    custody_of,
    desk_of,
    is_concerned,
    matter_of,
    still_out,
)
from services.handover.domain import closing
from services.handover.domain.approvals import Matter
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.closing import LEAVING, NAMES_OTHER_CASE, Ending, Heirs
from services.handover.domain.errors import CannotReopen
from services.handover.domain.reading import Custody
from services.handover.domain.search import Departure
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import CloseReason, LeftFor, Phase, ReopenReason, WithdrawReason
from services.handover.storage import cases


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The story ends. `on` None: today. `other_case` goes on; `left_for` and `province`: where she went."""

    case: CaseRef
    reason: CloseReason
    on: date | None = None
    other_case: CaseRef | None = None
    left_for: LeftFor | None = None
    province: ProvinceRef | None = None


@dataclass(frozen=True, slots=True)
class WithdrawUnderWay:
    """The registration of somebody who left or is searched for should not exist."""

    case: CaseRef
    reason: WithdrawReason


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """It goes on after all."""

    case: CaseRef
    reason: ReopenReason


async def close_case(uow: UnitOfWork, ports: Ports, caller: Caller, command: CloseCase) -> Custody:
    """The accountable office or its supervisor closes; the errors of `closing.close` and `closing.leave`.

    Raises InvalidInput for a case or province that has to be named, or is not known to the caller.
    """
    other = await _other_case(uow, ports, caller, command)
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    if command.reason in LEAVING:
        outcome = _left(desk, command)
    else:
        outcome = _closed(desk, command, other, await still_out(uow, desk.case))
    await commit(uow, desk.case, outcome)
    return await custody_of(desk, outcome.case)


async def closing_matter(uow: UnitOfWork, ports: Ports, caller: Caller, command: CloseCase) -> Matter | None:
    """The end of somebody who is on the way or searched for, or who left and was received by nobody since, as the case
    stands; None for whom is with an office: recalled by the sender alone, she may sit on the bus still."""
    if command.reason in LEAVING:
        # She is searched for, and nothing ends.
        return None
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    out = await still_out(uow, desk.case)
    if out is None and desk.case.phase is not Phase.SEARCH:
        return None
    return _matter(desk, "CloseCase", out)


def _matter(desk: Desk, method: str, out: Transfer | None) -> Matter:
    """As the case stands, with what became of the transfer with which she left."""
    matter = matter_of(desk, method)
    return matter if out is None else replace(matter, basis=f"{matter.basis} {out.id} {out.version}")


async def withdraw_under_way(uow: UnitOfWork, ports: Ports, caller: Caller, command: WithdrawUnderWay) -> Custody:
    """The accountable office or its supervisor withdraws who left or is searched for; the errors of
    `closing.withdraw`, NotAccountable. What the registration said of an earlier one no longer holds."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    out = await still_out(uow, desk.case)
    outcome = closing.withdraw(desk.case, command.reason, caller.office_id, out, desk.at)
    await commit(uow, desk.case, outcome)
    await returns.no_longer_said(uow, ports, outcome.case)
    return await custody_of(desk, outcome.case)


async def withdrawal_matter(uow: UnitOfWork, ports: Ports, caller: Caller, command: WithdrawUnderWay) -> Matter:
    """The withdrawal of somebody under way, as the case stands; raises CaseNotFound, NotAccountable."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    return _matter(desk, "WithdrawUnderWay", await still_out(uow, desk.case))


def _closed(desk: Desk, command: CloseCase, other: CaseCustody | None, out: Transfer | None) -> Decided:
    ending = Ending(command.reason, desk.caller.office_id, command.on, other, out)
    return closing.close(desk.case, desk.offices.role_of(desk.case.office_id), ending, desk.at)


def _left(desk: Desk, command: CloseCase) -> Decided:
    role, on = desk.offices.role_of(desk.case.office_id), command.on or desk.at.today
    if command.province is not None:
        asked_id = desk.offices.agency_of(command.province, desk.at.today, "to_province")
        gone = Departure(on, LeftFor.PROVINCE, command.province, asked_id)
    elif command.left_for in (LeftFor.ABROAD, LeftFor.UNKNOWN):
        gone = Departure(on, command.left_for)
    else:
        raise InvalidInput([FieldViolation(None, "to_province", "REQUIRED_WITH", {"other": "reason"})])
    return closing.leave(desk.case, role, command.reason, gone, desk.uow.new_id(), desk.at)


async def _other_case(uow: UnitOfWork, ports: Ports, caller: Caller, command: CloseCase) -> CaseCustody | None:
    """The case that goes on, locked together with the one that ends: neither may end as the other at once."""
    if command.reason not in NAMES_OTHER_CASE or command.other_case is None:
        return None
    await cases.lock_refs(uow.connection, [command.case, command.other_case])
    other = await cases.load_case(uow.connection, command.other_case)
    if other is None or not await is_concerned(uow, ports, caller, other):
        # The same answer for a case that there is not: numbers cannot be tried out.
        raise InvalidInput([FieldViolation(None, "other_case", "CASE_NOT_FOUND")])
    return other


async def reopen_case(uow: UnitOfWork, ports: Ports, caller: Caller, command: ReopenCase) -> Custody:
    """Whoever may say that the story goes on; the errors of `closing.reopen`, CannotReopen."""
    other = await _went_on_as(uow, command.case)
    desk = await desk_of(uow, ports, caller, command.case)
    _require_may_reopen(desk)
    outcome = closing.reopen(
        desk.case, command.reason, caller.office_id, _heirs(desk), uow.new_id(), desk.at, other=other
    )
    await commit(uow, desk.case, outcome)
    if other is not None and command.reason is ReopenReason.NOT_SAME_PERSON:
        await returns.another_person(desk, outcome.case, other)
    return await custody_of(desk, outcome.case)


async def _went_on_as(uow: UnitOfWork, ref: CaseRef) -> CaseCustody | None:
    """The case as which a closed one went on, locked together with that."""
    found = await cases.load_case(uow.connection, ref)
    if found is None or found.closing is None or found.closing.other_case_id is None:
        return None
    await cases.lock_refs(uow.connection, [found.case_id, found.closing.other_case_id])
    return await cases.load_case(uow.connection, found.closing.other_case_id)


def _require_may_reopen(desk: Desk) -> None:
    ended = desk.case.closing
    may = {desk.case.office_id, *((ended.office_id, ended.addressed_id) if ended is not None else ())} - {""}
    if not any(desk.acts_for(one) or desk.oversees(one) for one in may):
        raise CannotReopen


def _heirs(desk: Desk) -> Heirs:
    ended, sight, today = desk.case.closing, desk.offices.sight, desk.at.today
    holder = sight.directory.heir(desk.case.office_id, today)
    addressed = sight.holder(ended.addressed_id, today) if ended is not None and ended.addressed_id else ""
    return Heirs(holder, desk.offices.has_people(holder), addressed)
