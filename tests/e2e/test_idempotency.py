"""The same request twice takes effect once, over the wire; a bad row refuses the whole batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import grpc
import pytest

from homeward.handover.v1 import transfers_pb2
from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import HOMES, OTHER_POST, POST
from tests.support.waiting import patient
from tests.support.whole import Whole

CLIENTS = 6
T = TypeVar("T")


@pytest.fixture
def desks(calm: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with calm.desks() as stubs:
        yield stubs


def people_of(whole: Whole, receipt: submissions_pb2.Receipt) -> int:
    """How many people the handover of a receipt has."""
    ((count,),) = whole.rows("intake", "SELECT count(*) FROM intake_case WHERE handover_id = %s", receipt.handover_id)
    return int(count)


def cases_in(whole: Whole) -> int:
    """How many cases there are."""
    ((count,),) = whole.rows("intake", "SELECT count(*) FROM intake_case")
    return int(count)


def at_the_same_instant(whole: Whole, call: Callable[[OfficeCalls], T]) -> list[T]:
    """The answers of several clients, each with a connection of its own, that call at once."""
    barrier = threading.Barrier(CLIENTS)

    def one(_: int) -> T:
        with whole.desks() as desks:
            work.custody_or_none(desks, POST, "00000000-0000-0000-0000-000000000000")
            barrier.wait(patient(10))
            return call(desks)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def test_a_repeated_submission_gets_the_same_answer(calm: Whole, desks: OfficeCalls) -> None:
    request = work.submission([work.person(index) for index in range(3)])
    first = desks.at(POST).submissions.SubmitHandover(request)
    assert desks.at(POST).submissions.SubmitHandover(request) == first
    assert people_of(calm, first.receipt) == 3
    asked = desks.at(POST).submissions.GetReceipt(submissions_pb2.GetReceiptRequest(request_id=request.request_id))
    assert asked.receipt == first.receipt


def test_submissions_at_the_same_instant_register_once(calm: Whole) -> None:
    request = work.submission([work.person(index) for index in range(3)])
    before = cases_in(calm)
    answers = at_the_same_instant(calm, lambda desks: desks.at(POST).submissions.SubmitHandover(request))
    assert all(answer == answers[0] for answer in answers)
    assert cases_in(calm) == before + 3


def test_a_repeated_dispatch_is_one_journey(calm: Whole, desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person()])
    work.wait_custody(desks, POST, case)
    said_as = work.request_id()
    answers = at_the_same_instant(calm, lambda own: work.dispatch(own, case, HOMES[0], said_as=said_as))
    assert all(answer == answers[0] for answer in answers)
    assert len(work.custody(desks, POST, case).transfers) == 1


@pytest.mark.parametrize("office_is_same", [True, False])
def test_the_same_id_with_other_content(calm: Whole, desks: OfficeCalls, office_is_same: bool) -> None:
    request = work.submission([work.person(0)])
    first = desks.at(POST).submissions.SubmitHandover(request)
    other = work.submission([work.person(1)], said_as=request.request_id)
    if office_is_same:
        with pytest.raises(RpcFailure) as refused:
            desks.at(POST).submissions.SubmitHandover(other)
        assert (refused.value.code, refused.value.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
        assert people_of(calm, first.receipt) == 1
    else:
        # Ids are an office's own: another that happens to choose the same one is not disturbed.
        other.handover.place.gate_id = "CN-HUU-NGHI"
        second = desks.at(OTHER_POST).submissions.SubmitHandover(other)
        assert second.receipt.handover_id != first.receipt.handover_id


def test_the_same_id_for_another_call(desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person()])
    work.wait_custody(desks, POST, case)
    said_as = work.request_id()
    work.dispatch(desks, case, HOMES[0], said_as=said_as)
    with pytest.raises(RpcFailure) as refused:
        desks.at(POST).transfers.RecallTransfer(transfers_pb2.RecallTransferRequest(request_id=said_as, case=case))
    assert refused.value.reason == "REQUEST_ID_REUSED"


def test_a_batch_with_bad_people_is_refused_whole(calm: Whole, desks: OfficeCalls) -> None:
    people = [work.person(index) for index in range(4)]
    people[1].full_name = ""
    people[3].birth_date = "1898-13-45"
    people[3].home_province.code = "99"
    request = work.submission(people)
    before = cases_in(calm)
    with pytest.raises(RpcFailure) as refused:
        desks.at(POST).submissions.SubmitHandover(request)
    assert (refused.value.code, refused.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT")
    found = {(one.row, one.field) for one in refused.value.violations}
    assert found == {(2, "full_name"), (4, "birth_date"), (4, "home_province")}
    assert cases_in(calm) == before

    # Refused is not answered: put right, it may come with the same id.
    corrected = work.submission([work.person(index) for index in range(4)], said_as=request.request_id)
    assert len(desks.at(POST).submissions.SubmitHandover(corrected).receipt.entries) == 4
