"""Which cases of an earlier return the records of people name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import InvalidInput
from services.intake.application.reference import reference
from services.intake.domain.people import Person, Reference
from services.intake.storage import cases

EarlierCases: TypeAlias = Mapping[str, tuple[UUID, str]]
"""Id and number of the earlier cases that exist, by what a record names them with."""


def named_by(people: Sequence[Person]) -> Mapping[str, CaseRef]:
    """What the records name, where it may be a case at all."""
    return {one.earlier_case: ref for one in people if (ref := _ref_or_none(one.earlier_case))}


async def find(uow: UnitOfWork, named: Mapping[str, CaseRef]) -> EarlierCases:
    """Those of them that exist."""
    found = await cases.find(uow.connection, list(named.values())) if named else {}
    return {written: found[ref] for written, ref in named.items() if ref in found}


def reference_with(earlier_cases: EarlierCases) -> Reference:
    """The code lists, and the earlier cases that there are."""
    numbers = {written: number for written, (_, number) in earlier_cases.items()}
    return replace(reference(), earlier_cases=numbers) if numbers else reference()


def _ref_or_none(written: str) -> CaseRef | None:
    try:
        return parse_case_ref(written)
    except InvalidInput:
        return None
