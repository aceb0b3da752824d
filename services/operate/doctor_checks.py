"""The checks of `homeward doctor`: each looks at one part and yields lines. None raises, none waits long."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import grpc
import psutil
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc
from psycopg.rows import namedtuple_row

from services.chassis.events.kafka_admin import (
    KafkaAdminError,
    KafkaSettings,
    consumer_lag,
    group_members,
    list_topics,
    topic_specs,
)
from services.chassis.events.pausing import QUARANTINE_BUDGET, REPUBLISHING
from services.chassis.events.streams import TRANSFER
from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.texts import Texts
from services.chassis.storage.migrate import newest_revision
from services.client.contracts import CONTRACTS
from services.client.refusals import Refusal
from services.client.services import DATABASES, SERVICES
from services.operate import event_keys
from services.operate.audit_reader import DatabaseUnreachable
from services.operate.chained_logs import examine_logs
from services.operate.installation import Installation
from services.operate.said import examine_said

TIMEOUT_S: Final = 3.0
CONNECT_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_MS: Final = 10_000
WAITING_OLD: Final = timedelta(seconds=60)
"""An event that waits longer than this is no longer just on its way."""
ENTITLEMENT_OLD: Final = timedelta(seconds=30)
LAG_EVENTS_MAX: Final = 1_000
WATCHER_SILENT_MAX: Final = timedelta(seconds=60)
WATCHERS: Final[Mapping[str, str]] = {"handover": "handover.deadlines", "followup": "followup.deadlines"}
"""Services that watch the deadlines of cases, and the name of the tick that does."""
BLOCKED_SHOWN: Final = 10
SAID_NEWEST: Final = 5_000
"""So many events of each service are compared with their signatures; all are by `homeward access-log verify`."""
GIB: Final = 2**30
DISK_FAILURE_BYTES: Final = 1 * GIB
DISK_WARNING_BYTES: Final = 5 * GIB
FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
PUBLIC_KEYS: Final = frozenset({"jwks.json", event_keys.PUBLIC_KEYS})


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Line:
    """One check.

    Attributes:
        subject: what was looked at.
        text: how it is.
        remedy: what to do; empty when it is well.
        cases: case ids concerned.
    """

    status: Status
    subject: str
    text: str
    remedy: str = ""
    cases: tuple[str, ...] = ()


def examine(installation: Installation, t: Texts) -> Iterator[Line]:
    """Every check, in an order in which the first failure tends to explain the later ones."""
    yield from _launcher(installation, t)
    for service in SERVICES:
        yield _service(installation, service, t)
    known = installation.databases()
    for service in DATABASES:
        # An installation need not serve pages.
        if service in SERVICES or service in known:
            yield from _database(installation, service, t)
    yield from _logs(installation, t)
    yield from _kafka(installation, t)
    yield from _disk(installation, t)
    yield _business_time(installation, t)
    yield from _permissions(installation, t)


def _ok(subject: str, text: str) -> Line:
    return Line(Status.OK, subject, text)


def _warning(subject: str, text: str, remedy: str) -> Line:
    return Line(Status.WARNING, subject, text, remedy)


def _failure(subject: str, text: str, remedy: str) -> Line:
    return Line(Status.FAILURE, subject, text, remedy)


# Processes ------------------------------------------------------------------------------------


def _launcher(installation: Installation, t: Texts) -> Iterator[Line]:
    if installation.is_production:
        return
    subject = t("launcher")
    pid = installation.run().get("launcher_pid")
    if pid is not None and psutil.pid_exists(int(pid)):
        yield _ok(subject, t("runs, process {pid}", pid=pid))
    elif pid is not None:
        yield _failure(subject, t("was killed, process {pid}", pid=pid), t("Start it again: homeward up"))
    else:
        folder = installation.home.path
        yield _failure(subject, t("does not run in {folder}", folder=folder), t("Start it: homeward up"))


def _service(installation: Installation, service: str, t: Texts) -> Line:
    address = installation.address(service)
    log = installation.home.logs / f"{service}.log"
    if address is None:
        return _failure(
            service,
            t("nobody says where it is"),
            t("Start it with homeward up, or set {variable}.", variable=f"HOMEWARD_{service.upper()}"),
        )
    names = ("", *(each.full_name for each in CONTRACTS[service]))
    health = {name: _health(installation, address, name) for name in names}
    if set(health.values()) == {"SERVING"}:
        return _ok(service, t("serves and is ready at {address}", address=address))
    if health[""] == "SERVING":
        return _warning(service, t("runs at {address}, not ready yet", address=address), t("Read {log}", log=log))
    return _failure(
        service,
        t("does not serve at {address} ({reason})", address=address, reason=health[""]),
        t("The launcher starts it again by itself. If it does not, read {log}", log=log),
    )


def _health(installation: Installation, address: str, name: str) -> str:
    """SERVING, NOT_SERVING, or the code with which the call failed."""
    with contextlib.closing(_channel(installation, address)) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(service=name), timeout=TIMEOUT_S
            )
        except grpc.RpcError as error:
            return str(error.code().name) if isinstance(error, grpc.Call) else type(error).__name__
    return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))


def _channel(installation: Installation, address: str) -> grpc.Channel:
    authority = installation.environ.get("HOMEWARD_TLS_CA")
    if not authority:
        return grpc.insecure_channel(address)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(Path(authority).read_bytes()))


# Databases ------------------------------------------------------------------------------------

_OUTBOX = "SELECT count(*) AS rows, min(time) AS oldest FROM outbox WHERE sent_at IS NULL"
_INBOX = """
SELECT state, count(*) AS rows, min(received_at) AS oldest FROM inbox
WHERE state IN ('PENDING', 'PARKED', 'QUARANTINED') GROUP BY state
"""
_ENTITLEMENT = """
SELECT clock_timestamp() - min(received_at) AS age FROM inbox
WHERE state IN ('PENDING', 'PARKED', 'QUARANTINED') AND topic = %s AND subject IS NOT NULL
"""
_REFUSED = "SELECT reason, records, last_at FROM audit_refused ORDER BY reason"
_LISTED = """
SELECT DISTINCT office_id FROM (
    SELECT office_id, subject FROM list_read WHERE read_at > %s
    GROUP BY office_id, subject HAVING sum(listed) > %s
) AS many ORDER BY office_id
"""
ROWS_OF_DAY = 5_000
"""Rows of lists given to one account within a day, above which an operator is told."""
_BLOCKED = """
SELECT count(*) AS cases, (array_agg(subject ORDER BY subject))[1:%s] AS some
FROM (SELECT DISTINCT subject FROM inbox WHERE state = 'QUARANTINED' AND subject IS NOT NULL) AS blocked
"""
_HELD = "SELECT reason, changed_at FROM consumer_control WHERE consumer = %s AND desired = 'HOLD'"
_WATCHER = "SELECT clock_timestamp() - ticked_real_at AS age FROM watcher WHERE name = %s"


def _database(installation: Installation, service: str, t: Texts) -> Iterator[Line]:
    subject = t("{service} database", service=service)
    try:
        with psycopg.connect(
            installation.database(service, t),
            connect_timeout=CONNECT_TIMEOUT_S,
            options=f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT_MS}",
            application_name="homeward-doctor",
            row_factory=namedtuple_row,
            autocommit=True,
        ) as connection:
            line = _schema(connection, subject, service, t)
            yield line
            if line.status is not Status.FAILURE and service in SERVICES:
                yield _outbox(connection, installation, service, t)
                yield _inbox(connection, service, t)
                yield from _refused(connection, service, t)
                yield from _listed(connection, installation, service, t)
                yield from _entitlement(connection, service, t)
                yield from _blocked(connection, service, t)
                yield from _held(connection, service, t)
                yield from _watcher(connection, service, t)
    except Refusal as failure:
        yield _failure(subject, failure.message, " ".join(failure.advice))
    except psycopg.Error as error:
        yield _failure(
            subject,
            t("cannot be read ({reason})", reason=type(error).__name__),
            t("Check that PostgreSQL runs; the launcher starts its own again by itself. Nothing accepted is lost."),
        )


def _logs(installation: Installation, t: Texts) -> Iterator[Line]:
    """Whether the chained logs are as they were written, by every head that any database keeps."""
    subject = t("logs")
    try:
        urls = {service: installation.database(service, t) for service in SERVICES}
        keys = installation.event_keys(t)
        reports = [*examine_logs(urls, keys), *examine_said(urls, keys, newest=SAID_NEWEST)]
    except Refusal as failure:
        yield _failure(subject, failure.message, " ".join(failure.advice))
        return
    except DatabaseUnreachable as error:
        # The line of the database says what to do.
        text = t("cannot be compared, the database of {service} is away", service=error.service)
        yield _warning(subject, text, t("Look again when it is back: homeward doctor"))
        return
    broken = [one for one in reports if not one.is_whole]
    for one in broken:
        yield _failure(
            subject,
            t("{service}: {log} was changed", service=one.service, log=one.log),
            t("Somebody had access to that database. See what: homeward access-log verify"),
        )
    if not broken:
        entries, heads = sum(one.entries for one in reports), sum(one.heads for one in reports)
        yield _ok(subject, t("{entries} entries are whole, {heads} signed heads agree", entries=entries, heads=heads))


def _schema(connection: psycopg.Connection[Any], subject: str, service: str, t: Texts) -> Line:
    found, needed = revision_of(connection), newest_revision(service)
    if found == needed:
        return _ok(subject, t("answers, schema {revision}", revision=found))
    return _failure(
        subject,
        t("has schema {found}, this program needs {needed}", found=found or "-", needed=needed or "-"),
        t("Run: homeward migrate --service {service}", service=service),
    )


def revision_of(connection: psycopg.Connection[Any]) -> str | None:
    """The schema revision of a database; None when it has none yet."""
    exists = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    if exists is None or exists[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _outbox(connection: psycopg.Connection[Any], installation: Installation, service: str, t: Texts) -> Line:
    subject = t("{service} outbox", service=service)
    row: Any = connection.execute(_OUTBOX).fetchone()
    if not row.rows:
        return _ok(subject, t("everything is sent"))
    age = max(timedelta(), installation.clock().now() - row.oldest)
    text = t("{count} events not sent, the oldest {age} old", count=row.rows, age=duration(age))
    if age <= WAITING_OLD:
        return _ok(subject, text)
    return _warning(
        subject,
        text,
        t("They are kept and will be sent. Check Kafka below; while a republish runs this is as it should be."),
    )


def _inbox(connection: psycopg.Connection[Any], service: str, t: Texts) -> Line:
    subject = t("{service} inbox", service=service)
    rows: dict[str, Any] = {row.state: row for row in connection.execute(_INBOX)}
    counts = {state: rows[state].rows if state in rows else 0 for state in ("PENDING", "PARKED", "QUARANTINED")}
    text = t(
        "{pending} pending, {parked} parked, {quarantined} quarantined",
        pending=counts["PENDING"],
        parked=counts["PARKED"],
        quarantined=counts["QUARANTINED"],
    )
    if counts["QUARANTINED"]:
        return _failure(
            subject, text, t("See them: homeward events quarantine list --service {service}", service=service)
        )
    ages = [datetime.now(UTC) - row.oldest for row in rows.values()]
    if ages and max(ages) > WAITING_OLD:
        age = duration(max(ages))
        return _warning(
            subject,
            t("{text}; the oldest for {age}", text=text, age=age),
            t("Parked events wait for a missing earlier one; pending ones for the service. Read its log."),
        )
    return _ok(subject, text)


def _refused(connection: psycopg.Connection[Any], service: str, t: Texts) -> Iterator[Line]:
    """Somebody else wrote to a stream, or a service's key is not the one that the others know."""
    rows: list[Any] = connection.execute(_REFUSED).fetchall()
    if not rows:
        return
    yield _failure(
        t("{service} refused", service=service),
        t(
            "{count} records that no service of ours signed ({reasons}), the last one at {since}",
            count=sum(row.records for row in rows),
            reasons=", ".join(row.reason for row in rows),
            since=max(row.last_at for row in rows).astimezone(VIET_NAM).strftime("%Y-%m-%d %H:%M:%S"),
        ),
        t(
            "None took effect. Find out who can write to the stream and lock him out: homeward events quarantine list"
            " --service {service}; then skip them there.",
            service=service,
        ),
    )


