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


@dataclass(frozen=True, slots=True)
class MessagesWanted:
    """Which messages of an inbox. `everything`: also what is read, or done; `case`: its id or number."""

    everything: bool = False
    case: uuid.UUID | str | None = None
    to_do_only: bool = False


class Kind(StrEnum):
    """Code of a message's text."""

    CASE_REGISTERED = "CASE_REGISTERED"
    IDENTIFICATION_TO_DECIDE = "IDENTIFICATION_TO_DECIDE"
    IDENTIFICATION_DUE_SOON = "IDENTIFICATION_DUE_SOON"
    IDENTIFICATION_OVERDUE = "IDENTIFICATION_OVERDUE"
    IDENTIFICATION_OVERDUE_SUPERVISOR = "IDENTIFICATION_OVERDUE_SUPERVISOR"
    IDENTIFICATION_DECIDED = "IDENTIFICATION_DECIDED"
    IDENTIFICATION_FEEDBACK = "IDENTIFICATION_FEEDBACK"
    IDENTIFICATION_REVISED = "IDENTIFICATION_REVISED"
    LEGAL_STEP_DUE_SOON = "LEGAL_STEP_DUE_SOON"
    LEGAL_STEP_OVERDUE = "LEGAL_STEP_OVERDUE"
    LEGAL_STEP_OVERDUE_SUPERVISOR = "LEGAL_STEP_OVERDUE_SUPERVISOR"
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
    RETRACTED_TO_SEND_ON = "RETRACTED_TO_SEND_ON"
    RETRACTED_AS_BEFORE = "RETRACTED_AS_BEFORE"
    ANSWER_TAKEN_BACK = "ANSWER_TAKEN_BACK"
    TRANSFER_STANDS_AGAIN = "TRANSFER_STANDS_AGAIN"
    PLAN_STANDS_AGAIN = "PLAN_STANDS_AGAIN"
    ARRIVED_ALL_THE_SAME = "ARRIVED_ALL_THE_SAME"
    ARRIVAL_CORRECTED = "ARRIVAL_CORRECTED"
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
    ACKNOWLEDGEMENT_MISSING_SUPERVISOR = "ACKNOWLEDGEMENT_MISSING_SUPERVISOR"
    ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
    SEARCH_OPENED = "SEARCH_OPENED"
    SEARCH_ASKED = "SEARCH_ASKED"
    SEARCH_OPENED_SUPERVISOR = "SEARCH_OPENED_SUPERVISOR"
    SEARCH_STILL_OPEN = "SEARCH_STILL_OPEN"
    SEARCH_ESCALATED = "SEARCH_ESCALATED"
    FOUND_CLAIM_ASKED = "FOUND_CLAIM_ASKED"
    FOUND_CLAIMED = "FOUND_CLAIMED"
    FOUND_CLAIM_DENIED = "FOUND_CLAIM_DENIED"
    FOUND_CLAIM_DROPPED = "FOUND_CLAIM_DROPPED"
    RETURN_CLAIMED = "RETURN_CLAIMED"
    RETURN_CLAIMED_SUPERVISOR = "RETURN_CLAIMED_SUPERVISOR"
    RETURN_CONFIRMED = "RETURN_CONFIRMED"
    RETURN_DENIED = "RETURN_DENIED"
    RETURN_WITHDRAWN = "RETURN_WITHDRAWN"
    EARLIER_RETURN_CONFIRMED = "EARLIER_RETURN_CONFIRMED"
    EARLIER_RETURN_DENIED = "EARLIER_RETURN_DENIED"
    EARLIER_RETURN_UNDONE = "EARLIER_RETURN_UNDONE"
    SEARCH_ENDED = "SEARCH_ENDED"
    FOLLOW_UPS_SCHEDULED = "FOLLOW_UPS_SCHEDULED"
    FOLLOW_UPS_UNCONFIRMED = "FOLLOW_UPS_UNCONFIRMED"
    FIRST_CONTACT_OVERDUE = "FIRST_CONTACT_OVERDUE"
    FIRST_CONTACT_OVERDUE_SUPERVISOR = "FIRST_CONTACT_OVERDUE_SUPERVISOR"
    HOME_SAFETY_UNDECIDED = "HOME_SAFETY_UNDECIDED"
    HOME_SAFETY_UNDECIDED_SUPERVISOR = "HOME_SAFETY_UNDECIDED_SUPERVISOR"
    SAFETY_ACT_NEEDED = "SAFETY_ACT_NEEDED"
    SAFETY_ACT_NEEDED_SUPERVISOR = "SAFETY_ACT_NEEDED_SUPERVISOR"
    SAFETY_ACT_OVERDUE = "SAFETY_ACT_OVERDUE"
    SAFETY_ACT_OVERDUE_SUPERVISOR = "SAFETY_ACT_OVERDUE_SUPERVISOR"
    FOLLOW_UP_DUE_SOON = "FOLLOW_UP_DUE_SOON"
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
    FOLLOW_UP_ASKED_AGAIN = "FOLLOW_UP_ASKED_AGAIN"
    STEPS_CHANGED = "STEPS_CHANGED"
    ENTRY_CHANGED = "ENTRY_CHANGED"
    FOLLOW_UP_MADE_UP = "FOLLOW_UP_MADE_UP"
    CASE_CLOSED = "CASE_CLOSED"
    AWAITED_CASE_CLOSED = "AWAITED_CASE_CLOSED"
    AWAITED_CASE_WITHDRAWN = "AWAITED_CASE_WITHDRAWN"
    CASE_REOPENED = "CASE_REOPENED"
    LEFT_FOR_HERE = "LEFT_FOR_HERE"
    FAMILY_LINKED = "FAMILY_LINKED"
    FAMILY_PARTED = "FAMILY_PARTED"
    FAMILY_TOGETHER = "FAMILY_TOGETHER"
    VERIFIER_ASSIGNED = "VERIFIER_ASSIGNED"
    VERIFIER_REPLACED = "VERIFIER_REPLACED"
    PREVIEW_READ_THEN_REJECTED = "PREVIEW_READ_THEN_REJECTED"
    BREAK_GLASS_OPENED = "BREAK_GLASS_OPENED"
    BREAK_GLASS_OPENED_HERE = "BREAK_GLASS_OPENED_HERE"
    BREAK_GLASS_TO_REVIEW = "BREAK_GLASS_TO_REVIEW"
    BREAK_GLASS_REVIEWED = "BREAK_GLASS_REVIEWED"
    BREAK_GLASS_UNJUSTIFIED = "BREAK_GLASS_UNJUSTIFIED"
    BREAK_GLASS_UNREVIEWED = "BREAK_GLASS_UNREVIEWED"
    BREAK_GLASS_REVIEW_OVERDUE = "BREAK_GLASS_REVIEW_OVERDUE"
    APPROVAL_WANTED = "APPROVAL_WANTED"
    APPROVAL_PARTLY_GIVEN = "APPROVAL_PARTLY_GIVEN"
    APPROVAL_GIVEN = "APPROVAL_GIVEN"
    APPROVAL_REFUSED = "APPROVAL_REFUSED"
    APPROVAL_EXPIRED = "APPROVAL_EXPIRED"
    RULE_CHANGED = "RULE_CHANGED"
    CALENDAR_CHANGED = "CALENDAR_CHANGED"
    OFFICE_OPENED = "OFFICE_OPENED"
    OFFICE_ENDED = "OFFICE_ENDED"
    NUMBERS_TRIED = "NUMBERS_TRIED"
    PEOPLE_LISTED = "PEOPLE_LISTED"


