"""What somebody agrees to is recorded, listed, and told to whoever needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import structlog

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain import consents as rules
from services.intake.domain.access import Detail, require_access, require_accountable
from services.intake.domain.consents import Consent, Guardian, GuardianNotNamed, Stated, Told
from services.intake.domain.standing import as_it_stands
from services.intake.storage import cases
from services.intake.storage import consents as storage
from services.intake.storage.reading import events_heard

log = structlog.get_logger(__name__)


async def record(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, stated: Stated) -> Consent:
    """Put on record what was said to a purpose.

    Raises CaseNotFound, CaseIsWithdrawn, CustodyHasPassed, InvalidInput, ConsentNotGiven, TooManyConsents.
    """
    case = await known_case(uow, ref, lock=True)
    require_accountable(case, ports.viewer(caller, uow.now))
    one = rules.recorded(
        await storage.of_case(uow.connection, case.id),
        stated,
        case_id=case.id,
        age=await ports.vault.age_band(uow.connection, case.id, local_date(uow.now)),
        not_before=local_date(case.handover_time),
        office_id=caller.office_id,
        subject=caller.subject,
        now=uow.now,
    )
    sealed = None
    if stated.guardian is not None:
        sealed = await ports.vault.seal_guardian(uow.connection, one, stated.guardian)
    await storage.add(uow.connection, one, sealed)
    uow.append(wire.consent_changed(one), case.id)
    return one


async def take_in(uow: UnitOfWork, case_id: UUID, said: Told) -> None:
    """What was said at a visit, where it changes what stands."""
    if await cases.load(uow.connection, case_id, lock=True) is None:
        # Every case begins here: one that isn't known was lost with a database.
        log.error("event_of_unknown_case", case_id=str(case_id))
        return
    one = rules.told(await storage.of_case(uow.connection, case_id), said, case_id=case_id, now=uow.now)
    if one is not None:
        await storage.add(uow.connection, one, None)
        uow.append(wire.consent_changed(one), case_id)


async def take_back(uow: UnitOfWork, case_id: UUID, entry_number: int, office_id: str) -> None:
    """A visit was taken back, and what was said at it with it."""
    if await cases.load(uow.connection, case_id, lock=True) is None:
        log.error("event_of_unknown_case", case_id=str(case_id))
        return
    known = await storage.of_case(uow.connection, case_id)
    one = rules.taken_back(known, entry_number, case_id=case_id, office_id=office_id, now=uow.now)
    if one is not None:
        await storage.add(uow.connection, one, None)
        uow.append(wire.consent_changed(one), case_id)


async def list_consents(ports: Ports, caller: Caller, ref: CaseRef) -> Sequence[Consent]:
    """Everything that was said, for who sees the whole case. Raises CaseNotFound."""

    async def find(uow: UnitOfWork) -> Sequence[Consent]:
        case = await known_case(uow, ref)
        if require_access(case, ports.viewer(caller, uow.now)).detail < Detail.CASE:
            raise CaseNotFound
        return await storage.of_case(uow.connection, case.id)

    return await ports.units.read(find)


async def said_to(ports: Ports, ref: CaseRef, purposes: Collection[str]) -> Sequence[Consent]:
    """What was said to some purposes, for another service; nothing of a case that is not known."""

    async def find(uow: UnitOfWork) -> Sequence[Consent]:
        case = await cases.load(uow.connection, ref)
        known = await storage.of_case(uow.connection, case.id) if case is not None else ()
        return [one for one in known if one.purpose in purposes]

    return await ports.units.read(find)


async def get_guardian(ports: Ports, caller: Caller, ref: CaseRef, number: int) -> Guardian:
    """Who gave a consent for a child, against an entry in the access log.

    Raises CaseNotFound, CustodyHasPassed, EntitlementUnknown, GuardianNotNamed.
    """
    where = await ports.handover.standing(ref)

    async def show(uow: UnitOfWork) -> Guardian:
        heard = await events_heard(uow.connection, ref)
        case = as_it_stands(await known_case(uow, ref), heard, where)
        require_accountable(case, ports.viewer(caller, uow.now))
        sealed = await storage.sealed_guardian(uow.connection, case.id, number)
        if sealed is None:
            raise GuardianNotNamed
        return await ports.vault.open_guardian(uow, sealed, caller)

    return await ports.units.run(show)
