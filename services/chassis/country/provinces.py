"""Provinces by both vintages of their codes, 63 until 2025-06-30 and 34 since; packaged in `reference/`, read once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from services.chassis.kernel.errors import (
    ProvinceNotFound,
    ProvinceNotYetFormed,
)
from services.chassis.kernel.places import ProvinceRef

FIRST_DAY: Final = date(2004, 1, 1)
"""From here the built-in offices are valid: the horizon of the list, no founding date."""
VINTAGE_2025_FROM: Final = date(2025, 7, 1)


class DirectoryError(ValueError):
    """The reference data or an offices file contradicts itself; says which entry and why."""


@cache
def read_reference(name: str) -> Any:
    text = (files("services.chassis") / "reference" / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


@dataclass(frozen=True, slots=True)
class Province:
    """A provincial unit of one vintage.

    `name` is the official Vietnamese one with its kind ("Tỉnh Quảng Ninh"). `valid_from` and
    `valid_to` are inclusive local dates, None where the list gives none. `successor` is the unit
    of vintage 2025 that took it in (None for those), `predecessors` the units of vintage 2004
    that went into it. `iso_3166_2` exists for vintage 2004 only.
    """

    ref: ProvinceRef
    name: str
    iso_3166_2: str | None
    valid_from: date | None
    valid_to: date | None
    successor: ProvinceRef | None
    predecessors: tuple[ProvinceRef, ...]

    @property
    def short_name(self) -> str:
        """The name without its kind: "Quảng Ninh"."""
        return re.sub(r"^(Tỉnh|Thành phố) ", "", self.name)

    @property
    def name_in_sentence(self) -> str:
        """The name as it stands within a Vietnamese name: "tỉnh Quảng Ninh"."""
        return self.name[:1].lower() + self.name[1:]

    def is_valid(self, on: date) -> bool:
        """Whether the unit existed on this local date."""
        return holds_on(self.valid_from, self.valid_to, on)


def holds_on(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def province_ref(row: Mapping[str, str]) -> ProvinceRef:
    return ProvinceRef(row["code"], row["vintage"])


def optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@cache
def provinces() -> Mapping[ProvinceRef, Province]:
    """All 63 units of vintage 2004 and 34 of vintage 2025, by code and vintage."""
    data = read_reference("provinces")
    return MappingProxyType(
        {
            province_ref(row): Province(
                ref=province_ref(row),
                name=row["name"],
                iso_3166_2=row.get("iso_3166_2"),
                valid_from=optional_day(row.get("valid_from")),
                valid_to=optional_day(row.get("valid_to")),
                successor=province_ref(row["successor"]) if "successor" in row else None,
                predecessors=tuple(province_ref(each) for each in row.get("predecessors", ())),
            )
            for row in (*data["vintage_2004"], *data["vintage_2025"])
        }
    )


def province(ref: ProvinceRef) -> Province:
    """The province of that code and vintage; raises ProvinceNotFound."""
    try:
        return provinces()[ref]
    except KeyError:
        raise ProvinceNotFound(province=str(ref)) from None


def successor(ref: ProvinceRef) -> ProvinceRef:
    """The unit of vintage 2025 to which a unit belongs today; one of vintage 2025 is its own.

    So 63 units roll up to 34. Raises ProvinceNotFound.
    """
    return province(ref).successor or ref


def province_at(code: str, vintage: str, on: date) -> Province:
    """The unit valid on a local date for a place known by a code of some vintage.

    A unit that had ended by then gives its successor. A unit not formed yet gives its only
    predecessor where it has one; where several were merged nobody can tell which is meant, and
    ProvinceNotYetFormed is raised. Raises ProvinceNotFound.
    """
    known = province(ProvinceRef(code, vintage))
    if known.is_valid(on):
        return known
    if known.successor is not None and known.valid_to is not None and on > known.valid_to:
        return province(known.successor)
    if len(known.predecessors) == 1:
        return province(known.predecessors[0])
    raise ProvinceNotYetFormed(province=str(known.ref), on=on.isoformat())
