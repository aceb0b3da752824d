"""Lists by the page: each runs along an index, once for every office and state that is asked for.

A list of several offices is merged from the first rows of each: `= ANY` over them would make the
database read all of their rows and sort them, however few are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.claim import FoundClaim
from services.handover.domain.reading import (
    Counted,
    Counts,
    FacilityCounts,
    ListedSearch,
    ListedTransfer,
    LostCounted,
    Page,
)
from services.handover.domain.words import OPEN_STATES, LostReason, TransferState
from services.handover.storage.claims import claims_of
from services.handover.storage.rows import search_of, transfer_of

Offices = Collection[str] | None
"""The offices whose rows are asked for; None for all."""

HIGHEST_BAND: Final = 2
"""Levels of a search from here on are one: with the nation."""


def past(column: str) -> str:
    """The SQL twin of `kernel.deadlines.is_past`, with the parameter `:today`; nowhere else."""
    return f"({column} < CAST(:today AS date))"


# Transfers ------------------------------------------------------------------------------------

_ABOUT_CASE: Final = "t.*, c.case_number, c.home_province, c.age_band"
_ONE_TRANSFER = text(f"SELECT {_ABOUT_CASE} FROM transfer t JOIN custody c USING (case_id) WHERE t.id = :id")


async def find_transfer(connection: AsyncConnection, transfer_id: UUID) -> ListedTransfer | None:
    """One transfer; None when there is none."""
    row = (await connection.execute(_ONE_TRANSFER, {"id": transfer_id})).first()
    return _listed_transfer(row) if row is not None else None


def _listed_transfer(row: Any) -> ListedTransfer:
    return ListedTransfer(row.case_id, row.case_number, row.home_province, row.age_band, transfer_of(row))


_DUE_OR_LATE: Final = (
    f"t.state = 'DISPATCHED' AND t.expected_arrival_on < CAST(:today AS date) AND {past('t.acknowledge_due_on')}",
    "t.state <> 'DISPATCHED' AND t.late",
)


async def list_transfers(
    connection: AsyncConnection,
    page: Page,
    *,
    columns: Sequence[str],
    offices: Offices,
    states: Collection[TransferState],
    overdue_only: bool,
    today: date,
    not_accepted_only: bool = False,
    office_id: str | None = None,
    journey_id: UUID | None = None,
) -> list[ListedTransfer]:
    """Transfers by expected arrival, earliest first; the sort key is (expected_arrival_on, id).

    `columns`: which of from_office_id and to_office_id must be one of the offices; a transfer that
    both find comes once. `overdue_only`: those under way whose day passed (the arrival was expected
    before it, so the index bounds the look), and those that ended late. `office_id`: at either end.
    """
    also = [
        *(["t.accepted_at IS NULL"] if not_accepted_only else ()),
        *(["CAST(:office AS text) IN (t.from_office_id, t.to_office_id)"] if office_id is not None else ()),
        *(["t.journey_id = CAST(:journey AS uuid)"] if journey_id is not None else ()),
    ]
    branches = [
        _transfers_branch(page, column, [*also, *conditions])
        for conditions in ([[each] for each in _DUE_OR_LATE] if overdue_only else [[]])
        for column in (columns if offices is not None else (None,))
    ]
    # Cut before the cases are joined: then it is a page of them, however much the planner expects.
    page_of = f"SELECT u.* FROM ({' UNION '.join(branches)}) u ORDER BY u.expected_arrival_on, u.id LIMIT :size"
    statement = text(
        f"SELECT {_ABOUT_CASE} FROM ({page_of}) t JOIN custody c USING (case_id) ORDER BY t.expected_arrival_on, t.id"
    )
    parameters: dict[str, object] = {"states": [state.value for state in states], "size": page.size}
    if offices is not None:
        parameters["offices"] = list(offices)
    if page.after is not None:
        parameters["after_day"], parameters["after_id"] = page.after
    if overdue_only:
        parameters["today"] = today
    if office_id is not None:
        parameters["office"] = office_id
    if journey_id is not None:
        parameters["journey"] = journey_id
    return [_listed_transfer(row) for row in await connection.execute(statement, parameters)]


def _transfers_branch(page: Page, column: str | None, conditions: Sequence[str]) -> str:
    """The first rows of each state, and of each office named by the column."""
    where = ["t.state = s.state", *conditions]
    if column is not None:
        where.append(f"t.{column} = o.office_id")
    if page.after is not None:
        where.append("(t.expected_arrival_on, t.id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))")
    offices = " CROSS JOIN unnest(CAST(:offices AS text[])) AS o (office_id)" if column is not None else ""
    return (
        f"(SELECT t.* FROM unnest(CAST(:states AS text[])) AS s (state){offices} CROSS JOIN LATERAL"
        f" (SELECT t.* FROM transfer t WHERE {' AND '.join(where)}"
        " ORDER BY t.expected_arrival_on, t.id LIMIT :size) t)"
    )


OPEN_TRANSFER: Final = f"t.state IN ({', '.join(repr(state.value) for state in sorted(OPEN_STATES))})"


def of_each_office(first: str, offices: Offices) -> str:
    """A query for the first rows of an office `o.office_id`, for all of the offices."""
    if offices is None:
        return first
    return f"SELECT x.* FROM unnest(CAST(:offices AS text[])) AS o (office_id) CROSS JOIN LATERAL ({first}) x"


# Searches -------------------------------------------------------------------------------------

_SEARCH_COLUMNS: Final = "s.*, c.case_number, c.watch_due_on, t.to_office_id"
_LATEST_SEARCH = text(
    f"""
    SELECT {_SEARCH_COLUMNS} FROM search s JOIN custody c USING (case_id)
    LEFT JOIN transfer t ON t.case_id = s.case_id AND {OPEN_TRANSFER}
    WHERE s.case_id = :case_id ORDER BY s.resolved_at DESC NULLS FIRST, s.opened_at DESC LIMIT 1
    """
)
_STEPS = text("SELECT * FROM search_step WHERE search_id = :id ORDER BY number")


async def list_searches(
    connection: AsyncConnection,
    page: Page,
    *,
    offices: Offices,
    reasons: Collection[LostReason] = tuple(LostReason),
    level_min: int = 0,
    opened_by: datetime | None = None,
) -> list[ListedSearch]:
    """Open searches without their steps, oldest first; the sort key is (opened_at, id). `opened_by`: at the latest."""
    where = ["s.resolved_at IS NULL", "s.reason = r.reason", "s.level_band = b.band", "s.level >= :level_min"]
    parameters: dict[str, object] = {
        "size": page.size,
        "reasons": [reason.value for reason in reasons],
        "level_min": level_min,
        "bands": list(range(min(max(level_min, 0), HIGHEST_BAND), HIGHEST_BAND + 1)),
    }
    if opened_by is not None:
        where.append("s.opened_at <= CAST(:opened_by AS timestamptz)")
        parameters["opened_by"] = opened_by
    if offices is not None:
        where.append("s.office_id = o.office_id")
        parameters["offices"] = list(offices)
    if page.after is not None:
        where.append("(s.opened_at, s.id) > (CAST(:after_time AS timestamptz), CAST(:after_id AS uuid))")
        parameters["after_time"], parameters["after_id"] = page.after
    first = (
        "SELECT f.* FROM unnest(CAST(:reasons AS text[])) AS r (reason)"
        " CROSS JOIN unnest(CAST(:bands AS smallint[])) AS b (band) CROSS JOIN LATERAL"
        f" (SELECT s.* FROM search s WHERE {' AND '.join(where)} ORDER BY s.opened_at, s.id LIMIT :size) f"
    )
    statement = text(
        f"""
        SELECT {_SEARCH_COLUMNS}
        FROM (SELECT m.* FROM ({of_each_office(first, offices)}) m ORDER BY m.opened_at, m.id LIMIT :size) s
        JOIN custody c USING (case_id)
        LEFT JOIN transfer t ON t.case_id = c.case_id AND {OPEN_TRANSFER}
        ORDER BY s.opened_at, s.id
        """
    )
    return await _with_standing(connection, list(await connection.execute(statement, parameters)))


async def _with_standing(connection: AsyncConnection, rows: Sequence[Any]) -> list[ListedSearch]:
    """Searches of a list, each with the claim that stands."""
    found = await claims_of(connection, [row.id for row in rows], standing_only=True)
    return [_listed_search(row, claims=found.get(row.id, ())) for row in rows]


_CLAIMED = """
    SELECT {columns}
    FROM (SELECT s.* FROM found_claim f JOIN search s ON s.id = f.search_id AND s.resolved_at IS NULL
          WHERE f.state = 'STANDING'{limit}
          ORDER BY s.opened_at, s.id LIMIT :size) s
    JOIN custody c USING (case_id)
    LEFT JOIN transfer t ON t.case_id = c.case_id AND {open_transfer}
    ORDER BY s.opened_at, s.id
