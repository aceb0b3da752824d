"""The end of a case in any phase, by any office, and its re-opening.

Nobody ends a story that goes on: who is on the way, to be sent or searched for is closed only because she died. Who
left on her own is searched for, and the case stays open. Whatever was ended by mistake goes on as it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.roles import Role
from services.handover.domain import searches, steps
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_past
from services.handover.domain.closed import Closing, Reopening
from services.handover.domain.errors import (
    CaseGoesOnElsewhere,
    CaseNotClosed,
    FollowUpPeriodNotEnded,
    IdentificationSaysOtherwise,
    NothingToApprove,
    OtherCaseHasEnded,
    PersonIsAwaited,
    ReasonDoesNotFit,
    RegistrationStands,
    SameCase,
    SearchIsOpen,
)
from services.handover.domain.events import CustodyChanged, Event, TransferDispatched, TransferPlanned
from services.handover.domain.moment import Moment
from services.handover.domain.search import Departure
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    ENDED,
    Cause,
    CloseReason,
    Identification,
    LostReason,
    Phase,
    ReopenReason,
    RuleCode,
    TransferState,
    WithdrawReason,
)

# Which reason fits where.

LEAVING: Final = frozenset({CloseReason.LEFT_AREA, CloseReason.LEFT_ON_HER_OWN})
"""Reasons that close nothing: she is searched for where she went."""
NAMES_OTHER_CASE: Final = frozenset({CloseReason.REGISTERED_TWICE})

_ANY: Final = (CloseReason.DIED, CloseReason.NOT_IDENTIFIED, CloseReason.REGISTERED_TWICE)
_BEFORE_HOME: Final = (*_ANY, CloseReason.LEFT_ON_HER_OWN, CloseReason.REFUSED)
# Whoever is accountable decides on closing when the period has ended, also where another office made the follow-ups.
_AT_HOME: Final = (*_ANY, CloseReason.LEFT_AREA, CloseReason.ASKED_TO_STOP, CloseReason.PERIOD_ENDED)
_FOLLOWED_UP: Final = (*_AT_HOME, CloseReason.ABROAD_AGAIN, CloseReason.SECURITY)
_ONLY_DEATH: Final = (CloseReason.DIED,)

_WAITING: Final = (Phase.REGISTERED, Phase.REJECTED, Phase.ADMITTED, Phase.DISCHARGED)
_HOME: Final = (Phase.ARRIVED, Phase.FOLLOW_UP)
_GOING_ON: Final = (Phase.IN_TRANSIT, Phase.SEARCH)


def _row(waiting: tuple[CloseReason, ...], home: tuple[CloseReason, ...]) -> Mapping[Phase, tuple[CloseReason, ...]]:
    return MappingProxyType(
        {
            **dict.fromkeys(_WAITING, waiting),
            **dict.fromkeys(_HOME, home),
            **dict.fromkeys(_GOING_ON, _ONLY_DEATH),
        }
    )


FITTING: Final[Mapping[Role, Mapping[Phase, tuple[CloseReason, ...]]]] = MappingProxyType(
    {
        Role.BORDER_POST: _row(_BEFORE_HOME, _AT_HOME),
        Role.COMMUNE: _row(_BEFORE_HOME, _AT_HOME),
        # Who stays in a facility, or was sent back on a further journey, may have her follow-ups behind her.
        Role.RECEPTION_CENTRE: _row((*_BEFORE_HOME, CloseReason.PERIOD_ENDED), _FOLLOWED_UP),
        Role.SUPPORT_AGENCY: _row((*_BEFORE_HOME, CloseReason.PERIOD_ENDED), _FOLLOWED_UP),
        # A supervisor answers for whom no other office does: nobody has her, so she only can be found.
        Role.SUPERVISOR: _row((*_ANY, CloseReason.LEFT_ON_HER_OWN), (*_ANY, CloseReason.LEFT_AREA)),
    }
)
"""The reasons for which a case may be closed, by the role of its accountable office and the phase, whoever says it."""

GIVING_UP: Final = (
    CloseReason.DIED,
    CloseReason.ABROAD_AGAIN,
    CloseReason.REFUSED,
    CloseReason.ASKED_TO_STOP,
    CloseReason.SECURITY,
    CloseReason.NOT_IDENTIFIED,
)
"""The reasons for which a supervisor may close a search. Where she went is what is searched for, and no reason."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What an office says of the end. `on` None: today. `other`: the case that goes on, for REGISTERED_TWICE.

    `out`: the transfer with which she left, where no other office has said since that it has her; whoever awaited her
    then may object, although it was recalled.
    """

    reason: CloseReason
    by_office_id: str
    on: date | None = None
    other: CaseCustody | None = None
    out: Transfer | None = None


# Closing.


def close(case: CaseCustody, role: Role, ending: Ending, at: Moment) -> Decided:
    """Close the case; `role`: that of the accountable office.

    Raises CaseHasEnded, PersonIsAwaited, SearchIsOpen, ReasonDoesNotFit, FollowUpPeriodNotEnded,
    IdentificationSaysOtherwise, SameCase, OtherCaseHasEnded, InvalidInput (`on`).
    """
    _require_fitting(case, role, ending.reason, at)
    on = _day(case, ending.on, at)
    closing = _closing(case, Cause.CLOSED, ending.by_office_id, ending.out, at)
    other_id = _other_case(case, ending)
    return steps.end(case, replace(closing, reason=ending.reason, on=on, other_case_id=other_id), at)


def leave(case: CaseCustody, role: Role, reason: CloseReason, gone: Departure, search_id: UUID, at: Moment) -> Decided:
    """She left on her own: the case stays open, and she is searched for where she went.

    Raises what `close` raises, and InvalidInput for a province whose agency is accountable already.
    """
    _require_fitting(case, role, reason, at)
    if gone.asked_id == case.office_id:
        raise InvalidInput([FieldViolation(None, "to_province", "NOT_ALLOWED")])
    _day(case, gone.on, at)
    if case.stay is not None and case.stay.discharged_on is None:
        case = steps.with_stay(case, replace(case.stay, discharged_on=max(gone.on, case.stay.admitted_on)))
    return searches.lose(case, LostReason.LEFT_PROVINCE, search_id, at, departure=gone)


def give_up(case: CaseCustody, ending: Ending, at: Moment) -> Decided:
    """Close the search and the case; whoever answers for it asks, and a supervisor approves.

    Raises CaseHasEnded, NoOpenSearch, PersonIsAwaited, ReasonDoesNotFit, IdentificationSaysOtherwise.
    """
    steps.require_open(case)
    steps.require_search(case)
    if ending.reason is not CloseReason.DIED:
        _require_nobody_awaits(case)
        _require_among(GIVING_UP, ending.reason)
        _require_true(case, ending.reason, at)
    closing = _closing(case, Cause.CLOSED, ending.by_office_id, ending.out, at)
    on = _day(case, ending.on, at)
    return steps.end(case, replace(closing, reason=ending.reason, on=on), at)


def withdraw(case: CaseCustody, reason: WithdrawReason, by_office_id: str, out: Transfer | None, at: Moment) -> Decided:
    """The registration of somebody who left, or is searched for, should not exist; a supervisor approves.

    `out`: as in `Ending`. Raises CaseHasEnded, RegistrationStands, NothingToApprove.
    """
    steps.require_open(case)
    if something_came_of(case):
        raise RegistrationStands
    if out is None and case.search is None:
        raise NothingToApprove
    closing = _closing(case, Cause.WITHDRAWN, by_office_id, out, at)
    return steps.end(case, replace(closing, withdraw_reason=reason), at)


def something_came_of(case: CaseCustody) -> bool:
    """Whether she is with another office than the one that registered her, or arrived anywhere; that this one admitted
    her is no arrival elsewhere."""
    return case.office_id != case.registering_office_id or len(case.arrivals) > len(case.stays) or len(case.stays) > 1


def _closing(case: CaseCustody, cause: Cause, by_office_id: str, out: Transfer | None, at: Moment) -> Closing:
    how = steps.closing_of(case, cause, by_office_id, at)
    return how if how.addressed_id or out is None else replace(how, addressed_id=out.to_office_id)


def _require_fitting(case: CaseCustody, role: Role, reason: CloseReason, at: Moment) -> None:
    steps.require_open(case)
    if reason is not CloseReason.DIED:
        _require_nobody_awaits(case)
        if case.search is not None:
            raise SearchIsOpen
    _require_among(FITTING[role][case.phase], reason)
    _require_true(case, reason, at)


def _require_nobody_awaits(case: CaseCustody) -> None:
    if case.open_transfer is not None:
        raise PersonIsAwaited(office_id=case.open_transfer.to_office_id)


def _require_among(fitting: tuple[CloseReason, ...], reason: CloseReason) -> None:
    if reason not in fitting:
        raise ReasonDoesNotFit(reasons=", ".join(fitting))


def _require_true(case: CaseCustody, reason: CloseReason, at: Moment) -> None:
    if reason is CloseReason.PERIOD_ENDED and not case.period_ended:
        raise FollowUpPeriodNotEnded
    if reason is CloseReason.NOT_IDENTIFIED and case.identification is not Identification.NOT_IDENTIFIED:
        raise IdentificationSaysOtherwise


def _day(case: CaseCustody, on: date | None, at: Moment) -> date:
    on = on or at.today
    check_past("on", on, min(case.present_since_on, at.today), at)
    return on


def _other_case(case: CaseCustody, ending: Ending) -> UUID | None:
    other = ending.other
    if ending.reason not in NAMES_OTHER_CASE:
        return None
    if other is None:
        raise InvalidInput([FieldViolation(None, "other_case", "REQUIRED_WITH", {"other": "reason"})])
    if other.case_id == case.case_id:
        raise SameCase
    if not other.is_open:
        raise OtherCaseHasEnded
    return other.case_id


# Opening again.

AS_IT_STOOD: Final = frozenset({ReopenReason.MISTAKE, ReopenReason.NOT_TRUE, ReopenReason.NOT_SAME_PERSON})
"""Reasons by which the case goes on as if it had not been closed; by the others she is with the accountable office."""

_LEAVE_BY: Final = MappingProxyType(
    {
        Phase.REJECTED: RuleCode.REDISPATCH_AFTER_REJECT,
        Phase.DISCHARGED: RuleCode.DISPATCH_AFTER_DISCHARGE,
    }
)


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who holds the duties today: of the accountable office, and of the one that awaited her, if any did.

    `has_people`: the accountable one can have people; a supervisor only looks for somebody who can.
    """

    office_id: str
    has_people: bool = True
    addressed_id: str = ""


