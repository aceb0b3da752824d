"""What each office does with each case, and what it forgets: decided beforehand, so that a rerun decides the same.

Pure. The shares of those who forget are the profile's; the days between are invented here, within what the rules allow.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from services.chassis.country.directory import Directory
from services.chassis.kernel.calendar import WorkingCalendar, add_months, add_years
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import RULES, due_date
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.demo.days import last_visiting_day, next_office_day, next_visiting_day
from services.demo.population import Returnee, Submission
from services.demo.shares import spread, with_rest

Days = tuple[int, int]
"""From so many to so many days, both included."""

DECIDED_AFTER: Final[Days] = (1, 3)
DISPATCHED_AFTER: Final[Days] = (1, 8)
TRAVEL: Final[Days] = (1, 3)
ANSWERED_AFTER: Final[Days] = (0, 3)
"""After the expected arrival; three days, and a weekend, are never more than the three working days allowed."""
ANSWERED_LATE: Final[Days] = (1, 20)
"""After the last day allowed; whoever lets more than 7 days pass is found again after being called lost."""
REJECTED_AFTER: Final[Days] = (0, 2)
REDISPATCHED_AFTER: Final[Days] = (1, 1)
AT_HOME_AFTER: Final[Days] = (1, 4)
LOOK_BEFORE_DUE: Final[Days] = (0, 10)
LOOK_LATE: Final[Mapping[str, Days]] = {"3m": (1, 45), "3y": (1, 75)}
CLOSED_AFTER: Final[Days] = (1, 25)
ANSWERED_AFTER_CHASE: Final[Days] = (1, 4)
CHASED_SHARE: Final = 0.75
"""Of those who keep silent so many give in to the supervisor [invented]; the others stay lost or overdue."""
SILENT_AT_ONCE: Final = 4
"""Of so many silent ones the share is kept exactly, so that a small demonstration shows both kinds."""
DECLINED: Final = "DECLINED"
OUTCOMES: Final[Mapping[str, float]] = {"SETTLED": 0.7, "NEEDS_SUPPORT": 0.2, "AT_RISK": 0.06, DECLINED: 0.04}
"""What the visits find [invented]."""
WARNING_SIGN: Final = "RF10"
ACCEPTED_SHARE: Final = 0.6
"""So many of the offices that answer accept the duty before she arrives [invented]."""
STAY: Final[Days] = (10, 30)
"""Shorter than any limit of a stay, and over long before anybody reappears."""
GROUNDS: Final[Mapping[str, float]] = {"FORCED_MARRIAGE": 0.5, "FORCED_LABOUR": 0.25, "SALE": 0.25}
"""Grounds of identification [invented]."""


class Answer(StrEnum):
    """What the addressed office does about a transfer."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    NEVER = "NEVER"
    REJECTS = "REJECTS"
    AT_HOME = "AT_HOME"
    """There is none: the support agency that registered her is that of her home province."""


class Detour(StrEnum):
    """What happens on the way home besides; only where a border post sent her and the answer is in time."""

    NONE = "NONE"
    NOT_ARRIVED = "NOT_ARRIVED"
    """She misses the bus: the agency reports it, and she is sent once more."""
    REDIRECTED = "REDIRECTED"
    """Sent to a wrong province, and redirected while she is on the way."""
    STAY = "STAY"
    """First to a reception centre, for some weeks."""


DETOURS: Final[Mapping[Detour, float]] = {Detour.NOT_ARRIVED: 0.06, Detour.REDIRECTED: 0.04, Detour.STAY: 0.1}
"""Shares of those whom a border post sends and whose arrival is acknowledged in time [invented]."""


class Slip(StrEnum):
    """What an officer does wrong and puts right, or what happens at the post; only where nothing else is special."""

    NONE = "NONE"
    CLOSED_TOO_SOON = "CLOSED_TOO_SOON"
    """The post closes its file because it sent her on: refused, the story goes on."""
    VISIT_IN_WRONG_CASE = "VISIT_IN_WRONG_CASE"
    """The agency records somebody else's visit for her, takes it back, and records hers when it is made."""
    REGISTERED_TWICE = "REGISTERED_TWICE"
    """She asks for help at the agency of her home as well, which registers her, and finds out."""
    DIED = "DIED"
    """She dies at the border post before she is sent on."""
    CAME_LATER = "CAME_LATER"
    """The agency reports that she did not come, and then she does."""
    REJECTED_BY_MISTAKE = "REJECTED_BY_MISTAKE"
    """The agency rejects the wrong row, and takes the answer back."""
    NOT_SENT_ON = "NOT_SENT_ON"
    """Nobody at the post sends her on, until she is searched for."""


