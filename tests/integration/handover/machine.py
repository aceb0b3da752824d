"""Any sequence of commands, events, deaths and jumps of the clock, over the real services on real databases.

After each step the promise is looked up in the databases: one accountable office, one watched deadline of the right
rule for the phase, at most one open transfer, a chain of custody without a gap.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from google.protobuf.message import Message
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from homeward.events.v1 import handover_pb2, identification_pb2, notification_pb2
from homeward.followup.v1 import contacts_pb2, entries_pb2, visits_pb2
from homeward.handover.v1 import (
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.chassis.telemetry.failpoint import FailpointReached, arm
from services.handover.application.open_cases import fold_changes
from services.handover.domain.errors import AskedForAlready
from services.handover.domain.families import Whereabouts, apart, is_over
from services.handover.domain.words import Phase
from tests.support import homes
from tests.support.pair import Loop, Pair, Service

POST, OTHER_POST = "BP-CN-MONG-CAI", "BP-CN-HUU-NGHI"
CENTRE, SHELTER = "RC-SOCIAL-22", "RC-PEACE-HOUSE"
HOME, ELSEWHERE, THIRD = "SA-22", "SA-01", "SA-15"
NATION, ADMIN = "SV-NATIONAL", "ADMIN-NATIONAL"
SECOND = "another person"
OFFICES = (POST, CENTRE, SHELTER, HOME, ELSEWHERE, THIRD, NATION)
KEEPERS = (HOME, ELSEWHERE, THIRD)
"""Who may make follow-ups."""
RECEIVERS = (HOME, HOME, ELSEWHERE, THIRD, CENTRE, SHELTER)
ENDS = ((THIRD, ELSEWHERE), (CENTRE, ""))
"""What may end, and who takes over."""
LEFT = (types.CLOSE_REASON_LEFT_ON_HER_OWN, types.CLOSE_REASON_LEFT_AREA)
CASES_MAX = 3

F = TypeVar("F", bound=Callable[..., None])

RULES_OF: dict[str, tuple[str, ...]] = {
    "REGISTERED": ("DISPATCH_DUE",),
    "IN_TRANSIT": ("TRANSFER_ACKNOWLEDGE", "TRANSFER_LOST"),
    "REJECTED": ("REDISPATCH_AFTER_REJECT",),
    "SEARCH": ("SEARCH_ESCALATE",),
    "ARRIVED": ("OBLIGATIONS_CONFIRM",),
    "ADMITTED": (
        "FACILITY_STAY_ASSESSMENT_CENTRE",
        "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE",
        "FACILITY_STAY_SHELTER",
        "FACILITY_STAY_ESCALATE",
    ),
    "DISCHARGED": ("DISPATCH_AFTER_DISCHARGE",),
    "FOLLOW_UP": (),
    "CLOSED": (),
    "WITHDRAWN": (),
}
"""The deadline that handover may watch in each phase."""
ENDED = ("CLOSED", "WITHDRAWN")

RELATIVES = """
    SELECT c.case_id, c.phase, c.accountable_office_id AS office_id, t.to_office_id AS to_id,
           t.state = 'DISPATCHED' AS under_way,
           o.case_id AS other_id, o.phase AS other_phase, o.accountable_office_id AS other_office_id,
           u.to_office_id AS other_to_id, u.state = 'DISPATCHED' AS other_left,
           ARRAY(SELECT p.reason FROM parting p WHERE p.case_id = c.case_id AND p.other_case_id = o.case_id
                 AND p.reunited_at IS NULL) AS reasons
    FROM relative r
    JOIN relative b ON b.case_id = r.other_case_id AND b.other_case_id = r.case_id
    JOIN custody c ON c.case_id = r.case_id
    JOIN custody o ON o.case_id = r.other_case_id
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    LEFT JOIN transfer u ON u.case_id = o.case_id AND u.state IN ('PLANNED', 'DISPATCHED')
    WHERE r.case_id < r.other_case_id AND r.keep_together AND b.keep_together
"""

STANDS = """
    SELECT c.case_id, c.phase, c.accountable_office_id AS office_id, c.segment, c.followup_watches, c.arrivals,
           c.watch_rule, c.watch_due_on, o.rule, o.due_on, o.is_primary,
           (SELECT count(*) FROM obligation x WHERE x.case_id = c.case_id AND x.state = 'ARMED') AS armed,
           (SELECT count(*) FROM obligation x WHERE x.case_id = c.case_id AND x.state = 'ARMED' AND x.is_primary)
               AS primaries,
           (SELECT count(*) FROM transfer x WHERE x.case_id = c.case_id AND x.state IN ('PLANNED', 'DISPATCHED'))
               AS open_transfers,
           (SELECT count(*) FROM search x WHERE x.case_id = c.case_id AND x.resolved_at IS NULL) AS searches,
           s.office_id AS search_office_id, t.state AS transfer_state, t.from_office_id, t.to_office_id,
           (SELECT array_agg(x.office_id ORDER BY x.number) FROM custody_segment x WHERE x.case_id = c.case_id)
               AS segment_offices,
           (SELECT bool_and(x.ended_at IS NOT DISTINCT FROM n.started_at OR n.cause = 'REOPENED') FROM custody_segment x
            LEFT JOIN custody_segment n ON n.case_id = x.case_id AND n.number = x.number + 1
            WHERE x.case_id = c.case_id AND x.number < c.segment) IS NOT FALSE AS chained,
           (SELECT x.ended_at IS NULL FROM custody_segment x WHERE x.case_id = c.case_id AND x.number = c.segment)
               AS last_is_open
    FROM custody c
    LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED'
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    LEFT JOIN search s ON s.case_id = c.case_id AND s.resolved_at IS NULL
    ORDER BY c.case_number
