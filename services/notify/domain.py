"""Who is told what when something happens to a case.

A message names a case by its number and says what to do. It never says who the person is, nor what was found out about
her: whoever may know that looks it up, and leaves a trace. So a fact keeps dates, codes and offices only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from services.chassis.kernel.words import Phase

LANGUAGES: Final = ("vi", "en")
DEFAULT_LANGUAGE: Final = "vi"
MESSAGES_PER_MARKING_MAX: Final = 200
UNREAD_COUNT_MAX: Final = 1_000
NATIONAL_LEVEL: Final = 2
"""From this level on an escalation goes to the national supervisor too (SEARCH_ESCALATE, FOLLOW_UP_ESCALATE)."""
STAY_RULES: Final = "FACILITY_STAY_"
"""How the codes of the rules for stays begin: one by kind of facility, and the escalation."""
REAPPEARED: Final = "REAPPEARED"
"""The reason of a search that the whole nation is told of at once: possibly trafficked again."""


class Addressee(StrEnum):
    """Whom a message is for, before it is known which office that is."""

    ACCOUNTABLE = "ACCOUNTABLE"
    """The office that the event names as accountable."""
    SENDER = "SENDER"
    """The office that sends the person on, or that was accountable before."""
    RECEIVER = "RECEIVER"
    """The office that a transfer is addressed to."""
    REGISTERING = "REGISTERING"
    """The office that received the person when the case was registered."""
    REGISTERING_POST = "REGISTERING_POST"
    """The same, if it is a border post: it is told how things went, in a word."""
    VERIFIER = "VERIFIER"
    """The verifier of the registering office's province."""
    SEARCHING = "SEARCHING"
    """The office that was accountable when the open search began; whoever finds the person becomes accountable."""
    SEARCHING_SUPERVISOR = "SEARCHING_SUPERVISOR"
    """The supervisor of that office's province: the one who was told of the search."""
    PROVINCE_SUPERVISOR = "PROVINCE_SUPERVISOR"
    """The supervisor of the accountable office's province; the national one where there is none."""
    NATIONAL_SUPERVISOR = "NATIONAL_SUPERVISOR"


FOLLOW_FROM_REGISTRATION: Final = frozenset({Addressee.REGISTERING, Addressee.REGISTERING_POST, Addressee.VERIFIER})
"""Known only with the registration, which comes by another stream and so perhaps later."""


class Occurrence(StrEnum):
    """What happened, as far as it makes a difference to who is told."""

    CASE_REGISTERED = "CASE_REGISTERED"
    CASE_WITHDRAWN = "CASE_WITHDRAWN"
    WITHDRAWAL_REFUSED = "WITHDRAWAL_REFUSED"
    TRANSFER_PLANNED = "TRANSFER_PLANNED"
    TRANSFER_DISPATCHED = "TRANSFER_DISPATCHED"
    TRANSFER_ACKNOWLEDGED = "TRANSFER_ACKNOWLEDGED"
    ACKNOWLEDGEMENT_RETRACTED = "ACKNOWLEDGEMENT_RETRACTED"
    TRANSFER_REJECTED = "TRANSFER_REJECTED"
    TRANSFER_RECALLED = "TRANSFER_RECALLED"
    TRANSFER_ACCEPTED = "TRANSFER_ACCEPTED"
    TRANSFER_NOT_ARRIVED = "TRANSFER_NOT_ARRIVED"
    TRANSFER_REDIRECTED = "TRANSFER_REDIRECTED"
    TRANSFER_SUPERSEDED = "TRANSFER_SUPERSEDED"
    STAY_BEGAN = "STAY_BEGAN"
    STAY_RETRACTED = "STAY_RETRACTED"
    STAY_ENDING = "STAY_ENDING"
    STAY_OVERDUE = "STAY_OVERDUE"
    STAY_ESCALATED = "STAY_ESCALATED"
    LEFT_FOR_OWN_CHOICE = "LEFT_FOR_OWN_CHOICE"
    CUSTODY_REASSIGNED = "CUSTODY_REASSIGNED"
    FOUND_AT_HOME = "FOUND_AT_HOME"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
    SEARCH_OPENED = "SEARCH_OPENED"
    SEARCH_OPENED_NATIONALLY = "SEARCH_OPENED_NATIONALLY"
    SEARCH_ESCALATED = "SEARCH_ESCALATED"
    SEARCH_ESCALATED_NATIONALLY = "SEARCH_ESCALATED_NATIONALLY"
    SEARCH_ENDED = "SEARCH_ENDED"
    SEARCH_ENDED_NATIONALLY = "SEARCH_ENDED_NATIONALLY"
    FOLLOW_UPS_SCHEDULED = "FOLLOW_UPS_SCHEDULED"
    FOLLOW_UPS_UNCONFIRMED = "FOLLOW_UPS_UNCONFIRMED"
    FIRST_CONTACT_OVERDUE = "FIRST_CONTACT_OVERDUE"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    FOLLOW_UP_OVERDUE = "FOLLOW_UP_OVERDUE"
    FOLLOW_UP_ESCALATED = "FOLLOW_UP_ESCALATED"
    FOLLOW_UP_ESCALATED_NATIONALLY = "FOLLOW_UP_ESCALATED_NATIONALLY"
    CLOSING_ESCALATED = "CLOSING_ESCALATED"
    CLOSING_ESCALATED_NATIONALLY = "CLOSING_ESCALATED_NATIONALLY"
    LOST_TO_FOLLOW_UP = "LOST_TO_FOLLOW_UP"
    FOLLOW_UP_MADE_UP = "FOLLOW_UP_MADE_UP"
    CASE_CLOSED = "CASE_CLOSED"
    CASE_REOPENED = "CASE_REOPENED"


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
    }
)
"""Messages whose reader must do something; the others are for information."""


