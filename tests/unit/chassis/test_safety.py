"""A production is not started as a demonstration, nor in the open; each fault is named, all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.chassis.service.safety import UnsafeSettings, require_safe
from services.chassis.service.settings import Settings
from services.followup.__main__ import DEFINITION as FOLLOWUP
from services.handover.__main__ import DEFINITION as HANDOVER
from services.intake.__main__ import DEFINITION as INTAKE

USER = 1_000


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Keys and certificates as they should be."""
    (tmp_path / "digest").write_bytes(bytes(range(32)))
    (tmp_path / "jwks.json").write_text('{"keys": [{"kty": "OKP"}]}')
    (tmp_path / "clock.json").write_text("{}")
    for name in ("events.json", "event.pem", "tls.crt", "tls.key", "ca.crt"):
        (tmp_path / name).write_text("invented")
    for path in tmp_path.iterdir():
        path.chmod(0o644 if path.suffix in (".json", ".crt") else 0o600)
    return tmp_path


def settings(files: Path, **changes: Any) -> Settings:
    """Those of a production with nothing wrong."""
    good: dict[str, Any] = {
        "database_url": "postgresql://homeward_intake:x@db.example:5432/homeward_intake?sslmode=verify-full",
        "kafka": "k1.example:9093,k2.example:9093",
        "kafka_security_protocol": "SASL_SSL",
        "grpc_host": "0.0.0.0",
        "tls_certificate": files / "tls.crt",
        "tls_key": files / "tls.key",
        "tls_client_ca": files / "ca.crt",
        "token_keys": files / "jwks.json",
        "token_issuer": "https://sign-in.example",
        "digest_key": files / "digest",
        "event_key": files / "event.pem",
        "event_keys": files / "events.json",
    }
    return Settings(**(good | changes))


def faults(
    found: Settings, environ: dict[str, str] | None = None, user: int = USER, asks: frozenset[str] = frozenset()
) -> list[str]:
    """The settings that are named."""
    try:
        require_safe(found, environ or {}, user, asks)
    except UnsafeSettings as unsafe:
        return [fault.split()[0] for fault in unsafe.faults]
    return []


def test_production_is_what_nobody_has_to_say(files: Path) -> None:
    assert settings(files).mode == "production"
    assert faults(settings(files)) == []
    here = {"database_url": "postgresql://x@127.0.0.1/homeward_intake", "kafka": "localhost:9092"}
    assert faults(settings(files, **here, kafka_security_protocol="SASL_PLAINTEXT")) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"tls_key": None}, "HOMEWARD_TLS_CERTIFICATE"),
        ({"tls_client_ca": None}, "HOMEWARD_TLS_CLIENT_CA"),
        ({"tls_certificate": None, "tls_key": None, "tls_client_ca": None}, "HOMEWARD_GRPC_HOST"),
        ({"token_issuer": "homeward"}, "HOMEWARD_TOKEN_ISSUER"),
        ({"kafka_security_protocol": "PLAINTEXT"}, "HOMEWARD_KAFKA_SECURITY_PROTOCOL"),
        ({"kafka_security_protocol": "SASL_PLAINTEXT"}, "HOMEWARD_KAFKA_SECURITY_PROTOCOL"),
        (
            {"kafka": "localhost:9092,k2.example:9093", "kafka_security_protocol": "PLAINTEXT"},
            "HOMEWARD_KAFKA_SECURITY_PROTOCOL",
        ),
        ({"database_url": "postgresql://x@db.example/homeward_intake"}, "HOMEWARD_DATABASE_URL"),
        ({"database_url": "postgresql://x@db.example/homeward_intake?sslmode=require"}, "HOMEWARD_DATABASE_URL"),
    ],
    ids=str,
)
def test_what_is_in_the_open_or_a_demonstration_is_named(files: Path, changes: dict[str, Any], named: str) -> None:
    assert faults(settings(files, **changes)) == [named]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda files: (files / "digest").write_bytes(b""), "HOMEWARD_DIGEST_KEY"),
        (lambda files: (files / "digest").write_bytes(b"abc"), "HOMEWARD_DIGEST_KEY"),
        (lambda files: (files / "digest").chmod(0o666), "HOMEWARD_DIGEST_KEY"),
        (lambda files: (files / "digest").unlink(), "HOMEWARD_DIGEST_KEY"),
        (lambda files: (files / "jwks.json").chmod(0o666), "HOMEWARD_TOKEN_KEYS"),
        (lambda files: (files / "events.json").chmod(0o664), "HOMEWARD_EVENT_KEYS"),
        (lambda files: (files / "tls.key").chmod(0o644), "HOMEWARD_TLS_KEY"),
    ],
)
def test_secrets_that_are_none_are_refused_in_the_embedded_mode_too(
    files: Path, spoil: Callable[[Path], object], named: str
) -> None:
    spoil(files)
    assert faults(settings(files)) == [named]
    assert faults(settings(files, mode="embedded")) == [named]


def test_keys_of_the_launcher_a_moved_clock_a_failpoint_and_root_are_refused(files: Path) -> None:
    (files / "jwks.json").write_text('{"keys": [{"kty": "OKP", "use_for": "embedded"}]}')
    (files / "DEMONSTRATION").write_text("")
    found = settings(files, clock_file=files / "clock.json")
    named = ["HOMEWARD_TOKEN_KEYS", "HOMEWARD_CLOCK_FILE", "HOMEWARD_FAILPOINT", "this"]
    assert faults(found, {"HOMEWARD_FAILPOINT": "unit.before_commit:raise@1"}, user=0) == named
    embedded = settings(files, clock_file=files / "clock.json", mode="embedded", token_issuer="homeward")
    assert faults(embedded, {"HOMEWARD_FAILPOINT": "unit.before_commit:raise@1"}, user=0) == []


def test_a_key_that_seals_is_never_one_of_a_demonstration(files: Path) -> None:
    (files / "keys").mkdir()
    sealing = files / "keys" / "care.key"
    assert faults(settings(files, kek=sealing)) == []
    (files / "DEMONSTRATION").write_text("")
    assert faults(settings(files, kek=sealing)) == ["HOMEWARD_KEK"]


def test_a_clock_is_moved_in_a_folder_of_a_demonstration_alone(files: Path) -> None:
    assert faults(settings(files, clock_file=files / "clock.json", mode="embedded")) == ["HOMEWARD_CLOCK_FILE"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, ["HOMEWARD_HANDOVER"]),
        ({"handover": "handover.example:7441"}, ["HOMEWARD_TLS_CA"]),
        ({"handover": "handover.example:7441", "tls_ca": "ca.crt"}, []),
        ({"handover": "127.0.0.1:7441"}, []),
        ({"only": "worker"}, []),
    ],
)
def test_a_service_that_asks_another_starts_only_where_it_can(
    files: Path, changes: dict[str, Any], named: list[str]
) -> None:
    assert faults(settings(files, **changes), asks=frozenset({"handover"})) == named
    assert faults(settings(files, **changes)) == []


def test_intake_asks_handover() -> None:
    assert INTAKE.asks == {"handover"}


def test_handover_asks_what_she_agreed_to_and_whether_her_home_is_safe(files: Path) -> None:
    assert HANDOVER.asks == {"intake", "followup"}
    assert FOLLOWUP.asks == {"handover", "intake"}
    named = ["HOMEWARD_FOLLOWUP", "HOMEWARD_INTAKE"]
    assert faults(settings(files, handover="127.0.0.1:7441"), asks=HANDOVER.asks) == named
    assert faults(settings(files, followup="127.0.0.1:1", intake="127.0.0.1:2"), asks=HANDOVER.asks) == []
