"""How facilities are shown: places, who stays, who is coming."""

from __future__ import annotations

from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import words


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of facilities."""
    return (
        _("Facility"),
        _("Kind"),
        _("Places"),
        _("Stay there"),
        _("On the way"),
        _("Free"),
        _("Beyond the limit"),
    )


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the list of facilities."""
    known = each.capacity > 0
    return (
        each.office_id,
        words.word(_, words.FACILITY_KINDS, each.facility_kind) if each.facility_kind else "",
        str(each.capacity) if known else _("not known"),
        str(each.admitted),
        str(each.expected),
        # Who is on the way needs a place tomorrow: it is not free any more.
        str(max(0, each.capacity - each.admitted - each.expected)) if known else "",
        str(each.over_limit) if each.over_limit else "",
    )
