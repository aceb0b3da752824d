"""Who said an event: each service signs its own with Ed25519, and only what its stream's service signed is heard.

The signature is made in the unit of work and kept in the outbox. So an event is published again years later as it was
signed, with whatever key was used then, and a row that somebody altered in the database shows.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol, Self

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

from services.chassis.storage.key_files import key_id, public_jwk, read_owner_only, signing_key_of, write_jwk_set

SERVICE: Final = "service"
"""The member of a JWK that says whose key it is."""
_DOMAIN: Final = b"homeward.event.v1"
"""Begins everything that is signed, so that a signature of an event is one of nothing else."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is signed of an event: everything that any consumer acts upon."""

    event_id: uuid.UUID
    type: str
    source: str
    subject: uuid.UUID
    version: int
    time: datetime
    correlation_id: str
    causation_id: str
    payload: bytes

    @classmethod
    def of_row(cls, service: str, row: Any) -> Self:
        """What a row of a service's outbox says."""
        return cls(
            event_id=row.event_id,
            type=row.type,
            source=service,
            subject=row.subject,
            version=row.version,
            time=row.time,
            correlation_id=row.correlation_id,
            causation_id=row.causation_id,
            payload=bytes(row.payload),
        )

    def to_sign(self) -> bytes:
        """Each part behind its length, so that no part can lend its end to another."""
        parts = (
            _DOMAIN,
            self.event_id.bytes,
            self.type.encode(),
            self.source.encode(),
            self.subject.bytes,
            b"%d" % self.version,
            self.time.astimezone(UTC).isoformat().encode(),
            self.correlation_id.encode(),
            self.causation_id.encode(),
            self.payload,
        )
        return b"".join(b"%d:%b" % (len(part), part) for part in parts)


class Signer(Protocol):
    """Signs what a service says."""

    @property
    def service(self) -> str:
        """Whose events these are."""
        ...

    @property
    def kid(self) -> str:
        """Names the key."""
        ...

    def sign(self, said: Said) -> bytes:
        """The signature."""
        ...


@dataclass(frozen=True)
class EventSigner:
    """Signs with the service's own key."""

    service: str
    key: Ed25519PrivateKey = field(repr=False)
    kid: str = ""

    @classmethod
    def of(cls, service: str, key: Ed25519PrivateKey) -> Self:
        """The signer of a service."""
        return cls(service, key, key_id(key.public_key()))

    @classmethod
    def from_file(cls, service: str, path: Path) -> Self:
        """With the key in a file. Raises PermissionError, ValueError and OSError."""
        return cls.of(service, signing_key_of(read_owner_only(path)))

    def sign(self, said: Said) -> bytes:
        """The signature, 64 bytes."""
        return self.key.sign(said.to_sign())


class EventKeys:
    """The public keys of all services. Keys that are no longer signed with stay here: what they signed is kept."""

    def __init__(self, keys: Mapping[str, tuple[str, Ed25519PublicKey]]) -> None:
        """`keys`: service and key by key id."""
        self._keys = dict(keys)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Raises ValueError when the file is no JWKS of Ed25519 keys that say whose they are, OSError."""
        try:
            jwks: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["keys"]
            found = {jwk["kid"]: (str(jwk[SERVICE]), OKPAlgorithm.from_jwk(jwk)) for jwk in jwks}
        except (ValueError, KeyError, TypeError, jwt.InvalidKeyError) as error:
            raise ValueError(f"{path.name} is no set of the services' public keys") from error
        keys = {kid: (service, key) for kid, (service, key) in found.items() if isinstance(key, Ed25519PublicKey)}
        if not keys or len(keys) < len(found):
            raise ValueError(f"{path.name} holds other keys than Ed25519 public keys")
        return cls(keys)

    def key(self, kid: str) -> tuple[str, Ed25519PublicKey | None]:
        """The service whose key has this id, and the key; None for an unknown one."""
        return self._keys.get(kid, ("", None))

    def has_signed(self, said: Said, signature: str) -> bool:
        """Whether the service that `said` names as its source signed it. `signature` is the header's text."""
        kid, _, encoded = signature.partition(":")
        service, key = self.key(kid)
        if key is None or service != said.source:
            return False
        try:
            key.verify(base64.b64decode(encoded, altchars=b"-_", validate=True), said.to_sign())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def signature_text(kid: str, signature: bytes) -> str:
    """A signature as it travels: the key's id, a colon, base64url."""
    return f"{kid}:{base64.urlsafe_b64encode(signature).decode()}"


def write_event_keys(path: Path, keys: Iterable[tuple[str, Ed25519PublicKey]]) -> None:
    """Publish the public keys of the services, each with its service; several of one service while keys rotate."""
    write_jwk_set(path, [{**public_jwk(key), SERVICE: service} for service, key in keys])
