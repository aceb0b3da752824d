"""Who is calling: signed tokens, made and checked, and the call they came with.

Tokens are JWTs, signed with Ed25519 by the built-in issuer. Their times are real time, never the business time that a
demonstration moves. No token, and no part of one, is ever logged or put into an error.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.chassis.kernel.errors import Unauthenticated
from services.chassis.kernel.roles import OWN, Caller, Grade, Role
from services.chassis.kernel.texts import Language
from services.chassis.storage.key_files import (
    ALGORITHM,
    key_id,
    public_jwk,
    read_owner_only,
    signing_key_of,
    write_jwk_set,
)
from services.chassis.telemetry.log import get_logger

ALGORITHMS: Final = (ALGORITHM, "ES256", "RS256")
"""That of the built-in issuer, and those of providers of accounts; each key is good for one of them."""
RSA_BITS_MIN: Final = 2_048
AUDIENCE: Final = "homeward"
MAX_LIFETIME_S: Final = 12 * 60 * 60
"""One long shift."""
LEEWAY_S: Final = 10
"""Clocks of two machines under NTP differ by less."""
MAX_TOKEN_CHARS: Final = 4_096
"""Ours have some 400; a longer one is refused before anything is decoded."""
MAX_CACHED_TOKENS: Final = 4_096
"""Far above the offices of the country that are at work at once; some 300 bytes each."""
TOKEN_DIGEST_BYTES: Final = 16
ACTOR_BYTES: Final = 8
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a name, not a secret
"""RFC 9068: what says who somebody is to an application opens no service."""
LOOK_AT_KEYS_S: Final = 10.0
"""A key that is taken out ends its tokens within half a minute, whoever calls meanwhile."""

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
RefusalCause = Literal["missing", "expired", "invalid"]

_REQUIRED_CLAIMS: Final = ["exp", "iat", "iss", "aud", "sub", "office", "role"]
MAX_GRADES: Final = 16
TOKEN_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CallContext:
    """The call being answered: who calls, how it is traced, in which language to answer.

    `traceparent` is the caller's W3C trace context, empty when none was given. `method` is the
    full name, `/homeward.intake.v1.SubmissionService/SubmitHandover`. `peer`: from where the call
    came, `ipv4:10.22.0.7:50312`, behind the name in the client's certificate where it showed one.
    """

    caller: Caller
    correlation_id: str
    traceparent: str
    method: str
    language: Language
    peer: str = ""


_current: ContextVar[CallContext | None] = ContextVar("homeward_call", default=None)


def current_call() -> CallContext:
    """The call that the running task answers; raises RuntimeError outside of one."""
    call = _current.get()
    if call is None:
        raise RuntimeError("there is no call here: this task answers none")
    return call


def current_call_or_none() -> CallContext | None:
    """The call that the running task answers, if it answers one."""
    return _current.get()


def set_call(call: CallContext | None) -> None:
    """Make this the call of the running task; for the server, and for tests of an application."""
    _current.set(call)


def write_jwks(path: Path, *keys: Ed25519PublicKey, use_for: str = "") -> None:
    """Publish the public keys that verifiers trust, replacing the file in one step.

    `use_for` says in each key what it is meant for, where that is not everything. While keys rotate, list the old one
    besides the new one until its last token has expired.
    """
    meant = {"use_for": use_for} if use_for else {}
    write_jwk_set(path, [{**public_jwk(key), **meant} for key in keys])


def actor_of(subject: str, key: bytes) -> str:
    """One person, as the service with this key tells persons apart without naming them: 16 hex digits."""
    return hmac.digest(key, b"homeward actor\n" + subject.encode(), hashlib.sha256)[:ACTOR_BYTES].hex()


class TokenIssuer:
    """Signs tokens: the built-in issuer of the embedded mode. Production has an OIDC issuer."""

    def __init__(self, private_key_pem: bytes, issuer: str, *, now: Callable[[], float] = time.time) -> None:
        """`now` gives real time in seconds since 1970. Raises ValueError for another key type."""
        key = signing_key_of(private_key_pem)
        self._key = key
        self._issuer = issuer
        self._now = now
        self._headers = {"kid": key_id(key.public_key()), "typ": TOKEN_TYPE}

    @classmethod
    def from_file(cls, path: Path, issuer: str) -> Self:
        """Raises PermissionError when others than the owner may read the key file."""
        return cls(read_owner_only(path), issuer)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """What a verifier needs."""
        return self._key.public_key()

    def issue(
        self,
        subject: str,
        office_id: str,
        role: Role,
        scope: str = OWN,
        lifetime_s: int = MAX_LIFETIME_S,
        grades: Iterable[Grade] = (),
        signed_in_at_s: float | None = None,
    ) -> str:
        """Sign a token. Raises ValueError for a malformed value or a lifetime out of bounds.

        `signed_in_at_s`: when somebody signed in for it, in seconds since 1970; None: just now.
        """
        if not 0 < lifetime_s <= MAX_LIFETIME_S:
            raise ValueError(f"a token lives for 1 to {MAX_LIFETIME_S} seconds")
        caller = Caller(subject, office_id, role, scope, frozenset(grades))
        issued_at = int(self._now())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "iat": issued_at,
            "exp": issued_at + lifetime_s,
            "jti": str(uuid.uuid4()),
            "sub": caller.subject,
            "office": caller.office_id,
            "role": caller.role.value,
            "scope": caller.scope,
            "grades": sorted(caller.grades),
            "auth_time": issued_at if signed_in_at_s is None else int(signed_in_at_s),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers=self._headers)


class TokenVerifier:
    """Checks tokens against the public keys of one issuer.

    A token once verified is remembered until it expires, so that a busy caller pays for one
    signature check. What is remembered is a digest, never the token.
    """

    def __init__(
        self,
        keys: Mapping[str, PublicKey],
        issuer: str,
        *,
        jwks_path: Path | None = None,
        now: Callable[[], float] = time.time,
        steady_s: Callable[[], float] = time.monotonic,
        unreadable: Callable[[], None] = lambda: None,
    ) -> None:
        """`keys` by key id; with `jwks_path` they are re-read when that file changes.

        `unreadable` is called each time that the file cannot be read.
        """
        self._keys = dict(keys)
        self._issuer = issuer
        self._jwks_path = jwks_path
        self._jwks_stamp = _stamp(jwks_path) if jwks_path else None
        self._now = now
        self._steady_s = steady_s
        self._look_again_s = steady_s() + LOOK_AT_KEYS_S
        self._unreadable = unreadable
        self._verified: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()

    @classmethod
    def from_jwks_file(cls, path: Path, issuer: str, *, unreadable: Callable[[], None] = lambda: None) -> Self:
        """Keys from a JWKS file. Raises ValueError when it holds no usable key."""
        keys = _read_jwks(path)
        if not keys:
            raise ValueError(f"{path.name} holds no public key with an id, of {', '.join(ALGORITHMS)}")
        return cls(keys, issuer, jwks_path=path, unreadable=unreadable)

    def reload(self) -> None:
        """Re-read the JWKS file if it has changed; tokens of a key taken out end at once.

        A file that cannot be read keeps the keys as they are, and is told each time: a half-done rotation must not
        sign everybody out. One that names no key is read, and trusts nobody.
        """
        if self._jwks_path is None:
            return
        self._look_again_s = self._steady_s() + LOOK_AT_KEYS_S
        stamp = _stamp(self._jwks_path)
        if stamp is not None and stamp == self._jwks_stamp:
            return
        try:
            keys = _read_jwks(self._jwks_path)
        except (OSError, ValueError) as error:
            log.error("token_keys_unreadable", error=type(error).__name__)
            self._unreadable()
            return
        log.info("token_keys_changed", added=len(keys.keys() - self._keys), removed=len(self._keys.keys() - keys))
        self._keys, self._jwks_stamp = keys, stamp
        self._verified.clear()

    def verify(self, token: str) -> Caller:
        """Tell who the bearer is.

        Raises Unauthenticated; its detail `cause` says "expired" or "invalid", nothing more.
        """
        if len(token) > MAX_TOKEN_CHARS or not token.isascii():
            raise refused("invalid")
        if self._steady_s() >= self._look_again_s:
            self.reload()
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None:
            caller, expires_at = known
            if self._now() < expires_at:
                self._verified.move_to_end(digest)
                return caller
            del self._verified[digest]
        caller, expires_at = self._check(token, digest)
        self._verified[digest] = (caller, expires_at)
        if len(self._verified) > MAX_CACHED_TOKENS:
            self._verified.popitem(last=False)
        return caller

    def _check(self, token: str, digest: bytes) -> tuple[Caller, float]:
        try:
            key = self._key_of(token)
            claims = jwt.decode(
                token,
                key,
                # What the key is for, never what the token says of itself.
                algorithms=[_algorithm_of(key)],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": _REQUIRED_CLAIMS, "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            raise refused("expired") from None
        except (jwt.InvalidTokenError, jwt.InvalidKeyError):
            raise refused("invalid") from None
        return _caller_of(claims, digest), float(claims["exp"])

    def _key_of(self, token: str) -> PublicKey:
        header = jwt.get_unverified_header(token)
        if str(header.get("typ", "")).lower() != TOKEN_TYPE:
            raise jwt.InvalidTokenError
        key = header.get("kid", "")
        if key not in self._keys:
            self.reload()
        if key not in self._keys:
            raise jwt.InvalidKeyError
        return self._keys[key]


def _caller_of(claims: Mapping[str, Any], digest: bytes) -> Caller:
    subject, office_id, role = claims["sub"], claims["office"], claims["role"]
    scope, token_id, grades = claims.get("scope", OWN), claims.get("jti", ""), claims.get("grades", [])
    if not all(isinstance(value, str) for value in (subject, office_id, role, scope, token_id)):
        raise refused("invalid")
    if not isinstance(grades, list) or len(grades) > MAX_GRADES:
        raise refused("invalid")
    signed_in_at_s = claims.get("auth_time", 0)
    if type(signed_in_at_s) is not int or signed_in_at_s < 0:
        raise refused("invalid")
    if token_id and not TOKEN_ID.fullmatch(token_id):
        raise refused("invalid")
    if int(claims["exp"]) - int(claims["iat"]) > MAX_LIFETIME_S:
        raise refused("invalid")
    try:
        return Caller(
            subject,
            office_id,
            Role(role),
            scope,
            frozenset(map(Grade, grades)),
            # An issuer that gives no id is told apart by what it signed; no token is made from half of a digest.
            token_id=token_id or digest[:TOKEN_DIGEST_BYTES].hex(),
            issued_at_s=int(claims["iat"]),
            signed_in_at_s=signed_in_at_s,
        )
    except ValueError:
        raise refused("invalid") from None


def refused(cause: RefusalCause) -> Unauthenticated:
    """What whoever brought no usable token is told: no more than that."""
    return Unauthenticated(cause=cause)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def _read_jwks(path: Path) -> dict[str, PublicKey]:
    """The usable keys by id; raises ValueError for what is no set of keys, OSError."""
    try:
        return public_keys(json.loads(path.read_bytes())["keys"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{path.name} is no set of public keys") from error


def public_keys(listed: Iterable[Any]) -> dict[str, PublicKey]:
    """The keys of a JWKS that tokens may be signed with, by id; others are left out. Raises TypeError for no list."""
    return dict(key for key in map(_public_key, listed) if key is not None)


def _algorithm_of(key: PublicKey) -> str:
    if isinstance(key, Ed25519PublicKey):
        return ALGORITHM
    return "ES256" if isinstance(key, EllipticCurvePublicKey) else "RS256"


def _is_usable(key: Any) -> bool:
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, SECP256R1)
    if isinstance(key, RSAPublicKey):
        return key.key_size >= RSA_BITS_MIN
    return isinstance(key, Ed25519PublicKey)


def _public_key(jwk: Any) -> tuple[str, PublicKey] | None:
    """A key by its id; None for one of another kind, for another use, or without an id."""
    try:
        key = jwt.PyJWK(jwk)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    if not key.key_id or key.public_key_use not in (None, "sig") or not _is_usable(key.key):
        return None
    return key.key_id, key.key
