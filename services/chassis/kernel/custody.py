"""Words about a case that several services say: the names of the enums in homeward.type.v1."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a case stands; meanings in `homeward.type.v1.CasePhase`."""

    REGISTERED = "REGISTERED"
    IN_TRANSIT = "IN_TRANSIT"
    REJECTED = "REJECTED"
    SEARCH = "SEARCH"
    ARRIVED = "ARRIVED"
    FOLLOW_UP = "FOLLOW_UP"
    ADMITTED = "ADMITTED"
    DISCHARGED = "DISCHARGED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class CustodyCause(StrEnum):
    """Why accountability began, passed on or ended."""

    REGISTERED = "REGISTERED"
    ARRIVED = "ARRIVED"
    ARRIVAL_RETRACTED = "ARRIVAL_RETRACTED"
    HOME_RECORDED = "HOME_RECORDED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    ADMITTED = "ADMITTED"
    OFFICE_ENDED = "OFFICE_ENDED"
    REASSIGNED = "REASSIGNED"
    FOUND = "FOUND"
    RE_IDENTIFIED = "RE_IDENTIFIED"


class CloseReason(StrEnum):
    """Why a case is closed."""

    PERIOD_ENDED = "PERIOD_ENDED"
    ASKED_TO_STOP = "ASKED_TO_STOP"
    LEFT_AREA = "LEFT_AREA"
    DIED = "DIED"
    ABROAD_AGAIN = "ABROAD_AGAIN"
    SECURITY = "SECURITY"
    NOT_IDENTIFIED = "NOT_IDENTIFIED"
