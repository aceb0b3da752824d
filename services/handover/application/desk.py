"""What every command begins and ends with: a locked case, the moment and who asks; then what was decided is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound, EtagMismatch
from services.chassis.kernel.roles import Caller, FacilityKind
from services.chassis.service.consents import Consents
from services.handover.application import families
from services.handover.domain import late_arrival, searches
from services.handover.domain.approvals import Matter
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.claims import require_claim
from services.handover.domain.errors import (
    NotAccountable,
    NotAddressed,
    NotClaimed,
    NotYourAnswer,
    SenderCannotAnswer,
)
from services.handover.domain.events import Event
from services.handover.domain.moment import Moment
from services.handover.domain.reading import Custody, History, ListedSearch
from services.handover.domain.transfer import Transfer, warnings_of
from services.handover.domain.whereabouts import Past, chain
from services.handover.domain.words import LostReason, TransferWarning
from services.handover.homes import Homes
from services.handover.offices import Offices
from services.handover.storage import answers, arrivals, cases, history, lists, returns
from services.handover.wire import events


@dataclass(frozen=True, slots=True)
class Ports:
    """What decisions lean on besides the database."""

    offices: Offices
    calendar: WorkingCalendar
    homes: Homes
    consents: Consents

    def moment(self, uow: UnitOfWork, caller: Caller | None = None) -> Moment:
        """The instant of the transaction, with the rules as they stand, and the person who acts, if one does."""
        return Moment(uow.now, self.calendar, caller.subject if caller is not None else "")


@dataclass(frozen=True, slots=True)
class Desk:
    """A locked case, the moment, and who asks: what a command decides from."""

    uow: UnitOfWork
    at: Moment
    case: CaseCustody
    caller: Caller
    offices: Offices

    def acts_for(self, named: str) -> bool:
        """Whether the caller's office is the one named, or holds its duty today."""
        return self.offices.sight.acts_for(self.caller.office_id, named, self.at.today)

    def oversees(self, office_id: str) -> bool:
        """Whether the caller is a supervisor of an office."""
        return self.offices.sight.oversees(self.caller, office_id, self.at.today)

    def require_accountable(self) -> None:
        """Raise NotAccountable unless the caller's office is accountable now."""
        if not self.acts_for(self.case.office_id):
            raise NotAccountable

    def require_answerable(self) -> None:
        """Raise NotAccountable unless the caller is accountable, or a supervisor of the accountable office."""
        if not self.oversees(self.case.office_id):
            self.require_accountable()

    def require_addressed(
        self, version: int | None = None, *, also_merged: bool = False, transfer: Transfer | None = None
    ) -> str:
        """The caller's office, when a transfer is addressed to it; None: the latest one.

        `also_merged`: also where sender and addressee have become one office. Raises NotAddressed; SenderCannotAnswer
        for others of those; EtagMismatch for another version of the transfer than the one named.
        """
        transfer = transfer or self.case.transfer
        if transfer is None or not self.is_for_caller(transfer):
            raise NotAddressed
        if self.has_sent(transfer) and not (also_merged and self.has_merged(transfer)):
            raise SenderCannotAnswer
        if version not in (None, transfer.version):
            raise EtagMismatch
        return self.caller.office_id

    def require_own_answer(self, office_id: str) -> None:
        """Raise NotYourAnswer unless the caller's office is the one that answered, or has its duty."""
        if not self.acts_for(office_id):
            raise NotYourAnswer

    def is_for_caller(self, transfer: Transfer) -> bool:
        """Whether a transfer is addressed to the caller's office."""
        return self.acts_for(transfer.to_office_id)

    def has_sent(self, transfer: Transfer) -> bool:
        """Whether the caller's office sent somebody with a transfer."""
        return self.acts_for(transfer.from_office_id)

    def has_merged(self, transfer: Transfer | None) -> bool:
        """Whether sender and addressee have become one office since: one ended and left its duty to the other."""
        return (
            transfer is not None
            and transfer.from_office_id != transfer.to_office_id
            and self.has_sent(transfer)
            and self.is_for_caller(transfer)
        )

    def require_claimed(self, version: int | None = None) -> str:
        """The caller's office, when the person is said to be there.

        Raises NoOpenSearch, NoClaim, NotClaimed; EtagMismatch for another version of the search than the one named.
        """
        claim, search = require_claim(self.case), self.case.search
        if not self.acts_for(claim.office_id):
            raise NotClaimed
        if search is not None and version not in (None, search.version):
            raise EtagMismatch
        return self.caller.office_id

    @property
    def is_addressed(self) -> bool:
        """Whether the open transfer is addressed to the caller's office."""
        transfer = self.case.open_transfer
        return transfer is not None and self.acts_for(transfer.to_office_id)

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


