"""Settings of a service process, from the environment (prefix HOMEWARD_)."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.calls.client import ClientTls
from services.chassis.calls.server import GrpcServerSettings, ServerTls
from services.chassis.events.kafka_admin import KafkaSettings

EMBEDDED_ISSUER: Final = "homeward"
"""The token issuer that the launcher brings along; a production has another one."""


class Settings(BaseSettings):
    """What every service needs to know.

    Attributes:
        mode: a production refuses the settings of a demonstration (`safety`); the launcher says "embedded".
        health_port: health alone is told there as well, on loopback; unset: nowhere else than where calls are answered.
        database_url: the service's own database, with its own login.
        kafka: bootstrap servers, host:port separated by commas.
        token_keys: file with the public keys of the token issuer (JWKS).
        digest_key: secret that request digests and page tokens are made with.
        event_key: private key that the service signs its events with.
        event_keys: file with the public keys of all services (JWKS; each key says whose it is).
        kek: key-encryption key of what the service seals; intake and followup need one each, of their own.
        number_key: secret by which case numbers follow one another; intake needs it, and it never changes.
        tls_ca: file of the authority by which other services are checked, where one asks another.
        intake: host and port of intake; handover and followup ask it what she agreed to.
        handover: host and port of handover; intake and followup ask it who is accountable.
        followup: host and port of followup; handover asks it whether a home is safe.
        plaintext_network: serve beyond loopback without TLS, because something else encrypts the way.
        clock_file: business-time offset of a demonstration; unset means real time.
        only: run the API alone, the workers alone, or both.
        instance: names this replica; two replicas must not share it.
    """

    model_config = SettingsConfigDict(env_prefix="HOMEWARD_", extra="ignore")

    mode: Literal["production", "embedded"] = "production"
    database_url: str
    kafka: str
    kafka_security_protocol: str = "PLAINTEXT"
    kafka_sasl_mechanism: str | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: str | None = Field(default=None, repr=False)
    kafka_ssl_cafile: str | None = None
    kafka_ssl_certfile: str | None = None
    kafka_ssl_keyfile: str | None = None
    grpc_host: str = "127.0.0.1"
    grpc_port: int = Field(default=0, ge=0, le=65535)
    health_port: int | None = Field(default=None, ge=1, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    plaintext_network: bool = False
    tls_ca: Path | None = None
    intake: str = ""
    handover: str = ""
    followup: str = ""
    token_keys: Path
    token_issuer: str = EMBEDDED_ISSUER
    digest_key: Path
    event_key: Path
    event_keys: Path
    kek: Path | None = None
    number_key: Path | None = None
    offices_file: Path | None = None
    clock_file: Path | None = None
    only: Literal["all", "api", "worker"] = "all"
    instance: str = Field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}")
    log_level: str = "INFO"
    log_file: Path | None = None
    tick_s: float = Field(default=1.0, gt=0, le=60)

    def grpc_settings(self) -> GrpcServerSettings:
        """Where and how to serve gRPC."""
        tls = None
        if self.tls_certificate is not None and self.tls_key is not None:
            tls = ServerTls(self.tls_certificate, self.tls_key, self.tls_client_ca)
        return GrpcServerSettings(
            host=self.grpc_host,
            port=self.grpc_port,
            health_port=self.health_port,
            tls=tls,
            plaintext_network=self.plaintext_network,
        )

    def peer(self, service: str) -> str:
        """Where another service answers; empty where nobody said."""
        return {"intake": self.intake, "handover": self.handover, "followup": self.followup}[service]

    def peer_tls(self) -> ClientTls | None:
        """How to reach other services; None for those on this machine."""
        return ClientTls(self.tls_ca, self.tls_certificate, self.tls_key) if self.tls_ca is not None else None

    def kafka_settings(self) -> KafkaSettings:
        """How to reach Kafka."""
        return KafkaSettings(
            bootstrap=self.kafka,
            security_protocol=self.kafka_security_protocol,
            sasl_mechanism=self.kafka_sasl_mechanism,
            sasl_username=self.kafka_sasl_username,
            sasl_password=self.kafka_sasl_password,
            ssl_cafile=self.kafka_ssl_cafile,
            ssl_certfile=self.kafka_ssl_certfile,
            ssl_keyfile=self.kafka_ssl_keyfile,
        )
