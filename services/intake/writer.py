"""Commits submissions in groups: the only place where many callers share a transaction.

While one group is being committed the next one gathers, so a lone caller waits for nobody and
fifty callers pay for few commits. Every caller gets an answer of its own: whoever comes with a
request id that was answered before gets that answer, also when both stand in the same group.
When a group fails for another reason than a database that is away, its submissions are tried one
by one, so that one that cannot be stored spoils none of the others.
"""

from __future__ import annotations

import asyncio
import hmac
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.chassis.events.units import Units
from services.chassis.kernel.errors import RequestIdReused, StorageUnavailable, TooManyRequests
from services.chassis.storage.database import is_unavailable
from services.chassis.storage.tables import Outbox, RequestLog, StreamVersion, table_of
from services.chassis.telemetry.failpoint import failpoint
from services.intake import storage

GROUP_MAX: Final = 64
"""Submissions in one transaction; above it the commit is no longer what costs."""
WAITING_MAX: Final = 512
RETRY_AFTER_S: Final = 1
ANSWER_WITHIN_S: Final = 5.0
"""A caller learns by then that the database is away; the same request id makes repeating safe."""
COMMIT_WITHIN_S: Final = 10.0
"""A group that takes longer is given up: the connection hangs."""
REQUEST_COLUMNS: Final = ("office_id", "request_id", "method", "digest", "response", "created_at")

log = structlog.get_logger(__name__)

_TABLES: Final[tuple[tuple[type[SQLModel], str], ...]] = (
    (RequestLog, "request_"),
    (storage.HandoverRow, "handover_"),
    (storage.CaseRow, "case_"),
    (storage.IdentityRow, "identity_"),
    (StreamVersion, "number_"),
    (Outbox, "event_"),
)
"""The tables of a submission, in the order of `Submission.rows`, with the prefixes of their parameters."""


def _store(*, one_row: bool) -> TextClause:
    """Claims and rows in one round trip; the rows only when every request of the group is new, which is the rule."""
    (log_of_requests, prefix), *others = _TABLES
    requests = "1" if one_row else f"cardinality(CAST(:{prefix}request_id AS uuid[]))"
    when = "(SELECT every_one FROM outcome)"
    rows = ", ".join(
        f"{name}rows AS ({storage.bulk_insert(table_of(model), name, when, one_row=one_row)})" for model, name in others
    )
    return text(
        f"""
        WITH claim AS (
            {storage.bulk_insert(table_of(log_of_requests), prefix, one_row=one_row)}
            ON CONFLICT (office_id, request_id) DO NOTHING
            RETURNING office_id, request_id
        ),
        outcome AS (SELECT count(*) = {requests} AS every_one FROM claim),
        {rows}
        SELECT office_id, request_id FROM claim
        """
    )


_STORE: Final = {one_row: _store(one_row=one_row) for one_row in (False, True)}
_EARLIER = text(
    """
    SELECT office_id, request_id, method, digest, response FROM request_log
    JOIN unnest(CAST(:office_id AS text[]), CAST(:request_id AS uuid[])) AS k (o, r)
      ON office_id = k.o AND request_id = k.r
    """
)

