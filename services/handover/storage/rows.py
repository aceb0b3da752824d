"""Rows as the values of the domain, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from services.chassis.kernel.clock import end_of_local_day
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind
from services.chassis.service.obligations import ArmedObligation
from services.handover.domain.case import Segment
from services.handover.domain.claim import FoundClaim
from services.handover.domain.closed import Closing, Reopening
from services.handover.domain.moment import Watch
from services.handover.domain.search import Departure, Search, Step
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer, TravelPlan
from services.handover.domain.whereabouts import PastSegment
from services.handover.domain.words import (
    STAY_RULES,
    Cause,
    CloseReason,
    Consent,
    DestinationChoice,
    DischargeDestination,
    Document,
    Escort,
    HomeSafety,
    LeftFor,
    LostReason,
    Phase,
    ReassignReason,
    RejectReason,
    ReopenReason,
    Resolution,
    StepKind,
    TransferState,
    TravelMeans,
    WithdrawReason,
)

_STAYS: Final = frozenset(STAY_RULES.values())


def transfer_of(row: Any) -> Transfer:
    """A transfer from its row."""
    return Transfer(
        id=row.id,
        number=row.number,
        from_office_id=row.from_office_id,
        to_office_id=row.to_office_id,
        state=TransferState(row.state),
        expected_departure_on=row.expected_departure_on,
        expected_arrival_on=row.expected_arrival_on,
        planned_at=row.planned_at,
        departed_on=row.departed_on,
        dispatched_at=row.dispatched_at,
        dispatched_in=row.dispatched_in,
        acknowledge_due_on=row.acknowledge_due_on,
        seen_at=row.seen_at,
        accepted_at=row.accepted_at,
        arrived_on=row.arrived_on,
        acknowledged_at=row.acknowledged_at,
        ended_at=row.ended_at,
        reject_reason=RejectReason(row.reject_reason) if row.reject_reason else None,
        told_overdue=row.told_overdue,
        late=row.late,
        travel=TravelPlan(
            escort=Escort(row.escort) if row.escort else None,
            means=TravelMeans(row.means) if row.means else None,
            consent=Consent(row.consent) if row.consent else None,
            home_safety=HomeSafety(row.home_safety) if row.home_safety else None,
            documents=frozenset(Document(one) for one in row.documents),
            destination=DestinationChoice(row.destination) if row.destination else None,
        ),
        journey_id=row.journey_id,
        replaces_id=row.replaces_id,
        dispatched_by=row.dispatched_by_subject,
        version=row.version,
    )


def transfer_values(case_id: UUID, transfer: Transfer) -> dict[str, object]:
    """The row of a transfer."""
    travel = transfer.travel
    return {
        "id": transfer.id,
        "case_id": case_id,
        "number": transfer.number,
        "from_office_id": transfer.from_office_id,
        "to_office_id": transfer.to_office_id,
        "state": transfer.state.value,
        "expected_departure_on": transfer.expected_departure_on,
        "expected_arrival_on": transfer.expected_arrival_on,
        "departed_on": transfer.departed_on,
        "dispatched_at": transfer.dispatched_at,
        "dispatched_in": transfer.dispatched_in,
        "acknowledge_due_on": transfer.acknowledge_due_on,
        "seen_at": transfer.seen_at,
        "accepted_at": transfer.accepted_at,
        "arrived_on": transfer.arrived_on,
        "acknowledged_at": transfer.acknowledged_at,
        "ended_at": transfer.ended_at,
        "reject_reason": transfer.reject_reason.value if transfer.reject_reason else None,
        "told_overdue": transfer.told_overdue,
        "late": transfer.late,
        "escort": travel.escort.value if travel.escort else None,
        "means": travel.means.value if travel.means else None,
        "consent": travel.consent.value if travel.consent else None,
        "home_safety": travel.home_safety.value if travel.home_safety else None,
        "documents": sorted(document.value for document in travel.documents),
        "destination": travel.destination.value if travel.destination else None,
        "journey_id": transfer.journey_id,
        "replaces_id": transfer.replaces_id,
        "planned_at": transfer.planned_at,
        "dispatched_by_subject": transfer.dispatched_by,
        "version": transfer.version,
    }


def search_of(row: Any, steps: Iterable[Any] = (), claims: tuple[FoundClaim, ...] = ()) -> Search:
    """A search from its row and those of its steps, with its claims."""
    return Search(
        id=row.id,
        reason=LostReason(row.reason),
        opened_at=row.opened_at,
        level=row.level,
        steps=tuple(step_of(step) for step in steps),
        other_case_id=row.other_case_id,
        resolution=Resolution(row.resolution) if row.resolution else None,
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        resolved_at=row.resolved_at,
        departure=_departure_of(row),
        claims=claims,
        version=row.version,
    )


def _departure_of(row: Any) -> Departure | None:
    if row.left_for is None:
        return None
    province = ProvinceRef.parse(row.left_province) if row.left_province else None
    return Departure(row.left_on, LeftFor(row.left_for), province, row.asked_office_id)


def search_values(case_id: UUID, office_id: str, search: Search) -> dict[str, object]:
    """The row of a search, without its steps."""
    gone = search.departure
    return {
        "id": search.id,
        "case_id": case_id,
        "office_id": office_id,
        "reason": search.reason.value,
        "opened_at": search.opened_at,
        "level": search.level,
        "other_case_id": search.other_case_id,
        "resolution": search.resolution.value if search.resolution else None,
        "close_reason": search.close_reason.value if search.close_reason else None,
        "resolved_at": search.resolved_at,
        "left_for": gone.left_for.value if gone else None,
        "left_province": str(gone.province) if gone and gone.province else None,
        "left_on": gone.on if gone else None,
        "asked_office_id": gone.asked_id if gone else "",
        "version": search.version,
    }


def closing_of(row: Any) -> Closing:
    """The end of a case from its row."""
    reopened = None
    if row.reopened_at is not None:
        why = ReopenReason(row.reopen_reason) if row.reopen_reason else None
        reopened = Reopening(row.reopened_by, why, row.reopened_at)
    return Closing(
        segment=row.segment,
        cause=Cause(row.cause),
        at=row.closed_at,
        office_id=row.office_id,
        reason=CloseReason(row.reason) if row.reason else None,
        withdraw_reason=WithdrawReason(row.withdraw_reason) if row.withdraw_reason else None,
        on=row.closed_on,
        before=Phase(row.phase_before) if row.phase_before else None,
        transfer_id=row.transfer_id,
        addressed_id=row.addressed_id,
        lost=LostReason(row.lost_reason) if row.lost_reason else None,
        other_case_id=row.other_case_id,
        reopened=reopened,
    )


def closing_values(case_id: UUID, closing: Closing) -> dict[str, object]:
    """The row of the end of a case."""
    reopened = closing.reopened
    return {
        "case_id": case_id,
        "segment": closing.segment,
        "cause": closing.cause.value,
        "closed_at": closing.at,
        "office_id": closing.office_id,
        "reason": closing.reason.value if closing.reason else None,
        "withdraw_reason": closing.withdraw_reason.value if closing.withdraw_reason else None,
        "closed_on": closing.on,
        "phase_before": closing.before.value if closing.before else None,
        "transfer_id": closing.transfer_id,
        "addressed_id": closing.addressed_id,
        "lost_reason": closing.lost.value if closing.lost else None,
        "other_case_id": closing.other_case_id,
        "reopened_at": reopened.at if reopened else None,
        "reopened_by": reopened.office_id if reopened else "",
        "reopen_reason": reopened.reason.value if reopened and reopened.reason else None,
    }


def step_of(row: Any) -> Step:
    """A step from its row."""
    return Step(row.number, StepKind(row.kind), row.office_id, row.taken_on, row.successful)


def stay_of(row: Any) -> Stay:
    """A stay from its row."""
    kind = FacilityKind(row.kind)
    due = DueDate(
        rule_code=STAY_RULES[kind].value,
        rule_version=row.rule_version,
        calendar_version=row.calendar_version,
        due_on=row.due_on,
        due_at=end_of_local_day(row.due_on),
        provisional=False,
        counted_from=row.counted_from,
    )
    return Stay(
        segment=row.segment,
        kind=kind,
        admitted_on=row.admitted_on,
        due=due,
        warned=row.warned,
        told_over=row.told_over,
        discharged_on=row.discharged_on,
        destination=DischargeDestination(row.destination) if row.destination else None,
        province=ProvinceRef.parse(row.province) if row.province else None,
        back_at=tuple(row.back_at),
    )


def stay_values(case_id: UUID, stay: Stay) -> dict[str, object]:
    """The row of a stay that stands."""
    return {
        "case_id": case_id,
        "segment": stay.segment,
        "kind": stay.kind.value,
        "admitted_on": stay.admitted_on,
        "due_on": stay.due.due_on,
        "rule_version": stay.due.rule_version,
        "calendar_version": stay.due.calendar_version,
        "counted_from": stay.due.counted_from,
        "warned": stay.warned,
        "told_over": stay.told_over,
        "discharged_on": stay.discharged_on,
        "destination": stay.destination.value if stay.destination else None,
        "province": str(stay.province) if stay.province else None,
        "back_at": list(stay.back_at),
        "retracted": False,
    }


def segment_of(row: Any) -> PastSegment:
    """A segment with its end from its row."""
    return PastSegment(begun_of(row, row.number, row.office_id), row.ended_at)


def begun_of(row: Any, number: int, office_id: str) -> Segment:
    """The stretch of accountability that began as a row tells."""
    reason = ReassignReason(row.reassign_reason) if row.reassign_reason else None
    return Segment(number, office_id, Cause(row.cause), row.started_at, reason)


def watch_of(armed: ArmedObligation) -> Watch:
    """The deadline that an armed obligation watches."""
    due, fire_at = armed.due, None
    if armed.rule in _STAYS:
        # A stay is warned of before its limit; that a warning comes is seen by the instant alone.
        limit = end_of_local_day(armed.due_on)
        fire_at = armed.due_at if armed.due_at < limit else None
        due = replace(due, due_at=limit)
    return Watch(due, armed.is_primary, armed.reference_id, armed.level, fire_at)
