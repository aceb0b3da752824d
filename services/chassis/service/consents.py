"""What somebody agreed to, asked of intake before whatever needs it; and what intake told of it last, kept beside.

What intake told last may be late: who withdrew her consent a moment ago has withdrawn it. So intake is asked, by a
process that holds nothing meanwhile. Where it does not answer, what it told last counts as long as news come in time;
what it did not tell may be on its way, so nobody is refused then for a consent that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.events.v1 import consent_pb2
from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.enums import code_of
from services.chassis.calls.peers import Peers, answer_of
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.consents import ConsentMissing, ConsentUnknown, Said, require_given
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.words import ConsentPurpose, ConsentState

_SERVICE: Final = consents_pb2.DESCRIPTOR.services_by_name["ConsentService"]
METHOD: Final = _SERVICE.methods_by_name["GetSaid"]
_SAID: Final = text(
    "SELECT state, said_on FROM known_consent WHERE case_id = :case_id AND purpose = :purpose ORDER BY number"
)
# The events of a case are taken in one after the other, each once.
_TAKE: Final = text(
    """
    INSERT INTO known_consent (case_id, number, purpose, state, text_version, said_on)
    SELECT :case_id, coalesce(max(number), 0) + 1, :purpose, :state, :text_version, :said_on
    FROM known_consent WHERE case_id = :case_id
    """
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What intake answered a moment ago, by the purposes that were asked for; None: it did not answer.

    `is_late`: what it told last may be behind.
    """

    answered: Mapping[ConsentPurpose, tuple[Said, ...]] | None = field(default_factory=dict)
    is_late: bool = False

    async def said_to(self, connection: AsyncConnection, case_id: UUID, purpose: ConsentPurpose) -> tuple[Said, ...]:
        """What was said to a purpose, in that order. Raises ConsentUnknown."""
        if self.answered is not None and purpose in self.answered:
            return self.answered[purpose]
        if self.is_late:
            raise ConsentUnknown
        return await said_to(connection, case_id, purpose)

    async def require(
        self, connection: AsyncConnection, case_id: UUID, purposes: Iterable[ConsentPurpose], day: date
    ) -> None:
        """Raise ConsentMissing for the first purpose to which no consent stands on the day; ConsentUnknown."""
        for purpose in purposes:
            said = await self.said_to(connection, case_id, purpose)
            with self.judging():
                require_given(purpose.value, said, day)

    @contextmanager
    def judging(self, missing: type[HomewardError] = ConsentMissing) -> Iterator[None]:
        """Raise ConsentUnknown for what is refused for want of a consent (`missing`), where intake does not answer.

        What it did not tell may be on its way: it is not known that she did not agree a moment ago.
        """
        try:
            yield
        except missing as refusal:
            if self.answered is None:
                raise ConsentUnknown from refusal
            raise


NOT_ASKED: Final = Heard()


@dataclass(frozen=True)
class Consents:
    """Intake, as far as other services ask it anything. `news_are_late`: whether what it told last may be behind."""

    peers: Peers
    news_are_late: Callable[[], bool]

    async def ask(self, ref: CaseRef, purposes: Collection[ConsentPurpose]) -> Heard:
        """What was said to these purposes; nobody is asked about none."""
        if not purposes:
            return NOT_ASKED
        request = consents_pb2.GetSaidRequest(case=str(ref), purposes=[one.value for one in purposes])
        found = await answer_of(self.peers, "intake", METHOD, request)
        if found is None:
            return Heard(None, is_late=self.news_are_late())
        return Heard({one: tuple(_said(each) for each in found.said if each.purpose == one.value) for one in purposes})


def _said(told: consents_pb2.SaidToPurpose) -> Said:
    return Said(ConsentState(code_of(types_pb2.ConsentState, told.state)), date.fromisoformat(told.said_on))


async def consent_changed(uow: UnitOfWork, event: consent_pb2.ConsentChanged) -> None:
    """Something was said to a purpose."""
    said = {
        "case_id": UUID(event.case_id),
        "purpose": event.purpose,
        "state": code_of(types_pb2.ConsentState, event.state),
        "text_version": event.text_version,
        "said_on": date.fromisoformat(event.said_on),
    }
    await uow.connection.execute(_TAKE, said)


def handlers() -> Mapping[type[Message], EventHandler]:
    """Of whoever needs to know."""
    return {consent_pb2.ConsentChanged: consent_changed}


async def said_to(connection: AsyncConnection, case_id: UUID, purpose: ConsentPurpose) -> tuple[Said, ...]:
    """What was said to a purpose, in that order, as intake told last."""
    rows = await connection.execute(_SAID, {"case_id": case_id, "purpose": purpose.value})
    return tuple(Said(ConsentState(row.state), row.said_on) for row in rows)
