"""Heads of chained logs: signed, said to the other services, and kept by them.

No single database can hide a change of a log: the heads of it are in the three others and in Kafka, and the key that
signs them is in none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.heads import Head
from services.chassis.events.streams import AUDIT, log_subject
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.process import Chassis, Tick
from services.chassis.storage.chained import ACTS, CHAIN_START, ChainedLog, entry_hash
from services.chassis.storage.database import single_statements

HEAD_ENTRIES: Final = 100
"""At the latest after so many entries a head is signed."""
HEAD_S: Final = 60.0
"""And after so many seconds of real time in which there was one."""
LINKS_MAX: Final = 1_000
"""Acts chained in one transaction."""
LATE_IDS: Final = 10_000
"""An act is committed before so many later ones were: a transaction is cut off after half a minute."""

_LOCK: Final = text("SELECT pg_advisory_xact_lock(49851217, 2)")
_NOT_LINKED: Final = """
    a.id > (SELECT coalesce(max(act_id), 0) FROM act_link) - :late
    AND NOT EXISTS (SELECT 1 FROM act_link l WHERE l.act_id = a.id)
"""
_UNLINKED: Final = text(f"SELECT a.*, a.id AS act_id FROM act a WHERE {_NOT_LINKED} ORDER BY a.id LIMIT :limit")
_IS_UNLINKED: Final = text(f"SELECT EXISTS (SELECT 1 FROM act a WHERE {_NOT_LINKED})")
_LINK: Final = text(
    """
    INSERT INTO act_link (sequence, act_id, hash)
    SELECT * FROM unnest(CAST(:sequences AS bigint[]), CAST(:act_ids AS bigint[]), CAST(:hashes AS bytea[]))
    """
)
_HEAD: Final = text(
    "SELECT coalesce(max(sequence), 0) AS sequence FROM log_head WHERE service = :service AND log = :log"
)
_KEEP: Final = text(
    """
    INSERT INTO log_head (service, log, sequence, hash, at, kid, signature)
    VALUES (:service, :log, :sequence, :hash, :at, :kid, :signature)
    ON CONFLICT (service, log, sequence) DO NOTHING
    """
)


class LogHeads:
    """Chains new acts, and signs the heads of a service's logs."""

    def __init__(
        self, units: Units, logs: Sequence[ChainedLog] = (), *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """`logs`: those that the service chains itself, beside its acts."""
        self._units = units
        self._signer = units.signer
        self._logs = (ACTS, *logs)
        self._now_s = now_s
        self._next_s = {log.name: now_s() + HEAD_S for log in self._logs}
        self._single_statements = single_statements(units.engine)
        self._acts_are_new = True
        """Whether there may be acts that were chained since their head was looked at."""

    async def look(self) -> int:
        """Chain what was done since, and sign what is due. Returns how many acts were chained."""
        linked = await self._units.run(_link_acts) if await self._is_unlinked() else 0
        self._acts_are_new |= linked > 0
        for log in self._logs:
            if log is not ACTS or self._acts_are_new or self._now_s() >= self._next_s[log.name]:
                await self._units.run(partial(self._sign, log))
        self._acts_are_new = False
        return linked if linked == LINKS_MAX else 0

    async def _is_unlinked(self) -> bool:
        async with self._single_statements.connect() as connection:
            return bool(await connection.scalar(_IS_UNLINKED, {"late": LATE_IDS}))

    async def _sign(self, log: ChainedLog, uow: UnitOfWork) -> None:
        last = (await uow.connection.execute(text(log.last))).first()
        if last is None:
            return
        known = {"service": self._signer.service, "log": log.name}
        signed = await uow.connection.scalar(_HEAD, known)
        new = last.sequence - (signed or 0)
        if new < HEAD_ENTRIES and self._now_s() < self._next_s[log.name]:
            return
        self._next_s[log.name] = self._now_s() + HEAD_S
        if new <= 0:
            return
        head = Head(self._signer.service, log.name, last.sequence, bytes(last.hash), uow.now)
        signature = self._signer.sign(head.said())
        await keep(uow.connection, head, self._signer.kid, signature)
        uow.append(_message_of(head, self._signer.kid, signature), log_subject(head.service, head.log))


async def _link_acts(uow: UnitOfWork) -> int:
    await uow.connection.execute(_LOCK)
    found = (await uow.connection.execute(_UNLINKED, {"late": LATE_IDS, "limit": LINKS_MAX})).all()
    if not found:
        return 0
    last = (await uow.connection.execute(text(ACTS.last))).first()
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, CHAIN_START)
    sequences, hashes = [], []
    for row in found:
        sequence += 1
        previous = entry_hash(previous, ACTS.values({**row._mapping, "sequence": sequence}))
        sequences.append(sequence)
        hashes.append(previous)
    rows = {"sequences": sequences, "act_ids": [row.id for row in found], "hashes": hashes}
    await uow.connection.execute(_LINK, rows)
    return len(found)


async def keep(connection: AsyncConnection, head: Head, kid: str, signature: bytes) -> None:
    """Keep a head, once."""
    values = {
        "service": head.service,
        "log": head.log,
        "sequence": head.sequence,
        "hash": head.hash,
        "at": head.at,
        "kid": kid,
        "signature": signature,
    }
    await connection.execute(_KEEP, values)


def tick(chassis: Chassis, *logs: ChainedLog) -> Tick:
    """The look at a service's logs as a tick; `logs` as `LogHeads` takes them."""
    return Tick(f"{chassis.service}.logs", LogHeads(chassis.units, logs).look)


# The heads of the others ----------------------------------------------------------------------

_TYPES: Final[Mapping[str, type[Message]]] = {stream.producer: stream.types[0] for stream in AUDIT}


def _message_of(head: Head, kid: str, signature: bytes) -> Message:
    message: Any = _TYPES[head.service](
        log=head.log, sequence=head.sequence, hash=head.hash, kid=kid, signature=signature
    )
    message.at.FromDatetime(head.at)
    said: Message = message
    return said


def handlers(service: str) -> Mapping[type[Message], EventHandler]:
    """A service keeps the heads that the others say."""
    return {kind: _keeping(other) for other, kind in _TYPES.items() if other != service}


def _keeping(service: str) -> EventHandler:
    async def kept(uow: UnitOfWork, event: Any) -> None:
        at = event.at.ToDatetime(tzinfo=uow.now.tzinfo)
        head = Head(service, event.log, event.sequence, event.hash, at)
        await keep(uow.connection, head, event.kid, event.signature)

    return kept
