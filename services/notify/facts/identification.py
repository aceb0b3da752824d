"""What the stream of identifications tells: that it was decided, never how."""

from __future__ import annotations

from collections.abc import Mapping

from homeward.events.v1 import identification_pb2
from services.notify.domain.facts import Param
from services.notify.facts.parts import filled


def decision_params(event: identification_pb2.IdentificationDecided) -> Mapping[Param, str]:
    """When and by which office. The revision tells a first decision from a change of mind; neither it nor the
    status is kept."""
    return filled(on=event.decided_on, office=event.deciding_office_id)
