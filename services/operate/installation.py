"""Where things are: the four databases and Kafka, from the state directory or, in production, from the environment.

HOMEWARD_INTAKE_DATABASE_URL, …_HANDOVER_…, …_FOLLOWUP_…, …_NOTIFY_…, …_CONSOLE_…    override databases.json
HOMEWARD_INTAKE_MIGRATE_URL, …                                           the same database, as who moves its schema
HOMEWARD_INTAKE_EVENT_KEY, …                                             override keys/
HOMEWARD_EVENT_KEYS                                                      overrides keys/event-keys.json
HOMEWARD_AUDIT_PASSWORD                                                  overrides passwords.json
HOMEWARD_KAFKA, HOMEWARD_KAFKA_SECURITY_PROTOCOL, HOMEWARD_KAFKA_SASL_…  override run.json
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from services.chassis.country.clock import clock_for
from services.chassis.country.directory import Directory
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.signing import EventKeys
from services.chassis.kernel.clock import Clock
from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal
from services.client.services import DATABASES, SERVICES, address_of
from services.operate.home import Home
from services.operate.kafka_access import OPERATOR, as_login
from services.operate.passwords import AUDIT, mover_of
from services.operate.provision import AUDIT_LOGIN, database_url, login_of

KAFKA_PORT_FILE: Final = "ports.json"
KAFKA_SECURITY: Final = (
    "security_protocol",
    "sasl_mechanism",
    "sasl_username",
    "sasl_password",
    "ssl_cafile",
    "ssl_certfile",
    "ssl_keyfile",
)


@dataclass(frozen=True)
class Installation:
    """One Homeward: its state directory and the environment that overrides it."""

    home: Home
    environ: Mapping[str, str]

    @classmethod
    def at(cls, state: Path) -> Installation:
        """The Homeward of a state directory, with this process's environment."""
        return cls(Home(state.resolve()), dict(os.environ))

    def databases(self) -> dict[str, str]:
        """URL by service, those that are known only."""
        found = _read_json(self.home.databases_file)
        for service in DATABASES:
            if url := self.environ.get(f"HOMEWARD_{service.upper()}_DATABASE_URL"):
                found[service] = url
        return {service: found[service] for service in DATABASES if service in found}

    def database(self, service: str, t: Texts) -> str:
        """URL of a service's database, with its own login.

        Raises:
            Refusal: nothing says where it is.
        """
        url = self.databases().get(service)
        if url is None:
            raise Refusal(
                Kind.UNREACHABLE,
                "DATABASE_NOT_KNOWN",
                t("Nothing says where the database of {service} is.", service=service),
                advice=[
                    t("Start Homeward with: homeward up. Or name its folder with --state."),
                    t("In production set {variable}.", variable=f"HOMEWARD_{service.upper()}_DATABASE_URL"),
                ],
            )
        return url

    def migrated_database(self, service: str, t: Texts) -> str:
        """URL of a service's database for the login that moves its schema; where there is none, for its own.

        Raises:
            Refusal: nothing says where it is.
        """
        if given := self.environ.get(f"HOMEWARD_{service.upper()}_MIGRATE_URL"):
            return given
        url = self.database(service, t)
        password = _read_json(self.home.passwords_file).get(mover_of(service))
        if password is None or f"HOMEWARD_{service.upper()}_DATABASE_URL" in self.environ:
            return url
        return database_url(url, unquote(urlsplit(url).path.lstrip("/")), login_of(mover_of(service)), password)

    def audit_database(self, service: str, t: Texts) -> str:
        """URL of a service's database for the login that only reads the audit view.

        Raises:
            Refusal: nothing says where it is, or with which password.
        """
        url = self.database(service, t)
        parts = urlsplit(url)
        if parts.username == AUDIT_LOGIN:
            return url
        passwords = _read_json(self.home.passwords_file)
        password = self.environ.get("HOMEWARD_AUDIT_PASSWORD") or passwords.get(AUDIT)
        if password is None:
            raise Refusal(
                Kind.UNREACHABLE,
                "AUDIT_PASSWORD_NOT_KNOWN",
                t("The password of the login {login} is not known.", login=AUDIT_LOGIN),
                advice=[t("In production set {variable}.", variable="HOMEWARD_AUDIT_PASSWORD")],
            )
        return database_url(url, unquote(parts.path.lstrip("/")), AUDIT_LOGIN, password)

    def event_key(self, service: str) -> Path | None:
        """File with the private key that a service signs its events with; None when nothing says where it is."""
        if given := self.environ.get(f"HOMEWARD_{service.upper()}_EVENT_KEY"):
            return Path(given)
        files = self.home.event_keys
        if not self.is_production and self.home.keys.exists():
            # A state directory of before events were signed has none yet.
            files.create()
        return files.private(service) if files.private(service).exists() else None

    def event_keys(self, t: Texts) -> EventKeys:
        """The public keys of all services.

        Raises:
            Refusal: nothing says where they are, or they cannot be used.
        """
        path = Path(self.environ.get("HOMEWARD_EVENT_KEYS") or self.home.event_keys.public)
        try:
            return EventKeys.from_file(path)
        except (OSError, ValueError) as error:
            raise Refusal(
                Kind.UNREACHABLE,
                "EVENT_KEYS_NOT_KNOWN",
                t("The public keys that events are checked with cannot be read."),
                advice=[
                    t("Start Homeward with: homeward up. Or name its folder with --state."),
                    t("In production set {variable}.", variable="HOMEWARD_EVENT_KEYS"),
                ],
            ) from error

    def run(self) -> dict[str, Any]:
        """What the launcher says runs now; empty when it does not run."""
        return _read_json(self.home.run_file)

    def kafka_address(self) -> str | None:
        """Bootstrap servers; those of the last run when nothing runs."""
        if address := self.environ.get("HOMEWARD_KAFKA") or self.run().get("kafka"):
            return str(address)
        port = _read_json(self.home.path / KAFKA_PORT_FILE).get("kafka", {}).get("broker")
        return None if port is None else f"127.0.0.1:{port}"

    def kafka(self, t: Texts) -> KafkaSettings:
        """How to reach Kafka.

        Raises:
            Refusal: nothing says where it is.
        """
        address = self.kafka_address()
        if address is None:
            raise Refusal(
                Kind.UNREACHABLE,
                "KAFKA_NOT_KNOWN",
                t("Nothing says where Kafka is."),
                advice=[
                    t("Start Homeward with: homeward up. Or name its folder with --state."),
                    t("In production set {variable}.", variable="HOMEWARD_KAFKA"),
                ],
            )
        if self.kafka_is_embedded:
            password = _read_json(self.home.kafka_logins).get(OPERATOR, "")
            return as_login(KafkaSettings(address, "SASL_PLAINTEXT"), OPERATOR, password)
        try:
            return given_kafka(address, self.environ)
        except ValueError as error:
            raise Refusal(
                Kind.USAGE,
                "KAFKA_IN_THE_CLEAR",
                t("Kafka beyond this machine is reached by TLS only."),
                advice=[t("Set {variable}.", variable="HOMEWARD_KAFKA_SECURITY_PROTOCOL=SASL_SSL")],
            ) from error

    def address(self, service: str) -> str | None:
        """Host and port at which a service answers calls; None when nothing says it."""
        return address_of(service, self.environ, self.run()) or None

    @property
    def is_production(self) -> bool:
        """Whether the environment names all databases, so that no launcher is expected."""
        return all(self.environ.get(f"HOMEWARD_{service.upper()}_DATABASE_URL") for service in SERVICES)

    @property
    def kafka_is_embedded(self) -> bool:
        """Whether the launcher's own single node is meant, where nothing is replicated."""
        return "HOMEWARD_KAFKA" not in self.environ and (self.home.path / "kafka").exists()

    def clock(self) -> Clock:
        """Business time: real time, or that of a demonstration."""
        return clock_for(self.home.clock_file if self.home.is_demonstration else None)

    def directory(self) -> Directory:
        """The offices that the services know."""
        file = self.environ.get("HOMEWARD_OFFICES_FILE")
        return Directory.load(Path(file) if file else None)


def given_kafka(address: str, environ: Mapping[str, str]) -> KafkaSettings:
    """How to reach a Kafka that is not ours, by HOMEWARD_KAFKA_…; ValueError when that would be in the clear."""
    given = {name: environ.get(f"HOMEWARD_KAFKA_{name.upper()}") for name in KAFKA_SECURITY}
    return KafkaSettings(address, **{name: value for name, value in given.items() if value})


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found
