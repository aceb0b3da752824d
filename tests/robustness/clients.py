"""Clients that hand people over, send them home and acknowledge them, and write down what they were answered."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from services.chassis.calls.client import RpcFailure
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import AWAY, HOMES, POST
from tests.robustness.history import History, Operation, Type
from tests.support.homes import NOT_HEARD
from tests.support.waiting import patient
from tests.support.whole import Whole

AGAIN_S = 45.0
LOOK_S = 0.25
PAUSE_S = 0.3
"""Ten times the busiest hour that a gate ever had; more would measure throughput, which the benchmarks do."""
PEOPLE_MAX = 3
ARRIVE_SHARE = 0.5
SEED_STEP = 1_000


class Clients:
    """Some clients, each in a thread, until the `with` ends. All that they do is repeatable by the seed but time.

    Args:
        travel: send people home too, and acknowledge half of them.
        is_stubborn: repeat a call whose outcome is unknown, with its request id, until it is answered.
    """

    def __init__(
        self,
        whole: Whole,
        history: History,
        *,
        count: int = 3,
        seed: int = 1,
        travel: bool = False,
        is_stubborn: bool = True,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._whole = whole
        self._history = history
        self._travel = travel
        self._is_stubborn = is_stubborn
        self._pause_s = pause_s
        self._ending = threading.Event()
        self._registered: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._failures: list[BaseException] = []
        self._answered = 0
        self._threads = [
            threading.Thread(target=self._guarded, args=(index, random.Random(seed * SEED_STEP + index)))
            for index in range(count)
        ]

    @property
    def answered(self) -> int:
        """Submissions that were acknowledged so far."""
        return self._answered

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        if self._failures and error is None:
            raise self._failures[0]

    def _guarded(self, index: int, dice: random.Random) -> None:
        try:
            with self._whole.desks() as desks:
                while not self._ending.is_set():
                    self._round(index, dice, desks)
                    self._ending.wait(self._pause_s)
        except BaseException as failure:
            self._failures.append(failure)

    def _round(self, index: int, dice: random.Random, desks: OfficeCalls) -> None:
        homes = [dice.choice(HOMES) for _ in range(dice.randint(1, PEOPLE_MAX))]
        cases = submit(desks, self._history, homes, process=index, is_stubborn=self._is_stubborn)
        self._answered += bool(cases)
        if self._travel:
            for case, home in zip(cases, homes, strict=False):
                self._registered.put((case, home))
            self._send_somebody_home(index, dice, desks)

    def _send_somebody_home(self, index: int, dice: random.Random, desks: OfficeCalls) -> None:
        try:
            case, home = self._registered.get_nowait()
        except queue.Empty:
            return
        dispatched = write_down(
            self._history,
            index,
            "dispatch",
            [case],
            lambda said_as: work.dispatch(desks, case, home, said_as=said_as),
            not_yet=NOT_HEARD,
        )
        if dispatched and dice.random() < ARRIVE_SHARE:
            write_down(
                self._history,
                index,
                "acknowledge",
                [case],
                lambda said_as: work.acknowledge(desks, case, home, said_as=said_as),
            )


def submit(
    desks: OfficeCalls, history: History, homes: Sequence[str], *, process: int = 0, is_stubborn: bool = True
) -> list[str]:
    """Hand over one person for each home. The cases; none when it was refused or nobody knows."""
    request = work.submission([work.person(number, home=home) for number, home in enumerate(homes)])
    answer: list[str] = []

    def call(_: str) -> None:
        receipt = desks.at(POST).submissions.SubmitHandover(request).receipt
        answer[:] = [entry.case_id for entry in receipt.entries]

    write_down(
        history, process, "submit", answer, call, said_as=request.request_id, again_s=AGAIN_S if is_stubborn else 0.0
    )
    return answer


def write_down(
    history: History,
    process: int,
    f: str,
    cases: list[str],
    call: Callable[[str], Any],
    *,
    said_as: str | None = None,
    not_yet: frozenset[str] = frozenset(),
    again_s: float = AGAIN_S,
) -> bool:
    """Make a call, again while its outcome is unknown or its reason says not yet, and write down how it ended."""
    request_id = said_as or work.request_id()
    began_s, end = time.time(), time.monotonic() + patient(again_s)
    outcome: Type = "ok"
    reason = ""
    while True:
        try:
            call(request_id)
            outcome, reason = "ok", ""
            break
        except RpcFailure as failure:
            outcome, reason = ("info" if failure.code in AWAY else "fail"), failure.reason
            if (outcome == "fail" and reason not in not_yet) or time.monotonic() > end:
                break
            time.sleep(LOOK_S)
    value = {"request_id": request_id, "cases": cases, "reason": reason}
    history.add(Operation(process, began_s, time.time(), outcome, f, value))
    return outcome == "ok"
