"""What the verbs lean on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.directory import Directory
from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller
from services.intake.accountable import Handover
from services.intake.application.viewers import viewer_of
from services.intake.domain.access import Viewer
from services.intake.domain.case import Case
from services.intake.storage import cases
from services.intake.storage.case_numbers import CaseNumbers
from services.intake.storage.writer import SubmissionWriter
from services.intake.vault.numbers import MAX_SEQUENCE, CaseNumberKey
from services.intake.vault.opening import Vault
from services.intake.vault.traces import Traces


@dataclass(frozen=True)
class Ports:
    """The database, the vault, and what the directory says of callers."""

    units: Units
    vault: Vault
    sight: Sight
    numbers: CaseNumbers
    writer: SubmissionWriter
    traces: Traces
    calendar: WorkingCalendar
    handover: Handover

    @classmethod
    def of(
        cls,
        units: Units,
        directory: Directory,
        vault: Vault,
        number_key: CaseNumberKey,
        digest_key: bytes,
        calendar: WorkingCalendar,
        handover: Handover,
    ) -> Ports:
        """The ports of one process."""
        numbers = CaseNumbers(units, number_key.case_number, MAX_SEQUENCE)
        writer = SubmissionWriter(units)
        return cls(units, vault, Sight(directory), numbers, writer, Traces(digest_key), calendar, handover)

    def viewer(self, caller: Caller, now: datetime) -> Viewer:
        """The caller as the rules of access see it."""
        return viewer_of(self.sight, caller, local_date(now), self.calendar)


async def known_case(uow: UnitOfWork, ref: CaseRef, *, lock: bool = False) -> Case:
    """A case by its id or number; raises CaseNotFound."""
    case = await cases.load(uow.connection, ref, lock=lock)
    if case is None:
        raise CaseNotFound
    uow.about(case.id)
    return case
