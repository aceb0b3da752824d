"""Intake as a process: `python -m services.intake`."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

import sys
from pathlib import Path
from typing import Final

from homeward.intake.v1 import (
    break_glass_pb2,
    consents_pb2,
    family_pb2,
    handovers_pb2,
    identification_pb2,
    legal_steps_pb2,
    reading_pb2,
    submissions_pb2,
)
from services.chassis.calls.answers import Answers
from services.chassis.calls.pages import Pages
from services.chassis.calls.server import Served
from services.chassis.service import acts, log_heads, office_end
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.chassis.storage.chained import ACCESS_LOG
from services.intake.accountable import Handover
from services.intake.api.break_glass import BreakGlassServicer
from services.intake.api.consents import ConsentServicer
from services.intake.api.family import FamilyServicer
from services.intake.api.handovers import HandoverServicer
from services.intake.api.identification import IdentificationServicer
from services.intake.api.legal_steps import LegalStepServicer
from services.intake.api.reading import ReadingServicer
from services.intake.api.submissions import SubmissionServicer
from services.intake.application.legal_steps import Watch
from services.intake.application.ports import Ports
from services.intake.schedule import deadlines_tick, entitlement_tick, guardians_tick, unbound_tick, untraced_tick
from services.intake.storage.holdings import IntakeHoldings
from services.intake.streams import handlers
from services.intake.vault.opening import Vault, VaultRefused, case_number_key


def build(chassis: Chassis) -> Parts:
    """The rooms of intake; raises VaultRefused without usable keys of identities and of case numbers."""
    vault = Vault.with_key_file(chassis.settings.kek)
    number_key = case_number_key(chassis.settings.number_key)
    holdings = IntakeHoldings(chassis.directory, chassis.calendar)
    ports = Ports.of(
        chassis.units,
        chassis.directory,
        vault,
        number_key,
        chassis.digest_key,
        chassis.calendar,
        Handover(chassis.peers),
    )
    watch = Watch(chassis.calendar, chassis.directory)
    answers, pages = Answers(chassis.units, chassis.digest_key), Pages(chassis.digest_key)
    return Parts(
        services=(
            Served(submissions_pb2.DESCRIPTOR, SubmissionServicer(ports, answers)),
            Served(identification_pb2.DESCRIPTOR, IdentificationServicer(ports, answers, pages)),
            Served(legal_steps_pb2.DESCRIPTOR, LegalStepServicer(ports, answers, pages)),
            Served(consents_pb2.DESCRIPTOR, ConsentServicer(ports, answers)),
            Served(family_pb2.DESCRIPTOR, FamilyServicer(ports, answers)),
            Served(break_glass_pb2.DESCRIPTOR, BreakGlassServicer(ports, answers, pages)),
            Served(handovers_pb2.DESCRIPTOR, HandoverServicer(ports, pages)),
            Served(reading_pb2.DESCRIPTOR, ReadingServicer(ports, pages)),
            office_end.served(chassis, holdings),
            acts.served(chassis, acts.CasesHere("intake_case", id="id", number="number")),
        ),
        handlers={
            **office_end.resolving(handlers(watch), chassis.directory),
            **office_end.handlers(chassis.overlays, holdings),
            **log_heads.handlers(chassis.service),
        },
        ticks=(
            deadlines_tick(chassis.units, watch, chassis.metrics),
            office_end.stragglers_tick(chassis, holdings),
            log_heads.tick(chassis, ACCESS_LOG),
            untraced_tick(ports),
            entitlement_tick(chassis.units, chassis.metrics),
            unbound_tick(ports),
            guardians_tick(ports),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("intake", build, asks=frozenset({"handover"}))

if __name__ == "__main__":
    try:
        run(DEFINITION)
    except VaultRefused as error:
        sys.exit(f"intake cannot start: {error}")
