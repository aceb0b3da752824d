"""Sealing at the door, and opening against an entry in the access log.

Who looks at an identity is written down in the transaction that gives it out: there is no other way to one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import CaseErased
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.domain.access import (
    IdentityView,
    LoggedRead,
    Purpose,
    ReadsWanted,
    SeenCase,
    Viewer,
    access_of,
    purpose_of,
    seen_by,
)
from services.intake.domain.break_glass import BreakGlass, Opened, access_by
from services.intake.domain.case import Case
from services.intake.domain.consents import Consent, Guardian, GuardianRelation
from services.intake.domain.family import Tie
from services.intake.domain.identification import Decision
from services.intake.domain.likeness import Match
from services.intake.domain.people import AgeBand, FamilyLink, Person, age_band, changed_fields
from services.intake.domain.registered import Trace
from services.intake.domain.submissions import Submission
from services.intake.storage import cases, consents, handovers, registered
from services.intake.storage.consents import SealedGuardian
from services.intake.storage.family import SealedTie
from services.intake.vault import access_log, identities
from services.intake.vault.identities import Replacement, SealedIdentity
from services.intake.vault.keys import DESTROYED, DataKey, KeyFileRefused, KeyRing, SealBroken, WrappedKey
from services.intake.vault.numbers import CaseNumberKey
from services.intake.vault.traces import Traces

FIRST_REVISION: Final = 1

# What a sealed text is; with the id of its subject it is bound into the seal.
PERSON: Final = "person"
CORRECTION_REASON: Final = "correction-reason"
DECISION: Final = "decision"
HANDOVER_DETAILS: Final = "handover-details"
ACCESS_PURPOSE: Final = "access-purpose"
RELATION: Final = "relation"
RELATION_CHARS: Final = 16
"""A seal is as long as what is in it: each relation is padded to this, so that its length does not tell which it is."""
BREAK_GLASS_REASON: Final = "break-glass-reason"
GUARDIAN: Final = "named-guardian"
GUARDIAN_NAME: Final = "guardian"
"""Of before the relation was sealed with it."""


class VaultRefused(Exception):
    """The vault cannot be opened for work; says why and never what is in the key file."""


class CannotOpen(Exception):
    """What is sealed of a case does not open: its key was destroyed, or is not in the file."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries of the access log, newest first; `intact`: none of them, and none between them, was changed."""

    reads: Sequence[LoggedRead]
    intact: bool


@dataclass(frozen=True, slots=True, repr=False)
class Corrected:
    """What a correction did: names of the fields that differ, and of their contents what the case itself holds."""

    fields: tuple[str, ...]
    home_province: str
    birth_date: str
    earlier_case: str
    family_links: tuple[FamilyLink, ...] = ()
    former_links: tuple[FamilyLink, ...] = ()


def case_number_key(path: Path | None) -> CaseNumberKey:
    """The key of case numbers from its file; raises VaultRefused."""
    try:
        return CaseNumberKey.from_file(path)
    except KeyFileRefused as error:
        raise VaultRefused(str(error)) from None


