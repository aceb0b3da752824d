"""Earlier and later returns of one person: told by intake, decided by whoever answers for the earlier case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import structlog

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.revocations import account_digest
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller, Role
from services.handover.application.desk import Desk, Ports, commit, custody_of, desk_of, sought_on
from services.handover.domain import returns
from services.handover.domain.case import CaseCustody
from services.handover.domain.closing import Heirs
from services.handover.domain.custody import EarlierReturn
from services.handover.domain.errors import (
    NoSuchReturn,
    NotAccountable,
    NothingToUndo,
    NotLinked,
    OwnReturnClaim,
    SameCase,
    SamePersonOnBothSides,
)
from services.handover.domain.moment import Moment
from services.handover.domain.reading import Custody, Page, ReturnToDecide
from services.handover.domain.reappearance import LinkState, Match, Reappearance
from services.handover.domain.returns import Holders, LaterOffice, Linked
from services.handover.offices import Offices
from services.handover.storage import cases
from services.handover.storage import returns as storage

log = structlog.get_logger(__name__)

_STANDS: Final = frozenset({LinkState.CLAIMED, LinkState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class DecideReturn:
    """About the case of the earlier return, and that of the later registration."""

    case: CaseRef
    later_case: CaseRef


# What intake tells ----------------------------------------------------------------------------


async def named(uow: UnitOfWork, ports: Ports, later: CaseCustody, earlier: EarlierReturn) -> None:
    """The earlier return of a (locked) later case stands named so.

    The same as before changes nothing but how alike the records are. Another one takes the place of the first.
    """
    earlier_id, match = earlier.case_id, earlier.match
    before = await storage.latest_of(uow.connection, later.case_id)
    if before is not None and _is_said_already(before, earlier_id, match):
        return
    if before is not None and before.state in _STANDS:
        await no_longer_said(uow, ports, later)
    if earlier_id is None or earlier_id == later.case_id:
        return
    number = 1 if before is None else before.number + 1
    office_id = later.registering_office_id
    at_border = ports.offices.is_border_post(office_id)
    link = Reappearance(
        later.case_id, number, earlier_id, match, at_border, office_id, uow.now, said_by=earlier.said_by
    )
    await storage.save(uow.connection, link)
    await _announce(uow, ports, link, later)


def _is_said_already(before: Reappearance, earlier_id: UUID | None, match: Match) -> bool:
    """Confirmed once is confirmed; denied once is not asked again, unless the records are alike in another way now."""
    if before.earlier_id != earlier_id or before.state is LinkState.WITHDRAWN:
        return False
    return before.state is LinkState.CONFIRMED or before.match is match


async def came_to_be_known(uow: UnitOfWork, ports: Ports, earlier: CaseCustody) -> None:
    """The news of later registrations may have been faster than that of the case they name."""
    for link in await storage.unannounced(uow.connection, earlier.case_id):
        later = await cases.lock_case(uow.connection, link.later_id)
        assert later is not None, "a link begins with its later case"
        await _announce(uow, ports, link, later)


async def _announce(uow: UnitOfWork, ports: Ports, link: Reappearance, later: CaseCustody) -> None:
    earlier = await cases.lock_case(uow.connection, link.earlier_id)
    if earlier is None:
        log.info("earlier_case_not_known", case_id=str(link.later_id))
        return
    at = ports.moment(uow)
    elsewhere = not ports.offices.same_province(link.claiming_id, earlier.office_id, at.today)
    told, outcome = returns.claimed(link, earlier, later.case_number, uow.new_id(), at, elsewhere=elsewhere)
    await storage.save(uow.connection, told)
    await commit(uow, earlier, outcome)


async def no_longer_said(uow: UnitOfWork, ports: Ports, later: CaseCustody) -> None:
    """The later registration was withdrawn, or names another case or none: what it did is undone."""
    link = await storage.latest_of(uow.connection, later.case_id)
    if link is None or link.state not in _STANDS:
        return
    earlier = await cases.lock_case(uow.connection, link.earlier_id)
    at = ports.moment(uow)
    if earlier is None:
        await storage.save(uow.connection, link.decided(LinkState.WITHDRAWN, "", "", uow.now))
        return
    if link.is_claimed:
        linked = returns.dropped(link, earlier, later, at, LinkState.WITHDRAWN)
    else:
        try:
            linked = returns.undone(link, earlier, later, _holders(uow, ports, link, earlier, later, at), at)
        except NothingToUndo:
            log.warning("confirmed_return_stands", case_id=str(later.case_id))
            return
    await _keep(uow, earlier, later, replace(linked, earlier=sought_on(uow, ports, earlier, linked.earlier)))


# What offices decide --------------------------------------------------------------------------


async def confirm(uow: UnitOfWork, ports: Ports, caller: Caller, command: DecideReturn) -> Custody:
    """It is the same person; the errors of `returns.confirmed`, NoSuchReturn, NotAccountable, OwnReturnClaim,
    SamePersonOnBothSides."""
    desk, later, link = await _claimed(uow, ports, caller, command)
    return await custody_of(desk, await confirm_link(desk, later, link))


async def confirm_link(desk: Desk, later: CaseCustody, link: Reappearance) -> CaseCustody:
    """Carry out that a link is true; both cases are locked. Returns the earlier one as it stands then."""
    if _is_own_claim(desk, link):
        raise OwnReturnClaim
    if link.said_by == account_digest(desk.caller.subject) and not desk.acts_for(link.claiming_id):
        raise SamePersonOnBothSides
    offices, today = desk.offices, desk.at.today
    office = LaterOffice(
        can_receive=offices.can_receive(later.office_id),
        is_near=offices.same_province(later.office_id, desk.case.office_id, today),
        facility=offices.facility_kind(later.office_id),
    )
    linked = returns.confirmed(
        link, desk.case, later, office, desk.at, by_office_id=desk.caller.office_id, subject=desk.caller.subject
    )
    await _keep(desk.uow, desk.case, later, linked)
    return linked.earlier.case


async def deny(uow: UnitOfWork, ports: Ports, caller: Caller, command: DecideReturn) -> Custody:
    """It is another person. Raises NoSuchReturn, NotAccountable."""
    desk, later, link = await _claimed(uow, ports, caller, command)
    linked = returns.dropped(
        link,
        desk.case,
        later,
        desk.at,
        LinkState.DENIED,
        by_office_id=caller.office_id,
        subject=caller.subject,
    )
    linked = replace(linked, earlier=sought_on(uow, ports, desk.case, linked.earlier))
    await _keep(uow, desk.case, later, linked)
    return await custody_of(desk, linked.earlier.case)


async def undo(uow: UnitOfWork, ports: Ports, caller: Caller, command: DecideReturn) -> Custody:
    """A confirmation was a mistake; the errors of `returns.undone`, NotAccountable for whoever does not oversee."""
    desk, later, link = await _linked(uow, ports, caller, command)
    if not ports.offices.sight.oversees(caller, desk.case.office_id, desk.at.today):
        raise NotAccountable
    if later is None or link is None or link.earlier_id != desk.case.case_id:
        raise NothingToUndo
    holders = _holders(uow, ports, link, desk.case, later, desk.at)
    linked = returns.undone(
        link, desk.case, later, holders, desk.at, by_office_id=caller.office_id, subject=caller.subject
    )
    await _keep(uow, desk.case, later, linked)
    return await custody_of(desk, linked.earlier.case)


async def another_person(desk: Desk, reopened: CaseCustody, other: CaseCustody) -> None:
    """A case that was closed since she goes on as the other one was opened again as another person's: a confirmed link
    between the two no longer holds. Both are locked."""
    for earlier, later in ((reopened, other), (other, reopened)):
        link = await storage.latest_of(desk.uow.connection, later.case_id)
        if link is None or link.earlier_id != earlier.case_id or link.state is not LinkState.CONFIRMED:
            continue
        by = {"by_office_id": desk.caller.office_id, "subject": desk.caller.subject}
        linked = returns.another_person(link, earlier, later, desk.at, **by)
        await _keep(desk.uow, earlier, later, linked)


async def list_to_decide(uow: UnitOfWork, ports: Ports, caller: Caller, page: Page) -> Sequence[ReturnToDecide]:
    """What waits for the decision of the caller's offices, oldest first."""
    offices = ports.offices.sight.seen_by(caller, local_date(uow.now))
    return await storage.list_to_decide(uow.connection, page, offices=offices)


