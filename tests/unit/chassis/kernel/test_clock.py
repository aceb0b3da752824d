from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.chassis.kernel.clock import (
    VIET_NAM,
    end_of_local_day,
    local_date,
    require_aware,
    start_of_local_day,
)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 1, 16, 59, 59, 999999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 17, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=-8))), date(2026, 1, 1)),
        (datetime(2026, 7, 1, 0, 0, tzinfo=VIET_NAM), date(2026, 7, 1)),
    ],
)
def test_an_instant_falls_on_the_local_day_in_viet_nam(instant: datetime, day: date) -> None:
    assert local_date(instant) == day


def test_a_day_begins_at_17_utc_of_the_day_before_and_ends_where_the_next_begins() -> None:
    assert start_of_local_day(date(2026, 3, 2)) == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert start_of_local_day(date(2026, 3, 2)).tzinfo is UTC
    assert end_of_local_day(date(2026, 3, 1)) == start_of_local_day(date(2026, 3, 2))


def test_an_instant_without_time_zone_is_refused() -> None:
    naive = datetime.fromisoformat("2026-03-01T12:00")
    with pytest.raises(ValueError, match="time zone"):
        require_aware(naive)
    with pytest.raises(ValueError, match="time zone"):
        local_date(naive)
