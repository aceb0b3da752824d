"""Settings of the console, from the environment (prefix HOMEWARD_)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from services.chassis.calls.common import is_loopback
from services.client.services import SERVICES, address_of
from services.console.provider import ProviderSettings

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8080
LOCAL_HOSTS: Final = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the console needs to know.

    Attributes:
        host, port: where pages are served.
        addresses: host and port of each service.
        database_url: the console's own database, for sessions.
        secret: file of its secret.
        hosts: names by which browsers may ask for it; another name is that of a page that lures them here.
        provider: where officers sign in with their account, and this console as it is known there.
        signing_key: private key of the built-in issuer; with it officers choose an office and need no sign-in.
        offices_file: offices beside the built-in ones, where this installation has any.
        clock_file: business-time offset of a demonstration; None means real time.
        listed_offices: where the list of offices is kept between two starts.
        log_file, log_level: where the log goes; None: the standard error.
    """

    host: str
    port: int
    addresses: Mapping[str, str]
    database_url: str = field(repr=False)
    secret: Path
    hosts: tuple[str, ...] = LOCAL_HOSTS
    provider: ProviderSettings | None = None
    signing_key: Path | None = None
    offices_file: Path | None = None
    clock_file: Path | None = None
    listed_offices: Path | None = None
    log_file: Path | None = None
    log_level: str = "INFO"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """As the environment says.

        Raises ValueError when a service's address, the database or the secret is missing, a number is none, or offices
        could be chosen, without a password, from other machines.
        """
        addresses = {name: address_of(name, environ, {}) for name in SERVICES}
        if missing := [name for name, address in addresses.items() if not address]:
            raise ValueError(f"no address is set of: {', '.join(missing)} (HOMEWARD_{missing[0].upper()}=host:port)")

        def path(name: str) -> Path | None:
            value = environ.get(name)
            return Path(value) if value else None

        database_url, secret = environ.get("HOMEWARD_DATABASE_URL"), path("HOMEWARD_CONSOLE_SECRET")
        if not database_url or secret is None:
            raise ValueError("HOMEWARD_DATABASE_URL and HOMEWARD_CONSOLE_SECRET name the database and the secret")
        host, signing_key = environ.get("HOMEWARD_CONSOLE_HOST", DEFAULT_HOST), path("HOMEWARD_SIGNING_KEY")
        if signing_key is not None and not is_loopback(host):
            raise ValueError("with a signing key whoever reaches the pages acts as any office: serve them on 127.0.0.1")
        provider = _provider(environ)
        if signing_key is not None and provider is not None:
            raise ValueError("HOMEWARD_SIGNING_KEY is for demonstrations, HOMEWARD_OIDC_ISSUER for accounts: not both")
        named = tuple(each.strip() for each in environ.get("HOMEWARD_CONSOLE_NAMES", "").split(",") if each.strip())
        return cls(
            host=host,
            port=int(environ.get("HOMEWARD_CONSOLE_PORT", DEFAULT_PORT)),
            addresses=addresses,
            database_url=database_url,
            secret=secret,
            hosts=(*LOCAL_HOSTS, *named),
            provider=provider,
            signing_key=signing_key,
            offices_file=path("HOMEWARD_OFFICES_FILE"),
            clock_file=path("HOMEWARD_CLOCK_FILE"),
            listed_offices=path("HOMEWARD_LISTED_OFFICES"),
            log_file=path("HOMEWARD_LOG_FILE"),
            log_level=environ.get("HOMEWARD_LOG_LEVEL", "INFO"),
        )


def _provider(environ: Mapping[str, str]) -> ProviderSettings | None:
    """Raises ValueError."""
    issuer = environ.get("HOMEWARD_OIDC_ISSUER")
    if not issuer:
        return None
    client_id, address = environ.get("HOMEWARD_OIDC_CLIENT", ""), environ.get("HOMEWARD_CONSOLE_ADDRESS", "")
    if not client_id or not address:
        raise ValueError("HOMEWARD_OIDC_ISSUER needs HOMEWARD_OIDC_CLIENT and HOMEWARD_CONSOLE_ADDRESS")
    file = environ.get("HOMEWARD_OIDC_CLIENT_SECRET")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip() if file else ""
    except OSError as error:
        reason = type(error).__name__
        raise ValueError(f"the file of HOMEWARD_OIDC_CLIENT_SECRET cannot be read ({reason})") from None
    return ProviderSettings(issuer, client_id, address, secret)
