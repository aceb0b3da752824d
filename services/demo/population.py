"""The invented year: who comes back when, where and how, in the proportions of the demonstration's profile.

Pure: the same profile, number and seed give the same year. Nobody in it exists, and every name says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from services.chassis.country.directory import Directory
from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import Gate, ethnic_groups, gates
from services.chassis.kernel.calendar import add_years
from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.demo.days import OFFICE_WEEKDAYS
from services.demo.shares import quotas, spread

INTAKE_DAYS: Final = 365
PEOPLE_MIN: Final = 10
PEOPLE_MAX: Final = 5_000
FIRST_HOUR: Final = 6
HANDOVER_HOURS: Final = 10
"""Handovers happen between FIRST_HOUR and so many hours later; the day's work is done after them."""

BATCH_SPREAD: Final = 0.8
"""Standard deviation of the logarithm of the batch size [invented]."""
LARGEST_AMONG: Final = 5
"""A route with so many times the largest handover's people has one of that size."""
BUSY_GATES: Final[Mapping[str, int]] = {"CN-MONG-CAI": 6, "CN-LAO-CAI": 6, "CN-HUU-NGHI": 4}
"""How much busier these gates are than the others [invented]."""
SELF_RETURN_AT: Final[Mapping[Role, float]] = {Role.BORDER_POST: 0.4, Role.COMMUNE: 0.4, Role.SUPPORT_AGENCY: 0.2}
"""Where those report who come back alone [invented]."""
OTHER_COUNTRIES: Final = ("TH", "MY", "MM", "TW")
AIRPORTS: Final[Mapping[str, tuple[str, str]]] = {
    "KH": ("KH-MOC-BAI", "Sân bay quốc tế Tân Sơn Nhất"),
    "OTHER": ("CN-HUU-NGHI", "Sân bay quốc tế Nội Bài"),
}
"""The list of offices has no airport post: those flown home are submitted by the post of a land gate."""
REAPPEARS_AFTER_DAYS: Final = (60, 110)
ALONE: Final = frozenset({"SELF_RETURN", "HOTLINE_REFERRAL", "DETECTED_IN_COMMUNITY"})
BY_AIR: Final = "REPATRIATED_BY_AIR"
AGE_BANDS: Final[Mapping[str, tuple[int, int]]] = {
    "under_16": (0, 15),
    "16_17": (16, 17),
    "18_25": (18, 25),
    "26_35": (26, 35),
    "36_50": (36, 50),
}
SEXES: Final = {"FEMALE": "Feminine", "MALE": "Masculine"}
KINH: Final = "01"
_DIGITS: Final = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")


@dataclass(frozen=True, slots=True)
class Returnee:
    """An invented person.

    `number` counts from 1. `sex`, `ethnicity` ("2008:02"), `country` (ISO 3166-1) are codes of the reference lists;
    `home` is of vintage 2025.
    """

    number: int
    name: str
    sex: str
    birth_date: date
    ethnicity: str
    home: ProvinceRef
    country: str


@dataclass(frozen=True, slots=True)
class Submission:
    """People received together, or one who came back alone.

    `number` counts from 1 in the order of time. `returned_at` is aware. `gate_id` is empty and `place` in words where
    there was no gate. `reappears`: received before; this is a new return.
    """

    number: int
    route: str
    office_id: str
    gate_id: str
    place: str
    returned_at: datetime
    people: tuple[Returnee, ...]
    reappears: bool = False

    @property
    def alone(self) -> bool:
        """Registered as somebody who came back alone."""
        return self.route in ALONE


@dataclass(frozen=True, slots=True)
class _Draft:
    """A submission before its people are made up: `crossed` is the gate where they came over, or nearest to it."""

    route: str
    country: str
    crossed: Gate
    office_id: str
    place: str
    size: int


def make_year(
    profile: Mapping[str, Any], people: int, seed: int, first_day: date, directory: Directory
) -> tuple[Submission, ...]:
    """The submissions of a year from `first_day` on, in the order of time.

    `people` different ones; those who reappear at a border are submitted a second time. Raises ValueError for a number
    outside PEOPLE_MIN to PEOPLE_MAX.
    """
    if not PEOPLE_MIN <= people <= PEOPLE_MAX:
        raise ValueError(f"between {PEOPLE_MIN} and {PEOPLE_MAX} people")
    rng = random.Random(f"year {seed}")
    drafts = list(_drafts(profile, people, rng, first_day, directory))
    open_days = [day for day in range(INTAKE_DAYS) if _is_open(first_day + timedelta(days=day))]
    days = [rng.choice(open_days) for _ in drafts]
    made = _with_people(profile, drafts, days, people, rng, first_day, directory)
    made += _reappearing(profile, made, people, rng, first_day, directory)
    made.sort(key=lambda one: one.returned_at)
    return tuple(replace(one, number=number) for number, one in enumerate(made, start=1))