def _listed(connection: psycopg.Connection[Any], installation: Installation, service: str, t: Texts) -> Iterator[Line]:
    """Somebody looks through far more people than anybody works on."""
    offices = [
        row.office_id
        for row in connection.execute(_LISTED, [installation.clock().now() - timedelta(days=1), ROWS_OF_DAY])
    ]
    if offices:
        yield _warning(
            t("{service} lists", service=service),
            t(
                "somebody at {offices} was given more than {rows} rows of lists since yesterday",
                offices=", ".join(offices),
                rows=ROWS_OF_DAY,
            ),
            t("An auditor sees who that was, and which lists: homeward access-log"),
        )


def _entitlement(connection: psycopg.Connection[Any], service: str, t: Texts) -> Iterator[Line]:
    """Whether intake knows who is accountable; while it does not, it asks handover before each reading."""
    if service != "intake":
        return
    row: Any = connection.execute(_ENTITLEMENT, [TRANSFER.topic]).fetchone()
    subject = t("{service} entitlement", service=service)
    if row.age is None or row.age <= ENTITLEMENT_OLD:
        yield _ok(subject, t("knows who is accountable"))
        return
    yield _warning(
        subject,
        t("custody is known as of {age} ago; handover is asked before anybody is shown", age=duration(row.age)),
        t("See what waits in the inbox of intake, above."),
    )


