"""`python -m services.notify`: the notify service as one process."""

from __future__ import annotations

from homeward.notify.v1 import notify_pb2, notify_pb2_grpc
from services.chassis.process import Chassis, Definition, Rooms, run
from services.chassis.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, TRANSFER
from services.notify import streams
from services.notify.api import NotifyServicer


def build(chassis: Chassis) -> Rooms:
    """The rooms of notify."""
    return Rooms(
        grpc_service=notify_pb2.DESCRIPTOR.services_by_name["NotifyService"],
        servicer=NotifyServicer(chassis.units, chassis.directory, chassis.digest_key),
        add_servicer=notify_pb2_grpc.add_NotifyServiceServicer_to_server,
        handlers=streams.handlers(chassis.directory),
    )


DEFINITION = Definition("notify", (HANDOVER, IDENTIFICATION, TRANSFER, FOLLOWUP), build)

if __name__ == "__main__":
    run(DEFINITION)
