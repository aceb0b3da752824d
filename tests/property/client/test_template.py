"""What a form says is what is understood: any handover, written and read back, is the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.kernel.record import PEOPLE_MAX
from services.chassis.kernel.texts import LANGUAGES, Language
from services.client.people_file.batches import FamilyTooLarge, split
from services.client.people_file.check import Defaults, check_handover
from services.client.people_file.content import FamilyLink, HandoverContent, PersonContent
from services.client.people_file.read import read_people
from services.client.people_file.template import csv_of, csv_template, json_of
from tests.property.client.strategies import NOW, handovers
from tests.support.examples import examples


@given(handover=handovers(), language=st.sampled_from(LANGUAGES), encoding=st.sampled_from(["utf-8", "utf-16"]))
@settings(max_examples=examples(25), deadline=None)
def test_a_filled_form_is_understood_as_it_was_meant(
    handover: HandoverContent, language: Language, encoding: str
) -> None:
    text = csv_of(handover, language)
    data = text.encode("utf-8") if encoding == "utf-8" else text.removeprefix("\ufeff").encode("utf-16")
    found = check_handover(read_people(data), Defaults(), NOW)
    assert found.problems == ()
    assert found.content == handover
    assert found.content.digest() == handover.digest()


@given(handover=handovers())
@settings(max_examples=examples(25), deadline=None)
def test_the_json_form_is_understood_as_it_was_meant(handover: HandoverContent) -> None:
    found = check_handover(read_people(json_of(handover).encode()), Defaults(), NOW)
    assert found.problems == ()
    assert found.content == handover


@given(handover=handovers(), language=st.sampled_from(LANGUAGES))
@settings(max_examples=examples(25), deadline=None)
def test_people_written_below_the_example_are_all_that_is_read(handover: HandoverContent, language: Language) -> None:
    filled = csv_of(handover, language).partition("\r\n")[2]
    found = check_handover(read_people((csv_template(language) + filled).encode()), Defaults(), NOW)
    assert found.content == handover
    assert found.rows[0] == 3


@given(
    count=st.integers(1, 100),
    pairs=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=40),
)
@settings(max_examples=examples(25), deadline=None)
def test_batches_hold_everybody_once_with_families_together(count: int, pairs: list[tuple[int, int]]) -> None:
    links: dict[int, dict[int, FamilyLink]] = {}
    for one, other in pairs:
        if one < count and other < count and one != other:
            links.setdefault(one, {})[other] = FamilyLink(other + 1, "SIBLING")
    everybody = tuple(
        PersonContent(f"Thí Dụ {number}", "Feminine", family_links=tuple(links.get(number, {}).values()))
        for number in range(count)
    )
    whole = HandoverContent("OFFICIAL_HANDOVER", NOW, "CN-MONG-CAI", "", "", "", "", everybody)
    try:
        batches = split(whole, range(2, count + 2))
    except FamilyTooLarge:
        assert len(pairs) >= PEOPLE_MAX
        return
    assert sorted(row for batch in batches for row in batch.rows) == list(range(2, count + 2))
    assert all(1 <= len(batch.rows) <= PEOPLE_MAX for batch in batches)
    assert all(len(batch.rows) == len(batch.content.people) for batch in batches)
    for batch in batches:
        for row, person in zip(batch.rows, batch.content.people, strict=True):
            meant = {link.row - 1 + 2 for link in everybody[row - 2].family_links}
            assert {batch.rows[link.row - 1] for link in person.family_links} == meant
