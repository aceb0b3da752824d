"""Each failpoint × each action × the first, second and seventh time: the end is that of a run without faults.

A round arms one cell in each of the four services, walks eight people through what can happen to them, and compares.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import grpc
import pytest

from services.chassis.calls.client import RpcFailure
from services.chassis.telemetry.failpoint import ACTIONS, NAMES
from services.client.services import SERVICES
from services.local.launcher import FAILPOINTS_FILE, is_serving
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import AWAY, HOMES, POST, tell
from tests.robustness import history
from tests.robustness.conftest import setting
from tests.robustness.facts import facts
from tests.robustness.history import Expected
from tests.support.whole import Whole, until

TIMES = (1, 2, 7)
PEOPLE = 8
WRONG = PEOPLE - 1
PERSIST_S = 90.0
OF_SERVICE = {
    "intake": ("intake.", "relay.", "stream.", "dispatch.", "unit."),
    "handover": ("relay.", "stream.", "dispatch.", "unit.", "schedule."),
    "followup": ("relay.", "stream.", "dispatch.", "unit.", "schedule."),
    "notify": ("relay.", "stream.", "dispatch.", "unit."),
}
"""Where a failpoint is passed at all."""
RAISED = frozenset(
    {
        "call_failed",
        "deadline_failed",
        "event_failed",
        "event_quarantined",
        "grpc_call",
        "group_not_stored",
        "inbox_waits_for_database",
        "leader_failed",
        "part_failed",
        "record_not_taken_in",
        "tick_failed",
        "unexpected_error",
    }
)
"""What a service may say of an exception that nobody foresees."""
T = TypeVar("T")
Cell = str


@pytest.fixture(scope="module")
def whole(whole_state: Callable[[str], Path]) -> Iterator[Whole]:
    """One in which failpoints may be armed."""
    with Whole(whole_state("failpoints"), environment={"HOMEWARD_FAILPOINTS": "1"}) as running:
        yield running


def cells_of(service: str, dice: random.Random) -> list[Cell]:
    """Every cell that means something in a service, in random order."""
    cells = [
        f"{name}:{action}@{nth}"
        for name in sorted(NAMES)
        if name.startswith(OF_SERVICE[service])
        for action in sorted(ACTIONS)
        for nth in TIMES
    ]
    dice.shuffle(cells)
    return cells


def rounds_of(seed: int) -> list[dict[str, Cell]]:
    """What to arm, round by round."""
    dice = random.Random(seed)
    by_service = {service: cells_of(service, dice) for service in SERVICES}
    longest = max(map(len, by_service.values()))
    count = setting("ROUNDS", 12) or longest
    return [{service: cells[index % len(cells)] for service, cells in by_service.items()} for index in range(count)]


@pytest.mark.timeout(7_200)
def test_the_end_is_that_of_a_run_without_faults(whole: Whole, seed: int) -> None:
    with whole.desks() as desks:
        expected = facts(whole, walk(whole, desks))
        for number, cells in enumerate(rounds_of(seed)):
            began_s = time.monotonic()
            arm(whole, cells)
            cases = walk(whole, desks)
            assert facts(whole, cases) == expected, cells
            said = json.dumps(cells)
            tell(f"round {number}: {time.monotonic() - began_s:.1f} s {said}")
    problems = [
        *history.no_effect_twice(whole),
        *history.order_of_cases(whole),
        *history.conservation(whole, history.read_topics(whole.kafka())),
        *history.legal_states(whole),
        *history.unexpected_errors(whole, Expected(errors=RAISED, faults=[history.Fault("Kafka", 0, time.time())])),
    ]
    assert problems == []


def arm(whole: Whole, cells: dict[str, Cell]) -> None:
    """Start every service again with its cell armed."""
    (whole.home.path / FAILPOINTS_FILE).write_text(json.dumps(cells))
    before = {service: whole.pid(service) for service in cells}
    for pid in before.values():
        os.kill(pid, signal.SIGTERM)
    file = whole.home.path / FAILPOINTS_FILE
    until(lambda: json.loads(file.read_text()) == {}, 60, what="every service took its cell")
    until(lambda: all(whole.pid(service) != pid for service, pid in before.items()), 60, what="all started again")


def persist(call: Callable[[], T]) -> T:
    """The answer, asked for until there is one: a failpoint may make a service die, hang or fail inside."""
    end = time.monotonic() + PERSIST_S
    while True:
        try:
            return call()
        except RpcFailure as failure:
            if failure.code not in AWAY | {grpc.StatusCode.INTERNAL} or time.monotonic() > end:
                raise


def walk(whole: Whole, desks: OfficeCalls) -> list[str]:
    """Eight people, one after the other: registered, overdue, sent home, arrived (the last: rejected), followed up.

    One after the other, so that each failpoint is passed often enough.
    """
    cases = []
    for index in range(PEOPLE):
        request = work.submission([work.person(index)])
        receipt = persist(lambda: desks.at(POST).submissions.SubmitHandover(request)).receipt  # noqa: B023 - called at once
        case = receipt.entries[0].case_id
        cases.append(case)
        wait_until_known(whole, "handover", "SELECT 1 FROM custody WHERE case_id = %s", case)
        let_fire(whole, "handover", case, "DISPATCH_DUE")
        travel(desks, case, index)
        if index != WRONG:
            wait_until_known(whole, "followup", "SELECT 1 FROM follow_up WHERE case_id = %s", case)
            for _ in ("that it comes", "that it is due"):
                let_fire(whole, "followup", case, "FOLLOW_UP_3M")
    until(lambda: all(map(is_serving, whole.addresses.values())), PERSIST_S, what="all serve")
    whole.wait_quiet(PERSIST_S)
    return cases


def travel(desks: OfficeCalls, case: str, index: int) -> None:
    """Send somebody home, and let the home province answer."""
    home, ids = HOMES[index], [work.request_id() for _ in range(2)]
    persist(lambda: work.dispatch(desks, case, home, said_as=ids[0]))
    if index == WRONG:
        persist(lambda: work.reject(desks, case, home, said_as=ids[1]))
    else:
        persist(lambda: work.acknowledge(desks, case, home, said_as=ids[1]))


def wait_until_known(whole: Whole, service: str, sql: str, case: str) -> None:
    """Wait until a statement finds the case in a service's database."""
    until(lambda: whole.rows(service, sql, case), PERSIST_S, what=f"{service} knows {case}")


def let_fire(whole: Whole, service: str, case: str, rule: str) -> None:
    """Make a deadline be now, and wait until it fired."""
    mine = "case_id = %s AND rule = %s AND state = "
    updated = f"UPDATE obligation SET due_at = now() WHERE {mine} 'ARMED' RETURNING id"
    (obligation,) = until(lambda: whole.rows(service, updated, case, rule), PERSIST_S, what=f"{rule} is armed")[0]
    fired = "SELECT 1 FROM obligation WHERE id = %s AND state = 'FIRED'"
    until(lambda: whole.rows(service, fired, obligation), PERSIST_S, what=f"{rule} of {case} fires")
