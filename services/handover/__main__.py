"""Runs handover: `python -m services.handover`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from homeward.handover.v1 import custody_pb2, directory_pb2, journeys_pb2, searches_pb2, stays_pb2, transfers_pb2
from services.chassis.calls.server import Served
from services.chassis.service import office_end as ending
from services.chassis.service.process import Chassis, Definition, Rooms, run
from services.handover.administration import Administration
from services.handover.api.custody import CustodyServicer
from services.handover.api.directory import DirectoryServicer
from services.handover.api.journeys import JourneyServicer
from services.handover.api.searches import SearchServicer
from services.handover.api.stays import StayServicer
from services.handover.api.transfers import TransferServicer
from services.handover.application import Handover
from services.handover.ending import HandoverHoldings
from services.handover.queries import Queries
from services.handover.schedule import deadlines_tick, offices_tick
from services.handover.streams import handlers


def build(chassis: Chassis) -> Rooms:
    """Wire the rooms."""
    holdings = HandoverHoldings(chassis.directory, chassis.calendar)
    administration = Administration(chassis.units, chassis.standing, holdings, chassis.digest_key)
    handover = Handover(chassis.units, chassis.directory, chassis.calendar, chassis.digest_key)
    queries = Queries(chassis.units, chassis.directory, chassis.digest_key)
    return Rooms(
        services=(
            Served(transfers_pb2.DESCRIPTOR, TransferServicer(handover, queries)),
            Served(journeys_pb2.DESCRIPTOR, JourneyServicer(handover)),
            Served(stays_pb2.DESCRIPTOR, StayServicer(handover, queries)),
            Served(searches_pb2.DESCRIPTOR, SearchServicer(handover, queries)),
            Served(custody_pb2.DESCRIPTOR, CustodyServicer(handover, queries)),
            Served(directory_pb2.DESCRIPTOR, DirectoryServicer(administration, chassis.units)),
            ending.served(chassis, holdings),
        ),
        handlers=handlers(handover),
        ticks=(
            deadlines_tick(chassis.units, handover),
            offices_tick(chassis.units, administration),
            ending.stragglers_tick(chassis, holdings),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("handover", build)

if __name__ == "__main__":
    run(DEFINITION)
