"""The peer of `submissions`: a bare gRPC handler that commits the rows of a submission, and does nothing else.

`python -m tests.perf.bare_server <database of intake> <database of its own> <port>`. No token, no rules, no keys, no
repetition: the request is parsed, the rows are inserted in one transaction of a pooled connection, and the receipt is
returned. Which rows these are it learns from the last submission that intake committed, so it follows the schema.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import grpc
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from homeward.intake.v1 import submissions_pb2
from services.chassis.storage.database import POOL_SIZE

METHOD = "/SubmitHandover"

_LAST = """
    SELECT xmin::text, request_id, response FROM request_log WHERE method LIKE '%SubmitHandover'
    ORDER BY created_at DESC LIMIT 1
"""
_COLUMNS = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_identity = 'NO' AND is_generated = 'NEVER'
    GROUP BY table_name
"""
_REFERENCES = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid
"""


@dataclass(frozen=True)
class Row:
    """A row of a submission, and the statement that inserts one like it."""

    statement: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Submission:
    """What intake committed for one submission of one person, in an order in which it may be inserted."""

    rows: tuple[Row, ...]
    request_id: uuid.UUID
    case_number: str

    @classmethod
    def last_in(cls, url: str) -> Submission:
        """The last one in a database of intake's."""
        with psycopg.connect(url, autocommit=True) as connection:
            last = connection.execute(_LAST).fetchone()
            assert last is not None, "intake has no submission to show"
            transaction, request_id, response = last
            (entry,) = submissions_pb2.SubmitHandoverResponse.FromString(response).receipt.entries
            columns: dict[str, list[str]] = dict(connection.execute(_COLUMNS).fetchall())
            rows = [
                row
                for table in _referenced_first(columns, connection.execute(_REFERENCES).fetchall())
                for row in _rows_of(connection, table, columns[table], transaction)
            ]
        return cls(tuple(rows), request_id, entry.case_number)

    def again(self, request_id: uuid.UUID, case_number: str) -> list[tuple[str, list[Any]]]:
        """The same with another request id and number, and all other ids fresh."""
        ids: dict[object, uuid.UUID] = {self.request_id: request_id}
        texts = {self.case_number: case_number, str(self.request_id): str(request_id)}
        return [(row.statement, [_fresh(value, ids, texts) for value in row.values]) for row in self.rows]


def _referenced_first(tables: Iterable[str], references: Iterable[tuple[str, str]]) -> Iterable[str]:
    order = TopologicalSorter[str](dict.fromkeys(tables, ()))
    for referring, referred in references:
        order.add(referring, referred)
    return order.static_order()


def _rows_of(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], transaction: str) -> list[Row]:
    """What a transaction inserted into a table."""
    name, names = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    values = sql.SQL(", ").join(sql.Placeholder() * len(columns))
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, names, values).as_string(connection)
    chosen = sql.SQL("SELECT {} FROM {} WHERE xmin::text = %s").format(names, name)
    return [Row(insert, found) for found in connection.execute(chosen, [transaction])]


def _fresh(value: Any, ids: dict[object, uuid.UUID], texts: Mapping[str, str]) -> Any:
    if isinstance(value, uuid.UUID):
        return ids.setdefault(value, uuid.uuid4())
    if isinstance(value, str):
        return texts.get(value, value)
    if isinstance(value, bytes):
        # Keys, sealed texts and traces: as long as before, and like no other.
        return secrets.token_bytes(len(value))
    return Jsonb(value) if isinstance(value, dict) else value


class BareIntake(grpc.GenericRpcHandler):
    """Answers SubmitHandover."""

    def __init__(self, shown: Submission, pool: asyncio.Queue[psycopg.AsyncConnection[Any]]) -> None:
        self._shown = shown
        self._pool = pool
        self._numbers = itertools.count(1)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """How to answer a call; None when nobody does."""
        if not handler_call_details.method.endswith(METHOD):
            return None
        return grpc.unary_unary_rpc_method_handler(
            self.submit_handover,
            request_deserializer=submissions_pb2.SubmitHandoverRequest.FromString,
            response_serializer=submissions_pb2.SubmitHandoverResponse.SerializeToString,
        )

    async def submit_handover(
        self, request: submissions_pb2.SubmitHandoverRequest, context: Any
    ) -> submissions_pb2.SubmitHandoverResponse:
        """Commits the rows."""
        number = f"BARE-{next(self._numbers)}"
        rows = self._shown.again(uuid.UUID(request.request_id), number)
        connection = await self._pool.get()
        try:
            async with connection.transaction(), connection.cursor() as cursor:
                for statement, row in rows:
                    await cursor.execute(statement, row)
        finally:
            self._pool.put_nowait(connection)
        return submissions_pb2.SubmitHandoverResponse(
            receipt=submissions_pb2.Receipt(entries=[submissions_pb2.ReceiptEntry(row=1, case_number=number)])
        )


async def _serve(url_of_intake: str, url: str, port: int) -> None:
    shown = Submission.last_in(url_of_intake)
    pool: asyncio.Queue[psycopg.AsyncConnection[Any]] = asyncio.Queue()
    for _ in range(POOL_SIZE):
        pool.put_nowait(await psycopg.AsyncConnection.connect(url))
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([BareIntake(shown, pool)])
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], int(sys.argv[3])))
