"""Intake as a process: `python -m services.intake`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from homeward.intake.v1 import intake_pb2, intake_pb2_grpc
from services.chassis.events.streams import FOLLOWUP, OFFICE, TRANSFER
from services.chassis.service import office_end as ending
from services.chassis.service.office_end import OfficeEndQuery
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.intake.api.servicer import IntakeServicer
from services.intake.application.ports import Ports
from services.intake.storage.holdings import IntakeHoldings
from services.intake.streams import HANDLERS
from services.intake.vault.opening import Vault, VaultRefused


def build(chassis: Chassis) -> Rooms:
    """The rooms of intake; raises VaultRefused without a usable key-encryption key."""
    vault = Vault.with_key_file(chassis.settings.kek)
    holdings = IntakeHoldings(chassis.directory)
    office_end = OfficeEndQuery(chassis.units, holdings)
    ports = Ports.of(chassis.units, chassis.directory, vault)
    return Rooms(
        grpc_service=intake_pb2.DESCRIPTOR.services_by_name["IntakeService"],
        servicer=IntakeServicer(ports, chassis.digest_key, office_end),
        add_servicer=intake_pb2_grpc.add_IntakeServiceServicer_to_server,
        handlers={**ending.resolving(HANDLERS, chassis.directory), **ending.handlers(chassis.standing, holdings)},
        ticks=(ending.stragglers_tick(chassis, holdings),),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("intake", (TRANSFER, FOLLOWUP, OFFICE), build)

if __name__ == "__main__":
    try:
        run(DEFINITION)
    except VaultRefused as error:
        sys.exit(f"intake cannot start: {error}")
