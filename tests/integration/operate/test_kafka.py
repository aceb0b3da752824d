"""A broker of one's own is made to know its clients: each login does what its service needs, and nothing else."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.errors import TopicAuthorizationFailedError

from services.chassis.events.kafka_admin import (
    KafkaAdminError,
    KafkaSettings,
    ensure_topics,
    list_topics,
    topic_specs,
)
from services.chassis.events.streams import TRANSFER
from services.local.embedded import EmbeddedKafka
from services.operate.kafka import build
from services.operate.kafka_access import OPERATOR, as_login, login_of
from tests.integration.operate.conftest import Invoke
from tests.support.waiting import patient

SEND_S = patient(20.0)
REFUSED_S = 2.0
"""A client whose password is refused tries again for so long, on any machine."""


def sent(kafka: KafkaSettings) -> bool:
    """Whether this login may say who is accountable; raises what the broker answers."""
    settings = {"max_block_ms": int(SEND_S * 1000), "enable_idempotence": False, "acks": "all"}
    with closing(KafkaProducer(**settings, **kafka.kafka_python_arguments())) as producer:
        record = producer.send(f"{TRANSFER.topic}.quarantine", key=b"0", value=b"").get(timeout=SEND_S)
        return bool(record.offset >= 0)


def may_send_soon(kafka: KafkaSettings) -> bool:
    """The same, once the broker has heard of the rights that it was told."""
    end = time.monotonic() + patient(5.0)
    while True:
        try:
            return sent(kafka)
        except TopicAuthorizationFailedError:
            if time.monotonic() >= end:
                raise


def test_a_broker_of_ones_own_is_provisioned_and_again(
    kafka_node: EmbeddedKafka, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_topics(kafka_node.settings, topic_specs(embedded=True))
    administrator = kafka_node.settings
    monkeypatch.setenv("HOMEWARD_KAFKA", kafka_node.bootstrap)
    monkeypatch.setenv("HOMEWARD_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    monkeypatch.setenv("HOMEWARD_KAFKA_SASL_MECHANISM", administrator.sasl_mechanism or "")
    monkeypatch.setenv("HOMEWARD_KAFKA_SASL_USERNAME", administrator.sasl_username or "")
    monkeypatch.setenv("HOMEWARD_KAFKA_SASL_PASSWORD", administrator.sasl_password or "")
    passwords = tmp_path / "passwords.json"
    # Other tests know the logins of this broker: they stay, as those of a file do that is there.
    passwords.write_text(json.dumps(kafka_node.passwords()))
    for _ in range(2):
        done = invoke(build, "provision", "--state", tmp_path / "var", passwords, "--json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.output)
        assert told["logins"][OPERATOR] == login_of(OPERATOR)
        assert json.loads(passwords.read_text()) == kafka_node.passwords()
        assert passwords.stat().st_mode & 0o077 == 0
    here = KafkaSettings(kafka_node.bootstrap, "SASL_PLAINTEXT")
    known = kafka_node.passwords()
    # Intake, followup and notify hear the stream, and set aside what they cannot take in; handover does not.
    assert may_send_soon(as_login(here, "notify", known["notify"]))
    with pytest.raises(TopicAuthorizationFailedError):
        sent(as_login(here, "handover", known["handover"]))
    assert list_topics(as_login(here, "notify", known["notify"]), timeout_s=SEND_S)
    with pytest.raises(KafkaAdminError):
        list_topics(as_login(here, "notify", "another password"), timeout_s=REFUSED_S)
