"""What clients did and were answered, and whether databases, topics and logs agree with it afterwards.

A history is a file of JSON lines, one per operation, in the manner of Jepsen: `ok` was answered, `fail` was refused,
`info` may or may not have happened. It can be checked again later, as long as the state directory is there.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from homeward.intake.v1 import submissions_pb2
from services.chassis.events.envelope import Envelope, read
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.streams import STREAMS
from services.client.services import SERVICES
from tests.support.waiting import patient
from tests.support.whole import DEFINITIONS, Whole

Type = Literal["ok", "fail", "info"]

UNSEEN_WITHIN_S = 30.0
"""After the last fault every event has arrived within this time."""
TIMELY_S = 60.0
"""A deadline fires this long after its time at the latest, in a run whose faults are shorter."""
CONSUMED = {definition.name: tuple(stream.topic for stream in definition.streams) for definition in DEFINITIONS}
CLIENT_LIBRARIES = ("aiokafka", "faust", "mode", "kafka")
ECHO_S = 20.0
"""So long after a fault a client library may still speak of it: a group waits for the session of a dead member."""
READ_S = 60.0
POLL_MS = 500


@dataclass(frozen=True)
class Operation:
    """One call of a client.

    Attributes:
        process: the client that called.
        invoke_s: real time before the call, seconds since 1970.
        complete_s: the same after it.
        type: what the client knows afterwards.
        f: which call.
        value: request id, cases, reason of a refusal; no identity.
    """

    process: int
    invoke_s: float
    complete_s: float
    type: Type
    f: str
    value: Mapping[str, Any] = field(default_factory=dict)


class History:
    """Operations as they end, from any thread, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        path.touch()

    def add(self, operation: Operation) -> None:
        """Write one down."""
        line = json.dumps(asdict(operation)) + "\n"
        with self._guard, self._path.open("a", encoding="utf-8") as file:
            file.write(line)

    def operations(self) -> list[Operation]:
        """All so far."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [Operation(**json.loads(line)) for line in lines]


@dataclass(frozen=True)
class Record:
    """A record of a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    def envelope(self) -> Envelope:
        """The event that it carries."""
        return read(self.value, list(self.headers))


