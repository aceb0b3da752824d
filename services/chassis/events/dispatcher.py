"""Takes effect of the events in the inbox: once each, in the order of their case.

Per batch: [record the attempt] then [lock the cases' positions and what the service says, call the handlers, write
their events, move the positions, mark done], each in one transaction. An attempt is recorded first, so that an event
that kills the process counts too. When a batch fails, its events are tried one by one. A gap parks an event until the
missing one is through; the last failed attempt quarantines it, and its case waits (only that case) until it is
redriven or skipped. Twenty quarantined in a row stop the consumer.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events import pausing
from services.chassis.events.envelope import BadEnvelope, decode
from services.chassis.events.outbox import write_quarantined
from services.chassis.events.signals import Signal
from services.chassis.events.streams import MESSAGE_OF_TYPE, STREAMS
from services.chassis.events.units import Cause, UnitOfWork, Units
from services.chassis.storage.database import UNFLUSHED, failure_level, is_outage, plain_array, single_statements
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.storage.leadership import lead
from services.chassis.telemetry.failpoint import failpoint
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import Trace, set_trace

BATCH_EVENTS = 200
ATTEMPTS_MAX = 8
BACKOFF_FIRST_S = 0.2
BACKOFF_MAX_S = 60.0
POLL_S = 1.0
SUSPECTS_S = 1.0
"""How often events that were tried before are looked for."""
SUSPECTS_PER_STEP_MAX = 20
ERROR_CHARS_MAX = 200

EventHandler = Callable[[UnitOfWork, Any], Awaitable[None]]
LockBatch = Callable[[UnitOfWork, Sequence[Message]], Awaitable[None]]
"""Locks, before the handlers of a batch run, everything that these events change, in the order all others lock it."""

log = structlog.get_logger(__name__)

_UNORDERED = frozenset(stream.topic for stream in STREAMS if not stream.is_ordered)

# The array is made once. A sub-select behind IN may be run again for each row and pass over what it locked before, so
# that its LIMIT holds nothing back.
_CLAIM = text(
    f"""
    UPDATE inbox
    SET attempts = attempts + 1,
        next_attempt_at = CASE WHEN :suspect
            THEN now() + make_interval(secs => least(:backoff_max_s, :backoff_first_s * power(2, attempts)))
            ELSE next_attempt_at END
    FROM {UNFLUSHED}
    WHERE id = ANY(ARRAY(
        SELECT id FROM inbox
        WHERE consumer = :consumer AND state = 'PENDING' AND next_attempt_at <= now()
          AND (attempts > 0) = :suspect
          AND NOT EXISTS (SELECT 1 FROM consumer_control WHERE consumer = :consumer AND desired = 'HOLD')
        ORDER BY next_attempt_at, id LIMIT :batch FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, event_id, topic, type, subject, version, time, correlation_id, causation_id, payload, attempts
    """
)
_GATE = text(
    """
    WITH pending AS (
        SELECT id, topic, subject FROM inbox
        WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'PENDING' ORDER BY id FOR UPDATE
    ),
    position AS (
        INSERT INTO inbox_position (consumer, topic, subject, version)
        SELECT DISTINCT :consumer, topic, subject, 0 FROM pending ORDER BY topic, subject
        ON CONFLICT (consumer, topic, subject) DO UPDATE SET version = inbox_position.version
        RETURNING topic, subject, version
    )
    SELECT id, version AS position FROM pending JOIN position USING (topic, subject)
    """
)
"""Locks the events that are still pending, then the positions of their cases, each in one order everywhere."""
_SETTLE = text(
    """
    WITH done AS (
        UPDATE inbox SET state = 'DONE', done_at = clock_timestamp(), error = ''
        WHERE id = ANY(CAST(:done AS bigint[]))
        RETURNING topic, subject, version
    ),
    reached AS (
        SELECT topic, subject, max(version) AS version FROM done GROUP BY topic, subject
    ),
    moved AS (
        -- Where each event stands alone, an earlier one may come later.
        UPDATE inbox_position p SET version = greatest(p.version, reached.version) FROM reached
        WHERE p.consumer = :consumer AND p.topic = reached.topic AND p.subject = reached.subject
    ),
    parked AS (
        UPDATE inbox SET state = 'PARKED' WHERE id = ANY(CAST(:parked AS bigint[]))
    )
    UPDATE inbox i SET state = 'PENDING', next_attempt_at = now(), attempts = 0 FROM reached
    WHERE i.consumer = :consumer AND i.state = 'PARKED' AND i.topic = reached.topic AND i.subject = reached.subject
      AND i.version <= reached.version + 1
    """
)
"""Changes as many rows as it unparks."""
_RETRY = text(
    """
    UPDATE inbox SET error = :error, next_attempt_at = now() + make_interval(secs => :delay_s)
    WHERE id = :id AND state = 'PENDING'
    """
)
_QUARANTINE = text(
    """
    UPDATE inbox SET state = 'QUARANTINED', error = :error
    WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'PENDING'
    RETURNING topic, type, subject, version, time, correlation_id, event_id, payload
    """
)
_GIVE_BACK = text(
    """
    UPDATE inbox SET attempts = greatest(attempts - 1, 0), next_attempt_at = now()
    WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'PENDING'
    """
)


@dataclass
class _Sorted:
    """What the version gate says of a batch."""

    handle: list[Any] = field(default_factory=list)
    park: list[Any] = field(default_factory=list)
    stale: list[Any] = field(default_factory=list)
    position: dict[tuple[str, uuid.UUID], int] = field(default_factory=dict)


class Dispatcher:
    """The dispatcher of one consumer. Any number may run; one at a time dispatches."""

    def __init__(
        self,
        consumer: str,
        units: Units,
        handlers: Mapping[type[Message], EventHandler],
        inbox_written: Signal,
        outbox_written: Signal,
        metrics: Metrics,
        lock_batch: LockBatch | None = None,
    ) -> None:
        self._consumer = consumer
        self._units = units
        self._single_statements = single_statements(units.engine)
        self._handlers = {kind.DESCRIPTOR.full_name: handler for kind, handler in handlers.items()}
        self._inbox_written = inbox_written
        self._outbox_written = outbox_written
        self._metrics = metrics
        self._lock_batch = lock_batch
        self._quarantined_in_a_row = 0
        self._suspects_at = 0.0

    async def run(self) -> None:
        """Dispatch until cancelled."""
        await lead(self._units.engine, f"dispatcher:{self._consumer}", self._dispatch_while_leading)

    async def _dispatch_while_leading(self) -> None:
        while True:
            taken = await self._take_fresh()
            if time.monotonic() >= self._suspects_at:
                self._suspects_at = time.monotonic() + SUSPECTS_S
                taken += await self._take_suspects()
            if taken < SUSPECTS_PER_STEP_MAX:
                await self._inbox_written.wait(POLL_S)

    async def step(self) -> int:
        """Work on one batch of fresh events, then on suspects one by one. Returns how many were taken."""
        return await self._take_fresh() + await self._take_suspects()

    async def _take_fresh(self) -> int:
        taken = await self._claim(suspect=False, batch=BATCH_EVENTS)
        if taken:
            await self._take_effect(taken)
        return len(taken)

    async def _take_suspects(self) -> int:
        """Work on events that were tried before.

        Each is claimed alone, so that one that kills the process spends its own attempts only, and not those of the
        events that shared its batch; its next turn is put off with the claim, so that after such a death the others
        come first. The look for them reads everything that waits.
        """
        for count in range(SUSPECTS_PER_STEP_MAX):
            suspects = await self._claim(suspect=True, batch=1)
            if not suspects:
                return count
            if suspects[0].attempts > ATTEMPTS_MAX:
                await self._quarantine(suspects[0], "ATTEMPTS_EXHAUSTED")
            else:
                await self._take_effect(suspects)
        return SUSPECTS_PER_STEP_MAX

    async def _claim(self, *, suspect: bool, batch: int) -> list[Any]:
        async with self._single_statements.connect() as connection:
            parameters = {
                "consumer": self._consumer,
                "batch": batch,
                "suspect": suspect,
                "backoff_first_s": BACKOFF_FIRST_S,
                "backoff_max_s": BACKOFF_MAX_S,
            }
            rows = (await fast_rows(connection).execute(_CLAIM, parameters)).fetchall()
        return sorted(rows, key=lambda row: (row.subject.int, row.topic, row.version))

    async def _take_effect(self, rows: Sequence[Any]) -> None:
        try:
            decided = await self._units.run(lambda uow: self._batch(uow, rows))
        except Exception as error:
            if is_outage(error):
                await self._give_attempts_back(rows)
                raise
            if len(rows) == 1:
                await self._failed(rows[0], error)
                return
            for row in rows:
                await self._take_effect([row])
            return
        self._count(decided)
        if decided.handle:
            self._quarantined_in_a_row = 0

    async def _give_attempts_back(self, rows: Sequence[Any]) -> None:
        # A database that is away is not the event's fault. When it stays away this fails too, and the count is off
        # by one: harmless.
        async with self._units.engine.begin() as connection:
            await connection.execute(_GIVE_BACK, {"ids": [row.id for row in rows]})

    async def _batch(self, uow: UnitOfWork, rows: Sequence[Any]) -> _Sorted:
        decided = await self._gate(uow, rows)
        events = [(row, self._read(row)) for row in decided.handle]
        heard = [event for _, event in events if event is not None]
        if self._lock_batch is not None and heard:
            await self._lock_batch(uow, heard)
        for row, event in events:
            if event is not None:
                await self._handle(uow, row, event)
        failpoint("dispatch.after_handle_before_commit")
        await self._settle(uow, decided)
        return decided

    async def _gate(self, uow: UnitOfWork, rows: Sequence[Any]) -> _Sorted:
        parameters = {"consumer": self._consumer, "ids": plain_array(row.id for row in rows)}
        position_of = {row.id: row.position for row in await uow.connection.execute(_GATE, parameters)}
        decided = _Sorted()
        for row in rows:
            if row.id not in position_of:
                continue
            key = row.topic, row.subject
            position = decided.position.setdefault(key, position_of[row.id])
            if row.version == position + 1 or row.topic in _UNORDERED:
                decided.handle.append(row)
                decided.position[key] = row.version
            elif row.version > position:
                decided.park.append(row)
            else:
                decided.stale.append(row)
        return decided

    def _read(self, row: Any) -> Message | None:
        """The event; None when nothing is done with its kind."""
        if row.type not in self._handlers:
            if row.type not in MESSAGE_OF_TYPE:
                raise BadEnvelope("UNKNOWN_TYPE")
            return None
        return decode(row.type, row.payload)

    async def _handle(self, uow: UnitOfWork, row: Any, event: Message) -> None:
        set_trace(Trace(row.correlation_id, causation_id=str(row.event_id)))
        uow.handling(Cause(row.event_id, row.version, row.time, row.causation_id))
        await self._handlers[row.type](uow, event)

    async def _settle(self, uow: UnitOfWork, decided: _Sorted) -> None:
        execute = uow.connection.execute
        if decided.handle or decided.park:
            settled = {
                "consumer": self._consumer,
                "done": plain_array(row.id for row in decided.handle),
                "parked": plain_array(row.id for row in decided.park),
            }
            unparked = await execute(_SETTLE, settled)
            if unparked.rowcount:
                self._inbox_written.set()
        if decided.stale:
            await self._set_aside(uow.connection, [row.id for row in decided.stale], "NUMBER_ALREADY_TAKEN")

    def _count(self, decided: _Sorted) -> None:
        for rows, count in (
            (decided.handle, self._metrics.dispatcher_handled),
            (decided.park, self._metrics.inbox_parked),
            (decided.stale, self._metrics.inbox_quarantined),
        ):
            for topic, events in Counter(row.topic for row in rows).items():
                count(self._consumer, topic, events)

    async def _failed(self, row: Any, error: Exception) -> None:
        reason = _reason(error)
        log.log(
            failure_level(error),
            "event_failed",
            event_id=str(row.event_id),
            type=row.type,
            case_id=str(row.subject),
            attempt=row.attempts,
            reason=reason,
        )
        if row.attempts >= ATTEMPTS_MAX or isinstance(error, BadEnvelope):
            await self._quarantine(row, reason)
            return
        delay_s = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** (row.attempts - 1))
        async with self._units.engine.begin() as connection:
            await connection.execute(
                _RETRY,
                {"id": row.id, "error": reason, "delay_s": delay_s * random.uniform(0.5, 1.0)},
            )
        self._metrics.dispatcher_retry(self._consumer, row.topic)

    async def _quarantine(self, row: Any, reason: str) -> None:
        self._quarantined_in_a_row += 1
        over_budget = self._quarantined_in_a_row >= pausing.QUARANTINED_IN_A_ROW_MAX
        async with self._units.engine.begin() as connection:
            await self._set_aside(connection, [row.id], reason)
            if over_budget:
                await pausing.hold(connection, self._consumer, pausing.QUARANTINE_BUDGET)
        self._outbox_written.set()
        self._metrics.inbox_quarantined(self._consumer, row.topic)
        if over_budget:
            self._quarantined_in_a_row = 0
            self._metrics.quarantine_budget_stop(self._consumer)
            log.error("consumer_stopped_by_quarantine_budget", consumer=self._consumer)

    async def _set_aside(self, connection: AsyncConnection, ids: Sequence[int], error: str) -> None:
        rows = await connection.execute(_QUARANTINE, {"ids": ids, "error": error})
        await write_quarantined(connection, self._units.signer, rows.fetchall())


def _reason(error: Exception) -> str:
    """A code for what went wrong; never the text of a foreign exception, which may repeat what it was given."""
    reason = getattr(error, "reason", None)
    return str(reason)[:ERROR_CHARS_MAX] if isinstance(reason, str) else type(error).__name__
