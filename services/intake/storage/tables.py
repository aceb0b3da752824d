"""The schema of intake's own tables. The columns of bytes are sealed: only the vault knows what they say."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake.domain.break_glass import Reason, Verdict
from services.intake.domain.case import Identification, Phase, Withdrawal
from services.intake.domain.identification import VerifierReason
from services.intake.domain.legal_steps import STEPS, StepState
from services.intake.domain.people import AgeBand
from services.intake.domain.submissions import Route


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


def _texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


def _one_of(column: str, values: Iterable[StrEnum], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name)


class IntakeTable(SQLModel, registry=registry()):
    """Base of intake's own tables."""


class HandoverRow(IntakeTable, table=True):
    """One submission. What of it may name people is sealed in `details`."""

    __tablename__ = "handover"
    __table_args__ = (
        _one_of("route", Route, "handover_route"),
        CheckConstraint("people BETWEEN 1 AND 30", "handover_people"),
    )

    id: uuid.UUID = Field(primary_key=True)
    office_id: str
    subject: str
    route: str
    gate_id: str
    handover_time: datetime
    people: int
    kek_id: str
    wrapped_key: bytes = _bytes()
    details: bytes = _bytes()
    created_at: datetime


class CaseRow(IntakeTable, table=True):
    """One return of one person, without the person."""

    __tablename__ = "intake_case"
    __table_args__ = (
        UniqueConstraint("number", name="intake_case_number"),
        _one_of("route", Route, "intake_case_route"),
        _one_of("age_band", AgeBand, "intake_case_age_band"),
        _one_of("identification", Identification, "intake_case_identification"),
        _one_of("withdrawal", Withdrawal, "intake_case_withdrawal"),
        _one_of("phase", Phase, "intake_case_phase"),
        CheckConstraint("(transfer_id IS NULL) = (addressee_office_id = '')", "intake_case_addressee"),
        Index("intake_case_accountable", "accountable_office_id", text("id DESC")),
        Index("intake_case_addressed", "addressee_office_id", postgresql_where=text("transfer_id IS NOT NULL")),
        Index("intake_case_receiving", "receiving_office_id", text("id DESC")),
        Index("intake_case_home", "home_province", text("id DESC")),
        Index(
            "intake_case_verifier",
            "verifier_office_id",
            text("id DESC"),
            postgresql_where=text("verifier_office_id <> ''"),
        ),
    )

    id: uuid.UUID = Field(primary_key=True)
    number: str
    handover_id: uuid.UUID = Field(sa_column=Column(ForeignKey("handover.id"), nullable=False))
    row_number: int
    row_count: int
    receiving_office_id: str
    route: str
    home_province: str
    age_band: str
    handover_time: datetime
    created_at: datetime
    changed_at: datetime
    version: int
    identification: str
    decisions: int
    withdrawal: str
    phase: str
    accountable_office_id: str
    segment: int
    arrivals: int
    followups_segment: int
    transfer_id: uuid.UUID | None = None
    addressee_office_id: str
    accepted_transfer_id: uuid.UUID | None = None
    in_facility: bool
    sent_from_facility: bool
    earlier_case_id: uuid.UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("intake_case.id"), nullable=True)
    )
    claimed_office_id: str
    closed_on: date | None = None
    verifier_office_id: str


class VerificationRow(IntakeTable, table=True):
    """That a case was given to an office of the police, and why. The database refuses to change it."""

    __tablename__ = "verification"
    __table_args__ = (_one_of("reason", VerifierReason, "verification_reason"),)

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), nullable=False))
    office_id: str
    reason: str
    by_office_id: str
    by_subject: str
    assigned_at: datetime


class UndecidedRow(IntakeTable, table=True):
    """A case of which nobody has decided yet. Gone with the decision."""

    __tablename__ = "undecided"
    __table_args__ = (
        CheckConstraint("level >= 0", "undecided_level"),
        Index("undecided_by_due", "due_on", "case_id"),
    )

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    asked_on: date
    due_on: date
    level: int
    is_complex: bool


