"""`python -m services.followup`: the followup service as one process."""

from __future__ import annotations

from homeward.followup.v1 import followup_pb2, followup_pb2_grpc
from services.chassis.process import Chassis, Definition, Rooms, run
from services.chassis.streams import TRANSFER
from services.followup import schedule, streams
from services.followup.api import FollowUpServicer
from services.followup.application import Ports


def build(chassis: Chassis) -> Rooms:
    """The rooms of followup."""
    ports = Ports(chassis.directory, chassis.calendar)
    return Rooms(
        grpc_service=followup_pb2.DESCRIPTOR.services_by_name["FollowUpService"],
        servicer=FollowUpServicer(chassis.units, ports, chassis.digest_key),
        add_servicer=followup_pb2_grpc.add_FollowUpServiceServicer_to_server,
        handlers=streams.handlers(ports),
        ticks=(schedule.deadlines(chassis.units, ports),),
    )


DEFINITION = Definition("followup", (TRANSFER,), build)

if __name__ == "__main__":
    run(DEFINITION)
