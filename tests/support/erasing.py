"""A case is erased, as a command will do it: its keys are destroyed by both vaults, in their databases."""

from __future__ import annotations

import uuid
from pathlib import Path

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.events.signals import Signal
from services.chassis.events.units import Units
from services.chassis.storage.database import create_engine
from services.followup.application.erasure import erase as erase_care
from services.followup.vault.opening import Vault as CareVault
from services.intake.storage import cases
from services.intake.vault.opening import Vault
from tests.support.clocks import FakeClock, viet_nam
from tests.support.signing import signer_of


async def erase(case: str, intake: tuple[str, Path], followup: tuple[str, Path]) -> None:
    """Of each service its database and the file of its key-encryption key."""
    case_id = uuid.UUID(case)
    people, care = _units("intake", intake[0]), _units("followup", followup[0])
    vault, care_vault = Vault.with_key_file(intake[1]), CareVault.with_key_file(followup[1])
    try:
        found = await people.run(lambda uow: cases.load(uow.connection, case_id, lock=True))
        assert found is not None
        await people.run(lambda uow: vault.destroy(uow, found))
        await care.run(lambda uow: erase_care(uow, care_vault, viet_nam_calendar(), case_id))
    finally:
        for each in (people, care):
            await each.engine.dispose()


def _units(service: str, url: str) -> Units:
    engine = create_engine(url, f"homeward-test-{service}")
    return Units(engine, FakeClock(viet_nam(2026, 3, 2)), signer_of(service), Signal())
