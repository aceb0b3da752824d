"""What is told on the streams: the events of the domain, and of offices, rules and calendar, as protos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, assert_never
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import office_pb2
from homeward.events.v1 import transfer_pb2 as events
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import number_of
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.overlays import CalendarChange, RuleChange
from services.chassis.country.revocations import Revocation
from services.chassis.kernel.words import Whose
from services.handover.domain.approvals import Approval, Decision, Given
from services.handover.domain.events import (
    AcknowledgementRetracted,
    AgeBandCorrected,
    ArrivalCorrected,
    ClaimEvent,
    CustodyChanged,
    EarlierReturnDecided,
    Event,
    FollowUpsUnconfirmed,
    FoundClaimSettled,
    PersonAdmitted,
    PersonClaimedFound,
    PersonDischarged,
    PersonLost,
    ReappearanceClaimed,
    ReappearanceDecided,
    ReturnEvent,
    SearchEscalated,
    SearchEvent,
    SearchResolved,
    StayEnding,
    StayEvent,
    TransferAccepted,
    TransferAcknowledged,
    TransferAnswerTakenBack,
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
from services.handover.domain.families import FamilyParted, FamilyTogether
from services.handover.domain.words import RevokeReason
from services.handover.wire.values import (
    age_band,
    cause,
    day,
    instant,
    lost_reason,
    phase,
    reject_reason,
    resolution,
    text,
)

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
                age_band=age_band(value.age_band),
                **_ending(value),
            )
        case AgeBandCorrected():
            return events.AgeBandCorrected(case_id=case_id, age_band=age_band(value.age_band))
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
                level=value.level,
                first_due_on=day(value.first_due_on),
            )
        case PersonLost() | SearchEscalated() | SearchResolved():
            return _search_event(case_id, value)
        case PersonClaimedFound() | FoundClaimSettled():
            return _claim_event(case_id, case_number, value)
        case ReappearanceClaimed() | ReappearanceDecided() | EarlierReturnDecided():
            return _return_event(case_id, case_number, value)
        case ArrivalCorrected() | PersonAdmitted() | StayEnding() | PersonDischarged():
            return _stay_event(case_id, value)
        case _:
            return _transfer_event(case_id, case_number, value)


def _ending(value: CustodyChanged) -> dict[str, Any]:
    """What a change of custody says of the end of the case, or of its re-opening."""
    closing = value.closing
    if closing is None:
        return {}
    other = text(closing.other_case_id)
    if closing.reopened is not None:
        reason = number_of(types.ReopenReason, closing.reopened.reason)
        return {"acting_office_id": closing.reopened.office_id, "reopen_reason": reason, "other_case_id": other}
    return {
        "close_reason": number_of(types.CloseReason, closing.reason),
        "closed_on": day(closing.on),
        "acting_office_id": closing.office_id,
        "other_case_id": other,
        "addressed_office_id": closing.addressed_id,
    }


def _search_event(case_id: str, value: SearchEvent) -> Message:
    search_id, gone = str(value.search.id), value.search.departure
    match value:
        case PersonLost():
            return events.PersonLost(
                case_id=case_id,
                search_id=search_id,
                reason=lost_reason(value.search.reason),
                accountable_office_id=value.office_id,
                to_office_id=value.to_office_id,
                late=value.late,
                left_for=number_of(types.LeftFor, gone.left_for if gone else None),
                asked_office_id=gone.asked_id if gone else "",
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
                phase=phase(value.phase) if value.phase is not None else types.CASE_PHASE_UNSPECIFIED,
            )
        case _:
            assert_never(value)


def _claim_event(case_id: str, case_number: str, value: ClaimEvent) -> Message:
    claim, search_id = value.claim, str(value.search.id)
    match value:
        case PersonClaimedFound():
            return events.PersonClaimedFound(
                case_id=case_id,
                search_id=search_id,
                number=claim.number,
                claimed_office_id=claim.office_id,
                since_on=day(claim.since_on),
                claimed_by_office_id=claim.claimed_by_id,
                accountable_office_id=value.office_id,
                case_number=case_number,
            )
        case FoundClaimSettled():
            return events.FoundClaimSettled(
                case_id=case_id,
                search_id=search_id,
                number=claim.number,
                state=number_of(types.FoundClaimState, claim.state),
                claimed_office_id=claim.office_id,
                claimed_by_office_id=claim.claimed_by_id,
                accountable_office_id=value.office_id,
            )
        case _:
            assert_never(value)


def _return_event(case_id: str, case_number: str, value: ReturnEvent) -> Message:
    link = value.link
    state = number_of(types.ReturnLinkState, link.state)
    match value:
        case ReappearanceClaimed():
            return events.ReappearanceClaimed(
                case_id=case_id,
                case_number=case_number,
                later_case_id=str(link.later_id),
                later_case_number=value.later_number,
                claiming_office_id=link.claiming_id,
                match=number_of(types.EarlierCaseMatch, link.match),
                at_border=link.at_border,
                accountable_office_id=value.office_id,
                ended=value.ended,
            )
        case ReappearanceDecided():
            return events.ReappearanceDecided(
                case_id=case_id,
                later_case_id=str(link.later_id),
                later_case_number=value.later_number,
                state=state,
                decided_by_office_id=link.decided_by_id,
                accountable_office_id=value.office_id,
            )
        case EarlierReturnDecided():
            return events.EarlierReturnDecided(
                case_id=case_id,
                earlier_case_id=str(link.earlier_id),
                earlier_case_number=value.earlier_number,
                state=state,
                decided_by_office_id=link.decided_by_id,
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
        case ArrivalCorrected():
            return events.ArrivalCorrected(
                case_id=case_id,
                segment=value.segment,
                accountable_office_id=value.office_id,
                before_on=day(value.before_on),
                arrived_on=day(value.arrived_on),
                reason=number_of(types.ArrivalCorrectionReason, value.reason),
                by_office_id=value.by_office_id,
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
                destination=number_of(types.DischargeDestination, value.destination),
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
                answered_before=number_of(types.TransferAnswerKind, value.answered_before),
            )
        case AcknowledgementRetracted():
            return events.AcknowledgementRetracted(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                reason=number_of(types.TakeBackReason, value.reason),
                by_office_id=value.by_office_id,
                stands_again=number_of(types.TransferAnswerKind, value.stands_again),
                redispatch_due_on=day(value.redispatch_due_on),
            )
        case TransferAnswerTakenBack():
            return events.TransferAnswerTakenBack(
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                answer=number_of(types.TransferAnswerKind, value.answer),
                reason=number_of(types.TakeBackReason, value.reason),
                by_office_id=value.by_office_id,
                under_way=one.is_under_way,
                accepted=one.accepted_at is not None,
                expected_arrival_on=day(one.expected_arrival_on),
                acknowledge_due_on=day(one.acknowledge_due_on),
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
                case_id=case_id,
                transfer_id=transfer_id,
                from_office_id=sender,
                to_office_id=addressee,
                close_reason=number_of(types.CloseReason, value.closed_because),
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


def family_event(about: UUID, value: FamilyParted | FamilyTogether) -> Message:
    """That somebody is apart from a relative from whom she must not be parted, or is with her again."""
    case_id, other_id = str(about), str(value.other_case_id)
    if isinstance(value, FamilyTogether):
        return events.FamilyTogether(
            case_id=case_id,
            other_case_id=other_id,
            accountable_office_id=value.office_id,
            to_office_id=value.to_office_id,
            may_part=value.may_part,
        )
    return events.FamilyParted(
        case_id=case_id,
        other_case_id=other_id,
        reason=number_of(types.PartingReason, value.reason),
        accountable_office_id=value.office_id,
        to_office_id=value.to_office_id,
    )


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


_REVOKED: Final[Mapping[Whose, str]] = MappingProxyType(
    {Whose.SUBJECT: "subject_digest", Whose.OFFICE: "office_id", Whose.TOKEN: "token_id"}
)
"""The field by which the event names it."""


def sessions_revoked(revoked: Revocation, reason: RevokeReason) -> Message:
    """Sign-ins were ended."""
    event = office_pb2.SessionsRevoked(
        revocation_id=str(revoked.id), not_before=revoked.not_before.isoformat(), reason=reason.value
    )
    setattr(event, _REVOKED[revoked.whose], revoked.named)
    return event


def calendar_changed(change: CalendarChange) -> Message:
    """All the days that differ from the published calendar."""
    return office_pb2.CalendarChanged(
        version=change.version,
        days=[office_pb2.CalendarDay(on=on.isoformat(), working=change.days[on]) for on in sorted(change.days)],
    )


def approval_asked(approval: Approval, approving_office_ids: Sequence[str]) -> Message:
    """Something waits for others to approve it."""
    matter = approval.matter
    return office_pb2.ApprovalAsked(
        approval_id=str(approval.id),
        method=matter.method,
        object=matter.object,
        about_case_id=str(matter.case_id or ""),
        asked_by_office_id=approval.asked_by.office_id,
        approving_office_ids=approving_office_ids,
        expires_on=approval.expires_on.isoformat(),
    )


def approval_partly_given(approval: Approval, given: Given, asked_no_more: Sequence[str]) -> Message:
    """Somebody approved, and it waits for others."""
    matter = approval.matter
    return office_pb2.ApprovalPartlyGiven(
        approval_id=str(approval.id),
        method=matter.method,
        object=matter.object,
        about_case_id=str(matter.case_id or ""),
        asked_by_office_id=approval.asked_by.office_id,
        approved_by_office_id=given.by.office_id,
        asked_no_more_office_ids=asked_no_more,
        expires_on=approval.expires_on.isoformat(),
    )


def approval_decided(approval: Approval, decision: Decision) -> Message:
    """It waits no more."""
    matter = approval.matter
    return office_pb2.ApprovalDecided(
        approval_id=str(approval.id),
        method=matter.method,
        object=matter.object,
        about_case_id=str(matter.case_id or ""),
        asked_by_office_id=approval.asked_by.office_id,
        state=decision.state.value,
        decided_by_office_id=decision.office_id,
        refusal=decision.refusal.value if decision.refusal is not None else "",
    )
