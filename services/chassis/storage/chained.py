"""Logs that only grow, as a chain: each entry carries the SHA-256 of itself and of the entry before.

A chain shows that an entry was changed or taken out, as long as its end is known. Whoever may write everywhere could
compute it anew: so its head is signed by a key that no database holds, and kept by the other services
(`chassis/service/log_heads.py`).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

CHAIN_START: Final = bytes(32)


def entry_hash(previous: bytes, values: Iterable[object]) -> bytes:
    """SHA-256 over the entry and the hash of the one before; values are numbers, texts, instants, ids and bytes."""
    content = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + content.encode()).digest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class ChainedLog:
    """A chained log: how its entries are read, in their order, and which of their columns are hashed.

    `entries`: SQL that gives `sequence`, `hash` and the columns, by sequence. `later`: columns that entries of before
    they were added have empty, and whose hash is without them.
    """

    name: str
    entries: str
    columns: tuple[str, ...]
    later: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """SQL that gives the sequence and hash of the last entry; no row when there is none."""
        return f"SELECT sequence, hash FROM ({self.entries}) AS entries ORDER BY sequence DESC LIMIT 1"

    def values(self, row: Mapping[str, Any]) -> Sequence[object]:
        """What is hashed of an entry."""
        return [row[name] for name in self.columns] + [row[name] for name in self.later if row[name] is not None]


ACTS: Final = ChainedLog(
    "act",
    "SELECT l.sequence, l.hash, l.act_id, a.* FROM act_link l LEFT JOIN act a ON a.id = l.act_id",
    (
        "sequence",
        "act_id",
        "at",
        "method",
        "case_ids",
        "office_id",
        "role",
        "subject",
        "token_id",
        "request_id",
        "correlation_id",
        "peer",
    ),
)
"""Who did what, in each service."""

ACCESS_LOG: Final = ChainedLog(
    "access_log",
    "SELECT * FROM access_log",
    ("sequence", "read_at", "subject", "office_id", "role", "case_id", "identity_view", "purpose"),
    later=("purpose_code", "break_glass_id"),
)
"""Who read whom: intake's."""

CARE_LOG: Final = ChainedLog(
    "access_log",
    "SELECT * FROM access_log",
    ("sequence", "read_at", "subject", "office_id", "role", "case_id", "content", "entry_number"),
)
"""Who read what was told in confidence: followup's."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that is not as it was, or is missing: its number."""

    sequence: int


def faults(log: ChainedLog, rows: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Where a chain breaks, for all entries from the first; what follows a break is judged by itself again."""
    expected, previous = 1, CHAIN_START
    for row in rows:
        sequence = row["sequence"]
        if sequence != expected or entry_hash(previous, log.values(row)) != bytes(row["hash"]):
            yield Fault(min(sequence, expected))
        expected, previous = sequence + 1, bytes(row["hash"])