class LegalStepRow(IntakeTable, table=True):
    """A step that the law wants to be taken at once, and whether it was."""

    __tablename__ = "legal_step"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "rule"),
        _one_of("rule", STEPS, "legal_step_rule"),
        _one_of("state", StepState, "legal_step_state"),
        CheckConstraint("level >= 0", "legal_step_level"),
        CheckConstraint("(state = 'DONE') = (done_on IS NOT NULL)", "legal_step_done"),
        Index("legal_step_by_due", "due_on", "case_id", postgresql_where=text("state = 'ASKED'")),
        Index("legal_step_one_asked", "case_id", unique=True, postgresql_where=text("state = 'ASKED'")),
    )

    case_id: uuid.UUID = Field(
        sa_column=Column(ForeignKey("intake_case.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    rule: str = Field(primary_key=True)
    asked_at: datetime
    due_on: date
    due_at: datetime
    level: int
    state: str
    done_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str


class IdentityRow(IntakeTable, table=True):
    """The person, sealed, with the wrapped key that everything sealed of the case opens by."""

    __tablename__ = "identity"
    __table_args__ = (Index("identity_unbound", "case_id", postgresql_where=text("NOT bound")),)

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    kek_id: str
    wrapped_key: bytes = _bytes()
    revision: int
    ciphertext: bytes = _bytes()
    bound: bool


class IdentityHistoryRow(IntakeTable, table=True):
    """A record as it stood before a correction, and why it was corrected; both sealed."""

    __tablename__ = "identity_history"

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    revision: int = Field(primary_key=True)
    ciphertext: bytes = _bytes()
    reason: bytes = _bytes()
    fields: list[str] = _texts()
    office_id: str
    subject: str
    replaced_at: datetime


class RegisteredPersonRow(IntakeTable, table=True):
    """By what an office finds somebody again whom it registered: keyed digests. Erasing a case takes them along."""

    __tablename__ = "registered_person"
    __table_args__ = (
        PrimaryKeyConstraint("office_id", "digest", "number", name="registered_person_once"),
        Index("registered_person_case", "case_id"),
        Index("registered_person_nameless", "office_id", "nameless", postgresql_where=text("nameless IS NOT NULL")),
        CheckConstraint("number >= 0", name="registered_person_name"),
    )

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id", ondelete="CASCADE"), nullable=False))
    office_id: str = Field(primary_key=True)
    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True, nullable=False))
    number: int = Field(primary_key=True)
    year: bytes = _bytes()
    birth: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    day: date
    handover: bytes = _bytes()
    record: bytes = _bytes()
    nameless: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class UntracedCaseRow(IntakeTable, table=True):
    """A case from before there were traces, until it has one."""

    __tablename__ = "untraced_case"

    case_id: uuid.UUID = Field(
        sa_column=Column(ForeignKey("intake_case.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )


class DecisionRow(IntakeTable, table=True):
    """An identification decision; evidence, reason and certificate number are sealed."""

    __tablename__ = "identification_decision"
    __table_args__ = (_one_of("status", Identification, "identification_decision_status"),)

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    revision: int = Field(primary_key=True)
    status: str
    decided_on: date
    grounds: list[str] = _texts()
    details: bytes = _bytes()
    office_id: str
    subject: str
    decided_at: datetime


class FamilyTieRow(IntakeTable, table=True):
    """Two cases of relatives; what the other is to the first is sealed. An ended row is history."""

    __tablename__ = "family_tie"
    __table_args__ = (
        CheckConstraint("case_id < other_case_id", "family_tie_order"),
        CheckConstraint("(unlinked_at IS NULL) = (unlinked_office_id = '')", "family_tie_unlinked"),
        Index(
            "family_tie_standing", "case_id", "other_case_id", unique=True, postgresql_where=text("unlinked_at IS NULL")
        ),
        Index("family_tie_case", "case_id"),
        Index("family_tie_other_case", "other_case_id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), nullable=False))
    other_case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), nullable=False))
    relation: bytes = _bytes()
    keep_together: bool
    by_rule: bool
    linked_at: datetime
    linked_office_id: str
    linked_subject: str
    unlinked_at: datetime | None = None
    unlinked_office_id: str
    unlinked_subject: str


class AccessLogRow(IntakeTable, table=True):
    """One read of an identity, or one refused. The database refuses to change it."""

    __tablename__ = "access_log"
    __table_args__ = (
        CheckConstraint("identity_view IN ('NONE', 'PREVIEW', 'VERIFICATION', 'FULL')", "access_log_view"),
        Index("access_log_case", "case_id", text("sequence DESC")),
        Index("access_log_office", "office_id", text("sequence DESC")),
        Index("access_log_subject", "subject", text("sequence DESC")),
        Index("access_log_read", "read_at"),
        Index("access_log_break_glass", "break_glass_id", postgresql_where=text("break_glass_id IS NOT NULL")),
    )

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: uuid.UUID
    identity_view: str
    purpose: bytes = _bytes()
    purpose_code: str | None
    hash: bytes = _bytes()
    break_glass_id: uuid.UUID | None = None


class BreakGlassRow(IntakeTable, table=True):
    """A record that somebody opened by break-glass; words of its reason are sealed. The database refuses changes."""

    __tablename__ = "break_glass"
    __table_args__ = (
        _one_of("reason_code", Reason, "break_glass_reason"),
        CheckConstraint("identity_view IN ('VERIFICATION', 'FULL')", "break_glass_view"),
        Index("break_glass_of_subject", "subject", "opened_at"),
        Index("break_glass_of_case", "case_id", text("id DESC")),
    )

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), nullable=False))
    subject: str
    office_id: str
    role: str
    reason_code: str
    reason: bytes = _bytes()
    identity_view: str
    opened_at: datetime
    expires_at: datetime
    review_due_on: date


class BreakGlassReviewRow(IntakeTable, table=True):
    """What a second person said of it. The database refuses to change it."""

    __tablename__ = "break_glass_review"
    __table_args__ = (_one_of("verdict", Verdict, "break_glass_review_verdict"),)

    break_glass_id: uuid.UUID = Field(sa_column=Column(ForeignKey("break_glass.id"), primary_key=True, nullable=False))
    verdict: str
    office_id: str
    subject: str
    reviewed_at: datetime


class ConsentRow(IntakeTable, table=True):
    """What was said to a purpose. The database refuses to change it."""

    __tablename__ = "consent"
    __table_args__ = (
        _one_of("state", ConsentState, "consent_state"),
        _one_of("giver", ConsentGiver, "consent_giver"),
        CheckConstraint("number >= 1", "consent_number"),
    )

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    number: int = Field(primary_key=True)
    purpose: str
    state: str
    giver: str
    said_on: date
    text_version: int
    language: str
    entry_number: int
    office_id: str
    subject: str
    recorded_at: datetime


class GuardianRow(IntakeTable, table=True):
    """Who gave a consent for a child: name and relation, sealed. The database refuses to change it."""

    __tablename__ = "guardian"
    __table_args__ = (ForeignKeyConstraint(("case_id", "number"), ("consent.case_id", "consent.number")),)

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sealed: bytes = _bytes()


class UnsealedGuardianRow(IntakeTable, table=True):
    """One of before, whose name alone is sealed, until the service has sealed both."""

    __tablename__ = "unsealed_guardian"
    __table_args__ = (ForeignKeyConstraint(("case_id", "number"), ("consent.case_id", "consent.number")),)

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    name: bytes = _bytes()
    relation: str
