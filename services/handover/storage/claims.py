"""Claims that somebody who is searched for is with an office."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.claim import ClaimState, FoundClaim
from services.handover.domain.search import Search
from services.handover.storage.tables import CLAIM

_OF_SEARCHES = text(
    "SELECT * FROM found_claim WHERE search_id = ANY(CAST(:searches AS uuid[])) ORDER BY search_id, number"
)
_STANDING = text("SELECT * FROM found_claim WHERE search_id = ANY(CAST(:searches AS uuid[])) AND state = 'STANDING'")


async def claims_of(
    connection: AsyncConnection, searches: Sequence[UUID], *, standing_only: bool = False
) -> Mapping[UUID, tuple[FoundClaim, ...]]:
    """The claims of each search, oldest first; of those that have none, none."""
    if not searches:
        return {}
    found: dict[UUID, tuple[FoundClaim, ...]] = {}
    for row in await connection.execute(_STANDING if standing_only else _OF_SEARCHES, {"searches": list(searches)}):
        found[row.search_id] = (*found.get(row.search_id, ()), claim_of(row))
    return found


async def save(connection: AsyncConnection, search: Search, known: Collection[FoundClaim]) -> None:
    """Write the claims of a search that are new or were settled."""
    # What was settled goes first: the database refuses two that stand.
    for claim in sorted(search.claims, key=lambda one: (one.stands, one.number)):
        if claim not in known:
            row = claim_values(search.id, claim)
            changed = {column: value for column, value in row.items() if column not in ("search_id", "number")}
            put = insert(CLAIM).values(**row)
            await connection.execute(put.on_conflict_do_update(index_elements=["search_id", "number"], set_=changed))


def claim_of(row: Any) -> FoundClaim:
    """A claim from its row."""
    return FoundClaim(
        number=row.number,
        office_id=row.office_id,
        since_on=row.since_on,
        claimed_by_id=row.claimed_by_office_id,
        subject=row.claimed_by_subject,
        claimed_at=row.claimed_at,
        state=ClaimState(row.state),
        settled_by_id=row.settled_by_office_id,
        settled_at=row.settled_at,
    )


def claim_values(search_id: UUID, claim: FoundClaim) -> dict[str, object]:
    """The row of a claim."""
    return {
        "search_id": search_id,
        "number": claim.number,
        "office_id": claim.office_id,
        "since_on": claim.since_on,
        "claimed_by_office_id": claim.claimed_by_id,
        "claimed_by_subject": claim.subject,
        "claimed_at": claim.claimed_at,
        "state": claim.state.value,
        "settled_by_office_id": claim.settled_by_id,
        "settled_at": claim.settled_at,
    }
