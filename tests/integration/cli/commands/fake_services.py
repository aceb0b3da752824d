"""The four services as an officer's command meets them: real gRPC on this machine, answers prepared by the test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_status import rpc_status

from homeward.intake.v1 import cases_pb2, people_pb2, reading_pb2, submissions_pb2
from services.chassis.calls.common import Violation, encode_status
from services.chassis.calls.server import Served
from services.chassis.kernel.case_number import format_case_number
from services.client.contracts import CONTRACTS
from services.intake import wire
from services.intake.domain.registered import AnotherPerson, may_be_one, require_same_person

RECEIVED_S = 1_795_332_600
"""2026-11-22 14:30 in Viet Nam."""


@dataclass
class Refusal(Exception):
    """An answer that is a refusal, as the services give it."""

    code: grpc.StatusCode
    reason: str
    message: str = "Because."
    violations: tuple[Violation, ...] = ()
    details: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A call that came in."""

    method: str
    request: Any
    metadata: dict[str, str]


class FakeServices:
    """Answers by method: a message, a Refusal, or a function of the request; several are given one after the other."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.receipts: dict[str, submissions_pb2.Receipt] = {}
        self.people: dict[str, people_pb2.Person] = {}
        self.sent: dict[str, tuple[bytes, people_pb2.Person]] = {}
        self._answers: dict[str, list[Any]] = {}
        self._people = 0
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4))
        for contract in {each.full_name: each for contracts in CONTRACTS.values() for each in contracts}.values():
            self._server.add_generic_rpc_handlers([self._handler(contract)])
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        self.answer("SubmitHandover", self._submit)
        self.answer("RegisterSelfReturn", self._register)
        self.answer("GetReceipt", self._receipt)
        self.answer("FindRegistered", self._find)
        self.answer("GetCase", self._case)
        self.answer("CorrectCase", self._correct)

    def answer(self, method: str, *answers: Any) -> None:
        """What a method answers, call after call; the last answer stays."""
        self._answers[method] = list(answers)

    def requests(self, method: str) -> list[Any]:
        """The requests that came in for a method."""
        return [call.request for call in self.calls if call.method == method]

    def environ(self) -> dict[str, str]:
        """Where the command line finds these services."""
        return {f"HOMEWARD_{name.upper()}": f"127.0.0.1:{self.port}" for name in CONTRACTS}

    def stop(self) -> None:
        """Stop serving."""
        self._server.stop(None).wait()

    def _handler(self, contract: ServiceDescriptor) -> Any:
        return Served(
            contract.file, SimpleNamespace(**{one.name: self._method(one.name) for one in contract.methods})
        ).handler()

    def _method(self, name: str) -> Callable[..., Any]:
        def respond(request: Any, context: grpc.ServicerContext) -> Any:
            metadata = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
            self.calls.append(Call(name, request, metadata))
            try:
                return self._next(name, request)
            except Refusal as refusal:
                context.abort_with_status(rpc_status.to_status(_status(refusal)))

        return respond

    def _next(self, name: str, request: Any) -> Any:
        answers = self._answers.get(name)
        if not answers:
            raise Refusal(grpc.StatusCode.UNIMPLEMENTED, "UNIMPLEMENTED")
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        if isinstance(answer, Refusal):
            raise answer
        return answer(request) if callable(answer) else answer

    # What intake remembers ------------------------------------------------------------------------

    def keep(self, request_id: str, people: int | Sequence[people_pb2.Person]) -> submissions_pb2.Receipt:
        """Register so many people, or these, once for a request id."""
        known = people if isinstance(people, Sequence) else [people_pb2.Person()] * people
        if request_id not in self.receipts:
            receipt = submissions_pb2.Receipt(handover_id=str(uuid.uuid4()))
            receipt.receive_time.FromSeconds(RECEIVED_S)
            if not self.receipts:
                receipt.handover_id = "0198b2c4-0000-7000-8000-00000000000a"
            for row, person in enumerate(known, start=1):
                self._people += 1
                case_id = f"0198b2c4-0000-7000-8000-{self._people:012d}"
                receipt.entries.add(row=row, case_id=case_id, case_number=format_case_number(self._people))
                self.people[case_id] = person
                self.sent[case_id] = (b"", person)
            self.receipts[request_id] = receipt
        return self.receipts[request_id]

    def _submit(self, request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        people = list(request.handover.people)
        if request.request_id not in self.receipts:
            self._refuse_known(people, request.also_register_again, "full_name")
        receipt = self.keep(request.request_id, people)
        for entry, person in zip(receipt.entries, people, strict=True):
            self.sent[entry.case_id] = (_about(request.handover), person)
        return submissions_pb2.SubmitHandoverResponse(receipt=receipt)

    def _register(
        self, request: submissions_pb2.RegisterSelfReturnRequest
    ) -> submissions_pb2.RegisterSelfReturnResponse:
        if request.request_id not in self.receipts:
            self._refuse_known([request.person], [1] if request.also_register_again else [], "person.full_name")
        return submissions_pb2.RegisterSelfReturnResponse(receipt=self.keep(request.request_id, [request.person]))

    def _refuse_known(self, people: Sequence[people_pb2.Person], again: Sequence[int], field: str) -> None:
        violations = []
        for row, person in enumerate(people, start=1):
            known = self._like(person)
            if known and row not in again:
                text = f"Registered already as {self._number(known[0])}."
                at = row if field == "full_name" else None
                violations.append(Violation(at, field, "ALREADY_REGISTERED", text, text))
        if violations:
            raise Refusal(grpc.StatusCode.ALREADY_EXISTS, "ALREADY_REGISTERED", violations=tuple(violations))

    def _like(self, person: people_pb2.Person) -> list[str]:
        """Cases of people like her, by any record that was theirs, the newest first."""
        records = {case: (self.people[case], self.sent[case][1]) for case in self.people}
        return [case for case, of in reversed(records.items()) if any(_is_like(person, one) for one in of)]

    def _number(self, case_id: str) -> str:
        return next(e.case_number for one in self.receipts.values() for e in one.entries if e.case_id == case_id)

    def _find(self, request: submissions_pb2.FindRegisteredRequest) -> submissions_pb2.FindRegisteredResponse:
        answer = submissions_pb2.FindRegisteredResponse()
        about = _about(request.handover)
        for row, person in enumerate(request.handover.people, start=1):
            for case_id in self._like(person):
                receipt, entry = next(
                    (one, e) for one in self.receipts.values() for e in one.entries if e.case_id == case_id
                )
                answer.registered.add(
                    row=row,
                    case_id=case_id,
                    case_number=entry.case_number,
                    handover_id=receipt.handover_id,
                    handover_row=entry.row,
                    handover_people=len(receipt.entries),
                    register_time=receipt.receive_time,
                    same_content=_same(self.sent[case_id], about, person),
                )
        return answer

    def _case_of(self, named: str) -> cases_pb2.Case:
        for receipt in self.receipts.values():
            for entry in receipt.entries:
                if named in (entry.case_id, entry.case_number):
                    return cases_pb2.Case(
                        case_id=entry.case_id,
                        case_number=entry.case_number,
                        handover_id=receipt.handover_id,
                        etag='"1"',
                    )
        raise Refusal(grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND")

    def _case(self, request: reading_pb2.GetCaseRequest) -> reading_pb2.GetCaseResponse:
        case = self._case_of(request.case)
        if request.include_identity:
            case.identity_view = cases_pb2.IDENTITY_VIEW_FULL
            case.person.CopyFrom(self.people[case.case_id])
        return reading_pb2.GetCaseResponse(case=case)

    def _correct(self, request: submissions_pb2.CorrectCaseRequest) -> submissions_pb2.CorrectCaseResponse:
        """As intake does it: only what is named, and never into the record of another person."""
        case = self._case_of(request.case)
        before = wire.person_of(self.people[case.case_id])
        given = wire.person_of(request.person)
        after = replace(before, **{name: getattr(given, name) for name in request.update_mask.paths})
        message = wire.person_message(after)
        if not request.another_person:
            try:
                require_same_person(before, after)
            except AnotherPerson:
                raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "ANOTHER_PERSON") from None
            who = {"full_name", "sex", "birth_date"}.intersection(request.update_mask.paths)
            others = [one for one in self._like(message) if one != case.case_id] if who else []
            if others:
                text = f"Registered already as {self._number(others[0])}."
                violation = Violation(None, "person.full_name", "ALREADY_REGISTERED", text, text)
                raise Refusal(grpc.StatusCode.ALREADY_EXISTS, "ALREADY_REGISTERED", violations=(violation,))
        self.people[case.case_id] = message
        return submissions_pb2.CorrectCaseResponse(case=case)

    def _receipt(self, request: submissions_pb2.GetReceiptRequest) -> submissions_pb2.GetReceiptResponse:
        if request.request_id not in self.receipts:
            raise Refusal(grpc.StatusCode.NOT_FOUND, "RECEIPT_NOT_FOUND")
        return submissions_pb2.GetReceiptResponse(receipt=self.receipts[request.request_id])


def _is_like(person: people_pb2.Person, other: people_pb2.Person) -> bool:
    return may_be_one(wire.person_of(person), wire.person_of(other)) and bool(person.full_name)


def _about(handover: submissions_pb2.Handover) -> bytes:
    """What concerns everybody."""
    about = submissions_pb2.Handover()
    about.CopyFrom(handover)
    del about.people[:]
    return about.SerializeToString(deterministic=True)


def _same(sent: tuple[bytes, people_pb2.Person], about: bytes, person: people_pb2.Person) -> bool:
    """Whether all but ties is as it was sent."""
    records = []
    for one in (sent[1], person):
        record = people_pb2.Person()
        record.CopyFrom(one)
        del record.family_links[:]
        records.append(record)
    return sent[0] == about and records[0] == records[1]


def away() -> Refusal:
    """The answer of a service that cannot serve now."""
    return Refusal(grpc.StatusCode.UNAVAILABLE, "STORAGE_UNAVAILABLE", "The storage is away.")


def _status(refusal: Refusal) -> Any:
    return encode_status(
        refusal.code, refusal.reason, refusal.message, refusal.message, "en", refusal.details, refusal.violations
    )
