"""Whoever has no good token, or the wrong role, is refused by every method of every service, at its door.

What those with a good one may do and see stands in `tests/integration/matrix/matrix.txt`.
"""

from __future__ import annotations

import base64
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from homeward.type.v1 import types_pb2
from services.chassis.calls.client import Client, RpcFailure
from services.chassis.calls.policy import FRESH_S, full_name, policies_of
from services.chassis.calls.security import TokenIssuer
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Grade, Role
from services.chassis.storage.key_files import create_signing_key
from services.client.contracts import CONTRACTS
from services.client.services import SERVICES
from services.client.tokens import TOKEN_ISSUER
from tests.e2e import work
from tests.e2e.work import POST
from tests.support.waiting import patient
from tests.support.whole import Whole

OFFICE_OF_ROLE = {
    Role.BORDER_POST: POST,
    Role.RECEPTION_CENTRE: "RC-LAO-CAI",
    Role.VERIFIER: work.VERIFIER,
    Role.SUPPORT_AGENCY: "SA-04",
    Role.COMMUNE: "CM-20-01",
    Role.NGO: "NGO-01",
    Role.SUPERVISOR: work.NATIONAL_SUPERVISOR,
    Role.AUDITOR: work.AUDITOR,
    Role.ADMIN: "ADMIN-NATIONAL",
}
METHODS = [
    (service, method)
    for service, contracts in CONTRACTS.items()
    for contract in contracts
    for method in contract.methods
]
POLICIES = policies_of(contract for contracts in CONTRACTS.values() for contract in contracts)
AN_HOUR_S = 3_600


def method_id(value: object) -> str:
    """The parameter of a test, for people."""
    return value.name if isinstance(value, MethodDescriptor) else str(value)


@cache
def issuer_of(whole: Whole) -> TokenIssuer:
    """The one that the services trust."""
    return TokenIssuer.from_file(whole.home.signing_key, TOKEN_ISSUER)


def role_of(method: MethodDescriptor) -> Role:
    """A role that may call the method; any where only a service may."""
    return min(POLICIES[full_name(method)].roles or {Role.BORDER_POST})


@cache
def token(whole: Whole, role: Role, office_id: str | None = None) -> str:
    """A good token of that role, of somebody with every grade."""
    return issuer_of(whole).issue("tester-1", office_id or OFFICE_OF_ROLE[role], role, grades=Grade)


def call(
    whole: Whole, service: str, method: MethodDescriptor, request: Message, bearer: str | None
) -> RpcFailure | None:
    """Call a method; how it was refused, or None."""
    answer_type = GetMessageClass(method.output_type)
    stub = channel_of(whole, service, bearer).unary_unary(
        full_name(method),
        request_serializer=type(request).SerializeToString,
        response_deserializer=answer_type.FromString,
    )
    try:
        stub(request)
    except RpcFailure as refused:
        return refused
    return None


CHANNELS: dict[tuple[str, str | None], grpc.Channel] = {}
"""Kept until the last test of this file, by address and token."""


def channel_of(whole: Whole, service: str, bearer: str | None) -> grpc.Channel:
    """A channel of somebody with this token."""
    key = whole.addresses[service], bearer
    if key not in CHANNELS:
        CHANNELS[key] = Client(key[0], token=bearer, max_attempts=1).channel()
    return CHANNELS[key]


@pytest.fixture(scope="module", autouse=True)
def _channels_end() -> Iterator[None]:
    yield
    while CHANNELS:
        CHANNELS.popitem()[1].close()


def empty(method: MethodDescriptor) -> Message:
    """A request that says nothing."""
    return GetMessageClass(method.input_type)()


@cache
def expired(whole: Whole, role: Role) -> str:
    """A token of two hours ago."""
    early = TokenIssuer(whole.home.signing_key.read_bytes(), TOKEN_ISSUER, now=lambda: time.time() - 2 * AN_HOUR_S)
    return early.issue("tester-1", OFFICE_OF_ROLE[role], role, lifetime_s=AN_HOUR_S)


@cache
def tampered(whole: Whole, role: Role) -> str:
    """A good token of another office, with this role's claims put in."""
    good = token(whole, role).split(".")
    other = token(whole, Role.ADMIN if role is not Role.ADMIN else Role.NGO).split(".")
    return ".".join([good[0], good[1], other[2]])


@cache
def forged(whole: Whole, role: Role) -> str:
    """A token of somebody else's key, under our issuer's name."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "forger.key"
        create_signing_key(key)
        forger = TokenIssuer.from_file(key, TOKEN_ISSUER)
    return forger.issue("tester-1", OFFICE_OF_ROLE[role], role)


@cache
def unsigned(whole: Whole, role: Role) -> str:
    """A token that says that it needs no signature."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
    return f"{header}.{token(whole, role).split('.')[1]}."


