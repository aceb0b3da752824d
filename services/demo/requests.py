"""What offices write in the demonstration: requests from plans. Pure; request ids follow from seed, case and step."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import care_pb2, entries_pb2, home_safety_pb2, visits_pb2
from homeward.handover.v1 import (
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.intake.v1 import family_pb2, identification_pb2, people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.calendar import add_years
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.record import ASKED
from services.demo.behaviour import ADULT_FROM_YEARS, DECLINED, WARNING_SIGN, CasePlan, Ending, FollowUpPlan
from services.demo.population import Returnee, Submission

_NAMESPACE: Final = uuid.UUID("3c5d7c1e-63f4-5e0f-9a55-2d1d3f6b8a10")
HANDING_BODY: Final = "Invented police station"
NUMBER_PREFIX: Final = "THI-DU"
HOME_SAFETY: Final = "HOME_SAFETY"
YES, NO = "YES", "NO"
GUARDIAN: Final = "Invented guardian"
_HOME_ANSWERS: Final = {
    "H01": YES,
    "H09": YES,
    "H11": YES,
    "H12": YES,
    "H14": YES,
    "H15": YES,
    "H16": "AGENCY",
}
"""Answers of whoever has nothing to fear at home; to every other question NO."""


def request_id(seed: int, key: str, step: str) -> str:
    """The same for the same step of the same demonstration: a rerun after a crash submits nothing twice."""
    return str(uuid.uuid5(_NAMESPACE, f"{seed}/{key}/{step}"))


def _person(person: Returnee, earlier_case: str = "") -> people_pb2.Person:
    return people_pb2.Person(
        full_name=person.name,
        sex=person.sex,
        birth_date=person.birth_date.isoformat(),
        nationality="VN",
        ethnicity=person.ethnicity,
        language="vi",
        home_province=types_pb2.ProvinceRef(code=person.home.code, vintage=person.home.vintage),
        returned_from_country=person.country,
        return_certificate_number=f"{NUMBER_PREFIX}-{person.number:04d}",
        earlier_case=earlier_case,
    )


def _stamp(submission: Submission) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(submission.returned_at)
    return stamp


def _route(submission: Submission) -> types_pb2.RouteOfReturn.ValueType:
    return number_of(types_pb2.RouteOfReturn, submission.route)


def submit(seed: int, one: Submission, earlier_case: str = "") -> submissions_pb2.SubmitHandoverRequest:
    """A border post hands people over; one who reappears has the number of her earlier case on her paper."""
    place = submissions_pb2.Place(other=one.place) if one.place else submissions_pb2.Place(gate_id=one.gate_id)
    return submissions_pb2.SubmitHandoverRequest(
        request_id=request_id(seed, str(one.number), "submit"),
        handover=submissions_pb2.Handover(
            route=_route(one),
            handover_time=_stamp(one),
            place=place,
            handing_body=HANDING_BODY,
            joint_minutes_number=f"{NUMBER_PREFIX}/{one.number}",
            people=[_person(person, earlier_case) for person in one.people],
        ),
        # Names and births are drawn by lot: two that are alike are two people.
        also_register_again=range(1, len(one.people) + 1),
        confirmed=sorted(ASKED),
    )


def register(seed: int, one: Submission) -> submissions_pb2.RegisterSelfReturnRequest:
    """An office registers somebody who came back alone."""
    return submissions_pb2.RegisterSelfReturnRequest(
        request_id=request_id(seed, str(one.number), "submit"),
        person=_person(one.people[0]),
        route=_route(one),
        report_time=_stamp(one),
        also_register_again=True,
        confirmed=sorted(ASKED),
    )


def decide(seed: int, plan: CasePlan, case_id: str, day: date) -> identification_pb2.DecideIdentificationRequest:
    """A verifier decides."""
    identified = plan.identification == "IDENTIFIED"
    return identification_pb2.DecideIdentificationRequest(
        request_id=request_id(seed, plan.key, "decide"),
        case=case_id,
        status=number_of(types_pb2.IdentificationStatus, plan.identification),
        decided_on=day.isoformat(),
        grounds=[plan.ground] if identified else [],
        reason="" if identified else "Invented reason",
    )


def record_home(seed: int, plan: CasePlan, case_id: str, day: date) -> custody_pb2.RecordHomeRequest:
    """A support agency records that the person is home without a transfer."""
    return custody_pb2.RecordHomeRequest(
        request_id=request_id(seed, plan.key, "home"), case=case_id, home_on=day.isoformat()
    )


def dispatch(
    seed: int, plan: CasePlan, case_id: str, to_office_id: str, day: date, expected_on: date, journey: int
) -> transfers_pb2.DispatchTransferRequest:
    """The accountable office sends the person on; `journey` counts from 1."""
    return transfers_pb2.DispatchTransferRequest(
        request_id=request_id(seed, plan.key, f"dispatch {journey}"),
        case=case_id,
        to_office_id=to_office_id,
        departed_on=day.isoformat(),
        expected_arrival_on=expected_on.isoformat(),
        travel=_travel(plan, day, to_centre=to_office_id == plan.centre_id),
    )


def is_child(plan: CasePlan, day: date) -> bool:
    """Whether she is under 18 on that day: then two people say whether she may go home."""
    return add_years(plan.person.birth_date, ADULT_FROM_YEARS) > day


def short_check(
    seed: int, plan: CasePlan, case_id: str, to_office_id: str, journey: int
) -> home_safety_pb2.RecordShortChecksRequest:
    """A border post or a commune asks the two questions about the home."""
    row = home_safety_pb2.ShortCheck(
        case=case_id, to_office_id=to_office_id, wants_to_go=YES, afraid=NO, guardian=GUARDIAN
    )
    return home_safety_pb2.RecordShortChecksRequest(
        request_id=request_id(seed, plan.key, f"home {journey}"), rows=[row]
    )


def full_check(
    seed: int, plan: CasePlan, case_id: str, to_office_id: str, journey: int
) -> home_safety_pb2.RecordHomeSafetyRequest:
    """A centre or an agency asks everything about the home: she may go."""
    known = questionnaire()
    answers = [
        care_pb2.Answer(question=one.id, codes=[_HOME_ANSWERS.get(one.id, NO)]) for one in known.of_set(HOME_SAFETY)
    ]
    return home_safety_pb2.RecordHomeSafetyRequest(
        request_id=request_id(seed, plan.key, f"home {journey}"),
        case=case_id,
        to_office_id=to_office_id,
        questionnaire_version=known.version,
        answers=answers,
        verdict=types_pb2.HOME_SAFETY_SAFE,
        guardian=GUARDIAN,
    )


def confirm_home(
    seed: int, plan: CasePlan, check: home_safety_pb2.HomeCheck, journey: int
) -> home_safety_pb2.ConfirmHomeSafetyRequest:
    """A second person agrees."""
    return home_safety_pb2.ConfirmHomeSafetyRequest(
        request_id=request_id(seed, plan.key, f"home agreed {journey}"),
        case=check.case_id,
        number=check.number,
        agrees=True,
    )


def _travel(plan: CasePlan, day: date, *, to_centre: bool) -> transfers_pb2.TravelPlan:
    child = is_child(plan, day)
    return transfers_pb2.TravelPlan(
        escort=types_pb2.ESCORT_SOCIAL_WORKER if child else types_pb2.ESCORT_OFFICER,
        means=types_pb2.TRAVEL_MEANS_BUS,
        consent=types_pb2.TRANSFER_CONSENT_GIVEN_BY_GUARDIAN if child else types_pb2.TRANSFER_CONSENT_GIVEN,
        documents=[types_pb2.TRANSFER_DOCUMENT_CERTIFICATE_OF_RETURN],
        destination=types_pb2.DESTINATION_CHOICE_FACILITY if to_centre else types_pb2.DESTINATION_CHOICE_HOME,
    )


def accept(seed: int, plan: CasePlan, case_id: str, journey: int) -> transfers_pb2.AcceptTransferRequest:
    """The addressed office accepts the duty to receive her."""
    return transfers_pb2.AcceptTransferRequest(request_id=request_id(seed, plan.key, f"accept {journey}"), case=case_id)


def acknowledge(
    seed: int, plan: CasePlan, case_id: str, arrived_on: date, step: str = "acknowledge"
) -> transfers_pb2.AcknowledgeTransferRequest:
    """The addressed office acknowledges the arrival."""
    return transfers_pb2.AcknowledgeTransferRequest(
        request_id=request_id(seed, plan.key, step), case=case_id, arrived_on=arrived_on.isoformat()
    )


def not_arrived(seed: int, plan: CasePlan, case_id: str) -> transfers_pb2.ReportNotArrivedRequest:
    """The addressed office says that she did not come."""
    return transfers_pb2.ReportNotArrivedRequest(request_id=request_id(seed, plan.key, "not arrived"), case=case_id)


def redirect(
    seed: int, plan: CasePlan, case_id: str, day: date, expected_on: date
) -> transfers_pb2.RedirectTransferRequest:
    """The sender sends her, on the way, to the agency of her home province."""
    return transfers_pb2.RedirectTransferRequest(
        request_id=request_id(seed, plan.key, "redirect"),
        case=case_id,
        to_office_id=plan.home_office_id,
        expected_arrival_on=expected_on.isoformat(),
        travel=_travel(plan, day, to_centre=False),
    )


def plan_home(
    seed: int, plan: CasePlan, case_id: str, leaves_on: date, expected_on: date
) -> transfers_pb2.PlanTransferRequest:
    """The centre plans her way home."""
    return transfers_pb2.PlanTransferRequest(
        request_id=request_id(seed, plan.key, "plan"),
        case=case_id,
        to_office_id=plan.home_office_id,
        expected_departure_on=leaves_on.isoformat(),
        expected_arrival_on=expected_on.isoformat(),
        travel=_travel(plan, leaves_on, to_centre=False),
    )


def discharge(seed: int, plan: CasePlan, case_id: str, day: date) -> stays_pb2.DischargePersonRequest:
    """She leaves the centre towards that plan."""
    return stays_pb2.DischargePersonRequest(
        request_id=request_id(seed, plan.key, "discharge"),
        case=case_id,
        destination=types_pb2.DISCHARGE_DESTINATION_PLANNED_TRANSFER,
        discharged_on=day.isoformat(),
    )


def search_step(seed: int, plan: CasePlan, case_id: str, day: date) -> searches_pb2.RecordSearchStepRequest:
    """The supervisor asks the commune."""
    return searches_pb2.RecordSearchStepRequest(
        request_id=request_id(seed, plan.key, "search step"),
        case=case_id,
        kind=types_pb2.SEARCH_STEP_KIND_COMMUNE_ASKED,
        taken_on=day.isoformat(),
        successful=plan.ending is Ending.FOUND,
    )


def say_found(seed: int, plan: CasePlan, case_id: str, office_id: str, day: date) -> searches_pb2.ResolveSearchRequest:
    """The supervisor says with which office she is."""
    return searches_pb2.ResolveSearchRequest(
        request_id=request_id(seed, plan.key, f"found at {office_id}"),
        case=case_id,
        resolution=types_pb2.SEARCH_RESOLUTION_FOUND,
        office_id=office_id,
        on=day.isoformat(),
    )


def give_up(seed: int, plan: CasePlan, case_id: str) -> searches_pb2.ResolveSearchRequest:
    """The supervisor ends the search, and the case: she is abroad again."""
    return searches_pb2.ResolveSearchRequest(
        request_id=request_id(seed, plan.key, "give up"),
        case=case_id,
        resolution=types_pb2.SEARCH_RESOLUTION_CLOSED,
        close_reason=types_pb2.CLOSE_REASON_ABROAD_AGAIN,
    )


def deny_found(seed: int, plan: CasePlan, case_id: str) -> claims_pb2.DenyFoundRequest:
    """An agency says that she is not there."""
    return claims_pb2.DenyFoundRequest(request_id=request_id(seed, plan.key, "deny found"), case=case_id)


def register_elsewhere(
    seed: int, plan: CasePlan, reported_on: date, earlier_case: str
) -> submissions_pb2.RegisterSelfReturnRequest:
    """She asks for help where nobody expects her, and has the number of her case with her."""
    report_time = Timestamp()
    report_time.FromDatetime(start_of_local_day(reported_on))
    return submissions_pb2.RegisterSelfReturnRequest(
        request_id=request_id(seed, plan.key, "register elsewhere"),
        person=_person(plan.person, earlier_case),
        route=types_pb2.ROUTE_OF_RETURN_SELF_RETURN,
        report_time=report_time,
        also_register_again=True,
        confirmed=sorted(ASKED),
    )


def confirm_return(seed: int, plan: CasePlan, case_id: str, later_case: str) -> returns_pb2.ConfirmReappearanceRequest:
    """The office that sent her says that it is she."""
    return returns_pb2.ConfirmReappearanceRequest(
        request_id=request_id(seed, plan.key, "confirm return"), case=case_id, later_case=later_case
    )


def take_back(seed: int, plan: CasePlan, case_id: str) -> transfers_pb2.TakeBackAnswerRequest:
    """The answer was given for the wrong person."""
    return transfers_pb2.TakeBackAnswerRequest(
        request_id=request_id(seed, plan.key, "take back"),
        case=case_id,
        reason=types_pb2.TAKE_BACK_REASON_WRONG_PERSON,
    )


def link_kin(seed: int, plan: CasePlan, case_id: str, other_case: str) -> family_pb2.LinkFamilyRequest:
    """Two of one list are sisters, and should stay together."""
    return family_pb2.LinkFamilyRequest(
        request_id=request_id(seed, plan.key, "kin"),
        case=case_id,
        other_case=other_case,
        relation="SIBLING",
        togetherness=family_pb2.TOGETHERNESS_KEEP_TOGETHER,
    )


def approve(seed: int, approval_id: str, office_id: str) -> approvals_pb2.ApproveRequestRequest:
    """Somebody of an office approves what another one asked for."""
    return approvals_pb2.ApproveRequestRequest(
        request_id=request_id(seed, approval_id, f"approve at {office_id}"), approval_id=approval_id
    )


def end_office(seed: int, office_id: str, successor_id: str) -> directory_pb2.EndOfficeRequest:
    """An agency ends, and another one takes over what it had."""
    return directory_pb2.EndOfficeRequest(
        request_id=request_id(seed, office_id, "end"), office_id=office_id, successor_id=successor_id
    )


def confirm_found(seed: int, plan: CasePlan, case_id: str, day: date) -> claims_pb2.ConfirmFoundRequest:
    """The agency of her home confirms what the supervisor says: she is there."""
    return claims_pb2.ConfirmFoundRequest(
        request_id=request_id(seed, plan.key, "confirm found"), case=case_id, on=day.isoformat()
    )


def re_identify(seed: int, plan: CasePlan, case_id: str, other_case_id: str) -> searches_pb2.ResolveSearchRequest:
    """She was handed over again: the new case goes on."""
    return searches_pb2.ResolveSearchRequest(
        request_id=request_id(seed, plan.key, "re-identify"),
        case=case_id,
        resolution=types_pb2.SEARCH_RESOLUTION_RE_IDENTIFIED,
        other_case=other_case_id,
    )


def recall(seed: int, plan: CasePlan, case_id: str) -> transfers_pb2.RecallTransferRequest:
    """The office that sent her takes the transfer back: she is not on it any more."""
    return transfers_pb2.RecallTransferRequest(request_id=request_id(seed, plan.key, "recall"), case=case_id)


def reject(seed: int, plan: CasePlan, case_id: str) -> transfers_pb2.RejectTransferRequest:
    """The addressed office says that the person belongs elsewhere."""
    return transfers_pb2.RejectTransferRequest(
        request_id=request_id(seed, plan.key, "reject"),
        case=case_id,
        reason=types_pb2.REJECT_REASON_WRONG_PROVINCE,
    )


def record_visit(
    seed: int, plan: CasePlan, case_id: str, kind: str, visit: FollowUpPlan, day: date, wishes_read: int = 0
) -> visits_pb2.RecordFollowUpRequest:
    """The support agency looked again; `kind` is MONTHS_3 or YEARS_3, `wishes_read` the version of her wishes."""
    return visits_pb2.RecordFollowUpRequest(
        request_id=request_id(seed, plan.key, kind),
        case=case_id,
        kind=number_of(types_pb2.FollowUpKind, kind),
        visited_on=day.isoformat(),
        wishes_read=wishes_read,
        outcome=number_of(types_pb2.FollowUpOutcome, visit.outcome),
        warning_signs=[WARNING_SIGN] if visit.outcome == "AT_RISK" else [],
        then=types_pb2.AFTER_DECLINED_KEEP if visit.outcome == DECLINED else types_pb2.AFTER_DECLINED_UNSPECIFIED,
    )


def close(seed: int, plan: CasePlan, case_id: str) -> closing_pb2.CloseCaseRequest:
    """The support agency closes the case at the end of the period."""
    return closing_pb2.CloseCaseRequest(
        request_id=request_id(seed, plan.key, "close"), case=case_id, reason=types_pb2.CLOSE_REASON_PERIOD_ENDED
    )


def submit_again(seed: int, one: Submission, earlier_case: str = "") -> submissions_pb2.SubmitHandoverRequest:
    """The same list from another computer, which knows nothing of the first: a request of its own."""
    request = submit(seed, one, earlier_case)
    request.request_id = request_id(seed, str(one.number), "submit again")
    # Whoever sends a copy says of nobody that she is another person.
    del request.also_register_again[:]
    return request


def register_again(seed: int, plan: CasePlan, reported_on: date) -> submissions_pb2.RegisterSelfReturnRequest:
    """The agency of her home registers her although she was handed over: nobody thought of it."""
    report_time = Timestamp()
    report_time.FromDatetime(start_of_local_day(reported_on))
    return submissions_pb2.RegisterSelfReturnRequest(
        request_id=request_id(seed, plan.key, "register again"),
        person=_person(plan.person),
        route=types_pb2.ROUTE_OF_RETURN_SELF_RETURN,
        report_time=report_time,
        also_register_again=True,
    )


def close_for(
    seed: int, key: str, case_id: str, reason: types_pb2.CloseReason.ValueType, other_case: str = ""
) -> closing_pb2.CloseCaseRequest:
    """A case is closed for another reason than the end of its period."""
    step = f"close {types_pb2.CloseReason.Name(reason)}"
    return closing_pb2.CloseCaseRequest(
        request_id=request_id(seed, key, step), case=case_id, reason=reason, other_case=other_case
    )


def visit_of_another(seed: int, plan: CasePlan, case_id: str, kind: str, day: date) -> visits_pb2.RecordFollowUpRequest:
    """Somebody else's visit, recorded for her."""
    return visits_pb2.RecordFollowUpRequest(
        request_id=request_id(seed, plan.key, f"{kind} of another"),
        case=case_id,
        kind=number_of(types_pb2.FollowUpKind, kind),
        visited_on=day.isoformat(),
        outcome=types_pb2.FOLLOW_UP_OUTCOME_SETTLED,
    )


def take_back_entry(seed: int, plan: CasePlan, case_id: str, number: int) -> entries_pb2.TakeBackEntryRequest:
    """It was not hers."""
    return entries_pb2.TakeBackEntryRequest(
        request_id=request_id(seed, plan.key, "take back"),
        case=case_id,
        entry_number=number,
        reason=types_pb2.ENTRY_REASON_WRONG_CASE,
    )