async def goes_on_as(desk: Desk, ref: CaseRef) -> CaseCustody:
    """The person of the desk's case is that of another one: because that one says so, or a supervisor of both does.

    Returns the case as it stands then. One answer for a case that there is not, and for one that has nothing to do
    with this: SameCase, NotLinked; the errors of `confirm_link`.
    """
    other = await cases.lock_case(desk.uow.connection, ref)
    if other is not None and other.case_id == desk.case.case_id:
        raise SameCase
    link = await storage.latest_of(desk.uow.connection, other.case_id) if other is not None else None
    if other is None:
        raise NotLinked
    if link is not None and link.is_claimed and link.earlier_id == desk.case.case_id:
        return await confirm_link(desk, other, link)
    oversees = desk.offices.sight.oversees
    named = desk.case.search is not None and desk.case.search.other_case_id == other.case_id
    if not named and not oversees(desk.caller, other.office_id, desk.at.today):
        raise NotLinked
    if link is not None and link.state in _STANDS:
        raise NotLinked
    number = 1 if link is None else link.number + 1
    said = Reappearance(
        other.case_id,
        number,
        desk.case.case_id,
        Match.UNKNOWN,
        at_border=True,
        claiming_id=other.registering_office_id,
        claimed_at=desk.at.now,
        announced=True,
    )
    return await confirm_link(desk, other, said)


