"""One case with all its verbs, and how it begins."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias
from uuid import UUID

from services.handover.domain.custody import Segment
from services.handover.domain.events import CustodyChanged
from services.handover.domain.hearing import Hearing
from services.handover.domain.moment import Moment, Watch
from services.handover.domain.moving import Moving
from services.handover.domain.state import Decided, Person
from services.handover.domain.staying import Staying
from services.handover.domain.waiting import Waiting
from services.handover.domain.words import Cause, Phase, Rule


class CaseCustody(Moving, Staying, Hearing, Waiting):
    """One case as handover sees it: every verb takes it as it stands and gives an Outcome.

    The verbs stand in the modules of those whose they are: sending, receiving, staying, searching,
    moving, hearing (the other services), waiting (time).
    """

    __slots__ = ()


Outcome: TypeAlias = Decided[CaseCustody]


def register(
    case_id: UUID,
    case_number: str,
    office_id: str,
    person: Person,
    *,
    received_on: date,
    registered_on: date,
    at: Moment,
    earlier_case_id: UUID | None = None,
) -> Outcome:
    """Custody begins with the office that received the person.

    DISPATCH_DUE is counted from `registered_on`, however long the news took to come here.
    """
    segment = Segment(1, office_id, Cause.REGISTERED, at.now)
    case = CaseCustody(
        case_id=case_id,
        case_number=case_number,
        phase=Phase.REGISTERED,
        segment=segment,
        registering_office_id=office_id,
        present_since_on=min(received_on, registered_on),
        person=person,
        watch=Watch(at.due(Rule.DISPATCH_DUE, registered_on), is_primary=True),
        earlier_case_id=earlier_case_id,
    )
    told = CustodyChanged(
        segment=1,
        phase=case.phase,
        office_id=office_id,
        previous_office_id="",
        cause=Cause.REGISTERED,
        arrival_on=None,
        changed_at=at.now,
    )
    return Decided(case, (told,))