SLIPS: Final[Mapping[Slip, float]] = {
    Slip.CLOSED_TOO_SOON: 0.05,
    Slip.VISIT_IN_WRONG_CASE: 0.04,
    Slip.REGISTERED_TWICE: 0.03,
    Slip.DIED: 0.03,
    Slip.CAME_LATER: 0.05,
    Slip.REJECTED_BY_MISTAKE: 0.04,
    Slip.NOT_SENT_ON: 0.04,
}
"""Shares of those whom a border post sends home directly and whose arrival is acknowledged in time [invented]."""
FORGOTTEN_DAYS: Final = 33
"""Beyond the days after which somebody who is not sent on is searched for: 10, and 20 more."""
KIN_EACH: Final = 3
"""Of every so-many-th list of a border post with such people two who go to different provinces are kin [invented]."""
MERGED_AFTER_DAYS: Final = 200
"""So long after the first return an agency ends, and another one takes over [invented]."""
SENT_TWICE_EACH: Final = 20
"""Every so-many-th list of a border post is sent again from another computer [invented]."""


class Ending(StrEnum):
    """What becomes of a search when the office keeps silent even then."""

    NONE = "NONE"
    """It stays open."""
    FOUND = "FOUND"
    """The supervisor is told of a wrong agency, which denies it, and finds her at that of her home province."""
    LUCK = "LUCK"
    """She asks for help at an agency elsewhere, which registers her, and the post that sent her says that it is she."""
    CLOSED = "CLOSED"
    """The supervisor learns that she is abroad again, and closes the case."""


ENDINGS: Final[Mapping[Ending, float]] = {
    Ending.FOUND: 1 / 4,
    Ending.LUCK: 1 / 4,
    Ending.CLOSED: 1 / 4,
    Ending.NONE: 1 / 4,
}
"""[invented]"""


class Care(StrEnum):
    """How the agency of her home looks after her; only of adults who are visited in time after three months."""

    SHORT = "SHORT"
    """Visits are recorded in short."""
    FORM = "FORM"
    """Each visit is written down: wishes, answers, signs, a judgement."""
    PUT_OFF = "PUT_OFF"
    """The same, and the first visit is put on another day, since she asks for that."""
    CONSENTS = "CONSENTS"
    """The same; she agrees to be asked for research and to a collaborator, and takes the latter back."""
    DANGER = "DANGER"
    """At the first visit she is in immediate danger; a second person confirms what was done."""


CARES: Final[Mapping[Care, float]] = {Care.FORM: 0.4, Care.PUT_OFF: 0.15, Care.CONSENTS: 0.2, Care.DANGER: 0.1}
"""Shares of those who may be looked after so [invented]."""
ADULT_FROM_YEARS: Final = 18


