"""The SQL twin of `timeliness` says the same on every day, at every instant, for every number of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import timeliness
from tests.support.databases import Databases
from tests.support.examples import examples

ASK = """
    SELECT follow_up_timeliness(d, n, t)
    FROM unnest(%(due)s::date[], %(days)s::integer[], %(today)s::date[]) WITH ORDINALITY AS q (d, n, t, place)
    ORDER BY place
"""
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
QUESTIONS = st.lists(
    st.tuples(INSTANTS, st.integers(-70, 70), st.sampled_from([1, 14, 30, 60])), min_size=1, max_size=50
)


@pytest.fixture(scope="module")
def connection(databases: Databases) -> Iterator[psycopg.Connection]:
    """A connection to a followup database."""
    lent = databases.lend("followup")
    with psycopg.connect(lent.url, autocommit=True) as connection:
        yield connection
    databases.give_back(lent)


@given(questions=QUESTIONS)
@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree(connection: psycopg.Connection, questions: list[tuple[datetime, int, int]]) -> None:
    dues = [local_date(now) - timedelta(days=passed) for now, passed, _ in questions]
    rows = connection.execute(
        ASK,
        {
            "due": dues,
            "days": [days for _, _, days in questions],
            "today": [local_date(now) for now, _, _ in questions],
        },
    ).fetchall()
    expected = [timeliness(due, days, now).value for due, (now, _, days) in zip(dues, questions, strict=True)]
    assert [row[0] for row in rows] == expected
