"""The same request twice gets the same answer; the same id with other content is refused (AIP-155).

It is the same request when office, request id, method and digest agree. The answer is stored as it stands, so it must
not hold an identity.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from google.protobuf.json_format import MessageToDict, SerializeToJsonError
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.acts import INSERT_ACT, Origin, act_row
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.errors import RequestIdReused
from services.chassis.kernel.roles import Caller

M = TypeVar("M", bound=Message)
Key: TypeAlias = tuple[str, uuid.UUID]
"""Office and request id."""

_CLAIM = text(
    """
    INSERT INTO request_log (office_id, request_id, method, digest, created_at)
    VALUES (:office_id, :request_id, :method, :digest, :created_at)
    ON CONFLICT (office_id, request_id) DO NOTHING
    """
)
_EARLIER = text(
    """
    SELECT office_id, request_id, method, digest, response FROM request_log
    JOIN unnest(CAST(:office_id AS text[]), CAST(:request_id AS uuid[])) AS k (o, r)
      ON office_id = k.o AND request_id = k.r
    """
)
_ANSWER = text(
    f"""
    WITH acted AS ({INSERT_ACT})
    UPDATE request_log SET response = :response WHERE office_id = :office_id AND request_id = :request_id
    """
)


def digest_of(request: Message, key: bytes) -> bytes:
    """What a request says, as 32 bytes that reveal nothing without the key.

    Taken over canonical JSON, because serialized protobuf is not stable between versions.
    """
    try:
        content = json.dumps(MessageToDict(request), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, OverflowError, SerializeToJsonError):
        # A moment that no calendar has. It has no JSON, and the request is refused for it.
        content = request.SerializeToString(deterministic=True)
    return hmac.digest(key, content, hashlib.sha256)


def method_name(method: str) -> str:
    """`SubmitHandover` of `/homeward.intake.v1.IntakeService/SubmitHandover`: services are cut anew, methods stay."""
    return method.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """A mutation as it came: who asks, from where, under which request id, for which method, the request's digest."""

    caller: Caller
    request_id: uuid.UUID
    method: str
    digest: bytes
    origin: Origin

    @property
    def key(self) -> Key:
        """Under which it is answered once."""
        return self.caller.office_id, self.request_id

    def row(self, now: datetime) -> dict[str, object]:
        """What claims the request id in the request log, answer apart."""
        return {
            "office_id": self.caller.office_id,
            "request_id": self.request_id,
            "method": self.method,
            "digest": self.digest,
            "created_at": now,
        }

    def act(self, case_ids: Iterable[uuid.UUID], now: datetime) -> Mapping[str, object]:
        """That it was done, and about which cases: a row of the table `act`."""
        return act_row(self.caller, self.origin, self.method, self.request_id, case_ids, now)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the request log holds under a request id; `response` is the serialized answer."""

    method: str
    digest: bytes
    response: bytes

    def answer_to(self, asked: Asked) -> bytes:
        """The stored answer; raises RequestIdReused when it was given to another request."""
        same_method = method_name(self.method) == method_name(asked.method)
        if not (same_method and hmac.compare_digest(self.digest, asked.digest)):
            raise RequestIdReused(request_id=str(asked.request_id))
        return self.response


async def earlier_answers(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, Earlier]:
    """What the request log holds under these ids; for whoever claims many at once."""
    if not keys:
        return {}
    parameters = {"office_id": [key[0] for key in keys], "request_id": [key[1] for key in keys]}
    rows = await connection.execute(_EARLIER, parameters)
    return {(row.office_id, row.request_id): Earlier(row.method, row.digest, row.response) for row in rows}


class Answers:
    """Gives the answers of one service, each once."""

    def __init__(self, units: Units, digest_key: bytes) -> None:
        self._units = units
        self._digest_key = digest_key

    def asked(self, fields: Fields, request: Any) -> Asked:
        """What every mutation begins with: who asks, under which request id; what is wrong with it goes to `fields`."""
        call = current_call()
        digest = digest_of(request, self._digest_key)
        return Asked(call.caller, fields.request_id(request), method_name(call.method), digest, Origin.of(call))

    async def given(self, uow: UnitOfWork, asked: Asked, response: Message) -> None:
        """Keep the answer to a request that another call carried out, for whoever asked. Raises RequestIdReused."""
        claimed = await uow.connection.execute(_CLAIM, asked.row(uow.now))
        if not claimed.rowcount:
            raise RequestIdReused(request_id=str(asked.request_id))
        await self._keep(uow, asked, response)

    def seal(self, request: Message) -> bytes:
        """The digest of a request, as it is kept beside what was asked."""
        return digest_of(request, self._digest_key)

    async def once(self, asked: Asked, response_type: type[M], work: Callable[[UnitOfWork], Awaitable[M]]) -> M:
        """Run the work in a transaction unless the request was answered before; either way return its answer.

        That it was done, and by whom, is written with it: an act about the cases that the unit of work was about.
        The request id is claimed first: a second caller at the same instant waits for the first one's commit, then
        reads its answer. Raises RequestIdReused: the id was used with other content, or for another method.
        """

        async def unit(uow: UnitOfWork) -> M:
            if not (await uow.connection.execute(_CLAIM, asked.row(uow.now))).rowcount:
                earlier = await earlier_answers(uow.connection, [asked.key])
                return response_type.FromString(earlier[asked.key].answer_to(asked))
            response = await work(uow)
            await self._keep(uow, asked, response)
            return response

        return await self._units.run(unit)

    async def _keep(self, uow: UnitOfWork, asked: Asked, response: Message) -> None:
        answered = {**asked.act(uow.case_ids, uow.now), "response": response.SerializeToString()}
        await uow.connection.execute(_ANSWER, answered)
