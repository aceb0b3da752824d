"""After each change of a case: is she apart from somebody from whom she must not be parted, or together again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.handover.domain.case import CaseCustody
from services.handover.domain.families import (
    FamilyParted,
    FamilyTogether,
    Parting,
    PartingReason,
    Relative,
    Whereabouts,
    apart,
    apart_as_planned,
    is_over,
    warning_of,
)
from services.handover.domain.words import Phase, TransferWarning
from services.handover.storage import cases
from services.handover.storage import families as storage
from services.handover.wire import events


async def settle(uow: UnitOfWork, case: CaseCustody) -> None:
    """Tell which relatives came apart from her by what was just saved, and which are with her again."""
    if not case.belongs_together:
        return
    connection = uow.connection
    known = [each for each in await storage.partings_of(connection, case.case_id) if each.reunited_at is None]
    others = {each.case_id for each in await storage.relatives_of(connection, case.case_id)}
    others |= {_other(each, case.case_id) for each in known}
    await storage.lock_pairs(connection, case.case_id, others)
    relatives = {each.case_id: each for each in await storage.relatives_of(connection, case.case_id)}
    open_now = {
        _other(each, case.case_id): each
        for each in await storage.partings_of(connection, case.case_id)
        if each.reunited_at is None
    }
    here = _whereabouts(case)
    for other_id in sorted(others):
        relative = relatives.get(other_id)
        if relative is None:
            await _no_relatives(uow, open_now.get(other_id))
        else:
            await _settle_two(uow, here, relative, open_now.get(other_id))


async def settle_all(uow: UnitOfWork, case_ids: Sequence[UUID]) -> None:
    """The same for many cases, locked, that were changed by one statement."""
    for case_id in await storage.with_relatives(uow.connection, case_ids):
        case = await cases.load_case(uow.connection, case_id)
        assert case is not None, "it has relatives"
        await settle(uow, case)


async def warnings_for(uow: UnitOfWork, case: CaseCustody) -> tuple[TransferWarning, ...]:
    """What the office should think about: relatives from whom she is, or would be, parted."""
    if not case.belongs_together:
        return ()
    here = _whereabouts(case)
    found = set()
    for relative in await storage.relatives_of(uow.connection, case.case_id):
        reason = None if is_over(here, relative) else apart_as_planned(here, relative)
        if reason is not None:
            found.add(warning_of(reason))
    return tuple(sorted(found))


async def partings_of(uow: UnitOfWork, case_id: UUID) -> list[Parting]:
    """When she was apart from relatives, oldest first."""
    return await storage.partings_of(uow.connection, case_id)


async def link(uow: UnitOfWork, case: CaseCustody, relative: Relative) -> None:
    """A case told of a relative, or anew whether the two may be parted."""
    # The other case may tell of the same at this instant: the second of the two sees both.
    await storage.lock_pairs(uow.connection, case.case_id, (relative.case_id,))
    await storage.put_relative(uow.connection, case.case_id, relative)
    await settle(uow, replace(case, belongs_together=True))


async def unlink(uow: UnitOfWork, case: CaseCustody, other_id: UUID) -> None:
    """The two are no relatives after all."""
    await storage.remove_relative(uow.connection, case.case_id, other_id)
    await settle(uow, replace(case, belongs_together=True))


async def _settle_two(uow: UnitOfWork, here: Whereabouts, there: Whereabouts, known: Parting | None) -> None:
    if is_over(here, there):
        if known is not None and Phase.WITHDRAWN in (here.phase, there.phase):
            await _no_relatives(uow, known)
        return
    reason = apart(here, there)
    if reason is (known.reason if known is not None else None):
        return
    if known is not None:
        await storage.save_parting(uow.connection, replace(known, reunited_at=uow.now))
    if reason is not None:
        first, second = sorted((here.case_id, there.case_id))
        await storage.save_parting(uow.connection, Parting(uow.new_id(), first, second, reason, uow.now))
    for one, other in ((here, there), (there, here)):
        _tell(uow, one, other, reason)


def _tell(uow: UnitOfWork, one: Whereabouts, other: Whereabouts, reason: PartingReason | None) -> None:
    to_office_id = one.to_office_id if one.under_way else ""
    if reason is None:
        event: FamilyParted | FamilyTogether = FamilyTogether(other.case_id, one.office_id, to_office_id)
    else:
        event = FamilyParted(other.case_id, reason, one.office_id, to_office_id)
    uow.append(events.family_event(one.case_id, event), one.case_id)


async def _no_relatives(uow: UnitOfWork, known: Parting | None) -> None:
    """They may be parted, or are no relatives after all: whoever was asked to bring them together need not."""
    if known is None:
        return
    await storage.save_parting(uow.connection, replace(known, reunited_at=uow.now))
    for case_id, other_id in ((known.case_id, known.other_case_id), (known.other_case_id, known.case_id)):
        uow.append(events.family_event(case_id, FamilyTogether(other_id, "", "", may_part=True)), case_id)


def _other(parting: Parting, case_id: UUID) -> UUID:
    return parting.other_case_id if parting.case_id == case_id else parting.case_id


def _whereabouts(case: CaseCustody) -> Whereabouts:
    return Whereabouts(case.case_id, case.case_number, case.phase, case.office_id, case.addressee_id, case.is_under_way)
