"""What happened to a few cases, step by step, as a supervisor reads it from the services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from homeward.followup.v1 import followup_pb2
from homeward.handover.v1 import handover_pb2
from homeward.type.v1 import types_pb2
from services.chassis.directory import NATIONAL_SUPERVISOR
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.cli.demo.behaviour import Answer, Look
from services.cli.demo.counters import Counters
from services.cli.demo.driver import MONTHS_3, YEARS_3, Case
from services.cli.launcher.launcher import Translate
from services.cli.texts import N_


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
        N_("Lost between two offices, and found"),
        lambda case, calendar, today: case.was_lost(calendar, today) and case.answered_on is not None,
    ),
    Telling(
        N_("Lost between two offices, and still searched for"),
        lambda case, calendar, today: case.was_lost(calendar, today) and case.answered_on is None,
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


async def tell(counters: Counters, case: Case, calendar: WorkingCalendar, today: date, t: Translate) -> list[str]:
    """The history of a case, a line for each step, in the order of time.

    The services tell everything but two days, which the driver knows: that of a rejection, and that on which somebody
    who was found later had been called lost.
    """
    custody = await counters.call(
        counters.handover.GetCustody, NATIONAL_SUPERVISOR, handover_pb2.GetCustodyRequest(case=case.case_id)
    )
    request = followup_pb2.ListFollowUpsRequest(case=case.case_id, include_done=True)
    follow_ups = await counters.call(counters.followup.ListFollowUps, NATIONAL_SUPERVISOR, request)
    steps = [*_segments(custody.custody, t), *_journeys(custody.custody, case, t), *_looks(follow_ups.follow_ups, t)]
    if case.was_lost(calendar, today):
        called = t("called lost: a search is opened, supervisors are told")
        steps.append((case.lost_from(calendar).isoformat(), 0, called))
    lines = [f"{day}  {text}" for day, _, text in sorted(steps, key=lambda step: step[:2])]
    return [*lines, *await _ending(counters, custody.custody, t)]


Step = tuple[str, int, str]
"""Local day, place among the steps of that day, text."""


def _day(stamp: Any) -> str:
    instant: datetime = stamp.ToDatetime(tzinfo=UTC)
    return local_date(instant).isoformat()


def _segments(custody: handover_pb2.Custody, t: Translate) -> list[Step]:
    texts = {
        types_pb2.CUSTODY_CAUSE_REGISTERED: N_("{office} received and registered the person, and answers for her"),
        types_pb2.CUSTODY_CAUSE_ARRIVED: N_("{office} acknowledged the arrival, and answers for her from now on"),
        types_pb2.CUSTODY_CAUSE_HOME_RECORDED: N_("{office} recorded that she is at home"),
        types_pb2.CUSTODY_CAUSE_REOPENED: N_("{office} opened the case again"),
    }
    steps = [
        (_day(segment.start_time), 2, t(texts[segment.cause], office=segment.office_id))
        for segment in custody.segments
        if segment.cause in texts
    ]
    last = custody.segments[-1]
    if custody.phase == types_pb2.CASE_PHASE_CLOSED and last.HasField("end_time"):
        steps.append((_day(last.end_time), 9, t("{office} closed the case", office=last.office_id)))
    return steps


def _journeys(custody: handover_pb2.Custody, case: Case, t: Translate) -> list[Step]:
    steps: list[Step] = []
    for transfer in custody.transfers:
        expected = transfer.expected_arrival_on
        sent = t(
            "{sender} sent her to {office}, expected there on {date}",
            sender=transfer.from_office_id,
            office=transfer.to_office_id,
            date=expected,
        )
        steps.append((transfer.departed_on, 3, sent))
        if transfer.state == types_pb2.TRANSFER_STATE_REJECTED:
            text = t("{office} rejected: she does not belong to this province", office=transfer.to_office_id)
            steps.append(((case.rejected_on or case.expected_on).isoformat(), 4, text))
        elif transfer.overdue:
            text = t("last day for the acknowledgement; {office} keeps silent", office=transfer.to_office_id)
            steps.append((transfer.acknowledge_due_on, 5, text))
        if transfer.arrived_on:
            text = t("day of the arrival, as {office} says", office=transfer.to_office_id)
            steps.append((transfer.arrived_on, 1, text))
    return steps


def _looks(follow_ups: Sequence[followup_pb2.FollowUp], t: Translate) -> list[Step]:
    steps: list[Step] = []
    for one in follow_ups:
        after = t("3 months") if one.kind == types_pb2.FOLLOW_UP_KIND_MONTHS_3 else t("3 years")
        if one.visited_on:
            text = (
                N_("{office} looked again after {after}, late: it was due on {date}")
                if one.visited_on > one.due_on
                else N_("{office} looked again after {after}, in time: it was due on {date}")
            )
            steps.append((one.visited_on, 6, t(text, office=one.office_id, after=after, date=one.due_on)))
        else:
            text = t("{office} was to look again after {after}, and never did", office=one.office_id, after=after)
            steps.append((one.due_on, 6, text))
            if one.lost:
                steps.append((one.due_on, 7, t("later called lost to follow-up")))
    return steps


async def _ending(counters: Counters, custody: handover_pb2.Custody, t: Translate) -> list[str]:
    """How it stands now, for a case that is open."""
    if custody.phase == types_pb2.CASE_PHASE_SEARCH:
        search = await _search_of(counters, custody.case_id)
        if search is not None:
            return [
                t(
                    "now: searched for since {date}, {days} days; {office} answers for her; escalated {times} times",
                    date=_day(search.open_time),
                    days=search.age_days,
                    office=search.accountable_office_id,
                    times=search.escalation_level,
                )
            ]
    if custody.phase == types_pb2.CASE_PHASE_FOLLOW_UP:
        return [t("now: open; {office} answers for her", office=custody.accountable_office_id)]
    return []


async def _search_of(counters: Counters, case_id: str) -> handover_pb2.Search | None:
    request = handover_pb2.ListLostRequest()
    async for page in counters.pages(counters.handover.ListLost, NATIONAL_SUPERVISOR, request):
        for search in page.searches:
            if search.case_id == case_id:
                found: handover_pb2.Search = search
                return found
    return None
