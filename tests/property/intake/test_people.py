"""Whatever is written, it is taken whole or refused without being repeated."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.record import CHARS_MAX
from services.intake.domain.people import AgeBand, age_band, latest_birth_day
from services.intake.domain.submissions import check_handover
from services.intake.vault.keys import KeyRing
from services.intake.wire import person_bytes, person_from_bytes
from tests.unit.intake.examples import NOW, PERSON, REFERENCE, handover

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2030, 12, 31))
BANDS = (AgeBand.UNDER_16, AgeBand.FROM_16_TO_17, AgeBand.ADULT)


@given(TEXTS)
def test_a_name_is_normal_or_refused(name: str) -> None:
    fields: set[str] = set()
    try:
        checked = check_handover(handover(replace(PERSON, full_name=name)), REFERENCE, NOW)
    except InvalidInput as error:
        fields = {one.field for one in error.violations}
    if fields:
        assert fields == {"full_name"}
        return
    kept = checked.people[0].full_name
    assert 0 < len(kept) <= CHARS_MAX["full_name"]
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip()
    assert not {"\n", "\x00", "\u202e"} & set(kept)
    assert check_handover(checked, REFERENCE, NOW) == checked


@given(TEXTS)
def test_a_birth_date_is_known_or_refused(text: str) -> None:
    try:
        check_handover(handover(replace(PERSON, birth_date=text)), REFERENCE, NOW)
    except InvalidInput:
        return
    assert text == "" or latest_birth_day(text)


@given(DAYS, DAYS)
def test_less_known_never_makes_older(born: date, day: date) -> None:
    exact = born.isoformat()
    bands = [BANDS.index(age_band(text, day)) for text in (exact, exact[:7], exact[:4])]
    assert bands == sorted(bands, reverse=True)


@given(DAYS, DAYS, DAYS)
def test_nobody_grows_younger(born: date, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    bands = [BANDS.index(age_band(born.isoformat(), day)) for day in (earlier, later)]
    assert bands == sorted(bands)


@given(TEXTS, st.lists(TEXTS, max_size=5), st.uuids())
def test_a_sealed_person_comes_back_as_she_was(name: str, items: list[str], case_id: object) -> None:
    person = replace(PERSON, full_name=name, documents=tuple(items), home_province="22@2004")
    key, _ = KeyRing(bytes(32)).new_key(case_id)  # type: ignore[arg-type]
    sealed = key.seal(person_bytes(person), "person")
    assert person_from_bytes(key.open(sealed, "person")) == person
