"""The peer of `submissions`: a bare gRPC handler that commits the rows of a submission, and does nothing else.

`python -m tests.perf.bare_server <database url> <port>`. No token, no rules, no keys, no repetition: the request is
parsed, six rows are inserted in one transaction of a pooled connection, and the receipt is returned.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

import grpc
import psycopg

from homeward.events.v1.handover_pb2 import CaseRegistered
from homeward.intake.v1 import intake_pb2
from services.chassis.storage.database import POOL_SIZE

CIPHERTEXT_BYTES = 150
WRAPPED_KEY_BYTES = 60
SERVICE = "homeward.intake.v1.IntakeService"
OFFICE = "BP-CN-MONG-CAI"


def _insert(table: str, columns: str) -> str:
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(columns.split(',')))})"


REQUEST_LOG = _insert("request_log", "office_id, request_id, method, digest, response, created_at")
HANDOVER = _insert(
    "handover",
    "id, office_id, subject, route, gate_id, handover_time, people, kek_id, wrapped_key, details, created_at",
)
CASE = _insert(
    "intake_case",
    "id, number, handover_id, row_number, row_count, receiving_office_id, route, home_province, age_band,"
    " handover_time, created_at, changed_at, version, identification, decisions, withdrawal, phase,"
    " accountable_office_id, segment, arrivals, followups_segment, transfer_id, addressee_office_id",
)
IDENTITY = _insert("identity", "case_id, kek_id, wrapped_key, revision, ciphertext")
STREAM_VERSION = _insert("stream_version", "topic, subject, version")
OUTBOX = _insert(
    "outbox",
    "event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent, payload, sent_at",
)


class BareIntake:
    """Answers SubmitHandover."""

    def __init__(self, pool: asyncio.Queue[psycopg.AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._numbers = itertools.count(1)

    async def submit_handover(
        self, request: intake_pb2.SubmitHandoverRequest, context: Any
    ) -> intake_pb2.SubmitHandoverResponse:
        """Commits the rows."""
        case_id, handover_id, now = uuid.uuid4(), uuid.uuid4(), datetime.now(UTC)
        number = f"BARE-{next(self._numbers)}"
        response = intake_pb2.SubmitHandoverResponse(
            receipt=intake_pb2.Receipt(
                handover_id=str(handover_id),
                entries=[intake_pb2.ReceiptEntry(row=1, case_id=str(case_id), case_number=number)],
            )
        )
        rows = _rows(uuid.UUID(request.request_id), response.SerializeToString(), case_id, handover_id, number, now)
        connection = await self._pool.get()
        try:
            async with connection.transaction(), connection.cursor() as cursor:
                for statement, row in rows:
                    await cursor.execute(statement, row)
        finally:
            self._pool.put_nowait(connection)
        return response


def _rows(
    request_id: uuid.UUID, response: bytes, case_id: uuid.UUID, handover_id: uuid.UUID, number: str, now: datetime
) -> list[tuple[str, tuple[object, ...]]]:
    key, sealed, route = os.urandom(WRAPPED_KEY_BYTES), os.urandom(CIPHERTEXT_BYTES), "OFFICIAL_HANDOVER"
    event = CaseRegistered(
        case_id=str(case_id), case_number=number, handover_id=str(handover_id), receiving_office_id=OFFICE
    )
    state = (1, "IN_PROCESS", 0, "NONE", "REGISTERED", OFFICE, 0, 0, 0, None, "")
    topic = "homeward.handover.v1"
    sent = (uuid.uuid4(), topic, CaseRegistered.DESCRIPTOR.full_name, case_id, 1, now, str(request_id), "", "")
    return [
        (REQUEST_LOG, (OFFICE, request_id, "SubmitHandover", os.urandom(32), response, now)),
        (HANDOVER, (handover_id, OFFICE, "bare", route, "CN-MONG-CAI", now, 1, "bare", key, sealed, now)),
        (CASE, (case_id, number, handover_id, 1, 1, OFFICE, route, "04@2025", "ADULT", now, now, now, *state)),
        (IDENTITY, (case_id, "bare", key, 1, sealed)),
        (STREAM_VERSION, (topic, case_id, 1)),
        (OUTBOX, (*sent, event.SerializeToString(), None)),
    ]


async def _serve(url: str, port: int) -> None:
    pool: asyncio.Queue[psycopg.AsyncConnection[Any]] = asyncio.Queue()
    for _ in range(POOL_SIZE):
        pool.put_nowait(await psycopg.AsyncConnection.connect(url))
    server = grpc.aio.server()
    method = grpc.unary_unary_rpc_method_handler(
        BareIntake(pool).submit_handover,
        request_deserializer=intake_pb2.SubmitHandoverRequest.FromString,
        response_serializer=intake_pb2.SubmitHandoverResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, {"SubmitHandover": method})])
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
