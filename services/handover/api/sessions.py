"""Sign-ins that are ended before their time. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homeward.handover.v1 import sessions_pb2, sessions_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import TOKEN_ID, current_call
from services.chassis.country.overlays import Overlays
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import Clock
from services.chassis.kernel.roles import MAX_SUBJECT_CHARS
from services.chassis.kernel.words import Whose
from services.handover.api.requests import Context
from services.handover.application import sessions
from services.handover.application.sessions import RevokeSessions
from services.handover.domain.reading import Page
from services.handover.domain.words import RevokeReason
from services.handover.wire import answers

_NAMES = {"subject": Whose.SUBJECT, "office_id": Whose.OFFICE, "token_id": Whose.TOKEN}


class SessionServicer(sessions_pb2_grpc.SessionServiceServicer):
    """What administrators call when a sign-in must not go on. `real` is the clock by which tokens are made."""

    def __init__(self, units: Units, overlays: Overlays, real: Clock, digest_key: bytes) -> None:
        self._units = units
        self._overlays = overlays
        self._real = real
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def RevokeSessions(  # noqa: N802
        self, request: sessions_pb2.RevokeSessionsRequest, context: Context
    ) -> sessions_pb2.RevokeSessionsResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        whose, named = _named(fields, request)
        reason = fields.required_member("reason", RevokeReason, types.RevokeReason, request.reason)
        fields.done()
        command = RevokeSessions(whose, named, reason, self._real.now())

        async def work(uow: UnitOfWork) -> sessions_pb2.RevokeSessionsResponse:
            revoked = await sessions.revoke(uow, self._overlays, asked.caller, command)
            return sessions_pb2.RevokeSessionsResponse(revocation=answers.revocation(revoked))

        try:
            return await self._answers.once(asked, sessions_pb2.RevokeSessionsResponse, work)
        finally:
            await self._overlays.refresh()

    async def ListRevocations(  # noqa: N802
        self, request: sessions_pb2.ListRevocationsRequest, context: Context
    ) -> sessions_pb2.ListRevocationsResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "revocations", size, request.page_token)
        wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows = await self._units.read(lambda uow: sessions.list_revoked(uow, caller, wanted))
        given, token = page.cut(rows, lambda row: (row.done_at, row.id))
        return sessions_pb2.ListRevocationsResponse(
            revocations=[answers.revocation(row) for row in given], next_page_token=token
        )


def _named(fields: Fields, request: sessions_pb2.RevokeSessionsRequest) -> tuple[Whose, str]:
    subject = fields.text("subject", request.subject, MAX_SUBJECT_CHARS)
    office_id = fields.office("office_id", request.office_id) or ""
    if request.token_id and not TOKEN_ID.fullmatch(request.token_id):
        fields.wrong("token_id", "BAD_CHARACTERS")
    given = {"subject": subject, "office_id": office_id, "token_id": request.token_id}
    first, *others = [name for name, value in given.items() if value] or ["subject"]
    if not given[first]:
        fields.wrong(first, "REQUIRED")
    for name in others:
        fields.wrong(name, "NOT_ALLOWED_WITH", other=first)
    return _NAMES[first], given[first]
