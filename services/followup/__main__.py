"""`python -m services.followup`: the followup service as one process."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

from pathlib import Path

from homeward.followup.v1 import contacts_pb2, entries_pb2, visits_pb2
from services.chassis.calls.server import Served
from services.chassis.country.sight import Sight
from services.chassis.service import acts, log_heads, office_end
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.followup import schedule, streams
from services.followup.api.contacts import ContactServicer
from services.followup.api.entries import EntryServicer
from services.followup.api.visits import VisitServicer
from services.followup.application.case import Ports
from services.followup.storage.holdings import FollowUpHoldings


def build(chassis: Chassis) -> Parts:
    """The rooms of followup."""
    ports = Ports(Sight(chassis.directory), chassis.calendar)
    holdings = FollowUpHoldings(chassis.calendar)
    return Parts(
        services=(
            Served(visits_pb2.DESCRIPTOR, VisitServicer(chassis.units, ports, chassis.digest_key)),
            Served(contacts_pb2.DESCRIPTOR, ContactServicer(chassis.units, ports, chassis.digest_key)),
            Served(entries_pb2.DESCRIPTOR, EntryServicer(chassis.units, ports, chassis.digest_key)),
            office_end.served(chassis, holdings),
            acts.served(chassis, "SELECT case_id FROM followup_case WHERE case_number = :number"),
        ),
        handlers={
            **office_end.resolving(streams.handlers(ports), chassis.directory),
            **office_end.handlers(chassis.overlays, holdings),
            **log_heads.handlers(chassis.service),
        },
        ticks=(
            schedule.deadlines(chassis.units, ports, chassis.metrics),
            office_end.stragglers_tick(chassis, holdings),
            log_heads.tick(chassis),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION = Definition("followup", build)

if __name__ == "__main__":
    run(DEFINITION)
