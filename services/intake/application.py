"""The commands of intake: load, ask the domain, save, say what happened.

A submission is prepared outside of any transaction (checked, numbered, sealed) and handed to the
writer; every other change runs in a unit of work of its own, with the row of the case as lock.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

import structlog
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.intake.v1 import cases_pb2, identification_pb2, reading_pb2, submissions_pb2
from services.chassis.calls.answers import Answers, Asked
from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.calls.pages import decode_token, encode_token, page_size_of
from services.chassis.country.directory import Directory
from services.chassis.events.streams import HANDOVER
from services.chassis.events.units import UnitOfWork, Units, new_id
from services.chassis.kernel.case_number import MAX_SEQUENCE, format_case_number
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import (
    CaseNotFound,
    ErrorKind,
    FieldViolation,
    HomewardError,
    InvalidInput,
    StorageUnavailable,
)
from services.chassis.kernel.roles import Caller, Role
from services.chassis.storage.database import is_unavailable
from services.chassis.telemetry.trace import Trace, current_trace
from services.intake import access_log, storage, wire
from services.intake.domain import case as cases
from services.intake.domain.access import (
    PURPOSE_CHARS_MAX,
    Access,
    Detail,
    Viewer,
    access_of,
    require_access,
    require_registrar,
    require_verifier,
    seen_by,
)
from services.intake.domain.case import Case, Decision, Identification, Phase, WithdrawReason
from services.intake.domain.people import (
    REASON_CHARS_MAX,
    Findings,
    Handover,
    Person,
    Reference,
    age_band,
    changed_fields,
    check_handover,
    check_person,
    check_self_return,
)
from services.intake.keys import DataKey, KeyRing
from services.intake.offices import Sight, reference
from services.intake.writer import Submission, SubmissionWriter, earlier_answers, same_answer

SUBMIT: Final = "SubmitHandover"
SELF_RETURN: Final = "RegisterSelfReturn"

# What a sealed text is; with the case id it is bound into the seal.
PERSON: Final = "person"
CORRECTION_REASON: Final = "correction-reason"
DECISION: Final = "decision"
HANDOVER_DETAILS: Final = "handover-details"

M = TypeVar("M", bound=Message)

EarlierCases: TypeAlias = Mapping[str, tuple[UUID, str]]
"""Id and number of the earlier cases that exist, by what a record names them with."""

log = structlog.get_logger(__name__)


class ReceiptNotFound(HomewardError):
    """Your office has sent no registration with this request number; it was not received."""

    kind = ErrorKind.NOT_FOUND


class CaseNumbersExhausted(HomewardError):
    """There are no case numbers left; please tell the administrators."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


@dataclass(frozen=True, slots=True)
class Mutation:
    """What every change comes with: who, under which request id, and the digest of the request."""

    caller: Caller
    request_id: str
    digest: bytes

    def request_uuid(self) -> UUID:
        """The request id; raises InvalidInput."""
        return request_uuid(self.request_id)


def request_uuid(text_: str) -> UUID:
    """A request id as UUID; raises InvalidInput when it is none."""
    if not text_:
        raise InvalidInput([FieldViolation(None, "request_id", "REQUIRED")])
    try:
        return UUID(text_)
    except ValueError:
        example = {"example": "123e4567-e89b-12d3-a456-426614174000"}
        raise InvalidInput([FieldViolation(None, "request_id", "BAD_FORMAT", example)]) from None


