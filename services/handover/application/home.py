"""What counts about the home to which somebody is to be sent: asked for at a dispatch, and known at a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import FieldViolation, HomewardError, InvalidInput, register_violations
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Desk, Ports
from services.handover.domain.case import Decided
from services.handover.domain.errors import HomeVerdictUnknown
from services.handover.domain.home import (
    NOT_ASKED,
    Asked,
    Awaiting,
    HomeVerdict,
    known_verdict,
    missing,
    require_verdict,
)
from services.handover.domain.reading import Page
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
    decided."""
    to_office_id = to_office_id or desk.case.addressee_id
    found = told.get(desk.case.case_id)
    return _counts(desk.offices.sight, desk.at.today, desk.case.office_id, to_office_id, found)


def _counts(
    sight: Sight, today: date, office_id: str, to_office_id: str | None, found: HomeVerdict | None
) -> HomeVerdict | None:
    """A verdict, as far as it is one of the accountable office. Offices that ended count as whoever has their duty."""
    if found is None or not sight.acts_for(office_id, found.office_id, today):
        return None
    if to_office_id and sight.holder(found.to_office_id, today) == sight.holder(to_office_id, today):
        return replace(found, to_office_id=to_office_id)
    return found


async def list_awaiting(
    uow: UnitOfWork, ports: Ports, caller: Caller, page: Page, province: ProvinceRef | None, office_id: str | None
) -> Sequence[Awaiting]:
    """Whose journeys of the caller's offices may wait for a verdict; of who does not, nothing is `missing`."""
    today, sight = local_date(uow.now), ports.offices.sight
    offices = sight.seen_in(caller, today, province)
    if office_id is not None:
        offices = frozenset({office_id}) if offices is None else offices & {office_id}
    centres = ports.offices.centres()
    rows = await home_verdicts.list_awaiting(uow.connection, page, offices=offices, centres=centres, today=today)
    judged = []
    for row in rows:
        told = _counts(sight, today, row.office_id, row.to_office_id, row.told)
        lacks = missing(told, row.to_office_id, max(row.departure_on or today, today))
        judged.append(replace(row, missing=lacks))
    return judged


async def told_last(desk: Desk, to_office_id: str | None) -> HomeVerdict | None:
    """The same, as followup told it last: where nobody leaves yet, or is on the way already."""
    return told_of(desk, to_office_id, await verdicts(desk.uow, NOT_ASKED, [desk.case.case_id]))


def with_verdict(desk: Desk, travel: TravelPlan, told: HomeVerdict | None, to_office_id: str | None) -> TravelPlan:
    """A travel plan with what is known of that home."""
    to_office_id = to_office_id or desk.case.addressee_id
    return replace(travel, home_safety=known_verdict(told, to_office_id, desk.at.today))


def require_told(told: HomeVerdict | None, asked: Asked, outcome: Decided, *, to_centre: bool) -> None:
    """Refuse who leaves for a home without a verdict that lets her. A centre is no home.

    Where followup does not answer, a verdict that was not heard may be on its way: it is not known that there is none.

    Raises HomeVerdictUnknown, HomeNotChecked, HomeCheckedElsewhere, HomeSafetyUndecided, HomeNotSafe, HomeCheckExpired.
    """
    transfer = outcome.case.transfer
    assert transfer is not None
    assert transfer.departed_on is not None
    if to_centre:
        return
    if not asked.is_known:
        raise HomeVerdictUnknown
    try:
        require_verdict(told, transfer.to_office_id, transfer.departed_on)
    except HomewardError as refusal:
        if asked.answered is None:
            raise HomeVerdictUnknown from refusal
        raise
