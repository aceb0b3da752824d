"""What offices do at their desks, over the public API, with plainly invented people."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import grpc
import psutil
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import approvals_pb2, custody_pb2, transfers_pb2
from homeward.intake.v1 import cases_pb2, identification_pb2, people_pb2, submissions_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.clock import local_date
from services.local.office_calls import OfficeCalls
from services.terminal.exits import Exit
from tests.support import homes
from tests.support.waiting import patient
from tests.support.whole import LOOK_S, ROOT, Whole, until

GATE = "CN-MONG-CAI"
POST = "BP-CN-MONG-CAI"
OTHER_POST = "BP-CN-HUU-NGHI"
VERIFIER = "VF-22"
NATIONAL_SUPERVISOR = "SV-NATIONAL"
AUDITOR = "AUDIT-NATIONAL"
SECOND = "second"
HOMES = ("04", "15", "20", "11", "12", "14", "40", "38", "04", "15")
FAMILY_NAME = "Nguyễn Thị Thí Dụ"
NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
AGAIN_S = 60.0
PUBLISH_S = 300.0
AWAY = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})
"""After these nobody knows whether the call took effect: ask again, with the same request id."""

T = TypeVar("T")
Request = TypeVar("Request")
Answer = TypeVar("Answer")


def by_two(desks: OfficeCalls, call: Callable[[Request], Answer], request: Request) -> Answer:
    """One person asks; the nation's supervisor approves, and whoever else has to; and the first one gets the answer."""
    while True:
        try:
            return call(request)
        except RpcFailure as waits:
            if waits.reason != "APPROVAL_NEEDED":
                raise
            offices = waits.metadata["offices"].split(", ")
            office = NATIONAL_SUPERVISOR if NATIONAL_SUPERVISOR in offices else offices[0]
            approves(desks, office, waits.metadata["approval_id"])


def approves(desks: OfficeCalls, office: str, approval_id: str) -> None:
    """Another person of an office than who plays it otherwise approves."""
    approve = approvals_pb2.ApproveRequestRequest(request_id=request_id(), approval_id=approval_id)
    desks.at(office, SECOND).approvals.ApproveRequest(approve)


def tell(text: str) -> None:
    """Say a measurement; pytest shows it with -s, or when the test fails."""
    sys.stdout.write(text + "\n")


