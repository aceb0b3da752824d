"""What the stream of identifications tells: that it was decided, is open again or still is; never how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from google.protobuf.message import Message

from homeward.events.v1 import identification_pb2
from homeward.type.v1 import types_pb2
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import Fact, Occurrence, Param
from services.notify.facts.parts import Telling, accountable, ends_nothing, filled


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
    return Fact(occurrence, accountable(event.receiving_office_id), given)


TOLD: Mapping[type[Message], Telling] = {
    identification_pb2.IdentificationOverdue: Telling(_overdue, ends=ends_nothing),
}
