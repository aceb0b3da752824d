"""Sealing what is told, and giving it out against an entry in the access log: there is no other way to it.

Each case has a data key of its own, made with the first thing that is said. A seal says of which table, case, purpose
and revision it is: an older text put in the place of the last does not open.
Whatever seals, opens or reads of a case whose key was destroyed raises CaseErased.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import CaseErased
from services.chassis.kernel.roles import Caller
from services.chassis.vault.keys import DESTROYED, DataKey, KeyFileRefused, WrappedKey
from services.followup.domain.care import Attempt, Revision, Said, Wishes, WishesVersion
from services.followup.domain.home_safety import Asked
from services.followup.storage import care as storage
from services.followup.vault import access_log, content
from services.followup.vault.access_log import Content, Read
from services.followup.vault.keys import KeyRing

DRAFT_KEPT: Final = timedelta(days=30)
"""Whoever does not come back to a draft for so long begins anew [policy]."""

SIGNS_AT_ONCE: Final = 100
DRAFTS_AT_ONCE: Final = 500
"""So many are destroyed in one transaction."""


class VaultRefused(Exception):
    """The vault cannot be opened for work; says why and never what is in the key file."""


class Vault:
    """Seals what is told at home, and opens it against an entry."""

    __slots__ = ("_keys",)

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return "Vault(…)"

    @classmethod
    def with_key_file(cls, path: Path | None) -> Self:
        """A vault with the key-encryption keys of a file; raises VaultRefused."""
        try:
            return cls(KeyRing.from_file(path))
        except KeyFileRefused as error:
            raise VaultRefused(str(error)) from None

    async def destroy(self, uow: UnitOfWork, case_id: UUID) -> None:
        """Destroy the key of a locked case: what was told at home can be read by nobody any more, and nothing is added.

        Entries, dates and codes stay as they are, and so do the deadlines.
        """
        await storage.destroy_key(uow.connection, case_id, DESTROYED)

    async def wishes_version(self, uow: UnitOfWork, case_id: UUID) -> int:
        """Which version of her wishes stands; 0 for none, and of an erased case. Nothing is opened."""
        if await self._is_erased(uow, case_id):
            return 0
        return await storage.wishes_version(uow.connection, case_id)

    async def keep_wishes(self, uow: UnitOfWork, case_id: UUID, wishes: Wishes, caller: Caller) -> int:
        """Put wishes in the place of those before, which are kept. Returns their version."""
        key = await self._key_of(uow, case_id)
        version = await storage.wishes_version(uow.connection, case_id) + 1
        sealed = key.seal(content.wishes_bytes(wishes), _of("contact_wishes", "wishes", str(version)))
        await storage.add_wishes(uow.connection, case_id, version, sealed, caller.office_id, caller.subject, uow.now)
        return version

    async def read_wishes(
        self, uow: UnitOfWork, case_id: UUID, caller: Caller, by: Collection[str] | None = None
    ) -> WishesVersion:
        """Her wishes as they stand, against an entry in the log; `by`: the last that these offices wrote."""
        await self._require_kept(uow, case_id)
        await self._log(uow, case_id, caller, Content.WISHES)
        row = await storage.read_wishes(uow.connection, case_id, by)
        if row is None:
            return WishesVersion(0, Wishes())
        key = await self._key_of(uow, case_id)
        opened = key.open(row.sealed, _of("contact_wishes", "wishes", str(row.version)))
        return WishesVersion(row.version, content.wishes_from(opened), row.office_id, row.at)

    async def seal_signs(self, uow: UnitOfWork, case_id: UUID, number: int, signs: Sequence[str]) -> tuple[str, ...]:
        """Warning signs of an entry as one text that says nothing without the key; none of none."""
        return _sealed_signs(await self._key_of(uow, case_id), number, signs) if signs else ()

    async def open_signs(
        self, uow: UnitOfWork, case_id: UUID, number: int, kept: Sequence[Sequence[str]], caller: Caller
    ) -> Sequence[Sequence[str]]:
        """Those of each version of an entry, against one entry in the log; nothing is logged where there are none."""
        if not any(kept):
            return kept
        await self._log(uow, case_id, caller, Content.VISIT_IN_CONFIDENCE, number)
        key = await self._key_of(uow, case_id)
        return [_signs(key, number, each) for each in kept]

    async def seal_signs_of_before(self, uow: UnitOfWork) -> int:
        """Seal those that an earlier version of the program left open, some at a time; returns of how many entries.

        Those of an erased case with a key that nobody keeps.
        """
        rows = await storage.open_signs(uow.connection, SIGNS_AT_ONCE)
        for row in rows:
            is_erased = await self._is_erased(uow, row.case_id)
            key = self._keys.new_key(row.case_id)[0] if is_erased else await self._key_of(uow, row.case_id)
            sealed = _sealed_signs(key, row.number, row.warning_signs)
            await storage.replace_signs(uow.connection, row.case_id, row.number, row.version, sealed)
        return len(rows)

    async def keep_attempt(self, uow: UnitOfWork, case_id: UUID, number: int, attempt: Attempt) -> None:
        """How somebody tried: codes, which need no seal."""
        await storage.add_attempt(uow.connection, case_id, number, attempt)

    async def latest_revision(self, uow: UnitOfWork, case_id: UUID, number: int) -> int:
        """Of a visit; 0 when nothing of it was written. Nothing is opened."""
        return await storage.latest_revision(uow.connection, case_id, number)

    async def latest_codes(self, uow: UnitOfWork, case_id: UUID, number: int) -> Said | None:
        """The latest revision of a visit as far as it stands as codes; None when there is none. Nothing is opened."""
        rows = await storage.read_visit(uow.connection, case_id, number)
        return _revision(rows[-1], None).said if rows else None

    async def latest_visit(self, uow: UnitOfWork, case_id: UUID, by: Collection[str] | None = None) -> int:
        """The entry of the latest visit of which something was written, by these offices; 0 when there is none.

        Nothing is opened.
        """
        return await storage.latest_visit(uow.connection, case_id, by)

    async def keep_visit(
        self, uow: UnitOfWork, case_id: UUID, number: int, revision: int, said: Said, caller: Caller, reason: str = ""
    ) -> None:
        """Write a revision of what was said."""
        key = await self._key_of(uow, case_id)
        sealed = key.seal(content.confidential_bytes(said, reason), _of("visit", "said", f"{number}.{revision}"))
        row = storage.VisitRow(
            case_id=case_id,
            number=number,
            revision=revision,
            set_code=said.set_code,
            questionnaire_version=said.questionnaire_version,
            wishes_version=said.wishes_version,
            coded=dict(content.coded(said)),
            sealed=sealed,
            office_id=caller.office_id,
            subject=caller.subject,
            at=uow.now,
        )
        await storage.add_visit(uow.connection, row)

    async def save_draft(self, uow: UnitOfWork, case_id: UUID, typed: bytes, caller: Caller) -> None:
        """Keep what somebody has typed so far."""
        key = await self._key_of(uow, case_id)
        sealed = key.seal(typed, _of("visit_draft", "typed", caller.subject))
        await storage.save_draft(uow.connection, case_id, caller.subject, sealed, uow.now)

    async def drop_old_drafts(self, uow: UnitOfWork) -> int:
        """Destroy drafts that nobody came back to for DRAFT_KEPT, some at a time; returns how many."""
        return await storage.drop_drafts_before(uow.connection, uow.now - DRAFT_KEPT, DRAFTS_AT_ONCE)

    async def read_draft(self, uow: UnitOfWork, case_id: UUID, caller: Caller) -> tuple[bytes, datetime] | None:
        """What the same person typed, which needs no entry in the log; None when there is no draft."""
        await self._require_kept(uow, case_id)
        row = await storage.read_draft(uow.connection, case_id, caller.subject)
        if row is None or row.at < uow.now - DRAFT_KEPT:
            return None
        key = await self._key_of(uow, case_id)
        return key.open(row.sealed, _of("visit_draft", "typed", caller.subject)), row.at

    async def drop_draft(self, uow: UnitOfWork, case_id: UUID, caller: Caller) -> None:
        """It is recorded."""
        await storage.drop_draft(uow.connection, case_id, caller.subject)

    async def keep_safety(
        self, uow: UnitOfWork, case_id: UUID, number: int, measures: Sequence[str], note: str, caller: Caller
    ) -> None:
        """What a second person confirmed to be done for her safety."""
        key, row_id = await self._key_of(uow, case_id), uow.new_id()
        row = {
            "id": row_id,
            "case_id": case_id,
            "number": number,
            "sealed": key.seal(content.safety_bytes(measures, note), _of("safety_act", "done", str(row_id))),
            "office_id": caller.office_id,
            "subject": caller.subject,
            "at": uow.now,
        }
        await storage.add_safety_act(uow.connection, row)

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
        """All revisions of a visit, oldest first, against an entry; without confidence the codes alone. Empty: none.

        `by`: those that these offices wrote.
        """
        rows = await storage.read_visit(uow.connection, case_id, number)
        rows = [row for row in rows if by is None or row.office_id in by]
        if not rows:
            return ()
        await self._require_kept(uow, case_id)
        await self._log(uow, case_id, caller, Content.VISIT_IN_CONFIDENCE if in_confidence else Content.VISIT, number)
        key = await self._key_of(uow, case_id)
        return [_revision(row, key if in_confidence else None) for row in rows]

    async def seal_asked(self, uow: UnitOfWork, case_id: UUID, number: int, asked: Asked) -> bytes:
        """What was said about a home, sealed for the check of that number."""
        key = await self._key_of(uow, case_id)
        return key.seal(content.asked_bytes(asked), _of("home_check", "asked", str(number)))

    async def open_asked(self, uow: UnitOfWork, case_id: UUID, number: int, sealed: bytes, caller: Caller) -> Asked:
        """What was said about a home, against an entry in the log."""
        await self._log(uow, case_id, caller, Content.HOME_SAFETY, number)
        key = await self._key_of(uow, case_id)
        return content.asked_from(key.open(sealed, _of("home_check", "asked", str(number))))

    async def _key_of(self, uow: UnitOfWork, case_id: UUID) -> DataKey:
        """The open key of a case, made where there is none: its case is locked."""
        row = await storage.read_key(uow.connection, case_id)
        if row is not None:
            return self._keys.open(case_id, WrappedKey(row.kek_id, row.wrapped_key))
        key, wrapped = self._keys.new_key(case_id)
        await storage.add_key(uow.connection, case_id, wrapped.kek_id, wrapped.wrapped)
        return key

    async def _is_erased(self, uow: UnitOfWork, case_id: UUID) -> bool:
        row = await storage.read_key(uow.connection, case_id)
        return row is not None and WrappedKey(row.kek_id, row.wrapped_key).is_destroyed

    async def _require_kept(self, uow: UnitOfWork, case_id: UUID) -> None:
        """What was erased is not to look like what was never said."""
        if await self._is_erased(uow, case_id):
            raise CaseErased

    async def _log(self, uow: UnitOfWork, case_id: UUID, caller: Caller, what: Content, number: int = 0) -> None:
        read = Read(uow.now, caller.subject, caller.office_id, caller.role.value, case_id, what, number)
        await access_log.append(uow.connection, read)


def _sealed_signs(key: DataKey, number: int, signs: Sequence[str]) -> tuple[str, ...]:
    return (b64encode(key.seal(" ".join(signs).encode(), _of("entry", "signs", str(number)))).decode(),)


def _signs(key: DataKey, number: int, kept: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        sign
        for each in kept
        for sign in key.open(b64decode(each), _of("entry", "signs", str(number))).decode().split(" ")
    )


def _of(table: str, purpose: str, revision: str) -> str:
    return f"{table}|{purpose}|{revision}"


def _revision(row: storage.VisitRow, key: DataKey | None) -> Revision:
    opened = key.open(row.sealed, _of("visit", "said", f"{row.number}.{row.revision}")) if key else None
    said, reason = content.said_from(row.coded, row.set_code, row.questionnaire_version, row.wishes_version, opened)
    return Revision(row.number, row.revision, said, row.office_id, row.subject, row.at, reason)
