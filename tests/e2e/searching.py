"""What offices do, see and are told when somebody is lost, over the public API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import contacts_pb2, visits_pb2
from homeward.handover.v1 import (
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.intake.v1 import submissions_pb2
from homeward.office.v1 import office_end_pb2
from homeward.type.v1 import types_pb2
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.timeline import Timeline
from tests.e2e.work import NATIONAL_SUPERVISOR, POST, agency, request_id
from tests.support.whole import until

ADMIN = "ADMIN-NATIONAL"
NEVER_SAID = (work.FAMILY_NAME, "THI-DU", "1998", "FORCED_MARRIAGE", "trafficking", "victim")
"""Nothing of the person, and nothing of what she is, stands in a message."""


@dataclass(frozen=True)
class Lost:
    """A search as offices see it."""

    reason: str
    office_id: str
    to_office_id: str
    level: int
    age_days: int
    steps: tuple[str, ...]
    resolution: str


@dataclass(frozen=True)
class Country:
    """All offices of a whole Homeward, at the present moment of its business time."""

    desks: OfficeCalls
    timeline: Timeline

    # Before anybody is lost.

    def handed_over(self, home: str) -> str:
        """Somebody is handed over at the gate of Mong Cai, and calls this province home."""
        (case,) = work.submit(self.desks, [work.person(home=home)], at=self.timeline.now())
        work.wait_custody(self.desks, POST, case)
        return case

    def sent(self, case: str, to_office_id: str, *, sender: str = POST) -> None:
        """She leaves today, and is expected there tomorrow."""
        request = transfers_pb2.DispatchTransferRequest(
            request_id=request_id(),
            case=case,
            to_office_id=to_office_id,
            departed_on=self.day(0),
            expected_arrival_on=self.day(1),
        )
        if to_office_id.startswith("SA-"):
            work.home_checked(self.desks, case, to_office_id, sender=sender)
        work.once_heard(lambda: self.desks.at(sender).transfers.DispatchTransfer(request))

    def arrived(self, case: str, office_id: str) -> None:
        """That office says that she is there."""
        request = transfers_pb2.AcknowledgeTransferRequest(request_id=request_id(), case=case, arrived_on=self.day(0))
        self.desks.at(office_id).transfers.AcknowledgeTransfer(request)
        self.timeline.settle()

    def arrived_home(self, home: str) -> str:
        """Somebody who was handed over, sent to her province, and arrived there today."""
        case = self.handed_over(home)
        self.sent(case, agency(home))
        self.arrived(case, agency(home))
        return case

    def rejected(self, case: str, office_id: str) -> None:
        """That office does not take her."""
        request = transfers_pb2.RejectTransferRequest(
            request_id=request_id(), case=case, reason=types_pb2.REJECT_REASON_WRONG_PROVINCE
        )
        self.desks.at(office_id).transfers.RejectTransfer(request)
        self.timeline.settle()

    def at_home(self, case: str, office_id: str) -> None:
        """The accountable agency says that she is home."""
        request = custody_pb2.RecordHomeRequest(request_id=request_id(), case=case)
        self.desks.at(office_id).custody.RecordHome(request)
        self.timeline.settle()

    def planned(self, case: str, to_office_id: str, *, sender: str) -> None:
        """She is to leave for there tomorrow."""
        request = transfers_pb2.PlanTransferRequest(
            request_id=request_id(),
            case=case,
            to_office_id=to_office_id,
            expected_departure_on=self.day(1),
            expected_arrival_on=self.day(2),
        )
        self.desks.at(sender).transfers.PlanTransfer(request)

    def discharged(self, case: str, office_id: str) -> None:
        """She leaves the facility towards the office of the plan."""
        request = stays_pb2.DischargePersonRequest(
            request_id=request_id(),
            case=case,
            destination=types_pb2.DISCHARGE_DESTINATION_PLANNED_TRANSFER,
            discharged_on=self.day(0),
        )
        self.desks.at(office_id).stays.DischargePerson(request)

    def contacted(self, case: str, office_id: str, outcome: str) -> None:
        """The office went to see her at home."""
        request = contacts_pb2.RecordContactRequest(
            request_id=request_id(),
            case=case,
            outcome=types_pb2.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}"),
            contacted_on=self.day(0),
        )
        self.desks.at(office_id).contacts.RecordContact(request)
        self.timeline.settle()

    def reported_herself(self, office_id: str, earlier_case: str, *, home: str) -> str:
        """She reports at an office, which knows the number of her earlier case."""
        reported = Timestamp()
        reported.FromDatetime(self.timeline.now() - timedelta(hours=1))
        person = work.person(home=home)
        person.earlier_case = earlier_case
        request = submissions_pb2.RegisterSelfReturnRequest(
            request_id=request_id(),
            person=person,
            route=types_pb2.ROUTE_OF_RETURN_SELF_RETURN,
            report_time=reported,
            also_register_again=True,
        )
        receipt = self.desks.at(office_id).submissions.RegisterSelfReturn(request).receipt
        self.timeline.settle()
        return receipt.entries[0].case_id

    def handed_over_again(self, earlier_case: str, *, home: str, name: str | None = None) -> str:
        """She is handed over at the gate of Mong Cai once more; by another name it is a stranger with her number."""
        person = work.person(home=home, name=name)
        person.earlier_case = earlier_case
        (case,) = work.submit(self.desks, [person], at=self.timeline.now())
        self.timeline.settle()
        return case

    def ended_without_successor(self, office_id: str) -> None:
        """The administration ends an office, and nobody takes over."""
        request = directory_pb2.EndOfficeRequest(request_id=request_id(), office_id=office_id)
        work.by_two(self.desks, self.desks.at(ADMIN).directory.EndOffice, request)
        asked = office_end_pb2.GetOfficeEndRequest(office_id=office_id)
        until(
            lambda: self.desks.at(ADMIN).office_end("handover").GetOfficeEnd(asked).done, what=f"{office_id} has ended"
        )
        self.timeline.settle()

    def closed(self, *cases: str) -> None:
        """Whoever is accountable closes these, so that no deadline of theirs is in the next one's way."""
        for case in cases:
            office_id = self.custody(case).accountable_office_id
            request = closing_pb2.CloseCaseRequest(
                request_id=request_id(), case=case, reason=types_pb2.CLOSE_REASON_ASKED_TO_STOP
            )
            self.desks.at(office_id).closing.CloseCase(request)
        self.timeline.settle()

    # The search.

    def lost(self, case: str, seen_by: str = NATIONAL_SUPERVISOR) -> Lost | None:
        """The open search for her on an office's board, if there is one."""
        listed = self.desks.at(seen_by).searches.ListLost(searches_pb2.ListLostRequest(page_size=200)).searches
        return next((_lost(one) for one in listed if one.case_id == case), None)

    def search(self, case: str, seen_by: str = NATIONAL_SUPERVISOR) -> Lost:
        """Her search with its steps, open or ended."""
        request = searches_pb2.GetSearchRequest(case=case)
        return _lost(self.desks.at(seen_by).searches.GetSearch(request).search)

    def step(self, case: str, office_id: str, kind: str) -> None:
        """An office did something to find her."""
        request = searches_pb2.RecordSearchStepRequest(
            request_id=request_id(),
            case=case,
            kind=types_pb2.SearchStepKind.Value(f"SEARCH_STEP_KIND_{kind}"),
            taken_on=self.day(0),
        )
        self.desks.at(office_id).searches.RecordSearchStep(request)

    def escalates(self, case: str) -> None:
        """Seven days pass, and nobody has resolved the search."""
        self.timeline.move_past(self.timeline.deadline_of(case, "SEARCH_ESCALATE"))

    def resolved(self, case: str, by: str, resolution: str, **how: str) -> None:
        """An office ends the search."""
        how.setdefault("on", self.day(0) if resolution == "FOUND" else "")
        close_reason = types_pb2.CloseReason.Value(f"CLOSE_REASON_{how.pop('close_reason', 'UNSPECIFIED')}")
        request = searches_pb2.ResolveSearchRequest(
            request_id=request_id(),
            case=case,
            resolution=types_pb2.SearchResolution.Value(f"SEARCH_RESOLUTION_{resolution}"),
            close_reason=close_reason,
            **how,
        )
        answer = work.by_two(self.desks, self.desks.at(by).searches.ResolveSearch, request)
        self.timeline.settle()
        if resolution == "FOUND" and not answer.search.HasField("resolve_time"):
            self.found_there(case, request.office_id)

    def denied(self, case: str, later: str, by: str) -> None:
        """Whoever answers for the earlier case says that it is another person."""
        request = returns_pb2.DenyReappearanceRequest(request_id=request_id(), case=case, later_case=later)
        self.desks.at(by).returns.DenyReappearance(request)
        self.timeline.settle()

    def found_there(self, case: str, named: str) -> None:
        """The office that is said to have her is asked, and she is there."""
        assert self.search(case).resolution == "", "who says so ends nothing"
        assert "FOUND_CLAIM_ASKED" in self.told(named, case)
        self.desks.at(named).claims.ConfirmFound(claims_pb2.ConfirmFoundRequest(request_id=request_id(), case=case))
        self.timeline.settle()

    # Where she is, and who was told.

    def custody(self, case: str) -> custody_pb2.Custody:
        """Her custody as the national supervisor sees it."""
        return work.custody(self.desks, NATIONAL_SUPERVISOR, case)

    def stands(self, case: str) -> tuple[str, str]:
        """The phase, and who is accountable."""
        found = self.custody(case)
        return types_pb2.CasePhase.Name(found.phase).removeprefix("CASE_PHASE_"), found.accountable_office_id

    def told(self, office_id: str, case: str) -> list[str]:
        """What the office's inbox says of her, oldest first; never who she is."""
        about = [one for one in work.messages(self.desks, office_id) if one.case_id == case]
        found = sorted(about, key=lambda one: one.post_time.ToNanoseconds())
        for message in found:
            said = f"{message.title} {message.body}"
            assert message.case_number in said, message.kind
            assert not [word for word in NEVER_SAID if word.lower() in said.lower()], said
        return [one.kind for one in found]

    def asked(self, office_id: str, case: str) -> list[str]:
        """What the office's inbox asks it to do about her."""
        found = [one for one in work.messages(self.desks, office_id) if one.case_id == case]
        return [one.kind for one in found if one.action_required]

    def has_no_gap(self, case: str) -> bool:
        """Whether exactly one office was accountable at every instant since she was registered."""
        segments = self.custody(case).segments
        meets = [one.end_time == other.start_time for one, other in pairwise(segments)]
        return all(meets) and all(one.office_id for one in segments)

    def follow_ups(self, case: str, office_id: str) -> list[visits_pb2.FollowUp]:
        """What is still to be looked after, as the office sees it."""
        return work.follow_ups(self.desks, office_id, case)

    def day(self, offset: int) -> str:
        """A local day so many days from today, as requests write it."""
        return (self.timeline.today() + timedelta(days=offset)).isoformat()


def _lost(search: custody_pb2.Search) -> Lost:
    resolution = types_pb2.SearchResolution.Name(search.resolution).removeprefix("SEARCH_RESOLUTION_")
    return Lost(
        reason=types_pb2.LostReason.Name(search.reason).removeprefix("LOST_REASON_"),
        office_id=search.accountable_office_id,
        to_office_id=search.to_office_id,
        level=search.escalation_level,
        age_days=search.age_days,
        steps=tuple(types_pb2.SearchStepKind.Name(one.kind).removeprefix("SEARCH_STEP_KIND_") for one in search.steps),
        resolution="" if resolution == "UNSPECIFIED" else resolution,
    )
