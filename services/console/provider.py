"""Signing in with an account: OpenID Connect, the code flow with PKCE, nonce and state.

The provider knows the officers and says in the access token for which office, in which role and scope one acts; that
token is what the services are called with, and it never reaches the browser.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from services.chassis.calls.common import is_loopback
from services.chassis.calls.security import ALGORITHMS, TokenVerifier, public_keys
from services.chassis.kernel.errors import Unauthenticated
from services.chassis.kernel.roles import Caller
from services.console.secret import SealBroken, Secret
from services.console.sessions import Granted, Sessions, SignedIn

SCOPE: Final = "openid offline_access"
METADATA: Final = "/.well-known/openid-configuration"
METADATA_S: Final = 3_600.0
KEYS_S: Final = 60.0
"""How often a key that is not known makes us look for new ones at most."""
ANSWER_S: Final = 5.0
BEGUN_S: Final = 10 * 60
RENEW_S: Final = 30.0
"""A token is renewed when it would not outlive a call with its repetitions."""
PLACE: Final = b"signing in"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderAway(Exception):
    """The provider does not answer, or answers what is no OpenID Connect."""


class SignInRefused(Exception):
    """What came back is no sign-in that was begun here, or the provider does not vouch for it."""


class SignInEnded(Exception):
    """The provider renews the tokens of a session no more: sign in again."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The provider, and this console as it knows it.

    Attributes:
        issuer: its address, as its tokens name it.
        client_id, client_secret: this console; without a secret it is a public client, which PKCE alone protects.
        address: of this console, as browsers reach it.
    """

    issuer: str
    client_id: str
    address: str
    client_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for an address that others on the way could read."""
        for name, address in (("HOMEWARD_OIDC_ISSUER", self.issuer), ("HOMEWARD_CONSOLE_ADDRESS", self.address)):
            parts = urlsplit(address)
            if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
                raise ValueError(f"{name} must begin with https://")

    @property
    def redirect(self) -> str:
        """Where the provider sends officers back to."""
        return f"{self.address.rstrip('/')}/sign-in/done"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun in a browser, which alone may end it. `to`: the page asked for."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    to: str
    began_s: float

    def sealed(self, secret: Secret) -> str:
        """For a cookie of that browser."""
        return secret.seal(json.dumps(asdict(self)).encode(), PLACE).hex()


