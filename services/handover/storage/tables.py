"""The tables of handover; the DDL stands in the migration."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.storage.tables import KnownConsent, table_of


class HandoverTable(SQLModel, registry=registry()):
    """Base of handover's own tables."""


class CustodyRow(HandoverTable, table=True):
    """One case: who is accountable, and what is watched."""

    __tablename__ = "custody"

    case_id: UUID = Field(primary_key=True)
    case_number: str = Field(unique=True)
    phase: str
    accountable_office_id: str
    segment: int
    registering_office_id: str
    present_since_on: date
    home_province: str | None
    age_band: str
    arrivals: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    followup_watches: bool
    visited: bool
    visited_on: date | None
    period_ended: bool
    earlier_case_id: UUID | None
    watch_rule: str | None
    watch_due_on: date | None
    missed_rule: str | None
    missed_due_on: date | None
    version: int
    opened_at: datetime
    changed_at: datetime


class SegmentRow(HandoverTable, table=True):
    """A stretch of accountability of one office."""

    __tablename__ = "custody_segment"

    case_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    office_id: str
    cause: str
    reassign_reason: str | None
    started_at: datetime
    ended_at: datetime | None


class StayRow(HandoverTable, table=True):
    """A stay in a facility, begun with a segment of custody."""

    __tablename__ = "stay"

    case_id: UUID = Field(primary_key=True)
    segment: int = Field(primary_key=True)
    kind: str
    admitted_on: date
    due_on: date
    rule_version: int
    calendar_version: str
    counted_from: date | None
    warned: bool
    told_over: bool
    discharged_on: date | None
    destination: str | None
    province: str | None
    back_at: list[datetime] = Field(sa_column=Column(ARRAY(DateTime(timezone=True)), nullable=False))
    retracted: bool


class TransferRow(HandoverTable, table=True):
    """A transfer; the database refuses a second open one of a case."""

    __tablename__ = "transfer"

    id: UUID = Field(primary_key=True)
    case_id: UUID
    number: int
    from_office_id: str
    to_office_id: str
    state: str
    expected_departure_on: date
    expected_arrival_on: date
    departed_on: date | None
    dispatched_at: datetime | None
    dispatched_in: int | None
    acknowledge_due_on: date | None
    seen_at: datetime | None
    accepted_at: datetime | None
    arrived_on: date | None
    acknowledged_at: datetime | None
    ended_at: datetime | None
    reject_reason: str | None
    told_overdue: bool
    late: bool
    escort: str | None
    means: str | None
    consent: str | None
    home_safety: str | None
    documents: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    destination: str | None
    journey_id: UUID | None
    replaces_id: UUID | None
    planned_at: datetime
    dispatched_by_subject: str = Field(sa_column_kwargs={"server_default": ""})
    version: int


class HomeVerdictRow(HandoverTable, table=True):
    """What counts about the home to which somebody is to be sent, as followup told it last."""

    __tablename__ = "home_verdict"

    case_id: UUID = Field(primary_key=True)
    office_id: str
    to_office_id: str
    verdict: str
    valid_until: date | None
    against_advice: bool
    told_at: datetime


class TransferAnswerRow(HandoverTable, table=True):
    """An answer to a transfer, and that it was taken back."""

    __tablename__ = "transfer_answer"

    transfer_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    office_id: str
    given_at: datetime
    arrived_on: date | None
    reject_reason: str | None
    taken_back_at: datetime | None
    taken_back_by_office_id: str | None
    take_back_reason: str | None


class TransferMessageRow(HandoverTable, table=True):
    """A message in an inbox that tells of a transfer."""

    __tablename__ = "transfer_message"

    message_id: UUID = Field(primary_key=True)
    transfer_id: UUID


class SearchRow(HandoverTable, table=True):
    """A search; the database refuses a second open one of a case."""

    __tablename__ = "search"

    id: UUID = Field(primary_key=True)
    case_id: UUID
    office_id: str
    reason: str
    opened_at: datetime
    level: int
    other_case_id: UUID | None
    resolution: str | None
    close_reason: str | None
    resolved_at: datetime | None
    left_for: str | None
    left_province: str | None
    left_on: date | None
    asked_office_id: str
    version: int


class StepRow(HandoverTable, table=True):
    """A step of a search."""

    __tablename__ = "search_step"

    search_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    office_id: str
    taken_on: date
    successful: bool
    recorded_at: datetime


class ClosingRow(HandoverTable, table=True):
    """The end of a case, in its last segment of custody then."""

    __tablename__ = "closing"

    case_id: UUID = Field(primary_key=True)
    segment: int = Field(primary_key=True)
    cause: str
    closed_at: datetime
    office_id: str
    reason: str | None
    withdraw_reason: str | None
    closed_on: date | None
    phase_before: str | None
    transfer_id: UUID | None
    addressed_id: str
    lost_reason: str | None
    other_case_id: UUID | None
    reopened_at: datetime | None
    reopened_by: str
    reopen_reason: str | None


class DecisionRow(HandoverTable, table=True):
    """What a verifier decided."""

    __tablename__ = "decision"

    case_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    status: str
    office_id: str
    decided_on: date | None
    decided_at: datetime


class FoundClaimRow(HandoverTable, table=True):
    """That she is said to be with an office; the database refuses a second one that stands."""

    __tablename__ = "found_claim"

    search_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    office_id: str
    since_on: date
    claimed_by_office_id: str
    claimed_by_subject: str
    claimed_at: datetime
    state: str
    settled_by_office_id: str
    settled_at: datetime | None


class ReappearanceRow(HandoverTable, table=True):
    """That a person came back before under another case; the database refuses a second one that stands."""

    __tablename__ = "reappearance"

    later_case_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    earlier_case_id: UUID
    match: str
    at_border: bool
    claiming_office_id: str
    claimed_at: datetime
    state: str
    announced: bool
    search_id: UUID | None
    former_reason: str | None
    stood: dict[str, Any] | None = Field(sa_column=Column(JSONB(none_as_null=True), nullable=True))
    decided_by_office_id: str
    decided_by_subject: str
    decided_at: datetime | None
    said_by: str


class KnownConsentRow(HandoverTable, KnownConsent, table=True):
    """What somebody agreed to, as intake told it."""


CUSTODY: Final = table_of(CustodyRow)
SEGMENT: Final = table_of(SegmentRow)
STAY: Final = table_of(StayRow)
TRANSFER: Final = table_of(TransferRow)
SEARCH: Final = table_of(SearchRow)
STEP: Final = table_of(StepRow)
CLOSING: Final = table_of(ClosingRow)
DECISION: Final = table_of(DecisionRow)
CLAIM: Final = table_of(FoundClaimRow)
REAPPEARANCE: Final = table_of(ReappearanceRow)
