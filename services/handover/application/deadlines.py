"""What time tells."""

from __future__ import annotations

from dataclasses import replace

from services.chassis.events.units import UnitOfWork
from services.chassis.service.obligations import ArmedObligation
from services.handover.application.desk import Ports, commit
from services.handover.domain import deadlines
from services.handover.storage import cases
from services.handover.storage.rows import watch_of


async def deadline_passed(uow: UnitOfWork, ports: Ports, fired: ArmedObligation, *, late: bool) -> None:
    """A deadline of a locked case passed; it is no longer armed."""
    case = await cases.lock_case(uow.connection, fired.case_id)
    assert case is not None, "an obligation without a case"
    before = replace(case, watch=watch_of(fired))
    outcome = deadlines.deadline_passed(before, uow.new_id(), ports.moment(uow), late=late)
    await commit(uow, before, outcome)
