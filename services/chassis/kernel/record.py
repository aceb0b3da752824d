"""The limits of a person's record and of a handover: what the service refuses, and what a file is checked for before.

Characters are code points after normalisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

PEOPLE_MAX: Final = 30
"""A bus: nobody has reported a larger handover, and one answer must fit one page."""
FAMILY_LINKS_MAX: Final = PEOPLE_MAX - 1
"""One to each of the others."""
ITEMS_MAX: Final = 20
"""Documents, and belongings."""
ITEM_CHARS_MAX: Final = 200
CHARS_MAX: Final[Mapping[str, int]] = MappingProxyType(
    {
        "full_name": 120,
        "home_address": 300,
        "health_remarks": 2_000,
        "remarks": 2_000,
        "return_certificate_number": 60,
        "handover_certificate_number": 60,
        "handing_body": 200,
        "joint_minutes_number": 60,
        "marker": 40,
        "other_place": 200,
    }
)
"""Free texts, by field."""
TRAVEL_DAYS_MAX: Final = 60
"""A journey home takes days; a longer one is a slip of the year or the month [policy]."""
AGE_YEARS_MAX: Final = 120
CLOCK_SKEW: Final = timedelta(minutes=5)
"""The clock of a border post's computer may run ahead of ours by so much."""
EARLIEST_RETURN: Final = datetime(1990, 1, 1, tzinfo=UTC)
INVERSE_RELATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"CHILD": "PARENT", "PARENT": "CHILD", "SPOUSE": "SPOUSE", "SIBLING": "SIBLING", "OTHER": "OTHER"}
)
"""What she is to the one who is this to her."""
LONG_AGO: Final = timedelta(days=14)
"""A handover that is registered later is asked about: its month may have become its day [policy]."""
OLD_YEARS: Final = 100
"""Who is older is asked about."""
ASKED: Final = frozenset(
    {"LONG_AGO", "GATE_OF_ANOTHER", "OTHER_BORDER", "VERY_OLD", "OLDER_THAN_PARENT", "SEVERAL_PEOPLE"}
)
"""Codes of what may be true but seldom is: it is sent only when somebody says that it was looked at."""
