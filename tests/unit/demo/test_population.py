"""The invented year keeps the proportions of the profile, and would be accepted by intake."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.country.reference_lists import demonstration_profile, gates
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.demo.days import OFFICE_WEEKDAYS
from services.demo.population import AGE_BANDS, INTAKE_DAYS, PEOPLE_MIN, invented_name, make_year
from tests.unit.demo.invented import FIRST_DAY, PEOPLE, first_returns, year

PROFILE = demonstration_profile()
DIRECTORY = built_in_directory()
ROOT = Path(__file__).resolve().parents[3]
PATHS = (ROOT, ROOT / "proto" / "gen")


def test_the_same_seed_gives_the_same_year_and_another_gives_another() -> None:
    again = make_year(PROFILE, PEOPLE, 1, FIRST_DAY, DIRECTORY)
    assert year() == again
    assert year(seed=2) != again


def test_the_year_and_its_plans_are_the_same_in_another_process() -> None:
    program = (
        "import hashlib; from tests.unit.demo.invented import plans;"
        " print(hashlib.sha256(repr(plans(200)).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(map(str, PATHS))},
            cwd=PATHS[0],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2", "3")
    }
    assert len(told) == 1


def test_everybody_comes_back_once_and_a_few_reappear() -> None:
    assert sorted(person.number for _, person in first_returns()) == list(range(1, PEOPLE + 1))
    reappearing = [one for one in year() if one.reappears]
    assert len(reappearing) == PROFILE["reappeared_at_a_border"]["share"] * PEOPLE
    first_day = {person.number: one.returned_at for one, person in first_returns()}
    for one in reappearing:
        assert one.returned_at - first_day[one.people[0].number] > timedelta(days=50)


def test_routes_sexes_and_countries_have_the_profiles_shares() -> None:
    routes = Counter(one.route for one, _ in first_returns())
    assert routes == {route: share * PEOPLE for route, share in PROFILE["route_of_return"]["shares"].items()}
    sexes = Counter(person.sex for _, person in first_returns())
    assert sexes == {"Feminine": 850, "Masculine": 150}
    countries = Counter(person.country for _, person in first_returns())
    assert (countries["CN"], countries["KH"], countries["LA"]) == (900, 60, 20)


def test_ages_have_the_profiles_bands_on_the_day_of_the_return() -> None:
    bands: Counter[str] = Counter()
    for one, person in first_returns():
        day = local_date(one.returned_at)
        born = person.birth_date
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        bands[next(band for band, (low, high) in AGE_BANDS.items() if low <= age <= high)] += 1
    assert bands == {band: share * PEOPLE for band, share in PROFILE["age"]["bands"].items()}


@pytest.mark.parametrize(("code_2004", "share"), [("22", 0.95), ("10", 0.6)])
def test_home_is_elsewhere_as_often_as_the_report_says(code_2004: str, share: float) -> None:
    away = []
    for one, person in first_returns():
        gate = gates().get(one.gate_id)
        if gate is not None and gate.province_2004.code == code_2004:
            away.append(person.home != gate.province_2025)
    assert len(away) > 50
    assert sum(away) / len(away) == pytest.approx(share, abs=0.06)


def test_handovers_have_the_profiles_sizes() -> None:
    sizes = [len(one.people) for one in year() if not one.alone and not one.reappears]
    expected = PROFILE["handover_batch_size"]
    assert statistics.median(sizes) == expected["median"]
    assert (min(sizes), max(sizes)) == (expected["min"], expected["max"])
    assert all(len(one.people) == 1 for one in year() if one.alone)


def test_only_border_posts_submit_handovers_and_only_valid_offices_register() -> None:
    allowed = {Role.BORDER_POST, Role.COMMUNE, Role.SUPPORT_AGENCY}
    for one in year():
        office = DIRECTORY.office(one.office_id)
        assert office.role in (allowed if one.alone else {Role.BORDER_POST})
        assert office.is_valid(local_date(one.returned_at))
        assert one.alone or bool(one.gate_id) != bool(one.place)
        assert not one.gate_id or gates()[one.gate_id].existence_confirmed


def test_the_year_is_in_order_and_within_its_days() -> None:
    moments = [one.returned_at for one in year()]
    assert moments == sorted(moments)
    assert [one.number for one in year()] == list(range(1, len(year()) + 1))
    assert local_date(moments[0]) >= FIRST_DAY
    assert local_date(moments[-1]) < FIRST_DAY + timedelta(days=INTAKE_DAYS)


def test_offices_are_closed_at_weekends() -> None:
    assert {local_date(one.returned_at).weekday() for one in year()} == OFFICE_WEEKDAYS


@pytest.mark.parametrize("people", [PEOPLE_MIN, 20, 97, 200])
def test_small_years_hold_everybody_too(people: int) -> None:
    assert sorted(person.number for _, person in first_returns(people)) == list(range(1, people + 1))


def test_a_year_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="people"):
        make_year(PROFILE, PEOPLE_MIN - 1, 1, FIRST_DAY, DIRECTORY)


def test_names_are_plainly_invented() -> None:
    assert invented_name(105) == "Thí Dụ Một Không Năm"
    assert all(person.name.startswith("Thí Dụ ") for _, person in first_returns())
