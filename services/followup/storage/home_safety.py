"""The rows of checks of homes. The row of a case in `home_case` is their lock; what was said is sealed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.followup.domain.home_safety import HomeCheck, Verdict
from services.followup.storage.tables import HomeCheckRow

_OPEN: Final = text(
    "INSERT INTO home_case (case_id, case_number, office_id, checks) VALUES (:case_id, :case_number, :office_id, 0)"
    " ON CONFLICT (case_id) DO UPDATE SET office_id = excluded.office_id, case_number = excluded.case_number"
)
# Whoever writes down a visit makes the key of the case under that lock.
_LOCK_FOLLOWED: Final = text(
    "SELECT 1 FROM followup_case WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE"
)
_LOCK: Final = text("SELECT 1 FROM home_case WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE")
_LOCK_FREE: Final = text(
    "SELECT case_id FROM home_case WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE SKIP LOCKED"
)
_LATEST: Final = text(
    "SELECT c.*, h.case_number FROM home_check c JOIN home_case h USING (case_id)"
    " WHERE c.case_id = :case_id ORDER BY c.number DESC LIMIT 1"
)
_LATEST_OF: Final = text(
    """
    SELECT c.*, h.case_number FROM home_case h JOIN home_check c ON c.case_id = h.case_id AND c.number = h.checks
    WHERE h.case_id = ANY(CAST(:ids AS uuid[])) OR h.case_number = ANY(CAST(:numbers AS text[]))
    """
)
_COLUMNS: Final = tuple(HomeCheckRow.model_fields)
_ADD: Final = text(
    f"INSERT INTO home_check ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
)
_COUNTED: Final = text("UPDATE home_case SET checks = :number WHERE case_id = :case_id")
_CONFIRM: Final = text(
    "UPDATE home_check SET awaits_second = false, second_subject = :second_subject, agreed = :agreed,"
    " second_at = :second_at WHERE case_id = :case_id AND number = :number"
)
_MOVED: Final = text("UPDATE home_case SET office_id = :office_id WHERE case_id = :case_id AND office_id <> :office_id")


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A check, and what was said, as it is sealed; `office_id`: who is to decide now."""

    check: HomeCheck
    sealed: bytes


async def open_cases(connection: AsyncConnection, cases: Sequence[tuple[UUID, str, str]]) -> None:
    """Make or take these cases (id, number, accountable office), and lock them and what is followed up of them."""
    ids = sorted({case_id for case_id, _, _ in cases})
    await connection.execute(_LOCK_FOLLOWED, {"cases": ids})
    for case_id, number, office_id in sorted(cases):
        await connection.execute(_OPEN, {"case_id": case_id, "case_number": number, "office_id": office_id})


async def lock(connection: AsyncConnection, case_id: UUID) -> None:
    """Lock the checks of a case, if there are any."""
    await connection.execute(_LOCK, {"cases": [case_id]})


async def lock_free(uow: UnitOfWork, case_ids: Sequence[UUID]) -> set[UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    rows = await uow.connection.execute(_LOCK_FREE, {"cases": list(case_ids)})
    return {row.case_id for row in rows}


async def latest(connection: AsyncConnection, case_id: UUID) -> Sealed | None:
    """The latest check of a case; None when there is none."""
    row = (await connection.execute(_LATEST, {"case_id": case_id})).first()
    return Sealed(_check_of(row), row.sealed) if row is not None else None


async def latest_of(connection: AsyncConnection, cases: Sequence[CaseRef]) -> list[HomeCheck]:
    """The latest check of each of these cases of which there is one."""
    values = {
        "ids": [one for one in cases if isinstance(one, UUID)],
        "numbers": [one for one in cases if isinstance(one, str)],
    }
    return [_check_of(row) for row in await connection.execute(_LATEST_OF, values)]


async def add(connection: AsyncConnection, check: HomeCheck, sealed: bytes) -> None:
    """Keep a new check."""
    row = {
        "case_id": check.case_id,
        "number": check.number,
        "office_id": check.office_id,
        "to_office_id": check.to_office_id,
        "checked_on": check.checked_on,
        "decided": check.decided.value,
        "is_child": check.is_child,
        "is_short": check.is_short,
        "against_advice": check.against_advice,
        "valid_until": check.valid_until,
        "questionnaire_version": check.questionnaire_version,
        "subject": check.subject,
        "at": check.at,
        "awaits_second": check.awaits_second,
        "second_subject": check.second_subject,
        "agreed": check.agreed,
        "second_at": check.second_at,
        "sealed": sealed,
    }
    await connection.execute(_ADD, row)
    await connection.execute(_COUNTED, {"case_id": check.case_id, "number": check.number})


async def confirm(connection: AsyncConnection, check: HomeCheck) -> None:
    """Keep what the second person said."""
    values = {
        "case_id": check.case_id,
        "number": check.number,
        "second_subject": check.second_subject,
        "agreed": check.agreed,
        "second_at": check.second_at,
    }
    await connection.execute(_CONFIRM, values)


async def move(connection: AsyncConnection, case_id: UUID, office_id: str) -> bool:
    """Another office is accountable. Returns whether it is another one than before, of a case with checks."""
    return bool((await connection.execute(_MOVED, {"case_id": case_id, "office_id": office_id})).rowcount)


def _check_of(row: Any) -> HomeCheck:
    return HomeCheck(
        case_id=row.case_id,
        case_number=row.case_number,
        number=row.number,
        office_id=row.office_id,
        to_office_id=row.to_office_id,
        checked_on=row.checked_on,
        decided=Verdict(row.decided),
        is_child=row.is_child,
        is_short=row.is_short,
        subject=row.subject,
        at=row.at,
        questionnaire_version=row.questionnaire_version,
        valid_until=row.valid_until,
        against_advice=row.against_advice,
        awaits_second=row.awaits_second,
        second_subject=row.second_subject,
        agreed=row.agreed,
        second_at=row.second_at,
    )
