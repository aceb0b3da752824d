"""The domain's values as protos and back: what callers are answered, what is told on the stream, what is heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, assert_never
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import handover_pb2, office_pb2
from homeward.events.v1 import transfer_pb2 as events
from homeward.handover.v1 import custody_pb2, directory_pb2, searches_pb2, stays_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.overlays import CalendarChange, RuleChange
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Rule
from services.chassis.kernel.errors import ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef
from services.handover.domain.case import CaseCustody, Person
from services.handover.domain.custody import Link, Registration
from services.handover.domain.events import (
    AcknowledgementRetracted,
    CustodyChanged,
    Event,
    FollowUpsUnconfirmed,
    PersonAdmitted,
    PersonDischarged,
    PersonLost,
    SearchEscalated,
    SearchEvent,
    SearchResolved,
    StayEnding,
    StayEvent,
    TransferAccepted,
    TransferAcknowledged,
    TransferDispatched,
    TransferEvent,
    TransferNotArrived,
    TransferOverdue,
    TransferPlanned,
    TransferRecalled,
    TransferRedirected,
    TransferRejected,
    TransferSuperseded,
    WithdrawalRefused,
)
from services.handover.domain.reading import (
    Board,
    Counted,
    Custody,
    Facility,
    ListedOverdue,
    ListedSearch,
    ListedTransfer,
    LostCounted,
)
from services.handover.domain.search import Search
from services.handover.domain.transfer import Transfer, TravelPlan
from services.handover.domain.words import (
    Cause,
    CustodyKind,
    LostReason,
    Phase,
    RejectReason,
    Resolution,
    TransferWarning,
)

_DAY = timedelta(days=1)


def day(value: date | None) -> str:
    """YYYY-MM-DD; empty when there is none."""
    return value.isoformat() if value is not None else ""


def instant(value: datetime) -> Timestamp:
    """A timestamp."""
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp


def instant_or_none(value: datetime | None) -> Timestamp | None:
    """A timestamp, if there is one."""
    return instant(value) if value is not None else None


def text(value: UUID | None) -> str:
    """An id; empty when there is none."""
    return str(value) if value is not None else ""


def phase(value: Phase) -> types.CasePhase.ValueType:
    """The phase on the wire."""
    return types.CasePhase.Value(f"CASE_PHASE_{value.value}")


def cause(value: Cause) -> types.CustodyCause.ValueType:
    """The cause on the wire."""
    return types.CustodyCause.Value(f"CUSTODY_CAUSE_{value.value}")


def reject_reason(value: RejectReason | None) -> types.RejectReason.ValueType:
    """The reason on the wire."""
    return types.RejectReason.Value(f"REJECT_REASON_{_name(value)}")


def lost_reason(value: LostReason) -> types.LostReason.ValueType:
    """The reason on the wire."""
    return types.LostReason.Value(f"LOST_REASON_{value.value}")


def resolution(value: Resolution | None) -> types.SearchResolution.ValueType:
    """The resolution on the wire."""
    return types.SearchResolution.Value(f"SEARCH_RESOLUTION_{_name(value)}")


def warnings(values: Iterable[TransferWarning]) -> list[types.TransferWarning.ValueType]:
    """Warnings on the wire."""
    return [types.TransferWarning.Value(f"TRANSFER_WARNING_{one.value}") for one in values]


def _name(value: RejectReason | Resolution | None) -> str:
    return value.value if value is not None else "UNSPECIFIED"


def etag(value: Transfer | Search) -> str:
    """The etag of a transfer or search: its version as a quoted text."""
    return f'"{value.version}"'


def province(value: ProvinceRef | None) -> types.ProvinceRef | None:
    """A province, if it is known."""
    return types.ProvinceRef(code=value.code, vintage=value.vintage) if value is not None else None


def _age_band(value: str) -> types.AgeBand.ValueType:
    return types.AgeBand.Value(f"AGE_BAND_{value}")


# Transfers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """Whom a transfer is about, as far as handover knows."""

    case_id: UUID
    case_number: str
    home_province: ProvinceRef | None
    age_band: str

    @classmethod
    def case(cls, case: CaseCustody) -> About:
        """Of a case."""
        return cls(case.case_id, case.case_number, case.person.home_province, case.person.age_band)

    @classmethod
    def row(cls, row: ListedTransfer) -> About:
        """Of a row of a list."""
        home = ProvinceRef.parse(row.home_province) if row.home_province else None
        return cls(row.case_id, row.case_number, home, row.age_band)


def transfer(about: About, value: Transfer, today: date) -> transfers_pb2.Transfer:
    """A transfer as it stands today."""
    return transfers_pb2.Transfer(
        transfer_id=str(value.id),
        case_id=str(about.case_id),
        case_number=about.case_number,
        etag=etag(value),
        state=types.TransferState.Value(f"TRANSFER_STATE_{value.state.value}"),
        from_office_id=value.from_office_id,
        to_office_id=value.to_office_id,
        expected_departure_on=day(value.expected_departure_on),
        expected_arrival_on=day(value.expected_arrival_on),
        departed_on=day(value.departed_on),
        arrived_on=day(value.arrived_on),
        acknowledge_due_on=day(value.acknowledge_due_on),
        overdue=value.is_overdue(today),
        reject_reason=reject_reason(value.reject_reason),
        create_time=instant(value.planned_at),
        see_time=instant_or_none(value.seen_at),
        accept_time=instant_or_none(value.accepted_at),
        dispatch_time=instant_or_none(value.dispatched_at),
        end_time=instant_or_none(value.ended_at),
        travel=travel(value.travel),
        journey_id=text(value.journey_id),
        replaces_transfer_id=text(value.replaces_id),
        age_band=_age_band(about.age_band),
        home_province=province(about.home_province),
    )


def travel(value: TravelPlan) -> transfers_pb2.TravelPlan:
    """How a person travels."""
    return transfers_pb2.TravelPlan(
        escort=types.Escort.Value(f"ESCORT_{value.escort or 'UNSPECIFIED'}"),
        means=types.TravelMeans.Value(f"TRAVEL_MEANS_{value.means or 'UNSPECIFIED'}"),
        consent=types.TransferConsent.Value(f"TRANSFER_CONSENT_{value.consent or 'UNSPECIFIED'}"),
        home_safety=types.HomeSafety.Value(f"HOME_SAFETY_{value.home_safety or 'UNSPECIFIED'}"),
        documents=[types.TransferDocument.Value(f"TRANSFER_DOCUMENT_{one}") for one in sorted(value.documents)],
        destination=types.DestinationChoice.Value(f"DESTINATION_CHOICE_{value.destination or 'UNSPECIFIED'}"),
    )


def listed_transfer(row: ListedTransfer, today: date) -> transfers_pb2.Transfer:
    """A transfer of a list."""
    return transfer(About.row(row), row.transfer, today)


def latest_transfer(case: CaseCustody, today: date) -> transfers_pb2.Transfer:
    """The transfer that a command was about."""
    assert case.transfer is not None
    return transfer(About.case(case), case.transfer, today)


# Cases ----------------------------------------------------------------------------------------


def overdue_case(row: ListedOverdue, today: date) -> transfers_pb2.OverdueCase:
    """A case of the overdue list."""
    return transfers_pb2.OverdueCase(
        case_id=str(row.case_id),
        case_number=row.case_number,
        phase=phase(row.phase),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        rule=row.rule,
        due_on=day(row.due_on),
        overdue_days=(today - row.due_on).days,
    )


def search(row: ListedSearch, now: datetime) -> custody_pb2.Search:
    """A search with the steps that the row brings."""
    value = row.search
    return custody_pb2.Search(
        search_id=str(value.id),
        case_id=str(row.case_id),
        case_number=row.case_number,
        reason=lost_reason(value.reason),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        open_time=instant(value.opened_at),
        age_days=((value.resolved_at or now) - value.opened_at) // _DAY,
        escalation_level=value.level,
        escalate_on=day(row.escalate_on),
        etag=etag(value),
        steps=[
            custody_pb2.SearchStep(
                number=step.number,
                kind=types.SearchStepKind.Value(f"SEARCH_STEP_KIND_{step.kind.value}"),
                office_id=step.office_id,
                taken_on=day(step.taken_on),
                successful=step.successful,
            )
            for step in value.steps
        ],
        resolution=resolution(value.resolution),
        other_case_id=text(value.other_case_id),
        responsible_office_id=row.responsible_id,
        resolve_time=instant_or_none(value.resolved_at),
    )


def custody(shown: Custody) -> custody_pb2.Custody:
    """The custody of a case with so much of its history as is shown."""
    case, today = shown.case, local_date(shown.now)
    about = About.case(case)
    message = custody_pb2.Custody(
        case_id=str(case.case_id),
        case_number=case.case_number,
        accountable_office_id=case.office_id if shown.shows_accountable else "",
        segments=[_segment(each) for each in shown.history.links],
        transfers=[transfer(about, each, today) for each in shown.history.transfers],
        searches=[search(each, shown.now) for each in shown.history.searches],
    )
    if shown.shows_state:
        message.phase = phase(case.phase)
        if shown.shows_accountable and case.watch is not None and case.watch.is_primary:
            message.deadline_rule, message.deadline_on = case.watch.rule, day(case.watch.due.due_on)
    return message


def _segment(value: Link) -> custody_pb2.CustodySegment:
    return custody_pb2.CustodySegment(
        segment=value.number,
        office_id=value.office_id,
        cause=cause(value.cause),
        start_time=instant(value.started_at),
        end_time=instant_or_none(value.ended_at),
        kind=custody_kind(value.kind),
        to_office_id=value.to_office_id,
    )


def custody_kind(value: CustodyKind) -> types.CustodyKind.ValueType:
    """The kind on the wire."""
    return types.CustodyKind.Value(f"CUSTODY_KIND_{value.value}")


# Boards ---------------------------------------------------------------------------------------


def board(shown: Board, today: date) -> transfers_pb2.GetTransferBoardResponse:
    """What offices expect, sent and have, and what presses most."""
    return transfers_pb2.GetTransferBoardResponse(
        incoming=counts(shown.incoming),
        outgoing=counts(shown.outgoing),
        own=counts(shown.own),
        pressing=[listed_transfer(row, today) for row in shown.pressing],
    )


def facility(shown: Facility) -> stays_pb2.Facility:
    """A facility and how full it is."""
    return stays_pb2.Facility(
        office_id=shown.office_id,
        facility_kind=shown.kind,
        capacity=shown.capacity,
        admitted=shown.counts.admitted,
        expected=shown.counts.expected,
        over_limit=shown.counts.over_limit,
    )


def counts(board: Mapping[str, Counted]) -> list[transfers_pb2.Count]:
    """What was counted, by name."""
    return [transfers_pb2.Count(name=name, count=one.count, more=one.more) for name, one in board.items()]


def lost_counts(rows: Iterable[tuple[str, LostCounted]]) -> list[searches_pb2.LostCount]:
    """Open searches, each with its province, added up by province and reason, in that order."""
    merged: dict[tuple[str, LostReason], searches_pb2.LostCount] = {}
    for province_of_row, row in rows:
        key = province_of_row, row.reason
        into = merged.setdefault(key, searches_pb2.LostCount(province=key[0], reason=lost_reason(row.reason)))
        into.total += row.total
        into.from_7_days += row.from_7_days
        into.from_30_days += row.from_30_days
        into.oldest_days = max(into.oldest_days, row.oldest_days)
    order = list(LostReason)
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], order.index(key[1])))]


# Events ---------------------------------------------------------------------------------------


def event(about: UUID, case_number: str, value: Event) -> Message:
    """An event of a case."""
    case_id = str(about)
    match value:
        case CustodyChanged():
            return events.CustodyChanged(
                case_id=case_id,
                case_number=case_number,
                segment=value.segment,
                phase=phase(value.phase),
                accountable_office_id=value.office_id,
                previous_office_id=value.previous_office_id,
                cause=cause(value.cause),
                arrival_on=day(value.arrival_on),
                change_time=instant(value.changed_at),
            )
        case FollowUpsUnconfirmed():
            return events.FollowUpsUnconfirmed(case_id=case_id, accountable_office_id=value.office_id, late=value.late)
        case WithdrawalRefused():
            return events.WithdrawalRefused(case_id=case_id, accountable_office_id=value.office_id)
        case TransferOverdue():
            return events.TransferOverdue(
                case_id=case_id,
                transfer_id=str(value.transfer.id) if value.transfer else "",
                accountable_office_id=value.office_id,
                to_office_id=value.transfer.to_office_id if value.transfer else "",
                rule=value.rule,
                due_on=day(value.due_on),
                late=value.late,
            )
        case PersonLost() | SearchEscalated() | SearchResolved():
            return _search_event(case_id, value)
        case PersonAdmitted() | StayEnding() | PersonDischarged():
            return _stay_event(case_id, value)
        case _:
            return _transfer_event(case_id, case_number, value)


def _search_event(case_id: str, value: SearchEvent) -> Message:
    search_id = str(value.search.id)
    match value:
        case PersonLost():
            return events.PersonLost(
                case_id=case_id,
                search_id=search_id,
                reason=lost_reason(value.search.reason),
                accountable_office_id=value.office_id,
                to_office_id=value.to_office_id,
                late=value.late,
            )
        case SearchEscalated():
            return events.SearchEscalated(
                case_id=case_id,
                search_id=search_id,
                level=value.search.level,
                accountable_office_id=value.office_id,
                late=value.late,
            )
        case SearchResolved():
            return events.SearchResolved(
                case_id=case_id,
                search_id=search_id,
                resolution=resolution(value.resolution),
                accountable_office_id=value.office_id,
            )
        case _:
            assert_never(value)


def _stay_event(case_id: str, value: StayEvent) -> Message:
    match value:
        case PersonAdmitted():
            return events.PersonAdmitted(
                case_id=case_id,
                office_id=value.office_id,
                admitted_on=day(value.admitted_on),
                stay_due_on=day(value.stay_due_on),
            )
        case StayEnding():
            return events.StayEnding(
                case_id=case_id,
                office_id=value.office_id,
                stay_due_on=day(value.stay_due_on),
                late=value.late,
            )
        case PersonDischarged():
            return events.PersonDischarged(
                case_id=case_id,
                office_id=value.office_id,
                destination=types.DischargeDestination.Value(f"DISCHARGE_DESTINATION_{value.destination.value}"),
                to_office_id=value.to_office_id,
                discharged_on=day(value.discharged_on),
                dispatch_due_on=day(value.dispatch_due_on),
            )
        case _:
            assert_never(value)


def _transfer_event(case_id: str, case_number: str, value: TransferEvent) -> Message:
    one = value.transfer
    transfer_id, sender, addressee = str(one.id), one.from_office_id, one.to_office_id
    match value:
        case TransferPlanned():
            return events.TransferPlanned(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                expected_departure_on=day(one.expected_departure_on),
                expected_arrival_on=day(one.expected_arrival_on),
            )
        case TransferDispatched():
            return events.TransferDispatched(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                departed_on=day(one.departed_on),
                expected_arrival_on=day(one.expected_arrival_on),
                acknowledge_due_on=day(one.acknowledge_due_on),
                case_number=case_number,
            )
        case TransferAccepted():
            return events.TransferAccepted(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case TransferAcknowledged():
            return events.TransferAcknowledged(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                arrived_on=day(one.arrived_on),
                late=one.late,
            )
        case AcknowledgementRetracted():
            return events.AcknowledgementRetracted(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case TransferRejected():
            return events.TransferRejected(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                reason=reject_reason(one.reject_reason),
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case TransferNotArrived():
            return events.TransferNotArrived(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case TransferRecalled():
            return events.TransferRecalled(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case TransferRedirected():
            return events.TransferRedirected(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                new_transfer_id=str(value.now.id),
                new_to_office_id=value.now.to_office_id,
            )
        case TransferSuperseded():
            return events.TransferSuperseded(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                new_transfer_id=text(value.by_id),
            )
        case _:
            assert_never(value)


# Offices, rules and calendar -----------------------------------------------------------------


def office_ended(end: OfficeEnd, heir_id: str) -> Message:
    """An office ended, and who holds its duty now."""
    return office_pb2.OfficeEnded(
        office_id=end.office_id,
        successor_id=end.successor_id or "",
        valid_to=end.valid_to.isoformat(),
        heir_id=heir_id,
    )


def office_opened(office: Office) -> Message:
    """An office opened."""
    return office_pb2.OfficeOpened(
        office_id=office.id,
        role=office.role.value,
        province=str(office.province) if office.province else "",
        name_en=office.name_en,
        name_vi=office.name_vi,
        valid_from=office.valid_from.isoformat(),
        facility_kind=office.facility_kind.value if office.facility_kind else "",
        capacity=office.capacity or 0,
    )


def rule_changed(change: RuleChange) -> Message:
    """A rule has another version."""
    return office_pb2.RuleChanged(
        rule=change.code,
        version=change.version,
        amount=change.amount,
        unit=change.unit.value,
        basis=change.basis.value,
        legal_source=change.legal_source,
        valid_from=change.valid_from.isoformat(),
    )


def calendar_changed(change: CalendarChange) -> Message:
    """All the days that differ from the published calendar."""
    return office_pb2.CalendarChanged(
        version=change.version,
        days=[office_pb2.CalendarDay(on=on.isoformat(), working=change.days[on]) for on in sorted(change.days)],
    )


def rule(value: Rule) -> directory_pb2.DeadlineRule:
    """A version of a rule."""
    return directory_pb2.DeadlineRule(
        code=value.code,
        version=value.version,
        amount=value.amount,
        unit=value.unit.value,
        basis=value.basis.value,
        legal_source=value.legal_source,
        valid_from=day(value.valid_from),
        valid_to=day(value.valid_to),
    )


def changed_days(days: Mapping[date, bool]) -> list[directory_pb2.ChangedDay]:
    """The days that differ from the published calendar."""
    return [directory_pb2.ChangedDay(on=on.isoformat(), working=working) for on, working in sorted(days.items())]


def moved(counts: Mapping[str, int]) -> directory_pb2.OfficeEndCounts:
    """What moved, or would, when an office ends."""
    return directory_pb2.OfficeEndCounts(
        custodies=counts.get("custodies", 0),
        transfers=counts.get("transfers", 0),
        deadlines=counts.get("deadlines", 0),
        searches=counts.get("searches", 0),
    )


# What is heard --------------------------------------------------------------------------------


def registration_of(heard: handover_pb2.CaseRegistered, now: datetime) -> Registration:
    """A case as intake registered it; `now` stands for an instant that is not told."""
    registered_at = heard.register_time.ToDatetime(tzinfo=UTC) if heard.HasField("register_time") else now
    received_at = heard.handover_time.ToDatetime(tzinfo=UTC) if heard.HasField("handover_time") else registered_at
    return Registration(
        case_id=UUID(heard.case_id),
        case_number=heard.case_number,
        office_id=heard.receiving_office_id,
        person=person_of(heard),
        received_at=received_at,
        registered_at=registered_at,
        earlier_case_id=UUID(heard.earlier_case_id) if heard.earlier_case_id else None,
    )


def person_of(heard: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> Person:
    """What handover keeps about the person."""
    return Person(_home(heard), types.AgeBand.Name(heard.age_band).removeprefix("AGE_BAND_"))


def _home(heard: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> ProvinceRef | None:
    if not heard.HasField("home_province"):
        return None
    try:
        return ProvinceRef(heard.home_province.code, heard.home_province.vintage)
    except ProvinceNotFound:
        return None


_LOST_BY_CONTACT: Final = {
    types.CONTACT_OUTCOME_NOT_AT_ADDRESS: LostReason.NOT_AT_ADDRESS,
    types.CONTACT_OUTCOME_MOVED_AWAY: LostReason.LEFT_PROVINCE,
}


def lost_by_contact(outcome: types.ContactOutcome.ValueType) -> LostReason | None:
    """Why somebody is lost after an attempt to reach her; None when she is not."""
    return _LOST_BY_CONTACT.get(outcome)


_TELLS_OF_TRANSFER: Final = {
    message.DESCRIPTOR.full_name: message
    for message in (events.TransferPlanned, events.TransferDispatched, events.TransferOverdue)
}
"""Events whose message tells the addressed office of an open transfer."""


def transfer_told(event_type: str, content: bytes) -> tuple[UUID, str] | None:
    """Transfer and addressed office, for an event of ours that tells that office of an open transfer."""
    told = _TELLS_OF_TRANSFER.get(event_type)
    if told is None:
        return None
    heard = told.FromString(content)
    return (UUID(heard.transfer_id), heard.to_office_id) if heard.transfer_id else None
