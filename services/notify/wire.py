"""Between the values of notify and the messages of the wire, both directions."""

from __future__ import annotations

from homeward.events.v1 import notification_pb2
from homeward.notify.v1 import inbox_pb2
from services.chassis.events.streams import OFFICE_SUBJECT
from services.notify.domain.duties import Duty
from services.notify.domain.messages import ListedMessage, Message, Seen
from services.notify.rendering import Text


def message(one: ListedMessage, text: Text) -> inbox_pb2.Message:
    """A message as an inbox shows it, with its text in the reader's language."""
    shown = inbox_pb2.Message(
        message_id=str(one.id),
        office_id=one.office_id,
        case_id=str(one.case_id) if one.case_id != OFFICE_SUBJECT else "",
        case_number=one.case_number or "",
        approval_id=one.about if one.duty == Duty.APPROVE else "",
        break_glass_id=one.about if one.duty == Duty.REVIEW_BREAK_GLASS else "",
        kind=one.kind,
        title=text.title,
        body=text.body,
        action_required=one.action_required,
        duty=one.duty or "",
        reminders=one.reminders,
        done_by=one.done_by or "",
        done=text.done,
    )
    shown.post_time.FromDatetime(one.posted_at)
    shown.since_time.FromDatetime(one.since)
    if one.done_at is not None:
        shown.done_time.FromDatetime(one.done_at)
    if one.read_at is not None:
        shown.read_time.FromDatetime(one.read_at)
    return shown


def posted_event(one: Message) -> notification_pb2.MessagePosted:
    """That a message was put into an inbox."""
    return notification_pb2.MessagePosted(
        case_id=str(one.case_id),
        message_id=str(one.id),
        office_id=one.office_id,
        kind=one.kind.value,
        cause_event_id=str(one.event_id),
    )


def seen_event(one: Seen) -> notification_pb2.MessageSeen:
    """That a message was read."""
    event = notification_pb2.MessageSeen(
        case_id=str(one.case_id), message_id=str(one.message_id), office_id=one.office_id
    )
    event.see_time.FromDatetime(one.at)
    return event
