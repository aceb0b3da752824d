"""What is common to all calls that change something."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from services.chassis.calls.answers import digest_of
from services.chassis.calls.security import current_call
from services.intake.application import Mutation


def mutation(request: Any, digest_key: bytes) -> Mutation:
    """Who asks for a change, under which request id, and what it says."""
    message: Message = request
    return Mutation(current_call().caller, request.request_id, digest_of(message, digest_key))
