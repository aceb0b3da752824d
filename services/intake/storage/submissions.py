"""The rows of submissions: many submissions in one transaction, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.chassis.calls.answers import Key, earlier_answers
from services.chassis.storage.tables import Act, Outbox, RequestLog, StreamVersion, table_of
from services.intake.storage import registered, tables
from services.intake.storage.bulk import Row, bulk_insert, columns_of, insert_rows

_TABLES: Final[tuple[tuple[type[SQLModel], str], ...]] = (
    (RequestLog, "request_"),
    (Act, "act_"),
    (tables.HandoverRow, "handover_"),
    (tables.CaseRow, "case_"),
    (tables.IdentityRow, "identity_"),
    (StreamVersion, "number_"),
    (Outbox, "event_"),
)
"""The tables of a submission, in the order of `SubmissionRows.by_table`, with the prefixes of their parameters."""
_PEOPLE: Final = "person_"
"""The prefix of their traces, which have a statement of their own."""


@dataclass(frozen=True, slots=True, repr=False)
class SubmissionRows:
    """All rows of one submission, its answer in the request log among them: nothing is left to be computed.

    `ties`, which most submissions have none of, are a statement of their own: the others stay one short statement.
    """

    request: Row
    act: Row
    handover: Row
    cases: Sequence[Row]
    identities: Sequence[Row]
    numbers: Sequence[Row]
    events: Sequence[Row]
    people: Sequence[Row]
    ties: Sequence[Row] = ()

    @property
    def key(self) -> Key:
        """By which it is the same request."""
        office_id, request_id = self.request["office_id"], self.request["request_id"]
        assert isinstance(office_id, str)
        assert isinstance(request_id, UUID)
        return office_id, request_id

    @property
    def by_table(self) -> tuple[Sequence[Row], ...]:
        """Its rows, table by table; people apart."""
        return ([self.request], [self.act], [self.handover], self.cases, self.identities, self.numbers, self.events)


def _store(*, one_row: bool) -> TextClause:
    """Claims and rows in one round trip; the rows only when every request of the group is new, which is the rule."""
    (log_of_requests, prefix), *others = _TABLES
    requests = "1" if one_row else f"cardinality(CAST(:{prefix}request_id AS uuid[]))"
    when = "(SELECT every_one FROM outcome)"
    inserts = {name: bulk_insert(table_of(model), name, when, one_row=one_row) for model, name in others}
    inserts[_PEOPLE] = registered.insert_people(_PEOPLE, when, one_row=one_row)
    rows = ", ".join(f"{name}rows AS ({insert})" for name, insert in inserts.items())
    return text(
        f"""
        WITH claim AS (
            {bulk_insert(table_of(log_of_requests), prefix, one_row=one_row)}
            ON CONFLICT (office_id, request_id) DO NOTHING
            RETURNING office_id, request_id
        ),
        outcome AS (SELECT count(*) = {requests} AS every_one FROM claim),
        {rows}
        SELECT office_id, request_id FROM claim
        """
    )


_STORE: Final = {one_row: _store(one_row=one_row) for one_row in (False, True)}


async def insert_new(connection: AsyncConnection, group: Sequence[SubmissionRows]) -> Collection[Key]:
    """Store those of a group whose request ids nobody claimed before. Returns the keys of those.

    The keys of a group differ from one another. Raises IntegrityError, `registered.is_known`, when one of them would
    register somebody whom her office has registered.
    """
    # In one order everywhere: two replicas with the same requests must not wait crosswise.
    claims = sorted(group, key=lambda one: one.key)
    by_table = _by_table(claims)
    one_row = all(len(rows) == 1 for rows in by_table)
    parameters = columns_of(_people(claims), _PEOPLE, one_row=one_row)
    for (_, prefix), rows in zip(_TABLES, by_table, strict=True):
        parameters |= columns_of(rows, prefix, one_row=one_row)
    won = {(row.office_id, row.request_id) for row in await connection.execute(_STORE[one_row], parameters)}
    new = [submission for submission in claims if submission.key in won]
    if new and len(new) < len(claims):
        for (model, _), rows in list(zip(_TABLES, _by_table(new), strict=True))[1:]:
            await insert_rows(connection, model, rows)
        await registered.insert(connection, _people(new))
    await insert_rows(connection, tables.FamilyTieRow, [row for submission in new for row in submission.ties])
    return won


def _people(group: Sequence[SubmissionRows]) -> list[Row]:
    """The people of them all. In one order everywhere: two replicas with the same people must not wait crosswise."""
    return sorted((row for one in group for row in one.people), key=lambda row: (row["office_id"], row["digest"]))


async def keys_of_known(connection: AsyncConnection, group: Sequence[SubmissionRows]) -> Collection[Key]:
    """The keys of those that were not answered before and hold somebody whom their office has registered."""
    answered = await earlier_answers(connection, [one.key for one in group])
    fresh = [one for one in group if one.key not in answered]
    rows = [(one.key, row) for one in fresh for row in one.people]
    known = await registered.known_among(connection, [row for _, row in rows])
    return {rows[position][0] for position in known}


def _by_table(group: Sequence[SubmissionRows]) -> list[list[Row]]:
    """The rows of them all, table by table."""
    tables_of_group = zip(*(one.by_table for one in group), strict=True)
    return [[row for rows in of_table for row in rows] for of_table in tables_of_group]


# What was answered ----------------------------------------------------------------------------

_ANSWERED_AT: Final = text(
    "SELECT method, response FROM request_log WHERE request_id = :request_id"
    " AND office_id = ANY(CAST(:offices AS text[])) AND response IS NOT NULL"
    " AND method = ANY(CAST(:methods AS text[]))"
)


async def answer_at(
    connection: AsyncConnection, offices: Collection[str], request_id: UUID, methods: Collection[str]
) -> tuple[str, bytes] | None:
    """Method and answer of a request that one of these offices made; None when there is none."""
    parameters: dict[str, Any] = {"request_id": request_id, "offices": list(offices), "methods": list(methods)}
    row = (await connection.execute(_ANSWERED_AT, parameters)).first()
    return None if row is None else (row.method, row.response)
