"""The first contact at home.

Policy of this project: it is due some days after the arrival that began the set (FIRST_CONTACT). It is made when the
person was reached or a follow-up was recorded; a failed attempt leaves it due, and an admission to a facility ends
it: she is before the facility's eyes. That it is overdue is told once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.followup.domain.case import (
    Contact,
    ContactOutcome,
    FollowUpCase,
    require_followed,
    require_since_arrival,
)
from services.followup.domain.events import ContactMade
from services.followup.domain.watching import Change, Decision, decide


def record_contact(
    case: FollowUpCase,
    outcome: ContactOutcome,
    contacted_on: date | None,
    *,
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision:
    """Record an attempt to reach the person at home. `contacted_on` None: today.

    The same outcome on a day that has it already changes nothing. Raises FollowUpNotStarted,
    FollowUpCaseClosed, and InvalidInput on `contacted_on` when it lies in the future or before the
    arrival.
    """
    require_followed(case)
    contact = Contact(contacted_on or local_date(now), outcome)
    require_since_arrival(case, "contacted_on", contact.on, local_date(now))
    if contact in case.contacts:
        return decide(case, Change(case), calendar)
    after = replace(case, contacts=(*case.contacts, contact))
    if outcome is ContactOutcome.REACHED:
        after = replace(after, contact_due_on=None)
    return decide(case, Change(after, (ContactMade(contact),)), calendar)
