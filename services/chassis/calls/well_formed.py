"""What no request may hold, whatever its method: looked at once in the gate, before anything of it is used.

What a field means is read later, with all that is wrong with it. Here is turned away what would break a reader: lists
without end, characters that no database takes, moments that no calendar has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput

ITEMS_MAX: Final = 500
"""Of one list; the longest that a method reads has 200."""
FAULTS_MAX: Final = 20
NUL: Final = "\0"
NANOS: Final = range(1_000_000_000)
SECONDS: Final = range(-62_135_596_800, 253_402_300_800)
"""Of the years 1 to 9999."""


class RequestUnreadable(HomewardError):
    """This request cannot be read: it is not written as the contract of this method says."""

    kind = ErrorKind.INVALID_ARGUMENT


class RequestTooLarge(HomewardError):
    """This request is too large: at most {limit} bytes are taken here."""

    kind = ErrorKind.INVALID_ARGUMENT


def require_well_formed(request: Message) -> None:
    """Raise InvalidInput with the first faults of a request that would break whoever reads it."""
    faults = [fault for fault, _ in zip(_faults(request, "", None), range(FAULTS_MAX), strict=False)]
    if faults:
        raise InvalidInput(faults)


def _faults(message: Any, prefix: str, row: int | None) -> Iterator[FieldViolation]:
    for field, value in message.ListFields():
        name = f"{prefix}{field.name}"
        if not field.is_repeated:
            yield from _of_value(field, value, name, row)
        elif len(value) > ITEMS_MAX:
            yield FieldViolation(row, name, "TOO_MANY", {"limit": str(ITEMS_MAX)})
        elif field.type == FieldDescriptor.TYPE_STRING:
            if any(NUL in each for each in value):
                yield FieldViolation(row, name, "BAD_CHARACTERS")
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for number, each in enumerate(value, start=1):
                yield from _faults(each, "", number)


def _of_value(field: FieldDescriptor, value: Any, name: str, row: int | None) -> Iterator[FieldViolation]:
    if field.type == FieldDescriptor.TYPE_STRING:
        if NUL in value:
            yield FieldViolation(row, name, "BAD_CHARACTERS")
    elif isinstance(value, Timestamp):
        if value.nanos not in NANOS or value.seconds not in SECONDS:
            yield FieldViolation(row, name, "NOT_A_DATE")
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        yield from _faults(value, f"{name}.", row)
