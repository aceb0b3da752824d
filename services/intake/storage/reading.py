"""Lists of cases, as far as a viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Role
from services.intake.domain.access import Viewer
from services.intake.domain.case import Case, Identification, Phase
from services.intake.storage.cases import SELECT_CASE, case_of


async def list_cases(
    connection: AsyncConnection,
    viewer: Viewer,
    phase: Phase | None,
    identification: Identification | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Case]:
    """Cases that the viewer sees and the filters let through, newest first, older than `before`."""
    visible, parameters = visible_to(viewer, is_filtered=bool(phase or identification))
    narrower, more = _filtered(phase, identification)
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
            " OR home_province = ANY(CAST(:provinces AS text[]))",
            {
                "offices": sorted(viewer.scope_offices),
                "provinces": sorted(viewer.scope_provinces),
            },
        )
    holds: dict[str, object] = {"offices": sorted(viewer.holds)}
    accountable = "accountable_office_id = ANY(CAST(:offices AS text[])) AND withdrawal = 'NONE'"
    # A filter would tell a border post what the status word doesn't.
    if viewer.role is Role.BORDER_POST and not is_filtered:
        return f"{accountable} OR receiving_office_id = ANY(CAST(:offices AS text[]))", holds
    return accountable, holds


def _filtered(phase: Phase | None, identification: Identification | None) -> tuple[str, dict[str, object]]:
    conditions, parameters = ["true"], dict[str, object]()
    if phase is Phase.WITHDRAWN:
        conditions.append("(phase = 'WITHDRAWN' OR withdrawal <> 'NONE')")
    elif phase is not None:
        conditions.append("phase = :phase AND withdrawal = 'NONE'")
        parameters["phase"] = phase.value
    if identification is not None:
        conditions.append("identification = :identification")
        parameters["identification"] = identification.value
    return " AND ".join(conditions), parameters
