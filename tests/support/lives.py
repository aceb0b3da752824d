"""What happens to people who come back, and what offices do about it: well, late, wrongly or not at all.

Everything goes through the commands of handover and followup, as an office would give them. What a command refuses is
counted, and life goes on.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2
from homeward.followup.v1 import contacts_pb2, entries_pb2, visits_pb2
from homeward.handover.v1 import (
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    directory_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.handover.domain.errors import ApprovalNeeded
from tests.support import homes
from tests.support.pair import Pair, Service

POSTS = ("BP-CN-MONG-CAI", "BP-CN-HUU-NGHI")
CENTRE, SHELTER = "RC-SOCIAL-22", "RC-PEACE-HOUSE"
HOME, ELSEWHERE, THIRD = "SA-22", "SA-01", "SA-15"
NATION, ADMIN = "SV-NATIONAL", "ADMIN-NATIONAL"
MONTH_DAYS = 30
VISIT_AHEAD_DAYS = 7

_CASES = """
    SELECT c.case_id, c.phase, c.accountable_office_id AS office_id, t.state AS transfer_state, t.to_office_id,
           t.expected_arrival_on,
           (SELECT f.office_id FROM search s JOIN found_claim f ON f.search_id = s.id
            WHERE s.case_id = c.case_id AND f.state = 'STANDING') AS claimed_by
    FROM custody c LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    ORDER BY c.case_number
"""
_AT_HOME = """
    SELECT c.case_id, c.keeper_id, c.contact_asked_on IS NOT NULL AS asks_for_contact, c.decision_open,
           (SELECT min(f.due_on) FROM follow_up f WHERE f.case_id = c.case_id AND f.state = 'OPEN') AS due_on,
           (SELECT max(e.number) FROM entry e WHERE e.case_id = c.case_id) AS last_entry
    FROM followup_case c
