"""What every command begins with: a locked case, the moment, and who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from homeward.handover.v1 import custody_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls import answers
from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.errors import CaseNotFound, EtagMismatch
from services.chassis.kernel.roles import Caller, FacilityKind
from services.handover import messages, storage
from services.handover.domain import (
    CaseCustody,
    Moment,
    NotAccountable,
    NotAddressed,
    Outcome,
    SenderCannotAnswer,
    Transfer,
    chain,
    warnings_of,
)
from services.handover.offices import Offices

R = TypeVar("R", bound=Message)
Work: TypeAlias = Callable[[UnitOfWork], Awaitable[R]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A mutation as it came: who asks, under which request id, and the request itself."""

    caller: Caller
    request_id: UUID
    method: str
    request: Message


@dataclass(frozen=True, slots=True)
class Desk:
    """A locked case, the moment, and who asks: what a command decides from."""

    uow: UnitOfWork
    at: Moment
    case: CaseCustody
    caller: Caller
    offices: Offices

    def require_accountable(self) -> None:
        """Raise NotAccountable unless the caller's office is accountable now."""
        if not self._acts_for(self.case.office_id):
            raise NotAccountable

    def require_answerable(self) -> None:
        """Raise NotAccountable unless the caller is accountable, or a supervisor of the accountable office."""
        if not self.offices.oversees(self.caller, self.case.office_id, self.at.today):
            self.require_accountable()

    def require_addressed(self, etag: str = "") -> str:
        """The caller's office, when the latest transfer is addressed to it.

        Raises NotAddressed; SenderCannotAnswer when sender and addressee have become one office;
        EtagMismatch for another version of the transfer than the one named.
        """
        transfer = self.case.transfer
        if transfer is None or not self._acts_for(transfer.to_office_id):
            raise NotAddressed
        if self._acts_for(transfer.from_office_id):
            raise SenderCannotAnswer
        if etag and etag != messages.etag(transfer):
            raise EtagMismatch
        return self.caller.office_id

    @property
    def is_addressed(self) -> bool:
        """Whether the open transfer is addressed to the caller's office."""
        transfer = self.case.open_transfer
        return transfer is not None and self._acts_for(transfer.to_office_id)

    def addressee(self, to_office_id: str, field: str = "to_office_id") -> str:
        """The office to which a person sent there is sent today."""
        return self.offices.addressee(to_office_id, self.case.office_id, self.at.today, field)

    def facility(self, office_id: str) -> FacilityKind | None:
        """What kind of facility an office is, if people stay there."""
        return self.offices.facility_kind(office_id)

    def is_centre(self, to_office_id: str | None) -> bool:
        """Whether the addressed office, or that of the open transfer when none is named, is a centre."""
        transfer = self.case.open_transfer
        if to_office_id is None and transfer is not None:
            to_office_id = transfer.to_office_id
        return to_office_id is not None and self.facility(to_office_id) is not None

    def _acts_for(self, named: str) -> bool:
        return self.offices.acts_for(self.caller.office_id, named, self.at.today)


async def answer_asked(units: Units, digest_key: bytes, asked: Asked, response_type: type[R], work: Work[R]) -> R:
    """The answer to a mutation, given once for its request id; raises RequestIdReused."""
    digest, method = answers.digest_of(asked.request, digest_key), answers.method_name(asked.method)
    once = answers.Asked(asked.caller, asked.request_id, method, digest)
    return await answers.Answers(units, digest_key).once(once, response_type, work)


