"""Commits submissions in groups: the only place where many callers share a transaction.

While one group is being committed the next one gathers, so a lone caller waits for nobody and fifty callers pay for few
commits. Every caller is told whether the own submission was stored: under a request id that is taken nothing is, also
when two with the same one stand in the same group. Who would register somebody whom the own office registered before is
told `PeopleKnown`, and the others are stored without it. When a group fails for another reason than a database that is
away, its submissions are tried one by one, so that one that cannot be stored spoils none of the others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.answers import Key
from services.chassis.events.units import Units
from services.chassis.kernel.errors import StorageUnavailable, TooManyRequests
from services.chassis.storage.database import failure_level, is_unavailable
from services.chassis.telemetry.failpoint import failpoint
from services.intake.storage import registered
from services.intake.storage.submissions import SubmissionRows, insert_new, keys_of_known

GROUP_MAX: Final = 64
"""Submissions in one transaction; above it the commit is no longer what costs."""
WAITING_MAX: Final = 512
RETRY_AFTER_S: Final = 1
ANSWER_WITHIN_S: Final = 5.0
"""A caller learns by then that the database is away; the same request id makes repeating safe."""
COMMIT_WITHIN_S: Final = 10.0
"""A group that takes longer is given up: the connection hangs."""

log = structlog.get_logger(__name__)


class PeopleKnown(Exception):
    """Somebody of the submission is registered by the same office already; nothing of it was stored."""


@dataclass(slots=True)
class _Waiting:
    submission: SubmissionRows
    stored: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def resolve(self, stored: bool) -> None:
        """Tell whether it was stored."""
        if not self.stored.done():
            self.stored.set_result(stored)

    def fail(self, error: BaseException) -> None:
        """Tell the error."""
        if not self.stored.done():
            self.stored.set_exception(error)


class SubmissionWriter:
    """Stores submissions, many in a transaction. One for each process and event loop."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def store(self, submission: SubmissionRows) -> bool:
        """Store one, all its rows or none. Returns False when its request id was taken, in a committed transaction.

        A caller that hangs up leaves the submission where it is: it is stored nevertheless.
        Raises PeopleKnown, TooManyRequests, StorageUnavailable.
        """
        if len(self._waiting) >= WAITING_MAX:
            raise TooManyRequests(retry_after_seconds=str(RETRY_AFTER_S))
        waiting = _Waiting(submission)
        # Whoever hung up does not fetch the error.
        waiting.stored.add_done_callback(lambda stored: stored.cancelled() or stored.exception())
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            # In a context of its own: the task serves more calls than the one that started it.
            self._task = asyncio.create_task(self._write(), context=Context())
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await asyncio.shield(waiting.stored)
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
                log.log(failure_level(error), "group_not_stored", exc_info=error, error=type(error).__name__)

    async def _commit_or_split(self, group: Sequence[_Waiting]) -> None:
        first: dict[Key, _Waiting] = {}
        for waiting in group:
            first.setdefault(waiting.submission.key, waiting)
        try:
            async with asyncio.timeout(COMMIT_WITHIN_S):
                new = await self._units.write(
                    lambda connection: _insert(connection, [one.submission for one in first.values()])
                )
        except Exception as error:
            if is_unavailable(error):
                log.warning("group_not_stored", error=type(error).__name__)
                for waiting in group:
                    waiting.fail(StorageUnavailable())
            elif len(group) == 1:
                group[0].fail(PeopleKnown() if registered.is_known(error) else error)
            elif registered.is_known(error) and (others := await self._without_known(group)) is not None:
                if others:
                    await self._commit_or_split(others)
            else:
                log.warning("group_split", error=type(error).__name__, size=len(group))
                for waiting in group:
                    await self._commit_or_split([waiting])
            return
        failpoint("intake.after_commit_before_reply")
        for waiting in group:
            key = waiting.submission.key
            waiting.resolve(key in new and first[key] is waiting)

    async def _without_known(self, group: Sequence[_Waiting]) -> list[_Waiting] | None:
        """The others, once those are told who would register somebody twice; None when there are none of these."""
        submissions = [one.submission for one in group]
        known = await self._units.read(lambda uow: keys_of_known(uow.connection, submissions))
        if not known:
            return None
        for waiting in group:
            if waiting.submission.key in known:
                waiting.fail(PeopleKnown())
        return [waiting for waiting in group if waiting.submission.key not in known]


async def _insert(connection: AsyncConnection, group: Sequence[SubmissionRows]) -> Collection[Key]:
    failpoint("intake.before_tx")
    new = await insert_new(connection, group)
    failpoint("intake.after_business_insert")
    failpoint("intake.before_commit")
    return new