class CaseNumbers:
    """Hands out case numbers from blocks that the database reserves; a restart wastes some."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._free: deque[int] = deque()
        self._reserving: asyncio.Task[None] | None = None

    async def take(self, count: int) -> list[str]:
        """So many new case numbers. Who waits for the same block shares its fate."""
        while len(self._free) < count:
            if self._reserving is None or self._reserving.done():
                self._reserving = asyncio.create_task(self._reserve(), context=Context())
            await asyncio.shield(self._reserving)
        return [format_case_number(self._free.popleft()) for _ in range(count)]

    async def _reserve(self) -> None:
        try:
            async with self._units.engine.begin() as connection:
                first = await storage.next_number_block(connection)
        except Exception as error:
            if not is_unavailable(error):
                raise
            # Said once for all who wait.
            log.warning("case_numbers_not_reserved", error=type(error).__name__)
            raise StorageUnavailable from None
        if first + storage.CASE_NUMBER_BLOCK > MAX_SEQUENCE:
            raise CaseNumbersExhausted
        self._free.extend(range(first, first + storage.CASE_NUMBER_BLOCK))


class Intake:
    """The commands and questions of the service."""

    def __init__(
        self,
        units: Units,
        directory: Directory,
        keys: KeyRing,
        page_key: bytes,
    ) -> None:
        self._units = units
        self._keys = keys
        self._page_key = page_key
        self._sight = Sight(directory)
        self._numbers = CaseNumbers(units)
        self._writer = SubmissionWriter(units)

    # Registering -----------------------------------------------------------------------------

    async def submit_handover(self, mutation: Mutation, handover: Handover) -> submissions_pb2.SubmitHandoverResponse:
        """Register the people of one handover, all or none.

        Raises InvalidInput with every violation; RequestIdReused; errors of the caller's office;
        StorageUnavailable, TooManyRequests.
        """
        return await self._register(mutation, SUBMIT, handover, check_handover, submissions_pb2.SubmitHandoverResponse)

    async def register_self_return(
        self, mutation: Mutation, handover: Handover
    ) -> submissions_pb2.RegisterSelfReturnResponse:
        """Register one person who came back alone; raises what `submit_handover` does."""
        return await self._register(
            mutation,
            SELF_RETURN,
            handover,
            check_self_return,
            submissions_pb2.RegisterSelfReturnResponse,
        )

    async def _register(
        self,
        mutation: Mutation,
        method: str,
        handover: Handover,
        check: Callable[..., Handover],
        response_type: type[M],
    ) -> M:
        request_id = mutation.request_uuid()
        now = self._units.clock.now()
        try:
            self._sight.office_of(mutation.caller, local_date(now))
            earlier_cases = await self._earlier_cases(handover.people)
            checked = check(handover, _reference_with(earlier_cases), now)
        except HomewardError:
            # What was answered once stays answered, though the office may have ended since.
            earlier = await self._earlier(mutation, request_id, method)
            if earlier is None:
                raise
            return response_type.FromString(earlier)
        numbers = await self._numbers.take(len(checked.people))
        earlier_ids = {number: case_id for case_id, number in earlier_cases.values()}
        submission = _Preparation(self._keys, mutation, method, now, earlier_ids).submission(
            request_id, checked, numbers, response_type
        )
        return response_type.FromString(await self._writer.store(submission))

    async def _earlier_cases(self, people: Sequence[Person]) -> EarlierCases:
        refs = {one.earlier_case: ref for one in people if (ref := _case_ref_or_none(one.earlier_case))}
        if not refs:
            return {}

        async def find(uow: UnitOfWork) -> EarlierCases:
            found = await storage.find_cases(uow.connection, list(refs.values()))
            return {written: found[ref] for written, ref in refs.items() if ref in found}

        return await self._units.read(find)

    async def _earlier(self, mutation: Mutation, request_id: UUID, method: str) -> bytes | None:
        key = (mutation.caller.office_id, request_id)
        async with self._units.engine.connect() as connection:
            earlier = (await earlier_answers(connection, [key])).get(key)
        if earlier is None:
            return None
        return same_answer(method, mutation.digest, request_id, earlier)

    async def get_receipt(self, caller: Caller, request_id: str) -> submissions_pb2.Receipt:
        """The receipt of an earlier submission of the caller's office; raises ReceiptNotFound."""
        wanted = request_uuid(request_id)
        viewer = self._viewer(caller)

        async def find(uow: UnitOfWork) -> Any:
            statement = text(
                "SELECT method, response FROM request_log WHERE request_id = :request_id"
                " AND office_id = ANY(CAST(:offices AS text[])) AND response IS NOT NULL"
                " AND method IN (:submit, :self_return)"
            )
            parameters = {
                "request_id": wanted,
                "offices": list(viewer.holds),
                "submit": SUBMIT,
                "self_return": SELF_RETURN,
            }
            return (await uow.connection.execute(statement, parameters)).first()

        row = await self._units.read(find)
        if row is None:
            raise ReceiptNotFound
        if row.method == SUBMIT:
            return submissions_pb2.SubmitHandoverResponse.FromString(row.response).receipt
        return submissions_pb2.RegisterSelfReturnResponse.FromString(row.response).receipt

    # Changing a case -------------------------------------------------------------------------

    async def correct_case(
        self, mutation: Mutation, ref: str, etag: str, reason: str, person: Person
    ) -> submissions_pb2.CorrectCaseResponse:
        """Replace the person's record and keep the old one, with the reason, in the history.

        A record that already stands so changes nothing. Which case is the earlier one is told at the registration
        and stays: a correction may repeat it or leave it out. Raises CaseNotFound, CustodyHasPassed,
        CaseIsWithdrawn, EtagMismatch, InvalidInput.
        """
        earlier_cases = await self._earlier_cases([person])

        async def change(uow: UnitOfWork, viewer: Viewer) -> submissions_pb2.CorrectCaseResponse:
            case = await _locked(uow, ref)
            require_registrar(case, viewer)
            case.require_etag(etag)
            checked, why = _checked_correction(case, person, reason, earlier_cases)
            case = await self._corrected(uow, mutation.caller, case, checked, why)
            return submissions_pb2.CorrectCaseResponse(case=wire.case_message(case, access_of(case, viewer)))

        return await self._once(mutation, "CorrectCase", submissions_pb2.CorrectCaseResponse, change)

    async def _corrected(self, uow: UnitOfWork, caller: Caller, case: Case, person: Person, reason: str) -> Case:
        sealed = await storage.load_identity(uow.connection, case.id)
        key = self._keys.open(case.id, sealed.key)
        before = wire.person_from_bytes(key.open(sealed.ciphertext, PERSON))
        if person.earlier_case not in ("", before.earlier_case):
            raise InvalidInput([FieldViolation(None, "person.earlier_case", "NOT_ALLOWED")])
        person = replace(person, earlier_case=before.earlier_case)
        names = changed_fields(before, person)
        if not names:
            return case
        band = age_band(person.birth_date, local_date(case.handover_time))
        case = cases.corrected(case, person.home_province, band)
        await storage.replace_identity(
            uow.connection,
            sealed,
            key.seal(wire.person_bytes(person), PERSON),
            {
                "case_id": case.id,
                "reason": key.seal(reason.encode(), CORRECTION_REASON),
                "fields": list(names),
                "office_id": caller.office_id,
                "subject": caller.subject,
                "now": uow.now,
            },
        )
        await storage.save_case(uow.connection, case, uow.now)
        uow.append(wire.corrected_event(case, names), case.id)
        return case

    async def withdraw_case(
        self, mutation: Mutation, ref: str, etag: str, reason: WithdrawReason | None
    ) -> submissions_pb2.WithdrawCaseResponse:
        """Withdraw a case registered by mistake; the handover service confirms or refuses.

        Raises CaseNotFound, CustodyHasPassed, CaseIsWithdrawn, EtagMismatch, InvalidInput.
        """
        if reason is None:
            raise InvalidInput([FieldViolation(None, "reason", "REQUIRED")])

        async def change(uow: UnitOfWork, viewer: Viewer) -> submissions_pb2.WithdrawCaseResponse:
            case = await _locked(uow, ref)
            require_registrar(case, viewer)
            case.require_etag(etag)
            case = cases.withdrawn(case)
            await storage.save_case(uow.connection, case, uow.now)
            uow.append(wire.withdrawn_event(case, reason), case.id)
            return submissions_pb2.WithdrawCaseResponse(case=wire.case_message(case, access_of(case, viewer)))

        return await self._once(mutation, "WithdrawCase", submissions_pb2.WithdrawCaseResponse, change)

    async def decide_identification(
        self, mutation: Mutation, ref: str, etag: str, decision: Decision
    ) -> identification_pb2.DecideIdentificationResponse:
        """Record, revise or take back the identification decision of a case in scope.

        Raises CaseNotFound, CaseIsWithdrawn, NothingToTakeBack, EtagMismatch, InvalidInput.
        """

        async def change(uow: UnitOfWork, viewer: Viewer) -> identification_pb2.DecideIdentificationResponse:
            case = await _locked(uow, ref)
            require_verifier(case, viewer)
            case.require_not_withdrawn()
            case.require_etag(etag)
            case = await self._decided(uow, mutation.caller, case, decision)
            return identification_pb2.DecideIdentificationResponse(
                case=wire.case_message(case, access_of(case, viewer))
            )

        return await self._once(
            mutation,
            "DecideIdentification",
            identification_pb2.DecideIdentificationResponse,
            change,
        )

    async def _decided(self, uow: UnitOfWork, caller: Caller, case: Case, decision: Decision) -> Case:
        checked, day = cases.check_decision(decision, case, uow.now)
        status = checked.status
        assert status is not None, "check_decision refuses a decision without a status"
        case = cases.decided(case, status)
        key = await self._key_of(uow, case.id)
        await storage.insert_decision(
            uow.connection,
            {
                "case_id": case.id,
                "revision": case.decisions,
                "status": status.value,
                "decided_on": day,
                "grounds": list(checked.grounds),
                "details": key.seal(wire.decision_details_bytes(checked), DECISION),
                "office_id": caller.office_id,
                "subject": caller.subject,
                "now": uow.now,
            },
        )
        await storage.save_case(uow.connection, case, uow.now)
        event = wire.decided_event(case, caller.office_id, day.isoformat())
        uow.append(event, case.id)
        return case

    async def _once(
        self,
        mutation: Mutation,
        method: str,
        response_type: type[M],
        change: Callable[[UnitOfWork, Viewer], Awaitable[M]],
    ) -> M:
        async def work(uow: UnitOfWork) -> M:
            return await change(uow, self._viewer(mutation.caller, uow.now))

        asked = Asked(mutation.caller, mutation.request_uuid(), method, mutation.digest)
        return await Answers(self._units, self._page_key).once(asked, response_type, work)

    # Reading ---------------------------------------------------------------------------------

    async def get_case(self, caller: Caller, ref: str, *, include_identity: bool, purpose: str) -> cases_pb2.Case:
        """One case, as far as the caller may see it.

        With the identity, the read is in the access log before anything is returned; so is an
        attempt that is refused. Raises CaseNotFound, InvalidInput.
        """
        if include_identity:
            return await self._case_with_identity(caller, ref, _checked_purpose(purpose))

        async def find(uow: UnitOfWork) -> cases_pb2.Case:
            case = await _known(uow, ref)
            access = require_access(case, self._viewer(caller, uow.now))
            return wire.case_message(case, access)

        return await self._units.read(find)

    async def _case_with_identity(self, caller: Caller, ref: str, purpose: str) -> cases_pb2.Case:
        async def find(uow: UnitOfWork) -> tuple[Case, Access, Person | None]:
            case = await _known(uow, ref)
            access = access_of(case, self._viewer(caller, uow.now))
            sealed = await storage.load_identity(uow.connection, case.id)
            key = self._keys.open(case.id, sealed.key)
            await access_log.append(
                uow.connection,
                access_log.Read(
                    uow.now,
                    caller.subject,
                    caller.office_id,
                    caller.role.value,
                    case.id,
                    access.identity,
                    key.seal(purpose.encode(), access_log.PURPOSE),
                ),
            )
            person = wire.person_from_bytes(key.open(sealed.ciphertext, PERSON))
            return case, access, seen_by(person, access.identity)

        # Refused only after the commit: the attempt is to stay in the log.
        case, access, person = await self._units.run(find)
        if access.detail is Detail.NOTHING:
            raise CaseNotFound
        return wire.case_message(case, access, person)

    async def list_cases(
        self,
        caller: Caller,
        *,
        page_size: int,
        page_token: str,
        phase: Phase | None,
        identification: Identification | None,
    ) -> reading_pb2.ListCasesResponse:
        """Cases of the caller's office or in its scope, newest first, without identity.

        Raises BadPageToken, InvalidInput.
        """
        size = page_size_of(page_size)
        viewer = self._viewer(caller)
        bound_to = {
            "list": "cases",
            "office": caller.office_id,
            "scope": caller.scope,
            "phase": phase,
            "identification": identification,
        }
        last = decode_token(page_token, bound_to, self._page_key)
        before = UUID(last[0]) if last else None
        condition, parameters = _visible_to(viewer, is_filtered=bool(phase or identification))
        narrower, more = _filtered(phase, identification)

        async def find(uow: UnitOfWork) -> list[Case]:
            return await storage.list_cases(
                uow.connection,
                f"({condition}) AND {narrower}",
                parameters | more,
                before,
                size + 1,
            )

        found = await self._units.read(find)
        shown = found[:size]
        response = reading_pb2.ListCasesResponse(
            cases=[wire.case_message(case, access_of(case, viewer)) for case in shown]
        )
        if len(found) > size:
            response.next_page_token = encode_token(bound_to, [shown[-1].id], self._page_key)
        return response

    async def list_access_log(
        self, caller: Caller, *, page_size: int, page_token: str, ref: str
    ) -> reading_pb2.ListAccessLogResponse:
        """Who read which identity, newest first, and whether the chain of the page is intact.

        Raises CaseNotFound, BadPageToken, InvalidInput.
        """
        self._sight.office_of(caller, local_date(self._units.clock.now()))
        size = page_size_of(page_size)
        bound_to = {"list": "access_log", "office": caller.office_id, "case": ref}
        last = decode_token(page_token, bound_to, self._page_key)

        async def find(uow: UnitOfWork) -> reading_pb2.ListAccessLogResponse:
            case_id = (await _known(uow, ref)).id if ref else None
            before = last[0] if last else None
            found = await access_log.page(uow.connection, case_id, before, size + 1)
            shown = found[:size]
            intact = access_log.chain_is_intact(found, consecutive=case_id is None)
            response = reading_pb2.ListAccessLogResponse(
                entries=await self._log_entries(uow, shown), chain_intact=intact
            )
            if len(found) > size:
                response.next_page_token = encode_token(bound_to, [shown[-1].sequence], self._page_key)
            return response

        return await self._units.read(find)

    async def _log_entries(self, uow: UnitOfWork, entries: list[access_log.Entry]) -> list[reading_pb2.AccessLogEntry]:
        case_ids = sorted({entry.read.case_id for entry in entries})
        wrapped = await storage.load_keys(uow.connection, case_ids)
        keys = {case_id: self._keys.open(case_id, key) for case_id, key in wrapped.items()}
        return [wire.log_entry_message(entry, keys.get(entry.read.case_id)) for entry in entries]

    def _viewer(self, caller: Caller, now: datetime | None = None) -> Viewer:
        return self._sight.viewer(caller, local_date(now or self._units.clock.now()))

    async def _key_of(self, uow: UnitOfWork, case_id: UUID) -> DataKey:
        wrapped = (await storage.load_keys(uow.connection, [case_id]))[case_id]
        return self._keys.open(case_id, wrapped)


