"""Who is told what when something happens to a case.

A message names a case by its number and says what to do. It never says who the person is, nor what was found out about
her: whoever may know that looks it up, and leaves a trace. So a fact keeps dates, codes and offices only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from services.notify.domain.facts import FOLLOW_FROM_REGISTRATION, Addressee, Occurrence
from services.notify.domain.messages import Kind

Told = Sequence[tuple[Addressee, Kind]]

_ACCOUNTABLE, _SENDER, _RECEIVER = Addressee.ACCOUNTABLE, Addressee.SENDER, Addressee.RECEIVER
_PROVINCE, _NATIONAL = Addressee.PROVINCE_SUPERVISOR, Addressee.NATIONAL_SUPERVISOR

WHO_IS_TOLD: Final[Mapping[Occurrence, Told]] = MappingProxyType(
    {
        Occurrence.CASE_REGISTERED: (
            (Addressee.REGISTERING, Kind.CASE_REGISTERED),
            (Addressee.VERIFIER, Kind.IDENTIFICATION_TO_DECIDE),
        ),
        Occurrence.DECISION_TAKEN_BACK: ((Addressee.VERIFIER, Kind.IDENTIFICATION_TO_DECIDE),),
        Occurrence.DECISION_DUE_SOON: ((Addressee.VERIFIER, Kind.IDENTIFICATION_DUE_SOON),),
        Occurrence.DECISION_OVERDUE: ((Addressee.VERIFIER, Kind.IDENTIFICATION_OVERDUE),),
        Occurrence.DECISION_ESCALATED: (
            (_PROVINCE, Kind.IDENTIFICATION_OVERDUE_SUPERVISOR),
            (Addressee.VERIFIER, Kind.IDENTIFICATION_OVERDUE),
        ),
        Occurrence.DECISION_ESCALATED_NATIONALLY: (
            (_PROVINCE, Kind.IDENTIFICATION_OVERDUE_SUPERVISOR),
            (_NATIONAL, Kind.IDENTIFICATION_OVERDUE_SUPERVISOR),
            (Addressee.VERIFIER, Kind.IDENTIFICATION_OVERDUE),
        ),
        Occurrence.LEGAL_STEP_DUE_SOON: ((_ACCOUNTABLE, Kind.LEGAL_STEP_DUE_SOON),),
        Occurrence.LEGAL_STEP_OVERDUE: ((_ACCOUNTABLE, Kind.LEGAL_STEP_OVERDUE),),
        Occurrence.LEGAL_STEP_ESCALATED: (
            (_ACCOUNTABLE, Kind.LEGAL_STEP_OVERDUE),
            (_PROVINCE, Kind.LEGAL_STEP_OVERDUE_SUPERVISOR),
        ),
        Occurrence.CASE_WITHDRAWN: (
            (_ACCOUNTABLE, Kind.CASE_WITHDRAWN),
            (_RECEIVER, Kind.CASE_WITHDRAWN),
            (Addressee.REGISTERING, Kind.CASE_WITHDRAWN),
            (Addressee.VERIFIER, Kind.CASE_WITHDRAWN),
        ),
        # Who awaited her may know better, and so may the supervisor there.
        Occurrence.AWAITED_CASE_WITHDRAWN: (
            (_RECEIVER, Kind.AWAITED_CASE_WITHDRAWN),
            (_ACCOUNTABLE, Kind.CASE_WITHDRAWN),
            (_PROVINCE, Kind.CASE_WITHDRAWN),
            (Addressee.RECEIVER_SUPERVISOR, Kind.AWAITED_CASE_WITHDRAWN),
            (Addressee.REGISTERING, Kind.CASE_WITHDRAWN),
            (Addressee.VERIFIER, Kind.CASE_WITHDRAWN),
        ),
        Occurrence.WITHDRAWAL_REFUSED: ((Addressee.REGISTERING, Kind.WITHDRAWAL_REFUSED),),
        # The sender made the plan, and knows.
        Occurrence.TRANSFER_PLANNED: ((_RECEIVER, Kind.TRANSFER_ANNOUNCED),),
        Occurrence.TRANSFER_DISPATCHED: (
            (_RECEIVER, Kind.TRANSFER_UNDER_WAY),
            (_SENDER, Kind.TRANSFER_DISPATCHED),
        ),
        Occurrence.TRANSFER_ACKNOWLEDGED: (
            (_SENDER, Kind.TRANSFER_ACKNOWLEDGED),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK),
        ),
        Occurrence.ACKNOWLEDGEMENT_RETRACTED: (
            (_SENDER, Kind.ACKNOWLEDGEMENT_RETRACTED),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK_RETRACTED),
        ),
        Occurrence.RETRACTED_TO_SEND_ON: (
            (_SENDER, Kind.RETRACTED_TO_SEND_ON),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK_RETRACTED),
        ),
        Occurrence.STAY_RETRACTED_TO_SEND_ON: ((_SENDER, Kind.RETRACTED_TO_SEND_ON),),
        Occurrence.RETRACTED_AS_BEFORE: (
            (_SENDER, Kind.RETRACTED_AS_BEFORE),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK_RETRACTED),
        ),
        Occurrence.STAY_RETRACTED_AS_BEFORE: ((_SENDER, Kind.RETRACTED_AS_BEFORE),),
        Occurrence.ACCEPTANCE_TAKEN_BACK: ((_SENDER, Kind.ANSWER_TAKEN_BACK),),
        Occurrence.TRANSFER_STANDS_AGAIN: (
            (_SENDER, Kind.ANSWER_TAKEN_BACK),
            (_RECEIVER, Kind.TRANSFER_STANDS_AGAIN),
        ),
        Occurrence.PLAN_STANDS_AGAIN: (
            (_SENDER, Kind.ANSWER_TAKEN_BACK),
            (_RECEIVER, Kind.PLAN_STANDS_AGAIN),
        ),
        Occurrence.ARRIVED_ALL_THE_SAME: (
            (_SENDER, Kind.ARRIVED_ALL_THE_SAME),
            (Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK),
        ),
        Occurrence.STAY_BEGAN_ALL_THE_SAME: ((_SENDER, Kind.ARRIVED_ALL_THE_SAME),),
        Occurrence.ARRIVAL_CORRECTED: ((_ACCOUNTABLE, Kind.ARRIVAL_CORRECTED), (_PROVINCE, Kind.ARRIVAL_CORRECTED)),
        Occurrence.TRANSFER_REJECTED: ((_SENDER, Kind.TRANSFER_REJECTED),),
        Occurrence.TRANSFER_RECALLED: ((_RECEIVER, Kind.TRANSFER_RECALLED),),
        Occurrence.TRANSFER_ACCEPTED: ((_SENDER, Kind.TRANSFER_ACCEPTED),),
        Occurrence.TRANSFER_NOT_ARRIVED: ((_SENDER, Kind.TRANSFER_NOT_ARRIVED),),
        # Who is addressed now learns it from the dispatch that follows.
        Occurrence.TRANSFER_REDIRECTED: ((_RECEIVER, Kind.TRANSFER_REDIRECTED),),
        Occurrence.TRANSFER_SUPERSEDED: ((_RECEIVER, Kind.TRANSFER_SUPERSEDED),),
        # A facility is no end of the way: the border post is told of an arrival at home only.
        Occurrence.STAY_BEGAN: ((_SENDER, Kind.TRANSFER_ACKNOWLEDGED),),
        Occurrence.STAY_RETRACTED: ((_SENDER, Kind.ACKNOWLEDGEMENT_RETRACTED),),
        Occurrence.STAY_ENDING: ((_ACCOUNTABLE, Kind.STAY_ENDING),),
        Occurrence.STAY_OVERDUE: ((_ACCOUNTABLE, Kind.STAY_OVERDUE),),
        Occurrence.STAY_ESCALATED: (
            (_ACCOUNTABLE, Kind.STAY_OVERDUE),
            (_PROVINCE, Kind.STAY_OVERDUE_SUPERVISOR),
        ),
        Occurrence.STAY_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.STAY_OVERDUE),
            (_PROVINCE, Kind.STAY_OVERDUE_SUPERVISOR),
            (_NATIONAL, Kind.STAY_OVERDUE_SUPERVISOR),
        ),
        Occurrence.LEFT_FOR_OWN_CHOICE: ((_RECEIVER, Kind.TRANSFER_TO_COME),),
        Occurrence.CUSTODY_REASSIGNED: (
            (_ACCOUNTABLE, Kind.CUSTODY_TAKEN_OVER),
            (_SENDER, Kind.CUSTODY_HANDED_OVER),
        ),
        Occurrence.FOUND_AT_HOME: ((Addressee.REGISTERING_POST, Kind.ARRIVAL_FEEDBACK),),
        Occurrence.DEADLINE_PASSED: (
            (_ACCOUNTABLE, Kind.DEADLINE_PASSED),
            (_PROVINCE, Kind.DEADLINE_PASSED_SUPERVISOR),
        ),
        Occurrence.ACKNOWLEDGEMENT_OVERDUE: (
            (_ACCOUNTABLE, Kind.ACKNOWLEDGEMENT_MISSING),
            (_RECEIVER, Kind.ACKNOWLEDGEMENT_OVERDUE),
            (Addressee.RECEIVER_SUPERVISOR, Kind.ACKNOWLEDGEMENT_MISSING_SUPERVISOR),
            (_PROVINCE, Kind.ACKNOWLEDGEMENT_MISSING_SUPERVISOR),
        ),
        Occurrence.SEARCH_OPENED: (
            (_ACCOUNTABLE, Kind.SEARCH_OPENED),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_OPENED_SUPERVISOR),
        ),
        Occurrence.SEARCH_OPENED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_OPENED),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_OPENED_SUPERVISOR),
            (_NATIONAL, Kind.SEARCH_OPENED_SUPERVISOR),
        ),
        Occurrence.LEFT_FOR_PROVINCE: (
            (_ACCOUNTABLE, Kind.SEARCH_OPENED),
            (_RECEIVER, Kind.LEFT_FOR_HERE),
            (_PROVINCE, Kind.SEARCH_OPENED_SUPERVISOR),
            (Addressee.RECEIVER_SUPERVISOR, Kind.LEFT_FOR_HERE),
        ),
        Occurrence.SEARCH_ESCALATED: (
            (_ACCOUNTABLE, Kind.SEARCH_STILL_OPEN),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_ESCALATED),
        ),
        Occurrence.SEARCH_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_STILL_OPEN),
            (_RECEIVER, Kind.SEARCH_ASKED),
            (_PROVINCE, Kind.SEARCH_ESCALATED),
            (_NATIONAL, Kind.SEARCH_ESCALATED),
        ),
        Occurrence.FOUND_CLAIMED: (
            (Addressee.CLAIMED, Kind.FOUND_CLAIM_ASKED),
            (_ACCOUNTABLE, Kind.FOUND_CLAIMED),
            (_PROVINCE, Kind.FOUND_CLAIMED),
        ),
        Occurrence.FOUND_CLAIM_DENIED: (
            (Addressee.CLAIMANT, Kind.FOUND_CLAIM_DENIED),
            (_ACCOUNTABLE, Kind.FOUND_CLAIM_DENIED),
            (_PROVINCE, Kind.FOUND_CLAIM_DENIED),
        ),
        # An answer that ended the search is told by that.
        Occurrence.FOUND_CLAIM_DROPPED: ((Addressee.CLAIMED, Kind.FOUND_CLAIM_DROPPED),),
        Occurrence.RETURN_CLAIMED: (
            (_ACCOUNTABLE, Kind.RETURN_CLAIMED),
            (_PROVINCE, Kind.RETURN_CLAIMED_SUPERVISOR),
        ),
        Occurrence.RETURN_CLAIMED_AFTER_END: (
            (_ACCOUNTABLE, Kind.RETURN_CLAIMED),
            (_PROVINCE, Kind.RETURN_CLAIMED_SUPERVISOR),
            (_NATIONAL, Kind.RETURN_CLAIMED_SUPERVISOR),
        ),
        Occurrence.RETURN_CONFIRMED: ((_ACCOUNTABLE, Kind.RETURN_CONFIRMED), (_PROVINCE, Kind.RETURN_CONFIRMED)),
        Occurrence.RETURN_DENIED: ((_ACCOUNTABLE, Kind.RETURN_DENIED), (_PROVINCE, Kind.RETURN_DENIED)),
        Occurrence.RETURN_WITHDRAWN: ((_ACCOUNTABLE, Kind.RETURN_WITHDRAWN), (_PROVINCE, Kind.RETURN_WITHDRAWN)),
        Occurrence.EARLIER_RETURN_CONFIRMED: (
            (_ACCOUNTABLE, Kind.EARLIER_RETURN_CONFIRMED),
            (Addressee.REGISTERING, Kind.EARLIER_RETURN_CONFIRMED),
        ),
        Occurrence.EARLIER_RETURN_DENIED: (
            (_ACCOUNTABLE, Kind.EARLIER_RETURN_DENIED),
            (Addressee.REGISTERING, Kind.EARLIER_RETURN_DENIED),
        ),
        Occurrence.EARLIER_RETURN_UNDONE: (
            (_ACCOUNTABLE, Kind.EARLIER_RETURN_UNDONE),
            (Addressee.REGISTERING, Kind.EARLIER_RETURN_UNDONE),
        ),
        Occurrence.SEARCH_ENDED: (
            (_ACCOUNTABLE, Kind.SEARCH_ENDED),
            (_RECEIVER, Kind.SEARCH_ENDED),
            (_PROVINCE, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING_SUPERVISOR, Kind.SEARCH_ENDED),
        ),
        Occurrence.SEARCH_ENDED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SEARCH_ENDED),
            (_RECEIVER, Kind.SEARCH_ENDED),
            (_PROVINCE, Kind.SEARCH_ENDED),
            (_NATIONAL, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING, Kind.SEARCH_ENDED),
            (Addressee.SEARCHING_SUPERVISOR, Kind.SEARCH_ENDED),
        ),
        Occurrence.FOLLOW_UPS_SCHEDULED: ((_ACCOUNTABLE, Kind.FOLLOW_UPS_SCHEDULED),),
        Occurrence.FOLLOW_UPS_TAKEN_OVER: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_OVERDUE_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UPS_UNCONFIRMED: (
            (_PROVINCE, Kind.FOLLOW_UPS_UNCONFIRMED),
            (_NATIONAL, Kind.FOLLOW_UPS_UNCONFIRMED),
        ),
        Occurrence.FIRST_CONTACT_OVERDUE: ((_ACCOUNTABLE, Kind.FIRST_CONTACT_OVERDUE),),
        Occurrence.FIRST_CONTACT_STILL_OVERDUE: (
            (_ACCOUNTABLE, Kind.FIRST_CONTACT_OVERDUE),
            (_PROVINCE, Kind.FIRST_CONTACT_OVERDUE_SUPERVISOR),
        ),
        Occurrence.HOME_SAFETY_UNDECIDED: ((_ACCOUNTABLE, Kind.HOME_SAFETY_UNDECIDED),),
        Occurrence.HOME_SAFETY_STILL_UNDECIDED: (
            (_ACCOUNTABLE, Kind.HOME_SAFETY_UNDECIDED),
            (_PROVINCE, Kind.HOME_SAFETY_UNDECIDED_SUPERVISOR),
        ),
        Occurrence.SAFETY_ACT_NEEDED: (
            (_ACCOUNTABLE, Kind.SAFETY_ACT_NEEDED),
            (_PROVINCE, Kind.SAFETY_ACT_NEEDED_SUPERVISOR),
        ),
        Occurrence.SAFETY_ACT_OVERDUE: (
            (_ACCOUNTABLE, Kind.SAFETY_ACT_OVERDUE),
            (_PROVINCE, Kind.SAFETY_ACT_OVERDUE_SUPERVISOR),
        ),
        Occurrence.SAFETY_ACT_OVERDUE_NATIONALLY: (
            (_ACCOUNTABLE, Kind.SAFETY_ACT_OVERDUE),
            (_PROVINCE, Kind.SAFETY_ACT_OVERDUE_SUPERVISOR),
            (_NATIONAL, Kind.SAFETY_ACT_OVERDUE_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_DUE_SOON: ((_ACCOUNTABLE, Kind.FOLLOW_UP_DUE_SOON),),
        Occurrence.FOLLOW_UP_DUE: ((_ACCOUNTABLE, Kind.FOLLOW_UP_DUE),),
        Occurrence.FOLLOW_UP_OVERDUE: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_OVERDUE_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_ESCALATED: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_STILL_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_ESCALATED),
        ),
        Occurrence.FOLLOW_UP_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_STILL_OVERDUE),
            (_PROVINCE, Kind.FOLLOW_UP_ESCALATED),
            (_NATIONAL, Kind.FOLLOW_UP_ESCALATED),
        ),
        Occurrence.CLOSING_ESCALATED: (
            (_ACCOUNTABLE, Kind.CLOSING_OVERDUE),
            (_PROVINCE, Kind.CLOSING_ESCALATED),
        ),
        Occurrence.CLOSING_ESCALATED_NATIONALLY: (
            (_ACCOUNTABLE, Kind.CLOSING_OVERDUE),
            (_PROVINCE, Kind.CLOSING_ESCALATED),
            (_NATIONAL, Kind.CLOSING_ESCALATED),
        ),
        Occurrence.LOST_TO_FOLLOW_UP: (
            (_ACCOUNTABLE, Kind.CONTACT_LOST),
            (_PROVINCE, Kind.CONTACT_LOST_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_NEGLECTED: (
            (_ACCOUNTABLE, Kind.FOLLOW_UP_NEGLECTED),
            (_PROVINCE, Kind.FOLLOW_UP_NEGLECTED_SUPERVISOR),
            (_NATIONAL, Kind.FOLLOW_UP_NEGLECTED_SUPERVISOR),
        ),
        Occurrence.FOLLOW_UP_ASKED_AGAIN: ((_ACCOUNTABLE, Kind.FOLLOW_UP_ASKED_AGAIN),),
        Occurrence.STEPS_CHANGED: ((_ACCOUNTABLE, Kind.STEPS_CHANGED),),
        Occurrence.ENTRY_CHANGED: ((_ACCOUNTABLE, Kind.ENTRY_CHANGED),),
        Occurrence.FOLLOW_UP_MADE_UP: ((_PROVINCE, Kind.FOLLOW_UP_MADE_UP),),
        Occurrence.CASE_CLOSED: ((_ACCOUNTABLE, Kind.CASE_CLOSED), (_PROVINCE, Kind.CASE_CLOSED)),
        # Who awaited her may know better, and so may the supervisor there.
        Occurrence.AWAITED_CASE_CLOSED: (
            (_RECEIVER, Kind.AWAITED_CASE_CLOSED),
            (_ACCOUNTABLE, Kind.CASE_CLOSED),
            (_PROVINCE, Kind.CASE_CLOSED),
            (Addressee.RECEIVER_SUPERVISOR, Kind.CASE_CLOSED),
        ),
        Occurrence.CASE_REOPENED: (
            (_ACCOUNTABLE, Kind.CASE_REOPENED),
            (_PROVINCE, Kind.CASE_REOPENED),
        ),
        Occurrence.FAMILY_LINKED: ((_ACCOUNTABLE, Kind.FAMILY_LINKED),),
        Occurrence.FAMILY_PARTED: (
            (_ACCOUNTABLE, Kind.FAMILY_PARTED),
            (_RECEIVER, Kind.FAMILY_PARTED),
            (_PROVINCE, Kind.FAMILY_PARTED),
            (Addressee.RECEIVER_SUPERVISOR, Kind.FAMILY_PARTED),
        ),
        Occurrence.FAMILY_TOGETHER: (
            (_ACCOUNTABLE, Kind.FAMILY_TOGETHER),
            (_RECEIVER, Kind.FAMILY_TOGETHER),
            (_PROVINCE, Kind.FAMILY_TOGETHER),
            (Addressee.RECEIVER_SUPERVISOR, Kind.FAMILY_TOGETHER),
        ),
        Occurrence.VERIFIER_ASSIGNED: (
            (Addressee.FORMER_VERIFIER, Kind.VERIFIER_REPLACED),
            (_ACCOUNTABLE, Kind.VERIFIER_REPLACED),
            (Addressee.VERIFIER, Kind.IDENTIFICATION_TO_DECIDE),
        ),
        Occurrence.VERIFIER_ASSIGNED_AFTERWARDS: (
            (Addressee.FORMER_VERIFIER, Kind.VERIFIER_REPLACED),
            (_ACCOUNTABLE, Kind.VERIFIER_REPLACED),
            (Addressee.VERIFIER, Kind.VERIFIER_ASSIGNED),
        ),
        # One refusal says nothing; whoever oversees an office sees when it happens again and again.
        Occurrence.PREVIEW_READ_THEN_REJECTED: (
            (Addressee.RECEIVER_SUPERVISOR, Kind.PREVIEW_READ_THEN_REJECTED),
            (_NATIONAL, Kind.PREVIEW_READ_THEN_REJECTED),
        ),
        # Whoever opened it stands first: an office is not asked to review what it did itself.
        Occurrence.BREAK_GLASS_OPENED: (
            (Addressee.OPENER, Kind.BREAK_GLASS_OPENED_HERE),
            (_ACCOUNTABLE, Kind.BREAK_GLASS_OPENED),
            (_PROVINCE, Kind.BREAK_GLASS_TO_REVIEW),
            (_NATIONAL, Kind.BREAK_GLASS_TO_REVIEW),
        ),
        Occurrence.BREAK_GLASS_REVIEWED: (
            (Addressee.OPENER, Kind.BREAK_GLASS_REVIEWED),
            (_ACCOUNTABLE, Kind.BREAK_GLASS_REVIEWED),
        ),
        Occurrence.BREAK_GLASS_UNJUSTIFIED: (
            (Addressee.OPENER, Kind.BREAK_GLASS_UNJUSTIFIED),
            (_ACCOUNTABLE, Kind.BREAK_GLASS_UNJUSTIFIED),
            (_PROVINCE, Kind.BREAK_GLASS_UNJUSTIFIED),
            (_NATIONAL, Kind.BREAK_GLASS_UNJUSTIFIED),
        ),
        Occurrence.BREAK_GLASS_UNREVIEWED: (
            (Addressee.OPENER, Kind.BREAK_GLASS_UNREVIEWED),
            (_ACCOUNTABLE, Kind.BREAK_GLASS_UNREVIEWED),
            (_PROVINCE, Kind.BREAK_GLASS_REVIEW_OVERDUE),
            (_NATIONAL, Kind.BREAK_GLASS_REVIEW_OVERDUE),
        ),
    }
)
"""Where one office is meant twice it gets one message, of the kind that stands first. What follows from the
registration stands last, because it may be known last: so the order in which events come changes nothing."""


def told_now_and_later(told: Told, *, registered: bool) -> tuple[Told, Told]:
    """Who can be told now, and who only when the registration is known."""
    if registered:
        return told, ()
    now = tuple(one for one in told if one[0] not in FOLLOW_FROM_REGISTRATION)
    later = tuple(one for one in told if one[0] in FOLLOW_FROM_REGISTRATION)
    return now, later


def told_of_decision(
    registering_id: str | None, accountable_id: str | None, former_id: str | None = None
) -> Mapping[str, Kind]:
    """Who is told of a decision on the identification, by office: never how it was decided.

    `former_id`: who decided before, where this one revises that: it is told, and the accountable office that it was.
    """
    told: dict[str, Kind] = {}
    if registering_id is not None:
        told[registering_id] = Kind.IDENTIFICATION_FEEDBACK
    if accountable_id is not None:
        told[accountable_id] = Kind.IDENTIFICATION_DECIDED if former_id is None else Kind.IDENTIFICATION_REVISED
    if former_id is not None:
        told[former_id] = Kind.IDENTIFICATION_REVISED
    return told
