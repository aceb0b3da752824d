"""The way of every verb: read its fields, carry out its command once, and answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from google.protobuf.message import Message

from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.roles import Caller
from services.handover.api.by_two import Act
from services.handover.application.desk import Ports
from services.handover.domain.approvals import Matter

Command = TypeVar("Command")
Result = TypeVar("Result")
Response = TypeVar("Response", bound=Message)
CarryOut = Callable[[UnitOfWork, Ports, Caller, Command], Awaitable[Result]]
"""What the application does with a command, in the name of somebody."""


class Verbs:
    """What a servicer stands on."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def carried_out(
        self,
        request: Message,
        response: type[Response],
        read: Callable[[Fields], Command],
        carry_out: CarryOut[Command, Result],
        answer: Callable[[Result, datetime], Response],
        ask_first: Callable[[Command], Awaitable[Command]] | None = None,
    ) -> Response:
        """The answer to a request for a change, whether it comes for the first time or again.

        `read`: its command; what is wrong with fields is told together. `answer`: what came of it, and when.
        `ask_first`: adds to the command what another service says, before a case is locked. Raises InvalidInput,
        RequestIdReused, and what `carry_out` raises.
        """
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = read(fields)
        fields.done()
        if ask_first is not None:
            command = await ask_first(command)
        work = self._work(command, carry_out, answer)
        return await self._answers.once(asked, response, lambda uow: work(uow, asked.caller))

    def act(
        self,
        command: Command,
        matter: CarryOut[Command, Matter | None],
        carry_out: CarryOut[Command, Result],
        answer: Callable[[Result, datetime], Response],
    ) -> Act[Response]:
        """The same for a command that may take two people: `matter` says what it is about, where it does."""
        work = self._work(command, carry_out, answer)
        return Act(lambda uow, caller: matter(uow, self._ports, caller, command), work)

    def _work(
        self, command: Command, carry_out: CarryOut[Command, Result], answer: Callable[[Result, datetime], Response]
    ) -> Callable[[UnitOfWork, Caller], Awaitable[Response]]:
        async def work(uow: UnitOfWork, caller: Caller) -> Response:
            return answer(await carry_out(uow, self._ports, caller, command), uow.now)

        return work
