"""Which answers are lists of cases; that each has its word is in `tests/unit/client/test_words.py`."""

from __future__ import annotations

import pytest

from homeward.handover.v1 import directory_pb2, open_cases_pb2
from homeward.intake.v1 import reading_pb2
from services.chassis.service.lists_read import rows_of


@pytest.mark.parametrize("rows", [0, 3])
def test_the_rows_of_a_list_of_cases_are_counted(rows: int) -> None:
    answer = open_cases_pb2.ListCustodiesResponse(cases=[open_cases_pb2.OpenCase() for _ in range(rows)])
    assert rows_of(answer) == rows


def test_what_is_no_list_of_cases_is_none() -> None:
    assert rows_of(reading_pb2.GetCaseResponse()) is None
    assert rows_of(directory_pb2.ListOfficesResponse(offices=[directory_pb2.Office()])) is None
