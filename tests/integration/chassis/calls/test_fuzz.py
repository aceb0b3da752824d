"""Whatever comes in a request, no service answers that something went wrong on its side; the methods come from the
contracts, and what is sent from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.chassis.calls.policy import full_name, policies_of
from services.chassis.kernel.roles import Role
from services.client.contracts import CONTRACTS
from services.followup import __main__ as followup
from services.handover import __main__ as handover
from services.intake import __main__ as intake
from services.notify import __main__ as notify
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.processes import serve
from tests.support.waiting import patient

DEFINITIONS: Final = {each.name: each for each in (one.DEFINITION for one in (intake, handover, followup, notify))}
OFFICES: Final = {
    Role.BORDER_POST: "BP-CN-MONG-CAI",
    Role.RECEPTION_CENTRE: "RC-LAO-CAI",
    Role.VERIFIER: "VF-24",
    Role.SUPPORT_AGENCY: "SA-24",
    Role.COMMUNE: "CM-20-01",
    Role.NGO: "NGO-01",
    Role.SUPERVISOR: "SV-24",
    Role.AUDITOR: "AUDIT-NATIONAL",
    Role.ADMIN: "ADMIN-NATIONAL",
}
ROUNDS: Final = 12
_REQUEST_ID: Final = "request_id"
CASE: Final = "01977f6e-0000-7000-8000-000000000001"
TEXTS: Final = (
    "",
    "\0",
    "a\0b",
    "\u202e",
    "\ud7ff\U0010ffff",
    "'; DROP TABLE outbox; --",
    "%s%n{0}{case}",
    "x" * 5_000,
    "-1",
    "99999999999999999999",
    "HW-999-999-957",
    CASE,
    "00000000-0000-0000-0000-000000000000",
    "SA-24",
    "NO-SUCH",
    "SUPPORT_AGENCY",
    "2026-02-30",
    "2026-03-01",
    "9999-12-31",
    "0001-01-01",
    "01977f6e-0000-7000-8000-00000000000g",
    "TRANSFER_ACKNOWLEDGE",
    "\x1b[31m",
)
NUMBERS: Final = (0, 1, -1, 2, 3, 200, 201, 2**31 - 1, -(2**31), 99)
BIG: Final = (*NUMBERS, 2**63 - 1, -(2**63), 1_772_400_000)


def value_of(field: Any, chance: random.Random, depth: int) -> Any:
    """Something for one field."""
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            text = chance.choice(TEXTS)
            return text if field.type == FieldDescriptor.TYPE_STRING else text.encode()
        case FieldDescriptor.CPPTYPE_BOOL:
            return chance.random() < 0.5
        case FieldDescriptor.CPPTYPE_INT64:
            return chance.choice(BIG)
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return abs(chance.choice(NUMBERS))
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return chance.choice((0.0, -1.5, float("nan"), float("inf")))
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return fuzzed(GetMessageClass(field.message_type)(), chance, depth + 1)
        case _:
            return chance.choice(NUMBERS)


def fuzzed(message: Message, chance: random.Random, depth: int = 0) -> Message:
    """A message in which much is wrong, and some is right."""
    for field in message.DESCRIPTOR.fields:
        if depth > 4 or chance.random() < 0.25:
            continue
        if field.is_repeated:
            for _ in range(chance.choice((0, 1, 3))):
                if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
                    fuzzed(getattr(message, field.name).add(), chance, depth + 1)
                else:
                    getattr(message, field.name).append(value_of(field, chance, depth))
        elif field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            getattr(message, field.name).SetInParent()
            fuzzed(getattr(message, field.name), chance, depth + 1)
        else:
            setattr(message, field.name, value_of(field, chance, depth))
    if depth == 0 and _REQUEST_ID in message.DESCRIPTOR.fields_by_name and chance.random() < 0.8:
        setattr(message, _REQUEST_ID, f"01977f6e-0000-7000-8000-{chance.getrandbits(48):012x}")
    return message


def broken(chance: random.Random) -> bytes:
    """What is no message at all: noise, a length that lies, a nesting without end."""
    return chance.choice((chance.randbytes(40), b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x80\x01" * 300, b"\x0b" * 400))


def requests_of(method: MethodDescriptor, chance: random.Random) -> Iterator[bytes]:
    """So many of each kind."""
    yield b""
    yield broken(chance)
    for _ in range(ROUNDS):
        yield fuzzed(GetMessageClass(method.input_type)(), chance).SerializeToString()


@pytest.mark.attack(41, "SQL and markup in case refs, office ids, names; bidi")
@pytest.mark.attack(43, "fuzz over all methods")
@pytest.mark.parametrize("service", sorted(DEFINITIONS))
async def test_nothing_malformed_is_an_internal_error(
    service: str, chassis_for: ChassisFor, service_database: ServiceDatabase, clock: FakeClock, token_for: TokenFor
) -> None:
    policies = policies_of(CONTRACTS[service])
    chassis = chassis_for(service, service_database(service), clock)
    found: list[str] = []
    number = 0
    async with serve(DEFINITIONS[service], chassis) as address, grpc.aio.insecure_channel(address) as channel:
        for contract in CONTRACTS[service]:
            for method in contract.methods:
                chance = random.Random(method.full_name)
                # What only services may ask is tried by everybody.
                roles = sorted(policies[full_name(method)].roles or OFFICES)
                call: Any = channel.unary_unary(full_name(method))
                for request in requests_of(method, chance):
                    number += 1
                    # Another account each time: what is refused again and again would not be looked at any more.
                    token = token_for(OFFICES[chance.choice(roles)], subject=f"fuzzer-{number}")
                    metadata = (("authorization", f"Bearer {token}"),)
                    try:
                        await call(request, metadata=metadata, timeout=patient(10))
                    except grpc.aio.AioRpcError as refused:
                        if refused.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN):
                            found.append(f"{method.name}: {request!r:.400}")
    assert found == []
