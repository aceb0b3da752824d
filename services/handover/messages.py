"""The domain's values as protos: what is told on the stream, and what callers are answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import assert_never

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import transfer_pb2 as events
from homeward.handover.v1 import handover_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.handover import domain
from services.handover.domain import CaseCustody, Cause, Phase, Transfer
from services.handover.storage import ListedOverdue, ListedSearch, ListedTransfer, PastSegment

_DAY = timedelta(days=1)


def day(value: date | None) -> str:
    """YYYY-MM-DD; empty when there is none."""
    return value.isoformat() if value is not None else ""


def instant(value: datetime) -> Timestamp:
    """A timestamp."""
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp


def phase(value: Phase) -> types.CasePhase.ValueType:
    """The phase on the wire."""
    return types.CasePhase.Value(f"CASE_PHASE_{value.value}")


def _cause(value: Cause) -> types.CustodyCause.ValueType:
    return types.CustodyCause.Value(f"CUSTODY_CAUSE_{value.value}")


def _reject_reason(value: domain.RejectReason | None) -> types.RejectReason.ValueType:
    name = value.value if value is not None else "UNSPECIFIED"
    return types.RejectReason.Value(f"REJECT_REASON_{name}")


def etag(value: Transfer) -> str:
    """The etag of a transfer: its version as a quoted text."""
    return f'"{value.version}"'


# Answers --------------------------------------------------------------------------------------


def transfer(case_id: str, case_number: str, value: Transfer, today: date) -> api.Transfer:
    """A transfer as it stands today."""
    return api.Transfer(
        transfer_id=str(value.id),
        case_id=case_id,
        case_number=case_number,
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
        reject_reason=_reject_reason(value.reject_reason),
        create_time=instant(value.planned_at),
    )


def listed_transfer(row: ListedTransfer, today: date) -> api.Transfer:
    """A transfer of a list."""
    return transfer(str(row.case_id), row.case_number, row.transfer, today)


def latest_transfer(case: CaseCustody, today: date) -> api.Transfer:
    """The transfer that a command was about."""
    assert case.transfer is not None
    return transfer(str(case.case_id), case.case_number, case.transfer, today)


def overdue_case(row: ListedOverdue, today: date) -> api.OverdueCase:
    """A case of the overdue list."""
    return api.OverdueCase(
        case_id=str(row.case_id),
        case_number=row.case_number,
        phase=phase(row.phase),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        rule=row.rule,
        due_on=day(row.due_on),
        overdue_days=(today - row.due_on).days,
    )


def search(row: ListedSearch, now: datetime) -> api.Search:
    """A search of the list of the lost."""
    return api.Search(
        search_id=str(row.search.id),
        case_id=str(row.case_id),
        case_number=row.case_number,
        reason=types.LostReason.Value(f"LOST_REASON_{row.search.reason.value}"),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        open_time=instant(row.search.opened_at),
        age_days=(now - row.search.opened_at) // _DAY,
        escalation_level=row.search.level,
        escalate_on=day(row.escalate_on),
    )


def custody(
    case: CaseCustody,
    segments: Iterable[PastSegment],
    transfers: Iterable[Transfer],
    today: date,
    *,
    accountable_is_shown: bool = True,
) -> api.Custody:
    """The custody of a case with so much of its history; who is accountable now only if shown."""
    case_id = str(case.case_id)
    watch = case.watch if accountable_is_shown else None
    if watch is not None and not watch.is_primary:
        watch = None
    return api.Custody(
        case_id=case_id,
        case_number=case.case_number,
        phase=phase(case.phase),
        accountable_office_id=case.office_id if accountable_is_shown else "",
        deadline_rule=watch.rule if watch is not None else "",
        deadline_on=day(watch.due.due_on) if watch is not None else "",
        segments=[_segment(each) for each in segments],
        transfers=[transfer(case_id, case.case_number, each, today) for each in transfers],
    )


def _segment(value: PastSegment) -> api.CustodySegment:
    return api.CustodySegment(
        segment=value.segment.number,
        office_id=value.segment.office_id,
        cause=_cause(value.segment.cause),
        start_time=instant(value.segment.started_at),
        end_time=instant(value.ended_at) if value.ended_at is not None else None,
    )


# Events ---------------------------------------------------------------------------------------


def event(case: CaseCustody, value: domain.Event) -> Message:
    """An event of a case as it goes onto the stream."""
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
                cause=_cause(value.cause),
                arrival_on=day(value.arrival_on),
                change_time=instant(value.changed_at),
            )
        case domain.FollowUpsUnconfirmed():
            return events.FollowUpsUnconfirmed(
                case_id=case_id, accountable_office_id=value.office_id, late=value.late
            )
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
        case _:
            return _transfer_event(case, value)


def _search_event(
    case_id: str, value: domain.PersonLost | domain.SearchEscalated | domain.SearchResolved
) -> Message:
    search_id = str(value.search.id)
    match value:
        case domain.PersonLost():
            return events.PersonLost(
                case_id=case_id,
                search_id=search_id,
                reason=types.LostReason.Value(f"LOST_REASON_{value.search.reason.value}"),
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
            resolution = f"SEARCH_RESOLUTION_{value.resolution.value}"
            return events.SearchResolved(
                case_id=case_id,
                search_id=search_id,
                resolution=types.SearchResolution.Value(resolution),
                accountable_office_id=value.office_id,
            )
        case _:
            assert_never(value)


def _transfer_event(
    case: CaseCustody,
    value: domain.TransferPlanned
    | domain.TransferDispatched
    | domain.TransferAcknowledged
    | domain.AcknowledgementRetracted
    | domain.TransferRejected
    | domain.TransferRecalled,
) -> Message:
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
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
            )
        case domain.TransferRejected():
            return events.TransferRejected(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                reason=_reject_reason(one.reject_reason),
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case domain.TransferRecalled():
            return events.TransferRecalled(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
            )
        case _:
            assert_never(value)
