"""Settings of a service process, from the environment (prefix HOMEWARD_)."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.kafka_admin import KafkaSettings


class Settings(BaseSettings):
    """What every service needs to know.

    Attributes:
        database_url: the service's own database, with its own login.
        kafka: bootstrap servers, host:port separated by commas.
        token_keys: file with the public keys of the token issuer (JWKS).
        clock_file: business-time offset of a demonstration; unset means real time.
        only: run the API alone, the workers alone, or both.
        instance: names this replica; two replicas must not share it.
    """

    model_config = SettingsConfigDict(env_prefix="HOMEWARD_", extra="ignore")

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
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    token_keys: Path
    digest_key: Path
    kek: Path | None = None
    offices_file: Path | None = None
    clock_file: Path | None = None
    only: Literal["all", "api", "worker"] = "all"
    instance: str = Field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}")
    log_level: str = "INFO"
    tick_s: float = Field(default=1.0, gt=0, le=60)

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
