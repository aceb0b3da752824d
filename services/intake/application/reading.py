"""What is asked of intake: cases, people against an entry in the access log, and that log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import CaseErased, CaseNotFound, HomewardError
from services.chassis.kernel.roles import Caller
from services.intake.application import family
from services.intake.application.ports import Ports, known_case
from services.intake.domain.access import (
    CasesWanted,
    Detail,
    ReadsWanted,
    SeenCase,
    access_of,
    require_access,
)
from services.intake.domain.break_glass import Opened, refusal
from services.intake.domain.case import Case
from services.intake.domain.legal_steps import Deadlines
from services.intake.domain.standing import as_it_stands
from services.intake.domain.undecided import reply_due
from services.intake.storage import break_glass, legal_steps, undecided
from services.intake.storage import reading as storage
from services.intake.vault.opening import LogPage


async def get_case(ports: Ports, caller: Caller, ref: CaseRef) -> tuple[SeenCase, Deadlines]:
    """One case, as far as the caller may see it, without the person. Raises CaseNotFound."""

    async def find(uow: UnitOfWork) -> tuple[SeenCase, Deadlines]:
        case = await known_case(uow, ref)
        viewer = ports.viewer(caller, uow.now)
        seen = SeenCase(case, require_access(case, viewer))
        seen = await family.with_relatives(uow, ports, seen, viewer)
        return seen, await _deadlines_of(uow, ports, seen)

    return await ports.units.read(find)


async def get_identity(
    ports: Ports, caller: Caller, ref: CaseRef, purpose: str, break_glass_id: UUID | None = None
) -> tuple[SeenCase, Deadlines]:
    """One case with as much of the person as the caller may see, or as what was opened by break-glass allows.

    The read is in the access log before anything is returned; so is an attempt that is refused.
    Raises CaseNotFound, CaseErased, EntitlementUnknown, BreakGlassNotFound, BreakGlassOver.
    """
    standing = await ports.handover.standing(ref)

    refused: HomewardError = CaseNotFound()

    async def show(uow: UnitOfWork) -> tuple[SeenCase, Deadlines]:
        nonlocal refused
        heard = await storage.events_heard(uow.connection, ref)
        case = as_it_stands(await known_case(uow, ref), heard, standing)
        viewer = ports.viewer(caller, uow.now)
        why: str | Opened = purpose
        if break_glass_id is not None:
            why = Opened(await break_glass.find(uow.connection, break_glass_id))
            refused = refusal(why.one, case, caller)
        shown = await ports.vault.show(uow, case, viewer, caller, why)
        shown = await family.with_relatives(uow, ports, shown, viewer)
        return shown, await _deadlines_of(uow, ports, shown)

    # Refused only after the commit: the attempt is to stay in the log.
    seen, deadlines = await ports.units.run(show)
    if seen.access.detail is Detail.NOTHING:
        raise refused
    if seen.is_erased:
        raise CaseErased
    return seen, deadlines


async def _deadlines_of(uow: UnitOfWork, ports: Ports, seen: SeenCase) -> Deadlines:
    """What the law wants to be done at once; nothing for who does not see the whole case."""
    if seen.access.detail < Detail.CASE:
        return Deadlines()
    steps = await legal_steps.of_case(uow.connection, seen.case.id)
    awaited = await undecided.load(uow.connection, seen.case.id)
    reply = reply_due(awaited, ports.calendar) if awaited is not None else None
    return Deadlines(steps, awaited, reply)


async def list_cases(
    ports: Ports, caller: Caller, wanted: CasesWanted, *, before: UUID | None, limit: int
) -> Sequence[SeenCase]:
    """Cases of the caller's office or in its scope, newest first, older than `before`, without identity."""
    viewer = ports.viewer(caller, ports.units.clock.now())

    async def find(uow: UnitOfWork) -> Sequence[Case]:
        return await storage.list_cases(uow.connection, viewer, wanted, before, limit)

    return [SeenCase(case, access_of(case, viewer)) for case in await ports.units.read(find)]


async def list_access_log(
    ports: Ports, caller: Caller, *, ref: CaseRef | None, wanted: ReadsWanted, before: int | None, limit: int
) -> LogPage:
    """Who read which identity, newest first, older than `before`, and whether the chain of these entries is intact.

    Whoever audits a province sees what its offices read. Raises CaseNotFound.
    """
    offices = ports.sight.audits(caller)

    async def find(uow: UnitOfWork) -> LogPage:
        case_id = None if ref is None else (await known_case(uow, ref)).id
        return await ports.vault.log(uow.connection, replace(wanted, case_id=case_id, offices=offices), before, limit)

    return await ports.units.read(find)
