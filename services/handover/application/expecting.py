"""What offices see that expect somebody, or are said to have her: who sends her, how she comes, and their own part.

Where she was before, who turned her away, what was searched and decided is not theirs to know before she is there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.handover.domain.case import CaseCustody
from services.handover.domain.reading import Custody, History, ListedSearch


def custody_of(case: CaseCustody, whole: History, now: datetime, own: frozenset[str]) -> Custody:
    """The case as it stands, and of its history the part of these offices."""
    had = {each.number for each in whole.links if each.office_id in own}
    links = tuple(each for each in whole.links[:-1] if each.number in had)
    part = History(
        (*links, *whole.links[-1:]),
        tuple(each for each in whole.transfers if {each.from_office_id, each.to_office_id} & own),
        searches=tuple(own_part(each, own) for each in whole.searches if each.search.is_open),
        stays=tuple(each for each in whole.stays if each.segment in had),
        arrival_days={number: day for number, day in whole.arrival_days.items() if number in had},
        answers=whole.answers,
        closings=whole.closings[-1:] if case.closing is not None and case.closing.addressed_id in own else (),
        linked=whole.linked,
        partings=whole.partings,
    )
    return Custody(case, part, now)


def own_part(listed: ListedSearch, own: frozenset[str]) -> ListedSearch:
    """A search as offices see it that do not answer for it: that it goes on, what they did, what is said of them."""
    claims = tuple(each for each in listed.search.claims if each.office_id in own)
    steps = tuple(each for each in listed.search.steps if each.office_id in own)
    return replace(listed, search=replace(listed.search, steps=steps, claims=claims, other_case_id=None))
