"""Runs handover: `python -m services.handover`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from homeward.handover.v1 import handover_pb2, handover_pb2_grpc
from services.chassis.service.office_end import stragglers_tick
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.handover.administration import Administration
from services.handover.api import HandoverServicer
from services.handover.application import Handover
from services.handover.ending import HandoverHoldings
from services.handover.queries import Queries
from services.handover.schedule import deadlines_tick, offices_tick
from services.handover.streams import CONSUMED, handlers


def build(chassis: Chassis) -> Rooms:
    """Wire the rooms."""
    holdings = HandoverHoldings(chassis.directory, chassis.calendar)
    administration = Administration(chassis.units, chassis.standing, holdings, chassis.digest_key)
    handover = Handover(chassis.units, chassis.directory, chassis.calendar, chassis.digest_key)
    queries = Queries(chassis.units, chassis.directory, chassis.digest_key)
    return Rooms(
        grpc_service=handover_pb2.DESCRIPTOR.services_by_name["HandoverService"],
        servicer=HandoverServicer(handover, queries, administration, chassis.units),
        add_servicer=handover_pb2_grpc.add_HandoverServiceServicer_to_server,
        handlers=handlers(handover),
        ticks=(
            deadlines_tick(chassis.units, handover),
            offices_tick(chassis.units, administration),
            stragglers_tick(chassis, holdings),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("handover", CONSUMED, build)

if __name__ == "__main__":
    run(DEFINITION)
