"""The end of a case, and its re-opening.

Policy of this project: whoever re-opens gets what was left as it stands: past due dates stay past. A closing decision
gets its full time again.
"""

from __future__ import annotations

from datetime import datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.words import CloseReason, Phase
from services.followup.domain.case import FollowUpCase, FollowUpNotStarted, State, ended, require_followed
from services.followup.domain.events import Closed, Reopened
from services.followup.domain.standing import opened_again
from services.followup.domain.watching import Change, Decision, decide


class FollowUpCaseAlreadyClosed(HomewardError):
    """This case is closed already."""


class FollowUpCaseNotClosed(HomewardError):
    """This case is open; only a closed case can be re-opened."""


class FollowUpPeriodNotEnded(HomewardError):
    """The follow-up period has not ended: record the last follow-up, or give another reason."""


def close(case: FollowUpCase, reason: CloseReason, *, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Close the case; what is open is cancelled, and nothing is watched any more.

    Raises FollowUpCaseAlreadyClosed, FollowUpNotStarted, and FollowUpPeriodNotEnded when the
    period is given as the reason and the last follow-up isn't recorded. An earlier one that
    never was recorded doesn't hinder: nobody can visit three years back.
    """
    if case.phase is Phase.CLOSED:
        raise FollowUpCaseAlreadyClosed
    require_followed(case)
    if reason is CloseReason.PERIOD_ENDED and case.last_follow_up.state is not State.RECORDED:
        raise FollowUpPeriodNotEnded
    closed = ended(case, Phase.CLOSED, reason, now)
    return decide(case, Change(closed, (Closed(reason),)), calendar)


def reopen(case: FollowUpCase, *, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Open a closed case again: what was left is watched again, or else the closing decision.

    Raises FollowUpCaseNotClosed, FollowUpNotStarted.
    """
    if case.phase is Phase.FOLLOW_UP:
        raise FollowUpCaseNotClosed
    if case.phase is not Phase.CLOSED or case.arrived_on is None:
        raise FollowUpNotStarted
    opened = opened_again(case, now, calendar)
    return decide(case, Change(opened, (Reopened(),)), calendar)
