"""Relatives: linked and unlinked across submissions, and shown as far as a caller may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain import family
from services.intake.domain.access import (
    Access,
    Detail,
    IdentityView,
    SeenCase,
    Viewer,
    access_of,
    require_access,
)
from services.intake.domain.case import Case
from services.intake.domain.family import (
    NoSuchTie,
    PersonNotWithYou,
    SeenRelative,
    SeenTie,
    Tie,
    Togetherness,
    check_relation,
    require_room,
)
from services.intake.domain.people import FamilyLink
from services.intake.storage import cases as case_rows
from services.intake.storage import family as storage

_KNOWS_RELATION = (IdentityView.FULL, IdentityView.VERIFICATION)


async def link(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    ref: CaseRef,
    other_ref: CaseRef,
    relation: str,
    togetherness: Togetherness | None,
) -> None:
    """Say that two people are relatives, or say anew what they are.

    Raises CaseNotFound, PersonNotWithYou, CaseIsWithdrawn, TooManyRelatives, InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    case, other = await _both(uow, viewer, ref, other_ref)
    if access_of(case, viewer).identity is not IdentityView.FULL:
        raise PersonNotWithYou
    case.require_not_withdrawn()
    check_relation(relation, case, other)
    other.require_not_withdrawn()
    await _say(uow, ports, caller, case, other, relation, togetherness)


async def unlink(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, other_ref: CaseRef) -> None:
    """Say that two people are no relatives.

    Raises CaseNotFound, PersonNotWithYou, NoSuchTie, InvalidInput.
    """
    viewer = ports.viewer(caller, uow.now)
    case, other = await _both(uow, viewer, ref, other_ref)
    if IdentityView.FULL not in (access_of(case, viewer).identity, access_of(other, viewer).identity):
        raise PersonNotWithYou
    for standing in await storage.ties_of(uow.connection, case.id):
        if other.id in (standing.case_id, standing.other_case_id):
            [tie] = await ports.vault.open_ties(uow.connection, [standing])
            await _end(uow, caller, tie)
            return
    raise NoSuchTie


async def list_relatives(ports: Ports, caller: Caller, ref: CaseRef) -> tuple[SeenRelative, ...]:
    """Her relatives now, as far as the caller may know of them; none where it may not. That leaves an entry."""

    async def find(uow: UnitOfWork) -> tuple[SeenRelative, ...]:
        viewer = ports.viewer(caller, uow.now)
        case = await known_case(uow, ref)
        access = access_of(case, viewer)
        if access.detail < Detail.ON_THE_WAY:
            return ()
        return await relatives_of(uow, ports, case, viewer, with_relation=_knows(access), shown_to=caller)

    return await ports.units.run(find)


async def list_ties(ports: Ports, caller: Caller, ref: CaseRef) -> Sequence[SeenTie]:
    """All ties of a case that the caller may see, those taken back among them; raises CaseNotFound.

    What the relatives are to her is told with an entry in the access log.
    """

    async def find(uow: UnitOfWork) -> Sequence[SeenTie]:
        viewer = ports.viewer(caller, uow.now)
        case = await known_case(uow, ref)
        access = require_access(case, viewer)
        if access.detail < Detail.ON_THE_WAY:
            return ()
        ties = await _ties(uow, ports, case.id, with_relation=_knows(access), whole=True, shown_to=caller)
        seen = await _seen(uow, case.id, ties, viewer)
        return [
            SeenTie(relative, tie.linked_at, tie.linked_by, tie.unlinked_at, tie.unlinked_by)
            for tie, relative in zip(ties, seen, strict=True)
        ]

    return await ports.units.run(find)


async def with_relatives(uow: UnitOfWork, ports: Ports, seen: SeenCase, viewer: Viewer) -> SeenCase:
    """A case with the relatives of which this viewer may know; what they are only beside the person."""
    if seen.access.detail < Detail.ON_THE_WAY:
        return seen
    shown = seen.person is not None and _knows(seen.access)
    relatives = await relatives_of(uow, ports, seen.case, viewer, with_relation=shown)
    if shown and seen.person is not None and seen.person.family_links:
        relatives += await _said_before_ties(uow, seen.case, seen.person.family_links, viewer)
    return replace(seen, relatives=relatives)


async def _said_before_ties(
    uow: UnitOfWork, case: Case, links: Sequence[FamilyLink], viewer: Viewer
) -> tuple[SeenRelative, ...]:
    """What a record says of others by their rows, where it was registered before such people were linked by cases."""
    ties = await storage.ties_of(uow.connection, case.id, whole=True)
    tied = {each for tie in ties for each in (tie.case_id, tie.other_case_id)}
    rows = await storage.cases_of_handover(uow.connection, case.handover_id)
    others = [(rows[link.row], link.relation) for link in links if link.row in rows and rows[link.row].id not in tied]
    return tuple(SeenRelative(_number(other, viewer), keep_together=False, relation=said) for other, said in others)


