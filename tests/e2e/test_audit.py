"""`homeward audit` is silent when all is well, and names every case that somebody broke on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import HOMES, POST
from tests.support.whole import Whole, until

HOME = HOMES[2]
"""The agency of another one has ended on this Homeward."""
WAIT_S = "1"
STILL_S = 61
"""A watcher that said nothing for a minute stands still."""


pytestmark = pytest.mark.leaves_it_broken


@pytest.fixture(scope="module")
def whole(rough: Whole) -> Whole:
    """One whose databases are tampered with, when nobody else needs it any more."""
    return rough


@pytest.fixture(scope="module")
def desks(whole: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with whole.desks() as stubs:
        yield stubs


def audit(whole: Whole, *, is_clean: bool) -> Mapping[str, set[str]]:
    """Codes by case. Its exit status says whether all is well."""
    result = work.homeward(whole, "audit", "--json", "--wait-s", WAIT_S)
    assert result.returncode == (0 if is_clean else 1), result.stdout + result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    assert report["ok"] is is_clean
    found: dict[str, set[str]] = {}
    for finding in report["findings"]:
        found.setdefault(finding["case_id"], set()).add(finding["code"])
    return found


def registered(desks: OfficeCalls) -> str:
    """A case that waits for its dispatch."""
    (case,) = work.submit(desks, [work.person()])
    work.wait_custody(desks, POST, case)
    return case


def followed(desks: OfficeCalls) -> str:
    """A case that is followed up in the first home province."""
    case = registered(desks)
    work.dispatch(desks, case, HOME)
    work.acknowledge(desks, case, HOME)
    work.wait_custody(desks, work.agency(HOME), case, "FOLLOW_UP")
    return case


UNGUARDED = "ALTER TABLE obligation DISABLE TRIGGER obligation_one_watched_deadline"
"""The database refuses these at the commit; whoever owns it need not care."""
BREAKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "NO_DEADLINE": (
        "handover",
        (UNGUARDED, "UPDATE obligation SET state = 'DISARMED' WHERE case_id = %s AND state = 'ARMED'"),
    ),
    "TWO_DEADLINES": (
        "handover",
        (
            UNGUARDED,
            "DROP INDEX IF EXISTS obligation_one_primary",
            """
            INSERT INTO obligation (
                id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state, level, late
            )
            SELECT gen_random_uuid(), case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state,
                level, late
            FROM obligation WHERE case_id = %s AND state = 'ARMED'
            """,
        ),
    ),
    "WRONG_RULE": (
        "handover",
        ("UPDATE obligation SET rule = 'SEARCH_ESCALATE' WHERE case_id = %s AND state = 'ARMED'",),
    ),
    "OFFICES_DISAGREE": ("intake", ("UPDATE intake_case SET accountable_office_id = 'SA-01' WHERE id = %s",)),
    "UNKNOWN_TO_HANDOVER": (
        "handover",
        (
            "DELETE FROM obligation WHERE case_id = %s",
            "DELETE FROM custody_segment WHERE case_id = %s",
            "DELETE FROM custody WHERE case_id = %s",
        ),
    ),
    "BLOCKED": (
        "notify",
        ("UPDATE inbox SET state = 'QUARANTINED' WHERE subject = %s AND topic = 'homeward.transfer.v1'",),
    ),
}


def test_every_kind_of_broken_case_is_listed(whole: Whole, desks: OfficeCalls) -> None:
    healthy = [registered(desks), followed(desks)]
    victims = {code: registered(desks) for code in BREAKS}
    whole.wait_quiet()
    assert audit(whole, is_clean=True) == {}

    for code, (service, statements) in BREAKS.items():
        for sql in statements:
            whole.as_owner(service, sql, *([victims[code]] if "%s" in sql else []))
    found = audit(whole, is_clean=False)
    assert {code: case for code, case in victims.items() if code not in found.get(case, ())} == {}
    assert not found.keys() & set(healthy)
    said = work.homeward(whole, "audit", "--wait-s", WAIT_S)
    assert said.returncode == 1
    assert all(case in said.stdout for case in victims.values())


@pytest.mark.parametrize(("watcher", "make"), [("handover", registered), ("followup", followed)])
def test_a_watcher_that_stands_still_is_seen(
    whole: Whole, desks: OfficeCalls, watcher: str, make: Callable[[OfficeCalls], str]
) -> None:
    case = make(desks)
    whole.wait_quiet()
    before = set(codes_of(audit_any(whole)))
    with work.stopped(whole.pid(watcher)):
        long_ago = f"UPDATE watcher SET ticked_real_at = now() - interval '{STILL_S} s'"
        whole.rows(watcher, long_ago)
        whole.rows(
            watcher,
            "UPDATE obligation SET due_at = now() - interval '2 min' WHERE case_id = %s AND state = 'ARMED'",
            case,
        )
        found = audit_any(whole)
        assert {"WATCHER_STANDS_STILL", "DEADLINE_NOT_FIRED"} <= set(codes_of(found)) - before
        assert "DEADLINE_NOT_FIRED" in found[case]
    fresh = "SELECT 1 FROM watcher WHERE ticked_real_at > now() - interval '5 s'"
    until(lambda: whole.rows(watcher, fresh), what=f"{watcher} looks again")
    late = "SELECT 1 FROM obligation WHERE case_id = %s AND state = 'FIRED'"
    until(lambda: whole.rows(watcher, late, case), what="the deadline fires after all")
    whole.wait_quiet()
    assert set(codes_of(audit_any(whole))) == before


def audit_any(whole: Whole) -> Mapping[str, set[str]]:
    """Codes by case, whatever the exit status."""
    result = work.homeward(whole, "audit", "--json", "--wait-s", WAIT_S)
    found: dict[str, set[str]] = {}
    for finding in json.loads(result.stdout)["findings"]:
        found.setdefault(finding["case_id"], set()).add(finding["code"])
    return found


def codes_of(found: Mapping[str, set[str]]) -> Iterator[str]:
    """Every code."""
    for codes in found.values():
        yield from codes
