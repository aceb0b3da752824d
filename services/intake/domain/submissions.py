"""What an office submits: the people of one handover, or one who came back alone, and what it gets for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.record import CHARS_MAX, CLOCK_SKEW, EARLIEST_RETURN, PEOPLE_MAX
from services.intake.domain.asked import Asking
from services.intake.domain.people import Person, Reference, check_person, check_text, check_ties
from services.intake.domain.registered import check_each_once


class Route(StrEnum):
    """How a person came back."""

    OFFICIAL_HANDOVER = "OFFICIAL_HANDOVER"
    RESCUED = "RESCUED"
    SELF_RETURN = "SELF_RETURN"
    REPATRIATED_BY_AIR = "REPATRIATED_BY_AIR"
    DEPORTED = "DEPORTED"
    HOTLINE_REFERRAL = "HOTLINE_REFERRAL"
    DETECTED_IN_COMMUNITY = "DETECTED_IN_COMMUNITY"


HANDOVER_ROUTES: Final = frozenset(Route) - {Route.HOTLINE_REFERRAL, Route.DETECTED_IN_COMMUNITY}
"""A family that reports at a gate on its own is one submission too: its ties need it."""
SELF_RETURN_ROUTES: Final = frozenset({Route.SELF_RETURN, Route.HOTLINE_REFERRAL, Route.DETECTED_IN_COMMUNITY})


class PlaceKind(StrEnum):
    """Where a handover happened."""

    GATE = "GATE"
    MARKER = "MARKER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A gate by its id, a border marker, or any other place in words."""

    kind: PlaceKind
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """One submission: a moment, a place, and the people received.

    `route` and `handover_time` are None when they were not given; a checked one has both.
    `place` may be absent for somebody who reported alone. `again`: rows, from 1, of people who are registered although
    the office has registered somebody like them. `confirmed`: codes of what was asked about and is right. `own_gate`:
    that of the office, if it is a border post at a gate.
    """

    route: Route | None
    handover_time: datetime | None
    place: Place | None = None
    handing_body: str = ""
    joint_minutes_number: str = ""
    people: tuple[Person, ...] = ()
    again: tuple[int, ...] = ()
    confirmed: tuple[str, ...] = ()
    own_gate: str = ""

    @property
    def gate_id(self) -> str:
        """The gate, empty when it happened elsewhere."""
        return self.place.text if self.place and self.place.kind is PlaceKind.GATE else ""


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """The case that a row of a submission became."""

    row: int
    case_id: UUID
    case_number: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission became; it names nobody."""

    handover_id: UUID
    entries: tuple[ReceiptEntry, ...]
    received_at: datetime


def check_handover(handover: Submission, reference: Reference, now: datetime) -> Submission:
    """The handover with its texts normalised.

    Raises InvalidInput with every violation found, people by row.
    """
    found = Findings()
    checked = read_handover(found, handover, reference, now)
    asking = Asking(found, handover.confirmed)
    asking.time("handover.handover_time", handover.handover_time, now)
    asking.gate("handover.place.gate_id", handover.gate_id, handover.own_gate)
    asking.people(checked.people, handover.gate_id, reference.behind, _day(handover.handover_time, now))
    found.done()
    return checked


def read_handover(found: Findings, handover: Submission, reference: Reference, now: datetime) -> Submission:
    """The same; what is wrong goes into `found`."""
    _check_route(found, "handover.route", handover.route, HANDOVER_ROUTES)
    day = _check_time(found, "handover.handover_time", handover.handover_time, now)
    return Submission(
        route=handover.route,
        handover_time=handover.handover_time,
        place=_check_place(found, handover.place, reference),
        handing_body=check_text(found, "handover.handing_body", handover.handing_body, CHARS_MAX["handing_body"]),
        joint_minutes_number=check_text(
            found, "handover.joint_minutes_number", handover.joint_minutes_number, CHARS_MAX["joint_minutes_number"]
        ),
        people=_check_people(found, handover.people, handover.again, reference, day),
        again=handover.again,
    )


def check_self_return(handover: Submission, reference: Reference, now: datetime) -> Submission:
    """The same for one person who came back alone; raises InvalidInput."""
    found = Findings()
    checked = read_self_return(found, handover, reference, now)
    asking = Asking(found, handover.confirmed)
    asking.time("report_time", handover.handover_time, now)
    for person in checked.people:
        asking.person(found.at("person."), person, _day(handover.handover_time, now))
    found.done()
    return checked


def read_self_return(found: Findings, handover: Submission, reference: Reference, now: datetime) -> Submission:
    """The same; what is wrong goes into `found`."""
    _check_route(found, "route", handover.route, SELF_RETURN_ROUTES)
    day = _check_time(found, "report_time", handover.handover_time, now)
    if not handover.people:
        found.wrong("person", "REQUIRED")
    at_person = found.at("person.")
    people = tuple(check_person(at_person, person, reference, day, row=1, rows=1) for person in handover.people)
    return Submission(handover.route, handover.handover_time, people=people, again=handover.again)


def _check_route(found: Findings, name: str, route: Route | None, allowed: frozenset[Route]) -> None:
    if route is None:
        found.wrong(name, "REQUIRED")
    elif route not in allowed:
        found.wrong(name, "NOT_ALLOWED")


def _check_time(found: Findings, name: str, instant: datetime | None, now: datetime) -> date:
    """The local day to judge birth dates by; today when the time itself is wrong."""
    if instant is None:
        found.wrong(name, "REQUIRED")
    elif instant > now + CLOCK_SKEW:
        found.wrong(name, "IN_THE_FUTURE")
    elif instant < EARLIEST_RETURN:
        found.wrong(name, "TOO_EARLY", limit=EARLIEST_RETURN.date().isoformat())
    return _day(instant, now)


def _day(instant: datetime | None, now: datetime) -> date:
    """The local day of an instant that is right, else today."""
    is_right = instant is not None and EARLIEST_RETURN <= instant <= now + CLOCK_SKEW
    return local_date(instant if instant is not None and is_right else now)


def _check_place(found: Findings, place: Place | None, reference: Reference) -> Place | None:
    if place is None:
        found.wrong("handover.place", "REQUIRED")
        return None
    match place.kind:
        case PlaceKind.GATE:
            if place.text not in reference.gates:
                found.wrong("handover.place.gate_id", "UNKNOWN_GATE")
            return place
        case PlaceKind.MARKER:
            name, limit = "handover.place.marker", CHARS_MAX["marker"]
        case PlaceKind.OTHER:
            name, limit = "handover.place.other", CHARS_MAX["other_place"]
    return Place(place.kind, check_text(found, name, place.text, limit, required=True))


def _check_people(
    found: Findings, people: tuple[Person, ...], again: tuple[int, ...], reference: Reference, day: date
) -> tuple[Person, ...]:
    if not people:
        found.wrong("handover.people", "TOO_FEW", limit="1")
    if len(people) > PEOPLE_MAX:
        found.wrong("handover.people", "TOO_MANY", limit=str(PEOPLE_MAX))
    checked = tuple(
        check_person(found.at(row=row), person, reference, day, row=row, rows=len(people))
        for row, person in enumerate(people[:PEOPLE_MAX], start=1)
    )
    _check_earlier_once(found, checked)
    check_ties(found, checked)
    check_each_once(found.at(), checked, again[:PEOPLE_MAX])
    return checked


def _check_earlier_once(found: Findings, people: tuple[Person, ...]) -> None:
    """Two people of one handover cannot both be the person of one earlier return."""
    named = set()
    for row, person in enumerate(people, start=1):
        if person.earlier_case in named:
            found.at(row=row).wrong("earlier_case", "DUPLICATE")
        if person.earlier_case:
            named.add(person.earlier_case)
