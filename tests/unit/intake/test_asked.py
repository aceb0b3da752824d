"""What a program has to confirm: the same as whoever gives a file is asked, by the same codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.record import ASKED
from services.intake.application.reference import reference
from services.intake.domain.people import FamilyLink, Person
from services.intake.domain.submissions import Place, PlaceKind, Route, Submission, check_handover, check_self_return
from tests.unit.intake.examples import NOW

ONE = Person(full_name="Nguyễn Thị Ví Dụ", sex="Feminine", birth_date="1998", returned_from_country="CN")
OTHER = Person(full_name="Trần Văn Giả Định", sex="Masculine", birth_date="1950")


def handover(*people: Person, **changed: Any) -> Submission:
    """At Móng Cái, by its own post."""
    given: dict[str, Any] = {
        "route": Route.OFFICIAL_HANDOVER,
        "handover_time": NOW,
        "place": Place(PlaceKind.GATE, "CN-MONG-CAI"),
        "people": people or (ONE,),
        "own_gate": "CN-MONG-CAI",
    }
    return Submission(**(given | changed))


CASES = {
    "long ago": (handover(handover_time=NOW - timedelta(days=15)), (None, "handover.handover_time", "LONG_AGO")),
    "the gate of another post": (
        handover(own_gate="CN-HUU-NGHI"),
        (None, "handover.place.gate_id", "GATE_OF_ANOTHER"),
    ),
    "from another country": (
        handover(replace(ONE, returned_from_country="KH")),
        (1, "returned_from_country", "OTHER_BORDER"),
    ),
    "very old": (handover(OTHER, replace(ONE, birth_date="1920-05-01")), (2, "birth_date", "VERY_OLD")),
    "a child older than its mother": (
        handover(replace(ONE, family_links=(FamilyLink(2, "CHILD"),)), OTHER),
        (1, "family_links[1].relation", "OLDER_THAN_PARENT"),
    ),
    "said by both of them": (
        handover(
            replace(ONE, family_links=(FamilyLink(2, "CHILD"),)),
            replace(OTHER, family_links=(FamilyLink(1, "PARENT"),)),
        ),
        (1, "family_links[1].relation", "OLDER_THAN_PARENT"),
    ),
}


def wrong(submission: Submission) -> list[tuple[int | None, str, str]]:
    """Row, field and code of each violation."""
    try:
        check_handover(submission, reference(), NOW)
    except InvalidInput as invalid:
        return [(each.row, each.field, each.code) for each in invalid.violations]
    return []


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_until_it_is_confirmed(name: str) -> None:
    submission, violation = CASES[name]
    assert wrong(submission) == [violation]
    assert wrong(replace(submission, confirmed=(violation[2],))) == []
    others = tuple(sorted(ASKED - {violation[2]}))
    assert wrong(replace(submission, confirmed=others)) == [violation]


def test_nothing_is_asked_of_what_is_usual() -> None:
    assert wrong(handover()) == []
    assert wrong(handover(own_gate="")) == []
    assert wrong(handover(handover_time=NOW - timedelta(days=14))) == []


def test_a_year_typed_into_a_cell_of_dates_cannot_be_confirmed() -> None:
    odd = handover(replace(ONE, birth_date="1909-06-20"), confirmed=tuple(sorted(ASKED)))
    assert wrong(odd) == [(1, "birth_date", "NOT_A_DATE")]


def test_only_known_codes_confirm() -> None:
    assert wrong(handover(confirmed=("YES",))) == [(None, "confirmed[1]", "NOT_IN_LIST")]


def test_of_one_alone_age_and_day_are_asked_about() -> None:
    alone = Submission(Route.SELF_RETURN, NOW - timedelta(days=40), people=(replace(ONE, birth_date="1920"),))
    with pytest.raises(InvalidInput) as refused:
        check_self_return(alone, reference(), NOW)
    assert {(each.field, each.code) for each in refused.value.violations} == {
        ("report_time", "LONG_AGO"),
        ("person.birth_date", "VERY_OLD"),
    }
    assert check_self_return(replace(alone, confirmed=("LONG_AGO", "VERY_OLD")), reference(), NOW).people


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("return_certificate_number", "1.23E+11"),
        ("handover_certificate_number", "0012.0"),
        ("return_certificate_number", "05-Mar"),
        ("return_certificate_number", "05/11/2026"),
        ("handover_certificate_number", "2026-11-05 00:00:00"),
    ],
)
def test_what_a_table_made_of_a_number_is_refused(field: str, text: str) -> None:
    odd: dict[str, Any] = {field: text}
    assert wrong(handover(replace(ONE, **odd))) == [(1, field, "BAD_FORMAT")]


@pytest.mark.parametrize("text", ["1.23E+11", "01-Nov", "05/11/2026"])
def test_nor_what_it_made_of_the_number_of_the_minutes(text: str) -> None:
    assert wrong(handover(joint_minutes_number=text)) == [(None, "handover.joint_minutes_number", "BAD_FORMAT")]
