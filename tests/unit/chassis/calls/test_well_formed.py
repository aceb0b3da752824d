"""What is turned away before anything of a request is used."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import submissions_pb2 as intake
from services.chassis.calls.well_formed import FAULTS_MAX, ITEMS_MAX, require_well_formed
from services.chassis.kernel.errors import InvalidInput


def faults(request: Message) -> list[tuple[int | None, str, str]]:
    """Row, field and code of what is wrong."""
    with pytest.raises(InvalidInput) as refused:
        require_well_formed(request)
    return [(each.row, each.field, each.code) for each in refused.value.violations]


def moment(seconds: int = 0, nanos: int = 0) -> intake.RegisterSelfReturnRequest:
    return intake.RegisterSelfReturnRequest(report_time=Timestamp(seconds=seconds, nanos=nanos))


@pytest.mark.parametrize(("seconds", "nanos"), [(0, 2_147_483_647), (0, -1), (1 << 62, 0), (-(1 << 62), 0)])
def test_a_moment_that_no_calendar_has(seconds: int, nanos: int) -> None:
    assert faults(moment(seconds, nanos)) == [(None, "report_time", "NOT_A_DATE")]


@pytest.mark.parametrize(("seconds", "nanos"), [(0, 0), (0, 999_999_999), (-62_135_596_800, 0), (253_402_300_799, 0)])
def test_every_moment_that_a_calendar_has(seconds: int, nanos: int) -> None:
    moment(seconds, nanos).report_time.ToDatetime()
    require_well_formed(moment(seconds, nanos))


def test_a_character_that_no_database_takes_is_told_wherever_it_stands() -> None:
    request = journeys_pb2.DispatchJourneyRequest(request_id="a\0", rows=[journeys_pb2.JourneyRow()] * 2)
    request.rows[1].case = "\0"
    assert faults(request) == [(None, "request_id", "BAD_CHARACTERS"), (2, "case", "BAD_CHARACTERS")]


def test_a_list_without_end_is_not_walked() -> None:
    request = intake.SubmitHandoverRequest()
    for _ in range(ITEMS_MAX + 1):
        request.handover.people.add(full_name="\0")
    assert faults(request) == [(None, "handover.people", "TOO_MANY")]
    del request.handover.people[-1]
    assert len(faults(request)) == FAULTS_MAX
