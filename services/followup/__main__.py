"""`python -m services.followup`: the followup service as one process."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

import sys
from collections.abc import Sequence
from pathlib import Path

from homeward.followup.v1 import (
    care_pb2,
    contacts_pb2,
    entries_pb2,
    home_safety_pb2,
    oversight_pb2,
    steps_pb2,
    visits_pb2,
)
from services.chassis.calls.server import Served
from services.chassis.country.sight import Sight
from services.chassis.service import acts, log_heads, office_end
from services.chassis.service.consents import Consents
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.chassis.storage.chained import CARE_LOG
from services.followup import schedule, streams
from services.followup.accountable import Handover
from services.followup.api.care import CareServicer
from services.followup.api.contacts import ContactServicer
from services.followup.api.entries import EntryServicer
from services.followup.api.home_safety import HomeSafetyServicer
from services.followup.api.oversight import OversightServicer
from services.followup.api.steps import StepServicer
from services.followup.api.visits import VisitServicer
from services.followup.application.care import CarePorts
from services.followup.application.case import Ports
from services.followup.application.home_safety import HomeSafetyPorts
from services.followup.domain.policy import POLICIES, Policy
from services.followup.storage.holdings import FollowUpHoldings
from services.followup.vault.opening import Vault, VaultRefused


def build(chassis: Chassis, policies: Sequence[Policy] = POLICIES) -> Parts:
    """The rooms of followup; raises VaultRefused without a usable key of what is told in confidence."""
    vault = Vault.with_key_file(chassis.settings.kek)
    ports = Ports(Sight(chassis.directory), chassis.calendar, policies)
    homes = HomeSafetyPorts(ports, vault, Handover(chassis.peers))
    consents = Consents(chassis.peers, chassis.news_are_late)
    care = CarePorts(ports, vault, consents)
    holdings = FollowUpHoldings(chassis.calendar)
    return Parts(
        services=(
            Served(visits_pb2.DESCRIPTOR, VisitServicer(chassis.units, ports, vault, chassis.digest_key)),
            Served(contacts_pb2.DESCRIPTOR, ContactServicer(chassis.units, ports, vault, chassis.digest_key)),
            Served(entries_pb2.DESCRIPTOR, EntryServicer(chassis.units, ports, vault, chassis.digest_key)),
            Served(steps_pb2.DESCRIPTOR, StepServicer(chassis.units, ports, consents, chassis.digest_key)),
            Served(care_pb2.DESCRIPTOR, CareServicer(chassis.units, care, chassis.digest_key)),
            Served(home_safety_pb2.DESCRIPTOR, HomeSafetyServicer(chassis.units, homes, chassis.digest_key)),
            Served(oversight_pb2.DESCRIPTOR, OversightServicer(chassis.units, ports, chassis.digest_key)),
            office_end.served(chassis, holdings),
            acts.served(chassis, acts.CasesHere("followup_case", id="case_id", number="case_number")),
        ),
        handlers={
            **office_end.resolving(streams.handlers(ports), chassis.directory),
            **office_end.handlers(chassis.overlays, holdings),
            **log_heads.handlers(chassis.service),
        },
        ticks=(
            schedule.deadlines(chassis.units, ports, chassis.metrics),
            office_end.stragglers_tick(chassis, holdings),
            schedule.drafts(chassis.units, vault),
            schedule.signs(chassis.units, vault),
            log_heads.tick(chassis, CARE_LOG),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION = Definition("followup", build, asks=frozenset({"handover", "intake"}))

if __name__ == "__main__":
    try:
        run(DEFINITION)
    except VaultRefused as error:
        sys.exit(f"followup cannot start: {error}")
