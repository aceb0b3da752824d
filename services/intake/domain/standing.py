"""Where a case stands with handover, which alone knows it; intake's own picture may be late.

Entitlement follows custody. So before somebody is shown, or her record changed, handover is asked; where it has said
more than arrived here, its answer decides, and where it does not answer, nobody is entitled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.intake.domain.case import Case, Phase


class EntitlementUnknown(HomewardError):
    """Whether your office may do this with the person's record cannot be checked at the moment; try again in a minute.

    Handover does not answer, or speaks of a phase that is unknown here.
    """

    kind = ErrorKind.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Standing:
    """What handover says of a case now.

    Attributes:
        events: so many events of the case it has said so far; 0 when it has not heard of her yet.
        phase: None when this program does not know it.
        transfer_id: the transfer on which she is under way.
        has_left: she left, and no other office has said since that it has her.
    """

    events: int
    phase: Phase | None = None
    accountable_office_id: str = ""
    transfer_id: UUID | None = None
    addressee_office_id: str = ""
    accepted: bool = False
    claimed_office_id: str = ""
    has_left: bool = False


def as_it_stands(case: Case, heard: int, standing: Standing) -> Case:
    """The case as far as entitlement goes, by whatever is later: `heard` events of it, or what handover says.

    Raises EntitlementUnknown when it speaks of a phase that is unknown here.
    """
    if heard >= standing.events:
        return case
    if standing.phase is None:
        raise EntitlementUnknown
    return replace(
        case,
        phase=standing.phase,
        accountable_office_id=standing.accountable_office_id,
        transfer_id=standing.transfer_id,
        addressee_office_id=standing.addressee_office_id,
        accepted_transfer_id=standing.transfer_id if standing.accepted else None,
        claimed_office_id=standing.claimed_office_id,
        # Of a closing that has not arrived the day is not known: it may be long ago.
        closed_on=(case.closed_on or date.min) if standing.phase is Phase.CLOSED else None,
    )
