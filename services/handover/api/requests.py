"""Reads what the requests of handover have in common: how a person travels, and the instant of a reading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from homeward.handover.v1 import transfers_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.events.units import UnitOfWork, Units
from services.handover.domain.transfer import TravelPlan
from services.handover.domain.words import Consent, DestinationChoice, Document, Escort, HomeSafety, TravelMeans

T = TypeVar("T")

MAX_DAYS: Final = 36_500
"""For how long at most something is asked to be overdue."""

Context = Any
"""grpc.aio.ServicerContext; its stubs differ between the packages that bring them."""


def travel(fields: Fields, given: api.TravelPlan, name: str = "travel") -> TravelPlan:
    """How a person travels; what is unspecified is not recorded."""
    part = fields.at(f"{name}.")
    return TravelPlan(
        escort=part.member("escort", Escort, types.Escort, given.escort),
        means=part.member("means", TravelMeans, types.TravelMeans, given.means),
        consent=part.member("consent", Consent, types.TransferConsent, given.consent),
        home_safety=part.member("home_safety", HomeSafety, types.HomeSafety, given.home_safety),
        documents=part.members("documents", Document, types.TransferDocument, given.documents),
        destination=part.member("destination", DestinationChoice, types.DestinationChoice, given.destination),
    )


async def read_at(units: Units, read: Callable[[UnitOfWork], Awaitable[T]]) -> tuple[T, datetime]:
    """What was read, and when."""

    async def work(uow: UnitOfWork) -> tuple[T, datetime]:
        return await read(uow), uow.now

    return await units.read(work)
