"""The streams, for people: which events each of them carries, and who hears something on it."""

from __future__ import annotations

from google.protobuf.message import Message

from homeward.events.v1 import office_pb2, transfer_pb2
from services.chassis.events.streams import (
    AUDIT,
    MESSAGE_OF_TYPE,
    NOTIFICATION,
    STREAM_OF_TYPE,
    STREAMS,
    heard_by,
    readers_of,
)
from services.client.services import SERVICES

CARRIED = {
    ("homeward.handover.v1", "intake"): {
        "CaseRegistered",
        "CaseCorrected",
        "CaseWithdrawn",
        "FamilyLinked",
        "FamilyUnlinked",
        "LegalStepDueSoon",
        "LegalStepOverdue",
        "LegalStepSettled",
    },
    ("homeward.identification.v1", "intake"): {
        "IdentificationDecided",
        "IdentificationDueSoon",
        "IdentificationOverdue",
        "VerifierAssigned",
        "PreviewReadThenRejected",
        "BreakGlassOpened",
        "BreakGlassReviewed",
        "BreakGlassUnreviewed",
    },
    ("homeward.consent.v1", "intake"): {"ConsentChanged"},
    ("homeward.transfer.v1", "handover"): {
        "CustodyChanged",
        "TransferPlanned",
        "TransferDispatched",
        "TransferAcknowledged",
        "AcknowledgementRetracted",
        "TransferAnswerTakenBack",
        "ArrivalCorrected",
        "TransferRejected",
        "TransferRecalled",
        "TransferOverdue",
        "PersonLost",
        "SearchEscalated",
        "SearchResolved",
        "FollowUpsUnconfirmed",
        "WithdrawalRefused",
        "TransferAccepted",
        "TransferNotArrived",
        "TransferRedirected",
        "TransferSuperseded",
        "PersonAdmitted",
        "StayEnding",
        "PersonDischarged",
        "AgeBandCorrected",
        "FamilyParted",
        "FamilyTogether",
        "PersonClaimedFound",
        "FoundClaimSettled",
        "ReappearanceClaimed",
        "ReappearanceDecided",
        "EarlierReturnDecided",
    },
    ("homeward.followup.v1", "followup"): {
        "FollowUpsScheduled",
        "FollowUpsCancelled",
        "FollowUpDueSoon",
        "FollowUpDue",
        "FollowUpOverdue",
        "FollowUpEscalated",
        "LostToFollowUp",
        "FollowUpRecorded",
        "CaseClosed",
        "CaseReopened",
        "ContactRecorded",
        "FollowUpNeglected",
        "EntryCorrected",
        "EntryTakenBack",
        "SafetyActNeeded",
        "SafetyActConfirmed",
        "SafetyActErased",
        "ConsentTold",
        "SafetyChecked",
        "StepsChanged",
        "FollowUpRescheduled",
    },
    ("homeward.notification.v1", "notify"): {"MessagePosted", "MessageSeen"},
    ("homeward.office.v1", "handover"): {
        "OfficeOpened",
        "OfficeEnded",
        "RuleChanged",
        "CalendarChanged",
        "SessionsRevoked",
        "ApprovalAsked",
        "ApprovalPartlyGiven",
        "ApprovalDecided",
    },
    ("homeward.audit-intake.v1", "intake"): {"IntakeLogHead", "IntakeNumbersTried", "IntakePeopleListed"},
    ("homeward.audit-handover.v1", "handover"): {"HandoverLogHead", "HandoverNumbersTried", "HandoverPeopleListed"},
    ("homeward.audit-followup.v1", "followup"): {"FollowUpLogHead", "FollowUpNumbersTried", "FollowUpPeopleListed"},
    ("homeward.audit-notify.v1", "notify"): {"NotifyLogHead"},
}
HEADS = {service: [f"audit-{other}" for other in SERVICES if other != service] for service in SERVICES}
"""Each service keeps the heads of the others' logs."""


def test_each_stream_carries_its_events() -> None:
    found = {(stream.topic, stream.producer): {event.DESCRIPTOR.name for event in stream.types} for stream in STREAMS}
    assert found == CARRIED
    assert [stream for stream in STREAMS if not stream.is_ordered] == [NOTIFICATION, *AUDIT]


def test_events_keep_their_full_names() -> None:
    """Records name them so, and are kept for ever."""
    names = {f"homeward.events.v1.{name}" for events in CARRIED.values() for name in events}
    assert set(STREAM_OF_TYPE) == set(MESSAGE_OF_TYPE) == names
    # A part of an event is none.
    assert "homeward.events.v1.CalendarDay" not in names


def test_what_an_event_says_of_itself_is_not_in_its_bytes() -> None:
    event = transfer_pb2.TransferRecalled(case_id="c", transfer_id="t", from_office_id="f", to_office_id="o")
    assert event.SerializeToString() == b"\n\x01c\x12\x01t\x1a\x01f\x22\x01o"


def test_who_hears_something_on_which_streams() -> None:
    topics = {service: [stream.topic.split(".")[1] for stream in heard_by(service)] for service in SERVICES}
    assert topics == {
        "intake": ["transfer", "followup", "office", *HEADS["intake"]],
        "handover": ["handover", "identification", "consent", "followup", "notification", *HEADS["handover"]],
        "followup": ["consent", "transfer", "office", *HEADS["followup"]],
        "notify": ["handover", "identification", "transfer", "followup", "office", *HEADS["notify"]],
    }


def test_nobody_hears_what_it_says_itself() -> None:
    own: list[type[Message]] = [
        event for stream in STREAMS for event in stream.types if stream.producer in readers_of(event)
    ]
    assert own == []
    assert readers_of(office_pb2.OfficeEnded) == {"intake", "followup", "notify"}
