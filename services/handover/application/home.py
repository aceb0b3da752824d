"""What counts about the home to which somebody is to be sent: asked for at a dispatch, and known at a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import FieldViolation, InvalidInput, register_violations
from services.handover.application.desk import Desk
from services.handover.domain.case import Decided
from services.handover.domain.errors import HomeVerdictUnknown
from services.handover.domain.home import NOT_ASKED, Asked, HomeVerdict, known_verdict, require_verdict
from services.handover.domain.transfer import TravelPlan
from services.handover.storage import home_verdicts

NOT_TYPED = "HOME_SAFETY_NOT_TYPED"
register_violations(
    {NOT_TYPED: "Whether the home is safe is not said here: record it with home-safety, and leave this empty."}
)


def refuse_typed(travel: TravelPlan, row: int | None = None) -> None:
    """Raise InvalidInput where somebody types a verdict: it is told by followup, as the accountable office decided."""
    if travel.home_safety is not None:
        raise InvalidInput([FieldViolation(row, "travel.home_safety", NOT_TYPED)])


async def verdicts(uow: UnitOfWork, asked: Asked, case_ids: Iterable[UUID]) -> Mapping[UUID, HomeVerdict]:
    """What counts about the homes of these people: as followup answers, or else as it told last.

    What it told and knows no more, since a backup was restored there, counts.
    """
    return {**await home_verdicts.find(uow.connection, case_ids), **(asked.answered or {})}


def told_of(desk: Desk, to_office_id: str | None, told: Mapping[UUID, HomeVerdict]) -> HomeVerdict | None:
    """What counts about the place of an office, or where she is to be sent; None when the accountable office has not
    decided. Offices that ended count as those that have their duty."""
    found = told.get(desk.case.case_id)
    sight, today = desk.offices.sight, desk.at.today
    if found is None or not sight.acts_for(desk.case.office_id, found.office_id, today):
        return None
    to_office_id = to_office_id or desk.case.addressee_id
    if to_office_id and sight.holder(found.to_office_id, today) == sight.holder(to_office_id, today):
        return replace(found, to_office_id=to_office_id)
    return found


async def told_last(desk: Desk, to_office_id: str | None) -> HomeVerdict | None:
    """The same, as followup told it last: where nobody leaves yet, or is on the way already."""
    return told_of(desk, to_office_id, await verdicts(desk.uow, NOT_ASKED, [desk.case.case_id]))


def with_verdict(desk: Desk, travel: TravelPlan, told: HomeVerdict | None, to_office_id: str | None) -> TravelPlan:
    """A travel plan with what is known of that home."""
    to_office_id = to_office_id or desk.case.addressee_id
    return replace(travel, home_safety=known_verdict(told, to_office_id, desk.at.today))


def require_told(told: HomeVerdict | None, asked: Asked, outcome: Decided, *, to_centre: bool) -> None:
    """Refuse who leaves for a home without a verdict that lets her. A centre is no home.

    Raises HomeVerdictUnknown, HomeNotChecked, HomeCheckedElsewhere, HomeSafetyUndecided, HomeNotSafe, HomeCheckExpired.
    """
    transfer = outcome.case.transfer
    assert transfer is not None
    assert transfer.departed_on is not None
    if to_centre:
        return
    if not asked.is_known:
        raise HomeVerdictUnknown
    require_verdict(told, transfer.to_office_id, transfer.departed_on)
