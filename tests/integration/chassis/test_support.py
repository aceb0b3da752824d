"""The tests' own ground: databases of one service each, and events in and out."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from sqlalchemy import text

from homeward.events.v1 import handover_pb2
from services.chassis.events.units import UnitOfWork
from services.client.services import SERVICES
from tests.support.clocks import FakeClock
from tests.support.databases import CHASSIS_ONLY, Databases
from tests.support.events import EventScript, deliver, drain, outbox_events
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.waiting import patient

GUARDED = {"handover": {"administration"}, "intake": {"access_log"}}
"""Tables from which the database lets nobody take anything away."""
NUMBERED_BY_ROWS_ONLY = {"act_id_seq"}
"""Sequences that a service's login may not draw from by itself."""
REQUIRED = """
    SELECT attname, format_type(atttypid, atttypmod),
           (SELECT substring(pg_get_constraintdef(oid) FROM '''[A-Za-z_]+''') FROM pg_constraint
            WHERE conrelid = attrelid AND contype = 'c' AND conkey = ARRAY[attnum] LIMIT 1)
    FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef AND attidentity = ''
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "bytea": "'x'",
    "boolean": "true",
    "jsonb": "'[]'",
    "text[]": "'{}'",
    "text": "'X'",
}


def _tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in found]


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and where every sequence stands."""
    with psycopg.connect(url) as connection:
        tables = _tables(connection)
        found = {name: connection.execute(f"SELECT * FROM {name}".encode()).fetchall() for name in tables}
        sequences = "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"
        return found | {"sequences": connection.execute(sequences).fetchall()}


def fill(url: str) -> set[str]:
    """A row in every table that takes one without knowing what it means, and a number of every sequence.

    Returns the names of those tables.
    """
    filled = set()
    with psycopg.connect(url) as connection:
        for table in _tables(connection):
            columns = connection.execute(REQUIRED, [table]).fetchall()
            names = ", ".join(name for name, _, _ in columns)
            values = ", ".join(allowed or VALUES.get(kind, "1") for _, kind, allowed in columns)
            try:
                with connection.transaction():
                    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})".encode())
                    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except psycopg.Error:
                continue
            filled.add(table)
        connection.execute("UPDATE overlay_edition SET edition = edition + 1")
        connection.execute("""
            SELECT nextval(quote_ident(sequencename)::regclass) FROM pg_sequences
            WHERE has_sequence_privilege(quote_ident(sequencename), 'USAGE')
        """)
    return filled


@pytest.mark.parametrize("service", [*SERVICES, CHASSIS_ONLY])
def test_a_database_is_as_new_for_the_next_test_whatever_the_last_one_left(service: str, databases: Databases) -> None:
    name, url = databases.fresh(service)
    new = contents(url)
    databases.drop(name)
    first = databases.lend(service)
    filled = fill(first.url)
    assert filled >= GUARDED.get(service, set()) | {"outbox", "inbox", "stream_version", "request_log"}
    left = contents(first.url)
    assert all(left[each] != new[each] for each in filled | {"overlay_edition"})
    undrawn = {name for name, value in left["sequences"] if value is None}
    assert undrawn <= NUMBERED_BY_ROWS_ONLY
    unfinished = psycopg.connect(first.url)
    unfinished.execute("UPDATE overlay_edition SET edition = 7")
    databases.give_back(first)
    with pytest.raises(psycopg.OperationalError):
        unfinished.commit()
    unfinished.close()
    # What a test left running connects anew, and even writes.
    stray = psycopg.connect(first.url, autocommit=True)
    stray.execute("INSERT INTO stream_version VALUES ('t', gen_random_uuid(), 1)")
    second = databases.lend(service)
    assert second == first
    with pytest.raises(psycopg.OperationalError):
        stray.execute("INSERT INTO stream_version VALUES ('t', gen_random_uuid(), 1)")
    stray.close()
    assert contents(second.url) == new
    databases.give_back(second)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE inbox DROP CONSTRAINT inbox_state",
        "ALTER TABLE inbox RENAME COLUMN error TO fault",
        "CREATE TABLE another (id integer)",
        "DROP TABLE watcher",
        "DROP INDEX outbox_unsent",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON outbox TO homeward_audit",
        "TRUNCATE outbox",
    ],
)
def test_a_database_whose_schema_a_test_changed_is_lent_to_nobody(change: str, databases: Databases) -> None:
    first = databases.lend(CHASSIS_ONLY)
    with psycopg.connect(first.url) as connection:
        connection.execute(change.encode())
    databases.give_back(first)
    second = databases.lend(CHASSIS_ONLY)
    assert second.name != first.name
    databases.give_back(second)


def test_two_tests_never_hold_one_database(databases: Databases) -> None:
    one, other = databases.lend(CHASSIS_ONLY), databases.lend(CHASSIS_ONLY)
    assert one.name != other.name
    databases.give_back(one)
    databases.give_back(other)


def test_a_login_is_refused_by_every_other_database(service_database: ServiceDatabase) -> None:
    own = service_database("chassis")
    other = own.rpartition("/")[0] + "/postgres"
    with psycopg.connect(own) as connection:
        row = connection.execute("SELECT current_user, count(*) FROM outbox").fetchone()
    assert row == ("homeward_chassis", 0)
    another = service_database("chassis")
    assert another != own
    with psycopg.connect(other, connect_timeout=int(patient(3))) as connection:
        rows = connection.execute(
            "SELECT has_database_privilege('homeward_audit', datname, 'CONNECT'),"
            " has_database_privilege('homeward_intake', datname, 'CONNECT')"
            " FROM pg_database WHERE datname LIKE 'homeward_chassis_test_%'"
        ).fetchall()
    assert rows
    assert set(rows) == {(True, False)}


async def test_events_go_in_once_and_come_out_numbered(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    chassis = chassis_for("chassis", service_database("chassis"), clock)
    script, case_id = EventScript(clock), uuid.uuid4()
    seen: list[str] = []

    async def handler(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        seen.append(event.case_number)
        uow.append(handover_pb2.CaseCorrected(case_id=str(case_id)), case_id)

    first = script.event(case_id, handover_pb2.CaseRegistered(case_number="HW-1"))
    assert await deliver(chassis, first, first) == 1
    assert await drain(chassis, {handover_pb2.CaseRegistered: handler}) == 1
    assert await drain(chassis, {handover_pb2.CaseRegistered: handler}) == 0
    assert seen == ["HW-1"]
    said = await outbox_events(chassis)
    assert [(event.type, event.version) for event in said] == [("homeward.events.v1.CaseCorrected", 1)]
    async with chassis.engine.connect() as connection:
        assert await connection.scalar(text("SELECT state FROM inbox")) == "DONE"


async def test_an_error_of_a_handler_reaches_the_test(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    chassis = chassis_for("chassis", service_database("chassis"), clock)

    async def handler(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        raise LookupError("as it should")

    await deliver(chassis, EventScript(clock).event(uuid.uuid4(), handover_pb2.CaseRegistered()))
    with pytest.raises(LookupError, match="as it should"):
        await drain(chassis, {handover_pb2.CaseRegistered: handler})
