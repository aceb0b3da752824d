"""An identity and the entry of who saw it come together, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from services.chassis.calls.client import RpcFailure
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller, Role
from services.intake.application.ports import known_case
from services.intake.domain.access import SeenCase, Viewer
from services.intake.vault.opening import Vault
from tests.integration.intake.people import INVENTED_NAME
from tests.integration.intake.world import POST, PURPOSE, World


async def test_what_cannot_be_logged_is_not_shown(world: World) -> None:
    case = await world.registered()
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE access_log ADD CONSTRAINT nothing CHECK (sequence < 0)")
    with pytest.raises(RpcFailure) as caught:
        await world.read(POST, case)
    assert INVENTED_NAME not in str(caught.value)

    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE access_log DROP CONSTRAINT nothing")
    assert (await world.read(POST, case)).person.full_name == INVENTED_NAME
    assert await world.count("access_log") == 1


async def test_the_entry_is_part_of_the_transaction_that_shows(world: World) -> None:
    case = await world.registered()
    vault = Vault.with_key_file(world.chassis.settings.kek)
    caller = Caller("someone", POST, Role.BORDER_POST, "own")
    viewer = Viewer(Role.BORDER_POST, POST, frozenset({POST}), date.min)

    def showing(then: Callable[[SeenCase], None]) -> Callable[[UnitOfWork], Awaitable[None]]:
        async def work(uow: UnitOfWork) -> None:
            then(await vault.show(uow, await known_case(uow, case), viewer, caller, PURPOSE))

        return work

    def seen(shown: SeenCase) -> None:
        assert shown.person is not None
        assert shown.person.full_name == INVENTED_NAME

    def regretted(shown: SeenCase) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await world.chassis.units.run(showing(regretted))
    assert await world.count("access_log") == 0
    await world.chassis.units.run(showing(seen))
    assert await world.count("access_log") == 1
    # A transaction that only reads cannot write the entry, so it shows nobody.
    with pytest.raises(Exception, match="read-only"):
        await world.chassis.units.read(showing(seen))
    assert await world.count("access_log") == 1
