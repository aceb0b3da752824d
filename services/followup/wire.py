"""What followup says, as it goes out."""

from __future__ import annotations

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from services.followup.domain.case import FollowUpCase, Kind
from services.followup.domain.events import (
    Cancelled,
    Closed,
    ContactMade,
    Due,
    Escalated,
    Event,
    Lost,
    Overdue,
    Recorded,
    Reopened,
    Scheduled,
)

SaidMessage = (
    said.FollowUpsScheduled
    | said.FollowUpsCancelled
    | said.FollowUpDue
    | said.FollowUpOverdue
    | said.FollowUpEscalated
    | said.LostToFollowUp
    | said.ContactRecorded
    | said.FollowUpRecorded
    | said.CaseClosed
    | said.CaseReopened
)


def event(case: FollowUpCase, event: Event) -> SaidMessage:
    case_id, office_id = str(case.case_id), case.office_id
    match event:
        case Scheduled(segment, follow_ups):
            return said.FollowUpsScheduled(
                case_id=case_id,
                office_id=office_id,
                segment=segment,
                follow_ups=[
                    said.ScheduledFollowUp(
                        follow_up_id=str(one.id),
                        kind=_kind(one.kind),
                        due_on=one.due_on.isoformat(),
                    )
                    for one in follow_ups
                ],
            )
        case Cancelled(cancelled_at):
            return said.FollowUpsCancelled(case_id=case_id, office_id=cancelled_at)
        case Due(one, late):
            return said.FollowUpDue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case Overdue(one, late):
            return said.FollowUpOverdue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case Escalated(follow_up_id, rule, level, late):
            return said.FollowUpEscalated(
                case_id=case_id,
                follow_up_id=str(follow_up_id) if follow_up_id else "",
                office_id=office_id,
                rule=rule,
                level=level,
                late=late,
            )
        case Lost(one, late, not_reached):
            return said.LostToFollowUp(
                case_id=case_id,
                follow_up_id=str(one.id),
                office_id=office_id,
                late=late,
                not_reached=not_reached,
            )
        case ContactMade(contact):
            return said.ContactRecorded(
                case_id=case_id,
                office_id=office_id,
                outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{contact.outcome.value}"),
                contacted_on=contact.on.isoformat(),
            )
        case Recorded(one, late):
            assert one.visited_on is not None
            return said.FollowUpRecorded(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                visited_on=one.visited_on.isoformat(),
                late=late,
            )
        case Closed(reason):
            return said.CaseClosed(
                case_id=case_id,
                office_id=office_id,
                reason=types.CloseReason.Value(f"CLOSE_REASON_{reason.value}"),
            )
        case Reopened():
            return said.CaseReopened(case_id=case_id, office_id=office_id)


def _kind(kind: Kind) -> types.FollowUpKind.ValueType:
    return types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind.value}")
