"""`python -m services.followup`: the followup service as one process."""

from __future__ import annotations

from pathlib import Path

from homeward.followup.v1 import followup_pb2, followup_pb2_grpc
from services.chassis.events.streams import OFFICE, TRANSFER
from services.chassis.service import office_end as ending
from services.chassis.service.office_end import OfficeEndQuery
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.followup import schedule, streams
from services.followup.api import FollowUpServicer
from services.followup.application.case import Ports
from services.followup.storage.holdings import FollowUpHoldings


def build(chassis: Chassis) -> Rooms:
    """The rooms of followup."""
    ports = Ports(chassis.directory, chassis.calendar)
    holdings = FollowUpHoldings(chassis.calendar)
    office_end = OfficeEndQuery(chassis.units, holdings)
    return Rooms(
        grpc_service=followup_pb2.DESCRIPTOR.services_by_name["FollowUpService"],
        servicer=FollowUpServicer(chassis.units, ports, chassis.digest_key, office_end),
        add_servicer=followup_pb2_grpc.add_FollowUpServiceServicer_to_server,
        handlers={
            **ending.resolving(streams.handlers(ports), chassis.directory),
            **ending.handlers(chassis.standing, holdings),
        },
        ticks=(schedule.deadlines(chassis.units, ports), ending.stragglers_tick(chassis, holdings)),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION = Definition("followup", (TRANSFER, OFFICE), build)

if __name__ == "__main__":
    run(DEFINITION)
