"""One description of a cluster gives both libraries what they ask for."""

from __future__ import annotations

import ssl
import subprocess
import sys

import pytest

from services.chassis.events.kafka_admin import KafkaSettings


def test_a_plain_cluster_needs_its_addresses_only() -> None:
    settings = KafkaSettings("127.0.0.1:9092, localhost:9092,")
    expected = {"bootstrap_servers": ["127.0.0.1:9092", "localhost:9092"], "security_protocol": "PLAINTEXT"}
    assert settings.kafka_python_arguments() == expected
    assert settings.aiokafka_arguments() == expected


def test_a_protected_cluster_gets_certificates_and_a_login() -> None:
    settings = KafkaSettings(
        "one:9093",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="relay",
        sasl_password="secret",
        ssl_cafile=ssl.get_default_verify_paths().cafile,
    )
    login = {
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "relay",
        "sasl_plain_password": "secret",
    }
    admin, client = settings.kafka_python_arguments(), settings.aiokafka_arguments()
    assert login.items() <= admin.items()
    assert login.items() <= client.items()
    assert isinstance(client["ssl_context"], ssl.SSLContext)
    assert client["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert client["ssl_context"].check_hostname
    assert "ssl_certfile" not in admin


def test_a_missing_certificate_is_noticed_at_once() -> None:
    settings = KafkaSettings("one:9093", security_protocol="SSL", ssl_cafile="nowhere.pem")
    with pytest.raises(OSError, match="No such file"):
        settings.aiokafka_arguments()


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(KafkaSettings("127.0.0.1:9092", sasl_password="secret"))


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SASL_PLAINTEXT"])
@pytest.mark.parametrize("address", ["one:9092", "127.0.0.1:9092,one:9092", "10.0.0.1:9092", "[fe80::1]:9092"])
def test_nothing_goes_beyond_this_machine_in_the_clear(protocol: str, address: str) -> None:
    with pytest.raises(ValueError, match="SASL_SSL"):
        KafkaSettings(address, protocol)
    assert KafkaSettings(address, "SASL_SSL").servers
    assert KafkaSettings("127.0.0.1:1,[::1]:1,localhost:1", protocol).servers


def test_the_settings_come_without_the_operators_client() -> None:
    program = (
        "import sys; from services.chassis.events.kafka_admin import KafkaSettings; sys.exit('kafka' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