class Vault:
    """Seals what may name a person, and opens it against an entry."""

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

    # Sealing: rows that say nothing -----------------------------------------------------------

    def new_identity(
        self, case_id: UUID, person: Person, ties: Sequence[Tie] = (), subject: str = ""
    ) -> tuple[Mapping[str, object], list[Mapping[str, object]]]:
        """The row of the table `identity` for a new case, and the rows of the ties that begin at it."""
        key, wrapped = self._keys.new_key(case_id)
        identity = {
            "case_id": case_id,
            "kek_id": wrapped.kek_id,
            "wrapped_key": wrapped.wrapped,
            "revision": FIRST_REVISION,
            "ciphertext": _seal_person(key, person, FIRST_REVISION),
            "bound": True,
        }
        return identity, [_tie_row(tie, key, subject) for tie in ties if tie.case_id == case_id]

    def new_details(self, handover_id: UUID, submission: Submission) -> Mapping[str, object]:
        """The sealed columns of a new row of the table `handover`."""
        key, wrapped = self._keys.new_key(handover_id)
        details = key.seal(wire.submission_details_bytes(submission), HANDOVER_DETAILS)
        return {"kek_id": wrapped.kek_id, "wrapped_key": wrapped.wrapped, "details": details}

    async def seal_decision(self, connection: AsyncConnection, case_id: UUID, decision: Decision) -> bytes:
        """What of a decision may name people, for its row."""
        [key] = (await self._keys_of(connection, [case_id])).values()
        return key.seal(wire.decision_details_bytes(decision), DECISION)

    async def correct(
        self, uow: UnitOfWork, case_id: UUID, change: Callable[[Person], Person], reason: str, caller: Caller
    ) -> Corrected:
        """Put a corrected record in the place of the one before, which is kept with the reason.

        `change` makes it, or refuses: it sees the record, and gives out nothing of it. With nothing that differs
        nothing is written.
        """
        sealed = await identities.load(uow.connection, case_id)
        key = self._keys.open(case_id, sealed.key)
        before = _open_person(key, sealed)
        after = change(before)
        names = changed_fields(before, after)
        if names:
            why = Replacement(
                key.seal(reason.encode(), CORRECTION_REASON), names, caller.office_id, caller.subject, uow.now
            )
            await identities.replace(uow.connection, case_id, _seal_person(key, after, sealed.revision + 1), why)
        return Corrected(
            names,
            after.home_province,
            after.birth_date,
            after.earlier_case,
            after.family_links,
            before.family_links,
        )

    async def trace(self, connection: AsyncConnection, case_id: UUID, day: date, traces: Traces) -> Trace:
        """By what the person of a case is found again; raises CannotOpen when her key is gone."""
        sealed = await identities.load(connection, case_id)
        try:
            person = _open_person(self._keys.open(case_id, sealed.key), sealed)
        except (SealBroken, CaseErased):
            raise CannotOpen from None
        return traces.of_person(person, day)

    async def age_band(self, connection: AsyncConnection, case_id: UUID, day: date) -> AgeBand:
        """The band of a person's age on a day, and nothing else of her; UNKNOWN where her key is gone."""
        sealed = await identities.load(connection, case_id)
        try:
            person = _open_person(self._keys.open(case_id, sealed.key), sealed)
        except (SealBroken, CaseErased):
            return AgeBand.UNKNOWN
        return age_band(person.birth_date, day)

    async def bind_some(self, connection: AsyncConnection, after: UUID, limit: int) -> tuple[int, UUID]:
        """Seal records of before anew, so that each says of which revision it is.

        Returns how many were looked at, and the case of the last. One that does not open, whose key is gone, stays.
        """
        found = await identities.lock_unbound(connection, after, limit)
        for sealed in found:
            try:
                key = self._keys.open(sealed.case_id, sealed.key)
                person = _open_person(key, sealed)
            except (SealBroken, CaseErased):
                continue
            await identities.bind(connection, sealed.case_id, _seal_person(key, person, sealed.revision))
        return len(found), found[-1].case_id if found else after

    async def compare(
        self,
        connection: AsyncConnection,
        named: Sequence[tuple[UUID | None, Person]],
        alike: Callable[[Person, Person], Match],
    ) -> list[Match]:
        """How alike each record is to that of the case named with it; nothing of either is given out.

        For no case as much is done as for one: how long it takes tells nobody whether there is one. UNKNOWN where the
        key of the case is gone.
        """
        sealed = await identities.load_some(connection, [case_id for case_id, _ in named if case_id])
        return [self._compared(sealed.get(case_id), case_id, person, alike) for case_id, person in named]

    def _compared(
        self,
        sealed: SealedIdentity | None,
        case_id: UUID | None,
        person: Person,
        alike: Callable[[Person, Person], Match],
    ) -> Match:
        if sealed is None or case_id is None:
            # Any id will do: the seal of an invented row is opened, and says nothing.
            case_id = UUID(int=0)
            key, wrapped = self._keys.new_key(case_id)
            sealed = SealedIdentity(case_id, wrapped, FIRST_REVISION, _seal_person(key, person, FIRST_REVISION), True)
        try:
            opened = _open_person(self._keys.open(case_id, sealed.key), sealed)
        except (SealBroken, CaseErased):
            return Match.UNKNOWN
        return alike(opened, person)

    async def compare_cases(
        self,
        connection: AsyncConnection,
        case_id: UUID,
        other_id: UUID | None,
        alike: Callable[[Person, Person], Match],
    ) -> Match:
        """How alike the records of two cases are."""
        sealed = await identities.load(connection, case_id)
        person = _open_person(self._keys.open(case_id, sealed.key), sealed)
        [match] = await self.compare(connection, [(other_id, person)], alike)
        return match

    async def seal_ties(
        self, connection: AsyncConnection, ties: Sequence[Tie], subject: str
    ) -> list[Mapping[str, object]]:
        """The rows of new ties between known cases, said by the subject."""
        keys = await self._keys_of(connection, sorted({tie.case_id for tie in ties}))
        return [_tie_row(tie, keys[tie.case_id], subject) for tie in ties]

    async def destroy(self, uow: UnitOfWork, case: Case) -> None:
        """Destroy the key of a locked case: who she is can be read by nobody any more, and nothing is added.

        Her traces go with it, and what was sealed of the handover with the last of its people. The case itself stays,
        with what was decided and who read her.
        """
        await identities.destroy_key(uow.connection, case.id)
        await registered.forget(uow.connection, case.id)
        await consents.forget_unsealed(uow.connection, case.id)
        await handovers.destroy_key_with_the_last(uow.connection, case.handover_id, DESTROYED)

    # Opening ----------------------------------------------------------------------------------

    async def show(self, uow: UnitOfWork, case: Case, viewer: Viewer, caller: Caller, why: str | Opened) -> SeenCase:
        """What a caller may see of a case and of the person, with the entry of it in the same transaction.

        An attempt that is to be refused leaves its entry too: commit before you refuse. `why`: the stated purpose, or
        what was opened by break-glass; an entry names only one that there is. Of an erased case nothing is seen,
        and the words of a purpose, which its key would seal, are not kept.
        """
        if isinstance(why, Opened):
            access, code, words = access_by(why.one, case, viewer, caller, uow.now), Purpose.BREAK_GLASS, ""
        else:
            access, (code, words) = access_of(case, viewer), purpose_of(why)
        break_glass_id = why.one.id if isinstance(why, Opened) and why.one is not None else None
        sealed = await identities.load(uow.connection, case.id)
        if sealed.key.is_destroyed:
            await self._log(uow, case.id, caller, IdentityView.NONE, None, code, "", break_glass_id)
            return SeenCase(case, access, is_erased=access.identity is not IdentityView.NONE)
        key = self._keys.open(case.id, sealed.key)
        await self._log(uow, case.id, caller, access.identity, key, code, words, break_glass_id)
        person = _open_person(key, sealed)
        return SeenCase(case, access, seen_by(person, access.identity))

    async def seal_reason(self, connection: AsyncConnection, one: BreakGlass, words: str) -> bytes:
        """The words of the reason for which a record was opened, for its row."""
        [key] = (await self._keys_of(connection, [one.case_id])).values()
        return key.seal(words.encode(), f"{BREAK_GLASS_REASON}|{one.id}")

    async def open_reason(self, uow: UnitOfWork, one: BreakGlass, sealed: bytes, caller: Caller) -> str:
        """Those words, for whoever reviews it, with an entry in the same transaction: they may name people."""
        [key] = (await self._keys_of(uow.connection, [one.case_id])).values()
        await self._log(uow, one.case_id, caller, IdentityView.NONE, key, Purpose.REVIEW, "", one.id)
        return key.open(sealed, f"{BREAK_GLASS_REASON}|{one.id}").decode()

    async def seal_guardian(self, connection: AsyncConnection, one: Consent, guardian: Guardian) -> bytes:
        """The guardian who said it, by name and relation, for its row."""
        [key] = (await self._keys_of(connection, [one.case_id])).values()
        return _seal_guardian(key, one.number, guardian)

    async def open_guardian(self, uow: UnitOfWork, one: SealedGuardian, caller: Caller) -> Guardian:
        """That guardian, with an entry in the same transaction."""
        [key] = (await self._keys_of(uow.connection, [one.case_id])).values()
        await self._log(uow, one.case_id, caller, IdentityView.NONE, key, Purpose.GUARDIAN, "", None)
        return _open_guardian(key, one)

    async def seal_guardians_of_before(
        self, connection: AsyncConnection, after: tuple[UUID, int], limit: int
    ) -> tuple[int, tuple[UUID, int]]:
        """Seal beside their names what guardians of before are to the children.

        Returns how many were looked at, and case and number of the last. One that does not open, whose key is not in
        the file, stays; of an erased case it is forgotten.
        """
        found = await consents.lock_unsealed(connection, after, limit)
        wrapped = await identities.load_keys(connection, sorted({one.case_id for one in found}))
        for one in found:
            try:
                key = self._keys.open(one.case_id, wrapped[one.case_id])
                sealed = _seal_guardian(key, one.number, _open_guardian(key, one))
            except SealBroken:
                continue
            except CaseErased:
                await consents.forget_unsealed(connection, one.case_id)
                continue
            await consents.replace_unsealed(connection, one, sealed)
        return len(found), (found[-1].case_id, found[-1].number) if found else after

    async def _log(
        self,
        uow: UnitOfWork,
        case_id: UUID,
        caller: Caller,
        view: IdentityView,
        key: DataKey | None,
        code: Purpose,
        words: str,
        break_glass_id: UUID | None,
    ) -> None:
        read = access_log.Read(
            uow.now,
            caller.subject,
            caller.office_id,
            caller.role.value,
            case_id,
            view,
            key.seal(words.encode(), ACCESS_PURPOSE) if key is not None else b"",
            code.value,
            break_glass_id,
        )
        await access_log.append(uow.connection, read)

    async def open_details(self, connection: AsyncConnection, handover_id: UUID) -> bytes:
        """What of a handover may name people: place, parties, number of the minutes. For an office that shows its
        people with their entries in the same transaction."""
        kek_id, wrapped_key, details = await handovers.sealed_details(connection, handover_id)
        return self._keys.open(handover_id, WrappedKey(kek_id, wrapped_key)).open(details, HANDOVER_DETAILS)

    async def show_ties(self, uow: UnitOfWork, case_id: UUID, sealed: Sequence[SealedTie], caller: Caller) -> list[Tie]:
        """What `open_ties` opens, for a caller who looks at this case, with an entry in the same transaction."""
        keys = await self._standing_keys(uow.connection, {case_id, *(tie.case_id for tie in sealed)})
        await self._log(uow, case_id, caller, IdentityView.NONE, keys.get(case_id), Purpose.FAMILY, "", None)
        return [_tie(tie, keys.get(tie.case_id)) for tie in sealed]

    async def open_ties(self, connection: AsyncConnection, sealed: Sequence[SealedTie]) -> list[Tie]:
        """Ties with what the relatives are to one another: to decide, and beside a person who is shown with her entry.

        What was said with the key of an erased case is empty: that there is a tie stays with the other one.
        """
        keys = await self._standing_keys(connection, {tie.case_id for tie in sealed})
        return [_tie(tie, keys.get(tie.case_id)) for tie in sealed]

    async def log(
        self,
        connection: AsyncConnection,
        wanted: ReadsWanted,
        before: int | None,
        limit: int,
    ) -> LogPage:
        """Entries older than `before` that are wanted, with the numbers of their cases."""
        found = await access_log.page(connection, wanted, before, limit)
        known = await cases.find(connection, [entry.read.case_id for entry in found])
        return LogPage(
            reads=[_logged(entry, known[entry.read.case_id][1]) for entry in found],
            intact=access_log.chain_is_intact(found, consecutive=wanted.is_all),
        )

    async def _standing_keys(self, connection: AsyncConnection, case_ids: Collection[UUID]) -> Mapping[UUID, DataKey]:
        """The keys of those of the cases that were not erased."""
        wrapped = await identities.load_keys(connection, sorted(case_ids))
        return {case_id: self._keys.open(case_id, key) for case_id, key in wrapped.items() if not key.is_destroyed}

    async def _keys_of(self, connection: AsyncConnection, case_ids: Sequence[UUID]) -> Mapping[UUID, DataKey]:
        wrapped = await identities.load_keys(connection, case_ids)
        return {case_id: self._keys.open(case_id, key) for case_id, key in wrapped.items()}