Row = Mapping[str, object]
Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """One submission, ready to be stored: nothing is computed inside the transaction.

    Attributes:
        response: the serialized answer; it holds no identity.
        handover, cases, identities, numbers, events: its rows.
    """

    office_id: str
    request_id: UUID
    method: str
    digest: bytes
    response: bytes
    created_at: datetime
    handover: Row
    cases: Sequence[Row]
    identities: Sequence[Row]
    numbers: Sequence[Row]
    events: Sequence[Row]

    @property
    def rows(self) -> tuple[Sequence[Row], ...]:
        """Its rows, table by table."""
        request = {name: getattr(self, name) for name in REQUEST_COLUMNS}
        return ([request], [self.handover], self.cases, self.identities, self.numbers, self.events)

    @property
    def key(self) -> Key:
        """By which it is the same request."""
        return self.office_id, self.request_id


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the request log holds about a request id."""

    method: str
    digest: bytes
    response: bytes


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    answer: asyncio.Future[bytes] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def resolve(self, earlier: Earlier) -> None:
        """Answer with what is stored under the request id, if it is the same request."""
        if not self.answer.done():
            try:
                one = self.submission
                self.answer.set_result(same_answer(one.method, one.digest, one.request_id, earlier))
            except RequestIdReused as error:
                self.answer.set_exception(error)

    def fail(self, error: BaseException) -> None:
        """Answer with an error."""
        if not self.answer.done():
            self.answer.set_exception(error)


def same_answer(method: str, digest: bytes, request_id: UUID, earlier: Earlier) -> bytes:
    """The stored answer; raises RequestIdReused when it belongs to another request."""
    if method != earlier.method or not hmac.compare_digest(digest, earlier.digest):
        raise RequestIdReused(request_id=str(request_id))
    return earlier.response


class SubmissionWriter:
    """Stores submissions, many in a transaction. One for each process and event loop."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def store(self, submission: Submission) -> bytes:
        """Store one, all its rows or none, and return the answer that stands under its id.

        A caller that hangs up leaves the submission where it is: it is stored nevertheless.
        Raises RequestIdReused, TooManyRequests, StorageUnavailable.
        """
        if len(self._waiting) >= WAITING_MAX:
            raise TooManyRequests(retry_after_seconds=str(RETRY_AFTER_S))
        waiting = _Waiting(submission)
        # Whoever hung up does not fetch the error.
        waiting.answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            # In a context of its own: the task serves more calls than the one that started it.
            self._task = asyncio.create_task(self._write(), context=Context())
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await asyncio.shield(waiting.answer)
        except TimeoutError:
            raise StorageUnavailable from None

    async def _write(self) -> None:
        """Commit groups until nobody waits."""
        while self._waiting:
            size = min(GROUP_MAX, len(self._waiting))
            group = [self._waiting.popleft() for _ in range(size)]
            try:
                await self._commit_or_split(group)
            except BaseException as error:
                for waiting in group:
                    waiting.fail(StorageUnavailable())
                if not isinstance(error, Exception):
                    raise
                log.exception("group_not_stored", error=type(error).__name__)

    async def _commit_or_split(self, group: Sequence[_Waiting]) -> None:
        try:
            async with asyncio.timeout(COMMIT_WITHIN_S):
                earlier = await self._units.write(
                    lambda connection: _insert(connection, [one.submission for one in group])
                )
        except Exception as error:
            if is_unavailable(error):
                log.warning("group_not_stored", error=type(error).__name__)
                for waiting in group:
                    waiting.fail(StorageUnavailable())
            elif len(group) == 1:
                group[0].fail(error)
            else:
                log.warning("group_split", error=type(error).__name__, size=len(group))
                for waiting in group:
                    await self._commit_or_split([waiting])
            return
        failpoint("intake.after_commit_before_reply")
        for waiting in group:
            waiting.resolve(earlier[waiting.submission.key])


async def _insert(connection: AsyncConnection, group: Sequence[Submission]) -> dict[Key, Earlier]:
    """Store what is new of a group; what stands under each request id afterwards."""
    failpoint("intake.before_tx")
    first: dict[Key, Submission] = {}
    for submission in group:
        first.setdefault(submission.key, submission)
    # In one order everywhere: two replicas with the same requests must not wait crosswise.
    claims = [first[key] for key in sorted(first)]
    tables = _rows_of(claims)
    one_row = all(len(rows) == 1 for rows in tables)
    parameters: dict[str, object] = {}
    for (_, prefix), rows in zip(_TABLES, tables, strict=True):
        parameters |= storage.columns_of(rows, prefix, one_row=one_row)
    won = {(row.office_id, row.request_id) for row in await connection.execute(_STORE[one_row], parameters)}
    new = [submission for submission in claims if submission.key in won]
    if new and len(new) < len(claims):
        for (model, _), rows in list(zip(_TABLES, _rows_of(new), strict=True))[1:]:
            await storage.insert_rows(connection, model, rows)
    failpoint("intake.after_business_insert")
    standing = {one.key: Earlier(one.method, one.digest, one.response) for one in new} | await earlier_answers(
        connection, [key for key in first if key not in won]
    )
    failpoint("intake.before_commit")
    return standing


def _rows_of(group: Sequence[Submission]) -> list[list[Row]]:
    """The rows of them all, table by table."""
    return [[row for rows in tables for row in rows] for tables in zip(*(one.rows for one in group), strict=True)]


async def earlier_answers(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, Earlier]:
    """What the request log holds under these ids."""
    if not keys:
        return {}
    parameters = {"office_id": [key[0] for key in keys], "request_id": [key[1] for key in keys]}
    rows = await connection.execute(_EARLIER, parameters)
    return {(row.office_id, row.request_id): Earlier(row.method, row.digest, row.response) for row in rows}
