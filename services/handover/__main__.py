"""Runs handover: `python -m services.handover`."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

from pathlib import Path
from typing import Final

from homeward.handover.v1 import (
    accountable_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from services.chassis.calls.server import Served
from services.chassis.country.sight import Sight
from services.chassis.service import acts, office_end
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.handover.api.accountable import AccountabilityServicer
from services.handover.api.claims import ClaimServicer
from services.handover.api.closing import ClosingServicer
from services.handover.api.custody import CustodyServicer
from services.handover.api.directory import DirectoryServicer
from services.handover.api.journeys import JourneyServicer
from services.handover.api.returns import ReturnServicer
from services.handover.api.searches import SearchServicer
from services.handover.api.stays import StayServicer
from services.handover.api.transfers import TransferServicer
from services.handover.application.desk import Ports, tell
from services.handover.application.directory import Administration
from services.handover.offices import Offices
from services.handover.schedule import addressees_tick, deadlines_tick, offices_tick
from services.handover.storage.holdings import HandoverHoldings
from services.handover.streams import handlers, lock_batch


def build(chassis: Chassis) -> Parts:
    """Wire the rooms."""
    units, key = chassis.units, chassis.digest_key
    holdings = HandoverHoldings(chassis.directory, chassis.calendar, tell)
    administration = Administration(chassis.overlays, holdings)
    ports = Ports(Offices(Sight(chassis.directory)), chassis.calendar)
    return Parts(
        services=(
            Served(transfers_pb2.DESCRIPTOR, TransferServicer(units, ports, key)),
            Served(journeys_pb2.DESCRIPTOR, JourneyServicer(units, ports, key)),
            Served(stays_pb2.DESCRIPTOR, StayServicer(units, ports, key)),
            Served(searches_pb2.DESCRIPTOR, SearchServicer(units, ports, key)),
            Served(claims_pb2.DESCRIPTOR, ClaimServicer(units, ports, key)),
            Served(returns_pb2.DESCRIPTOR, ReturnServicer(units, ports, key)),
            Served(custody_pb2.DESCRIPTOR, CustodyServicer(units, ports, key)),
            Served(closing_pb2.DESCRIPTOR, ClosingServicer(units, ports, key)),
            Served(accountable_pb2.DESCRIPTOR, AccountabilityServicer(units)),
            Served(directory_pb2.DESCRIPTOR, DirectoryServicer(units, administration, key)),
            office_end.served(chassis, holdings),
            acts.served(chassis, "SELECT case_id FROM custody WHERE case_number = :number"),
        ),
        handlers=handlers(ports),
        lock_batch=lock_batch,
        ticks=(
            deadlines_tick(units, ports, chassis.metrics),
            offices_tick(units, administration),
            office_end.stragglers_tick(chassis, holdings),
            addressees_tick(units, ports),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("handover", build)

if __name__ == "__main__":
    run(DEFINITION)
