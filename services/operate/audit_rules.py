"""The invariant as a table: every open case has one accountable office and one watched deadline, that of its phase.

Pure: rows of the four audit views in, findings out. Nothing is read here, and no clock is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple

from services.chassis.country.directory import Directory
from services.chassis.kernel.clock import VIET_NAM, local_date
from services.chassis.kernel.deadlines import FACILITY_STAY, OVERDUE_RULES
from services.chassis.kernel.errors import OfficeEnded, OfficeNotFound, OfficeNotYetOpen
from services.chassis.kernel.roles import Role

FIRED_WITHIN: Final = timedelta(seconds=60)
"""A watcher ticks every second: a deadline passed longer ago than this has been missed."""
JOURNEY_MAX: Final = timedelta(days=60)
"""Who left longer ago is on no journey any more."""
WATCHER_SILENT_MAX: Final = timedelta(seconds=60)
"""Real time after which a watcher that said nothing stands still."""


class CaseRow(NamedTuple):
    """A row of a service's view `audit_case`.

    Attributes:
        case_id: the UUID as text, whose order is that of the UUIDs.
        office_id: accountable, as this service knows it.
        deadline_at: instant of business time at which the watched deadline fires; UTC.
        watched_by: the service that watches it.
        watcher_seen_at: real time at which that service last looked at its deadlines; UTC.
        primary_count: armed primary deadlines of the case in this service.
        in_flight: an event of the case waits here to be sent or to take effect.
        blocked: an event of the case is quarantined here, or parked behind one that is missing.
        keeper_id: the office that makes the follow-ups; of followup alone.
        lost_although_seen: she is called lost, and an entry of a later day says that she was seen; of followup alone.
        ended_journey_at: when she left on a journey that nobody had answered when the case was closed, unless she died;
            of handover alone.
        law_asked: so many deadlines run by law beside the primary one: a decision that is awaited, a step that is
            asked; of intake alone, as are the next two.
        law_watched: so many of them are armed.
        law_due_at: instant of business time at which the first of these fires.
        consents: what stands of each purpose, as text; of intake, and of those that it tells.
    """

    case_id: str
    phase: str
    office_id: str | None
    is_open: bool
    deadline_rule: str | None
    deadline_at: datetime | None
    watched_by: str | None
    watcher_seen_at: datetime | None
    primary_count: int
    in_flight: bool
    blocked: bool
    keeper_id: str | None = None
    lost_although_seen: bool = False
    ended_journey_at: datetime | None = None
    law_asked: int = 0
    law_watched: int = 0
    law_due_at: datetime | None = None
    consents: str = ""


class CaseRows(NamedTuple):
    """What the four services say about one case; None where one does not know it."""

    intake: CaseRow | None = None
    handover: CaseRow | None = None
    followup: CaseRow | None = None
    notify: CaseRow | None = None

    @property
    def case_id(self) -> str:
        """The case, as text; raises StopIteration when no service knows one."""
        return next(row.case_id for row in self if row is not None)

    @property
    def in_flight(self) -> bool:
        """Whether an event of the case is on its way in any database."""
        return any(row is not None and row.in_flight for row in self)

    @property
    def is_open(self) -> bool:
        """Whether the owner of the case's accountability calls it open, or anybody where the owner doesn't know it."""
        if self.handover is not None:
            return self.handover.is_open
        return any(row is not None and row.is_open for row in self)

    @property
    def phase(self) -> str:
        """The phase, as its owner says it."""
        return next((row.phase for row in (self.handover, *self) if row is not None), "")

    @property
    def office_id(self) -> str:
        """The accountable office, as its owner says it."""
        return next((row.office_id or "" for row in (self.handover, *self) if row is not None), "")


SERVICES: Final = CaseRows._fields


@dataclass(frozen=True)
class Watched:
    """What must be watched in a phase."""

    watcher: str
    rules: frozenset[str]


WATCHED: Final[Mapping[str, Watched]] = MappingProxyType(
    {
        "REGISTERED": Watched("handover", frozenset({"DISPATCH_DUE"})),
        "ADMITTED": Watched(
            "handover", frozenset({"FACILITY_STAY_ESCALATE", *(rule.code for rule in FACILITY_STAY.values())})
        ),
        "DISCHARGED": Watched("handover", frozenset({"DISPATCH_AFTER_DISCHARGE"})),
        "IN_TRANSIT": Watched("handover", frozenset({"TRANSFER_ACKNOWLEDGE", "TRANSFER_LOST"})),
        "REJECTED": Watched("handover", frozenset({"REDISPATCH_AFTER_REJECT"})),
        "SEARCH": Watched("handover", frozenset({"SEARCH_ESCALATE"})),
        "ARRIVED": Watched("handover", frozenset({"OBLIGATIONS_CONFIRM"})),
        "FOLLOW_UP": Watched(
            "followup",
            frozenset(
                {
                    *OVERDUE_RULES,
                    *OVERDUE_RULES.values(),
                    "FOLLOW_UP_ESCALATE",
                    "CLOSE_DECISION",
                }
            ),
        ),
    }
)
"""DOMAIN, section 5: the deadline that answers for an open case, by its phase."""

BESIDES_FOLLOW_UP: Final = frozenset({"IN_TRANSIT", "REJECTED", "SEARCH", "ADMITTED", "DISCHARGED"})
"""Phases of a further journey, stay or search: while a set of follow-ups stands its deadline is the primary one, and
handover's runs besides."""