class Look(StrEnum):
    """What the office does about a follow-up."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """A follow-up as the office will do it; `days` before the due date (IN_TIME) or after it (LATE)."""

    look: Look
    days: int
    gives_in: bool
    outcome: str

    def visit_on(self, due_on: date) -> date | None:
        """The day of the visit; None when there is none without the supervisor."""
        match self.look:
            case Look.IN_TIME:
                return last_visiting_day(due_on - timedelta(days=self.days))
            case Look.LATE:
                return next_visiting_day(due_on + timedelta(days=self.days))
            case Look.NEVER:
                return None


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One return of one person, and what will be done about it.

    `row` counts from 1 within the submission. `gives_in`: an office that keeps silent answers when the supervisor
    calls. `wrong_home`: where she is sent first, by mistake. Days are in the order in which things happen. `accepts`:
    the addressed office accepts before she arrives. `centre_id`: where she stays first, for `stay_days`. `ending`: of
    the search, where nobody gives in. `slip`: what somebody does wrong, and puts right. `kin_after`: so many rows
    after hers stands a relative, from whom she should not be parted; 0: none does. `care`: how she is looked after at
    home.
    """

    key: str
    submission: Submission
    row: int
    person: Returnee
    home_office_id: str
    wrong_office_id: str
    identification: str
    ground: str
    decided_after: int
    dispatched_after: int
    travel: int
    answer: Answer
    answered_after: int
    gives_in: bool
    redispatched_after: int
    chase_answered_after: int
    three_months: FollowUpPlan
    three_years: FollowUpPlan
    closed_after: int
    accepts: bool = False
    detour: Detour = Detour.NONE
    centre_id: str = ""
    stay_days: int = 0
    ending: Ending = Ending.NONE
    slip: Slip = Slip.NONE
    kin_after: int = 0
    care: Care = Care.SHORT

    @property
    def received_on(self) -> date:
        """Local day of the return."""
        return local_date(self.submission.returned_at)

    @property
    def dispatched_on(self) -> date:
        """Day on which she leaves."""
        forgotten = FORGOTTEN_DAYS if self.slip is Slip.NOT_SENT_ON else 0
        return next_office_day(self.received_on + timedelta(days=self.dispatched_after + forgotten))

    @property
    def decided_on(self) -> date:
        """Day of the verifier's decision, if there is one."""
        return next_office_day(self.received_on + timedelta(days=self.decided_after))

    def answer_on(self, expected_on: date, calendar: WorkingCalendar) -> date | None:
        """The day on which the addressed office answers of itself; None when it doesn't."""
        if self.answer is Answer.NEVER:
            return None
        since = acknowledge_due_on(expected_on, calendar) if self.answer is Answer.LATE else expected_on
        return next_office_day(since + timedelta(days=self.answered_after))


def acknowledge_due_on(expected_on: date, calendar: WorkingCalendar) -> date:
    """The last day for the acknowledgement, by the kernel's rule."""
    return due_date(RULES["TRANSFER_ACKNOWLEDGE"], expected_on, calendar).due_on


def three_months_due_on(arrived_on: date) -> date:
    """When the first look again is due."""
    return add_months(arrived_on, RULES["FOLLOW_UP_3M"].amount)


def three_years_due_on(arrived_on: date) -> date:
    """When the second look again is due."""
    return add_years(arrived_on, RULES["FOLLOW_UP_3Y"].amount)


def plan_cases(
    profile: Mapping[str, Any], year: Sequence[Submission], seed: int, directory: Directory
) -> tuple[CasePlan, ...]:
    """A plan for every return of the year, in its order."""
    rng = random.Random(f"behaviour {seed}")
    returns = [(one, row, person) for one in year for row, person in enumerate(one.people, start=1)]
    count = len(returns)
    agencies = _Agencies(directory, local_date(year[0].returned_at))
    home_offices = [agencies.of(person.home) for _, _, person in returns]
    answers = _answers(profile, returns, home_offices, rng)
    identified = _identifications(profile, count, rng)
    forget = profile["offices_that_forget"]
    looks = {kind: _looks(forget, kind, count, rng) for kind in ("3m", "3y")}
    outcomes = iter(spread(OUTCOMES, 2 * count, rng))
    silent = iter(_in_turn(rng))
    ways = _Ways([one for one, _, _ in returns], answers, home_offices, directory, seed)
    plans = []
    for index, (one, row, person) in enumerate(returns):
        answer = answers[index]
        gives_in = answer is Answer.NEVER and next(silent)
        plans.append(
            CasePlan(
                key=f"{one.number}/{row}",
                submission=one,
                row=row,
                person=person,
                home_office_id=home_offices[index],
                wrong_office_id=agencies.wrong_one(person.home, one, rng),
                identification=identified[index],
                ground=rng.choices(list(GROUNDS), weights=list(GROUNDS.values()))[0],
                decided_after=rng.randint(*DECIDED_AFTER),
                dispatched_after=rng.randint(*(AT_HOME_AFTER if answer is Answer.AT_HOME else DISPATCHED_AFTER)),
                travel=rng.randint(*TRAVEL),
                answer=answer,
                answered_after=rng.randint(*_ANSWER_DAYS[answer]),
                gives_in=gives_in,
                redispatched_after=rng.randint(*REDISPATCHED_AFTER),
                chase_answered_after=rng.randint(*ANSWERED_AFTER_CHASE),
                three_months=_follow_up(looks["3m"][index], "3m", outcomes, rng),
                three_years=_follow_up(looks["3y"][index], "3y", outcomes, rng),
                closed_after=rng.randint(*CLOSED_AFTER),
                **ways.of(index, gives_in=gives_in),
            )
        )
    return _with_care(plans, seed)