def homeward(whole: Whole, *arguments: str, timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
    """The command line, in the state directory of a whole Homeward; in English."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "--lang", "en", *arguments, "--state", str(whole.home.path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "proto" / "gen")])},
        capture_output=True,
        text=True,
        timeout=patient(timeout_s),
        check=False,
    )


def publish_again(whole: Whole) -> None:
    """Every event, as after the loss of Kafka. One that has only just started may not answer yet: then ask again."""

    def is_done() -> bool:
        done = homeward(whole, "events", "republish", "--yes", timeout_s=PUBLISH_S)
        assert done.returncode in (Exit.DONE, Exit.UNREACHABLE), done.stdout + done.stderr
        return done.returncode == Exit.DONE

    until(is_done, PUBLISH_S, what="everything is published again")


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """These processes stand still."""
    processes = [psutil.Process(pid) for pid in pids]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def agency(home: str) -> str:
    """The support agency of a home province."""
    return f"SA-{home}"


def real_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def request_id() -> str:
    """A fresh one."""
    return str(uuid.uuid4())


def invented_name(index: int) -> str:
    """A name nobody bears."""
    return f"{FAMILY_NAME} {NUMBERS[index % len(NUMBERS)]}"


def person(index: int = 0, *, name: str | None = None, home: str | None = None) -> people_pb2.Person:
    """An invented person whose home is another province than the gate's."""
    return people_pb2.Person(
        full_name=name or invented_name(index),
        sex="Feminine",
        birth_date="1998-04-30",
        nationality="VN",
        ethnicity="2008:01",
        language="vi",
        home_province=types_pb2.ProvinceRef(code=home or HOMES[index % len(HOMES)], vintage="2025"),
        returned_from_country="CN",
        return_certificate_number=f"THI-DU-{index + 1:03d}",
    )


def submission(
    people: Sequence[people_pb2.Person], *, at: datetime | None = None, said_as: str | None = None
) -> submissions_pb2.SubmitHandoverRequest:
    """A handover of these people at the gate, an hour before `at` (business time; now without it).

    Whoever has the same name as somebody registered before is another invented person.
    """
    moment = Timestamp()
    moment.FromDatetime((at or real_now()) - timedelta(hours=1))
    return submissions_pb2.SubmitHandoverRequest(
        request_id=said_as or request_id(),
        handover=submissions_pb2.Handover(
            route=types_pb2.ROUTE_OF_RETURN_OFFICIAL_HANDOVER,
            handover_time=moment,
            place=submissions_pb2.Place(gate_id=GATE),
            handing_body="Invented police station",
            joint_minutes_number="THI-DU/01",
            people=people,
        ),
        also_register_again=range(1, len(people) + 1),
        confirmed=["LONG_AGO"],
    )


def submit(desks: OfficeCalls, people: Sequence[people_pb2.Person], *, at: datetime | None = None) -> list[str]:
    """The case ids of people handed over at the gate."""
    answer = desks.at(POST).submissions.SubmitHandover(submission(people, at=at))
    return [entry.case_id for entry in answer.receipt.entries]


def again_while_away(call: Callable[[], T], deadline_s: float = AGAIN_S) -> T:
    """The answer, asked for again while the service is away; any other refusal is raised.

    The client pauses between its own attempts, so this loop need not.
    """
    end = time.monotonic() + patient(deadline_s)
    while True:
        try:
            return call()
        except RpcFailure as error:
            if error.code not in AWAY or time.monotonic() > end:
                raise


def custody(desks: OfficeCalls, office_id: str, case: str) -> custody_pb2.Custody:
    """The custody of a case as an office sees it."""
    return desks.at(office_id).custody.GetCustody(custody_pb2.GetCustodyRequest(case=case)).custody


def custody_or_none(desks: OfficeCalls, office_id: str, case: str) -> custody_pb2.Custody | None:
    """The same; None when the office is told that there is no such case."""
    try:
        return custody(desks, office_id, case)
    except RpcFailure as refused:
        if refused.reason != "CASE_NOT_FOUND":
            raise
        return None


def wait_custody(desks: OfficeCalls, office_id: str, case: str, phase: str = "REGISTERED") -> custody_pb2.Custody:
    """The custody of a case, once it has reached the phase."""
    wanted = types_pb2.CasePhase.Value(f"CASE_PHASE_{phase}")

    def ask() -> custody_pb2.Custody | None:
        found = custody(desks, office_id, case)
        return found if found.phase == wanted else None

    answer = until(ask, what=f"handover says {phase}")
    assert answer is not None
    return answer


def home_checked(desks: OfficeCalls, case: str, to_office_id: str, *, sender: str = POST) -> None:
    """She was asked about the home where she is to go, and may; of whoever is under 18 two people say so."""
    calls = desks.at(sender).home_safety
    if homes.asks_shortly(sender):
        asked = homes.short_checks(homes.short_check(case, to_office_id))
        [check] = once_heard(lambda: calls.RecordShortChecks(asked)).checks
    else:
        request = homes.full_check(case, to_office_id)
        check = once_heard(lambda: calls.RecordHomeSafety(request)).check
    if check.awaits_second:
        desks.at(sender, "second").home_safety.ConfirmHomeSafety(homes.confirmation(check))


def once_heard(call: Callable[[], T]) -> T:
    """The answer, once the news that the call stands on have arrived: of the case, or of the verdict about a home."""
    end = time.monotonic() + patient(AGAIN_S)
    while True:
        try:
            return call()
        except RpcFailure as refused:
            codes = {refused.reason, *(one.code for one in refused.violations)}
            if not codes & homes.NOT_HEARD or time.monotonic() > end:
                raise
        time.sleep(LOOK_S)


def dispatch(
    desks: OfficeCalls,
    case: str,
    home: str,
    *,
    today: date | None = None,
    sender: str = POST,
    said_as: str | None = None,
) -> transfers_pb2.Transfer:
    """Ask a person about her home, and send her there today, to arrive tomorrow."""
    home_checked(desks, case, agency(home), sender=sender)
    same = said_as or request_id()
    return once_heard(lambda: leave(desks, case, home, today=today, sender=sender, said_as=same))


def leave(
    desks: OfficeCalls,
    case: str,
    home: str,
    *,
    today: date | None = None,
    sender: str = POST,
    said_as: str | None = None,
) -> transfers_pb2.Transfer:
    """Send a person home who was asked about it."""
    day = today or local_date(real_now())
    request = transfers_pb2.DispatchTransferRequest(
        request_id=said_as or request_id(),
        case=case,
        to_office_id=agency(home),
        departed_on=day.isoformat(),
        expected_arrival_on=(day + timedelta(days=1)).isoformat(),
    )
    return desks.at(sender).transfers.DispatchTransfer(request).transfer


def sent_late(desks: OfficeCalls, home: str, days: int) -> str:
    """The number of somebody who was expected in her home province so many days ago."""
    expected_on = local_date(real_now()) - timedelta(days=days)
    (case,) = submit(desks, [person(home=home)], at=real_now() - timedelta(days=days + 3))
    number = wait_custody(desks, POST, case).case_number
    request = transfers_pb2.DispatchTransferRequest(
        request_id=request_id(),
        case=case,
        to_office_id=agency(home),
        departed_on=(expected_on - timedelta(days=1)).isoformat(),
        expected_arrival_on=expected_on.isoformat(),
    )
    home_checked(desks, case, request.to_office_id)
    once_heard(lambda: desks.at(POST).transfers.DispatchTransfer(request))
    return number


def waiting_for_two(call: Callable[[Request], object], request: Request) -> str:
    """The id of what waits for others, asked for by this call."""
    try:
        call(request)
    except RpcFailure as waits:
        return str(waits.metadata["approval_id"])
    raise AssertionError("it took one person")


def acknowledge(
    desks: OfficeCalls, case: str, home: str, *, today: date | None = None, said_as: str | None = None
) -> transfers_pb2.Transfer:
    """The home province says that she arrived today."""
    request = transfers_pb2.AcknowledgeTransferRequest(
        request_id=said_as or request_id(), case=case, arrived_on=(today or local_date(real_now())).isoformat()
    )
    return desks.at(agency(home)).transfers.AcknowledgeTransfer(request).transfer


def accept(desks: OfficeCalls, case: str, home: str) -> transfers_pb2.Transfer:
    """The home province accepts to receive her."""
    request = transfers_pb2.AcceptTransferRequest(request_id=request_id(), case=case)
    return desks.at(agency(home)).transfers.AcceptTransfer(request).transfer


def reject(desks: OfficeCalls, case: str, home: str, *, said_as: str | None = None) -> transfers_pb2.Transfer:
    """The addressed office sends her back: wrong province."""
    request = transfers_pb2.RejectTransferRequest(
        request_id=said_as or request_id(), case=case, reason=types_pb2.REJECT_REASON_WRONG_PROVINCE
    )
    return desks.at(agency(home)).transfers.RejectTransfer(request).transfer


def identify(desks: OfficeCalls, case: str, status: str, *, today: date | None = None) -> cases_pb2.Case:
    """The police decide."""
    identified = status == "IDENTIFIED"
    request = identification_pb2.DecideIdentificationRequest(
        request_id=request_id(),
        case=case,
        status=types_pb2.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}"),
        decided_on=(today or local_date(real_now())).isoformat(),
        grounds=["FORCED_MARRIAGE"] if identified else [],
        reason="" if identified else "Invented reason",
    )
    return desks.at(VERIFIER).identification.DecideIdentification(request).case


