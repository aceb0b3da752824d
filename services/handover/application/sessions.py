"""Sign-ins that administrators end before their time, and which those were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.country.overlays import Overlays, begin_change, put_revocation
from services.chassis.country.revocations import Revocation, subject_digest
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import PermissionDenied
from services.chassis.kernel.places import NATIONAL
from services.chassis.kernel.roles import Caller, Role
from services.chassis.kernel.words import Whose
from services.handover.domain.reading import Page, Revoked
from services.handover.domain.words import RevokeReason
from services.handover.storage import sessions as storage
from services.handover.storage.directory import record
from services.handover.wire import events

REVOKE_SESSIONS = "RevokeSessions"


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    """Sign-ins end: `named` is the account, the office or the id of the token; `not_before` is real time."""

    whose: Whose
    named: str
    reason: RevokeReason
    not_before: datetime


async def revoke(uow: UnitOfWork, overlays: Overlays, caller: Caller, command: RevokeSessions) -> Revoked:
    """Let tokens made until then count no more, here and in the other services. Raises OfficeNotFound.

    The account stands in the audit trail as it is; the event and the overlays know its digest alone.
    """
    if command.whose is Whose.OFFICE:
        overlays.directory.office(command.named)
    await begin_change(uow.connection)
    named = subject_digest(command.named) if command.whose is Whose.SUBJECT else command.named
    revocation = Revocation(uow.new_id(), command.whose, named, command.not_before)
    await put_revocation(uow.connection, revocation, command.reason.value)
    uow.append(events.sessions_revoked(revocation, command.reason), OFFICE_SUBJECT)
    details = storage.details_of(command.whose, command.reason, command.not_before)
    await record(uow, caller.office_id, caller.subject, REVOKE_SESSIONS, command.named, details)
    return Revoked(
        revocation.id,
        uow.now,
        command.whose,
        command.named,
        command.reason,
        command.not_before,
        caller.office_id,
        caller.subject,
    )


async def list_revoked(uow: UnitOfWork, caller: Caller, page: Page) -> Sequence[Revoked]:
    """What was ended, newest first; the sort key is (done_at, id). Raises PermissionDenied beneath the nation."""
    if caller.role is not Role.ADMIN and caller.scope != NATIONAL:
        raise PermissionDenied
    return await storage.list_revoked(uow.connection, page)
