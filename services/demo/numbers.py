"""The numbers of the end: what the driver did, what the services answer, what the databases hold, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import searches_pb2, transfers_pb2
from homeward.intake.v1 import reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import code_of, number_of
from services.chassis.country.offices import NATIONAL_SUPERVISOR
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.deadlines import OVERDUE_AFTER_DAYS, is_past
from services.client.texts import N_
from services.demo.behaviour import Answer, Ending, Slip
from services.demo.driver import KIND_OF_RULE, MONTHS_3, RE_IDENTIFIED, YEARS_3, Case, Driver
from services.demo.office_calls import AioOfficeCalls
from services.demo.watch import WATCHING, Watch

Numbers = Mapping[str, int]
"""By the keys of LABELS."""

LABELS: Final[Mapping[str, str]] = {
    "received": N_("Received"),
    "identified": N_("Identified as victims"),
    "declined": N_("Declined to be identified"),
    "not_identified": N_("Not identified"),
    "in_process": N_("Still being identified"),
    "transferred": N_("Sent home to a support agency"),
    "at_home": N_("At home already, without a transfer"),
    "rejected": N_("Rejected by the wrong province, sent on"),
    "accepted": N_("Accepted before the arrival"),
    "redirected": N_("Redirected while on the way"),
    "not_arrived": N_("Reported as not arrived, sent once more"),
    "admitted": N_("Stayed in a reception centre first"),
    "in_time": N_("Arrival acknowledged in time"),
    "late": N_("Arrival acknowledged late"),
    "lost": N_("Lost between two offices at some time"),
    "found": N_("  of them found again"),
    "elsewhere": N_("    by luck, at an office that nobody thought of"),
    "denied": N_("  Said to be at a wrong office, which denied it"),
    "re_identified": N_("  of them handed over again, and gone on as a new case"),
    "given_up": N_("  of them closed by a supervisor with a reason"),
    "still_lost": N_("  of them still searched for"),
    "3m_in_time": N_("Looked at after 3 months, in time"),
    "3m_late": N_("Looked at after 3 months, late"),
    "3m_never": N_("Not looked at after 3 months"),
    "3y_in_time": N_("Looked at after 3 years, in time"),
    "3y_late": N_("Looked at after 3 years, late"),
    "3y_never": N_("Not looked at after 3 years"),
    "overdue": N_("Follow-ups overdue now"),
    "closed": N_("Closed"),
    "died": N_("  of them because they died before they were sent on"),
    "twice": N_("  of them because somebody was registered a second time"),
    "sent_again": N_("Lists sent a second time, and refused"),
    "closed_too_soon": N_("Files closed by the sender while she travelled, and refused"),
    "taken_back": N_("Visits recorded for the wrong person, and taken back"),
    "came_later": N_("Reported as not arrived, and arrived all the same"),
    "withdrawn": N_("Rejected by mistake, and taken back"),
    "forgotten": N_("Searched for since nobody sent them on"),
    "kin": N_("Pairs of relatives who should stay together"),
    "parted": N_("  of them apart at some time"),
    "merged": N_("Agencies that ended, and left all to another one"),
    "FOLLOW_UP": N_("Open: followed up at home"),
    "SEARCH": N_("Open: searched for"),
    "IN_TRANSIT": N_("Open: on the way"),
    "REJECTED": N_("Open: rejected"),
    "REGISTERED": N_("Open: registered"),
    "ADMITTED": N_("Open: in a facility"),
    "DISCHARGED": N_("Open: left the facility"),
    "ARRIVED": N_("Open: arrived, follow-up not confirmed"),
    "fired_late": N_("Deadlines that passed unnoticed for an hour"),
}
OPEN_PHASES: Final = (
    "FOLLOW_UP",
    "SEARCH",
    "IN_TRANSIT",
    "REJECTED",
    "REGISTERED",
    "ADMITTED",
    "DISCHARGED",
    "ARRIVED",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A number by its three sources; None where a source does not tell it."""

    key: str
    driven: int | None
    told: int | None
    stored: int | None

    @property
    def agrees(self) -> bool:
        """Whether all that tell it tell the same."""
        return len({number for number in (self.driven, self.told, self.stored) if number is not None}) <= 1

    @property
    def number(self) -> int:
        """The number: what is stored counts."""
        return next((each for each in (self.stored, self.told, self.driven) if each is not None), 0)


def lines(driven: Numbers, told: Numbers, stored: Numbers) -> list[Line]:
    """The three side by side, in the order of LABELS; open phases without anybody are left out."""
    found = [Line(key, driven.get(key), told.get(key), stored.get(key)) for key in LABELS]
    return [line for line in found if line.key not in OPEN_PHASES or line.number or not line.agrees]


