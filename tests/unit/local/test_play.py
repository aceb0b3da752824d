"""The first handover on the screen: whatever it meets, it says what it could not show, and ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.texts import Texts
from services.client.texts import texts_in
from services.local import play
from services.operate.home import Home

T = texts_in("en")
AGAIN = "homeward up --play"


class Office:
    """Refuses every call but those that are given."""

    def __init__(self, refusal: Exception, **answers: Any) -> None:
        self._refusal = refusal
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        def call(_: Any) -> Any:
            if name in self._answers:
                return self._answers[name]
            raise self._refusal

        return call


class OfficeCalls:
    """Whichever office calls whatever, the same one answers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def at(self, _: str) -> OfficeCalls:
        return self

    def __getattr__(self, capability: str) -> Office:
        return self._office

    def __enter__(self) -> OfficeCalls:
        return self

    def __exit__(self, *_: object) -> None:
        return


def refusal(code: grpc.StatusCode) -> RpcFailure:
    return RpcFailure("/homeward.intake.v1.IntakeService/SubmitHandover", code, code.name, "said by nobody")


RECEIPT = submissions_pb2.SubmitHandoverResponse(
    receipt=submissions_pb2.Receipt(
        entries=[submissions_pb2.ReceiptEntry(case_id=str(row), case_number=f"HW-{row}") for row in range(10)]
    )
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "var")
    made.create(demonstration=False)
    return made


def played(
    home: Home, monkeypatch: pytest.MonkeyPatch, office: Office, *, is_stopping: bool = False, t: Texts = T
) -> list[str]:
    """What was said."""
    monkeypatch.setattr(play, "EVENT_WAIT_S", 0.0)
    monkeypatch.setattr(play, "OfficeCalls", lambda *_: OfficeCalls(office))
    said: list[str] = []
    play.play_first_handover(home, {}, t, said.append, lambda: is_stopping)
    return said


@pytest.mark.parametrize("code", [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAVAILABLE])
def test_a_refusal_at_the_gate_is_said_and_the_next_start_plays_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, code: grpc.StatusCode
) -> None:
    *_, missing, advice = played(home, monkeypatch, Office(refusal(code)))
    assert "step 1" in missing
    assert f"SubmitHandover, {code.name}" in missing
    assert AGAIN in advice
    assert not home.played_marker.exists()


@pytest.mark.parametrize(
    "office",
    [Office(refusal(grpc.StatusCode.NOT_FOUND), SubmitHandover=RECEIPT), Office(KeyError(), SubmitHandover=RECEIPT)],
)
def test_what_fails_later_is_said_and_people_are_not_registered_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    *_, missing, advice = played(home, monkeypatch, office)
    assert "step 2" in missing
    assert AGAIN in advice
    assert home.played_marker.exists()


def test_an_event_that_does_not_come_in_time_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    *_, missing, _ = played(home, monkeypatch, Office(KeyError(), SubmitHandover=None))
    assert "did not arrive within" in missing


def test_it_ends_without_a_word_when_everything_stops(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    said = played(home, monkeypatch, Office(KeyError(), SubmitHandover=RECEIPT), is_stopping=True)
    assert not [line for line in said if line.startswith("!")]
    assert not home.played_marker.exists()
