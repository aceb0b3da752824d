"""The tables of followup: these classes are the schema; rows are read and written by plain statements."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.storage.tables import KnownConsent


class FollowUpTable(SQLModel, registry=registry()):
    """Base of followup's own tables."""


class FollowUpCaseRow(FollowUpTable, table=True):
    """A case whose arrival was told. Kept as long as the case. When it must be contacted or decided on stands in its
    obligations.

    Two values are repeated here, for the lists: `keeper_id`, which is the last of `keepers`, and `lost`, which follows
    from the search and the entries.
    """

    __tablename__ = "followup_case"
    __table_args__ = (
        Index("followup_case_number", "case_number"),
        Index(
            "followup_case_open_of_office",
            "office_id",
            postgresql_where=text("phase NOT IN ('CLOSED', 'WITHDRAWN')"),
        ),
        Index(
            "followup_case_contacts",
            "keeper_id",
            "contact_asked_on",
            "case_id",
            postgresql_where=text("contact_asked_on IS NOT NULL"),
        ),
        Index("followup_case_decisions", "keeper_id", "case_id", postgresql_where=text("decision_open")),
        CheckConstraint("phase <> 'FOLLOW_UP' OR arrived_on IS NOT NULL", "followup_case_followed"),
        CheckConstraint("(search_reason IS NULL) = (search_since IS NULL)", "followup_case_search"),
        CheckConstraint(
            "(safety_number IS NULL) = (safety_needed_at IS NULL)"
            " AND (safety_number IS NULL) = (safety_subject IS NULL)",
            "followup_case_safety",
        ),
        Index(
            "followup_case_safety_waiting",
            "safety_needed_at",
            "case_id",
            postgresql_where=text("safety_number IS NOT NULL"),
        ),
        Index(
            "followup_case_open_of_keeper",
            "keeper_id",
            postgresql_where=text("phase NOT IN ('CLOSED', 'WITHDRAWN')"),
        ),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    case_number: str
    office_id: str
    keeper_id: str
    keepers: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    phase: str
    segment: int
    set_number: int
    policy_version: int
    under_18: bool
    standing_arrivals: int
    arrived_on: date | None
    set_segment: int | None
    close_reason: str | None
    closed_at: datetime | None
    decision_level: int
    decision_open: bool
    watched_from: datetime
    last_decision_id: uuid.UUID | None
    contact_from: date | None
    contact_told: bool
    contact_raised: bool
    contact_asked_on: date | None
    fresh_number: int
    fresh_on: date | None
    opened_with: int
    search_reason: str | None
    search_since: date | None
    lost: bool
    safety_number: int | None
    safety_subject: str | None
    safety_needed_at: datetime | None
    safety_level: int
    safety_round_from: datetime | None
    kept_since: datetime | None
    version: int
    changed_at: datetime


class FollowUpRow(FollowUpTable, table=True):
    """A follow-up. Warning signs stay here, sealed: no event has them.

    Some values are repeated here, for the lists, which give pages of the open ones of an office in the order of their
    due dates: `office_id`, which is the case's keeper, `due_on`, and what the entries say: attempts, visit, neglected.
    No index of obligations has that order: when the due date came its obligation is done, whether the follow-up is
    open or not. Measured with 60,000, a page of the whole country: 1.5 ms, and 17 ms joined; it would grow with every
    one that is done.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("case_id", "set_number", "kind"),
        Index("follow_up_open", "due_on", "id", postgresql_where=text("state = 'OPEN'")),
        Index(
            "follow_up_open_of_office",
            "office_id",
            "due_on",
            "id",
            postgresql_where=text("state = 'OPEN'"),
        ),
        Index("follow_up_all", "due_on", "id"),
        Index("follow_up_all_of_office", "office_id", "due_on", "id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID
    set_number: int
    kind: str
    office_id: str
    arrived_on: date
    due_on: date
    overdue_after_days: int | None
    always_made: bool
    earliest_before: int
    due_first_on: date | None
    put_off_for: str | None
    dropped: str | None
    state: str
    stage: str
    escalation_level: int
    limit_from: date | None
    limit_on: date | None
    attempts: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    neglected: bool
    visited_on: date | None
    outcome: str | None
    warning_signs: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    recorded_by: str | None
    version: int
    changed_at: datetime


class FollowUpDayRow(FollowUpTable, table=True):
    """How a follow-up stood at the end of a local day on which it changed: figures of a day go by it for ever.

    Only added, but for the present day. `due_on` is the first due date.
    """

    __tablename__ = "follow_up_day"
    __table_args__ = (Index("follow_up_day_due", "due_on"),)

    follow_up_id: uuid.UUID = Field(primary_key=True)
    on_day: date = Field(primary_key=True)
    case_id: uuid.UUID
    kind: str
    office_id: str
    due_on: date
    state: str
    visited_on: date | None


class EntryRow(FollowUpTable, table=True):
    """A version of an entry: visits, attempts and contacts. Only added, never changed; `version` counts from 1."""

    __tablename__ = "entry"
    __table_args__ = (
        Index(
            "entry_open_signs",
            "case_id",
            "number",
            "version",
            postgresql_where=text("warning_signs[1] LIKE 'RF__'"),
        ),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    set_number: int
    segment: int
    kind: str | None
    on_day: date
    found: str
    warning_signs: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    then: str | None
    office_id: str
    at: datetime
    state: str
    reason: str | None


class CareKeyRow(FollowUpTable, table=True):
    """The wrapped data key of a case. Destroying it destroys all that was said."""

    __tablename__ = "care_key"

    case_id: uuid.UUID = Field(primary_key=True)
    kek_id: str
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ContactWishesRow(FollowUpTable, table=True):
    """A version of how she wishes to be contacted, all of it sealed. Only added; `version` counts from 1."""

    __tablename__ = "contact_wishes"

    case_id: uuid.UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    office_id: str
    subject: str
    at: datetime


class AttemptRow(FollowUpTable, table=True):
    """How somebody tried to reach her, beside the entry of that number. Codes."""

    __tablename__ = "attempt"

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    mode: str
    visitor: str
    outcome: str
    wishes_version: int


class VisitRow(FollowUpTable, table=True):
    """A revision of what was said at the visit of that entry. Only added; `revision` counts from 1.

    `coded` holds the ordinary codes; restricted answers, signs, reasons and all texts are sealed.
    """

    __tablename__ = "visit"

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    set_code: str
    questionnaire_version: int
    wishes_version: int
    coded: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    office_id: str
    subject: str
    at: datetime


class VisitDraftRow(FollowUpTable, table=True):
    """What somebody has typed of a visit so far, sealed."""

    __tablename__ = "visit_draft"
    __table_args__ = (Index("visit_draft_at", "at"),)

    case_id: uuid.UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime


class SafetyActRow(FollowUpTable, table=True):
    """What a second person confirmed to be done for her safety; what it was is sealed."""

    __tablename__ = "safety_act"

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID
    number: int
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    office_id: str
    subject: str
    at: datetime


class HomeCaseRow(FollowUpTable, table=True):
    """A case of which a home was checked; its row is the lock of its checks. `office_id`: who is to decide now."""

    __tablename__ = "home_case"
    __table_args__ = (
        CheckConstraint("checks >= 0", "home_case_checks"),
        Index("home_case_number", "case_number"),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    case_number: str
    office_id: str
    checks: int


class HomeCheckRow(FollowUpTable, table=True):
    """A check of a home; `number` counts from 1. What was said, and by which measures it is decided, is sealed."""

    __tablename__ = "home_check"
    __table_args__ = (
        CheckConstraint("number >= 1", "home_check_number"),
        CheckConstraint(
            "decided IN ('SAFE', 'WARNING_SIGNS', 'WARNING_SIGNS_DECIDED', 'NOT_SAFE')", "home_check_decided"
        ),
        CheckConstraint("NOT against_advice OR decided = 'NOT_SAFE'", "home_check_against_advice"),
        CheckConstraint(
            "(second_at IS NULL) = (agreed IS NULL) AND (second_at IS NULL) = (second_subject = '')"
            " AND second_subject <> subject AND NOT (awaits_second AND agreed IS NOT NULL)",
            "home_check_second",
        ),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    office_id: str
    to_office_id: str
    checked_on: date
    decided: str
    is_child: bool
    is_short: bool
    against_advice: bool
    valid_until: date | None
    questionnaire_version: int
    subject: str
    at: datetime
    awaits_second: bool
    second_subject: str
    agreed: bool | None
    second_at: datetime | None
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AccessLogRow(FollowUpTable, table=True):
    """One read of what was told in confidence. The database refuses to change it."""

    __tablename__ = "access_log"
    __table_args__ = (
        CheckConstraint("content IN ('WISHES', 'VISIT', 'VISIT_IN_CONFIDENCE', 'HOME_SAFETY')", "access_log_content"),
        Index("access_log_case", "case_id", text("sequence DESC")),
    )

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: uuid.UUID
    content: str
    entry_number: int
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class KnownConsentRow(FollowUpTable, KnownConsent, table=True):
    """What somebody agreed to, as intake told it."""

    __table_args__ = (
        CheckConstraint("number >= 1", "known_consent_number"),
        CheckConstraint("state IN ('GIVEN', 'REFUSED', 'WITHDRAWN')", "known_consent_state"),
    )
