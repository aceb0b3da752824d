"""Messages: codes of their texts, and what an inbox holds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from services.notify.domain.facts import Param

LANGUAGES: Final = ("vi", "en")
DEFAULT_LANGUAGE: Final = "vi"
MESSAGES_PER_MARKING_MAX: Final = 200
UNREAD_COUNT_MAX: Final = 1_000


class Kind(StrEnum):
    """Code of a message's text."""

    CASE_REGISTERED = "CASE_REGISTERED"
    IDENTIFICATION_TO_DECIDE = "IDENTIFICATION_TO_DECIDE"
    IDENTIFICATION_DECIDED = "IDENTIFICATION_DECIDED"
    IDENTIFICATION_FEEDBACK = "IDENTIFICATION_FEEDBACK"
    CASE_WITHDRAWN = "CASE_WITHDRAWN"
    WITHDRAWAL_REFUSED = "WITHDRAWAL_REFUSED"
    TRANSFER_ANNOUNCED = "TRANSFER_ANNOUNCED"
    TRANSFER_PLANNED = "TRANSFER_PLANNED"
    TRANSFER_UNDER_WAY = "TRANSFER_UNDER_WAY"
    TRANSFER_DISPATCHED = "TRANSFER_DISPATCHED"
    TRANSFER_ACKNOWLEDGED = "TRANSFER_ACKNOWLEDGED"
    ARRIVAL_FEEDBACK = "ARRIVAL_FEEDBACK"
    ACKNOWLEDGEMENT_RETRACTED = "ACKNOWLEDGEMENT_RETRACTED"
    ARRIVAL_FEEDBACK_RETRACTED = "ARRIVAL_FEEDBACK_RETRACTED"
    TRANSFER_REJECTED = "TRANSFER_REJECTED"
    TRANSFER_RECALLED = "TRANSFER_RECALLED"
    TRANSFER_ACCEPTED = "TRANSFER_ACCEPTED"
    TRANSFER_NOT_ARRIVED = "TRANSFER_NOT_ARRIVED"
    TRANSFER_REDIRECTED = "TRANSFER_REDIRECTED"
    TRANSFER_SUPERSEDED = "TRANSFER_SUPERSEDED"
    STAY_ENDING = "STAY_ENDING"
    STAY_OVERDUE = "STAY_OVERDUE"
    STAY_OVERDUE_SUPERVISOR = "STAY_OVERDUE_SUPERVISOR"
    TRANSFER_TO_COME = "TRANSFER_TO_COME"
    CUSTODY_TAKEN_OVER = "CUSTODY_TAKEN_OVER"
    CUSTODY_HANDED_OVER = "CUSTODY_HANDED_OVER"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    DEADLINE_PASSED_SUPERVISOR = "DEADLINE_PASSED_SUPERVISOR"
    ACKNOWLEDGEMENT_MISSING = "ACKNOWLEDGEMENT_MISSING"
    ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
    SEARCH_OPENED = "SEARCH_OPENED"
    SEARCH_ASKED = "SEARCH_ASKED"
    SEARCH_OPENED_SUPERVISOR = "SEARCH_OPENED_SUPERVISOR"
    SEARCH_STILL_OPEN = "SEARCH_STILL_OPEN"
    SEARCH_ESCALATED = "SEARCH_ESCALATED"
    SEARCH_ENDED = "SEARCH_ENDED"
    FOLLOW_UPS_SCHEDULED = "FOLLOW_UPS_SCHEDULED"
    FOLLOW_UPS_UNCONFIRMED = "FOLLOW_UPS_UNCONFIRMED"
    FIRST_CONTACT_OVERDUE = "FIRST_CONTACT_OVERDUE"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    FOLLOW_UP_OVERDUE = "FOLLOW_UP_OVERDUE"
    FOLLOW_UP_OVERDUE_SUPERVISOR = "FOLLOW_UP_OVERDUE_SUPERVISOR"
    FOLLOW_UP_STILL_OVERDUE = "FOLLOW_UP_STILL_OVERDUE"
    FOLLOW_UP_ESCALATED = "FOLLOW_UP_ESCALATED"
    CLOSING_OVERDUE = "CLOSING_OVERDUE"
    CLOSING_ESCALATED = "CLOSING_ESCALATED"
    CONTACT_LOST = "CONTACT_LOST"
    CONTACT_LOST_SUPERVISOR = "CONTACT_LOST_SUPERVISOR"
    FOLLOW_UP_NEGLECTED = "FOLLOW_UP_NEGLECTED"
    FOLLOW_UP_NEGLECTED_SUPERVISOR = "FOLLOW_UP_NEGLECTED_SUPERVISOR"
    FOLLOW_UP_MADE_UP = "FOLLOW_UP_MADE_UP"
    CASE_CLOSED = "CASE_CLOSED"
    CASE_REOPENED = "CASE_REOPENED"


ACTION_REQUIRED: Final = frozenset(
    {
        Kind.IDENTIFICATION_TO_DECIDE,
        Kind.TRANSFER_ANNOUNCED,
        Kind.TRANSFER_UNDER_WAY,
        Kind.ACKNOWLEDGEMENT_RETRACTED,
        Kind.TRANSFER_REJECTED,
        Kind.TRANSFER_NOT_ARRIVED,
        Kind.STAY_ENDING,
        Kind.STAY_OVERDUE,
        Kind.STAY_OVERDUE_SUPERVISOR,
        Kind.CUSTODY_TAKEN_OVER,
        Kind.FIRST_CONTACT_OVERDUE,
        Kind.DEADLINE_PASSED,
        Kind.ACKNOWLEDGEMENT_MISSING,
        Kind.ACKNOWLEDGEMENT_OVERDUE,
        Kind.SEARCH_OPENED,
        Kind.SEARCH_ASKED,
        Kind.SEARCH_OPENED_SUPERVISOR,
        Kind.SEARCH_STILL_OPEN,
        Kind.SEARCH_ESCALATED,
        Kind.FOLLOW_UPS_UNCONFIRMED,
        Kind.FOLLOW_UP_DUE,
        Kind.FOLLOW_UP_OVERDUE,
        Kind.FOLLOW_UP_STILL_OVERDUE,
        Kind.FOLLOW_UP_ESCALATED,
        Kind.CLOSING_OVERDUE,
        Kind.CLOSING_ESCALATED,
        Kind.CONTACT_LOST,
        Kind.CONTACT_LOST_SUPERVISOR,
        Kind.FOLLOW_UP_NEGLECTED,
        Kind.FOLLOW_UP_NEGLECTED_SUPERVISOR,
    }
)
"""Messages whose reader must do something; the others are for information."""


@dataclass(frozen=True)
class Message:
    """A message as it is put into an inbox: that of the office told, or of whoever took over from it."""

    id: uuid.UUID
    event_id: uuid.UUID
    told_id: str
    office_id: str
    case_id: uuid.UUID
    kind: Kind
    params: Mapping[Param, str]
    action_required: bool
    posted_at: datetime


@dataclass(frozen=True)
class ListedMessage:
    """A message as an inbox shows it; the case number may be unknown for a moment."""

    id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    case_number: str | None
    kind: str
    params: Mapping[str, str]
    action_required: bool
    posted_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Seen:
    """That a message was read."""

    message_id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    at: datetime


PageKey: TypeAlias = tuple[datetime, uuid.UUID]
"""Where a page of an inbox ended: time and id of its last message."""