"""


async def list_claimed(connection: AsyncConnection, page: Page, *, offices: Offices) -> list[ListedSearch]:
    """Open searches with a claim that names one of the offices, oldest first; the sort key is (opened_at, id)."""
    limit = ""
    parameters: dict[str, object] = {"size": page.size}
    if offices is not None:
        limit += " AND f.office_id = ANY(CAST(:offices AS text[]))"
        parameters["offices"] = list(offices)
    if page.after is not None:
        limit += " AND (s.opened_at, s.id) > (CAST(:after_time AS timestamptz), CAST(:after_id AS uuid))"
        parameters["after_time"], parameters["after_id"] = page.after
    statement = text(_CLAIMED.format(columns=_SEARCH_COLUMNS, limit=limit, open_transfer=OPEN_TRANSFER))
    return await _with_standing(connection, list(await connection.execute(statement, parameters)))


async def latest_search(connection: AsyncConnection, case_id: UUID) -> ListedSearch | None:
    """The open search of a case, or the one that ended last, with its steps; None when there was none."""
    row = (await connection.execute(_LATEST_SEARCH, {"case_id": case_id})).first()
    if row is None:
        return None
    steps = list(await connection.execute(_STEPS, {"id": row.id}))
    return _listed_search(row, steps, (await claims_of(connection, [row.id])).get(row.id, ()))


def _listed_search(row: Any, steps: Sequence[Any] = (), claims: tuple[FoundClaim, ...] = ()) -> ListedSearch:
    is_open = row.resolved_at is None
    return ListedSearch(
        search=search_of(row, steps, claims),
        case_id=row.case_id,
        case_number=row.case_number,
        office_id=row.office_id,
        to_office_id=(row.to_office_id or "") if is_open else "",
        escalate_on=row.watch_due_on if is_open else None,
    )


# Counts ---------------------------------------------------------------------------------------

COUNT_MAX: Final = 10_000
"""So far is counted: what lies beyond is said to be more, and costs nothing."""


_UNDER_WAY: Final = "t.state = 'DISPATCHED'"
_OVERDUE: Final = f"{_UNDER_WAY} AND {past('t.acknowledge_due_on')}"
INCOMING: Final = {
    "PLANNED": "t.state = 'PLANNED'",
    "ON_THE_WAY": _UNDER_WAY,
    "TO_ACCEPT": "t.state IN ('PLANNED', 'DISPATCHED') AND t.accepted_at IS NULL",
    "OVERDUE": _OVERDUE,
}
"""What is counted of the transfers addressed to offices."""
OUTGOING: Final = {"PLANNED": "t.state = 'PLANNED'", "ON_THE_WAY": _UNDER_WAY, "OVERDUE": _OVERDUE}
"""What is counted of the transfers that offices sent."""
OWN: Final = {
    "TO_SEND_ON": "t.phase IN ('REGISTERED', 'DISCHARGED')",
    "SENT_BACK": "t.phase = 'REJECTED'",
    "IN_FACILITY": "t.phase = 'ADMITTED'",
    "LOST": "t.phase = 'SEARCH'",
}
"""What is counted of the cases that offices are accountable for."""


def _counts(table: str, column: str, conditions: dict[str, str], *, all_offices: bool) -> TextClause:
    limit = "" if all_offices else f" AND t.{column} = ANY(CAST(:offices AS text[]))"
    counted = ", ".join(
        f'(SELECT count(*) FROM (SELECT 1 FROM {table} t WHERE {condition}{limit} LIMIT {COUNT_MAX + 1}) x) AS "{name}"'
        for name, condition in conditions.items()
    )
    return text(f"SELECT {counted}")


_INCOMING: Final = _counts("transfer", "to_office_id", INCOMING, all_offices=False)
_OUTGOING: Final = _counts("transfer", "from_office_id", OUTGOING, all_offices=False)
_OWN: Final = _counts("custody", "accountable_office_id", OWN, all_offices=False)
_OPEN_OF_ALL: Final = _counts("transfer", "to_office_id", INCOMING, all_offices=True)
_OWN_OF_ALL: Final = _counts("custody", "accountable_office_id", OWN, all_offices=True)


async def count_board(connection: AsyncConnection, *, offices: Offices, today: date) -> tuple[Counts, Counts, Counts]:
    """What is addressed to, was sent by, and is with the offices, by INCOMING, OUTGOING and OWN."""
    if offices is None:
        # What all sent is what is addressed to all.
        transfers = await _counted(connection, _OPEN_OF_ALL, {"today": today})
        sent = {name: transfers[name] for name in OUTGOING}
        return transfers, sent, await _counted(connection, _OWN_OF_ALL, {})
    whose = {"offices": list(offices)}
    incoming = await _counted(connection, _INCOMING, {**whose, "today": today})
    outgoing = await _counted(connection, _OUTGOING, {**whose, "today": today})
    return incoming, outgoing, await _counted(connection, _OWN, whose)


async def _counted(connection: AsyncConnection, statement: TextClause, parameters: Mapping[str, object]) -> Counts:
    row = (await connection.execute(statement, parameters)).one()
    return {name: Counted(min(count, COUNT_MAX), count > COUNT_MAX) for name, count in row._mapping.items()}


_FACILITIES = text(
    f"""
    SELECT o.office_id,
        (SELECT count(*) FROM (SELECT 1 FROM custody c WHERE c.accountable_office_id = o.office_id
         AND c.phase = 'ADMITTED' LIMIT {COUNT_MAX}) x) AS admitted,
        (SELECT count(*) FROM (SELECT 1 FROM transfer t WHERE t.to_office_id = o.office_id
         AND t.state = 'DISPATCHED' LIMIT {COUNT_MAX}) x) AS expected,
        (SELECT count(*) FROM (SELECT 1 FROM custody c WHERE c.accountable_office_id = o.office_id
         AND c.phase = 'ADMITTED' AND c.overdue_from IS NOT NULL AND {past("c.overdue_from")}
         LIMIT {COUNT_MAX}) x) AS over_limit
    FROM unnest(CAST(:offices AS text[])) AS o (office_id)
    """
)


async def count_facilities(
    connection: AsyncConnection, offices: Collection[str], *, today: date
) -> dict[str, FacilityCounts]:
    """How full each of these facilities is."""
    rows = await connection.execute(_FACILITIES, {"offices": list(offices), "today": today})
    return {row.office_id: FacilityCounts(row.admitted, row.expected, row.over_limit) for row in rows}


_LOST = """
    SELECT s.office_id, s.reason, count(*) AS total,
        count(*) FILTER (WHERE s.opened_at <= CAST(:now AS timestamptz) - interval '7 days') AS from_7_days,
        count(*) FILTER (WHERE s.opened_at <= CAST(:now AS timestamptz) - interval '30 days') AS from_30_days,
        GREATEST(0, floor(extract(epoch FROM CAST(:now AS timestamptz) - min(s.opened_at)) / 86400))::integer
            AS oldest_days
    FROM search s WHERE {where} GROUP BY s.office_id, s.reason
"""


async def count_lost(
    connection: AsyncConnection,
    *,
    offices: Offices,
    now: datetime,
    reasons: Collection[LostReason] = tuple(LostReason),
    level_min: int = 0,
    opened_by: datetime | None = None,
) -> list[LostCounted]:
    """The open searches that `list_searches` lists, by office and reason: nobody is left out of this count."""
    where = ["s.resolved_at IS NULL", "s.reason = ANY(CAST(:reasons AS text[]))", "s.level >= :level_min"]
    parameters: dict[str, object] = {
        "now": now,
        "reasons": [reason.value for reason in reasons],
        "level_min": level_min,
    }
    if opened_by is not None:
        where.append("s.opened_at <= CAST(:opened_by AS timestamptz)")
        parameters["opened_by"] = opened_by
    if offices is not None:
        where.append("s.office_id = ANY(CAST(:offices AS text[]))")
        parameters["offices"] = list(offices)
    statement = text(_LOST.format(where=" AND ".join(where)))
    return [
        LostCounted(
            row.office_id,
            LostReason(row.reason),
            row.total,
            row.from_7_days,
            row.from_30_days,
            row.oldest_days,
        )
        for row in await connection.execute(statement, parameters)
    ]
