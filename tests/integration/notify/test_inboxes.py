"""From the events of others to the inboxes of offices, on a real database and through a real server."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import grpc
import psycopg
import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from homeward.notify.v1 import inbox_pb2, inbox_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.sight import Sight
from services.chassis.events.inbox import InboxRow
from services.chassis.events.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, TRANSFER
from services.chassis.kernel.texts import Language, words_of
from services.chassis.service.process import Chassis
from services.chassis.storage.tables import ChassisTable
from services.notify import streams
from services.notify.__main__ import DEFINITION
from services.notify.domain.messages import Kind
from services.notify.storage.tables import NotifyTable
from tests.support.clocks import FakeClock
from tests.support.databases import Databases
from tests.support.events import EventScript, deliver, drain, outbox_events
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.identities import call_metadata
from tests.support.processes import serve
from tests.support.schema import schema_differences
from tests.support.waiting import patient

POST = "BP-CN-HUU-NGHI"
"""In Lạng Sơn, whose code is 20."""
VERIFIER = "VF-20"
POST_SUPERVISOR = "SV-20"
HOME = "SA-22"
"""In Quảng Ninh."""
HOME_SUPERVISOR = "SV-22"
OTHER = "SA-24"
CENTRE = "RC-LAO-CAI"
CENTRE_SUPERVISOR = "SV-15"
NATION = "SV-NATIONAL"
NUMBER = "HW-999-999-957"
CASE = uuid.UUID("0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e83")
TRANSFER_ID = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e84"
SEARCH_ID = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e85"
FOLLOW_UP_ID = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e86"

REBUILT = (
    *("message", "notify_end", "notify_waiting", "notify_decision", "notify_custody", "notify_case"),
    *("inbox", "inbox_position", "outbox", "stream_version"),
)
COPIED = "event_id, told_id, office_id, case_id, kind, params, duty, about, posted_at, since, reminders"
"""The columns of a message that make it what it is."""
NEW_ID = "gen_random_uuid()"

Told = set[tuple[str, str]]


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """What notify is built from."""
    return chassis_for("notify", service_database("notify"), clock)


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    """The producers."""
    return EventScript(clock)


async def hear(chassis: Chassis, *events: InboxRow) -> None:
    """Let notify take the events in."""
    await deliver(chassis, *events)
    await drain(chassis, streams.handlers(Sight(chassis.directory)))


async def messages(chassis: Chassis) -> list[tuple[Any, ...]]:
    """Everything about every message, but when it was read."""
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT id, event_id, office_id, case_id, kind, params, duty, posted_at, about, since, reminders,"
                " done_at, done_by FROM message ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


async def told(chassis: Chassis, event: InboxRow) -> Told:
    """Which office was told of an event by which kind of message."""
    return {(row[2], row[4]) for row in await messages(chassis) if row[1] == event.event_id}


# Events ---------------------------------------------------------------------------------------

CASE_ID = str(CASE)


def registered(office: str = POST) -> Message:
    return handover_pb2.CaseRegistered(case_id=CASE_ID, case_number=NUMBER, receiving_office_id=office)


def custody(
    office: str,
    segment: int,
    phase: types.CasePhase.ValueType,
    cause: types.CustodyCause.ValueType,
    at: datetime,
) -> Message:
    event = transfer_pb2.CustodyChanged(
        case_id=CASE_ID,
        case_number=NUMBER,
        segment=segment,
        phase=phase,
        accountable_office_id=office,
        cause=cause,
    )
    event.change_time.FromDatetime(at)
    return event


def planned(receiver: str = HOME) -> Message:
    return transfer_pb2.TransferPlanned(
        case_id=CASE_ID,
        transfer_id=TRANSFER_ID,
        from_office_id=POST,
        to_office_id=receiver,
        expected_departure_on="2026-03-03",
        expected_arrival_on="2026-03-04",
    )


def dispatched(receiver: str = HOME) -> transfer_pb2.TransferDispatched:
    return transfer_pb2.TransferDispatched(
        case_id=CASE_ID,
        transfer_id=TRANSFER_ID,
        from_office_id=POST,
        to_office_id=receiver,
        departed_on="2026-03-03",
        expected_arrival_on="2026-03-04",
        acknowledge_due_on="2026-03-09",
        case_number=NUMBER,
    )


def ended(kind: type[Message], **more: Any) -> Message:
    return kind(case_id=CASE_ID, transfer_id=TRANSFER_ID, from_office_id=POST, to_office_id=HOME, **more)


def overdue(rule: str, receiver: str = HOME) -> Message:
    return transfer_pb2.TransferOverdue(
        case_id=CASE_ID, accountable_office_id=POST, to_office_id=receiver, rule=rule, due_on="2026-03-09"
    )


def missing_step(level: int) -> Message:
    return handover_pb2.LegalStepOverdue(
        case_id=CASE_ID,
        accountable_office_id=POST,
        step="RETURNED_TO_SUPPORT_AGENCY",
        due_on="2026-03-03",
        level=level,
    )


def escalated(level: int) -> Message:
    return transfer_pb2.SearchEscalated(case_id=CASE_ID, search_id=SEARCH_ID, level=level, accountable_office_id=POST)


def follow_up(kind: type[Message], **more: Any) -> Message:
    return kind(case_id=CASE_ID, follow_up_id=FOLLOW_UP_ID, kind=types.FOLLOW_UP_KIND_MONTHS_3, office_id=HOME, **more)


def stay_overdue(rule: str, level: int = 1) -> Message:
    return transfer_pb2.TransferOverdue(
        case_id=CASE_ID, accountable_office_id=CENTRE, rule=rule, due_on="2026-05-03", level=level
    )


def discharged(destination: types.DischargeDestination.ValueType) -> Message:
    return transfer_pb2.PersonDischarged(
        case_id=CASE_ID,
        office_id=CENTRE,
        destination=destination,
        to_office_id=HOME,
        discharged_on="2026-04-30",
        dispatch_due_on="2026-05-05",
    )


def moved(cause: types.CustodyCause.ValueType, phase: types.CasePhase.ValueType) -> Message:
    return transfer_pb2.CustodyChanged(
        case_id=CASE_ID,
        case_number=NUMBER,
        segment=2,
        phase=phase,
        accountable_office_id=HOME,
        previous_office_id=POST,
        cause=cause,
    )


def lost(reason: types.LostReason.ValueType, accountable: str = POST) -> transfer_pb2.PersonLost:
    return transfer_pb2.PersonLost(
        case_id=CASE_ID, search_id=SEARCH_ID, reason=reason, accountable_office_id=accountable
    )


LOST = transfer_pb2.PersonLost(case_id=CASE_ID, search_id=SEARCH_ID, accountable_office_id=POST, to_office_id=HOME)
FOUND = transfer_pb2.SearchResolved(case_id=CASE_ID, search_id=SEARCH_ID, accountable_office_id=HOME)
OVERDUE = follow_up(followup_pb2.FollowUpOverdue, due_on="2026-06-04")
RECORDED = follow_up(followup_pb2.FollowUpRecorded, visited_on="2026-07-01", late=True)

# What was before, what happens now, and whom it tells what. The case is always registered by POST.
TABLE: Sequence[tuple[str, Sequence[Message], Message, Told]] = (
    ("planned", (), planned(), {(HOME, "TRANSFER_ANNOUNCED")}),
    ("dispatched", (), dispatched(), {(HOME, "TRANSFER_UNDER_WAY"), (POST, "TRANSFER_DISPATCHED")}),
    (
        "acknowledged, and the post was the sender",
        (dispatched(),),
        ended(transfer_pb2.TransferAcknowledged, arrived_on="2026-03-04"),
        {(POST, "TRANSFER_ACKNOWLEDGED")},
    ),
    (
        "acknowledged, and the post was not the sender",
        (),
        transfer_pb2.TransferAcknowledged(
            case_id=CASE_ID, from_office_id="RC-PEACE-HOUSE", to_office_id=HOME, arrived_on="2026-03-04"
        ),
        {("RC-PEACE-HOUSE", "TRANSFER_ACKNOWLEDGED"), (POST, "ARRIVAL_FEEDBACK")},
    ),
    (
        "acknowledgement retracted",
        (),
        ended(transfer_pb2.AcknowledgementRetracted),
        {(POST, "ACKNOWLEDGEMENT_RETRACTED")},
    ),
    (
        "acknowledgement retracted, and what was answered before asks nothing of the sender",
        (),
        ended(transfer_pb2.AcknowledgementRetracted, stands_again=types.TRANSFER_ANSWER_KIND_RECALLED),
        {(POST, "RETRACTED_AS_BEFORE")},
    ),
    (
        "rejected",
        (dispatched(),),
        ended(transfer_pb2.TransferRejected, redispatch_due_on="2026-03-06"),
        {(POST, "TRANSFER_REJECTED")},
    ),
    ("recalled", (dispatched(),), ended(transfer_pb2.TransferRecalled), {(HOME, "TRANSFER_RECALLED")}),
    (
        "not acknowledged in time",
        (dispatched(),),
        overdue("TRANSFER_ACKNOWLEDGE"),
        {
            (POST, "ACKNOWLEDGEMENT_MISSING"),
            (HOME, "ACKNOWLEDGEMENT_OVERDUE"),
            (HOME_SUPERVISOR, "ACKNOWLEDGEMENT_MISSING_SUPERVISOR"),
            (POST_SUPERVISOR, "ACKNOWLEDGEMENT_MISSING_SUPERVISOR"),
        },
    ),
    (
        "not sent on in time",
        (planned(),),
        overdue("DISPATCH_DUE"),
        {(POST, "DEADLINE_PASSED"), (POST_SUPERVISOR, "DEADLINE_PASSED_SUPERVISOR")},
    ),
    (
        "lost",
        (dispatched(),),
        LOST,
        {(POST, "SEARCH_OPENED"), (HOME, "SEARCH_ASKED"), (POST_SUPERVISOR, "SEARCH_OPENED_SUPERVISOR")},
    ),
    (
        "search escalated",
        (LOST,),
        escalated(1),
        {(POST, "SEARCH_STILL_OPEN"), (HOME, "SEARCH_ASKED"), (POST_SUPERVISOR, "SEARCH_ESCALATED")},
    ),
    (
        "search escalated to the nation",
        (LOST, escalated(1)),
        escalated(2),
        {
            (POST, "SEARCH_STILL_OPEN"),
            (HOME, "SEARCH_ASKED"),
            (POST_SUPERVISOR, "SEARCH_ESCALATED"),
            (NATION, "SEARCH_ESCALATED"),
        },
    ),
    (
        "search ended",
        (LOST, escalated(1)),
        FOUND,
        {(office, "SEARCH_ENDED") for office in (HOME, HOME_SUPERVISOR, POST, POST_SUPERVISOR)},
    ),
    (
        "search of the nation ended",
        (LOST, escalated(1), escalated(2)),
        FOUND,
        {(office, "SEARCH_ENDED") for office in (HOME, HOME_SUPERVISOR, POST, POST_SUPERVISOR, NATION)},
    ),
    ("accepted", (dispatched(),), ended(transfer_pb2.TransferAccepted), {(POST, "TRANSFER_ACCEPTED")}),
    (
        "not arrived",
        (dispatched(),),
        ended(transfer_pb2.TransferNotArrived, redispatch_due_on="2026-03-06"),
        {(POST, "TRANSFER_NOT_ARRIVED")},
    ),
    (
        "redirected: the new addressee learns it from the dispatch",
        (dispatched(),),
        ended(transfer_pb2.TransferRedirected, new_to_office_id=OTHER),
        {(HOME, "TRANSFER_REDIRECTED")},
    ),
    ("superseded", (planned(),), ended(transfer_pb2.TransferSuperseded), {(HOME, "TRANSFER_SUPERSEDED")}),
    (
        "apart from a relative: whoever has her, whoever expects her, and the supervisors of both",
        (),
        transfer_pb2.FamilyParted(
            case_id=CASE_ID,
            other_case_id=str(uuid.UUID(int=7)),
            reason=types.PARTING_REASON_LEFT_BEHIND,
            accountable_office_id=POST,
            to_office_id=HOME,
        ),
        {(office, "FAMILY_PARTED") for office in (POST, HOME, POST_SUPERVISOR, HOME_SUPERVISOR)},
    ),
    (
        "together again",
        (),
        transfer_pb2.FamilyTogether(
            case_id=CASE_ID, other_case_id=str(uuid.UUID(int=7)), accountable_office_id=POST, to_office_id=HOME
        ),
        {(office, "FAMILY_TOGETHER") for office in (POST, HOME, POST_SUPERVISOR, HOME_SUPERVISOR)},
    ),
    (
        "they may be parted: nobody is told",
        (),
        transfer_pb2.FamilyTogether(case_id=CASE_ID, other_case_id=str(uuid.UUID(int=7)), may_part=True),
        set(),
    ),
    (
        "the office itself named a relative",
        (),
        handover_pb2.FamilyLinked(case_id=CASE_ID, office_id=POST),
        set(),
    ),
    (
        "acknowledged by a facility: nobody has come home by that",
        (),
        transfer_pb2.TransferAcknowledged(
            case_id=CASE_ID, from_office_id="RC-PEACE-HOUSE", to_office_id=CENTRE, arrived_on="2026-03-04"
        ),
        {("RC-PEACE-HOUSE", "TRANSFER_ACKNOWLEDGED")},
    ),
    (
        "an admission taken back",
        (),
        transfer_pb2.AcknowledgementRetracted(case_id=CASE_ID, from_office_id="RC-PEACE-HOUSE", to_office_id=CENTRE),
        {("RC-PEACE-HOUSE", "ACKNOWLEDGEMENT_RETRACTED")},
    ),
    ("admitted", (), transfer_pb2.PersonAdmitted(case_id=CASE_ID, office_id=CENTRE), set()),
    (
        "the stay ends soon",
        (),
        transfer_pb2.StayEnding(case_id=CASE_ID, office_id=CENTRE, stay_due_on="2026-05-03"),
        {(CENTRE, "STAY_ENDING")},
    ),
    (
        "the stay is too long",
        (),
        stay_overdue("FACILITY_STAY_ASSESSMENT_CENTRE"),
        {(CENTRE, "STAY_OVERDUE")},
    ),
    (
        "the stay is still too long",
        (),
        stay_overdue("FACILITY_STAY_ESCALATE"),
        {(CENTRE, "STAY_OVERDUE"), (CENTRE_SUPERVISOR, "STAY_OVERDUE_SUPERVISOR")},
    ),
    (
        "the stay is too long for the fourth week: the nation learns it",
        (),
        stay_overdue("FACILITY_STAY_ESCALATE", level=4),
        {
            (CENTRE, "STAY_OVERDUE"),
            (CENTRE_SUPERVISOR, "STAY_OVERDUE_SUPERVISOR"),
            (NATION, "STAY_OVERDUE_SUPERVISOR"),
        },
    ),
    (
        "discharged, and not sent on in time",
        (),
        stay_overdue("DISPATCH_AFTER_DISCHARGE"),
        {(CENTRE, "DEADLINE_PASSED"), (CENTRE_SUPERVISOR, "DEADLINE_PASSED_SUPERVISOR")},
    ),
    (
        "discharged to a place of her choice",
        (),
        discharged(types.DISCHARGE_DESTINATION_OWN_CHOICE),
        {(HOME, "TRANSFER_TO_COME")},
    ),
    ("discharged as planned", (planned(),), discharged(types.DISCHARGE_DESTINATION_PLANNED_TRANSFER), set()),
    (
        "reassigned",
        (),
        moved(types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_FOLLOW_UP),
        {(HOME, "CUSTODY_TAKEN_OVER"), (POST, "CUSTODY_HANDED_OVER")},
    ),
    (
        "found at home: the post learns that she arrived",
        (),
        moved(types.CUSTODY_CAUSE_FOUND, types.CASE_PHASE_ARRIVED),
        {(POST, "ARRIVAL_FEEDBACK")},
    ),
    ("found in a facility", (), moved(types.CUSTODY_CAUSE_FOUND, types.CASE_PHASE_ADMITTED), set()),
    ("an office ended", (), moved(types.CUSTODY_CAUSE_OFFICE_ENDED, types.CASE_PHASE_FOLLOW_UP), set()),
    (
        "handed over again at a border: the nation learns it at once",
        (),
        lost(types.LOST_REASON_REAPPEARED),
        {
            (POST, "SEARCH_OPENED"),
            (POST_SUPERVISOR, "SEARCH_OPENED_SUPERVISOR"),
            (NATION, "SEARCH_OPENED_SUPERVISOR"),
        },
    ),
    (
        "handed over again while searched for: all who were told learn the end",
        (dispatched(), LOST, ended(transfer_pb2.TransferSuperseded), lost(types.LOST_REASON_REAPPEARED)),
        FOUND,
        {(office, "SEARCH_ENDED") for office in (HOME, HOME_SUPERVISOR, POST, POST_SUPERVISOR, NATION)},
    ),
    (
        "an office ended without successor: its supervisor answers",
        (),
        lost(types.LOST_REASON_OFFICE_ENDED, POST_SUPERVISOR),
        {(POST_SUPERVISOR, "SEARCH_OPENED")},
    ),
    (
        "escalated after the addressee had answered: it is asked no more",
        (dispatched(), LOST, ended(transfer_pb2.TransferRecalled)),
        escalated(1),
        {(POST, "SEARCH_STILL_OPEN"), (POST_SUPERVISOR, "SEARCH_ESCALATED")},
    ),
    (
        "first contact overdue",
        (),
        followup_pb2.FollowUpEscalated(case_id=CASE_ID, office_id=HOME, rule="FIRST_CONTACT", level=1),
        {(HOME, "FIRST_CONTACT_OVERDUE")},
    ),
    (
        "a failed attempt at contact",
        (),
        followup_pb2.ContactRecorded(
            case_id=CASE_ID, office_id=HOME, outcome=types.CONTACT_OUTCOME_NOT_AT_ADDRESS, contacted_on="2026-03-05"
        ),
        set(),
    ),
    (
        "unconfirmed",
        (),
        transfer_pb2.FollowUpsUnconfirmed(case_id=CASE_ID, accountable_office_id=HOME),
        {(HOME_SUPERVISOR, "FOLLOW_UPS_UNCONFIRMED"), (NATION, "FOLLOW_UPS_UNCONFIRMED")},
    ),
    (
        "withdrawal refused",
        (),
        transfer_pb2.WithdrawalRefused(case_id=CASE_ID, accountable_office_id=HOME),
        {(POST, "WITHDRAWAL_REFUSED")},
    ),
    ("correction", (), handover_pb2.CaseCorrected(case_id=CASE_ID, fields=["birth_year"]), set()),
    ("withdrawal asked for", (), handover_pb2.CaseWithdrawn(case_id=CASE_ID), set()),
    (
        "scheduled",
        (),
        followup_pb2.FollowUpsScheduled(
            case_id=CASE_ID,
            office_id=HOME,
            follow_ups=[
                followup_pb2.ScheduledFollowUp(due_on="2029-03-04"),
                followup_pb2.ScheduledFollowUp(due_on="2026-06-04"),
            ],
        ),
        {(HOME, "FOLLOW_UPS_SCHEDULED")},
    ),
    (
        "scheduled when the first should have been made",
        (),
        followup_pb2.FollowUpsScheduled(
            case_id=CASE_ID,
            office_id=HOME,
            follow_ups=[followup_pb2.ScheduledFollowUp(follow_up_id=FOLLOW_UP_ID, due_on="2026-03-01")],
        ),
        {(HOME, "FOLLOW_UP_OVERDUE"), (HOME_SUPERVISOR, "FOLLOW_UP_OVERDUE_SUPERVISOR")},
    ),
    ("cancelled", (), followup_pb2.FollowUpsCancelled(case_id=CASE_ID, office_id=HOME), set()),
    (
        "due soon",
        (),
        follow_up(followup_pb2.FollowUpDueSoon, due_on="2026-06-04"),
        {(HOME, "FOLLOW_UP_DUE_SOON")},
    ),
    ("due", (), follow_up(followup_pb2.FollowUpDue, due_on="2026-06-04"), {(HOME, "FOLLOW_UP_DUE")}),
    (
        "follow-up overdue",
        (),
        OVERDUE,
        {(HOME, "FOLLOW_UP_OVERDUE"), (HOME_SUPERVISOR, "FOLLOW_UP_OVERDUE_SUPERVISOR")},
    ),
    (
        "follow-up escalated",
        (OVERDUE,),
        followup_pb2.FollowUpEscalated(
            case_id=CASE_ID, follow_up_id=FOLLOW_UP_ID, office_id=HOME, rule="FOLLOW_UP_ESCALATE", level=1
        ),
        {(HOME, "FOLLOW_UP_STILL_OVERDUE"), (HOME_SUPERVISOR, "FOLLOW_UP_ESCALATED")},
    ),
    (
        "closing escalated to the nation",
        (),
        followup_pb2.FollowUpEscalated(case_id=CASE_ID, office_id=HOME, rule="CLOSE_DECISION", level=2),
        {(HOME, "CLOSING_OVERDUE"), (HOME_SUPERVISOR, "CLOSING_ESCALATED"), (NATION, "CLOSING_ESCALATED")},
    ),
    (
        "lost to follow-up",
        (),
        followup_pb2.LostToFollowUp(case_id=CASE_ID, follow_up_id=FOLLOW_UP_ID, office_id=HOME),
        {(HOME, "CONTACT_LOST"), (HOME_SUPERVISOR, "CONTACT_LOST_SUPERVISOR")},
    ),
    (
        "lost after attempts: the search that it opens is told",
        (),
        followup_pb2.LostToFollowUp(case_id=CASE_ID, follow_up_id=FOLLOW_UP_ID, office_id=HOME, not_reached=True),
        set(),
    ),
    (
        "neglected",
        (OVERDUE,),
        followup_pb2.FollowUpNeglected(
            case_id=CASE_ID,
            follow_up_id=FOLLOW_UP_ID,
            kind=types.FOLLOW_UP_KIND_MONTHS_3,
            office_id=HOME,
            due_on="2026-06-01",
        ),
        {
            (HOME, "FOLLOW_UP_NEGLECTED"),
            (HOME_SUPERVISOR, "FOLLOW_UP_NEGLECTED_SUPERVISOR"),
            (NATION, "FOLLOW_UP_NEGLECTED_SUPERVISOR"),
        },
    ),
    (
        "nobody decided whether the home is safe",
        (),
        followup_pb2.FollowUpEscalated(
            case_id=CASE_ID, office_id=POST, rule="SAFETY_ANSWER", level=1, due_on="2026-06-01"
        ),
        {(POST, "HOME_SAFETY_UNDECIDED")},
    ),
    (
        "nobody decided whether the home is safe, for a week more",
        (),
        followup_pb2.FollowUpEscalated(
            case_id=CASE_ID, office_id=POST, rule="SAFETY_ANSWER", level=2, due_on="2026-06-01"
        ),
        {(POST, "HOME_SAFETY_UNDECIDED"), (POST_SUPERVISOR, "HOME_SAFETY_UNDECIDED_SUPERVISOR")},
    ),
    (
        "the home is decided about: nobody is told, and nothing is asked",
        (),
        followup_pb2.SafetyChecked(case_id=CASE_ID, office_id=POST, verdict=types.HOME_SAFETY_SAFE),
        set(),
    ),
    (
        "further follow-ups are to be made",
        (),
        followup_pb2.StepsChanged(
            case_id=CASE_ID,
            office_id=HOME,
            cause=types.STEPS_CAUSE_CARE,
            added=[
                followup_pb2.ScheduledFollowUp(
                    follow_up_id=str(uuid.uuid4()), kind=types.FOLLOW_UP_KIND_MONTHS_6, due_on="2026-09-01"
                )
            ],
        ),
        {(HOME, "STEPS_CHANGED")},
    ),
    (
        "a follow-up was put on another day: whoever did it knows",
        (),
        followup_pb2.FollowUpRescheduled(
            case_id=CASE_ID,
            follow_up_id=str(uuid.uuid4()),
            kind=types.FOLLOW_UP_KIND_MONTHS_3,
            office_id=HOME,
            first_due_on="2026-06-01",
            due_on="2026-06-10",
        ),
        set(),
    ),
    (
        "immediate danger",
        (),
        followup_pb2.SafetyActNeeded(case_id=CASE_ID, office_id=HOME, entry_number=1),
        {(HOME, "SAFETY_ACT_NEEDED"), (HOME_SUPERVISOR, "SAFETY_ACT_NEEDED_SUPERVISOR")},
    ),
    (
        "immediate danger, and nobody confirmed what was done",
        (followup_pb2.SafetyActNeeded(case_id=CASE_ID, office_id=HOME, entry_number=1),),
        followup_pb2.FollowUpEscalated(
            case_id=CASE_ID, office_id=HOME, rule="SAFETY_ACT", level=2, due_on="2026-06-01"
        ),
        {
            (HOME, "SAFETY_ACT_OVERDUE"),
            (HOME_SUPERVISOR, "SAFETY_ACT_OVERDUE_SUPERVISOR"),
            (NATION, "SAFETY_ACT_OVERDUE_SUPERVISOR"),
        },
    ),
    (
        "immediate danger, and a second person confirmed what was done",
        (followup_pb2.SafetyActNeeded(case_id=CASE_ID, office_id=HOME, entry_number=1),),
        followup_pb2.SafetyActConfirmed(case_id=CASE_ID, office_id=HOME, entry_number=1),
        set(),
    ),
    (
        "immediate danger, and the case was erased",
        (followup_pb2.SafetyActNeeded(case_id=CASE_ID, office_id=HOME, entry_number=1),),
        followup_pb2.SafetyActErased(case_id=CASE_ID, office_id=HOME, entry_number=1),
        set(),
    ),
    (
        "a visit taken back",
        (RECORDED,),
        followup_pb2.EntryTakenBack(
            case_id=CASE_ID,
            office_id=HOME,
            taken_back_by_office_id=HOME,
            asked_again=[followup_pb2.ScheduledFollowUp(follow_up_id=FOLLOW_UP_ID, due_on="2026-06-01")],
        ),
        {(HOME, "FOLLOW_UP_ASKED_AGAIN")},
    ),
    (
        "an entry corrected by the supervisor",
        (),
        followup_pb2.EntryCorrected(case_id=CASE_ID, office_id=HOME, corrected_by_office_id=HOME_SUPERVISOR),
        {(HOME, "ENTRY_CHANGED")},
    ),
    ("recorded", (), RECORDED, set()),
    ("recorded after it was called overdue", (OVERDUE,), RECORDED, {(HOME_SUPERVISOR, "FOLLOW_UP_MADE_UP")}),
    ("recorded twice", (OVERDUE, RECORDED), RECORDED, set()),
    (
        "closed",
        (),
        followup_pb2.CaseClosed(case_id=CASE_ID, office_id=HOME, reason=types.CLOSE_REASON_DIED),
        {(HOME, "CASE_CLOSED"), (HOME_SUPERVISOR, "CASE_CLOSED")},
    ),
    (
        "reopened",
        (),
        followup_pb2.CaseReopened(case_id=CASE_ID, office_id=HOME),
        {(HOME, "CASE_REOPENED"), (HOME_SUPERVISOR, "CASE_REOPENED")},
    ),
    (
        "an office that ended meanwhile",
        (),
        dispatched("SA-22-2004"),
        {(HOME, "TRANSFER_UNDER_WAY"), (POST, "TRANSFER_DISPATCHED")},
    ),
    (
        "somebody says that she is with another office",
        (),
        transfer_pb2.PersonClaimedFound(
            case_id=CASE_ID,
            search_id=SEARCH_ID,
            number=1,
            claimed_office_id=HOME,
            claimed_by_office_id=POST,
            accountable_office_id=POST,
            since_on="2026-03-02",
        ),
        {(HOME, "FOUND_CLAIM_ASKED"), (POST, "FOUND_CLAIMED"), (POST_SUPERVISOR, "FOUND_CLAIMED")},
    ),
    (
        "that office says no",
        (),
        transfer_pb2.FoundClaimSettled(
            case_id=CASE_ID,
            search_id=SEARCH_ID,
            number=1,
            state=types.FOUND_CLAIM_STATE_DENIED,
            claimed_office_id=HOME,
            claimed_by_office_id=POST,
            accountable_office_id=POST,
        ),
        {(POST, "FOUND_CLAIM_DENIED"), (POST_SUPERVISOR, "FOUND_CLAIM_DENIED")},
    ),
    (
        "an answer taken back",
        (),
        transfer_pb2.TransferAnswerTakenBack(
            case_id=CASE_ID,
            transfer_id=TRANSFER_ID,
            from_office_id=POST,
            to_office_id=HOME,
            answer=types.TRANSFER_ANSWER_KIND_REJECTED,
            by_office_id=HOME,
            under_way=True,
            expected_arrival_on="2026-03-02",
            acknowledge_due_on="2026-03-05",
        ),
        {(HOME, "TRANSFER_STANDS_AGAIN"), (POST, "ANSWER_TAKEN_BACK")},
    ),
    (
        "the day of an arrival corrected by a supervisor",
        (),
        transfer_pb2.ArrivalCorrected(
            case_id=CASE_ID,
            segment=2,
            accountable_office_id=HOME,
            before_on="2026-03-02",
            arrived_on="2026-03-01",
            by_office_id=HOME_SUPERVISOR,
        ),
        {(HOME, "ARRIVAL_CORRECTED"), (HOME_SUPERVISOR, "ARRIVAL_CORRECTED")},
    ),
    (
        "an office says that she came back again",
        (),
        transfer_pb2.ReappearanceClaimed(
            case_id=CASE_ID,
            later_case_id=str(uuid.uuid4()),
            later_case_number="HW-1",
            claiming_office_id=POST,
            accountable_office_id=HOME,
        ),
        {(HOME, "RETURN_CLAIMED"), (HOME_SUPERVISOR, "RETURN_CLAIMED_SUPERVISOR")},
    ),
    (
        "what was said of her return is taken back",
        (),
        transfer_pb2.ReappearanceDecided(
            case_id=CASE_ID,
            later_case_id=str(uuid.uuid4()),
            later_case_number="HW-1",
            decided_by_office_id=HOME,
            accountable_office_id=HOME,
        ),
        {(HOME, "RETURN_WITHDRAWN"), (HOME_SUPERVISOR, "RETURN_WITHDRAWN")},
    ),
    (
        "and so the office that said it is told",
        (),
        transfer_pb2.EarlierReturnDecided(
            case_id=CASE_ID,
            earlier_case_id=str(uuid.uuid4()),
            earlier_case_number="HW-1",
            decided_by_office_id=HOME,
            accountable_office_id=POST,
        ),
        {(POST, "EARLIER_RETURN_UNDONE")},
    ),
    (
        "a step that the law asks for is due soon",
        (),
        handover_pb2.LegalStepDueSoon(
            case_id=CASE_ID, accountable_office_id=POST, step="RETURNED_TO_SUPPORT_AGENCY", due_on="2026-03-03"
        ),
        {(POST, "LEGAL_STEP_DUE_SOON")},
    ),
    (
        "a step that the law asks for is missing",
        (),
        missing_step(1),
        {(POST, "LEGAL_STEP_OVERDUE")},
    ),
    (
        "and still is a week later",
        (),
        missing_step(2),
        {(POST, "LEGAL_STEP_OVERDUE"), (POST_SUPERVISOR, "LEGAL_STEP_OVERDUE_SUPERVISOR")},
    ),
    (
        "it was taken",
        (missing_step(2),),
        handover_pb2.LegalStepSettled(case_id=CASE_ID, step="RETURNED_TO_SUPPORT_AGENCY"),
        set(),
    ),
    (
        "it is to be decided soon whether she is a victim",
        (),
        identification_pb2.IdentificationDueSoon(
            case_id=CASE_ID, receiving_office_id=POST, rule="INITIAL_VERIFY", due_on="2026-03-05"
        ),
        {(VERIFIER, "IDENTIFICATION_DUE_SOON")},
    ),
    (
        "nobody decided whether she is a victim",
        (),
        identification_pb2.IdentificationOverdue(
            case_id=CASE_ID, receiving_office_id=POST, rule="INITIAL_VERIFY", due_on="2026-03-05", level=1
        ),
        {(VERIFIER, "IDENTIFICATION_OVERDUE")},
    ),
)


@pytest.mark.parametrize(("before", "event", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
async def test_an_event_tells_whom_it_concerns(
    chassis: Chassis, script: EventScript, before: Sequence[Message], event: Message, expected: Told
) -> None:
    await hear(chassis, script.event(CASE, registered()), *(script.event(CASE, one) for one in before))
    row = script.event(CASE, event)
    await hear(chassis, row)
    assert await told(chassis, row) == expected
    posted = [said.message for said in await outbox_events(chassis)]
    assert {(one.office_id, one.kind) for one in posted if one.cause_event_id == str(row.event_id)} == expected


def test_the_table_knows_every_event_of_the_streams() -> None:
    known = {type(event) for _, before, event, _ in TABLE for event in (*before, event)}
    others = {
        handover_pb2.CaseRegistered,
        transfer_pb2.CustodyChanged,
        identification_pb2.IdentificationDecided,
        handover_pb2.FamilyUnlinked,
        followup_pb2.ConsentTold,
        transfer_pb2.AgeBandCorrected,
        followup_pb2.ConsentTold,
        # These have files of their own: test_break_glass.py and test_verifier.py.
        identification_pb2.BreakGlassOpened,
        identification_pb2.BreakGlassReviewed,
        identification_pb2.BreakGlassUnreviewed,
        identification_pb2.PreviewReadThenRejected,
        identification_pb2.VerifierAssigned,
    }
    consumed = {kind for stream in (HANDOVER, IDENTIFICATION, TRANSFER, FOLLOWUP) for kind in stream.types}
    assert known | others == consumed


async def test_a_registration_tells_the_office_and_the_verifier(chassis: Chassis, script: EventScript) -> None:
    row = script.event(CASE, registered())
    await hear(chassis, row)
    assert await told(chassis, row) == {(POST, "CASE_REGISTERED"), (VERIFIER, "IDENTIFICATION_TO_DECIDE")}


def decided(revision: int = 1) -> Message:
    return identification_pb2.IdentificationDecided(
        case_id=CASE_ID,
        status=types.IDENTIFICATION_STATUS_IDENTIFIED,
        deciding_office_id=VERIFIER,
        decided_on="2026-03-02",
        revision=revision,
    )


ARRIVED = (types.CASE_PHASE_ARRIVED, types.CUSTODY_CAUSE_ARRIVED)
BEGUN = (types.CASE_PHASE_REGISTERED, types.CUSTODY_CAUSE_REGISTERED)


async def test_a_decision_tells_who_is_accountable_then_and_who_registered(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    first = script.event(CASE, decided())
    await hear(chassis, script.event(CASE, registered()), first)
    assert await told(chassis, first) == {(POST, "IDENTIFICATION_DECIDED")}
    clock.move_by(timedelta(days=2))
    await hear(chassis, script.event(CASE, custody(HOME, 2, *ARRIVED, clock.now())))
    assert await told(chassis, first) == {(POST, "IDENTIFICATION_DECIDED")}
    clock.move_by(timedelta(days=1))
    second = script.event(CASE, decided(2))
    await hear(chassis, second)
    assert await told(chassis, second) == {(HOME, "IDENTIFICATION_DECIDED"), (POST, "IDENTIFICATION_FEEDBACK")}


async def test_nothing_of_a_decision_but_its_day_and_office_is_kept(chassis: Chassis, script: EventScript) -> None:
    await hear(chassis, script.event(CASE, registered()), script.event(CASE, decided()))
    params = [row[5] for row in await messages(chassis) if row[4] == Kind.IDENTIFICATION_DECIDED]
    assert params == [{"on": "2026-03-02", "office": VERIFIER}]


async def test_a_withdrawn_case_tells_all_who_wait_for_it(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    withdrawn = custody(POST, 1, types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN, clock.now())
    other = script.event(CASE, registered()), script.event(CASE, dispatched())
    row = script.event(CASE, withdrawn)
    await hear(chassis, *other, row)
    assert {office for office, _ in await told(chassis, row)} == {POST, HOME, VERIFIER}


async def test_who_awaited_somebody_withdrawn_under_way_and_its_supervisor_learn_what_to_do(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    withdrawn = custody(POST, 1, types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN, clock.now())
    assert isinstance(withdrawn, transfer_pb2.CustodyChanged)
    withdrawn.acting_office_id, withdrawn.addressed_office_id = POST, HOME
    row = script.event(CASE, withdrawn)
    await hear(chassis, script.event(CASE, registered()), row)
    heard = await told(chassis, row)
    assert {(HOME, "AWAITED_CASE_WITHDRAWN"), (HOME_SUPERVISOR, "AWAITED_CASE_WITHDRAWN")} <= heard
    assert {office for office, kind in heard if kind == "CASE_WITHDRAWN"} >= {POST, VERIFIER}


async def test_what_is_no_date_is_no_part_of_a_message(chassis: Chassis, script: EventScript) -> None:
    event = transfer_pb2.TransferAcknowledged(
        case_id=CASE_ID, from_office_id=POST, to_office_id=HOME, arrived_on="Nguyen Thi Vi Du"
    )
    row = script.event(CASE, event)
    await hear(chassis, row)
    assert [dict(one[5]) for one in await messages(chassis)] == [{"from_office": POST, "to_office": HOME}]


# What is asked, and when it is done -----------------------------------------------------------


async def to_do(chassis: Chassis) -> set[tuple[str, str, int]]:
    """What is asked of which office, by which kind of message, after how many reminders."""
    return {(row[2], row[4], row[10]) for row in await messages(chassis) if row[6] is not None and row[11] is None}


async def done(chassis: Chassis) -> set[tuple[str, str, str]]:
    """What was asked of which office, by which kind of message, and what ended it."""
    return {(row[2], row[4], row[12]) for row in await messages(chassis) if row[11] is not None}


class Story:
    """A case of which things are told, some time after each other."""

    def __init__(self, chassis: Chassis, script: EventScript, clock: FakeClock) -> None:
        self._chassis = chassis
        self._script = script
        self._clock = clock

    async def goes_on(self, *events: Message, days: int = 1) -> None:
        """That many days later these are told in one act."""
        self._clock.move_by(timedelta(days=days))
        await hear(self._chassis, *(self._script.event(CASE, event) for event in events))


@pytest.fixture
async def story(chassis: Chassis, script: EventScript, clock: FakeClock) -> Story:
    """Registered, and her identification decided."""
    begun = Story(chassis, script, clock)
    await begun.goes_on(registered(), custody(POST, 1, *BEGUN, clock.now()))
    await begun.goes_on(decided())
    return begun


async def test_one_dispatch_is_one_message_to_each_side(chassis: Chassis, story: Story) -> None:
    before = {row[0] for row in await messages(chassis)}
    await story.goes_on(planned(), dispatched())
    told = [(row[2], row[4]) for row in await messages(chassis) if row[0] not in before]
    assert sorted(told) == [(POST, "TRANSFER_DISPATCHED"), (HOME, "TRANSFER_UNDER_WAY")]


@pytest.mark.parametrize(
    ("answer", "turn"),
    [
        (ended(transfer_pb2.TransferAcknowledged, arrived_on="2026-03-09"), "ACKNOWLEDGED"),
        (ended(transfer_pb2.TransferRejected), "REJECTED"),
        (ended(transfer_pb2.TransferRecalled), "RECALLED"),
        (ended(transfer_pb2.TransferNotArrived), "NOT_ARRIVED"),
        (ended(transfer_pb2.TransferRedirected), "REDIRECTED"),
        (ended(transfer_pb2.TransferSuperseded), "SUPERSEDED"),
        (moved(types.CUSTODY_CAUSE_CLOSED, types.CASE_PHASE_CLOSED), "CASE_ENDED"),
    ],
)
async def test_nobody_is_asked_for_an_answer_that_was_given(
    chassis: Chassis, story: Story, answer: Message, turn: str
) -> None:
    await story.goes_on(planned(), dispatched())
    await story.goes_on(overdue("TRANSFER_ACKNOWLEDGE"), days=8)
    asked = {
        (POST, "ACKNOWLEDGEMENT_MISSING", 0),
        (HOME, "ACKNOWLEDGEMENT_OVERDUE", 1),
        (HOME_SUPERVISOR, "ACKNOWLEDGEMENT_MISSING_SUPERVISOR", 0),
        (POST_SUPERVISOR, "ACKNOWLEDGEMENT_MISSING_SUPERVISOR", 0),
    }
    assert await to_do(chassis) == asked
    await story.goes_on(answer)
    assert not {one[:2] for one in await to_do(chassis)} & {one[:2] for one in asked}
    assert {(office, kind, turn) for office, kind, _ in asked} <= await done(chassis)


async def test_a_reminder_takes_the_place_of_the_one_before(
    chassis: Chassis, story: Story, clock: FakeClock, token_for: TokenFor
) -> None:
    for _ in range(20):
        await story.goes_on(overdue("DISPATCH_DUE"), days=10)
    assert await to_do(chassis) == {(POST, "DEADLINE_PASSED", 19), (POST_SUPERVISOR, "DEADLINE_PASSED_SUPERVISOR", 19)}
    async with service(chassis) as stub:
        found = await inbox(stub, token_for(POST))
        asked = found.messages[0]
        assert (asked.duty, asked.reminders, asked.action_required, found.to_do_count) == ("SEND_ON", 19, True, 1)
        assert asked.body.endswith("This is reminder 19: it has been asked for since 14 March 2026.")
        # Read is not done.
        assert await mark(stub, token_for(POST), [asked.message_id]) == 1
        assert (await inbox(stub, token_for(POST))).messages[0].message_id == asked.message_id
        await story.goes_on(planned(), dispatched())
        assert not (await inbox(stub, token_for(POST))).to_do_count
        history = (await inbox(stub, token_for(POST), include_read=True)).messages
        (over,) = [one for one in history if one.message_id == asked.message_id]
        day = clock.now().date()
        assert (over.action_required, over.done_by) == (False, "SENT_ON")
        assert over.done == f"Done on {day.day} {day:%B %Y}: the departure is recorded."


async def test_whom_a_search_is_opened_for_nobody_is_asked_to_send_on(chassis: Chassis, story: Story) -> None:
    await story.goes_on(overdue("DISPATCH_DUE"))
    await story.goes_on(overdue("DISPATCH_DUE"), lost(types.LOST_REASON_NOT_SENT_ON), days=10)
    assert await to_do(chassis) == {(POST, "SEARCH_OPENED", 0), (POST_SUPERVISOR, "SEARCH_OPENED_SUPERVISOR", 0)}
    await story.goes_on(escalated(1), days=7)
    await story.goes_on(escalated(2), days=7)
    assert await to_do(chassis) == {
        (POST, "SEARCH_STILL_OPEN", 2),
        (POST_SUPERVISOR, "SEARCH_ESCALATED", 2),
        (NATION, "SEARCH_ESCALATED", 0),
    }
    await story.goes_on(planned(), dispatched(), FOUND)
    assert await to_do(chassis) == {(HOME, "TRANSFER_UNDER_WAY", 0)}


async def test_another_office_reads_what_is_true_when_it_takes_over(
    chassis: Chassis, story: Story, token_for: TokenFor
) -> None:
    await story.goes_on(overdue("DISPATCH_DUE"))
    await story.goes_on(overdue("DISPATCH_DUE"), days=10)
    await story.goes_on(moved(types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_REGISTERED))
    assert await to_do(chassis) == {
        (HOME, "DEADLINE_PASSED", 1),
        (HOME_SUPERVISOR, "DEADLINE_PASSED_SUPERVISOR", 1),
    }
    assert {office for office, _, turn in await done(chassis) if turn == "REASSIGNED"} == {POST, POST_SUPERVISOR}
    async with service(chassis) as stub:
        asked, taken_over = (await inbox(stub, token_for(HOME))).messages
        assert asked.body.startswith("Due on 9 March 2026: case to be sent on.")
        assert (taken_over.kind, taken_over.action_required) == ("CUSTODY_TAKEN_OVER", False)
    await story.goes_on(overdue("DISPATCH_DUE"), days=9)
    assert (HOME, "DEADLINE_PASSED", 1) in await to_do(chassis)


async def test_an_acknowledgement_that_comes_much_too_late_asks_for_one_thing(chassis: Chassis, story: Story) -> None:
    await story.goes_on(planned(), dispatched())
    arrival = ended(transfer_pb2.TransferAcknowledged, arrived_on="2026-03-09")
    await story.goes_on(arrival, moved(types.CUSTODY_CAUSE_ARRIVED, types.CASE_PHASE_ARRIVED), days=140)
    first = followup_pb2.ScheduledFollowUp(
        follow_up_id=FOLLOW_UP_ID, kind=types.FOLLOW_UP_KIND_MONTHS_3, due_on="2026-06-09"
    )
    await story.goes_on(followup_pb2.FollowUpsScheduled(case_id=CASE_ID, office_id=HOME, follow_ups=[first]), days=0)
    await story.goes_on(follow_up(followup_pb2.FollowUpDue, due_on="2026-06-09"), days=0)
    await story.goes_on(follow_up(followup_pb2.FollowUpOverdue, due_on="2026-06-09"), days=0)
    still = follow_up(followup_pb2.FollowUpEscalated, due_on="2026-06-09", rule="FOLLOW_UP_ESCALATE", level=1)
    await story.goes_on(still, days=0)
    told = [(row[2], row[4]) for row in await messages(chassis) if row[2] == HOME and row[11] is None]
    assert told == [(HOME, "FOLLOW_UP_STILL_OVERDUE")]
    assert (HOME_SUPERVISOR, "FOLLOW_UP_ESCALATED", 2) in await to_do(chassis)
    await story.goes_on(RECORDED)
    assert await to_do(chassis) == set()


async def test_a_decision_that_is_taken_back_is_asked_for_again(chassis: Chassis, story: Story) -> None:
    assert (VERIFIER, "IDENTIFICATION_TO_DECIDE", "DECIDED") in await done(chassis)
    again = decided(2)
    assert isinstance(again, identification_pb2.IdentificationDecided)
    again.status = types.IDENTIFICATION_STATUS_IN_PROCESS
    await story.goes_on(again)
    assert await to_do(chassis) == {(VERIFIER, "IDENTIFICATION_TO_DECIDE", 0)}


# Order, duplicates, rebuild -------------------------------------------------------------------


def life(script: EventScript, clock: FakeClock) -> list[InboxRow]:
    """A case from the gate to the closing, with everything that went wrong on the way."""
    rows: list[InboxRow] = []

    def say(*events: Message, days: int = 1) -> None:
        rows.extend(script.event(CASE, event) for event in events)
        clock.move_by(timedelta(days=days))

    say(registered(), custody(POST, 1, *BEGUN, clock.now()))
    say(decided())
    say(planned())
    say(ended(transfer_pb2.TransferAccepted))
    say(dispatched(), days=7)
    say(overdue("TRANSFER_ACKNOWLEDGE"), days=7)
    say(LOST, days=7)
    say(escalated(1), days=7)
    say(escalated(2))
    say(ended(transfer_pb2.TransferAcknowledged, arrived_on="2026-03-31"), custody(HOME, 2, *ARRIVED, clock.now()))
    say(FOUND)
    say(decided(2), followup_pb2.FollowUpsScheduled(case_id=CASE_ID, office_id=HOME), days=90)
    say(follow_up(followup_pb2.FollowUpDue, due_on="2026-06-30"), days=15)
    say(OVERDUE)
    say(RECORDED)
    say(decided(3))
    say(ended(transfer_pb2.AcknowledgementRetracted), custody(POST, 3, *BEGUN, clock.now()))
    say(transfer_pb2.WithdrawalRefused(case_id=CASE_ID, accountable_office_id=POST))
    say(decided(4))
    say(stay_overdue("FACILITY_STAY_ESCALATE"))
    say(ended(transfer_pb2.TransferSuperseded), lost(types.LOST_REASON_NOT_AT_ADDRESS))
    say(lost(types.LOST_REASON_REAPPEARED))
    say(moved(types.CUSTODY_CAUSE_FOUND, types.CASE_PHASE_ARRIVED), FOUND)
    say(moved(types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_FOLLOW_UP))
    say(followup_pb2.FollowUpEscalated(case_id=CASE_ID, office_id=HOME, rule="FIRST_CONTACT", level=1))
    say(followup_pb2.CaseClosed(case_id=CASE_ID, office_id=HOME))
    return rows


def orders(rows: Sequence[InboxRow]) -> Iterable[tuple[str, list[InboxRow]]]:
    """The rows stream by stream in every order of the streams, and at random; each stream in its own order."""
    by_topic = {topic: [row for row in rows if row.topic == topic] for topic in {row.topic for row in rows}}
    for topics in itertools.permutations(sorted(by_topic)):
        yield " ".join(topics), [row for topic in topics for row in by_topic[topic]]
    for seed in range(5):
        dice = random.Random(seed)
        left = {topic: list(events) for topic, events in by_topic.items()}
        mixed = []
        while any(left.values()):
            mixed.append(left[dice.choice([topic for topic, events in left.items() if events])].pop(0))
        yield f"random {seed}", mixed


async def test_a_rebuild_gives_the_same_messages_in_whatever_order_the_streams_are_heard(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    rows = life(script, clock)
    for row in rows:
        await hear(chassis, row)
    original = await messages(chassis)
    assert len({row[0] for row in original}) == len(original) > 25
    assert {row[7] for row in original} <= {row.time for row in rows}
    clock.move_by(timedelta(days=400))
    for name, order in orders(rows):
        async with chassis.engine.begin() as connection:
            for table in REBUILT:
                await connection.execute(text(f"DELETE FROM {table}"))
        # As many at a time as leave this the order in which they take effect.
        for _, together in itertools.groupby(order, lambda row: row.topic):
            await hear(chassis, *together)
        assert await messages(chassis) == original, name


async def test_a_duplicate_event_tells_nobody_twice(chassis: Chassis, script: EventScript) -> None:
    row = script.event(CASE, registered())
    for _ in range(3):
        await hear(chassis, row)
    assert len(await messages(chassis)) == 2
    assert len(await outbox_events(chassis)) == 2


async def test_the_database_refuses_a_second_message_of_an_event_to_an_office(
    chassis: Chassis, script: EventScript
) -> None:
    await hear(chassis, script.event(CASE, registered()))
    with psycopg.connect(chassis.settings.database_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(f"INSERT INTO message (id, {COPIED}) SELECT gen_random_uuid(), {COPIED} FROM message")


# The service ----------------------------------------------------------------------------------


@asynccontextmanager
async def service(chassis: Chassis) -> AsyncIterator[inbox_pb2_grpc.InboxServiceAsyncStub]:
    """A client of a real server."""
    async with serve(DEFINITION, chassis) as address, grpc.aio.insecure_channel(address) as channel:
        stub: Any = inbox_pb2_grpc.InboxServiceStub(channel)
        yield stub


async def inbox(
    stub: Any,
    token: str,
    *,
    language: str = "en",
    include_read: bool = False,
    size: int = 0,
    page: str = "",
    **narrowed: Any,
) -> inbox_pb2.ListMessagesResponse:
    """A page of an inbox."""
    request = inbox_pb2.ListMessagesRequest(
        language=language, include_read=include_read, page_size=size, page_token=page, **narrowed
    )
    response: inbox_pb2.ListMessagesResponse = await stub.ListMessages(
        request, metadata=call_metadata(token), timeout=patient(10)
    )
    return response


async def mark(stub: Any, token: str, ids: Sequence[str], request_id: str = "") -> int:
    """Mark as read; returns how many were unread."""
    request = inbox_pb2.MarkMessagesReadRequest(request_id=request_id or str(uuid.uuid4()), message_ids=ids)
    response = await stub.MarkMessagesRead(request, metadata=call_metadata(token), timeout=patient(10))
    return int(response.marked_count)


async def test_an_inbox_can_be_narrowed_and_marked_until_a_moment(
    chassis: Chassis, script: EventScript, clock: FakeClock, token_for: TokenFor
) -> None:
    first = script.event(CASE, registered())
    clock.move_by(timedelta(hours=1))
    await hear(chassis, first, script.event(CASE, dispatched()))
    posted = first.time
    assert posted is not None
    post, home = token_for(POST), token_for(HOME)
    async with service(chassis) as stub:
        assert len((await inbox(stub, post, case=str(CASE))).messages) == 2
        other = await inbox(stub, post, case=str(uuid.uuid4()))
        assert (len(other.messages), other.unread_count) == (0, 2), "the counts are of the whole inbox"
        assert not (await inbox(stub, post, to_do_only=True)).messages
        assert [one.kind for one in (await inbox(stub, home, to_do_only=True)).messages] == ["TRANSFER_UNDER_WAY"]

        async def mark(**request: Any) -> int:
            whole = inbox_pb2.MarkMessagesReadRequest(request_id=str(uuid.uuid4()), **request)
            answer = await stub.MarkMessagesRead(whole, metadata=call_metadata(post), timeout=patient(10))
            return int(answer.marked_count)

        assert await mark(until_time=posted - timedelta(seconds=1)) == 0
        assert await mark(until_time=posted) == 1
        assert (await inbox(stub, post)).unread_count == 1, "what was posted later is still new"
        for wrong in ({}, {"until_time": posted, "message_ids": [str(uuid.uuid4())]}):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await mark(**wrong)
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.attack(38, "mark another office's messages read")
async def test_an_office_reads_its_messages_in_its_language_and_marks_them(
    chassis: Chassis, script: EventScript, clock: FakeClock, token_for: TokenFor
) -> None:
    first = script.event(CASE, registered())
    clock.move_by(timedelta(hours=1))
    second = script.event(CASE, dispatched())
    await hear(chassis, first, second)
    post, home = token_for(POST), token_for(HOME)
    async with service(chassis) as stub:
        found = await inbox(stub, post)
        assert [one.kind for one in found.messages] == ["TRANSFER_DISPATCHED", "CASE_REGISTERED"]
        assert found.unread_count == 2
        assert found.messages[1].title == f"Case {NUMBER} is registered"
        assert found.messages[0].post_time.ToDatetime(tzinfo=UTC) == second.time
        assert not found.messages[0].HasField("read_time")
        assert not found.messages[0].action_required
        vietnamese = await inbox(stub, post, language="")
        assert vietnamese.messages[1].title == f"Đã đăng ký hồ sơ {NUMBER}"
        (theirs,) = (await inbox(stub, home)).messages
        assert (theirs.kind, theirs.action_required) == ("TRANSFER_UNDER_WAY", True)

        request_id = str(uuid.uuid4())
        ids = [found.messages[0].message_id, theirs.message_id, str(uuid.uuid4())]
        assert await mark(stub, post, ids, request_id) == 1
        assert await mark(stub, post, ids, request_id) == 1
        assert await mark(stub, post, ids) == 0
        after = await inbox(stub, post)
        assert [one.kind for one in after.messages] == ["CASE_REGISTERED"]
        assert after.unread_count == 1
        everything = await inbox(stub, post, include_read=True)
        assert [one.HasField("read_time") for one in everything.messages] == [True, False]
        assert (await inbox(stub, home)).unread_count == 1
    seen = [said for said in await outbox_events(chassis) if said.type.endswith("MessageSeen")]
    assert [(said.message.office_id, said.message.message_id) for said in seen] == [(POST, ids[0])]


async def test_an_inbox_is_read_by_the_page_what_is_to_be_done_first(
    chassis: Chassis, script: EventScript, clock: FakeClock, token_for: TokenFor
) -> None:
    rows = []
    for _ in range(7):
        event = dispatched()
        event.transfer_id = str(uuid.uuid4())
        rows.append(script.event(CASE, event))
        if len(rows) % 2:
            clock.move_by(timedelta(minutes=1))
    news = script.event(CASE, followup_pb2.FollowUpsScheduled(case_id=CASE_ID, office_id=HOME))
    await hear(chassis, *rows, news)
    token = token_for(HOME)
    async with service(chassis) as stub:
        ids, page = [], ""
        for _ in range(4):
            answer = await inbox(stub, token, size=2, page=page)
            ids += [one.message_id for one in answer.messages]
            page = answer.next_page_token
        assert page == ""
        assert len(set(ids)) == 8
        everything = await inbox(stub, token)
        assert [one.message_id for one in everything.messages] == ids
        assert [one.action_required for one in everything.messages] == [True] * 7 + [False]
        times = [one.post_time.ToDatetime() for one in everything.messages[:-1]]
        assert times == sorted(times, reverse=True)
        first = await inbox(stub, token, size=2)
        for other in (token_for(POST), token):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await inbox(stub, other, page=first.next_page_token, include_read=other == token)
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_successor_of_an_office_reads_and_marks_its_messages(
    service_database: ServiceDatabase, chassis_for: ChassisFor, token_for: TokenFor
) -> None:
    clock = FakeClock(datetime.fromisoformat("2025-02-20T09:00:00+07:00"))
    chassis = chassis_for("notify", service_database("notify"), clock)
    await hear(chassis, EventScript(clock).event(CASE, dispatched("SA-22-2004")))
    clock.move_by(timedelta(days=365))
    async with service(chassis) as stub:
        (message,) = (await inbox(stub, token_for(HOME))).messages
        assert message.office_id == "SA-22-2004"
        assert (await inbox(stub, token_for("SA-24"))).unread_count == 0
        assert await mark(stub, token_for(HOME), [message.message_id]) == 1


async def test_a_message_that_came_before_the_registration_gets_its_number_later(
    chassis: Chassis, script: EventScript, token_for: TokenFor
) -> None:
    await hear(chassis, script.event(CASE, planned()))
    async with service(chassis) as stub:
        (message,) = (await inbox(stub, token_for(HOME))).messages
        assert (message.case_number, message.title) == ("", "Case (number to follow): an arrival is announced")
        await hear(chassis, script.event(CASE, registered()))
        (message,) = (await inbox(stub, token_for(HOME))).messages
        assert (message.case_number, message.title) == (NUMBER, f"Case {NUMBER}: an arrival is announced")


@pytest.mark.parametrize("office", ["AUDIT-NATIONAL", "NGO-01"])
async def test_offices_without_case_content_have_no_inbox(chassis: Chassis, token_for: TokenFor, office: str) -> None:
    async with service(chassis) as stub:
        for call in (inbox(stub, token_for(office)), mark(stub, token_for(office), [str(uuid.uuid4())])):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call
            assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_requests_that_make_no_sense_are_refused(chassis: Chassis, token_for: TokenFor) -> None:
    token = token_for(HOME)
    good = str(uuid.uuid4())
    async with service(chassis) as stub:
        for call in (
            inbox(stub, token, language="fr"),
            inbox(stub, token, size=-1),
            inbox(stub, token, page="no token"),
            mark(stub, token, []),
            mark(stub, token, ["no id"]),
            mark(stub, token, [good] * 201),
            mark(stub, token, [good], "no id"),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_unread_messages_are_counted_up_to_a_thousand(
    chassis: Chassis, script: EventScript, token_for: TokenFor
) -> None:
    await hear(chassis, script.event(CASE, dispatched()))
    async with chassis.engine.begin() as connection:
        await connection.execute(
            text(
                f"INSERT INTO message (id, {COPIED}) SELECT gen_random_uuid(), {COPIED.replace('event_id', NEW_ID)}"
                " FROM message, generate_series(1, 1100) WHERE office_id = :office"
            ),
            {"office": HOME},
        )
    async with service(chassis) as stub:
        found = await inbox(stub, token_for(HOME))
        assert (found.unread_count, found.to_do_count) == (1_000, 1_000)
        assert len((await inbox(stub, token_for(HOME), size=500)).messages) == 200


# The database ---------------------------------------------------------------------------------


async def test_the_auditor_sees_the_cases_and_nothing_else(
    chassis: Chassis, script: EventScript, clock: FakeClock, databases: Databases
) -> None:
    await hear(chassis, script.event(CASE, registered()))
    await deliver(chassis, script.event(CASE, custody(POST, 1, *BEGUN, clock.now()), version=2))
    await drain(chassis, streams.handlers(Sight(chassis.directory)))
    name = chassis.settings.database_url.rpartition("/")[2]
    with psycopg.connect(databases.audit_url(name), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT case_id, phase, office_id, is_open, watched_by, primary_count, in_flight, blocked FROM audit_case"
        ).fetchall()
        assert rows == [(CASE, "REGISTERED", POST, True, None, 0, True, True)]
        for table in ("message", "notify_case", "inbox", "outbox"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {table}")


def test_the_migrated_database_is_that_of_the_models(service_database: ServiceDatabase) -> None:
    url = service_database("notify")
    assert schema_differences(url, ChassisTable.metadata, NotifyTable.metadata) == []


@pytest.mark.parametrize("reason", [each for each in types.LostReason.values() if each])
async def test_every_reason_of_a_search_is_told_in_its_own_words(
    chassis: Chassis, script: EventScript, token_for: TokenFor, reason: types.LostReason.ValueType
) -> None:
    await hear(chassis, script.event(CASE, registered()), script.event(CASE, lost(reason)))
    code = types.LostReason.Name(reason).removeprefix("LOST_REASON_")
    async with service(chassis) as stub:
        for language in get_args(Language):
            wording = words_of(language).template("LostReason", code)
            assert wording
            for office in (POST, POST_SUPERVISOR):
                found = await inbox(stub, token_for(office), language=language)
                [message] = [one for one in found.messages if one.kind.startswith("SEARCH_OPENED")]
                assert f": {wording}. " in message.body
                assert message.action_required