async def _known(uow: UnitOfWork, ref: str, *, lock: bool = False) -> Case:
    case = await storage.load_case(uow.connection, parse_case_ref(ref), lock=lock)
    if case is None:
        raise CaseNotFound
    return case


async def _locked(uow: UnitOfWork, ref: str) -> Case:
    return await _known(uow, ref, lock=True)


def _checked_purpose(purpose: str) -> str:
    found = Findings()
    checked = found.text("purpose", purpose, PURPOSE_CHARS_MAX, required=True)
    found.refuse()
    return checked


def _case_ref_or_none(written: str) -> CaseRef | None:
    try:
        return parse_case_ref(written)
    except InvalidInput:
        return None


def _reference_with(earlier_cases: EarlierCases) -> Reference:
    numbers = {written: number for written, (_, number) in earlier_cases.items()}
    return replace(reference(), earlier_cases=numbers) if numbers else reference()


def _checked_correction(case: Case, person: Person, reason: str, earlier_cases: EarlierCases) -> tuple[Person, str]:
    found = Findings()
    why = found.text("reason", reason, REASON_CHARS_MAX, required=True, lines=True)
    checked = check_person(
        Findings.at(found, prefix="person."),
        person,
        _reference_with(earlier_cases),
        local_date(case.handover_time),
        row=case.row,
        rows=case.rows,
    )
    found.refuse()
    return checked, why