def _blocked(connection: psycopg.Connection[Any], service: str, t: Texts) -> Iterator[Line]:
    row: Any = connection.execute(_BLOCKED, [BLOCKED_SHOWN]).fetchone()
    if not row.cases:
        return
    shown = tuple(str(case_id) for case_id in row.some)
    more = f" … (+{row.cases - len(shown)})" if row.cases > len(shown) else ""
    yield Line(
        Status.FAILURE,
        t("{service} blocked", service=service),
        t("{count} cases: {cases}", count=row.cases, cases=", ".join(shown) + more),
        t("Each waits until its event is redriven or skipped: homeward events quarantine show ID"),
        shown,
    )


def _held(connection: psycopg.Connection[Any], service: str, t: Texts) -> Iterator[Line]:
    row: Any = connection.execute(_HELD, [service]).fetchone()
    if row is None:
        return
    since = row.changed_at.astimezone(VIET_NAM).strftime("%Y-%m-%d %H:%M:%S")
    remedies = {
        QUARANTINE_BUDGET: t(
            "Too many events in a row could not take effect: find the cause first, then: homeward events quarantine"
            " resume {service}",
            service=service,
        ),
        REPUBLISHING: t(
            "A republish runs. If none does, one was killed: homeward events quarantine resume {service}",
            service=service,
        ),
    }
    otherwise = t("To let it run again: homeward events quarantine resume {service}", service=service)
    yield _failure(
        t("{service} consumer", service=service),
        t("was told to hold: {reason}, since {since}", reason=row.reason, since=since),
        remedies.get(row.reason, otherwise),
    )


