"""The identification decision: what a correct one looks like, and what it does to a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.words import GROUNDS
from services.intake.domain.case import Case, Identification, Phase, changed

EVIDENCE_MAX: Final = 20
EVIDENCE_CHARS_MAX: Final = 60
DECISION_REASON_CHARS_MAX: Final = 1_000
CERTIFICATE_CHARS_MAX: Final = 60


_REASONED: Final = frozenset({Identification.NOT_IDENTIFIED, Identification.IN_PROCESS})
"""Whoever says that she is no victim, or takes back what was decided, says why."""


class DecisionStands(HomewardError):
    """This case is closed: its decision can be changed, and not taken back."""


class NothingToTakeBack(HomewardError):
    """No identification decision has been made in this case, so there is none to take back."""


class VerifierStands(HomewardError):
    """This office of the police decides this case already."""


class AssigningNotYours(HomewardError):
    """The supervisor of the province that received this person, or of the nation, says which police decides."""

    kind = ErrorKind.PERMISSION_DENIED


class NationAssignsHomePolice(HomewardError):
    """Only the national supervisor gives a case to the police of the person's home province."""

    kind = ErrorKind.PERMISSION_DENIED


class VerifierReason(StrEnum):
    """Why another office of the police decides; meanings in `homeward.type.v1.VerifierReason`."""

    NOT_IMPARTIAL = "NOT_IMPARTIAL"
    CANNOT = "CANNOT"
    NEARER = "NEARER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """An identification decision. Reason, evidence and certificate number may name people."""

    status: Identification
    decided_on: date
    grounds: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    reason: str = ""
    certificate_number: str = ""


def check_decision(decision: Decision, case: Case, now: datetime) -> Decision:
    """The decision with texts normalised; raises InvalidInput."""
    found = Findings()
    identified = decision.status is Identification.IDENTIFIED
    _check_decided_on(found, decision.decided_on, case, now)
    _check_grounds(found, decision, identified=identified)
    if len(decision.evidence) > EVIDENCE_MAX:
        found.wrong("evidence", "TOO_MANY", limit=str(EVIDENCE_MAX))
    checked = Decision(
        decision.status,
        decision.decided_on,
        decision.grounds,
        tuple(
            found.text(f"evidence[{number}]", code, EVIDENCE_CHARS_MAX, required=True)
            for number, code in enumerate(decision.evidence[:EVIDENCE_MAX], start=1)
        ),
        found.text(
            "reason",
            decision.reason,
            DECISION_REASON_CHARS_MAX,
            required=decision.status in _REASONED,
            lines=True,
        ),
        found.text("certificate_number", decision.certificate_number, CERTIFICATE_CHARS_MAX),
    )
    if checked.certificate_number and not identified:
        found.wrong("certificate_number", "NOT_ALLOWED_WITH", other="status")
    found.done()
    return checked


def _check_decided_on(found: Findings, day: date, case: Case, now: datetime) -> None:
    earliest = local_date(case.handover_time)
    if day > local_date(now):
        found.wrong("decided_on", "IN_THE_FUTURE")
    elif day < earliest:
        found.wrong("decided_on", "TOO_EARLY", limit=earliest.isoformat())


def _check_grounds(found: Findings, decision: Decision, *, identified: bool) -> None:
    if identified and not decision.grounds:
        found.wrong("grounds", "TOO_FEW", limit="1")
    if decision.grounds and not identified:
        found.wrong("grounds", "NOT_ALLOWED_WITH", other="status")
    if len(decision.grounds) > len(GROUNDS):
        found.wrong("grounds", "TOO_MANY", limit=str(len(GROUNDS)))
        return
    if len(set(decision.grounds)) < len(decision.grounds):
        found.wrong("grounds", "DUPLICATE")
    for number, ground in enumerate(decision.grounds, start=1):
        found.one_of(f"grounds[{number}]", ground, GROUNDS, "grounds (Decree 62/2012, Art. 5)")


def decided(case: Case, status: Identification) -> Case:
    """After a decision, a revision of it, or taking it back (IN_PROCESS).

    Raises CaseIsWithdrawn, NothingToTakeBack, DecisionStands. A closed case may be decided still: people
    disclose late, and the decision opens rights; but taking it back would open her record to the police again.
    """
    case.require_not_withdrawn()
    if status is Identification.IN_PROCESS and case.shown_phase is Phase.CLOSED:
        raise DecisionStands
    if status is Identification.IN_PROCESS and case.identification is Identification.IN_PROCESS:
        raise NothingToTakeBack
    return changed(replace(case, identification=status, decisions=case.decisions + 1))


def assigned(case: Case, office_id: str, *, formerly: frozenset[str]) -> Case:
    """After another office of the police was named; `formerly`: those that decide now.

    Raises CaseIsWithdrawn, VerifierStands.
    """
    case.require_not_withdrawn()
    if formerly == {office_id}:
        raise VerifierStands
    return changed(replace(case, verifier_office_id=office_id))
