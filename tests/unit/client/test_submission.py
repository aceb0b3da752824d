"""Each part of a file takes effect once: what is sent, asked about and refused, by what is known from earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from services.chassis.calls.client import RpcFailure
from services.client import sidecar
from services.client.refusals import Kind, Refusal
from services.client.sidecar import BatchState, SentBatch
from services.client.submission import Manner, Parcel, ParcelRefused, Submission
from services.client.texts import texts_in

OFFICE = "BP-CN-MONG-CAI"
CHANGED = Refusal(Kind.REFUSED, "CHANGED", "The file was changed.")
FIRST, OTHER = "ab" * 32, "cd" * 32


class Service:
    """Takes in what it is sent, once; `away`: the answers get lost from now on."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.asked: list[str] = []
        self.away = False

    def parcel(self, sha256: str) -> Parcel:
        return Parcel(sha256, (2,), self._take)

    def _take(self, sent: SentBatch) -> SentBatch:
        self.taken.append(sent.request_id)
        if self.away:
            raise failure(grpc.StatusCode.UNAVAILABLE)
        return replace(sent, state=BatchState.DELIVERED)

    def find(self, sent: SentBatch) -> SentBatch | None:
        self.asked.append(sent.request_id)
        return replace(sent, state=BatchState.DELIVERED) if sent.request_id in self.taken else None


def failure(code: grpc.StatusCode) -> RpcFailure:
    return RpcFailure("/x", code, code.name, "")


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "people.csv"
    made.touch()
    return made


def submission(file: Path, find: Callable[[SentBatch], SentBatch | None] | None = None) -> Submission:
    return Submission(file, OFFICE, Manner("submit", CHANGED, find), texts_in("en"), print)


def test_what_was_delivered_is_not_sent_again(file: Path, service: Service) -> None:
    parcels = [service.parcel(FIRST), service.parcel(OTHER)]
    assert [each.again for each in submission(file).run(parcels, new=False)] == [False, False]
    assert [each.again for each in submission(file).run(parcels, new=False)] == [True, True]
    assert len(service.taken) == 2


def test_what_is_not_known_to_be_delivered_is_the_same_request_again(file: Path, service: Service) -> None:
    service.away = True
    with pytest.raises(ParcelRefused):
        submission(file).run([service.parcel(FIRST)], new=False)
    service.away = False
    submission(file).run([service.parcel(FIRST)], new=False)
    assert len(service.taken) == 2
    assert len(set(service.taken)) == 1


def test_other_content_after_a_delivery_is_refused_unless_it_is_said_to_be_new(file: Path, service: Service) -> None:
    submission(file).run([service.parcel(FIRST)], new=False)
    with pytest.raises(Refusal) as refused:
        submission(file).run([service.parcel(OTHER)], new=False)
    assert refused.value is CHANGED
    submission(file).run([service.parcel(OTHER)], new=True)
    assert len(service.taken) == 2


def test_the_service_is_asked_about_an_attempt_with_other_content(file: Path, service: Service) -> None:
    service.away = True
    with pytest.raises(ParcelRefused):
        submission(file, service.find).run([service.parcel(FIRST)], new=False)
    with pytest.raises(Refusal) as refused:
        submission(file, service.find).run([service.parcel(OTHER)], new=False)
    assert refused.value is CHANGED
    assert service.asked == service.taken
    known = sidecar.load(file)
    assert known is not None
    assert [each.state for each in known.batches] == [BatchState.DELIVERED]


def test_where_it_does_no_harm_nobody_is_asked(file: Path, service: Service) -> None:
    service.away = True
    with pytest.raises(ParcelRefused):
        submission(file).run([service.parcel(FIRST)], new=False)
    service.away = False
    submission(file).run([service.parcel(OTHER)], new=False)
    assert len(set(service.taken)) == 2


def test_a_file_of_another_office_is_refused(file: Path, service: Service) -> None:
    submission(file).run([service.parcel(FIRST)], new=False)
    other = Submission(file, "SA-22", Manner("submit", CHANGED), texts_in("en"), print)
    with pytest.raises(Refusal) as refused:
        other.run([service.parcel(FIRST)], new=False)
    assert refused.value.reason == "FILE_OF_OTHER_OFFICE"


def test_a_stop_in_between_loses_nothing(file: Path, service: Service) -> None:
    def stop(_: SentBatch) -> SentBatch:
        raise KeyboardInterrupt

    with pytest.raises(Refusal) as refused:
        submission(file).run([service.parcel(FIRST), Parcel(OTHER, (3,), stop)], new=False)
    assert refused.value.reason == "INTERRUPTED"
    again = submission(file).run([service.parcel(FIRST), service.parcel(OTHER)], new=False)
    assert [each.again for each in again] == [True, False]
