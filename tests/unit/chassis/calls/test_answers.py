"""The digest under which a request is answered once."""

from __future__ import annotations

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.answers import digest_of

KEY = b"k" * 32


@pytest.mark.parametrize(
    "moment",
    [
        Timestamp(seconds=1_790_000_000_000),
        Timestamp(seconds=253_402_300_800),
        Timestamp(seconds=1, nanos=-1),
        Timestamp(seconds=1, nanos=2_000_000_000),
        Timestamp(seconds=-(2**62)),
    ],
)
def test_a_moment_that_no_calendar_has_has_a_digest(moment: Timestamp) -> None:
    request = submissions_pb2.RegisterSelfReturnRequest(request_id="1", report_time=moment)
    assert digest_of(request, KEY) == digest_of(request, KEY)
    other = submissions_pb2.RegisterSelfReturnRequest(request_id="2", report_time=moment)
    assert digest_of(request, KEY) != digest_of(other, KEY)