# Handovers ------------------------------------------------------------------------------------


def _drafts(
    profile: Mapping[str, Any], people: int, rng: random.Random, first_day: date, directory: Directory
) -> Iterator[_Draft]:
    countries = quotas(profile["destination_country"]["shares"], people)
    routes = quotas(profile["route_of_return"]["shares"], people)
    # Those flown home first: the countries without a border to Viet Nam are theirs.
    for route in sorted(set(routes) - ALONE, key=lambda each: (each != BY_AIR, each)):
        # A batch comes from one country, so those from countries without a border are batches of their own.
        apart = min(routes[route], countries["OTHER"]) if route == BY_AIR else 0
        for people_of_country in (apart, routes[route] - apart):
            for size in _batches(profile["handover_batch_size"], people_of_country, rng):
                yield _handover(route, size, countries, rng)
    alone = [route for route in sorted(ALONE & set(routes)) for _ in range(routes[route])]
    rng.shuffle(alone)
    roles = spread(SELF_RETURN_AT, len(alone), rng)
    for route, role in zip(alone, roles, strict=True):
        yield _alone(route, role, countries, rng, first_day, directory)


def _batches(sizes: Mapping[str, Any], people: int, rng: random.Random) -> Iterator[int]:
    """Sizes of handovers with the profile's limits and median, for exactly so many people."""
    if people >= LARGEST_AMONG * sizes["max"]:
        # The largest handover must be seen, however the dice fall.
        yield sizes["max"]
        people -= sizes["max"]
    while people > 0:
        drawn = round(sizes["median"] * rng.lognormvariate(0, BATCH_SPREAD))
        size = min(people, sizes["max"], max(sizes["min"], drawn))
        yield size
        people -= size


def _handover(route: str, size: int, countries: dict[str, int], rng: random.Random) -> _Draft:
    if route == BY_AIR:
        country = "OTHER" if countries["OTHER"] > 0 else "KH"
        gate_id, airport = AIRPORTS[country]
        countries[country] -= size
        return _Draft(route, country, gates()[gate_id], f"BP-{gate_id}", airport, size)
    country = _draw_country(countries, size, rng)
    gate = _draw_gate(country, rng)
    return _Draft(route, country, gate, f"BP-{gate.id}", "", size)


def _draw_country(countries: dict[str, int], size: int, rng: random.Random) -> str:
    """A neighbour whose people are not all placed yet; China where the batch is larger than what is left."""
    left = {country: max(0, count) for country, count in countries.items() if country != "OTHER"}
    if sum(left.values()) == 0:
        left = {"CN": 1}
    country = rng.choices(list(left), weights=list(left.values()))[0]
    country = country if left[country] >= size else "CN"
    countries[country] -= size
    return country


def _draw_gate(country: str, rng: random.Random) -> Gate:
    """A gate that two sources name."""
    known = [gate for gate in gates().values() if gate.neighbour == country and gate.existence_confirmed]
    return rng.choices(known, weights=[BUSY_GATES.get(gate.id, 1) for gate in known])[0]


def _alone(
    route: str, role: Role, countries: dict[str, int], rng: random.Random, day: date, directory: Directory
) -> _Draft:
    country = _draw_country(countries, 1, rng)
    gate = _draw_gate(country, rng)
    if route != "SELF_RETURN":
        role = Role.COMMUNE
    if role is Role.BORDER_POST:
        return _Draft(route, country, gate, f"BP-{gate.id}", "", 1)
    offices = directory.offices(role=role, province=gate.province_on(day), on=day)
    return _Draft(route, country, gate, rng.choice(offices).id, "", 1)


# People ---------------------------------------------------------------------------------------


def _with_people(
    profile: Mapping[str, Any],
    drafts: Sequence[_Draft],
    days: Sequence[int],
    people: int,
    rng: random.Random,
    first_day: date,
    directory: Directory,
) -> list[Submission]:
    sexes = spread(profile["sex"]["shares"], people, rng)
    bands = spread(profile["age"]["bands"], people, rng)
    share = profile["ethnic_minority"]["share"]
    minority = spread({True: share, False: 1 - share}, people, rng)
    elsewhere = _elsewhere(profile["home_in_another_province"], drafts, rng)
    made, number = [], 0
    for draft, day in zip(drafts, days, strict=True):
        returned_at = _moment(first_day + timedelta(days=day), rng)
        here = draft.crossed.province_on(returned_at.date())
        members = []
        for _ in range(draft.size):
            number += 1
            home = _another_province(here, rng) if next(elsewhere[_key(draft)]) else here
            members.append(
                Returnee(
                    number=number,
                    name=invented_name(number),
                    sex=SEXES[sexes[number - 1]],
                    birth_date=_birth_date(bands[number - 1], profile["age"]["min"], returned_at.date(), rng),
                    ethnicity=_ethnicity(rng, minority=minority[number - 1]),
                    home=home,
                    country=rng.choice(OTHER_COUNTRIES) if draft.country == "OTHER" else draft.country,
                )
            )
        made.append(_submission(draft, returned_at, tuple(members), directory))
    return made


