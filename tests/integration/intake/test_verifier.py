"""The one verifier of a case: that of the province that received her, until a supervisor names another one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from homeward.events.v1 import identification_pb2 as events
from homeward.intake.v1 import cases_pb2, legal_steps_pb2
from homeward.intake.v1 import identification_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.etags import etag_of
from tests.integration.intake.people import person
from tests.integration.intake.test_undecided import after_days, awaited
from tests.integration.intake.world import (
    HOME_POLICE,
    HOME_SUPERVISOR,
    OTHER_POLICE,
    OTHER_SUPERVISOR,
    POLICE,
    POST,
    SUPERVISOR,
    World,
)

PROVINCE = "SV-20"
"""Of the province of the post."""


async def assigned(world: World, by: str, case: object, to: str, **request: Any) -> cases_pb2.Case:
    found: cases_pb2.Case = (
        await world.call(
            by,
            api.AssignVerifierRequest(
                request_id=str(uuid.uuid4()),
                case=str(case),
                office_id=to,
                reason=types.VERIFIER_REASON_NOT_IMPARTIAL,
                **request,
            ),
        )
    ).case
    return found


async def refused(call: Any) -> str:
    with pytest.raises(RpcFailure) as caught:
        await call
    return caught.value.reason


async def decide(world: World, office_id: str, case: object) -> None:
    await world.call(
        office_id,
        api.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=str(case),
            status=types.IDENTIFICATION_STATUS_IDENTIFIED,
            decided_on=world.clock.now().date().isoformat(),
            grounds=["SALE"],
        ),
    )


async def test_the_office_named_alone_sees_and_decides_from_then_on(world: World) -> None:
    case = await awaited(world)
    assert await refused(world.read(OTHER_POLICE, case)) == "CASE_NOT_FOUND"
    assert (await assigned(world, PROVINCE, case, OTHER_POLICE)).verifier_office_id == OTHER_POLICE
    assert (await world.read(OTHER_POLICE, case)).identity_view == cases_pb2.IDENTITY_VIEW_VERIFICATION
    assert not (await world.read(POLICE, case)).HasField("person")
    assert await refused(decide(world, POLICE, case)) == "NOT_YOUR_DECISION"
    waiting = await world.call(OTHER_POLICE, api.ListUndecidedRequest())
    assert [one.case_id for one in waiting.cases] == [str(case)]
    assert not (await world.call(POLICE, api.ListUndecidedRequest())).cases, "not what it cannot decide"
    for office_id, expected in ((OTHER_POLICE, [str(case)]), (POLICE, [])):
        due = await world.call(office_id, legal_steps_pb2.ListLegalDeadlinesRequest())
        assert [one.case_id for one in due.deadlines] == expected, "it is due of whoever decides"
    (told,) = await world.said(events.VerifierAssigned)
    assert told.message == events.VerifierAssigned(
        case_id=str(case),
        office_id=OTHER_POLICE,
        former_office_ids=[POLICE],
        assigning_office_id=PROVINCE,
        accountable_office_id=POST,
        undecided=True,
    )
    (overdue,) = await after_days(world, 4)
    assert overdue.verifier_office_id == OTHER_POLICE
    await decide(world, OTHER_POLICE, case)
    (decided,) = await world.said(events.IdentificationDecided)
    assert (decided.message.deciding_office_id, decided.message.verifier_office_id) == (OTHER_POLICE, OTHER_POLICE)


@pytest.mark.attack(25, "the police of her home is made the one that reads her, by a supervisor of her home")
async def test_who_may_name_whom(world: World) -> None:
    case = await world.registered(person())
    assert await refused(assigned(world, HOME_SUPERVISOR, case, HOME_POLICE)) == "ASSIGNING_NOT_YOURS"
    assert await refused(assigned(world, HOME_SUPERVISOR, case, OTHER_POLICE)) == "ASSIGNING_NOT_YOURS"
    assert await refused(assigned(world, OTHER_SUPERVISOR, case, OTHER_POLICE)) == "CASE_NOT_FOUND"
    assert await refused(assigned(world, PROVINCE, case, HOME_POLICE)) == "NATION_ASSIGNS_HOME_POLICE"
    assert await refused(assigned(world, POLICE, case, OTHER_POLICE)) == "PERMISSION_DENIED"
    assert await refused(assigned(world, PROVINCE, case, POST)) == "INVALID_INPUT"
    assert await refused(assigned(world, PROVINCE, case, POLICE)) == "VERIFIER_STANDS"
    assert await refused(assigned(world, PROVINCE, case, OTHER_POLICE, etag=etag_of(99))) == "ETAG_MISMATCH"
    assert (await assigned(world, SUPERVISOR, case, HOME_POLICE)).verifier_office_id == HOME_POLICE
    assert [row.by_office_id for row in await world.rows("SELECT by_office_id FROM verification")] == [SUPERVISOR]
