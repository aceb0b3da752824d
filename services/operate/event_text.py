"""An event as an operator sees it: what happened when to which case, ids and codes; never bytes that are not ours."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from google.protobuf.message import Message

from services.chassis.kernel.clock import VIET_NAM
from services.client.plain import as_dict

SHOWN_IDS: Final = frozenset({"gate_id"})
_OFFICE: Final = "office_id"


def codes_of(message: Message) -> str:
    """The codes, offices, dates and numbers of an event, as `name=value`; ids of things inside are left out."""
    return " ".join(f"{name}={value}" for name, value in _pairs(as_dict(message)))


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in values.items():
        # Nothing given, and false, say nothing; the case has a column of its own.
        if value in (None, "", False, 0, []) or name in ("case_id", "case_number"):
            continue
        if name.endswith("_id") and name not in SHOWN_IDS and not name.endswith(_OFFICE):
            continue
        pairs.append((name, _shown(value)))
    return pairs


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    if isinstance(value, dict):
        return "/".join(text for _, text in _pairs(value))
    if value is True:
        return "yes"
    return str(value)


def ids_and_codes(message: Message) -> dict[str, Any]:
    """Only the ids and codes of an event: no dates, no numbers, nothing that a person wrote."""
    enums = {field.name for field in message.DESCRIPTOR.fields if field.enum_type is not None}
    return {
        name: value
        for name, value in as_dict(message).items()
        if value and (name in enums or (name.endswith("_id") and _is_id(value)))
    }


def _is_id(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        uuid.UUID(value)
    except ValueError:
        return value.replace("-", "").isalnum() and value.isascii() and value.isupper()
    return True


def local_time(instant: datetime) -> str:
    """An instant by the clock in Viet Nam."""
    return instant.astimezone(VIET_NAM).strftime("%Y-%m-%d %H:%M:%S")


def short_type(name: str) -> str:
    """The last word of a message's full name."""
    return name.rpartition(".")[2]
