"""Attacks on the running system by a client of its own: tokens, offices, sizes. An honest officer goes on meanwhile."""

from __future__ import annotations

import time
from typing import Any, Final

import grpc
import jwt
import pytest
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped,unused-ignore]
from grpc_status import rpc_status

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.security import AUDIENCE, TOKEN_TYPE, TokenIssuer
from services.chassis.kernel.roles import Role
from services.client.services import SERVICES
from services.client.tokens import TOKEN_ISSUER
from tests.support.waiting import patient
from tests.support.whole import Whole

OF_SERVICE: Final = {
    "intake": "/homeward.intake.v1.ReadingService/ListCases",
    "handover": "/homeward.handover.v1.DirectoryService/ListRules",
    "followup": "/homeward.followup.v1.VisitService/ListFollowUps",
    "notify": "/homeward.notify.v1.InboxService/ListMessages",
}
"""A method that reads nothing of anybody in an empty request."""
SUBMIT: Final = "/homeward.intake.v1.SubmissionService/SubmitHandover"
HONEST: Final = ("SA-04", Role.SUPPORT_AGENCY, "own")
POST: Final = ("BP-CN-MONG-CAI", Role.BORDER_POST, "own")


def token(whole: Whole, office_id: str, role: Role, scope: str) -> str:
    """By the key that the services trust: an account that was set up wrongly."""
    issuer = TokenIssuer.from_file(whole.home.signing_key, TOKEN_ISSUER)
    return issuer.issue("attacker", office_id, role, scope, 600)


def made_by_hand(whole: Whole, kind: str) -> str:
    """With our key and all claims, and another type."""
    issuer = TokenIssuer.from_file(whole.home.signing_key, TOKEN_ISSUER)
    now = int(time.time())
    claims = {"iss": TOKEN_ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 600, "sub": "attacker"}
    claims |= {"office": "SA-04", "role": "SUPPORT_AGENCY", "scope": "own"}
    return jwt.encode(claims, issuer._key, algorithm="EdDSA", headers=issuer._headers | {"typ": kind})


def answer(
    whole: Whole, service: str, *bearers: str, method: str = "", request: bytes = b"", gzip: bool = False
) -> str:
    """OK, or the reason of the refusal; its code where the library refused."""
    options = [("grpc.max_send_message_length", -1)]
    compression = grpc.Compression.Gzip if gzip else None
    with grpc.insecure_channel(whole.addresses[service], options, compression) as channel:
        call: Any = channel.unary_unary(method or OF_SERVICE[service])
        try:
            call(request, metadata=[("authorization", f"Bearer {one}") for one in bearers], timeout=patient(20))
        except grpc.RpcError as refused:
            status = rpc_status.from_call(refused)
            info = ErrorInfo()
            told = status is not None and any(detail.Unpack(info) for detail in status.details)
            return str(info.reason) if told else str(refused.code().name)
    return "OK"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        pytest.param(
            ("NO-SUCH-OFFICE", Role.SUPERVISOR, "national"),
            "OFFICE_NOT_FOUND",
            marks=pytest.mark.attack(11, "office that does not exist, SUPERVISOR national"),
        ),
        pytest.param(
            ("SA-04", Role.SUPERVISOR, "national"),
            "ROLE_IS_NOT_THE_OFFICES",
            marks=pytest.mark.attack(12, "SA-04 as SUPERVISOR"),
        ),
        pytest.param(
            ("SA-04", Role.ADMIN, "own"), "ROLE_IS_NOT_THE_OFFICES", marks=pytest.mark.attack(12, "SA-04 as ADMIN")
        ),
        pytest.param(
            ("SA-24-2004", Role.SUPPORT_AGENCY, "own"),
            "OFFICE_SUCCEEDED",
            marks=pytest.mark.attack(13, "an office that has ended"),
        ),
        pytest.param(
            ("SV-04", Role.SUPERVISOR, "national"),
            "SCOPE_BEYOND_OFFICE",
            marks=pytest.mark.attack(14, "SV-04 with scope national"),
        ),
        pytest.param(
            ("VF-04", Role.VERIFIER, "22@2025"),
            "SCOPE_BEYOND_OFFICE",
            marks=pytest.mark.attack(14, "VF-04 with the scope of another province"),
        ),
    ],
)
def test_what_a_token_says_counts_as_far_as_the_directory_agrees(
    calm: Whole, service: str, claimed: tuple[str, Role, str], reason: str
) -> None:
    assert answer(calm, service, token(calm, *claimed)) == reason
    assert answer(calm, service, token(calm, *HONEST)) == "OK"


@pytest.mark.attack(17, "typ id_token, at each service")
@pytest.mark.parametrize("service", SERVICES)
def test_only_an_access_token_opens_a_service(calm: Whole, service: str) -> None:
    assert answer(calm, service, made_by_hand(calm, "id_token")) == "UNAUTHENTICATED"
    assert answer(calm, service, made_by_hand(calm, TOKEN_TYPE)) == "OK"


@pytest.mark.attack(10, "two authorization headers")
@pytest.mark.parametrize("service", SERVICES)
def test_of_two_tokens_the_first_counts(calm: Whole, service: str) -> None:
    honest, stranger = token(calm, *HONEST), token(calm, "NO-SUCH-OFFICE", Role.SUPPORT_AGENCY, "own")
    assert answer(calm, service, honest, stranger) == "OK"
    assert answer(calm, service, stranger, honest) == "OFFICE_NOT_FOUND"


@pytest.mark.attack(47, "100 000 people")
@pytest.mark.parametrize(
    ("claimed", "reasons"),
    [
        (POST, {"REQUEST_TOO_LARGE", "RESOURCE_EXHAUSTED"}),
        (("NGO-01", Role.NGO, "own"), {"PERMISSION_DENIED", "RESOURCE_EXHAUSTED"}),
        (None, {"UNAUTHENTICATED", "RESOURCE_EXHAUSTED"}),
    ],
    ids=["border post", "NGO", "no token"],
)
@pytest.mark.parametrize("people", [20_000, 100_000])
def test_people_without_number_are_refused_unread(
    calm: Whole, claimed: tuple[str, Role, str] | None, reasons: set[str], people: int
) -> None:
    request = submissions_pb2.SubmitHandoverRequest()
    for _ in range(people):
        request.handover.people.add(earlier_case="HW-999-999-957")
    bearers = [token(calm, *claimed)] if claimed else []
    assert answer(calm, "intake", *bearers, method=SUBMIT, request=request.SerializeToString()) in reasons
    assert answer(calm, "intake", token(calm, *HONEST)) == "OK"


@pytest.mark.attack(48, "gzip bomb")
def test_a_request_that_grows_as_it_is_unpacked_is_refused(calm: Whole) -> None:
    bomb = bytes(50_000_000)
    for bearers in ([], [token(calm, *POST)]):
        assert answer(calm, "intake", *bearers, method=SUBMIT, request=bomb, gzip=True) in (
            "RESOURCE_EXHAUSTED",
            "UNAUTHENTICATED",
        )
    assert answer(calm, "intake", token(calm, *HONEST)) == "OK"