def unaccounted(numbers: Numbers) -> int:
    """Received, less closed and open by phase: nobody may be left."""
    return numbers["received"] - numbers["closed"] - sum(numbers.get(phase, 0) for phase in OPEN_PHASES)


# What the driver believes ---------------------------------------------------------------------


def of_driver(driver: Driver, calendar: WorkingCalendar, today: date, *, unbroken: bool) -> Numbers:
    """Counted from the plans and from what was done, without asking anybody.

    `unbroken`: the demonstration did not break off; business time stood still for no deadline then.
    """
    cases, twice = list(driver.cases.values()), len(driver.twice)
    identified = Counter(case.identification for case in cases)
    between = [case for case in cases if case.was_lost(calendar, today)]
    again = [case for case in cases if case.ended == RE_IDENTIFIED]
    elsewhere = sum(1 for case in cases if case.found_on is not None)
    forgotten = [case for case in cases if case.was_forgotten]
    found = sum(1 for case in between if case.answered_on is not None or case.found_on is not None)
    answered = [case for case in cases if case.answered_on is not None]
    late = sum(1 for case in answered if case.answered_late(calendar))
    searched = sum(1 for case in between if case.arrived_on is None and not case.ended)
    closed = sum(1 for case in cases if case.is_over) + twice + elsewhere
    admitted = sum(1 for case in cases if case.admitted_on is not None)
    return {
        "received": len(cases) + twice + elsewhere,
        "identified": identified["IDENTIFIED"],
        "declined": identified["DECLINED"],
        "not_identified": identified["NOT_IDENTIFIED"],
        "in_process": identified["IN_PROCESS"] + twice + elsewhere,
        "transferred": sum(1 for case in cases if case.journeys),
        "at_home": sum(1 for case in cases if case.plan.answer is Answer.AT_HOME and case.arrived_on is not None),
        "rejected": sum(1 for case in cases if case.rejected_on is not None),
        "accepted": sum(case.accepted for case in cases),
        "redirected": sum(1 for case in cases if case.redirected_on is not None),
        "not_arrived": sum(1 for case in cases if case.missed_on is not None),
        "admitted": admitted,
        "in_time": len(answered) - late + admitted,
        "late": late,
        "lost": len({case.case_id for case in (*between, *again, *forgotten)}),
        "found": found,
        "elsewhere": elsewhere,
        "denied": sum(case.denied for case in cases),
        "re_identified": len(again),
        "given_up": sum(1 for case in cases if case.ended == Ending.CLOSED),
        "still_lost": searched,
        **_visits_of_driver(cases, MONTHS_3, "3m"),
        **_visits_of_driver(cases, YEARS_3, "3y"),
        "overdue": sum(_overdue_of(case, today) for case in cases),
        "closed": closed,
        "died": sum(1 for case in cases if case.ended == Slip.DIED),
        "twice": twice,
        "sent_again": driver.refused_again,
        "closed_too_soon": sum(case.refused_closings for case in cases),
        "taken_back": sum(case.taken_back for case in cases),
        "came_later": sum(case.came_later for case in cases),
        "withdrawn": sum(case.withdrawn for case in cases),
        "forgotten": len(forgotten),
        "kin": len(driver.kin),
        "parted": sum(1 for one, other in driver.kin if one.journeys or other.journeys),
        "merged": len(driver.merged),
        "FOLLOW_UP": sum(1 for case in cases if case.arrived_on is not None and not case.is_over),
        "SEARCH": searched,
        **({"fired_late": 0} if unbroken else {}),
    }


def _visits_of_driver(cases: Sequence[Case], kind: str, name: str) -> Numbers:
    arrived = [case for case in cases if case.arrived_on is not None]
    visited = [case for case in arrived if kind in case.visits]
    late = sum(1 for case in visited if is_past(case.visit_due(kind), case.visits[kind]))
    return {
        f"{name}_in_time": len(visited) - late,
        f"{name}_late": late,
        f"{name}_never": len(arrived) - len(visited),
    }


def _overdue_of(case: Case, today: date) -> int:
    if case.arrived_on is None or case.is_over:
        return 0
    # A later look ends an earlier one that was never made.
    done = {MONTHS_3, YEARS_3} if YEARS_3 in case.visits else case.visits.keys()
    open_kinds = [(rule, kind) for rule, kind in KIND_OF_RULE.items() if kind not in done]
    return sum((today - case.visit_due(kind)).days >= OVERDUE_AFTER_DAYS[rule] for rule, kind in open_kinds)


# What the services tell the national supervisor -----------------------------------------------


