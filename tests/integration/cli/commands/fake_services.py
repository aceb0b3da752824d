"""The four services as an officer's command meets them: real gRPC on this machine, answers prepared by the test."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_status import rpc_status

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.common import Violation, encode_status
from services.chassis.calls.server import Served
from services.chassis.kernel.case_number import format_case_number
from services.client.contracts import CONTRACTS

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

    def keep(self, request_id: str, people: int) -> submissions_pb2.Receipt:
        """Register so many people, once for a request id."""
        if request_id not in self.receipts:
            receipt = submissions_pb2.Receipt(handover_id="0198b2c4-0000-7000-8000-00000000000a")
            receipt.receive_time.FromSeconds(RECEIVED_S)
            for row in range(1, people + 1):
                self._people += 1
                case_id = f"0198b2c4-0000-7000-8000-{self._people:012d}"
                receipt.entries.add(row=row, case_id=case_id, case_number=format_case_number(self._people))
            self.receipts[request_id] = receipt
        return self.receipts[request_id]

    def _submit(self, request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        receipt = self.keep(request.request_id, len(request.handover.people))
        return submissions_pb2.SubmitHandoverResponse(receipt=receipt)

    def _register(
        self, request: submissions_pb2.RegisterSelfReturnRequest
    ) -> submissions_pb2.RegisterSelfReturnResponse:
        return submissions_pb2.RegisterSelfReturnResponse(receipt=self.keep(request.request_id, 1))

    def _receipt(self, request: submissions_pb2.GetReceiptRequest) -> submissions_pb2.GetReceiptResponse:
        if request.request_id not in self.receipts:
            raise Refusal(grpc.StatusCode.NOT_FOUND, "RECEIPT_NOT_FOUND")
        return submissions_pb2.GetReceiptResponse(receipt=self.receipts[request.request_id])


def away() -> Refusal:
    """The answer of a service that cannot serve now."""
    return Refusal(grpc.StatusCode.UNAVAILABLE, "STORAGE_UNAVAILABLE", "The storage is away.")


def _status(refusal: Refusal) -> Any:
    return encode_status(
        refusal.code, refusal.reason, refusal.message, refusal.message, "en", refusal.details, refusal.violations
    )