def _seal_guardian(key: DataKey, number: int, guardian: Guardian) -> bytes:
    return key.seal(wire.guardian_bytes(guardian), f"{GUARDIAN}|{number}")


def _open_guardian(key: DataKey, one: SealedGuardian) -> Guardian:
    """The guardian; raises SealBroken."""
    if one.relation is None:
        return wire.guardian_from_bytes(key.open(one.sealed, f"{GUARDIAN}|{one.number}"))
    name = key.open(one.sealed, f"{GUARDIAN_NAME}|{one.number}").decode()
    return Guardian(name, GuardianRelation(one.relation))


def _seal_person(key: DataKey, person: Person, revision: int) -> bytes:
    """A record, sealed as the one of that revision: an older one put in its place does not open."""
    return key.seal(wire.person_bytes(person), _of_revision(revision))


def _open_person(key: DataKey, sealed: SealedIdentity) -> Person:
    """The record; raises SealBroken when it is not the one of its revision."""
    purpose = _of_revision(sealed.revision) if sealed.is_bound else PERSON
    return wire.person_from_bytes(key.open(sealed.ciphertext, purpose))


def _of_revision(revision: int) -> str:
    return f"identity|{PERSON}|{revision}"


def _tie_row(tie: Tie, key: DataKey, subject: str) -> Mapping[str, object]:
    return {
        "id": tie.id,
        "case_id": tie.case_id,
        "other_case_id": tie.other_case_id,
        "relation": key.seal(tie.relation.ljust(RELATION_CHARS).encode(), f"{RELATION}|{tie.other_case_id}"),
        "keep_together": tie.keep_together,
        "by_rule": tie.by_rule,
        "linked_at": tie.linked_at,
        "linked_office_id": tie.linked_by,
        "linked_subject": subject,
        "unlinked_at": None,
        "unlinked_office_id": "",
        "unlinked_subject": "",
    }


