"""Custody, as handover tells it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.chassis.kernel.words import CustodyCause
from services.followup.application import home_safety
from services.followup.application.case import Ports, carry_out, new_ids
from services.followup.domain import custody as domain
from services.followup.domain.custody import CustodyChange
from services.followup.storage.case import lock_case
from services.followup.storage.closing import was_decided_here


async def take_custody(uow: UnitOfWork, ports: Ports, change: CustodyChange) -> None:
    """Follow a change of accountability, in the transaction that takes in its event."""
    before = await lock_case(uow.connection, change.case_id)
    await home_safety.follow(uow, change)
    told = replace(change, answers=await _answered(uow, change))
    if change.is_arrival and await home_safety.went_against_advice(uow, change.case_id):
        told = replace(told, against_advice=True)
    decision = domain.take_custody(
        before,
        told,
        new_ids=new_ids(uow),
        now=uow.now,
        calendar=ports.calendar,
        policies=ports.policies,
    )
    if decision is not None:
        await carry_out(uow, before, decision)


def keeper_for(ports: Ports, office_id: str, today: date) -> str:
    """The office that makes the follow-ups of those for whom an office is accountable.

    An agency makes them itself; for the others that of their province does, or, where there is none, its supervisor.
    """
    directory = ports.sight.directory
    try:
        if directory.office(office_id).role is Role.SUPPORT_AGENCY:
            return office_id
        province = directory.province_of(office_id, today)
        if province is not None:
            return directory.support_agency_for(province, today).id
    except HomewardError:
        # An office of a later version of the list, or a province without an agency today.
        pass
    return next(iter(ports.sight.supervisors(office_id, today)), office_id)


def province_of(ports: Ports, office_id: str, today: date) -> ProvinceRef | None:
    """The province in which an office makes follow-ups; None for an office of none, or of a later list."""
    try:
        return ports.sight.directory.province_of(office_id, today)
    except HomewardError:
        return None


async def _answered(uow: UnitOfWork, change: CustodyChange) -> uuid.UUID | None:
    """The closing or re-opening decided here that made handover tell this."""
    cause_id = uow.cause.causation_id
    if cause_id is None or change.cause not in (CustodyCause.CLOSED, CustodyCause.REOPENED):
        return None
    return cause_id if await was_decided_here(uow.connection, cause_id, change.case_id) else None