"""
CLAIMED = """
    SELECT f.office_id FROM search s JOIN found_claim f ON f.search_id = s.id
    WHERE s.case_id = :case AND f.state = 'STANDING'
"""
GAPS = """
    SELECT topic, subject FROM outbox WHERE topic NOT LIKE '%.quarantine'
    GROUP BY topic, subject HAVING max(version) <> count(*) OR min(version) <> 1
"""
LATEST_PLAN = """
    SELECT event_id FROM outbox WHERE subject = :case AND type = 'homeward.events.v1.TransferPlanned'
    UNION ALL SELECT event_id FROM outbox WHERE subject = :case AND type = 'homeward.events.v1.TransferDispatched'
    LIMIT 1
"""
WATCHED_BY_FOLLOWUP = """
    SELECT c.case_id, c.phase, c.office_id, c.keeper_id, c.search_reason,
           (SELECT count(*) FROM obligation o WHERE o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary)
               AS primaries
    FROM followup_case c
"""

CASE = st.integers(0, CASES_MAX - 1)
WHO = st.one_of(st.none(), st.none(), st.none(), st.sampled_from(OFFICES))
"""None: the office whose business it is."""
HOW = st.sampled_from(("once", "once", "once", "once", "twice", "dies"))
"""A call comes once, twice with one request id, or its process dies before the commit and the call comes again."""
AGO = st.sampled_from((None, None, None, None, 0, 1, 5, -1))
TO = st.sampled_from(RECEIVERS)


@dataclass(frozen=True)
class Known:
    """A case as handover's database has it before a step."""

    id: uuid.UUID
    phase: str
    office_id: str
    transfer_state: str | None
    to_office_id: str | None

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.phase not in ENDED

    @property
    def can_leave(self) -> bool:
        """She is somewhere."""
        return self.is_open and self.transfer_state != "DISPATCHED"

    @property
    def is_expected(self) -> bool:
        """A transfer is open."""
        return self.transfer_state is not None

    @property
    def is_under_way(self) -> bool:
        """She left, and nobody has answered."""
        return self.transfer_state == "DISPATCHED"

    @property
    def is_at_facility(self) -> bool:
        """A facility answers for her."""
        return self.is_open and self.office_id in (CENTRE, SHELTER)


def some(of: str) -> Callable[[F], F]:
    """A rule for a moment at which there is such a case: the name of a property of Known, or a phase."""
    decorator: Callable[[F], F] = precondition(lambda self: bool(self.those(of)))
    return decorator