RETIRED: Final = frozenset({Kind.TRANSFER_PLANNED})
"""Messages that are posted no more: they told an office what it had just done. Those posted before can be read."""


class Section(StrEnum):
    """Parts of an inbox, in the order in which they are shown; each has its newest message first."""

    TO_DO = "TO_DO"
    """What the office must still do, read or not."""
    NEWS = "NEWS"
    """Everything else that is asked for: what is unread, or all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message stands for what it asks: asked last, asked since, and how often the office was reminded."""

    asked_at: datetime
    since: datetime
    reminders: int = 0


@dataclass(frozen=True)
class Message:
    """A message as it is put into an inbox: that of the office told, or of whoever took over from it.

    `about`: the transfer, search or follow-up that it asks about, if its duty is about one. `done_at`, `done_by`: what
    it asks is asked no more, and what ended it.
    """

    id: uuid.UUID
    event_id: uuid.UUID
    told_id: str
    office_id: str
    case_id: uuid.UUID
    kind: Kind
    params: Mapping[Param, str]
    posted_at: datetime
    standing: Standing
    about: str = ""
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True)
class ListedMessage:
    """A message as an inbox shows it; the case number may be unknown for a moment.

    `duty`: code of what it asks; None when it is for information. `about`: the transfer, search, follow-up or request
    that it asks about, if its duty is about one.
    """

    id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    case_number: str | None
    kind: str
    params: Mapping[str, str]
    duty: str | None
    about: str
    posted_at: datetime
    since: datetime
    reminders: int
    read_at: datetime | None
    done_at: datetime | None
    done_by: str | None

    @property
    def action_required(self) -> bool:
        """Whether the office must still do something."""
        return self.duty is not None and self.done_at is None

    @property
    def section(self) -> Section:
        """Where the inbox shows it."""
        return Section.TO_DO if self.action_required else Section.NEWS


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in an inbox, each counted up to 1,000: what is new, and what is to be done."""

    unread: int
    to_do: int


@dataclass(frozen=True)
class Seen:
    """That a message was read."""

    message_id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    at: datetime


PageKey: TypeAlias = tuple[Section, datetime, uuid.UUID]
"""Where a page of an inbox ended: section, time and id of its last message."""
