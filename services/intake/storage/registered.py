"""Traces of registered people: one indexed look for each, in the statement that stores them.

Of one office and digest each row has another `number`, and the database refuses a second one. Who is like nobody near
gets the next number; who is like somebody gets that one's, and so is refused, also when both come at one instant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.registered import SAME_RETURN_DAYS, Registered, Trace
from services.intake.storage.bulk import Row, columns_of

REFUSALS: Final = frozenset({"registered_person_once", "registered_person_name"})
"""The constraints that refuse somebody who is registered: under her name, or with all the rest under another."""
_COLUMNS: Final[Mapping[str, str]] = {
    "case_id": "uuid",
    "office_id": "text",
    "digest": "bytea",
    "year": "bytea",
    "birth": "bytea",
    "day": "date",
    "handover": "bytea",
    "record": "bytea",
    "nameless": "bytea",
    "again": "boolean",
    "nth": "integer",
    "earlier_case_id": "uuid",
}
_LIKE: Final = "(r.year = p.year AND (r.birth IS NULL OR p.birth IS NULL OR r.birth = p.birth))"
_NEAR: Final = f"({_LIKE} AND abs(r.day - p.day) <= {SAME_RETURN_DAYS} OR r.handover = p.handover)"
_OTHER_NAME: Final = "(r.nameless = p.nameless AND r.digest <> p.digest)"
_STANDS: Final = "EXISTS (SELECT 1 FROM intake_case c WHERE c.id = r.case_id AND c.withdrawal = 'NONE')"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who is to be registered: her trace, and what allows one like her beside it.

    Attributes:
        again: she is another person, whoever else is registered.
        nth: her number, from 0, among those of the same digest in her submission.
        earlier_case_id: the case of an earlier return of hers; it is no other registration of this one.
    """

    case_id: UUID
    office_id: str
    trace: Trace
    again: bool = False
    nth: int = 0
    earlier_case_id: UUID | None = None

    @property
    def row(self) -> Row:
        """Her row."""
        return {
            "case_id": self.case_id,
            "office_id": self.office_id,
            "digest": self.trace.digest,
            "year": self.trace.year,
            "birth": self.trace.birth,
            "day": self.trace.day,
            "handover": self.trace.handover,
            "record": self.trace.record,
            "nameless": self.trace.nameless,
            "again": self.again,
            "nth": self.nth,
            "earlier_case_id": self.earlier_case_id,
        }


def insert_people(prefix: str, condition: str = "true", *, one_row: bool = False) -> str:
    """SQL that stores traces as `bulk_insert` does its rows; it breaks one of REFUSALS for whoever is registered."""
    array = "" if one_row else "[]"
    values = ", ".join(f"CAST(:{prefix}{name} AS {kind}{array})" for name, kind in _COLUMNS.items())
    rows = f"SELECT {values}" if one_row else f"SELECT * FROM unnest({values})"
    return f"""
        INSERT INTO registered_person (
            case_id, office_id, digest, number, year, birth, day, handover, record, nameless)
        SELECT p.case_id, p.office_id, p.digest,
            CASE
                WHEN p.again THEN known.next + p.nth
                WHEN known.near IS NOT NULL THEN known.near
                WHEN EXISTS (SELECT 1 FROM registered_person r WHERE r.office_id = p.office_id AND {_OTHER_NAME}
                    AND r.case_id IS DISTINCT FROM p.earlier_case_id AND {_STANDS}) THEN -1
                ELSE known.next + p.nth
            END,
            p.year, p.birth, p.day, p.handover, p.record, p.nameless
        FROM ({rows}) AS p ({", ".join(_COLUMNS)}),
        LATERAL (
            SELECT coalesce(max(r.number) + 1, 0) AS next,
                min(r.number) FILTER (
                    WHERE {_NEAR} AND r.case_id IS DISTINCT FROM p.earlier_case_id AND {_STANDS}) AS near
            FROM registered_person r WHERE r.office_id = p.office_id AND r.digest = p.digest
        ) AS known
        WHERE {condition}
    """


