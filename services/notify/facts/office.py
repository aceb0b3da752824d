"""What the office stream tells: what waits for approval, what became of it, and what administrators changed.

It is about offices and no cases, unless a request is about one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import office_pb2
from services.chassis.events.streams import OFFICE_SUBJECT
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.messages import Kind
from services.notify.domain.notices import Concerned, Notice
from services.notify.facts.parts import filled

_OUTCOME: Final = {
    "APPROVED": Kind.APPROVAL_GIVEN,
    "REFUSED": Kind.APPROVAL_REFUSED,
    "EXPIRED": Kind.APPROVAL_EXPIRED,
}
"""What the office that asked is told; that it took a request back itself it knows."""


def _asked(event: office_pb2.ApprovalAsked) -> Notice:
    return Notice(
        _case(event.about_case_id),
        Kind.APPROVAL_WANTED,
        Concerned(office_ids=tuple(event.approving_office_ids)),
        filled(method=event.method, object=event.object, office=event.asked_by_office_id, due_on=event.expires_on),
        about=event.approval_id,
    )


def _partly_given(event: office_pb2.ApprovalPartlyGiven) -> Notice:
    # Those who are still awaited were asked when it was asked for, and are asked until it is decided.
    return Notice(
        _case(event.about_case_id),
        Kind.APPROVAL_PARTLY_GIVEN,
        Concerned(office_ids=(event.asked_by_office_id,)),
        filled(method=event.method, object=event.object, office=event.approved_by_office_id, due_on=event.expires_on),
        ends=tuple(Ending(Turn.APPROVED_BY_ONE, event.approval_id, each) for each in event.asked_no_more_office_ids),
    )


def _decided(event: office_pb2.ApprovalDecided) -> Notice:
    return Notice(
        _case(event.about_case_id),
        _OUTCOME.get(event.state),
        Concerned(office_ids=(event.asked_by_office_id,)),
        filled(method=event.method, object=event.object, office=event.decided_by_office_id, refusal=event.refusal),
        ends=(Ending(Turn.APPROVAL_DECIDED, event.approval_id),),
    )


def _rule_changed(event: office_pb2.RuleChanged) -> Notice:
    return Notice(
        OFFICE_SUBJECT,
        Kind.RULE_CHANGED,
        Concerned(all_supervisors=True, nation=True),
        filled(rule=event.rule, amount=str(event.amount), unit=event.unit, on=event.valid_from),
    )


def _calendar_changed(event: office_pb2.CalendarChanged) -> Notice:
    return Notice(OFFICE_SUBJECT, Kind.CALENDAR_CHANGED, Concerned(all_supervisors=True, nation=True))


def _opened(event: office_pb2.OfficeOpened) -> Notice:
    return Notice(
        OFFICE_SUBJECT,
        Kind.OFFICE_OPENED,
        Concerned((event.office_id,), supervisors_of=(event.office_id,), nation=True),
        filled(office=event.office_id, on=event.valid_from),
    )


def _ended(event: office_pb2.OfficeEnded) -> Notice:
    # The inbox of the office is its heir's by now.
    return Notice(
        OFFICE_SUBJECT,
        Kind.OFFICE_ENDED,
        Concerned((event.heir_id,), supervisors_of=(event.office_id, event.heir_id), nation=True),
        filled(from_office=event.office_id, to_office=event.heir_id, on=event.valid_to),
    )


def numbers_tried(event: Any) -> Notice:
    """An account asked for as many cases in vain as it may: those who watch over its office may ask what that was."""
    return Notice(
        OFFICE_SUBJECT,
        Kind.NUMBERS_TRIED,
        Concerned(supervisors_of=(event.office_id,), nation=True),
        filled(office=event.office_id, amount=str(event.limit)),
        once_an_hour=f"{event.office_id}.{event.subject_digest}",
    )


def people_listed(event: Any) -> Notice:
    """An account listed far more people than anybody works on: those who watch over its office may ask."""
    return Notice(
        OFFICE_SUBJECT,
        Kind.PEOPLE_LISTED,
        Concerned(supervisors_of=(event.office_id,), nation=True),
        filled(office=event.office_id, amount=str(event.limit)),
        once_an_hour=f"{event.office_id}.{event.subject_digest}",
    )


def _case(about_case_id: str) -> UUID:
    return UUID(about_case_id) if about_case_id else OFFICE_SUBJECT


OF_OFFICES: Final = frozenset(
    {
        Kind.APPROVAL_WANTED,
        Kind.APPROVAL_PARTLY_GIVEN,
        *_OUTCOME.values(),
        Kind.RULE_CHANGED,
        Kind.CALENDAR_CHANGED,
        Kind.OFFICE_OPENED,
        Kind.OFFICE_ENDED,
        Kind.NUMBERS_TRIED,
        Kind.PEOPLE_LISTED,
    }
)
"""What offices are told that need be about no case."""

NOTICES: Final[Mapping[type[Message], Callable[[Any], Notice]]] = {
    office_pb2.ApprovalAsked: _asked,
    office_pb2.ApprovalPartlyGiven: _partly_given,
    office_pb2.ApprovalDecided: _decided,
    office_pb2.RuleChanged: _rule_changed,
    office_pb2.CalendarChanged: _calendar_changed,
    office_pb2.OfficeOpened: _opened,
    office_pb2.OfficeEnded: _ended,
}
"""What each event tells."""
