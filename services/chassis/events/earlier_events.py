"""Signs what a service said before its events were signed: once, by the migration that brings signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from services.chassis.events.signing import EventSigner, Said

BATCH_ROWS: Final = 1_000

_UNSIGNED = text(
    """
    SELECT id, event_id, type, subject, version, time, correlation_id, causation_id, payload
    FROM outbox WHERE kid = '' AND id > :after ORDER BY id LIMIT :batch
    """
)
# Sent once more: consumers that had not read so far turn the record without a signature away.
_SIGN = text(
    """
    UPDATE outbox o SET signature = s.signature, kid = :kid, sent_at = NULL
    FROM unnest(CAST(:ids AS bigint[]), CAST(:signatures AS bytea[])) AS s (id, signature) WHERE o.id = s.id
    """
)


class EventKeyMissing(Exception):
    """There are events that are not signed, and nothing says with which key."""


def sign_earlier_events(connection: Connection, service: str, key: Path | None) -> int:
    """Sign every row of the outbox that is not, in the transaction of the migration. Returns how many those were.

    Raises:
        EventKeyMissing: there are such rows, and no key.
        PermissionError, ValueError, OSError: the key is none that may be used.
    """
    count, after = 0, 0
    signer: EventSigner | None = None
    while rows := connection.execute(_UNSIGNED, {"after": after, "batch": BATCH_ROWS}).fetchall():
        if key is None:
            raise EventKeyMissing(service)
        signer = signer or EventSigner.from_file(service, key)
        signatures = [signer.sign(Said.of_row(service, row)) for row in rows]
        connection.execute(_SIGN, {"kid": signer.kid, "ids": [row.id for row in rows], "signatures": signatures})
        after = rows[-1].id
        count += len(rows)
    return count
