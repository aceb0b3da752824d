"""The domain's values as protos: what callers are answered, and what is told on the stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import transfer_pb2 as events
from homeward.handover.v1 import custody_pb2, searches_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.places import ProvinceRef
from services.handover import domain
from services.handover.domain import (
    CaseCustody,
    Cause,
    CustodyKind,
    Link,
    LostReason,
    Phase,
    Resolution,
    Search,
    Transfer,
    TransferWarning,
    TravelPlan,
)
from services.handover.storage import Counted, ListedOverdue, ListedSearch, ListedTransfer, LostCounted

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


def reject_reason(value: domain.RejectReason | None) -> types.RejectReason.ValueType:
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


def _name(value: domain.RejectReason | Resolution | None) -> str:
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


def search(row: ListedSearch, now: datetime, responsible_id: str) -> custody_pb2.Search:
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
        responsible_office_id=responsible_id,
        resolve_time=instant_or_none(value.resolved_at),
    )


@dataclass(frozen=True, slots=True)
class History:
    """So much of what became of a case as is shown."""

    links: tuple[Link, ...]
    transfers: tuple[Transfer, ...]
    searches: tuple[ListedSearch, ...] = ()


def custody(
    case: CaseCustody,
    history: History,
    now: datetime,
    today: date,
    responsible: Callable[[str], str],
    *,
    accountable_is_shown: bool = True,
) -> custody_pb2.Custody:
    """The custody of a case with so much of its history; who is accountable now only if shown.

    `responsible`: who answers for what an office is accountable for.
    """
    watch = case.watch if accountable_is_shown else None
    if watch is not None and not watch.is_primary:
        watch = None
    about = About.case(case)
    return custody_pb2.Custody(
        case_id=str(case.case_id),
        case_number=case.case_number,
        phase=phase(case.phase),
        accountable_office_id=case.office_id if accountable_is_shown else "",
        deadline_rule=watch.rule if watch is not None else "",
        deadline_on=day(watch.due.due_on) if watch is not None else "",
        segments=[_segment(each) for each in history.links],
        transfers=[transfer(about, each, today) for each in history.transfers],
        searches=[search(each, now, responsible(each.office_id)) for each in history.searches],
    )


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


def counts(board: Mapping[str, Counted]) -> list[transfers_pb2.Count]:
    """What was counted, by name."""
    return [transfers_pb2.Count(name=name, count=one.count, more=one.more) for name, one in board.items()]


def lost_counts(rows: Iterable[LostCounted], province_of: Callable[[str], str]) -> list[searches_pb2.LostCount]:
    """Open searches added up by province and reason, in that order."""
    merged: dict[tuple[str, LostReason], searches_pb2.LostCount] = {}
    for row in rows:
        key = province_of(row.office_id), row.reason
        into = merged.setdefault(key, searches_pb2.LostCount(province=key[0], reason=lost_reason(row.reason)))
        into.total += row.total
        into.from_7_days += row.from_7_days
        into.from_30_days += row.from_30_days
        into.oldest_days = max(into.oldest_days, row.oldest_days)
    order = list(LostReason)
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], order.index(key[1])))]


# Events ---------------------------------------------------------------------------------------


def event(case: CaseCustody, value: domain.Event) -> Message:
    """An event of a case."""
    case_id = str(case.case_id)
    match value:
        case domain.CustodyChanged():
            return events.CustodyChanged(
                case_id=case_id,
                case_number=case.case_number,
                segment=value.segment,
                phase=phase(value.phase),
                accountable_office_id=value.office_id,
                previous_office_id=value.previous_office_id,
                cause=cause(value.cause),
                arrival_on=day(value.arrival_on),
                change_time=instant(value.changed_at),
            )
        case domain.FollowUpsUnconfirmed():
            return events.FollowUpsUnconfirmed(case_id=case_id, accountable_office_id=value.office_id, late=value.late)
        case domain.WithdrawalRefused():
            return events.WithdrawalRefused(case_id=case_id, accountable_office_id=value.office_id)
        case domain.TransferOverdue():
            return events.TransferOverdue(
                case_id=case_id,
                transfer_id=str(value.transfer.id) if value.transfer else "",
                accountable_office_id=value.office_id,
                to_office_id=value.transfer.to_office_id if value.transfer else "",
                rule=value.rule,
                due_on=day(value.due_on),
                late=value.late,
            )
        case domain.PersonLost() | domain.SearchEscalated() | domain.SearchResolved():
            return _search_event(case_id, value)
        case domain.PersonAdmitted() | domain.StayEnding() | domain.PersonDischarged():
            return _stay_event(case_id, value)
        case _:
            return _transfer_event(case, value)


def _search_event(case_id: str, value: domain.SearchEvent) -> Message:
    search_id = str(value.search.id)
    match value:
        case domain.PersonLost():
            return events.PersonLost(
                case_id=case_id,
                search_id=search_id,
                reason=lost_reason(value.search.reason),
                accountable_office_id=value.office_id,
                to_office_id=value.transfer.to_office_id if value.transfer else "",
                late=value.late,
            )
        case domain.SearchEscalated():
            return events.SearchEscalated(
                case_id=case_id,
                search_id=search_id,
                level=value.search.level,
                accountable_office_id=value.office_id,
                late=value.late,
            )
        case domain.SearchResolved():
            return events.SearchResolved(
                case_id=case_id,
                search_id=search_id,
                resolution=resolution(value.resolution),
                accountable_office_id=value.office_id,
            )
        case _:
            assert_never(value)


def _stay_event(case_id: str, value: domain.StayEvent) -> Message:
    match value:
        case domain.PersonAdmitted():
            return events.PersonAdmitted(
                case_id=case_id,
                office_id=value.office_id,
                admitted_on=day(value.admitted_on),
                stay_due_on=day(value.stay_due_on),
            )
        case domain.StayEnding():
            return events.StayEnding(
                case_id=case_id,
                office_id=value.office_id,
                stay_due_on=day(value.stay_due_on),
                late=value.late,
            )
        case domain.PersonDischarged():
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


def _transfer_event(case: CaseCustody, value: domain.TransferEvent) -> Message:
    case_id, one = str(case.case_id), value.transfer
    transfer_id, sender, addressee = str(one.id), one.from_office_id, one.to_office_id
    match value:
        case domain.TransferPlanned():
            return events.TransferPlanned(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                expected_departure_on=day(one.expected_departure_on),
                expected_arrival_on=day(one.expected_arrival_on),
            )
        case domain.TransferDispatched():
            return events.TransferDispatched(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                departed_on=day(one.departed_on),
                expected_arrival_on=day(one.expected_arrival_on),
                acknowledge_due_on=day(one.acknowledge_due_on),
                case_number=case.case_number,
            )
        case domain.TransferAccepted():
            return events.TransferAccepted(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case domain.TransferAcknowledged():
            return events.TransferAcknowledged(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                arrived_on=day(one.arrived_on),
                late=one.late,
            )
        case domain.AcknowledgementRetracted():
            return events.AcknowledgementRetracted(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case domain.TransferRejected():
            return events.TransferRejected(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                reason=reject_reason(one.reject_reason),
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case domain.TransferNotArrived():
            return events.TransferNotArrived(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case domain.TransferRecalled():
            return events.TransferRecalled(
                case_id=case_id, transfer_id=transfer_id, from_office_id=sender, to_office_id=addressee
            )
        case domain.TransferRedirected():
            return events.TransferRedirected(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                new_transfer_id=str(value.now.id),
                new_to_office_id=value.now.to_office_id,
            )
        case domain.TransferSuperseded():
            return events.TransferSuperseded(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                new_transfer_id=text(value.by_id),
            )
        case _:
            assert_never(value)
