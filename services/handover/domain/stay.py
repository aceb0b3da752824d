"""The stay of a person in a facility, and its limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain.words import DischargeDestination

STAY_WARNING_DAYS: Final = 14
"""So many days before the limit of a stay the facility is warned [policy]."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay, begun with a custody segment. Dates are local.

    `due`: its limit, as it was counted on the admission. `warned` and `told_over`: that the limit is
    near, or has passed, was told. `destination` and `province` (of the person's own choice) are set by
    the discharge. `back_at`: when the facility said that she is with it again, after she had left.
    """

    segment: int
    kind: FacilityKind
    admitted_on: date
    due: DueDate
    warned: bool = False
    told_over: bool = False
    discharged_on: date | None = None
    destination: DischargeDestination | None = None
    province: ProvinceRef | None = None
    back_at: tuple[datetime, ...] = ()

    @property
    def warn_at(self) -> datetime:
        """When the facility is warned: two weeks before the limit, or at half of a shorter stay."""
        days = (self.due.due_on - self.admitted_on).days
        if days >= 2 * STAY_WARNING_DAYS:
            return start_of_local_day(self.due.due_on - timedelta(days=STAY_WARNING_DAYS))
        return start_of_local_day(self.admitted_on + timedelta(days=days // 2))
