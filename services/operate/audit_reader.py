"""Reads the four audit views: all cases once, side by side in the order of their ids, and single ones again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import psycopg
from psycopg.rows import namedtuple_row

from services.chassis.country.directory import Directory
from services.chassis.country.offices import OfficeEnd
from services.chassis.country.overlays import CARRIED_OUT_ENDS, OPENED_OFFICES, opened_office
from services.chassis.events.streams import OFFICE
from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.deadlines import Unit, within_bounds
from services.operate.audit_rules import SERVICES, CaseRow, CaseRows

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 600_000
CHUNK_ROWS = 5_000
AGAIN_CASES = 1_000

# The text of a UUID sorts as the UUID does, and is cheaper to read. A cursor's plan is otherwise made for its first
# rows, which would look into outbox and inbox once for each case.
_OPTIONS = (
    "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    f" -c cursor_tuple_fraction=1.0 -c jit=off -c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"
)
_COLUMNS = (
    "case_id::text, phase, office_id, is_open, deadline_rule, deadline_at, watched_by, watcher_seen_at,"
    " coalesce(primary_count, 0), in_flight, blocked"
)
_CONSENTS = ", coalesce(consents, '')"
_MORE = {
    "followup": f", keeper_id, lost_although_seen, NULL, 0, 0, NULL{_CONSENTS}",
    "handover": f", NULL, false, ended_journey_at, 0, 0, NULL{_CONSENTS}",
    "intake": f", NULL, false, NULL, law_asked, law_watched, law_due_at{_CONSENTS}",
}
"""What one service alone says of a case, and what those say that know of consents."""
_UNACTED = "SELECT method, count(*) FROM audit_unacted GROUP BY method ORDER BY method"
_REFUSED = "SELECT reason, records FROM audit_refused ORDER BY reason"


_RULES = "SELECT code, version, amount, unit, changed_at FROM rule_overlay ORDER BY code, version"


class RulesFound(NamedTuple):
    """Rules that were changed: those that lie beyond their bounds, and those that were changed lately."""

    beyond: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


_MISCOUNTED = "SELECT office_id, phase, rule, overdue_from, counted, there FROM audit_open_case ORDER BY 1, 2, 3, 4"
_BREAK_GLASS = "SELECT fault, about, case_id::text, office_id FROM audit_break_glass WHERE at <= %s ORDER BY at, about"
READ_WITHOUT_GRANT = "READ_WITHOUT_GRANT"


class BreakGlassFound(NamedTuple):
    """What is wrong with break-glass: reads that none allowed, by their number in the access log, and those that nobody
    has reviewed a week after that was due; each with its case and office."""

    reads: tuple[str, ...] = ()
    unreviewed: tuple[str, ...] = ()


def _rule(row: Any) -> str:
    code, version, amount, unit, changed_at = row
    return f"{code} v{version}: {amount} {unit} ({changed_at.astimezone(VIET_NAM).date().isoformat()})"


def _from(service: str) -> str:
    view = "audit_case LEFT JOIN audit_consent USING (case_id)" if service in _MORE else "audit_case"
    return f"SELECT {_COLUMNS}{_MORE.get(service, '')} FROM {view}"


def _all(service: str) -> str:
    return f"{_from(service)} ORDER BY case_id"


def _some(service: str) -> str:
    return f"{_from(service)} WHERE case_id = ANY(%s::uuid[]) ORDER BY case_id"


class DatabaseUnreachable(Exception):
    """A database cannot be read; `reason` is a code or the name of the driver's error."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


