"""`python -m services.notify`: the notify service as one process."""

from __future__ import annotations

from homeward.notify.v1 import notify_pb2, notify_pb2_grpc
from services.chassis.country.sight import Sight
from services.chassis.events.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, OFFICE, TRANSFER
from services.chassis.service import office_end as ending
from services.chassis.service.office_end import OfficeEndQuery
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.notify import streams
from services.notify.api import NotifyServicer
from services.notify.storage.holdings import NotifyHoldings


def build(chassis: Chassis) -> Rooms:
    """The rooms of notify."""
    holdings = NotifyHoldings()
    sight = Sight(chassis.directory)
    office_end = OfficeEndQuery(chassis.units, holdings)
    return Rooms(
        grpc_service=notify_pb2.DESCRIPTOR.services_by_name["NotifyService"],
        servicer=NotifyServicer(chassis.units, sight, chassis.digest_key, office_end),
        add_servicer=notify_pb2_grpc.add_NotifyServiceServicer_to_server,
        handlers={**streams.handlers(sight), **ending.handlers(chassis.standing, holdings)},
        ticks=(ending.stragglers_tick(chassis, holdings),),
    )


DEFINITION = Definition("notify", (HANDOVER, IDENTIFICATION, TRANSFER, FOLLOWUP, OFFICE), build)

if __name__ == "__main__":
    run(DEFINITION)
