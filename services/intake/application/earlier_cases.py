"""Which case of an earlier return the record of a person names, and whether the two records resemble one another.

Whether there is such a case is told to nobody by this: what names none is taken like what names one, and costs as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.country.provinces import successor
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.places import ProvinceRef
from services.intake.domain.likeness import NONE_NAMED, EarlierReturn, Match, likeness
from services.intake.domain.people import Person
from services.intake.storage import cases
from services.intake.vault.opening import Vault


async def of_people(uow: UnitOfWork, vault: Vault, people: Sequence[Person]) -> list[EarlierReturn]:
    """What each of these (checked) records names."""
    refs = {one.earlier_case: parse_case_ref(one.earlier_case) for one in people if one.earlier_case}
    found = await cases.find(uow.connection, list(refs.values()))
    ids = {written: found[ref][0] for written, ref in refs.items() if ref in found}
    named = [ids.get(one.earlier_case) if one.earlier_case else None for one in people]
    compared = [(case_id, one) for case_id, one in zip(named, people, strict=True) if one.earlier_case]
    matches = iter(await vault.compare(uow.connection, compared, alike))
    return [
        _earlier(case_id, next(matches)) if one.earlier_case else NONE_NAMED
        for case_id, one in zip(named, people, strict=True)
    ]


async def of_case(uow: UnitOfWork, vault: Vault, case_id: UUID, written: str) -> EarlierReturn:
    """What the record of a case names, as it stands now; no case is its own earlier one."""
    if not written:
        return NONE_NAMED
    ref = parse_case_ref(written)
    named = (await cases.find(uow.connection, [ref])).get(ref)
    earlier_id = named[0] if named is not None and named[0] != case_id else None
    return _earlier(earlier_id, await vault.compare_cases(uow.connection, case_id, earlier_id, alike))


def _earlier(case_id: UUID | None, match: Match) -> EarlierReturn:
    return NONE_NAMED if case_id is None else EarlierReturn(case_id, match)


def alike(one: Person, other: Person) -> Match:
    """How alike two records are; provinces of either vintage are compared as they are today."""
    homes = [each.home_province for each in (one, other) if each.home_province]
    same = len({successor(ProvinceRef.parse(home)) for home in homes}) == 1 if len(homes) == 2 else None
    return likeness(one, other, same_province=same)
