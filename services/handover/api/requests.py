"""Reads what the requests of handover have in common: who asks, and how a person travels."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from homeward.handover.v1 import transfers_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover.application import Asked
from services.handover.domain import (
    MAX_REASON_CHARS,
    Consent,
    DestinationChoice,
    Document,
    Escort,
    HomeSafety,
    TravelMeans,
    TravelPlan,
)

Context = Any
"""grpc.aio.ServicerContext; its stubs differ between the packages that bring them."""


def begin(request: Message) -> tuple[Fields, Asked]:
    """What every mutation begins with: the fields, and who asks under which request id."""
    fields, call = Fields(), current_call()
    return fields, Asked(call.caller, fields.request_id(request), call.method, request)


def reason(fields: Fields, text: str) -> str:
    """A reason in the user's words; required."""
    return fields.text("reason", text, MAX_REASON_CHARS, required=True)


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
