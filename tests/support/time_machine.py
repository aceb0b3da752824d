"""Years in minutes: many people's lives on the real services, with all that time and operators do to schedulers.

Schedulers are down for weeks, look two at a time, die on their way; the clock jumps ahead, and back; rules, calendar
and policy change; offices end. `homeward audit` looks at each simulated month, and at the end each obligation must have
come to one end (`tests/support/ends.py`).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from homeward.followup.v1 import steps_pb2
from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.clock import VIET_NAM, local_date
from services.chassis.kernel.places import ProvinceRef
from services.followup.domain.entry import Kind
from services.followup.domain.policy import POLICIES, Policy
from services.operate.audit_reader import AuditReader
from services.operate.audit_rules import SERVICES, Code, Standard, findings_of
from tests.support.clocks import viet_nam
from tests.support.databases import Databases
from tests.support.ends import assert_nothing_silent, assert_told_once, ends_of, fired
from tests.support.lives import CENTRE, ELSEWHERE, THIRD, Lives
from tests.support.officers import NATION
from tests.support.pair import Pair, pair_on

BEGINS = viet_nam(2027, 6, 1)
"""So that people arrive, and are to be visited, on a 29 February."""
LEAP_DAYS = (date(2028, 2, 29), date(2032, 2, 29))
YEAR = timedelta(days=365)
REGISTERING = timedelta(days=300)
MOVING = timedelta(days=640)
"""After it nobody moves any more, so that the last three years end within the five."""
QUIET_END = timedelta(days=120)
"""After the five years nobody does anything: what is overdue is escalated."""
LAST_DUE = timedelta(days=30)
"""What is due by then is escalated before that ends."""
NEW_POLICY = timedelta(days=150)
NEWEST_POLICY = timedelta(days=450)
"""When a later version of the policy begins: sets of three versions live side by side."""
VERSIONS = (
    *POLICIES,
    # In the province of one agency more steps, and one less everywhere.
    Policy(
        POLICIES[-1].version + 1,
        local_date(BEGINS + NEW_POLICY),
        tuple(each for each in POLICIES[-1].steps if each.kind is not Kind.MONTHS_9),
        {ProvinceRef("01", "2025"): frozenset({Kind.MONTHS_1, Kind.MONTHS_2, Kind.MONTHS_6})},
    ),
    # Two years later everybody, and nothing by province.
    Policy(
        POLICIES[-1].version + 2,
        local_date(BEGINS + NEWEST_POLICY),
        tuple(
            replace(each, asked_by=frozenset()) if each.kind is Kind.YEARS_2 else each for each in POLICIES[-1].steps
        ),
    ),
)
PLAYED = frozenset({Code.UNKNOWN_TO_INTAKE, Code.UNKNOWN_TO_PROJECTION})
"""What the audit says because intake is played and notify is away."""
FAILPOINTS = ("schedule.after_claim", "schedule.after_effect_before_complete", "unit.before_commit")
MOVE_ON = timedelta(minutes=1)
LOOKED_LATELY_S = 10.0
_NEXT = "SELECT min(due_at) FROM obligation WHERE state = 'ARMED'"
_CASE = "SELECT case_id, phase, accountable_office_id AS office_id FROM custody WHERE case_id = :case"
_NOT_YET = """
    SELECT DISTINCT c.case_id FROM follow_up f JOIN followup_case c ON c.case_id = f.case_id
    WHERE f.state = 'OPEN' AND f.due_on > CAST(:from AS date) AND NOT c.lost AND c.search_reason IS NULL
    ORDER BY c.case_id
