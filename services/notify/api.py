"""The gRPC face of notify: proto in, command, proto out."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, cast

import grpc

from homeward.notify.v1 import inbox_pb2, inbox_pb2_grpc
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.texts import Language
from services.notify import wire
from services.notify.application import inboxes
from services.notify.domain.messages import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    MESSAGES_PER_MARKING_MAX,
    Counts,
    ListedMessage,
    MessagesWanted,
    Section,
)
from services.notify.rendering import render

Context = grpc.aio.ServicerContext[Any, Any]


class InboxServicer(inbox_pb2_grpc.InboxServiceServicer):
    """What offices read. Who may call which method is decided before, by the contract."""

    def __init__(self, units: Units, sight: Sight, digest_key: bytes) -> None:
        self._units = units
        self._sight = sight
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def ListMessages(  # noqa: N802
        self, request: inbox_pb2.ListMessagesRequest, context: Context
    ) -> inbox_pb2.ListMessagesResponse:
        """List the messages of the caller's office, what is to be done first."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        language = _language_of(fields, request.language)
        wanted = MessagesWanted(
            everything=request.include_read,
            case=fields.case(request.case) if request.case else None,
            to_do_only=request.to_do_only,
        )
        fields.done()
        page = self._pages.page(caller, "ListMessages", size, request.page_token, **filters_of(wanted))
        after = page.start(Section, datetime.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> tuple[list[ListedMessage], Counts]:
            return await inboxes.list_messages(
                uow, self._sight, caller.office_id, wanted, after=after, limit=page.limit
            )

        found, counts = await self._units.read(work)
        given, next_token = page.cut(found, lambda one: (one.section.value, one.posted_at, one.id))
        directory = self._sight.directory
        return inbox_pb2.ListMessagesResponse(
            messages=[wire.message(one, render(directory, language, one)) for one in given],
            next_page_token=next_token,
            unread_count=counts.unread,
            to_do_count=counts.to_do,
        )

    async def MarkMessagesRead(  # noqa: N802
        self, request: inbox_pb2.MarkMessagesReadRequest, context: Context
    ) -> inbox_pb2.MarkMessagesReadResponse:
        """Mark messages of the caller's office as read."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        whole = request.HasField("until_time")
        texts = fields.at_most("message_ids", request.message_ids, MESSAGES_PER_MARKING_MAX, required=not whole)
        if whole and texts:
            fields.wrong("message_ids", "NOT_ALLOWED_WITH", other="until_time")
        ids = frozenset(fields.uuid("message_ids", text) for text in texts)
        chosen = _until(fields, request) if whole else ids
        fields.done()

        async def work(uow: UnitOfWork) -> inbox_pb2.MarkMessagesReadResponse:
            marked = await inboxes.mark_read(uow, self._sight, asked.caller.office_id, chosen)
            return inbox_pb2.MarkMessagesReadResponse(marked_count=marked)

        return await self._answers.once(asked, inbox_pb2.MarkMessagesReadResponse, work)


def _until(fields: Fields, request: inbox_pb2.MarkMessagesReadRequest) -> datetime:
    try:
        return request.until_time.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        fields.wrong("until_time", "NOT_A_DATE")
        return datetime.min.replace(tzinfo=UTC)


def _language_of(fields: Fields, text: str) -> Language:
    language = text or DEFAULT_LANGUAGE
    fields.one_of("language", language, LANGUAGES, ", ".join(LANGUAGES))
    return cast(Language, language)