ENDED_PHASES: Final = frozenset({"CLOSED", "WITHDRAWN"})


class Code(StrEnum):
    """What can be wrong; stable."""

    UNKNOWN_TO_HANDOVER = "UNKNOWN_TO_HANDOVER"
    UNKNOWN_TO_INTAKE = "UNKNOWN_TO_INTAKE"
    UNKNOWN_TO_PROJECTION = "UNKNOWN_TO_PROJECTION"
    OPEN_CLOSED_DISAGREE = "OPEN_CLOSED_DISAGREE"
    OFFICES_DISAGREE = "OFFICES_DISAGREE"
    NO_OFFICE = "NO_OFFICE"
    OFFICE_UNKNOWN = "OFFICE_UNKNOWN"
    OFFICE_ENDED = "OFFICE_ENDED"
    PHASE_UNKNOWN = "PHASE_UNKNOWN"
    NO_DEADLINE = "NO_DEADLINE"
    TWO_DEADLINES = "TWO_DEADLINES"
    WRONG_RULE = "WRONG_RULE"
    WRONG_WATCHER = "WRONG_WATCHER"
    DEADLINE_NOT_FIRED = "DEADLINE_NOT_FIRED"
    WATCHER_STANDS_STILL = "WATCHER_STANDS_STILL"
    ENDED_CASE_WATCHED = "ENDED_CASE_WATCHED"
    BLOCKED = "BLOCKED"
    KEEPER_MAY_NOT = "KEEPER_MAY_NOT"
    LOST_ALTHOUGH_SEEN = "LOST_ALTHOUGH_SEEN"
    CLOSED_ON_THE_WAY = "CLOSED_ON_THE_WAY"
    LAW_NOT_WATCHED = "LAW_NOT_WATCHED"
    CONSENTS_DISAGREE = "CONSENTS_DISAGREE"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one case.

    Attributes:
        facts: what fills the placeholders of the code's explanation: codes, offices, instants; no identity.
    """

    code: Code
    case_id: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standard:
    """What cases are held against.

    Attributes:
        business_now: business time, UTC, read before the rows were.
        real_now: real time of each service's database, UTC, as its rows were read.
        directory: the offices.
    """

    business_now: datetime
    real_now: Mapping[str, datetime]
    directory: Directory

    @cached_property
    def today(self) -> date:
        """The local day in Viet Nam."""
        return local_date(self.business_now)


def findings_of(case: CaseRows, standard: Standard) -> list[Finding]:
    """Everything that is wrong with a case; nothing, for nearly every one."""
    facts = [*_blocked(case), *_known(case), *_open_or_closed(case), *_by_law(case, standard), *_consents(case)]
    owner = case.handover
    if owner is not None and owner.is_open:
        facts += _office(case, owner, standard)
        facts += _deadline(case, owner.phase, standard)
        facts += _followed_up(case, standard)
    elif not case.is_open:
        facts += _unwatched(case)
        facts += _awaited(case, standard)
    return [Finding(code, case.case_id, said) for code, said in facts]


_Facts = Iterator[tuple[Code, Mapping[str, str]]]


def _blocked(case: CaseRows) -> _Facts:
    if services := _services(case, lambda row: row.blocked):
        yield Code.BLOCKED, {"services": services}


def _known(case: CaseRows) -> _Facts:
    if not case.is_open:
        return
    if case.handover is None:
        yield Code.UNKNOWN_TO_HANDOVER, {"office": case.office_id or "-"}
    if case.intake is None:
        yield Code.UNKNOWN_TO_INTAKE, {"office": case.office_id or "-"}
    # Followup takes a case in when the person has arrived; without its row then, no deadline is watched.
    if case.handover is not None and case.notify is None:
        yield Code.UNKNOWN_TO_PROJECTION, {"office": case.office_id or "-", "service": "notify"}


def _open_or_closed(case: CaseRows) -> _Facts:
    said = {row.is_open for row in case if row is not None}
    owner = case.handover
    if len(said) > 1 or (owner is not None and owner.is_open and owner.phase in ENDED_PHASES):
        yield (
            Code.OPEN_CLOSED_DISAGREE,
            {
                "open_in": _services(case, lambda row: row.is_open) or "-",
                "closed_in": _services(case, lambda row: not row.is_open) or "-",
            },
        )


def _by_law(case: CaseRows, standard: Standard) -> _Facts:
    """What runs by law beside the one deadline is watched, as often as it is asked; nothing of it once it is not."""
    row = case.intake
    if row is None:
        return
    if row.law_asked != row.law_watched:
        yield Code.LAW_NOT_WATCHED, {"asked": str(row.law_asked), "watched": str(row.law_watched)}
    elif row.law_due_at is not None and row.law_due_at + FIRED_WITHIN < standard.business_now:
        facts = {"rule": "LEGAL_DEADLINE", "service": "intake", "instant": _instant(row.law_due_at)}
        yield Code.DEADLINE_NOT_FIRED, facts


def _consents(case: CaseRows) -> _Facts:
    """What somebody agreed to stands in intake; whoever refuses without it knows the same."""
    owner = case.intake
    if owner is None:
        return
    others = {"handover": case.handover, "followup": case.followup}
    if wrong := [name for name, row in others.items() if row is not None and row.consents != owner.consents]:
        yield Code.CONSENTS_DISAGREE, {"services": ", ".join(wrong)}


def _office(case: CaseRows, owner: CaseRow, standard: Standard) -> _Facts:
    if not owner.office_id:
        yield Code.NO_OFFICE, {}
        return
    office = owner.office_id
    try:
        standard.directory.resolve(office, standard.today)
    except OfficeEnded:
        yield Code.OFFICE_ENDED, {"office": office}
    except (OfficeNotFound, OfficeNotYetOpen):
        yield Code.OFFICE_UNKNOWN, {"office": office}
    others = [
        f"{service}: {row.office_id or '-'}"
        for service, row in _known_in(case)
        if row.is_open and row.office_id != office
    ]
    if others:
        yield Code.OFFICES_DISAGREE, {"office": office, "others": ", ".join(others)}


def _deadline(case: CaseRows, phase: str, standard: Standard) -> _Facts:
    due = WATCHED.get(phase)
    if due is None:
        if phase not in ENDED_PHASES:
            yield Code.PHASE_UNKNOWN, {"phase": phase}
        return
    watching = [(service, row) for service, row in _known_in(case) if row.primary_count]
    if sum(row.primary_count for _, row in watching) > 1:
        rules = ", ".join(f"{service}: {row.deadline_rule or '-'}" for service, row in watching)
        yield Code.TWO_DEADLINES, {"rules": rules}
    elif not watching or watching[0][1].deadline_at is None:
        yield Code.NO_DEADLINE, {"phase": phase, "service": due.watcher}
    else:
        service, row = watching[0]
        if phase in BESIDES_FOLLOW_UP and service == WATCHED["FOLLOW_UP"].watcher:
            due = WATCHED["FOLLOW_UP"]
        yield from _right_deadline(phase, due, service, row)
        yield from _alive(service, row, standard)


MAKE_FOLLOW_UPS: Final = frozenset({Role.SUPPORT_AGENCY, Role.SUPERVISOR})
"""Who may record follow-ups: an agency, and a supervisor to whom those of an agency without a successor were left."""


def _followed_up(case: CaseRows, standard: Standard) -> _Facts:
    """A deadline of followup is one that somebody can fulfil, and its marks are true."""
    row = case.followup
    if row is None or not row.primary_count:
        return
    keeper = standard.directory.holder(row.keeper_id or "", standard.today)
    try:
        role = standard.directory.office(keeper).role
    except OfficeNotFound:
        role = None
    if role not in MAKE_FOLLOW_UPS:
        yield Code.KEEPER_MAY_NOT, {"office": row.keeper_id or "-", "rule": row.deadline_rule or "-"}
    if row.lost_although_seen:
        yield Code.LOST_ALTHOUGH_SEEN, {"office": row.keeper_id or "-"}


def _right_deadline(phase: str, due: Watched, service: str, row: CaseRow) -> _Facts:
    rule = row.deadline_rule or "-"
    if rule not in due.rules:
        yield Code.WRONG_RULE, {"phase": phase, "rule": rule}
    if row.watched_by != due.watcher or service != due.watcher:
        watcher = row.watched_by or "-"
        yield Code.WRONG_WATCHER, {"phase": phase, "rule": rule, "watcher": watcher, "expected": due.watcher}


def _alive(service: str, row: CaseRow, standard: Standard) -> _Facts:
    if row.deadline_at is not None and row.deadline_at + FIRED_WITHIN < standard.business_now:
        rule, instant = row.deadline_rule or "-", _instant(row.deadline_at)
        yield Code.DEADLINE_NOT_FIRED, {"rule": rule, "service": service, "instant": instant}
    seen = row.watcher_seen_at
    if seen is None or standard.real_now[service] - seen > WATCHER_SILENT_MAX:
        yield Code.WATCHER_STANDS_STILL, {"service": service, "instant": _instant(seen)}


def _unwatched(case: CaseRows) -> _Facts:
    if services := _services(case, lambda row: row.primary_count > 0):
        yield Code.ENDED_CASE_WATCHED, {"services": services}


def _awaited(case: CaseRows, standard: Standard) -> _Facts:
    owner = case.handover
    left_at = owner.ended_journey_at if owner is not None else None
    if owner is not None and left_at is not None and standard.business_now - left_at <= JOURNEY_MAX:
        yield Code.CLOSED_ON_THE_WAY, {"office": owner.office_id or "-", "instant": _instant(left_at)}


def _instant(instant: datetime | None) -> str:
    return "-" if instant is None else instant.astimezone(VIET_NAM).strftime("%Y-%m-%d %H:%M:%S")


def _known_in(case: CaseRows) -> list[tuple[str, CaseRow]]:
    return [(service, row) for service, row in zip(SERVICES, case, strict=True) if row is not None]


def _services(case: CaseRows, wanted: Callable[[CaseRow], bool]) -> str:
    return ", ".join(service for service, row in _known_in(case) if wanted(row))
