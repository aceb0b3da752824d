"""The operator's side of Kafka: topics, groups and lag, with kafka-python's admin client."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.chassis.events.streams import PARTITION_COUNT, STREAMS

# kafka-python is imported where it is used: every service needs the settings below, and only
# operators need the client, which would cost each service 19 MB and a quarter of its start.

DEFAULT_TIMEOUT_S = 10.0
REPLICATION = 3
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_RETRY_INTERVAL_S = 0.1
# Another process may have created the topic between our look and our request.
_TOPIC_ALREADY_EXISTS = 36

_Result = TypeVar("_Result")


class KafkaAdminError(Exception):
    """Kafka did not do what was asked of it."""

    def __init__(self, **details: object) -> None:
        """Fill ``details`` into the class's sentence."""
        sentence = " ".join((type(self).__doc__ or type(self).__name__).split())
        super().__init__(sentence.format(**details))
        self.details = details


class KafkaUnavailable(KafkaAdminError):
    """Kafka at {bootstrap} did not answer within {timeout_s} seconds ({reason})."""


class KafkaRefused(KafkaAdminError):
    """Kafka at {bootstrap} refused the request ({reason})."""


class TopicNotCreated(KafkaAdminError):
    """Kafka did not create the topic {topic} ({reason})."""


class GroupNotDeleted(KafkaAdminError):
    """Kafka did not delete the consumer group {group} ({reason}). Members that are still running
    must be stopped first."""


class GroupUnreadable(KafkaAdminError):
    """Kafka did not describe the consumer group {group} ({reason})."""


class LoginNotMade(KafkaAdminError):
    """Kafka did not make the login {login} ({reason})."""


class AccessNotGiven(KafkaAdminError):
    """Kafka did not give {login} access to {resource} ({reason})."""


@dataclass(frozen=True)
class KafkaSettings:
    """How to reach a Kafka cluster; the same for both client libraries.

    ``bootstrap`` is a comma-separated list of host:port; the rest as Kafka's own settings of
    those names. ValueError when it leads beyond this machine without TLS.
    """

    bootstrap: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None

    def __post_init__(self) -> None:
        """Whoever listens on the way would read passwords' proofs and events, and could answer in a broker's name."""
        beyond = [server for server in self.servers if server.rpartition(":")[0].strip("[]") not in LOOPBACK]
        if beyond and not self._uses_tls:
            raise ValueError(f"Kafka at {beyond[0]} is reached by SASL_SSL or SSL only, not {self.security_protocol}")

    @property
    def servers(self) -> list[str]:
        """The single host:port entries of ``bootstrap``."""
        return [server.strip() for server in self.bootstrap.split(",") if server.strip()]

    def kafka_python_arguments(self) -> dict[str, Any]:
        """Return keyword arguments for kafka-python's clients."""
        arguments = self._shared_arguments()
        if self._uses_tls:
            files = {
                "ssl_cafile": self.ssl_cafile,
                "ssl_certfile": self.ssl_certfile,
                "ssl_keyfile": self.ssl_keyfile,
            }
            arguments |= {name: value for name, value in files.items() if value is not None}
        return arguments

    def aiokafka_arguments(self) -> dict[str, Any]:
        """Return keyword arguments for aiokafka's clients.

        Raises:
            OSError: a certificate or key file cannot be read.
        """
        arguments = self._shared_arguments()
        if self._uses_tls:
            arguments["ssl_context"] = self._ssl_context()
        return arguments

    @property
    def _uses_tls(self) -> bool:
        return self.security_protocol in ("SSL", "SASL_SSL")

    def _shared_arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol.startswith("SASL_"):
            arguments |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password,
            }
        return arguments

    def _ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ssl_cafile)
        if self.ssl_certfile is not None:
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile)
        return context


@dataclass(frozen=True)
class Access:
    """What a login may do.

    Attributes:
        resource: TOPIC, GROUP or CLUSTER.
        name: of the topic or group; with `is_prefix` of all whose names begin so.
        operations: as Kafka names them.
    """

    login: str
    resource: str
    name: str
    operations: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class TopicSpec:
    """A topic as it should be; records are kept for ever unless ``retention_ms`` says less."""

    name: str
    partitions: int
    replication: int = 1
    min_insync_replicas: int = 1
    retention_ms: int = -1


