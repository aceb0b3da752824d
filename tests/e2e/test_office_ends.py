"""An office ends amid open cases while services are down: everything of it moves, and nobody has to do it twice."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest

from homeward.handover.v1 import transfers_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.terminal.exits import Exit
from tests.e2e import work
from tests.e2e.work import POST, homeward, tell
from tests.support.whole import Whole, until

# Nobody else who shares this system sends anybody there.
ENDED = "SA-91"
HEIR = "SA-92"
HOME = "91"
AGAIN_HOME = "92"
ADMIN = "ADMIN-NATIONAL"
ARRIVED, EXPECTED = 3, 4

STILL_THERE = {
    "handover": """
        SELECT count(*) FROM custody c FULL JOIN transfer t USING (case_id)
        WHERE c.accountable_office_id = %(office)s
           OR t.state IN ('PLANNED', 'DISPATCHED') AND %(office)s IN (t.from_office_id, t.to_office_id)
    """,
    "intake": "SELECT count(*) FROM intake_case WHERE %(office)s IN (accountable_office_id, addressee_office_id)",
    "followup": """
        SELECT count(*) FROM followup_case c JOIN follow_up f USING (case_id)
        WHERE %(office)s IN (c.office_id, f.office_id)
    """,
    "notify": (
        "SELECT count(*) FROM message WHERE office_id = %(office)s AND done_at IS NULL"
        " AND (read_at IS NULL OR duty IS NOT NULL)"
    ),
}


@pytest.fixture(scope="module")
def whole(rough: Whole) -> Whole:
    """A Homeward whose services may be killed."""
    return rough


@pytest.fixture(scope="module")
def cases(whole: Whole) -> list[str]:
    """People on the way to the office and at home with it, some days before it ends."""
    with whole.desks() as desks:
        found = work.submit(desks, [work.person(index, home=HOME) for index in range(ARRIVED + EXPECTED)])
        for case in found:
            work.wait_custody(desks, POST, case)
            work.dispatch(desks, case, HOME)
        for case in found[:ARRIVED]:
            work.acknowledge(desks, case, HOME)
            work.wait_custody(desks, ENDED, case, "FOLLOW_UP")
        work.accept(desks, found[-1], HOME)
    whole.wait_quiet()
    return found


def end(whole: Whole, *more: str) -> tuple[int, dict[str, Any]]:
    """`homeward offices end`, with its exit code and document."""
    done = homeward(whole, "--as", ADMIN, "--json", "offices", "end", ENDED, "--successor", HEIR, *more)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, found


def ended_but_for_notify(whole: Whole) -> dict[str, Any]:
    """What is said of the end when all have confirmed it that can; empty before."""
    code, said = end(whole, "--wait", "1")
    assert code == Exit.PARTLY_DONE
    confirmed = {each["service"] for each in said["confirmations"] if each["moved"] is not None}
    return said if confirmed == {"handover", "intake", "followup"} else {}


def waiting(whole: Whole) -> str:
    """The request about this office that waits for others."""
    done = homeward(whole, "--as", work.NATIONAL_SUPERVISOR, "--json", "approvals")
    (one,) = (each for each in json.loads(done.stdout)["approvals"] if each["object"] == ENDED)
    return str(one["approval_id"])


def left(whole: Whole, office_id: str) -> dict[str, int]:
    """What each database still holds for an office."""
    return {
        service: int(whole.rows(service, sql.replace("%(office)s", f"'{office_id}'"))[0][0])
        for service, sql in STILL_THERE.items()
    }


def test_everything_moves_with_one_service_killed_and_one_standing_still(whole: Whole, cases: list[str]) -> None:
    code, rehearsed = end(whole, "--dry-run")
    assert code == Exit.DONE
    assert rehearsed["counts"] == {"custodies": ARRIVED, "transfers": EXPECTED, "deadlines": 0, "searches": 0}
    assert left(whole, HEIR) == dict.fromkeys(STILL_THERE, 0)
    asked = homeward(whole, "--as", ADMIN, "offices", "end", ENDED, "--successor", HEIR)
    assert asked.returncode == Exit.PARTLY_DONE, asked.stderr
    assert left(whole, HEIR) == dict.fromkeys(STILL_THERE, 0), "nothing moves before others approve"
    with whole.desks() as desks:
        work.approves(desks, ADMIN, waiting(whole))
    # What the first of them approved stands in the database alone.
    whole.kill("handover")
    assert left(whole, HEIR) == dict.fromkeys(STILL_THERE, 0), "an administrator more is not enough"
    os.kill(whole.pid("followup"), signal.SIGKILL)
    with work.stopped(whole.pid("notify")):
        # The connection to a process that stands still is taken by the kernel: only the confirmation is missing.
        approved = homeward(whole, "--as", work.NATIONAL_SUPERVISOR, "approvals", "approve", waiting(whole))
        assert approved.returncode == Exit.DONE, approved.stderr
        first = until(lambda: ended_but_for_notify(whole), what="all others confirmed, one of them started again")
    assert first["counts"] == rehearsed["counts"]
    until(lambda: left(whole, ENDED) == dict.fromkeys(STILL_THERE, 0), what="all of it moved by itself")
    code, again = end(whole)
    assert code == Exit.DONE
    assert again["counts"] == first["counts"]
    moved = {each["service"]: each["moved"] for each in again["confirmations"]}
    tell(f"moved: {moved}")
    assert {name: moved[name] for name in ("handover", "intake", "followup")} == {
        "handover": ARRIVED,
        "intake": ARRIVED + EXPECTED,
        "followup": ARRIVED,
    }
    assert moved["notify"] > 0
    assert whole.rows("handover", "SELECT count(*) FROM administration WHERE object = %s", ENDED) == [(1,)]


def test_the_successor_goes_on_and_nobody_is_without_an_office(whole: Whole, cases: list[str]) -> None:
    whole.wait_quiet()
    with whole.desks() as desks:
        transfer = work.acknowledge(desks, cases[ARRIVED], AGAIN_HOME)
        assert transfer.to_office_id == HEIR
        work.wait_custody(desks, HEIR, cases[ARRIVED], "FOLLOW_UP")
        segments = work.custody(desks, HEIR, cases[0]).segments
        assert (segments[-1].office_id, segments[-1].cause) == (HEIR, types_pb2.CUSTODY_CAUSE_OFFICE_ENDED)
        assert {one.office_id for one in work.follow_ups(desks, HEIR, cases[0])} == {HEIR}
        assert {message.case_id for message in work.messages(desks, HEIR)} >= set(cases)
        [late] = work.submit(desks, [work.person(home=HOME)])
        work.wait_custody(desks, POST, late)
        assert work.dispatch(desks, late, HOME).to_office_id == HEIR
        request = transfers_pb2.AcknowledgeTransferRequest(request_id=work.request_id(), case=late)
        with pytest.raises(RpcFailure):
            desks.at(ENDED).transfers.AcknowledgeTransfer(request)
    whole.wait_quiet()
    assert left(whole, ENDED) == dict.fromkeys(STILL_THERE, 0)
    done = homeward(whole, "audit")
    assert done.returncode == Exit.DONE, done.stdout + done.stderr


def test_the_end_is_told_in_words(whole: Whole, cases: list[str]) -> None:
    done = homeward(whole, "--as", ADMIN, "offices", "end", ENDED, "--successor", HEIR)
    assert done.returncode == Exit.DONE, done.stderr
    assert "Everything has moved." in done.stdout
    assert done.stdout.count("✓") == 4
