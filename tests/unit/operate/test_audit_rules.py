"""Each kind of broken row, and the finding it must give."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.kernel.deadlines import RULES
from services.chassis.kernel.roles import Role
from services.operate.audit_rules import (
    BESIDES_FOLLOW_UP,
    SERVICES,
    WATCHED,
    CaseRow,
    CaseRows,
    Code,
    Standard,
    findings_of,
)

CASE = "01930000-0000-7000-8000-000000000001"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
REAL_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFICE = "SA-01"
PAST_THE_LIMIT = timedelta(seconds=61)
ENDED = Office("SA-ENDED", Role.SUPPORT_AGENCY, None, "Ended", "Đã chấm dứt", date(2004, 1, 1), date(2026, 3, 1))
SUCCEEDED = Office(
    "SA-SUCCEEDED", Role.SUPPORT_AGENCY, None, "Past", "Trước", date(2004, 1, 1), date(2026, 3, 1), "SA-HEIR"
)
HEIR = Office("SA-HEIR", Role.SUPPORT_AGENCY, None, "Heir", "Kế thừa", date(2026, 3, 2))
CENTRE = Office("RC-OPEN", Role.RECEPTION_CENTRE, None, "Centre", "Trung tâm", date(2004, 1, 1))
SUPERVISOR = Office("SV-OPEN", Role.SUPERVISOR, None, "Supervisor", "Giám sát", date(2004, 1, 1))
FUTURE = Office("SA-FUTURE", Role.SUPPORT_AGENCY, None, "Future", "Sau này", date(2026, 3, 3))
STANDARD = Standard(
    business_now=NOW,
    real_now=dict.fromkeys(SERVICES, REAL_NOW),
    directory=Directory(
        [
            *(office for office in Directory.load().offices() if office.id == OFFICE),
            *(ENDED, SUCCEEDED, HEIR, CENTRE, SUPERVISOR, FUTURE),
        ]
    ),
)


def row(phase: str, **changes: Any) -> CaseRow:
    """A projection's row: no deadline."""
    plain = CaseRow(
        case_id=CASE,
        phase=phase,
        office_id=OFFICE,
        is_open=phase not in ("CLOSED", "WITHDRAWN"),
        deadline_rule=None,
        deadline_at=None,
        watched_by=None,
        watcher_seen_at=REAL_NOW,
        primary_count=0,
        in_flight=False,
        blocked=False,
        keeper_id=OFFICE,
    )
    return plain._replace(**changes)


def watching(phase: str, service: str, rule: str, **changes: Any) -> CaseRow:
    """The row of a service that watches a deadline."""
    deadline = {
        "deadline_rule": rule,
        "deadline_at": NOW + timedelta(days=1),
        "watched_by": service,
        "primary_count": 1,
    }
    return row(phase, **{**deadline, **changes})


def case_in(phase: str, rule: str | None = None, **changes: Any) -> CaseRows:
    """A clean case in a phase; `changes` replaces the fields of the row that watches it."""
    due = WATCHED[phase]
    watched = watching(phase, due.watcher, rule or min(due.rules), **changes)
    owner = watched if due.watcher == "handover" else row(phase)
    followup = watched if due.watcher == "followup" else None
    return CaseRows(intake=row(phase), handover=owner, followup=followup, notify=row(phase))


def closed(left_at: datetime | None) -> CaseRows:
    """A closed case whose journey, if there was one, nobody had answered."""
    ended = row("CLOSED")
    return CaseRows(intake=ended, handover=row("CLOSED", ended_journey_at=left_at), followup=None, notify=ended)


def by_law(asked: int, watched: int, case: CaseRows | None = None, **changes: Any) -> CaseRows:
    """A clean case, but for what runs by law."""
    plain = case or case_in("REGISTERED")
    assert plain.intake is not None
    return plain._replace(intake=plain.intake._replace(law_asked=asked, law_watched=watched, **changes))