class Desks:
    """Base of the commands: opens desks, answers once, saves and tells."""

    def __init__(self, units: Units, directory: Directory, calendar: WorkingCalendar, digest_key: bytes) -> None:
        self._units = units
        self._offices = Offices(directory)
        self._calendar = calendar
        self._digest_key = digest_key

    async def _answer_transfer(
        self, asked: Asked, case: CaseRef, decide: Callable[[Desk], Outcome], response_type: type[R]
    ) -> R:
        """Decide about a transfer, and answer with it."""

        async def work(uow: UnitOfWork) -> R:
            desk = await self._desk(uow, case, asked.caller)
            outcome = decide(desk)
            await commit(uow, desk.case, outcome)
            return response_type(transfer=messages.latest_transfer(outcome.case, desk.at.today))

        return await self._once(asked, response_type, work)

    async def _once(self, asked: Asked, response_type: type[R], work: Work[R]) -> R:
        return await answer_asked(self._units, self._digest_key, asked, response_type, work)

    async def _desk(self, uow: UnitOfWork, ref: CaseRef, caller: Caller) -> Desk:
        """Lock the case. Raises CaseNotFound, also when the caller has nothing to do with it."""
        case = await storage.lock_case(uow.connection, ref)
        if case is None:
            raise CaseNotFound
        return await self._desk_of(uow, case, caller)

    async def _desk_of(self, uow: UnitOfWork, case: CaseCustody, caller: Caller) -> Desk:
        at = self._moment(uow)
        if not (
            self._offices.acts_for(caller.office_id, case.office_id, at.today)
            or self._offices.oversees(caller, case.office_id, at.today)
        ):
            own = self._offices.represented_by(caller.office_id, at.today)
            relation = await storage.relation_of(uow.connection, case.case_id, own)
            if not (relation.had_custody or relation.addressed):
                raise CaseNotFound
        return Desk(uow, at, case, caller, self._offices)

    def _moment(self, uow: UnitOfWork) -> Moment:
        return Moment(uow.now, self._calendar)

    # Answers.

    async def _custody(self, uow: UnitOfWork, case: CaseCustody) -> api.Custody:
        """The whole custody of a case as it stands now."""
        at = self._moment(uow)
        history = await whole_history(uow, case, self._offices)
        return messages.custody(
            case, history, uow.now, at.today, lambda office_id: self._offices.holder(office_id, at.today)
        )

    async def _search(self, uow: UnitOfWork, case: CaseCustody) -> api.Search:
        """The search of a case, open or ended last, as it stands now."""
        found = await storage.latest_search(uow.connection, case.case_id)
        assert found is not None, "a search was just changed"
        responsible = self._offices.holder(found.office_id, self._moment(uow).today)
        return messages.search(found, uow.now, responsible)

    async def _warnings(
        self, uow: UnitOfWork, case: CaseCustody, transfer: Transfer
    ) -> list[types.TransferWarning.ValueType]:
        """What the office should think about, now that the transfer stands as it does."""
        today = self._moment(uow).today
        is_full = await self._is_full(uow, transfer.to_office_id, counted_already=transfer.is_under_way)
        to = self._offices.destination(transfer.to_office_id, case.person.home_province, today, is_full=is_full)
        return messages.warnings(warnings_of(transfer.travel, case.person.age_band, to))

    async def _is_full(self, uow: UnitOfWork, office_id: str, *, counted_already: bool) -> bool:
        """Whether a facility has no place for one more person, or for one who is among those counted.

        Who stays there counts, and who is on the way there.
        """
        capacity = self._offices.capacity(office_id)
        if capacity is None:
            return False
        counts = await storage.count_facilities(uow.connection, [office_id], today=self._moment(uow).today)
        taken = counts[office_id].admitted + counts[office_id].expected
        return taken > capacity if counted_already else taken >= capacity


async def commit(uow: UnitOfWork, before: CaseCustody | None, outcome: Outcome) -> None:
    """Save what was decided, and tell it."""
    await storage.save(uow, before, outcome)
    for event in outcome.events:
        uow.append(messages.event(outcome.case, event), outcome.case.case_id)


async def whole_history(uow: UnitOfWork, case: CaseCustody, offices: Offices) -> messages.History:
    """Everything that became of a case."""
    segments = await storage.segments_of(uow.connection, case.case_id)
    transfers = await storage.transfers_of(uow.connection, case.case_id)
    searches = await storage.searches_of(uow.connection, case.case_id)
    open_transfer, watch = case.open_transfer, case.watch
    return messages.History(
        links=chain(segments, transfers, offices.place_of),
        transfers=tuple(transfers),
        searches=tuple(
            storage.ListedSearch(
                search=past.search,
                case_id=case.case_id,
                case_number=case.case_number,
                office_id=past.office_id,
                to_office_id=open_transfer.to_office_id if past.search.is_open and open_transfer else "",
                escalate_on=watch.due.due_on if past.search.is_open and watch else None,
            )
            for past in searches
        ),
    )
