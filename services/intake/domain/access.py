"""Who may see how much of a case. Entitlement follows custody; the default is nothing.

Confidentiality is life and death here: traffickers are often relatives, neighbours, sometimes
officials. So a case that a caller may not see is answered like one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.errors import CaseNotFound, ErrorKind, HomewardError
from services.chassis.kernel.roles import Role
from services.intake.domain.case import Case, CustodyHasPassed, Identification, Phase
from services.intake.domain.family import SeenRelative
from services.intake.domain.people import Person

PURPOSE_CHARS_MAX: Final = 200

_CUSTODIANS: Final = frozenset({Role.BORDER_POST, Role.RECEPTION_CENTRE, Role.SUPPORT_AGENCY, Role.COMMUNE})


class NotYourDecision(HomewardError):
    """The police of the province that received this person decides; turn to it with what you know."""

    kind = ErrorKind.PERMISSION_DENIED


class IdentityView(StrEnum):
    """How much of the identity; the names of homeward.intake.v1.IdentityView."""

    NONE = "NONE"
    PREVIEW = "PREVIEW"
    VERIFICATION = "VERIFICATION"
    FULL = "FULL"


class Purpose(StrEnum):
    """Why an identity is read, as the auditor sees it. Words besides are sealed: they may name people."""

    RECEIVE = "RECEIVE"
    PREPARE_ARRIVAL = "PREPARE_ARRIVAL"
    SUPPORT = "SUPPORT"
    FOLLOW_UP = "FOLLOW_UP"
    SEARCH = "SEARCH"
    VERIFY = "VERIFY"
    PAPERS = "PAPERS"
    CORRECT = "CORRECT"
    OTHER = "OTHER"
    """Said in words."""
    BREAK_GLASS = "BREAK_GLASS"
    """By break-glass, whose reason says why; nobody states it."""
    REVIEW = "REVIEW"
    """The words of such a reason, for its review; nobody states it."""
    GUARDIAN = "GUARDIAN"
    """Who the guardian is that gave consent, by name and relation; nobody states it."""
    FAMILY = "FAMILY"
    """What her relatives are to her; nobody states it."""


_NEVER_STATED: Final = frozenset({"BREAK_GLASS", "REVIEW", "GUARDIAN", "FAMILY"})


def purpose_of(stated: str) -> tuple[Purpose, str]:
    """A stated purpose as its code, and the words that were said instead of one."""
    code = stated.strip().upper().replace("-", "_")
    is_code = code in Purpose.__members__ and code not in _NEVER_STATED
    return (Purpose(code), "") if is_code else (Purpose.OTHER, stated)


class Detail(IntEnum):
    """How much of the case itself."""

    NOTHING = 0
    STATUS_WORD = 1
    """Id, number and the status word: a border post after custody has passed."""
    ON_THE_WAY = 2
    """That and the phase: the addressee of a transfer under way, and an office that is said to have her."""
    CASE = 3
    """Everything but the person."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller may see of one case."""

    detail: Detail
    identity: IdentityView = IdentityView.NONE


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case as far as somebody may see it; `person` is what may be seen of her, if anything.

    `is_erased`: something of her might be seen, had it not been erased.
    """

    case: Case
    access: Access
    person: Person | None = None
    relatives: tuple[SeenRelative, ...] = ()
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Which cases of a list; None limits nothing. Days are those of the return, both taken."""

    phase: Phase | None = None
    identification: Identification | None = None
    handover_id: UUID | None = None
    received_from: date | None = None
    received_until: date | None = None

    @property
    def tells(self) -> bool:
        """Whether such a list would tell more of a case than its status word."""
        return self.phase is not None or self.identification is not None


@dataclass(frozen=True, slots=True, repr=False)
class LoggedRead:
    """A read of an identity, or one refused, as the auditor sees it."""

    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: UUID
    identity_view: IdentityView
    purpose: Purpose
    sequence: int
    hash: bytes
    break_glass_id: UUID | None = None
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class ReadsWanted:
    """Which entries of the access log. What is None limits nothing; the days are local and both belong to it."""

    case_id: UUID | None = None
    office_id: str | None = None
    subject: str | None = None
    read_from: date | None = None
    read_until: date | None = None
    offices: frozenset[str] | None = None
    """Of whom the caller may see anything."""

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out between two entries."""
        return self == ReadsWanted()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Attributes:
        holds: ids of the offices whose duty the caller's office has today: its own and those of
            ended offices that it succeeded.
        closed_seen_since: whoever was accountable last still sees who it was of cases closed on that day or later.
        is_national: the scope is the whole country.
        scope_offices: ids of the offices in the caller's scope.
        scope_provinces: provinces in the caller's scope, in both vintages ("22@2004").
    """

    role: Role
    office_id: str
    holds: frozenset[str]
    closed_seen_since: date
    is_national: bool = False
    scope_offices: frozenset[str] = frozenset()
    scope_provinces: frozenset[str] = frozenset()

    def oversees(self, case: Case) -> bool:
        """Whether the case touches the scope: by where she was received, is, or is at home; or was given to it."""
        return (
            self.is_national
            or (self.role is Role.VERIFIER and case.verifier_office_id in self.holds)
            or case.receiving_office_id in self.scope_offices
            or case.accountable_office_id in self.scope_offices
            or case.home_province in self.scope_provinces
        )

    def verifies(self, case: Case) -> bool:
        """Whether this is the one verifier of the case: to whom it was given, else of the province that received her,
        or of the nation."""
        if self.role is not Role.VERIFIER:
            return False
        if case.verifier_office_id:
            return case.verifier_office_id in self.holds
        return self.is_national or case.receiving_office_id in self.scope_offices


