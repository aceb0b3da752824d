"""Duties: what an inbox asks for, since when, and what ends it.

A message that asks for something belongs to a duty: of a case, of a kind and, where there may be several, about one
transfer, search or follow-up. An office reads at most one message of a duty: a reminder takes the place of the one
before. The cause ends, and nothing is asked any more; the message stays as history, marked with what ended it and
when. What ends in the very act that asked for it was never asked, and leaves no message.

Streams may be heard in any order, so nothing here depends on it: an end ends what was asked up to its instant, whether
that is known already or comes later, and what was asked after it is asked anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.notify.domain.messages import Kind, Standing


class Duty(StrEnum):
    """What is asked."""

    DECIDE_IDENTIFICATION = "DECIDE_IDENTIFICATION"
    TAKE_LEGAL_STEP = "TAKE_LEGAL_STEP"
    """The accountable office takes a step that the law wants to be taken at once, or records that it did."""
    SEND_ON = "SEND_ON"
    """The accountable office sends the person on."""
    END_STAY = "END_STAY"
    """The facility ends a stay that is at its limit."""
    RECEIVE = "RECEIVE"
    """The addressed office prepares for a planned arrival, or rejects it."""
    ACKNOWLEDGE = "ACKNOWLEDGE"
    """The addressed office answers for the arrival."""
    CHASE_ANSWER = "CHASE_ANSWER"
    """The sender, and both supervisors, ask for that answer."""
    SEARCH = "SEARCH"
    ANSWER_CLAIM = "ANSWER_CLAIM"
    """An office says whether a person who is searched for is with it."""
    DECIDE_RETURN = "DECIDE_RETURN"
    """Whoever answers for a case says whether a later registration is of that person."""
    CHECK_FOLLOW_UPS = "CHECK_FOLLOW_UPS"
    """Supervisors find out why no follow-ups are confirmed."""
    CONTACT_FIRST = "CONTACT_FIRST"
    FOLLOW_UP = "FOLLOW_UP"
    MAKE_SAFE = "MAKE_SAFE"
    """A second person confirms what was done for somebody in immediate danger."""
    DECIDE_HOME = "DECIDE_HOME"
    """The accountable office decides whether she may go to the home that was asked about."""
    DECIDE_CLOSING = "DECIDE_CLOSING"
    APPROVE = "APPROVE"
    """Somebody else than who asked approves or refuses what takes more than one person."""
    REVIEW_BREAK_GLASS = "REVIEW_BREAK_GLASS"
    """Somebody of another office than that which opened a record says whether there was a reason."""
    REUNITE = "REUNITE"
    """Whoever has one of two who must not be parted brings them together, or decides that they may be."""


DUTY_OF: Final[Mapping[Kind, Duty]] = MappingProxyType(
    {
        Kind.IDENTIFICATION_TO_DECIDE: Duty.DECIDE_IDENTIFICATION,
        Kind.IDENTIFICATION_DUE_SOON: Duty.DECIDE_IDENTIFICATION,
        Kind.IDENTIFICATION_OVERDUE: Duty.DECIDE_IDENTIFICATION,
        Kind.IDENTIFICATION_OVERDUE_SUPERVISOR: Duty.DECIDE_IDENTIFICATION,
        Kind.LEGAL_STEP_DUE_SOON: Duty.TAKE_LEGAL_STEP,
        Kind.LEGAL_STEP_OVERDUE: Duty.TAKE_LEGAL_STEP,
        Kind.LEGAL_STEP_OVERDUE_SUPERVISOR: Duty.TAKE_LEGAL_STEP,
        Kind.TRANSFER_REJECTED: Duty.SEND_ON,
        Kind.TRANSFER_NOT_ARRIVED: Duty.SEND_ON,
        Kind.RETRACTED_TO_SEND_ON: Duty.SEND_ON,
        Kind.DEADLINE_PASSED: Duty.SEND_ON,
        Kind.DEADLINE_PASSED_SUPERVISOR: Duty.SEND_ON,
        Kind.STAY_ENDING: Duty.END_STAY,
        Kind.STAY_OVERDUE: Duty.END_STAY,
        Kind.STAY_OVERDUE_SUPERVISOR: Duty.END_STAY,
        Kind.TRANSFER_ANNOUNCED: Duty.RECEIVE,
        Kind.PLAN_STANDS_AGAIN: Duty.RECEIVE,
        Kind.TRANSFER_UNDER_WAY: Duty.ACKNOWLEDGE,
        Kind.TRANSFER_STANDS_AGAIN: Duty.ACKNOWLEDGE,
        Kind.ACKNOWLEDGEMENT_OVERDUE: Duty.ACKNOWLEDGE,
        Kind.SEARCH_ASKED: Duty.ACKNOWLEDGE,
        Kind.ACKNOWLEDGEMENT_RETRACTED: Duty.CHASE_ANSWER,
        Kind.ACKNOWLEDGEMENT_MISSING: Duty.CHASE_ANSWER,
        Kind.ACKNOWLEDGEMENT_MISSING_SUPERVISOR: Duty.CHASE_ANSWER,
        Kind.SEARCH_OPENED: Duty.SEARCH,
        Kind.SEARCH_OPENED_SUPERVISOR: Duty.SEARCH,
        Kind.SEARCH_STILL_OPEN: Duty.SEARCH,
        Kind.SEARCH_ESCALATED: Duty.SEARCH,
        Kind.LEFT_FOR_HERE: Duty.SEARCH,
        Kind.FOUND_CLAIM_ASKED: Duty.ANSWER_CLAIM,
        Kind.RETURN_CLAIMED: Duty.DECIDE_RETURN,
        Kind.RETURN_CLAIMED_SUPERVISOR: Duty.DECIDE_RETURN,
        Kind.FOLLOW_UPS_UNCONFIRMED: Duty.CHECK_FOLLOW_UPS,
        Kind.FIRST_CONTACT_OVERDUE: Duty.CONTACT_FIRST,
        Kind.FIRST_CONTACT_OVERDUE_SUPERVISOR: Duty.CONTACT_FIRST,
        Kind.HOME_SAFETY_UNDECIDED: Duty.DECIDE_HOME,
        Kind.HOME_SAFETY_UNDECIDED_SUPERVISOR: Duty.DECIDE_HOME,
        Kind.SAFETY_ACT_NEEDED: Duty.MAKE_SAFE,
        Kind.SAFETY_ACT_NEEDED_SUPERVISOR: Duty.MAKE_SAFE,
        Kind.SAFETY_ACT_OVERDUE: Duty.MAKE_SAFE,
        Kind.SAFETY_ACT_OVERDUE_SUPERVISOR: Duty.MAKE_SAFE,
        Kind.FOLLOW_UP_DUE_SOON: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_DUE: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_OVERDUE: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_OVERDUE_SUPERVISOR: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_STILL_OVERDUE: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_ESCALATED: Duty.FOLLOW_UP,
        Kind.CONTACT_LOST: Duty.FOLLOW_UP,
        Kind.CONTACT_LOST_SUPERVISOR: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_NEGLECTED: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_NEGLECTED_SUPERVISOR: Duty.FOLLOW_UP,
        Kind.FOLLOW_UP_ASKED_AGAIN: Duty.FOLLOW_UP,
        Kind.CLOSING_OVERDUE: Duty.DECIDE_CLOSING,
        Kind.CLOSING_ESCALATED: Duty.DECIDE_CLOSING,
        Kind.FAMILY_PARTED: Duty.REUNITE,
        Kind.APPROVAL_WANTED: Duty.APPROVE,
        Kind.BREAK_GLASS_TO_REVIEW: Duty.REVIEW_BREAK_GLASS,
        Kind.BREAK_GLASS_REVIEW_OVERDUE: Duty.REVIEW_BREAK_GLASS,
    }
)
"""The duty that a message asks to fulfil. Messages of other kinds are for information."""

ACTION_REQUIRED: Final = frozenset(DUTY_OF)
"""Messages whose reader must do something."""


class Turn(StrEnum):
    """What happened to a case, as far as it ends duties."""

    DECIDED = "DECIDED"
    VERIFIER_ASSIGNED = "VERIFIER_ASSIGNED"
    """Another office of the police decides."""
    LEGAL_STEP_SETTLED = "LEGAL_STEP_SETTLED"
    """A step that the law asks for was taken, or is asked of nobody any more, or of another office."""
    SENT_ON = "SENT_ON"
    ACCEPTED = "ACCEPTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    RECALLED = "RECALLED"
    NOT_ARRIVED = "NOT_ARRIVED"
    STANDS_AGAIN = "STANDS_AGAIN"
    """An answer was taken back that had given the person back to the sender."""
    REDIRECTED = "REDIRECTED"
    SUPERSEDED = "SUPERSEDED"
    DISCHARGED = "DISCHARGED"
    SETTLED = "SETTLED"
    """She is with an office: arrived, admitted, at home, found."""
    REASSIGNED = "REASSIGNED"
    SEARCHED_FOR = "SEARCHED_FOR"
    SEARCH_ENDED = "SEARCH_ENDED"
    CLAIM_SETTLED = "CLAIM_SETTLED"
    RETURN_DECIDED = "RETURN_DECIDED"
    FOLLOW_UPS_SCHEDULED = "FOLLOW_UPS_SCHEDULED"
    FOLLOW_UPS_KEPT = "FOLLOW_UPS_KEPT"
    """Another office is accountable, and she is looked after by whoever did before."""
    FOLLOW_UPS_CANCELLED = "FOLLOW_UPS_CANCELLED"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    """With the visit that is due the person is reached as well."""
    CONTACTED = "CONTACTED"
    VISITED = "VISITED"
    MADE_SAFE = "MADE_SAFE"
    """A second person confirmed what was done for her safety."""
    SAFETY_ERASED = "SAFETY_ERASED"
    """What was done for her safety can be confirmed by nobody any more: the case was erased."""
    HOME_DECIDED = "HOME_DECIDED"
    """It is decided whether she may go to the home that was asked about."""
    MISSED = "MISSED"
    """A later visit was made, so this one no longer can be."""
    RESCHEDULED = "RESCHEDULED"
    """The follow-up was put on another day, on which it is asked for anew."""
    DROPPED = "DROPPED"
    """The office makes the follow-up no more."""
    ASKED_TO_STOP = "ASKED_TO_STOP"
    """She asked not to be visited again."""
    VISIT_TAKEN_BACK = "VISIT_TAKEN_BACK"
    """The visit after which closing was to be decided on was none."""
    TOGETHER = "TOGETHER"
    """She is with a relative again from whom she must not be parted, or may be parted."""
    APPROVED_BY_ONE = "APPROVED_BY_ONE"
    """Somebody approved what others have to approve as well: of offices of that kind nothing is asked any more."""
    APPROVAL_DECIDED = "APPROVAL_DECIDED"
    """What somebody asked for was approved, refused or taken back, or waits no more."""
    BREAK_GLASS_REVIEWED = "BREAK_GLASS_REVIEWED"
    CASE_ENDED = "CASE_ENDED"


_ANSWERS: Final = frozenset({Duty.RECEIVE, Duty.ACKNOWLEDGE, Duty.CHASE_ANSWER})
_LEAVING: Final = frozenset({Duty.SEND_ON, Duty.END_STAY, Duty.DECIDE_HOME})
_LOOKING_AFTER: Final = frozenset({Duty.CONTACT_FIRST, Duty.FOLLOW_UP, Duty.DECIDE_CLOSING})

ENDED_BY: Final[Mapping[Turn, frozenset[Duty]]] = MappingProxyType(
    {
        Turn.DECIDED: frozenset({Duty.DECIDE_IDENTIFICATION}),
        Turn.VERIFIER_ASSIGNED: frozenset({Duty.DECIDE_IDENTIFICATION}),
        Turn.LEGAL_STEP_SETTLED: frozenset({Duty.TAKE_LEGAL_STEP}),
        Turn.SENT_ON: _LEAVING | {Duty.RECEIVE},
        Turn.ACCEPTED: frozenset({Duty.RECEIVE}),
        Turn.ACKNOWLEDGED: _ANSWERS,
        Turn.REJECTED: _ANSWERS,
        Turn.RECALLED: _ANSWERS,
        Turn.NOT_ARRIVED: _ANSWERS,
        Turn.STANDS_AGAIN: frozenset({Duty.SEND_ON}),
        Turn.REDIRECTED: _ANSWERS,
        Turn.SUPERSEDED: _ANSWERS,
        Turn.DISCHARGED: frozenset({Duty.END_STAY}),
        Turn.SETTLED: _LEAVING,
        Turn.REASSIGNED: _LEAVING | {Duty.SEARCH},
        Turn.SEARCHED_FOR: _LEAVING | {Duty.CHASE_ANSWER, Duty.RECEIVE},
        Turn.SEARCH_ENDED: frozenset({Duty.SEARCH}),
        Turn.CLAIM_SETTLED: frozenset({Duty.ANSWER_CLAIM}),
        Turn.RETURN_DECIDED: frozenset({Duty.DECIDE_RETURN}),
        # What waits for a second person is asked anew as well, of whoever has her now.
        Turn.FOLLOW_UPS_SCHEDULED: _LOOKING_AFTER | {Duty.CHECK_FOLLOW_UPS, Duty.MAKE_SAFE},
        Turn.FOLLOW_UPS_KEPT: frozenset({Duty.CHECK_FOLLOW_UPS, Duty.CONTACT_FIRST}),
        Turn.FOLLOW_UPS_CANCELLED: _LOOKING_AFTER | {Duty.MAKE_SAFE},
        Turn.FOLLOW_UP_DUE: frozenset({Duty.CONTACT_FIRST}),
        Turn.CONTACTED: frozenset({Duty.CONTACT_FIRST}),
        Turn.VISITED: frozenset({Duty.CONTACT_FIRST, Duty.FOLLOW_UP}),
        Turn.MADE_SAFE: frozenset({Duty.MAKE_SAFE}),
        Turn.SAFETY_ERASED: frozenset({Duty.MAKE_SAFE}),
        Turn.HOME_DECIDED: frozenset({Duty.DECIDE_HOME}),
        Turn.MISSED: frozenset({Duty.FOLLOW_UP}),
        Turn.RESCHEDULED: frozenset({Duty.FOLLOW_UP}),
        Turn.DROPPED: frozenset({Duty.FOLLOW_UP}),
        Turn.ASKED_TO_STOP: frozenset({Duty.CONTACT_FIRST, Duty.FOLLOW_UP}),
        Turn.VISIT_TAKEN_BACK: frozenset({Duty.DECIDE_CLOSING}),
        Turn.TOGETHER: frozenset({Duty.REUNITE}),
        Turn.APPROVED_BY_ONE: frozenset({Duty.APPROVE}),
        Turn.APPROVAL_DECIDED: frozenset({Duty.APPROVE}),
        Turn.BREAK_GLASS_REVIEWED: frozenset({Duty.REVIEW_BREAK_GLASS}),
        # That a later registration is of the same person is asked about a case that has ended, too; and what waits for
        # somebody else waits until it is decided, or reviewed.
        Turn.CASE_ENDED: frozenset(Duty) - {Duty.DECIDE_RETURN, Duty.APPROVE, Duty.REVIEW_BREAK_GLASS},
    }
)
"""Which duties a turn ends; one that names a transfer, a search or a follow-up ends only what is about that."""


def about_of(duty: Duty | None, transfer_or_follow_up: str, search: str) -> str:
    """What a message of a duty is about; empty for duties of which a case has one at most."""
    if duty is Duty.SEARCH:
        return search
    return transfer_or_follow_up if duty in SEVERAL else ""


FOLLOWS_ACCOUNTABILITY: Final = ENDED_BY[Turn.REASSIGNED] - {Duty.DECIDE_HOME}
"""What a supervisor gives to another office together with the case: it is asked of that one from then on.

