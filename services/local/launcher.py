"""Starts everything on one machine, keeps it running, stops it in order.

PostgreSQL and Kafka start side by side. The services start when their databases are ready; they do not wait for
Kafka, and Kafka's topics are made when it answers.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import grpc
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.calls.security import TokenIssuer, write_jwks
from services.chassis.events.kafka_admin import (
    KafkaAdminError,
    KafkaUnavailable,
    ensure_access,
    ensure_topics,
    topic_specs,
)
from services.chassis.kernel.texts import Texts
from services.chassis.telemetry.failpoint import VARIABLE as FAILPOINT
from services.client.files import write_file
from services.client.services import DATABASES, SERVICES
from services.client.state import LISTED_OFFICES_FILE
from services.client.tokens import TOKEN_ISSUER
from services.local.children import Child
from services.local.embedded import EmbeddedKafka, EmbeddedPostgres
from services.local.embedded.children import Running, spawn, stop_child
from services.local.embedded.errors import EngineNotReady
from services.local.embedded.ports import choose_port
from services.local.embedded.postgres import FOLDER
from services.local.fetching import Fetching
from services.local.preloaded import Preloaded
from services.operate.errors import SetUpError
from services.operate.home import Home
from services.operate.installation import given_kafka
from services.operate.kafka_access import MECHANISM, everybodys_access, login_of
from services.operate.provision import provision
from services.operate.state_dir import OwnerLock

# Limits for a machine that is ten times busier than it should be; what has died is noticed at once.
ENGINE_READY_S = 300.0
SERVICES_READY_S = 300.0
ENGINE_LOOK_S = 1.0
HEALTH_TIMEOUT_S = 1.0
CONSOLE = "console"
LOOK_S = 0.2
SERVICE_STOP_S = 5.0
KAFKA_STOP_S = 4.0
POSTGRES_STOP_S = 4.0
FAILPOINTS_FILE = "failpoints.json"
"""For tests: what to arm, by service, in HOMEWARD_FAILPOINT of its next start; that takes the entry out, because a
service that is started again after it is to recover. Read only when HOMEWARD_FAILPOINTS is set."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to start.

    Attributes:
        database_url: an administrator's address of an existing PostgreSQL; None starts the embedded one.
        kafka: bootstrap servers of an existing Kafka; None starts the embedded one.
        demonstration: business time may be moved in this state directory.
        tick_s: how often the services look at their deadlines.
        environment: more settings for the services.
        console: also serve the pages for browsers.
        preloaded: fork the services from one process that has loaded them, where this machine can.
    """

    database_url: str | None = None
    kafka: str | None = None
    demonstration: bool = False
    tick_s: float = 1.0
    environment: Mapping[str, str] = field(default_factory=dict)
    console: bool = True
    preloaded: bool = True


class NotReady(Exception):
    """Something did not become ready in time; the text says what, and where its log is."""


class StopAsked(Exception):
    """Somebody asked to stop before everything was ready."""


class Launcher:
    """One Homeward on one machine."""

    def __init__(self, home: Home, options: Options, t: Texts, say: Say) -> None:
        self.home = home
        self._options = options
        self._t = t
        self._say = say
        self._lock = OwnerLock(home.path / "launcher.lock")
        self._postgres = EmbeddedPostgres(home.path) if options.database_url is None else None
        self._kafka: EmbeddedKafka | None = None
        self._preloaded: Preloaded | None = None
        self._databases: Mapping[str, str] = {}
        self._ports: dict[str, dict[str, int]] = {}
        self._children: list[Child] = []
        self._stopping = threading.Event()
        self._topics_ready = False
        self._topics_attempt: threading.Thread | None = None
        self._topics_refusal = ""
        self._owns_home = False

    @property
    def kafka(self) -> str:
        """Bootstrap servers."""
        return self._options.kafka or f"127.0.0.1:{self._ports['kafka']['broker']}"

    @property
    def addresses(self) -> dict[str, str]:
        """gRPC address by service."""
        return {name: f"127.0.0.1:{self._ports[name]['grpc']}" for name in SERVICES}

    @property
    def console_address(self) -> str:
        """Where a browser finds the pages; empty when they are not served."""
        return f"http://127.0.0.1:{self._ports[CONSOLE]['http']}/" if self._options.console else ""

    @property
    def owns_home(self) -> bool:
        """Whether the state directory is this launcher's; another's is left alone."""
        return self._owns_home

    def start(self) -> None:
        """Start everything and return when all services are ready.

        Raises:
            SetUpError: an engine could not start; the text says why and what to do.
            NotReady: a service did not become ready.
            StopAsked: `request_stop` was called meanwhile.
        """
        self.home.create(demonstration=self._options.demonstration)
        self._lock.acquire()
        self._owns_home = True
        issuer = TokenIssuer.from_file(self.home.signing_key, TOKEN_ISSUER)
        write_jwks(self.home.token_keys, issuer.public_key, use_for="embedded")
        self._choose_ports()
        self._preload()
        with ThreadPoolExecutor(2) as pool:
            broker = pool.submit(self._start_kafka)
            database = pool.submit(self._start_postgres)
            database.result()
            self._go_on()
            self._start_services()
            broker.result()
        self._refill_kafka()
        self._wait_for_services()
        self._write_run()

    def watch(self) -> None:
        """Keep everything running until `request_stop`.

        Raises:
            StopAsked: that was while PostgreSQL came back.
        """
        while not self._stopping.is_set():
            for child in self._children:
                self._look_after(child)
            if not self._topics_ready:
                self._try_topics_aside()
            self._stopping.wait(LOOK_S)

    def request_stop(self) -> None:
        """Make `watch` return. Safe in a signal handler."""
        self._stopping.set()

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise StopAsked

    def _await_engine(self, engine: EmbeddedPostgres | EmbeddedKafka) -> None:
        end_s = time.monotonic() + ENGINE_READY_S
        while True:
            self._go_on()
            try:
                return engine.wait_ready(ENGINE_LOOK_S)
            except EngineNotReady as error:
                if time.monotonic() >= end_s:
                    raise EngineNotReady(**error.details | {"deadline_s": ENGINE_READY_S}) from error

    def is_stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Stop services, then Kafka and PostgreSQL. Takes at most ten seconds; loses nothing."""
        self._stopping.set()
        if not self._owns_home:
            return
        services = [c for c in self._children if c.name in DATABASES and c.process is not None]
        with ThreadPoolExecutor(len(services) + 2) as pool:
            list(pool.map(_stop_service, services))
            if self._kafka is not None:
                pool.submit(self._kafka.stop, KAFKA_STOP_S)
            if self._postgres is not None:
                pool.submit(self._postgres.stop, POSTGRES_STOP_S)
        if self._preloaded is not None:
            self._preloaded.stop()
        self.home.forget_run()
        self._lock.release()
        self._owns_home = False

    def _start_postgres(self) -> None:
        t = self._t
        admin_url = self._options.database_url
        if self._postgres is not None:
            began_s = time.monotonic()
            child = Child("PostgreSQL", self._postgres.start)
            child.launch()
            self._children.append(child)
            if moved_to := self._postgres.moved_to:
                self._say(
                    t(
                        "! PostgreSQL's user may not enter the state directory. The databases lie in {path}, and"
                        " {link} leads there.",
                        path=moved_to,
                        link=self.home.path / FOLDER,
                    )
                )
            self._await_engine(self._postgres)
            admin_url = self._postgres.admin_url
            self._done(t("PostgreSQL answers on port {port}", port=self._postgres.port), began_s)
        began_s = time.monotonic()
        self._provision(str(admin_url))
        self._done(t("Five databases ready, each with its own login"), began_s)

    def _provision(self, admin_url: str) -> None:
        keys = self.home.event_keys.all_private
        self._databases = provision(
            admin_url, self.home.passwords(), event_keys=keys, owns_server=self._postgres is not None
        )
        write_file(self.home.databases_file, json.dumps(dict(self._databases)))

    def _start_kafka(self) -> None:
        if self._kafka is None:
            self._try_topics_aside()
            return
        began_s = time.monotonic()
        fetching = Fetching(self._t, self._say, sys.stdout)

        def fetched(done: int, total: int) -> None:
            self._go_on()
            fetching(done, total)

        self._kafka.ensure_jars(fetched)
        child = Child("Kafka", self._kafka.start)
        child.launch()
        self._children.append(child)
        self._await_engine(self._kafka)
        self._try_topics()
        self._done(self._t("Kafka answers on {address}", address=self.kafka), began_s)

    def _refill_kafka(self) -> None:
        """A cluster of before logins were needed was made anew: everything is to be published again."""
        if self._kafka is None or not self._kafka.is_to_be_refilled:
            return
        for name in SERVICES:
            with psycopg.connect(self._databases[name]) as connection:
                connection.execute("UPDATE outbox SET sent_at = NULL WHERE sent_at IS NOT NULL")
        self._kafka.refilled()

    def _try_topics_aside(self) -> None:
        """Make the topics in a thread: while Kafka is away that takes long, and everything else must be watched."""
        if self._topics_attempt is None or not self._topics_attempt.is_alive():
            self._topics_attempt = threading.Thread(target=self._try_topics, name="homeward-topics", daemon=True)
            self._topics_attempt.start()

    def _try_topics(self) -> None:
        try:
            if self._kafka is None:
                ensure_topics(given_kafka(self.kafka, os.environ), topic_specs(embedded=False))
            else:
                ensure_access(self._kafka.settings, everybodys_access())
                ensure_topics(self._kafka.settings, topic_specs(embedded=True))
        except KafkaUnavailable:
            return
        except KafkaAdminError as error:
            if str(error) != self._topics_refusal:
                self._topics_refusal = str(error)
                self._say(f"! {error}")
            return
        self._topics_ready = True

    def _start_services(self) -> None:
        for name in SERVICES:
            child = Child(name, lambda name=name: self._run_service(name))  # type: ignore[misc]
            child.launch()
            self._children.append(child)

        if self._options.console:
            child = Child(CONSOLE, self._run_console)
            child.launch()
            self._children.append(child)

    def _choose_ports(self) -> None:
        """The ports of the last time where they are free, so that addresses stay; others where they are not."""
        file = self.home.path / "ports.json"
        last: dict[str, dict[str, int]] = json.loads(file.read_text()) if file.exists() else {}
        wanted = dict.fromkeys(SERVICES, ("grpc", "metrics")) | {"kafka": ("broker",), CONSOLE: ("http",)}
        taken: set[int] = set()
        for name, kinds in wanted.items():
            self._ports[name] = {}
            for kind in kinds:
                before = last.get(name, {}).get(kind)
                port = choose_port(None, before, name, exclude=frozenset(taken))
                if before is not None and port != before:
                    self._say(
                        self._t(
                            "! Port {before} of {name} is taken by another program; using {port}",
                            before=before,
                            name=name,
                            port=port,
                        )
                    )
                taken.add(port)
                self._ports[name][kind] = port
        write_file(file, json.dumps(self._ports, indent=2))
        if self._options.kafka is None:
            self._kafka = EmbeddedKafka(self.home.path, port=self._ports["kafka"]["broker"])

    def _preload(self) -> None:
        """While the engines start, what the services need is loaded."""
        if self._options.preloaded and Preloaded.is_possible:
            names = (*SERVICES, *((CONSOLE,) if self._options.console else ()))
            output = self.home.logs / "preloaded.start.log"
            modules = [f"services.{name}" for name in names]
            self._preloaded = Preloaded(modules, output=output, environment=self._python_environment())
            self._preloaded.start()

    def _run(self, name: str, environment: Mapping[str, str]) -> Running:
        module, output = f"services.{name}", self.home.logs / f"{name}.start.log"
        if self._preloaded is not None:
            return self._preloaded.fork(module, output=output, environment=environment)
        return spawn(
            [sys.executable, "-m", module],
            output=output,
            cwd=Path.cwd(),
            death_signal=signal.SIGTERM,
            environment={**self._python_environment(), **environment},
        )

    def _run_service(self, name: str) -> Running:
        return self._run(name, self._environment(name))

    def _run_console(self) -> Running:
        environment = self._common_environment(CONSOLE) | {
            "HOMEWARD_CONSOLE_PORT": str(self._ports[CONSOLE]["http"]),
            "HOMEWARD_DATABASE_URL": self._databases[CONSOLE],
            "HOMEWARD_CONSOLE_SECRET": str(self.home.console_secret),
            "HOMEWARD_SIGNING_KEY": str(self.home.signing_key),
            "HOMEWARD_LISTED_OFFICES": str(self.home.path / LISTED_OFFICES_FILE),
        }
        return self._run(CONSOLE, environment | _kept_settings())

    def _python_environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            **{f"HOMEWARD_{service.upper()}": address for service, address in self.addresses.items()},
            "PYTHONUNBUFFERED": "1",
            "HOME": str(self.home.path),
            # Faust's thread would otherwise get heaps of its own that never shrink.
            "MALLOC_ARENA_MAX": "2",
        }

    def _common_environment(self, name: str) -> dict[str, str]:
        environment = {
            "HOMEWARD_MODE": "embedded",
            "HOMEWARD_LOG_FILE": str(self.home.logs / f"{name}.log"),
        }
        if self.home.is_demonstration:
            environment["HOMEWARD_CLOCK_FILE"] = str(self.home.clock_file)
        return environment

    def _environment(self, name: str) -> dict[str, str]:
        environment = self._common_environment(name) | {
            "HOMEWARD_DATABASE_URL": self._databases[name],
            "HOMEWARD_KAFKA": self.kafka,
            "HOMEWARD_GRPC_PORT": str(self._ports[name]["grpc"]),
            "HOMEWARD_METRICS_PORT": str(self._ports[name]["metrics"]),
            "HOMEWARD_TOKEN_KEYS": str(self.home.token_keys),
            "HOMEWARD_TOKEN_ISSUER": TOKEN_ISSUER,
            "HOMEWARD_DIGEST_KEY": str(self.home.digest_key(name)),
            "HOMEWARD_EVENT_KEY": str(self.home.event_keys.private(name)),
            "HOMEWARD_EVENT_KEYS": str(self.home.event_keys.public),
            "HOMEWARD_INSTANCE": "1",
            **self._kafka_login(name),
            "HOMEWARD_TICK_S": str(self._options.tick_s),
        }
        if name == "intake":
            environment["HOMEWARD_KEK"] = str(self.home.kek)
            environment["HOMEWARD_NUMBER_KEY"] = str(self.home.number_key)
        if name == "followup":
            environment["HOMEWARD_KEK"] = str(self.home.care_kek)
        if armed := self._take_failpoint(name):
            environment[FAILPOINT] = armed
        return {**environment, **_kept_settings(), **self._options.environment}

    def _kafka_login(self, name: str) -> dict[str, str]:
        """The service's own in the embedded Kafka; in another one the login that this process was given."""
        if self._kafka is None:
            return {key: value for key, value in os.environ.items() if key.startswith("HOMEWARD_KAFKA_")}
        return {
            "HOMEWARD_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "HOMEWARD_KAFKA_SASL_MECHANISM": MECHANISM,
            "HOMEWARD_KAFKA_SASL_USERNAME": login_of(name),
            "HOMEWARD_KAFKA_SASL_PASSWORD": self._kafka.passwords()[name],
        }

    def _take_failpoint(self, name: str) -> str | None:
        file = self.home.path / FAILPOINTS_FILE
        if "HOMEWARD_FAILPOINTS" not in os.environ or not file.exists():
            return None
        failpoints: dict[str, str] = json.loads(file.read_text())
        armed = failpoints.pop(name, None)
        write_file(file, json.dumps(failpoints))
        return armed

    def _wait_for_services(self) -> None:
        began_s = time.monotonic()
        waiting, console = dict(self.addresses), self.console_address
        while waiting or console:
            self._go_on()
            for name in [name for name, address in waiting.items() if is_serving(address)]:
                del waiting[name]
                self._done(self._t("{service} is ready", service=name), began_s)
            if console and shows_pages(console):
                console = ""
                self._done(self._t("The pages for browsers are ready"), began_s)
            for child in self._children:
                self._look_after(child)
            if (waiting or console) and time.monotonic() - began_s > SERVICES_READY_S:
                raise NotReady(
                    self._t(
                        "not ready after {seconds} s: {names}. Read {logs}",
                        seconds=int(time.monotonic() - began_s),
                        names=", ".join([*waiting, *([CONSOLE] if console else [])]),
                        logs=self.home.logs,
                    )
                )
            self._stopping.wait(LOOK_S)

    def _look_after(self, child: Child) -> None:
        status = child.notice_death()
        if status is not None and not self._stopping.is_set():
            self._say(
                self._t(
                    "! {name} ended ({status}); starting it again in {seconds} s. Nothing accepted is lost.",
                    name=child.name,
                    status=_status(status),
                    seconds=f"{child.delay_s / 2:.1f}",
                )
            )
        if child.is_due():
            self._restart(child)

    def _restart(self, child: Child) -> None:
        try:
            child.launch()
        except SetUpError as error:
            self._say(f"! {child.name}: {error}")
            child.restart_at_s = time.monotonic() + child.delay_s
            return
        self._say(self._t("✓ {name} was started again", name=child.name))
        if child.name == "PostgreSQL" and self._postgres is not None:
            try:
                self._follow_postgres(self._postgres)
            except (SetUpError, psycopg.Error) as error:
                # It died again meanwhile, or is still recovering: the next look sees to it.
                self._say(f"! {child.name}: {type(error).__name__}")
        if child.name == "Kafka":
            self._topics_ready = False
        self._write_run()

    def _follow_postgres(self, postgres: EmbeddedPostgres) -> None:
        """After a restart on another port the services must learn the new address."""
        before = dict(self._databases)
        self._await_engine(postgres)
        self._provision(postgres.admin_url)
        if dict(self._databases) != before:
            for child in self._children:
                if child.name in DATABASES and child.process is not None:
                    child.process.terminate()

    def _write_run(self) -> None:
        services = {
            name: {
                "grpc": address,
                "metrics": f"http://127.0.0.1:{self._ports[name]['metrics']}/metrics",
            }
            for name, address in self.addresses.items()
        }
        pids = {c.name: c.process.pid for c in self._children if c.process is not None}
        self.home.write_run(
            {
                "launcher_pid": os.getpid(),
                "services": services,
                "kafka": self.kafka,
                "console": self.console_address,
                "pids": pids,
                "demonstration": self.home.is_demonstration,
            }
        )

    def _done(self, text: str, began_s: float) -> None:
        self._say(f"✓ {text} ({time.monotonic() - began_s:.1f} s)")


def is_serving(address: str) -> bool:
    """Whether the service at this address says that it serves."""
    with grpc.insecure_channel(address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(), timeout=HEALTH_TIMEOUT_S
            )
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def shows_pages(address: str) -> bool:
    """Whether the console at this address answers browsers."""
    try:
        with urlopen(f"{address}alive", timeout=HEALTH_TIMEOUT_S) as answer:  # noqa: S310 - our own, by http
            return bool(answer.status == 200)
    except OSError:
        return False


def _kept_settings() -> dict[str, str]:
    """Of this process, those that its children need, too."""
    kept = ("HOMEWARD_OFFICES_FILE", "HOMEWARD_LOG_LEVEL")
    return {key: value for key, value in os.environ.items() if key in kept}


def _stop_service(child: Child) -> None:
    if child.process is not None:
        stop_child(child.process, [(signal.SIGTERM, SERVICE_STOP_S)])


def _status(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else str(code)
