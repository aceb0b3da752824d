"""Runs handover: `python -m services.handover`."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from google.protobuf.descriptor import FileDescriptor

from homeward.handover.v1 import (
    accountable_pb2,
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    open_cases_pb2,
    returns_pb2,
    searches_pb2,
    sessions_pb2,
    stays_pb2,
    transfers_pb2,
)
from services.chassis.calls.answers import method_name
from services.chassis.calls.policy import TwoPeople, two_people_of
from services.chassis.calls.server import Served
from services.chassis.country.clock import SystemClock
from services.chassis.country.sight import Sight
from services.chassis.service import acts, log_heads, office_end
from services.chassis.service.consents import Consents
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.handover.api.accountable import AccountabilityServicer
from services.handover.api.approvals import ApprovalServicer
from services.handover.api.by_two import ByTwo
from services.handover.api.claims import ClaimServicer
from services.handover.api.closing import ClosingServicer
from services.handover.api.custody import CustodyServicer
from services.handover.api.directory import DirectoryServicer
from services.handover.api.journeys import JourneyServicer
from services.handover.api.open_cases import OpenCaseServicer
from services.handover.api.returns import ReturnServicer
from services.handover.api.searches import SearchServicer
from services.handover.api.sessions import SessionServicer
from services.handover.api.stays import StayServicer
from services.handover.api.transfers import TransferServicer
from services.handover.application import families
from services.handover.application.approvals import Approving
from services.handover.application.desk import Ports, tell
from services.handover.application.directory import Administration
from services.handover.homes import Homes
from services.handover.offices import Offices
from services.handover.schedule import (
    addressees_tick,
    approvals_tick,
    changes_tick,
    count_tick,
    deadlines_tick,
    offices_tick,
)
from services.handover.storage.holdings import HandoverHoldings
from services.handover.streams import handlers, lock_batch

BY_TWO: Final = (directory_pb2, custody_pb2, searches_pb2, closing_pb2)
"""The contracts of which some methods take two people."""


def two_people(*contracts: FileDescriptor) -> Mapping[str, TwoPeople]:
    """Who approves what is asked by these contracts, by name of the method."""
    services = [service for contract in contracts for service in contract.services_by_name.values()]
    return {method_name(name): two for name, two in two_people_of(services).items()}


def build(chassis: Chassis) -> Parts:
    """Wire the rooms."""
    units, key = chassis.units, chassis.digest_key
    holdings = HandoverHoldings(chassis.directory, chassis.calendar, tell, families.settle_all)
    administration = Administration(chassis.overlays, holdings)
    sight = Sight(chassis.directory)
    homes, consents = Homes(chassis.peers, chassis.news_are_late), Consents(chassis.peers, chassis.news_are_late)
    ports = Ports(Offices(sight), chassis.calendar, homes, consents)
    approving = Approving(sight, chassis.calendar, two_people(*(one.DESCRIPTOR for one in BY_TWO)))
    by_two = ByTwo(units, approving, key, chassis.overlays.refresh)
    return Parts(
        services=(
            Served(transfers_pb2.DESCRIPTOR, TransferServicer(units, ports, key)),
            Served(journeys_pb2.DESCRIPTOR, JourneyServicer(units, ports, key)),
            Served(stays_pb2.DESCRIPTOR, StayServicer(units, ports, key)),
            Served(open_cases_pb2.DESCRIPTOR, OpenCaseServicer(units, ports, key)),
            Served(searches_pb2.DESCRIPTOR, SearchServicer(units, ports, by_two, key)),
            Served(claims_pb2.DESCRIPTOR, ClaimServicer(units, ports, key)),
            Served(returns_pb2.DESCRIPTOR, ReturnServicer(units, ports, key)),
            Served(accountable_pb2.DESCRIPTOR, AccountabilityServicer(units)),
            Served(custody_pb2.DESCRIPTOR, CustodyServicer(units, ports, by_two, key)),
            Served(closing_pb2.DESCRIPTOR, ClosingServicer(units, ports, by_two, key)),
            Served(directory_pb2.DESCRIPTOR, DirectoryServicer(units, administration, by_two, key)),
            Served(approvals_pb2.DESCRIPTOR, ApprovalServicer(units, by_two, key)),
            Served(sessions_pb2.DESCRIPTOR, SessionServicer(units, chassis.overlays, SystemClock(), key)),
            office_end.served(chassis, holdings),
            acts.served(chassis, acts.CasesHere("custody", id="case_id", number="case_number")),
        ),
        handlers={**handlers(ports), **log_heads.handlers(chassis.service)},
        lock_batch=lock_batch,
        ticks=(
            deadlines_tick(units, ports, chassis.metrics),
            offices_tick(units, administration),
            office_end.stragglers_tick(chassis, holdings),
            log_heads.tick(chassis),
            addressees_tick(units, ports),
            approvals_tick(units),
            count_tick(units),
            changes_tick(units),
        ),
        locale=Path(__file__).parent / "locale",
    )


DEFINITION: Final = Definition("handover", build, asks=frozenset({"intake", "followup"}))

if __name__ == "__main__":
    run(DEFINITION)
