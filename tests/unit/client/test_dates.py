"""Days and moments as officers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.client.dates import DateProblem, parse_birth, parse_day, parse_moment, written

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("1/2/2026", date(2026, 2, 1)),
        ("01-02-2026", date(2026, 2, 1)),
        ("01.02.2026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        (" today ", TODAY),
        ("Hôm nay", TODAY),
        ("hom qua", date(2026, 11, 21)),
        ("yesterday", date(2026, 11, 21)),
        ("ngày mai", date(2026, 11, 23)),
    ],
)
def test_a_day_may_be_written_in_many_ways(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("31/02/2026", "no such day"),
        ("11/22/2026", "month stands before"),
        ("22/11/26", "four digits"),
        ("46348", "Excel's inner number"),
        ("soon", "write the day"),
        ("", "write the day"),
        ("٢٢/١١/٢٠٢٦x", "write the day"),
    ],
)
def test_what_is_no_day_says_why(text: str, part: str) -> None:
    with pytest.raises(DateProblem) as caught:
        parse_day(text, TODAY)
    assert part in caught.value.text


def test_excels_number_of_a_day_is_named() -> None:
    with pytest.raises(DateProblem) as caught:
        parse_birth("36892")
    assert caught.value.params == {"day": "01/01/2001"}


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("2004", "2004"),
        ("3/2004", "2004-03"),
        ("03-2004", "2004-03"),
        ("2004-03", "2004-03"),
        ("5/3/2004", "2004-03-05"),
        ("2004-03-05", "2004-03-05"),
        ("2004-03-05 00:00:00", "2004-03-05"),
        ("29/02/2004", "2004-02-29"),
    ],
)
def test_a_birth_is_as_exact_as_it_is_known(text: str, birth: str) -> None:
    assert parse_birth(text) == birth


@pytest.mark.parametrize("text", ["13/2004", "29/02/2005", "04", "5/3/04", "2004?"])
def test_what_is_no_birth_date_is_refused(text: str) -> None:
    with pytest.raises(DateProblem):
        parse_birth(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("22/11/2026 14:30", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("14h30 22/11/2026", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("22/11/2026, 14h30", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("22/11/2026 14:30:15", datetime(2026, 11, 22, 7, 30, 15, tzinfo=UTC)),
        ("22/11/2026 lúc 14 giờ", datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("22/11/2026 9h", datetime(2026, 11, 22, 2, 0, tzinfo=UTC)),
        ("today 09:05", datetime(2026, 11, 22, 2, 5, tzinfo=UTC)),
        ("hôm qua 23:00", datetime(2026, 11, 21, 16, 0, tzinfo=UTC)),
        ("14:30", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("22/11/2026", datetime(2026, 11, 21, 17, 0, tzinfo=UTC)),
        ("2026-11-22T14:30", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("2026-11-22T14:30:00+07:00", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("2026-11-22T07:30:00Z", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("22/11/2026 25:00", None),
        ("22/11/2026 early", None),
        ("2026-W47-7", None),
        ("2026-W47-7 14:30", None),
        ("20261122", None),
        ("20261122T1430", None),
    ],
)
def test_a_moment_is_a_day_and_a_time_in_viet_nam(text: str, moment: datetime | None) -> None:
    if moment is None:
        with pytest.raises(DateProblem):
            parse_moment(text, TODAY)
    else:
        assert parse_moment(text, TODAY) == moment


def test_days_are_shown_as_they_are_written() -> None:
    assert (written("2026-02-01"), written(""), written(TODAY)) == ("01/02/2026", "", "22/11/2026")


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("2004年3月15日", "2004-03-15"),
        ("２００４ 年 3 月", "2004-03"),
        ("2004年", "2004"),
        ("១៥/០៣/២០០៤", "2004-03-15"),
        ("໑໕/໐໓/໒໐໐໔", "2004-03-15"),
        ("๒๐๐๔", "2004"),
    ],
)
def test_births_as_neighbours_write_them(text: str, birth: str) -> None:
    assert parse_birth(text) == birth


def test_a_moment_as_neighbours_write_it() -> None:
    assert parse_moment("2026年11月22日 14:30", TODAY) == parse_moment("22/11/2026 14:30", TODAY)


@pytest.mark.parametrize("text", ["2004年13月1日", "04年3月15日", "2004年3月15"])
def test_what_neighbours_never_write_is_no_birth(text: str) -> None:
    with pytest.raises(DateProblem):
        parse_birth(text)
