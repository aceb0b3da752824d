"""What the stream of handovers tells: that a case is registered."""

from __future__ import annotations

from homeward.events.v1 import handover_pb2
from services.notify.domain.cases import Registration


def registration_of(event: handover_pb2.CaseRegistered) -> Registration:
    """The case's number, and the office that received the person."""
    return Registration(event.case_number, event.receiving_office_id)
