"""Who uses the product: the roles an office may have, who approves, the kinds of facility, and who is calling."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.chassis.kernel.places import NATIONAL

MAX_SUBJECT_CHARS: Final = 128

OWN: Final = "own"
"""The scope that reaches no further than the caller's office."""

_OFFICE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_PROVINCE_SCOPE: Final = re.compile(r"[0-9]{2}@(?:2004|2025)")


class Role(StrEnum):
    """What an office is there for; its rights follow from the policy tables, deny by default.

    A role never names an agency: agencies are renamed and dissolved, roles stay.
    """

    BORDER_POST = "BORDER_POST"
    """Receives returnees at a gate, marker or airport and submits the handover."""
    RECEPTION_CENTRE = "RECEPTION_CENTRE"
    """Admits, gives first support, prepares the transfer home."""
    VERIFIER = "VERIFIER"
    """Decides identification (police)."""
    SUPPORT_AGENCY = "SUPPORT_AGENCY"
    """Receives the person in the home province, decides support, does the follow-ups."""
    COMMUNE = "COMMUNE"
    """Receives self-returnees and visits; sees the minimum for its task."""
    NGO = "NGO"
    """Shelter, counselling, training for its own clients who consented."""
    SUPERVISOR = "SUPERVISOR"
    """Watches overdue and lost cases in a province or the nation, under pseudonyms."""
    AUDITOR = "AUDITOR"
    """Reads the access log, no content."""
    ADMIN = "ADMIN"
    """Keeps offices, users, calendars and rules; no case content."""


class Grade(StrEnum):
    """What somebody does inside an office; a role says what the office does, and a grade opens nothing without it.

    A method names the grades of which its caller needs one; most name none, and then every officer may call. A token
    without grades, as an issuer that knows none gives it, opens none of the methods that name some: so what was there
    before goes on for it, and what is told in confidence stays closed until somebody is entitled by name.
    """

    CARE = "CARE"
    """Social worker, counsellor, nurse: asks, hears and writes what is said in confidence."""
    CASE = "CASE"
    """Officer of the case: dates, states, applications."""
    PAY = "PAY"
    """Releases money; never what the same person proposed."""
    DESK = "DESK"
    """Registers people, and what comes in."""


class Approver(StrEnum):
    """Who may approve what somebody else asks for."""

    ADMIN = "ADMIN"
    """An administrator."""
    NATIONAL_SUPERVISOR = "NATIONAL_SUPERVISOR"
    """A supervisor of the whole country."""
    SUPERVISOR = "SUPERVISOR"
    """A supervisor in whose scope the office lies that it concerns."""


class FacilityKind(StrEnum):
    """The kind of facility a reception centre is; the limit of a stay depends on it."""

    ASSESSMENT_CENTRE = "ASSESSMENT_CENTRE"
    SOCIAL_PROTECTION_CENTRE = "SOCIAL_PROTECTION_CENTRE"
    SHELTER = "SHELTER"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, for which office.

    `scope` is what the caller may see beyond single cases of the office: "own" (nothing beyond
    it), "national", or one province with the vintage of its code, such as "22@2025". `grades`: what the person does
    there. `token_id` and `issued_at_s` (real time, seconds since 1970) are those of the token that says so, and
    `signed_in_at_s` is when the person signed in; empty and 0 where that is not known. Raises ValueError when a value
    is malformed.
    """

    subject: str
    office_id: str
    role: Role
    scope: str = OWN
    grades: frozenset[Grade] = frozenset()
    token_id: str = field(default="", compare=False)
    issued_at_s: int = field(default=0, compare=False)
    signed_in_at_s: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if not 0 < len(self.subject) <= MAX_SUBJECT_CHARS or not self.subject.isprintable():
            raise ValueError("the subject of a caller is empty, too long or not printable")
        if len(self.token_id) > MAX_SUBJECT_CHARS or not self.token_id.isprintable():
            raise ValueError("the token id of a caller is too long or not printable")
        if not _OFFICE_ID.fullmatch(self.office_id):
            raise ValueError("the office id of a caller is malformed")
        if self.scope not in (OWN, NATIONAL) and not _PROVINCE_SCOPE.fullmatch(self.scope):
            raise ValueError("the scope of a caller is neither own, national nor a province")


def account_of(subject: str) -> str:
    """What two spellings of one account have in common: issuers may tell capitals, widths and blanks apart, people are
    not."""
    return unicodedata.normalize("NFKC", subject).casefold().strip()


def is_same_account(one: str, other: str) -> bool:
    """Whether two subjects of tokens may be one person; whoever is not known is nobody."""
    return bool(one) and account_of(one) == account_of(other)
