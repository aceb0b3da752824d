"""Millions of pending rows, quickly: without indexes and guards, which are made again when all are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.perf.handover_board import without_indexes

ONE_DAY_S = 86_400
CASE = "CAST('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS uuid)"
"""Ids in the order of time, as those of the services are."""
_OBLIGATION = "CAST('00000000-0000-7000-9000-' || lpad(to_hex(i), 12, '0') AS uuid)"
_COLUMNS = """
    INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state,
                            level, late)
"""
OBLIGATIONS_PENDING = f"""
    {_COLUMNS}
    SELECT {_OBLIGATION}, {CASE}, 'BENCH', 1, 'bench', true, CAST(at AS date), at, 'ARMED', 0, false
    FROM (SELECT i, now() + make_interval(secs => {ONE_DAY_S} + i) AS at
          FROM generate_series(1, %(pending)s) AS i) AS times
"""
OBLIGATIONS_DUE = f"""
    {_COLUMNS}
    SELECT gen_random_uuid(), gen_random_uuid(), 'BENCH', 1, 'bench', true, CAST(at AS date), at, 'ARMED', 0, false
    FROM (SELECT now() - make_interval(secs => 600 + i) AS at
          FROM generate_series(1, %(due)s) AS i) AS times
"""


@contextmanager
def quick_load(url: str, table: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection for filling a table; its indexes, and the planner's figures, are made when it is full."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        with without_indexes(connection, (table,)):
            yield connection
        connection.execute("VACUUM ANALYZE")
