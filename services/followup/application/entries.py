"""Entries are corrected and taken back, and the story at home is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseErased, CaseNotFound, EtagMismatch
from services.chassis.kernel.roles import Caller, Grade, Role
from services.followup import wire
from services.followup.application.case import Ports, carry_out
from services.followup.application.confidence import Confidence
from services.followup.domain import entries as domain
from services.followup.domain.case import FollowUpCase
from services.followup.domain.entries import Correction, Reviser, entry_of
from services.followup.domain.entry import Entry, EntryReason
from services.followup.domain.reading import Story
from services.followup.domain.recording import Done
from services.followup.storage import case as storage
from services.followup.storage import entries as story_storage


async def correct_entry(
    uow: UnitOfWork,
    ports: Ports,
    vault: Confidence,
    caller: Caller,
    reference: CaseRef,
    number: int,
    version: int | None,
    correction: Correction,
    reason: EntryReason,
) -> Done:
    """Correct an entry. Raises CaseNotFound, EtagMismatch and what `domain.correct` raises."""

    async def decide(case: FollowUpCase, entry: Entry, by: Reviser) -> Done:
        nonlocal correction
        if correction.warning_signs is not None:
            sealed = await vault.seal_signs(uow, case.case_id, entry.number, correction.warning_signs)
            correction = replace(correction, warning_signs=sealed)
        return domain.correct(case, entry, correction, reason, by=by, now=uow.now, calendar=ports.calendar)

    return await _revise(uow, ports, caller, reference, number, version, decide)


async def take_back_entry(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    number: int,
    version: int | None,
    reason: EntryReason,
) -> Done:
    """Take an entry back. Raises CaseNotFound, EtagMismatch and what `domain.take_back` raises."""

    async def decide(case: FollowUpCase, entry: Entry, by: Reviser) -> Done:
        return domain.take_back(case, entry, reason, by=by, now=uow.now, calendar=ports.calendar)

    return await _revise(uow, ports, caller, reference, number, version, decide)


async def _revise(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    number: int,
    version: int | None,
    decide: Callable[[FollowUpCase, Entry, Reviser], Awaitable[Done]],
) -> Done:
    case = await storage.lock_case(uow.connection, reference)
    if case is None:
        raise CaseNotFound
    by = _reviser(ports, caller, case, number, uow)
    entry = entry_of(case, number)
    if version not in (None, len(entry.versions)):
        raise EtagMismatch
    done = await decide(case, entry, by)
    await carry_out(uow, case, done.decision)
    return done


def _reviser(ports: Ports, caller: Caller, case: FollowUpCase, number: int, uow: UnitOfWork) -> Reviser:
    """Who may change the entry; raises CaseNotFound for everybody else, to whom nothing is told of the case."""
    today = local_date(uow.now)
    if ports.sight.oversees(caller, case.keeper_id, today):
        return Reviser(caller.office_id, oversees=True)
    written = [each.first.office_id for each in case.entries if each.number == number]
    if not any(ports.sight.acts_for(caller.office_id, each, today) for each in (case.keeper_id, *written)):
        raise CaseNotFound
    return Reviser(caller.office_id)


async def tell_story(uow: UnitOfWork, ports: Ports, vault: Confidence, caller: Caller, reference: CaseRef) -> Story:
    """The story at home, as far as the caller may see it. Raises CaseNotFound.

    Warning signs are shown to care staff of the office that makes the follow-ups, against an entry in the log.
    """
    case = await story_storage.read_case(uow.connection, reference)
    if case is None:
        raise CaseNotFound
    today = local_date(uow.now)
    own = ports.sight.represented_by(caller.office_id, today)
    oversees = caller.role is Role.SUPERVISOR and any(
        ports.sight.oversees(caller, each, today) for each in (case.keeper_id, case.office_id)
    )
    sees_all = oversees or case.keeper_id in own
    entries = await story_storage.read_entries(uow.connection, case.case_id)
    recorded = {version.office_id for each in entries for version in each.versions}
    if not sees_all and not own & {case.office_id, *case.keepers, *recorded}:
        raise CaseNotFound
    kinds = await story_storage.kinds_of(uow.connection, case.case_id)
    told = await story_storage.read_told(uow.connection, case.case_id, wire.MARKS)
    opens = case.keeper_id in own and Grade.CARE in caller.grades
    erased: set[tuple[int, int]] = set()
    shown = [await _with_signs(uow, vault, caller, case.case_id, each, erased, opens=opens) for each in entries]
    marks = tuple(wire.mark(each, kinds) for each in told)
    return Story(case.keeper_id, tuple(shown), marks, sees_all, own, frozenset(erased))


async def _with_signs(
    uow: UnitOfWork,
    vault: Confidence,
    caller: Caller,
    case_id: UUID,
    entry: Entry,
    erased: set[tuple[int, int]],
    *,
    opens: bool,
) -> Entry:
    """An entry with its signs, for whoever may see them; versions whose signs were erased are noted."""
    kept = [each.finding.warning_signs for each in entry.versions]
    found: Sequence[Sequence[str]] = [()] * len(kept)
    if opens:
        try:
            found = await vault.open_signs(uow, case_id, entry.number, kept, caller)
        except CaseErased:
            erased.update((entry.number, version) for version, signs in enumerate(kept, start=1) if signs)
    versions = (
        replace(version, finding=replace(version.finding, warning_signs=tuple(signs)))
        for version, signs in zip(entry.versions, found, strict=True)
    )
    return replace(entry, versions=tuple(versions))
