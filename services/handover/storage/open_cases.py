"""Open cases, listed and counted under the same conditions; and what was counted at the beginning of each day.

The database counts them as they change (`open_cases_counted`), in the transaction that changes one: what is counted at
an instant are the rows of that instant, and no row is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.reading import CasesCounted, CasesWanted, ListedCase, Page, TrendPoint
from services.handover.domain.words import ENDED, Phase, TransferState
from services.handover.storage.lists import OPEN_TRANSFER, Offices, of_each_office, past

OPEN_PHASES: Final = tuple(phase for phase in Phase if phase not in ENDED)
TREND_WEEKS: Final = 26
_RULE: Final = "COALESCE(c.missed_rule, c.watch_rule)"
_IN_PHASE: Final = "c.phase = ANY(CAST(:phases AS text[]))"


@dataclass(frozen=True, slots=True)
class Whose:
    """Cases for which the offices `answering` answer; None: all. And those overdue of whom an arrival is awaited by the
    offices `awaiting`, for which another one of the `asked` answers; None: nobody awaits, all are asked."""

    answering: Offices
    awaiting: Offices = None
    asked: Offices = None


def _asked(wanted: CasesWanted, whose: Whose, today: date, rule: str = _RULE) -> tuple[list[str], dict[str, object]]:
    """What a row must be, whether it is listed or counted; `phases` and the offices are left to whoever asks.

    `rule`: where its rule stands.
    """
    where, parameters = ["c.overdue_from IS NOT NULL"], {"today": today, "phases": list(wanted.phases or OPEN_PHASES)}
    given: dict[str, object] = {**parameters}
    if wanted.overdue_only:
        where.append(past("c.overdue_from"))
    if wanted.due_until is not None:
        where.append("c.overdue_from <= CAST(:due_until AS date)")
        given["due_until"] = wanted.due_until
    if wanted.overdue_days_min:
        where.append("c.overdue_from <= CAST(:overdue_until AS date)")
        given["overdue_until"] = today - timedelta(days=wanted.overdue_days_min)
    if wanted.rule:
        where.append(f"{rule} = :rule")
        given["rule"] = wanted.rule
    if whose.answering is not None:
        given["offices"] = list(whose.answering)
    if whose.awaiting is not None:
        given["awaiting"] = list(whose.awaiting)
        if whose.asked is not None:
            given["asked"] = list(whose.asked)
    return where, given


def _awaited(whose: Whose) -> str:
    """Cases of other offices of whom an arrival is overdue at those that await it; as the boards count them."""
    limit = "" if whose.asked is None else " AND c.accountable_office_id = ANY(CAST(:asked AS text[]))"
    return f"""
        SELECT c.* FROM transfer t JOIN custody c USING (case_id)
        WHERE t.state = 'DISPATCHED' AND {past("t.acknowledge_due_on")}
          AND t.to_office_id = ANY(CAST(:awaiting AS text[]))
          AND c.accountable_office_id <> ALL(CAST(:awaiting AS text[])){limit}
    """


async def list_cases(
    connection: AsyncConnection, page: Page, wanted: CasesWanted, *, whose: Whose, today: date
) -> list[ListedCase]:
    """Open cases with a deadline, the earliest due first; the sort key is (overdue_from, case_id).

    A deadline that passed counts whether or not the scheduler has got to it.
    """
    where, parameters = _asked(wanted, whose, today)
    parameters["size"] = page.size
    if page.after is not None:
        where.append("(c.overdue_from, c.case_id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))")
        parameters["after_day"], parameters["after_id"] = page.after
    of_office = [] if whose.answering is None else ["c.accountable_office_id = o.office_id"]
    first = (
        "SELECT f.* FROM unnest(CAST(:phases AS text[])) AS p (phase) CROSS JOIN LATERAL"
        f" (SELECT c.* FROM custody c WHERE {' AND '.join([*where, 'c.phase = p.phase', *of_office])}"
        " ORDER BY c.overdue_from, c.case_id LIMIT :size) f"
    )
    found = of_each_office(first, whose.answering)
    if whose.awaiting is not None:
        found += f" UNION ALL (SELECT c.* FROM ({_awaited(whose)}) c WHERE {' AND '.join([*where, _IN_PHASE])})"
    statement = text(
        f"""
        SELECT c.*, {_RULE} AS rule, t.to_office_id, t.state AS transfer_state, t.expected_arrival_on
        FROM (SELECT m.* FROM ({found}) m
              ORDER BY m.overdue_from, m.case_id LIMIT :size) c
        LEFT JOIN transfer t ON t.case_id = c.case_id AND {OPEN_TRANSFER}
        ORDER BY c.overdue_from, c.case_id
        """
    )
    return [_listed(row) for row in await connection.execute(statement, parameters)]


def _listed(row: Any) -> ListedCase:
    return ListedCase(
        case_id=row.case_id,
        case_number=row.case_number,
        phase=Phase(row.phase),
        office_id=row.accountable_office_id,
        rule=row.rule,
        due_on=row.overdue_from,
        home_province=row.home_province,
        age_band=row.age_band,
        to_office_id=row.to_office_id or "",
        transfer_state=TransferState(row.transfer_state) if row.transfer_state else None,
        expected_arrival_on=row.expected_arrival_on,
    )


_ALIKE: Final = "c.accountable_office_id, c.phase, c.overdue_from, c.rule"


def _cases_if(condition: str) -> str:
    return f"CAST(COALESCE(sum(c.cases) FILTER (WHERE {condition}), 0) AS bigint)"


async def count_cases(
    connection: AsyncConnection, wanted: CasesWanted, *, whose: Whose, today: date
) -> list[CasesCounted]:
    """The cases that `list_cases` lists, by office, phase and rule: nobody is left out of this count."""
    where, parameters = _asked(wanted, whose, today, rule="c.rule")
    condition = " AND ".join([*where, _IN_PHASE])
    of_offices = "" if whose.answering is None else " AND c.accountable_office_id = ANY(CAST(:offices AS text[]))"
    alike = f"SELECT {_ALIKE}, c.cases FROM open_cases_counted c WHERE {condition}{of_offices}"
    if whose.awaiting is not None:
        awaited = f"SELECT c.*, {_RULE} AS rule FROM ({_awaited(whose)}) c"
        alike += f" UNION ALL SELECT {_ALIKE}, 1 FROM ({awaited}) c WHERE {condition}"
    statement = text(
        f"""
        SELECT c.accountable_office_id, c.phase, c.rule, CAST(sum(c.cases) AS bigint) AS total,
            {_cases_if(past("c.overdue_from"))} AS overdue,
            {_cases_if("c.overdue_from <= CAST(:today AS date) - 7")} AS from_7_days,
            {_cases_if("c.overdue_from <= CAST(:today AS date) - 30")} AS from_30_days,
            GREATEST(0, CAST(:today AS date) - min(c.overdue_from)) AS oldest_days
        FROM ({alike}) c GROUP BY 1, 2, 3
        """
    )
    rows = await connection.execute(statement, parameters)
    return [
        CasesCounted(
            row.accountable_office_id,
            Phase(row.phase),
            row.rule,
            row.total,
            row.overdue,
            row.from_7_days,
            row.from_30_days,
            row.oldest_days,
        )
        for row in rows
    ]


# The counts -----------------------------------------------------------------------------------

FOLDED_MAX: Final = 50_000
"""So many changes are added to the counts in one transaction."""
_TAKE_TURN: Final = text("SELECT pg_try_advisory_xact_lock(49851217, 3) WHERE EXISTS (SELECT FROM open_case_change)")
_FOLD: Final = text(
    """
    WITH taken AS (
        DELETE FROM open_case_change WHERE ctid = ANY(ARRAY(SELECT ctid FROM open_case_change LIMIT :most)) RETURNING *
    ), changed AS (
        SELECT accountable_office_id, phase, overdue_from, rule, sum(cases) AS cases FROM taken GROUP BY 1, 2, 3, 4
    )
    MERGE INTO open_case_count n USING changed c ON n.accountable_office_id = c.accountable_office_id
        AND n.phase = c.phase AND n.overdue_from = c.overdue_from AND n.rule = c.rule
    WHEN MATCHED AND n.cases + c.cases = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET cases = n.cases + c.cases
    WHEN NOT MATCHED AND c.cases <> 0 THEN
        INSERT VALUES (c.accountable_office_id, c.phase, c.overdue_from, c.rule, c.cases)
    """
)


async def fold_changes(connection: AsyncConnection) -> None:
    """Add what changed to the counts, unless somebody else does. What is counted stays the same."""
    if await connection.scalar(_TAKE_TURN):
        await connection.execute(_FOLD, {"most": FOLDED_MAX})


# The trend ------------------------------------------------------------------------------------

_BEGIN_DAY = text("INSERT INTO counted_day (day) VALUES (CAST(:today AS date)) ON CONFLICT DO NOTHING")
_MISCOUNTED = text("SELECT count(*) FROM audit_open_case")
_RECOUNT = text("SELECT recount_open_cases()")
_COUNT_DAY = text(
    f"""
    INSERT INTO day_count (day, office_id, on_the_way, overdue, lost)
    SELECT CAST(:today AS date), c.accountable_office_id,
        {_cases_if("c.phase = 'IN_TRANSIT'")}, {_cases_if(past("c.overdue_from"))}, {_cases_if("c.phase = 'SEARCH'")}
    FROM open_cases_counted c GROUP BY c.accountable_office_id
    """
)
_FORGET = text("DELETE FROM counted_day WHERE day < CAST(:first AS date)")


async def count_day(connection: AsyncConnection, today: date) -> int:
    """Count a day, once however often it is asked for, and forget those of which no trend tells.

    What counts are put right where they are not what there is; in how many kinds of cases they were not.
    """
    if not (await connection.execute(_BEGIN_DAY, {"today": today})).rowcount:
        return 0
    miscounted = int(await connection.scalar(_MISCOUNTED) or 0)
    if miscounted:
        await connection.execute(_RECOUNT)
    await connection.execute(_COUNT_DAY, {"today": today})
    await connection.execute(_FORGET, {"first": _first_day(today)})
    return miscounted


def _first_day(today: date) -> date:
    return today - timedelta(weeks=TREND_WEEKS) + timedelta(days=1)


_TREND = """
    SELECT w.day, COALESCE(sum(n.on_the_way), 0) AS on_the_way, COALESCE(sum(n.overdue), 0) AS overdue,
        COALESCE(sum(n.lost), 0) AS lost
    FROM (SELECT max(d.day) AS day FROM counted_day d WHERE d.day BETWEEN CAST(:first AS date) AND CAST(:today AS date)
          GROUP BY (CAST(:today AS date) - d.day) / 7) w
    LEFT JOIN day_count n ON n.day = w.day{limit}
    GROUP BY w.day ORDER BY w.day
"""


async def list_trend(
    connection: AsyncConnection, *, offices: Collection[str] | None, today: date
) -> Sequence[TrendPoint]:
    """The last day counted of each week that ends today, or a multiple of seven days before; oldest first."""
    limit = "" if offices is None else " AND n.office_id = ANY(CAST(:offices AS text[]))"
    parameters: dict[str, object] = {"today": today, "first": _first_day(today)}
    if offices is not None:
        parameters["offices"] = list(offices)
    rows = await connection.execute(text(_TREND.format(limit=limit)), parameters)
    return [TrendPoint(row.day, row.on_the_way, row.overdue, row.lost) for row in rows]
