"""Invented cases and records for the tests of intake's rules."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.intake.domain.case import Case, Identification, Phase, Withdrawal
from services.intake.domain.people import AgeBand, Person, Reference
from services.intake.domain.submissions import Place, PlaceKind, Route, Submission

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
POST = "BP-EXAMPLE"
AGENCY = "SA-EXAMPLE"

REFERENCE = Reference(
    sexes=frozenset({"Feminine", "Masculine"}),
    ethnicities=frozenset({"2008:01"}),
    provinces=frozenset({"22@2004"}),
    countries=frozenset({"VN", "CN"}),
    languages=frozenset({"vi", "hmn", "zh"}),
    gates=frozenset({"CN-EXAMPLE"}),
)

PERSON = Person(full_name="Người Ví Dụ", sex="Feminine", birth_date="1998-04-30")


def handover(*people: Person, **changes: Any) -> Submission:
    """A correct handover of these people, or of one; who is like another in it is somebody else."""
    correct = Submission(
        route=Route.OFFICIAL_HANDOVER,
        handover_time=NOW,
        place=Place(PlaceKind.GATE, "CN-EXAMPLE"),
        people=people or (PERSON,),
    )
    changed = replace(correct, **changes)
    return replace(changed, again=changes.get("again", tuple(range(1, len(changed.people) + 1))))


def case(**changes: Any) -> Case:
    """A case just registered."""
    fresh = Case(
        id=uuid.UUID(int=1),
        number="HW-999-999-957",
        handover_id=uuid.UUID(int=2),
        row=1,
        rows=1,
        receiving_office_id=POST,
        route=Route.OFFICIAL_HANDOVER,
        home_province="22@2004",
        age_band=AgeBand.ADULT,
        handover_time=NOW,
        created_at=NOW,
        version=1,
        identification=Identification.IN_PROCESS,
        decisions=0,
        withdrawal=Withdrawal.NONE,
        phase=Phase.REGISTERED,
        accountable_office_id=POST,
        segment=0,
        arrivals=0,
        followups_segment=0,
        transfer_id=None,
        addressee_office_id="",
    )
    return replace(fresh, **changes)
