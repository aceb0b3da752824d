"""What the sending of a file of a journey is: its request, what stands beside the file then, and when it is refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from services.chassis.kernel.texts import Texts
from services.client.home_check import id_beside
from services.client.plain import instant
from services.client.refusals import Kind, Refusal
from services.client.sidecar import BatchState, Entry, SentBatch
from services.client.travel import travel_plan

if TYPE_CHECKING:
    from homeward.followup.v1 import home_safety_pb2
    from homeward.handover.v1 import journeys_pb2
    from services.client.journey_file.check import Journey, Traveller


def request_of(journey: Journey, request_id: str) -> journeys_pb2.DispatchJourneyRequest:
    """The request that sends a journey."""
    from homeward.handover.v1 import journeys_pb2

    request = journeys_pb2.DispatchJourneyRequest(request_id=request_id, departed_on=journey.left)
    for each in journey.travellers:
        # Each row says the whole plan of its person: what holds for everybody was added when the file was understood.
        request.rows.add(
            case=each.case, to_office_id=each.to, expected_arrival_on=each.arrives, travel=travel_plan(each.said)
        )
    return request


def checks_of(journey: Journey, request_id: str) -> home_safety_pb2.RecordShortChecksRequest | None:
    """What those of a journey said about their homes who were asked; None when the file says nothing of it.

    Its id follows from that of the journey and from what was said: the same file sent again is the same request.
    """
    from homeward.followup.v1 import home_safety_pb2

    request = home_safety_pb2.RecordShortChecksRequest()
    for each in asked_about_home(journey):
        request.rows.add(case=each.case, to_office_id=each.to, **each.home)
    if not request.rows:
        return None
    content = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
    request.request_id = id_beside(request_id, content)
    return request


def asked_about_home(journey: Journey) -> tuple[Traveller, ...]:
    """Those of a journey who were asked about their homes."""
    return tuple(each for each in journey.travellers if each.home)


def delivered(sent: SentBatch, answer: journeys_pb2.DispatchJourneyResponse) -> SentBatch:
    """The journey as delivered; its transfers come in the order of the rows."""
    entries = tuple(
        Entry(row, each.case_id, each.case_number) for row, each in zip(sent.rows, answer.transfers, strict=True)
    )
    stamps = [each.dispatch_time for each in answer.transfers if each.HasField("dispatch_time")]
    moment = instant(stamps[0]).isoformat() if stamps else ""
    return replace(
        sent, state=BatchState.DELIVERED, handover_id=answer.journey_id, receive_time=moment, entries=entries
    )


def changed(_: Texts) -> Refusal:
    """The file was changed after its people left."""
    return Refusal(
        Kind.REFUSED,
        "FILE_CHANGED_AFTER_DISPATCH",
        _("The people of this file are on the way already, and the file was changed since."),
        advice=(
            _("To send one of them elsewhere: homeward redirect CASE"),
            _("Only if the file now holds another journey altogether: repeat with --new"),
        ),
    )
