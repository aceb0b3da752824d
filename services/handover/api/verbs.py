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
from services.handover.application.desk import Ports

Command = TypeVar("Command")
Result = TypeVar("Result")
Response = TypeVar("Response", bound=Message)


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
        carry_out: Callable[[UnitOfWork, Ports, Caller, Command], Awaitable[Result]],
        answer: Callable[[Result, datetime], Response],
    ) -> Response:
        """The answer to a request for a change, whether it comes for the first time or again.

        `read`: its command; what is wrong with fields is told together. `answer`: what came of it, and when. Raises
        InvalidInput, RequestIdReused, and what `carry_out` raises.
        """
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = read(fields)
        fields.done()

        async def work(uow: UnitOfWork) -> Response:
            return answer(await carry_out(uow, self._ports, asked.caller, command), uow.now)

        return await self._answers.once(asked, response, work)
