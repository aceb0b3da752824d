"""Opening a record by break-glass, reviewing what was opened, and telling that nobody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date, start_of_local_day
from services.chassis.kernel.roles import Caller, Role
from services.chassis.service.obligations import ArmedObligation, arm, disarm, obligation_of
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain.access import Viewer
from services.intake.domain.break_glass import (
    A_DAY_MAX,
    OPEN_FOR,
    RULE,
    VIEW_OF,
    BreakGlass,
    BreakGlassNotFound,
    BreakGlassReviewed,
    Reason,
    Review,
    SeenBreakGlass,
    TooManyBreakGlass,
    Verdict,
    check_words,
    may_open,
    may_review,
    next_review_due,
    require_may_open,
    require_reviewer,
    review_due,
)
from services.intake.domain.case import Case
from services.intake.storage import break_glass as storage
from services.intake.storage import cases

_RULES: Final = (RULE,)


async def open_record(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, reason: Reason, words: str
) -> SeenBreakGlass:
    """Open one record for one account, and watch until somebody else reviews that.

    Raises CaseNotFound, BreakGlassNotNeeded, BreakGlassNotYours, TooManyBreakGlass, InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    checked = check_words(reason, words)
    case = await known_case(uow, ref, lock=True)
    require_may_open(case, viewer, reason)
    since = start_of_local_day(local_date(uow.now))
    if await storage.opened_since(uow.connection, caller.subject, since) >= A_DAY_MAX:
        raise TooManyBreakGlass(limit=str(A_DAY_MAX))
    due = review_due(uow.now, ports.calendar)
    one = BreakGlass(
        id=uow.new_id(),
        case_id=case.id,
        subject=caller.subject,
        office_id=caller.office_id,
        role=viewer.role,
        reason=reason,
        view=VIEW_OF[reason],
        opened_at=uow.now,
        expires_at=uow.now + OPEN_FOR,
        review_due_on=due.due_on,
    )
    await storage.add(uow.connection, one, await ports.vault.seal_reason(uow.connection, one, checked))
    await arm(uow.connection, [obligation_of(uow, case.id, due, is_primary=False, reference_id=one.id)])
    uow.append(wire.break_glass_opened(one, case), case.id)
    return _seen(uow, one, case, viewer, caller, 0)


async def review(
    uow: UnitOfWork, ports: Ports, caller: Caller, break_glass_id: UUID, verdict: Verdict
) -> SeenBreakGlass:
    """Say whether there was a reason; without one, what was opened is closed at once.

    Raises BreakGlassNotFound, OwnBreakGlass, BreakGlassReviewed.
    """
    viewer = ports.viewer(caller, uow.now)
    one = await _known(uow, break_glass_id)
    case = await known_case(uow, one.case_id, lock=True)
    require_reviewer(one, case, viewer, caller)
    said = Review(verdict, caller.office_id, caller.subject, uow.now)
    if not await storage.review(uow.connection, one.id, said):
        raise BreakGlassReviewed
    await disarm(uow.connection, case.id, rules=_RULES, reference_id=one.id)
    uow.append(wire.break_glass_reviewed(one, said, case), case.id)
    reads = await storage.reads(uow.connection, [one.id])
    return _seen(uow, replace(one, review=said), case, viewer, caller, reads.get(one.id, 0))


async def unreviewed(uow: UnitOfWork, calendar: WorkingCalendar, fired: ArmedObligation, *, late: bool) -> None:
    """Nobody has reviewed in time what was opened of a locked case: tell it, and watch on."""
    assert fired.reference_id is not None, "an obligation about nothing"
    one = await _known(uow, fired.reference_id)
    case = await known_case(uow, fired.case_id)
    level = fired.level + 1
    due = next_review_due(fired.due, uow.now, calendar)
    following = obligation_of(uow, case.id, due, is_primary=False, reference_id=one.id, level=level)
    await arm(uow.connection, [following])
    uow.append(wire.break_glass_unreviewed(one, case, level, late=late), case.id)


async def get(ports: Ports, caller: Caller, break_glass_id: UUID) -> tuple[SeenBreakGlass, str]:
    """One of them, and for whoever may review it now the words of its reason, which is logged.

    Raises BreakGlassNotFound.
    """

    async def find(uow: UnitOfWork) -> tuple[SeenBreakGlass, str]:
        viewer = ports.viewer(caller, uow.now)
        one = await _known(uow, break_glass_id)
        case = await known_case(uow, one.case_id)
        if not _may_see(ports, one, case, viewer, caller):
            raise BreakGlassNotFound
        reads = await storage.reads(uow.connection, [one.id])
        seen = _seen(uow, one, case, viewer, caller, reads.get(one.id, 0))
        if not seen.for_caller:
            return seen, ""
        sealed = await storage.sealed_reason(uow.connection, one.id)
        return seen, await ports.vault.open_reason(uow, one, sealed, caller)

    return await ports.units.run(find)


async def list_opened(
    ports: Ports, caller: Caller, *, ref: CaseRef | None, waiting_only: bool, before: UUID | None, limit: int
) -> Sequence[SeenBreakGlass]:
    """What the caller's office opened, what was opened in a supervisor's scope, or for an auditor everything there.

    Of a case that there is not as little as of one that is none of the caller's: no number is tried out here.
    """

    async def find(uow: UnitOfWork) -> Sequence[SeenBreakGlass]:
        viewer = ports.viewer(caller, uow.now)
        known = None if ref is None else await cases.load(uow.connection, ref)
        if ref is not None and known is None:
            return []
        found = await storage.list_opened(
            uow.connection,
            own=ports.sight.audits(caller) if caller.role is Role.AUDITOR else viewer.holds,
            overseen=viewer if viewer.role is Role.SUPERVISOR else None,
            case_id=known.id if known is not None else None,
            waiting_only=waiting_only,
            before=before,
            limit=limit,
        )
        reads = await storage.reads(uow.connection, [one.id for one in found])
        about = await cases.load_all(uow.connection, {one.case_id for one in found})
        return [_seen(uow, one, about[one.case_id], viewer, caller, reads.get(one.id, 0)) for one in found]

    return await ports.units.read(find)


def _may_see(ports: Ports, one: BreakGlass, case: Case, viewer: Viewer, caller: Caller) -> bool:
    if caller.role is Role.AUDITOR:
        audited = ports.sight.audits(caller)
        return audited is None or one.office_id in audited
    return one.office_id in viewer.holds or (viewer.role is Role.SUPERVISOR and viewer.oversees(case))


async def _known(uow: UnitOfWork, break_glass_id: UUID) -> BreakGlass:
    one = await storage.find(uow.connection, break_glass_id)
    if one is None:
        raise BreakGlassNotFound
    return one


def _seen(uow: UnitOfWork, one: BreakGlass, case: Case, viewer: Viewer, caller: Caller, reads: int) -> SeenBreakGlass:
    return SeenBreakGlass(
        one=one,
        case_number=case.number,
        reads=reads,
        for_caller=one.review is None and may_review(one, case, viewer, caller),
        of_caller=one.is_of(caller) and one.is_open(uow.now) and may_open(case, viewer),
    )