_INSERT: Final[TextClause] = text(insert_people(""))


async def insert(connection: AsyncConnection, people: Sequence[Row]) -> None:
    """Store traces. Raises IntegrityError, `is_known`, for somebody who is registered."""
    if people:
        await connection.execute(_INSERT, columns_of(people))


_KNOWN: Final = text(
    f"""
    SELECT DISTINCT p.position FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())})
        WITH ORDINALITY AS p ({", ".join(_COLUMNS)}, position)
    JOIN registered_person r ON r.office_id = p.office_id AND (r.digest = p.digest AND {_NEAR} OR {_OTHER_NAME})
    WHERE NOT p.again AND r.case_id IS DISTINCT FROM p.earlier_case_id AND {_STANDS}
    """
)


async def known_among(connection: AsyncConnection, people: Sequence[Row]) -> list[int]:
    """The positions, from 0, of those whom their office has registered."""
    if not people:
        return []
    return [row.position - 1 for row in await connection.execute(_KNOWN, columns_of(people))]


def is_known(error: BaseException) -> bool:
    """Whether a statement failed because somebody is registered already."""
    named = getattr(getattr(error, "orig", None), "diag", None)
    return isinstance(error, IntegrityError) and getattr(named, "constraint_name", None) in REFUSALS


_FOUND: Final = """
    SELECT p.nth AS row, c.id AS case_id, c.number AS case_number, c.handover_id, c.row_number, c.row_count,
        c.created_at, r.record = p.record AS same_content, r.digest <> p.digest AS other_name
    FROM unnest(CAST(:digest AS bytea[]), CAST(:year AS bytea[]), CAST(:birth AS bytea[]), CAST(:day AS date[]),
            CAST(:handover AS bytea[]), CAST(:record AS bytea[]), CAST(:nameless AS bytea[]), CAST(:earlier AS uuid[]))
        WITH ORDINALITY AS p (digest, year, birth, day, handover, record, nameless, earlier_case_id, nth)
    JOIN registered_person r ON r.office_id = ANY(CAST(:offices AS text[]))
        AND (r.digest = p.digest AND {near} OR {other_name})
    JOIN intake_case c ON c.id = r.case_id AND c.withdrawal = 'NONE'
    WHERE r.case_id IS DISTINCT FROM p.earlier_case_id
    ORDER BY p.nth, c.created_at DESC, c.id DESC
"""
_FIND: Final = {
    True: text(_FOUND.format(near=_NEAR, other_name=_OTHER_NAME)),
    False: text(_FOUND.format(near=_LIKE, other_name=_OTHER_NAME)),
}


async def find(
    connection: AsyncConnection,
    offices: Collection[str],
    traces: Sequence[Trace],
    *,
    earlier: Sequence[UUID | None] = (),
    only_near: bool = True,
) -> list[Registered]:
    """Whom these offices registered of them, by row from 1, the newest first; withdrawn cases are none.

    `earlier`: of each the case of an earlier return, which is not meant. `only_near`: at about the same day.
    """
    parameters: dict[str, Any] = {
        "offices": list(offices),
        "digest": [trace.digest for trace in traces],
        "year": [trace.year for trace in traces],
        "birth": [trace.birth for trace in traces],
        "day": [trace.day for trace in traces],
        "handover": [trace.handover for trace in traces],
        "record": [trace.record for trace in traces],
        "nameless": [trace.nameless for trace in traces],
        "earlier": list(earlier) or [None] * len(traces),
    }
    found: dict[tuple[int, UUID], Registered] = {}
    for row in await connection.execute(_FIND[only_near], parameters):
        one = Registered(
            row=row.row,
            case_id=row.case_id,
            case_number=row.case_number,
            handover_id=row.handover_id,
            handover_row=row.row_number,
            handover_people=row.row_count,
            registered_at=row.created_at,
            same_content=row.same_content,
            other_name=row.other_name,
        )
        # A corrected record left more than one trace.
        before = found.get((one.row, one.case_id))
        if before is None or one.same_content or before.other_name:
            found[one.row, one.case_id] = one
    by_name = [one for one in found.values() if not one.other_name]
    rows, cases = {one.row for one in by_name}, {one.case_id for one in by_name}
    # Who is there under her own name, in this row or another, is nobody's mended name.
    return [one for one in found.values() if not one.other_name or not (one.row in rows or one.case_id in cases)]


