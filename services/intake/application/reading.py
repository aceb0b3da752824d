"""What is asked of intake: cases, people against an entry in the access log, and that log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.chassis.calls.pages import decode_token, encode_token, page_size_of
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.intake.application.ports import Ports, known_case
from services.intake.domain.access import (
    Detail,
    LoggedRead,
    SeenCase,
    access_of,
    check_purpose,
    require_access,
)
from services.intake.domain.case import Case, Identification, Phase
from services.intake.storage import reading as storage
from services.intake.vault.opening import LogPage


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases, newest first, and the token of the next page, empty when there is none."""

    cases: Sequence[SeenCase]
    next_token: str


@dataclass(frozen=True, slots=True)
class AccessLogPage:
    """Reads, newest first, whether their chain is intact, and the token of the next page, empty when there is none."""

    reads: Sequence[LoggedRead]
    intact: bool
    next_token: str


async def get_case(ports: Ports, caller: Caller, ref: str) -> SeenCase:
    """One case, as far as the caller may see it, without the person. Raises CaseNotFound, InvalidInput."""

    async def find(uow: UnitOfWork) -> SeenCase:
        case = await known_case(uow, ref)
        return SeenCase(case, require_access(case, ports.viewer(caller, uow.now)))

    return await ports.units.read(find)


async def get_identity(ports: Ports, caller: Caller, ref: str, purpose: str) -> SeenCase:
    """One case with as much of the person as the caller may see.

    The read is in the access log before anything is returned; so is an attempt that is refused.
    Raises CaseNotFound, InvalidInput.
    """
    why = check_purpose(purpose)

    async def show(uow: UnitOfWork) -> SeenCase:
        case = await known_case(uow, ref)
        return await ports.vault.show(uow, case, ports.viewer(caller, uow.now), caller, why)

    # Refused only after the commit: the attempt is to stay in the log.
    seen = await ports.units.run(show)
    if seen.access.detail is Detail.NOTHING:
        raise CaseNotFound
    return seen


async def list_cases(
    ports: Ports,
    caller: Caller,
    *,
    page_size: int,
    page_token: str,
    phase: Phase | None,
    identification: Identification | None,
) -> CasePage:
    """Cases of the caller's office or in its scope, newest first, without identity.

    Raises BadPageToken, InvalidInput.
    """
    size = page_size_of(page_size)
    viewer = ports.viewer(caller, ports.units.clock.now())
    bound_to = {
        "list": "cases",
        "office": caller.office_id,
        "scope": caller.scope,
        "phase": phase,
        "identification": identification,
    }
    last = decode_token(page_token, bound_to, ports.page_key)
    before = UUID(last[0]) if last else None

    async def find(uow: UnitOfWork) -> Sequence[Case]:
        return await storage.list_cases(uow.connection, viewer, phase, identification, before, size + 1)

    found = await ports.units.read(find)
    shown = found[:size]
    more = len(found) > size
    return CasePage(
        cases=[SeenCase(case, access_of(case, viewer)) for case in shown],
        next_token=encode_token(bound_to, [shown[-1].id], ports.page_key) if more else "",
    )


async def list_access_log(ports: Ports, caller: Caller, *, page_size: int, page_token: str, ref: str) -> AccessLogPage:
    """Who read which identity, newest first, and whether the chain of the page is intact.

    Raises CaseNotFound, BadPageToken, InvalidInput.
    """
    ports.sight.office_of(caller, local_date(ports.units.clock.now()))
    size = page_size_of(page_size)
    bound_to = {"list": "access_log", "office": caller.office_id, "case": ref}
    last = decode_token(page_token, bound_to, ports.page_key)
    before = last[0] if last else None

    async def find(uow: UnitOfWork) -> LogPage:
        case_id = (await known_case(uow, ref)).id if ref else None
        return await ports.vault.log(uow.connection, case_id, before, size)

    page = await ports.units.read(find)
    return AccessLogPage(
        reads=page.reads,
        intact=page.intact,
        next_token=encode_token(bound_to, [page.reads[-1].sequence], ports.page_key) if page.has_more else "",
    )