_NOTHING: Final = Access(Detail.NOTHING)


def access_of(case: Case, viewer: Viewer) -> Access:
    """What this caller may see of this case now."""
    if viewer.role in (Role.VERIFIER, Role.SUPERVISOR):
        return _overseer_access(case, viewer)
    if viewer.role in _CUSTODIANS:
        return _custodian_access(case, viewer)
    return _NOTHING


def _overseer_access(case: Case, viewer: Viewer) -> Access:
    if not viewer.oversees(case):
        return _NOTHING
    deciding = (
        viewer.verifies(case)
        and case.identification is Identification.IN_PROCESS
        and case.shown_phase not in (Phase.WITHDRAWN, Phase.CLOSED)
    )
    # Once decided, the person is none of the police's business until the decision is taken back; nor is she that of
    # the police elsewhere, at her home above all.
    return Access(Detail.CASE, IdentityView.VERIFICATION if deciding else IdentityView.NONE)


def _custodian_access(case: Case, viewer: Viewer) -> Access:
    registered_here = case.receiving_office_id in viewer.holds
    accountable = case.accountable_office_id in viewer.holds and case.shown_phase is not Phase.WITHDRAWN
    if viewer.role is Role.COMMUNE:
        accountable = accountable and registered_here
    if accountable and (case.closed_on is None or case.closed_on >= viewer.closed_seen_since):
        return Access(Detail.CASE, IdentityView.FULL)
    if accountable and viewer.role is not Role.BORDER_POST:
        # The story has ended, and so has the duty for which she was known here; opened again, she is known again.
        return Access(Detail.CASE)
    if case.addressee_office_id in viewer.holds and case.shown_phase is not Phase.WITHDRAWN:
        # Who comes is told to the office that accepts to receive her, and to it alone; before that it learns from
        # the announcement how many come and what they need.
        return Access(Detail.ON_THE_WAY, IdentityView.PREVIEW if case.is_awaited else IdentityView.NONE)
    if case.claimed_office_id in viewer.holds and case.shown_phase is not Phase.WITHDRAWN:
        # Only who sees whom it is about can say whether she is there.
        return Access(Detail.ON_THE_WAY, IdentityView.PREVIEW)
    if viewer.role is Role.BORDER_POST and registered_here:
        return Access(Detail.STATUS_WORD)
    return _NOTHING


def require_access(case: Case, viewer: Viewer) -> Access:
    """The access; raises CaseNotFound when there is none."""
    access = access_of(case, viewer)
    if access.detail is Detail.NOTHING:
        raise CaseNotFound
    return access


def require_accountable(case: Case, viewer: Viewer) -> None:
    """Raise unless the caller's office answers for the case: CaseNotFound, CaseIsWithdrawn, CustodyHasPassed."""
    require_access(case, viewer)
    case.require_not_withdrawn()
    if case.accountable_office_id not in viewer.holds:
        raise CustodyHasPassed


def require_registrar(case: Case, viewer: Viewer) -> None:
    """Raise unless the caller's office registered the case.

    CaseNotFound for others; CustodyHasPassed or CaseIsWithdrawn when it is too late.
    """
    require_access(case, viewer)
    if case.receiving_office_id not in viewer.holds:
        raise CaseNotFound
    case.require_still_with_registrar()


def require_verifier(case: Case, viewer: Viewer) -> None:
    """Raise unless the caller is the verifier of the case: CaseNotFound out of scope, NotYourDecision in it."""
    if viewer.role is not Role.VERIFIER or not viewer.oversees(case):
        raise CaseNotFound
    if not viewer.verifies(case):
        raise NotYourDecision


def seen_by(person: Person, view: IdentityView) -> Person | None:
    """The part of a person that a view holds; None for no view."""
    match view:
        case IdentityView.FULL:
            return person
        case IdentityView.VERIFICATION:
            # Whose papers say what, and with whom she came; not her health, house or property, nor remarks on her.
            return replace(person, health_remarks="", home_address="", belongings=(), remarks="")
        case IdentityView.PREVIEW:
            return Person(full_name=person.full_name, sex=person.sex, birth_date=person.birth_date[:4])
        case IdentityView.NONE:
            return None
