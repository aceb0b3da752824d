"""Commands about people who are lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import EtagMismatch
from services.chassis.kernel.roles import Caller
from services.handover.application import returns
from services.handover.application.desk import Desk, Ports, commit, custody_of, desk_of, matter_of, search_of
from services.handover.application.expecting import own_part
from services.handover.domain import claims, closing, searches, steps
from services.handover.domain.approvals import Matter
from services.handover.domain.case import Decided
from services.handover.domain.closing import Ending
from services.handover.domain.errors import NobodyIsThere
from services.handover.domain.reading import Custody, ListedSearch
from services.handover.domain.words import CloseReason, StepKind
from services.handover.storage import cases


@dataclass(frozen=True, slots=True)
class RecordSearchStep:
    """Something was done to find her; None: today."""

    case: CaseRef
    kind: StepKind
    taken_on: date | None
    successful: bool


@dataclass(frozen=True, slots=True)
class Found:
    """She is with an office since a day."""

    office_id: str
    since_on: date


@dataclass(frozen=True, slots=True)
class Redirected:
    """She is on the way to an office, and expected on a day."""

    office_id: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class Returned:
    """She is with the accountable office."""


@dataclass(frozen=True, slots=True)
class ReIdentified:
    """She was registered again under another case: confirmed, as `returns.confirmed` says."""

    other_case: CaseRef


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The case is closed."""

    reason: CloseReason


@dataclass(frozen=True, slots=True)
class ResolveSearch:
    """The search has come to an end. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None
    how: Found | Redirected | Returned | ReIdentified | GivenUp


async def record_search_step(uow: UnitOfWork, ports: Ports, caller: Caller, command: RecordSearchStep) -> ListedSearch:
    """Record a step; the errors of `searches.record_step`."""
    desk = await desk_of(uow, ports, caller, command.case)
    is_expecting = desk.is_addressed
    if not is_expecting:
        desk.require_answerable()
    outcome = searches.record_step(
        desk.case, command.kind, caller.office_id, command.taken_on, desk.at, successful=command.successful
    )
    await commit(uow, desk.case, outcome)
    found = await search_of(desk, outcome.case)
    return own_part(found, frozenset({caller.office_id})) if is_expecting else found


async def resolving_matter(uow: UnitOfWork, ports: Ports, caller: Caller, command: ResolveSearch) -> Matter | None:
    """A search that would end with its case, as it stands; None when she is found, returned or sent on."""
    if not isinstance(command.how, ReIdentified | GivenUp):
        return None
    if isinstance(command.how, ReIdentified):
        await cases.lock_refs(uow.connection, [command.case, command.how.other_case])
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    return matter_of(desk, "ResolveSearch")


async def resolve_search(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: ResolveSearch
) -> tuple[ListedSearch, Custody]:
    """Put custody right; the errors of the verb for the resolution, EtagMismatch.

    That she is with another office is a claim: the search goes on until that office answers. Returns the search, and
    the custody as it stands now.
    """
    if isinstance(command.how, ReIdentified):
        # Two cases change: they are locked in the order of their ids.
        await cases.lock_refs(uow.connection, [command.case, command.how.other_case])
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    search = desk.case.search
    if search is not None and command.version not in (None, search.version):
        raise EtagMismatch
    if isinstance(command.how, ReIdentified):
        steps.require_open(desk.case)
        steps.require_search(desk.case)
        after = await returns.goes_on_as(desk, command.how.other_case)
    else:
        outcome = _resolved(desk, command.how)
        await commit(uow, desk.case, outcome)
        after = outcome.case
    return await search_of(desk, after), await custody_of(desk, after)


def _resolved(desk: Desk, how: Found | Redirected | Returned | GivenUp) -> Decided:
    match how:
        case Found(office_id, since_on):
            at_office = desk.offices.whereabouts(office_id, desk.case.office_id, desk.at.today)
            if at_office == desk.case.office_id:
                _require_people(desk)
                return searches.found(desk.case, since_on, desk.at)
            by, subject = desk.caller.office_id, desk.caller.subject
            return claims.claim(desk.case, at_office, since_on, desk.at, by_office_id=by, subject=subject)
        case Redirected(office_id, expected_on):
            _require_people(desk)
            to_office = desk.addressee(office_id, "office_id")
            return searches.redirected(desk.case, desk.uow.new_id(), to_office, expected_on, desk.at)
        case Returned():
            _require_people(desk)
            return searches.returned(desk.case, desk.at)
        case GivenUp(reason):
            return closing.give_up(desk.case, Ending(reason, desk.caller.office_id), desk.at)


def _require_people(desk: Desk) -> None:
    """Raise NobodyIsThere when she would be with a supervisor, or be sent on by one, who answers because her office
    ended."""
    if not desk.offices.has_people(desk.case.office_id):
        raise NobodyIsThere(office_id=desk.case.office_id)
