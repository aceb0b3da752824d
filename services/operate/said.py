"""Was everything that a service has in its outbox said by it: each event, by the signature that is kept with it.

A row that was put in or altered behind the service's back has none that fits. Consumers refuse such an event as it
comes; here it is found where it lies, also years later, before anything is published again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg.rows import namedtuple_row

from services.chassis.events.signing import EventKeys, Said, signature_text
from services.client.services import SERVICES
from services.operate.audit_reader import DatabaseUnreachable
from services.operate.chained_logs import CHUNK_ROWS, FAULTS_MAX, Finding, LogReport, Wrong, connect

LOG: Final = "outbox"
_SAID: Final = "SELECT * FROM audit_said ORDER BY id DESC LIMIT %s"


def examine_said(urls: Mapping[str, str], keys: EventKeys, newest: int | None = None) -> Iterator[LogReport]:
    """What each service said; `urls` of the four databases. `newest`: only so many events of each, None: all.

    Raises:
        DatabaseUnreachable: one of them cannot be read.
    """
    for service in SERVICES:
        report = LogReport(service, LOG)
        for row in _rows(service, urls[service], newest):
            report.entries += 1
            if not _is_signed(service, row, keys) and len(report.findings) < FAULTS_MAX:
                report.findings.append(Finding(Wrong.NOT_SAID, row.id, service))
        yield report


def _is_signed(service: str, row: Any, keys: EventKeys) -> bool:
    return keys.has_signed(Said.of_row(service, row), signature_text(row.kid, bytes(row.signature)))


def _rows(service: str, url: str, newest: int | None) -> Iterator[Any]:
    try:
        with connect(url) as connection, connection.cursor(name="said", row_factory=namedtuple_row) as cursor:
            cursor.itersize = CHUNK_ROWS
            cursor.execute(_SAID, [newest])
            yield from cursor
    except psycopg.Error as error:
        raise DatabaseUnreachable(service, type(error).__name__) from error
