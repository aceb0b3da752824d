"""Days, instants, ids and words of the domain as protos have them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import number_of
from services.chassis.kernel.places import ProvinceRef
from services.handover.domain.words import (
    Cause,
    LostReason,
    Phase,
    RejectReason,
    Resolution,
)


def day(value: date | None) -> str:
    """YYYY-MM-DD; empty when there is none."""
    return value.isoformat() if value is not None else ""


def instant(value: datetime) -> Timestamp:
    """A timestamp."""
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp


def instant_or_none(value: datetime | None) -> Timestamp | None:
    """A timestamp, if there is one."""
    return instant(value) if value is not None else None


def text(value: UUID | None) -> str:
    """An id; empty when there is none."""
    return str(value) if value is not None else ""


def phase(value: Phase) -> types.CasePhase.ValueType:
    """The phase on the wire."""
    return number_of(types.CasePhase, value)


def cause(value: Cause) -> types.CustodyCause.ValueType:
    """The cause on the wire."""
    return number_of(types.CustodyCause, value)


def reject_reason(value: RejectReason | None) -> types.RejectReason.ValueType:
    """The reason on the wire."""
    return number_of(types.RejectReason, value)


def lost_reason(value: LostReason) -> types.LostReason.ValueType:
    """The reason on the wire."""
    return number_of(types.LostReason, value)


def resolution(value: Resolution | None) -> types.SearchResolution.ValueType:
    """The resolution on the wire."""
    return number_of(types.SearchResolution, value)


def province(value: ProvinceRef | None) -> types.ProvinceRef | None:
    """A province, if it is known."""
    return types.ProvinceRef(code=value.code, vintage=value.vintage) if value is not None else None


def age_band(value: str) -> types.AgeBand.ValueType:
    """The band on the wire."""
    return number_of(types.AgeBand, value)
