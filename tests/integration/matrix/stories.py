"""One case in each state that a case can be in, and by what each office has to do with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.roles import Role
from services.handover.domain.errors import ApprovalNeeded
from services.intake.wire import timestamp
from tests.integration.intake.people import person, submission
from tests.support import homes
from tests.support.country import METHODS as CALLS
from tests.support.country import Country, request_of

POST, COMMUNE, CENTRE = "BP-CN-HUU-NGHI", "CM-20-01", "RC-LAO-CAI"
HOME, REJECTING, ONCE, CLAIMED = "SA-08", "SA-01", "SA-15", "SA-24"
OTHER_POST, ENDING, HEIR, POST_AGENCY = "BP-CN-MONG-CAI", "SA-91", "SA-92", "SA-20"
NATION, AUDITOR, ADMIN, POLICE = "SV-NATIONAL", "AUDIT-NATIONAL", "ADMIN-NATIONAL", "VF-20"

REGISTERING: Final = frozenset({"SubmitHandover", "RegisterSelfReturn"})
"""By these a story begins: they need not know what became of others."""
IDS: Final = ("transfer_id", "handover_id", "approval_id", "later_case", "break_glass_id")
"""By what a request names a case, but for its own id or number."""

ROLES: Final[Mapping[Role, str]] = {
    Role.BORDER_POST: "post",
    Role.RECEPTION_CENTRE: "centre",
    Role.SUPPORT_AGENCY: "agency",
    Role.COMMUNE: "commune",
    Role.VERIFIER: "police",
    Role.SUPERVISOR: "supervisor",
    Role.NGO: "NGO",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "administrator",
}
"""What the table calls an office of a role."""

RELATIONS: Final = (
    "accountable",
    "former",
    "addressed",
    "accepted",
    "rejecting",
    "once addressed",
    "claimed",
    "returned at",
    "home",
    "ended",
    "accountable's",
    "received at",
    "national",
    "unrelated",
)
"""What an office has to do with a case. Of supervisors and police: in whose scope lies what. "home": of the province
that is her home, and nothing else. "returned at": registered somebody who is said to be she."""

TURNS: Final[Sequence[Mapping[str, str]]] = (
    {"unrelated post": "BP-KH-HA-TIEN", "unrelated police": "VF-96", "unrelated supervisor": "SV-96"},
    {"unrelated agency": "SA-96", "home police": "VF-08", "national supervisor": "SV-NATIONAL"},
    {"unrelated centre": "RC-AN-GIANG", "home supervisor": "SV-08"},
    {"unrelated commune": "CM-96-01", "home agency": HOME, "unrelated police": "VF-96"},
)
"""Who has nothing to do with a case, or looks from afar. They are asked in turns: about one case these, about the
next case those."""
ALWAYS: Final = {"received at police": POLICE, "unrelated auditor": AUDITOR, "unrelated administrator": ADMIN}
UNRELATED: Final = {
    key: office_id for part in (ALWAYS, *TURNS) for key, office_id in part.items() if key.startswith("unrelated")
}
NO_SUCH_CASE: Final = "no such case"
HOME_UNDECIDED: Final = "home undecided"
ASKED_TO: Final = "SA-19"
"""Where everybody is sent when the methods are asked, if no plan says otherwise."""
GIRL_BORN: Final = "2012-05-01"


def word_of(office_id: str) -> str:
    """What the table calls an office of its role."""
    return ROLES[built_in_directory().office(office_id).role]


@dataclass(frozen=True)
class Story:
    """A case in a state, and by what each office has to do with it."""

    state: str
    case: str
    who: Mapping[str, str]
    """Office ids by "relation role"."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """What else of it a request may name: `transfer_id`, `handover_id` …"""
    only: frozenset[str] = frozenset()
    """Told for the sake of the methods of these names, of these services, or that ask for these fields, alone."""
    alone: bool = False
    """Told for the sake of those who have a part in it: nobody looks on."""


def cast(accountable: str, **parts: str) -> dict[str, str]:
    """Who has a part in a case."""
    named = {"accountable": accountable, **{key.replace("_", " "): office_id for key, office_id in parts.items()}}
    return {f"{relation} {word_of(each)}": each for relation, each in named.items()}


def with_onlookers(who: Mapping[str, str], turn: int) -> Mapping[str, str]:
    """And who has none, in turns."""
    accountable = next(iter(who.values()))
    place = accountable.split("-")[1] if accountable.startswith("SA-") else {CENTRE: "15"}.get(accountable, "20")
    found = {**who, "accountable's supervisor": f"SV-{place}"}
    for key, office_id in {**ALWAYS, **TURNS[turn % len(TURNS)]}.items():
        if office_id not in found.values():
            found[key] = office_id
    return found


def _first(story: Story) -> str:
    return next(iter(story.who.values()))


class Teller:
    """Brings people into every state, in one country."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._names = iter(range(1000))
        self._spoke: set[str] = set()

    async def _call(self, service: str, method: str, request: Any, office_id: str) -> Any:
        """A call. What other services said is heard before it: most of a story happens within one."""
        if self._spoke - {service} and method not in REGISTERING:
            await self._quiet()
        request.request_id = str(uuid.uuid4())
        answer = await self._country.services[service].call(method, request, office_id)
        self._spoke.add(service)
        return answer

    async def _do(self, by: str, method: str, /, **fields: Any) -> Any:
        """A call by its name, as somebody at this office."""
        return await self._call(CALLS[method][0], method, request_of(method, **fields), by)

    async def _quiet(self) -> None:
        await self._country.quiet()
        self._spoke.clear()

    async def told(self) -> tuple[Story, ...]:
        """All stories, on one day. Those first that take long: nothing else may become overdue meanwhile."""
        old = [await self._lost("lost"), await self._claimed(), await self._closed("closed long ago")]
        await self._quiet()
        await self._country.passes(40)
        await self._do(POST, "ResolveSearch", **self._found(old[1].case))
        young = [
            await self._registered(),
            *[await self._self_returned(office_id) for office_id in (COMMUNE, POST_AGENCY, CENTRE)],
            await self._identified(),
            await self._planned(),
            await self._under_way(),
            await self._accepted(),
            await self._sent_on(),
            await self._rejected(),
            await self._not_arrived(),
            await self._arrived(),
            await self._admitted(),
            await self._discharged(),
            await self._followed_up(),
            await self._said_to_be_back(),
            await self._closed("closed"),
            await self._withdrawn(),
            await self._approval_asked(),
            await self._glass_broken(),
            await self._home_undecided(),
            await self._office_ended(),
            Story(NO_SUCH_CASE, format_case_number(99), UNRELATED),
        ]
        await self._quiet()
        told = [await self._complete(each, turn) for turn, each in enumerate((*old, *young))]
        for each in told:
            if each.state not in (NO_SUCH_CASE, HOME_UNDECIDED):
                # Wherever she may be sent from now on, somebody has said that she may.
                await self._country.home_checked(_first(each), each.case, each.ids.get("to_office_id", ASKED_TO))
        return tuple(replace(each, ids={**each.ids, "other_case": self._other_of(each, told)}) for each in told)

    @staticmethod
    def _other_of(story: Story, told: Sequence[Story]) -> str:
        """The case of another person for whom the same office answers."""
        answers_for = {each.case for each in told if _first(each) == _first(story) and each.state != "withdrawn"}
        return next(iter(sorted(answers_for - {story.case})), str(uuid.uuid4()))

    async def _complete(self, story: Story, turn: int) -> Story:
        """With the ids by which a request may name it, and who looks on."""
        found = dict(story.ids)
        [*handovers] = await self._country.rows(
            "intake",
            "SELECT handover_id::text AS id FROM intake_case WHERE id::text = :case AND handover_id IS NOT NULL",
            case=story.case,
        )
        [*transfers] = await self._country.rows(
            "handover",
            "SELECT id::text AS id FROM transfer WHERE case_id::text = :case ORDER BY id DESC LIMIT 1",
            case=story.case,
        )
        found |= {key: row.id for key, rows in (("handover_id", handovers), ("transfer_id", transfers)) for row in rows}
        if story.state == NO_SUCH_CASE:
            return replace(story, ids=dict.fromkeys(IDS, str(uuid.uuid4())))
        who = story.who if story.alone else with_onlookers(story.who, turn)
        return replace(story, who=who, ids=found)

    # What becomes of people.

    def _person(self, **changes: Any) -> Any:
        return person(f"Nguyễn Thị Ví Dụ {next(self._names)}", **changes)

    async def handed_over(self) -> str:
        """Somebody is registered at a border post; her case."""
        request = submission(self._person(), at=self._country.clock.now())
        return str((await self._call("intake", "SubmitHandover", request, POST)).receipt.entries[0].case_id)

    async def _send(self, case: str, sender: str, to: str) -> None:
        day = self._country.day()
        if to.startswith("SA-"):
            await self._quiet()
            await self._country.home_checked(sender, case, to)
        await self._do(sender, "DispatchTransfer", case=case, to_office_id=to, departed_on=day, expected_arrival_on=day)

    async def _on_the_way(self, sender: str = POST) -> str:
        """Rejected by one, recalled from another, now on the way to a third."""
        case = await self.handed_over()
        await self._send(case, sender, REJECTING)
        await self._do(REJECTING, "RejectTransfer", case=case, reason="NOT_RESIDENT")
        await self._send(case, sender, ONCE)
        await self._do(sender, "RecallTransfer", case=case)
        await self._send(case, sender, HOME)
        return case

    async def _at_home(self) -> str:
        case = await self._on_the_way()
        await self._do(HOME, "AcknowledgeTransfer", case=case, arrived_on=self._country.day())
        return case

    async def _in_the_centre(self) -> str:
        case = await self.handed_over()
        await self._send(case, POST, CENTRE)
        await self._do(CENTRE, "AcknowledgeTransfer", case=case, arrived_on=self._country.day())
        return case

    # The states.

    async def _registered(self) -> Story:
        case = await self.handed_over()
        return Story("registered", case, cast(POST))

    async def _self_returned(self, office_id: str) -> Story:
        request = request_of(
            "RegisterSelfReturn",
            person=self._person(),
            route="SELF_RETURN",
            report_time=timestamp(self._country.clock.now()),
        )
        answer = await self._call("intake", "RegisterSelfReturn", request, office_id)
        return Story("registered", answer.receipt.entries[0].case_id, cast(office_id), alone=True)

    async def _identified(self) -> Story:
        case = await self.handed_over()
        await self._do(
            POLICE,
            "DecideIdentification",
            case=case,
            status="IDENTIFIED",
            decided_on=self._country.day(),
            grounds=["FORCED_MARRIAGE"],
        )
        await self._country.do(POST, "GetCase", case=case, include_identity=True, purpose="RECEIVE")
        return Story("identified", case, cast(POST), only=frozenset({"intake"}))

    async def _planned(self) -> Story:
        case = await self.handed_over()
        days = {"expected_departure_on": self._country.day(1), "expected_arrival_on": self._country.day(2)}
        for to in (ONCE, HOME):
            await self._do(POST, "PlanTransfer", case=case, to_office_id=to, supersede=True, **days)
        return Story("planned", case, cast(POST, addressed=HOME, once_addressed=ONCE), {"to_office_id": HOME})

    async def _under_way(self) -> Story:
        case = await self._on_the_way()
        return Story("under way", case, cast(POST, addressed=HOME, rejecting=REJECTING, once_addressed=ONCE))

    async def _accepted(self) -> Story:
        case = await self._on_the_way()
        await self._do(HOME, "AcceptTransfer", case=case)
        return Story("accepted", case, cast(POST, accepted=HOME, rejecting=REJECTING, once_addressed=ONCE))

    async def _sent_on(self) -> Story:
        case = await self._in_the_centre()
        await self._send(case, CENTRE, HOME)
        return Story("sent on", case, cast(CENTRE, former=POST, addressed=HOME), alone=True)

    async def _rejected(self) -> Story:
        case = await self._on_the_way()
        await self._do(HOME, "RejectTransfer", case=case, reason="NOT_RESIDENT")
        return Story("rejected", case, cast(POST, rejecting=HOME, once_addressed=ONCE))

    async def _not_arrived(self) -> Story:
        case = await self._on_the_way()
        await self._do(HOME, "ReportNotArrived", case=case)
        return Story("not arrived", case, cast(POST, rejecting=HOME, once_addressed=ONCE), alone=True)

    async def _lost(self, state: str) -> Story:
        case = await self._on_the_way()
        return Story(state, case, cast(POST, addressed=HOME, rejecting=REJECTING, once_addressed=ONCE))

    async def _claimed(self) -> Story:
        parts = {"addressed": HOME, "rejecting": REJECTING, "once_addressed": ONCE, "claimed": CLAIMED}
        return Story("claimed", await self._on_the_way(), cast(POST, **parts))

    def _found(self, case: str) -> dict[str, Any]:
        return {"case": case, "resolution": "FOUND", "office_id": CLAIMED, "on": self._country.day()}

    async def _arrived(self) -> Story:
        """Followup has not heard of it."""
        case = await self._on_the_way()
        await self._quiet()
        followup = self._country.services.pop("followup")
        await self._do(HOME, "AcknowledgeTransfer", case=case, arrived_on=self._country.day())
        await self._quiet()
        self._country.services["followup"] = followup
        return Story("arrived", case, cast(HOME, former=POST, rejecting=REJECTING, once_addressed=ONCE), alone=True)

    async def _admitted(self) -> Story:
        return Story("admitted", await self._in_the_centre(), cast(CENTRE, former=POST))

    async def _discharged(self) -> Story:
        case = await self._in_the_centre()
        days = {"expected_departure_on": self._country.day(1), "expected_arrival_on": self._country.day(2)}
        await self._do(CENTRE, "PlanTransfer", case=case, to_office_id=HOME, **days)
        await self._do(
            CENTRE,
            "DischargePerson",
            case=case,
            destination="PLANNED_TRANSFER",
            discharged_on=self._country.day(),
        )
        return Story("discharged", case, cast(CENTRE, former=POST, addressed=HOME), {"to_office_id": HOME})

    async def _followed_up(self) -> Story:
        case = await self._at_home()
        await self._do(HOME, "RecordContact", case=case, outcome="REACHED", contacted_on=self._country.day())
        return Story("followed up", case, cast(HOME, former=POST, rejecting=REJECTING, once_addressed=ONCE))

    async def _said_to_be_back(self) -> Story:
        case = await self._at_home()
        await self._quiet()
        [row] = await self._country.rows(
            "handover", "SELECT case_number FROM custody WHERE case_id::text = :case", case=case
        )
        again = submission(self._person(earlier_case=row.case_number), at=self._country.clock.now())
        answer = await self._call("intake", "SubmitHandover", again, OTHER_POST)
        later = {"later_case": answer.receipt.entries[0].case_id}
        return Story(
            "said to be back",
            case,
            cast(HOME, former=POST, returned_at=OTHER_POST),
            later,
            frozenset({"later_case", "ListReturns", "GetCustody"}),
        )

    async def _closed(self, state: str) -> Story:
        case = await self._at_home()
        await self._do(HOME, "CloseCase", case=case, reason="ASKED_TO_STOP", on=self._country.day())
        return Story(state, case, cast(HOME, former=POST, rejecting=REJECTING, once_addressed=ONCE))

    async def _withdrawn(self) -> Story:
        case = await self.handed_over()
        await self._do(POST, "WithdrawCase", case=case, reason="REGISTERED_BY_MISTAKE")
        return Story("withdrawn", case, cast(POST))

    async def _approval_asked(self) -> Story:
        """The post asks to close whom it searches for, or has sent: that takes a second person."""
        case = await self._on_the_way()
        request = request_of("CloseCase", case=case, reason="DIED", on=self._country.day())
        try:
            await self._call("handover", "CloseCase", request, POST)
        except ApprovalNeeded as waits:
            asked = {"approval_id": waits.details["approval_id"]}
        return Story("approval asked", case, cast(POST, addressed=HOME), asked, frozenset({"approval_id"}))

    async def _glass_broken(self) -> Story:
        """A supervisor opened the record of somebody in danger."""
        case = await self.handed_over()
        answer = await self._country.do("SV-20", "OpenBreakGlass", case=case, reason="DANGER")
        opened = {"break_glass_id": answer.break_glass.break_glass_id}
        asked = frozenset({"break_glass_id", "ListBreakGlass"})
        return Story("glass broken", case, cast(POST), opened, asked)

    async def _home_undecided(self) -> Story:
        """A post named a guardian for a girl: a second person is awaited."""
        girl = self._person(birth_date=GIRL_BORN)
        request = submission(girl, at=self._country.clock.now())
        case = str((await self._call("intake", "SubmitHandover", request, POST)).receipt.entries[0].case_id)
        await self._quiet()
        row = homes.short_check(case, HOME)
        await self._country.services["followup"].call(
            "RecordShortChecks", homes.short_checks(row), POST, subject="the first person"
        )
        return Story(HOME_UNDECIDED, case, cast(POST), only=frozenset({"ConfirmHomeSafety", "GetHomeSafety"}))

    async def _office_ended(self) -> Story:
        case = await self.handed_over()
        await self._send(case, POST, ENDING)
        await self._do(ENDING, "AcknowledgeTransfer", case=case, arrived_on=self._country.day())
        await self._quiet()
        await self._country.do(ADMIN, "EndOffice", office_id=ENDING, successor_id=HEIR, ended_on=self._country.day(-1))
        return Story("taken over", case, cast(HEIR, former=POST, ended=ENDING), alone=True)
