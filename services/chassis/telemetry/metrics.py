"""What a service counts. Every name is declared here, once, with what it means.

Labels are short codes of bounded sets: never a case, an office, a person or free text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from types import TracebackType
from typing import Any, Final, Self

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)

LOOPBACK: Final = "127.0.0.1"
MAX_LABEL_VALUES: Final = 64
"""Per label; the largest real set is the methods of one service."""
OTHER: Final = "other"
"""Stands in for a label value that is malformed or one too many."""
CALL_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

# No run of eight hex digits: a UUID or a digest is an id, and ids are no labels.
_LABEL = re.compile(r"(?!.*[0-9a-fA-F]{8})[A-Za-z0-9_./-]{1,64}")


class MetricName(Enum):
    """Every metric: its name, its meaning, its labels."""

    SERVICE = ("homeward_service", "Which service and version this process is.", ())
    GRPC_CALLS = ("homeward_grpc_calls", "Calls answered.", ("service", "method", "code"))
    GRPC_SECONDS = ("homeward_grpc_seconds", "Time to answer.", ("service", "method"))
    GRPC_RUNNING = ("homeward_grpc_running", "Calls being answered now.", ())
    CASES_NOT_FOUND = ("homeward_cases_not_found", "Cases asked for that there are not, or not for the caller.", ())
    LOOKUPS_REFUSED = ("homeward_lookups_refused", "Calls refused after too many such cases.", ())
    TOKEN_KEYS_UNREADABLE = (
        "homeward_token_keys_unreadable",
        "Looks at the keys of the token issuer that failed; the keys known before still count.",
        (),
    )
    OUTBOX_UNSENT = ("homeward_outbox_unsent", "Events written and not yet with the broker.", ())
    RELAY_SENT = ("homeward_relay_sent", "Events that the broker acknowledged.", ())
    INBOX_ACCEPTED = ("homeward_inbox_accepted", "Events taken in.", ("consumer", "stream"))
    INBOX_DUPLICATES = (
        "homeward_inbox_duplicates",
        "Events that were known already.",
        ("consumer", "stream"),
    )
    INBOX_PARKED = (
        "homeward_inbox_parked",
        "Events put aside until an earlier one of their case comes.",
        ("consumer", "stream"),
    )
    INBOX_QUARANTINED = (
        "homeward_inbox_quarantined",
        "Events that could not be read or handled, and were set aside.",
        ("consumer", "stream"),
    )
    EVENTS_REFUSED = (
        "homeward_events_refused",
        "Records that the service whose stream it is did not say as they came, by reason.",
        ("consumer", "reason"),
    )
    INBOX_WAITING = (
        "homeward_inbox_waiting",
        "Events in the inbox now, by state (ready, parked, quarantined).",
        ("consumer", "state"),
    )
    ENTITLEMENT_AGE = (
        "homeward_entitlement_age_seconds",
        "How long something that handover said has waited at intake to take effect; meanwhile each reading asks.",
        (),
    )
    BLOCKED_CASES = (
        "homeward_blocked_cases",
        "Cases that a quarantined event holds up now.",
        ("consumer",),
    )
    DISPATCHER_HANDLED = ("homeward_dispatcher_handled", "Events handled.", ("consumer", "stream"))
    DISPATCHER_RETRIES = (
        "homeward_dispatcher_retries",
        "Attempts that failed and will be repeated.",
        ("consumer", "stream"),
    )
    QUARANTINE_BUDGET_STOPS = (
        "homeward_quarantine_budget_stops",
        "Times that a consumer stopped because too many events in a row were quarantined.",
        ("consumer",),
    )
    OBLIGATIONS_FIRED = ("homeward_obligations_fired", "Deadlines that fired, also in looks that failed.", ("kind",))
    OBLIGATIONS_LATE = (
        "homeward_obligations_late",
        "Deadlines that fired over an hour late, e.g. after an outage.",
        ("kind",),
    )
    WATCHER_LAST_TICK = (
        "homeward_watcher_last_tick_timestamp_seconds",
        "Real time of the last completed tick, in seconds since 1970.",
        ("watcher",),
    )

    def __init__(self, metric: str, meaning: str, labels: tuple[str, ...]) -> None:
        self.metric = metric
        self.meaning = meaning
        self.labels = labels


class Metrics:
    """What one process counts, in a registry of its own; every method is cheap and never raises.

    `stream` is a topic name, `consumer` the name of a consuming service, `kind` the code of a
    rule, `watcher` the name of a tick.
    """

    def __init__(self, service: str, version: str = "", *, now: Callable[[], float] = time.time) -> None:
        """`now` gives real time in seconds since 1970."""
        self.registry = CollectorRegistry()
        self._now = now
        self._seen: dict[str, set[str]] = {}
        self._counters: dict[MetricName, Counter] = {}
        self._gauges: dict[MetricName, Gauge] = {}
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        for name in (
            MetricName.GRPC_CALLS,
            MetricName.CASES_NOT_FOUND,
            MetricName.LOOKUPS_REFUSED,
            MetricName.TOKEN_KEYS_UNREADABLE,
            MetricName.RELAY_SENT,
            MetricName.INBOX_ACCEPTED,
            MetricName.INBOX_DUPLICATES,
            MetricName.INBOX_PARKED,
            MetricName.INBOX_QUARANTINED,
            MetricName.EVENTS_REFUSED,
            MetricName.DISPATCHER_HANDLED,
            MetricName.DISPATCHER_RETRIES,
            MetricName.QUARANTINE_BUDGET_STOPS,
            MetricName.OBLIGATIONS_FIRED,
            MetricName.OBLIGATIONS_LATE,
        ):
            self._counters[name] = Counter(name.metric, name.meaning, name.labels, registry=self.registry)
        for name in (
            MetricName.GRPC_RUNNING,
            MetricName.OUTBOX_UNSENT,
            MetricName.INBOX_WAITING,
            MetricName.ENTITLEMENT_AGE,
            MetricName.BLOCKED_CASES,
            MetricName.WATCHER_LAST_TICK,
        ):
            self._gauges[name] = Gauge(name.metric, name.meaning, name.labels, registry=self.registry)
        seconds = MetricName.GRPC_SECONDS
        self._grpc_seconds = Histogram(
            seconds.metric,
            seconds.meaning,
            seconds.labels,
            registry=self.registry,
            buckets=CALL_BUCKETS_S,
        )
        info = MetricName.SERVICE
        Info(info.metric, info.meaning, registry=self.registry).info({"service": service, "version": version})

    def grpc_call(self, service: str, method: str, code: str, seconds: float) -> None:
        """A call was answered."""
        self._count(MetricName.GRPC_CALLS, 1, service=service, method=method, code=code)
        labels = self._bounded({"service": service, "method": method})
        self._grpc_seconds.labels(**labels).observe(seconds)

    @contextmanager
    def grpc_running(self) -> Iterator[None]:
        """A call is being answered."""
        with self._gauges[MetricName.GRPC_RUNNING].track_inprogress():
            yield

    def cases_not_found(self, cases: int) -> None:
        """So many cases were asked for in vain."""
        self._count(MetricName.CASES_NOT_FOUND, cases)

    def lookup_refused(self) -> None:
        """A call was refused because its account asked for too many."""
        self._count(MetricName.LOOKUPS_REFUSED, 1)

    def token_keys_unreadable(self) -> None:
        """The file with the keys of the token issuer could not be read."""
        self._count(MetricName.TOKEN_KEYS_UNREADABLE, 1)

    def outbox_unsent(self, rows: int) -> None:
        """So many events wait for the broker."""
        self._set(MetricName.OUTBOX_UNSENT, rows)

    def relay_sent(self, events: int = 1) -> None:
        """The broker acknowledged so many events."""
        self._count(MetricName.RELAY_SENT, events)

    def inbox_accepted(self, consumer: str, stream: str, events: int = 1) -> None:
        """So many new events were taken in."""
        self._count(MetricName.INBOX_ACCEPTED, events, consumer=consumer, stream=stream)

    def inbox_duplicate(self, consumer: str, stream: str, events: int = 1) -> None:
        """So many events were known already."""
        self._count(MetricName.INBOX_DUPLICATES, events, consumer=consumer, stream=stream)

    def inbox_parked(self, consumer: str, stream: str, events: int = 1) -> None:
        """So many events wait for an earlier one of their case."""
        self._count(MetricName.INBOX_PARKED, events, consumer=consumer, stream=stream)

    def inbox_quarantined(self, consumer: str, stream: str, events: int = 1) -> None:
        """So many events were set aside."""
        self._count(MetricName.INBOX_QUARANTINED, events, consumer=consumer, stream=stream)

    def events_refused(self, consumer: str, reason: str, records: int) -> None:
        """So many records were refused."""
        self._count(MetricName.EVENTS_REFUSED, records, consumer=consumer, reason=reason)

    def inbox_waiting(self, consumer: str, state: str, events: int) -> None:
        """So many events are in the inbox now, in this state."""
        self._set(MetricName.INBOX_WAITING, events, consumer=consumer, state=state)

    def entitlement_age(self, seconds: float) -> None:
        """So long something that handover said has waited to take effect."""
        self._set(MetricName.ENTITLEMENT_AGE, seconds)

    def blocked_cases(self, consumer: str, cases: int) -> None:
        """So many cases are held up now."""
        self._set(MetricName.BLOCKED_CASES, cases, consumer=consumer)

    def dispatcher_handled(self, consumer: str, stream: str, events: int = 1) -> None:
        """So many events took effect."""
        self._count(MetricName.DISPATCHER_HANDLED, events, consumer=consumer, stream=stream)

    def dispatcher_retry(self, consumer: str, stream: str) -> None:
        """An attempt failed and will be repeated."""
        self._count(MetricName.DISPATCHER_RETRIES, 1, consumer=consumer, stream=stream)

    def quarantine_budget_stop(self, consumer: str) -> None:
        """A consumer stopped instead of emptying its topic into quarantine."""
        self._count(MetricName.QUARANTINE_BUDGET_STOPS, 1, consumer=consumer)

    def obligation_fired(self, kind: str, *, late: bool) -> None:
        """A deadline fired."""
        self._count(MetricName.OBLIGATIONS_FIRED, 1, kind=kind)
        if late:
            self._count(MetricName.OBLIGATIONS_LATE, 1, kind=kind)

    def watcher_ticked(self, watcher: str) -> None:
        """A tick was completed now."""
        self._set(MetricName.WATCHER_LAST_TICK, self._now(), watcher=watcher)

    def _count(self, name: MetricName, amount: float, /, **labels: str) -> None:
        counter = self._counters[name]
        (counter.labels(**self._bounded(labels)) if labels else counter).inc(amount)

    def _set(self, name: MetricName, value: float, /, **labels: str) -> None:
        gauge = self._gauges[name]
        (gauge.labels(**self._bounded(labels)) if labels else gauge).set(value)

    def _bounded(self, labels: dict[str, str]) -> dict[str, str]:
        return {label: self._bounded_value(label, value) for label, value in labels.items()}

    def _bounded_value(self, label: str, value: str) -> str:
        seen = self._seen.setdefault(label, set())
        if value in seen:
            return value
        if len(seen) >= MAX_LABEL_VALUES or not _LABEL.fullmatch(value):
            return OTHER
        seen.add(value)
        return value


class MetricsServer:
    """Serves the metrics over HTTP from a thread of its own, on loopback unless told otherwise."""

    def __init__(self, metrics: Metrics, *, host: str = LOOPBACK, port: int = 0) -> None:
        """Binds at once; port 0 takes any free one. Raises OSError when the port is taken."""
        # Any: the library returns a server of a private class.
        server: Any
        server, self._thread = start_http_server(port, addr=host, registry=metrics.registry)
        self._server = server
        self.port: int = server.server_port

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