"""


@dataclass(frozen=True)
class Profile:
    """How much life: people, years, of how many days a step is at least and at most, and at how many instants of a step
    a deadline fires in time; what comes then is looked at with its end."""

    people: int
    seed: int
    years: int = 5
    stride_days: tuple[int, int] = (5, 14)
    instants: int = 3


@dataclass
class Told:
    """What a time machine found.

    Attributes:
        audits: looks of the audit, one for each month, all clean.
        figures: numbers that were asked for again, years later, and were the same.
        versions: how many sets kept which version of the policy.
        fired, late: deadlines that fired, and of these those that did so an hour or more after their time.
        ends: how many obligations came to which end.
        events: what happened to schedulers, clock and country, by name.
    """

    figures: int = 0
    versions: Counter[int] = field(default_factory=Counter)
    audits: int = 0
    cases_audited: int = 0
    fired: int = 0
    late: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    commands: Mapping[str, int] = field(default_factory=dict)


class TimeMachine:
    """Both services, the people, and time."""

    def __init__(
        self, pair: Pair, audit_urls: dict[str, str], profile: Profile, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """`say` is told, month by month, how far it is."""
        self.pair = pair
        self._say = say
        self.profile = profile
        self.dice = random.Random(profile.seed)
        self.lives = Lives(pair, self.dice)
        self.told = Told()
        self._audit_urls = audit_urls
        self._audited: tuple[int, int] = (0, 0)
        self._changes = self._planned_changes()
        self._looked_s = 0.0
        self._counted: dict[str, bytes] = {}

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.pair.clock.now()

    async def run(self) -> Told:
        """All the years. AssertionError for the first audit that is not clean, or an obligation without an end."""
        self.pair.clock.move_to(BEGINS)
        arrivals = sorted(BEGINS + REGISTERING * self.dice.random() for _ in range(self.profile.people))
        until = BEGINS + YEAR * self.profile.years
        while self.now < until:
            began = self.now
            await self._time_passes(until)
            self.pair.clock.move_by(MOVE_ON)
            while arrivals and arrivals[0] <= self.now:
                arrivals.pop(0)
                self.lives.register()
            await self.pair.quiet()
            self.lives.going_on = self.now < BEGINS + MOVING
            await self.lives.pass_by((self.now - began) / timedelta(days=1))
            await self._country_changes()
            await self._look_at_the_rest()
            await self.pair.quiet()
            await self._audit_if_new_month()
        await self._quiet_end()
        self.told.ends = await ends_of(self.pair, local_date(self.now))
        await assert_told_once(self.pair)
        self.told.versions = await assert_nothing_silent(self.pair, VERSIONS)
        self.told.figures = await self._assert_figures_stay()
        self.told.fired, self.told.late = await fired(self.pair)
        self.told.commands = self.lives.said_of()
        return self.told

    # Time.

    async def _time_passes(self, until: datetime) -> None:
        """A step: the clock moves, and schedulers look, or are down meanwhile."""
        target = self._at_some_hour(self.now + timedelta(days=self.dice.randint(*self.profile.stride_days)))
        for leap_day in LEAP_DAYS:
            if local_date(self.now) < leap_day <= local_date(target):
                target = datetime.combine(leap_day, datetime.min.time(), VIET_NAM) + timedelta(hours=9)
                self.told.events["stood on a 29 February"] += 1
        what = self.dice.choices(("in time", "later", "down", "jump", "back"), (45, 40, 6, 2, 7))[0]
        self.told.events[what] += 1
        match what:
            case "in time":
                await self._look_at_each_instant_until(target)
            case "down":
                await self._down_until(min(until, target + timedelta(days=self.dice.randint(7, 40))))
                return
            case "jump":
                target += timedelta(days=self.dice.randint(30, 75))
        self.pair.clock.move_to(max(self.now, target))
        await self._look()
        if what == "back":
            await self._clock_goes_back()

    async def _look_at_each_instant_until(self, target: datetime) -> None:
        """Deadlines fire as they come, in front of a scheduler that looks each second."""
        for _ in range(self.profile.instants):
            instants = [due for one in self.pair.services for (due,) in await one.rows(_NEXT) if due is not None]
            if not instants or min(instants) >= target:
                return
            self.pair.clock.move_to(max(self.now, min(instants)))
            await self._look()
            await self.pair.quiet()

    async def _down_until(self, target: datetime) -> None:
        """Nobody looks, while offices go on, and what they say arrives."""
        while self.now < target:
            began = self.now
            self.pair.clock.move_to(min(target, self.now + timedelta(days=self.profile.stride_days[1])))
            await self.lives.pass_by((self.now - began) / timedelta(days=1))
            await self.pair.quiet()
        await self._look()

    async def _clock_goes_back(self) -> None:
        """A clock that was wrong is set right: nothing fires again, and nothing too early."""
        span = self.dice.choice((timedelta(hours=1), timedelta(days=1)))
        self.pair.clock.set_back(span)
        assert [await one.look() for one in self.pair.services] == [0, 0], "something fired twice, or too early"
        self.pair.clock.move_by(span)

    async def _look(self) -> None:
        """One look until nothing is due: of one scheduler, of two at once, or of one that dies on its way."""
        for service in self.pair.services:
            how = self.dice.choices(("one", "two at once", *FAILPOINTS), (80, 10, 4, 3, 3))[0]
            if how == "two at once":
                await service.looks_at_once()
            elif how in FAILPOINTS:
                await service.look_and_die(how)
            await service.look()
        self._looked_s = time.monotonic()

    async def _look_at_the_rest(self) -> None:
        """What services look at besides their deadlines: offices that are over, requests that expire."""
        for service in self.pair.services:
            for tick in service.rooms.ticks[1:]:
                await tick.look()

    def _at_some_hour(self, day: datetime) -> datetime:
        """A fair part of all steps end just before or after midnight in Viet Nam."""
        hour, minute = self.dice.choice(((0, 0), (0, 1), (9, 0), (15, 30), (23, 59)))
        return datetime.combine(local_date(day), datetime.min.time(), VIET_NAM) + timedelta(hours=hour, minutes=minute)

    # The country.

    async def _country_changes(self) -> None:
        """What is written down for this time."""
        while self._changes and self._changes[0][0] <= self.now - BEGINS:
            _, name, change = self._changes.pop(0)
            self.told.events[name] += 1
            await change()

    def _planned_changes(self) -> list[tuple[timedelta, str, Callable[[], Awaitable[None]]]]:
        lives = self.lives
        return [
            (timedelta(days=120), "rule", partial(lives.change_rule, "TRANSFER_ACKNOWLEDGE", 5, "WORKING_DAYS")),
            (timedelta(days=200), "calendar", partial(lives.change_calendar, 3)),
            (timedelta(days=330), "office ends, with a successor", partial(lives.end_office, THIRD, ELSEWHERE)),
            (timedelta(days=400), "rule", partial(lives.change_rule, "FOLLOW_UP_OVERDUE_3M", 21, "CALENDAR_DAYS")),
            (timedelta(days=500), "office ends, without one", partial(lives.end_office, CENTRE, "")),
            (timedelta(days=700), "calendar", partial(lives.change_calendar, 2)),
            (timedelta(days=900), "rule", partial(lives.change_rule, "FOLLOW_UP_ESCALATE", 10, "CALENDAR_DAYS")),
            (timedelta(days=1_100), "rule", partial(lives.change_rule, "FOLLOW_UP_OVERDUE_3Y", 45, "CALENDAR_DAYS")),
        ]

    # What is proved.

    async def _audit_if_new_month(self) -> None:
        today = local_date(self.now)
        if (today.year, today.month) != self._audited:
            self._audited = today.year, today.month
            await self._audit()
            day = (today - timedelta(days=1)).isoformat()
            self._counted[day] = await self._count_of(day)

    async def _audit(self) -> None:
        """`homeward audit` has nothing to say."""
        # It asks whether the watchers have looked in the last minute of real time, too.
        if time.monotonic() - self._looked_s > LOOKED_LATELY_S:
            for service in self.pair.services:
                await service.look()
            await self.pair.quiet()
        found, cases = await asyncio.to_thread(self._findings)
        assert found == [], f"{local_date(self.now)}: {found[:5]}"
        self.told.audits += 1
        self.told.cases_audited += cases
        self._say(f"{local_date(self.now)}: {cases} cases, all as the audit wants them")

    async def _count_of(self, day: str) -> bytes:
        """What was due until a day, as everything stood at its end."""
        request = steps_pb2.CountDueFollowUpsRequest(stood_on=day)
        answer = await self.pair.followup.call("CountDueFollowUps", request, NATION)
        return bytes(answer.SerializeToString(deterministic=True))

    async def _assert_figures_stay(self) -> int:
        for day, counted in self._counted.items():
            assert await self._count_of(day) == counted, f"what was due until {day} is counted otherwise now"
        return len(self._counted)

    def _findings(self) -> tuple[list[Any], int]:
        with AuditReader(self._audit_urls) as reader:
            assert reader.rules(self.now).beyond == ()
            assert reader.refused() == {}
            directory = reader.directory(built_in_directory())
            cases = list(reader.all_cases())
            standard = Standard(self.now, reader.real_now, directory)
            found = [one for case in cases for one in findings_of(case, standard) if one.code not in PLAYED]
        return found, len(cases)

    async def _quiet_end(self) -> None:
        """Whoever has something before her that is not due yet dies; then nobody does anything for some months."""
        for row in await self.pair.followup.rows(_NOT_YET, **{"from": local_date(self.now) + LAST_DUE}):
            case = (await self.pair.handover.rows(_CASE, case=row.case_id))[0]
            if case.phase != "CLOSED":
                assert await self.lives.end(case) is not None, f"{case.phase}: nobody could say that she died"
        await self.pair.quiet()
        end = self.now + QUIET_END
        while self.now < end:
            self.pair.clock.move_by(timedelta(days=15))
            await self._look()
            await self.pair.quiet()
            await self._audit_if_new_month()


async def travel(
    databases: Databases, profile: Profile, folder: Path, jwks: Path, say: Callable[[str], None] = lambda _: None
) -> Told:
    """Run a time machine on databases of its own."""
    lent = {service: databases.lend(service) for service in SERVICES}
    pair = pair_on((lent["handover"].url, lent["followup"].url), folder, jwks, VERSIONS)
    try:
        audit_urls = {service: databases.audit_url(one.name) for service, one in lent.items()}
        return await TimeMachine(pair, audit_urls, profile, say).run()
    finally:
        await pair.dispose()
        for one in lent.values():
            databases.give_back(one)


def shown(told: Told) -> str:
    """What was found, a line each."""
    lines = [
        f"{told.audits} audits of {told.cases_audited} cases, all clean",
        f"{told.fired} deadlines fired once each, {told.late} of them late",
        f"{told.figures} counts of what was due, the same when asked for again at the end",
        *(f"version {version} of the policy: {count} sets" for version, count in sorted(told.versions.items())),
        *(f"{name}: {count}" for name, count in sorted(told.ends.items())),
        *(f"{name}: {count}" for name, count in sorted(told.events.items())),
        *(f"{name}: {count}" for name, count in sorted(told.commands.items())),
    ]
    return "\n".join(lines)
