"""What the stream of identifications tells: that it was decided, or is open again; never how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeward.events.v1 import identification_pb2
from homeward.type.v1 import types_pb2
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import Param
from services.notify.facts.parts import filled


def decision_params(event: identification_pb2.IdentificationDecided) -> Mapping[Param, str]:
    """When and by which office. The revision tells a first decision from a change of mind; neither it nor the
    status is kept."""
    return filled(on=event.decided_on, office=event.deciding_office_id)


def is_taken_back(event: identification_pb2.IdentificationDecided) -> bool:
    """Whether a decision was taken back, so that one is needed again."""
    return event.status == types_pb2.IDENTIFICATION_STATUS_IN_PROCESS


def decision_ends(event: identification_pb2.IdentificationDecided) -> Sequence[Ending]:
    """Nobody is asked to decide any more, unless the decision was taken back."""
    return () if is_taken_back(event) else (Ending(Turn.DECIDED),)