def agreed(intake: str, handover: str = "", followup: str = "") -> CaseRows:
    """A clean case, but for what the services know of consents."""
    plain = case_in("FOLLOW_UP")
    assert plain.intake is not None
    assert plain.handover is not None
    assert plain.followup is not None
    return plain._replace(
        intake=plain.intake._replace(consents=intake),
        handover=plain.handover._replace(consents=handover),
        followup=plain.followup._replace(consents=followup),
    )


STAY_GIVEN = "STAY:GIVEN:1:2026-03-01"


def codes_of(case: CaseRows) -> list[Code]:
    return [finding.code for finding in findings_of(case, STANDARD)]


@pytest.mark.parametrize(
    ("phase", "rule"), [(phase, rule) for phase, due in WATCHED.items() for rule in sorted(due.rules)]
)
def test_every_phase_is_clean_with_each_of_its_deadlines(phase: str, rule: str) -> None:
    assert codes_of(case_in(phase, rule)) == []


@pytest.mark.parametrize("phase", sorted(BESIDES_FOLLOW_UP))
def test_a_set_that_stands_is_watched_by_followup_during_a_further_journey_stay_or_search(phase: str) -> None:
    besides = case_in(phase, primary_count=0, deadline_rule=None, deadline_at=None, watched_by=None)
    watched = watching("FOLLOW_UP", "followup", "FOLLOW_UP_3M")
    assert codes_of(besides._replace(followup=watched)) == []
    assert codes_of(besides) == [Code.NO_DEADLINE]
    wrong = watching("FOLLOW_UP", "followup", "DISPATCH_DUE")
    assert codes_of(besides._replace(followup=wrong)) == [Code.WRONG_RULE]


@pytest.mark.parametrize("phase", ["CLOSED", "WITHDRAWN"])
def test_an_ended_case_needs_no_deadline(phase: str) -> None:
    assert codes_of(CaseRows(row(phase), row(phase), row(phase), row(phase))) == []


def test_the_table_names_rules_that_exist_and_each_rule_once() -> None:
    named = [rule for due in WATCHED.values() for rule in due.rules]
    assert sorted(named) == sorted(set(named))
    assert set(named) <= set(RULES)


REGISTERED = case_in("REGISTERED")
FOLLOW_UP = case_in("FOLLOW_UP")
assert REGISTERED.handover is not None
assert FOLLOW_UP.followup is not None
NOT_WATCHED = row("REGISTERED")
BLOCKED = row("REGISTERED", blocked=True)

