"""What was asked for, who approved it and what became of it: all are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Approver, Caller, Role
from services.handover.domain.approvals import Approval, ApprovalState, Decision, Given, Matter, Refusal
from services.handover.domain.reading import Page

_ADD = text(
    """
    INSERT INTO approval (id, request_id, method, object, case_id, office_id, basis, request, digest,
        asked_by_office_id, asked_by_subject, asked_by_role, asked_by_scope, asked_by_token_id, asked_from,
        correlation_id, asked_at, expires_on, expires_at)
    VALUES (:id, :request_id, :method, :object, :case_id, :office_id, :basis, :request, :digest,
        :asked_by_office_id, :asked_by_subject, :asked_by_role, :asked_by_scope, :asked_by_token_id, :asked_from,
        :correlation_id, :asked_at, :expires_on, :expires_at)
    ON CONFLICT (asked_by_office_id, request_id) DO NOTHING
    """
)
_WAIT = text(
    """
    INSERT INTO approval_waiting (approval_id, method, object, expires_at)
    VALUES (:id, :method, :object, :expires_at) ON CONFLICT (method, object) DO NOTHING
    """
)
_WAITING_FOR = text("SELECT approval_id FROM approval_waiting WHERE method = :method AND object = :object")
_COUNT_WAITING = text(
    "SELECT count(*) FROM approval_waiting w JOIN approval a ON a.id = w.approval_id"
    " WHERE a.asked_by_office_id = :office_id"
)
_ALL = (
    "SELECT a.*, d.state, d.office_id AS decided_by_office_id, d.subject AS decided_by_subject, d.decided_at, d.refusal"
    " FROM approval a LEFT JOIN approval_decision d ON d.approval_id = a.id"
)
_ONE = text(f"{_ALL} WHERE a.id = :id")
_OF_REQUEST = text(f"{_ALL} WHERE a.asked_by_office_id = :office_id AND a.request_id = :request_id")
_GIVEN = text("SELECT * FROM approval_given WHERE approval_id = ANY(:ids) ORDER BY approval_id, number")
_GIVE = text(
    """
    INSERT INTO approval_given (approval_id, number, approver, office_id, subject, role, scope, token_id, given_at)
    VALUES (:id, :number, :approver, :office_id, :subject, :role, :scope, :token_id, :given_at)
    """
)
_LOCK_WAITING = text("SELECT 1 FROM approval_waiting WHERE approval_id = :id FOR UPDATE")
_STOP_WAITING = text("DELETE FROM approval_waiting WHERE approval_id = :id")
_DECIDE = text(
    """
    INSERT INTO approval_decision (approval_id, state, office_id, subject, decided_at, refusal)
    VALUES (:id, :state, :office_id, :subject, :decided_at, :refusal)
    """
)
_EXPIRED = text("SELECT approval_id FROM approval_waiting WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit")
_LIST = text(
    f"""
    {_ALL}
    WHERE (:everything OR a.asked_by_office_id = ANY(CAST(:own AS text[]))
        OR (a.method = ANY(CAST(:methods AS text[])) AND (a.office_id = '' OR CAST(:overseen AS text[]) IS NULL
            OR a.office_id = ANY(CAST(:overseen AS text[]))))
        OR a.method = ANY(CAST(:everywhere AS text[])))
      AND (:decided OR d.state IS NULL)
      AND (CAST(:after_time AS timestamptz) IS NULL OR (a.asked_at, a.id) < (:after_time, CAST(:after_id AS uuid)))
    ORDER BY a.asked_at DESC, a.id DESC LIMIT :limit
    """
)


async def add(connection: AsyncConnection, approval: Approval) -> bool:
    """Write a request; returns False when this office used the request id before."""
    matter, asker = approval.matter, approval.asked_by
    values = {
        "id": approval.id,
        "request_id": approval.request_id,
        "method": matter.method,
        "object": matter.object,
        "case_id": matter.case_id,
        "office_id": matter.office_id,
        "basis": matter.basis,
        "request": approval.request,
        "digest": approval.digest,
        "asked_by_office_id": asker.office_id,
        "asked_by_subject": asker.subject,
        "asked_by_role": asker.role.value,
        "asked_by_scope": asker.scope,
        "asked_by_token_id": asker.token_id,
        "asked_from": approval.peer,
        "correlation_id": approval.correlation_id,
        "asked_at": approval.asked_at,
        "expires_on": approval.expires_on,
        "expires_at": approval.expires_at,
    }
    return bool((await connection.execute(_ADD, values)).rowcount)


async def wait(connection: AsyncConnection, approval: Approval) -> bool:
    """Let it wait for those who approve it; returns False when another one waits for the same."""
    values = {
        "id": approval.id,
        "method": approval.matter.method,
        "object": approval.matter.object,
        "expires_at": approval.expires_at,
    }
    return bool((await connection.execute(_WAIT, values)).rowcount)


async def waiting_for(connection: AsyncConnection, method: str, about: str) -> UUID | None:
    """What waits for the same; None when it was decided at this instant."""
    found: UUID | None = await connection.scalar(_WAITING_FOR, {"method": method, "object": about})
    return found


async def count_waiting(connection: AsyncConnection, office_id: str) -> int:
    """How many requests of an office wait."""
    return int(await connection.scalar(_COUNT_WAITING, {"office_id": office_id}) or 0)


async def find(connection: AsyncConnection, approval_id: UUID) -> Approval | None:
    """One request; None when there is none."""
    return await _first(connection, (await connection.execute(_ONE, {"id": approval_id})).first())


async def of_request(connection: AsyncConnection, office_id: str, request_id: UUID) -> Approval | None:
    """What an office asked for under a request id."""
    key = {"office_id": office_id, "request_id": request_id}
    return await _first(connection, (await connection.execute(_OF_REQUEST, key)).first())


async def lock_waiting(connection: AsyncConnection, approval_id: UUID) -> bool:
    """Let nobody else decide or approve it meanwhile; returns False when it waits no more."""
    return (await connection.execute(_LOCK_WAITING, {"id": approval_id})).first() is not None


async def stop_waiting(connection: AsyncConnection, approval_id: UUID) -> None:
    """Let it wait no longer."""
    await connection.execute(_STOP_WAITING, {"id": approval_id})


async def give(connection: AsyncConnection, approval: Approval) -> None:
    """Add the latest approval of a request that is locked."""
    given = approval.given[-1]
    values = {
        "id": approval.id,
        "number": len(approval.given),
        "approver": given.approver.value,
        "office_id": given.by.office_id,
        "subject": given.by.subject,
        "role": given.by.role.value,
        "scope": given.by.scope,
        "token_id": given.by.token_id,
        "given_at": given.at,
    }
    await connection.execute(_GIVE, values)


async def decide(connection: AsyncConnection, approval_id: UUID, decision: Decision) -> None:
    """Write what became of it."""
    values = {
        "id": approval_id,
        "state": decision.state.value,
        "office_id": decision.office_id,
        "subject": decision.subject,
        "decided_at": decision.at,
        "refusal": decision.refusal.value if decision.refusal is not None else "",
    }
    await connection.execute(_DECIDE, values)


async def expired(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[UUID]:
    """Those for which nobody decided in time, the earliest first."""
    rows = await connection.execute(_EXPIRED, {"now": now, "limit": limit})
    return [row.approval_id for row in rows]


async def list_approvals(
    connection: AsyncConnection,
    page: Page,
    *,
    own: Collection[str] | None,
    methods: Collection[str],
    overseen: Collection[str] | None,
    everywhere: Collection[str],
    decided: bool,
) -> Sequence[Approval]:
    """The newest first: what these offices asked for (None: everybody), and what somebody may decide.

    `methods`: those that the supervisor of the office concerned decides, where that is one of `overseen` (None: all);
    `everywhere`: those that somebody of the role decides wherever. `decided`: also those that wait no more.
    """
    after = page.after or (None, None)
    parameters = {
        "everything": own is None,
        "own": sorted(own or ()),
        "methods": sorted(methods),
        "overseen": None if overseen is None else sorted(overseen),
        "everywhere": sorted(everywhere),
        "decided": decided,
        "after_time": after[0],
        "after_id": after[1],
        "limit": page.size,
    }
    rows = list(await connection.execute(_LIST, parameters))
    given = await given_to(connection, [row.id for row in rows])
    return [_approval(row, given.get(row.id, ())) for row in rows]


async def given_to(connection: AsyncConnection, approval_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Given, ...]]:
    """Who approved these requests, by their ids, the first one first; without those that nobody approved."""
    given: dict[UUID, tuple[Given, ...]] = {}
    for row in await connection.execute(_GIVEN, {"ids": list(approval_ids)}):
        by = Caller(row.subject, row.office_id, Role(row.role), row.scope, token_id=row.token_id)
        given[row.approval_id] = (*given.get(row.approval_id, ()), Given(Approver(row.approver), by, row.given_at))
    return given


async def _first(connection: AsyncConnection, row: Any) -> Approval | None:
    if row is None:
        return None
    return _approval(row, (await given_to(connection, [row.id])).get(row.id, ()))


def _approval(row: Any, given: tuple[Given, ...]) -> Approval:
    return Approval(
        id=row.id,
        request_id=row.request_id,
        matter=Matter(row.method, row.object, row.basis, row.office_id, row.case_id),
        request=bytes(row.request),
        digest=bytes(row.digest),
        asked_by=Caller(
            row.asked_by_subject,
            row.asked_by_office_id,
            Role(row.asked_by_role),
            row.asked_by_scope,
            token_id=row.asked_by_token_id,
        ),
        peer=row.asked_from,
        correlation_id=row.correlation_id,
        asked_at=row.asked_at,
        expires_on=row.expires_on,
        expires_at=row.expires_at,
        given=given,
        decision=_decision(row) if row.state is not None else None,
    )


def _decision(row: Any) -> Decision:
    return Decision(
        state=ApprovalState(row.state),
        at=row.decided_at,
        office_id=row.decided_by_office_id,
        subject=row.decided_by_subject,
        refusal=Refusal(row.refusal) if row.refusal else None,
    )