def _tie(sealed: SealedTie, key: DataKey | None) -> Tie:
    return Tie(
        id=sealed.id,
        case_id=sealed.case_id,
        other_case_id=sealed.other_case_id,
        relation=_open_relation(sealed, key) if key is not None else "",
        keep_together=sealed.keep_together,
        by_rule=sealed.by_rule,
        linked_at=sealed.linked_at,
        linked_by=sealed.linked_office_id,
        unlinked_at=sealed.unlinked_at,
        unlinked_by=sealed.unlinked_office_id,
    )


def _open_relation(sealed: SealedTie, key: DataKey) -> str:
    return key.open(sealed.relation, f"{RELATION}|{sealed.other_case_id}").decode().rstrip()


def _logged(entry: access_log.Entry, case_number: str) -> LoggedRead:
    """An entry for the auditor, who learns no words: entries of before purposes were codes have words alone."""
    read = entry.read
    return LoggedRead(
        read_at=read.read_at,
        subject=read.subject,
        office_id=read.office_id,
        role=read.role,
        case_id=read.case_id,
        identity_view=read.identity_view,
        purpose=Purpose(read.purpose_code or Purpose.OTHER),
        sequence=entry.sequence,
        hash=entry.hash,
        break_glass_id=read.break_glass_id,
        case_number=case_number,
    )
