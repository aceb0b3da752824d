"""What happens to a case, as far as messages need it: dates, codes and offices only, never who the person is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

NATIONAL_LEVEL: Final = 2
"""From this level on an escalation goes to the national supervisor too (SEARCH_ESCALATE, FOLLOW_UP_ESCALATE)."""
STAY_NATIONAL_LEVEL: Final = 4
"""So often FACILITY_STAY_ESCALATE has passed when the national supervisor is told, too."""
STAY_RULES: Final = "FACILITY_STAY_"
"""How the codes of the rules for stays begin: one by kind of facility, and the escalation."""
REAPPEARED: Final = "REAPPEARED"
"""The reason of a search that the whole nation is told of at once: possibly trafficked again."""


class Addressee(StrEnum):
    """Whom a message is for, before it is known which office that is."""

    ACCOUNTABLE = "ACCOUNTABLE"
    """The office that the event names as accountable."""
    SENDER = "SENDER"
    """The office that sends the person on, or that was accountable before."""
    RECEIVER = "RECEIVER"
    """The office that a transfer is addressed to."""
    REGISTERING = "REGISTERING"
    """The office that received the person when the case was registered."""
    REGISTERING_POST = "REGISTERING_POST"
    """The same, if it is a border post: it is told how things went, in a word."""
    VERIFIER = "VERIFIER"
    """The verifier to which the case was given, else that of the registering office's province."""
    FORMER_VERIFIER = "FORMER_VERIFIER"
    CLAIMED = "CLAIMED"
    """The office that is said to have a person who is searched for."""
    CLAIMANT = "CLAIMANT"
    """The office that says so."""
    SEARCHING = "SEARCHING"
    """The office that was accountable when the open search began; whoever finds the person becomes accountable."""
    SEARCHING_SUPERVISOR = "SEARCHING_SUPERVISOR"
    """The supervisor of that office's province: the one who was told of the search."""
    PROVINCE_SUPERVISOR = "PROVINCE_SUPERVISOR"
    """The supervisor of the accountable office's province; the national one where there is none."""
    RECEIVER_SUPERVISOR = "RECEIVER_SUPERVISOR"
    """The supervisor of the province of the office that a transfer is addressed to."""
    NATIONAL_SUPERVISOR = "NATIONAL_SUPERVISOR"
    OPENER = "OPENER"
    """The office that opened a record by break-glass."""


FOLLOW_FROM_REGISTRATION: Final = frozenset({Addressee.REGISTERING, Addressee.REGISTERING_POST, Addressee.VERIFIER})
"""Known only with the registration, which comes by another stream and so perhaps later."""


