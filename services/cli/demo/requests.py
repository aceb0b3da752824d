"""What offices write in the demonstration: requests from plans. Pure; request ids follow from seed, case and step."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import followup_pb2
from homeward.handover.v1 import handover_pb2
from homeward.intake.v1 import intake_pb2
from homeward.type.v1 import types_pb2
from services.cli.demo.behaviour import WARNING_SIGN, CasePlan, FollowUpPlan
from services.cli.demo.population import Returnee, Submission

_NAMESPACE: Final = uuid.UUID("3c5d7c1e-63f4-5e0f-9a55-2d1d3f6b8a10")
HANDING_BODY: Final = "Invented police station"
NUMBER_PREFIX: Final = "THI-DU"


def request_id(seed: int, key: str, step: str) -> str:
    """The same for the same step of the same demonstration: a rerun after a crash submits nothing twice."""
    return str(uuid.uuid5(_NAMESPACE, f"{seed}/{key}/{step}"))


def _person(person: Returnee) -> intake_pb2.Person:
    return intake_pb2.Person(
        full_name=person.name,
        sex=person.sex,
        birth_date=person.birth_date.isoformat(),
        nationality="VN",
        ethnicity=person.ethnicity,
        language="vi",
        home_province=types_pb2.ProvinceRef(code=person.home.code, vintage=person.home.vintage),
        returned_from_country=person.country,
        return_certificate_number=f"{NUMBER_PREFIX}-{person.number:04d}",
    )


def _stamp(submission: Submission) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(submission.returned_at)
    return stamp


def _route(submission: Submission) -> types_pb2.RouteOfReturn.ValueType:
    return types_pb2.RouteOfReturn.Value(f"ROUTE_OF_RETURN_{submission.route}")


def submit(seed: int, one: Submission) -> intake_pb2.SubmitHandoverRequest:
    """A border post hands people over."""
    place = intake_pb2.Place(other=one.place) if one.place else intake_pb2.Place(gate_id=one.gate_id)
    return intake_pb2.SubmitHandoverRequest(
        request_id=request_id(seed, str(one.number), "submit"),
        handover=intake_pb2.Handover(
            route=_route(one),
            handover_time=_stamp(one),
            place=place,
            handing_body=HANDING_BODY,
            joint_minutes_number=f"{NUMBER_PREFIX}/{one.number}",
            people=[_person(person) for person in one.people],
        ),
    )


def register(seed: int, one: Submission) -> intake_pb2.RegisterSelfReturnRequest:
    """An office registers somebody who came back alone."""
    return intake_pb2.RegisterSelfReturnRequest(
        request_id=request_id(seed, str(one.number), "submit"),
        person=_person(one.people[0]),
        route=_route(one),
        report_time=_stamp(one),
    )


def decide(seed: int, plan: CasePlan, case_id: str, day: date) -> intake_pb2.DecideIdentificationRequest:
    """A verifier decides."""
    identified = plan.identification == "IDENTIFIED"
    return intake_pb2.DecideIdentificationRequest(
        request_id=request_id(seed, plan.key, "decide"),
        case=case_id,
        status=types_pb2.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{plan.identification}"),
        decided_on=day.isoformat(),
        grounds=[plan.ground] if identified else [],
        reason="" if identified else "Invented reason",
    )


def record_home(seed: int, plan: CasePlan, case_id: str, day: date) -> handover_pb2.RecordHomeRequest:
    """A support agency records that the person is home without a transfer."""
    return handover_pb2.RecordHomeRequest(
        request_id=request_id(seed, plan.key, "home"), case=case_id, home_on=day.isoformat()
    )


def dispatch(
    seed: int, plan: CasePlan, case_id: str, to_office_id: str, day: date, expected_on: date, journey: int
) -> handover_pb2.DispatchTransferRequest:
    """The accountable office sends the person on; `journey` counts from 1."""
    return handover_pb2.DispatchTransferRequest(
        request_id=request_id(seed, plan.key, f"dispatch {journey}"),
        case=case_id,
        to_office_id=to_office_id,
        departed_on=day.isoformat(),
        expected_arrival_on=expected_on.isoformat(),
    )


def acknowledge(seed: int, plan: CasePlan, case_id: str, arrived_on: date) -> handover_pb2.AcknowledgeTransferRequest:
    """The addressed office acknowledges the arrival."""
    return handover_pb2.AcknowledgeTransferRequest(
        request_id=request_id(seed, plan.key, "acknowledge"), case=case_id, arrived_on=arrived_on.isoformat()
    )


def reject(seed: int, plan: CasePlan, case_id: str) -> handover_pb2.RejectTransferRequest:
    """The addressed office says that the person belongs elsewhere."""
    return handover_pb2.RejectTransferRequest(
        request_id=request_id(seed, plan.key, "reject"),
        case=case_id,
        reason=types_pb2.REJECT_REASON_WRONG_PROVINCE,
    )


def record_visit(
    seed: int, plan: CasePlan, case_id: str, kind: str, visit: FollowUpPlan, day: date
) -> followup_pb2.RecordFollowUpRequest:
    """The support agency looked again; `kind` is MONTHS_3 or YEARS_3."""
    return followup_pb2.RecordFollowUpRequest(
        request_id=request_id(seed, plan.key, kind),
        case=case_id,
        kind=types_pb2.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind}"),
        visited_on=day.isoformat(),
        outcome=types_pb2.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{visit.outcome}"),
        warning_signs=[WARNING_SIGN] if visit.outcome == "AT_RISK" else [],
    )


def close(seed: int, plan: CasePlan, case_id: str) -> followup_pb2.CloseCaseRequest:
    """The support agency closes the case at the end of the period."""
    return followup_pb2.CloseCaseRequest(
        request_id=request_id(seed, plan.key, "close"), case=case_id, reason=types_pb2.CLOSE_REASON_PERIOD_ENDED
    )
