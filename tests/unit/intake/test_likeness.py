"""How alike the records of two returns are: a hint that is careful in both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.intake.application.earlier_cases import alike
from services.intake.domain.likeness import Match, likeness
from tests.unit.intake.examples import PERSON

HER = replace(PERSON, full_name="Nguyễn Thị Ví Dụ", sex="Feminine", birth_date="2001-04-30", home_province="22@2004")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Match.LIKELY),
        ({"full_name": "NGUYEN THI VI DU"}, Match.LIKELY),
        ({"full_name": "Ví Dụ Nguyễn Thị"}, Match.LIKELY),
        ({"full_name": "Nguyễn Ví Dụ"}, Match.UNKNOWN),
        ({"full_name": "Trần Văn Khác"}, Match.UNLIKELY),
        ({"sex": "Masculine"}, Match.UNLIKELY),
        ({"sex": "NonSpecifiedUnknown"}, Match.UNKNOWN),
        ({"birth_date": "2001"}, Match.LIKELY),
        ({"birth_date": "2002"}, Match.UNKNOWN),
        ({"birth_date": "1970"}, Match.UNLIKELY),
        ({"birth_date": ""}, Match.UNKNOWN),
        ({"home_province": ""}, Match.LIKELY),
        ({"home_province": "22@2025"}, Match.LIKELY),
        ({"home_province": "01@2025"}, Match.UNKNOWN),
        ({"home_province": "01@2025", "sex": "Masculine"}, Match.UNLIKELY),
    ],
)
def test_how_alike_two_records_are(changes: dict[str, Any], expected: Match) -> None:
    other = replace(HER, **changes)
    assert alike(HER, other) is alike(other, HER) is expected


def test_nothing_but_a_name_says_nothing() -> None:
    bare = replace(PERSON, full_name="Nguyễn Thị Ví Dụ", sex="", birth_date="", home_province="")
    assert likeness(bare, bare, same_province=None) is Match.UNKNOWN
