"""Kafka may be away at the start and in between: everything accepted arrives when it is back."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.chassis.calls.client import RpcFailure
from services.chassis.calls.lookups import UNKNOWN_MAX
from services.chassis.events.kafka_admin import KafkaSettings, list_topics
from services.chassis.events.streams import STREAMS
from services.local.embedded import EmbeddedKafka
from services.local.embedded.ports import free_port
from services.operate.kafka_access import OPERATOR, as_login
from tests.e2e import work
from tests.e2e.work import tell
from tests.robustness import history
from tests.robustness.clients import Clients
from tests.robustness.history import Expected, Fault, History, fault
from tests.support.waiting import patient
from tests.support.whole import Whole, kafka_environment, until

AWAY_S = 15.0
FLOW_WITHIN_S = 5.0
JOIN_WITHIN_S = 30.0


PORT = free_port()


@pytest.fixture
def node(whole_state: Callable[[str], Path]) -> Iterator[EmbeddedKafka]:
    """A Kafka that is nobody's but the test's, not started."""
    kafka = EmbeddedKafka(whole_state("own-kafka"), port=PORT)
    kafka.ensure_jars()
    yield kafka
    kafka.kill()


def asked_for_unknown(whole: Whole) -> set[str]:
    """As what an office is refused that opens the pages of more cases than may be asked for in vain otherwise."""
    with whole.desks() as desks:
        reasons = set()
        for _ in range(UNKNOWN_MAX + 5):
            with pytest.raises(RpcFailure) as refused:
                work.custody(desks, work.POST, str(uuid.uuid4()))
            reasons.add(refused.value.reason)
    return reasons


def test_kafka_comes_late_and_goes_for_a_while(
    node: EmbeddedKafka, whole_state: Callable[[str], Path], tmp_path: Path
) -> None:
    told, faults = History(tmp_path / "history.jsonl"), list[Fault]()
    kafka = as_login(KafkaSettings(f"127.0.0.1:{PORT}", "SASL_PLAINTEXT"), OPERATOR, node.passwords()[OPERATOR])
    environment = {**kafka_environment(kafka), "HOMEWARD_KAFKA_REPLICATION": "1"}
    with Whole(whole_state("kafka-away"), environment=environment) as whole:
        with Clients(whole, told, pause_s=1.0) as clients:
            with fault(faults, "Kafka"):
                until(lambda: clients.answered >= 5, what="people are handed over without Kafka")
                assert whole.rows("handover", "SELECT count(*) FROM custody") == [(0,)]
                began_s = time.monotonic()
                node.start()
                node.wait_ready(patient(60))
                returned_s = time.monotonic()
            until(lambda: whole.rows("handover", "SELECT 1 FROM custody"), JOIN_WITHIN_S, what="events flow")
            tell(f"Kafka took {returned_s - began_s:.1f} s; first event {time.monotonic() - returned_s:.1f} s later")
            expected = {name for stream in STREAMS for name in (stream.topic, stream.quarantine_topic)}
            assert expected <= set(list_topics(kafka))
            until(lambda: whole.rows("notify", "SELECT 1 FROM message"), JOIN_WITHIN_S, what="messages are posted")

            with fault(faults, "Kafka"):
                node.kill()
                before = clients.answered
                threading.Event().wait(AWAY_S)
                assert clients.answered > before
                assert asked_for_unknown(whole) == {"CASE_NOT_FOUND"}, "what is not known yet locks nobody out"
                node.start()
                node.wait_ready(patient(60))
            returned_s, returned_at = time.monotonic(), work.real_now()
            fresh = "SELECT 1 FROM inbox WHERE received_at > %s LIMIT 1"
            until(lambda: whole.rows("handover", fresh, returned_at), JOIN_WITHIN_S, what="events flow again")
            flowed_s = time.monotonic() - returned_s
            tell(f"{clients.answered - before} submissions meanwhile; events flow {flowed_s:.1f} s after the return")
            assert flowed_s <= patient(FLOW_WITHIN_S)
        assert history.check(whole, told.operations(), Expected(faults=faults)) == []