async def _claimed(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: DecideReturn
) -> tuple[Desk, CaseCustody, Reappearance]:
    desk, later, link = await _linked(uow, ports, caller, command)
    desk.require_answerable()
    # One answer for a case that there is not, and for one that says nothing of this: it tells nobody what exists.
    if later is None or link is None or not link.is_claimed or link.earlier_id != desk.case.case_id:
        raise NoSuchReturn
    return desk, later, link


async def _linked(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: DecideReturn
) -> tuple[Desk, CaseCustody | None, Reappearance | None]:
    await cases.lock_refs(uow.connection, [command.case, command.later_case])
    desk = await desk_of(uow, ports, caller, command.case)
    later = await cases.lock_case(uow.connection, command.later_case)
    link = await storage.latest_of(uow.connection, later.case_id) if later is not None else None
    return desk, later, link


def _holders(
    uow: UnitOfWork, ports: Ports, link: Reappearance, earlier: CaseCustody, later: CaseCustody, at: Moment
) -> Holders:
    before = link.stood.office_id if link.stood is not None else earlier.office_id
    addressed = earlier.transfer.to_office_id if earlier.transfer is not None else ""
    return Holders(
        _heirs(ports.offices, before, addressed, at),
        _heirs(ports.offices, later.office_id, "", at),
        (uow.new_id(), uow.new_id()),
    )


def _heirs(offices: Offices, office_id: str, addressed_id: str, at: Moment) -> Heirs:
    holder = offices.sight.directory.heir(office_id, at.today)
    addressed = offices.sight.holder(addressed_id, at.today) if addressed_id else ""
    return Heirs(holder, offices.has_people(holder), addressed)


def _is_own_claim(desk: Desk, link: Reappearance) -> bool:
    """Whether one office would say and decide it alone, although the records do not resemble one another."""
    if desk.caller.role is Role.SUPERVISOR or link.match is Match.LIKELY:
        return False
    return desk.offices.sight.acts_for(desk.caller.office_id, link.claiming_id, desk.at.today)


async def _keep(uow: UnitOfWork, earlier: CaseCustody, later: CaseCustody, linked: Linked) -> None:
    await storage.save(uow.connection, linked.link)
    await commit(uow, earlier, linked.earlier)
    await commit(uow, later, linked.later)
