"""Intake as a process: `python -m services.intake`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from homeward.intake.v1 import identification_pb2, reading_pb2, submissions_pb2
from services.chassis.calls.server import Served
from services.chassis.service import office_end as ending
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.intake.api.identification import IdentificationServicer
from services.intake.api.reading import ReadingServicer
from services.intake.api.submissions import SubmissionServicer
from services.intake.application import Intake
from services.intake.ending import IntakeHoldings
from services.intake.keys import KeyFileRefused, KeyRing
from services.intake.streams import HANDLERS


def build(chassis: Chassis) -> Rooms:
    """The rooms of intake; raises KeyFileRefused without a usable key-encryption key."""
    keys = KeyRing.from_file(chassis.settings.kek)
    holdings = IntakeHoldings(chassis.directory)
    intake = Intake(chassis.units, chassis.directory, keys, chassis.digest_key)
    return Rooms(
        services=(
            Served(submissions_pb2.DESCRIPTOR, SubmissionServicer(intake, chassis.digest_key)),
            Served(identification_pb2.DESCRIPTOR, IdentificationServicer(intake, chassis.digest_key)),
            Served(reading_pb2.DESCRIPTOR, ReadingServicer(intake)),
            ending.served(chassis, holdings),
        ),
        handlers={**ending.resolving(HANDLERS, chassis.directory), **ending.handlers(chassis.standing, holdings)},
        ticks=(ending.stragglers_tick(chassis, holdings),),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("intake", build)

if __name__ == "__main__":
    try:
        run(DEFINITION)
    except KeyFileRefused as error:
        sys.exit(f"intake cannot start: {error}")