async def relatives_of(
    uow: UnitOfWork, ports: Ports, case: Case, viewer: Viewer, *, with_relation: bool, shown_to: Caller | None = None
) -> tuple[SeenRelative, ...]:
    """The relatives of a case as they stand. `shown_to`: as for `_ties`."""
    ties = await _ties(uow, ports, case.id, with_relation=with_relation, shown_to=shown_to)
    return tuple(await _seen(uow, case.id, ties, viewer))


async def corrected(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    before: Case,
    after: Case,
    links: Sequence[FamilyLink],
    former: Sequence[FamilyLink],
) -> None:
    """A record was corrected: what it says anew of others of its submission, and what an age means for ties."""
    standing = await _ties(uow, ports, after.id, with_relation=True)
    rows = await storage.cases_of_handover(uow.connection, after.handover_id)
    new, gone = family.corrected_links(after, links, former, rows, standing)
    by_id = {each.id: each for each in rows.values()}
    for tie in gone:
        await _end(uow, caller, tie)
    for other_id, relation in new.items():
        await _say(uow, ports, caller, after, by_id[other_id], relation, None)
    if after.age_band is before.age_band:
        return
    ids = [tie.other_than(after.id) for tie in standing]
    others = await storage.cases_of(uow.connection, ids)
    for tie in standing:
        other_id = tie.other_than(after.id)
        if tie.relation and tie.by_rule and tie not in gone and other_id not in new:
            await _say(uow, ports, caller, after, others[other_id], tie.relation_to(after.id), None)


async def _both(uow: UnitOfWork, viewer: Viewer, ref: CaseRef, other_ref: CaseRef) -> tuple[Case, Case]:
    """Both cases, locked. Of the other nothing more is told than that there is such a case."""
    found = await case_rows.find(uow.connection, [ref, other_ref])
    if ref not in found:
        raise CaseNotFound
    if other_ref not in found:
        require_access(await known_case(uow, ref), viewer)
        raise CaseNotFound
    first, second = found[ref][0], found[other_ref][0]
    locked = await storage.cases_of(uow.connection, sorted({first, second}), lock=True)
    require_access(locked[first], viewer)
    return locked[first], locked[second]


async def _say(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    case: Case,
    other: Case,
    relation: str,
    togetherness: Togetherness | None,
) -> None:
    """Put a tie in the place of the one that stands, unless it says the same."""
    said = family.tie(uow.new_id(), case, other, relation, caller.office_id, uow.now, togetherness)
    standing = await _ties(uow, ports, case.id, with_relation=True)
    require_room(standing, other.id, case.id)
    require_room(await _ties(uow, ports, other.id, with_relation=False), case.id, other.id)
    for tie in standing:
        if tie.other_than(case.id) != other.id:
            continue
        if (tie.relation, tie.keep_together, tie.by_rule) == (said.relation, said.keep_together, said.by_rule):
            return
        await storage.end(uow.connection, tie.id, caller.office_id, caller.subject, uow.now)
    await storage.insert(uow.connection, await ports.vault.seal_ties(uow.connection, [said], caller.subject))
    for case_id in (said.case_id, said.other_case_id):
        uow.append(wire.linked_event(said, case_id, caller.office_id), case_id)


async def _end(uow: UnitOfWork, caller: Caller, tie: Tie) -> None:
    await storage.end(uow.connection, tie.id, caller.office_id, caller.subject, uow.now)
    for case_id in (tie.case_id, tie.other_case_id):
        uow.append(wire.unlinked_event(tie, case_id, caller.office_id), case_id)


def _knows(access: Access) -> bool:
    """Whether what a relative is may be told: to whom the family of the person is shown, too."""
    return access.identity in _KNOWS_RELATION


async def _ties(
    uow: UnitOfWork,
    ports: Ports,
    case_id: UUID,
    *,
    with_relation: bool,
    whole: bool = False,
    shown_to: Caller | None = None,
) -> list[Tie]:
    """Ties of a case. `shown_to`: who looks at them by themselves; nobody, where it is to decide something, or where
    the person is shown, who has her own entry."""
    sealed = await storage.ties_of(uow.connection, case_id, whole=whole)
    if with_relation and sealed:
        if shown_to is None:
            return await ports.vault.open_ties(uow.connection, sealed)
        return await ports.vault.show_ties(uow, case_id, sealed, shown_to)
    return [
        Tie(
            each.id,
            each.case_id,
            each.other_case_id,
            "",
            each.keep_together,
            each.by_rule,
            each.linked_at,
            each.linked_office_id,
            each.unlinked_at,
            each.unlinked_office_id,
        )
        for each in sealed
    ]


async def _seen(uow: UnitOfWork, case_id: UUID, ties: Sequence[Tie], viewer: Viewer) -> list[SeenRelative]:
    others = await storage.cases_of(uow.connection, [tie.other_than(case_id) for tie in ties])
    return [_relative(tie, case_id, others[tie.other_than(case_id)], viewer) for tie in ties]


def _relative(tie: Tie, case_id: UUID, other: Case, viewer: Viewer) -> SeenRelative:
    return SeenRelative(_number(other, viewer), tie.keep_together, tie.relation_to(case_id))


def _number(other: Case, viewer: Viewer) -> str:
    """The number of a case that the viewer may see; else empty."""
    return other.number if access_of(other, viewer).detail > Detail.NOTHING else ""
