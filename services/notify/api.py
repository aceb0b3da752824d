"""The gRPC face of notify: proto in, command, proto out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

import grpc

from homeward.notify.v1 import notify_pb2 as pb
from homeward.notify.v1 import notify_pb2_grpc
from services.chassis.calls.pages import decode_token, encode_token, page_size_of
from services.chassis.calls.request_log import answer_once, digest_of
from services.chassis.calls.security import Language, current_call
from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.errors import BadPageToken, FieldViolation, InvalidInput
from services.chassis.service.office_end import OfficeEndQuery
from services.notify import application
from services.notify.domain import DEFAULT_LANGUAGE, LANGUAGES, MESSAGES_PER_MARKING_MAX
from services.notify.rendering import render
from services.notify.storage import ListedMessage, PageKey

Context = grpc.aio.ServicerContext[Any, Any]

EXAMPLE_ID: Final = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e83"


class NotifyServicer(notify_pb2_grpc.NotifyServiceServicer):
    """Answers the methods of NotifyService. Who may call which is decided before, by chassis/policy.py."""

    def __init__(self, units: Units, directory: Directory, digest_key: bytes, office_end: OfficeEndQuery) -> None:
        self._units = units
        self._office_end = office_end
        self._directory = directory
        self._digest_key = digest_key

    async def GetOfficeEnd(  # noqa: N802
        self, request: pb.GetOfficeEndRequest, context: Context
    ) -> pb.GetOfficeEndResponse:
        """Tell how far the end of an office has come here."""
        state = await self._office_end(request.office_id)
        return pb.GetOfficeEndResponse(done=state.done, moved=state.moved.get("messages", 0), left=state.left)

    async def ListMessages(  # noqa: N802
        self, request: pb.ListMessagesRequest, context: Context
    ) -> pb.ListMessagesResponse:
        """List the messages of the caller's office, newest first."""
        office_id = current_call().caller.office_id
        size = page_size_of(request.page_size)
        language = _language_of(request.language)
        filters = {"method": "ListMessages", "office": office_id, "include_read": request.include_read}
        after = self._page(request.page_token, filters)

        async def work(uow: UnitOfWork) -> tuple[list[ListedMessage], int]:
            return await application.list_messages(
                uow,
                self._directory,
                office_id,
                include_read=request.include_read,
                after=after,
                limit=size + 1,
            )

        found, unread_count = await self._units.read(work)
        token = ""
        if len(found) > size:
            last = found[size - 1]
            token = encode_token(filters, (last.posted_at, last.id), self._digest_key)
        return pb.ListMessagesResponse(
            messages=[self._message(one, language) for one in found[:size]],
            next_page_token=token,
            unread_count=unread_count,
        )

    async def MarkMessagesRead(  # noqa: N802
        self, request: pb.MarkMessagesReadRequest, context: Context
    ) -> pb.MarkMessagesReadResponse:
        """Mark messages of the caller's office as read."""
        call = current_call()
        request_id, message_ids = _marking_of(request)

        async def work(uow: UnitOfWork) -> pb.MarkMessagesReadResponse:
            marked = await application.mark_read(uow, self._directory, call.caller.office_id, message_ids)
            return pb.MarkMessagesReadResponse(marked_count=marked)

        return await answer_once(
            self._units,
            office_id=call.caller.office_id,
            request_id=request_id,
            method=call.method,
            digest=digest_of(request, self._digest_key),
            response_type=pb.MarkMessagesReadResponse,
            work=work,
        )

    def _page(self, token: str, filters: Mapping[str, object]) -> PageKey | None:
        key = decode_token(token, filters, self._digest_key)
        if key is None:
            return None
        try:
            posted_at, message_id = key
            return datetime.fromisoformat(posted_at), uuid.UUID(message_id)
        except (TypeError, ValueError):
            raise BadPageToken from None

    def _message(self, one: ListedMessage, language: Language) -> pb.Message:
        text = render(self._directory, language, one.kind, one.case_number, one.params)
        message = pb.Message(
            message_id=str(one.id),
            office_id=one.office_id,
            case_id=str(one.case_id),
            case_number=one.case_number or "",
            kind=one.kind,
            title=text.title,
            body=text.body,
            action_required=one.action_required,
        )
        message.post_time.FromDatetime(one.posted_at)
        if one.read_at is not None:
            message.read_time.FromDatetime(one.read_at)
        return message


def _language_of(text: str) -> Language:
    language = text or DEFAULT_LANGUAGE
    if language not in LANGUAGES:
        raise InvalidInput([FieldViolation(None, "language", "NOT_IN_LIST", {"list": ", ".join(LANGUAGES)})])
    return cast(Language, language)


def _marking_of(request: pb.MarkMessagesReadRequest) -> tuple[uuid.UUID, frozenset[uuid.UUID]]:
    violations: list[FieldViolation] = []
    request_id = _uuid_of("request_id", request.request_id, violations)
    if not request.message_ids:
        violations.append(FieldViolation(None, "message_ids", "REQUIRED"))
    if len(request.message_ids) > MESSAGES_PER_MARKING_MAX:
        limit = {"limit": str(MESSAGES_PER_MARKING_MAX)}
        raise InvalidInput([*violations, FieldViolation(None, "message_ids", "TOO_MANY", limit)])
    ids = [_uuid_of("message_ids", text, violations) for text in request.message_ids]
    if violations:
        raise InvalidInput(violations)
    return request_id, frozenset(ids)


def _uuid_of(field: str, text: str, violations: list[FieldViolation]) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        code, params = ("BAD_FORMAT", {"example": EXAMPLE_ID}) if text else ("REQUIRED", {})
        violations.append(FieldViolation(None, field, code, params))
        return uuid.UUID(int=0)
