"""The first contact at home, and further attempts.

Policy of this project: the first contact is due some days after each arrival at home (FIRST_CONTACT). It is made when
the person was reached or visited since; a failed attempt leaves it due, and an admission to a facility ends it: she is
before the facility's eyes. That it is overdue is told once, and once more, with its supervisor, when it stays.
"""

from __future__ import annotations

from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.followup.domain.case import FollowUpCase, require_followed, require_since_arrival
from services.followup.domain.entry import ContactOutcome, Finding
from services.followup.domain.events import ContactMade
from services.followup.domain.recording import Done, entered
from services.followup.domain.watching import Change, decide


def record_contact(
    case: FollowUpCase,
    outcome: ContactOutcome,
    contacted_on: date | None,
    *,
    by: str,
    now: datetime,
    calendar: WorkingCalendar,
) -> Done:
    """Record an attempt to reach the person at home. `contacted_on` None: today.

    The same outcome on a day that has it already changes nothing. Raises FollowUpNotStarted,
    FollowUpCaseClosed, FollowUpEntriesExhausted, and InvalidInput on `contacted_on` when it lies in the future or
    before the arrival.
    """
    require_followed(case)
    finding = Finding(None, contacted_on or local_date(now), outcome)
    require_since_arrival(case, "contacted_on", finding.on, local_date(now))
    same = next((each for each in case.standing if each.finding == finding), None)
    if same is not None:
        return Done(decide(case, Change(case), calendar), same)
    made = entered(case, finding, by=by, now=now, calendar=calendar)
    decision = decide(case, Change(made.case, (ContactMade(made.entry, made.effect),)), calendar)
    return Done(decision, made.entry, made.effect, seen_on=made.seen_on)
