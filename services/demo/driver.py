"""Plays the year and the three years after it: offices act on their days, the clock moves from deadline to deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import searches_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.clock import OffsetClock, move_clock
from services.chassis.country.directory import Directory
from services.chassis.country.offices import NATIONAL_SUPERVISOR
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.client.refusals import APPROVAL_NEEDED
from services.client.tokens import PLAYER
from services.demo import care_requests, requests
from services.demo.agenda import Agenda, next_stop
from services.demo.behaviour import (
    DECLINED,
    MERGED_AFTER_DAYS,
    SENT_TWICE_EACH,
    Answer,
    Care,
    CasePlan,
    Detour,
    Ending,
    FollowUpPlan,
    Slip,
    acknowledge_due_on,
    merging,
    three_months_due_on,
    three_years_due_on,
)
from services.demo.days import next_office_day, next_visiting_day
from services.demo.journal import Journal
from services.demo.office_calls import AioOfficeCalls
from services.demo.population import Submission
from services.demo.watch import WATCHING, Watch

ADMIN: Final = "ADMIN-NATIONAL"
SUNDAY: Final = 6
AT_ONCE: Final = 16
"""Offices that call at the same moment."""
SUPERVISION_DAYS: Final = 7
LOST_CHASED_FROM_DAYS: Final = 14
"""So long a search is open before the supervisor telephones."""
FOLLOW_UP_CHASED_FROM_DAYS: Final = 28
"""So long after its due date an overdue follow-up makes the supervisor telephone."""
LOST_AFTER_DAYS: Final = 7
"""After the last day for the acknowledgement: the kernel's TRANSFER_LOST."""
AFTERMATH_DAYS: Final = 100
"""After the last follow-up is due: until it is overdue, lost to follow-up, and whoever gives in has recorded it."""
MONTHS_3: Final = "MONTHS_3"
YEARS_3: Final = "YEARS_3"
KIND_OF_RULE: Final[Mapping[str, str]] = {"FOLLOW_UP_3M": MONTHS_3, "FOLLOW_UP_3Y": YEARS_3}
SAID_BEFORE_VISIT: Final = (("RESEARCH", "GIVEN", 55), ("COLLABORATOR", "GIVEN", 55), ("COLLABORATOR", "WITHDRAWN", 35))
"""Of what somebody says: purpose, state, and so many days before the first visit is due."""
PUT_OFF_BEFORE_DAYS: Final = 25
PUT_OFF_DAYS: Final = 7
"""So much later than it was due: not beyond the day before it would be overdue."""
ANSWER: Final = "answer"
RESOLVE: Final = "resolve"
RESOLVED_FROM_DAYS: Final = 28
"""So long a search is open before the supervisor goes after it herself."""
RE_IDENTIFIED_AFTER_DAYS: Final = 2
RE_IDENTIFIED: Final = "RE_IDENTIFIED"
ALREADY_REGISTERED: Final = "ALREADY_REGISTERED"
PERSON_IS_AWAITED: Final = "PERSON_IS_AWAITED"
"""What the services answer to a list that comes twice, and to a file that is closed while she travels."""


ASK_SHORTLY: Final = frozenset({Role.BORDER_POST, Role.COMMUNE})
"""Who asks two questions about a home; centres and agencies ask all."""
SECOND: Final = "second"
"""Who says as well that somebody under 18 may go."""


