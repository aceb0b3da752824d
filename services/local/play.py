"""The first handover, played on the screen: ten plainly invented people, from the gate to their home provinces.

It goes through the public API with the tokens of the offices concerned, so what it shows is what they would see. It is
a guest in what runs: whatever it meets, it says what it could not show, and ends.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from tenacity import RetryError, Retrying, retry_if_exception, retry_if_result, stop_after_delay, wait_fixed

from homeward.followup.v1 import home_safety_pb2, visits_pb2
from homeward.handover.v1 import custody_pb2, transfers_pb2
from homeward.intake.v1 import identification_pb2, people_pb2, submissions_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenIssuer
from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.texts import Texts
from services.client.tokens import TOKEN_ISSUER
from services.local.launcher import Say
from services.local.office_calls import OfficeCalls
from services.operate.home import Home

GATE = "CN-MONG-CAI"
POST = "BP-CN-MONG-CAI"
VERIFIER = "VF-22"
HOMES = ("04", "04", "15", "15", "20", "11", "12", "14", "40", "38")
GIVEN_NAMES = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
BIRTH_YEARS = ("2001", "1998", "2009", "2003", "1995", "2005", "2000", "1999", "2010", "2002")
T = TypeVar("T")

EVENT_WAIT_S = 120.0
"""A loaded machine takes its time; nobody waits for the play."""
LOOK_S = 0.1
NOT_YET = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.NOT_FOUND})
"""A service is busy, or an event that it needs is on its way."""
SECOND = "second"
"""Who says as well that somebody under 18 may go."""
WRONG = 8
FORGOTTEN = 9


def play_first_handover(
    home: Home,
    addresses: Mapping[str, str],
    t: Texts,
    say: Say,
    is_stopping: Callable[[], bool],
) -> None:
    """Play it; the state directory is marked as soon as the people are in it. Raises nothing.

    Args:
        home: whose offices act.
        addresses: gRPC address by service.
        t: the user's language.
        say: shows a line.
        is_stopping: whether everything is about to be stopped, and the play with it, without a word.
    """
    issuer = TokenIssuer.from_file(home.signing_key, TOKEN_ISSUER)
    with OfficeCalls(addresses, issuer, t.language) as offices:
        play = _Play(offices, t, say, is_stopping)
        for number, scene in enumerate((play.receive, play.identify, play.dispatch, play.arrive, play.show), 1):
            try:
                scene()
            except Exception as error:
                if not is_stopping():
                    _say_what_is_missing(t, say, number, error)
                return
            home.played_marker.touch()


def _say_what_is_missing(t: Texts, say: Say, number: int, error: Exception) -> None:
    say(t("! From step {number} on the handover could not be shown: {why}.", number=number, why=_why(t, error)))
    say(t("  Everything goes on running. To see a handover of ten others, stop and start with: homeward up --play"))


def _why(t: Texts, error: BaseException) -> str:
    if isinstance(error, RetryError):
        last = error.last_attempt.exception()
        if last is None:
            return t("what it brings about did not arrive within {seconds} s", seconds=int(EVENT_WAIT_S))
        return _why(t, last)
    if isinstance(error, RpcFailure):
        return f"{error.method.rpartition('/')[2]}, {error.reason}"
    return type(error).__name__


class _Stopped(Exception):
    """Everything is about to be stopped."""


class _Play:
    def __init__(self, offices: OfficeCalls, t: Texts, say: Say, is_stopping: Callable[[], bool]) -> None:
        self._offices = offices
        self._t = t
        self._say = say
        self._is_stopping = is_stopping
        self._cases: Sequence[submissions_pb2.ReceiptEntry] = ()
        today = datetime.now(VIET_NAM).date()
        self._today = today.isoformat()
        self._tomorrow = (today + timedelta(days=1)).isoformat()

    def receive(self) -> None:
        """The border post hands ten people over."""
        t = self._t
        self._say("")
        self._say(t("— A handover of ten invented people —"))
        moment = Timestamp()
        moment.FromDatetime(datetime.now(VIET_NAM) - timedelta(hours=1))
        request = submissions_pb2.SubmitHandoverRequest(
            request_id=str(uuid.uuid4()),
            handover=submissions_pb2.Handover(
                route=types_pb2.ROUTE_OF_RETURN_OFFICIAL_HANDOVER,
                handover_time=moment,
                place=submissions_pb2.Place(gate_id=GATE),
                handing_body="Invented police station",
                joint_minutes_number="THI-DU/01",
                people=[_person(index) for index in range(len(HOMES))],
            ),
            # Invented people are new ones each time.
            also_register_again=range(1, len(HOMES) + 1),
        )
        receipt = self._wait(lambda: self._offices.at(POST).submissions.SubmitHandover(request)).receipt
        self._cases = receipt.entries
        self._say(
            t(
                "1. {office} submitted {count} people: cases {first} to {last}",
                office=POST,
                count=len(self._cases),
                first=self._number(0),
                last=self._number(-1),
            )
        )

    def identify(self) -> None:
        """The police decide who is a victim; the decision does not stop anybody on the way."""
        decisions = [types_pb2.IDENTIFICATION_STATUS_IDENTIFIED] * 6
        decisions += [types_pb2.IDENTIFICATION_STATUS_DECLINED, types_pb2.IDENTIFICATION_STATUS_NOT_IDENTIFIED]
        for case, status in zip(self._cases, decisions, strict=False):
            identified = status == types_pb2.IDENTIFICATION_STATUS_IDENTIFIED
            request = identification_pb2.DecideIdentificationRequest(
                request_id=str(uuid.uuid4()),
                case=case.case_id,
                status=status,
                decided_on=self._today,
                grounds=["FORCED_MARRIAGE"] if identified else [],
                reason="" if identified else "Invented reason",
            )
            self._wait(partial(self._offices.at(VERIFIER).identification.DecideIdentification, request))
        self._say(
            self._t(
                "2. {office} decided: 6 identified, 1 declined, 1 not identified, 2 still in process",
                office=VERIFIER,
            )
        )

    def _ask_about_homes(self) -> None:
        """Each of them wants to go there and fears nobody; of whoever is under 18 two people say that she may go."""
        request = home_safety_pb2.RecordShortChecksRequest(
            request_id=str(uuid.uuid4()),
            rows=[
                home_safety_pb2.ShortCheck(
                    case=case.case_id,
                    to_office_id=_agency(index),
                    wants_to_go="YES",
                    afraid="NO",
                    guardian="Invented guardian",
                )
                for index, case in enumerate(self._cases)
            ],
        )
        for check in self._wait(lambda: self._offices.at(POST).home_safety.RecordShortChecks(request)).checks:
            if check.awaits_second:
                agreed = home_safety_pb2.ConfirmHomeSafetyRequest(
                    request_id=str(uuid.uuid4()), case=check.case_id, number=check.number, agrees=True
                )
                self._wait(partial(self._offices.at(POST, SECOND).home_safety.ConfirmHomeSafety, agreed))

    def dispatch(self) -> None:
        """Everybody is sent home; the border post stays accountable until the arrival is acknowledged."""
        self._ask_about_homes()
        for index, case in enumerate(self._cases):
            request = transfers_pb2.DispatchTransferRequest(
                request_id=str(uuid.uuid4()),
                case=case.case_id,
                to_office_id=_agency(index),
                departed_on=self._today,
                expected_arrival_on=self._tomorrow,
            )
            self._wait(partial(self._offices.at(POST).transfers.DispatchTransfer, request))
        self._say(
            self._t(
                "3. {office} dispatched all ten to {count} home provinces; it stays accountable until they arrive",
                office=POST,
                count=len(set(HOMES)),
            )
        )

    def arrive(self) -> None:
        """Eight offices acknowledge, one rejects, one keeps silent."""
        t = self._t
        for index, case in enumerate(self._cases):
            transfers = self._offices.at(_agency(index)).transfers
            if index == FORGOTTEN:
                continue
            if index == WRONG:
                rejection = transfers_pb2.RejectTransferRequest(
                    request_id=str(uuid.uuid4()),
                    case=case.case_id,
                    reason=types_pb2.REJECT_REASON_WRONG_PROVINCE,
                )
                self._wait(partial(transfers.RejectTransfer, rejection))
            else:
                arrival = transfers_pb2.AcknowledgeTransferRequest(
                    request_id=str(uuid.uuid4()), case=case.case_id, arrived_on=self._today
                )
                self._wait(partial(transfers.AcknowledgeTransfer, arrival))
        self._say(t("4. Eight offices acknowledged that the person arrived"))
        self._say(t("   {office} rejected {case}: wrong province", office=_agency(WRONG), case=self._number(WRONG)))
        self._say(t("   {office} keeps silent about {case}", office=_agency(FORGOTTEN), case=self._number(FORGOTTEN)))

    def show(self) -> None:
        """What each of them sees now."""
        t = self._t
        first = _agency(0)
        follow_ups = self._wait(lambda: self._follow_ups(first, self._cases[0].case_id))
        self._say(t("5. What happens next, and who answers for it:"))
        for one in follow_ups:
            self._say(
                t(
                    "   {case}: {office} looks again on {date}",
                    case=one.case_number,
                    office=one.office_id,
                    date=one.due_on,
                )
            )
        for index in (WRONG, FORGOTTEN):
            custody = self._wait(partial(self._custody, POST, self._cases[index].case_id))
            self._say(
                t(
                    "   {case}: {office} stays accountable; deadline {rule} on {date}, then supervisors are told",
                    case=custody.case_number,
                    office=custody.accountable_office_id,
                    rule=custody.deadline_rule,
                    date=custody.deadline_on,
                )
            )
        messages = self._wait(lambda: self._messages(first))
        self._say(t("6. The inbox of {office} (no name in it, here or anywhere outside intake):", office=first))
        for message in reversed(messages):
            self._say(f"   • {message.title}")

    def _number(self, index: int) -> str:
        return self._cases[index].case_number

    def _custody(self, office: str, case_id: str) -> custody_pb2.Custody:
        return self._offices.at(office).custody.GetCustody(custody_pb2.GetCustodyRequest(case=case_id)).custody

    def _follow_ups(self, office: str, case_id: str) -> Sequence[visits_pb2.FollowUp]:
        request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case_id))
        return self._offices.at(office).visits.ListFollowUps(request).follow_ups

    def _messages(self, office: str) -> Sequence[inbox_pb2.Message]:
        request = inbox_pb2.ListMessagesRequest(language=self._t.language)
        return self._offices.at(office).inbox.ListMessages(request).messages

    def _wait(self, ask: Callable[[], T]) -> T:
        """Ask until there is an answer: an event is on its way between two services, or one of them is busy."""

        def ask_unless_stopping() -> T:
            if self._is_stopping():
                raise _Stopped
            return ask()

        retrying = Retrying(
            retry=retry_if_exception(_is_not_yet) | retry_if_result(lambda answer: not answer),
            stop=stop_after_delay(EVENT_WAIT_S),
            wait=wait_fixed(LOOK_S),
        )
        return retrying(ask_unless_stopping)


def _is_not_yet(error: BaseException) -> bool:
    if not isinstance(error, RpcFailure):
        return False
    codes = {each.code for each in error.violations}
    return error.code in NOT_YET or codes == {"CASE_NOT_FOUND"}


def _agency(index: int) -> str:
    return f"SA-{HOMES[index]}"


def _person(index: int) -> people_pb2.Person:
    return people_pb2.Person(
        full_name=f"Nguyễn Thị Thí Dụ {GIVEN_NAMES[index]}",
        sex="Feminine",
        birth_date=BIRTH_YEARS[index],
        nationality="VN",
        ethnicity="2008:01",
        language="vi",
        home_province=types_pb2.ProvinceRef(code=HOMES[index], vintage="2025"),
        returned_from_country="CN",
        return_certificate_number=f"THI-DU-{index + 1:03d}",
    )