"""


@dataclass
class Lives:
    """People and offices.

    Attributes:
        going_on: whether people are still on the move; later they stay where they are.
        done, refused: calls by method.
    """

    pair: Pair
    dice: random.Random
    going_on: bool = True

    def __post_init__(self) -> None:
        self.registered: list[uuid.UUID] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.agencies = [HOME, HOME, ELSEWHERE, THIRD]
        self.facilities = [CENTRE, SHELTER]

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.pair.clock.now())

    def day(self, offset: int = 0) -> str:
        """A local day so many days from today."""
        return (self.today + timedelta(days=offset)).isoformat()

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.dice.random() < share

    # What is done.

    async def call(self, service: Service, method: str, request: Any, office_id: str) -> Any:
        """A call by an office; None when it is refused. What takes two people gets them."""
        request.request_id = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        try:
            try:
                answer = await service.call(method, request, office_id)
            except ApprovalNeeded:
                await self._approve()
                answer = await service.call(method, request, office_id)
        except HomewardError as error:
            self.refused[f"{method}: {type(error).__name__}"] += 1
            return None
        self.done[method] += 1
        return answer

    async def _approve(self) -> None:
        for row in await self.pair.handover.rows("SELECT approval_id FROM approval_waiting"):
            approve = approvals_pb2.ApproveRequestRequest(approval_id=str(row.approval_id))
            approve.request_id = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
            try:
                await self.pair.handover.call("ApproveRequest", approve, NATION, subject="the second person")
            except HomewardError as error:
                self.refused[f"ApproveRequest: {type(error).__name__}"] += 1

    async def ask(self, method: str, request: Any, case: Any, office_id: str) -> Any:
        """A call at handover about a case."""
        request.case = str(case.case_id)
        return await self.call(self.pair.handover, method, request, office_id)

    async def ask_at_home(self, method: str, request: Any, home: Any) -> Any:
        """A call at followup by the office that makes the follow-ups."""
        request.case = str(home.case_id)
        return await self.call(self.pair.followup, method, request, home.keeper_id)

    def register(self) -> None:
        """A border post, seldom another office, registers a person; the news is on its way."""
        number = len(self.registered) + 1
        case_id = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        event = handover_pb2.CaseRegistered(
            case_id=str(case_id),
            case_number=format_case_number(number),
            handover_id=str(uuid.UUID(int=number)),
            receiving_office_id=self.dice.choice((*POSTS, *POSTS, *POSTS, SHELTER, HOME)),
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=types.AGE_BAND_ADULT,
        )
        event.register_time.FromDatetime(self.pair.clock.now())
        event.handover_time.FromDatetime(self.pair.clock.now())
        self.registered.append(case_id)
        self.pair.intake_says(case_id, event)

    async def pass_by(self, days: float) -> None:
        """So many days of everybody's life, done at once at their end."""
        at_home = {row.case_id: row for row in await self.pair.followup.rows(_AT_HOME)}
        for case in await self.pair.handover.rows(_CASES):
            await self._of_phase(case, at_home.get(case.case_id), days / MONTH_DAYS)

    async def _of_phase(self, case: Any, home: Any, months: float) -> None:
        match case.phase:
            case "REGISTERED" | "REJECTED" | "DISCHARGED" if self.chance(0.85):
                await self._send(case)
            case "IN_TRANSIT":
                await self._expected(case)
            case "SEARCH":
                await self._searched_for(case)
            case "ADMITTED" if self.chance(0.4 * months):
                await self._leave_facility(case)
            case "FOLLOW_UP" if home is not None:
                await self._at_home(case, home, months)
            case "CLOSED" if self.going_on and self.chance(0.01 * months):
                reopen = closing_pb2.ReopenCaseRequest(reason=self.dice.choice(types.ReopenReason.values()[1:]))
                await self.ask("ReopenCase", reopen, case, case.office_id)

    # On the way.

    async def _send(self, case: Any, *, may_stay: float = 0.15) -> None:
        to = self.dice.choice(self.facilities if self.chance(may_stay) else self.agencies)
        if to in self.agencies:
            await self.pair.handover.execute(homes.may_go(case.case_id, case.office_id, to))
        request = transfers_pb2.DispatchTransferRequest(
            to_office_id=to, departed_on=self.day(), expected_arrival_on=self.day(self.dice.randint(0, 5))
        )
        await self.ask("DispatchTransfer", request, case, case.office_id)

    async def _expected(self, case: Any) -> None:
        if case.transfer_state != "DISPATCHED":
            return
        what = self.dice.random()
        if what < 0.72:
            arrived = transfers_pb2.AcknowledgeTransferRequest(arrived_on=self.day(-self.dice.choice((0, 0, 1))))
            await self.ask("AcknowledgeTransfer", arrived, case, case.to_office_id)
        elif what < 0.79:
            rejected = transfers_pb2.RejectTransferRequest(reason=types.REJECT_REASON_NOT_RESIDENT)
            await self.ask("RejectTransfer", rejected, case, case.to_office_id)
        elif what < 0.83:
            await self.ask("ReportNotArrived", transfers_pb2.ReportNotArrivedRequest(), case, case.to_office_id)
        elif what < 0.87:
            elsewhere = transfers_pb2.RedirectTransferRequest(
                to_office_id=self.dice.choice(self.agencies), expected_arrival_on=self.day(2)
            )
            await self.ask("RedirectTransfer", elsewhere, case, case.office_id)
        elif what < 0.9:
            await self.ask("RecallTransfer", transfers_pb2.RecallTransferRequest(), case, case.office_id)

    async def _searched_for(self, case: Any) -> None:
        if case.claimed_by:
            await self.ask("ConfirmFound", claims_pb2.ConfirmFoundRequest(), case, case.claimed_by)
            return
        if case.case_id.int % 8 == 0:
            # Nobody looks for her.
            return
        what = self.dice.random()
        if what < 0.3:
            step = searches_pb2.RecordSearchStepRequest(kind=types.SEARCH_STEP_KIND_POLICE_ASKED)
            await self.ask("RecordSearchStep", step, case, case.office_id)
        elif what < 0.65:
            found = searches_pb2.ResolveSearchRequest(
                resolution=types.SEARCH_RESOLUTION_FOUND, office_id=self.dice.choice(self.agencies), on=self.day()
            )
            await self.ask("ResolveSearch", found, case, case.office_id)
        elif what < 0.72:
            gone = searches_pb2.ResolveSearchRequest(
                resolution=types.SEARCH_RESOLUTION_CLOSED, close_reason=types.CLOSE_REASON_LEFT_AREA
            )
            await self.ask("ResolveSearch", gone, case, NATION)

    async def _leave_facility(self, case: Any) -> None:
        request = stays_pb2.DischargePersonRequest(
            destination=types.DISCHARGE_DESTINATION_OWN_CHOICE, discharged_on=self.day()
        )
        request.province.CopyFrom(types.ProvinceRef(code="01", vintage="2025"))
        await self.ask("DischargePerson", request, case, case.office_id)

    # At home.

    async def _at_home(self, case: Any, home: Any, months: float) -> None:
        if home.asks_for_contact and self.chance(0.6):
            outcome = self.dice.choices(("REACHED", "NOT_AT_ADDRESS", "MOVED_AWAY"), (8, 1, 1))[0]
            contact = contacts_pb2.RecordContactRequest(
                outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}")
            )
            await self.ask_at_home("RecordContact", contact, home)
        elif home.due_on is not None and home.due_on <= self.today + timedelta(days=VISIT_AHEAD_DAYS):
            await self._visit(home, months)
        elif home.decision_open and self.chance(0.5):
            ends = closing_pb2.CloseCaseRequest(reason=types.CLOSE_REASON_PERIOD_ENDED)
            await self.ask("CloseCase", ends, case, case.office_id)
        elif home.last_entry and self.chance(0.01 * months):
            mistake = entries_pb2.TakeBackEntryRequest(
                entry_number=home.last_entry, reason=types.ENTRY_REASON_WRONG_CASE
            )
            await self.ask_at_home("TakeBackEntry", mistake, home)
        elif self.going_on and self.chance(0.03 * months):
            await self._send(case, may_stay=0.2)
        elif self.chance(0.004 * months):
            await self.end(case)

    async def _visit(self, home: Any, months: float) -> None:
        # Some offices come at once, some late, and some never.
        diligence = home.case_id.int % 10
        if diligence == 0 or not self.chance(min(1.0, (0.1 + 0.15 * diligence) * max(months, 0.3))):
            return
        outcome = self.dice.choices(("SETTLED", "AT_RISK", "NOT_REACHED", "DECLINED"), (70, 10, 15, 5))[0]
        visit = visits_pb2.RecordFollowUpRequest(outcome=types.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome}"))
        if outcome == "DECLINED":
            visit.then = self.dice.choice((types.AFTER_DECLINED_CLOSE, types.AFTER_DECLINED_KEEP))
        await self.ask_at_home("RecordFollowUp", visit, home)

    async def end(self, case: Any) -> Any:
        """She died."""
        died = closing_pb2.CloseCaseRequest(reason=types.CLOSE_REASON_DIED)
        return await self.ask("CloseCase", died, case, case.office_id)

    # The country.

    async def change_rule(self, code: str, amount: int, unit: str) -> None:
        """A version of a rule, from today on."""
        request = directory_pb2.ChangeRuleRequest(
            code=code, amount=amount, unit=unit, basis="LAW", legal_source="Invented decree", valid_from=self.day()
        )
        assert await self.call(self.pair.handover, "ChangeRule", request, ADMIN) is not None, code

    async def change_calendar(self, days_off: int) -> None:
        """Some coming days are no working days."""
        off = [self.day(offset) for offset in range(2, 60) if (self.today + timedelta(days=offset)).weekday() < 5]
        request: Message = directory_pb2.ChangeCalendarRequest(days_off=off[: 3 * days_off : 3])
        assert await self.call(self.pair.handover, "ChangeCalendar", request, ADMIN) is not None

    async def end_office(self, office_id: str, successor_id: str) -> None:
        """An office ends; what it holds goes to its successor, or to whoever must see to it."""
        request = directory_pb2.EndOfficeRequest(office_id=office_id, successor_id=successor_id)
        assert await self.call(self.pair.handover, "EndOffice", request, ADMIN) is not None, office_id
        self.agencies = [one for one in self.agencies if one != office_id]
        self.facilities = [one for one in self.facilities if one != office_id]

    def said_of(self) -> Mapping[str, int]:
        """How often each command was given, and each refused."""
        return {**self.done, **{f"refused {name}": count for name, count in self.refused.items()}}
