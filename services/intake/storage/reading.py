"""Lists of cases, as far as a viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.streams import TRANSFER
from services.chassis.kernel.roles import Role
from services.intake.domain.access import CasesWanted, Viewer
from services.intake.domain.case import Case, Phase
from services.intake.storage.cases import SELECT_CASE, case_of

_HEARD: Final = """
    SELECT p.version FROM inbox_position p JOIN intake_case c ON c.id = p.subject
    WHERE p.consumer = 'intake' AND p.topic = :topic AND c.{column} = :ref
"""

_PREVIEWS: Final = text(
    "SELECT count(*) FROM access_log WHERE case_id = :case_id AND office_id = :office_id AND identity_view = 'PREVIEW'"
)
_AGE: Final = text(
    """
    SELECT extract(epoch FROM clock_timestamp() - min(received_at)) FROM inbox
    WHERE state IN ('PENDING', 'PARKED', 'QUARANTINED') AND topic = :topic AND subject IS NOT NULL
    """
)


async def events_heard(connection: AsyncConnection, ref: CaseRef) -> int:
    """So many events of a case on the stream of transfers took effect here; read it before the case."""
    column = "number" if isinstance(ref, str) else "id"
    found = await connection.execute(text(_HEARD.format(column=column)), {"topic": TRANSFER.topic, "ref": ref})
    return found.scalar() or 0


async def entitlement_age_s(connection: AsyncConnection) -> float:
    """How long the oldest of what handover said has waited here to take effect; 0 when nothing waits."""
    return float((await connection.execute(_AGE, {"topic": TRANSFER.topic})).scalar() or 0)


async def previews_read(connection: AsyncConnection, case_id: UUID, office_id: str) -> int:
    """How often an office read the preview of a case."""
    return int(await connection.scalar(_PREVIEWS, {"case_id": case_id, "office_id": office_id}) or 0)


async def list_cases(
    connection: AsyncConnection,
    viewer: Viewer,
    wanted: CasesWanted,
    before: UUID | None,
    limit: int,
) -> Sequence[Case]:
    """Cases that the viewer sees and the filters let through, newest first, older than `before`."""
    visible, parameters = visible_to(viewer, is_filtered=wanted.tells)
    narrower, more = _filtered(wanted)
    keyset = " AND id < :before" if before else ""
    statement = f"{SELECT_CASE} WHERE ({visible}) AND {narrower}{keyset} ORDER BY id DESC LIMIT :limit"
    values = parameters | more | {"limit": limit} | ({"before": before} if before else {})
    return [case_of(row) for row in await connection.execute(text(statement), values)]


def visible_to(viewer: Viewer, *, is_filtered: bool) -> tuple[str, dict[str, object]]:
    """The condition by which a caller sees cases in a list."""
    if viewer.role in (Role.VERIFIER, Role.SUPERVISOR):
        if viewer.is_national:
            return "true", {}
        return (
            "receiving_office_id = ANY(CAST(:offices AS text[]))"
            " OR accountable_office_id = ANY(CAST(:offices AS text[]))"
            " OR home_province = ANY(CAST(:provinces AS text[]))"
            " OR verifier_office_id = ANY(CAST(:verifiers AS text[]))",
            {
                "offices": sorted(viewer.scope_offices),
                "provinces": sorted(viewer.scope_provinces),
                "verifiers": sorted(viewer.holds) if viewer.role is Role.VERIFIER else [],
            },
        )
    holds: dict[str, object] = {"offices": sorted(viewer.holds)}
    accountable = "accountable_office_id = ANY(CAST(:offices AS text[])) AND withdrawal = 'NONE'"
    # A filter would tell a border post what the status word doesn't.
    if viewer.role is Role.BORDER_POST and not is_filtered:
        return f"{accountable} OR receiving_office_id = ANY(CAST(:offices AS text[]))", holds
    return accountable, holds


def start_of(day: str, later: int = 0) -> str:
    """The first instant of a local day, or of one so many days later, in SQL: any day that can be written has one."""
    return f"(CAST(CAST({day} AS date) + {later} AS timestamp) AT TIME ZONE 'Asia/Ho_Chi_Minh')"


def _filtered(wanted: CasesWanted) -> tuple[str, dict[str, object]]:
    conditions, parameters = ["true"], dict[str, object]()
    if wanted.phase is Phase.WITHDRAWN:
        conditions.append("(phase = 'WITHDRAWN' OR withdrawal <> 'NONE')")
    elif wanted.phase is not None:
        conditions.append("phase = :phase AND withdrawal = 'NONE'")
        parameters["phase"] = wanted.phase.value
    if wanted.identification is not None:
        conditions.append("identification = :identification")
        parameters["identification"] = wanted.identification.value
    if wanted.handover_id is not None:
        conditions.append("handover_id = :handover_id")
        parameters["handover_id"] = wanted.handover_id
    if wanted.received_from is not None:
        conditions.append(f"handover_time >= {start_of(':received_from')}")
        parameters["received_from"] = wanted.received_from
    if wanted.received_until is not None:
        conditions.append(f"handover_time < {start_of(':received_until', 1)}")
        parameters["received_until"] = wanted.received_until
    return " AND ".join(conditions), parameters
