"""What handover moves when an office ends, and how due dates move with the calendar: many cases at a time.

`domain.custody.succeeded` and `orphaned` say what happens to one case. Thousands of cases of one office move in one
transaction, so it is done by statements over all of them; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.service.obligations import recount
from services.handover.domain.events import CustodyChanged, Event, FoundClaimSettled, PersonLost
from services.handover.domain.moment import Moment
from services.handover.domain.search import Search
from services.handover.domain.words import Cause, LostReason, Phase, RuleCode
from services.handover.storage.claims import claim_of

_OPEN: Final = "phase NOT IN ('CLOSED', 'WITHDRAWN')"
_UNDER_WAY: Final = "state IN ('PLANNED', 'DISPATCHED')"

# A journey from an office to the one that succeeds it stays as it is named (`domain.custody.succeeded`), and none moves
# to a supervisor, who cannot receive anybody.
_LEFT = text(
    f"""
    SELECT o AS office_id,
           (SELECT count(*) FROM custody c WHERE c.accountable_office_id = o AND c.{_OPEN})
         + (SELECT count(*) FROM transfer t WHERE t.to_office_id = o AND t.{_UNDER_WAY}
            AND (e.heir_id IS NULL OR e.successor_id IS NOT NULL AND t.from_office_id <> e.heir_id))
         + (SELECT count(*) FROM transfer t WHERE t.from_office_id = o AND t.{_UNDER_WAY}
            AND (e.heir_id IS NULL OR e.successor_id IS NOT NULL AND t.to_office_id <> e.heir_id)) AS held
    FROM unnest(CAST(:offices AS text[])) AS o LEFT JOIN office_end e ON e.office_id = o
    """
)
_CASES = text(
    f"""
    SELECT case_id FROM custody WHERE accountable_office_id = :ended AND {_OPEN}
    UNION SELECT case_id FROM transfer WHERE to_office_id = :ended AND {_UNDER_WAY}
    UNION SELECT case_id FROM transfer WHERE from_office_id = :ended AND {_UNDER_WAY}
    UNION SELECT s.case_id FROM found_claim f JOIN search s ON s.id = f.search_id
          WHERE f.office_id = :ended AND f.state = 'STANDING'
    """
)
_LOCK = text("SELECT 1 FROM custody WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE")
_OWN: Final = f"c.case_id = ANY(CAST(:cases AS uuid[])) AND c.accountable_office_id = :ended AND c.{_OPEN}"
_COUNT = text(
    f"""
    SELECT (SELECT count(*) FROM custody c WHERE {_OWN}) AS custodies,
           (SELECT count(*) FROM custody c JOIN obligation o USING (case_id)
            WHERE {_OWN} AND o.state = 'ARMED') AS deadlines,
           (SELECT count(*) FROM custody c JOIN search s USING (case_id)
            WHERE {_OWN} AND s.resolved_at IS NULL) AS searches,
           (SELECT count(*) FROM transfer t WHERE t.case_id = ANY(CAST(:cases AS uuid[])) AND t.{_UNDER_WAY}
            AND (t.to_office_id = :ended AND t.from_office_id <> :heir
                 OR t.from_office_id = :ended AND t.to_office_id <> :heir)) AS transfers
    """
)
_READDRESS = text(
    f"""
    UPDATE transfer t
    SET from_office_id = CASE WHEN from_office_id = :ended THEN :heir ELSE from_office_id END,
        to_office_id = CASE WHEN to_office_id = :ended THEN :heir ELSE to_office_id END,
        version = version + 1
    WHERE t.case_id = ANY(CAST(:cases AS uuid[])) AND t.{_UNDER_WAY}
      AND (t.to_office_id = :ended AND t.from_office_id <> :heir
           OR t.from_office_id = :ended AND t.to_office_id <> :heir)
    """
)
_END_SEGMENTS = text(
    f"""
    UPDATE custody_segment s SET ended_at = :now FROM custody c
    WHERE {_OWN} AND s.case_id = c.case_id AND s.number = c.segment
    """
)
# A claim that she is with the office is answered by its heir; a supervisor, with whom nobody can be, is not asked.
_PASS_CLAIMS = text("UPDATE found_claim SET office_id = :heir WHERE office_id = :ended AND state = 'STANDING'")
_DROP_CLAIMS = text(
    """
    UPDATE found_claim f SET state = 'OVERTAKEN', settled_by_office_id = :heir, settled_at = :now
    FROM search s JOIN custody c USING (case_id)
    WHERE f.office_id = :ended AND f.state = 'STANDING' AND s.id = f.search_id
    RETURNING f.*, s.reason, s.opened_at, s.version AS search_version, c.case_id, c.case_number,
        c.accountable_office_id
    """
)
_BEGIN_SEGMENTS = text(
    f"""
    INSERT INTO custody_segment (case_id, number, office_id, cause, started_at)
    SELECT c.case_id, c.segment + 1, :heir, 'OFFICE_ENDED', :now FROM custody c WHERE {_OWN}
    """
)
_PASS_SEARCHES = text(
    f"UPDATE search s SET office_id = :heir FROM custody c"
    f" WHERE {_OWN} AND s.case_id = c.case_id AND s.resolved_at IS NULL"
)
_PASS = text(
    f"""
    UPDATE custody c
    SET accountable_office_id = :heir, segment = segment + 1, version = version + 1, changed_at = :now,
        registering_office_id = CASE WHEN registering_office_id = :ended AND :can_take_over
            THEN :heir ELSE registering_office_id END
    WHERE {_OWN}
    """
)
_ORPHANS = text(
    f"""
    SELECT c.case_id, c.case_number, c.segment, c.phase, c.age_band, s.id IS NOT NULL AS is_searched, t.to_office_id
    FROM custody c
    LEFT JOIN search s ON s.case_id = c.case_id AND s.resolved_at IS NULL
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.{_UNDER_WAY}
    WHERE {_OWN} ORDER BY c.case_id
    """
)
_OPEN_SEARCHES = text(
    """
    INSERT INTO search (id, case_id, office_id, reason, opened_at, level, version)
    SELECT k.search_id, k.case_id, :heir, 'OFFICE_ENDED', :now, 0, 1
    FROM unnest(CAST(:lost AS uuid[]), CAST(:searches AS uuid[])) AS k (case_id, search_id)
    """
)
_DISARM = text(
    "UPDATE obligation SET state = 'DISARMED' WHERE case_id = ANY(CAST(:lost AS uuid[])) AND state = 'ARMED'"
)
_WATCH_SEARCHES = text(
    """
    INSERT INTO obligation (id, case_id, reference_id, rule, rule_version, calendar_version, is_primary, due_on, due_at,
                            state, level, counted_from, late)
    SELECT k.obligation_id, k.case_id, k.search_id, :rule, :rule_version, :calendar_version, NOT c.followup_watches,
           :due_on, :due_at, 'ARMED', 0, :counted_from, false
    FROM unnest(CAST(:lost AS uuid[]), CAST(:searches AS uuid[]), CAST(:obligations AS uuid[]))
        AS k (case_id, search_id, obligation_id) JOIN custody c USING (case_id)
    """
)
_LOSE = text(
    """
    UPDATE custody SET phase = 'SEARCH', watch_rule = :rule, watch_due_on = :due_on, missed_rule = NULL,
                       missed_due_on = NULL
    WHERE case_id = ANY(CAST(:lost AS uuid[]))
    """
)

_COPY_DUE_DATES = text(
    """
    UPDATE custody c SET watch_due_on = o.due_on, version = c.version + 1, changed_at = :now
    FROM obligation o
    WHERE c.case_id = ANY(CAST(:cases AS uuid[])) AND o.case_id = c.case_id AND o.state = 'ARMED'
      AND c.watch_rule = o.rule AND c.watch_due_on IS DISTINCT FROM o.due_on
    """
)
_COPY_ACKNOWLEDGE_DUE = text(
    """
    UPDATE transfer t SET acknowledge_due_on = o.due_on, version = t.version + 1
    FROM obligation o
    WHERE o.case_id = ANY(CAST(:cases AS uuid[])) AND o.state = 'ARMED' AND o.rule = 'TRANSFER_ACKNOWLEDGE'
      AND t.case_id = o.case_id AND t.state = 'DISPATCHED' AND t.acknowledge_due_on <> o.due_on
    """
)
_COPY_STAY_DUE = text(
    """
    UPDATE stay s SET due_on = o.due_on, calendar_version = o.calendar_version
    FROM obligation o, custody c
    WHERE o.case_id = ANY(CAST(:cases AS uuid[])) AND o.state = 'ARMED' AND o.rule = 'FACILITY_STAY_' || s.kind
      AND c.case_id = o.case_id AND s.case_id = c.case_id AND s.due_on <> o.due_on
      AND s.segment = (SELECT max(l.segment) FROM stay l WHERE l.case_id = c.case_id AND NOT l.retracted)
    """
)


Tell: TypeAlias = Callable[[UnitOfWork, UUID, str, Sequence[Event]], None]
"""Tells of the case of an id and a number what became of it."""
Settle: TypeAlias = Callable[[UnitOfWork, Sequence[UUID]], Awaitable[None]]
"""Looks for relatives who came apart, or together, by what was done with these locked cases."""


@dataclass(frozen=True)
class HandoverHoldings:
    """What handover holds for offices: open custodies with their deadlines and searches, and open transfers."""

    directory: Directory
    calendar: WorkingCalendar
    tell: Tell
    settle: Settle

    async def left(self, connection: AsyncConnection, office_ids: Sequence[str]) -> Mapping[str, int]:
        """Open custodies and transfers that are still with these offices."""
        rows = await connection.execute(_LEFT, {"offices": list(office_ids)})
        return {row.office_id: row.held for row in rows}

    async def count(self, connection: AsyncConnection, office_id: str, heir_id: str) -> Mapping[str, int]:
        """What `move` would move."""
        ids = {"ended": office_id, "heir": heir_id}
        cases = [row.case_id for row in await connection.execute(_CASES, {"ended": office_id})]
        counted = (await connection.execute(_COUNT, ids | {"cases": cases})).one()._mapping
        return dict(counted) | ({} if self._can_take_over(office_id, heir_id) else {"transfers": 0})

    async def move(self, uow: UnitOfWork, office_id: str, heir_id: str) -> Mapping[str, int]:
        """Make the heir accountable, sender and addressee where the office was; a supervisor searches instead."""
        execute = uow.connection.execute
        cases = [row.case_id for row in await execute(_CASES, {"ended": office_id})]
        await execute(_LOCK, {"cases": cases})
        moved = await self.count(uow.connection, office_id, heir_id)
        takes_over = self._can_take_over(office_id, heir_id)
        parameters = {"cases": cases, "ended": office_id, "heir": heir_id}
        if takes_over:
            await execute(_READDRESS, parameters)
            await execute(_PASS_CLAIMS, {"ended": office_id, "heir": heir_id})
        else:
            await self._search_for_orphans(uow, parameters)
            await self._drop_claims(uow, office_id, heir_id)
        await execute(_END_SEGMENTS, parameters | {"now": uow.now})
        await execute(_BEGIN_SEGMENTS, parameters | {"now": uow.now})
        await execute(_PASS_SEARCHES, parameters)
        await execute(_PASS, parameters | {"now": uow.now, "can_take_over": takes_over})
        await self.settle(uow, cases)
        return moved

    def _can_take_over(self, office_id: str, heir_id: str) -> bool:
        return self.directory.office(heir_id).role is self.directory.office(office_id).role

    async def _search_for_orphans(self, uow: UnitOfWork, parameters: Mapping[str, object]) -> None:
        """Open a search for everybody who is not searched for yet, and tell of each: somebody has to look now."""
        at = Moment(uow.now, self.calendar)
        due = at.due(RuleCode.SEARCH_ESCALATE, at.today)
        orphans = (await uow.connection.execute(_ORPHANS, parameters)).all()
        searches = {row.case_id: uow.new_id() for row in orphans if not row.is_searched}
        lost = {
            "lost": list(searches),
            "searches": list(searches.values()),
            "obligations": [uow.new_id() for _ in searches],
            "heir": parameters["heir"],
            "now": uow.now,
            "rule": due.rule_code,
            "rule_version": due.rule_version,
            "calendar_version": due.calendar_version,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "counted_from": due.counted_from,
        }
        for statement in (_OPEN_SEARCHES, _DISARM, _WATCH_SEARCHES, _LOSE):
            await uow.connection.execute(statement, lost)
        for row in orphans:
            self._tell_of_orphan(uow, row, searches.get(row.case_id), parameters)

    async def _drop_claims(self, uow: UnitOfWork, office_id: str, heir_id: str) -> None:
        """Whoever claimed that she is with the office learns that nobody answers there any more."""
        for row in await uow.connection.execute(_DROP_CLAIMS, {"ended": office_id, "heir": heir_id, "now": uow.now}):
            search = Search(row.search_id, LostReason(row.reason), row.opened_at, version=row.search_version)
            told = FoundClaimSettled(search, claim_of(row), row.accountable_office_id)
            self.tell(uow, row.case_id, row.case_number, [told])

    def _tell_of_orphan(
        self, uow: UnitOfWork, row: Any, search_id: UUID | None, parameters: Mapping[str, object]
    ) -> None:
        ended, supervisor = str(parameters["ended"]), str(parameters["heir"])
        told: list[Event] = [
            CustodyChanged(
                segment=row.segment + 1,
                phase=Phase.SEARCH if search_id is not None else Phase(row.phase),
                office_id=supervisor,
                previous_office_id=ended,
                cause=Cause.OFFICE_ENDED,
                arrival_on=None,
                changed_at=uow.now,
                age_band=row.age_band,
            )
        ]
        if search_id is not None:
            search = Search(search_id, LostReason.OFFICE_ENDED, opened_at=uow.now)
            told.append(PersonLost(search, row.to_office_id or "", supervisor, late=False))
        self.tell(uow, row.case_id, row.case_number, told)

    async def recount(self, uow: UnitOfWork) -> int:
        """Count open due dates in working days anew; copies on cases and transfers follow."""

        async def lock(connection: AsyncConnection, cases: Sequence[UUID]) -> None:
            await connection.execute(_LOCK, {"cases": list(cases)})

        moved = await recount(uow, self.calendar, lock)
        if moved:
            parameters = {"cases": moved, "now": uow.now}
            await uow.connection.execute(_COPY_DUE_DATES, parameters)
            await uow.connection.execute(_COPY_ACKNOWLEDGE_DUE, {"cases": moved})
            await uow.connection.execute(_COPY_STAY_DUE, {"cases": moved})
        return len(moved)
