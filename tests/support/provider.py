"""A provider of accounts in this process, as RFC 6749, 7636 and OpenID Connect say, and as wrong as a test wants it."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER: Final = "https://accounts.test"
CLIENT: Final = "homeward-console"
CONSOLE: Final = "https://console.test"


@dataclass
class FakeProvider:
    """Signs in whoever `account` says. `id_changes` and `access_changes` alter the claims of what it signs."""

    account: dict[str, str]
    algorithm: str = "ES256"
    lifetime_s: int = 300
    id_changes: dict[str, Any] = field(default_factory=dict)
    access_changes: dict[str, Any] = field(default_factory=dict)
    refuses: bool = False
    away: bool = False
    revoked: list[str] = field(default_factory=list)
    refreshed: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _refresh: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._key: Any = generate_ec(SECP256R1()) if self.algorithm == "ES256" else generate_rsa(65537, 2048)

    @property
    def transport(self) -> httpx2.AsyncBaseTransport:
        """The way to it."""
        return httpx2.MockTransport(self._answer)

    def authorize(self, address: str) -> dict[str, str]:
        """What an officer does on its page: the query with which she comes back to the console."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["redirect_uri"], asked["code_challenge_method"]) == (f"{CONSOLE}/sign-in/done", "S256")
        code = uuid.uuid4().hex
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.away:
            raise httpx2.ConnectError("nobody there")
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        answers: dict[str, Callable[[dict[str, str]], dict[str, Any] | None]] = {
            "/.well-known/openid-configuration": lambda _sent: self._metadata(),
            "/keys": lambda _sent: {"keys": [self._jwk()]},
            "/token": self._token,
            "/revoke": self._revoke,
        }
        found = answers[request.url.path](sent)
        if found is None:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        return httpx2.Response(200, json=found)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "revocation_endpoint": f"{ISSUER}/revoke",
            "end_session_endpoint": f"{ISSUER}/leave",
        }

    def _jwk(self) -> dict[str, Any]:
        kind: Any = ECAlgorithm if self.algorithm == "ES256" else RSAAlgorithm
        public: dict[str, Any] = json.loads(kind.to_jwk(self._key.public_key()))
        return {**public, "kid": "key-1", "use": "sig", "alg": self.algorithm}

    def _token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        if self.refuses:
            return None
        if sent["grant_type"] == "refresh_token":
            if sent["refresh_token"] not in self._refresh:
                return None
            self._refresh.remove(sent["refresh_token"])
            self.refreshed += 1
            return self._tokens("")
        asked = self._codes.pop(sent["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode()
        if asked is None or challenge.rstrip("=") != asked["code_challenge"]:
            return None
        return self._tokens(asked["nonce"])

    def _tokens(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        common = {"iss": ISSUER, "iat": now, "exp": now + self.lifetime_s, "sub": self.account["sub"]}
        refresh = uuid.uuid4().hex
        self._refresh.add(refresh)
        identity = common | {"aud": CLIENT, "nonce": nonce} | self.id_changes
        access = common | {"aud": "homeward", "scope": "own"} | self.account | self.access_changes
        return {
            "token_type": "Bearer",
            "expires_in": self.lifetime_s,
            "refresh_token": refresh,
            "id_token": self._signed(identity, "JWT"),
            "access_token": self._signed(access, "at+jwt"),
        }

    def _signed(self, claims: dict[str, Any], kind: str) -> str:
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self._key, algorithm=self.algorithm, headers={"kid": "key-1", "typ": kind})

    def _revoke(self, sent: dict[str, str]) -> dict[str, Any]:
        self.revoked.append(sent["token"])
        return {}