@pytest.mark.parametrize(("service", "method"), METHODS, ids=method_id)
def test_without_a_good_token_nobody_gets_in(calm: Whole, service: str, method: MethodDescriptor) -> None:
    refused = call(calm, service, method, empty(method), None)
    assert refused is not None
    assert refused.code is grpc.StatusCode.UNAUTHENTICATED
    for make in (expired, tampered, forged, unsigned):
        refused = call(calm, service, method, empty(method), make(calm, role_of(method)))
        assert refused is not None, make.__name__
        assert refused.code is grpc.StatusCode.UNAUTHENTICATED, make.__name__
    if not POLICIES[full_name(method)].roles:
        return
    control = call(calm, service, method, empty(method), token(calm, role_of(method)))
    assert control is None or control.code not in (
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.INTERNAL,
    )


@pytest.mark.parametrize(("service", "method"), METHODS, ids=method_id)
def test_a_wrong_role_is_refused(calm: Whole, service: str, method: MethodDescriptor) -> None:
    wrong = set(Role) - POLICIES[full_name(method)].roles
    # Offices and the limits of deadlines are no secret; every other method has somebody to turn away.
    assert wrong or method.name in ("ListOffices", "ListRules")
    for role in wrong:
        refused = call(calm, service, method, empty(method), token(calm, role))
        assert refused is not None, role
        assert refused.code is grpc.StatusCode.PERMISSION_DENIED, role


FRESH = [(service, method) for service, method in METHODS if POLICIES[full_name(method)].fresh]


@pytest.mark.parametrize(("service", "method"), FRESH, ids=method_id)
def test_a_sign_in_of_long_ago_is_not_enough_where_it_has_to_be_fresh(
    calm: Whole, service: str, method: MethodDescriptor
) -> None:
    reasons: list[str] = []
    for ago_s in (FRESH_S + 60, 0):
        role = role_of(method)
        signed_in_at_s = time.time() - ago_s
        bearer = issuer_of(calm).issue("tester-1", OFFICE_OF_ROLE[role], role, signed_in_at_s=signed_in_at_s)
        refused = call(calm, service, method, empty(method), bearer)
        reasons.append(refused.reason if refused is not None else "")
    assert reasons[0] == "SIGN_IN_TOO_OLD"
    assert reasons[1] not in ("SIGN_IN_TOO_OLD", "PERMISSION_DENIED", "UNAUTHENTICATED")


@pytest.mark.parametrize("service", SERVICES)
def test_reflection_tells_nothing_to_strangers(calm: Whole, service: str) -> None:
    with grpc.insecure_channel(calm.addresses[service]) as channel:
        asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        with pytest.raises(grpc.RpcError) as refused:
            list(reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(asked, timeout=patient(5)))
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


# Requests with which nothing is wrong.


NOBODYS_CASE: Final = str(uuid.uuid4())
_OF_METHOD: Final[Mapping[str, Callable[[], Mapping[str, Any]]]] = {
    "LinkFamily": lambda: {"other_case": NOBODYS_CASE},
    "UnlinkFamily": lambda: {"other_case": NOBODYS_CASE},
    "CorrectEntry": lambda: {
        "reason": types_pb2.ENTRY_REASON_WRONG_DAY,
        "on": local_date(work.real_now()).isoformat(),
    },
}
"""What only one method asks for, or asks for in its own way."""


def complete(method: MethodDescriptor, case: str) -> Message:
    """A request for a case with which nothing is wrong but who asks."""
    today = local_date(work.real_now())
    fields = method.input_type.fields_by_name
    reason = fields.get("reason")
    values: Mapping[str, Any] = {
        "to_office_id": "SA-15",
        "expected_departure_on": today.isoformat(),
        "departed_on": today.isoformat(),
        "expected_arrival_on": (today + timedelta(days=1)).isoformat(),
        "person": work.person(1),
        "grounds": ["FORCED_MARRIAGE"],
        "decided_on": today.isoformat(),
        "outcome": types_pb2.FOLLOW_UP_OUTCOME_SETTLED,
        "status": types_pb2.IDENTIFICATION_STATUS_IDENTIFIED,
        "destination": types_pb2.DISCHARGE_DESTINATION_PLANNED_TRANSFER,
        "kind": types_pb2.SEARCH_STEP_KIND_COMMUNE_ASKED if method.name == "RecordSearchStep" else 0,
        "resolution": types_pb2.SEARCH_RESOLUTION_RETURNED_TO_SENDER,
        "arrived_on": today.isoformat(),
        "later_case": NOBODYS_CASE,
        "relation": "CHILD",
        "togetherness": 1,
        "entry_number": 1,
        "reason": 1 if reason is not None and reason.enum_type is not None else "Invented reason",
        **_OF_METHOD.get(method.name, lambda: {})(),
    }
    request: Any = GetMessageClass(method.input_type)(request_id=str(uuid.uuid4()), case=case)
    for name in fields:
        if name == "person":
            request.person.CopyFrom(values["person"])
        elif name == "grounds":
            request.grounds.extend(values["grounds"])
        elif name in values:
            setattr(request, name, values[name])
    return request  # type: ignore[no-any-return]
