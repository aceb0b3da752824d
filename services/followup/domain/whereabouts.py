"""The search for a person, as handover tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.followup.domain.case import FollowUpCase, Fresh, Search
from services.followup.domain.standing import as_recorded
from services.followup.domain.watching import Change, Decision, decide


def searched_for(case: FollowUpCase, reason: str, since: date, calendar: WorkingCalendar) -> Decision:
    """She is searched for: LOST_TO_FOLLOW_UP waits for what the search finds."""
    return decide(case, Change(replace(case, search=Search(reason, since))), calendar)


def search_ended(case: FollowUpCase, *, by_entry: bool, now: datetime, calendar: WorkingCalendar) -> Decision:
    """The search ended. Unless an entry here said so (`by_entry`), whoever looks for her begins anew.

    What rested goes on as it stood; a deadline of it that passed meanwhile fires now, and no scheduler was late.
    """
    before, case = case, replace(case, search=None, watched_from=now)
    if not by_entry:
        case = as_recorded(replace(case, fresh=Fresh(case.next_number, local_date(now))), now, calendar)
    return decide(before, Change(case), calendar)
