"""What happens to people who come back, and what offices do about it: well, late, wrongly or not at all.

Everything goes through the commands of handover and followup, as an office would give them; intake is played, and what
it says of ages and consents with it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import consent_pb2, handover_pb2
from homeward.handover.v1 import (
    claims_pb2,
    closing_pb2,
    directory_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.words import ConsentPurpose
from tests.support import homes
from tests.support.lives_at_home import AT_HOME, AtHome
from tests.support.officers import NATION, SECOND, Officers
from tests.support.pair import Pair

POSTS = ("BP-CN-MONG-CAI", "BP-CN-HUU-NGHI")
CENTRE, SHELTER = "RC-SOCIAL-22", "RC-PEACE-HOUSE"
HOME, ELSEWHERE, THIRD = "SA-22", "SA-01", "SA-15"
ADMIN = "ADMIN-NATIONAL"
MONTH_DAYS = 30
AGES = (types.AGE_BAND_ADULT, types.AGE_BAND_FROM_16_TO_17, types.AGE_BAND_UNDER_16, types.AGE_BAND_UNKNOWN)
AGES_SHARES = (78, 12, 8, 2)

_CASES = """
    SELECT c.case_id, c.phase, c.accountable_office_id AS office_id, t.state AS transfer_state, t.to_office_id,
           t.expected_arrival_on, v.to_office_id AS checked_for,
           (SELECT f.office_id FROM search s JOIN found_claim f ON f.search_id = s.id
            WHERE s.case_id = c.case_id AND f.state = 'STANDING') AS claimed_by
    FROM custody c
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    LEFT JOIN home_verdict v
      ON v.case_id = c.case_id AND v.office_id = c.accountable_office_id AND v.valid_until IS NOT NULL
    ORDER BY c.case_number