def topic_specs(*, embedded: bool) -> list[TopicSpec]:
    """The topics as they should be: single on the embedded node; elsewhere with copies, of which one may be away.

    HOMEWARD_KAFKA_REPLICATION says how many copies, for a cluster with fewer brokers than usual.
    """
    replication = 1 if embedded else int(os.environ.get("HOMEWARD_KAFKA_REPLICATION", REPLICATION))
    in_sync = max(1, replication - 1)
    specs = []
    for stream in STREAMS:
        specs.append(TopicSpec(stream.topic, PARTITION_COUNT, replication, in_sync))
        specs.append(TopicSpec(stream.quarantine_topic, 1, replication, in_sync))
    return specs


def ensure_topics(
    settings: KafkaSettings | str,
    specs: Iterable[TopicSpec],
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> list[str]:
    """Create the topics that are missing, wait until each has a leader, and return their names.

    Topics that exist are left as they are: changing the number of partitions would send a key to
    another partition and break its order. Any number of processes may do this at once.

    Raises:
        TopicNotCreated: Kafka refused one.
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """
    wanted = {spec.name: spec for spec in specs}

    def work(admin: Any) -> list[str]:
        existing = set(admin.list_topics())
        missing = {name: _creation(spec) for name, spec in wanted.items() if name not in existing}
        created: list[str] = []
        if missing:
            created += _created(admin.create_topics(missing, raise_errors=False)["topics"])
        admin.wait_for_topics(list(wanted), timeout_ms=int(timeout_s * 1000))
        return created

    return _perform(settings, timeout_s, work)


def ensure_logins(
    settings: KafkaSettings, passwords: Mapping[str, str], *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Make SCRAM-SHA-512 logins with these passwords; an existing one gets its password.

    Raises:
        LoginNotMade: Kafka refused one.
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """
    from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

    wanted = [
        UserScramCredentialUpsertion(login, ScramMechanism.SCRAM_SHA_512, password=password.encode())
        for login, password in passwords.items()
    ]
    outcomes = _perform(settings, timeout_s, lambda admin: admin.alter_user_scram_credentials(wanted))
    for login, error in outcomes.items():
        if error is not None:
            raise LoginNotMade(login=login, reason=error)


def ensure_access(settings: KafkaSettings, wanted: Iterable[Access], *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Give logins this access; what they have already stays.

    Raises:
        AccessNotGiven: Kafka refused one.
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """
    entries = [entry for one in wanted for entry in _entries(one)]
    outcome = _perform(settings, timeout_s, lambda admin: admin.create_acls(entries))
    for entry, error in outcome["failed"]:
        raise AccessNotGiven(login=entry.principal, resource=entry.resource_pattern.resource_name, reason=error)


def _entries(access: Access) -> Iterator[Any]:
    from kafka.admin import (
        ACL,
        ACLOperation,
        ACLPermissionType,
        ACLResourcePatternType,
        ResourcePattern,
        ResourceType,
    )

    kind = ACLResourcePatternType.PREFIXED if access.is_prefix else ACLResourcePatternType.LITERAL
    pattern = ResourcePattern(ResourceType[access.resource], access.name, kind)
    for operation in access.operations:
        yield ACL(f"User:{access.login}", "*", ACLOperation[operation], ACLPermissionType.ALLOW, pattern)


def list_topics(settings: KafkaSettings | str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> dict[str, int]:
    """Return the number of partitions of each topic, without Kafka's own topics.

    Raises:
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """

    def work(admin: Any) -> dict[str, int]:
        return {
            topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics() if not topic.get("is_internal")
        }

    return _perform(settings, timeout_s, work)


def delete_groups(
    settings: KafkaSettings | str, groups: Iterable[str], *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> list[str]:
    """Delete consumer groups with their offsets; return those that existed.

    Raises:
        GroupNotDeleted: Kafka refused one, for instance because it has members.
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """
    wanted = list(groups)
    if not wanted:
        return []
    results: dict[str, str] = _perform(settings, timeout_s, lambda admin: admin.delete_groups(wanted))
    for group, result in results.items():
        if result not in ("OK", "GroupIdNotFoundError"):
            raise GroupNotDeleted(group=group, reason=result)
    return [group for group, result in results.items() if result == "OK"]


def group_members(settings: KafkaSettings | str, group: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> int:
    """Return how many members a consumer group has now; 0 for a group that isn't there.

    Raises:
        GroupUnreadable: Kafka answered with an error.
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """
    described = _perform(settings, timeout_s, lambda admin: admin.describe_groups([group]))[group]
    error = described.get("error")
    if error and "GroupIdNotFound" not in error:
        raise GroupUnreadable(group=group, reason=error)
    return len(described.get("members") or [])


def consumer_lag(
    settings: KafkaSettings | str, group: str, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> dict[tuple[str, int], int]:
    """Return for each (topic, partition) with a committed offset how many records lie after it.

    Raises:
        KafkaUnavailable: no useful answer within ``timeout_s`` seconds.
        KafkaRefused: Kafka said no.
    """

    from kafka.admin import OffsetSpec

    def work(admin: Any) -> dict[tuple[str, int], int]:
        committed = {
            place: entry.offset for place, entry in admin.list_group_offsets(group)[group].items() if entry.offset >= 0
        }
        known = _partitions(admin)
        # A deleted topic's offsets stay with the group for a while.
        places = [place for place in committed if place in known]
        if not places:
            return {}
        ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
        return {(place.topic, place.partition): max(0, ends[place].offset - committed[place]) for place in places}

    return _perform(settings, timeout_s, work)


def cluster_is_ready(settings: KafkaSettings | str, *, timeout_s: float) -> bool:
    """Tell whether a cluster answers with a controller and at least one broker that serves."""
    try:
        cluster = _perform(settings, timeout_s, lambda admin: admin.describe_cluster())
    except KafkaAdminError:
        return False
    serving = [broker for broker in cluster["brokers"] if not broker.get("is_fenced")]
    return bool(serving) and bool(cluster["controller_id"] >= 0)


def _partitions(admin: Any) -> set[Any]:
    from kafka import TopicPartition

    return {
        TopicPartition(topic["name"], partition["partition_index"])
        for topic in admin.describe_topics()
        for partition in topic["partitions"]
    }


def _creation(spec: TopicSpec) -> dict[str, Any]:
    return {
        "num_partitions": spec.partitions,
        "replication_factor": spec.replication,
        "configs": {
            "min.insync.replicas": str(spec.min_insync_replicas),
            "retention.ms": str(spec.retention_ms),
        },
    }


def _created(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    for answer in answers:
        if answer["error_code"] == 0:
            yield answer["name"]
        elif answer["error_code"] != _TOPIC_ALREADY_EXISTS:
            reason = answer.get("error_message") or f"error {answer['error_code']}"
            raise TopicNotCreated(topic=answer["name"], reason=reason)


def _perform(settings: KafkaSettings | str, timeout_s: float, work: Callable[[Any], _Result]) -> _Result:
    """Open a client for one errand, because a long-lived one may not recover from an outage.

    Errors that pass are tried again until the time is over: a fresh cluster, for one, first has
    to create the topic in which it keeps its groups.
    """
    from kafka.errors import KafkaError

    if isinstance(settings, str):
        settings = KafkaSettings(settings)
    end = time.monotonic() + timeout_s
    _wait_for_a_server(settings, timeout_s)
    try:
        with _opened(settings, timeout_s) as admin:
            while True:
                try:
                    return work(admin)
                except KafkaError as error:
                    if not error.retriable or time.monotonic() >= end:
                        raise
                time.sleep(_RETRY_INTERVAL_S)
    except KafkaError as error:
        raise _translated(settings, timeout_s, error) from error


def _wait_for_a_server(settings: KafkaSettings, timeout_s: float) -> None:
    """Return once one of the servers takes connections.

    The library would write five lines and lose a socket for each that is refused.
    """
    end = time.monotonic() + timeout_s
    while True:
        reason = "no address was given"
        for server in settings.servers:
            host, _, port = server.rpartition(":")
            try:
                socket.create_connection((host.strip("[]"), int(port)), timeout_s).close()
                return
            except (OSError, ValueError) as error:
                reason = f"{server}: {error}"
        if time.monotonic() >= end:
            raise KafkaUnavailable(bootstrap=settings.bootstrap, timeout_s=timeout_s, reason=reason)
        time.sleep(_RETRY_INTERVAL_S)


def _opened(settings: KafkaSettings, timeout_s: float) -> Any:
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    timeout_ms = int(timeout_s * 1000)
    # Made in two steps, to have something to close when the second fails: the library would leave
    # a thread behind for each failed attempt.
    client = KafkaAdminClient.__new__(KafkaAdminClient)
    try:
        client.__init__(
            **settings.kafka_python_arguments(),
            client_id="homeward-admin",
            bootstrap_timeout_ms=timeout_ms,
            request_timeout_ms=timeout_ms,
        )
    except KafkaError:
        if hasattr(client, "_net"):
            client._closed = False
            client.close()
        raise
    return client


def _translated(settings: KafkaSettings, timeout_s: float, error: Exception) -> KafkaUnavailable | KafkaRefused:
    from kafka.errors import BrokerResponseError

    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, BrokerResponseError) and not error.retriable:
        return KafkaRefused(bootstrap=settings.bootstrap, reason=reason)
    return KafkaUnavailable(bootstrap=settings.bootstrap, timeout_s=timeout_s, reason=reason)
