"""Methods that take more than one person: what one asks for waits, and takes effect when the others have approved.

A servicer says of such a method how its request is read (`add`) and answers it by `answer`. What was asked for is
rehearsed first, so that nobody is asked to approve what cannot be done; it is read and checked anew when approved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from services.chassis.calls.acts import Origin
from services.chassis.calls.answers import Answers, Asked
from services.chassis.calls.fields import Fields
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.handover.application import approvals
from services.handover.application.approvals import Approving
from services.handover.domain.approvals import Approval, ApprovalState, Matter, require_as_asked, require_waiting
from services.handover.domain.errors import ApprovalNeeded, ChangedSinceAsked, NotAccountable, RequestAltered

A = TypeVar("A", bound=Message)


@dataclass(frozen=True, slots=True)
class Act(Generic[A]):
    """What a request comes to, in the name of whoever asked.

    `matter` None: one person is enough. `rehearse`: what shows that it could be done now; None: the work itself, which
    is then rolled back.
    """

    matter: Callable[[UnitOfWork, Caller], Awaitable[Matter | None]]
    work: Callable[[UnitOfWork, Caller], Awaitable[A]]
    rehearse: Callable[[UnitOfWork, Caller], Awaitable[object]] | None = None


Read = Callable[[Fields, Any], Act[Any]]
"""How a request is read; what is wrong with it goes to the fields."""


class _Waits(Exception):
    """Nothing is kept of a rehearsal."""

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter.method)
        self.matter = matter


class ByTwo:
    """Answers methods that take more than one person, and carries out what is approved."""

    def __init__(
        self, units: Units, approving: Approving, digest_key: bytes, shown: Callable[[], Awaitable[None]]
    ) -> None:
        """`shown`: shows in this process what is committed, after an attempt to change it."""
        self.approving = approving
        self._units = units
        self._answers = Answers(units, digest_key)
        self._shown = shown
        self._methods: dict[str, tuple[type[Message], Read]] = {}

    def add(self, method: str, request_type: type[Message], read: Read) -> None:
        """Say how the requests of a method are read."""
        self._methods[method] = request_type, read

    async def answer(self, request: Message, response_type: type[A]) -> A:
        """Answer once: with what it came to, or by ApprovalNeeded while it waits for others.

        Raises what became of it meanwhile (ApprovalRefused …), AskedForAlready, and what the work raises.
        """
        fields = Fields()
        asked = self._answers.asked(fields, request)
        _, read = self._methods[asked.method]
        act = read(fields, request)
        fields.done()
        try:
            return await self._answers.once(asked, response_type, partial(self._first, act, asked))
        except _Waits as waits:
            content = request.SerializeToString(deterministic=True)
            ask = partial(approvals.ask, approving=self.approving, asked=asked, matter=waits.matter, request=content)
            approval = await self._units.run(ask)
            raise self._needed(approval) from None
        finally:
            await self._shown()

    async def _first(self, act: Act[A], asked: Asked, uow: UnitOfWork) -> A:
        known = await approvals.known(uow, asked)
        if known is not None:
            require_waiting(known, uow.now)
            raise self._needed(known)
        matter = await act.matter(uow, asked.caller)
        if matter is None:
            return await act.work(uow, asked.caller)
        await (act.rehearse or act.work)(uow, asked.caller)
        raise _Waits(matter)

    def _needed(self, approval: Approval) -> ApprovalNeeded:
        today = local_date(approval.asked_at)
        return ApprovalNeeded(
            approval_id=str(approval.id),
            expires_on=approval.expires_on.isoformat(),
            people=str(len(self.approving.needed(approval.matter)) + 1),
            offices=", ".join(self.approving.offices(approval, today)),
            awaited=",".join(sorted(self.approving.awaited(approval))),
        )

    async def approve(self, uow: UnitOfWork, caller: Caller, approval_id: UUID) -> Approval:
        """Approve a request; once all have, carry it out in the name of whoever asked.

        Raises what `approvals.to_decide` and `approvals.approve` raise, AskerIsGone, ChangedSinceAsked, RequestAltered,
        and what the work raises: then it waits on, without this approval.
        """
        approval = await approvals.to_decide(uow, self.approving, caller, approval_id)
        await approvals.require_asker(uow, self.approving, approval)
        act = self._as_stored(approval)
        try:
            matter = await act.matter(uow, approval.asked_by)
        except (CaseNotFound, NotAccountable):
            # It is no business of whoever asked any more; of whoever approves it never was.
            raise ChangedSinceAsked from None
        if matter is None:
            raise ChangedSinceAsked
        require_as_asked(approval, matter)
        approval = await approvals.approve(uow, self.approving, caller, approval)
        if self.approving.awaited(approval):
            return approval
        response = await act.work(uow, approval.asked_by)
        origin = Origin(approval.correlation_id, approval.peer)
        asked = Asked(approval.asked_by, approval.request_id, approval.matter.method, approval.digest, origin)
        await self._answers.given(uow, asked, response)
        return await approvals.settle(uow, approval, approvals.decided(uow, caller, ApprovalState.APPROVED))

    def _as_stored(self, approval: Approval) -> Act[Any]:
        request_type, read = self._methods[approval.matter.method]
        request = request_type.FromString(approval.request)
        if self._answers.seal(request) != approval.digest:
            raise RequestAltered
        fields = Fields()
        act = read(fields, request)
        fields.done()
        return act

    async def settled(self) -> None:
        """Show in this process what was committed."""
        await self._shown()