def follow_ups(
    desks: OfficeCalls, office_id: str, case: str, *, include_done: bool = False
) -> list[visits_pb2.FollowUp]:
    """The follow-ups of a case as an office sees them."""
    request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case, include_done=include_done))
    return list(desks.at(office_id).visits.ListFollowUps(request).follow_ups)


def record_visit(
    desks: OfficeCalls, office_id: str, case: str, kind: str, *, today: date, outcome: str = "SETTLED"
) -> visits_pb2.FollowUp:
    """The home province looked again."""
    request = visits_pb2.RecordFollowUpRequest(
        request_id=request_id(),
        case=case,
        kind=types_pb2.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind}"),
        visited_on=today.isoformat(),
        outcome=types_pb2.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome}"),
    )
    return desks.at(office_id).visits.RecordFollowUp(request).follow_up


def messages(desks: OfficeCalls, office_id: str) -> list[inbox_pb2.Message]:
    """The inbox of an office, read or not."""
    request = inbox_pb2.ListMessagesRequest(page_size=200, include_read=True, language="en")
    return list(desks.at(office_id).inbox.ListMessages(request).messages)


def kinds_about(desks: OfficeCalls, office_id: str, case: str) -> list[str]:
    """What an office's inbox says about a case, oldest first."""
    return [one.kind for one in reversed(messages(desks, office_id)) if one.case_id == case]