class AuditReader:
    """Reads the four views; use it in a `with`. Each database is a snapshot of its own: what is between two of them
    is in flight.

    Attributes:
        real_now: real time of each database when its rows were read last.
    """

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self._stack = ExitStack()
        self._connections: dict[str, psycopg.Connection[Any]] = {}
        self.real_now: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        try:
            for service in SERVICES:
                self._connections[service] = self._stack.enter_context(self._connect(service))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def all_cases(self) -> Iterator[CaseRows]:
        """Every case, in the order of the ids; holds a few thousand rows of each database at a time.

        Raises:
            DatabaseUnreachable: one of them.
        """
        with ThreadPoolExecutor(len(SERVICES)) as pool:
            yield from side_by_side([self._rows(service, pool) for service in SERVICES])

    def some_cases(self, case_ids: Sequence[str]) -> Iterator[CaseRows]:
        """These cases, as they are now; `case_ids` sorted. A case that nobody knows any more is left out.

        Raises:
            DatabaseUnreachable: one of them.
        """
        for start in range(0, len(case_ids), AGAIN_CASES):
            wanted = list(case_ids[start : start + AGAIN_CASES])
            yield from side_by_side([iter(self._again(service, wanted)) for service in SERVICES])

    def refused(self) -> dict[str, dict[str, int]]:
        """Records that no service signed as they came: how many, by reason, by the service that refused them.

        Raises:
            DatabaseUnreachable: one of them.
        """
        return {service: found for service in SERVICES if (found := dict(self._select(service, _REFUSED)))}

    def unacted(self) -> dict[str, dict[str, int]]:
        """What was done, and nobody stands beside it: how often, by method, by service.

        Raises:
            DatabaseUnreachable: one of them.
        """
        return {service: found for service in SERVICES if (found := dict(self._select(service, _UNACTED)))}

    def rules(self, since: datetime) -> RulesFound:
        """Rules beyond their bounds, and those changed since an instant of business time, as handover has them.

        Raises:
            DatabaseUnreachable: it cannot be read.
        """
        rows = self._select(OFFICE.producer, _RULES)
        beyond = [row for row in rows if not within_bounds(row[0], row[2], Unit(row[3]))]
        return RulesFound(tuple(map(_rule, beyond)), tuple(_rule(row) for row in rows if row[4] >= since))

    def break_glass(self, now: datetime) -> BreakGlassFound:
        """What is wrong with break-glass at an instant of business time.

        Raises:
            DatabaseUnreachable: the database of intake cannot be read.
        """
        told = [
            (fault, f"{about} ({case_id}, {office_id})")
            for fault, about, case_id, office_id in self._select("intake", _BREAK_GLASS, now)
        ]
        return BreakGlassFound(
            tuple(text for fault, text in told if fault == READ_WITHOUT_GRANT),
            tuple(text for fault, text in told if fault != READ_WITHOUT_GRANT),
        )

    def miscounted(self) -> tuple[str, ...]:
        """Where the counts of open cases of handover are not what there is: which, and both numbers.

        Raises:
            DatabaseUnreachable: it cannot be read.
        """
        return tuple(
            f"{office} {phase} {rule} {day}: {counted} ≠ {there}"
            for office, phase, rule, day, counted, there in self._select("handover", _MISCOUNTED)
        )

    def directory(self, known: Directory) -> Directory:
        """The offices as they stand in handover, which opens and ends them.

        Raises:
            DatabaseUnreachable: it cannot be read.
        """
        connection = self._connections[OFFICE.producer]
        try:
            with connection.transaction(), connection.cursor(row_factory=namedtuple_row) as cursor:
                opened = [opened_office(row) for row in cursor.execute(OPENED_OFFICES)]
                ends = [OfficeEnd(*row) for row in cursor.execute(CARRIED_OUT_ENDS)]
        except psycopg.Error as error:
            raise DatabaseUnreachable(OFFICE.producer, type(error).__name__) from error
        return known.changed(opened, ends)

    def _select(self, service: str, sql: str, *values: object) -> list[Any]:
        connection = self._connections[service]
        try:
            with connection.transaction():
                return connection.execute(sql, values or None).fetchall()
        except psycopg.Error as error:
            raise DatabaseUnreachable(service, type(error).__name__) from error

    def _connect(self, service: str) -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(
                self._urls[service],
                connect_timeout=CONNECT_TIMEOUT_S,
                options=_OPTIONS,
                application_name="homeward-audit",
            )
        except psycopg.Error as error:
            raise DatabaseUnreachable(service, type(error).__name__) from error

    def _rows(self, service: str, pool: ThreadPoolExecutor) -> Iterator[CaseRow]:
        """Rows of one database; the next chunk is fetched while this one is read."""
        connection = self._connections[service]
        try:
            with connection.transaction(), connection.cursor(name="audit_case") as cursor:
                self._note_time(service)
                # Binary: the driver makes values of columns without reading text.
                cursor.execute(_all(service), binary=True)
                chunk = pool.submit(cursor.fetchmany, CHUNK_ROWS)
                try:
                    while rows := chunk.result():
                        chunk = pool.submit(cursor.fetchmany, CHUNK_ROWS)
                        yield from (CaseRow(*row) for row in rows)
                finally:
                    # The connection is not to be closed under a fetch that runs.
                    chunk.exception()
        except psycopg.Error as error:
            raise DatabaseUnreachable(service, type(error).__name__) from error

    def _again(self, service: str, case_ids: list[str]) -> list[CaseRow]:
        connection = self._connections[service]
        try:
            with connection.transaction():
                self._note_time(service)
                rows = connection.execute(_some(service), [case_ids], binary=True)
                return [CaseRow(*row) for row in rows]
        except psycopg.Error as error:
            raise DatabaseUnreachable(service, type(error).__name__) from error

    def _note_time(self, service: str) -> None:
        row = self._connections[service].execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        self.real_now[service] = row[0]


def side_by_side(streams: Iterable[Iterator[CaseRow]]) -> Iterator[CaseRows]:
    """Rows of the four services, each sorted by case id, put together case by case."""
    iterators = list(streams)
    heads = [next(rows, None) for rows in iterators]
    while waiting := [row.case_id for row in heads if row is not None]:
        first = min(waiting)
        case: list[CaseRow | None] = [None] * len(heads)
        for index, row in enumerate(heads):
            if row is not None and row.case_id == first:
                case[index] = row
                heads[index] = next(iterators[index], None)
        yield CaseRows(*case)
