"""Words that several services say of a case. A word that one service alone says is declared in its domain.

All but the codes of rules are the codes of enums in `homeward.type.v1`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class RuleCode(StrEnum):
    """A limit or interval by its code; `kernel.deadlines` says how long each is."""

    HANDOVER_TO_COMMUNE = "HANDOVER_TO_COMMUNE"
    COMMUNE_NOTIFY = "COMMUNE_NOTIFY"
    RETURNED_TO_SUPPORT_AGENCY = "RETURNED_TO_SUPPORT_AGENCY"
    LEGAL_STEP_ESCALATE = "LEGAL_STEP_ESCALATE"
    INITIAL_VERIFY = "INITIAL_VERIFY"
    POLICE_VERIFY_REPLY = "POLICE_VERIFY_REPLY"
    IDENTIFICATION_ESCALATE = "IDENTIFICATION_ESCALATE"
    POLICE_VERIFY_REPLY_COMPLEX = "POLICE_VERIFY_REPLY_COMPLEX"
    TRANSFER_ACKNOWLEDGE = "TRANSFER_ACKNOWLEDGE"
    TRANSFER_LOST = "TRANSFER_LOST"
    DISPATCH_DUE = "DISPATCH_DUE"
    NOT_SENT_ON = "NOT_SENT_ON"
    REDISPATCH_AFTER_REJECT = "REDISPATCH_AFTER_REJECT"
    DISPATCH_AFTER_DISCHARGE = "DISPATCH_AFTER_DISCHARGE"
    SEARCH_ESCALATE = "SEARCH_ESCALATE"
    OBLIGATIONS_CONFIRM = "OBLIGATIONS_CONFIRM"
    FACILITY_STAY_SOCIAL_PROTECTION_CENTRE = "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE"
    FACILITY_STAY_ASSESSMENT_CENTRE = "FACILITY_STAY_ASSESSMENT_CENTRE"
    FACILITY_STAY_SHELTER = "FACILITY_STAY_SHELTER"
    FACILITY_STAY_ESCALATE = "FACILITY_STAY_ESCALATE"
    REINTEGRATION_PLAN = "REINTEGRATION_PLAN"
    SUPPORT_APPLY_WINDOW = "SUPPORT_APPLY_WINDOW"
    SUPPORT_DECISION = "SUPPORT_DECISION"
    FIRST_CONTACT = "FIRST_CONTACT"
    FIRST_CONTACT_AGAINST_ADVICE = "FIRST_CONTACT_AGAINST_ADVICE"
    SAFETY_ACT = "SAFETY_ACT"
    HOME_SAFETY_VALID = "HOME_SAFETY_VALID"
    SAFETY_ANSWER = "SAFETY_ANSWER"
    SAFETY_ANSWER_ESCALATE = "SAFETY_ANSWER_ESCALATE"
    FOLLOW_UP_3M = "FOLLOW_UP_3M"
    FOLLOW_UP_3Y = "FOLLOW_UP_3Y"
    FOLLOW_UP_OVERDUE_3M = "FOLLOW_UP_OVERDUE_3M"
    FOLLOW_UP_OVERDUE_3Y = "FOLLOW_UP_OVERDUE_3Y"
    FOLLOW_UP_ESCALATE = "FOLLOW_UP_ESCALATE"
    LOST_TO_FOLLOW_UP = "LOST_TO_FOLLOW_UP"
    CLOSE_DECISION = "CLOSE_DECISION"
    APPROVAL_EXPIRES = "APPROVAL_EXPIRES"
    CLOSED_CASE_SEEN = "CLOSED_CASE_SEEN"
    BREAK_GLASS_REVIEW = "BREAK_GLASS_REVIEW"


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
    LEFT_ON_HER_OWN = "LEFT_ON_HER_OWN"
    REFUSED = "REFUSED"
    REGISTERED_TWICE = "REGISTERED_TWICE"


class WithdrawReason(StrEnum):
    """Why a registered case is withdrawn."""

    REGISTERED_TWICE = "REGISTERED_TWICE"
    REGISTERED_BY_MISTAKE = "REGISTERED_BY_MISTAKE"


class Identification(StrEnum):
    """Whether a person is identified as a victim of trafficking."""

    IN_PROCESS = "IN_PROCESS"
    IDENTIFIED = "IDENTIFIED"
    NOT_IDENTIFIED = "NOT_IDENTIFIED"
    DECLINED = "DECLINED"


class SearchEffect(StrEnum):
    """What entries of an agency make of the search for a person."""

    NONE = "NONE"
    OPENS_NOT_AT_ADDRESS = "OPENS_NOT_AT_ADDRESS"
    OPENS_LEFT_PROVINCE = "OPENS_LEFT_PROVINCE"
    ENDS_SEEN = "ENDS_SEEN"
    ENDS_MISTAKEN = "ENDS_MISTAKEN"


class Whose(StrEnum):
    """What ended sign-ins are named by: an account, an office, or the id of a token."""

    SUBJECT = "SUBJECT"
    OFFICE = "OFFICE"
    TOKEN = "TOKEN"  # noqa: S105 - a word


GROUNDS: Final = (
    "SALE",
    "PROSTITUTION",
    "PORNOGRAPHY",
    "SEXUAL_SLAVERY",
    "FORCED_LABOUR",
    "ORGAN_REMOVAL",
    "FORCED_BEGGING",
    "FORCED_MARRIAGE",
    "FORCED_CHILDBIRTH",
    "FORCED_LAW_BREAKING",
    "OTHER_INHUMAN_PURPOSE",
    "RECRUITMENT",
    "TRANSPORT",
    "HARBOURING",
)
"""Grounds of identification, Decree 62/2012/ND-CP Art 5; the codes are this project's own."""


class ConsentState(StrEnum):
    """What was said to a purpose; meanings in `homeward.type.v1.ConsentState`."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class ConsentGiver(StrEnum):
    """Who said it; meanings in `homeward.type.v1.ConsentGiver`."""

    PERSON = "PERSON"
    GUARDIAN = "GUARDIAN"


class ConsentPurpose(StrEnum):
    """The purposes of the list `consent_purpose` that a rule names; to all others likewise something is said."""

    STAY = "STAY"
    FAMILY_CONTACT = "FAMILY_CONTACT"
    COLLABORATOR = "COLLABORATOR"
    GROUP = "GROUP"
    FOLLOW_UP = "FOLLOW_UP"
