"""Going on while a service is away, bounded by the officer's patience."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from services.chassis.calls.client import RpcFailure
from services.client.patience import Patience, deliver


class Time:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[tuple[int, float]] = []

    def patience(self, wait_s: float) -> Patience:
        return Patience(wait_s, self.tell, self.sleep, lambda: self.now, lambda: 1.0)

    def tell(self, attempt: int, wait_s: float) -> None:
        self.told.append((attempt, wait_s))

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def failing(*codes: grpc.StatusCode, metadata: dict[str, str] | None = None) -> tuple[list[str], Callable[[str], str]]:
    calls: list[str] = []

    def call(request: str) -> str:
        calls.append(request)
        if len(calls) <= len(codes):
            raise RpcFailure("/x", codes[len(calls) - 1], "REASON", "", metadata=metadata)
        return "answer"

    return calls, call


def test_it_goes_on_with_the_same_request_and_says_so() -> None:
    time = Time()
    calls, call = failing(*[grpc.StatusCode.UNAVAILABLE] * 4, grpc.StatusCode.DEADLINE_EXCEEDED)
    assert deliver(call, "request", time.patience(120)) == "answer"
    assert calls == ["request"] * 6
    assert time.told == [(2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 16.0)]


def test_patience_ends() -> None:
    time = Time()
    calls, call = failing(*[grpc.StatusCode.UNAVAILABLE] * 50)
    with pytest.raises(RpcFailure):
        deliver(call, "request", time.patience(10))
    assert time.now == 7.0
    assert len(calls) == 4


def test_a_refusal_is_not_repeated() -> None:
    time = Time()
    calls, call = failing(grpc.StatusCode.FAILED_PRECONDITION)
    with pytest.raises(RpcFailure):
        deliver(call, "request", time.patience(120))
    assert (len(calls), time.told) == (1, [])


def test_no_patience_is_one_attempt() -> None:
    calls, call = failing(grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(RpcFailure):
        deliver(call, "request", Time().patience(0))
    assert len(calls) == 1


def test_a_service_that_asks_for_time_gets_it() -> None:
    time = Time()
    asked = {"retry_after_seconds": "5"}
    _, call = failing(grpc.StatusCode.RESOURCE_EXHAUSTED, metadata=asked)
    deliver(call, "request", time.patience(120))
    assert time.told == [(2, 5.0)]
