"""Metrics: declared once, bounded, and served."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from services.chassis.telemetry.metrics import MAX_LABEL_VALUES, OTHER, MetricName, Metrics, MetricsServer
from tests.support.waiting import patient


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("intake", "1.2.3", now=lambda: 1000.0)


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_everything_declared_is_registered_with_its_meaning_and_labels(metrics: Metrics) -> None:
    collected = {family.name: family for family in metrics.registry.collect()}
    for name in MetricName:
        assert collected[name.metric].documentation == name.meaning
    assert {name for name in collected if name.startswith("homeward_")} == {name.metric for name in MetricName}
    assert len({name.meaning for name in MetricName}) == len(MetricName)


def test_each_method_counts_what_it_says(metrics: Metrics) -> None:
    consumer, stream = "followup", "homeward.transfer.v1"
    where = {"consumer": consumer, "stream": stream}
    metrics.grpc_call("homeward.intake.v1.ReadingService", "GetCase", "OK", 0.02)
    metrics.outbox_unsent(12)
    metrics.relay_sent(3)
    metrics.inbox_accepted(consumer, stream, 5)
    metrics.inbox_duplicate(consumer, stream)
    metrics.inbox_parked(consumer, stream, 2)
    metrics.inbox_quarantined(consumer, stream)
    metrics.inbox_waiting("followup", "parked", 4)
    metrics.blocked_cases("followup", 1)
    metrics.dispatcher_handled(consumer, stream, 7)
    metrics.dispatcher_retry(consumer, stream)
    metrics.quarantine_budget_stop("followup")
    metrics.obligation_fired("TRANSFER_LOST", late=False)
    metrics.obligation_fired("TRANSFER_LOST", late=True)
    metrics.watcher_ticked("obligations")

    service = {"service": "homeward.intake.v1.ReadingService", "method": "GetCase"}
    assert value(metrics, "homeward_grpc_calls_total", **service, code="OK") == 1
    assert value(metrics, "homeward_grpc_seconds_sum", **service) == 0.02
    assert value(metrics, "homeward_outbox_unsent") == 12
    assert value(metrics, "homeward_relay_sent_total") == 3
    assert value(metrics, "homeward_inbox_accepted_total", **where) == 5
    assert value(metrics, "homeward_inbox_duplicates_total", **where) == 1
    assert value(metrics, "homeward_inbox_parked_total", **where) == 2
    assert value(metrics, "homeward_inbox_quarantined_total", **where) == 1
    assert value(metrics, "homeward_inbox_waiting", consumer="followup", state="parked") == 4
    assert value(metrics, "homeward_blocked_cases", consumer="followup") == 1
    assert value(metrics, "homeward_dispatcher_handled_total", **where) == 7
    assert value(metrics, "homeward_dispatcher_retries_total", **where) == 1
    assert value(metrics, "homeward_quarantine_budget_stops_total", consumer="followup") == 1
    assert value(metrics, "homeward_obligations_fired_total", kind="TRANSFER_LOST") == 2
    assert value(metrics, "homeward_obligations_late_total", kind="TRANSFER_LOST") == 1
    assert value(metrics, "homeward_watcher_last_tick_timestamp_seconds", watcher="obligations") == 1000
    assert value(metrics, "homeward_service_info", service="intake", version="1.2.3") == 1


def test_running_calls_are_counted_down_again_when_one_fails(metrics: Metrics) -> None:
    def fail() -> None:
        with metrics.grpc_running():
            assert value(metrics, "homeward_grpc_running") == 1
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert value(metrics, "homeward_grpc_running") == 0


@pytest.mark.parametrize(
    "label", ["0b6f7b52-6b6b-4d0e-9f0d-3c5f0b7d9a11", "Nguyễn Thị A", "a b", "", "x" * 65, "0123456789"]
)
def test_what_could_be_a_case_or_a_person_is_no_label(metrics: Metrics, label: str) -> None:
    metrics.blocked_cases(label, 1)
    assert value(metrics, "homeward_blocked_cases", consumer=OTHER) == 1


def test_labels_are_bounded(metrics: Metrics) -> None:
    for number in range(MAX_LABEL_VALUES + 5):
        metrics.watcher_ticked(f"watcher-{number}")
    (family,) = [f for f in metrics.registry.collect() if f.name == MetricName.WATCHER_LAST_TICK.metric]
    assert len(family.samples) == MAX_LABEL_VALUES + 1


def test_two_processes_in_one_test_do_not_share_numbers(metrics: Metrics) -> None:
    metrics.relay_sent()
    assert value(Metrics("handover"), "homeward_relay_sent_total") == 0


def test_metrics_are_served_on_loopback_until_closed(metrics: Metrics) -> None:
    metrics.relay_sent(3)
    with MetricsServer(metrics) as server:
        address = f"http://127.0.0.1:{server.port}/metrics"
        with urllib.request.urlopen(address, timeout=patient(5)) as response:
            text = response.read().decode()
    assert "homeward_relay_sent_total 3.0" in text
    assert "process_cpu_seconds_total" in text
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=patient(5))


def test_a_taken_port_is_an_error(metrics: Metrics) -> None:
    with MetricsServer(metrics) as server, pytest.raises(OSError):
        MetricsServer(Metrics("handover"), port=server.port)