async def desk_of(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef) -> Desk:
    """Lock the case. Raises CaseNotFound, also when the caller has nothing to do with it."""
    case = await cases.lock_case(uow.connection, ref)
    if case is None:
        raise CaseNotFound
    if not await is_concerned(uow, ports, caller, case):
        raise CaseNotFound
    uow.about(case.case_id)
    return Desk(uow, ports.moment(uow, caller), case, caller, ports.offices)


def matter_of(desk: Desk, method: str, *, concerned_id: str = "") -> Matter:
    """A case as it stands, for what takes two people. `concerned_id`: whose supervisor approves."""
    case = desk.case
    stands: list[object] = [case.phase.value, case.office_id, case.segment.number]
    if case.search is not None:
        stands += [case.search.id, case.search.version]
    return Matter(
        method, case.case_number, " ".join(map(str, stands)), concerned_id or case.office_id, case_id=case.case_id
    )


async def still_out(uow: UnitOfWork, case: CaseCustody) -> Transfer | None:
    """The transfer with which she left, where no other office has said since that it has her."""
    return late_arrival.still_out(case, await history.transfers_of(uow.connection, case.case_id))


async def is_concerned(uow: UnitOfWork, ports: Ports, caller: Caller, case: CaseCustody) -> bool:
    """Whether the caller has anything to do with a case: to others there is none.

    A supervisor has with those of the accountable office, and of the office to which somebody was on the way whose
    case was closed.
    """
    sight, today = ports.offices.sight, local_date(uow.now)
    awaited_by = case.closing.addressed_id if case.closing is not None else ""
    if sight.acts_for(caller.office_id, case.office_id, today) or any(
        sight.oversees(caller, one, today) for one in (case.office_id, awaited_by) if one
    ):
        return True
    relation = await history.relation_of(uow.connection, case.case_id, sight.represented_by(caller.office_id, today))
    return relation.had_custody or relation.addressed or relation.claimed


def sought_on(uow: UnitOfWork, ports: Ports, before: CaseCustody, outcome: Decided) -> Decided:
    """Where a search ended, and a supervisor answers since the office ended, nobody has her: she is searched for."""
    case = outcome.case
    ended = before.search is not None and case.search is None
    if not ended or not case.is_open or ports.offices.has_people(case.office_id):
        return outcome
    lost = searches.lose(case, LostReason.OFFICE_ENDED, uow.new_id(), ports.moment(uow))
    return Decided(lost.case, (*outcome.events, *lost.events))


