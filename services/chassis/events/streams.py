"""The event streams: who produces them, and which messages they may carry.

Each stream has one producing service, which numbers the events of a case on it from 1 without holes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.message import Message

from homeward.events.v1 import (
    followup_pb2,
    handover_pb2,
    identification_pb2,
    notification_pb2,
    office_pb2,
    transfer_pb2,
)

PARTITION_COUNT = 4
QUARANTINE_SUFFIX = ".quarantine"


@dataclass(frozen=True)
class Stream:
    """One topic and the events it carries.

    `is_ordered`: the events of a case take effect in the order of their numbers. Otherwise each stands alone and
    takes effect as it comes.
    """

    topic: str
    producer: str
    types: tuple[type[Message], ...]
    is_ordered: bool = True

    @property
    def quarantine_topic(self) -> str:
        """Where consumers copy what they could not take in."""
        return self.topic + QUARANTINE_SUFFIX


HANDOVER = Stream(
    "homeward.handover.v1",
    "intake",
    (handover_pb2.CaseRegistered, handover_pb2.CaseCorrected, handover_pb2.CaseWithdrawn),
)
IDENTIFICATION = Stream(
    "homeward.identification.v1", "intake", (identification_pb2.IdentificationDecided,)
)
TRANSFER = Stream(
    "homeward.transfer.v1",
    "handover",
    (
        transfer_pb2.CustodyChanged,
        transfer_pb2.TransferPlanned,
        transfer_pb2.TransferDispatched,
        transfer_pb2.TransferAcknowledged,
        transfer_pb2.AcknowledgementRetracted,
        transfer_pb2.TransferRejected,
        transfer_pb2.TransferRecalled,
        transfer_pb2.TransferOverdue,
        transfer_pb2.PersonLost,
        transfer_pb2.SearchEscalated,
        transfer_pb2.SearchResolved,
        transfer_pb2.FollowUpsUnconfirmed,
        transfer_pb2.WithdrawalRefused,
        transfer_pb2.TransferAccepted,
        transfer_pb2.TransferNotArrived,
        transfer_pb2.TransferRedirected,
        transfer_pb2.TransferSuperseded,
        transfer_pb2.PersonAdmitted,
        transfer_pb2.StayEnding,
        transfer_pb2.PersonDischarged,
    ),
)
FOLLOWUP = Stream(
    "homeward.followup.v1",
    "followup",
    (
        followup_pb2.FollowUpsScheduled,
        followup_pb2.FollowUpsCancelled,
        followup_pb2.FollowUpDue,
        followup_pb2.FollowUpOverdue,
        followup_pb2.FollowUpEscalated,
        followup_pb2.LostToFollowUp,
        followup_pb2.FollowUpRecorded,
        followup_pb2.CaseClosed,
        followup_pb2.CaseReopened,
        followup_pb2.ContactRecorded,
    ),
)
NOTIFICATION = Stream(
    "homeward.notification.v1",
    "notify",
    (notification_pb2.MessagePosted, notification_pb2.MessageSeen),
    # A notify that was rebuilt from nothing numbers anew, and without what had been read.
    is_ordered=False,
)
OFFICE = Stream(
    "homeward.office.v1",
    "handover",
    (
        office_pb2.OfficeOpened,
        office_pb2.OfficeEnded,
        office_pb2.RuleChanged,
        office_pb2.CalendarChanged,
    ),
)
OFFICE_SUBJECT = uuid.UUID("6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11")
"""The one subject of all events of the office stream: it puts them into one order for everybody. It is no case."""

STREAMS: tuple[Stream, ...] = (HANDOVER, IDENTIFICATION, TRANSFER, FOLLOWUP, NOTIFICATION, OFFICE)

STREAM_OF_TYPE: Mapping[str, Stream] = {
    message.DESCRIPTOR.full_name: stream for stream in STREAMS for message in stream.types
}
MESSAGE_OF_TYPE: Mapping[str, type[Message]] = {
    message.DESCRIPTOR.full_name: message for stream in STREAMS for message in stream.types
}