def _watcher(connection: psycopg.Connection[Any], service: str, t: Texts) -> Iterator[Line]:
    if service not in WATCHERS:
        return
    subject = t("{service} watcher", service=service)
    row: Any = connection.execute(_WATCHER, [WATCHERS[service]]).fetchone()
    if row is not None and row.age <= WATCHER_SILENT_MAX:
        yield _ok(subject, t("looked at its deadlines {age} ago", age=duration(row.age)))
        return
    text = t("has never looked") if row is None else t("last looked at its deadlines {age} ago", age=duration(row.age))
    yield _failure(subject, text, t("Start the service again and read its log. What passed is caught up, once."))


# Kafka ----------------------------------------------------------------------------------------


def _kafka(installation: Installation, t: Texts) -> Iterator[Line]:
    subject = "Kafka"
    try:
        kafka = installation.kafka(t)
        topics = list_topics(kafka, timeout_s=TIMEOUT_S)
    except Refusal as failure:
        yield _failure(subject, failure.message, " ".join(failure.advice))
        return
    except KafkaAdminError as error:
        yield _failure(
            subject,
            str(error),
            t("Nothing is lost: events wait in the outboxes. The launcher starts its own Kafka again by itself."),
        )
        return
    yield _ok(subject, t("answers at {address}", address=kafka.bootstrap))
    yield _topics(installation, topics, t)
    for service in SERVICES:
        yield _group(kafka, service, t)