"""


class Lives:
    """People and offices.

    Attributes:
        going_on: whether people are still on the move; later they stay where they are.
    """

    def __init__(self, pair: Pair, dice: random.Random) -> None:
        self.pair = pair
        self.dice = dice
        self.going_on = True
        self.registered: list[uuid.UUID] = []
        self.agencies = [HOME, HOME, ELSEWHERE, THIRD]
        self.facilities = [CENTRE, SHELTER]
        self._all = Officers(pair, dice)
        self._at_home = AtHome(self._all)
        self._agrees: dict[uuid.UUID, bool] = {}

    def said_of(self) -> Mapping[str, int]:
        """How often each command was given, and each refused."""
        return self._all.said_of()

    # What intake says.

    def register(self) -> None:
        """A border post, seldom another office, registers a person; the news is on its way."""
        number = len(self.registered) + 1
        case_id = self._all.new_id()
        event = handover_pb2.CaseRegistered(
            case_id=str(case_id),
            case_number=format_case_number(number),
            handover_id=str(uuid.UUID(int=number)),
            receiving_office_id=self.dice.choice((*POSTS, *POSTS, *POSTS, SHELTER, HOME)),
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=self.dice.choices(AGES, AGES_SHARES)[0],
        )
        event.register_time.FromDatetime(self.pair.clock.now())
        event.handover_time.FromDatetime(self.pair.clock.now())
        self.registered.append(case_id)
        self.pair.intake_says(case_id, event)

    def _correct_age(self, case: Any) -> None:
        event = handover_pb2.CaseCorrected(
            case_id=str(case.case_id),
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=self.dice.choices(AGES, AGES_SHARES)[0],
            fields=["birth_date"],
            correcting_office_id=case.office_id,
        )
        self.pair.intake_says(case.case_id, event)

    def _ask_for_research(self, case: Any) -> None:
        """She agrees, or agrees no longer."""
        agrees = self._agrees[case.case_id] = not self._agrees.get(case.case_id, False)
        event = consent_pb2.ConsentChanged(
            case_id=str(case.case_id),
            purpose=ConsentPurpose.RESEARCH,
            state=types.CONSENT_STATE_GIVEN if agrees else types.CONSENT_STATE_WITHDRAWN,
            text_version=1,
            said_on=self._all.day(),
        )
        self.pair.intake_says(case.case_id, event)

    # What happens.

    async def pass_by(self, days: float) -> None:
        """So many days of everybody's life, done at once at their end."""
        at_home = {row.case_id: row for row in await self.pair.followup.rows(AT_HOME)}
        for case in await self.pair.handover.rows(_CASES):
            self._told_of(case, days / MONTH_DAYS)
            await self._of_phase(case, at_home.get(case.case_id), days / MONTH_DAYS)

    def _told_of(self, case: Any, months: float) -> None:
        """What becomes known of her, whatever else happens."""
        if self._all.chance(0.003 * months):
            self._correct_age(case)
        asked = self._agrees.get(case.case_id)
        if case.phase != "REGISTERED" and case.case_id.int % 4 == 1 and self._all.chance(0.01 if asked else 0.2):
            self._ask_for_research(case)

    async def _of_phase(self, case: Any, home: Any, months: float) -> None:
        match case.phase:
            case "REGISTERED" | "REJECTED" | "DISCHARGED" if self._all.chance(0.85):
                await self._send(case)
            case "IN_TRANSIT":
                await self._expected(case)
            case "SEARCH":
                await self._searched_for(case)
            case "ADMITTED" if self._all.chance(0.4 * months):
                await self._leave_facility(case)
            case "FOLLOW_UP" if home is not None:
                await self._lives_at_home(case, home, months)
            case "CLOSED" if self.going_on and self._all.chance(0.01 * months):
                reopen = closing_pb2.ReopenCaseRequest(reason=self.dice.choice(types.ReopenReason.values()[1:]))
                await self._all.ask("ReopenCase", reopen, case, case.office_id)

    async def _lives_at_home(self, case: Any, home: Any, months: float) -> None:
        if self.going_on and case.checked_for is not None and self._all.chance(0.5):
            await self._send(case, may_stay=0.2)
        elif await self._at_home.look_after(home, months):
            return
        elif home.decision_open and self._all.chance(0.5):
            ends = closing_pb2.CloseCaseRequest(reason=types.CLOSE_REASON_PERIOD_ENDED)
            await self._all.ask("CloseCase", ends, case, case.office_id)
        elif self.going_on and self._all.chance(0.03 * months):
            await self._send(case, may_stay=0.2)
        elif self._all.chance(0.004 * months):
            await self.end(case)

    async def end(self, case: Any) -> Any:
        """She died."""
        died = closing_pb2.CloseCaseRequest(reason=types.CLOSE_REASON_DIED)
        return await self._all.ask("CloseCase", died, case, case.office_id)

    # On the way.

    async def _send(self, case: Any, *, may_stay: float = 0.15) -> None:
        """To a facility, or to the home about which she was asked; who was not asked yet is asked then.

        Some fall ill before they leave: what was said of the home holds for a while.
        """
        if case.checked_for is not None and case.case_id.int % 6 == 1 and self._all.chance(0.85):
            return
        to = case.checked_for if self._all.chance(0.9) else None
        if to not in self.agencies:
            to = self.dice.choice(self.facilities if self._all.chance(may_stay) else self.agencies)
        request = transfers_pb2.DispatchTransferRequest(
            to_office_id=to, departed_on=self._all.day(), expected_arrival_on=self._all.day(self.dice.randint(0, 5))
        )
        left = await self._all.ask("DispatchTransfer", request, case, case.office_id)
        if left is None and to in self.agencies:
            await self._ask_about_home(case, to)

    async def _ask_about_home(self, case: Any, to: str) -> None:
        """Some are afraid, some go against advice; for some, and for all children, a second person is needed."""
        how = self.dice.choices(("calm", "afraid", "against advice", "family took part"), (75, 10, 5, 10))[0]
        followup, her = self.pair.followup, str(case.case_id)
        if homes.asks_shortly(case.office_id):
            row = homes.short_check(her, to, afraid="UNSURE" if how == "afraid" else "NO")
            told = await self._all.call(followup, "RecordShortChecks", homes.short_checks(row), case.office_id)
            check = told and told.checks[0]
        else:
            full = homes.full_check(her, to, **_ABOUT_HOME[how])
            told = await self._all.call(followup, "RecordHomeSafety", full, case.office_id)
            check = told and told.check
        if check and check.awaits_second and self._all.chance(0.8):
            agreed = homes.confirmation(check, agrees=self._all.chance(0.95))
            await self._all.call(followup, "ConfirmHomeSafety", agreed, case.office_id, subject=SECOND)

    async def _expected(self, case: Any) -> None:
        if case.transfer_state != "DISPATCHED":
            return
        what = self.dice.random()
        if what < 0.72:
            arrived = transfers_pb2.AcknowledgeTransferRequest(arrived_on=self._all.day(-self.dice.choice((0, 0, 1))))
            await self._all.ask("AcknowledgeTransfer", arrived, case, case.to_office_id)
        elif what < 0.79:
            rejected = transfers_pb2.RejectTransferRequest(reason=types.REJECT_REASON_NOT_RESIDENT)
            await self._all.ask("RejectTransfer", rejected, case, case.to_office_id)
        elif what < 0.83:
            await self._all.ask("ReportNotArrived", transfers_pb2.ReportNotArrivedRequest(), case, case.to_office_id)
        elif what < 0.87:
            elsewhere = transfers_pb2.RedirectTransferRequest(
                to_office_id=self.dice.choice(self.agencies), expected_arrival_on=self._all.day(2)
            )
            await self._all.ask("RedirectTransfer", elsewhere, case, case.office_id)
        elif what < 0.9:
            await self._all.ask("RecallTransfer", transfers_pb2.RecallTransferRequest(), case, case.office_id)

    async def _searched_for(self, case: Any) -> None:
        if case.claimed_by:
            await self._all.ask("ConfirmFound", claims_pb2.ConfirmFoundRequest(), case, case.claimed_by)
            return
        if case.case_id.int % 8 == 0:
            # Nobody looks for her.
            return
        what = self.dice.random()
        if what < 0.3:
            step = searches_pb2.RecordSearchStepRequest(kind=types.SEARCH_STEP_KIND_POLICE_ASKED)
            await self._all.ask("RecordSearchStep", step, case, case.office_id)
        elif what < 0.65:
            found = searches_pb2.ResolveSearchRequest(
                resolution=types.SEARCH_RESOLUTION_FOUND, office_id=self.dice.choice(self.agencies), on=self._all.day()
            )
            await self._all.ask("ResolveSearch", found, case, case.office_id)
        elif what < 0.72:
            gone = searches_pb2.ResolveSearchRequest(
                resolution=types.SEARCH_RESOLUTION_CLOSED, close_reason=types.CLOSE_REASON_LEFT_AREA
            )
            await self._all.ask("ResolveSearch", gone, case, NATION)

    async def _leave_facility(self, case: Any) -> None:
        request = stays_pb2.DischargePersonRequest(
            destination=types.DISCHARGE_DESTINATION_OWN_CHOICE, discharged_on=self._all.day()
        )
        request.province.CopyFrom(types.ProvinceRef(code="01", vintage="2025"))
        await self._all.ask("DischargePerson", request, case, case.office_id)

    # The country.

    async def change_rule(self, code: str, amount: int, unit: str) -> None:
        """A version of a rule, from today on."""
        request = directory_pb2.ChangeRuleRequest(
            code=code,
            amount=amount,
            unit=unit,
            basis="LAW",
            legal_source="Invented decree",
            valid_from=self._all.day(),
        )
        assert await self._all.call(self.pair.handover, "ChangeRule", request, ADMIN) is not None, code

    async def change_calendar(self, days_off: int) -> None:
        """Some coming days are no working days."""
        weekdays = [each for each in range(2, 60) if (self._all.today + timedelta(days=each)).weekday() < 5]
        off = [self._all.day(each) for each in weekdays]
        request: Message = directory_pb2.ChangeCalendarRequest(days_off=off[: 3 * days_off : 3])
        assert await self._all.call(self.pair.handover, "ChangeCalendar", request, ADMIN) is not None

    async def end_office(self, office_id: str, successor_id: str) -> None:
        """An office ends; what it holds goes to its successor, or to whoever must see to it."""
        request = directory_pb2.EndOfficeRequest(office_id=office_id, successor_id=successor_id)
        assert await self._all.call(self.pair.handover, "EndOffice", request, ADMIN) is not None, office_id
        self.agencies = [one for one in self.agencies if one != office_id]
        self.facilities = [one for one in self.facilities if one != office_id]


_ABOUT_HOME: Mapping[str, Mapping[str, Any]] = {
    "calm": {},
    "afraid": {"verdict": types.HOME_SAFETY_WARNING_SIGNS, "warning_signs": ["RF15"]},
    "against advice": {"verdict": types.HOME_SAFETY_NOT_SAFE, "against_advice": True},
    "family took part": {"answers": homes.answers(H03="YES")},
}
"""What is decided about a home where all questions are asked; where the family took part, two decide."""
