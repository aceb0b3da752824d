"""Every day of every request is written in one way, and refused with the same codes when it is not.

A service takes part when it stands in ADOPTED: its calls are found by its definition, its days by their names. A call
that looks at its days in one case only gets that case in BEFORE.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy.exc import OperationalError

from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.security import CallContext, set_call
from services.chassis.kernel.errors import InvalidInput
from services.chassis.service.process import Chassis, Definition
from services.followup import __main__ as followup
from services.handover import __main__ as handover
from services.intake import __main__ as intake
from services.notify import __main__ as notify
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor
from tests.support.identities import caller_for

ADOPTED: dict[str, tuple[Definition, int]] = {
    "handover": (handover.DEFINITION, 28),
    "followup": (followup.DEFINITION, 17),
    "intake": (intake.DEFINITION, 11),
    "notify": (notify.DEFINITION, 2),
}
"""By service: its definition, and how many days its requests have, so that none is overlooked."""
BEFORE: dict[str, dict[str, Any]] = {
    "ResolveSearch": {"resolution": types.SEARCH_RESOLUTION_FOUND},
    # Nothing else is asked for, so that a good day alone would be answered.
    "ListFollowUps": {"page_size": -1},
    "ListOffices": {"page_size": -1},
}
"""What else a request says, by method."""
KNOWN_IN_PART = frozenset({"birth_date"})
"""Not a day: a year, a month or a day."""
BAD = {
    "2027-W01-1": "BAD_FORMAT",
    "20270104": "BAD_FORMAT",
    "2027-1-4": "BAD_FORMAT",
    "04/01/2027": "BAD_FORMAT",
    "2027-01-04T00:00:00Z": "BAD_FORMAT",
    " 2027-01-04": "BAD_FORMAT",
    "2027-02-31": "NOT_A_DATE",
    "2027-13-01": "NOT_A_DATE",
}
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"
"""A database that nobody has: a request that comes as far was taken."""
_DAY_NAME = re.compile(r"(.*_)?(on|date|dates|from|until)|days_.*")

Path = tuple[FieldDescriptor, ...]


def days_of(descriptor: Descriptor, way: Path = ()) -> Iterator[Path]:
    """The ways to all days of a message."""
    for field in descriptor.fields:
        if field.message_type is not None:
            if field not in way:
                yield from days_of(field.message_type, (*way, field))
        elif _is_day(field):
            yield (*way, field)


def _is_day(field: FieldDescriptor) -> bool:
    is_text = field.type == FieldDescriptor.TYPE_STRING
    return is_text and field.name not in KNOWN_IN_PART and _DAY_NAME.fullmatch(field.name) is not None


def calls_of(chassis: Chassis, definition: Definition) -> list[tuple[ServiceDescriptor, object]]:
    """The gRPC services of a process with what answers them."""
    rooms = definition.build(chassis)
    return [(one.service, one.servicer) for one in rooms.services if one.service.name != "OfficeEndService"]


def with_day(message_type: Descriptor, way: Path, text: str, said: dict[str, Any]) -> Message:
    """A request that says this day and hardly anything else."""
    request: Any = GetMessageClass(message_type)(**said)
    at = request
    for field in way[:-1]:
        at = getattr(at, field.name).add() if field.is_repeated else getattr(at, field.name)
    if way[-1].is_repeated:
        getattr(at, way[-1].name).append(text)
    else:
        setattr(at, way[-1].name, text)
    found: Message = request
    return found


async def codes_of(answer: Callable[[Any, Any], Any], request: Message, name: str) -> Sequence[str]:
    """The codes with which a request is refused for a field."""
    try:
        await answer(request, None)
    except InvalidInput as refused:
        told = [each for each in refused.violations if re.fullmatch(rf"(.*\.)?{name}(\[1\])?", each.field)]
        return [each.code for each in told]
    except OperationalError:
        # Nothing was wrong with it: it came as far as the database, which is nowhere.
        return []
    return ["TAKEN"]


@pytest.mark.parametrize("service", ADOPTED)
async def test_bad_days_are_refused_with_the_same_codes(
    service: str, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    definition, number = ADOPTED[service]
    days, otherwise = 0, []
    for descriptor, servicer in calls_of(chassis_for(service, NOWHERE, clock), definition):
        for method in descriptor.methods:
            set_call(CallContext(caller_for("SA-22"), "correlation", "", f"/x/{method.name}", "en"))
            for way in days_of(method.input_type):
                days += 1
                name = way[-1].name
                for text, code in BAD.items():
                    request = with_day(method.input_type, way, text, BEFORE.get(method.name, {}))
                    codes = await codes_of(getattr(servicer, method.name), request, name)
                    if codes != [code]:
                        otherwise.append((method.name, name, text, codes))
                good = with_day(method.input_type, way, date(2027, 1, 4).isoformat(), BEFORE.get(method.name, {}))
                if codes := await codes_of(getattr(servicer, method.name), good, name):
                    otherwise.append((method.name, name, "2027-01-04", codes))
    assert otherwise == []
    assert days == number
