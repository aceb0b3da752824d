"""Runs handover: `python -m services.handover`."""

from __future__ import annotations

from typing import Final

from homeward.handover.v1 import handover_pb2, handover_pb2_grpc
from services.chassis.process import Chassis, Definition, Rooms, run
from services.handover.api import HandoverServicer
from services.handover.application import Handover
from services.handover.queries import Queries
from services.handover.schedule import deadlines_tick
from services.handover.streams import CONSUMED, handlers


def build(chassis: Chassis) -> Rooms:
    """Wire the rooms."""
    handover = Handover(chassis.units, chassis.directory, chassis.calendar, chassis.digest_key)
    queries = Queries(chassis.units, chassis.directory, chassis.digest_key)
    return Rooms(
        grpc_service=handover_pb2.DESCRIPTOR.services_by_name["HandoverService"],
        servicer=HandoverServicer(handover, queries),
        add_servicer=handover_pb2_grpc.add_HandoverServiceServicer_to_server,
        handlers=handlers(handover),
        ticks=(deadlines_tick(chassis.units, handover),),
    )


DEFINITION: Final = Definition("handover", CONSUMED, build)

if __name__ == "__main__":
    run(DEFINITION)
