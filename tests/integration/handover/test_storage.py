"""What the database itself refuses, and that it is what the tables say."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from homeward.events.v1 import handover_pb2
from services.chassis.storage.tables import table_of
from services.handover.storage.tables import (
    CustodyRow,
    SearchRow,
    SegmentRow,
    StayRow,
    StepRow,
    TransferAnswerRow,
    TransferMessageRow,
    TransferRow,
)
from tests.integration.handover.world import POST, Case, World
from tests.support.databases import Databases


async def _write(world: World, sql: str, **parameters: object) -> None:
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text(sql), parameters)


_COPY_TRANSFER = """
    INSERT INTO transfer (id, case_id, number, from_office_id, to_office_id, state, expected_departure_on,
        expected_arrival_on, departed_on, dispatched_at, dispatched_in, acknowledge_due_on, ended_at,
        told_overdue, late, documents, planned_at, version)
    SELECT gen_random_uuid(), case_id, number + 1, from_office_id, to_office_id, :state, expected_departure_on,
        expected_arrival_on, departed_on, dispatched_at, dispatched_in, acknowledge_due_on,
        CASE WHEN :ended THEN planned_at END, false, false, '{}', planned_at, 1 FROM transfer
"""
_COPY_OBLIGATION = """
    INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state,
        level, late)
    SELECT gen_random_uuid(), case_id, 'DISPATCH_DUE', 1, calendar_version, :primary, due_on, due_at, 'ARMED', 0, false
    FROM obligation
"""


async def test_a_second_open_transfer(world: World) -> None:
    await world.dispatch(await world.registered())
    for state in ("PLANNED", "DISPATCHED"):
        with pytest.raises(IntegrityError, match="transfer_one_open"):
            await _write(world, _COPY_TRANSFER, state=state, ended=False)
    await _write(world, _COPY_TRANSFER, state="RECALLED", ended=True)


@pytest.mark.parametrize(
    ("primary", "guard"),
    [(True, "obligation_one_primary"), (False, "handover_one_watched_deadline")],
)
async def test_a_second_watched_deadline(world: World, primary: bool, guard: str) -> None:
    await world.registered()
    with pytest.raises(IntegrityError, match=guard):
        await _write(world, _COPY_OBLIGATION, primary=primary)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE obligation SET state = 'DISARMED'",
        "UPDATE obligation SET state = 'FIRED'",
        "UPDATE custody SET phase = 'CLOSED'",
        "UPDATE custody SET phase = 'FOLLOW_UP'",
        "UPDATE custody SET followup_watches = true",
    ],
)
async def test_an_open_case_that_nobody_watches_or_two_do(world: World, sql: str) -> None:
    await world.registered()
    with pytest.raises(IntegrityError, match="primary"):
        await _write(world, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE custody SET phase = 'LOST'",
        "UPDATE custody SET accountable_office_id = ''",
        "UPDATE transfer SET state = 'LATE'",
        "UPDATE transfer SET to_office_id = from_office_id",
        "UPDATE transfer SET expected_arrival_on = departed_on - 1",
        "UPDATE transfer SET state = 'ACKNOWLEDGED'",
        "UPDATE transfer SET state = 'REJECTED'",
        "UPDATE transfer SET state = 'NOT_ARRIVED'",
        "UPDATE transfer SET ended_at = now()",
        "UPDATE transfer SET documents = '{LETTER}'",
        "UPDATE transfer SET consent = 'MAYBE'",
        "UPDATE transfer SET dispatched_in = NULL",
    ],
)
async def test_states_that_are_none(world: World, sql: str) -> None:
    await world.dispatch(await world.registered())
    with pytest.raises(IntegrityError):
        await _write(world, sql)


async def test_a_second_open_search(world: World) -> None:
    case = await world.registered()
    opened = (
        "INSERT INTO search (id, case_id, office_id, reason, opened_at, level, version)"
        " VALUES (gen_random_uuid(), :case_id, 'SA-22', 'NOT_ACKNOWLEDGED', now(), 0, 1)"
    )
    await _write(world, opened, case_id=case.id)
    with pytest.raises(IntegrityError, match="search_one_open"):
        await _write(world, opened, case_id=case.id)


async def test_the_tables_are_those_of_the_migration(world: World) -> None:
    rows = await world.rows(
        "SELECT table_name, column_name, is_nullable = 'YES' AS nullable"
        " FROM information_schema.columns WHERE table_schema = 'public'"
    )
    models = (CustodyRow, SegmentRow, StayRow, TransferRow, TransferAnswerRow, TransferMessageRow, SearchRow, StepRow)
    for model in models:
        table = table_of(model)
        declared = {(column.name, bool(column.nullable)) for column in table.columns}
        found = {(r.column_name, r.nullable) for r in rows if r.table_name == table.name}
        assert found - declared <= {("overdue_from", True), ("level_band", False)}
        assert declared <= found


# Audit ----------------------------------------------------------------------------------------


def _audited(world: World, databases: Databases, case: Case) -> dict[str, object]:
    name = world.chassis.settings.database_url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(databases.audit_url(name), row_factory=psycopg.rows.dict_row) as audit:
        found = audit.execute("SELECT * FROM audit_case WHERE case_id = %s", [case.id]).fetchone()
        assert found is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            audit.execute("SELECT * FROM custody")
    return found


async def test_the_auditor_reads_accountability_and_nothing_else(world: World, databases: Databases) -> None:
    case = await world.registered()
    await world.look()
    seen = _audited(world, databases, case)
    assert (seen["phase"], seen["office_id"], seen["is_open"]) == ("REGISTERED", POST, True)
    assert (seen["deadline_rule"], seen["watched_by"]) == ("DISPATCH_DUE", "handover")
    assert (seen["primary_count"], seen["in_flight"], seen["blocked"]) == (1, True, False)
    assert seen["watcher_seen_at"] is not None


async def test_a_case_that_ended_is_watched_by_nobody(world: World, databases: Databases) -> None:
    case = await world.registered()
    await world.told(case, handover_pb2.CaseWithdrawn(case_id=str(case.id)))
    await _write(world, "UPDATE outbox SET sent_at = now()")
    seen = _audited(world, databases, case)
    assert (seen["phase"], seen["is_open"], seen["watched_by"]) == ("WITHDRAWN", False, None)
    assert (seen["primary_count"], seen["deadline_on"], seen["in_flight"]) == (0, None, False)
