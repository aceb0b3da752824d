"""Handovers as they were registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.intake.domain.submissions import Route


class HandoverNotFound(HomewardError):
    """Your office registered no such handover."""

    kind = ErrorKind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover, without anything that may name somebody. `gate_id` empty: it was elsewhere."""

    id: UUID
    office_id: str
    route: Route
    gate_id: str
    handed_over_at: datetime
    registered_at: datetime
    case_numbers: tuple[str, ...]
