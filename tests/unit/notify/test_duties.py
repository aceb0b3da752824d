"""Which duty every event opens and ends, and how messages of a duty follow each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, office_pb2, transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.directory import built_in_directory
from services.chassis.country.sight import Sight
from services.chassis.events.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, TRANSFER
from services.notify import streams
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.duties import (
    DUTY_OF,
    ENDED_BY,
    FOLLOWS_ACCOUNTABILITY,
    SEVERAL,
    Asked,
    Duty,
    End,
    Ending,
    Turn,
    about_of,
    joined,
    span_of,
)
from services.notify.domain.facts import Fact, Occurrence
from services.notify.domain.messages import Standing
from services.notify.domain.telling import WHO_IS_TOLD
from services.notify.facts import followup, handover, identification, office, transfer

CASE = NotifiedCase(transfer_id="T", receiver_id="SA-22")
TOLD_ON = date(2026, 6, 1)
TOLD = {
    **transfer.told(lambda office_id: office_id.startswith("RC-")),
    **followup.TOLD,
    **handover.TOLD,
    **identification.TOLD,
}

D = Duty


def overdue(rule: str) -> Message:
    return transfer_pb2.TransferOverdue(rule=rule, accountable_office_id="BP-CN-HUU-NGHI", to_office_id="SA-22")


def custody(cause: types.CustodyCause.ValueType, phase: types.CasePhase.ValueType) -> Message:
    return transfer_pb2.CustodyChanged(
        cause=cause, phase=phase, accountable_office_id="SA-22", previous_office_id="SA-24"
    )


def scheduled(*due_on: str) -> Message:
    return followup_pb2.FollowUpsScheduled(
        follow_ups=[followup_pb2.ScheduledFollowUp(follow_up_id="F", due_on=each) for each in due_on]
    )


def decided(status: types.IdentificationStatus.ValueType) -> Message:
    return identification_pb2.IdentificationDecided(status=status)


def reviewed(verdict: types.BreakGlassVerdict.ValueType) -> Message:
    return identification_pb2.BreakGlassReviewed(break_glass_id="B", verdict=verdict)


def escalated(rule: str, follow_up_id: str = "") -> Message:
    return followup_pb2.FollowUpEscalated(rule=rule, follow_up_id=follow_up_id, level=3)


def contact(outcome: types.ContactOutcome.ValueType) -> Message:
    return followup_pb2.ContactRecorded(outcome=outcome)


FOLLOW_UP = followup_pb2.ScheduledFollowUp(follow_up_id="F", kind=types.FOLLOW_UP_KIND_MONTHS_3, due_on="2026-06-01")
ANSWERS = {D.RECEIVE, D.ACKNOWLEDGE, D.CHASE_ANSWER}
OF_OPEN_CASES = set(Duty) - {D.DECIDE_RETURN, D.APPROVE, D.REVIEW_BREAK_GLASS}
"""That a later registration is of the same person is asked about a case that has ended, too; requests and reviews wait
on."""
LEAVING = {D.SEND_ON, D.END_STAY, D.DECIDE_HOME}
LOOKING_AFTER = {D.CONTACT_FIRST, D.FOLLOW_UP, D.DECIDE_CLOSING}
IN_PROCESS = types.IDENTIFICATION_STATUS_IN_PROCESS
IDENTIFIED = types.IDENTIFICATION_STATUS_IDENTIFIED

# What happens, which duties it opens, which it ends.
TABLE: Sequence[tuple[Message, set[Duty], set[Duty]]] = (
    (handover_pb2.CaseRegistered(), {D.DECIDE_IDENTIFICATION}, set()),
    (decided(IDENTIFIED), set(), {D.DECIDE_IDENTIFICATION}),
    (decided(IN_PROCESS), {D.DECIDE_IDENTIFICATION}, set()),
    (identification_pb2.IdentificationDueSoon(), {D.DECIDE_IDENTIFICATION}, set()),
    (identification_pb2.IdentificationOverdue(level=1), {D.DECIDE_IDENTIFICATION}, set()),
    (identification_pb2.IdentificationOverdue(level=3), {D.DECIDE_IDENTIFICATION}, set()),
    (
        identification_pb2.VerifierAssigned(office_id="VF-01", former_office_ids=["VF-20"], undecided=True),
        {D.DECIDE_IDENTIFICATION},
        {D.DECIDE_IDENTIFICATION},
    ),
    (identification_pb2.VerifierAssigned(office_id="VF-01"), set(), set()),
    (handover_pb2.LegalStepDueSoon(), {D.TAKE_LEGAL_STEP}, set()),
    (handover_pb2.LegalStepOverdue(level=1), {D.TAKE_LEGAL_STEP}, set()),
    (handover_pb2.LegalStepOverdue(level=2), {D.TAKE_LEGAL_STEP}, set()),
    (handover_pb2.LegalStepSettled(), set(), {D.TAKE_LEGAL_STEP}),
    (identification_pb2.PreviewReadThenRejected(office_id="SA-22"), set(), set()),
    (identification_pb2.BreakGlassOpened(break_glass_id="B"), {D.REVIEW_BREAK_GLASS}, set()),
    (identification_pb2.BreakGlassUnreviewed(break_glass_id="B"), {D.REVIEW_BREAK_GLASS}, set()),
    (reviewed(types.BREAK_GLASS_VERDICT_JUSTIFIED), set(), {D.REVIEW_BREAK_GLASS}),
    (reviewed(types.BREAK_GLASS_VERDICT_UNJUSTIFIED), set(), {D.REVIEW_BREAK_GLASS}),
    (custody(types.CUSTODY_CAUSE_REGISTERED, types.CASE_PHASE_REGISTERED), set(), set()),
    (custody(types.CUSTODY_CAUSE_ARRIVED, types.CASE_PHASE_ARRIVED), set(), LEAVING),
    (custody(types.CUSTODY_CAUSE_ADMITTED, types.CASE_PHASE_ADMITTED), set(), LEAVING),
    (custody(types.CUSTODY_CAUSE_HOME_RECORDED, types.CASE_PHASE_ARRIVED), set(), LEAVING),
    (custody(types.CUSTODY_CAUSE_FOUND, types.CASE_PHASE_ARRIVED), set(), LEAVING),
    (custody(types.CUSTODY_CAUSE_ARRIVAL_RETRACTED, types.CASE_PHASE_IN_TRANSIT), set(), set()),
    (custody(types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_REGISTERED), set(), set()),
    (custody(types.CUSTODY_CAUSE_CLOSED, types.CASE_PHASE_CLOSED), set(), OF_OPEN_CASES),
    (custody(types.CUSTODY_CAUSE_WITHDRAWN, types.CASE_PHASE_WITHDRAWN), set(), OF_OPEN_CASES),
    (custody(types.CUSTODY_CAUSE_RE_IDENTIFIED, types.CASE_PHASE_CLOSED), set(), OF_OPEN_CASES),
    (transfer_pb2.TransferPlanned(), {D.RECEIVE}, set()),
    (transfer_pb2.TransferDispatched(), {D.ACKNOWLEDGE}, LEAVING | {D.RECEIVE}),
    (transfer_pb2.TransferAccepted(), set(), {D.RECEIVE}),
    (transfer_pb2.TransferAcknowledged(), set(), ANSWERS),
    (transfer_pb2.AcknowledgementRetracted(), {D.CHASE_ANSWER}, set()),
    (transfer_pb2.AcknowledgementRetracted(redispatch_due_on="2026-06-01"), {D.SEND_ON}, set()),
    (transfer_pb2.TransferAnswerTakenBack(under_way=True), {D.ACKNOWLEDGE}, {D.SEND_ON}),
    (transfer_pb2.TransferAnswerTakenBack(), {D.RECEIVE}, {D.SEND_ON}),
    (transfer_pb2.ArrivalCorrected(), set(), set()),
    (transfer_pb2.TransferRejected(), {D.SEND_ON}, ANSWERS),
    (transfer_pb2.TransferRecalled(), set(), ANSWERS),
    (transfer_pb2.TransferNotArrived(), {D.SEND_ON}, ANSWERS),
    (transfer_pb2.TransferRedirected(), set(), ANSWERS),
    (transfer_pb2.TransferSuperseded(), set(), ANSWERS),
    (overdue("DISPATCH_DUE"), {D.SEND_ON}, set()),
    (overdue("TRANSFER_ACKNOWLEDGE"), {D.ACKNOWLEDGE, D.CHASE_ANSWER}, set()),
    (overdue("FACILITY_STAY_SHELTER"), {D.END_STAY}, set()),
    (overdue("FACILITY_STAY_ESCALATE"), {D.END_STAY}, set()),
    (transfer_pb2.StayEnding(), {D.END_STAY}, set()),
    (transfer_pb2.PersonAdmitted(), set(), LEAVING),
    (transfer_pb2.PersonDischarged(), set(), {D.END_STAY}),
    (transfer_pb2.PersonLost(search_id="S"), {D.SEARCH, D.ACKNOWLEDGE}, LEAVING | {D.CHASE_ANSWER, D.RECEIVE}),
    (transfer_pb2.SearchEscalated(search_id="S", level=9), {D.SEARCH, D.ACKNOWLEDGE}, set()),
    (transfer_pb2.SearchResolved(search_id="S"), set(), {D.SEARCH}),
    (transfer_pb2.PersonClaimedFound(search_id="S", number=1), {D.ANSWER_CLAIM}, set()),
    (transfer_pb2.FoundClaimSettled(search_id="S", number=1), set(), {D.ANSWER_CLAIM}),
    (transfer_pb2.ReappearanceClaimed(later_case_id="L"), {D.DECIDE_RETURN}, set()),
    (transfer_pb2.ReappearanceClaimed(later_case_id="L", ended=True), {D.DECIDE_RETURN}, set()),
    (transfer_pb2.ReappearanceDecided(later_case_id="L"), set(), {D.DECIDE_RETURN}),
    (transfer_pb2.EarlierReturnDecided(), set(), set()),
    (handover_pb2.FamilyLinked(), set(), set()),
    (transfer_pb2.FamilyParted(other_case_id="C"), {D.REUNITE}, set()),
    (transfer_pb2.FamilyTogether(other_case_id="C"), set(), {D.REUNITE}),
    (transfer_pb2.FollowUpsUnconfirmed(), {D.CHECK_FOLLOW_UPS}, set()),
    (transfer_pb2.WithdrawalRefused(), set(), set()),
    (scheduled("2026-06-01", "2029-03-01"), set(), LOOKING_AFTER | {D.CHECK_FOLLOW_UPS, D.MAKE_SAFE}),
    (scheduled("2026-05-31", "2029-03-01"), {D.FOLLOW_UP}, LOOKING_AFTER | {D.CHECK_FOLLOW_UPS, D.MAKE_SAFE}),
    (followup_pb2.FollowUpsCancelled(), set(), LOOKING_AFTER | {D.MAKE_SAFE}),
    (followup_pb2.FollowUpDueSoon(follow_up_id="F"), {D.FOLLOW_UP}, set()),
    (followup_pb2.FollowUpDue(follow_up_id="F"), {D.FOLLOW_UP}, {D.CONTACT_FIRST}),
    (followup_pb2.FollowUpOverdue(follow_up_id="F"), {D.FOLLOW_UP}, {D.CONTACT_FIRST}),
    (escalated("FOLLOW_UP_ESCALATE", "F"), {D.FOLLOW_UP}, {D.CONTACT_FIRST}),
    (escalated("FIRST_CONTACT"), {D.CONTACT_FIRST}, set()),
    (escalated("CLOSE_DECISION"), {D.DECIDE_CLOSING}, set()),
    (followup_pb2.LostToFollowUp(follow_up_id="F"), {D.FOLLOW_UP}, set()),
    (followup_pb2.LostToFollowUp(follow_up_id="F", not_reached=True), set(), set()),
    (followup_pb2.FollowUpNeglected(follow_up_id="F"), {D.FOLLOW_UP}, set()),
    (followup_pb2.FollowUpRecorded(follow_up_id="F"), set(), {D.CONTACT_FIRST, D.FOLLOW_UP}),
    (
        followup_pb2.FollowUpRecorded(follow_up_id="F", missed_follow_up_ids=["E"], then=types.AFTER_DECLINED_CLOSE),
        set(),
        {D.CONTACT_FIRST, D.FOLLOW_UP},
    ),
    (followup_pb2.EntryTakenBack(office_id="SA-24", taken_back_by_office_id="SA-24"), set(), set()),
    (followup_pb2.EntryTakenBack(office_id="SA-24", taken_back_by_office_id="SV-24"), set(), set()),
    (followup_pb2.EntryTakenBack(asked_again=[FOLLOW_UP]), {D.FOLLOW_UP}, {D.DECIDE_CLOSING}),
    (followup_pb2.EntryCorrected(asked_again=[FOLLOW_UP]), {D.FOLLOW_UP}, {D.DECIDE_CLOSING}),
    (followup_pb2.EntryCorrected(made_follow_up_id="F"), set(), {D.CONTACT_FIRST, D.FOLLOW_UP}),
    (followup_pb2.FollowUpsScheduled(kept=True), set(), {D.CHECK_FOLLOW_UPS, D.CONTACT_FIRST}),
    (contact(types.CONTACT_OUTCOME_REACHED), set(), {D.CONTACT_FIRST}),
    (contact(types.CONTACT_OUTCOME_NOT_AT_ADDRESS), set(), set()),
    (followup_pb2.SafetyChecked(verdict=types.HOME_SAFETY_SAFE), set(), {D.DECIDE_HOME}),
    (followup_pb2.SafetyChecked(verdict=types.HOME_SAFETY_WARNING_SIGNS), set(), set()),
    (escalated("SAFETY_ANSWER"), {D.DECIDE_HOME}, set()),
    (followup_pb2.SafetyActNeeded(), {D.MAKE_SAFE}, set()),
    (followup_pb2.SafetyActErased(), set(), {D.MAKE_SAFE}),
    (followup_pb2.SafetyActConfirmed(), set(), {D.MAKE_SAFE}),
    (followup_pb2.StepsChanged(added=[FOLLOW_UP]), set(), set()),
    (followup_pb2.StepsChanged(dropped=[FOLLOW_UP]), set(), {D.FOLLOW_UP}),
    (followup_pb2.FollowUpRescheduled(follow_up_id="F"), set(), {D.FOLLOW_UP}),
    (escalated("SAFETY_ACT"), {D.MAKE_SAFE}, set()),
    (followup_pb2.CaseClosed(), set(), LOOKING_AFTER | {D.MAKE_SAFE}),
    (followup_pb2.CaseReopened(), set(), set()),
)

OFFICE_TABLE: Sequence[tuple[Message, set[Duty], set[Duty]]] = (
    (office_pb2.ApprovalAsked(approval_id="A"), {D.APPROVE}, set()),
    (office_pb2.ApprovalPartlyGiven(approval_id="A", asked_no_more_office_ids=["ADMIN-NATIONAL"]), set(), {D.APPROVE}),
    (office_pb2.ApprovalDecided(approval_id="A", state="APPROVED"), set(), {D.APPROVE}),
    (office_pb2.ApprovalDecided(approval_id="A", state="REFUSED"), set(), {D.APPROVE}),
    (office_pb2.ApprovalDecided(approval_id="A", state="WITHDRAWN"), set(), {D.APPROVE}),
    (office_pb2.ApprovalDecided(approval_id="A", state="EXPIRED"), set(), {D.APPROVE}),
    (office_pb2.RuleChanged(), set(), set()),
    (office_pb2.CalendarChanged(), set(), set()),
    (office_pb2.OfficeOpened(office_id="SA-24"), set(), set()),
    (office_pb2.OfficeEnded(office_id="SA-24", heir_id="SA-27"), set(), set()),
)
"""The same of what is about offices."""


def fact_of(event: Message) -> Fact | None:
    """What an event tells."""
    match event:
        case handover_pb2.CaseRegistered():
            return Fact(Occurrence.CASE_REGISTERED)
        case identification_pb2.IdentificationDecided():
            return Fact(Occurrence.DECISION_TAKEN_BACK) if identification.is_taken_back(event) else None
        case transfer_pb2.CustodyChanged():
            return transfer.custody_fact(event)
        case followup_pb2.FollowUpsScheduled():
            return followup.scheduled(event, TOLD_ON)
        case _:
            return TOLD[type(event)].fact_of(event, CASE)


def endings_of(event: Message) -> Sequence[Ending]:
    """What an event ends."""
    match event:
        case handover_pb2.CaseRegistered():
            return ()
        case identification_pb2.IdentificationDecided():
            return identification.decision_ends(event)
        case transfer_pb2.CustodyChanged():
            return transfer.custody_ends(event)
        case followup_pb2.FollowUpsScheduled():
            return followup.scheduling_ends(event, CASE)
        case _:
            return TOLD[type(event)].ends(event, CASE)


@pytest.mark.parametrize(("event", "opens", "ends"), TABLE, ids=[type(row[0]).__name__ for row in TABLE])
def test_each_event_opens_and_ends_these_duties(event: Message, opens: set[Duty], ends: set[Duty]) -> None:
    fact = fact_of(event)
    kinds = [kind for _, kind in WHO_IS_TOLD[fact.occurrence]] if fact is not None else []
    assert {DUTY_OF[kind] for kind in kinds if kind in DUTY_OF} == opens
    assert {duty for ending in endings_of(event) for duty in ENDED_BY[ending.turn]} == ends


@pytest.mark.parametrize(("event", "opens", "ends"), OFFICE_TABLE, ids=[type(row[0]).__name__ for row in OFFICE_TABLE])
def test_each_event_about_offices_opens_and_ends_these_duties(
    event: Message, opens: set[Duty], ends: set[Duty]
) -> None:
    notice = office.NOTICES[type(event)](event)
    assert ({DUTY_OF[notice.kind]} if notice.kind is not None and notice.kind in DUTY_OF else set()) == opens
    assert {duty for ending in notice.ends for duty in ENDED_BY[ending.turn]} == ends


def test_no_event_about_offices_is_without_a_word() -> None:
    assert {type(row[0]) for row in OFFICE_TABLE} == set(office.NOTICES)


def test_no_event_of_the_streams_is_without_a_word_about_duties() -> None:
    """A new event belongs into the table above, with a handler that says what it ends, or among those stepped over."""
    said = {kind for stream in (HANDOVER, IDENTIFICATION, TRANSFER, FOLLOWUP) for kind in stream.types}
    in_table = {type(row[0]) for row in TABLE}
    assert in_table | set(streams.UNHEARD) == said
    assert not in_table & set(streams.UNHEARD)
    assert set(streams.handlers(Sight(built_in_directory()))) == in_table


def test_every_duty_is_asked_for_and_ended_by_something_but_the_end_of_the_case() -> None:
    assert set(DUTY_OF.values()) == set(Duty)
    assert set(ENDED_BY) == set(Turn)
    assert set().union(*(ENDED_BY[turn] for turn in Turn if turn is not Turn.CASE_ENDED)) == set(Duty)
    assert set(Duty) > FOLLOWS_ACCOUNTABILITY


def test_what_a_message_is_about() -> None:
    assert about_of(Duty.SEARCH, "T", "S") == "S"
    assert {about_of(duty, "T", "") for duty in SEVERAL - {Duty.SEARCH}} == {"T"}
    assert {about_of(duty, "T", "S") for duty in set(Duty) - SEVERAL} == {""}
    assert about_of(None, "T", "S") == ""


# How messages of a duty follow each other -----------------------------------------------------

START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class At:
    """An instant so many days from the start."""

    days: int

    @property
    def instant(self) -> datetime:
        return START + timedelta(days=self.days)


def asked(days: int, duty: Duty = Duty.ACKNOWLEDGE, about: str = "T", office: str = "SA-22") -> Asked:
    return Asked(duty, about, office, At(days).instant)


def end(days: int, turn: Turn = Turn.REJECTED, about: str = "T", office: str = "") -> End:
    return End(uuid.UUID(int=1000 + days), At(days).instant, Ending(turn, about, office))


def test_a_message_lies_between_the_ends_before_and_after_it_however_they_are_told() -> None:
    ends = [end(9), end(3), end(6)]
    for known in (ends, ends[::-1]):
        span = span_of(asked(4), known)
        assert (span.after, span.end) == (At(3).instant, ends[2])
    assert span_of(asked(10), ends).end is None
    assert span_of(asked(1), ends).after is None


def test_what_is_asked_in_the_instant_of_an_end_that_is_known_is_asked_after_it() -> None:
    span = span_of(asked(3), [end(3)])
    assert (span.after, span.end) == (At(3).instant, None)


@pytest.mark.parametrize(
    "other",
    [
        end(5, about="ANOTHER"),
        end(5, office="SA-24"),
        end(5, turn=Turn.VISITED),
    ],
)
def test_what_concerns_another_transfer_office_or_duty_ends_nothing(other: End) -> None:
    assert span_of(asked(3), [other]).end is None


def test_what_a_duty_is_about_matters_only_where_a_case_may_have_several() -> None:
    to_send_on = asked(3, Duty.SEND_ON, about="")
    assert span_of(to_send_on, [end(5, Turn.SENT_ON, about="T")]).end is not None
    assert span_of(asked(3, about=""), [end(5, about="T")]).end is not None, "asked before messages said so"
    assert span_of(asked(3), [end(5, Turn.CASE_ENDED, about="")]).end is not None


def test_reminders_are_counted_and_keep_since_when_they_remind_in_whatever_order_they_are_heard() -> None:
    first, second, third = (Standing(At(day).instant, At(day).instant) for day in (1, 5, 9))
    for one, two, three in ((first, second, third), (third, first, second), (second, third, first)):
        assert joined(joined(one, two), three) == Standing(At(9).instant, At(1).instant, 2)
