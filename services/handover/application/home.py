"""What counts about the home to which somebody is to be sent: asked for at a dispatch, and known at a plan."""

from __future__ import annotations

from dataclasses import replace

from services.chassis.kernel.errors import FieldViolation, InvalidInput, register_violations
from services.handover.application.desk import Desk
from services.handover.domain.case import Decided
from services.handover.domain.home import HomeVerdict, known_verdict, require_verdict
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


async def told_of(desk: Desk, to_office_id: str | None) -> HomeVerdict | None:
    """What counts about the place of an office, or where she is to be sent; None when the accountable office has not
    decided. Offices that ended count as those that have their duty."""
    told = await home_verdicts.find(desk.uow.connection, desk.case.case_id)
    sight, today = desk.offices.sight, desk.at.today
    if told is None or not sight.acts_for(desk.case.office_id, told.office_id, today):
        return None
    to_office_id = to_office_id or desk.case.addressee_id
    if to_office_id and sight.holder(told.to_office_id, today) == sight.holder(to_office_id, today):
        return replace(told, to_office_id=to_office_id)
    return told


def with_verdict(desk: Desk, travel: TravelPlan, told: HomeVerdict | None, to_office_id: str | None) -> TravelPlan:
    """A travel plan with what is known of that home."""
    to_office_id = to_office_id or desk.case.addressee_id
    return replace(travel, home_safety=known_verdict(told, to_office_id, desk.at.today))


def require_told(told: HomeVerdict | None, outcome: Decided, *, to_centre: bool) -> None:
    """Refuse who leaves for a home without a verdict that lets her. A centre is no home.

    Raises HomeNotChecked, HomeCheckedElsewhere, HomeSafetyUndecided, HomeNotSafe, HomeCheckExpired.
    """
    transfer = outcome.case.transfer
    assert transfer is not None
    assert transfer.departed_on is not None
    if not to_centre:
        require_verdict(told, transfer.to_office_id, transfer.departed_on)