class Occurrence(StrEnum):
    """What happened, as far as it makes a difference to who is told."""

    CASE_REGISTERED = "CASE_REGISTERED"
    DECISION_TAKEN_BACK = "DECISION_TAKEN_BACK"
    DECISION_OVERDUE = "DECISION_OVERDUE"
    DECISION_ESCALATED = "DECISION_ESCALATED"
    DECISION_ESCALATED_NATIONALLY = "DECISION_ESCALATED_NATIONALLY"
    LEGAL_STEP_OVERDUE = "LEGAL_STEP_OVERDUE"
    LEGAL_STEP_ESCALATED = "LEGAL_STEP_ESCALATED"
    CASE_WITHDRAWN = "CASE_WITHDRAWN"
    AWAITED_CASE_WITHDRAWN = "AWAITED_CASE_WITHDRAWN"
    WITHDRAWAL_REFUSED = "WITHDRAWAL_REFUSED"
    TRANSFER_PLANNED = "TRANSFER_PLANNED"
    TRANSFER_DISPATCHED = "TRANSFER_DISPATCHED"
    TRANSFER_ACKNOWLEDGED = "TRANSFER_ACKNOWLEDGED"
    ACKNOWLEDGEMENT_RETRACTED = "ACKNOWLEDGEMENT_RETRACTED"
    RETRACTED_TO_SEND_ON = "RETRACTED_TO_SEND_ON"
    """An arrival was taken back, and the answer of before obliges the sender again."""
    STAY_RETRACTED_TO_SEND_ON = "STAY_RETRACTED_TO_SEND_ON"
    RETRACTED_AS_BEFORE = "RETRACTED_AS_BEFORE"
    """An arrival was taken back, and what stands again asks nothing of the sender."""
    STAY_RETRACTED_AS_BEFORE = "STAY_RETRACTED_AS_BEFORE"
    ACCEPTANCE_TAKEN_BACK = "ACCEPTANCE_TAKEN_BACK"
    TRANSFER_STANDS_AGAIN = "TRANSFER_STANDS_AGAIN"
    """Another answer was taken back: she is on the way as before."""
    PLAN_STANDS_AGAIN = "PLAN_STANDS_AGAIN"
    ARRIVED_ALL_THE_SAME = "ARRIVED_ALL_THE_SAME"
    STAY_BEGAN_ALL_THE_SAME = "STAY_BEGAN_ALL_THE_SAME"
    ARRIVAL_CORRECTED = "ARRIVAL_CORRECTED"
    TRANSFER_REJECTED = "TRANSFER_REJECTED"
    TRANSFER_RECALLED = "TRANSFER_RECALLED"
    TRANSFER_ACCEPTED = "TRANSFER_ACCEPTED"
    TRANSFER_NOT_ARRIVED = "TRANSFER_NOT_ARRIVED"
    TRANSFER_REDIRECTED = "TRANSFER_REDIRECTED"
    TRANSFER_SUPERSEDED = "TRANSFER_SUPERSEDED"
    STAY_BEGAN = "STAY_BEGAN"
    STAY_RETRACTED = "STAY_RETRACTED"
    STAY_ENDING = "STAY_ENDING"
    STAY_OVERDUE = "STAY_OVERDUE"
    STAY_ESCALATED = "STAY_ESCALATED"
    STAY_ESCALATED_NATIONALLY = "STAY_ESCALATED_NATIONALLY"
    LEFT_FOR_OWN_CHOICE = "LEFT_FOR_OWN_CHOICE"
    CUSTODY_REASSIGNED = "CUSTODY_REASSIGNED"
    FOUND_AT_HOME = "FOUND_AT_HOME"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
    SEARCH_OPENED = "SEARCH_OPENED"
    SEARCH_OPENED_NATIONALLY = "SEARCH_OPENED_NATIONALLY"
    LEFT_FOR_PROVINCE = "LEFT_FOR_PROVINCE"
    SEARCH_ESCALATED = "SEARCH_ESCALATED"
    SEARCH_ESCALATED_NATIONALLY = "SEARCH_ESCALATED_NATIONALLY"
    FOUND_CLAIMED = "FOUND_CLAIMED"
    FOUND_CLAIM_DENIED = "FOUND_CLAIM_DENIED"
    FOUND_CLAIM_DROPPED = "FOUND_CLAIM_DROPPED"
    RETURN_CLAIMED = "RETURN_CLAIMED"
    RETURN_CLAIMED_AFTER_END = "RETURN_CLAIMED_AFTER_END"
    RETURN_CONFIRMED = "RETURN_CONFIRMED"
    RETURN_DENIED = "RETURN_DENIED"
    RETURN_WITHDRAWN = "RETURN_WITHDRAWN"
    EARLIER_RETURN_CONFIRMED = "EARLIER_RETURN_CONFIRMED"
    EARLIER_RETURN_DENIED = "EARLIER_RETURN_DENIED"
    EARLIER_RETURN_UNDONE = "EARLIER_RETURN_UNDONE"
    SEARCH_ENDED = "SEARCH_ENDED"
    SEARCH_ENDED_NATIONALLY = "SEARCH_ENDED_NATIONALLY"
    FOLLOW_UPS_SCHEDULED = "FOLLOW_UPS_SCHEDULED"
    FOLLOW_UPS_TAKEN_OVER = "FOLLOW_UPS_TAKEN_OVER"
    """They exist, and the first of them should have been made already."""
    FOLLOW_UPS_UNCONFIRMED = "FOLLOW_UPS_UNCONFIRMED"
    FIRST_CONTACT_OVERDUE = "FIRST_CONTACT_OVERDUE"
    FIRST_CONTACT_STILL_OVERDUE = "FIRST_CONTACT_STILL_OVERDUE"
    HOME_SAFETY_UNDECIDED = "HOME_SAFETY_UNDECIDED"
    HOME_SAFETY_STILL_UNDECIDED = "HOME_SAFETY_STILL_UNDECIDED"
    SAFETY_ACT_NEEDED = "SAFETY_ACT_NEEDED"
    SAFETY_ACT_OVERDUE = "SAFETY_ACT_OVERDUE"
    SAFETY_ACT_OVERDUE_NATIONALLY = "SAFETY_ACT_OVERDUE_NATIONALLY"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    FOLLOW_UP_OVERDUE = "FOLLOW_UP_OVERDUE"
    FOLLOW_UP_ESCALATED = "FOLLOW_UP_ESCALATED"
    FOLLOW_UP_ESCALATED_NATIONALLY = "FOLLOW_UP_ESCALATED_NATIONALLY"
    CLOSING_ESCALATED = "CLOSING_ESCALATED"
    CLOSING_ESCALATED_NATIONALLY = "CLOSING_ESCALATED_NATIONALLY"
    LOST_TO_FOLLOW_UP = "LOST_TO_FOLLOW_UP"
    FOLLOW_UP_NEGLECTED = "FOLLOW_UP_NEGLECTED"
    FOLLOW_UP_ASKED_AGAIN = "FOLLOW_UP_ASKED_AGAIN"
    STEPS_CHANGED = "STEPS_CHANGED"
    ENTRY_CHANGED = "ENTRY_CHANGED"
    FOLLOW_UP_MADE_UP = "FOLLOW_UP_MADE_UP"
    CASE_CLOSED = "CASE_CLOSED"
    AWAITED_CASE_CLOSED = "AWAITED_CASE_CLOSED"
    CASE_REOPENED = "CASE_REOPENED"
    FAMILY_LINKED = "FAMILY_LINKED"
    FAMILY_PARTED = "FAMILY_PARTED"
    FAMILY_TOGETHER = "FAMILY_TOGETHER"
    VERIFIER_ASSIGNED = "VERIFIER_ASSIGNED"
    VERIFIER_ASSIGNED_AFTERWARDS = "VERIFIER_ASSIGNED_AFTERWARDS"
    """The decision had been taken."""
    PREVIEW_READ_THEN_REJECTED = "PREVIEW_READ_THEN_REJECTED"
    BREAK_GLASS_OPENED = "BREAK_GLASS_OPENED"
    BREAK_GLASS_REVIEWED = "BREAK_GLASS_REVIEWED"
    BREAK_GLASS_UNJUSTIFIED = "BREAK_GLASS_UNJUSTIFIED"
    BREAK_GLASS_UNREVIEWED = "BREAK_GLASS_UNREVIEWED"


