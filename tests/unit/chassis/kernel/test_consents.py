"""What counts on a day, of what was said to a purpose."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.kernel.consents import ConsentMissing, Said, require_given, said_by
from services.chassis.kernel.words import ConsentState

DAY = date(2026, 3, 10)
BEFORE, AFTER = date(2026, 3, 9), date(2026, 3, 11)
GIVEN, REFUSED, WITHDRAWN = ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([], None),
        ([Said(GIVEN, DAY)], GIVEN),
        ([Said(GIVEN, AFTER)], None),
        ([Said(GIVEN, BEFORE), Said(WITHDRAWN, AFTER)], GIVEN),
        ([Said(GIVEN, BEFORE), Said(WITHDRAWN, DAY)], WITHDRAWN),
        ([Said(GIVEN, DAY), Said(WITHDRAWN, DAY)], WITHDRAWN),
        ([Said(REFUSED, BEFORE), Said(GIVEN, DAY)], GIVEN),
    ],
)
def test_what_was_said_last_until_that_day_counts(said: list[Said], counts: ConsentState | None) -> None:
    assert said_by(said, DAY) is counts


@pytest.mark.parametrize(("said", "state"), [([], ""), ([Said(REFUSED, DAY)], "REFUSED"), ([Said(GIVEN, AFTER)], "")])
def test_without_it_the_purpose_is_named(said: list[Said], state: str) -> None:
    with pytest.raises(ConsentMissing) as caught:
        require_given("STAY", said, DAY)
    assert caught.value.reason == "CONSENT_MISSING"
    assert dict(caught.value.details) == {"purpose": "STAY", "state": state}


def test_what_stands_is_not_refused() -> None:
    require_given("STAY", [Said(GIVEN, DAY)], DAY)
