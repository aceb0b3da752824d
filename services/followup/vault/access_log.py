"""Who read what was told in confidence: entries in a chain of hashes, so that a change of the past shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.storage.chained import CARE_LOG
from services.chassis.vault.access_chain import AccessChain


class Content(StrEnum):
    """What was read."""

    WISHES = "WISHES"
    VISIT = "VISIT"
    """What a visit was like, and the ordinary answers."""
    VISIT_IN_CONFIDENCE = "VISIT_IN_CONFIDENCE"
    """All of it: restricted answers, signs, reasons, texts."""
    HOME_SAFETY = "HOME_SAFETY"
    """What was said about her home, and by whom it was decided."""


@dataclass(frozen=True, slots=True)
class Read:
    """One read. `entry_number` 0: of the case."""

    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: UUID
    content: Content
    entry_number: int = 0


_CHAIN: Final = AccessChain(CARE_LOG)


async def append(connection: AsyncConnection, read: Read) -> int:
    """Add an entry to the running transaction. Returns its place."""
    row = {
        "read_at": read.read_at,
        "subject": read.subject,
        "office_id": read.office_id,
        "role": read.role,
        "case_id": read.case_id,
        "content": read.content.value,
        "entry_number": read.entry_number,
    }
    return await _CHAIN.append(connection, row)
