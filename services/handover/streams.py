"""Which event of the other services has which effect; the others are stepped over."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, notification_pb2
from services.chassis.events.dispatcher import EventHandler
from services.handover.application import Handover


def handlers(handover: Handover) -> Mapping[type[Message], EventHandler]:
    """Event type → what to do with it."""
    return {
        handover_pb2.CaseRegistered: handover.case_registered,
        handover_pb2.CaseCorrected: handover.case_corrected,
        handover_pb2.CaseWithdrawn: handover.case_withdrawn,
        followup_pb2.FollowUpsScheduled: handover.follow_ups_scheduled,
        followup_pb2.FollowUpsCancelled: handover.follow_ups_cancelled,
        followup_pb2.FollowUpRecorded: handover.follow_up_recorded,
        followup_pb2.CaseClosed: handover.case_closed,
        followup_pb2.CaseReopened: handover.case_reopened,
        followup_pb2.ContactRecorded: handover.contact_recorded,
        followup_pb2.LostToFollowUp: handover.lost_to_follow_up,
        notification_pb2.MessagePosted: handover.message_posted,
        notification_pb2.MessageSeen: handover.message_seen,
    }
