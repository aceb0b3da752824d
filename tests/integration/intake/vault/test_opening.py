"""An identity and the entry of who saw it come together, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from homeward.intake.v1 import people_pb2, submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller, Role
from services.intake.application.ports import known_case
from services.intake.domain.access import SeenCase, Viewer
from services.intake.vault.keys import KeyRing, WrappedKey
from services.intake.vault.opening import Vault
from tests.integration.intake.people import INVENTED_NAME
from tests.integration.intake.world import POST, PURPOSE, World
from tests.support.databases import Databases


async def test_what_cannot_be_logged_is_not_shown(world: World, databases: Databases) -> None:
    case = await world.registered()
    url = world.chassis.settings.database_url
    databases.as_superuser(url, "ALTER TABLE access_log ADD CONSTRAINT nothing CHECK (sequence < 0)")
    with pytest.raises(RpcFailure) as caught:
        await world.read(POST, case)
    assert INVENTED_NAME not in str(caught.value)

    databases.as_superuser(url, "ALTER TABLE access_log DROP CONSTRAINT nothing")
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


async def corrected(world: World) -> UUID:
    """A case whose record was corrected once."""
    case = await world.registered()
    request = submissions_pb2.CorrectCaseRequest(
        request_id=str(uuid4()),
        case=str(case),
        person=people_pb2.Person(ethnicity="2008:02"),
        reason="Đọc sai giấy tờ",
    )
    request.update_mask.paths.append("ethnicity")
    await world.call(POST, request)
    return case


PUT_BACK = "UPDATE identity i SET ciphertext = h.ciphertext FROM identity_history h WHERE h.case_id = i.case_id"


@pytest.mark.attack(55, "the old sealed record put back")
async def test_an_older_record_put_back_does_not_open(world: World) -> None:
    case = await corrected(world)
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql(PUT_BACK)
    with pytest.raises(RpcFailure) as caught:
        await world.read(POST, case)
    assert INVENTED_NAME not in str(caught.value)
    assert [row.case_id for row in await world.rows("SELECT case_id FROM audit_put_back")] == [case]


@pytest.mark.attack(55, "the old sealed record put back with its revision, and its history")
async def test_an_older_record_put_back_with_its_revision_is_told(world: World) -> None:
    case = await corrected(world)
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql(PUT_BACK)
        await connection.exec_driver_sql("UPDATE identity SET revision = 1")
    assert [row.case_id for row in await world.rows("SELECT case_id FROM audit_put_back")] == [case]


async def test_records_of_before_are_sealed_anew_and_open_meanwhile(world: World) -> None:
    case = await world.registered()
    keys = KeyRing.from_file(world.chassis.settings.kek)
    async with world.chassis.engine.begin() as connection:
        [row] = await connection.execute(text("SELECT kek_id, wrapped_key, ciphertext FROM identity"))
        key = keys.open(case, WrappedKey(row.kek_id, row.wrapped_key))
        as_before = key.seal(key.open(row.ciphertext, "identity|person|1"), "person")
        await connection.execute(text("UPDATE identity SET ciphertext = :c, bound = false"), {"c": as_before})
    assert (await world.read(POST, case)).person.full_name == INVENTED_NAME
    vault = Vault.with_key_file(world.chassis.settings.kek)
    looked_at = await world.chassis.units.run(lambda uow: vault.bind_some(uow.connection, UUID(int=0), 10))
    assert looked_at == (1, case)
    [row] = await world.rows("SELECT ciphertext, bound FROM identity")
    assert row.bound
    assert row.ciphertext != as_before
    assert (await world.read(POST, case)).person.full_name == INVENTED_NAME
    assert await world.chassis.units.run(lambda uow: vault.bind_some(uow.connection, UUID(int=0), 10)) == (
        0,
        UUID(int=0),
    )
