"""The request id of a call as it came."""

from __future__ import annotations

from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput


def request_uuid(text: str) -> UUID:
    """A request id as UUID; raises InvalidInput when it is none."""
    if not text:
        raise InvalidInput([FieldViolation(None, "request_id", "REQUIRED")])
    try:
        return UUID(text)
    except ValueError:
        example = {"example": "123e4567-e89b-12d3-a456-426614174000"}
        raise InvalidInput([FieldViolation(None, "request_id", "BAD_FORMAT", example)]) from None
