"""A service proves who it is to the one that it asks, and to no other."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from services.chassis.calls import service_tokens
from services.chassis.calls.service_tokens import LIFETIME_S, TOKEN_TYPE, ServiceTokens
from services.chassis.kernel.errors import Unauthenticated
from tests.support.signing import event_keys, signer_of

INTAKE = signer_of("intake")
AT_HANDOVER = ServiceTokens("handover", event_keys())


def made(claims: dict[str, Any] | None = None, headers: dict[str, Any] | None = None, by: str = "intake") -> str:
    """A token that somebody makes up with the key of a service."""
    now, signer = int(time.time()), signer_of(by)
    good = {"iss": "intake", "aud": "homeward-handover", "iat": now, "exp": now + LIFETIME_S, "jti": "1"}
    typed = {"kid": signer.kid, "typ": TOKEN_TYPE}
    return jwt.encode(good | (claims or {}), signer.key, algorithm="EdDSA", headers=typed | (headers or {}))


def test_the_service_is_known() -> None:
    assert AT_HANDOVER.verify(service_tokens.issue(INTAKE, "handover")) == "intake"
    assert AT_HANDOVER.verify(made()) == "intake"


FORGED = {
    "nothing": "",
    "no token": "a.b.c",
    "for another service": service_tokens.issue(INTAKE, "notify"),
    "an hour old": service_tokens.issue(INTAKE, "handover", now=lambda: time.time() - 3_600),
    "for an hour": made({"exp": int(time.time()) + 3_600}),
    "in another's name": made({"iss": "followup"}),
    "with another's key": made(by="notify"),
    "with an unknown key": made(headers={"kid": "x"}),
    "of another type": made(headers={"typ": "at+jwt"}),
    "without an end": jwt.encode({"iss": "intake"}, INTAKE.key, algorithm="EdDSA", headers={"kid": INTAKE.kid}),
    "not signed": jwt.encode({"iss": "intake"}, "", algorithm="none", headers={"kid": INTAKE.kid, "typ": TOKEN_TYPE}),
}


@pytest.mark.parametrize("what", FORGED)
def test_nobody_else_is_let_in(what: str) -> None:
    with pytest.raises(Unauthenticated):
        AT_HANDOVER.verify(FORGED[what])