def _with_care(plans: Sequence[CasePlan], seed: int) -> tuple[CasePlan, ...]:
    """By dice of its own: whatever it throws, the rest of the year stays."""
    plain = [index for index, plan in enumerate(plans) if _may_be_cared_for(plan)]
    cares = spread(with_rest(CARES, Care.SHORT), len(plain), random.Random(f"care {seed}"))
    dealt = dict(zip(plain, cares, strict=True))
    return tuple(replace(plan, care=dealt.get(index, Care.SHORT)) for index, plan in enumerate(plans))


def _may_be_cared_for(plan: CasePlan) -> bool:
    is_adult = add_years(plan.person.birth_date, ADULT_FROM_YEARS) <= plan.received_on
    is_plain = plan.slip is Slip.NONE and plan.answer in (Answer.IN_TIME, Answer.LATE, Answer.AT_HOME)
    first = plan.three_months
    return is_adult and is_plain and first.look is Look.IN_TIME and first.outcome != DECLINED


_ANSWER_DAYS: Final[Mapping[Answer, Days]] = {
    Answer.IN_TIME: ANSWERED_AFTER,
    Answer.LATE: ANSWERED_LATE,
    Answer.NEVER: (0, 0),
    Answer.REJECTS: REJECTED_AFTER,
    Answer.AT_HOME: (0, 0),
}


def _answers(
    profile: Mapping[str, Any],
    returns: Sequence[tuple[Submission, int, Returnee]],
    home_offices: Sequence[str],
    rng: random.Random,
) -> list[Answer]:
    forget = profile["offices_that_forget"]
    shares = {
        Answer.LATE: forget["acknowledge_late"],
        Answer.NEVER: forget["never_acknowledge"],
        Answer.REJECTS: forget["reject"],
    }
    at_home = [office == one.office_id for (one, _, _), office in zip(returns, home_offices, strict=True)]
    dealt = iter(spread(with_rest(shares, Answer.IN_TIME), at_home.count(False), rng))
    return [Answer.AT_HOME if here else next(dealt) for here in at_home]


def _identifications(profile: Mapping[str, Any], count: int, rng: random.Random) -> list[str]:
    wanted = profile["identified_share_of_received"]
    shares = {
        "IDENTIFIED": wanted["share"],
        "IN_PROCESS": wanted["in_process_share"],
        "DECLINED": wanted["declined_share"],
    }
    return spread(with_rest(shares, "NOT_IDENTIFIED"), count, rng)


def _looks(forget: Mapping[str, Any], kind: str, count: int, rng: random.Random) -> list[Look]:
    shares = {Look.LATE: forget[f"follow_up_{kind}_late"], Look.NEVER: forget[f"follow_up_{kind}_never"]}
    return spread(with_rest(shares, Look.IN_TIME), count, rng)


def _follow_up(look: Look, kind: str, outcomes: Iterator[str], rng: random.Random) -> FollowUpPlan:
    days = rng.randint(*(LOOK_LATE[kind] if look is Look.LATE else LOOK_BEFORE_DUE))
    return FollowUpPlan(look, days, look is Look.NEVER and rng.random() < CHASED_SHARE, next(outcomes))


def _in_turn(rng: random.Random) -> Iterator[bool]:
    """Whether the next silent office gives in."""
    while True:
        yield from spread({True: CHASED_SHARE, False: 1 - CHASED_SHARE}, SILENT_AT_ONCE, rng)