class Param(StrEnum):
    """What a text may be filled with besides the case number; values are codes, ids and ISO dates."""

    FROM_OFFICE = "from_office"
    TO_OFFICE = "to_office"
    OFFICE = "office"
    ON = "on"
    DUE_ON = "due_on"
    RULE = "rule"
    FOLLOW_UP = "follow_up"
    LEVEL = "level"
    REASON = "reason"
    RESOLUTION = "resolution"


OFFICE_PARAMS: Final = frozenset({Param.FROM_OFFICE, Param.TO_OFFICE, Param.OFFICE})
DATE_PARAMS: Final = frozenset({Param.ON, Param.DUE_ON})

Told = Sequence[tuple[Addressee, Kind]]

_ACCOUNTABLE, _SENDER, _RECEIVER = Addressee.ACCOUNTABLE, Addressee.SENDER, Addressee.RECEIVER
_PROVINCE, _NATIONAL = Addressee.PROVINCE_SUPERVISOR, Addressee.NATIONAL_SUPERVISOR

WHO_IS_TOLD: Final[Mapping[Occurrence, Told]] = MappingProxyType(
    {
        Occurrence.CASE_REGISTERED: (
            (Addressee.REGISTERING, Kind.CASE_REGISTERED),
            (Addressee.VERIFIER, Kind.IDENTIFICATION_TO_DECIDE),
        ),
        Occurrence.CASE_WITHDRAWN: (
            (_ACCOUNTABLE, Kind.CASE_WITHDRAWN),
            (_RECEIVER, Kind.CASE_WITHDRAWN),
            (Addressee.REGISTERING, Kind.CASE_WITHDRAWN),
            (Addressee.VERIFIER, Kind.CASE_WITHDRAWN),
        ),
        Occurrence.WITHDRAWAL_REFUSED: ((Addressee.REGISTERING, Kind.WITHDRAWAL_REFUSED),),
        Occurrence.TRANSFER_PLANNED: (
            (_RECEIVER, Kind.TRANSFER_ANNOUNCED),
            (_SENDER, Kind.TRANSFER_PLANNED),
        ),
        Occurrence.TRANSFER_DISPATCHED: (
            (_RECEIVER, Kind.TRANSFER_UNDER_WAY),
            (_SENDER, Kind.TRANSFER_DISPATCHED),
        ),
        Occurrence.TRANSFER_ACKNOWLEDGED: (
            (_SENDER, Kind.TRANSFER_ACKNOWLEDGED),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK),
        ),
        Occurrence.ACKNOWLEDGEMENT_RETRACTED: (
            (_SENDER, Kind.ACKNOWLEDGEMENT_RETRACTED),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK_RETRACTED),
        ),
        Occurrence.TRANSFER_REJECTED: ((_SENDER, Kind.TRANSFER_REJECTED),),
        Occurrence.TRANSFER_RECALLED: ((_RECEIVER, Kind.TRANSFER_RECALLED),),
        Occurrence.TRANSFER_ACCEPTED: ((_SENDER, Kind.TRANSFER_ACCEPTED),),
        Occurrence.TRANSFER_NOT_ARRIVED: ((_SENDER, Kind.TRANSFER_NOT_ARRIVED),),
        # Who is addressed now learns it from the dispatch that follows.
        Occurrence.TRANSFER_REDIRECTED: ((_RECEIVER, Kind.TRANSFER_REDIRECTED),),
        Occurrence.TRANSFER_SUPERSEDED: ((_RECEIVER, Kind.TRANSFER_SUPERSEDED),),
        # A facility is no end of the way: the border post is told of an arrival at home only.
        Occurrence.STAY_BEGAN: ((_SENDER, Kind.TRANSFER_ACKNOWLEDGED),),
        Occurrence.STAY_RETRACTED: ((_SENDER, Kind.ACKNOWLEDGEMENT_RETRACTED),),
        Occurrence.STAY_ENDING: ((_ACCOUNTABLE, Kind.STAY_ENDING),),
        Occurrence.STAY_OVERDUE: ((_ACCOUNTABLE, Kind.STAY_OVERDUE),),
        Occurrence.STAY_ESCALATED: (
            (_ACCOUNTABLE, Kind.STAY_OVERDUE),
            (_PROVINCE, Kind.STAY_OVERDUE_SUPERVISOR),
        ),
        Occurrence.LEFT_FOR_OWN_CHOICE: ((_RECEIVER, Kind.TRANSFER_TO_COME),),
        Occurrence.CUSTODY_REASSIGNED: (
            (_ACCOUNTABLE, Kind.CUSTODY_TAKEN_OVER),
            (_SENDER, Kind.CUSTODY_HANDED_OVER),
        ),
        Occurrence.FOUND_AT_HOME: ((Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK),),
        Occurrence.DEADLINE_PASSED: (
            (_ACCOUNTABLE, Kind.DEADLINE_PASSED),
            (_PROVINCE, Kind.DEADLINE_PASSED_SUPERVISOR),
        ),
        Occurrence.ACKNOWLEDGEMENT_OVERDUE: (
            (_ACCOUNTABLE, Kind.ACKNOWLEDGEMENT_MISSING),
            (_RECEIVER, Kind.ACKNOWLEDGEMENT_OVERDUE),
            (_PROVINCE, Kind.DEADLINE_PASSED_SUPERVISOR),
        ),
        Occurrence.SEARCH_OPENED: (
            (_ACCOUNTABLE, Kind.SEARCH_OPENED),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_OPENED_SUPERVISOR),
        ),
        Occurrence.SEARCH_OPENED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_OPENED),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_OPENED_SUPERVISOR),
            (_NATIONAL, Kind.SEARCH_OPENED_SUPERVISOR),
        ),
        Occurrence.SEARCH_ESCALATED: (
            (_ACCOUNTABLE, Kind.SEARCH_STILL_OPEN),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_ESCALATED),
        ),
        Occurrence.SEARCH_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_STILL_OPEN),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_ESCALATED),
            (_NATIONAL, Kind.SEARCH_ESCALATED),
        ),
        Occurrence.SEARCH_ENDED: (
            (_ACCOUNTABLE, Kind.SEARCH_ENDED),
            (_RECEIVER, Kind.SEARCH_ENDED),
            (_PROVINCE, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING_SUPERVISOR, Kind.SEARCH_ENDED),
        ),
        Occurrence.SEARCH_ENDED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_ENDED),
            (_RECEIVER, Kind.SEARCH_ENDED),
            (_PROVINCE, Kind.SEARCH_ENDED),
            (_NATIONAL, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING_SUPERVISOR, Kind.SEARCH_ENDED),
        ),
        Occurrence.FOLLOW_UPS_SCHEDULED: ((_ACCOUNTABLE, Kind.FOLLOW_UPS_SCHEDULED),),
        Occurrence.FOLLOW_UPS_UNCONFIRMED: (
            (_PROVINCE, Kind.FOLLOW_UPS_UNCONFIRMED),
            (_NATIONAL, Kind.FOLLOW_UPS_UNCONFIRMED),
        ),
        Occurrence.FIRST_CONTACT_OVERDUE: ((_ACCOUNTABLE, Kind.FIRST_CONTACT_OVERDUE),),
        Occurrence.FOLLOW_UP_DUE: ((_ACCOUNTABLE, Kind.FOLLOW_UP_DUE),),
        Occurrence.FOLLOW_UP_OVERDUE: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_OVERDUE_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_ESCALATED: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_STILL_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_ESCALATED),
        ),
        Occurrence.FOLLOW_UP_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_STILL_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_ESCALATED),
            (_NATIONAL, Kind.FOLLOW_UP_ESCALATED),
        ),
        Occurrence.CLOSING_ESCALATED: (
            (_ACCOUNTABLE, Kind.CLOSING_OVERDUE),
            (_PROVINCE, Kind.CLOSING_ESCALATED),
        ),
        Occurrence.CLOSING_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.CLOSING_OVERDUE),
            (_PROVINCE, Kind.CLOSING_ESCALATED),
            (_NATIONAL, Kind.CLOSING_ESCALATED),
        ),
        Occurrence.LOST_TO_FOLLOW_UP: (
            (_ACCOUNTABLE, Kind.CONTACT_LOST),
            (_PROVINCE, Kind.CONTACT_LOST_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_MADE_UP: ((_PROVINCE, Kind.FOLLOW_UP_MADE_UP),),
        Occurrence.CASE_CLOSED: ((_ACCOUNTABLE, Kind.CASE_CLOSED), (_PROVINCE, Kind.CASE_CLOSED)),
        Occurrence.CASE_REOPENED: (
            (_ACCOUNTABLE, Kind.CASE_REOPENED),
            (_PROVINCE, Kind.CASE_REOPENED),
        ),
    }
)
"""Where one office is meant twice it gets one message, of the kind that stands first. What follows from the
registration stands last, because it may be known last: so the order in which events come changes nothing."""