def reopen(
    case: CaseCustody,
    reason: ReopenReason,
    by_office_id: str,
    heirs: Heirs,
    search_id: UUID,
    at: Moment,
    *,
    other: CaseCustody | None = None,
) -> Decided:
    """Open a case that was closed or withdrawn. `other`: the case as which it went on.

    A transfer or search that ended with it goes on too, where nothing but the closing ended it. Raises
    CaseNotClosed, CaseGoesOnElsewhere.
    """
    if case.phase not in ENDED:
        raise CaseNotClosed
    if other is not None and other.is_open and reason is not ReopenReason.NOT_SAME_PERSON:
        raise CaseGoesOnElsewhere(case_number=other.case_number)
    before = case.closing or Closing(case.segment.number, Cause.CLOSED, case.segment.started_at)
    closing = replace(before, reopened=Reopening(by_office_id, reason, at.now))
    again = replace(case, closing=closing)
    if not heirs.has_people:
        return lost_again(steps.settled(again, at), LostReason.OFFICE_ENDED, heirs, closing, search_id, at)
    if reason not in AS_IT_STOOD:
        return opened(steps.settled(again, at), heirs, closing, at)
    return _as_it_stood(again, closing, heirs, search_id, at)


def _as_it_stood(case: CaseCustody, closing: Closing, heirs: Heirs, search_id: UUID, at: Moment) -> Decided:
    rule = _LEAVE_BY.get(closing.before) if closing.before is not None else None
    if rule is not None and closing.before is not None:
        stands = steps.moved(case, closing.before, steps.watch_for(case, at.due(rule, at.today)))
    else:
        stands = steps.settled(case, at)
    stands, told = _revived(stands, closing, heirs, at)
    if stands.is_under_way or closing.lost is not None:
        # Who was on the way or lost had left the facility, and is not there by the re-opening.
        stands = replace(stands, stays=case.stays)
    if closing.lost is not None:
        again = lost_again(stands, closing.lost, heirs, closing, search_id, at)
    else:
        again = opened(stands, heirs, closing, at)
    return Decided(again.case, (*again.events, *told))


