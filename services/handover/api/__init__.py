"""The gRPC face: proto in, command, proto out. Nothing is decided here."""

from __future__ import annotations

from services.chassis.events.units import Units
from services.handover.administration import Administration
from services.handover.api.administration import AdministrationCalls
from services.handover.api.care import CareCalls
from services.handover.api.lists import ListCalls
from services.handover.api.transfers import TransferCalls
from services.handover.application import Handover
from services.handover.queries import Queries


class HandoverServicer(TransferCalls, CareCalls, ListCalls, AdministrationCalls):
    """Answers the calls of HandoverService."""

    def __init__(self, handover: Handover, queries: Queries, administration: Administration, units: Units) -> None:
        self._handover = handover
        self._queries = queries
        self._administration = administration
        self._units = units
