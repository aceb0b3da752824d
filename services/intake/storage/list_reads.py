"""What overseers listed: only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Caller
from services.intake.domain.access import ListsRead, ReadsWanted
from services.intake.storage.reading import start_of

_ADD: Final = text(
    "INSERT INTO list_read (read_at, method, office_id, role, subject, listed)"
    " VALUES (:read_at, :method, :office_id, :role, :subject, :listed)"
)


async def add(connection: AsyncConnection, caller: Caller, method: str, listed: int, now: datetime) -> None:
    """Somebody was given a page of a list with so many rows."""
    values = {
        "read_at": now,
        "method": method,
        "office_id": caller.office_id,
        "role": caller.role.value,
        "subject": caller.subject,
        "listed": listed,
    }
    await connection.execute(_ADD, values)


async def counted(connection: AsyncConnection, wanted: ReadsWanted, limit: int) -> Sequence[ListsRead]:
    """How many pages and rows each account was given of each list on each local day, the newest day first."""
    conditions, parameters = ["true"], dict[str, object]({"limit": limit})
    for column, value in (("office_id", wanted.office_id), ("subject", wanted.subject)):
        if value is not None:
            conditions.append(f"{column} = :{column}")
            parameters[column] = value
    if wanted.offices is not None:
        conditions.append("office_id = ANY(CAST(:offices AS text[]))")
        parameters["offices"] = sorted(wanted.offices)
    if wanted.read_from is not None:
        conditions.append(f"read_at >= {start_of(':read_from')}")
        parameters["read_from"] = wanted.read_from
    if wanted.read_until is not None:
        conditions.append(f"read_at < {start_of(':read_until', 1)}")
        parameters["read_until"] = wanted.read_until
    statement = f"""
        SELECT CAST(read_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS day, office_id, role, subject, method,
            count(*) AS pages, sum(listed) AS rows
        FROM list_read WHERE {" AND ".join(conditions)}
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 6 DESC, 2, 4, 5 LIMIT :limit
    """
    return [ListsRead(**row._mapping) for row in await connection.execute(text(statement), parameters)]