class Param(StrEnum):
    """What a text may be filled with besides the case number; values are codes, ids and ISO dates."""

    FROM_OFFICE = "from_office"
    TO_OFFICE = "to_office"
    OFFICE = "office"
    ON = "on"
    DUE_ON = "due_on"
    RULE = "rule"
    FOLLOW_UP = "follow_up"
    LEVEL = "level"
    REASON = "reason"
    RESOLUTION = "resolution"
    ANSWER = "answer"
    OTHER_CASE = "other_case"
    MATCH = "match"
    CLOSE_REASON = "close_reason"
    REOPEN_REASON = "reopen_reason"
    SINCE = "since"
    REMINDERS = "reminders"
    DONE_ON = "done_on"
    PARTING = "parting"
    FORMER = "former"
    METHOD = "method"
    OBJECT = "object"
    REFUSAL = "refusal"
    AMOUNT = "amount"
    UNIT = "unit"
    BREAK_GLASS_REASON = "break_glass_reason"


OFFICE_PARAMS: Final = frozenset({Param.FROM_OFFICE, Param.TO_OFFICE, Param.OFFICE, Param.FORMER})
DATE_PARAMS: Final = frozenset({Param.ON, Param.DUE_ON, Param.SINCE, Param.DONE_ON})


@dataclass(frozen=True)
class Fact:
    """What an event says, as far as messages need it.

    `offices` holds the offices that the event names; supervisors follow from the accountable one. `about`: the transfer
    or follow-up that is asked about; `search` the search.
    """

    occurrence: Occurrence
    offices: Mapping[Addressee, str] = field(default_factory=dict)
    params: Mapping[Param, str] = field(default_factory=dict)
    about: str = ""
    search: str = ""