@dataclass(frozen=True)
class Fact:
    """What an event says, as far as messages need it.

    `offices` holds the offices that the event names; supervisors follow from the accountable one.
    """

    occurrence: Occurrence
    offices: Mapping[Addressee, str] = field(default_factory=dict)
    params: Mapping[Param, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Custody:
    """From `since` on this office was accountable, as its `segment`-th of the case."""

    segment: int
    office_id: str
    since: datetime


@dataclass(frozen=True)
class NotifiedCase:
    """What notify knows of a case; every stream may be the first to tell of it.

    `receiver_id`: addressed by the open transfer. `search_office_id` (accountable when it began), `search_receiver_id`
    (asked last), `search_level`: of the open search.
    `overdue_follow_ups`: ids of those that were called overdue and not recorded since.
    """

    case_number: str | None = None
    registering_id: str | None = None
    accountable_id: str | None = None
    phase: Phase | None = None
    receiver_id: str | None = None
    search_office_id: str | None = None
    search_receiver_id: str | None = None
    search_level: int = 0
    overdue_follow_ups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Registration:
    """A case's number, and the office that received the person."""

    case_number: str
    office_id: str


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
class Waiting:
    """A message that waits for the registration."""

    event_id: uuid.UUID
    addressee: Addressee
    kind: Kind
    params: Mapping[Param, str]
    time: datetime


@dataclass(frozen=True)
class Decision:
    """A decision on the identification, of which only the day and the deciding office are kept."""

    event_id: uuid.UUID
    decided_at: datetime
    params: Mapping[Param, str]


@dataclass(frozen=True)
class Seen:
    """That a message was read."""

    message_id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    at: datetime


PageKey: TypeAlias = tuple[datetime, uuid.UUID]
"""Where a page of an inbox ended: time and id of its last message."""


def told_now_and_later(told: Told, *, registered: bool) -> tuple[Told, Told]:
    """Who can be told now, and who only when the registration is known."""
    if registered:
        return told, ()
    now = tuple(one for one in told if one[0] not in FOLLOW_FROM_REGISTRATION)
    later = tuple(one for one in told if one[0] in FOLLOW_FROM_REGISTRATION)
    return now, later


def accountable_at(custodies: Iterable[Custody], instant: datetime) -> str | None:
    """The office that was accountable at an instant; None while no custody of that time is known."""
    held = [custody for custody in custodies if custody.since <= instant]
    return max(held, key=lambda custody: custody.segment).office_id if held else None


def told_of_decision(registering_id: str | None, accountable_id: str | None) -> Mapping[str, Kind]:
    """Who is told of a decision on the identification, by office: never how it was decided."""
    told: dict[str, Kind] = {}
    if registering_id is not None:
        told[registering_id] = Kind.IDENTIFICATION_FEEDBACK
    if accountable_id is not None:
        told[accountable_id] = Kind.IDENTIFICATION_DECIDED
    return told
