"""That a person came back before under another case: the links between cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.moment import Missed
from services.handover.domain.reading import ListedReturn, Page, ReturnToDecide
from services.handover.domain.reappearance import LinkState, Match, Reappearance, Stood
from services.handover.domain.words import LostReason, Phase
from services.handover.storage.tables import REAPPEARANCE

_LATEST = text("SELECT * FROM reappearance WHERE later_case_id = :later ORDER BY number DESC LIMIT 1")
_NAMING = text(
    "SELECT * FROM reappearance WHERE earlier_case_id = :earlier AND state = 'CLAIMED' AND NOT announced"
    " ORDER BY later_case_id"
)
_EARLIER_OF = text(
    "SELECT earlier_case_id FROM reappearance WHERE later_case_id = ANY(CAST(:cases AS uuid[]))"
    " AND state IN ('CLAIMED', 'CONFIRMED')"
)
_OF_CASE = text(
    """
    SELECT r.*, c.case_number AS other_number, c.accountable_office_id AS other_office_id,
           r.earlier_case_id = :case_id AS other_is_later
    FROM reappearance r JOIN custody c
      ON c.case_id = CASE WHEN r.earlier_case_id = :case_id THEN r.later_case_id ELSE r.earlier_case_id END
    WHERE r.earlier_case_id = :case_id OR r.later_case_id = :case_id
    ORDER BY r.claimed_at, r.later_case_id, r.number
    """
)
_TO_DECIDE = """
    SELECT r.*, l.case_number AS other_number, e.case_number, e.accountable_office_id
    FROM reappearance r JOIN custody l ON l.case_id = r.later_case_id JOIN custody e ON e.case_id = r.earlier_case_id
    WHERE r.state = 'CLAIMED'{limit}
    ORDER BY r.claimed_at, r.later_case_id LIMIT :size
"""


async def latest_of(connection: AsyncConnection, later_id: UUID) -> Reappearance | None:
    """The latest link of a later case to an earlier one; the later case must be locked to change it."""
    row = (await connection.execute(_LATEST, {"later": later_id})).first()
    return link_of(row) if row is not None else None


async def unannounced(connection: AsyncConnection, earlier_id: UUID) -> list[Reappearance]:
    """Links to a case that was not known here yet when they were told."""
    return [link_of(row) for row in await connection.execute(_NAMING, {"earlier": earlier_id})]


async def earlier_of(connection: AsyncConnection, cases: Collection[UUID]) -> set[UUID]:
    """The earlier cases that links of these later ones name."""
    return {row.earlier_case_id for row in await connection.execute(_EARLIER_OF, {"cases": list(cases)})}


async def returns_of(connection: AsyncConnection, case_id: UUID) -> Sequence[ListedReturn]:
    """All other registrations of the person of a case that are known here, oldest first."""
    rows = await connection.execute(_OF_CASE, {"case_id": case_id})
    return [ListedReturn(link_of(row), row.other_number, row.other_is_later, row.other_office_id) for row in rows]


async def list_to_decide(
    connection: AsyncConnection, page: Page, *, offices: Collection[str] | None
) -> Sequence[ReturnToDecide]:
    """What waits for the decision of these offices (None: all), oldest first; sort key (claimed_at, later case)."""
    limit = ""
    parameters: dict[str, object] = {"size": page.size}
    if offices is not None:
        limit += " AND e.accountable_office_id = ANY(CAST(:offices AS text[]))"
        parameters["offices"] = list(offices)
    if page.after is not None:
        limit += " AND (r.claimed_at, r.later_case_id) > (CAST(:after_time AS timestamptz), CAST(:after_id AS uuid))"
        parameters["after_time"], parameters["after_id"] = page.after
    rows = await connection.execute(text(_TO_DECIDE.format(limit=limit)), parameters)
    return [
        ReturnToDecide(
            ListedReturn(link_of(row), row.other_number, other_is_later=True),
            row.case_number,
            row.accountable_office_id,
        )
        for row in rows
    ]


async def save(connection: AsyncConnection, link: Reappearance) -> None:
    """Write a link, new or changed."""
    row = _values(link)
    changed = {column: value for column, value in row.items() if column not in ("later_case_id", "number")}
    put = insert(REAPPEARANCE).values(**row)
    await connection.execute(put.on_conflict_do_update(index_elements=["later_case_id", "number"], set_=changed))


def link_of(row: Any) -> Reappearance:
    """A link from its row."""
    return Reappearance(
        later_id=row.later_case_id,
        number=row.number,
        earlier_id=row.earlier_case_id,
        match=Match(row.match),
        at_border=row.at_border,
        claiming_id=row.claiming_office_id,
        claimed_at=row.claimed_at,
        state=LinkState(row.state),
        announced=row.announced,
        search_id=row.search_id,
        former_reason=LostReason(row.former_reason) if row.former_reason else None,
        stood=_stood_of(row.stood) if row.stood else None,
        decided_by_id=row.decided_by_office_id,
        subject=row.decided_by_subject,
        decided_at=row.decided_at,
        said_by=row.said_by,
    )


def _values(link: Reappearance) -> dict[str, object]:
    return {
        "later_case_id": link.later_id,
        "number": link.number,
        "earlier_case_id": link.earlier_id,
        "match": link.match.value,
        "at_border": link.at_border,
        "claiming_office_id": link.claiming_id,
        "claimed_at": link.claimed_at,
        "state": link.state.value,
        "announced": link.announced,
        "search_id": link.search_id,
        "former_reason": link.former_reason.value if link.former_reason else None,
        "stood": _stood_values(link.stood) if link.stood else None,
        "decided_by_office_id": link.decided_by_id,
        "decided_by_subject": link.subject,
        "decided_at": link.decided_at,
        "said_by": link.said_by,
    }


def _stood_of(value: Mapping[str, Any]) -> Stood:
    missed = Missed(value["missed_rule"], date.fromisoformat(value["missed_due_on"])) if value["missed_rule"] else None
    return Stood(
        phase=Phase(value["phase"]),
        office_id=value["office_id"],
        segment=value["segment"],
        rule=value["rule"],
        counted_from=date.fromisoformat(value["counted_from"]) if value["counted_from"] else None,
        level=value["level"],
        missed=missed,
        transfer_id=UUID(value["transfer_id"]) if value["transfer_id"] else None,
    )


def _stood_values(stood: Stood) -> dict[str, object]:
    return {
        "phase": stood.phase.value,
        "office_id": stood.office_id,
        "segment": stood.segment,
        "rule": stood.rule,
        "counted_from": stood.counted_from.isoformat() if stood.counted_from else None,
        "level": stood.level,
        "missed_rule": str(stood.missed.rule) if stood.missed else None,
        "missed_due_on": stood.missed.due_on.isoformat() if stood.missed else None,
        "transfer_id": str(stood.transfer_id) if stood.transfer_id else None,
    }