@dataclass
class Case:
    """A case as the driver believes it to stand; held against the services at the end.

    `sent_to` and `expected_on` are of the last journey, `office_id` is the office that sends her. `accepted` counts
    the journeys that were accepted. `gone_on`: handed over again at a border. `ended`: how a search ended the case, or
    what ended it before she was home. `found_on`: when she turned up where nobody expected her. `refused_closings` and
    `taken_back` count what was refused, and put right; `came_later`, `withdrawn` and `denied` wrong answers and claims.
    `home_id`: the office that looks after her. `wishes_version`: of her wishes, as it was told last; 0 for none.
    `visits` are days by kind, `visit_due` the days they were due.
    """

    plan: CasePlan
    case_id: str
    number: str
    identification: str = "IN_PROCESS"
    journeys: int = 0
    sent_to: str = ""
    expected_on: date = date.min
    office_id: str = ""
    accepted: int = 0
    rejected_on: date | None = None
    missed_on: date | None = None
    redirected_on: date | None = None
    admitted_on: date | None = None
    gone_on: date | None = None
    ended: str = ""
    answered_on: date | None = None
    arrived_on: date | None = None
    visits: dict[str, date] = field(default_factory=dict)
    closed: bool = False
    found_on: date | None = None
    refused_closings: int = 0
    taken_back: int = 0
    came_later: int = 0
    withdrawn: int = 0
    denied: int = 0
    home_id: str = ""
    wishes_version: int = 0

    def __post_init__(self) -> None:
        self.home_id = self.home_id or self.plan.home_office_id

    def visit_due(self, kind: str) -> date:
        """When a follow-up of somebody who arrived is due."""
        assert self.arrived_on is not None
        return three_months_due_on(self.arrived_on) if kind == MONTHS_3 else three_years_due_on(self.arrived_on)

    def answered_late(self, calendar: WorkingCalendar) -> bool:
        """Whether the last journey was acknowledged after its last day."""
        return self.answered_on is not None and self.answered_on > acknowledge_due_on(self.expected_on, calendar)

    def lost_from(self, calendar: WorkingCalendar) -> date:
        """The first day on which somebody on this journey is called lost."""
        return acknowledge_due_on(self.expected_on, calendar) + timedelta(days=LOST_AFTER_DAYS + 1)

    def was_lost(self, calendar: WorkingCalendar, today: date) -> bool:
        """Whether a search was ever opened."""
        if self.journeys == 0:
            return False
        return (self.answered_on or self.found_on or self.gone_on or today) >= self.lost_from(calendar)

    @property
    def was_forgotten(self) -> bool:
        """Whether she was searched for since nobody sent her on."""
        return self.plan.slip is Slip.NOT_SENT_ON and self.journeys > 0

    @property
    def is_over(self) -> bool:
        """Closed, by the agency or by the end of a search."""
        return self.closed or bool(self.ended)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it is."""

    today: date
    received: int
    on_the_way: int
    arrived: int
    lost: int
    visits: int
    overdue: int
    closed: int


@dataclass(frozen=True, slots=True)
class Task:
    """Something that an office does; those with the same key are done one after the other."""

    key: str
    run: Callable[[], Awaitable[None]]


class Driver:
    """One run of the demonstration."""

    def __init__(
        self,
        year: Sequence[Submission],
        plans: Sequence[CasePlan],
        seed: int,
        *,
        offices: AioOfficeCalls,
        watch: Watch,
        clock_file: Path,
        journal: Journal,
        directory: Directory,
        calendar: WorkingCalendar,
        show: Callable[[Tally], None],
    ) -> None:
        self._seed = seed
        self._plans = {plan.key: plan for plan in plans}
        self._offices = offices
        self._watch = watch
        self._clock_file = clock_file
        self._clock = OffsetClock(clock_file)
        self._journal = journal
        self._directory = directory
        self._calendar = calendar
        self._show = show
        self._agenda: Agenda[Task] = Agenda()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._lost = 0
        self._overdue = 0
        self._until = local_date(year[-1].returned_at) + timedelta(days=AFTERMATH_DAYS)
        self.cases: dict[str, Case] = {}
        self._by_key: dict[str, Case] = {}
        self._earlier, self._gone_on = _reappearances(year)
        self.moves = 0
        self.calls = 0
        self.refused_again = 0
        self.twice: list[str] = []
        self.elsewhere: list[str] = []
        self.kin: list[tuple[Case, Case]] = []
        self.merged: dict[str, str] = {}
        for one in year:
            self._put(local_date(one.returned_at), f"submission {one.number}", self._receive, one)
        first = local_date(year[0].returned_at)
        if (ends := merging(plans)) is not None:
            self._put(_sunday(first + timedelta(days=MERGED_AFTER_DAYS)), "merging", self._merge, *ends)
        self._put(next_visiting_day(first + timedelta(days=SUPERVISION_DAYS)), "supervisor", self._supervise, first)

    @property
    def now(self) -> datetime:
        """Business time."""
        return self._clock.now()

    @property
    def today(self) -> date:
        """The local day of business time."""
        return local_date(self.now)

    async def run(self) -> None:
        """Play to the end. Raises RpcFailure, HeldUp."""
        deadline_at = await self._watch.next_deadline()
        while stop := next_stop(deadline_at, self._agenda.next_day):
            if stop.at > self.now:
                move_clock(self._clock_file, to=stop.at)
                self.moves += 1
            if stop.works:
                await self._work(local_date(stop.at))
                await self._watch.until_quiet(self.now, among=WATCHING)
            deadline_at = await self._watch.until_fired(stop.at)
            self._show(self._tally())
        await self._watch.until_quiet(self.now)

    def _tally(self) -> Tally:
        cases = self.cases.values()
        return Tally(
            today=self.today,
            received=len(cases),
            on_the_way=sum(1 for one in cases if one.sent_to and one.arrived_on is None and not one.is_over),
            arrived=sum(1 for one in cases if one.arrived_on is not None),
            lost=self._lost,
            visits=sum(len(one.visits) for one in cases),
            overdue=self._overdue,
            closed=sum(1 for one in cases if one.is_over),
        )

    # The work of a day --------------------------------------------------------------------------

    async def _work(self, day: date) -> None:
        by_key: dict[str, list[Task]] = {}
        for task in self._agenda.take(day):
            by_key.setdefault(task.key, []).append(task)
        async with asyncio.TaskGroup() as group:
            for tasks in by_key.values():
                group.create_task(self._in_order(tasks))

    async def _in_order(self, tasks: Sequence[Task]) -> None:
        async with self._at_once:
            for task in tasks:
                await task.run()

    def _put(self, day: date, key: str, do: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Put something on the agenda: `do` is called with the arguments and the day."""
        self._agenda.add(day, Task(key, partial(do, *arguments, day)))

    def _put_for(self, case: Case, day: date, do: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Put something on the agenda of a case; who is handed over again is looked after under the new one."""
        gone_on = self._gone_on.get(case.plan.key)
        if gone_on is None or day < gone_on:
            self._put(day, case.plan.key, do, case, *arguments)

    async def _call(self, method: Any, office_id: str, request: Any, *, who: str = PLAYER) -> Any:
        self.calls += 1
        return await self._offices.call(method, self._acting(office_id), request, who=who)

    async def _by_others(self, method: Any, office_id: str, request: Any) -> Any:
        """Ask for what takes others, have it approved by each of them, and take the answer."""
        while True:
            try:
                return await self._call(method, office_id, request)
            except RpcFailure as waits:
                if waits.reason != APPROVAL_NEEDED:
                    raise
                await self._approve(waits.metadata["approval_id"], waits.metadata["offices"].split(", "), office_id)

    async def _approve(self, approval_id: str, awaited_ids: Sequence[str], asked_by_id: str) -> None:
        """One of those who are awaited approves; another person of the office that asked where nobody else is."""
        office_id = next((one for one in awaited_ids if one != asked_by_id), asked_by_id)
        approve = requests.approve(self._seed, approval_id, office_id)
        await self._call(self._offices.stubs.approvals.ApproveRequest, office_id, approve, who=SECOND)

    def _acting(self, office_id: str) -> str:
        """Whoever has the duty of an office today."""
        return self.merged.get(office_id, office_id)

    async def _merge(self, office_id: str, successor_id: str, _: date) -> None:
        """An agency ends on a day on which no office works."""
        request = requests.end_office(self._seed, office_id, successor_id)
        await self._by_others(self._offices.stubs.directory.EndOffice, ADMIN, request)
        self.merged[office_id] = successor_id

    async def _refused(self, method: Any, office_id: str, request: Any, reason: str) -> int:
        """Ask for what must not be done; 1 when it was refused for that reason. Raises RpcFailure for any other."""
        try:
            await self._call(method, office_id, request)
        except RpcFailure as refused:
            if refused.reason != reason:
                raise
            return 1
        return 0

    # Border posts, communes, support agencies: receiving and sending on -------------------------

    async def _receive(self, one: Submission, day: date) -> None:
        submissions = self._offices.stubs.submissions
        earlier = self._by_key.get(self._earlier.get(one.number, ""))
        if one.alone:
            answer = await self._call(submissions.RegisterSelfReturn, one.office_id, requests.register(self._seed, one))
        else:
            request = requests.submit(self._seed, one, earlier.number if earlier else "")
            answer = await self._call(submissions.SubmitHandover, one.office_id, request)
            if one.number % SENT_TWICE_EACH == 0:
                again = requests.submit_again(self._seed, one, earlier.number if earlier else "")
                self.refused_again += await self._refused(
                    submissions.SubmitHandover, one.office_id, again, ALREADY_REGISTERED
                )
        for entry in answer.receipt.entries:
            plan = self._plans[f"{one.number}/{entry.row}"]
            case = Case(plan, entry.case_id, entry.case_number, office_id=one.office_id)
            self.cases[case.case_id] = self._by_key[plan.key] = case
            self._plan(case)
        for entry in answer.receipt.entries:
            await self._link_kin(self.cases[entry.case_id])
        if earlier is not None:
            earlier.gone_on = day
            on = next_office_day(day + timedelta(days=RE_IDENTIFIED_AFTER_DAYS))
            self._put(on, earlier.plan.key, self._re_identify, earlier, case)

    async def _link_kin(self, case: Case) -> None:
        plan = case.plan
        if plan.kin_after == 0:
            return
        other = self._by_key[f"{plan.submission.number}/{plan.row + plan.kin_after}"]
        request = requests.link_kin(self._seed, plan, case.case_id, other.case_id)
        await self._call(self._offices.stubs.family.LinkFamily, case.office_id, request)
        self.kin.append((case, other))

    def _plan(self, case: Case) -> None:
        plan = case.plan
        if plan.identification != "IN_PROCESS":
            self._put_for(case, plan.decided_on, self._decide)
        if plan.answer is Answer.AT_HOME:
            self._put_for(case, plan.dispatched_on, self._record_home)
            return
        if plan.slip is Slip.DIED:
            self._put_for(case, next_office_day(max(plan.dispatched_on, plan.decided_on)), self._died)
            return
        self._put_for(case, plan.dispatched_on, self._dispatch, _first_office(plan))

    async def _decide(self, case: Case, day: date) -> None:
        province = self._directory.province_of(case.plan.submission.office_id, day)
        assert province is not None, "every receiving office lies in a province"
        request = requests.decide(self._seed, case.plan, case.case_id, day)
        await self._call(self._offices.stubs.identification.DecideIdentification, f"VF-{province.code}", request)
        case.identification = case.plan.identification

    async def _died(self, case: Case, day: date) -> None:
        request = requests.close_for(self._seed, case.plan.key, case.case_id, types_pb2.CLOSE_REASON_DIED)
        await self._call(self._offices.stubs.closing.CloseCase, case.office_id, request)
        case.ended = Slip.DIED

    async def _record_home(self, case: Case, day: date) -> None:
        request = requests.record_home(self._seed, case.plan, case.case_id, day)
        await self._call(self._offices.stubs.custody.RecordHome, case.home_id, request)
        self._arrived(case, day)

    async def _dispatch(self, case: Case, to_office_id: str, day: date) -> None:
        plan = case.plan
        expected_on = day + timedelta(days=plan.travel)
        journey = case.journeys + 1
        if to_office_id != plan.centre_id:
            await self._ask_about_home(case, to_office_id, journey)
        request = requests.dispatch(self._seed, plan, case.case_id, to_office_id, day, expected_on, journey)
        await self._call(self._offices.stubs.transfers.DispatchTransfer, case.office_id, request)
        case.journeys, case.sent_to, case.expected_on = journey, to_office_id, expected_on
        if plan.slip is Slip.CLOSED_TOO_SOON:
            too_soon = requests.close_for(self._seed, plan.key, case.case_id, types_pb2.CLOSE_REASON_REFUSED)
            case.refused_closings += await self._refused(
                self._offices.stubs.closing.CloseCase, case.office_id, too_soon, PERSON_IS_AWAITED
            )
        if plan.answer is Answer.REJECTS and case.rejected_on is None:
            self._put_for(case, next_office_day(expected_on + timedelta(days=plan.answered_after)), self._reject)
        elif plan.detour is Detour.STAY and case.admitted_on is None:
            self._put_for(case, next_office_day(expected_on), self._admit)
        elif plan.detour is Detour.REDIRECTED and case.redirected_on is None:
            self._put_for(case, next_office_day(day + timedelta(days=1)), self._redirect)
        elif plan.detour is Detour.NOT_ARRIVED and case.missed_on is None:
            self._put_for(case, next_office_day(expected_on), self._not_arrived)
        else:
            self._expect(case, day)

    async def _ask_about_home(self, case: Case, to_office_id: str, journey: int) -> None:
        """Before she goes home she is asked about it; of whoever is under 18 two people say that she may."""
        calls, seed = self._offices.stubs.home_safety, self._seed
        asked = (seed, case.plan, case.case_id, to_office_id, journey)
        if self._directory.office(self._acting(case.office_id)).role in ASK_SHORTLY:
            answer = await self._call(calls.RecordShortChecks, case.office_id, requests.short_check(*asked))
            [check] = answer.checks
        else:
            answer = await self._call(calls.RecordHomeSafety, case.office_id, requests.full_check(*asked))
            check = answer.check
        if check.awaits_second:
            self.calls += 1
            agreed = requests.confirm_home(seed, case.plan, check, journey)
            await self._offices.call(calls.ConfirmHomeSafety, self._acting(case.office_id), agreed, who=SECOND)

    def _expect(self, case: Case, left_on: date) -> None:
        """What the office that she is on the way to will do, and the supervisor where it does nothing."""
        plan = case.plan
        if plan.slip in _ANSWERED_WRONGLY:
            self._put_for(case, next_office_day(case.expected_on), _ANSWERED_WRONGLY[plan.slip](self))
            return
        answer_on = plan.answer_on(case.expected_on, self._calendar) or self._journal.day_of(plan.key, ANSWER)
        accept_on = next_office_day(left_on + timedelta(days=1))
        if plan.accepts and answer_on is not None and accept_on < answer_on:
            self._put_for(case, accept_on, self._accept)
        if answer_on is not None:
            self._put_for(case, answer_on, self._acknowledge)
        if (resolve_on := self._journal.day_of(plan.key, RESOLVE)) is not None:
            self._put_for(case, resolve_on, self._resolve)

    async def _redirect(self, case: Case, day: date) -> None:
        plan = case.plan
        expected_on = day + timedelta(days=plan.travel)
        request = requests.redirect(self._seed, plan, case.case_id, day, expected_on)
        await self._call(self._offices.stubs.transfers.RedirectTransfer, case.office_id, request)
        case.redirected_on, case.sent_to, case.expected_on = day, plan.home_office_id, expected_on
        self._expect(case, day)

    # Reception centres --------------------------------------------------------------------------

    async def _admit(self, case: Case, day: date) -> None:
        request = requests.acknowledge(self._seed, case.plan, case.case_id, case.expected_on, "admit")
        await self._call(self._offices.stubs.transfers.AcknowledgeTransfer, case.sent_to, request)
        case.office_id, case.admitted_on, case.sent_to = case.sent_to, day, ""
        self._put_for(case, next_office_day(day + timedelta(days=case.plan.stay_days)), self._discharge)

    async def _discharge(self, case: Case, day: date) -> None:
        plan, calls = case.plan, self._offices.stubs
        leaves_on = next_office_day(day + timedelta(days=1))
        expected_on = leaves_on + timedelta(days=plan.travel)
        planned = requests.plan_home(self._seed, plan, case.case_id, leaves_on, expected_on)
        await self._call(calls.transfers.PlanTransfer, case.office_id, planned)
        await self._call(
            calls.stays.DischargePerson, case.office_id, requests.discharge(self._seed, plan, case.case_id, day)
        )
        self._put_for(case, leaves_on, self._dispatch, plan.home_office_id)

    # Support agencies: answering and looking again ----------------------------------------------

    async def _reject(self, case: Case, day: date) -> None:
        request = requests.reject(self._seed, case.plan, case.case_id)
        await self._call(self._offices.stubs.transfers.RejectTransfer, case.sent_to, request)
        case.rejected_on = day
        self._send_again(case, day)

    async def _not_arrived(self, case: Case, day: date) -> None:
        request = requests.not_arrived(self._seed, case.plan, case.case_id)
        await self._call(self._offices.stubs.transfers.ReportNotArrived, case.sent_to, request)
        case.missed_on = day
        self._send_again(case, day)

    async def _not_there_yet(self, case: Case, day: date) -> None:
        """She did not come, says the agency; and on the next day she is there."""
        request = requests.not_arrived(self._seed, case.plan, case.case_id)
        await self._call(self._offices.stubs.transfers.ReportNotArrived, case.sent_to, request)
        case.came_later += 1
        self._put_for(case, next_office_day(day + timedelta(days=1)), self._acknowledge)

    async def _reject_by_mistake(self, case: Case, day: date) -> None:
        calls = self._offices.stubs.transfers
        await self._call(calls.RejectTransfer, case.sent_to, requests.reject(self._seed, case.plan, case.case_id))
        back = requests.take_back(self._seed, case.plan, case.case_id)
        await self._call(calls.TakeBackAnswer, case.sent_to, back)
        case.withdrawn += 1
        self._put_for(case, next_office_day(day + timedelta(days=1)), self._acknowledge)

    def _send_again(self, case: Case, day: date) -> None:
        case.sent_to = ""
        again_on = next_office_day(day + timedelta(days=case.plan.redispatched_after))
        self._put_for(case, again_on, self._dispatch, case.plan.home_office_id)

    async def _accept(self, case: Case, day: date) -> None:
        request = requests.accept(self._seed, case.plan, case.case_id, case.journeys)
        await self._call(self._offices.stubs.transfers.AcceptTransfer, case.sent_to, request)
        case.accepted += 1

    async def _acknowledge(self, case: Case, day: date) -> None:
        request = requests.acknowledge(self._seed, case.plan, case.case_id, case.expected_on)
        await self._call(self._offices.stubs.transfers.AcknowledgeTransfer, case.sent_to, request)
        case.answered_on = day
        self._arrived(case, case.expected_on)
        if case.plan.slip is Slip.REGISTERED_TWICE:
            await self._register_again(case, day)

    async def _register_again(self, case: Case, day: date) -> None:
        """She is registered a second time where she is at home; the agency finds out, and closes the second case."""
        plan, calls = case.plan, self._offices.stubs
        request = requests.register_again(self._seed, plan, day)
        answer = await self._call(calls.submissions.RegisterSelfReturn, plan.home_office_id, request)
        second = answer.receipt.entries[0].case_id
        self.twice.append(second)
        await self._watch.until_quiet(self.now)
        closing = requests.close_for(
            self._seed, f"{plan.key} again", second, types_pb2.CLOSE_REASON_REGISTERED_TWICE, case.case_id
        )
        await self._call(calls.closing.CloseCase, plan.home_office_id, closing)

    def _arrived(self, case: Case, arrived_on: date) -> None:
        case.arrived_on = arrived_on
        self._until = max(self._until, case.visit_due(YEARS_3) + timedelta(days=AFTERMATH_DAYS))
        for kind, visit in ((MONTHS_3, case.plan.three_months), (YEARS_3, case.plan.three_years)):
            visit_on = visit.visit_on(case.visit_due(kind)) or self._journal.day_of(case.plan.key, kind)
            if visit_on is not None:
                self._put_for(case, visit_on, self._visit, kind, visit)
        self._care_for(case)

    def _care_for(self, case: Case) -> None:
        """What the agency does for her besides the visits."""
        due_on = case.visit_due(MONTHS_3)
        if case.plan.care is Care.CONSENTS:
            for purpose, state, days in SAID_BEFORE_VISIT:
                self._put_for(case, next_visiting_day(due_on - timedelta(days=days)), self._says, purpose, state)
        elif case.plan.care is Care.PUT_OFF:
            on = next_visiting_day(due_on - timedelta(days=PUT_OFF_BEFORE_DAYS))
            self._put_for(case, on, self._put_off, due_on + timedelta(days=PUT_OFF_DAYS))

    async def _says(self, case: Case, purpose: str, state: str, day: date) -> None:
        # Intake may not know yet that the agency is accountable for her.
        await self._watch.until_quiet(self.now)
        request = care_requests.consent(self._seed, case.plan, case.case_id, purpose, state, day)
        await self._call(self._offices.stubs.consents.RecordConsent, case.home_id, request)

    async def _put_off(self, case: Case, due_on: date, day: date) -> None:
        request = care_requests.put_off(self._seed, case.plan, case.case_id, MONTHS_3, due_on)
        await self._call(self._offices.stubs.steps.RescheduleFollowUp, case.home_id, request)

    async def _made_safe(self, case: Case, day: date) -> None:
        """Somebody else of the office confirms what was done for her."""
        self.calls += 1
        request = care_requests.made_safe(self._seed, case.plan, case.case_id)
        method = self._offices.stubs.care.ConfirmSafetyAct
        await self._offices.call(method, self._acting(case.home_id), request, who=SECOND)

    async def _visit(self, case: Case, kind: str, visit: FollowUpPlan, day: date) -> None:
        if case.plan.slip is Slip.VISIT_IN_WRONG_CASE and kind == MONTHS_3:
            await self._visit_of_another(case, kind, day)
        if _is_written_down(case.plan, kind, visit):
            await self._write_down(case, kind, visit, day)
        else:
            request = requests.record_visit(self._seed, case.plan, case.case_id, kind, visit, day, case.wishes_version)
            await self._call(self._offices.stubs.visits.RecordFollowUp, case.home_id, request)
        case.visits[kind] = day
        if kind == YEARS_3:
            self._put_for(case, next_visiting_day(day + timedelta(days=case.plan.closed_after)), self._close)

    async def _write_down(self, case: Case, kind: str, visit: FollowUpPlan, day: date) -> None:
        plan = case.plan
        request = care_requests.visit_form(self._seed, plan, case.case_id, kind, visit, day, case.wishes_version)
        answer = await self._call(self._offices.stubs.care.RecordVisit, case.home_id, request)
        case.wishes_version = answer.wishes_version
        if answer.safety_act:
            self._put_for(case, next_office_day(day + timedelta(days=1)), self._made_safe)

    async def _visit_of_another(self, case: Case, kind: str, day: date) -> None:
        plan, calls = case.plan, self._offices.stubs
        request = requests.visit_of_another(self._seed, plan, case.case_id, kind, day)
        answer = await self._call(calls.visits.RecordFollowUp, case.home_id, request)
        back = requests.take_back_entry(self._seed, plan, case.case_id, answer.entry_number)
        await self._call(calls.entries.TakeBackEntry, case.home_id, back)
        case.taken_back += 1

    async def _close(self, case: Case, day: date) -> None:
        request = requests.close(self._seed, case.plan, case.case_id)
        await self._call(self._offices.stubs.closing.CloseCase, case.home_id, request)
        case.closed = True

    # The supervisor -----------------------------------------------------------------------------

    async def _supervise(self, _: date, day: date) -> None:
        """Read the boards, telephone those who keep silent too long, and come back in a week."""
        # The inboxes and intake's picture may lag by some days, without any harm, but not behind for ever.
        await self._watch.until_quiet(self.now)
        if day == self.today:
            # Else this is a day that was played before a crash: the boards show later things now.
            await self._read_lost(day)
            await self._read_overdue(day)
        following = day + timedelta(days=SUPERVISION_DAYS)
        if following <= self._until:
            self._put(following, "supervisor", self._supervise, day)

    async def _read_lost(self, day: date) -> None:
        self._lost = 0
        request = searches_pb2.ListLostRequest()
        async for page in self._offices.pages(self._offices.stubs.searches.ListLost, NATIONAL_SUPERVISOR, request):
            self.calls += 1
            self._lost += len(page.searches)
            for search in page.searches:
                case = self.cases.get(search.case_id)
                if case is None:
                    continue
                if search.age_days >= LOST_CHASED_FROM_DAYS and case.plan.gives_in:
                    self._chase(case, ANSWER, day, self._acknowledge)
                elif search.age_days >= RESOLVED_FROM_DAYS and case.plan.ending is not Ending.NONE:
                    self._chase(case, RESOLVE, day, self._resolve)

    async def _resolve(self, case: Case, day: date) -> None:
        """The supervisor looks herself, and ends the search; or she turns up before that."""
        plan, calls = case.plan, self._offices.stubs
        if plan.ending is Ending.LUCK:
            await self._turn_up(case, day)
            return
        await self._call(
            calls.searches.RecordSearchStep,
            NATIONAL_SUPERVISOR,
            requests.search_step(self._seed, plan, case.case_id, day),
        )
        if plan.ending is Ending.CLOSED:
            # Nobody is given up whom an office still awaits.
            recall = requests.recall(self._seed, plan, case.case_id)
            await self._call(calls.transfers.RecallTransfer, case.office_id, recall)
            given_up = requests.give_up(self._seed, plan, case.case_id)
            await self._by_others(calls.searches.ResolveSearch, NATIONAL_SUPERVISOR, given_up)
            case.ended = plan.ending
            return
        await self._say_found(case, plan.wrong_office_id, day)
        await self._call(
            calls.claims.DenyFound, plan.wrong_office_id, requests.deny_found(self._seed, plan, case.case_id)
        )
        case.denied += 1
        await self._say_found(case, plan.home_office_id, day)
        confirmed = requests.confirm_found(self._seed, plan, case.case_id, day)
        await self._call(calls.claims.ConfirmFound, plan.home_office_id, confirmed)
        case.answered_on = day
        self._arrived(case, day)

    async def _say_found(self, case: Case, office_id: str, day: date) -> None:
        said = requests.say_found(self._seed, case.plan, case.case_id, self._acting(office_id), day)
        await self._call(self._offices.stubs.searches.ResolveSearch, NATIONAL_SUPERVISOR, said)

    async def _turn_up(self, case: Case, day: date) -> None:
        """An agency where nobody expected her registers her; the post that sent her says that it is she."""
        plan, calls = case.plan, self._offices.stubs
        request = requests.register_elsewhere(self._seed, plan, day, case.number)
        answer = await self._call(calls.submissions.RegisterSelfReturn, plan.wrong_office_id, request)
        later = answer.receipt.entries[0].case_id
        self.elsewhere.append(later)
        await self._watch.until_quiet(self.now)
        confirmed = requests.confirm_return(self._seed, plan, case.case_id, later)
        await self._call(calls.returns.ConfirmReappearance, case.office_id, confirmed)
        case.found_on, case.home_id = day, plan.wrong_office_id
        self._arrived(case, day)

    async def _re_identify(self, case: Case, again: Case, day: date) -> None:
        """Who was handed over again goes on under the new case; one that had ended before needs no end."""
        if case.is_over:
            return
        request = requests.re_identify(self._seed, case.plan, case.case_id, again.case_id)
        await self._by_others(self._offices.stubs.searches.ResolveSearch, NATIONAL_SUPERVISOR, request)
        case.ended = RE_IDENTIFIED

    async def _read_overdue(self, day: date) -> None:
        self._overdue = 0
        request = visits_pb2.ListOverdueFollowUpsRequest()
        method = self._offices.stubs.visits.ListOverdueFollowUps
        async for page in self._offices.pages(method, NATIONAL_SUPERVISOR, request):
            self.calls += 1
            for one in page.follow_ups:
                if one.state != types_pb2.FOLLOW_UP_STATE_OVERDUE:
                    continue
                kind = KIND_OF_RULE.get(one.rule)
                if kind is None:
                    # A step that only some get: whoever plays the offices looks after what everybody gets.
                    continue
                self._overdue += 1
                case = self.cases.get(one.case_id)
                if case is None or one.overdue_days < FOLLOW_UP_CHASED_FROM_DAYS:
                    continue
                visit = case.plan.three_months if kind == MONTHS_3 else case.plan.three_years
                if visit.gives_in:
                    self._chase(case, kind, day, self._visit, kind, visit)

    def _chase(self, case: Case, step: str, day: date, do: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Telephone once; the office does it some days later."""
        key = case.plan.key
        if self._journal.day_of(key, step) is not None:
            return
        on = next_visiting_day(day + timedelta(days=case.plan.chase_answered_after))
        self._journal.note(key, step, on)
        self._put_for(case, on, do, *arguments)


_ANSWERED_WRONGLY: Final[Mapping[Slip, Callable[[Driver], Callable[..., Awaitable[None]]]]] = {
    Slip.CAME_LATER: lambda driver: driver._not_there_yet,
    Slip.REJECTED_BY_MISTAKE: lambda driver: driver._reject_by_mistake,
}


def _is_written_down(plan: CasePlan, kind: str, visit: FollowUpPlan) -> bool:
    """Who was in danger has further looks ahead, of which the form would make the one that is due."""
    if plan.care is Care.SHORT or visit.outcome == DECLINED:
        return False
    return kind == MONTHS_3 or plan.care is not Care.DANGER


def _sunday(day: date) -> date:
    return day + timedelta(days=(SUNDAY - day.weekday()) % 7)


def _first_office(plan: CasePlan) -> str:
    """Where she is sent first."""
    if plan.detour is Detour.STAY:
        return plan.centre_id
    by_mistake = plan.answer is Answer.REJECTS or plan.detour is Detour.REDIRECTED
    return plan.wrong_office_id if by_mistake else plan.home_office_id


def _reappearances(year: Sequence[Submission]) -> tuple[dict[int, str], dict[str, date]]:
    """The key of the earlier return of each submission of somebody who reappears; the day of it by that key."""
    keys: dict[int, str] = {}
    earlier: dict[int, str] = {}
    gone_on: dict[str, date] = {}
    for one in year:
        if one.reappears:
            key = keys[one.people[0].number]
            earlier[one.number] = key
            gone_on[key] = local_date(one.returned_at)
        for row, person in enumerate(one.people, start=1):
            keys[person.number] = f"{one.number}/{row}"
    return earlier, gone_on
