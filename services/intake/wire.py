"""Between protobuf messages and the domain. Nothing is judged here: odd input stays odd."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import handover_pb2, identification_pb2
from homeward.intake.v1 import cases_pb2, people_pb2, reading_pb2, submissions_pb2
from homeward.intake.v1 import identification_pb2 as identification_calls
from homeward.type.v1 import types_pb2
from services.intake import access_log
from services.intake.domain.access import Access, Detail, IdentityView
from services.intake.domain.case import (
    Case,
    CustodyCause,
    Decision,
    Identification,
    Phase,
    WithdrawReason,
)
from services.intake.domain.people import (
    AgeBand,
    FamilyLink,
    Handover,
    Person,
    Place,
    PlaceKind,
    Route,
)
from services.intake.keys import DataKey

_FAR_FUTURE: Final = datetime.max.replace(tzinfo=UTC)
_FAR_PAST: Final = datetime.min.replace(tzinfo=UTC)


def instant_of(
    message: submissions_pb2.Handover | submissions_pb2.RegisterSelfReturnRequest, name: str
) -> datetime | None:
    """A timestamp field as an aware instant; None when absent, clamped when out of range."""
    if not message.HasField(name):  # type: ignore[arg-type]
        return None
    stamp: Timestamp = getattr(message, name)
    try:
        return stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _FAR_FUTURE if stamp.seconds > 0 else _FAR_PAST


def timestamp(instant: datetime) -> Timestamp:
    """An aware instant as a message."""
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp


def province_text(message: types_pb2.ProvinceRef) -> str:
    """ "22@2004", whatever stands in the two fields."""
    return f"{message.code}@{message.vintage}"


def province_message(text: str) -> types_pb2.ProvinceRef | None:
    """The two fields of "22@2004"; None for an empty text."""
    code, _, vintage = text.partition("@")
    return types_pb2.ProvinceRef(code=code, vintage=vintage) if text else None


def person_of(message: people_pb2.Person) -> Person:
    """A person as it came in."""
    return Person(
        full_name=message.full_name,
        sex=message.sex,
        birth_date=message.birth_date,
        nationality=message.nationality,
        ethnicity=message.ethnicity,
        language=message.language,
        home_province=(province_text(message.home_province) if message.HasField("home_province") else ""),
        home_address=message.home_address,
        returned_from_country=message.returned_from_country,
        health_remarks=message.health_remarks,
        documents=tuple(message.documents),
        belongings=tuple(message.belongings),
        victim_declaration=message.victim_declaration,
        return_certificate_number=message.return_certificate_number,
        handover_certificate_number=message.handover_certificate_number,
        family_links=tuple(FamilyLink(link.row, link.relation) for link in message.family_links),
        earlier_case=message.earlier_case,
    )


def person_message(person: Person) -> people_pb2.Person:
    """A person to send or to seal."""
    return people_pb2.Person(
        full_name=person.full_name,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        ethnicity=person.ethnicity,
        language=person.language,
        home_province=province_message(person.home_province),
        home_address=person.home_address,
        returned_from_country=person.returned_from_country,
        health_remarks=person.health_remarks,
        documents=person.documents,
        belongings=person.belongings,
        victim_declaration=person.victim_declaration,
        return_certificate_number=person.return_certificate_number,
        handover_certificate_number=person.handover_certificate_number,
        family_links=[people_pb2.FamilyLink(row=link.row, relation=link.relation) for link in person.family_links],
        earlier_case=person.earlier_case,
    )


def person_bytes(person: Person) -> bytes:
    """A person as it is sealed."""
    return person_message(person).SerializeToString()


def person_from_bytes(content: bytes) -> Person:
    """A person as it was sealed."""
    return person_of(people_pb2.Person.FromString(content))


def route_of(number: int) -> Route | None:
    """None for unspecified, and for a number that this program does not know."""
    name = _name(types_pb2.RouteOfReturn, number, "ROUTE_OF_RETURN_")
    return Route(name) if name in Route.__members__ else None


def identification_of(number: int) -> Identification | None:
    """None for unspecified or unknown."""
    name = _name(types_pb2.IdentificationStatus, number, "IDENTIFICATION_STATUS_")
    return Identification(name) if name in Identification.__members__ else None


def withdraw_reason_of(number: int) -> WithdrawReason | None:
    """None for unspecified or unknown."""
    name = _name(types_pb2.WithdrawReason, number, "WITHDRAW_REASON_")
    return WithdrawReason(name) if name in WithdrawReason.__members__ else None


def phase_of(number: int) -> Phase | None:
    """None for unspecified or unknown."""
    name = _name(types_pb2.CasePhase, number, "CASE_PHASE_")
    return Phase(name) if name in Phase.__members__ else None


def cause_of(number: int) -> CustodyCause | None:
    """None for unspecified or unknown."""
    name = _name(types_pb2.CustodyCause, number, "CUSTODY_CAUSE_")
    return CustodyCause(name) if name in CustodyCause.__members__ else None


def _name(enum: object, number: int, prefix: str) -> str:
    try:
        return str(enum.Name(number)).removeprefix(prefix)  # type: ignore[attr-defined]
    except ValueError:
        return ""


def _place_of(message: submissions_pb2.Place) -> Place | None:
    match message.WhichOneof("place"):
        case "gate_id":
            return Place(PlaceKind.GATE, message.gate_id)
        case "marker":
            return Place(PlaceKind.MARKER, message.marker)
        case "other":
            return Place(PlaceKind.OTHER, message.other)
        case _:
            return None


def handover_of(message: submissions_pb2.Handover) -> Handover:
    """A handover as it came in."""
    return Handover(
        route=route_of(message.route),
        handover_time=instant_of(message, "handover_time"),
        place=_place_of(message.place),
        handing_body=message.handing_body,
        joint_minutes_number=message.joint_minutes_number,
        people=tuple(person_of(person) for person in message.people),
    )


def self_return_of(message: submissions_pb2.RegisterSelfReturnRequest) -> Handover:
    """A self-return as a handover of one person without a place."""
    return Handover(
        route=route_of(message.route),
        handover_time=instant_of(message, "report_time"),
        people=(person_of(message.person),) if message.HasField("person") else (),
    )


def decision_of(message: identification_calls.DecideIdentificationRequest) -> Decision:
    """A decision as it came in."""
    return Decision(
        status=identification_of(message.status),
        decided_on=message.decided_on,
        grounds=tuple(message.grounds),
        evidence=tuple(message.evidence),
        reason=message.reason,
        certificate_number=message.certificate_number,
    )


def handover_details_bytes(handover: Handover) -> bytes:
    """What of a handover may name people, as it is sealed: all but moment, route and people."""
    return submissions_pb2.Handover(
        place=_place_message(handover.place) if handover.place else None,
        handing_body=handover.handing_body,
        joint_minutes_number=handover.joint_minutes_number,
    ).SerializeToString()


def _place_message(place: Place) -> submissions_pb2.Place:
    match place.kind:
        case PlaceKind.GATE:
            return submissions_pb2.Place(gate_id=place.text)
        case PlaceKind.MARKER:
            return submissions_pb2.Place(marker=place.text)
        case PlaceKind.OTHER:
            return submissions_pb2.Place(other=place.text)


def decision_details_bytes(decision: Decision) -> bytes:
    """What of a decision may name people, as it is sealed."""
    return identification_calls.DecideIdentificationRequest(
        evidence=decision.evidence,
        reason=decision.reason,
        certificate_number=decision.certificate_number,
    ).SerializeToString()


def route_number(route: Route) -> types_pb2.RouteOfReturn.ValueType:
    """The enum value of a route."""
    return types_pb2.RouteOfReturn.Value(f"ROUTE_OF_RETURN_{route}")


def age_band_number(band: AgeBand) -> types_pb2.AgeBand.ValueType:
    """The enum value of an age band."""
    return types_pb2.AgeBand.Value(f"AGE_BAND_{band}")


def identification_number(status: Identification) -> types_pb2.IdentificationStatus.ValueType:
    """The enum value of an identification status."""
    return types_pb2.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}")


def view_number(view: IdentityView) -> cases_pb2.IdentityView.ValueType:
    """The enum value of an identity view."""
    return cases_pb2.IdentityView.Value(f"IDENTITY_VIEW_{view}")


def registered_event(case: Case, gate_id: str) -> handover_pb2.CaseRegistered:
    """The event of a new case."""
    return handover_pb2.CaseRegistered(
        case_id=str(case.id),
        case_number=case.number,
        handover_id=str(case.handover_id),
        receiving_office_id=case.receiving_office_id,
        route=route_number(case.route),
        gate_id=gate_id,
        home_province=province_message(case.home_province),
        age_band=age_band_number(case.age_band),
        handover_time=timestamp(case.handover_time),
        register_time=timestamp(case.created_at),
        earlier_case_id=str(case.earlier_case_id or ""),
    )


def corrected_event(case: Case, fields: tuple[str, ...]) -> handover_pb2.CaseCorrected:
    """The event of a correction: names of fields, never their contents."""
    return handover_pb2.CaseCorrected(
        case_id=str(case.id),
        home_province=province_message(case.home_province),
        age_band=age_band_number(case.age_band),
        fields=fields,
    )


def withdrawn_event(case: Case, reason: WithdrawReason) -> handover_pb2.CaseWithdrawn:
    """The event of a withdrawal."""
    return handover_pb2.CaseWithdrawn(
        case_id=str(case.id),
        reason=types_pb2.WithdrawReason.Value(f"WITHDRAW_REASON_{reason}"),
    )


def decided_event(case: Case, office_id: str, decided_on: str) -> identification_pb2.IdentificationDecided:
    """The event of a decision: no grounds, they tell the form of exploitation."""
    return identification_pb2.IdentificationDecided(
        case_id=str(case.id),
        status=identification_number(case.identification),
        deciding_office_id=office_id,
        decided_on=decided_on,
        revision=case.decisions,
    )


def receipt_message(handover_id: UUID, cases: tuple[Case, ...], receive_time: datetime) -> submissions_pb2.Receipt:
    """What a submission became."""
    return submissions_pb2.Receipt(
        handover_id=str(handover_id),
        entries=[
            submissions_pb2.ReceiptEntry(row=case.row, case_id=str(case.id), case_number=case.number) for case in cases
        ],
        receive_time=timestamp(receive_time),
    )


def case_message(case: Case, access: Access, person: Person | None = None) -> cases_pb2.Case:
    """A case as far as the access goes; `person` is what may be seen of her, if anything."""
    message = cases_pb2.Case(
        case_id=str(case.id),
        case_number=case.number,
        status_word=cases_pb2.StatusWord.Value(f"STATUS_WORD_{case.status_word}"),
        identity_view=view_number(access.identity if person else IdentityView.NONE),
        person=person_message(person) if person else None,
    )
    if access.detail >= Detail.ON_THE_WAY:
        message.phase = types_pb2.CasePhase.Value(f"CASE_PHASE_{case.shown_phase}")
    if access.detail >= Detail.CASE:
        message.MergeFrom(_whole_case(case))
    return message


def log_entry_message(entry: access_log.Entry, key: DataKey | None) -> reading_pb2.AccessLogEntry:
    """An entry for the auditor; the purpose is gone with the key of an erased case."""
    read = entry.read
    return reading_pb2.AccessLogEntry(
        read_time=timestamp(read.read_at),
        subject=read.subject,
        office_id=read.office_id,
        role=read.role,
        case_id=str(read.case_id),
        identity_view=view_number(read.identity_view),
        purpose=key.open(read.purpose, access_log.PURPOSE).decode() if key else "",
        sequence=entry.sequence,
        hash=entry.hash.hex(),
    )


def _whole_case(case: Case) -> cases_pb2.Case:
    return cases_pb2.Case(
        handover_id=str(case.handover_id),
        etag=case.etag,
        identification=identification_number(case.identification),
        receiving_office_id=case.receiving_office_id,
        accountable_office_id=case.accountable_office_id,
        route=route_number(case.route),
        home_province=province_message(case.home_province),
        age_band=age_band_number(case.age_band),
        handover_time=timestamp(case.handover_time),
        create_time=timestamp(case.created_at),
    )
