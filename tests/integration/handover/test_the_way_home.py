"""From the gate to the home province, over a real server and a real database."""

from __future__ import annotations

from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import (
    POST,
    QUANG_NINH,
    World,
    names,
)


async def test_registered_planned_sent_arrived_followed(world: World) -> None:
    case = await world.registered()
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")

    planned = await world.plan(case)
    assert planned.state == types.TRANSFER_STATE_PLANNED
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")

    sent = await world.dispatch(case, to="")
    assert sent.transfer_id == planned.transfer_id
    assert sent.state == types.TRANSFER_STATE_DISPATCHED
    assert (sent.departed_on, sent.acknowledge_due_on) == ("2026-03-02", "2026-03-06")
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")

    arrived = await world.acknowledge(case)
    assert arrived.state == types.TRANSFER_STATE_ACKNOWLEDGED
    assert arrived.arrived_on == "2026-03-02"
    assert not arrived.overdue
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")

    await world.followed(case, segment=2)
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)

    said = await world.heard()
    assert names(said) == [
        "CustodyChanged",
        "TransferPlanned",
        "TransferDispatched",
        "TransferAcknowledged",
        "CustodyChanged",
    ]
    first, last = said[0], said[-1]
    assert (first.segment, first.accountable_office_id, first.previous_office_id) == (1, POST, "")
    assert first.cause == types.CUSTODY_CAUSE_REGISTERED
    assert (last.segment, last.accountable_office_id, last.previous_office_id) == (
        2,
        QUANG_NINH,
        POST,
    )
    assert (last.cause, last.phase) == (types.CUSTODY_CAUSE_ARRIVED, types.CASE_PHASE_ARRIVED)
    assert last.arrival_on == "2026-03-02"
    assert last.case_number == case.number
