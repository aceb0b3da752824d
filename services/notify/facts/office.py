"""What the office stream tells: what waits for a second person, what became of it, and what administrators changed.

It is about offices and no cases, unless a request is about one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import office_pb2
from services.chassis.events.streams import OFFICE_SUBJECT
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import Param
from services.notify.domain.messages import Kind
from services.notify.facts.parts import filled

_OUTCOME: Final = {
    "APPROVED": Kind.APPROVAL_GIVEN,
    "REFUSED": Kind.APPROVAL_REFUSED,
    "EXPIRED": Kind.APPROVAL_EXPIRED,
}
"""What the office that asked is told; that it took a request back itself it knows."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom something concerns: these offices, the supervisors of these, every supervisor, and the nation."""

    office_ids: Sequence[str] = ()
    supervisors_of: Sequence[str] = ()
    all_supervisors: bool = False
    nation: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What offices are told: `case_id` is that of the office stream where it is about no case."""

    kind: Kind | None
    concerned: Concerned = Concerned()
    params: Mapping[Param, str] = field(default_factory=dict)
    case_id: UUID = OFFICE_SUBJECT
    about: str = ""
    ends: Sequence[Ending] = ()


def _asked(event: office_pb2.ApprovalAsked) -> Notice:
    return Notice(
        Kind.APPROVAL_WANTED,
        Concerned(office_ids=tuple(event.approving_office_ids)),
        filled(method=event.method, object=event.object, office=event.asked_by_office_id, due_on=event.expires_on),
        case_id=_case(event.about_case_id),
        about=event.approval_id,
    )


def _decided(event: office_pb2.ApprovalDecided) -> Notice:
    return Notice(
        _OUTCOME.get(event.state),
        Concerned(office_ids=(event.asked_by_office_id,)),
        filled(method=event.method, object=event.object, office=event.decided_by_office_id, refusal=event.refusal),
        case_id=_case(event.about_case_id),
        ends=(Ending(Turn.APPROVAL_DECIDED, event.approval_id),),
    )


def _rule_changed(event: office_pb2.RuleChanged) -> Notice:
    return Notice(
        Kind.RULE_CHANGED,
        Concerned(all_supervisors=True, nation=True),
        filled(rule=event.rule, amount=str(event.amount), unit=event.unit, on=event.valid_from),
    )


def _case(about_case_id: str) -> UUID:
    return UUID(about_case_id) if about_case_id else OFFICE_SUBJECT


OF_OFFICES: Final = frozenset({Kind.APPROVAL_WANTED, *_OUTCOME.values(), Kind.RULE_CHANGED})
"""What offices are told that need be about no case."""

NOTICES: Final[Mapping[type[Message], Callable[[Any], Notice]]] = {
    office_pb2.ApprovalAsked: _asked,
    office_pb2.ApprovalDecided: _decided,
    office_pb2.RuleChanged: _rule_changed,
}
"""What each event tells."""