def _submission(
    draft: _Draft, returned_at: datetime, members: tuple[Returnee, ...], directory: Directory
) -> Submission:
    office_id, gate_id = draft.office_id, draft.crossed.id
    if draft.route == "DETECTED_IN_COMMUNITY":
        # Found where she lives: by a commune of her home province, wherever she crossed.
        at_home = directory.offices(role=Role.COMMUNE, province=members[0].home, on=returned_at.date())
        office_id = at_home[0].id
    if draft.place or not office_id.startswith("BP-"):
        gate_id = ""
    return Submission(0, draft.route, office_id, gate_id, draft.place, returned_at, members)


def _key(draft: _Draft) -> str:
    return str(draft.crossed.province_2004)


def _elsewhere(shares: Mapping[str, Any], drafts: Sequence[_Draft], rng: random.Random) -> dict[str, Iterator[bool]]:
    """By receiving province (vintage 2004), for each person received there whether home is in another one."""
    received: dict[str, int] = {}
    for draft in drafts:
        received[_key(draft)] = received.get(_key(draft), 0) + draft.size
    dealt = {}
    for key, count in sorted(received.items()):
        share = shares["by_receiving_province"].get(key, shares["elsewhere"])
        dealt[key] = iter(spread({True: share, False: 1 - share}, count, rng))
    return dealt


def _another_province(here: ProvinceRef, rng: random.Random) -> ProvinceRef:
    today = [unit.ref for unit in provinces().values() if unit.successor is None and unit.ref != here]
    return rng.choice(today)


def _is_open(day: date) -> bool:
    return day.weekday() in OFFICE_WEEKDAYS


def _moment(day: date, rng: random.Random) -> datetime:
    return datetime.combine(day, time(FIRST_HOUR), VIET_NAM) + timedelta(minutes=rng.randrange(HANDOVER_HOURS * 60))


def _birth_date(band: str, youngest: int, returned_on: date, rng: random.Random) -> date:
    low, high = AGE_BANDS[band]
    age = rng.randint(max(low, youngest), high)
    # Within the year before the birthday, so that the age on that day is exact.
    return add_years(returned_on, -age) - timedelta(days=rng.randrange(300))


def _ethnicity(rng: random.Random, *, minority: bool) -> str:
    known = [group.gso_2008 for group in ethnic_groups() if group.gso_2008_confirmed and group.gso_2008 != KINH]
    return f"2008:{rng.choice(known) if minority else KINH}"


def invented_name(number: int) -> str:
    """A name that nobody has: "Thí Dụ" (example) and the digits of the number."""
    return f"Thí Dụ {' '.join(_DIGITS[int(digit)] for digit in str(number))}"


# Reappearing ----------------------------------------------------------------------------------


def _reappearing(
    profile: Mapping[str, Any],
    made: Sequence[Submission],
    people: int,
    rng: random.Random,
    first_day: date,
    directory: Directory,
) -> list[Submission]:
    """Some are handed over again at a border later in the year: a new return, possibly trafficked again."""
    last_day = first_day + timedelta(days=INTAKE_DAYS - 1)
    latest = last_day - timedelta(days=REAPPEARS_AFTER_DAYS[1])
    early = [(one, person) for one in made if one.returned_at.date() <= latest for person in one.people]
    wanted = min(len(early), quotas(_reappear_shares(profile), people)[True])
    again = []
    for before, person in rng.sample(early, wanted):
        gate = _draw_gate("CN", rng)
        day = before.returned_at.date() + timedelta(days=rng.randint(*REAPPEARS_AFTER_DAYS))
        while not _is_open(day):
            day -= timedelta(days=1)
        draft = _Draft("RESCUED", "CN", gate, f"BP-{gate.id}", "", 1)
        one = _submission(draft, _moment(day, rng), (replace(person, country="CN"),), directory)
        again.append(replace(one, reappears=True))
    return again


def _reappear_shares(profile: Mapping[str, Any]) -> dict[bool, float]:
    share = profile["reappeared_at_a_border"]["share"]
    return {True: share, False: 1 - share}
