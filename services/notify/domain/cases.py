"""What notify knows of a case, and what waits until more is known."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.chassis.kernel.words import Phase
from services.notify.domain.facts import Addressee, Param
from services.notify.domain.messages import Kind


@dataclass(frozen=True)
class Custody:
    """From `since` on this office was accountable, as its `segment`-th of the case."""

    segment: int
    office_id: str
    since: datetime


@dataclass(frozen=True)
class NotifiedCase:
    """What notify knows of a case; every stream may be the first to tell of it.

    `transfer_id`, `receiver_id`: the open transfer, and the office addressed by it. `search_office_id` (accountable
    when it began), `search_receiver_id` (asked last), `search_level`: of the open search.
    `overdue_follow_ups`: ids of those that were called overdue and not recorded since.
    """

    case_number: str | None = None
    registering_id: str | None = None
    accountable_id: str | None = None
    phase: Phase | None = None
    receiver_id: str | None = None
    transfer_id: str | None = None
    search_office_id: str | None = None
    search_receiver_id: str | None = None
    search_level: int = 0
    overdue_follow_ups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Registration:
    """A case's number, and the office that received the person."""

    case_number: str
    office_id: str


@dataclass(frozen=True)
class Waiting:
    """A message that waits for the registration."""

    event_id: uuid.UUID
    addressee: Addressee
    kind: Kind
    params: Mapping[Param, str]
    time: datetime


@dataclass(frozen=True)
class Decision:
    """A decision on the identification, of which only the day and the deciding office are kept."""

    event_id: uuid.UUID
    decided_at: datetime
    params: Mapping[Param, str]


def accountable_at(custodies: Iterable[Custody], instant: datetime) -> str | None:
    """The office that was accountable at an instant; None while no custody of that time is known."""
    held = [custody for custody in custodies if custody.since <= instant]
    return max(held, key=lambda custody: custody.segment).office_id if held else None
