"""A stay: a facility admits a person who reported there, and discharges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.chassis.kernel.consents import Said, require_given
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind
from services.chassis.kernel.words import ConsentPurpose
from services.handover.domain import steps
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_past
from services.handover.domain.errors import (
    AlreadyAdmitted,
    NotAdmitted,
    NothingPlanned,
    SearchIsOpen,
    TransferAlreadyOpen,
)
from services.handover.domain.events import PersonAdmitted, PersonDischarged
from services.handover.domain.moment import Moment
from services.handover.domain.words import Cause, DischargeDestination, LostReason, Phase, RuleCode


def require_consent(case: CaseCustody, said: Sequence[Said], today: date, *, cannot_be_asked: bool) -> bool:
    """Who reports at a facility stays because she wants to (SUPPORT, section 2). Returns whether she is asked later.

    Where she cannot be asked yet, because she is ill or nobody speaks her language, she has a bed all the same, and so
    has who comes back to a stay of before; not when she said no. An arrival by a transfer is no decision to stay, and
    needs nothing. Raises ConsentMissing.
    """
    if not said and (cannot_be_asked or case.stay is not None):
        return True
    require_given(ConsentPurpose.STAY.value, said, today)
    return False


def admit(case: CaseCustody, facility: FacilityKind, admitted_on: date | None, at: Moment) -> Decided:
    """The facility that is accountable admits the person. `admitted_on` None: today.

    Who comes back after a discharge or a rejected journey goes on with the stay that was: its limit
    does not begin anew. Who was called lost because nobody sent her on is found by it. Raises
    CaseHasEnded, AlreadyAdmitted, SearchIsOpen, TransferAlreadyOpen, InvalidInput (date).
    """
    steps.require_open(case)
    if case.phase is Phase.ADMITTED:
        raise AlreadyAdmitted
    if case.search is not None and case.search.reason is not LostReason.NOT_SENT_ON:
        raise SearchIsOpen
    if case.is_under_way:
        raise TransferAlreadyOpen
    admitted_on = admitted_on or at.today
    check_past("admitted_on", admitted_on, case.present_since_on, at)
    if case.stay is None:
        return steps.arrive(case, case.office_id, Cause.ADMITTED, admitted_on, at, facility)
    again = steps.with_stay(case, replace(case.stay, back_at=(*case.stay.back_at, at.now)))
    told = PersonAdmitted(case.office_id, admitted_on, case.stay.due.due_on)
    return Decided(steps.settled(again, at), (told,))


def discharge(
    case: CaseCustody,
    destination: DischargeDestination,
    to_office_id: str | None,
    province: ProvinceRef | None,
    discharged_on: date | None,
    at: Moment,
) -> Decided:
    """The person left the facility, which stays accountable until she is sent on and arrives.

    `to_office_id`: the agency of the `province` of her own choice; for a planned transfer it is
    the addressed office. `discharged_on` None: today. Raises CaseHasEnded, NotAdmitted,
    NothingPlanned, InvalidInput (date).
    """
    steps.require_open(case)
    stay = case.stay
    if case.phase is not Phase.ADMITTED or stay is None:
        raise NotAdmitted
    if destination is DischargeDestination.PLANNED_TRANSFER:
        if case.open_transfer is None:
            raise NothingPlanned
        to_office_id, province = case.open_transfer.to_office_id, None
    assert to_office_id is not None
    discharged_on = discharged_on or at.today
    check_past("discharged_on", discharged_on, stay.admitted_on, at)
    left = steps.with_stay(case, replace(stay, discharged_on=discharged_on, destination=destination, province=province))
    due = at.due(RuleCode.DISPATCH_AFTER_DISCHARGE, discharged_on)
    told = PersonDischarged(case.office_id, destination, to_office_id, discharged_on, due.due_on)
    return Decided(steps.moved(left, Phase.DISCHARGED, steps.watch_for(left, due)), (told,))
