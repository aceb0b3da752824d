"""Fills Kafka again from the outboxes: the databases are the truth, Kafka is the transport.

Consumers must not read meanwhile: one that reads a topic while it is made anew may skip its beginning. So they are told
to hold first, and told to run again whatever happens in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.events.kafka_admin import KafkaSettings, TopicSpec, delete_groups, ensure_topics, group_members
from services.chassis.events.pausing import REPUBLISHING
from services.chassis.storage.database import create_engine
from services.client.texts import N_

BATCH_ROWS: Final = 5_000
MEMBERS_GONE_S: Final = 60.0
"""A service looks every second whether it should hold, and its membership ends 10 s after that."""
QUIET_S: Final = 3.0
"""Groups must be empty for so long: a service that is just joining notices within a second that it should not."""
LOOK_S: Final = 0.5
RESUME_ATTEMPTS: Final = 5
RESUME_PAUSE_S: Final = 1.0

# A consumer that holds for another reason, such as its quarantine budget, is left alone, now and at the end.
_HOLD = text(
    """
    INSERT INTO consumer_control (consumer, desired, reason, changed_at) VALUES (:consumer, 'HOLD', :reason, now())
    ON CONFLICT (consumer) DO UPDATE SET desired = 'HOLD', reason = excluded.reason, changed_at = now()
    WHERE consumer_control.desired = 'RUN' OR consumer_control.reason = excluded.reason
    RETURNING consumer
    """
)
_RESUME = text(
    """
    UPDATE consumer_control SET desired = 'RUN', reason = '', changed_at = now()
    WHERE consumer = :consumer AND desired = 'HOLD' AND reason = :reason
    """
)
_RANGE = text("SELECT count(*), coalesce(max(id), 0) FROM outbox WHERE sent_at IS NOT NULL")
# Ascending and not beyond what was there at first: the relay publishes meanwhile, and marks again behind us.
_FORGET = text(
    """
    WITH batch AS (
        SELECT id FROM outbox WHERE id > :after AND id <= :last AND sent_at IS NOT NULL ORDER BY id LIMIT :batch
    ), forgotten AS (
        UPDATE outbox SET sent_at = NULL WHERE id IN (SELECT id FROM batch) RETURNING id
    )
    SELECT count(*), max(id) FROM forgotten
    """
)

Tell = Callable[[str, Mapping[str, object]], None]
"""Told how far it is: an English sentence and what fills it."""


class StillConsuming(Exception):
    """Services did not leave their groups in time; nothing was changed."""

    def __init__(self, groups: Sequence[str]) -> None:
        super().__init__(", ".join(groups))
        self.groups = tuple(groups)


class StillHeld(Exception):
    """Consumers could not be told to run again, because their database is away."""

    def __init__(self, services: Sequence[str]) -> None:
        super().__init__(", ".join(services))
        self.services = tuple(services)


class StoreUnavailable(Exception):
    """A database could not be reached; `service` says whose."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


@dataclass
class Done:
    """What was done.

    Attributes:
        held: consumers that were told to hold, and to run again.
        left_held: consumers that held for another reason, and still do.
        topics: made anew.
        groups: forgotten.
        events: outbox rows to be published again, by service.
    """

    held: list[str] = field(default_factory=list)
    left_held: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)


HOLDING = N_("Telling the consumers to hold …")
LEAVING = N_("Waiting until they have left: {groups}")
TOPICS = N_("Making missing topics …")
GROUPS = N_("Forgetting how far the groups had read …")
OUTBOX = N_("{service}: {count} of {total} events to be published again")
RESUMING = N_("Telling the consumers to run again …")


async def republish(
    urls: Mapping[str, str],
    kafka: KafkaSettings,
    specs: Sequence[TopicSpec],
    *,
    tell: Tell,
    members_gone_s: float = MEMBERS_GONE_S,
) -> Done:
    """Publish all outboxes again. Cancelling it, or any error, resumes the consumers first.

    Args:
        urls: by service, with its own login.

    Raises:
        StillConsuming: services did not leave their groups; the outboxes are as they were.
        StoreUnavailable: a database could not be reached.
        StillHeld: consumers could not be resumed.
        KafkaAdminError: Kafka refused or did not answer.
    """
    done = Done()
    async with AsyncExitStack() as stack:
        engines = {name: await stack.enter_async_context(_engine(url)) for name, url in urls.items()}
        try:
            tell(HOLDING, {})
            for service, engine in engines.items():
                await _hold(service, engine, done)
            groups = {f"homeward-{service}" for service in engines}
            await _wait_until_left(kafka, groups, tell, members_gone_s)
            tell(TOPICS, {})
            done.topics = await asyncio.to_thread(ensure_topics, kafka, specs)
            tell(GROUPS, {})
            done.groups = await asyncio.to_thread(delete_groups, kafka, sorted(groups))
            for service, engine in engines.items():
                await _forget(service, engine, done, tell)
        finally:
            tell(RESUMING, {})
            await _whatever_happens(_resume_all({service: engines[service] for service in done.held}))
    return done


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(url, "homeward-republish", pool_size=1)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _transaction(service: str, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        async with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreUnavailable(service, type(getattr(error, "orig", None) or error).__name__) from error


async def _hold(service: str, engine: AsyncEngine, done: Done) -> None:
    # Noted before it is written: told to run when it never held does no harm, the other way round does.
    done.held.append(service)
    async with _transaction(service, engine) as connection:
        ours = await connection.scalar(_HOLD, {"consumer": service, "reason": REPUBLISHING})
    if ours is None:
        done.held.remove(service)
        done.left_held.append(service)


async def _wait_until_left(kafka: KafkaSettings, groups: set[str], tell: Tell, members_gone_s: float) -> None:
    began_s = time.monotonic()
    empty_since_s: float | None = None
    while True:
        counts = {group: await asyncio.to_thread(group_members, kafka, group) for group in sorted(groups)}
        staying = [group for group, members in counts.items() if members]
        now_s = time.monotonic()
        if staying and now_s - began_s >= members_gone_s:
            raise StillConsuming(staying)
        empty_since_s = None if staying else empty_since_s or now_s
        if empty_since_s is not None and now_s - empty_since_s >= QUIET_S:
            return
        tell(LEAVING, {"groups": ", ".join(staying) or "…"})
        await asyncio.sleep(LOOK_S)


async def _forget(service: str, engine: AsyncEngine, done: Done, tell: Tell) -> None:
    async with _transaction(service, engine) as connection:
        total, last = (await connection.execute(_RANGE)).one()
    after = done.events[service] = 0
    while after < last:
        async with _transaction(service, engine) as connection:
            count, reached = (
                await connection.execute(_FORGET, {"after": after, "last": last, "batch": BATCH_ROWS})
            ).one()
        if not count:
            break
        after = reached
        done.events[service] += count
        tell(OUTBOX, {"service": service, "count": done.events[service], "total": total})


async def _whatever_happens(work: Coroutine[Any, Any, None]) -> None:
    """Finish the work before another Ctrl-C is heard: a consumer must not be left held."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()


async def _resume_all(engines: Mapping[str, AsyncEngine]) -> None:
    held = dict(engines)
    for attempt in range(RESUME_ATTEMPTS):
        if attempt:
            await asyncio.sleep(RESUME_PAUSE_S)
        for service in list(held):
            try:
                async with _transaction(service, held[service]) as connection:
                    await connection.execute(_RESUME, {"consumer": service, "reason": REPUBLISHING})
                del held[service]
            except StoreUnavailable:
                continue
        if not held:
            return
    raise StillHeld(sorted(held))
