"""Who read what: entries in a chain of hashes, so that a change of the past shows.

Every entry carries the SHA-256 of itself and of the entry before. Writers take turns by an
advisory lock until their commit, so the chain has no forks and its order is that of the commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.storage.chained import CHAIN_START, ChainedLog, entry_hash

_LOCK: Final = text("SELECT pg_advisory_xact_lock(49851217, 1)")


class Placed(Protocol):
    """An entry in its place of the chain."""

    @property
    def sequence(self) -> int:
        """Its place."""

    @property
    def intact(self) -> bool:
        """Whether it and the one before are as they were."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row in its place of the chain; `intact`: it and the one before are as they were."""

    row: Mapping[Any, Any]
    intact: bool

    @property
    def sequence(self) -> int:
        """Its place."""
        return int(self.row["sequence"])


class AccessChain:
    """The log of reads of one service. Its table bears the name of the log and has its columns, and `hash`."""

    __slots__ = ("_add", "_last", "_log")

    def __init__(self, log: ChainedLog) -> None:
        columns = (*log.columns, *log.later, "hash")
        values = ", ".join(f":{name}" for name in columns)
        self._log = log
        self._last = text(f"SELECT sequence, hash FROM {log.name} ORDER BY sequence DESC LIMIT 1")
        self._add = text(f"INSERT INTO {log.name} ({', '.join(columns)}) VALUES ({values})")

    async def append(self, connection: AsyncConnection, row: Mapping[str, object]) -> int:
        """Add an entry, all columns but `sequence`, to the running transaction. Returns its place."""
        await connection.execute(_LOCK)
        last = (await connection.execute(self._last)).first()
        sequence, previous = (last.sequence + 1, last.hash) if last else (1, CHAIN_START)
        entry = {**row, "sequence": sequence}
        await connection.execute(self._add, entry | {"hash": entry_hash(previous, self._log.values(entry))})
        return sequence

    async def page(
        self, connection: AsyncConnection, conditions: Sequence[str], parameters: Mapping[str, object], limit: int
    ) -> list[Link]:
        """Entries (as `l`) that fulfil all conditions, newest first, each checked against the one before it."""
        rows = await connection.execute(
            text(
                f"SELECT l.*, p.hash AS previous FROM {self._log.name} l"
                f" LEFT JOIN {self._log.name} p ON p.sequence = l.sequence - 1"
                f" WHERE {' AND '.join(['true', *conditions])} ORDER BY l.sequence DESC LIMIT :limit"
            ),
            {**parameters, "limit": limit},
        )
        return [Link(row._mapping, self._is_intact(row._mapping)) for row in rows]

    def _is_intact(self, row: Mapping[Any, Any]) -> bool:
        previous = row["previous"] if row["sequence"] > 1 else CHAIN_START
        return previous is not None and entry_hash(previous, self._log.values(row)) == row["hash"]


def chain_is_intact(entries: Sequence[Placed], *, consecutive: bool) -> bool:
    """Whether no entry of a page, newest first, was changed and, where they follow one another, none is missing."""
    if not all(entry.intact for entry in entries):
        return False
    if not consecutive:
        return True
    first = entries[0].sequence if entries else 0
    return [entry.sequence for entry in entries] == list(range(first, first - len(entries), -1))
