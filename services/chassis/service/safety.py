"""What is wrong with the settings of a process, told all at once before anything starts.

In production a service refuses to run as a demonstration, in the open, or by secrets that are none. The launcher, which
keeps everything on one machine, says so with HOMEWARD_MODE=embedded; then what can never be meant is refused alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from services.chassis.calls.common import is_loopback
from services.chassis.country.clock import DEMO_MARKER
from services.chassis.service.settings import EMBEDDED_ISSUER, Settings

SECRET_BYTES_MIN: Final = 32
ENCRYPTED: Final = "SSL", "SASL_SSL"
ASKED_FOR: Final = {
    "intake": "what somebody agreed to",
    "handover": "whoever is accountable",
    "followup": "whether a home is safe",
}
"""What is asked of a service before others do something."""
VERIFIED: Final = "verify-full"
OTHERS_READ: Final = 0o077
OTHERS_WRITE: Final = 0o022


class UnsafeSettings(Exception):
    """`faults` names each thing that is wrong, and what to set instead."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def require_safe(
    settings: Settings, environ: Mapping[str, str], user: int, asks: Collection[str] = frozenset()
) -> None:
    """Raise UnsafeSettings with every fault. `user`: the effective user id; `asks`: the services that this one asks."""
    faults = [*_never_meant(settings)]
    if settings.mode == "production":
        faults += [*_demonstration(settings, environ), *_in_the_open(settings), *_unasked(settings, asks)]
        if user == 0:
            faults.append("this process runs as root (uid 0); give the service a user of its own")
    if faults:
        raise UnsafeSettings(tuple(faults))


def _never_meant(settings: Settings) -> Iterator[str]:
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        yield "HOMEWARD_TLS_CERTIFICATE and HOMEWARD_TLS_KEY belong together; with one alone nothing would be encrypted"
    if settings.tls_client_ca is not None and settings.tls_certificate is None:
        yield "HOMEWARD_TLS_CLIENT_CA is set without HOMEWARD_TLS_CERTIFICATE and HOMEWARD_TLS_KEY"
    if settings.clock_file is not None and not (settings.clock_file.parent / DEMO_MARKER).exists():
        yield "HOMEWARD_CLOCK_FILE moves business time outside of a demonstration; leave it out"
    # Whoever reads the other secrets looks at them: the vault, and the signer of events.
    yield from _of_secret("HOMEWARD_DIGEST_KEY", settings.digest_key)
    if settings.tls_key is not None:
        yield from _of_mode("HOMEWARD_TLS_KEY", settings.tls_key, OTHERS_READ, "readable by others: chmod 0600")
    for name, path in (("HOMEWARD_TOKEN_KEYS", settings.token_keys), ("HOMEWARD_EVENT_KEYS", settings.event_keys)):
        yield from _of_mode(name, path, OTHERS_WRITE, "writable by others, who could add a key: chmod 0644")


def _of_secret(name: str, path: Path) -> Iterator[str]:
    yield from _of_mode(name, path, OTHERS_READ, "readable by others: chmod 0600")
    if path.is_file() and path.stat().st_size < SECRET_BYTES_MIN:
        yield f"{name} has fewer than {SECRET_BYTES_MIN} bytes; make it of random ones"


def _of_mode(name: str, path: Path, forbidden: int, what: str) -> Iterator[str]:
    try:
        mode = path.stat().st_mode
    except OSError:
        yield f"{name} cannot be read"
        return
    if mode & forbidden:
        yield f"{name} is {what}"


def _demonstration(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    if settings.token_issuer == EMBEDDED_ISSUER:
        yield f"HOMEWARD_TOKEN_ISSUER is {EMBEDDED_ISSUER!r}, that of the embedded mode; name the country's sign-in"
    if _is_embedded(settings.token_keys):
        yield "HOMEWARD_TOKEN_KEYS was made by the launcher; anybody who can read its folder makes tokens"
    if settings.kek is not None and any((each / DEMO_MARKER).exists() for each in settings.kek.parents):
        yield "HOMEWARD_KEK is that of a demonstration; make one of its own, and keep a copy apart"
    if settings.clock_file is not None:
        yield "HOMEWARD_CLOCK_FILE is for demonstrations; leave it out"
    if environ.get("HOMEWARD_FAILPOINT"):
        yield "HOMEWARD_FAILPOINT makes the service fail on purpose; leave it out"


def _is_embedded(jwks: Path) -> bool:
    try:
        return any(key.get("use_for") == "embedded" for key in json.loads(jwks.read_bytes())["keys"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _in_the_open(settings: Settings) -> Iterator[str]:
    beyond = not is_loopback(settings.grpc_host)
    if settings.tls_certificate is not None and settings.tls_client_ca is None:
        yield "HOMEWARD_TLS_CLIENT_CA is missing: anybody may connect; name the authority of the clients' certificates"
    if beyond and settings.tls_certificate is None and not settings.plaintext_network:
        yield "HOMEWARD_GRPC_HOST is beyond this machine without TLS"
    if settings.kafka_security_protocol not in ENCRYPTED and not all(map(_is_here, settings.kafka.split(","))):
        protocol = settings.kafka_security_protocol
        yield f"HOMEWARD_KAFKA_SECURITY_PROTOCOL is {protocol} beyond this machine; use SASL_SSL"
    if not _is_verified(settings.database_url):
        yield f"HOMEWARD_DATABASE_URL is beyond this machine without sslmode={VERIFIED}"


def _unasked(settings: Settings, asks: Collection[str]) -> Iterator[str]:
    """Whom a service cannot ask: it would start, and then refuse everybody, or decide by what it heard last."""
    if settings.only == "worker":
        return
    for name in sorted(asks):
        variable, address = f"HOMEWARD_{name.upper()}", settings.peer(name)
        if not address:
            yield f"{variable} is missing: {ASKED_FOR[name]} is asked there; name it"
        elif not _is_here(address) and settings.tls_ca is None:
            yield f"HOMEWARD_TLS_CA is missing: {variable} is beyond this machine; name its authority"


def _is_here(bootstrap: str) -> bool:
    return is_loopback(bootstrap.strip().rpartition(":")[0].strip("[]"))


def _is_verified(database_url: str) -> bool:
    parts = urlsplit(database_url)
    asked = parse_qs(parts.query)
    hosts = [parts.hostname or "", *asked.get("host", [])]
    if all(not host or host.startswith("/") or is_loopback(host) for host in hosts):
        return True
    return asked.get("sslmode", [""])[-1] == VERIFIED


def effective_user() -> int:
    """Whom this process runs as; -1 where there are no users."""
    return os.geteuid() if hasattr(os, "geteuid") else -1