def _visible_to(viewer: Viewer, *, is_filtered: bool) -> tuple[str, dict[str, object]]:
    """The condition by which a caller sees cases in a list."""
    if viewer.role in (Role.VERIFIER, Role.SUPERVISOR):
        if viewer.is_national:
            return "true", {}
        return (
            "receiving_office_id = ANY(CAST(:offices AS text[]))"
            " OR accountable_office_id = ANY(CAST(:offices AS text[]))"
            " OR home_province = ANY(CAST(:provinces AS text[]))",
            {
                "offices": sorted(viewer.scope_offices),
                "provinces": sorted(viewer.scope_provinces),
            },
        )
    holds: dict[str, object] = {"offices": sorted(viewer.holds)}
    accountable = "accountable_office_id = ANY(CAST(:offices AS text[])) AND withdrawal = 'NONE'"
    # A filter would tell a border post what the status word doesn't.
    if viewer.role is Role.BORDER_POST and not is_filtered:
        return f"{accountable} OR receiving_office_id = ANY(CAST(:offices AS text[]))", holds
    return accountable, holds


def _filtered(phase: Phase | None, identification: Identification | None) -> tuple[str, dict[str, object]]:
    conditions, parameters = ["true"], dict[str, object]()
    if phase is Phase.WITHDRAWN:
        conditions.append("(phase = 'WITHDRAWN' OR withdrawal <> 'NONE')")
    elif phase is not None:
        conditions.append("phase = :phase AND withdrawal = 'NONE'")
        parameters["phase"] = phase.value
    if identification is not None:
        conditions.append("identification = :identification")
        parameters["identification"] = identification.value
    return " AND ".join(conditions), parameters


