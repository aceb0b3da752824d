"""How a service proves to another which one it is: a token for one minute, signed with the key of its events.

It is told from an officer's token by its type, its audience is the one service that is asked, and its key is known to
all services already. A method that services call can be called by nobody else, and no token of a service opens another.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import jwt

from services.chassis.calls.security import refused
from services.chassis.events.signing import EventKeys, EventSigner
from services.chassis.storage.key_files import ALGORITHM

TOKEN_TYPE: Final = "homeward-service+jwt"  # noqa: S105 - a name, not a secret
LIFETIME_S: Final = 60
LEEWAY_S: Final = 10
_CLAIMS: Final = ["exp", "iat", "iss", "aud", "jti"]


def _audience(service: str) -> str:
    return f"homeward-{service}"


def issue(signer: EventSigner, to: str, *, now: Callable[[], float] = time.time) -> str:
    """A token of the signer's service for a call to another."""
    issued_at = int(now())
    claims = {
        "iss": signer.service,
        "aud": _audience(to),
        "iat": issued_at,
        "exp": issued_at + LIFETIME_S,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(claims, signer.key, algorithm=ALGORITHM, headers={"kid": signer.kid, "typ": TOKEN_TYPE})


def is_of_a_service(token: str) -> bool:
    """Whether a token says that it is one of a service; whether that is true is another question."""
    try:
        return jwt.get_unverified_header(token).get("typ") == TOKEN_TYPE
    except jwt.InvalidTokenError:
        return False


@dataclass(frozen=True)
class ServiceTokens:
    """Checks what other services bring.

    Attributes:
        service: this one.
        keys: of all services.
    """

    service: str
    keys: EventKeys

    def verify(self, token: str) -> str:
        """The service that calls; raises Unauthenticated."""
        try:
            header = jwt.get_unverified_header(token)
            service, key = self.keys.key(str(header.get("kid", "")))
            if header.get("typ") != TOKEN_TYPE or key is None:
                raise refused("invalid")
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=_audience(self.service),
                issuer=service,
                leeway=LEEWAY_S,
                options={"require": _CLAIMS, "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            raise refused("expired") from None
        except (jwt.InvalidTokenError, jwt.InvalidKeyError):
            raise refused("invalid") from None
        if int(claims["exp"]) - int(claims["iat"]) > LIFETIME_S:
            raise refused("invalid")
        return service
