"""Answers of the services as plain values, for JSON and for tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.protobuf.message import Message


def as_dict(message: Message) -> dict[str, Any]:
    """A message as plain values: snake_case names, enums by their short names, instants in ISO 8601 (UTC).

    An enum not given, and a message that is absent, are null.
    """
    return {field.name: _value(message, field) for field in message.DESCRIPTOR.fields}


def _value(message: Message, field: Any) -> Any:
    value = getattr(message, field.name)
    # has_presence holds for single messages and members of a oneof only.
    if field.has_presence and not message.HasField(field.name):
        return None
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return dict(value)
    if field.is_repeated:
        return [_single(each, field) for each in value]
    return _single(value, field)


def _single(value: Any, field: Any) -> Any:
    if field.enum_type is not None:
        return short_name(field.enum_type, value) or None
    if field.message_type is not None:
        if field.message_type.full_name == "google.protobuf.Timestamp":
            return instant(value).isoformat().replace("+00:00", "Z")
        return as_dict(value)
    return value


def instant(stamp: Any) -> datetime:
    """A timestamp of protobuf as an aware instant in UTC."""
    moment: datetime = stamp.ToDatetime(tzinfo=UTC)
    return moment


def short_name(enum: Any, number: int) -> str:
    """The name of an enum value without the prefix of its enum; empty for "not given" and for unknown numbers."""
    value = enum.values_by_number.get(number)
    if value is None or number == 0:
        return ""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return str(value.name).removeprefix(prefix)
