"""Plainly invented people, and the messages that register them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from homeward.intake.v1 import people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.intake.wire import timestamp

INVENTED_NAME = "Nguyễn Thị Ví Dụ"


def person(name: str = INVENTED_NAME, **changes: object) -> people_pb2.Person:
    """An invented woman of 27 from Hà Giang."""
    values: dict[str, object] = {
        "full_name": name,
        "sex": "Feminine",
        "birth_date": "1998-04-30",
        "nationality": "VN",
        "ethnicity": "2008:08",
        "language": "hmn",
        "home_province": types.ProvinceRef(code="02", vintage="2004"),
        "home_address": "Thôn Bịa Đặt, xã Tưởng Tượng",
        "returned_from_country": "CN",
        "health_remarks": "Sốt bịa đặt",
        "documents": ["Giấy tờ ví dụ số 12"],
        "belongings": ["Túi vải tưởng tượng"],
        "return_certificate_number": "GCN-VIDU-77",
    }
    return people_pb2.Person(**(values | changes))  # type: ignore[arg-type]


def submission(
    *people: people_pb2.Person,
    at: datetime,
    request_id: str = "",
    again: Sequence[int] | None = None,
    confirmed: Sequence[str] = ("GATE_OF_ANOTHER", "LONG_AGO"),
    **changes: object,
) -> submissions_pb2.SubmitHandoverRequest:
    """A handover of these people (one invented woman by default) at Hữu Nghị.

    Of one name there may be any number of invented women, unless `again` says which rows are others.
    """
    given = people or (person(),)
    values: dict[str, object] = {
        "route": types.ROUTE_OF_RETURN_OFFICIAL_HANDOVER,
        "handover_time": timestamp(at),
        "place": submissions_pb2.Place(gate_id="CN-HUU-NGHI"),
        "handing_body": "Công an Bịa Đặt",
        "joint_minutes_number": "BB-TƯỞNG-TƯỢNG-5",
        "people": given,
    }
    return submissions_pb2.SubmitHandoverRequest(
        request_id=request_id or str(uuid.uuid4()),
        handover=submissions_pb2.Handover(**(values | changes)),  # type: ignore[arg-type]
        also_register_again=range(1, len(given) + 1) if again is None else again,
        confirmed=confirmed,
    )