def read_topics(kafka: KafkaSettings, topics: Iterable[str] | None = None) -> list[Record]:
    """Every record of these topics (of all our own without), from the first offset to the present end."""
    from kafka import KafkaConsumer, TopicPartition

    wanted = list(topics or [name for stream in STREAMS for name in (stream.topic, stream.quarantine_topic)])
    consumer = KafkaConsumer(**kafka.kafka_python_arguments(), enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        places = [
            TopicPartition(topic, partition)
            for topic in wanted
            for partition in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[Record] = []
        deadline = time.monotonic() + patient(READ_S)
        while any(consumer.position(place) < ends[place] for place in places):
            assert time.monotonic() < deadline, "the topics could not be read to their ends"
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                found += [
                    Record(one.topic, one.partition, one.offset, one.key, one.value, tuple(one.headers))
                    for one in records
                ]
        return found
    finally:
        consumer.close()


def log_lines(whole: Whole) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every line of the services' logs that is one of ours, with the service."""
    for service in SERVICES:
        for path in sorted(whole.home.logs.glob(f"{service}.log*")):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    said = json.loads(line)
                except ValueError:
                    continue
                if isinstance(said, dict):
                    yield service, said


@dataclass(frozen=True)
class Fault:
    """Something bad that was done to a process, from one instant to another; seconds since 1970."""

    process: str
    began_s: float
    ended_s: float

    def explains(self, service: str, logger: str, at_s: float) -> bool:
        """Whether a library's error in the log of a service may come from this."""
        concerned = self.process in ("Kafka", service) and logger.startswith(CLIENT_LIBRARIES)
        return concerned and self.began_s <= at_s <= self.ended_s + patient(ECHO_S)


@dataclass(frozen=True)
class Expected:
    """What a run may show because of the faults that it injected.

    Attributes:
        errors: events of log lines that may have the level error.
        faults: explain errors that Kafka's client libraries log of their own accord.
        timely_s: how late a deadline may fire.
    """

    errors: Collection[str] = ()
    faults: Collection[Fault] = ()
    timely_s: float = patient(TIMELY_S)

    def explains(self, service: str, said: Mapping[str, Any]) -> bool:
        """Whether an error in the log of a service is one of those."""
        if said.get("event") in self.errors:
            return True
        at_s = datetime.fromisoformat(said["timestamp"]).timestamp()
        return any(fault.explains(service, str(said.get("logger")), at_s) for fault in self.faults)


def check(whole: Whole, operations: Sequence[Operation], expected: Expected | None = None) -> list[str]:
    """Everything that contradicts the promises; nothing, in a sound run. Waits until nothing is on its way."""
    expected = expected or Expected()
    try:
        whole.wait_quiet(UNSEEN_WITHIN_S)
    except AssertionError:
        return [f"7 unseen: {sentence}" for sentence in what_is_not_quiet(whole)]
    records = read_topics(whole.kafka())
    problems: list[str] = []
    problems += _writes(whole, operations)
    problems += _reached(whole, operations, records)
    problems += no_effect_twice(whole)
    problems += order_of_cases(whole)
    problems += conservation(whole, records)
    problems += _timeliness(whole, expected.timely_s)
    problems += legal_states(whole)
    problems += unexpected_errors(whole, expected)
    return problems


def what_is_not_quiet(whole: Whole) -> list[str]:
    """Where events wait, in words."""
    waiting = []
    for service in SERVICES:
        unsent = whole.rows(service, "SELECT topic, count(*) FROM outbox WHERE sent_at IS NULL GROUP BY topic")
        taken_in = whole.rows(
            service, "SELECT topic, state, count(*), max(error), max(attempts) FROM inbox GROUP BY topic, state"
        )
        waiting.append(f"{service}: unsent {unsent}, inbox {taken_in}")
    return waiting


def _writes(whole: Whole, operations: Sequence[Operation]) -> Iterator[str]:
    """1 no lost write, 2 no aborted read, 3 unknown ones at most once."""
    stored = {
        str(request): submissions_pb2.SubmitHandoverResponse.FromString(response)
        for request, response in whole.rows(
            "intake", "SELECT request_id, response FROM request_log WHERE method LIKE '%SubmitHandover'"
        )
    }
    submissions = {one.value["request_id"]: one for one in operations if one.f == "submit"}
    for request, operation in submissions.items():
        answer = stored.get(request)
        if operation.type == "ok":
            cases = [entry.case_id for entry in answer.receipt.entries] if answer else None
            if cases != operation.value["cases"]:
                yield f"1 lost write: {request} was answered {operation.value['cases']}, stored is {cases}"
        elif operation.type == "fail" and answer is not None:
            yield f"2 aborted read: {request} was refused and is stored"
    for request in stored.keys() - submissions.keys():
        yield f"2 {request} is stored and nobody asked for it"
    promised = Counter(entry.case_id for answer in stored.values() for entry in answer.receipt.entries)
    registered = Counter(str(case) for (case,) in whole.rows("intake", "SELECT id FROM intake_case"))
    if promised != registered:
        yield f"3 cases without an answer or twice: {(registered - promised) + (promised - registered)}"


def _reached(whole: Whole, operations: Sequence[Operation], records: Sequence[Record]) -> Iterator[str]:
    """1 continued: each case is in its topic, and in each consumer."""
    registered = {str(case) for (case,) in whole.rows("intake", "SELECT id FROM intake_case")}
    said = {
        str(event.subject)
        for event in (one.envelope() for one in records if one.topic == "homeward.handover.v1")
        if event.type.endswith("CaseRegistered")
    }
    known = {
        "topic": said,
        "handover": {str(case) for (case,) in whole.rows("handover", "SELECT case_id FROM custody")},
        "notify": {str(case) for (case,) in whole.rows("notify", "SELECT case_id FROM audit_case")},
    }
    for place, cases in known.items():
        if missing := registered - cases:
            yield f"1 lost write: {len(missing)} cases have not reached {place}, such as {min(missing)}"
        if strange := cases - registered:
            yield f"2 {len(strange)} cases in {place} that intake does not know, such as {min(strange)}"
    for operation in operations:
        if operation.type == "ok" and operation.f == "acknowledge":
            (case,) = operation.value["cases"]
            if not whole.rows("followup", "SELECT 1 FROM follow_up WHERE case_id = %s", uuid.UUID(case)):
                yield f"1 lost write: {case} was acknowledged and is not followed up"


def no_effect_twice(whole: Whole) -> Iterator[str]:
    """4: once per consumer and event, one message per event and office, one open journey, one set of follow-ups."""
    for service in SERVICES:
        yield from _rows(
            whole,
            service,
            "4 twice in the inbox",
            "SELECT consumer, event_id FROM inbox GROUP BY 1, 2 HAVING count(*) > 1",
        )
    yield from _rows(
        whole,
        "notify",
        "4 told twice",
        "SELECT event_id, office_id FROM message GROUP BY 1, 2 HAVING count(*) > 1",
    )
    yield from _rows(
        whole,
        "handover",
        "4 two open journeys",
        "SELECT case_id FROM transfer WHERE state IN ('PLANNED', 'DISPATCHED') GROUP BY 1 HAVING count(*) > 1",
    )
    yield from _rows(
        whole,
        "followup",
        "4 followed up twice",
        "SELECT case_id, set_number, kind FROM follow_up GROUP BY 1, 2, 3 HAVING count(*) > 1",
    )


def order_of_cases(whole: Whole) -> Iterator[str]:
    """5: in each consumer the events of a case took effect from 1 on, one after the other, without a hole."""
    for service in SERVICES:
        yield from _rows(
            whole,
            service,
            "5 hole or standstill",
            """
            SELECT i.topic, i.subject, count(*), min(i.version), max(i.version), max(p.version)
            FROM inbox i LEFT JOIN inbox_position p USING (consumer, topic, subject)
            WHERE i.state IN ('DONE', 'SKIPPED')
            GROUP BY 1, 2
            HAVING count(*) <> max(i.version) OR min(i.version) <> 1 OR max(i.version) IS DISTINCT FROM max(p.version)
            """,
        )
        yield from _rows(
            whole,
            service,
            "5 out of order",
            """
            SELECT a.topic, a.subject, a.version, b.version FROM inbox a
            JOIN inbox b USING (consumer, topic, subject)
            -- Those of one transaction took effect together; its statement marks them in any order.
            WHERE a.version < b.version AND a.done_at > b.done_at AND a.xmin <> b.xmin AND a.topic <> ALL(%s)
            """,
            # Those stand alone, and take effect as they come: after an outage in any order.
            [stream.topic for stream in STREAMS if not stream.is_ordered],
        )


def conservation(whole: Whole, records: Sequence[Record]) -> Iterator[str]:
    """6: what was sent is what is in the topics; partitions have no holes; each consumer has all of its streams."""
    in_topics: dict[str, set[str]] = defaultdict(set)
    offsets: dict[tuple[str, int], list[int]] = defaultdict(list)
    for record in records:
        offsets[record.topic, record.partition].append(record.offset)
        if not record.topic.endswith(".quarantine"):
            in_topics[record.topic].add(str(record.envelope().event_id))
    for place, seen in offsets.items():
        if max(seen) - min(seen) + 1 != len(seen):
            yield f"6 holes in {place}"
    sent: dict[str, set[str]] = defaultdict(set)
    for service in SERVICES:
        for topic, event in whole.rows(service, "SELECT topic, event_id FROM outbox WHERE sent_at IS NOT NULL"):
            if not topic.endswith(".quarantine"):
                sent[topic].add(str(event))
    for topic in sent.keys() | in_topics.keys():
        if sent[topic] != in_topics[topic]:
            lost, strange = len(sent[topic] - in_topics[topic]), len(in_topics[topic] - sent[topic])
            yield f"6 {topic}: {lost} marked sent and not there, {strange} there and not marked sent"
    for service, topics in CONSUMED.items():
        for topic in topics:
            rows = whole.rows(service, "SELECT event_id FROM inbox WHERE topic = %s", topic)
            taken = {str(event) for (event,) in rows}
            if taken != sent[topic]:
                yield f"6 {service} has {len(taken)} of {len(sent[topic])} events of {topic}"


def _timeliness(whole: Whole, timely_s: float) -> Iterator[str]:
    """8: no deadline fired early, none later than promised, none is due and stands still."""
    for service in ("handover", "followup"):
        yield from _rows(
            whole,
            service,
            "8 fired early or late",
            """
            SELECT case_id, rule, due_at, fired_at FROM obligation
            WHERE state = 'FIRED' AND (fired_at < due_at OR fired_at > due_at + make_interval(secs => %s))
            """,
            timely_s,
        )


_ANYWHERE = frozenset({"ARRIVED", "ADMITTED", "HOME_RECORDED", "FOUND", "REASSIGNED", "OFFICE_ENDED"})
_MOVES: Mapping[str, frozenset[str]] = {
    "": frozenset({"REGISTERED"}),
    "REGISTERED": _ANYWHERE,
    **{cause: _ANYWHERE | {"REOPENED", "ARRIVAL_RETRACTED"} for cause in ("ARRIVED", "ADMITTED")},
    **{cause: _ANYWHERE | {"REOPENED"} for cause in (*_ANYWHERE - {"ARRIVED", "ADMITTED"}, "REOPENED")},
    "ARRIVAL_RETRACTED": _ANYWHERE | {"REOPENED"},
}
"""Which cause of custody may follow which; an end begins no segment."""


def legal_states(whole: Whole) -> Iterator[str]:
    """9: segments of custody follow one another without gap, by legal moves; an open case has one that is open."""
    before: dict[object, tuple[int, str, object]] = {}
    segments = "SELECT case_id, number, cause, started_at, ended_at FROM custody_segment ORDER BY case_id, number"
    for case, number, cause, started, ended in whole.rows("handover", segments):
        last_number, last_cause, last_end = before.get(case, (0, "", started))
        is_gap = started != last_end and cause != "REOPENED"
        if number != last_number + 1 or cause not in _MOVES[last_cause] or is_gap:
            yield f"9 {case}: segment {number} {cause} after {last_number} {last_cause}"
        before[case] = number, cause, ended
    yield from _rows(
        whole,
        "handover",
        "9 an open case without exactly one open segment, or an ended one with one",
        """
        SELECT c.case_id, c.phase, count(s.number) FROM custody c
        LEFT JOIN custody_segment s ON s.case_id = c.case_id AND s.ended_at IS NULL
        GROUP BY 1, 2 HAVING count(s.number) <> CASE WHEN c.phase IN ('CLOSED', 'WITHDRAWN') THEN 0 ELSE 1 END
        """,
    )


def unexpected_errors(whole: Whole, expected: Expected | None = None) -> list[str]:
    """10: lines of the level error or critical that no injected fault explains."""
    expected = expected or Expected()
    # The services start beside Kafka, not after it.
    starting = Fault("Kafka", 0.0, max(whole.ready_at_s, _all_hear_at_s(whole)))
    expected = replace(expected, faults=(starting, *expected.faults))
    return [
        f"10 {service}: {json.dumps(said)[:600]}"
        for service, said in log_lines(whole)
        if said.get("level") in ("error", "critical") and not expected.explains(service, said)
    ]


def _all_hear_at_s(whole: Whole) -> float:
    """When the last of the services had taken in its first event; 0 when none did."""
    first = "SELECT extract(epoch FROM min(received_at)) FROM inbox"
    found = [whole.rows(service, first)[0][0] for service in SERVICES]
    return max((float(at_s) for at_s in found if at_s is not None), default=0.0)


@contextmanager
def fault(faults: list[Fault], process: str) -> Iterator[None]:
    """What is done to a process inside of this is written down."""
    began_s = time.time()
    try:
        yield
    finally:
        faults.append(Fault(process, began_s, time.time()))


def _rows(whole: Whole, service: str, what: str, sql: str, *parameters: object) -> list[str]:
    return [f"{what}: {service} {row}" for row in whole.rows(service, sql, *parameters)]
