"""What the stream of identifications tells: that it was decided, is open again or still is; never how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from google.protobuf.message import Message

from homeward.events.v1 import identification_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import code_of
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import Addressee, Fact, Occurrence, Param
from services.notify.facts.parts import Telling, accountable, ends, ends_nothing, filled


def decision_params(event: identification_pb2.IdentificationDecided) -> Mapping[Param, str]:
    """When and by which office, and by which before. How it was decided is not kept."""
    return filled(on=event.decided_on, office=event.deciding_office_id, former=event.former_office_id)


def is_taken_back(event: identification_pb2.IdentificationDecided) -> bool:
    """Whether a decision was taken back, so that one is needed again."""
    return event.status == types_pb2.IDENTIFICATION_STATUS_IN_PROCESS


def decision_ends(event: identification_pb2.IdentificationDecided) -> Sequence[Ending]:
    """Nobody is asked to decide any more, unless the decision was taken back."""
    return () if is_taken_back(event) else (Ending(Turn.DECIDED),)


def _overdue(event: identification_pb2.IdentificationOverdue, case: NotifiedCase) -> Fact:
    levels = (Occurrence.DECISION_OVERDUE, Occurrence.DECISION_ESCALATED, Occurrence.DECISION_ESCALATED_NATIONALLY)
    occurrence = levels[min(max(event.level, 1), len(levels)) - 1]
    given = filled(office=event.receiving_office_id, rule=event.rule, due_on=event.due_on, level=str(event.level))
    # The supervisor is that of the province in which she was received, as the verifiers are.
    return Fact(occurrence, {**accountable(event.receiving_office_id), **given_to(event)}, given)


def _due_soon(event: identification_pb2.IdentificationDueSoon, case: NotifiedCase) -> Fact:
    given = filled(office=event.receiving_office_id, rule=event.rule, due_on=event.due_on)
    return Fact(Occurrence.DECISION_DUE_SOON, {**accountable(event.receiving_office_id), **given_to(event)}, given)


def given_to(
    event: identification_pb2.IdentificationDueSoon
    | identification_pb2.IdentificationOverdue
    | identification_pb2.IdentificationDecided,
) -> Mapping[Addressee, str]:
    """The verifier, where the case was given to one."""
    return {Addressee.VERIFIER: event.verifier_office_id} if event.verifier_office_id else {}


def _assigned(event: identification_pb2.VerifierAssigned, case: NotifiedCase) -> Fact:
    occurrence = Occurrence.VERIFIER_ASSIGNED if event.undecided else Occurrence.VERIFIER_ASSIGNED_AFTERWARDS
    offices = {**accountable(event.accountable_office_id), Addressee.VERIFIER: event.office_id}
    if event.former_office_ids:
        offices[Addressee.FORMER_VERIFIER] = event.former_office_ids[0]
    return Fact(occurrence, offices, filled(office=event.office_id, from_office=event.assigning_office_id))


def _assigning_ends(event: identification_pb2.VerifierAssigned, case: NotifiedCase) -> Sequence[Ending]:
    """Who decided before is asked no more; supervisors are still asked."""
    return [Ending(Turn.VERIFIER_ASSIGNED, office_id=each) for each in event.former_office_ids]


def _opened(event: identification_pb2.BreakGlassOpened, case: NotifiedCase) -> Fact:
    reason = code_of(types_pb2.BreakGlassReason, event.reason)
    given = filled(office=event.office_id, break_glass_reason=reason, due_on=event.review_due_on)
    offices = {**accountable(event.accountable_office_id), Addressee.OPENER: event.office_id}
    return Fact(Occurrence.BREAK_GLASS_OPENED, offices, given, about=event.break_glass_id)


def _reviewed(event: identification_pb2.BreakGlassReviewed, case: NotifiedCase) -> Fact:
    was_justified = event.verdict == types_pb2.BREAK_GLASS_VERDICT_JUSTIFIED
    occurrence = Occurrence.BREAK_GLASS_REVIEWED if was_justified else Occurrence.BREAK_GLASS_UNJUSTIFIED
    offices = {**accountable(event.accountable_office_id), Addressee.OPENER: event.office_id}
    return Fact(occurrence, offices, filled(from_office=event.office_id, office=event.reviewing_office_id))


def _unreviewed(event: identification_pb2.BreakGlassUnreviewed, case: NotifiedCase) -> Fact:
    offices = {**accountable(event.accountable_office_id), Addressee.OPENER: event.office_id}
    given = filled(office=event.office_id, due_on=event.review_due_on)
    return Fact(Occurrence.BREAK_GLASS_UNREVIEWED, offices, given, about=event.break_glass_id)


def _read_then_rejected(event: identification_pb2.PreviewReadThenRejected, case: NotifiedCase) -> Fact:
    offices = accountable(event.accountable_office_id, event.office_id)
    return Fact(Occurrence.PREVIEW_READ_THEN_REJECTED, offices, filled(office=event.office_id))


TOLD: Mapping[type[Message], Telling] = {
    identification_pb2.VerifierAssigned: Telling(_assigned, ends=_assigning_ends),
    identification_pb2.PreviewReadThenRejected: Telling(_read_then_rejected, ends=ends_nothing),
    identification_pb2.BreakGlassOpened: Telling(_opened, ends=ends_nothing),
    identification_pb2.BreakGlassReviewed: Telling(
        _reviewed, ends=ends(Turn.BREAK_GLASS_REVIEWED, lambda event: str(event.break_glass_id))
    ),
    identification_pb2.BreakGlassUnreviewed: Telling(_unreviewed, ends=ends_nothing),
    identification_pb2.IdentificationDueSoon: Telling(_due_soon, ends=ends_nothing),
    identification_pb2.IdentificationOverdue: Telling(_overdue, ends=ends_nothing),
}
