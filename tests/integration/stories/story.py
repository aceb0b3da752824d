"""A country in which things go wrong, and what its offices see of it."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.errors import HomewardError, PermissionDenied
from services.client.shown.home_story import home_story
from services.client.shown.story import story
from services.client.texts import texts_in
from tests.integration.intake.people import person, submission
from tests.support.country import Country

POST, OTHER_POST = "BP-CN-HUU-NGHI", "BP-CN-MONG-CAI"
CENTRE = "RC-PEACE-HOUSE"
HOME, ELSEWHERE, THIRD = "SA-08", "SA-24", "SA-01"
HER_SUPERVISOR, THEIR_SUPERVISOR, POSTS_SUPERVISOR = "SV-08", "SV-24", "SV-20"
CENTRES_SUPERVISOR, NATION = "SV-01", "SV-NATIONAL"
POLICE, OTHER_POLICE = "VF-20", "VF-24"
ADMIN = "ADMIN-NATIONAL"

A_CALL: Final = timedelta(minutes=1)
"""So much business time passes with each call."""


class Story:
    """A country in which things go wrong."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.people = 0

    # What offices do.

    async def do(self, by: str, method: str, case: str = "", /, **fields: Any) -> Any:
        """A call about a case; a moment later than the one before."""
        self.country.clock.move_by(A_CALL)
        return await self.country.do(by, method, **({"case": case} if case else {}), **fields)

    async def refused(self, call: Awaitable[Any]) -> str:
        """The reason for which a call is refused."""
        with pytest.raises(HomewardError) as refused:
            await call
        return refused.value.reason

    def day(self, offset: int = 0) -> str:
        """A local day so many days from today."""
        return self.country.day(offset)

    async def passes(self, days: int, times: int = 1) -> None:
        """So many days pass, so many times."""
        for _ in range(times):
            await self.country.passes(days)

    async def looks_after_an_end(self) -> None:
        """The looks that handover takes beside its deadlines."""
        handover = self.country.services["handover"]
        for tick in handover.rooms.ticks:
            await tick.look()
        await self.country.quiet("handover")

    # What becomes of people.

    def somebody(self, **changes: Any) -> Any:
        """A woman of her own name."""
        self.people += 1
        return person(f"Nguyễn Thị Ví Dụ {'I' * self.people}", **changes)

    async def submitted(self, *people: Any, by: str = POST, **how: Any) -> list[str]:
        """They are handed over together; their cases."""
        request = submission(*people, at=self.country.clock.now(), **how)
        receipt = (await self.country.call("intake", "SubmitHandover", request, by)).receipt
        return [str(one.case_id) for one in receipt.entries]

    async def registered(self, **changes: Any) -> str:
        """She is handed over."""
        (case,) = await self.submitted(self.somebody(**changes))
        return case

    async def registers_herself(self, office_id: str, **changes: Any) -> str:
        """She reports at an office, perhaps with the number of her case."""
        instant = Timestamp()
        instant.FromDatetime(self.country.clock.now())
        her = changes.pop("person", None) or self.somebody(**changes)
        answer = await self.do(office_id, "RegisterSelfReturn", person=her, route="SELF_RETURN", report_time=instant)
        return str(answer.receipt.entries[0].case_id)

    async def sent(self, case: str, to: str = HOME, by: str = POST) -> str:
        """She left today, and is expected tomorrow."""
        await self.do(by, "DispatchTransfer", case, to_office_id=to, expected_arrival_on=self.day(1))
        return case

    async def planned(self, case: str, to: str = HOME, by: str = POST) -> str:
        """She is to leave tomorrow."""
        days = {"expected_departure_on": self.day(1), "expected_arrival_on": self.day(2)}
        await self.do(by, "PlanTransfer", case, to_office_id=to, **days)
        return case

    async def arrived(self, case: str, by: str = HOME, on: str = "") -> str:
        """She is there."""
        await self.do(by, "AcknowledgeTransfer", case, arrived_on=on)
        return case

    async def at_home(self) -> str:
        """Sent, and there."""
        return await self.arrived(await self.sent(await self.registered()))

    async def in_the_shelter(self) -> str:
        """Sent there, and admitted."""
        return await self.arrived(await self.sent(await self.registered(), CENTRE), CENTRE)

    # What offices see.

    async def custody(self, case: str, by: str = NATION) -> Any:
        """As an office sees it."""
        return (await self.do(by, "GetCustody", case)).custody

    async def number(self, case: str) -> str:
        """The number to say over the telephone."""
        return str((await self.custody(case)).case_number)

    async def stands(self, case: str) -> tuple[str, str]:
        """Phase and accountable office."""
        seen = await self.custody(case)
        return types.CasePhase.Name(seen.phase).removeprefix("CASE_PHASE_"), seen.accountable_office_id

    async def where(self, case: str) -> str:
        """Where she is."""
        latest = (await self.custody(case)).segments[-1]
        return types.CustodyKind.Name(latest.kind).removeprefix("CUSTODY_KIND_")

    async def history(self, case: str, by: str = NATION) -> list[str]:
        """The lines of the whole story of a case, as `case history` shows them."""
        _ = texts_in("en")
        found = (await self.do(by, "ListFollowUps", filter=visits_pb2.FollowUpFilter(case=case))).follow_ups
        home = home_story(await self.do(by, "GetStory", case), _)
        lines = [*story(await self.custody(case, by), found, _), *home]
        return [line.text for line in sorted(lines, key=lambda line: line.at)]

    async def lost(self, by: str = NATION) -> dict[str, str]:
        """Who is searched for, and why."""
        found = (await self.do(by, "ListLost", page_size=200)).searches
        return {one.case_id: types.LostReason.Name(one.reason).removeprefix("LOST_REASON_") for one in found}

    async def overdue(self, by: str) -> dict[str, str]:
        """Whose deadlines passed, and which, over all lists that the office may see."""
        found = {one.case_id: one.rule for one in (await self.do(by, "ListOverdue", page_size=200)).cases}
        try:
            late = (await self.do(by, "ListOverdueFollowUps", page_size=200)).follow_ups
        except PermissionDenied:
            late = []
        return {one.case_id: one.rule for one in late} | found

    async def follow_ups(self, case: str, by: str = NATION) -> dict[str, Any]:
        """By kind."""
        wanted = visits_pb2.FollowUpFilter(case=case, include_done=True)
        found = (await self.do(by, "ListFollowUps", filter=wanted)).follow_ups
        return {types.FollowUpKind.Name(one.kind).removeprefix("FOLLOW_UP_KIND_"): one for one in found}

    async def due_days(self, case: str) -> dict[str, str]:
        """When each follow-up is due."""
        return {kind: one.due_on for kind, one in (await self.follow_ups(case)).items()}

    async def makers(self, case: str) -> set[str]:
        """Who makes her follow-ups."""
        return {one.office_id for one in (await self.follow_ups(case)).values()}

    async def inbox(self, office_id: str, case: str) -> list[Any]:
        """The messages about a case, newest first."""
        found = (await self.do(office_id, "ListMessages", include_read=True, page_size=200, language="en")).messages
        return [one for one in found if one.case_id == case]

    async def kinds(self, office_id: str, case: str) -> list[str]:
        """What an office was told."""
        return [one.kind for one in await self.inbox(office_id, case)]

    async def asked(self, office_id: str, case: str) -> set[str]:
        """What an office is still asked to do about a case; nothing is asked twice."""
        duties = [one.duty for one in await self.inbox(office_id, case) if one.action_required]
        assert len(duties) == len(set(duties)), duties
        return set(duties)


def state(follow_up: visits_pb2.FollowUp) -> str:
    """Its short name."""
    return types.FollowUpState.Name(follow_up.state).removeprefix("FOLLOW_UP_STATE_")
