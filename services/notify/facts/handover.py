"""What the stream of handovers tells: that a case is registered, that another office named a relative, and that a step
that the law asks for is missing."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2
from services.notify.domain.cases import NotifiedCase, Registration
from services.notify.domain.duties import Turn
from services.notify.domain.facts import Fact, Occurrence
from services.notify.facts.parts import Telling, accountable, ends, ends_nothing, filled, tells_nothing


def registration_of(event: handover_pb2.CaseRegistered) -> Registration:
    """The case's number, and the office that received the person."""
    return Registration(event.case_number, event.receiving_office_id)


def _linked(event: handover_pb2.FamilyLinked, case: NotifiedCase) -> Fact | None:
    """What the office said itself it need not be told."""
    office_id = case.accountable_id or case.registering_id
    if office_id is None or office_id == event.office_id:
        return None
    return Fact(Occurrence.FAMILY_LINKED, accountable(office_id), filled(office=event.office_id))


def _legal_step_overdue(event: handover_pb2.LegalStepOverdue, case: NotifiedCase) -> Fact:
    """The office first; from the second limit on the supervisor of its province, too."""
    occurrence = Occurrence.LEGAL_STEP_OVERDUE if event.level <= 1 else Occurrence.LEGAL_STEP_ESCALATED
    given = filled(office=event.accountable_office_id, rule=event.step, due_on=event.due_on, level=str(event.level))
    return Fact(occurrence, accountable(event.accountable_office_id), given)


def _legal_step_due_soon(event: handover_pb2.LegalStepDueSoon, case: NotifiedCase) -> Fact:
    given = filled(office=event.accountable_office_id, rule=event.step, due_on=event.due_on)
    return Fact(Occurrence.LEGAL_STEP_DUE_SOON, accountable(event.accountable_office_id), given)


TOLD: Mapping[type[Message], Telling] = {
    handover_pb2.FamilyLinked: Telling(_linked, ends=ends_nothing),
    handover_pb2.LegalStepDueSoon: Telling(_legal_step_due_soon, ends=ends_nothing),
    handover_pb2.LegalStepOverdue: Telling(_legal_step_overdue, ends=ends_nothing),
    handover_pb2.LegalStepSettled: Telling(tells_nothing, ends=ends(Turn.LEGAL_STEP_SETTLED)),
}
