"""Three years in which nobody does anything: inboxes ask for what is to be done, and for nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from homeward.handover.v1 import open_cases_pb2, stays_pb2, transfers_pb2
from homeward.intake.v1 import identification_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.intake.people import person, submission
from tests.support.clocks import FakeClock
from tests.support.country import Country as Everywhere
from tests.support.country import country_of
from tests.support.fixtures import ChassisFor, ServiceDatabase

POST, CENTRE, HOME = "BP-CN-HUU-NGHI", "RC-LAO-CAI", "SA-22"
POLICE, NATION = "VF-20", "SV-NATIONAL"
WEEK = 7

# What is to be done in the country, by case, as the services that watch it have it.
TO_BE_SENT = """
    SELECT case_id::text, CASE
        WHEN phase = 'SEARCH' THEN 'SEARCH'
        WHEN phase = 'ADMITTED' THEN 'END_STAY'
        WHEN phase = 'IN_TRANSIT' THEN 'CHASE_ANSWER'
        ELSE 'SEND_ON' END AS duty
    FROM custody WHERE phase IN ('SEARCH', 'ADMITTED', 'IN_TRANSIT', 'REGISTERED', 'REJECTED', 'DISCHARGED')
"""
TO_BE_ANSWERED = """
    SELECT case_id::text, CASE state WHEN 'PLANNED' THEN 'RECEIVE' ELSE 'ACKNOWLEDGE' END AS duty
    FROM transfer WHERE state IN ('PLANNED', 'DISPATCHED')
    UNION ALL SELECT t.case_id::text, 'ACKNOWLEDGE' FROM transfer t JOIN custody c USING (case_id)
    WHERE t.state = 'PLANNED' AND c.phase = 'SEARCH'
"""
TO_BE_LOOKED_AFTER = """
    SELECT case_id::text, 'FOLLOW_UP' AS duty FROM follow_up WHERE state = 'OPEN' AND stage IN ('DUE', 'OVERDUE')
    UNION ALL SELECT case_id::text, 'CONTACT_FIRST' FROM followup_case WHERE contact_asked_on IS NOT NULL
    UNION ALL SELECT case_id::text, 'DECIDE_CLOSING' FROM followup_case WHERE decision_open
"""
TO_BE_DONE_BY_LAW = """
    SELECT case_id::text, 'DECIDE_IDENTIFICATION' AS duty FROM undecided
    UNION ALL SELECT case_id::text, 'TAKE_LEGAL_STEP' FROM legal_step WHERE state = 'ASKED'
"""
ASKED = """
    SELECT office_id, case_id::text, duty, about FROM message WHERE duty IS NOT NULL AND done_at IS NULL
"""


class Country(Everywhere):
    """With what becomes of people in it."""

    # What becomes of people.

    async def registered(self) -> str:
        """Somebody is handed over."""
        request = submission(person(), at=self.clock.now())
        receipt = (await self.call("intake", "SubmitHandover", request, POST)).receipt
        return str(receipt.entries[0].case_id)

    async def sent(self, case: str, to_office_id: str = HOME, sender: str = POST) -> str:
        """She leaves today, and is expected tomorrow."""
        request = transfers_pb2.DispatchTransferRequest(
            case=case, to_office_id=to_office_id, departed_on=self.day(), expected_arrival_on=self.day(1)
        )
        await self.call("handover", "DispatchTransfer", request, sender)
        return case

    async def arrived(self, case: str, office_id: str = HOME) -> str:
        """She is there."""
        request = transfers_pb2.AcknowledgeTransferRequest(case=case, arrived_on=self.day())
        await self.call("handover", "AcknowledgeTransfer", request, office_id)
        return case

    async def planned(self, case: str, sender: str = POST) -> str:
        """She is to leave tomorrow."""
        request = transfers_pb2.PlanTransferRequest(
            case=case, to_office_id=HOME, expected_departure_on=self.day(1), expected_arrival_on=self.day(2)
        )
        await self.call("handover", "PlanTransfer", request, sender)
        return case

    async def answered(self, method: str, case: str, **how: Any) -> str:
        """The addressed office answers, but not that she arrived."""
        request = getattr(transfers_pb2, f"{method}Request")(case=case, **how)
        await self.call("handover", method, request, HOME)
        return case

    async def discharged(self, case: str) -> str:
        """She leaves the centre towards the office of a plan."""
        request = stays_pb2.DischargePersonRequest(
            case=case, destination=types.DISCHARGE_DESTINATION_PLANNED_TRANSFER, discharged_on=self.day()
        )
        await self.call("handover", "DischargePerson", request, CENTRE)
        return case

    # What is to be done, and what is asked.

    async def to_do(self) -> Counter[tuple[str, str]]:
        """What is to be done, by case and duty."""
        asked = (("handover", TO_BE_SENT), ("handover", TO_BE_ANSWERED), ("followup", TO_BE_LOOKED_AFTER))
        found: Counter[tuple[str, str]] = Counter()
        for service, sql in (*asked, ("intake", TO_BE_DONE_BY_LAW)):
            found.update(tuple(row) for row in await self.services[service].rows(sql))
        return found

    async def asked(self) -> dict[str, list[tuple[str, str, str]]]:
        """What the inbox of each office asks for."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for row in await self.services["notify"].rows(ASKED):
            found.setdefault(row.office_id, []).append((row.case_id, row.duty, row.about))
        return found

    async def ask_for_no_more_than_is_to_be_done(self) -> None:
        """In no inbox."""
        to_do = await self.to_do()
        for office_id, asked in (await self.asked()).items():
            assert len(set(asked)) == len(asked), f"{office_id} is asked twice for one thing"
            by_duty = Counter((case, duty) for case, duty, _ in asked)
            assert by_duty <= to_do, (office_id, by_duty - to_do)


