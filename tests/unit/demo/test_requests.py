"""Requests follow from the plan: a rerun sends the same ones, and intake accepts them."""

from __future__ import annotations

import uuid

import pytest

from homeward.type.v1 import types_pb2
from services.demo import requests
from tests.unit.demo.invented import plans, year

CASE_ID = str(uuid.UUID(int=7))


def test_request_ids_are_the_same_again_and_differ_by_seed_case_and_step() -> None:
    ids = {requests.request_id(seed, key, step) for seed in (1, 2) for key in ("1/1", "1/2") for step in ("a", "b")}
    assert len(ids) == 8
    assert requests.request_id(1, "1/1", "a") in ids
    assert all(str(uuid.UUID(one)) == one for one in ids)


def test_every_submission_is_written_twice_the_same() -> None:
    for one in year():
        write = requests.register if one.alone else requests.submit
        assert write(1, one) == write(1, one)


@pytest.mark.parametrize("status", ["IDENTIFIED", "NOT_IDENTIFIED", "DECLINED"])
def test_only_an_identification_has_grounds_and_only_a_refusal_a_reason(status: str) -> None:
    plan = next(plan for plan in plans() if plan.identification == status)
    request = requests.decide(1, plan, CASE_ID, plan.received_on)
    assert request.status == types_pb2.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}")
    assert bool(request.grounds) == (status == "IDENTIFIED")
    assert bool(request.reason) == (status != "IDENTIFIED")


def test_two_journeys_of_one_person_are_two_requests() -> None:
    plan = plans()[0]
    first, second = (
        requests.dispatch(1, plan, CASE_ID, plan.home_office_id, plan.received_on, plan.received_on, journey)
        for journey in (1, 2)
    )
    assert first.request_id != second.request_id