BROKEN: dict[str, tuple[CaseRows, list[Code]]] = {
    "unknown to handover": (CaseRows(intake=row("REGISTERED")), [Code.UNKNOWN_TO_HANDOVER]),
    "unknown to intake": (REGISTERED._replace(intake=None), [Code.UNKNOWN_TO_INTAKE]),
    "known to notify only": (CaseRows(notify=row("SEARCH")), [Code.UNKNOWN_TO_HANDOVER, Code.UNKNOWN_TO_INTAKE]),
    "unknown to notify": (REGISTERED._replace(notify=None), [Code.UNKNOWN_TO_PROJECTION]),
    "unknown to followup after the arrival": (FOLLOW_UP._replace(followup=None), [Code.NO_DEADLINE]),
    "intake knows another office": (
        REGISTERED._replace(intake=row("REGISTERED", office_id="SA-HEIR")),
        [Code.OFFICES_DISAGREE],
    ),
    "followup knows another office": (
        FOLLOW_UP._replace(followup=FOLLOW_UP.followup._replace(office_id="SA-HEIR")),
        [Code.OFFICES_DISAGREE],
    ),
    "notify knows no office": (REGISTERED._replace(notify=row("REGISTERED", office_id=None)), [Code.OFFICES_DISAGREE]),
    "no office": (
        CaseRows(*(one and one._replace(office_id=None) for one in REGISTERED)),
        [Code.NO_OFFICE],
    ),
    "empty office": (CaseRows(*(one and one._replace(office_id="") for one in REGISTERED)), [Code.NO_OFFICE]),
    "unknown office": (
        CaseRows(*(one and one._replace(office_id="NOWHERE") for one in REGISTERED)),
        [Code.OFFICE_UNKNOWN],
    ),
    "office not open yet": (
        CaseRows(*(one and one._replace(office_id=FUTURE.id) for one in REGISTERED)),
        [Code.OFFICE_UNKNOWN],
    ),
    "office ended": (
        CaseRows(*(one and one._replace(office_id=ENDED.id) for one in REGISTERED)),
        [Code.OFFICE_ENDED],
    ),
    "no deadline": (REGISTERED._replace(handover=NOT_WATCHED), [Code.NO_DEADLINE]),
    "a deadline without a date": (case_in("REGISTERED", deadline_at=None), [Code.NO_DEADLINE]),
    "two deadlines in one service": (case_in("REGISTERED", primary_count=2), [Code.TWO_DEADLINES]),
    "two deadlines in two services": (
        case_in("ARRIVED")._replace(followup=watching("FOLLOW_UP", "followup", "FOLLOW_UP_3M")),
        [Code.TWO_DEADLINES],
    ),
    "rule of another phase": (case_in("REJECTED", "TRANSFER_LOST"), [Code.WRONG_RULE]),
    "rule that answers for nobody": (case_in("FOLLOW_UP", "FIRST_CONTACT"), [Code.WRONG_RULE]),
    "watched by the wrong service": (
        REGISTERED._replace(handover=NOT_WATCHED, followup=watching("REGISTERED", "followup", "DISPATCH_DUE")),
        [Code.WRONG_WATCHER],
    ),
    "watched by nobody": (case_in("SEARCH", watched_by=None), [Code.WRONG_WATCHER]),
    "still watched by handover": (
        FOLLOW_UP._replace(handover=watching("FOLLOW_UP", "handover", "OBLIGATIONS_CONFIRM"), followup=None),
        [Code.WRONG_RULE, Code.WRONG_WATCHER],
    ),
    "passed and not fired": (case_in("IN_TRANSIT", deadline_at=NOW - PAST_THE_LIMIT), [Code.DEADLINE_NOT_FIRED]),
    "watcher stands still": (
        case_in("IN_TRANSIT", watcher_seen_at=REAL_NOW - PAST_THE_LIMIT),
        [Code.WATCHER_STANDS_STILL],
    ),
    "watcher never looked": (case_in("FOLLOW_UP", watcher_seen_at=None), [Code.WATCHER_STANDS_STILL]),
    "blocked in handover": (case_in("ARRIVED", blocked=True), [Code.BLOCKED]),
    "blocked in notify": (REGISTERED._replace(notify=BLOCKED), [Code.BLOCKED]),
    "ended, and blocked": (CaseRows(row("CLOSED"), row("CLOSED"), notify=row("CLOSED", blocked=True)), [Code.BLOCKED]),
    "ended in intake only": (
        REGISTERED._replace(intake=row("WITHDRAWN")),
        [Code.OPEN_CLOSED_DISAGREE],
    ),
    "ended in handover only": (
        CaseRows(row("REGISTERED"), row("CLOSED"), notify=row("CLOSED")),
        [Code.OPEN_CLOSED_DISAGREE],
    ),
    "open and closed at once": (
        CaseRows(*(row("CLOSED", is_open=True) for _ in SERVICES)),
        [Code.OPEN_CLOSED_DISAGREE],
    ),
    "ended, and watched": (
        CaseRows(row("CLOSED"), row("CLOSED"), watching("CLOSED", "followup", "CLOSE_DECISION"), row("CLOSED")),
        [Code.ENDED_CASE_WATCHED],
    ),
    "follow-ups with a facility": (case_in("FOLLOW_UP", keeper_id=CENTRE.id), [Code.KEEPER_MAY_NOT]),
    "follow-ups with nobody": (case_in("FOLLOW_UP", keeper_id=None), [Code.KEEPER_MAY_NOT]),
    "follow-ups with an unknown office": (case_in("FOLLOW_UP", keeper_id="NOWHERE"), [Code.KEEPER_MAY_NOT]),
    "lost although seen": (case_in("FOLLOW_UP", lost_although_seen=True), [Code.LOST_ALTHOUGH_SEEN]),
    "closed on the way": (closed(NOW - timedelta(days=60)), [Code.CLOSED_ON_THE_WAY]),
    "a step that the law asks for and nobody watches": (by_law(2, 1), [Code.LAW_NOT_WATCHED]),
    "watched although the law asks for nothing": (by_law(0, 1), [Code.LAW_NOT_WATCHED]),
    "a consent that handover has not heard of": (agreed(STAY_GIVEN, "", STAY_GIVEN), [Code.CONSENTS_DISAGREE]),
    "a withdrawal that followup has not heard of": (
        agreed("STAY:WITHDRAWN:1:2026-03-01", "STAY:WITHDRAWN:1:2026-03-01", STAY_GIVEN),
        [Code.CONSENTS_DISAGREE],
    ),
    "a closed case of which a step is watched": (by_law(0, 1, closed(None)), [Code.LAW_NOT_WATCHED]),
    "a step that passed, and nothing was done": (
        by_law(1, 1, law_due_at=NOW - PAST_THE_LIMIT),
        [Code.DEADLINE_NOT_FIRED],
    ),
    "a deadline of intake that answers for the case": (
        REGISTERED._replace(intake=row("REGISTERED", primary_count=1)),
        [Code.TWO_DEADLINES],
    ),
    "phase that nobody knows": (CaseRows(*(row("ELSEWHERE") for _ in SERVICES)), [Code.PHASE_UNKNOWN]),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_each_kind_of_broken_case_is_found(broken: str) -> None:
    case, expected = BROKEN[broken]
    assert codes_of(case) == expected


def test_the_table_of_broken_cases_leaves_no_code_out() -> None:
    assert {code for _, codes in BROKEN.values() for code in codes} == set(Code)


@pytest.mark.parametrize(
    "case",
    [
        case_in("IN_TRANSIT", deadline_at=NOW - timedelta(seconds=60)),
        by_law(2, 2, law_due_at=NOW - timedelta(seconds=60)),
        closed(None),
        closed(NOW - timedelta(days=61)),
        case_in("IN_TRANSIT", watcher_seen_at=REAL_NOW - timedelta(seconds=60)),
        CaseRows(*(one and one._replace(office_id=SUCCEEDED.id) for one in REGISTERED)),
        REGISTERED._replace(followup=row("IN_TRANSIT")),
    ],
    ids=[
        "deadline within the minute",
        "deadline by law within the minute",
        "closed at rest",
        "closed after a journey of long ago",
        "watcher within the minute",
        "office with a successor",
        "taken back",
    ],
)
def test_what_is_at_the_edge_is_clean(case: CaseRows) -> None:
    assert codes_of(case) == []


def test_a_finding_says_which_case_and_which_offices() -> None:
    case = REGISTERED._replace(intake=row("REGISTERED", office_id="SA-HEIR"))
    (finding,) = findings_of(case, STANDARD)
    assert finding.case_id == CASE
    assert finding.facts == {"office": OFFICE, "others": "intake: SA-HEIR"}


def test_instants_are_shown_by_the_clock_in_viet_nam() -> None:
    (finding,) = findings_of(case_in("SEARCH", deadline_at=datetime(2026, 2, 28, 17, tzinfo=UTC)), STANDARD)
    assert finding.facts["instant"] == "2026-03-01 00:00:00"


@pytest.mark.parametrize("keeper_id", [OFFICE, SUPERVISOR.id, ENDED.id, SUCCEEDED.id])
def test_follow_ups_are_with_an_agency_or_with_whoever_took_over_from_it(keeper_id: str) -> None:
    assert codes_of(case_in("FOLLOW_UP", keeper_id=keeper_id)) == []
