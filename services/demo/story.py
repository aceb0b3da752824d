"""What happened to a few cases, step by step, as a supervisor reads it from the services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import custody_pb2
from services.chassis.country.offices import NATIONAL_SUPERVISOR
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.texts import Texts
from services.client.shown.story import story
from services.client.texts import N_
from services.demo.behaviour import Answer, Ending, Look
from services.demo.driver import MONTHS_3, RE_IDENTIFIED, YEARS_3, Case
from services.demo.office_calls import AioOfficeCalls


@dataclass(frozen=True, slots=True)
class Telling:
    """A kind of case worth telling: `title` is an English text to be translated."""

    title: str
    fits: Callable[[Case, WorkingCalendar, date], bool]


def _well_looked_after(case: Case) -> bool:
    looks = (case.plan.three_months.look, case.plan.three_years.look)
    return case.closed and looks == (Look.IN_TIME, Look.IN_TIME)


TELLINGS: Final = (
    Telling(
        N_("Everything in time"),
        lambda case, calendar, today: case.plan.answer is Answer.IN_TIME and _well_looked_after(case),
    ),
    Telling(
        N_("Acknowledged late"),
        lambda case, calendar, today: case.answered_late(calendar) and not case.was_lost(calendar, today),
    ),
    Telling(
        N_("Rejected by the wrong province, sent on to the right one"),
        lambda case, calendar, today: case.rejected_on is not None and case.arrived_on is not None,
    ),
    Telling(
        N_("Did not arrive, and was sent once more"),
        lambda case, calendar, today: case.missed_on is not None and case.arrived_on is not None,
    ),
    Telling(
        N_("Sent to the wrong province, and redirected on the way"),
        lambda case, calendar, today: case.redirected_on is not None and case.arrived_on is not None,
    ),
    Telling(
        N_("First in a reception centre, then home"),
        lambda case, calendar, today: case.admitted_on is not None and case.arrived_on is not None,
    ),
    Telling(
        N_("Handed over a second time: possibly trafficked again"),
        lambda case, calendar, today: case.ended == RE_IDENTIFIED,
    ),
    Telling(
        N_("Searched for, and closed by a supervisor"),
        lambda case, calendar, today: case.ended == Ending.CLOSED,
    ),
    Telling(
        N_("Lost between two offices, and found"),
        lambda case, calendar, today: case.was_lost(calendar, today) and case.answered_on is not None,
    ),
    Telling(
        N_("Lost between two offices, and still searched for"),
        lambda case, calendar, today: case.was_lost(calendar, today) and case.answered_on is None and not case.ended,
    ),
    Telling(
        N_("Arrived, and nobody looked again after three years"),
        lambda case, calendar, today: (
            case.arrived_on is not None and MONTHS_3 in case.visits and YEARS_3 not in case.visits
        ),
    ),
)


def chosen(cases: Sequence[Case], calendar: WorkingCalendar, today: date) -> list[tuple[Telling, Case]]:
    """One case for each telling that has one; no case is told twice."""
    told: list[tuple[Telling, Case]] = []
    for telling in TELLINGS:
        taken = {case.case_id for _, case in told}
        fitting = (case for case in cases if case.case_id not in taken and telling.fits(case, calendar, today))
        if (case := next(fitting, None)) is not None:
            told.append((telling, case))
    return told


async def tell(offices: AioOfficeCalls, case: Case, _: Texts) -> list[str]:
    """The history of a case, a line for each step, oldest first, as `homeward case history` tells it."""
    custody = await offices.call(
        offices.stubs.custody.GetCustody, NATIONAL_SUPERVISOR, custody_pb2.GetCustodyRequest(case=case.case_id)
    )
    request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case.case_id, include_done=True))
    follow_ups = await offices.call(offices.stubs.visits.ListFollowUps, NATIONAL_SUPERVISOR, request)
    lines = story(custody.custody, follow_ups.follow_ups, _)
    return [f"{line.when.partition(' ')[0]}  {line.text}" for line in lines]
