"""What the stream of handovers tells: that a case is registered, and that another office named a relative."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2
from services.notify.domain.cases import NotifiedCase, Registration
from services.notify.domain.facts import Fact, Occurrence
from services.notify.facts.parts import Telling, accountable, ends_nothing, filled


def registration_of(event: handover_pb2.CaseRegistered) -> Registration:
    """The case's number, and the office that received the person."""
    return Registration(event.case_number, event.receiving_office_id)


def _linked(event: handover_pb2.FamilyLinked, case: NotifiedCase) -> Fact | None:
    """What the office said itself it need not be told."""
    office_id = case.accountable_id or case.registering_id
    if office_id is None or office_id == event.office_id:
        return None
    return Fact(Occurrence.FAMILY_LINKED, accountable(office_id), filled(office=event.office_id))


TOLD: Mapping[type[Message], Telling] = {handover_pb2.FamilyLinked: Telling(_linked, ends=ends_nothing)}
