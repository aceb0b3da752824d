"""The code lists that records are checked against."""

from __future__ import annotations

from functools import cache

from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import code_lists, countries, ethnic_groups, gates, languages
from services.intake.domain.people import Reference


@cache
def reference() -> Reference:
    """All of them; which earlier cases there are is asked for each submission."""
    groups = ethnic_groups()
    return Reference(
        sexes=frozenset(code_lists()["prs_Gender"]),
        ethnicities=frozenset(f"1979:{group.gso_1979}" for group in groups)
        | frozenset(f"2008:{group.gso_2008}" for group in groups),
        provinces=frozenset(str(ref) for ref in provinces()),
        countries=frozenset(countries()),
        languages=frozenset(languages()),
        gates=frozenset(gates()),
        behind={gate.id: gate.neighbour for gate in gates().values()},
    )
