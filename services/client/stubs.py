"""Stubs of the services by capability; on one channel to each service, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import grpc

    from homeward.followup.v1.care_pb2_grpc import CareServiceStub
    from homeward.followup.v1.contacts_pb2_grpc import ContactServiceStub
    from homeward.followup.v1.entries_pb2_grpc import EntryServiceStub
    from homeward.followup.v1.home_safety_pb2_grpc import HomeSafetyServiceStub
    from homeward.followup.v1.oversight_pb2_grpc import OversightServiceStub
    from homeward.followup.v1.steps_pb2_grpc import StepServiceStub
    from homeward.followup.v1.visits_pb2_grpc import VisitServiceStub
    from homeward.handover.v1.approvals_pb2_grpc import ApprovalServiceStub
    from homeward.handover.v1.claims_pb2_grpc import ClaimServiceStub
    from homeward.handover.v1.closing_pb2_grpc import ClosingServiceStub
    from homeward.handover.v1.custody_pb2_grpc import CustodyServiceStub
    from homeward.handover.v1.directory_pb2_grpc import DirectoryServiceStub
    from homeward.handover.v1.journeys_pb2_grpc import JourneyServiceStub
    from homeward.handover.v1.open_cases_pb2_grpc import OpenCaseServiceStub
    from homeward.handover.v1.returns_pb2_grpc import ReturnServiceStub
    from homeward.handover.v1.searches_pb2_grpc import SearchServiceStub
    from homeward.handover.v1.sessions_pb2_grpc import SessionServiceStub
    from homeward.handover.v1.stays_pb2_grpc import StayServiceStub
    from homeward.handover.v1.transfers_pb2_grpc import TransferServiceStub
    from homeward.intake.v1.break_glass_pb2_grpc import BreakGlassServiceStub
    from homeward.intake.v1.consents_pb2_grpc import ConsentServiceStub
    from homeward.intake.v1.family_pb2_grpc import FamilyServiceStub
    from homeward.intake.v1.handovers_pb2_grpc import HandoverServiceStub
    from homeward.intake.v1.identification_pb2_grpc import IdentificationServiceStub
    from homeward.intake.v1.legal_steps_pb2_grpc import LegalStepServiceStub
    from homeward.intake.v1.reading_pb2_grpc import ReadingServiceStub
    from homeward.intake.v1.submissions_pb2_grpc import SubmissionServiceStub
    from homeward.notify.v1.inbox_pb2_grpc import InboxServiceStub
    from homeward.office.v1.acts_pb2_grpc import ActServiceStub
    from homeward.office.v1.office_end_pb2_grpc import OfficeEndServiceStub


class Stubs:
    """Stubs by capability. `channel` opens the way to a service by its name; it is asked once for each service.

    Contracts are imported when they are first needed: a command uses one or two of them.
    """

    def __init__(self, channel: Callable[[str], grpc.Channel]) -> None:
        self._open = channel
        self._channels: dict[str, grpc.Channel] = {}

    def _channel(self, service: str) -> grpc.Channel:
        if service not in self._channels:
            self._channels[service] = self._open(service)
        return self._channels[service]

    @cached_property
    def transfers(self) -> TransferServiceStub:
        """People who are sent on."""
        from homeward.handover.v1.transfers_pb2_grpc import TransferServiceStub

        return TransferServiceStub(self._channel("handover"))

    @cached_property
    def journeys(self) -> JourneyServiceStub:
        """People who travel together."""
        from homeward.handover.v1.journeys_pb2_grpc import JourneyServiceStub

        return JourneyServiceStub(self._channel("handover"))

    @cached_property
    def stays(self) -> StayServiceStub:
        """People in a facility."""
        from homeward.handover.v1.stays_pb2_grpc import StayServiceStub

        return StayServiceStub(self._channel("handover"))

    @cached_property
    def open_cases(self) -> OpenCaseServiceStub:
        """Open cases, listed and counted."""
        from homeward.handover.v1.open_cases_pb2_grpc import OpenCaseServiceStub

        return OpenCaseServiceStub(self._channel("handover"))

    @cached_property
    def searches(self) -> SearchServiceStub:
        """People who are lost."""
        from homeward.handover.v1.searches_pb2_grpc import SearchServiceStub

        return SearchServiceStub(self._channel("handover"))

    @cached_property
    def claims(self) -> ClaimServiceStub:
        """People who are said to be somewhere."""
        from homeward.handover.v1.claims_pb2_grpc import ClaimServiceStub

        return ClaimServiceStub(self._channel("handover"))

    @cached_property
    def returns(self) -> ReturnServiceStub:
        """Earlier and later returns of one person."""
        from homeward.handover.v1.returns_pb2_grpc import ReturnServiceStub

        return ReturnServiceStub(self._channel("handover"))

    @cached_property
    def custody(self) -> CustodyServiceStub:
        """Who is accountable."""
        from homeward.handover.v1.custody_pb2_grpc import CustodyServiceStub

        return CustodyServiceStub(self._channel("handover"))

    @cached_property
    def directory(self) -> DirectoryServiceStub:
        """Offices, rules, the working calendar."""
        from homeward.handover.v1.directory_pb2_grpc import DirectoryServiceStub

        return DirectoryServiceStub(self._channel("handover"))

    @cached_property
    def approvals(self) -> ApprovalServiceStub:
        """What takes more than one person."""
        from homeward.handover.v1.approvals_pb2_grpc import ApprovalServiceStub

        return ApprovalServiceStub(self._channel("handover"))

    @cached_property
    def break_glass(self) -> BreakGlassServiceStub:
        """Records that are opened without being entitled."""
        from homeward.intake.v1.break_glass_pb2_grpc import BreakGlassServiceStub

        return BreakGlassServiceStub(self._channel("intake"))

    @cached_property
    def consents(self) -> ConsentServiceStub:
        """What somebody agrees to."""
        from homeward.intake.v1.consents_pb2_grpc import ConsentServiceStub

        return ConsentServiceStub(self._channel("intake"))

    @cached_property
    def sessions(self) -> SessionServiceStub:
        """Sign-ins that were ended."""
        from homeward.handover.v1.sessions_pb2_grpc import SessionServiceStub

        return SessionServiceStub(self._channel("handover"))

    @cached_property
    def visits(self) -> VisitServiceStub:
        """The looks again."""
        from homeward.followup.v1.visits_pb2_grpc import VisitServiceStub

        return VisitServiceStub(self._channel("followup"))

    @cached_property
    def steps(self) -> StepServiceStub:
        """The steps of a set of follow-ups."""
        from homeward.followup.v1.steps_pb2_grpc import StepServiceStub

        return StepServiceStub(self._channel("followup"))

    @cached_property
    def contacts(self) -> ContactServiceStub:
        """Attempts to reach a person at home."""
        from homeward.followup.v1.contacts_pb2_grpc import ContactServiceStub

        return ContactServiceStub(self._channel("followup"))

    @cached_property
    def care(self) -> CareServiceStub:
        """Wishes, visits and what was done for somebody's safety."""
        from homeward.followup.v1.care_pb2_grpc import CareServiceStub

        return CareServiceStub(self._channel("followup"))

    @cached_property
    def home_safety(self) -> HomeSafetyServiceStub:
        """Whether somebody may be sent home."""
        from homeward.followup.v1.home_safety_pb2_grpc import HomeSafetyServiceStub

        return HomeSafetyServiceStub(self._channel("followup"))

    @cached_property
    def entries(self) -> EntryServiceStub:
        """The story at home, and its corrections."""
        from homeward.followup.v1.entries_pb2_grpc import EntryServiceStub

        return EntryServiceStub(self._channel("followup"))

    @cached_property
    def oversight(self) -> OversightServiceStub:
        """How the work at home stands."""
        from homeward.followup.v1.oversight_pb2_grpc import OversightServiceStub

        return OversightServiceStub(self._channel("followup"))

    @cached_property
    def closing(self) -> ClosingServiceStub:
        """Cases closed and opened again."""
        from homeward.handover.v1.closing_pb2_grpc import ClosingServiceStub

        return ClosingServiceStub(self._channel("handover"))

    @cached_property
    def submissions(self) -> SubmissionServiceStub:
        """Who came back."""
        from homeward.intake.v1.submissions_pb2_grpc import SubmissionServiceStub

        return SubmissionServiceStub(self._channel("intake"))

    @cached_property
    def handovers(self) -> HandoverServiceStub:
        """Handovers as a whole."""
        from homeward.intake.v1.handovers_pb2_grpc import HandoverServiceStub

        return HandoverServiceStub(self._channel("intake"))

    @cached_property
    def legal_steps(self) -> LegalStepServiceStub:
        """What the law wants to be done at once."""
        from homeward.intake.v1.legal_steps_pb2_grpc import LegalStepServiceStub

        return LegalStepServiceStub(self._channel("intake"))

    @cached_property
    def identification(self) -> IdentificationServiceStub:
        """Who is a victim."""
        from homeward.intake.v1.identification_pb2_grpc import IdentificationServiceStub

        return IdentificationServiceStub(self._channel("intake"))

    @cached_property
    def family(self) -> FamilyServiceStub:
        """Who is a relative of whom."""
        from homeward.intake.v1.family_pb2_grpc import FamilyServiceStub

        return FamilyServiceStub(self._channel("intake"))

    @cached_property
    def reading(self) -> ReadingServiceStub:
        """Who a person is."""
        from homeward.intake.v1.reading_pb2_grpc import ReadingServiceStub

        return ReadingServiceStub(self._channel("intake"))

    @cached_property
    def inbox(self) -> InboxServiceStub:
        """What an office is told."""
        from homeward.notify.v1.inbox_pb2_grpc import InboxServiceStub

        return InboxServiceStub(self._channel("notify"))

    def acts(self, service: str) -> ActServiceStub:
        """Who did what in a service."""
        from homeward.office.v1.acts_pb2_grpc import ActServiceStub

        return ActServiceStub(self._channel(service))

    def office_end(self, service: str) -> OfficeEndServiceStub:
        """How far the end of an office has come in a service."""
        from homeward.office.v1.office_end_pb2_grpc import OfficeEndServiceStub

        return OfficeEndServiceStub(self._channel(service))