async def of_services(offices: AioOfficeCalls) -> Numbers:
    """Counted from the lists of the public API."""
    cases = [
        case async for case in _each(offices, offices.stubs.reading.ListCases, reading_pb2.ListCasesRequest(), "cases")
    ]
    identified = Counter(code_of(types_pb2.IdentificationStatus, case.identification) for case in cases)
    phases = Counter(code_of(types_pb2.CasePhase, case.phase) for case in cases)
    closed = phases.pop("CLOSED", 0)
    return {
        "received": len(cases),
        "identified": identified["IDENTIFIED"],
        "declined": identified["DECLINED"],
        "not_identified": identified["NOT_IDENTIFIED"],
        "in_process": identified["IN_PROCESS"],
        **await _transfers_told(offices),
        **await _follow_ups_told(offices),
        "closed": closed,
        **{phase: phases.get(phase, 0) for phase in OPEN_PHASES},
    }


async def _each(offices: AioOfficeCalls, method: Any, request: Any, name: str) -> Any:
    async for page in offices.pages(method, NATIONAL_SUPERVISOR, request):
        for one in getattr(page, name):
            yield one


async def _transfers_told(offices: AioOfficeCalls) -> Numbers:
    by_state = {}
    for state in types_pb2.TransferState.values():
        if state == types_pb2.TRANSFER_STATE_UNSPECIFIED:
            continue
        request = transfers_pb2.ListTransfersRequest(state=state)
        found = _each(offices, offices.stubs.transfers.ListTransfers, request, "transfers")
        by_state[state] = [transfer async for transfer in found]
    everything = [transfer for each in by_state.values() for transfer in each]
    acknowledged = by_state[types_pb2.TRANSFER_STATE_ACKNOWLEDGED]
    late = sum(1 for transfer in acknowledged if transfer.overdue)
    searches = _each(offices, offices.stubs.searches.ListLost, searches_pb2.ListLostRequest(), "searches")
    return {
        "transferred": len({transfer.case_id for transfer in everything if transfer.departed_on}),
        "rejected": len({transfer.case_id for transfer in by_state[types_pb2.TRANSFER_STATE_REJECTED]}),
        "accepted": sum(1 for transfer in everything if transfer.HasField("accept_time")),
        "redirected": len(by_state[types_pb2.TRANSFER_STATE_REDIRECTED]),
        "not_arrived": len(by_state[types_pb2.TRANSFER_STATE_NOT_ARRIVED]),
        "in_time": len(acknowledged) - late,
        "late": late,
        "still_lost": len([search async for search in searches]),
    }


async def _follow_ups_told(offices: AioOfficeCalls) -> Numbers:
    request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(include_done=True))
    found = [one async for one in _each(offices, offices.stubs.visits.ListFollowUps, request, "follow_ups")]
    numbers: dict[str, int] = {}
    for kind, name in ((MONTHS_3, "3m"), (YEARS_3, "3y")):
        wanted = number_of(types_pb2.FollowUpKind, kind)
        of_kind = [one for one in found if one.kind == wanted]
        recorded = [one for one in of_kind if one.state == types_pb2.FOLLOW_UP_STATE_RECORDED]
        late = sum(1 for one in recorded if one.visited_on > one.due_on)
        numbers |= {
            f"{name}_in_time": len(recorded) - late,
            f"{name}_late": late,
            f"{name}_never": len(of_kind) - len(recorded),
        }
    overdue_request = visits_pb2.ListOverdueFollowUpsRequest()
    board = _each(offices, offices.stubs.visits.ListOverdueFollowUps, overdue_request, "follow_ups")
    overdue = [one async for one in board if one.state == types_pb2.FOLLOW_UP_STATE_OVERDUE]
    return {**numbers, "overdue": sum(1 for one in overdue if one.rule in KIND_OF_RULE)}


# What the databases hold ----------------------------------------------------------------------