async def commit(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    """Save what was decided, and tell it, and what it means for relatives."""
    await save(uow, before, outcome)
    await families.settle(uow, outcome.case)


async def save(uow: UnitOfWork, before: CaseCustody | None, outcome: Decided) -> None:
    """Save and tell what was decided of one of several who are then settled together."""
    await cases.save(uow, before, outcome)
    tell(uow, outcome.case.case_id, outcome.case.case_number, outcome.events)


def tell(uow: UnitOfWork, case_id: UUID, case_number: str, happened: Iterable[Event]) -> None:
    """Tell of a case what became of it, when this transaction is committed."""
    for event in happened:
        uow.append(events.event(case_id, case_number, event), case_id)


# Answers.


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command about a transfer came to: the case on that day, and what the office should think about."""

    case: CaseCustody
    today: date
    warnings: tuple[TransferWarning, ...] = ()


async def decided(desk: Desk, outcome: Decided) -> Answered:
    """Keep what was decided about a transfer, and say whom it parts."""
    await commit(desk.uow, desk.case, outcome)
    return Answered(outcome.case, desk.at.today, await families.warnings_for(desk.uow, outcome.case))


async def decided_with_warnings(desk: Desk, outcome: Decided) -> Answered:
    """Keep what was decided about a transfer, and say what the office should think about."""
    await commit(desk.uow, desk.case, outcome)
    return Answered(outcome.case, desk.at.today, await warnings_for(desk, outcome.case))


async def warnings_for(desk: Desk, case: CaseCustody) -> tuple[TransferWarning, ...]:
    """What the office should think about, now that the case and its transfer stand as they do."""
    transfer = case.transfer
    assert transfer is not None
    full = await is_full(desk, transfer.to_office_id, counted_already=transfer.is_under_way)
    to = desk.offices.destination(transfer.to_office_id, case.person.home_province, desk.at.today, is_full=full)
    of_relatives = await families.warnings_for(desk.uow, case)
    return (*warnings_of(transfer.travel, case.person.age_band, to), *of_relatives)


async def is_full(desk: Desk, office_id: str, *, counted_already: bool) -> bool:
    """Whether a facility has no place for one more person, or for one who is among those counted.

    Who stays there counts, and who is on the way there.
    """
    capacity = desk.offices.capacity(office_id)
    if capacity is None:
        return False
    counts = await lists.count_facilities(desk.uow.connection, [office_id], today=desk.at.today)
    taken = counts[office_id].admitted + counts[office_id].expected
    return taken > capacity if counted_already else taken >= capacity


async def custody_of(desk: Desk, case: CaseCustody) -> Custody:
    """The whole custody of a case as it stands now."""
    own = desk.offices.sight.seen_by(desk.caller, desk.at.today)
    return Custody(case, await whole_history(desk.uow, desk.offices, case, desk.at.today, own), desk.uow.now)


async def search_of(desk: Desk, case: CaseCustody) -> ListedSearch:
    """The search of a case, open or ended last, as it stands now."""
    found = await lists.latest_search(desk.uow.connection, case.case_id)
    assert found is not None, "a search was just changed"
    return answered_for(desk.offices, found, desk.at.today)


def answered_for(offices: Offices, row: ListedSearch, today: date) -> ListedSearch:
    """A search with who answers for it today."""
    return replace(row, responsible_id=offices.sight.holder(row.office_id, today))


async def whole_history(
    uow: UnitOfWork, offices: Offices, case: CaseCustody, today: date, own: frozenset[str] | None
) -> History:
    """Everything that became of a case, as whoever sees the cases of `own` (None: of all) may know it.

    That it is said to follow on an earlier case is shown on the later one only to whoever answers for the earlier
    one, until that has decided: whether there is a case of that number is nobody else's business.
    """
    segments = await history.segments_of(uow.connection, case.case_id)
    transfers = await history.transfers_of(uow.connection, case.case_id)
    searches = await history.searches_of(uow.connection, case.case_id)
    open_transfer, watch = case.open_transfer, case.watch
    return History(
        links=chain(
            Past(segments, transfers, [past.search for past in searches], case.stays, case.arrivals), offices.place_of
        ),
        transfers=tuple(transfers),
        searches=tuple(
            ListedSearch(
                search=past.search,
                case_id=case.case_id,
                case_number=case.case_number,
                office_id=past.office_id,
                to_office_id=open_transfer.to_office_id if past.search.is_open and open_transfer else "",
                escalate_on=watch.due.due_on if past.search.is_open and watch else None,
                responsible_id=offices.sight.holder(past.office_id, today),
            )
            for past in searches
        ),
        stays=case.stays,
        corrections=tuple(await history.corrections_of(uow.connection, case.case_id)),
        arrival_days=await arrivals.all_days_of(uow.connection, case.case_id),
        arrival_corrections=tuple(await arrivals.corrections_of(uow.connection, case.case_id)),
        answers=await answers.answers_of_case(uow.connection, case.case_id),
        returns=tuple(
            one
            for one in await returns.returns_of(uow.connection, case.case_id)
            if one.other_is_later or not one.link.is_claimed or own is None or one.other_office_id in own
        ),
        closings=tuple(await history.closings_of(uow.connection, case.case_id)),
        linked=tuple(await history.went_on_as(uow.connection, case.case_id)),
        decisions=tuple(await history.decisions_of(uow.connection, case.case_id)),
        passed=tuple(await history.passed_deadlines_of(uow.connection, case.case_id)),
        partings=tuple(await families.partings_of(uow, case.case_id)),
    )