Whether a home is safe it asks her anew itself."""

SEVERAL: Final = frozenset(
    {
        *_ANSWERS,
        Duty.SEARCH,
        Duty.ANSWER_CLAIM,
        Duty.DECIDE_RETURN,
        Duty.FOLLOW_UP,
        Duty.REUNITE,
        Duty.APPROVE,
        Duty.REVIEW_BREAK_GLASS,
    }
)
"""Duties of which a case may have several: each is about one transfer, search, claim, follow-up or request."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What an event ends. `about`: only the duties about that; `office_id`: only what is asked of that office."""

    turn: Turn
    about: str = ""
    office_id: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """An ending, once it has happened; kept, because what it ends may be heard of later."""

    event_id: uuid.UUID
    at: datetime
    ending: Ending

    def ends(self, asked: Asked) -> bool:
        """Whether it concerns a duty at all, whenever that was asked."""
        ending = self.ending
        if asked.duty not in ENDED_BY[ending.turn]:
            return False
        if ending.office_id and ending.office_id != asked.office_id:
            return False
        # What was asked before messages said what they are about may be about anything.
        return asked.duty not in SEVERAL or not ending.about or not asked.about or ending.about == asked.about


@dataclass(frozen=True, slots=True)
class Asked:
    """That an office was asked for something, and when."""

    duty: Duty
    about: str
    office_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which a duty was asked for once: after one end and up to the next, if there is one."""

    after: datetime | None
    end: End | None


def span_of(asked: Asked, ends: Iterable[End]) -> Span:
    """The span into which a message of a duty falls, by the ends that are known when it is heard of.

    What happens in one instant is of one stream, so it is heard in its order: an end that is known already came before.
    """
    concerning = sorted((one for one in ends if one.ends(asked)), key=lambda one: one.at)
    before = [one.at for one in concerning if one.at <= asked.at]
    end = next((one for one in concerning if one.at > asked.at), None)
    return Span(before[-1] if before else None, end)


def joined(new: Standing, before: Standing) -> Standing:
    """Two messages of one duty: the later one stays, and knows of both."""
    return Standing(
        max(new.asked_at, before.asked_at),
        min(new.since, before.since),
        new.reminders + before.reminders + 1,
    )