_CASES: Final = "SELECT identification, count(*) FROM intake_case GROUP BY identification"
_TRANSFERS: Final = """
    SELECT
        (SELECT count(DISTINCT case_id) FROM transfer WHERE departed_on IS NOT NULL),
        (SELECT count(*) FROM custody_segment WHERE cause = 'HOME_RECORDED'),
        (SELECT count(DISTINCT case_id) FROM transfer WHERE state = 'REJECTED'),
        (SELECT count(*) FROM transfer WHERE accepted_at IS NOT NULL),
        (SELECT count(*) FROM transfer WHERE state = 'REDIRECTED'),
        (SELECT count(*) FROM transfer WHERE state = 'NOT_ARRIVED'),
        (SELECT count(DISTINCT case_id) FROM custody_segment WHERE cause = 'ADMITTED'),
        (SELECT count(*) FROM transfer WHERE state = 'ACKNOWLEDGED' AND NOT late),
        (SELECT count(*) FROM transfer WHERE state = 'ACKNOWLEDGED' AND late),
        (SELECT count(DISTINCT case_id) FROM search),
        (SELECT count(DISTINCT case_id) FROM search WHERE resolution = 'FOUND'),
        (SELECT count(DISTINCT case_id) FROM search WHERE resolution = 'RE_IDENTIFIED'),
        (SELECT count(DISTINCT case_id) FROM search WHERE resolution = 'CLOSED'),
        (SELECT count(*) FROM search WHERE resolved_at IS NULL),
        (SELECT count(*) FROM reappearance WHERE state = 'CONFIRMED' AND NOT at_border),
        (SELECT count(*) FROM found_claim WHERE state = 'DENIED'),
        (SELECT count(*) FROM transfer t WHERE state = 'ACKNOWLEDGED' AND EXISTS (
            SELECT 1 FROM transfer_answer a
            WHERE a.transfer_id = t.id AND a.kind = 'NOT_ARRIVED' AND a.taken_back_at IS NULL)),
        (SELECT count(*) FROM transfer_answer WHERE taken_back_at IS NOT NULL),
        (SELECT count(*) FROM search WHERE reason = 'NOT_SENT_ON'),
        (SELECT count(*) FROM relative WHERE case_id < other_case_id AND keep_together),
        (SELECT count(DISTINCT (case_id, other_case_id)) FROM parting),
        (SELECT count(*) FROM office_end)
"""
_TRANSFER_KEYS: Final = (
    "transferred",
    "at_home",
    "rejected",
    "accepted",
    "redirected",
    "not_arrived",
    "admitted",
    "in_time",
    "late",
    "lost",
    "found",
    "re_identified",
    "given_up",
    "still_lost",
    "elsewhere",
    "denied",
    "came_later",
    "withdrawn",
    "forgotten",
    "kin",
    "parted",
    "merged",
)
_PHASES: Final = "SELECT phase, count(*) FROM custody GROUP BY phase"
_VISITS: Final = """
    SELECT
        kind,
        count(*) FILTER (WHERE state = 'RECORDED' AND visited_on <= due_on),
        count(*) FILTER (WHERE state = 'RECORDED' AND visited_on > due_on),
        count(*) FILTER (WHERE state <> 'RECORDED'),
        count(*) FILTER (WHERE state = 'OPEN' AND due_on + overdue_after_days <= %s)
    FROM follow_up GROUP BY kind
"""


_CLOSED_FOR: Final = "SELECT count(*) FROM closing WHERE reason = %s AND reopened_at IS NULL"
_TAKEN_BACK: Final = "SELECT count(*) FROM entry WHERE state = 'TAKEN_BACK'"
_FIRED_LATE: Final = "SELECT count(*) FROM obligation WHERE late"


async def of_databases(watch: Watch, today: date) -> Numbers:
    """Counted in the tables of the services."""
    identified = dict(await watch.rows("intake", _CASES))
    phases = dict(await watch.rows("handover", _PHASES))
    visits = {row[0]: row[1:] for row in await watch.rows("followup", _VISITS, [today])}
    fired_late = [(await watch.rows(service, _FIRED_LATE))[0][0] for service in WATCHING]
    none = (0, 0, 0, 0)
    numbers: dict[str, int] = {}
    for kind, name in ((MONTHS_3, "3m"), (YEARS_3, "3y")):
        in_time, late, never, _ = visits.get(kind, none)
        numbers |= {f"{name}_in_time": in_time, f"{name}_late": late, f"{name}_never": never}
    return {
        "received": sum(identified.values()),
        "identified": identified.get("IDENTIFIED", 0),
        "declined": identified.get("DECLINED", 0),
        "not_identified": identified.get("NOT_IDENTIFIED", 0),
        "in_process": identified.get("IN_PROCESS", 0),
        **dict(zip(_TRANSFER_KEYS, (await watch.rows("handover", _TRANSFERS))[0], strict=True)),
        **numbers,
        "overdue": sum(visits.get(kind, none)[3] for kind in (MONTHS_3, YEARS_3)),
        "closed": phases.get("CLOSED", 0),
        "died": (await watch.rows("handover", _CLOSED_FOR, ["DIED"]))[0][0],
        "twice": (await watch.rows("handover", _CLOSED_FOR, ["REGISTERED_TWICE"]))[0][0],
        "taken_back": (await watch.rows("followup", _TAKEN_BACK))[0][0],
        **{phase: phases.get(phase, 0) for phase in OPEN_PHASES},
        "fired_late": sum(fired_late),
    }
