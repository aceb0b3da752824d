"""Who uses the product: the roles an office may have, and the kinds of facility."""

from __future__ import annotations

from enum import StrEnum


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


class FacilityKind(StrEnum):
    """The kind of facility a reception centre is; the limit of a stay depends on it."""

    ASSESSMENT_CENTRE = "ASSESSMENT_CENTRE"
    SOCIAL_PROTECTION_CENTRE = "SOCIAL_PROTECTION_CENTRE"
    SHELTER = "SHELTER"
