"""Entries of a case with all their versions. Versions are only added."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.events.v1 import followup_pb2 as said
from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.streams import FOLLOWUP
from services.chassis.storage.tables import table_of
from services.followup.domain.entry import (
    AfterDeclined,
    ContactOutcome,
    Entry,
    EntryReason,
    EntryState,
    Finding,
    Kind,
    Outcome,
    Version,
)
from services.followup.domain.reading import Told
from services.followup.storage.tables import EntryRow

_TOLD = text(
    """
    SELECT type, payload, time FROM outbox WHERE subject = :case_id AND topic = :topic
      AND type = ANY(CAST(:types AS text[]))
    ORDER BY version
    """
)
_SAID_BY_ENTRY = text(
    f"""
    SELECT 1 FROM outbox WHERE event_id = :event_id AND subject = :case_id AND type IN (
        {
        ", ".join(
            f"'{kind.DESCRIPTOR.full_name}'"
            for kind in (said.ContactRecorded, said.FollowUpRecorded, said.EntryCorrected, said.EntryTakenBack)
        )
    })
    """
)
_HOLDERS = "SELECT case_id, office_id, keeper_id, keepers FROM followup_case WHERE "
_HOLDERS_BY_ID = text(_HOLDERS + "case_id = :reference")
_HOLDERS_BY_NUMBER = text(_HOLDERS + "case_number = :reference")
_KINDS = text("SELECT id, kind FROM follow_up WHERE case_id = :case_id")
_OF_CASE = text("SELECT * FROM entry WHERE case_id = :case_id ORDER BY number, version")
_INSERT = insert(table_of(EntryRow))


async def read_entries(connection: AsyncConnection, case_id: uuid.UUID) -> tuple[Entry, ...]:
    """All entries of a case, in the order of recording."""
    rows = await connection.execute(_OF_CASE, {"case_id": case_id})
    return tuple(_entry_of(list(versions)) for _, versions in groupby(rows, lambda row: row.number))


@dataclass(frozen=True, slots=True)
class Holders:
    """Whose a case is: the accountable office, the one that makes the follow-ups, and those that made them so far."""

    case_id: uuid.UUID
    office_id: str
    keeper_id: str
    keepers: tuple[str, ...]


async def read_case(connection: AsyncConnection, reference: CaseRef) -> Holders | None:
    """Whose a case is, by its id or number; None when it is unknown here."""
    statement = _HOLDERS_BY_ID if isinstance(reference, uuid.UUID) else _HOLDERS_BY_NUMBER
    row = (await connection.execute(statement, {"reference": reference})).first()
    return Holders(row.case_id, row.office_id, row.keeper_id, tuple(row.keepers)) if row is not None else None


async def kinds_of(connection: AsyncConnection, case_id: uuid.UUID) -> Mapping[uuid.UUID, Kind]:
    """Which look again each follow-up of a case is, those of cancelled sets too."""
    rows = await connection.execute(_KINDS, {"case_id": case_id})
    return {row.id: Kind(row.kind) for row in rows}


async def read_told(connection: AsyncConnection, case_id: uuid.UUID, types: Collection[str]) -> list[Told]:
    """What was said of a case, of these types, oldest first."""
    parameters = {"case_id": case_id, "topic": FOLLOWUP.topic, "types": list(types)}
    return [Told(row.type, bytes(row.payload), row.time) for row in await connection.execute(_TOLD, parameters)]


async def was_said_here(connection: AsyncConnection, event_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Whether an event is one by which this service told of an entry of this case."""
    return (await connection.execute(_SAID_BY_ENTRY, {"event_id": event_id, "case_id": case_id})).first() is not None


async def save_entries(
    connection: AsyncConnection, case_id: uuid.UUID, before: Iterable[Entry], after: Iterable[Entry]
) -> None:
    """Add the versions that are new."""
    known = {each.number: len(each.versions) for each in before}
    rows = [
        _row_of(case_id, each, number)
        for each in after
        for number in range(known.get(each.number, 0) + 1, len(each.versions) + 1)
    ]
    if rows:
        await connection.execute(_INSERT, rows)


def _entry_of(rows: Sequence[Any]) -> Entry:
    first = rows[0]
    return Entry(first.number, first.set_number, first.segment, tuple(_version_of(row) for row in rows))


def _version_of(row: Any) -> Version:
    found = Outcome(row.found) if row.kind else ContactOutcome(row.found)
    return Version(
        finding=Finding(
            kind=Kind(row.kind) if row.kind else None,
            on=row.on_day,
            found=found,
            warning_signs=tuple(row.warning_signs),
            then=AfterDeclined(row.then) if row.then else None,
        ),
        office_id=row.office_id,
        at=row.at,
        state=EntryState(row.state),
        reason=EntryReason(row.reason) if row.reason else None,
    )


def _row_of(case_id: uuid.UUID, entry: Entry, number: int) -> dict[str, object]:
    version = entry.versions[number - 1]
    said = version.finding
    return {
        "case_id": case_id,
        "number": entry.number,
        "version": number,
        "set_number": entry.set_number,
        "segment": entry.segment,
        "kind": said.kind.value if said.kind else None,
        "on_day": said.on,
        "found": said.found.value,
        "warning_signs": list(said.warning_signs),
        "then": said.then.value if said.then else None,
        "office_id": version.office_id,
        "at": version.at,
        "state": version.state.value,
        "reason": version.reason.value if version.reason else None,
    }