@pytest.fixture
def country(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Country:
    """Nobody is in it yet."""
    everywhere = country_of(service_database, chassis_for, clock)
    return Country(clock, everywhere.services, everywhere.neighbours)


async def people_in_every_phase(country: Country) -> list[str]:
    """A dozen of them."""
    rejected = {"reason": types.REJECT_REASON_NOT_RESIDENT}
    in_the_centre = await country.arrived(await country.sent(await country.registered(), CENTRE), CENTRE)
    leaving = await country.arrived(await country.sent(await country.registered(), CENTRE), CENTRE)
    cases = [
        await country.registered(),
        await country.registered(),
        await country.planned(await country.registered()),
        await country.sent(await country.registered()),
        await country.answered("AcceptTransfer", await country.sent(await country.registered())),
        await country.answered("RejectTransfer", await country.sent(await country.registered()), **rejected),
        await country.answered("RejectTransfer", await country.planned(await country.registered()), **rejected),
        in_the_centre,
        await country.discharged(await country.planned(leaving, CENTRE)),
        await country.arrived(await country.sent(await country.registered())),
        await country.arrived(await country.sent(await country.registered())),
    ]
    late = await country.sent(await country.registered())
    await country.passes(1)
    cases.append(await country.answered("ReportNotArrived", late))
    return cases


@pytest.mark.timeout(600)
async def test_three_years_of_neglect_leave_short_lists(country: Country) -> None:
    cases = await people_in_every_phase(country)
    assert len(cases) == 12
    # Each round of every rule in the first months; later every tenth week is enough.
    for days in (*[WEEK] * 15, *[10 * WEEK] * 14):
        await country.passes(days)
        await country.ask_for_no_more_than_is_to_be_done()

    asked = await country.asked()
    # Everybody is asked for by somebody, and the nation knows of everybody.
    assert {case for found in asked.values() for case, _, _ in found} == set(cases)
    assert {case for case, _, _ in asked[NATION]} == set(cases)
    assert {(case, duty) for case, duty, _ in asked[POLICE]} == {(case, "DECIDE_IDENTIFICATION") for case in cases}
    assert len(asked[NATION]) <= 3 * len(cases)
    [(total,)] = await country.services["notify"].rows("SELECT count(*) FROM message")
    assert total <= 20 * len(cases), "a message for each thing to be done, and not for each time somebody was reminded"

    # Whoever was never sent on is searched for; who stays too long is in the list of what is overdue.
    phases = Counter(row.phase for row in await country.services["handover"].rows("SELECT phase FROM custody"))
    assert phases == {"SEARCH": 9, "ADMITTED": 1, "FOLLOW_UP": 2}
    request = open_cases_pb2.ListOverdueRequest(page_size=200)
    listed = (await country.call("handover", "ListOverdue", request, NATION)).cases
    assert len(listed) == phases["SEARCH"] + phases["ADMITTED"]

    # What is done is asked no more.
    for case in cases:
        decision = identification_pb2.DecideIdentificationRequest(
            case=case, status=types.IDENTIFICATION_STATUS_DECLINED, decided_on=country.day()
        )
        await country.call("intake", "DecideIdentification", decision, POLICE)
    await country.sent(cases[0])
    await country.arrived(cases[0])
    asked = await country.asked()
    assert POLICE not in asked
    by_law = {duty for found in asked.values() for _, duty, _ in found}
    assert not by_law & {"DECIDE_IDENTIFICATION", "TAKE_LEGAL_STEP"}, "who declines is told to nobody"
    assert cases[0] not in {case for found in asked.values() for case, _, _ in found}
    await country.ask_for_no_more_than_is_to_be_done()
