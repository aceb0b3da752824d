"""One case: locked, loaded and saved.

The row of a case in `custody` is the lock of all that belongs to the case. It is locked by a
statement of its own, before anything else is read: a statement that waits for a lock goes on with
the other tables as they were before the wait.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.places import ProvinceRef
from services.chassis.service.obligations import arm, armed_of, disarm, obligation_of
from services.chassis.storage.database import plain_array
from services.handover.domain.case import CaseCustody, Decided, Person
from services.handover.domain.closed import Closing
from services.handover.domain.events import (
    AcknowledgementRetracted,
    SearchResolved,
    TransferRedirected,
    TransferSuperseded,
)
from services.handover.domain.moment import Missed, Watch
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import ENDED, Identification, Phase
from services.handover.storage import answers, arrivals, claims
from services.handover.storage.rows import (
    begun_of,
    closing_of,
    closing_values,
    search_of,
    search_values,
    stay_of,
    stay_values,
    transfer_of,
    transfer_values,
    watch_of,
)
from services.handover.storage.tables import CLOSING, CUSTODY, SEARCH, SEGMENT, STAY, STEP, TRANSFER

_FIND = "SELECT case_id FROM custody WHERE {column} = :ref"
_LOCK_SOME = text(
    "SELECT case_id FROM custody WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE SKIP LOCKED"
)
_LOCK_IDS = text("SELECT case_id FROM custody WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE")
_UNADDRESSED = text(
    """
    SELECT t.case_id FROM office_end e
    JOIN transfer t ON t.to_office_id = e.office_id AND t.state IN ('PLANNED', 'DISPATCHED')
    JOIN custody c ON c.case_id = t.case_id AND c.phase <> 'SEARCH'
    WHERE e.successor_id IS NULL ORDER BY t.case_id LIMIT :limit
    """
)
_LOCK_ALL = text(
    "SELECT case_id, case_number FROM custody WHERE case_id = ANY(CAST(:ids AS uuid[]))"
    " OR case_number = ANY(CAST(:numbers AS text[])) ORDER BY case_id FOR UPDATE"
)
_CASE = text(
    """
    SELECT c.*, s.cause, s.started_at, s.reassign_reason,
        (SELECT d.status FROM decision d WHERE d.case_id = c.case_id ORDER BY d.revision DESC LIMIT 1)
            AS identification,
        EXISTS (SELECT 1 FROM relative r WHERE r.case_id = c.case_id AND r.keep_together)
            OR EXISTS (SELECT 1 FROM parting p WHERE p.case_id = c.case_id AND p.reunited_at IS NULL)
            OR EXISTS (SELECT 1 FROM parting p WHERE p.other_case_id = c.case_id AND p.reunited_at IS NULL)
            AS belongs_together
    FROM custody c
    JOIN custody_segment s ON s.case_id = c.case_id AND s.number = c.segment
    WHERE c.case_id = :case_id
    """
)
# The open one, or the one that ended last: an earlier one ends anew when she arrives with it all the same, and then
# what took its place ends in the same instant.
_LATEST_TRANSFER = text(
    """
    SELECT t.*, max(number) OVER () AS made FROM transfer t WHERE case_id = :case_id
    ORDER BY ended_at DESC NULLS FIRST, acknowledged_at DESC NULLS LAST, number DESC LIMIT 1
    """
)
_OPEN_SEARCH = text("SELECT * FROM search WHERE case_id = :case_id AND resolved_at IS NULL")
_STEPS = text("SELECT * FROM search_step WHERE search_id = :id ORDER BY number")
_CLOSING = text("SELECT * FROM closing WHERE case_id = :case_id AND segment = :segment")
_STAYS = text("SELECT * FROM stay WHERE case_id = :case_id AND NOT retracted ORDER BY segment")


async def lock_case(connection: AsyncConnection, ref: CaseRef) -> CaseCustody | None:
    """Lock a case until the commit, and load it; None when there is none."""
    return await _load(connection, ref, " FOR UPDATE")


async def load_case(connection: AsyncConnection, ref: CaseRef) -> CaseCustody | None:
    """Load a case without a lock; None when there is none."""
    return await _load(connection, ref, "")


async def lock_cases(connection: AsyncConnection, cases: Sequence[UUID]) -> set[UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    rows = await connection.execute(_LOCK_SOME, {"cases": plain_array(cases)})
    return {row.case_id for row in rows}


async def unaddressed(connection: AsyncConnection, limit: int) -> list[UUID]:
    """Cases with a transfer open to an office that ended without a successor, and no search."""
    return [row.case_id for row in await connection.execute(_UNADDRESSED, {"limit": limit})]


async def wait_for_cases(connection: AsyncConnection, cases: Collection[UUID]) -> None:
    """Lock all of the cases that there are, in the order of their ids."""
    await connection.execute(_LOCK_IDS, {"cases": plain_array(cases)})


async def lock_refs(connection: AsyncConnection, refs: Sequence[CaseRef]) -> Mapping[CaseRef, UUID]:
    """Lock all of the cases, in the order of their ids; those that there are, by what named them."""
    ids = [ref for ref in refs if isinstance(ref, UUID)]
    numbers = [ref for ref in refs if not isinstance(ref, UUID)]
    found: dict[CaseRef, UUID] = {}
    for row in await connection.execute(_LOCK_ALL, {"ids": ids, "numbers": numbers}):
        found[row.case_id] = found[row.case_number] = row.case_id
    return found


async def _load(connection: AsyncConnection, ref: CaseRef, lock: str) -> CaseCustody | None:
    column = "case_id" if isinstance(ref, UUID) else "case_number"
    find = text(_FIND.format(column=column) + lock)
    case_id = await connection.scalar(find, {"ref": ref})
    if case_id is None:
        return None
    row = (await connection.execute(_CASE, {"case_id": case_id})).one()
    transfer = (await connection.execute(_LATEST_TRANSFER, {"case_id": case_id})).first()
    return CaseCustody(
        case_id=row.case_id,
        case_number=row.case_number,
        phase=Phase(row.phase),
        segment=begun_of(row, row.segment, row.accountable_office_id),
        registering_office_id=row.registering_office_id,
        present_since_on=row.present_since_on,
        person=Person(ProvinceRef.parse(row.home_province) if row.home_province else None, row.age_band),
        watch=await _watch_of(connection, case_id),
        missed=Missed(row.missed_rule, row.missed_due_on) if row.missed_rule else None,
        transfer=transfer_of(transfer) if transfer is not None else None,
        transfers_made=transfer.made if transfer is not None else 0,
        search=await _open_search_of(connection, case_id) if row.phase == Phase.SEARCH else None,
        arrivals=tuple(row.arrivals),
        days=await arrivals.days_of(connection, case_id, row.arrivals) if row.arrivals else (),
        stays=await _stays_of(connection, case_id) if row.arrivals else (),
        followup_watches=row.followup_watches,
        visited=row.visited,
        visited_on=row.visited_on,
        period_ended=row.period_ended,
        earlier_case_id=row.earlier_case_id,
        identification=Identification(row.identification) if row.identification else None,
        closing=await _closing_of(connection, row) if Phase(row.phase) in ENDED else None,
        belongs_together=row.belongs_together,
        version=row.version,
    )


async def _watch_of(connection: AsyncConnection, case_id: UUID) -> Watch | None:
    armed = await armed_of(connection, case_id)
    if not armed:
        return None
    (one,) = armed
    return watch_of(one)


async def _open_search_of(connection: AsyncConnection, case_id: UUID) -> Search | None:
    row = (await connection.execute(_OPEN_SEARCH, {"case_id": case_id})).first()
    if row is None:
        return None
    steps = await connection.execute(_STEPS, {"id": row.id})
    return search_of(row, steps, (await claims.claims_of(connection, [row.id])).get(row.id, ()))


async def _closing_of(connection: AsyncConnection, row: Any) -> Closing | None:
    found = (await connection.execute(_CLOSING, {"case_id": row.case_id, "segment": row.segment})).first()
    return closing_of(found) if found is not None else None


async def _stays_of(connection: AsyncConnection, case_id: UUID) -> tuple[Stay, ...]:
    return tuple(stay_of(row) for row in await connection.execute(_STAYS, {"case_id": case_id}))


# Saving ---------------------------------------------------------------------------------------

_END_SEGMENTS = text(
    "UPDATE custody_segment SET ended_at = :now WHERE case_id = :case_id AND ended_at IS NULL AND number < :before"
)
_RETRACT_STAYS = text("UPDATE stay SET retracted = true WHERE case_id = :case_id AND NOT segment = ANY(:standing)")


async def save(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    """Write what a verb changed. The case must be locked, or new (`before` None)."""
    after = outcome.case
    if before is not None and after is before:
        return
    await _save_custody(uow, before, after)
    await _save_segment(uow, before, after)
    await arrivals.save(uow, before, outcome)
    await _save_stays(uow, before, after)
    await _save_transfers(uow, before, outcome)
    await _save_search(uow, before, outcome)
    await _save_closing(uow, before, after)
    await _save_watch(uow, before, after)


async def _save_custody(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    values = {
        "case_id": after.case_id,
        "case_number": after.case_number,
        "phase": after.phase.value,
        "accountable_office_id": after.office_id,
        "segment": after.segment.number,
        "registering_office_id": after.registering_office_id,
        "present_since_on": after.present_since_on,
        "home_province": str(after.person.home_province) if after.person.home_province else None,
        "age_band": after.person.age_band,
        "arrivals": list(after.arrivals),
        "followup_watches": after.followup_watches,
        "visited": after.visited,
        "visited_on": after.visited_on,
        "period_ended": after.period_ended,
        "earlier_case_id": after.earlier_case_id,
        "watch_rule": after.watch.rule if after.watch else None,
        "watch_due_on": after.watch.due.due_on if after.watch else None,
        "missed_rule": after.missed.rule if after.missed else None,
        "missed_due_on": after.missed.due_on if after.missed else None,
        "version": after.version,
        "changed_at": uow.now,
    }
    if before is None:
        await uow.connection.execute(insert(CUSTODY).values(**values, opened_at=uow.now))
        return
    change = CUSTODY.update().where(CUSTODY.c.case_id == after.case_id)
    await uow.connection.execute(change.values(**values))


async def _save_segment(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    begins = before is None or after.segment.number > before.segment.number
    ends = not after.is_open
    if begins or ends:
        number = after.segment.number + (1 if ends else 0)
        key = {"case_id": after.case_id, "now": uow.now, "before": number}
        await uow.connection.execute(_END_SEGMENTS, key)
    if begins:
        reason = after.segment.reassigned_for
        row = {
            "case_id": after.case_id,
            "number": after.segment.number,
            "office_id": after.segment.office_id,
            "cause": after.segment.cause.value,
            "reassign_reason": reason.value if reason else None,
            "started_at": after.segment.started_at,
            "ended_at": None,
        }
        await uow.connection.execute(insert(SEGMENT).values(**row))


async def _save_stays(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    known = before.stays if before is not None else ()
    if after.stays == known:
        return
    for stay in after.stays:
        if stay not in known:
            row = stay_values(after.case_id, stay)
            await uow.connection.execute(_put(STAY, row, key=("case_id", "segment")))
    standing = [stay.segment for stay in after.stays]
    if any(stay.segment not in standing for stay in known):
        await uow.connection.execute(_RETRACT_STAYS, {"case_id": after.case_id, "standing": standing})


async def _save_transfers(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    case = outcome.case
    # What ended goes first: the database refuses two open ones.
    changed: list[Transfer] = [
        event.transfer
        for event in outcome.events
        if isinstance(event, TransferRedirected | TransferSuperseded | AcknowledgementRetracted)
    ]
    if case.transfer is not None and (before is None or case.transfer != before.transfer):
        changed.append(case.transfer)
    for transfer in changed:
        await uow.connection.execute(_put(TRANSFER, transfer_values(case.case_id, transfer)))
    for event in outcome.events:
        await answers.save(uow, event)


async def _save_search(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    case = outcome.case
    for event in outcome.events:
        if isinstance(event, SearchResolved):
            ended = search_values(case.case_id, event.office_id, event.search)
            await uow.connection.execute(_put(SEARCH, ended))
            before_it = before.search.claims if before is not None and before.search is not None else ()
            await claims.save(uow.connection, event.search, before_it)
    search, known = case.search, before.search if before is not None else None
    if search is None:
        return
    moved = before is not None and before.office_id != case.office_id
    if search != known or moved:
        await uow.connection.execute(_put(SEARCH, search_values(case.case_id, case.office_id, search)))
        await claims.save(uow.connection, search, known.claims if known is not None else ())
    taken = search.steps[len(known.steps) if known is not None else 0 :]
    for step in taken:
        row = {
            "search_id": search.id,
            "number": step.number,
            "kind": step.kind.value,
            "office_id": step.office_id,
            "taken_on": step.taken_on,
            "successful": step.successful,
            "recorded_at": uow.now,
        }
        await uow.connection.execute(insert(STEP).values(**row))


async def _save_closing(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    known = before.closing if before is not None else None
    if after.closing is not None and after.closing != known:
        row = closing_values(after.case_id, after.closing)
        await uow.connection.execute(_put(CLOSING, row, key=("case_id", "segment")))


async def _save_watch(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    watch = after.watch
    if before is not None and watch is before.watch:
        return
    if before is not None and before.watch is not None:
        await disarm(uow.connection, after.case_id)
    if watch is not None:
        armed = obligation_of(
            uow,
            after.case_id,
            watch.due,
            is_primary=watch.is_primary,
            reference_id=watch.reference_id,
            level=watch.level,
            fire_at=watch.fire_at,
        )
        await arm(uow.connection, [armed])


def _put(table: Table, row: Mapping[str, object], key: Sequence[str] = ("id",)) -> Any:
    """Insert the row, or replace the one with its key."""
    changed = {column: value for column, value in row.items() if column not in key}
    return upsert(table).values(**row).on_conflict_do_update(index_elements=list(key), set_=changed)
