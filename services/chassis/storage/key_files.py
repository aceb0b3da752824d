"""Ed25519 keys in files: private ones as PEM, readable by their owner only; public ones as a JWKS."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm
from jwt.utils import base64url_encode

ALGORITHM: Final = "EdDSA"
KEY_FILE_MODE: Final = 0o600


def key_id(key: Ed25519PublicKey) -> str:
    """The RFC 7638 thumbprint: the same key has the same id wherever it is computed."""
    jwk = OKPAlgorithm.to_jwk(key, as_dict=True)
    required = {name: jwk[name] for name in ("crv", "kty", "x")}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()


def create_signing_key(path: Path) -> str:
    """Make a new Ed25519 key and store it as PEM, readable by its owner only. Returns its id.

    Raises FileExistsError when the file exists: a key in use is never overwritten.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, KEY_FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key_id(key.public_key())


def read_owner_only(path: Path) -> bytes:
    """What is in a file; PermissionError when others than its owner may read it."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name} must be readable by its owner only (0600)")
    return path.read_bytes()


def signing_key_of(pem: bytes) -> Ed25519PrivateKey:
    """The key in these bytes; ValueError when it is of another kind."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("an Ed25519 key is needed; this is another kind")
    return key


def public_jwk(key: Ed25519PublicKey) -> dict[str, Any]:
    """A public key as it stands in a JWKS."""
    jwk: dict[str, Any] = OKPAlgorithm.to_jwk(key, as_dict=True)
    return {**jwk, "kid": key_id(key), "use": "sig", "alg": ALGORITHM}


def write_jwk_set(path: Path, jwks: Iterable[Mapping[str, Any]]) -> None:
    """Publish public keys, replacing the file in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"keys": list(jwks)}, indent=2) + "\n")
    # Whatever the umask: whoever may write here adds a key of his own.
    draft.chmod(0o644)
    os.replace(draft, path)