class CaseMachine(RuleBasedStateMachine):
    """Some people on their way home, and everything that can happen to them."""

    pair: Pair
    run: Loop

    def __init__(self) -> None:
        super().__init__()
        self.registered: list[uuid.UUID] = []
        self.ended: set[uuid.UUID] = set()
        self.offices_ended: set[str] = set()
        self.decided = 0
        self.cases: list[Known] = []

    @property
    def handover(self) -> Service:
        """The service that is watched most."""
        return self.pair.handover

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.pair.clock.now())

    def day(self, offset: int) -> str:
        """A local day so many days from today."""
        return (self.today + timedelta(days=offset)).isoformat()

    def ago(self, days: int | None) -> str:
        """A day that lies so many days back; empty for none."""
        return "" if days is None else self.day(-days)

    # What a step is made of.

    def those(self, of: str) -> list[Known]:
        """The cases that are so: the name of a property of Known, or a phase."""
        return [case for case in self.cases if case.phase == of or getattr(case, of, False) is True]

    def one(self, number: int, of: str) -> Known:
        """One of those."""
        cases = self.those(of)
        return cases[number % len(cases)]

    def call(
        self,
        service: Service,
        method: str,
        request: Any,
        office_id: str,
        how: str = "once",
        subject: str | None = None,
    ) -> Any:
        """A call, in one of the ways in which calls come; None when it is refused."""
        request.request_id = str(uuid.uuid4())
        if how == "dies":
            self.dies(service, method, request, office_id, subject)
        try:
            answer = self.run(service.call(method, request, office_id, subject=subject))
        except HomewardError:
            return None
        if how == "twice":
            before = self.run(service.contents())
            assert self.run(service.call(method, request, office_id, subject=subject)) == answer
            assert self.run(service.contents()) == before, "a request that came again changed something"
        return answer

    def dies(self, service: Service, method: str, request: Any, office_id: str, subject: str | None = None) -> None:
        """The process dies before the commit: nothing of it stays."""
        before = self.run(service.contents())
        arm("unit.before_commit:raise")
        try:
            self.run(service.call(method, request, office_id, subject=subject))
        except (FailpointReached, HomewardError):
            pass
        finally:
            arm("")
        assert self.run(service.contents()) == before, "something stayed of what was never committed"

    def ask(self, method: str, request: Any, case: Known, who: str | None, how: str, *, addressed: bool = False) -> Any:
        """A call about a case by the office whose business it is, or by another."""
        request.case = str(case.id)
        right = (case.to_office_id or HOME) if addressed else case.office_id
        return self.call(self.handover, method, request, who or right, how)

    def checked(self, case: Known, to_office_id: str) -> None:
        """She was asked about that home, and may go: what followup tells of it is no part of these stories."""
        self.run(self.handover.execute(homes.may_go(case.id, case.office_id, to_office_id)))

    # Intake.

    @initialize()
    def begin(self) -> None:
        """Somebody is handed over."""
        self.run(self.pair.handover.empty())
        self.run(self.pair.followup.empty())
        self.register(POST, earlier=None)
        self.all_is_quiet()

    @precondition(lambda self: len(self.registered) < CASES_MAX)
    @rule(
        office_id=st.sampled_from((POST, POST, OTHER_POST, CENTRE, HOME, ELSEWHERE)),
        earlier=st.sampled_from((None, None, 0, 1)),
        match=st.sampled_from(("LIKELY", "LIKELY", "UNLIKELY", "UNKNOWN")),
    )
    def register(self, office_id: str, earlier: int | None, match: str = "LIKELY") -> None:
        """An office registers a person, perhaps one who was registered before; the news are on their way."""
        # The same in every run: a story that fails must fail again when it is told again.
        case_id = uuid.UUID(int=len(self.registered) + 1)
        event = handover_pb2.CaseRegistered(
            case_id=str(case_id),
            case_number=format_case_number(len(self.registered) + 1),
            handover_id=str(uuid.uuid4()),
            receiving_office_id=office_id,
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=types.AGE_BAND_ADULT,
        )
        if earlier is not None and earlier < len(self.registered):
            event.earlier_case_id = str(self.registered[earlier])
            event.earlier_case_match = types.EarlierCaseMatch.Value(f"EARLIER_CASE_MATCH_{match}")
        event.register_time.FromDatetime(self.pair.clock.now())
        event.handover_time.FromDatetime(self.pair.clock.now())
        self.registered.append(case_id)
        self.pair.intake_says(case_id, event)

    @rule(number=CASE, seldom=st.integers(0, 5))
    def withdraw(self, number: int, seldom: int) -> None:
        """The post withdraws its registration; seldom, for it ends most stories."""
        if seldom == 0 and number < len(self.registered):
            case_id = self.registered[number]
            self.pair.intake_says(case_id, handover_pb2.CaseWithdrawn(case_id=str(case_id)))

    @rule(
        later=CASE,
        earlier=st.one_of(st.none(), CASE),
        match=st.sampled_from(("LIKELY", "UNLIKELY")),
        seldom=st.integers(0, 2),
    )
    def corrected(self, later: int, earlier: int | None, match: str, seldom: int) -> None:
        """The post corrects the number of the earlier case, or takes it out."""
        if seldom or later >= len(self.registered) or (earlier or 0) >= len(self.registered):
            return
        event = handover_pb2.CaseCorrected(
            case_id=str(self.registered[later]),
            age_band=types.AGE_BAND_ADULT,
            fields=["earlier_case"],
            earlier_case_told=True,
            earlier_case_id="" if earlier is None else str(self.registered[earlier]),
            earlier_case_match=types.EarlierCaseMatch.Value(f"EARLIER_CASE_MATCH_{match}"),
        )
        self.pair.intake_says(self.registered[later], event)

    @rule(
        earlier=CASE,
        later=CASE,
        what=st.sampled_from(("Confirm", "Confirm", "Deny", "Undo")),
        who=st.sampled_from((None, None, NATION, HOME)),
        how=HOW,
    )
    def return_decided(self, earlier: int, later: int, what: str, who: str | None, how: str) -> None:
        """Whoever answers for the earlier case says whether it is she; a supervisor takes it back."""
        known = {case.id: case for case in self.cases}
        if max(earlier, later) >= len(self.registered) or self.registered[earlier] not in known:
            return
        case = known[self.registered[earlier]]
        request: Any = getattr(returns_pb2, f"{what}ReappearanceRequest")(later_case=str(self.registered[later]))
        self.ask(f"{what}Reappearance", request, case, NATION if what == "Undo" else who, how)

    @precondition(lambda self: len(self.registered) > 1)
    @rule(number=CASE, what=st.sampled_from(("together", "together", "may part", "none")))
    def relatives(self, number: int, what: str) -> None:
        """Intake says of two people that they must not be parted, may be, or are no relatives; of both, one by one."""
        one = self.registered[number % len(self.registered)]
        other = self.registered[(number + 1) % len(self.registered)]
        for case_id, other_id in ((str(one), str(other)), (str(other), str(one))):
            event: Message = handover_pb2.FamilyUnlinked(case_id=case_id, other_case_id=other_id)
            if what != "none":
                relative = handover_pb2.Relative(case_id=other_id, keep_together=what == "together")
                event = handover_pb2.FamilyLinked(case_id=case_id, relative=relative)
            self.pair.intake_says(uuid.UUID(case_id), event)

    # The accountable office.

    @some("can_leave")
    @rule(number=CASE, to=TO, leave=st.integers(-1, 3), days=st.integers(-1, 3), anew=st.booleans(), who=WHO, how=HOW)
    def plan(self, number: int, to: str, leave: int, days: int, anew: bool, who: str | None, how: str) -> None:
        """Send her on, later; in the place of a plan, too."""
        request = transfers_pb2.PlanTransferRequest(
            to_office_id=to,
            expected_departure_on=self.day(leave),
            expected_arrival_on=self.day(leave + days),
            supersede=anew,
        )
        self.ask("PlanTransfer", request, self.one(number, "can_leave"), who, how)

    @some("can_leave")
    @rule(number=CASE, to=TO, as_planned=st.booleans(), ago=AGO, ahead=st.integers(0, 9), who=WHO, how=HOW)
    def dispatch(
        self, number: int, to: str, as_planned: bool, ago: int | None, ahead: int, who: str | None, how: str
    ) -> None:
        """She left."""
        case = self.one(number, "can_leave")
        planned = case.is_expected and as_planned
        self.checked(case, (case.to_office_id or to) if planned else to)
        request = transfers_pb2.DispatchTransferRequest(
            to_office_id="" if planned else to, departed_on=self.ago(ago), expected_arrival_on=self.day(ahead)
        )
        self.ask("DispatchTransfer", request, case, who, how)

    @some("can_leave")
    @rule(to=TO, refuses=st.sampled_from((False, False, True)), how=HOW)
    def journey(self, to: str, refuses: bool, how: str) -> None:
        """Several leave together: all of them, or none."""
        request = journeys_pb2.DispatchJourneyRequest()
        office_id = self.those("can_leave")[0].office_id
        for case in self.those("can_leave"):
            if case.office_id == office_id or refuses:
                to_office_id = "" if case.is_expected else to
                self.checked(case, to_office_id or case.to_office_id or to)
                request.rows.add(case=str(case.id), to_office_id=to_office_id, expected_arrival_on=self.day(1))
        if refuses:
            request.rows[-1].travel.consent = types.TRANSFER_CONSENT_REFUSED
        before = self.run(self.handover.contents())
        if self.call(self.handover, "DispatchJourney", request, office_id, how) is None:
            assert self.run(self.handover.contents()) == before, "some of a refused journey left"

    @some("is_under_way")
    @rule(number=CASE, to=TO, ahead=st.integers(0, 4), who=WHO, how=HOW)
    def redirect(self, number: int, to: str, ahead: int, who: str | None, how: str) -> None:
        """She goes elsewhere."""
        request = transfers_pb2.RedirectTransferRequest(to_office_id=to, expected_arrival_on=self.day(ahead))
        self.ask("RedirectTransfer", request, self.one(number, "is_under_way"), who, how)

    @some("is_expected")
    @rule(number=CASE, who=WHO, how=HOW)
    def recall(self, number: int, who: str | None, how: str) -> None:
        """The sender takes the transfer back."""
        self.ask("RecallTransfer", transfers_pb2.RecallTransferRequest(), self.one(number, "is_expected"), who, how)

    @some("can_leave")
    @rule(number=CASE, ago=AGO, how=HOW)
    def record_home(self, number: int, ago: int | None, how: str) -> None:
        """She is home; only an agency is asked, the others are turned away before."""
        case = self.one(number, "can_leave")
        if case.office_id.startswith("SA-"):
            self.ask("RecordHome", custody_pb2.RecordHomeRequest(home_on=self.ago(ago)), case, None, how)

    @some("is_at_facility")
    @rule(number=CASE, ago=AGO, how=HOW)
    def admit(self, number: int, ago: int | None, how: str) -> None:
        """A facility admits her."""
        request = stays_pb2.AdmitPersonRequest(admitted_on=self.ago(ago), cannot_be_asked=True)
        self.ask("AdmitPerson", request, self.one(number, "is_at_facility"), None, how)

    @some("ADMITTED")
    @rule(number=CASE, own=st.booleans(), ago=AGO, how=HOW)
    def discharge(self, number: int, own: bool, ago: int | None, how: str) -> None:
        """A facility lets her go."""
        request = stays_pb2.DischargePersonRequest(
            destination=types.DISCHARGE_DESTINATION_OWN_CHOICE if own else types.DISCHARGE_DESTINATION_PLANNED_TRANSFER,
            discharged_on=self.ago(ago),
        )
        if own:
            request.province.CopyFrom(types.ProvinceRef(code="01", vintage="2025"))
        self.ask("DischargePerson", request, self.one(number, "ADMITTED"), None, how)

    # The addressed office.

    @some("is_expected")
    @rule(number=CASE, what=st.sampled_from(("AcceptTransfer", "ReportNotArrived", "RejectTransfer")), who=WHO, how=HOW)
    def answer(self, number: int, what: str, who: str | None, how: str) -> None:
        """It accepts, rejects, or says that she has not come."""
        request: Message = getattr(transfers_pb2, f"{what}Request")()
        if isinstance(request, transfers_pb2.RejectTransferRequest):
            request.reason = types.REJECT_REASON_NOT_RESIDENT
        self.ask(what, request, self.one(number, "is_expected"), who, how, addressed=True)

    @some("is_under_way")
    @rule(number=CASE, ago=AGO, who=WHO, how=HOW)
    def acknowledge(self, number: int, ago: int | None, who: str | None, how: str) -> None:
        """She arrived, or somebody says so."""
        case = self.one(number, "is_under_way")
        request = transfers_pb2.AcknowledgeTransferRequest(arrived_on=self.ago(ago))
        if self.ask("AcknowledgeTransfer", request, case, who, how, addressed=True) is not None:
            assert (who or case.to_office_id) != case.office_id, "the sender acknowledged"

    @some("is_open")
    @rule(number=CASE, who=st.sampled_from((POST, CENTRE, HOME, ELSEWHERE, THIRD, NATION)), how=HOW)
    def take_back(self, number: int, who: str, how: str) -> None:
        """The last answer was a mistake: of the office that gave it, or not."""
        request = transfers_pb2.TakeBackAnswerRequest(reason=types.TAKE_BACK_REASON_WRONG_PERSON)
        self.ask("TakeBackAnswer", request, self.one(number, "is_open"), who, how)

    @some("is_open")
    @rule(number=CASE, ago=AGO, who=st.sampled_from((HOME, HOME, ELSEWHERE, THIRD, CENTRE)), how=HOW)
    def arrive_late(self, number: int, ago: int | None, who: str, how: str) -> None:
        """She came all the same, to an office to which a transfer had ended, and may have been sent elsewhere since."""
        case = self.one(number, "is_open")
        request = transfers_pb2.AcknowledgeTransferRequest(arrived_on=self.ago(ago))
        if self.ask("AcknowledgeTransfer", request, case, who, how) is not None and not self.offices_ended:
            assert who != case.office_id, "the sender acknowledged"

    @some("is_open")
    @rule(number=CASE, ago=st.integers(-1, 4), who=st.sampled_from((None, None, NATION, HOME)), how=HOW)
    def correct_arrival(self, number: int, ago: int, who: str | None, how: str) -> None:
        """She came on another day."""
        case = self.one(number, "is_open")
        if (who or case.office_id).startswith(("SA-", "RC-", "SV-")):
            request = custody_pb2.CorrectArrivalRequest(
                arrived_on=self.day(-ago), reason=types.ARRIVAL_CORRECTION_REASON_MISTYPED
            )
            self.ask("CorrectArrival", request, case, who, how)

    # Who is lost.

    @some("SEARCH")
    @rule(number=CASE, who=WHO, how=HOW)
    def step(self, number: int, who: str | None, how: str) -> None:
        """Something is done to find her."""
        request = searches_pb2.RecordSearchStepRequest(kind=types.SEARCH_STEP_KIND_POLICE_ASKED)
        self.ask("RecordSearchStep", request, self.one(number, "SEARCH"), who, how)

    @some("SEARCH")
    @rule(
        number=CASE,
        resolution=st.sampled_from(("FOUND", "FOUND", "REDIRECTED", "RETURNED_TO_SENDER", "RE_IDENTIFIED", "CLOSED")),
        at=st.sampled_from((*RECEIVERS, POST)),
        on=st.integers(-2, 3),
        other=CASE,
        who=st.sampled_from((None, None, NATION, HOME)),
        how=HOW,
    )
    def resolve(self, number: int, resolution: str, at: str, on: int, other: int, who: str | None, how: str) -> None:
        """The search ends."""
        request = searches_pb2.ResolveSearchRequest(
            resolution=types.SearchResolution.Value(f"SEARCH_RESOLUTION_{resolution}"),
            office_id=at if resolution in ("FOUND", "REDIRECTED") else "",
            on=self.day(on) if resolution in ("FOUND", "REDIRECTED") else "",
        )
        if resolution == "RE_IDENTIFIED":
            request.other_case = str(self.registered[other % len(self.registered)])
        if resolution == "CLOSED":
            request.close_reason = types.CLOSE_REASON_LEFT_AREA
        self.ask("ResolveSearch", request, self.one(number, "SEARCH"), who, how)

    @some("SEARCH")
    @rule(
        number=CASE,
        what=st.sampled_from(("ConfirmFound", "ConfirmFound", "DenyFound", "WithdrawClaim")),
        who=WHO,
        how=HOW,
    )
    def claim_answered(self, number: int, what: str, who: str | None, how: str) -> None:
        """The office that is said to have her answers, or whoever said so takes it back."""
        case = self.one(number, "SEARCH")
        named = [row.office_id for row in self.run(self.handover.rows(CLAIMED, case=case.id))]
        right = case.office_id if what == "WithdrawClaim" or not named else named[0]
        request: Message = getattr(claims_pb2, f"{what}Request")()
        answer = self.ask(what, request, case, who or right, how)
        if what == "ConfirmFound" and answer is not None:
            assert (who or right) in (*named, *self.heirs_of(named)), "confirmed by an office that is not named"

    def heirs_of(self, offices: list[str]) -> list[str]:
        """Who took over from offices that ended."""
        return [heir for office, heir in ENDS if office in offices and office in self.offices_ended]

    @some("is_open")
    @rule(
        number=CASE,
        to=st.sampled_from(OFFICES),
        since=st.sampled_from((None, None, None, 0, 1)),
        who=st.sampled_from((NATION, NATION, HOME)),
        how=HOW,
    )
    def reassign(self, number: int, to: str, since: int | None, who: str, how: str) -> None:
        """A supervisor makes another office accountable, and may know that she is there."""
        request = custody_pb2.ReassignCaseRequest(
            office_id=to, reason=types.REASSIGN_REASON_OTHER, with_office_since=self.ago(since)
        )
        self.ask("ReassignCase", request, self.one(number, "is_open"), who, how)

    @rule(which=st.sampled_from(ENDS), seldom=st.integers(0, 3), how=HOW, approving=st.permutations((NATION, ADMIN)))
    def an_office_ends(self, which: tuple[str, str], seldom: int, how: str, approving: Sequence[str]) -> None:
        """With or without a successor; seldom, for it comes once. Two approve, one after the other."""
        office_id, successor_id = which
        if seldom:
            return
        request = directory_pb2.EndOfficeRequest(office_id=office_id, successor_id=successor_id)
        self.call(self.handover, "EndOffice", request, ADMIN, how)
        for row in self.run(self.handover.rows("SELECT approval_id, method, object FROM approval_waiting")):
            approve = approvals_pb2.ApproveRequestRequest(approval_id=str(row.approval_id))
            if row.method != "EndOffice":
                self.call(self.handover, "ApproveRequest", approve, NATION, how)
                continue
            first, then = approving
            self.call(self.handover, "ApproveRequest", approve, first, how, SECOND)
            assert not self.run(self.handover.rows("SELECT 1 FROM office_end WHERE office_id = :id", id=row.object))
            answer = self.call(self.handover, "ApproveRequest", approve, then, how, f"{SECOND} of {then}")
            if answer is not None and not answer.approval.awaited:
                self.offices_ended.add(row.object)

    # The end.

    @some("is_open")
    @rule(number=CASE, reason=st.sampled_from(types.CloseReason.values()), other=CASE, ago=AGO, who=WHO, how=HOW)
    def close(self, number: int, reason: Any, other: int, ago: int | None, who: str | None, how: str) -> None:
        """Her office says that the story ends, or that she left."""
        case = self.one(number, "is_open")
        request = closing_pb2.CloseCaseRequest(
            reason=reason,
            on=self.ago(ago),
            other_case=str(self.registered[other % len(self.registered)]),
            left_for=types.LEFT_FOR_UNKNOWN,
        )
        if reason == types.CLOSE_REASON_LEFT_AREA:
            request.to_province.CopyFrom(types.ProvinceRef(code="01", vintage="2025"))
        closed = self.ask("CloseCase", request, case, who, how)
        if closed is None or closed.custody.phase == types.CASE_PHASE_SEARCH:
            return
        assert who in (None, case.office_id, NATION), "a stranger closed"
        going_on = case.transfer_state is not None or case.phase == "SEARCH"
        assert reason == types.CLOSE_REASON_DIED or not going_on, "a story was ended that goes on"

    @precondition(lambda self: bool(self.those("CLOSED") or self.those("WITHDRAWN")))
    @rule(number=CASE, reason=st.sampled_from(types.ReopenReason.values()), who=WHO, how=HOW)
    def reopen(self, number: int, reason: Any, who: str | None, how: str) -> None:
        """And that it goes on."""
        ended = [*self.those("CLOSED"), *self.those("WITHDRAWN")]
        request = closing_pb2.ReopenCaseRequest(reason=reason)
        opened = self.ask("ReopenCase", request, ended[number % len(ended)], who, how)
        if opened is not None:
            self.ended.discard(uuid.UUID(opened.custody.case_id))

    @rule(number=CASE, status=st.sampled_from(types.IdentificationStatus.values()[1:]))
    def a_verifier_decides(self, number: int, status: Any) -> None:
        """Whether she is a victim; perhaps once more."""
        if number < len(self.registered):
            case_id = self.registered[number]
            self.decided += 1
            decision = identification_pb2.IdentificationDecided(
                case_id=str(case_id), status=status, deciding_office_id="VF-22", revision=self.decided
            )
            self.pair.intake_says(case_id, decision)

    # Followup.

    @rule(number=CASE, outcome=st.sampled_from(("NOT_AT_ADDRESS", "MOVED_AWAY", "REACHED")), how=HOW)
    def contact(self, number: int, outcome: str, how: str) -> None:
        """The office goes to see her for the first time."""
        request = contacts_pb2.RecordContactRequest(outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}"))
        self.followed("RecordContact", request, number, how)

    @rule(number=CASE, found=st.sampled_from(("SETTLED", "SETTLED", "NOT_REACHED", "NOT_REACHED", "DECLINED")), how=HOW)
    def visit(self, number: int, found: str, how: str) -> None:
        """The office looks again; she may ask that it be the last time."""
        request = visits_pb2.RecordFollowUpRequest(outcome=types.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{found}"))
        if found == "DECLINED":
            request.then = types.AFTER_DECLINED_CLOSE
        self.followed("RecordFollowUp", request, number, how)

    @rule(number=CASE, entry=st.integers(1, 4), how=HOW)
    def entry_taken_back(self, number: int, entry: int, how: str) -> None:
        """An entry was another person's."""
        request = entries_pb2.TakeBackEntryRequest(entry_number=entry, reason=types.ENTRY_REASON_WRONG_CASE)
        self.followed("TakeBackEntry", request, number, how)

    @rule(number=CASE, entry=st.integers(1, 4), reached=st.booleans(), how=HOW)
    def entry_corrected(self, number: int, entry: int, reached: bool, how: str) -> None:
        """What a contact said is put right."""
        outcome = types.CONTACT_OUTCOME_REACHED if reached else types.CONTACT_OUTCOME_NOT_AT_ADDRESS
        request = entries_pb2.CorrectEntryRequest(
            entry_number=entry, reason=types.ENTRY_REASON_WRONG_OUTCOME, contact=outcome
        )
        self.followed("CorrectEntry", request, number, how)

    def followed(self, method: str, request: Any, number: int, how: str) -> None:
        """A call at followup, by the office that makes the follow-ups."""
        rows = {row.case_id: row for row in self.run(self.pair.followup.rows(WATCHED_BY_FOLLOWUP))}
        if number < len(self.registered) and (row := rows.get(self.registered[number])):
            request.case = str(row.case_id)
            self.call(self.pair.followup, method, request, row.keeper_id, how)

    # Notify.

    @some("is_expected")
    @rule(number=CASE, who=WHO)
    def a_message_is_read(self, number: int, who: str | None) -> None:
        """Notify posts what it was told of a transfer, and somebody reads it."""
        case = self.one(number, "is_expected")
        (cause,) = self.run(self.handover.rows(LATEST_PLAN, case=case.id))
        office_id, message_id = who or case.to_office_id or HOME, str(cause.event_id)
        posted = notification_pb2.MessagePosted(
            case_id=str(case.id), message_id=message_id, office_id=office_id, cause_event_id=message_id
        )
        seen = notification_pb2.MessageSeen(case_id=str(case.id), message_id=message_id, office_id=office_id)
        for event in (posted, seen):
            self.handover.on_the_way.append(self.pair.script.event(case.id, event))

    # What is on its way.

    @rule(data=st.data(), to_handover=st.booleans(), dies=st.sampled_from((False, False, False, True)))
    def some_news_come(self, data: st.DataObject, to_handover: bool, dies: bool) -> None:
        """Some of what is on its way arrives, in any order, and some of what arrived before comes again."""
        self.run(self.pair.listen())
        service = self.handover if to_handover else self.pair.followup
        waiting = service.on_the_way
        arriving = data.draw(st.lists(st.sampled_from(waiting), unique_by=id, max_size=4)) if waiting else []
        again = data.draw(st.lists(st.sampled_from(service.delivered), max_size=2)) if service.delivered else []
        service.on_the_way = [one for one in waiting if one not in arriving]
        service.delivered += arriving
        self.run((service.take_in_and_die if dies else service.take_in)([*arriving, *again]))

    @rule()
    def all_is_quiet(self) -> None:
        """Everything on its way arrives."""
        self.run(self.pair.quiet())
        self.whoever_watches_is_one()

    # Time.

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """Schedulers that work."""
        self.pair.clock.move_by(timedelta(hours=hours))
        for service in self.pair.services:
            self.run(service.look())

    @rule(days=st.sampled_from((1, 2, 7, 30, 100, 400)))
    def jump(self, days: int) -> None:
        """The clock jumps, and nobody looks."""
        self.pair.clock.move_by(timedelta(days=days))

    @some("is_open")
    @rule()
    def the_next_deadline_passes(self) -> None:
        """Whatever comes next was not done in time."""
        sql = "SELECT min(due_at) FROM obligation WHERE state = 'ARMED'"
        instants = [due for service in self.pair.services for (due,) in self.run(service.rows(sql)) if due]
        self.pair.clock.move_to(max(self.pair.clock.now(), *(due + timedelta(seconds=1) for due in instants[:1])))
        for service in self.pair.services:
            self.run(service.look())

    @rule(how=st.sampled_from(("at once", "schedule.after_claim", "schedule.after_effect_before_complete")))
    def look(self, how: str) -> None:
        """Two look at once, or one that dies on its way."""
        for service in self.pair.services:
            self.run(service.looks_at_once() if how == "at once" else service.look_and_die(how))

    # What can be said.

    def would_do(self, method: str, request: Any, office_id: str, case: Known) -> bool:
        """Whether a call would be taken; it is not carried out."""
        request.request_id, request.case = str(uuid.uuid4()), str(case.id)
        arm("unit.before_commit:raise")
        try:
            self.run(self.handover.call(method, request, office_id))
        except (FailpointReached, AskedForAlready):
            # What takes two people is said when it is asked for, and one request about a case waits at a time.
            return True
        except HomewardError:
            return False
        finally:
            arm("")
        return True

    @some("is_open")
    @rule(number=CASE)
    def whatever_happened_can_be_said(self, number: int) -> None:
        """That she died, is with an office, or has gone: somebody who sees the case has a verb for it."""
        case = self.one(number, "is_open")
        for fact, ways in self.ways_to_say(case).items():
            assert any(self.would_do(*way, case) for way in ways), f"{case.phase}: nobody can say that she {fact}"

    def ways_to_say(self, case: Known) -> dict[str, list[tuple[str, Any, str]]]:
        """By what is to be said: the calls that say it, and by whom."""
        own, today = case.office_id, self.day(0)
        there = next(one for one in (ELSEWHERE, HOME) if one != own)
        addressed = [
            row.to_office_id
            for row in self.run(
                self.handover.rows("SELECT to_office_id FROM transfer WHERE case_id = :case", case=case.id)
            )
        ]
        step = searches_pb2.RecordSearchStepRequest(kind=types.SEARCH_STEP_KIND_POLICE_ASKED)
        closed = closing_pb2.CloseCaseRequest
        gone = [closed(reason=why, left_for=types.LEFT_FOR_UNKNOWN) for why in LEFT]
        found = searches_pb2.ResolveSearchRequest(resolution=types.SEARCH_RESOLUTION_FOUND, office_id=there, on=today)
        reassigned = custody_pb2.ReassignCaseRequest(
            office_id=there, reason=types.REASSIGN_REASON_PERSON_IS_THERE, with_office_since=today
        )
        return {
            "died": [("CloseCase", closed(reason=types.CLOSE_REASON_DIED), who) for who in (own, NATION)],
            "is with an office": [
                *(("AcknowledgeTransfer", transfers_pb2.AcknowledgeTransferRequest(), who) for who in addressed),
                ("ResolveSearch", found, NATION),
                ("ReassignCase", reassigned, NATION),
            ],
            "has gone": [
                *(("CloseCase", why, who) for why in gone for who in (own, NATION)),
                ("RecallTransfer", transfers_pb2.RecallTransferRequest(), own),
                ("ReportNotArrived", transfers_pb2.ReportNotArrivedRequest(), case.to_office_id or own),
                ("RecordSearchStep", step, own),
            ],
        }

    # What always holds.

    @invariant()
    def the_promise(self) -> None:
        """One accountable office, one watched deadline of the right rule, at most one open transfer."""
        rows = self.run(self.handover.rows(STANDS))
        self.cases = [
            Known(row.case_id, row.phase, row.office_id, row.transfer_state, row.to_office_id) for row in rows
        ]
        for row in rows:
            check_deadline(row)
            check_role(row, office_ended=bool(self.offices_ended))
            check_transfer(row, office_ended=bool(self.offices_ended))
            check_search(row)
            check_chain(row)
            if row.case_id in self.ended:
                assert row.phase in ENDED, f"an ended case is {row.phase}"
            if row.phase in ENDED:
                self.ended.add(row.case_id)
            else:
                self.ended.discard(row.case_id)
        assert self.run(self.handover.rows(GAPS)) == []

    @invariant()
    def open_cases_are_counted_as_they_are(self) -> None:
        """Whether or not what changed was added to the counts."""
        assert not self.run(self.handover.rows("SELECT * FROM audit_open_case"))
        self.run(self.handover.chassis.units.run(fold_changes))

    @invariant()
    def whoever_is_apart_is_known_to_be(self) -> None:
        """Of two open cases that must not be parted, a parting stands exactly while they are apart."""
        for row in self.run(self.handover.rows(RELATIVES)):
            one = Whereabouts(row.case_id, "", Phase(row.phase), row.office_id, row.to_id or "", bool(row.under_way))
            other = Whereabouts(
                row.other_id,
                "",
                Phase(row.other_phase),
                row.other_office_id,
                row.other_to_id or "",
                bool(row.other_left),
            )
            if is_over(one, other):
                continue
            reason = apart(one, other)
            assert row.reasons == ([] if reason is None else [reason.value]), f"{row.reasons} stand, {reason} is true"

    @invariant()
    def the_chain_has_no_gap(self) -> None:
        """As the history of a case tells it."""
        for case_id in self.registered:
            try:
                answer = self.run(
                    self.handover.call("GetCustody", custody_pb2.GetCustodyRequest(case=str(case_id)), NATION)
                )
            except HomewardError:
                continue
            check_links(answer.custody)

    def whoever_watches_is_one(self) -> None:
        """With nothing on its way, exactly one of the two watches each open case."""
        followed = {row.case_id: row for row in self.run(self.pair.followup.rows(WATCHED_BY_FOLLOWUP))}
        for row in self.run(self.handover.rows(STANDS)):
            other = followed.get(row.case_id)
            watchers = row.primaries + (other.primaries if other is not None else 0)
            assert watchers == (0 if row.phase in ENDED else 1), f"{row.phase}: {watchers} watch"
            if other is not None and row.phase not in ENDED:
                assert other.office_id == row.office_id
                assert other.keeper_id in KEEPERS, f"{other.keeper_id} may not record"
                assert (other.search_reason is not None) == (row.searches == 1), f"{row.phase}: {other.search_reason}"

    def teardown(self) -> None:
        """In the end everything arrives."""
        if self.registered:
            self.all_is_quiet()
            self.the_promise()


def check_deadline(row: Any) -> None:
    """The deadline that handover watches is that of the phase; followup's stands besides."""
    allowed = RULES_OF[row.phase]
    assert row.armed == (1 if allowed else 0), f"{row.phase}: {row.armed} deadlines"
    if allowed:
        assert row.rule in allowed, f"{row.phase}: {row.rule}"
        assert (row.watch_rule, row.watch_due_on) == (row.rule, row.due_on)
        wanted = 1 if row.phase == "ARRIVED" or not row.followup_watches else 0
        assert row.primaries == wanted, f"{row.phase}: {row.primaries} primary"
    else:
        assert (row.primaries, row.watch_rule) == (0, None)


def check_role(row: Any, *, office_ended: bool) -> None:
    """Whoever is accountable can do what is due: a facility ends a stay, and a supervisor has nobody to send on.

    Only where an office ended without a successor does a supervisor answer, and nobody is with it: it searches for her.
    """
    if row.phase == "ADMITTED":
        assert row.office_id.startswith("RC-"), f"{row.office_id} is to end a stay"
    allowed = (*ENDED, "SEARCH") if office_ended else ENDED
    assert row.phase in allowed or not row.office_id.startswith("SV-"), f"{row.phase}: {row.office_id} answers"


def check_transfer(row: Any, *, office_ended: bool) -> None:
    """At most one is open, and who is on the way has one."""
    assert row.open_transfers <= 1
    under_way = row.transfer_state == "DISPATCHED"
    if row.phase == "IN_TRANSIT":
        assert under_way
    if row.phase not in ("IN_TRANSIT", "SEARCH"):
        assert not under_way, f"{row.phase}: under way"
    if row.phase in ENDED:
        assert row.open_transfers == 0
    if row.open_transfers and not office_ended:
        assert row.from_office_id == row.office_id, "an open transfer of an office that is not accountable"


def check_search(row: Any) -> None:
    """Searched for is who is lost, by the accountable office."""
    assert row.searches == (1 if row.phase == "SEARCH" else 0)
    if row.searches:
        assert row.search_office_id == row.office_id


def check_chain(row: Any) -> None:
    """Segments follow each other without a gap, and the last one is the accountable office's."""
    assert row.office_id
    assert len(row.segment_offices) == row.segment
    assert row.segment_offices[-1] == row.office_id
    assert row.chained, "a gap in the chain"
    assert row.last_is_open == (row.phase not in ENDED)


def check_links(custody: custody_pb2.Custody) -> None:
    """Every link begins where the one before ends, and names an office."""
    is_open = types.CasePhase.Name(custody.phase).removeprefix("CASE_PHASE_") not in ENDED
    links = list(custody.segments)
    assert links
    for one, following in pairwise(links):
        reopened = following.cause == types.CUSTODY_CAUSE_REOPENED
        assert one.end_time == following.start_time or reopened, "a gap in the links"
    assert all(link.office_id for link in links)
    assert [link.HasField("end_time") for link in links] == [True] * (len(links) - 1) + [not is_open]
    on_the_way = [link.kind == types.CUSTODY_KIND_IN_TRANSIT for link in links]
    assert [bool(link.to_office_id) for link in links] == on_the_way