class Provider:
    """One provider. Every method raises ProviderAway."""

    def __init__(
        self,
        settings: ProviderSettings,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """`transport`: another way to it than the network."""
        self._settings = settings
        self._transport = transport
        self._now_s = now_s
        self._metadata: Mapping[str, Any] = {}
        self._metadata_s = -METADATA_S
        self._keys: Mapping[str, Any] = {}
        self._keys_s = -KEYS_S
        self._renewing: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, to: str, *, anew: bool = False) -> tuple[str, Begun]:
        """The provider's page for a sign-in, and what only this browser may end it with.

        `anew`: it asks who sits there, though it knows this browser (OpenID Connect Core 3.1.2.1, `prompt`).
        """
        metadata = await self._described()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(state, nonce, verifier, to, self._now_s())
        async with self._client() as client:
            address, _state = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
                **({"prompt": "login"} if anew else {}),
            )
        return address, begun

    def begun(self, secret: Secret, cookie: str) -> Begun:
        """What a browser began. Raises SignInRefused when it is nothing, or too old."""
        try:
            begun = Begun(**json.loads(secret.open(bytes.fromhex(cookie), PLACE)))
        except (SealBroken, ValueError):
            raise SignInRefused from None
        if self._now_s() - begun.began_s > BEGUN_S:
            raise SignInRefused
        return begun

    async def finish(self, begun: Begun, answer: Mapping[str, str]) -> tuple[Caller, Granted]:
        """Who signed in, by the query with which the browser came back. Raises SignInRefused."""
        if not hmac.compare_digest(begun.state.encode(), answer.get("state", "").encode()):
            raise SignInRefused
        # RFC 9207: an answer of another provider is none.
        if answer.get("iss", self._settings.issuer) != self._settings.issuer or not answer.get("code"):
            raise SignInRefused
        metadata = await self._described()
        async with self._client() as client:
            token = await self._asked(
                client.fetch_token(metadata["token_endpoint"], code=answer["code"], code_verifier=begun.verifier)
            )
        subject = await self._identified(token, begun.nonce)
        caller = await self._caller(token)
        if caller.subject != subject:
            raise SignInRefused
        return caller, self._granted(token, "")

    async def fresh(self, sessions: Sessions, session: SignedIn) -> str:
        """The access token of a session, renewed in time. Raises SignInEnded, SessionsAway."""
        granted = session.granted
        assert granted is not None, "signed in with an account"
        if granted.expires_s - self._now_s() > RENEW_S:
            return granted.access
        lock = self._renewing.setdefault(session.id, asyncio.Lock())
        async with lock:
            # A call beside this one may have renewed it: a refresh token is used once.
            known = await sessions.again(session)
            if known is None or known.granted is None:
                raise SignInEnded
            if known.granted.expires_s - self._now_s() > RENEW_S:
                return known.granted.access
            renewed = await self._renewed(known)
            await sessions.renew(known, renewed)
            return renewed.access

    async def _renewed(self, session: SignedIn) -> Granted:
        assert session.granted is not None
        if not session.granted.refresh:
            raise SignInEnded
        metadata = await self._described()
        async with self._client() as client:
            asked = client.refresh_token(metadata["token_endpoint"], refresh_token=session.granted.refresh)
            try:
                token = await self._asked(asked)
                caller = await self._caller(token)
            except SignInRefused:
                raise SignInEnded from None
        if (caller.subject, caller.office_id) != (session.subject, session.office_id):
            raise SignInEnded
        return self._granted(token, session.granted.refresh)

    async def leave(self, granted: Granted) -> str:
        """End the sign-in at the provider as well; returns its page for that, empty when it has none."""
        metadata = await self._described()
        async with self._client() as client:
            if granted.refresh and metadata.get("revocation_endpoint"):
                await self._asked(client.revoke_token(metadata["revocation_endpoint"], token=granted.refresh))
        page = str(metadata.get("end_session_endpoint", ""))
        if not page:
            return ""
        # Without the identity token: no token is ever in a browser.
        back = {"client_id": self._settings.client_id, "post_logout_redirect_uri": self._settings.address}
        return str(httpx2.URL(page).copy_merge_params(back))

    async def _described(self) -> Mapping[str, Any]:
        if self._now_s() - self._metadata_s > METADATA_S:
            found = await self._get(self._settings.issuer.rstrip("/") + METADATA)
            if found.get("issuer") != self._settings.issuer or not all(found.get(name) for name in _ENDPOINTS):
                raise ProviderAway
            self._metadata, self._metadata_s = found, self._now_s()
        return self._metadata

    async def _identified(self, token: Mapping[str, Any], nonce: str) -> str:
        """The account of an identity token that is for this sign-in. Raises SignInRefused."""
        listed: Any = await self._key_set(str(token.get("id_token", "")))
        keys = KeySet.import_key_set(listed)
        try:
            decoded = jwt.decode(
                str(token.get("id_token", "")), keys, registry=JWSRegistry(algorithms=list(ALGORITHMS))
            )
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "values": [self._settings.issuer]},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "nonce": {"essential": True},
                },
                {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(self._now_s()), leeway=10)
        except (JoseError, OAuthError, ValueError, KeyError, TypeError):
            raise SignInRefused from None
        return str(claims["sub"])

    async def _caller(self, token: Mapping[str, Any]) -> Caller:
        """Whom the access token lets act, checked as the services check it. Raises SignInRefused."""
        access = str(token.get("access_token", ""))
        keys = public_keys((await self._key_set(access)).get("keys", []))
        try:
            return TokenVerifier(keys, self._settings.issuer, now=self._now_s).verify(access)
        except Unauthenticated:
            raise SignInRefused from None

    async def _key_set(self, token: str) -> Mapping[str, Any]:
        """The provider's keys; asked for anew when a token names one that is not among them."""
        known = {str(key.get("kid", "")) for key in self._keys.get("keys", [])}
        if _key_of(token) not in known and self._now_s() - self._keys_s > KEYS_S:
            self._keys, self._keys_s = await self._get((await self._described())["jwks_uri"]), self._now_s()
        return self._keys

    async def _get(self, address: str) -> Mapping[str, Any]:
        async with self._client() as client:
            found: Any = await self._asked(client.request("GET", address, withhold_token=True))
        try:
            if found.status_code != 200:
                raise ProviderAway
            read = found.json()
        except ValueError:
            raise ProviderAway from None
        if not isinstance(read, dict):
            raise ProviderAway
        return read

    async def _asked(self, answer: Any) -> Any:
        try:
            return await answer
        except OAuthError:
            raise SignInRefused from None
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway from error

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._settings.client_secret else "none",
            redirect_uri=self._settings.redirect,
            scope=SCOPE,
            code_challenge_method="S256",
            timeout=ANSWER_S,
            transport=self._transport,
        )

    def _granted(self, token: Mapping[str, Any], refresh_before: str) -> Granted:
        lifetime_s = token.get("expires_in")
        expires_s = self._now_s() + (float(lifetime_s) if isinstance(lifetime_s, int | float) else 60.0)
        return Granted(str(token["access_token"]), str(token.get("refresh_token") or refresh_before), expires_s)


def _key_of(token: str) -> str:
    import jwt as plain

    try:
        return str(plain.get_unverified_header(token).get("kid", ""))
    except plain.InvalidTokenError:
        return ""