def lost_again(
    case: CaseCustody, reason: LostReason, heirs: Heirs, closing: Closing, search_id: UUID, at: Moment
) -> Decided:
    """Opened again, and searched for by whoever holds the duty now."""
    held = replace(case, segment=replace(case.segment, office_id=heirs.office_id))
    lost = searches.lose(held, reason, search_id, at, other_case_id=closing.other_case_id)
    again = opened(replace(lost.case, segment=case.segment), heirs, closing, at)
    return Decided(again.case, (*again.events, *lost.events))


def _revived(case: CaseCustody, closing: Closing, heirs: Heirs, at: Moment) -> tuple[CaseCustody, tuple[Event, ...]]:
    """The transfer that ended with the case is open again, unless its offices have become one."""
    transfer = case.transfer
    if transfer is None or transfer.id != closing.transfer_id or heirs.addressed_id in ("", heirs.office_id):
        return case, ()
    ends = {"from_office_id": heirs.office_id, "to_office_id": heirs.addressed_id, "ended_at": None, "late": False}
    if transfer.departed_on is None:
        planned = steps.transfer_now(case, state=TransferState.PLANNED, **ends)
        return replace(case, transfer=planned), (TransferPlanned(planned),)
    due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, max(transfer.expected_arrival_on, at.today))
    sent = steps.transfer_now(
        case, state=TransferState.DISPATCHED, acknowledge_due_on=due.due_on, told_overdue=False, **ends
    )
    moved = steps.moved(case, Phase.IN_TRANSIT, steps.watch_for(case, due, sent.id), transfer=sent)
    return moved, (TransferDispatched(sent),)


def opened(case: CaseCustody, heirs: Heirs, closing: Closing, at: Moment) -> Decided:
    """Open again as the case stands, by whoever holds the duty now."""
    passed = steps.pass_custody(case, heirs.office_id, Cause.REOPENED, at)
    told = tuple(replace(one, closing=closing) if isinstance(one, CustodyChanged) else one for one in passed.events)
    return Decided(passed.case, told)
