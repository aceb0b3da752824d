"""Wishes and visits are told, read and put right; what is said in confidence goes through the vault alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.consents import Said as ConsentKnown
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller, Grade
from services.chassis.kernel.words import ConsentPurpose
from services.chassis.service import consents as known
from services.chassis.service.consents import Consents, Heard
from services.followup.application.case import Ports, carry_out, kept_case, new_ids
from services.followup.application.confidence import Confidence
from services.followup.domain import care as domain
from services.followup.domain import consents
from services.followup.domain.care import (
    CareVisit,
    Revision,
    Said,
    VisitAlreadyWritten,
    VisitChanged,
    VisitNotFound,
    VisitRevisionsExhausted,
    Wishes,
    WishesChanged,
    WishesVersion,
    require_wishes_read,
)
from services.followup.domain.case import FollowUpCase
from services.followup.domain.entries import entry_of
from services.followup.domain.events import ConsentSaid
from services.followup.domain.recording import Done
from services.followup.domain.watching import Decision
from services.followup.storage import case as storage


@dataclass(frozen=True)
class CarePorts:
    """What these verbs lean on."""

    ports: Ports
    vault: Confidence
    consents: Consents


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a visit: the case afterwards, the entry, and the version of her wishes that stands."""

    case: FollowUpCase
    done: Done
    wishes_version: int