class _Preparation:
    """Makes the rows of a submission: nothing of it needs the database."""

    def __init__(
        self, keys: KeyRing, mutation: Mutation, method: str, now: datetime, earlier_ids: Mapping[str, UUID]
    ) -> None:
        self._earlier_ids = earlier_ids
        self._keys = keys
        self._mutation = mutation
        self._method = method
        self._now = now
        self._trace = current_trace() or Trace(correlation_id=str(new_id()))

    def submission(
        self,
        request_id: UUID,
        handover: Handover,
        numbers: list[str],
        response_type: type[Any],
    ) -> Submission:
        """All rows of it, with its answer."""
        handover_id = new_id()
        registered = tuple(
            self._case(handover_id, handover, row, person, number)
            for row, (person, number) in enumerate(zip(handover.people, numbers, strict=True), start=1)
        )
        receipt = wire.receipt_message(handover_id, registered, self._now)
        return Submission(
            office_id=self._mutation.caller.office_id,
            request_id=request_id,
            method=self._method,
            digest=self._mutation.digest,
            response=response_type(receipt=receipt).SerializeToString(),
            created_at=self._now,
            handover=self._handover_row(handover_id, handover),
            cases=[storage.case_row(case) for case in registered],
            identities=[
                self._identity_row(case.id, person) for case, person in zip(registered, handover.people, strict=True)
            ],
            numbers=[{"topic": HANDOVER.topic, "subject": case.id, "version": 1} for case in registered],
            events=[self._event_row(case, handover.gate_id) for case in registered],
        )

    def _case(self, handover_id: UUID, handover: Handover, row: int, person: Person, number: str) -> Case:
        assert handover.route is not None, "a checked handover has a route"
        assert handover.handover_time is not None, "a checked handover has a time"
        office_id = self._mutation.caller.office_id
        return Case(
            id=new_id(),
            number=number,
            handover_id=handover_id,
            row=row,
            rows=len(handover.people),
            receiving_office_id=office_id,
            route=handover.route,
            home_province=person.home_province,
            age_band=age_band(person.birth_date, local_date(handover.handover_time)),
            handover_time=handover.handover_time,
            created_at=self._now,
            version=1,
            identification=Identification.IN_PROCESS,
            decisions=0,
            withdrawal=cases.Withdrawal.NONE,
            phase=Phase.REGISTERED,
            accountable_office_id=office_id,
            segment=0,
            arrivals=0,
            followups_segment=0,
            transfer_id=None,
            addressee_office_id="",
            earlier_case_id=self._earlier_ids.get(person.earlier_case),
        )

    def _handover_row(self, handover_id: UUID, handover: Handover) -> dict[str, object]:
        key, wrapped = self._keys.new_key(handover_id)
        return {
            "id": handover_id,
            "office_id": self._mutation.caller.office_id,
            "subject": self._mutation.caller.subject,
            "route": handover.route,
            "gate_id": handover.gate_id,
            "handover_time": handover.handover_time,
            "people": len(handover.people),
            "kek_id": wrapped.kek_id,
            "wrapped_key": wrapped.wrapped,
            "details": key.seal(wire.handover_details_bytes(handover), HANDOVER_DETAILS),
            "created_at": self._now,
        }

    def _identity_row(self, case_id: UUID, person: Person) -> dict[str, object]:
        key, wrapped = self._keys.new_key(case_id)
        return {
            "case_id": case_id,
            "kek_id": wrapped.kek_id,
            "wrapped_key": wrapped.wrapped,
            "revision": 1,
            "ciphertext": key.seal(wire.person_bytes(person), PERSON),
        }

    def _event_row(self, case: Case, gate_id: str) -> dict[str, object]:
        event = wire.registered_event(case, gate_id)
        return {
            "event_id": new_id(),
            "topic": HANDOVER.topic,
            "type": event.DESCRIPTOR.full_name,
            "subject": case.id,
            "version": 1,
            "time": self._now,
            "correlation_id": self._trace.correlation_id,
            "causation_id": self._trace.causation_id,
            "traceparent": self._trace.traceparent,
            "payload": event.SerializeToString(),
            "sent_at": None,
        }
