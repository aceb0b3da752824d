"""The same request twice gets the same answer; the same id with other content is refused (AIP-155)."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from sqlalchemy import text

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.errors import RequestIdReused

M = TypeVar("M", bound=Message)

_CLAIM = text(
    """
    INSERT INTO request_log (office_id, request_id, method, digest, created_at)
    VALUES (:office_id, :request_id, :method, :digest, :now)
    ON CONFLICT (office_id, request_id) DO NOTHING
    """
)
_EARLIER = text(
    "SELECT method, digest, response FROM request_log"
    " WHERE office_id = :office_id AND request_id = :request_id"
)
_ANSWER = text(
    "UPDATE request_log SET response = :response"
    " WHERE office_id = :office_id AND request_id = :request_id"
)


def digest_of(request: Message, key: bytes) -> bytes:
    """What a request says, as 32 bytes that reveal nothing without the key.

    Taken over canonical JSON, because serialized protobuf is not stable between versions.
    """
    content = json.dumps(MessageToDict(request), sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, content.encode(), hashlib.sha256)


async def answer_once(
    units: Units,
    *,
    office_id: str,
    request_id: uuid.UUID,
    method: str,
    digest: bytes,
    response_type: type[M],
    work: Callable[[UnitOfWork], Awaitable[M]],
) -> M:
    """Run the work unless this request was answered before; either way return its answer.

    The row is inserted first: a second caller at the same instant waits for the first one's commit, then reads its
    answer. The answer is stored as it stands, so it must not hold an identity.

    Raises:
        RequestIdReused: the id was used with other content, or for another call.
    """

    async def unit(uow: UnitOfWork) -> M:
        key = {"office_id": office_id, "request_id": request_id}
        claimed = await uow.connection.execute(
            _CLAIM, key | {"method": method, "digest": digest, "now": uow.now}
        )
        if claimed.rowcount == 0:
            return await _earlier_answer(uow, key, method, digest, response_type)
        response = await work(uow)
        await uow.connection.execute(_ANSWER, key | {"response": response.SerializeToString()})
        return response

    return await units.run(unit)


async def _earlier_answer(
    uow: UnitOfWork,
    key: dict[str, object],
    method: str,
    digest: bytes,
    response_type: type[M],
) -> M:
    row = (await uow.connection.execute(_EARLIER, key)).one()
    if row.method != method or not hmac.compare_digest(row.digest, digest):
        raise RequestIdReused(request_id=str(key["request_id"]))
    return response_type.FromString(row.response)