async def _heard_case(uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """The kept case, as long as what was said of it is shown. Raises CaseNotFound, FollowUpCaseClosed."""
    case = await kept_case(uow, room.ports, caller, reference)
    domain.require_shown(case, local_date(uow.now), room.ports.calendar)
    return case


async def _read_case(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef
) -> tuple[FollowUpCase, Collection[str] | None]:
    """The case, and whose words of it the caller reads: all of them (None), or for a while what its own offices wrote.

    Raises CaseNotFound, FollowUpCaseClosed.
    """
    today, sight, calendar = local_date(uow.now), room.ports.sight, room.ports.calendar
    case = await storage.lock_case(uow.connection, reference)
    if case is None or sight.holder(case.keeper_id, today) == caller.office_id:
        return await _heard_case(uow, room, caller, reference), None
    own = sight.represented_by(caller.office_id, today)
    since = await storage.kept_since(uow.connection, case.case_id)
    if not domain.reads_what_it_wrote(case, own, since, today, calendar):
        raise CaseNotFound
    uow.about(case.case_id)
    domain.require_shown(case, today, calendar)
    return case, own


async def get_wishes(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef
) -> tuple[WishesVersion, ConsentKnown | None]:
    """How she wishes to be contacted, and what she said last to being so at all.

    Raises CaseNotFound, FollowUpCaseClosed.
    """
    case, by = await _read_case(uow, room, caller, reference)
    # What she said since is told to whoever makes the follow-ups now.
    consent = await known.said_to(uow.connection, case.case_id, ConsentPurpose.FOLLOW_UP) if by is None else ()
    return await room.vault.read_wishes(uow, case.case_id, caller, by), consent[-1] if consent else None


async def set_wishes(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef, wishes: Wishes, replaces: int
) -> int:
    """Put them in the place of those before. Raises CaseNotFound, FollowUpCaseClosed, WishesChanged."""
    case = await _heard_case(uow, room, caller, reference)
    stands = await room.vault.wishes_version(uow, case.case_id)
    if stands != replaces:
        raise WishesChanged(version=str(stands))
    return await room.vault.keep_wishes(uow, case.case_id, wishes, caller)


async def hear_consents(room: CarePorts, reference: CaseRef, said: Said) -> Heard:
    """What intake says of the consents that a visit needs; asked before the case is locked."""
    return await room.consents.ask(reference, consents.needed_for(said))


async def record_visit(
    uow: UnitOfWork,
    room: CarePorts,
    caller: Caller,
    reference: CaseRef,
    visit: CareVisit,
    wishes: Wishes | None,
    heard: Heard,
) -> Written:
    """Put a visit on record, with what was said. `heard`: what intake answered about the consents that it needs.

    Raises CaseNotFound, ConsentMissing, ConsentUnknown, WishesNotRead, VisitAlreadyWritten, and what
    `domain.record_visit` raises.
    """
    case = await kept_case(uow, room.ports, caller, reference)
    on = visit.on or local_date(uow.now)
    await heard.require(uow.connection, case.case_id, consents.needed_for(visit.said), on)
    stands = await room.vault.wishes_version(uow, case.case_id)
    require_wishes_read(stands, visit.said.wishes_version)
    done, decisions = domain.record_visit(
        case,
        visit,
        by=caller.office_id,
        subject=caller.subject,
        new_ids=new_ids(uow),
        now=uow.now,
        calendar=room.ports.calendar,
        policies=room.ports.policies,
    )
    number = done.entry.number
    if await room.vault.latest_revision(uow, case.case_id, number):
        raise VisitAlreadyWritten(number=str(number))
    after = case
    for decision in decisions:
        after = await carry_out(uow, after, decision)
    after = await _tell(uow, after, consents.said_at(done.entry, visit.said, visit.outcome))
    await room.vault.keep_visit(uow, case.case_id, number, 1, visit.said, caller)
    await room.vault.drop_draft(uow, case.case_id, caller)
    if wishes is not None:
        stands = await room.vault.keep_wishes(uow, case.case_id, wishes, caller)
    return Written(after, done, stands)


async def _tell(uow: UnitOfWork, case: FollowUpCase, said: ConsentSaid | None) -> FollowUpCase:
    return case if said is None else await carry_out(uow, case, Decision(case, (said,)))


async def save_draft(uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef, typed: bytes) -> None:
    """Keep what somebody has typed so far. Raises CaseNotFound, FollowUpCaseClosed."""
    case = await _heard_case(uow, room, caller, reference)
    await room.vault.save_draft(uow, case.case_id, typed, caller)


async def get_draft(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef
) -> tuple[bytes, datetime] | None:
    """What the caller has typed so far. Raises CaseNotFound, FollowUpCaseClosed."""
    case = await _heard_case(uow, room, caller, reference)
    return await room.vault.read_draft(uow, case.case_id, caller)


async def correct_visit(
    uow: UnitOfWork,
    room: CarePorts,
    caller: Caller,
    reference: CaseRef,
    number: int,
    revision: int,
    said: Said,
    reason: str,
    heard: Heard,
) -> tuple[int, FollowUpCase]:
    """Put what was said right, by a further revision; `revision` 0: write it down of a visit recorded in short.

    Returns the revision, and the case. Raises CaseNotFound, FollowUpCaseClosed, EntryNotFound, VisitNotFound,
    VisitChanged, VisitRevisionsExhausted, ConsentMissing, ConsentUnknown.
    """
    case = await _heard_case(uow, room, caller, reference)
    stands = await room.vault.latest_revision(uow, case.case_id, number)
    entry = entry_of(case, number)
    if not stands and (revision or not (entry.stands and entry.finding.is_seen)):
        raise VisitNotFound
    if stands != revision:
        raise VisitChanged(revision=str(stands))
    if stands >= domain.MAX_REVISIONS:
        raise VisitRevisionsExhausted(number=str(number), limit=str(domain.MAX_REVISIONS))
    before = await room.vault.latest_codes(uow, case.case_id, number)
    # A visit that is on record is put right as it is: what it needs besides is needed for the correction.
    had = consents.needed_for(before) if before else ()
    more = [one for one in consents.needed_for(said) if one not in had]
    await heard.require(uow.connection, case.case_id, more, entry.finding.on)
    judged = domain.judge(
        case,
        entry,
        said,
        before=before.risk if before else "",
        subject=caller.subject,
        new_ids=new_ids(uow),
        now=uow.now,
        calendar=room.ports.calendar,
        policies=room.ports.policies,
    )
    if judged is not None:
        case = await carry_out(uow, case, judged)
    if before is None or said.consent != before.consent:
        case = await _tell(uow, case, consents.said_at(entry, said, entry.finding.found))
    await room.vault.keep_visit(uow, case.case_id, number, stands + 1, said, caller, reason)
    return stands + 1, case


async def get_visit(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef, number: int
) -> tuple[int, date, Sequence[Revision], bool]:
    """A visit with its revisions (`number` 0: the latest), its day, and whether the caller sees all of it.

    Raises CaseNotFound, FollowUpCaseClosed, VisitNotFound.
    """
    case, by = await _read_case(uow, room, caller, reference)
    number = number or await room.vault.latest_visit(uow, case.case_id, by)
    whole = Grade.CARE in caller.grades
    found = await room.vault.read_visit(uow, case.case_id, number, caller, by, in_confidence=whole) if number else ()
    if not found:
        raise VisitNotFound
    return number, entry_of(case, number).finding.on, found, whole


async def confirm_safety(
    uow: UnitOfWork, room: CarePorts, caller: Caller, reference: CaseRef, measures: Sequence[str], note: str
) -> int:
    """Confirm, as a second person, what was done. Raises CaseNotFound, SafetyNotAsked, SafetyOwnJudgement."""
    case = await kept_case(uow, room.ports, caller, reference)
    decision = domain.confirm_safety(case, subject=caller.subject, calendar=room.ports.calendar)
    assert case.safety is not None
    await carry_out(uow, case, decision)
    await room.vault.keep_safety(uow, case.case_id, case.safety.entry_number, measures, note, caller)
    return case.safety.entry_number