_ANOTHER_TRACE: Final = text(
    """
    INSERT INTO registered_person (case_id, office_id, digest, number, year, birth, day, handover, record)
    SELECT CAST(:case_id AS uuid), CAST(:office_id AS text), CAST(:digest AS bytea),
        (SELECT coalesce(max(number) + 1, 0) FROM registered_person WHERE office_id = :office_id AND digest = :digest),
        CAST(:year AS bytea), CAST(:birth AS bytea), CAST(:day AS date), CAST(:handover AS bytea),
        CAST(:record AS bytea)
    WHERE NOT EXISTS (SELECT 1 FROM registered_person
        WHERE case_id = :case_id AND digest = :digest AND year = CAST(:year AS bytea)
            AND birth IS NOT DISTINCT FROM CAST(:birth AS bytea))
    """
)


async def add_trace(connection: AsyncConnection, case_id: UUID, office_id: str, trace: Trace) -> None:
    """Let a case be found by a corrected record too; by the one before it is found still."""
    parameters = {
        "case_id": case_id,
        "office_id": office_id,
        "digest": trace.digest,
        "year": trace.year,
        "birth": trace.birth,
        "day": trace.day,
        "handover": trace.handover,
        "record": trace.record,
    }
    await connection.execute(_ANOTHER_TRACE, parameters)


# Cases from before there were traces ------------------------------------------------------------

_FORGET: Final = text(
    "WITH waiting AS (DELETE FROM untraced_case WHERE case_id = :case_id)"
    " DELETE FROM registered_person WHERE case_id = :case_id"
)


async def forget(connection: AsyncConnection, case_id: UUID) -> None:
    """The traces of a case go: nobody is found by them any more."""
    await connection.execute(_FORGET, {"case_id": case_id})


_CLAIM_UNTRACED: Final = text(
    """
    DELETE FROM untraced_case WHERE case_id = ANY(ARRAY(
        SELECT case_id FROM untraced_case ORDER BY case_id DESC LIMIT :limit FOR UPDATE SKIP LOCKED
    )) RETURNING case_id
    """
)
_THEIR_CASES: Final = text(
    "SELECT id, receiving_office_id, handover_time FROM intake_case WHERE id = ANY(CAST(:ids AS uuid[]))"
)


async def claim_untraced(connection: AsyncConnection, limit: int) -> Sequence[Any]:
    """Id, receiving office and time of handover of cases that have no trace yet, the newest first."""
    claimed = [row.case_id for row in await connection.execute(_CLAIM_UNTRACED, {"limit": limit})]
    return list(await connection.execute(_THEIR_CASES, {"ids": claimed})) if claimed else []


# Offices that end -------------------------------------------------------------------------------

_MOVE: Final = text(
    """
    UPDATE registered_person r SET office_id = :heir, number = r.number + (
        SELECT coalesce(max(h.number) + 1, 0) FROM registered_person h
        WHERE h.office_id = :heir AND h.digest = r.digest)
    WHERE r.office_id = :ended
    """
)


async def move(connection: AsyncConnection, office_id: str, heir_id: str) -> None:
    """Whom an ended office registered, its heir has registered."""
    await connection.execute(_MOVE, {"ended": office_id, "heir": heir_id})