def _topics(installation: Installation, topics: Mapping[str, int], t: Texts) -> Line:
    subject = t("topics")
    specs = topic_specs(embedded=installation.kafka_is_embedded)
    missing = [spec.name for spec in specs if spec.name not in topics]
    wrong = [
        f"{spec.name}: {topics[spec.name]} ≠ {spec.partitions}"
        for spec in specs
        if topics.get(spec.name, spec.partitions) != spec.partitions
    ]
    if missing:
        remedy = t("When the cluster was lost: homeward events republish. A running launcher makes topics by itself.")
        return _failure(subject, t("missing: {names}", names=", ".join(missing)), remedy)
    if wrong:
        remedy = t("A case's events may change partition and order: create the topics anew, then republish.")
        return _failure(subject, t("wrong number of partitions: {names}", names=", ".join(wrong)), remedy)
    return _ok(subject, t("all {count} are there with their partitions", count=len(specs)))


def _group(kafka: KafkaSettings, service: str, t: Texts) -> Line:
    group = f"homeward-{service}"
    try:
        members = group_members(kafka, group, timeout_s=TIMEOUT_S)
        lag = sum(consumer_lag(kafka, group, timeout_s=TIMEOUT_S).values()) if members else 0
    except KafkaAdminError as error:
        return _failure(group, str(error), t("Look at Kafka's log."))
    if members == 0:
        return _failure(group, t("nobody consumes"), t("The service does not run, holds, or joins just now."))
    text = t("{members} members, {lag} records behind", members=members, lag=lag)
    if lag > LAG_EVENTS_MAX:
        return _warning(group, text, t("It catches up by itself; if the number grows, read the service's log."))
    return _ok(group, text)


# This machine ---------------------------------------------------------------------------------


def _disk(installation: Installation, t: Texts) -> Iterator[Line]:
    if not installation.home.path.exists():
        return
    subject = t("disk")
    usage = shutil.disk_usage(installation.home.path)
    text = t("{free} GiB free of {total}", free=f"{usage.free / GIB:.1f}", total=f"{usage.total / GIB:.0f}")
    remedy = t("Make room for {folder}: a full disk stops PostgreSQL and Kafka.", folder=installation.home.path)
    if usage.free < DISK_FAILURE_BYTES:
        yield _failure(subject, text, remedy)
    elif usage.free < DISK_WARNING_BYTES:
        yield _warning(subject, text, remedy)
    else:
        yield _ok(subject, text)


def _business_time(installation: Installation, t: Texts) -> Line:
    subject = t("business time")
    ahead = installation.clock().now() - datetime.now(UTC)
    if ahead < timedelta(seconds=1):
        return _ok(subject, t("is real time"))
    return _ok(subject, t("runs {ahead} ahead of real time: a demonstration", ahead=duration(ahead)))


def _permissions(installation: Installation, t: Texts) -> Iterator[Line]:
    keys = installation.home.keys
    if not keys.is_dir():
        return
    subject = t("secrets")
    files = [file for file in sorted(keys.iterdir()) if file.name not in PUBLIC_KEYS]
    wanted = {keys: FOLDER_MODE, **dict.fromkeys([*files, installation.home.databases_file], FILE_MODE)}
    loose = {path: mode for path, mode in wanted.items() if path.exists() and _mode(path) & ~mode}
    for path, mode in loose.items():
        yield _failure(
            subject,
            t("{path} may be read by others", path=path),
            t("Run: {command}", command=f"chmod {mode:o} {path}"),
        )
    if not loose:
        yield _ok(subject, t("only their owner may read them"))


def _mode(path: Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def duration(span: timedelta) -> str:
    """A span in its two largest units: "3 d 4 h", "12 s"."""
    seconds = int(span.total_seconds())
    parts = [(seconds // 86_400, "d"), (seconds // 3_600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((index for index, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount) or "0 s"
