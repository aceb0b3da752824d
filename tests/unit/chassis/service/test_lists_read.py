"""Which answers are lists of cases, as the contracts have them, and that each has its word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from homeward.handover.v1 import open_cases_pb2
from homeward.intake.v1 import reading_pb2
from services.chassis.calls.policy import full_name, policies_of
from services.chassis.kernel.roles import Role
from services.chassis.service.lists_read import rows_of
from services.client import words
from services.client.contracts import CONTRACTS

OVERSEERS = {Role.SUPERVISOR, Role.VERIFIER, Role.AUDITOR}


def _lists() -> Iterator[MethodDescriptor]:
    for contracts in CONTRACTS.values():
        for contract in contracts:
            policies = policies_of([contract])
            for method in contract.methods:
                if method.name.startswith("List") and policies[full_name(method)].roles & OVERSEERS:
                    yield method


def test_every_list_of_cases_that_an_overseer_is_given_is_counted_and_has_a_word() -> None:
    counted = {each.name for each in _lists() if rows_of(GetMessageClass(each.output_type)()) is not None}
    assert counted == set(words.LISTS.codes)


@pytest.mark.parametrize("rows", [0, 3])
def test_its_rows_are_counted(rows: int) -> None:
    answer = open_cases_pb2.ListCustodiesResponse(cases=[open_cases_pb2.OpenCase() for _ in range(rows)])
    assert rows_of(answer) == rows
    assert rows_of(reading_pb2.GetCaseResponse()) is None
