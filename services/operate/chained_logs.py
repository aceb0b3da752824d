"""Are the chained logs as they were written: every entry, every hash, and every signed head that any database keeps.

The heads of a service's logs lie in the databases of the other three as well, signed by a key that lies in none: who
rewrites a log, its hashes and its own heads is found by theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from services.chassis.events.heads import Head
from services.chassis.events.signing import EventKeys, signature_text
from services.chassis.storage.chained import ACCESS_LOG, ACTS, CARE_LOG, ChainedLog, faults
from services.client.services import SERVICES
from services.operate.audit_reader import CONNECT_TIMEOUT_S, DatabaseUnreachable

CHUNK_ROWS: Final = 2_000
FAULTS_MAX: Final = 20
"""So many of a log are told; one that was rewritten has no others."""
STATEMENT_TIMEOUT_MS: Final = 600_000

_OTHERS: Final[Mapping[str, tuple[ChainedLog, ...]]] = {"intake": (ACCESS_LOG,), "followup": (CARE_LOG,)}
LOGS: Final[Mapping[str, tuple[ChainedLog, ...]]] = {service: (ACTS, *_OTHERS.get(service, ())) for service in SERVICES}
_PUT_BACK: Final = "SELECT case_id FROM audit_put_back ORDER BY case_id LIMIT %s"
_OPTIONS: Final = f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"


class Wrong(StrEnum):
    """What is wrong with a log."""

    CHANGED = "CHANGED"
    """An entry was changed, taken out or put in."""
    SHORTENED = "SHORTENED"
    """Entries behind this one were there once, for a head of them was signed."""
    REWRITTEN = "REWRITTEN"
    """The entry has another hash than when its head was signed: all up to it was computed anew."""
    PUT_BACK = "PUT_BACK"
    """The record of a person is an older one, put in the place of the last."""
    FORGED_HEAD = "FORGED_HEAD"
    """A head that the service did not sign."""
    NOT_SAID = "NOT_SAID"
    """An event in the outbox that the service did not sign as it stands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: at which entry, and in whose database it shows; of a record its case (UUID), and no entry."""

    wrong: Wrong
    sequence: int
    kept_by: str
    case_id: str = ""


@dataclass(slots=True)
class LogReport:
    """One log of a service: how long it is, how many heads of it were compared, and what is wrong."""

    service: str
    log: str
    entries: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _KeptHead:
    head: Head
    kid: str
    signature: bytes
    kept_by: str


def examine_logs(urls: Mapping[str, str], keys: EventKeys) -> Iterator[LogReport]:
    """Every log of every service; `urls` of the four databases, for the login that audits.

    Raises:
        DatabaseUnreachable: one of them cannot be read.
    """
    heads = [head for service in SERVICES for head in _heads_kept_by(service, urls[service])]
    for service in SERVICES:
        for log in LOGS[service]:
            yield _examine(service, log, urls[service], [one for one in heads if _is_of(one, service, log)], keys)
    yield _records(urls["intake"])


def _is_of(kept: _KeptHead, service: str, log: ChainedLog) -> bool:
    return (kept.head.service, kept.head.log) == (service, log.name)


def _examine(service: str, log: ChainedLog, url: str, heads: Sequence[_KeptHead], keys: EventKeys) -> LogReport:
    report = LogReport(service, log.name)
    forged = [one for one in heads if not _is_signed(one, keys)]
    report.findings += [Finding(Wrong.FORGED_HEAD, one.head.sequence, one.kept_by) for one in forged]
    signed = [one for one in heads if one not in forged]
    report.heads = len(signed)
    hashes = dict.fromkeys((one.head.sequence for one in signed), b"")
    for fault in faults(log, _counted(report, hashes, _rows(service, log, url))):
        if len(report.findings) < FAULTS_MAX:
            report.findings.append(Finding(Wrong.CHANGED, fault.sequence, service))
    for one in signed:
        found = hashes[one.head.sequence]
        if not found:
            report.findings.append(Finding(Wrong.SHORTENED, one.head.sequence, one.kept_by))
        elif found != one.head.hash:
            report.findings.append(Finding(Wrong.REWRITTEN, one.head.sequence, one.kept_by))
    return report


def _is_signed(kept: _KeptHead, keys: EventKeys) -> bool:
    return keys.has_signed(kept.head.said(), signature_text(kept.kid, kept.signature))


def _counted(report: LogReport, hashes: dict[int, bytes], rows: Iterator[Mapping[str, Any]]) -> Iterator[Any]:
    """The rows, counted, with the hashes of those of which a head was signed kept."""
    for row in rows:
        report.entries += 1
        if row["sequence"] in hashes:
            hashes[row["sequence"]] = bytes(row["hash"])
        yield row


def _rows(service: str, log: ChainedLog, url: str) -> Iterator[Mapping[str, Any]]:
    try:
        with connect(url) as connection, connection.cursor(name="log", row_factory=dict_row) as cursor:
            cursor.itersize = CHUNK_ROWS
            cursor.execute(f"{log.entries} ORDER BY sequence")
            yield from cursor
    except psycopg.Error as error:
        raise DatabaseUnreachable(service, type(error).__name__) from error


def _records(url: str) -> LogReport:
    """The records of people: each the last of its history."""
    try:
        with connect(url) as connection:
            found = connection.execute(_PUT_BACK, [FAULTS_MAX]).fetchall()
            (counted,) = connection.execute("SELECT count(*) FROM audit_case").fetchone() or (0,)
    except psycopg.Error as error:
        raise DatabaseUnreachable("intake", type(error).__name__) from error
    findings = [Finding(Wrong.PUT_BACK, 0, "intake", str(case_id)) for (case_id,) in found]
    return LogReport("intake", "identity", counted, findings=findings)


def _heads_kept_by(service: str, url: str) -> list[_KeptHead]:
    try:
        with connect(url) as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute("SELECT * FROM log_head ORDER BY service, log, sequence").fetchall()
    except psycopg.Error as error:
        raise DatabaseUnreachable(service, type(error).__name__) from error
    return [
        _KeptHead(
            Head(row["service"], row["log"], row["sequence"], bytes(row["hash"]), row["at"]),
            row["kid"],
            bytes(row["signature"]),
            service,
        )
        for row in rows
    ]


def connect(url: str) -> psycopg.Connection[Any]:
    """To read alone."""
    return psycopg.connect(
        url, connect_timeout=CONNECT_TIMEOUT_S, options=_OPTIONS, application_name="homeward-access-log"
    )