class _Ways:
    """What is special about the way home, by dice of its own: whatever it throws, the rest of the year stays."""

    def __init__(
        self,
        submissions: Sequence[Submission],
        answers: Sequence[Answer],
        home_offices: Sequence[str],
        directory: Directory,
        seed: int,
    ) -> None:
        self._rng = random.Random(f"ways {seed}")
        self._answers = answers
        on = local_date(submissions[0].returned_at)
        self._centres = [office.id for office in directory.offices(role=Role.RECEPTION_CENTRE, on=on)]
        sent = [
            index
            for index, (one, answer) in enumerate(zip(submissions, answers, strict=True))
            if answer is Answer.IN_TIME and one.office_id.startswith("BP-")
        ]
        self._detours = dict(zip(sent, spread(with_rest(DETOURS, Detour.NONE), len(sent), self._rng), strict=True))
        self._endings = iter(self._in_turn())
        # By dice of their own as well: what was thrown before stays as it was.
        plain = [index for index in sent if self._detours[index] is Detour.NONE and not submissions[index].reappears]
        slips = spread(with_rest(SLIPS, Slip.NONE), len(plain), random.Random(f"slips {seed}"))
        self._slips = dict(zip(plain, slips, strict=True))
        self._kin = _kin(
            [(index, submissions[index].number) for index in plain if self._slips[index] is Slip.NONE], home_offices
        )

    def of(self, index: int, *, gives_in: bool) -> dict[str, Any]:
        """The fields of the plan of one return."""
        answer = self._answers[index]
        silent = answer is Answer.NEVER and not gives_in
        return {
            "accepts": answer in (Answer.IN_TIME, Answer.LATE) and self._rng.random() < ACCEPTED_SHARE,
            "detour": self._detours.get(index, Detour.NONE),
            "centre_id": self._rng.choice(self._centres),
            "stay_days": self._rng.randint(*STAY),
            "ending": next(self._endings) if silent else Ending.NONE,
            "slip": self._slips.get(index, Slip.NONE),
            "kin_after": self._kin.get(index, 0),
        }

    def _in_turn(self) -> Iterator[Ending]:
        while True:
            yield from spread(ENDINGS, len(ENDINGS), self._rng)


def _kin(plain: Sequence[tuple[int, int]], home_offices: Sequence[str]) -> Mapping[int, int]:
    """How many rows after hers the relative stands, by the index of the first of two; `plain`: indices, and lists."""
    pairs: dict[int, tuple[int, int]] = {}
    for (first, number), (second, other) in pairwise(plain):
        if number == other and home_offices[first] != home_offices[second]:
            pairs.setdefault(number, (first, second))
    return {first: second - first for first, second in list(pairs.values())[::KIN_EACH]}


def merging(plans: Sequence[CasePlan]) -> tuple[str, str] | None:
    """The agency that ends, and the one that takes over: least people go home to it, and nobody else is there."""
    homes = Counter(plan.home_office_id for plan in plans)
    busy = {plan.submission.office_id for plan in plans}
    busy |= {plan.wrong_office_id for plan in plans if plan.ending is not Ending.NONE}
    quiet = sorted(set(homes) - busy, key=lambda one: (homes[one], one))
    heirs = [one for one, _ in homes.most_common() if quiet and one != quiet[0]]
    return (quiet[0], heirs[0]) if heirs else None


class _Agencies:
    """The support agencies of the year, asked for once."""

    def __init__(self, directory: Directory, on: date) -> None:
        self._directory = directory
        self._on = on
        self._ids = [office.id for office in directory.offices(role=Role.SUPPORT_AGENCY, on=on)]
        self._of_province: dict[ProvinceRef, str] = {}

    def of(self, home: ProvinceRef) -> str:
        """That of a province."""
        if home not in self._of_province:
            self._of_province[home] = self._directory.support_agency_for(home, self._on).id
        return self._of_province[home]

    def wrong_one(self, home: ProvinceRef, one: Submission, rng: random.Random) -> str:
        """One to which somebody may send her by mistake: not her own, not the sender."""
        right = {self.of(home), one.office_id}
        return rng.choice([office_id for office_id in self._ids if office_id not in right])
