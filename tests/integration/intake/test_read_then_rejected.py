"""An office that accepts, reads who is coming and rejects: told to whoever oversees it, every time."""

from __future__ import annotations

import pytest

from homeward.events.v1 import identification_pb2 as events
from tests.integration.intake.people import person
from tests.integration.intake.world import HOME_AGENCY, POST, Custody, World


@pytest.mark.attack(18, "accept, read the preview, reject: a harvest that costs two calls is told")
async def test_that_it_read_and_then_rejected_is_told(world: World) -> None:
    case = await world.registered(person())
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY), custody.accepted())
    for _ in range(2):
        assert (await world.read(HOME_AGENCY, case)).HasField("person")
    await world.hear(case, custody.rejected())
    (told,) = await world.said(events.PreviewReadThenRejected)
    assert told.message == events.PreviewReadThenRejected(
        case_id=str(case),
        transfer_id=str(custody.transfer),
        office_id=HOME_AGENCY,
        accountable_office_id=POST,
        reads=2,
    )


async def test_who_rejects_without_having_looked_or_accepted_is_told_of_by_nothing(world: World) -> None:
    case = await world.registered(person())
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY), custody.accepted())
    await world.hear(case, custody.rejected(), custody.dispatched(HOME_AGENCY))
    await world.read(HOME_AGENCY, case)
    await world.hear(case, custody.rejected())
    assert await world.said(events.PreviewReadThenRejected) == []
