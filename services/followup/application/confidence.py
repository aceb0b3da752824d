"""The vault, as the verbs know it: they hand in and take out values, and no key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.followup.domain.care import Attempt, Revision, Said, Wishes, WishesVersion
from services.followup.domain.home_safety import Asked


class Confidence(Protocol):
    """Where what is told in confidence is kept and read."""

    async def destroy(self, uow: UnitOfWork, case_id: UUID) -> None:
        """Destroy the key of a locked case: nothing of it can be read or added any more."""

    async def wishes_version(self, uow: UnitOfWork, case_id: UUID) -> int:
        """Which version of her wishes stands; 0 for none."""

    async def keep_wishes(self, uow: UnitOfWork, case_id: UUID, wishes: Wishes, caller: Caller) -> int:
        """Keep a version. Returns its number."""

    async def read_wishes(
        self, uow: UnitOfWork, case_id: UUID, caller: Caller, by: Collection[str] | None = None
    ) -> WishesVersion:
        """The wishes, against an entry in the log; `by`: the last that these offices wrote."""

    async def seal_signs(self, uow: UnitOfWork, case_id: UUID, number: int, signs: Sequence[str]) -> tuple[str, ...]:
        """Warning signs of an entry in the form in which the entry keeps them; none of none."""

    async def open_signs(
        self, uow: UnitOfWork, case_id: UUID, number: int, kept: Sequence[Sequence[str]], caller: Caller
    ) -> Sequence[Sequence[str]]:
        """Those of each version of an entry, against one entry in the log."""

    async def seal_signs_of_before(self, uow: UnitOfWork) -> int:
        """Seal those that an earlier version of the program left open; returns of how many entries."""

    async def keep_attempt(self, uow: UnitOfWork, case_id: UUID, number: int, attempt: Attempt) -> None:
        """How somebody tried."""

    async def latest_revision(self, uow: UnitOfWork, case_id: UUID, number: int) -> int:
        """Of a visit; 0 when nothing of it was written."""

    async def latest_codes(self, uow: UnitOfWork, case_id: UUID, number: int) -> Said | None:
        """The latest revision of a visit as far as it stands as codes; None when there is none."""

    async def latest_visit(self, uow: UnitOfWork, case_id: UUID, by: Collection[str] | None = None) -> int:
        """The entry of the latest visit of which something was written, by these offices; 0 when there is none."""

    async def keep_visit(
        self, uow: UnitOfWork, case_id: UUID, number: int, revision: int, said: Said, caller: Caller, reason: str = ""
    ) -> None:
        """Write a revision."""

    async def save_draft(self, uow: UnitOfWork, case_id: UUID, typed: bytes, caller: Caller) -> None:
        """What somebody has typed so far."""

    async def read_draft(self, uow: UnitOfWork, case_id: UUID, caller: Caller) -> tuple[bytes, datetime] | None:
        """What the same person typed, and when."""

    async def drop_old_drafts(self, uow: UnitOfWork) -> int:
        """Destroy those that nobody came back to; returns how many."""

    async def drop_draft(self, uow: UnitOfWork, case_id: UUID, caller: Caller) -> None:
        """It is recorded."""

    async def keep_safety(
        self, uow: UnitOfWork, case_id: UUID, number: int, measures: Sequence[str], note: str, caller: Caller
    ) -> None:
        """What was done for her safety."""

    async def seal_asked(self, uow: UnitOfWork, case_id: UUID, number: int, asked: Asked) -> bytes:
        """What was said about a home, sealed for the check of that number."""

    async def open_asked(self, uow: UnitOfWork, case_id: UUID, number: int, sealed: bytes, caller: Caller) -> Asked:
        """What was said about a home, against an entry in the log."""

    async def read_visit(
        self,
        uow: UnitOfWork,
        case_id: UUID,
        number: int,
        caller: Caller,
        by: Collection[str] | None = None,
        *,
        in_confidence: bool,
    ) -> Sequence[Revision]:
        """Its revisions, against an entry in the log; `by`: those that these offices wrote."""
